// One person as an officer, a parent or a data protection officer asks: which records, why they are together,
// why nobody else is, where each value comes from, and what happened to the id.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hub/review/decisions.hpp"

namespace sendhub::review {

struct ShownValue {
    std::string name, value, source;  // source: the feed it was taken from
};
// A tie of the spanning tree: the strongest that hold all records together.
struct Tie {
    RecordKey a, b;
    std::optional<double> weight;  // bits; none: by a decision, or a tie that no score is kept of
    std::int64_t decision = 0;     // that says they are one child; 0: none
    Agreeing facts;                // what the two records agree and differ on today
    bool weakest = false;
};
struct Nearest {
    OtherPerson other;
    RecordKey mine, theirs;  // their best pair
    Agreeing facts;
    std::string why_not;  // in plain English
};
struct HistoryEntry {
    std::int64_t number = 0;
    std::string at, type, person, other, record, actor, reason;
};
struct PersonPage {
    std::string person, asked;       // asked: the old id that was asked for; empty: person itself
    std::vector<ShownValue> values;  // the best row
    std::vector<Facts> records;
    std::vector<Tie> together;  // one less than the records, unless some have no stored tie
    std::optional<Nearest> nearest;
    std::vector<OtherPerson> household;
    Timelines times;
    std::vector<HistoryEntry> history;  // oldest first
    std::vector<DecisionRow> decisions;
    std::string created_at, updated_at;
};

// not_found, with one sentence, for an id that never was, for one whose person is gone without a survivor,
// and for a person the viewer may not know of. needs_person: the person holds two sides of a barrier until
// the next night, and is shown to nobody.
Result<PersonPage> show_person(duck::Connection& store, const Viewer& viewer, std::string_view id);
Error no_such_person();

}  // namespace sendhub::review
