// Sealed records (adoption, protection; matching.md section 9). For everybody without the right to sealed
// records the people on both sides of a barrier are not there: in no list, search, case, explanation or
// answer, and asking for one is answered as for an id that never was. Even for those with the right the two
// sides are never shown side by side.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "hub/review/facts.hpp"

namespace sendhub::review {

// Who looks: the name that decisions are noted under, and whether sealed records are there for them.
struct Viewer {
    std::string officer;
    bool sealed = false;
};

class Barriers {
  public:
    [[nodiscard]] static Result<Barriers> read(duck::Connection& store);

    // May the viewer know of this person, of this record, of this pair?
    [[nodiscard]] bool hides(const Viewer& viewer, std::string_view person) const;
    [[nodiscard]] bool hides(const Viewer& viewer, const RecordKey& record) const;
    // The two are, or belong to, different sides of one barrier: together for nobody.
    [[nodiscard]] bool between(std::string_view person_a, std::string_view person_b) const;
    [[nodiscard]] bool between(const RecordKey& a, const RecordKey& b) const;
    // The person holds both sides of a barrier, until matching parts them.
    [[nodiscard]] bool inside(std::string_view person) const { return between(person, person); }
    [[nodiscard]] bool empty() const { return records_.empty(); }

  private:
    std::set<RecordKey> records_;
    std::map<RecordKey, std::string> person_of_;  // every record of a person on a side
    std::set<std::string, std::less<>> people_;
    std::set<std::pair<RecordKey, RecordKey>> pairs_;                // both ways round
    std::set<std::pair<std::string, std::string>> pairs_of_people_;  // both ways round
};

}  // namespace sendhub::review
