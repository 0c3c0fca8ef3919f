// UK postcodes and property numbers, as one form each.
#pragma once

#include <string>
#include <string_view>

namespace sendhub::tabular {

struct Postcode {
    std::string value;            // "LS8 3DR"; empty when the text is no postcode
    bool changed = false;         // value differs from the (trimmed) text
    bool no_fixed_abode = false;  // ZZ99 3VZ and the like: a statement, not a place; value is kept
};

// Upper case, one space, and O for 0, I for 1 put right where the position allows only a letter or only a
// digit.
Postcode normalise_postcode(std::string_view text);

// 1 to 12 digits from 2 up, without the `.0` of a spreadsheet; empty: missing or no UPRN (-1, 0 and 1 mean
// unknown).
std::string normalise_uprn(std::string_view text);

}  // namespace sendhub::tabular
