#include "hub/review/person.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <set>

namespace sendhub::review {
namespace {

// The id, or who it became. Empty: nobody.
Result<std::string> survivor_of(duck::Connection& store, std::string_view id) {
    std::string at(id);
    std::set<std::string> seen;
    while (seen.insert(at).second) {
        SENDHUB_ASSIGN(
            const std::int64_t lives,
            store.count("select count(*) from person_link where person_key = ?", {std::string_view(at)}));
        if (lives > 0) return at;
        SENDHUB_ASSIGN(
            duck::Rows rows,
            store.query(
                "select survivor_key from (select survivor_key, 1 as choice, 0 as event_id from "
                "person_alias where person_key = ? union all select person_key, 2, event_id from "
                "person_event where event_type = 'MERGE' and other_key = ?) order by choice, event_id "
                "desc limit 1",
                {std::string_view(at), std::string_view(at)}));
        if (!rows.next()) break;
        at = text_at(rows, 0);
    }
    return std::string();
}

Status read_values(duck::Connection& store, PersonPage& page) {
    static constexpr std::array<std::string_view, 12> names{
        "forename",          "surname",        "middle_names", "preferred_forename",
        "preferred_surname", "former_surname", "birth_date",   "sex",
        "ethnicity_code",    "first_language", "postcode",     "uprn"};
    SENDHUB_ASSIGN(
        duck::Rows rows,
        store.query("select forename, surname, middle_names, preferred_forename, preferred_surname, "
                    "former_surname, birth_date, sex, ethnicity_code, first_language, postcode, uprn, "
                    "attribute_sources, created_at, updated_at from person where person_key = ?",
                    {std::string_view(page.person)}));
    if (!rows.next()) return {};
    simdjson::dom::parser parser;
    simdjson::dom::element sources;
    const simdjson::padded_string json(text_at(rows, 12));
    const bool known = !parser.parse(json).get(sources);
    for (std::size_t i = 0; i < names.size(); ++i) {
        std::string value = i == 6 ? date_at(rows, i) : text_at(rows, i);
        if (value.empty()) continue;
        std::string_view source;
        if (!known || sources[names[i]].get(source)) source = {};  // a value that says of no feed
        page.values.push_back({std::string(names[i]), std::move(value), std::string(source)});
    }
    page.created_at = time_at(rows, 13);
    page.updated_at = time_at(rows, 14);
    return {};
}

// Joins sets of records.
struct Sets {
    std::vector<std::size_t> parent;
    explicit Sets(std::size_t n) : parent(n) { std::iota(parent.begin(), parent.end(), std::size_t{0}); }
    std::size_t find(std::size_t i) {
        while (parent[i] != i) i = parent[i] = parent[parent[i]];
        return i;
    }
    bool join(std::size_t a, std::size_t b) {
        a = find(a);
        b = find(b);
        if (a == b) return false;
        parent[std::max(a, b)] = std::min(a, b);
        return true;
    }
};

// The maximum spanning tree of what ties the records: decisions first, then the heaviest pairs.
Status read_ties(duck::Connection& store, PersonPage& page) {
    std::map<RecordKey, std::size_t> number;
    for (std::size_t i = 0; i < page.records.size(); ++i) number[page.records[i].key] = i;
    std::vector<Tie> all;
    const auto inside = [&](const RecordKey& a, const RecordKey& b) {
        return number.contains(a) && number.contains(b);
    };
    for (const DecisionRow& d : page.decisions)
        if (d.state == "active" && d.verdict == "same")
            for (const auto& [a, b] : d.pairs)
                if (inside(a, b)) all.push_back({a, b, {}, d.decision_id, {}, false});
    SENDHUB_ASSIGN(
        duck::Rows rows,
        store.query(
            "with mine as (select feed, person_ref from person_link where person_key = ?) select "
            "e.feed_a, e.person_ref_a, e.feed_b, e.person_ref_b, e.weight from match_edge e join mine "
            "a on a.feed = e.feed_a and a.person_ref = e.person_ref_a join mine b on b.feed = e.feed_b "
            "and b.person_ref = e.person_ref_b order by e.weight desc, 1, 2, 3, 4",
            {std::string_view(page.person)}));
    while (rows.next()) {
        Tie tie{{text_at(rows, 0), text_at(rows, 1)},
                {text_at(rows, 2), text_at(rows, 3)},
                rows.real(4),
                0,
                {},
                false};
        if (inside(tie.a, tie.b)) all.push_back(std::move(tie));
    }
    Sets sets(page.records.size());
    for (Tie& tie : all) {
        const std::size_t a = number[tie.a], b = number[tie.b];
        if (!sets.join(a, b)) continue;
        tie.facts = compare(page.records[a], page.records[b]);
        page.together.push_back(std::move(tie));
    }
    const auto weakest = std::ranges::min_element(page.together, {}, [](const Tie& tie) {
        return tie.weight.value_or(1e9);  // a person's word is not the weakest
    });
    if (weakest != page.together.end() && weakest->weight) weakest->weakest = true;
    return {};
}

Status read_nearest(duck::Connection& store, const Viewer& viewer, const Barriers& barriers,
                    PersonPage& page) {
    SENDHUB_ASSIGN(auto candidates, candidates_of(store, viewer, barriers, page.person, 1));
    if (candidates.empty()) return {};
    Nearest near;
    near.other = std::move(candidates.front());
    SENDHUB_ASSIGN(
        duck::Rows rows,
        store.query(
            "select e.feed_a, e.person_ref_a, e.feed_b, e.person_ref_b, a.person_key from match_edge e join "
            "person_link a on a.feed = e.feed_a and a.person_ref = e.person_ref_a join person_link b on "
            "b.feed = "
            "e.feed_b and b.person_ref = e.person_ref_b where (a.person_key = ? and b.person_key = ?) or "
            "(a.person_key = ? and b.person_key = ?) order by e.weight desc, 1, 2, 3, 4 limit 1",
            {std::string_view(page.person), std::string_view(near.other.person),
             std::string_view(near.other.person), std::string_view(page.person)}));
    if (!rows.next()) return {};
    near.mine = {text_at(rows, 0), text_at(rows, 1)};
    near.theirs = {text_at(rows, 2), text_at(rows, 3)};
    if (text_at(rows, 4) != page.person) std::swap(near.mine, near.theirs);
    SENDHUB_ASSIGN(const Facts mine, read_facts(store, near.mine));
    SENDHUB_ASSIGN(const Facts theirs, read_facts(store, near.theirs));
    near.facts = compare(mine, theirs);

    const auto decided = std::ranges::find_if(page.decisions, [&](const DecisionRow& d) {
        const auto pair = in_order(near.mine, near.theirs);
        return d.state == "active" && d.verdict == "different" &&
               std::ranges::find(d.pairs, pair) != d.pairs.end();
    });
    SENDHUB_ASSIGN(
        duck::Rows cases,
        store.query("select case_id, reason, veto from match_case where (person_a = ? and person_b = ?) or "
                    "(person_a = ? and person_b = ?) order by harm desc limit 1",
                    {std::string_view(page.person), std::string_view(near.other.person),
                     std::string_view(near.other.person), std::string_view(page.person)}));
    if (decided != page.decisions.end()) {
        near.why_not =
            "decision " + std::to_string(decided->decision_id) + " says that they are different children";
    } else if (cases.next()) {
        const std::string veto = text_at(cases, 2);
        near.why_not =
            "case " + text_at(cases, 0) + " waits for a person: " + (veto.empty() ? text_at(cases, 1) : veto);
    } else {
        near.why_not = "the evidence is not enough to join them, and too little to ask a person";
    }
    page.nearest = std::move(near);
    return {};
}

Status read_history(duck::Connection& store, const Viewer& viewer, const Barriers& barriers,
                    PersonPage& page) {
    // What happened to sealed people is kept apart; whoever sees this page of one may see it, but never who
    // the other is: also not by an id or a record that nobody has now.
    SENDHUB_ASSIGN(
        duck::Rows rows,
        store.query(
            "select event_id, happened_at, event_type, person_key, other_key, feed, person_ref, actor, "
            "reason, parted "
            "from (select *, false as parted from person_event union all by name select *, true as parted "
            "from "
            "sealed_event where ?) where "
            "person_key = ? or other_key = ? order by event_id",
            {viewer.sealed, std::string_view(page.person), std::string_view(page.person)}));
    while (rows.next()) {
        HistoryEntry entry{rows.integer(0),  time_at(rows, 1), text_at(rows, 2),
                           text_at(rows, 3), text_at(rows, 4), "",
                           text_at(rows, 7), text_at(rows, 8)};
        if (!rows.is_null(5)) {
            const RecordKey record{text_at(rows, 5), text_at(rows, 6)};
            if (barriers.hides(viewer, record) || std::ranges::any_of(page.records, [&](const Facts& f) {
                    return barriers.between(f.key, record);
                }))
                continue;
            entry.record = to_string(record);
        }
        if (rows.boolean(9)) {
            const auto own = [&](const Facts& f) { return to_string(f.key) == entry.record; };
            if (entry.type == "SEAL") {
                entry.person = page.person;
                entry.other.clear();
            } else if (!entry.other.empty() ||
                       (!entry.record.empty() && std::ranges::none_of(page.records, own))) {
                continue;
            }
        }
        const std::string& else_ = entry.person == page.person ? entry.other : entry.person;
        if (!else_.empty() && (barriers.hides(viewer, else_) || barriers.between(page.person, else_)))
            continue;
        page.history.push_back(std::move(entry));
    }
    return {};
}

}  // namespace

Error no_such_person() {
    return {ErrorCode::not_found,
            "there is no person of this id; `sendhub person --find` looks for one by identifier or name"};
}

Result<PersonPage> show_person(duck::Connection& store, const Viewer& viewer, std::string_view id) {
    SENDHUB_ASSIGN(const Barriers barriers, Barriers::read(store));
    PersonPage page;
    SENDHUB_ASSIGN(page.person, survivor_of(store, id));
    if (page.person.empty() || barriers.hides(viewer, page.person)) return fail(no_such_person());
    // An old id across a barrier would tell who the child was.
    if (page.person != id && (barriers.hides(viewer, id) || barriers.between(page.person, id)))
        return fail(no_such_person());
    if (barriers.inside(page.person))
        return fail(ErrorCode::needs_person,
                    "this person holds records that must not be seen together; the next night parts them, "
                    "and each is "
                    "shown by itself then");
    if (page.person != id) page.asked = id;
    SENDHUB_TRY(read_values(store, page));
    SENDHUB_ASSIGN(const auto keys, records_of(store, page.person));
    SENDHUB_ASSIGN(page.records, read_facts(store, keys));
    SENDHUB_ASSIGN(page.decisions, decisions_about(store, viewer, keys));
    SENDHUB_TRY(read_ties(store, page));
    SENDHUB_TRY(read_nearest(store, viewer, barriers, page));
    SENDHUB_ASSIGN(page.household, household_of(store, viewer, barriers, page.person));
    SENDHUB_ASSIGN(page.times, read_timelines(store, keys));
    SENDHUB_TRY(read_history(store, viewer, barriers, page));
    return page;
}

}  // namespace sendhub::review
