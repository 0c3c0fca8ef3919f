// Whether a probability means what it says, judged by the truth: reliability table and ECE (matching.md
// section 16); and the curves that the engine ships, fitted on such truth.
#pragma once

#include <span>
#include <vector>

#include "identity/engine/calibration.hpp"

namespace sendhub::linkage {

struct SaidPair {
    double said;  // probability that it is one child
    bool same;
};

struct ReliabilityBin {
    double from, to;  // of what was said
    std::uint64_t pairs = 0, same = 0;
    double said = 0;  // mean
    [[nodiscard]] double share() const { return static_cast<double>(same) / static_cast<double>(pairs); }
};

struct Reliability {
    std::vector<ReliabilityBin> bins;  // ascending; empty ones are left out
    std::uint64_t pairs = 0;
    double ece = 0;  // expected calibration error: mean distance of said and true, bins by their pairs
    // The farthest that a bin of `enough` pairs says more than is true; 0: none does.
    double over_confident = 0;
    static constexpr std::uint64_t enough = 200;
};
Reliability reliability(std::span<const SaidPair> pairs);

// ---- fitting

struct WeighedPair {
    double weight;  // bits
    bool same;
};

// The isotonic curve of the pairs of one kind of file: groups of neighbouring weights, of 300 pairs at least,
// each with one pair imagined that is as likely one child as not, so that no group is ever certain.
identity::Curve fit_curve(std::vector<WeighedPair> pairs);

// At every half bit the least that any of the curves says there, rounded down; points between two of the same
// share are left out, and those of a level end but for its first. Curves without points (nothing was counted)
// have no say.
identity::Curve most_cautious(std::span<const identity::Curve> curves);

}  // namespace sendhub::linkage
