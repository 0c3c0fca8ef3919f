// Looking for a person: by one exact identifier, or by names as they sound, birth date and postcode. For
// people with a reason, one at a time: at most twenty answers, never a list of a school.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hub/review/barriers.hpp"

namespace sendhub::review {

struct Query {
    std::string upn, nhs, uln;                // one of them, alone, or …
    std::string surname, forename, postcode;  // … a surname, and what narrows it
    std::optional<Days> born;
};
// usage: an identifier beside something else, or neither identifier nor surname.
Status check_query(const Query& query);
// "surname, birth date": what was asked by, without values; for the audit log.
std::string shape(const Query& query);

struct Hit {
    std::string person, forename, surname, birth_date, postcode, why;
    std::int64_t records = 0;
};
struct Hits {
    std::vector<Hit> hits;    // closest first
    bool more = false;        // there are more than are shown
    bool kept_apart = false;  // only with the right to sealed records: some may not be shown together
};
constexpr std::size_t kMostHits = 20;
// Names are compared folded, by nickname and other spelling, and by sound; current, known and former ones
// alike. A birth date also finds the same with day and month swapped.
Result<Hits> find_people(duck::Connection& store, const Viewer& viewer, const Query& query);

}  // namespace sendhub::review
