// Pairs drawn at random for review, and what reviewed ones tell of the quality of the match.
#pragma once

#include <array>
#include <optional>

#include "hub/match/tonight.hpp"
#include "hub/match/wilson.hpp"

namespace sendhub::match {

// auto: joined by score; above: not joined, at or above review; below: kept, under review.
enum class Stratum : std::uint8_t { joined, above, below, count };
constexpr std::string_view to_string(Stratum s) {
    return s == Stratum::joined ? "auto" : s == Stratum::above ? "above" : "below";
}
inline constexpr std::size_t sampled_each = 200, fewest_reviewed = 30;

struct SampledPair {
    std::uint32_t a, b;  // places in the table, a < b
    Stratum stratum;
    double weight;
    std::optional<bool> same;  // what a person said
};
struct Sample {
    std::array<std::uint64_t, std::size_t(Stratum::count)> pairs{};  // of each stratum, all
    std::vector<SampledPair> drawn;
};

// The sample is the same every night while the pairs are: those of each stratum whose keyed hash is smallest.
// A pair that a person has decided on stays in its stratum, whatever the decision made of it.
Result<Sample> draw_sample(duck::Connection& store, const Tonight& tonight);
Status write_sample(duck::Connection& store, const Tonight& tonight, const Sample& sample);

// What people have said of the sample of the last run, for training: each pair stands for its share of the
// stratum. Only words given on the sample itself: a sampled pair that was also a case was looked at because
// it was doubtful.
Result<std::vector<identity::LabelledPair>> read_labels(duck::Connection& store, const Tonight& tonight);

struct Quality {
    std::optional<Interval> precision, recall;  // none: fewer than 30 reviewed
    std::uint64_t reviewed = 0;                 // of the pairs that were joined
};
// Of the pairs that `counts` takes. Recall: of all pairs of one child that are kept, the share that was
// joined; pairs under `keep` are taken for different children.
template <class Counts>
Quality estimate(const Sample& sample, Counts&& counts);

// ---- details

struct Tally {
    std::array<std::uint64_t, std::size_t(Stratum::count)> drawn{}, reviewed{}, same{};
};
Quality from_tally(const Sample& sample, const Tally& tally);

template <class Counts>
Quality estimate(const Sample& sample, Counts&& counts) {
    Tally tally;
    for (const SampledPair& pair : sample.drawn) {
        if (!counts(pair)) continue;
        const auto s = static_cast<std::size_t>(pair.stratum);
        ++tally.drawn[s];
        tally.reviewed[s] += pair.same.has_value();
        tally.same[s] += pair.same.value_or(false);
    }
    return from_tally(sample, tally);
}

}  // namespace sendhub::match
