// The words the county is made of: names of children, streets, schools and towns.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "demo/shared_with_people.hpp"

namespace sendhub::demo {

// Names go in families: a child's forename and surname come from the same part of the world more often than
// not.
enum class Origin : std::uint8_t { british, south_asian, african, european };

struct Forename {
    std::string_view name;
    std::string_view familiar;  // as some senders shorten it; may be empty
};

Origin draw_origin(Rng& rng);
std::string draw_surname(Rng& rng, Origin origin);
const Forename& draw_forename(Rng& rng, Origin origin, bool male);
std::string_view draw_ethnicity(Rng& rng, Origin origin);
std::string_view draw_language(Rng& rng, Origin origin);

std::string draw_street(Rng& rng);
std::string_view draw_town(Rng& rng);
std::string draw_school_name(Rng& rng, bool church);

// A spelling another office would use for the same surname; the surname itself where there is none.
std::string other_spelling(Rng& rng, std::string_view surname);

}  // namespace sendhub::demo
