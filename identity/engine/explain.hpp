// Why two records are, or are not, the same child: the parts of the weight, in numbers and in plain English.
// The prior, the bits, the commonness and the household part of an explanation add up to its total (tested to
// 1e-9).
#pragma once

#include "identity/engine/engine.hpp"

namespace sendhub::identity {

struct ExplainedStep {
    std::string field, level;       // "name", "forename equal, surname shares a part"
    std::string a, b;               // the values as the sources gave them
    double m = 0, u = 0, bits = 0;  // share among records of one child, of different ones; log2(m/u)
    double common = 0;              // less for common values, more for rare ones
    std::string note;               // "Khan is common: 1 in 110"
};

struct Explanation {
    std::string model, key_a, key_b;
    double prior = 0, household = 0, total = 0, p = 0, p_calibrated = 0;
    double no_second_child = 0;  // more bits where no source knows a twin or namesake; not in the total
    std::vector<ExplainedStep> steps;
    Veto veto = Veto::none;
    std::string decision;                 // "link", "review", "no link"
    std::vector<std::string> reasons;     // vetoes and doubts, for people
    std::vector<std::string> blocked_by;  // the keys that proposed the pair
    std::vector<std::string> missing;     // "UPN on health"
};

// `table` is the one that was loaded (values are shown from it). Records by number. For records across a
// barrier (Verdict::sealed) use nothing: callers never ask for such a pair.
Explanation explain(const Engine& engine, const Table& table, std::uint32_t a, std::uint32_t b);

std::string to_json(const Explanation& explanation);
// A few sentences: what agrees strongly, what speaks against, what is missing.
std::string to_words(const Explanation& explanation);

}  // namespace sendhub::identity
