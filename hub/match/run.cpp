#include "hub/match/run.hpp"

#include <algorithm>
#include <unordered_map>

#include "hub/match/best_row.hpp"
#include "hub/match/engine.hpp"
#include "hub/match/person_ids.hpp"

namespace sendhub::match {
namespace {

struct Loaded {
    Records records;
    std::vector<std::string> feed, person_ref, before;
};

// Every current person_record, in ascending order of (feed, person_ref), with one postcode and its valid
// identifiers.
Result<Loaded> load(duck::Connection& store) {
    Loaded in;
    std::unordered_map<std::string, std::uint16_t> sources;
    SENDHUB_ASSIGN(
        duck::Rows rows,
        store.query("select p.feed, p.person_ref, p.surname, p.forename, p.preferred_surname, "
                    "p.preferred_forename, p.former_surname, p.birth_date, a.postcode, l.person_key "
                    "from person_record p "
                    "left join (select feed, person_ref, arg_min(postcode, source_key) as postcode from "
                    "address where postcode is not null group by all) a "
                    "  on a.feed = p.feed and a.person_ref = p.person_ref "
                    "left join person_link l on l.feed = p.feed and l.person_ref = p.person_ref "
                    "order by p.feed, p.person_ref"));
    std::string key;
    while (rows.next()) {
        Records& r = in.records;
        r.source.push_back(
            sources.emplace(rows.text(0), static_cast<std::uint16_t>(sources.size())).first->second);
        in.feed.emplace_back(rows.text(0));
        in.person_ref.emplace_back(rows.text(1));
        key.assign(rows.text(0)).append("\x1f").append(rows.text(1));
        r.key.push(key);
        r.surname.push(rows.text(2));
        r.forename.push(rows.text(3));
        r.known_surname.push(rows.text(4));
        r.known_forename.push(rows.text(5));
        r.former_surname.push(rows.text(6));
        r.birth_date.push_back(rows.is_null(7) ? no_date : rows.date(7).days);
        r.postcode.push(rows.text(8));
        in.before.emplace_back(rows.text(9));
    }
    std::unordered_map<std::string_view, std::uint32_t> number_of;
    number_of.reserve(in.records.size());
    for (std::uint32_t i = 0; i < in.records.size(); ++i)
        if (!number_of.emplace(in.records.key[i], i).second)
            return fail(ErrorCode::input, "feed " + in.feed[i] +
                                              " holds two person_record rows for one child; its connector "
                                              "must give one row a person_ref");
    SENDHUB_ASSIGN(duck::Rows ids,
                   store.query("select feed, person_ref, id_type, id_value from person_identifier "
                               "where id_state = 'valid' and id_type in ('UPN', 'FORMER_UPN', 'NHS_NUMBER', "
                               "'ULN') order by feed, person_ref, id_type, id_value"));
    struct Found {
        std::uint32_t record;
        IdKind kind;
        std::string value;
    };
    std::vector<Found> found;
    while (ids.next()) {
        key.assign(ids.text(0)).append("\x1f").append(ids.text(1));
        const auto it = number_of.find(key);
        if (it == number_of.end()) continue;  // its person_record was rejected: the identifier waits for it
        const std::string_view type = ids.text(2);
        const IdKind kind = type == "UPN"          ? IdKind::upn
                            : type == "FORMER_UPN" ? IdKind::former_upn
                            : type == "ULN"        ? IdKind::uln
                                                   : IdKind::nhs_number;
        found.push_back({it->second, kind, std::string(ids.text(3))});
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const Found& x, const Found& y) { return x.record < y.record; });
    for (const Found& f : found) {
        in.records.identifiers.push_back({f.record, f.kind});
        in.records.identifier_values.push(f.value);
    }
    return in;
}

constexpr std::string_view method_name(Method method) {
    return method == Method::exact ? "exact" : method == Method::deterministic ? "deterministic" : "none";
}

Status write_links(duck::Connection& store, const Loaded& in, const Resolution& resolution,
                   const Assignment& assigned, std::string_view run_id, Micros now) {
    SENDHUB_TRY(
        store.run("create or replace temp table new_link (feed VARCHAR, person_ref VARCHAR, person_key "
                  "VARCHAR, match_method VARCHAR, match_rule VARCHAR)"));
    {
        SENDHUB_ASSIGN(duck::Appender appender, duck::Appender::open(store, "new_link"));
        for (std::size_t i = 0; i < in.feed.size(); ++i) {
            appender.add(std::string_view(in.feed[i]))
                .add(std::string_view(in.person_ref[i]))
                .add(std::string_view(assigned.person[i]))
                .add(method_name(resolution.method[i]));
            if (resolution.method[i] == Method::none)
                appender.add(duck::Null{});
            else
                appender.add(std::string_view(resolution.rule[i]));
            SENDHUB_TRY(appender.end_row());
        }
        SENDHUB_TRY(appender.flush());
    }
    // A link that stays as it is keeps its time and run.
    SENDHUB_TRY(
        store.run("delete from person_link l where not exists (select 1 from new_link n where n.feed = "
                  "l.feed and n.person_ref = l.person_ref and n.person_key = l.person_key "
                  "and n.match_method = l.match_method and n.match_rule is not distinct from l.match_rule)"));
    return store.run(
        "insert into person_link (feed, person_ref, person_key, match_method, match_rule, match_score, "
        "link_state, reviewed_by, reviewed_at, linked_at, run_id) "
        "select feed, person_ref, person_key, match_method, match_rule, null, 'auto', null, null, "
        "?::timestamptz, ?::varchar from new_link n "
        "where not exists (select 1 from person_link l where l.feed = n.feed and l.person_ref = "
        "n.person_ref)",
        {duck::Timestamp{now}, run_id});
}

Status write_events(duck::Connection& store, const Loaded& in, const Assignment& assigned,
                    std::string_view run_id, Micros now) {
    SENDHUB_ASSIGN(const std::int64_t last,
                   store.count("select coalesce(max(event_id), 0) from person_event"));
    SENDHUB_ASSIGN(duck::Appender appender, duck::Appender::open(store, "person_event"));
    std::int64_t number = last;
    for (const Event& event : assigned.events) {
        appender.add(++number)
            .add(duck::Timestamp{now})
            .add(to_string(event.type))
            .add(std::string_view(event.person));
        if (event.other.empty())
            appender.add(duck::Null{});
        else
            appender.add(std::string_view(event.other));
        if (event.record == ~0u)
            appender.add(duck::Null{}).add(duck::Null{});
        else
            appender.add(std::string_view(in.feed[event.record]))
                .add(std::string_view(in.person_ref[event.record]));
        appender.add(std::string_view("matching")).add(run_id);
        SENDHUB_TRY(appender.end_row());
    }
    return appender.flush();
}

Status write_pending(duck::Connection& store, const Loaded& in, const Resolution& resolution,
                     std::string_view run_id, Micros now) {
    SENDHUB_TRY(store.run("create or replace temp table new_pending as select * from match_pending limit 0"));
    {
        SENDHUB_ASSIGN(duck::Appender appender, duck::Appender::open(store, "new_pending"));
        for (const Pending& p : resolution.pending) {
            appender.add(std::string_view(in.feed[p.a]))
                .add(std::string_view(in.person_ref[p.a]))
                .add(std::string_view(in.feed[p.b]))
                .add(std::string_view(in.person_ref[p.b]));
            appender.add(std::string_view(p.rule))
                .add(std::string_view(p.veto))
                .add(duck::Timestamp{now})
                .add(run_id);
            SENDHUB_TRY(appender.end_row());
        }
        SENDHUB_TRY(appender.flush());
    }
    constexpr std::string_view same =
        "x.feed_a = y.feed_a and x.person_ref_a = y.person_ref_a and x.feed_b = y.feed_b and x.person_ref_b "
        "= y.person_ref_b and x.rule = y.rule and x.veto = y.veto";
    SENDHUB_TRY(store.run("delete from match_pending x where not exists (select 1 from new_pending y where " +
                          std::string(same) + ")"));
    return store.run(
        "insert into match_pending select distinct * from new_pending x where not exists (select 1 from "
        "match_pending y where " +
        std::string(same) + ")");
}

}  // namespace

Result<MatchOutcome> run_matching(duck::Connection& store, const MatchSettings& settings,
                                  std::string_view run_id, Micros now) {
    SENDHUB_ASSIGN(duck::Rows secret_row,
                   store.query("select value from hub_secret where name = 'person_id'"));
    if (!secret_row.next())
        return fail(ErrorCode::bug, "the store has no secret for person ids; it was not opened by this hub");
    const std::string secret(secret_row.text(0));

    SENDHUB_ASSIGN(Loaded in, load(store));
    const Resolution resolution = resolve(in.records);

    SENDHUB_ASSIGN(const std::int64_t first_number,
                   store.count("select coalesce(max(next), 1) from sequence where name = 'person_id'"));
    std::int64_t number = first_number;
    std::unordered_map<std::string, std::uint64_t> ages;  // id → number of its CREATE event
    {
        SENDHUB_ASSIGN(duck::Rows rows, store.query("select person_key, min(event_id) from person_event "
                                                    "where event_type in ('CREATE', 'SPLIT') group by 1"));
        while (rows.next()) ages.emplace(rows.text(0), static_cast<std::uint64_t>(rows.integer(1)));
    }
    const Assignment assigned = assign_person_ids(
        resolution.cluster, in.before,
        [&](std::string_view id) {
            const auto it = ages.find(std::string(id));
            return it == ages.end() ? ~std::uint64_t{0} : it->second;
        },
        [&] { return make_person_id(secret, static_cast<std::uint64_t>(number++)); });

    SENDHUB_ASSIGN(duck::Transaction transaction, duck::Transaction::begin(store));
    SENDHUB_TRY(write_links(store, in, resolution, assigned, run_id, now));
    SENDHUB_TRY(write_events(store, in, assigned, run_id, now));
    SENDHUB_TRY(write_pending(store, in, resolution, run_id, now));
    if (number != first_number) {
        SENDHUB_TRY(store.run("delete from sequence where name = 'person_id'"));
        SENDHUB_TRY(store.run("insert into sequence values ('person_id', ?)", {number}));
    }
    SENDHUB_TRY(write_best_rows(store, settings, now));
    SENDHUB_TRY(transaction.commit());

    MatchOutcome out;
    out.records = in.records.size();
    std::vector<std::uint32_t> size(in.records.size(), 0);
    for (const std::uint32_t c : resolution.cluster) ++size[c];
    for (const std::uint32_t c : size) {
        if (c > 0) ++out.people;
        if (c > 1) out.linked += c;
    }
    out.pending = resolution.pending.size();
    out.polluted = resolution.polluted_identifiers;
    for (const Event& event : assigned.events) {
        if (event.type == EventType::create) ++out.created;
        if (event.type == EventType::merge) ++out.merged;
        if (event.type == EventType::split) ++out.split;
    }
    out.changed = !assigned.events.empty();
    return out;
}

}  // namespace sendhub::match
