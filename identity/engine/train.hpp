// Learning m and u from the records themselves, without labels (matching.md section 3): u from random pairs,
// m by expectation-maximisation over blocks. A comparison is trained only on blocks that it did not help to
// choose. Where people have judged pairs of a pattern, their word stands beside the expectation.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "identity/engine/model.hpp"

namespace sendhub::identity {

struct TrainSettings {
    std::uint64_t seed = 1;
    std::size_t sample_pairs = 1'000'000;  // random pairs for u
    std::size_t round_pairs = 200'000;     // pairs of one training round
    unsigned threads = 2;
};

// A pattern of levels that people have judged, by pairs drawn at random for it: `pairs` is how many of the
// pairs it was drawn from each stands for.
struct Label {
    std::uint64_t pattern;
    bool same;
    double pairs;
};
// With fewer of them labels are not used: they would be the opinion of a few days (matching.md section 3).
inline constexpr std::size_t fewest_labels = 200;

struct TrainingRound {
    std::string blocked_on;
    std::uint64_t pairs = 0;
    double match_share = 0;  // lambda of the block
    bool accepted = false;
    std::string why;  // of a rejection
};

struct Training {
    std::vector<TrainingRound> rounds;
    std::uint64_t random_pairs = 0;
    double match_share = 0;                     // estimated lambda of all pairs
    std::uint64_t labels = 0, labels_used = 0;  // given; used: all of them or none
};

// Deterministic: the same records (in canonical order) and settings give the same model. The priors are a
// first estimate, the same for all cells; fit_priors() of score.hpp makes them exact.
Model train(const Features& features, const Plan& plan, const TrainSettings& settings,
            std::span<const Label> labels, Training& report);

// A pattern and how many pairs have it.
struct PatternCount {
    std::uint64_t pattern, count;
};

}  // namespace sendhub::identity
