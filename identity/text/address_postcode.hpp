// Postcodes as one form each. The form of a UK postcode and the repair of O/0 and I/1 are in
// schemas/rules/postcode.hpp.
#pragma once

#include <string>
#include <string_view>

namespace sendhub::identity::text {

struct Postcode {
    // "LS8 3DR". What is not a UK postcode is kept in upper case with single blanks ("4011", "K1A 0B1",
    // "LS8"), to be compared as it is; a text without any digit (none, not known) is empty.
    std::string text;
    bool valid = false;   // has the form of a whole UK postcode
    bool pseudo = false;  // ZZ99 …: a statement (no fixed abode, not known, abroad), not a place
};

void standard_postcode(std::string_view raw, Postcode& out);

// Of a valid postcode's text: "LS8 3", "LS8", "LS". The views are of `text`.
std::string_view sector(std::string_view text);
std::string_view district(std::string_view text);
std::string_view area(std::string_view text);

}  // namespace sendhub::identity::text
