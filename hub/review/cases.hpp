// The review queue: what waits, in order of harm, and one case with everything a person needs to decide it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hub/review/barriers.hpp"
#include "hub/review/differences.hpp"
#include "hub/review/stored_explanation.hpp"

namespace sendhub::review {

struct CaseRow {
    std::string case_id, person_a, person_b, reason, veto, found_at;
    RecordKey a, b;
    double weight = 0, probability = 0, harm = 0;
    std::int64_t records = 0;
    bool flagged = false;  // a safeguarding flag on either side
    int not_sure = 0;      // officers who could not tell
    bool sampled = false;  // drawn at random, not found doubtful
};
struct Queue {
    std::size_t cases = 0, flagged = 0;  // that wait, in all
    std::int64_t records = 0;            // that they affect
    int page = 1, pages = 1;
    std::vector<CaseRow> rows;  // of this page
};
constexpr int kPageCases = 20;
// Open cases without a decision that stands or waits: safeguarding flag first, then P(1-P) × records, then
// age. page from 1; a page past the end is empty.
Result<Queue> list_cases(duck::Connection& store, const Viewer& viewer, int page);

// Pairs drawn at random (match_sample), from which the precision and recall of matching are told: those that
// nobody has decided on yet. Each is shown and decided like a case, by an id of its own that begins with S,
// and always blind. The strata are not told: whoever knows that a pair was joined already looks less hard.
Result<std::vector<std::string>> sample_cases(duck::Connection& store, const Viewer& viewer);

struct SideField {
    std::string name, label, a, b;
    Differences differences;
};
struct OtherPerson {  // somebody of the same household, or who is also like one of the sides
    std::string person, forename, surname, birth_date, why;
    std::optional<double> weight;
};
struct CaseView {
    CaseRow row;
    bool decided = false;           // a decision stands: this is a second look, for measuring agreement only
    bool score_hidden = false;      // until this officer has given an opinion of the records as they are
    std::vector<SideField> fields;  // that either side has
    std::vector<Facts> records_a, records_b;  // all records of each person, the compared one first
    std::optional<Explained> explained;       // not when the score is hidden
    std::string explanation_fault;            // why there is none
    Timelines times_a, times_b;
    std::vector<OtherPerson> household, candidates;
};
// not_found: no such case, one that is settled, or one that the viewer may not know of; the same sentence for
// all. blind: without the score until the officer has given an opinion; a case that is shown for a second
// look is always blind.
Result<CaseView> show_case(duck::Connection& store, const Viewer& viewer, std::string_view case_id,
                           bool blind);
Error no_such_case();

// Used by the pages of people too.
Result<std::vector<OtherPerson>> household_of(duck::Connection& store, const Viewer& viewer,
                                              const Barriers& barriers, std::string_view person);
// People whose records scored best against this person's, best first, at most `limit`.
Result<std::vector<OtherPerson>> candidates_of(duck::Connection& store, const Viewer& viewer,
                                               const Barriers& barriers, std::string_view person,
                                               std::size_t limit);

// What takes a case off the queue, of a decision row `d`: one that holds or waits. A split parts one record
// only, so its case is off the queue until matching has run and says whether anything is left to decide.
std::string_view settling_sql();

// The case as it stands in the queue or, once decided, as its decision remembers it.
struct FoundCase {
    CaseRow row;
    std::string explanation;
    bool open = false;  // in match_case
};
Result<std::optional<FoundCase>> find_case(duck::Connection& store, const Viewer& viewer,
                                           const Barriers& barriers, std::string_view case_id);
// The officer has given an opinion of this pair, and neither record's identifiers or birth date have changed
// since.
Result<bool> has_opinion(duck::Connection& store, const Viewer& viewer, const RecordKey& a,
                         const RecordKey& b);

}  // namespace sendhub::review
