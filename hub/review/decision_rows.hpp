// The rows of match_decision and review_event: read, written and seen. Only for the sources of this folder.
#pragma once

#include "hub/review/decisions.hpp"

namespace sendhub::review {

// One entry a decision, newest first, with what was done to it; decision 0: all.
Result<std::vector<DecisionRow>> decision_rows(duck::Connection& store, std::int64_t decision = 0);
// A sealing is there for nobody without the right, and neither is any decision on people it hides.
bool may_see(const Viewer& viewer, const Barriers& barriers, const DecisionRow& row);
// same, different, sealed of active decisions, one entry a pair.
Result<std::vector<Standing>> standing_decisions(duck::Connection& store);
// The people that the decision's records belong to today, each once.
Result<std::vector<std::string>> people_of(duck::Connection& store, const DecisionRow& row);
// A record's identifiers or birth date are no longer those that were decided on. A record that is gone has
// not changed, and a barrier never lapses.
Result<bool> has_changed(duck::Connection& store, std::int64_t decision);

Status insert_decision(duck::Connection& store, const Viewer& viewer, std::int64_t decision,
                       const Opinion& opinion, std::span<const std::pair<RecordKey, RecordKey>> pairs,
                       std::string_view state, Micros now);
// The day, or SQL's null.
duck::Value until_date(std::optional<Days> until);
// act: proposed, decided, approved, refused, undo_proposed, undo_refused, undone, extended.
Status note_act(duck::Connection& store, std::int64_t decision, std::string_view act,
                std::string_view officer, std::string_view reason, Micros now);

}  // namespace sendhub::review
