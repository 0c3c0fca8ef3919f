// The slips of people who type: names, dates, numbers, postcodes.
#pragma once

#include <string>
#include <string_view>

#include "identity/testing/day.hpp"
#include "identity/testing/name_pools.hpp"

namespace sendhub::identity::testing {

// One slip of the finger in a name: a neighbouring key, a letter lost, doubled or out of order.
std::string typo(Rng& rng, std::string name);

// The same name by another writer: spelling, hyphen, blank, apostrophe, a half of a double name, or a typo.
std::string surname_variant(Rng& rng, const NamePools& pools, const std::string& name);
// The same, and what is done to forenames: familiar form, initial, cut at a field's end.
std::string forename_variant(Rng& rng, const NamePools& pools, const std::string& name);

// One digit wrong, day and month exchanged, two digits exchanged, the year or the day beside.
Day birth_date_slip(Rng& rng, Day born);

// One digit wrong or two neighbours exchanged, after the first `fixed` characters.
std::string number_slip(Rng& rng, std::string number, std::size_t fixed);

std::string postcode_slip(Rng& rng, std::string postcode);

std::string without_accents(std::string_view utf8);
std::string upper_case(std::string_view utf8);
// At most so many bytes, and never half a letter: at least one letter.
std::string beginning(std::string_view utf8, std::size_t bytes);
bool is_double(std::string_view name);

}  // namespace sendhub::identity::testing
