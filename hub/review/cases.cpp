#include "hub/review/cases.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace sendhub::review {
namespace {

constexpr std::string_view kCaseColumns =
    "c.case_id, c.person_a, c.person_b, c.feed_a, c.person_ref_a, c.feed_b, c.person_ref_b, c.weight, "
    "c.probability, c.reason, c.veto, c.records, c.harm, c.found_at";

CaseRow case_at(const duck::Rows& rows) {
    CaseRow row;
    row.case_id = text_at(rows, 0);
    row.person_a = text_at(rows, 1);
    row.person_b = text_at(rows, 2);
    row.a = {text_at(rows, 3), text_at(rows, 4)};
    row.b = {text_at(rows, 5), text_at(rows, 6)};
    row.weight = rows.real(7);
    row.probability = rows.real(8);
    row.reason = text_at(rows, 9);
    row.veto = text_at(rows, 10);
    row.records = rows.integer(11);
    row.harm = rows.real(12);
    row.found_at = time_at(rows, 13);
    // harm is P(1-P) × records, and 1 or more above it where there is a safeguarding flag
    row.flagged = row.harm > row.probability * (1 - row.probability) * static_cast<double>(row.records) + 0.5;
    return row;
}

bool hidden(const Viewer& viewer, const Barriers& barriers, const CaseRow& row) {
    return barriers.hides(viewer, row.person_a) || barriers.hides(viewer, row.person_b) ||
           barriers.hides(viewer, row.a) || barriers.hides(viewer, row.b) ||
           barriers.between(row.person_a, row.person_b) || barriers.between(row.a, row.b);
}

std::vector<SideField> side_by_side(const Facts& a, const Facts& b) {
    std::vector<SideField> out;
    for (const ShownField& field : shown_fields()) {
        const std::string &x = a.*field.value, &y = b.*field.value;
        if (x.empty() && y.empty()) continue;
        SideField side{std::string(field.name), std::string(field.label), x, y, {}};
        if (!x.empty() && !y.empty() && field.name != "since") side.differences = differences(x, y);
        out.push_back(std::move(side));
    }
    return out;
}

// All records of the person, this one first; only this one when it belongs to nobody yet.
Result<std::vector<RecordKey>> side_records(duck::Connection& store, const Barriers& barriers,
                                            std::string_view person, const RecordKey& first) {
    std::vector<RecordKey> out{first};
    if (barriers.inside(person)) return out;
    SENDHUB_ASSIGN(const std::vector<RecordKey> all, records_of(store, person));
    for (const RecordKey& key : all)
        if (key != first) out.push_back(key);
    return out;
}

// Nobody sees two sides of one barrier in one list.
void part(const Barriers& barriers, std::vector<OtherPerson>& people) {
    if (barriers.empty()) return;
    std::vector<std::string> facing;
    for (const OtherPerson& x : people)
        for (const OtherPerson& y : people)
            if (barriers.between(x.person, y.person)) facing.push_back(x.person);
    std::erase_if(people,
                  [&](const OtherPerson& p) { return std::ranges::find(facing, p.person) != facing.end(); });
}

Result<OtherPerson> describe(duck::Connection& store, std::string_view person) {
    SENDHUB_ASSIGN(
        duck::Rows rows,
        store.query("select forename, surname, birth_date from person where person_key = ?", {person}));
    OtherPerson out;
    out.person = person;
    if (rows.next()) {
        out.forename = text_at(rows, 0);
        out.surname = text_at(rows, 1);
        out.birth_date = date_at(rows, 2);
    }
    return out;
}

}  // namespace

Error no_such_case() {
    return {ErrorCode::not_found, "there is no open case of this id; `sendhub review` lists those that wait"};
}

namespace {

// The sampled pairs with their ids: S and ten letters of a keyed hash of the two records, so that nothing of
// them can be read from it.
constexpr std::string_view kSample =
    "(select 'S' || upper(substr(sha256((select value from hub_secret where name = 'person_id') || chr(31) "
    "|| s.feed_a "
    "|| chr(31) || s.person_ref_a || chr(31) || s.feed_b || chr(31) || s.person_ref_b), 1, 10)) as case_id, "
    "s.* from "
    "match_sample s)";

CaseRow sample_row(const duck::Rows& rows) {
    CaseRow row;
    row.case_id = text_at(rows, 0);
    row.a = {text_at(rows, 1), text_at(rows, 2)};
    row.b = {text_at(rows, 3), text_at(rows, 4)};
    row.weight = rows.real(5);
    row.found_at = time_at(rows, 6);
    row.person_a = text_at(rows, 7);
    row.person_b = text_at(rows, 8);
    row.reason = "drawn at random, to measure how right matching is";
    row.sampled = true;
    return row;
}

Result<duck::Rows> sample_rows(duck::Connection& store, std::string_view case_id) {
    return store.query(
        "select s.case_id, s.feed_a, s.person_ref_a, s.feed_b, s.person_ref_b, s.weight, s.drawn_at, "
        "a.person_key, "
        "b.person_key from " +
            std::string(kSample) +
            " s join person_link a on a.feed = s.feed_a and a.person_ref = s.person_ref_a join person_link b "
            "on b.feed = "
            "s.feed_b and b.person_ref = s.person_ref_b where (? = '' or s.case_id = ?) and not exists "
            "(select 1 from "
            "match_decision d where d.state in ('active', 'proposed') and d.verdict <> 'not_sure' and "
            "((d.feed_a = "
            "s.feed_a and d.person_ref_a = s.person_ref_a and d.feed_b = s.feed_b and d.person_ref_b = "
            "s.person_ref_b) or "
            "(d.feed_b = s.feed_a and d.person_ref_b = s.person_ref_a and d.feed_a = s.feed_b and "
            "d.person_ref_a = "
            "s.person_ref_b))) order by s.case_id",
        {case_id, case_id});
}

}  // namespace

Result<std::vector<std::string>> sample_cases(duck::Connection& store, const Viewer& viewer) {
    SENDHUB_ASSIGN(const Barriers barriers, Barriers::read(store));
    SENDHUB_ASSIGN(duck::Rows rows, sample_rows(store, ""));
    std::vector<std::string> out;
    while (rows.next())
        if (const CaseRow row = sample_row(rows); !hidden(viewer, barriers, row)) out.push_back(row.case_id);
    return out;
}

std::string_view settling_sql() {
    return "(d.state = 'proposed' or (d.state = 'active' and d.verdict <> 'not_sure' and (d.word <> 'split' "
           "or "
           "coalesce(d.approved_at, d.proposed_at) > coalesce((select max(started_at) from run where kind = "
           "'match'), "
           "'1970-01-01'::timestamptz))))";
}

Result<Queue> list_cases(duck::Connection& store, const Viewer& viewer, int page) {
    if (page < 1) return fail(ErrorCode::usage, "pages are counted from 1");
    SENDHUB_ASSIGN(const Barriers barriers, Barriers::read(store));
    SENDHUB_ASSIGN(
        duck::Rows rows,
        store.query(
            "select " + std::string(kCaseColumns) +
            ", (select count(distinct d.proposed_by) from match_decision d where d.case_id = c.case_id "
            "and d.state = 'active' and d.verdict = 'not_sure') from match_case c "
            "where not exists (select 1 from match_decision d where d.case_id = c.case_id and " +
            std::string(settling_sql()) +
            ") order by c.harm > c.probability * (1 - c.probability) * c.records + 0.5 desc, c.harm desc, "
            "c.found_at, c.case_id"));
    Queue out;
    out.page = page;
    const auto first = static_cast<std::size_t>(page - 1) * kPageCases;
    // Even with the right no list leads to both sides: the case of the one waits for that of the other.
    std::set<std::string> on_a_side;
    const auto faces = [&](const std::string& person) {
        return std::ranges::any_of(
            on_a_side, [&](const std::string& listed) { return barriers.between(listed, person); });
    };
    while (rows.next()) {
        CaseRow row = case_at(rows);
        row.not_sure = static_cast<int>(rows.integer(14));
        if (hidden(viewer, barriers, row) || faces(row.person_a) || faces(row.person_b)) continue;
        for (const std::string& person : {row.person_a, row.person_b})
            if (barriers.hides({}, person)) on_a_side.insert(person);
        out.flagged += row.flagged;
        out.records += row.records;
        if (out.cases >= first && out.rows.size() < kPageCases) out.rows.push_back(std::move(row));
        ++out.cases;
    }
    out.pages = static_cast<int>(std::max<std::size_t>(1, (out.cases + kPageCases - 1) / kPageCases));
    return out;
}

Result<std::optional<FoundCase>> find_case(duck::Connection& store, const Viewer& viewer,
                                           const Barriers& barriers, std::string_view case_id) {
    std::optional<FoundCase> out;
    SENDHUB_ASSIGN(duck::Rows rows, store.query("select " + std::string(kCaseColumns) +
                                                    ", c.explanation from match_case c where c.case_id = ?",
                                                {case_id}));
    SENDHUB_ASSIGN(duck::Rows sampled, sample_rows(store, case_id.starts_with('S') ? case_id : "-"));
    if (rows.next()) {
        out = FoundCase{case_at(rows), text_at(rows, 14), true};
    } else if (sampled.next()) {
        out = FoundCase{sample_row(sampled), "", false};
    } else {
        // Settled by matching, but remembered by what was decided.
        SENDHUB_ASSIGN(
            duck::Rows decided,
            store.query("select feed_a, person_ref_a, feed_b, person_ref_b, word, proposed_at from "
                        "match_decision where case_id = ? and state = 'active' and verdict <> 'not_sure' "
                        "and word <> 'split' order by decision_id desc limit 1",
                        {case_id}));
        if (!decided.next()) return out;
        out.emplace();
        CaseRow& row = out->row;
        row.case_id = case_id;
        row.a = {text_at(decided, 0), text_at(decided, 1)};
        row.b = {text_at(decided, 2), text_at(decided, 3)};
        row.reason = "second look";
        row.found_at = time_at(decided, 5);
        SENDHUB_ASSIGN(row.person_a, person_of(store, row.a));
        SENDHUB_ASSIGN(row.person_b, person_of(store, row.b));
    }
    if (hidden(viewer, barriers, out->row)) {
        out.reset();
    } else if (!viewer.sealed) {
        // a sealing that waits for the second person has left the queue, and nobody else hears why
        SENDHUB_ASSIGN(const std::int64_t sealings,
                       store.count("select count(*) from match_decision where case_id = ? and verdict = "
                                   "'sealed' and state in ('proposed', 'active')",
                                   {case_id}));
        if (sealings > 0) out.reset();
    }
    return out;
}

Result<bool> has_opinion(duck::Connection& store, const Viewer& viewer, const RecordKey& a,
                         const RecordKey& b) {
    const auto [x, y] = in_order(a, b);
    SENDHUB_ASSIGN(const std::string now_x, fingerprint(store, x));
    SENDHUB_ASSIGN(const std::string now_y, fingerprint(store, y));
    SENDHUB_ASSIGN(
        duck::Rows rows,
        store.query("select officer, fingerprint_a, fingerprint_b from review_opinion where feed_a = ? and "
                    "person_ref_a = ? and feed_b = ? and person_ref_b = ?",
                    {std::string_view(x.feed), std::string_view(x.ref), std::string_view(y.feed),
                     std::string_view(y.ref)}));
    while (rows.next())
        if (same_officer(rows.text(0), viewer.officer) &&
            identity_of(text_at(rows, 1)) == identity_of(now_x) &&
            identity_of(text_at(rows, 2)) == identity_of(now_y))
            return true;
    return false;
}

Result<std::vector<OtherPerson>> household_of(duck::Connection& store, const Viewer& viewer,
                                              const Barriers& barriers, std::string_view person) {
    SENDHUB_ASSIGN(
        duck::Rows rows,
        store.query("select o.person_key, o.forename, o.surname, o.birth_date, o.uprn is not null and o.uprn "
                    "= p.uprn from person p join person o on o.person_key <> p.person_key and "
                    "((o.uprn = p.uprn) or (o.postcode = p.postcode and lower(o.surname) = "
                    "lower(p.surname))) where p.person_key = ? order by o.birth_date, o.person_key limit 40",
                    {person}));
    std::vector<OtherPerson> out;
    while (rows.next()) {
        OtherPerson other{text_at(rows, 0),
                          text_at(rows, 1),
                          text_at(rows, 2),
                          date_at(rows, 3),
                          rows.boolean(4) ? "same property" : "same postcode and surname",
                          {}};
        if (!barriers.hides(viewer, other.person) && !barriers.between(person, other.person))
            out.push_back(std::move(other));
    }
    // Siblings by a person's word.
    SENDHUB_ASSIGN(
        duck::Rows said,
        store.query("select distinct a.person_key, b.person_key from match_decision d join person_link a on "
                    "a.feed = d.feed_a and a.person_ref = d.person_ref_a join person_link b on b.feed = "
                    "d.feed_b and b.person_ref = d.person_ref_b where d.word = 'twins' and d.state = "
                    "'active' and (a.person_key = ? or b.person_key = ?) order by all",
                    {person, person}));
    std::vector<std::string> siblings;
    while (said.next()) siblings.push_back(text_at(said, text_at(said, 0) == person ? 1 : 0));
    for (const std::string& sibling : siblings) {
        if (sibling == person || barriers.hides(viewer, sibling) || barriers.between(person, sibling))
            continue;
        const auto known = std::ranges::find(out, sibling, &OtherPerson::person);
        if (known != out.end()) {
            known->why += "; twins or siblings by decision";
            continue;
        }
        SENDHUB_ASSIGN(OtherPerson other, describe(store, sibling));
        other.why = "twins or siblings by decision";
        out.push_back(std::move(other));
    }
    part(barriers, out);
    return out;
}

Result<std::vector<OtherPerson>> candidates_of(duck::Connection& store, const Viewer& viewer,
                                               const Barriers& barriers, std::string_view person,
                                               std::size_t limit) {
    SENDHUB_ASSIGN(
        duck::Rows rows,
        store.query(
            "with mine as (select feed, person_ref from person_link where person_key = ?), near as ("
            "select e.feed_b as feed, e.person_ref_b as person_ref, e.weight from match_edge e join mine m "
            "on "
            "m.feed = e.feed_a and m.person_ref = e.person_ref_a union all "
            "select e.feed_a, e.person_ref_a, e.weight from match_edge e join mine m on m.feed = e.feed_b "
            "and "
            "m.person_ref = e.person_ref_b) select l.person_key, max(n.weight) as best from near n join "
            "person_link l on l.feed = n.feed and l.person_ref = n.person_ref where l.person_key <> ? group "
            "by "
            "1 order by best desc, 1",
            {person, person}));
    std::vector<std::pair<std::string, double>> found;
    while (rows.next()) {
        std::string other = text_at(rows, 0);
        if (barriers.hides(viewer, other) || barriers.between(person, other)) continue;
        found.emplace_back(std::move(other), rows.real(1));
        if (found.size() == limit) break;
    }
    std::vector<OtherPerson> out;
    for (const auto& [key, weight] : found) {
        SENDHUB_ASSIGN(OtherPerson other, describe(store, key));
        other.weight = weight;
        out.push_back(std::move(other));
    }
    part(barriers, out);
    return out;
}

Result<CaseView> show_case(duck::Connection& store, const Viewer& viewer, std::string_view case_id,
                           bool blind) {
    SENDHUB_ASSIGN(const Barriers barriers, Barriers::read(store));
    SENDHUB_ASSIGN(std::optional<FoundCase> found, find_case(store, viewer, barriers, case_id));
    if (!found) return fail(no_such_case());
    CaseView out;
    out.row = std::move(found->row);
    CaseRow& row = out.row;
    SENDHUB_ASSIGN(
        const std::int64_t decisions,
        store.count("select count(*) from match_decision d where d.case_id = ? and d.state = 'active' and " +
                        std::string(settling_sql()),
                    {case_id}));
    out.decided = decisions > 0;
    if (blind || out.decided || row.sampled) {
        SENDHUB_ASSIGN(const bool opinion, has_opinion(store, viewer, row.a, row.b));
        out.score_hidden = !opinion;
    }
    SENDHUB_ASSIGN(auto keys_a, side_records(store, barriers, row.person_a, row.a));
    SENDHUB_ASSIGN(auto keys_b, side_records(store, barriers, row.person_b, row.b));
    if (row.person_a == row.person_b) {  // two halves of one person: the others stand on the first side
        std::erase(keys_a, row.b);
        keys_b.resize(1);
    }
    SENDHUB_ASSIGN(out.records_a, read_facts(store, keys_a));
    SENDHUB_ASSIGN(out.records_b, read_facts(store, keys_b));
    out.fields = side_by_side(out.records_a.front(), out.records_b.front());
    SENDHUB_ASSIGN(out.times_a, read_timelines(store, keys_a));
    SENDHUB_ASSIGN(out.times_b, read_timelines(store, keys_b));
    for (const std::string& person : {row.person_a, row.person_b}) {
        SENDHUB_ASSIGN(auto home, household_of(store, viewer, barriers, person));
        SENDHUB_ASSIGN(auto near, candidates_of(store, viewer, barriers, person, 5));
        for (auto& [from, to] : {std::pair{&home, &out.household}, std::pair{&near, &out.candidates}})
            for (OtherPerson& other : *from)
                if (other.person != row.person_a && other.person != row.person_b &&
                    !barriers.between(other.person, row.person_a) &&
                    !barriers.between(other.person, row.person_b) &&
                    std::ranges::find(*to, other.person, &OtherPerson::person) == to->end())
                    to->push_back(std::move(other));
    }
    part(barriers, out.household);
    part(barriers, out.candidates);
    if (out.score_hidden) {
        row.weight = row.probability = row.harm = 0;
        for (OtherPerson& other : out.candidates) other.weight.reset();
        return out;
    }
    if (!found->open) {
        out.explanation_fault = row.sampled
                                    ? "no explanation is kept of a pair that was drawn at random"
                                    : "matching has settled this case; its explanation is no longer kept";
    } else if (auto explained = read_explanation(found->explanation)) {
        out.explained = std::move(*explained);
    } else {
        out.explanation_fault = explained.error().sentence;
    }
    return out;
}

}  // namespace sendhub::review
