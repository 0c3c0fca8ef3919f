// How alike two folded texts are. Exact, symmetric, and without allocation (texts over 64 letters use a
// buffer that each thread keeps). Texts with anything but ASCII are compared by code points, never by bytes.
#pragma once

#include <string_view>

namespace sendhub::identity::text {

// Jaro's likeness with Winkler's bonus of 0.1 for each of the first four letters in common, given when Jaro's
// is above 0.7, as he published it. 0 … 1; 1 only for equal texts. Two empty texts are equal.
double jaro_winkler(std::string_view a, std::string_view b);

// jaro_winkler(a, b) >= threshold, mostly without computing it: lengths, then the letters in use, bound it
// first.
bool jaro_winkler_at_least(std::string_view a, std::string_view b, double threshold);

// Optimal string alignment distance: insertions, deletions, substitutions, and swaps of neighbours, where no
// part is edited twice. limit + 1 stands for everything above limit.
unsigned damerau(std::string_view a, std::string_view b, unsigned limit);

// damerau(a, b, 1) <= 1, in one pass.
bool one_edit(std::string_view a, std::string_view b);

}  // namespace sendhub::identity::text
