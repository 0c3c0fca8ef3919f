// From the weight of a pair to a probability: of pairs like it, how many turned out to be one child
// (matching.md section 3). Weights alone are over-confident, because the comparisons are not independent.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace sendhub::identity {

// What keeps a pair from being joined whatever it weighs. Of two pairs of one weight, the one with a doubt is
// one child less often, so each has a curve of its own.
enum class Doubt : std::uint8_t { none, twins, veto };  // twins: may_be_twins(), veto: veto_of_pair()
inline constexpr std::size_t doubts = 3;

// P of a weight, were it to be taken at its word.
double probability(double weight);

// Pairs of about one weight: its mean, the share of one child, and how many they are (or stand for).
struct Counted {
    double weight, share, pairs;
};
// Isotonic regression by pooling adjacent violators: the same groups, ascending by weight, with the shares
// that do not fall with the weight and lie closest to the counted ones (squares, each by its pairs). Groups
// of exactly one weight become one. The order of the input does not matter.
std::vector<Counted> isotonic(std::vector<Counted> groups);

struct CalibrationPoint {
    double weight, share;
    bool operator==(const CalibrationPoint&) const = default;
};
// Ascending by weight, the shares never falling; between the points straight lines, beyond them level.
using Curve = std::vector<CalibrationPoint>;
using Calibration = std::array<Curve, doubts>;

// Fitted on generated counties whose truth is known: bench_match --calibration.
const Calibration& shipped_calibration();

// A pair that people have judged, drawn at random for it.
struct WeighedLabel {
    double weight;
    Doubt doubt;
    bool same;
    double pairs;  // how many of the pairs it was drawn from it stands for
};
// The shipped curves, moved by labels: every half bit of each is worth ten of them, and none is raised beyond
// what so many labels can show (of n without a fault follows 1 - 3/n with 95 % confidence, and no more).
// Labels can take as much away as they like. The order of the input does not matter.
Calibration fitted_on(std::vector<WeighedLabel> labels);

double calibrated(const Calibration& calibration, double weight, Doubt doubt);

}  // namespace sendhub::identity
