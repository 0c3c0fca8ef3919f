// The explanation that matching has stored with a case (matching.md section 13), read back: the parts of the
// weight, whether they add up, and the same in plain English.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace sendhub::review {

struct Step {
    std::string field, level, a, b, note;
    double bits = 0;    // of the level
    double common = 0;  // less for common values, more for rare ones
    [[nodiscard]] double total() const { return bits + common; }
};

struct Explained {
    std::string model, decision;
    double prior = 0, household = 0, total = 0;
    std::optional<double> probability, calibrated;
    std::vector<Step> steps;
    std::vector<std::string> reasons, blocked_by, missing;

    [[nodiscard]] double sum() const;  // prior, every step, household
    // sum() is the total, to a millionth of a bit. Where it is not, the explanation explains nothing: shown
    // so.
    [[nodiscard]] bool adds_up() const;
};

Result<Explained> read_explanation(std::string_view json);

// "strong", "some", "none" or "against": how a part of so many bits speaks.
std::string_view strength(double bits);
// A few sentences for people: what agrees strongly, what a little, what speaks against, what is missing. No
// values.
std::string in_words(const Explained& explained);
// A bar of one character a bit, '+' for and '-' against, at most 40.
std::string bar(double bits);

}  // namespace sendhub::review
