// Where two values differ, letter by letter: the letters of each that the other does not have in that place.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sendhub::review {

struct Span {
    std::size_t begin = 0, size = 0;  // in code points
    bool operator==(const Span&) const = default;
};
struct Differences {
    std::vector<Span> a, b;  // empty in both: equal
};
// By the longest common run of letters in order; values of more than 500 letters differ as wholes. Bytes that
// are not UTF-8 count as a letter each.
Differences differences(std::string_view a, std::string_view b);
// "A[i]sha": the value with the letters of the spans in brackets.
std::string marked(std::string_view value, const std::vector<Span>& spans);

}  // namespace sendhub::review
