#include "hub/review/decision_rows.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace sendhub::review {
Result<std::vector<DecisionRow>> decision_rows(duck::Connection& store, std::int64_t decision) {
    SENDHUB_ASSIGN(
        duck::Rows rows,
        store.query(
            "select decision_id, case_id, word, verdict, state, reason, proposed_by, proposed_at, "
            "approved_by, approved_at, undone_by, undone_at, undo_reason, feed_a, person_ref_a, "
            "feed_b, person_ref_b, until_date from match_decision where ? = 0 or decision_id = ? order by "
            "decision_id desc, feed_a, person_ref_a, feed_b, person_ref_b",
            {decision, decision}));
    std::vector<DecisionRow> out;
    while (rows.next()) {
        if (out.empty() || out.back().decision_id != rows.integer(0)) {
            DecisionRow& row = out.emplace_back();
            row.decision_id = rows.integer(0);
            std::size_t column = 1;
            for (std::string DecisionRow::* value :
                 {&DecisionRow::case_id, &DecisionRow::word, &DecisionRow::verdict, &DecisionRow::state,
                  &DecisionRow::reason, &DecisionRow::proposed_by})
                row.*value = text_at(rows, column++);
            row.proposed_at = time_at(rows, 7);
            row.approved_by = text_at(rows, 8);
            row.approved_at = time_at(rows, 9);
            row.undone_by = text_at(rows, 10);
            row.undone_at = time_at(rows, 11);
            row.undo_reason = text_at(rows, 12);
            row.until = date_at(rows, 17);
        }
        DecisionRow& row = out.back();
        // A split of which some pairs have expired still holds for the others.
        const std::string state = text_at(rows, 4);
        if (state == "active" || (state == "proposed" && row.state != "active")) row.state = state;
        row.undo_waits = row.state == "active" && !row.undone_by.empty();
        row.pairs.emplace_back(RecordKey{text_at(rows, 13), text_at(rows, 14)},
                               RecordKey{text_at(rows, 15), text_at(rows, 16)});
    }
    SENDHUB_ASSIGN(
        duck::Rows events,
        store.query("select decision_id, happened_at, act, officer, reason from review_event where ? = 0 or "
                    "decision_id = ? order by event_id",
                    {decision, decision}));
    std::map<std::int64_t, std::vector<Act>> acts;
    while (events.next())
        acts[events.integer(0)].push_back(
            {time_at(events, 1), text_at(events, 2), text_at(events, 3), text_at(events, 4)});
    for (DecisionRow& row : out)
        if (const auto it = acts.find(row.decision_id); it != acts.end()) row.acts = std::move(it->second);
    return out;
}

bool may_see(const Viewer& viewer, const Barriers& barriers, const DecisionRow& row) {
    if (viewer.sealed) return true;
    return row.verdict != "sealed" && std::ranges::none_of(row.pairs, [&](const auto& pair) {
               return barriers.hides(viewer, pair.first) || barriers.hides(viewer, pair.second);
           });
}

Result<std::vector<Standing>> standing_decisions(duck::Connection& store) {
    SENDHUB_ASSIGN(
        duck::Rows rows,
        store.query("select decision_id, feed_a, person_ref_a, feed_b, person_ref_b, verdict from "
                    "match_decision where state = 'active' and verdict <> 'not_sure' order by decision_id, "
                    "feed_a, person_ref_a, feed_b, person_ref_b"));
    std::vector<Standing> out;
    while (rows.next())
        out.push_back({rows.integer(0),
                       {text_at(rows, 1), text_at(rows, 2)},
                       {text_at(rows, 3), text_at(rows, 4)},
                       text_at(rows, 5)});
    return out;
}

Result<std::vector<std::string>> people_of(duck::Connection& store, const DecisionRow& row) {
    std::set<std::string> people;
    for (const auto& [a, b] : row.pairs)
        for (const RecordKey& key : {a, b}) {
            SENDHUB_ASSIGN(std::string person, person_of(store, key));
            if (!person.empty()) people.insert(std::move(person));
        }
    return std::vector<std::string>(people.begin(), people.end());
}

Result<bool> has_changed(duck::Connection& store, std::int64_t decision) {
    SENDHUB_ASSIGN(
        duck::Rows rows,
        store.query(
            "select d.fingerprint_a, d.fingerprint_b, a.fingerprint, b.fingerprint from match_decision "
            "d left join match_record a on a.feed = d.feed_a and a.person_ref = d.person_ref_a left "
            "join match_record b on b.feed = d.feed_b and b.person_ref = d.person_ref_b where "
            "d.decision_id = ? and d.verdict <> 'sealed'",
            {decision}));
    while (rows.next())
        for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
            const std::string then = identity_of(text_at(rows, side)),
                              now = identity_of(text_at(rows, side + 2));
            if (!then.empty() && !now.empty() && then != now) return true;
        }
    return false;
}

duck::Value until_date(std::optional<Days> until) {
    return until ? duck::Value(duck::Date{*until}) : duck::Value(duck::Null{});
}

Status insert_decision(duck::Connection& store, const Viewer& viewer, std::int64_t decision,
                       const Opinion& opinion, std::span<const std::pair<RecordKey, RecordKey>> pairs,
                       std::string_view state, Micros now) {
    std::map<RecordKey, std::string> prints;
    const duck::Value until = until_date(opinion.until);
    for (const auto& [a, b] : pairs) {
        for (const RecordKey& key : {a, b})
            if (!prints.contains(key)) {
                SENDHUB_ASSIGN(prints[key], fingerprint(store, key));
            }
        const std::string_view print_a = prints[a], print_b = prints[b];
        SENDHUB_TRY(store.run(
            "insert into match_decision (decision_id, case_id, feed_a, person_ref_a, feed_b, "
            "person_ref_b, verdict, "
            "word, reason, state, proposed_by, proposed_at, fingerprint_a, fingerprint_b, "
            "until_date) values (?, ?, ?, ?, ?, ?, ?, "
            "?, ?, ?, ?, ?, ?, ?, ?)",
            {decision, std::string_view(opinion.case_id), std::string_view(a.feed), std::string_view(a.ref),
             std::string_view(b.feed), std::string_view(b.ref), verdict_of(opinion.word),
             to_string(opinion.word), std::string_view(opinion.reason), state,
             std::string_view(viewer.officer), duck::Timestamp{now}, print_a, print_b, until}));
    }
    return {};
}

Status note_act(duck::Connection& store, std::int64_t decision, std::string_view act,
                std::string_view officer, std::string_view reason, Micros now) {
    SENDHUB_ASSIGN(const std::int64_t last,
                   store.count("select coalesce(max(event_id), 0) from review_event"));
    return store.run("insert into review_event values (?, ?, ?, ?, ?, nullif(?, ''))",
                     {last + 1, decision, duck::Timestamp{now}, act, officer, reason});
}

namespace {

// That this viewer may know of, newest first; of a sealing without whom it is about.
Result<std::vector<DecisionRow>> known_decisions(duck::Connection& store, const Viewer& viewer,
                                                 const Barriers& barriers) {
    SENDHUB_ASSIGN(auto rows, decision_rows(store));
    std::erase_if(rows, [&](const DecisionRow& row) { return !may_see(viewer, barriers, row); });
    for (DecisionRow& row : rows)
        if (row.verdict == "sealed") row.pairs.clear();
    return rows;
}

// Even for those who may know of a barrier, its two sides never stand side by side: pairs that lead to the
// other side of what was shown already are left out.
void part(const Barriers& barriers, std::vector<DecisionRow>& rows, std::vector<RecordKey> shown) {
    if (barriers.empty()) return;
    const auto faces = [&](const RecordKey& key) {
        return std::ranges::any_of(shown, [&](const RecordKey& s) { return barriers.between(s, key); });
    };
    for (DecisionRow& row : rows)
        std::erase_if(row.pairs, [&](const auto& pair) {
            if (barriers.between(pair.first, pair.second) || faces(pair.first) || faces(pair.second))
                return true;
            for (const RecordKey& key : {pair.first, pair.second})
                if (barriers.hides({}, key)) shown.push_back(key);
            return false;
        });
}

}  // namespace

Result<std::vector<DecisionRow>> list_decisions(duck::Connection& store, const Viewer& viewer, Which which) {
    SENDHUB_ASSIGN(const Barriers barriers, Barriers::read(store));
    SENDHUB_ASSIGN(auto rows, known_decisions(store, viewer, barriers));
    if (which == Which::waiting)
        std::erase_if(rows,
                      [](const DecisionRow& row) { return row.state != "proposed" && !row.undo_waits; });
    part(barriers, rows, {});
    return rows;
}

Result<std::vector<DecisionRow>> decisions_about(duck::Connection& store, const Viewer& viewer,
                                                 std::span<const RecordKey> records) {
    SENDHUB_ASSIGN(const Barriers barriers, Barriers::read(store));
    SENDHUB_ASSIGN(auto rows, known_decisions(store, viewer, barriers));
    std::erase_if(rows, [&](const DecisionRow& row) {
        return std::ranges::none_of(row.pairs, [&](const auto& pair) {
            return std::ranges::find(records, pair.first) != records.end() ||
                   std::ranges::find(records, pair.second) != records.end();
        });
    });
    part(barriers, rows, {records.begin(), records.end()});
    return rows;
}

Result<Quality> review_quality(duck::Connection& store, const Viewer& viewer) {
    Quality out;
    SENDHUB_ASSIGN(const auto decisions, list_decisions(store, viewer, Which::all));
    for (const DecisionRow& row : decisions) {
        if (row.state == "active") ++out.active;
        if (row.state == "proposed" || row.undo_waits) ++out.waiting;
        if (row.state == "undone") ++out.undone;
        if (row.state == "expired") ++out.expired;
        if (row.state == "refused") ++out.refused;
    }
    SENDHUB_ASSIGN(const Barriers barriers, Barriers::read(store));
    SENDHUB_ASSIGN(
        duck::Rows rows,
        store.query("select s.case_id, f.word, s.word, s.feed_a, s.person_ref_a, s.feed_b, s.person_ref_b "
                    "from (select * from review_opinion where second qualify row_number() over (partition by "
                    "case_id order by given_at) = 1) s join (select * from review_opinion where not second "
                    "qualify row_number() over (partition by case_id order by given_at desc) = 1) f using "
                    "(case_id) order by s.given_at, s.case_id"));
    std::vector<std::pair<std::string, std::string>> verdicts;
    while (rows.next()) {
        if (barriers.hides(viewer, RecordKey{text_at(rows, 3), text_at(rows, 4)}) ||
            barriers.hides(viewer, RecordKey{text_at(rows, 5), text_at(rows, 6)}))
            continue;
        const auto first = parse_word(text_at(rows, 1)), second = parse_word(text_at(rows, 2));
        if (!first || !second) continue;  // a word of a later sendhub
        const std::string x(verdict_of(*first)), y(verdict_of(*second));
        if (x != y) out.disagreements.push_back({text_at(rows, 0), x, y});
        verdicts.emplace_back(x, y);
    }
    out.agreement = agreement(verdicts);
    return out;
}

Result<std::vector<std::string>> second_looks(duck::Connection& store, const Viewer& viewer) {
    SENDHUB_TRY(check_officer(viewer.officer));
    SENDHUB_ASSIGN(const auto decisions, list_decisions(store, viewer, Which::all));
    std::vector<std::string> out;
    for (const DecisionRow& row : decisions) {
        if (row.state != "active" || row.verdict == "not_sure" || row.verdict == "sealed" ||
            row.word == "split" || same_officer(row.proposed_by, viewer.officer) ||
            !is_double_reviewed(row.case_id))
            continue;
        SENDHUB_ASSIGN(const std::int64_t looked,
                       store.count("select count(*) from review_opinion where case_id = ? and second",
                                   {std::string_view(row.case_id)}));
        if (looked == 0) out.push_back(row.case_id);
    }
    return out;
}

}  // namespace sendhub::review
