#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>

#include "hub/match/people_store.hpp"

namespace sendhub::match {
namespace {

// What each record holds that speaks for keeping an id.
std::vector<Hold> holds(const Tonight& tonight) {
    const identity::Features& f = tonight.engine->features();
    std::vector<Hold> out(tonight.records.size());
    auto proves = [](const identity::IdEntry& e) {
        return e.quality == identity::IdQuality::valid && !e.polluted;
    };
    for (std::uint32_t i = 0; i < out.size(); ++i) {
        const identity::Row& row = f.rows[tonight.number[i]];
        out[i] = {row.nhs != 0 && proves(f.nhs[row.nhs]) && (row.flags & identity::Flags::nhs_verified) != 0,
                  row.upn != 0 && proves(f.upns[row.upn])};
    }
    return out;
}

// Ids that nobody has now: those that a merge ended, and those whose records all went away.
Result<std::vector<EndedId>> ended_ids(duck::Connection& store, const Tonight& tonight) {
    std::map<std::string, EndedId> found;
    std::unordered_map<std::string_view, std::uint32_t> by_token;
    for (std::uint32_t i = 0; i < tonight.records.size(); ++i) by_token.emplace(tonight.token[i], i);
    SENDHUB_ASSIGN(duck::Rows merged,
                   store.query("select m.other_key, a.survivor_key, unnest(cast(json_extract(m.detail, "
                               "'$.other_before') as varchar[])) from person_alias a join (select other_key, "
                               "arg_max(detail, event_id) as detail from person_event where event_type = "
                               "'MERGE' and detail is not null group by other_key) m on m.other_key = "
                               "a.person_key"));
    while (merged.next()) {
        EndedId& e = found[std::string(merged.text(0))];
        e.survivor = merged.text(1);
        if (const auto i = by_token.find(merged.text(2)); i != by_token.end()) e.records.push_back(i->second);
    }
    SENDHUB_ASSIGN(
        duck::Rows gone,
        store.query("select e.person_key, e.feed, e.person_ref from (select person_key, feed, person_ref, "
                    "row_number() over (partition by feed, person_ref order by event_id desc) as nth from "
                    "person_event where event_type = 'REMOVE' and feed is not null) e where nth = 1 "
                    "and not exists (select 1 from person_link l where l.person_key = e.person_key) "
                    "and not exists (select 1 from person_alias a where a.person_key = e.person_key)"));
    while (gone.next())
        if (const auto i = tonight.records.find(gone.text(1), gone.text(2)))
            found[std::string(gone.text(0))].records.push_back(*i);
    std::vector<EndedId> out;
    for (auto& [id, e] : found) {
        e.id = id;
        out.push_back(std::move(e));
    }
    return out;
}

}  // namespace

Status assign_ids(duck::Connection& store, Tonight& tonight) {
    SENDHUB_ASSIGN(const std::int64_t first_number,
                   store.count("select coalesce(max(next), 1) from sequence where name = 'person_id'"));
    std::int64_t number = first_number;
    Status failed;
    std::optional<std::unordered_map<std::string, std::uint64_t>> ages;  // id → its first event
    auto read_ages = [&]() -> Status {
        ages.emplace();
        SENDHUB_ASSIGN(duck::Rows rows, store.query("select id, min(event_id) from (select person_key as id, "
                                                    "event_id from person_event where event_type = 'CREATE' "
                                                    "union all select other_key, event_id from person_event "
                                                    "where event_type = 'SPLIT') every group by id"));
        while (rows.next()) ages->emplace(rows.text(0), static_cast<std::uint64_t>(rows.integer(1)));
        return {};
    };
    IdInput in;
    in.cluster = tonight.cluster;
    in.before = tonight.records.person;
    in.hold = holds(tonight);
    SENDHUB_ASSIGN(duck::Rows pins, store.query("select person_key, feed, person_ref from person_pin"));
    while (pins.next())
        if (const auto i = tonight.records.find(pins.text(1), pins.text(2)))
            in.pinned.emplace_back(*i, std::string(pins.text(0)));
    in.age = [&](std::string_view id) {
        if (!ages)
            if (auto read = read_ages(); !read) failed = read;
        const auto it = ages->find(std::string(id));
        return it == ages->end() ? ~std::uint64_t{0} : it->second;
    };
    in.ended = [&] {
        auto ended = ended_ids(store, tonight);
        if (!ended) failed = std::unexpected(ended.error());
        return ended ? std::move(*ended) : std::vector<EndedId>();
    };
    in.next_id = [&] { return make_person_id(tonight.secret, static_cast<std::uint64_t>(number++)); };
    tonight.assigned = assign_person_ids(in);
    if (!failed) return failed;
    if (number != first_number) {
        SENDHUB_TRY(store.run("delete from sequence where name = 'person_id'"));
        SENDHUB_TRY(store.run("insert into sequence values ('person_id', ?)", {number}));
    }
    return {};
}

}  // namespace sendhub::match
