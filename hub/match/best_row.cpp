#include "hub/match/best_row.hpp"

#include <array>

namespace sendhub::match {
namespace {

// Fields of person and the table they come from. The name fields are taken from one record, ordered as
// `surname`.
struct BestField {
    std::string_view name;
    std::string_view ordered_as;
    bool from_address;
};
constexpr std::array<BestField, 12> fields = {{{"surname", "surname", false},
                                               {"forename", "surname", false},
                                               {"middle_names", "surname", false},
                                               {"preferred_surname", "surname", false},
                                               {"preferred_forename", "surname", false},
                                               {"former_surname", "surname", false},
                                               {"birth_date", "birth_date", false},
                                               {"sex", "sex", false},
                                               {"ethnicity_code", "ethnicity_code", false},
                                               {"first_language", "first_language", false},
                                               {"postcode", "postcode", true},
                                               {"uprn", "postcode", true}}};
constexpr std::array<std::string_view, 6> orders = {"surname",        "birth_date",     "sex",
                                                    "ethnicity_code", "first_language", "postcode"};

Status write_attribute_events(duck::Connection& store, std::string_view run_id, Micros now) {
    std::string names, differs;
    for (const BestField& f : fields) {
        const std::string name(f.name), changed = "n." + name + " is distinct from o." + name;
        names += (names.empty() ? "" : ", ") + ("case when " + changed + " then '\"" + name + "\"' end");
        differs += (differs.empty() ? "" : " or ") + changed;
    }
    return store.run(
        "insert into person_event (event_id, happened_at, event_type, person_key, reason, run_id, actor, "
        "detail) "
        "select (select coalesce(max(event_id), 0) from (select event_id from person_event union all select "
        "event_id "
        "from sealed_event) every) + row_number() over (order by n.person_key), ?::timestamptz, 'ATTRIBUTE', "
        "n.person_key, 'the feeds say otherwise', nullif(?::varchar, ''), 'the feeds', '{\"fields\":[' || "
        "concat_ws(',', " +
            names + ") || ']}' from best_person n join person o on o.person_key = n.person_key where " +
            differs,
        {duck::Timestamp{now}, run_id});
}

}  // namespace

Status write_best_rows(duck::Connection& store, const MatchSettings& settings, std::string_view run_id,
                       Micros now) {
    // rank of each feed for each order; a feed that is not named comes after those that are
    SENDHUB_TRY(
        store.run("create or replace temp table feed_rank (ordered_as VARCHAR, feed VARCHAR, rank BIGINT)"));
    SENDHUB_ASSIGN(auto ranks, duck::Appender::open(store, "feed_rank"));
    for (const auto order : orders) {
        const auto own = settings.precedence_of.find(std::string(order));
        const auto& feeds = own == settings.precedence_of.end() ? settings.precedence : own->second;
        std::int64_t rank = 0;
        for (const auto& feed : feeds) {
            ranks.add(order).add(std::string_view(feed)).add(rank++);
            SENDHUB_TRY(ranks.end_row());
        }
    }
    SENDHUB_TRY(ranks.flush());
    std::string insert_columns;
    for (const BestField& f : fields) insert_columns += ", " + std::string(f.name);
    auto ranked = [](std::string_view table) {
        std::string sql = "select l.person_key, t.*";
        for (const auto order : orders)
            sql +=
                ", row_number() over (partition by l.person_key order by coalesce((select min(rank) from "
                "feed_rank r where r.feed = t.feed and r.ordered_as = '" +
                std::string(order) + "'), 1000), t.valid_from desc, t.feed, t.source_key) as rank_" +
                std::string(order);
        return sql + " from " + std::string(table) +
               " t join person_link l on l.feed = t.feed and l.person_ref = t.person_ref";
    };
    // The record and address sides are reduced on their own, then joined: no product of records and
    // addresses.
    std::string record_columns, address_columns, final_columns, json;
    for (const BestField& f : fields) {
        const std::string name(f.name);
        const std::string rank = "rank_" + std::string(f.ordered_as);
        const std::string filter = f.ordered_as == "surname" ? "surname is not null" : name + " is not null";
        std::string& side = f.from_address ? address_columns : record_columns;
        // arg_min passes over a null value, so the name parts are taken through a one-element list, which is
        // never null
        side += f.ordered_as == "surname"
                    ? ", (arg_min([" + name + "], " + rank + ") filter (where " + filter + "))[1] as " + name
                    : ", arg_min(" + name + ", " + rank + ") filter (where " + filter + ") as " + name;
        side += ", arg_min(feed, " + rank + ") filter (where " + filter + ") as src_" + name;
        final_columns += ", " + std::string(f.from_address ? "a." : "p.") + name;
        if (!json.empty()) json += ", ";
        json += "case when " + std::string(f.from_address ? "a." : "p.") + name +
                " is null then null else '\"" + name + "\":\"' || " +
                std::string(f.from_address ? "a." : "p.") + "src_" + name + " || '\"' end";
    }
    SENDHUB_TRY(
        store.run("create or replace temp table best_record as select person_key, count(*) as record_count" +
                  record_columns + " from (" + ranked("person_record") + ") group by person_key"));
    SENDHUB_TRY(store.run("create or replace temp table best_address as select person_key" + address_columns +
                          " from (" + ranked("address") + ") group by person_key"));
    SENDHUB_TRY(store.run("create or replace temp table best_person as select p.person_key" + final_columns +
                          ", '{' || concat_ws(',', " + json +
                          ") || '}' as attribute_sources, p.record_count "
                          "from best_record p left join best_address a on a.person_key = p.person_key"));
    std::string same = "n.record_count = o.record_count and n.attribute_sources = o.attribute_sources";
    for (const BestField& f : fields)
        same += " and n." + std::string(f.name) + " is not distinct from o." + std::string(f.name);
    SENDHUB_TRY(write_attribute_events(store, run_id, now));
    SENDHUB_TRY(
        store.run("create or replace temp table old_created as select person_key, created_at from person"));
    SENDHUB_TRY(
        store.run("delete from person o where not exists (select 1 from best_person n where n.person_key = "
                  "o.person_key and " +
                  same + ")"));
    return store.run(
        "insert into person (person_key" + insert_columns +
            ", attribute_sources, record_count, created_at, updated_at) select n.person_key" +
            [&] {
                std::string s;
                for (const BestField& f : fields) s += ", n." + std::string(f.name);
                return s;
            }() +
            ", n.attribute_sources, n.record_count, coalesce(c.created_at, ?::timestamptz), ?::timestamptz "
            "from best_person n left join old_created c on c.person_key = n.person_key "
            "where not exists (select 1 from person o where o.person_key = n.person_key)",
        {duck::Timestamp{now}, duck::Timestamp{now}});
}

}  // namespace sendhub::match
