// Decisions on cases: taken, approved by a second person, refused, undone. A decision stands between records,
// with a fingerprint of each, so it survives every run of matching. No row is ever deleted, and everything
// done to a decision is kept in review_event.
//
// Every function that writes expects the caller's transaction, and changes nothing that matters before its
// last check.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hub/review/cases.hpp"

namespace sendhub::review {

struct Opinion {
    std::string case_id;
    Word word = Word::not_sure;
    std::string reason;
    std::optional<RecordKey> record;  // of split: the record to part from the others of its person
    std::optional<Days> until = {};   // of seal: the day from which officers are asked whether it still holds
};
struct Outcome {
    std::int64_t decision_id = 0;  // 0: only an opinion was noted
    std::string state;             // active, proposed, undone, refused; opinion
    std::string sentence;          // what happens next, for people
    std::string case_id;           // of the decision: for the audit log
};

// Refusals, each with its code:
//   not_found   no such case for this viewer         usage    no reason, no officer, a record that is not
//   there denied      sealing without the right            input    a contradiction; the sentence shows the
//   chain
// On a case that another officer has decided already, the opinion is noted for measuring agreement and
// changes nothing.
Result<Outcome> decide(duck::Connection& store, const Viewer& viewer, const Opinion& opinion, Micros now);
// A barrier between two people that no case is about: an adoption order names both. It waits for a second
// person, and gets an id as if there had been a case, so that no record of it tells what it is.
//   denied      without the right      not_found   nobody has this id today (of an old id `person` tells who
//   has) input       one person today, a barrier that stands already, or a contradiction
Result<Outcome> seal_people(duck::Connection& store, const Viewer& viewer, std::string_view person_a,
                            std::string_view person_b, const std::string& reason, Micros now,
                            std::optional<Days> until = {});
// An opinion without a decision: what a blind reviewer gives before seeing the score.
Result<Outcome> give_opinion(duck::Connection& store, const Viewer& viewer, std::string_view case_id,
                             Word word, Micros now);

// Proposals, and undoings that wait for a second person. denied: one's own.
Result<Outcome> approve(duck::Connection& store, const Viewer& viewer, std::int64_t decision, Micros now);
// Also by who made it: then it is withdrawn.
Result<Outcome> refuse(duck::Connection& store, const Viewer& viewer, std::int64_t decision, Micros now);
// Of a decision that holds. What two people decided, and what would part one person again, waits for a second
// person.
Result<Outcome> undo(duck::Connection& store, const Viewer& viewer, std::int64_t decision,
                     std::string_view reason, Micros now);

// Another day, or none, from which officers are asked whether a sealing still holds. Either way it holds, so
// one officer with the right does it; only undoing it opens anything.
Result<Outcome> extend(duck::Connection& store, const Viewer& viewer, std::int64_t decision,
                       const std::string& reason, std::optional<Days> until, Micros now);

struct Act {
    std::string at, act, officer, reason;
};
struct DecisionRow {
    std::int64_t decision_id = 0;
    std::string case_id, word, verdict, state, reason;
    std::string proposed_by, proposed_at, approved_by, approved_at, undone_by, undone_at, undo_reason;
    std::string until;  // of a sealing
    std::vector<std::pair<RecordKey, RecordKey>> pairs;
    bool undo_waits = false;
    std::vector<Act> acts;
};
enum class Which { all, waiting };  // waiting: for a second person
// Newest first.
Result<std::vector<DecisionRow>> list_decisions(duck::Connection& store, const Viewer& viewer, Which which);
// That touch any of these records, as the page of a person shows them.
Result<std::vector<DecisionRow>> decisions_about(duck::Connection& store, const Viewer& viewer,
                                                 std::span<const RecordKey> records);

struct Quality {
    Agreement agreement;
    struct Disagreement {
        std::string case_id, first, second;  // verdicts
    };
    std::vector<Disagreement> disagreements;
    std::int64_t active = 0, waiting = 0, undone = 0, expired = 0, refused = 0;  // decisions by state
};
Result<Quality> review_quality(duck::Connection& store, const Viewer& viewer);
// Decided cases that this officer may look at a second time: every twentieth, decided by another, by nobody
// else looked at again.
Result<std::vector<std::string>> second_looks(duck::Connection& store, const Viewer& viewer);

}  // namespace sendhub::review
