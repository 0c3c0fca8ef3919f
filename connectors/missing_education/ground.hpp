// The ground on which a pupil's name was deleted from the roll, however a council writes it.
#pragma once

#include <optional>
#include <string_view>

#include <sendhub/values.hpp>

namespace sendhub::missing_education {

enum class GroundFault {
    none,
    unknown,       // no ground of either regulations
    which_scheme,  // a bare letter for a day before 19 August 2024: the letters of 2006 mean other things
    no_equivalent  // a ground of 2006 that the list of 2024 does not have
};

struct Ground {
    std::string_view code;    // A to O, always in the sense of SI 2024/208 reg 9(1); empty with a fault
    std::string_view scheme;  // "2024", "2006", or empty when not known
    GroundFault fault = GroundFault::none;
};

// text: trimmed, not empty. Takes `F`, `(f)`, `9(1)(f)`, `reg 9(1)(f)`, `Ground F`, `8(1)(d)` (2006). day: of
// deletion.
Ground read_ground(std::string_view text, std::optional<sdk::Date> day);

}  // namespace sendhub::missing_education
