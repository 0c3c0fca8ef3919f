#include "hub/review/decisions.hpp"

#include <algorithm>
#include <initializer_list>
#include <random>

#include "hub/review/decision_rows.hpp"

namespace sendhub::review {
namespace {

std::unexpected<Error> no_such_decision(std::int64_t decision) {
    return fail(ErrorCode::not_found, "there is no decision " + std::to_string(decision) +
                                          "; `sendhub review decisions` lists them");
}

// A decision's rows as one, or not_found for this viewer.
Result<DecisionRow> find_decision(duck::Connection& store, const Viewer& viewer, std::int64_t decision) {
    SENDHUB_ASSIGN(const Barriers barriers, Barriers::read(store));
    SENDHUB_ASSIGN(auto rows, decision_rows(store, decision));
    if (rows.empty() || !may_see(viewer, barriers, rows.front())) return no_such_decision(decision);
    return std::move(rows.front());
}

Status set_state(duck::Connection& store, std::int64_t decision, std::string_view state,
                 std::string_view was) {
    return store.run("update match_decision set state = ? where decision_id = ? and state = ?",
                     {state, decision, was});
}

Status check_contradiction(duck::Connection& store, const Viewer& viewer, const Barriers& barriers,
                           std::span<const std::pair<RecordKey, RecordKey>> pairs, std::string_view verdict) {
    SENDHUB_ASSIGN(const std::vector<Standing> standing, standing_decisions(store));
    for (const auto& [a, b] : pairs) {
        const std::vector<Standing> chain = contradiction(standing, a, b, verdict);
        if (chain.empty()) continue;
        // A chain over a barrier must not tell of it.
        for (const Standing& s : chain)
            if (!viewer.sealed &&
                (s.verdict == "sealed" || barriers.hides(viewer, s.a) || barriers.hides(viewer, s.b)))
                return fail(no_such_case());
        return fail(ErrorCode::input, "this contradicts what was decided: " + chain_in_words(chain) +
                                          (verdict == "same" ? " say that these are different children"
                                                             : " say that these are one child") +
                                          "; undo one of them first, or leave this case");
    }
    return {};
}

// The pairs that a word on this case stands between.
Result<std::vector<std::pair<RecordKey, RecordKey>>> pairs_of(duck::Connection& store, const CaseRow& row,
                                                              const Opinion& opinion, bool one_person) {
    std::vector<std::pair<RecordKey, RecordKey>> pairs;
    const auto add = [&](const RecordKey& x, const RecordKey& y) { pairs.push_back(in_order(x, y)); };
    if (opinion.word != Word::split && opinion.record)
        return fail(ErrorCode::usage, "--record goes with split only");
    if (opinion.word == Word::split) {
        if (!opinion.record)
            return fail(ErrorCode::usage,
                        "say which record to split off: --record FEED:REF, as the case lists it");
        SENDHUB_ASSIGN(const std::string person, person_of(store, *opinion.record));
        if (person.empty() || (person != row.person_a && person != row.person_b))
            return fail(ErrorCode::usage,
                        "that record is not one of this case; `sendhub review show` lists them");
        SENDHUB_ASSIGN(const auto others, records_of(store, person));
        for (const RecordKey& other : others)
            if (other != *opinion.record) add(*opinion.record, other);
        if (pairs.empty())
            return fail(ErrorCode::usage, "that record is alone already: there is nothing to split it from");
        return pairs;
    }
    if (opinion.word != Word::seal || one_person) {
        add(row.a, row.b);
        return pairs;
    }
    // A barrier stands between every record of the one and every record of the other.
    SENDHUB_ASSIGN(auto side_a, records_of(store, row.person_a));
    SENDHUB_ASSIGN(auto side_b, records_of(store, row.person_b));
    if (std::ranges::find(side_a, row.a) == side_a.end()) side_a.push_back(row.a);
    if (std::ranges::find(side_b, row.b) == side_b.end()) side_b.push_back(row.b);
    for (const RecordKey& a : side_a)
        for (const RecordKey& b : side_b) add(a, b);
    return pairs;
}

Status check_until(const std::optional<Days>& until, Micros now) {
    if (until && *until <= day_of(now))
        return fail(ErrorCode::usage, "until is a day after today: on it the officers are asked");
    return {};
}

// Looks like that of a case (person_ids.hpp).
std::string fresh_case_id() {
    constexpr std::string_view base32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    std::random_device random;
    std::string id = "C";
    while (id.size() < 9) id += base32[random() % base32.size()];
    return id;
}

struct Told {
    std::string first_officer, word;
    std::int64_t decision = 0;
};
// What stands or waits for this pair or case already.
Result<std::optional<Told>> told_before(duck::Connection& store, const CaseRow& row, std::string_view state) {
    SENDHUB_ASSIGN(
        duck::Rows rows,
        store.query("select d.decision_id, d.proposed_by, d.word from match_decision d where d.state = ? and "
                    "d.case_id = ? and " +
                        std::string(settling_sql()) + " order by d.decision_id desc limit 1",
                    {state, std::string_view(row.case_id)}));
    std::optional<Told> out;
    if (rows.next()) out = Told{text_at(rows, 1), text_at(rows, 2), rows.integer(0)};
    return out;
}

Status note_opinion(duck::Connection& store, const Viewer& viewer, const CaseRow& row, Word word, bool second,
                    Micros now) {
    const auto [a, b] = in_order(row.a, row.b);
    SENDHUB_ASSIGN(const std::string now_a, fingerprint(store, a));
    SENDHUB_ASSIGN(const std::string now_b, fingerprint(store, b));
    const duck::Value values[] = {std::string_view(row.case_id),
                                  std::string_view(a.feed),
                                  std::string_view(a.ref),
                                  std::string_view(b.feed),
                                  std::string_view(b.ref),
                                  std::string_view(viewer.officer),
                                  to_string(word),
                                  second,
                                  std::string_view(now_a),
                                  std::string_view(now_b),
                                  duck::Timestamp{now}};
    auto done = store.query("insert into review_opinion values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values);
    if (!done) return fail(std::move(done).error());
    return {};
}

Result<Outcome> second_opinion(duck::Connection& store, const Viewer& viewer, const CaseRow& row, Word word,
                               const Told& told, Micros now) {
    if (same_officer(told.first_officer, viewer.officer))
        return fail(ErrorCode::usage, "you have decided this case already (decision " +
                                          std::to_string(told.decision) +
                                          "); to change your mind, undo it first");
    SENDHUB_TRY(note_opinion(store, viewer, row, word, true, now));
    const bool agree = verdict_of(word) == verdict_of(parse_word(told.word).value_or(Word::not_sure));
    return Outcome{0, "opinion",
                   agree
                       ? "your opinion is noted and agrees with decision " + std::to_string(told.decision)
                       : "your opinion is noted; it differs from decision " + std::to_string(told.decision) +
                             ", which stands until it is undone: talk it over"};
}

// "proposed", and what it waits for.
std::string until_approved(std::int64_t decision) {
    return "proposed; it holds once somebody else has approved it (`sendhub review approve " +
           std::to_string(decision) + "`)";
}

Result<Outcome> write_decision(duck::Connection& store, const Viewer& viewer, const Opinion& opinion,
                               std::span<const std::pair<RecordKey, RecordKey>> pairs, bool waits,
                               Micros now) {
    SENDHUB_ASSIGN(const std::int64_t last,
                   store.count("select coalesce(max(decision_id), 0) from match_decision"));
    const std::int64_t decision = last + 1;
    const std::string_view state = waits ? "proposed" : "active", act = waits ? "proposed" : "decided";
    SENDHUB_TRY(insert_decision(store, viewer, decision, opinion, pairs, state, now));
    SENDHUB_TRY(note_act(store, decision, act, viewer.officer, opinion.reason, now));
    std::string sentence =
        "decision " + std::to_string(decision) + ": " + std::string(in_words(opinion.word));
    if (waits)
        sentence += ", " + until_approved(decision);
    else if (opinion.word == Word::not_sure)
        sentence += "; the case stays open for somebody else";
    else
        sentence += "; it holds from the next night on";
    return Outcome{decision, std::string(state), std::move(sentence), opinion.case_id};
}

}  // namespace

Result<Outcome> decide(duck::Connection& store, const Viewer& viewer, const Opinion& opinion, Micros now) {
    SENDHUB_TRY(check_officer(viewer.officer));
    SENDHUB_TRY(check_reason(opinion.reason));
    if (opinion.word == Word::seal && !viewer.sealed)
        return fail(ErrorCode::denied, "sealing needs the right to sealed records");
    if (opinion.word != Word::seal && opinion.until)
        return fail(ErrorCode::usage, "until goes with seal only");
    SENDHUB_TRY(check_until(opinion.until, now));
    SENDHUB_ASSIGN(const Barriers barriers, Barriers::read(store));
    SENDHUB_ASSIGN(std::optional<FoundCase> found, find_case(store, viewer, barriers, opinion.case_id));
    if (!found) return fail(no_such_case());
    const CaseRow& row = found->row;
    SENDHUB_ASSIGN(const auto waiting, told_before(store, row, "proposed"));
    if (waiting)
        return fail(ErrorCode::input,
                    "a decision on this case waits for a second person already; approve or refuse "
                    "that one first (`sendhub review pending`)");
    SENDHUB_ASSIGN(const auto told, told_before(store, row, "active"));
    if (told) return second_opinion(store, viewer, row, opinion.word, *told, now);

    SENDHUB_ASSIGN(const std::string today_a, person_of(store, row.a));
    SENDHUB_ASSIGN(const std::string today_b, person_of(store, row.b));
    const bool one_person = !today_a.empty() && today_a == today_b;
    SENDHUB_ASSIGN(const auto pairs, pairs_of(store, row, opinion, one_person));
    SENDHUB_TRY(check_contradiction(store, viewer, barriers, pairs, verdict_of(opinion.word)));

    const bool waits = needs_second_person(opinion.word, row.veto, one_person);
    SENDHUB_ASSIGN(Outcome written, write_decision(store, viewer, opinion, pairs, waits, now));
    SENDHUB_TRY(note_opinion(store, viewer, row, opinion.word, false, now));
    return written;
}

Result<Outcome> seal_people(duck::Connection& store, const Viewer& viewer, std::string_view person_a,
                            std::string_view person_b, const std::string& reason, Micros now,
                            std::optional<Days> until) {
    SENDHUB_TRY(check_officer(viewer.officer));
    SENDHUB_TRY(check_reason(reason));
    if (!viewer.sealed) return fail(ErrorCode::denied, "sealing needs the right to sealed records");
    SENDHUB_TRY(check_until(until, now));
    SENDHUB_ASSIGN(const auto side_a, records_of(store, person_a));
    SENDHUB_ASSIGN(const auto side_b, records_of(store, person_b));
    if (side_a.empty() || side_b.empty())
        return fail(ErrorCode::not_found,
                    "one of these ids is nobody's today; `sendhub person ID` says who has its records");
    if (person_a == person_b)
        return fail(ErrorCode::input,
                    "both ids are one person today: split the records of one side off first, then seal");
    SENDHUB_ASSIGN(const Barriers barriers, Barriers::read(store));
    if (barriers.between(person_a, person_b))
        return fail(ErrorCode::input, "a barrier stands between these two already");
    std::vector<std::pair<RecordKey, RecordKey>> pairs;
    for (const RecordKey& a : side_a)
        for (const RecordKey& b : side_b) pairs.push_back(in_order(a, b));
    SENDHUB_TRY(check_contradiction(store, viewer, barriers, pairs, "sealed"));
    return write_decision(store, viewer, {fresh_case_id(), Word::seal, reason, {}, until}, pairs, true, now);
}

Result<Outcome> give_opinion(duck::Connection& store, const Viewer& viewer, std::string_view case_id,
                             Word word, Micros now) {
    SENDHUB_TRY(check_officer(viewer.officer));
    if (word == Word::split || word == Word::seal)
        return fail(ErrorCode::usage, "an opinion is same, different, twins or not-sure");
    SENDHUB_ASSIGN(const Barriers barriers, Barriers::read(store));
    SENDHUB_ASSIGN(std::optional<FoundCase> found, find_case(store, viewer, barriers, case_id));
    if (!found) return fail(no_such_case());
    SENDHUB_ASSIGN(const auto told, told_before(store, found->row, "active"));
    if (told) return second_opinion(store, viewer, found->row, word, *told, now);
    SENDHUB_TRY(note_opinion(store, viewer, found->row, word, false, now));
    return Outcome{0, "opinion", "your opinion is noted; the score is shown to you now"};
}

Result<Outcome> approve(duck::Connection& store, const Viewer& viewer, std::int64_t decision, Micros now) {
    SENDHUB_TRY(check_officer(viewer.officer));
    SENDHUB_ASSIGN(const DecisionRow row, find_decision(store, viewer, decision));
    const std::string number = "decision " + std::to_string(decision);
    if (row.state != "proposed" && !row.undo_waits)
        return fail(ErrorCode::input, number + " does not wait for anybody: it is " + row.state);
    if (same_officer(row.undo_waits ? row.undone_by : row.proposed_by, viewer.officer))
        return fail(ErrorCode::denied, "nobody approves their own proposal: somebody else must look at " +
                                           number + " and approve it");
    if (row.undo_waits) {
        SENDHUB_TRY(
            store.run("update match_decision set state = 'undone', undone_at = ? where (decision_id = ? or "
                      "follows = ?) and state = 'active'",
                      {duck::Timestamp{now}, decision, decision}));
        SENDHUB_TRY(note_act(store, decision, "undone", viewer.officer, row.undo_reason, now));
        return Outcome{decision, "undone", number + " is undone from the next night on"};
    }
    SENDHUB_ASSIGN(const bool changed, has_changed(store, decision));
    if (changed)
        return fail(ErrorCode::input, "an identifier or birth date has changed since " + number +
                                          " was proposed; refuse it and look at the case again");
    SENDHUB_ASSIGN(const Barriers barriers, Barriers::read(store));
    SENDHUB_TRY(check_contradiction(store, viewer, barriers, row.pairs, row.verdict));
    SENDHUB_TRY(
        store.run("update match_decision set state = 'active', approved_by = ?, approved_at = ? where "
                  "decision_id = ? and state = 'proposed'",
                  {std::string_view(viewer.officer), duck::Timestamp{now}, decision}));
    SENDHUB_TRY(note_act(store, decision, "approved", viewer.officer, "", now));
    return Outcome{decision, "active", number + " is approved; it holds from the next night on"};
}

Result<Outcome> refuse(duck::Connection& store, const Viewer& viewer, std::int64_t decision, Micros now) {
    SENDHUB_TRY(check_officer(viewer.officer));
    SENDHUB_ASSIGN(const DecisionRow row, find_decision(store, viewer, decision));
    const std::string number = "decision " + std::to_string(decision);
    if (row.undo_waits) {
        SENDHUB_TRY(store.run(
            "update match_decision set undone_by = null, undone_at = null, undo_reason = null where "
            "decision_id = ? and state = 'active'",
            {decision}));
        SENDHUB_TRY(note_act(store, decision, "undo_refused", viewer.officer, "", now));
        return Outcome{decision, "active", number + " stands: its undoing was refused"};
    }
    if (row.state != "proposed")
        return fail(ErrorCode::input, number + " does not wait for anybody: it is " + row.state +
                                          (row.state == "active" ? "; undo it instead" : ""));
    SENDHUB_TRY(set_state(store, decision, "refused", "proposed"));
    SENDHUB_TRY(note_act(store, decision, "refused", viewer.officer, "", now));
    return Outcome{decision, "refused", number + " is refused; the case is open again"};
}

Result<Outcome> undo(duck::Connection& store, const Viewer& viewer, std::int64_t decision,
                     std::string_view reason, Micros now) {
    SENDHUB_TRY(check_officer(viewer.officer));
    SENDHUB_TRY(check_reason(reason));
    SENDHUB_ASSIGN(const DecisionRow row, find_decision(store, viewer, decision));
    const std::string number = "decision " + std::to_string(decision);
    if (row.state == "proposed")
        return fail(ErrorCode::input, number + " does not hold yet: refuse it instead");
    if (row.state != "active") return fail(ErrorCode::input, number + " does not hold: it is " + row.state);
    if (row.undo_waits)
        return fail(ErrorCode::input, "the undoing of " + number + " waits for a second person already");
    SENDHUB_ASSIGN(const std::vector<std::string> people, people_of(store, row));
    // What two people decided takes two to undo; so does parting what is one person today.
    const bool waits = !row.approved_by.empty() || (row.verdict == "same" && people.size() == 1);
    SENDHUB_TRY(
        store.run("update match_decision set state = ?, undone_by = ?, undone_at = ?, undo_reason = ? where "
                  "decision_id = ? and state = 'active'",
                  {waits ? std::string_view("active") : std::string_view("undone"),
                   std::string_view(viewer.officer), duck::Timestamp{now}, reason, decision}));
    SENDHUB_TRY(note_act(store, decision, waits ? "undo_proposed" : "undone", viewer.officer, reason, now));
    if (waits)
        return Outcome{decision, "active", "the undoing of " + number + " is " + until_approved(decision)};
    return Outcome{decision, "undone", number + " is undone from the next night on"};
}

Result<Outcome> extend(duck::Connection& store, const Viewer& viewer, std::int64_t decision,
                       const std::string& reason, std::optional<Days> until, Micros now) {
    SENDHUB_TRY(check_officer(viewer.officer));
    SENDHUB_TRY(check_reason(reason));
    SENDHUB_TRY(check_until(until, now));
    SENDHUB_ASSIGN(const DecisionRow row, find_decision(store, viewer, decision));
    const std::string number = "decision " + std::to_string(decision);
    if (row.verdict != "sealed")
        return fail(ErrorCode::input, number + " holds until it is undone: there is no day to change");
    if (row.state != "active") return fail(ErrorCode::input, number + " does not hold: it is " + row.state);
    SENDHUB_TRY(
        store.run("update match_decision set until_date = ? where decision_id = ? and verdict = 'sealed' and "
                  "state = 'active'",
                  {until_date(until), decision}));
    SENDHUB_TRY(note_act(store, decision, "extended", viewer.officer, reason, now));
    return Outcome{
        decision, "active",
        number + (until ? " holds; from " + format_date(*until) + " on the officers are asked again"
                        : " holds, and nobody is asked any more"),
        row.case_id};
}

}  // namespace sendhub::review
