// Judges clusters of records against the truth, end to end: a true pair that was never compared is a missed
// pair.
//   Evaluation e = evaluate(clusters, {.person = person});        // one number a record each
//   e.precision(), e.recall(), e.over_merged_per_100k()
// Sorting is the cost: O(n log n).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sendhub::linkage {

using RecordPair = std::pair<std::uint32_t, std::uint32_t>;

// Only `person` must be given. The others are by person, as long as the highest number of a person asks.
struct Truth {
    std::span<const std::uint32_t> person;  // of each record, any numbers from 0
    std::span<const std::uint64_t> slices;  // bit i: the person belongs to slice_names[i]
    std::span<const std::string> slice_names;
    std::span<const std::uint32_t> birth;  // twins and triplets have the same number; 0: born alone
};

// What a person sees beside the automatic links.
struct Pairs {
    std::span<const RecordPair> in_review;
    std::span<const RecordPair> sealed;  // the two sides of an adoption: must never meet
};

struct SliceResult {
    std::string name;
    std::uint64_t persons = 0, true_pairs = 0, found_pairs = 0, found_with_review = 0;
    std::uint64_t over_merged_persons = 0;
    double gap = 0;     // points of recall below the recall of everybody else; below 0: above it
    bool bias = false;  // the gap is over two points
};

// Two children of one birth in one cluster, by one record of each.
struct TwinMerge {
    std::uint32_t record_a, record_b;
};

struct Evaluation {
    std::uint64_t records = 0, persons = 0, clusters = 0;
    std::uint64_t true_pairs = 0, linked_pairs = 0, correct_pairs = 0;
    double bcubed_precision = 0, bcubed_recall = 0;
    std::uint64_t exact_persons = 0;         // all records of the person in one cluster, and nobody else's
    std::uint64_t split_persons = 0;         // records in two clusters or more
    std::uint64_t over_merged_clusters = 0;  // with records of two persons or more
    std::uint64_t over_merged_persons = 0;   // persons with a record in such a cluster
    std::uint64_t twin_pairs = 0;
    std::vector<TwinMerge> twin_merges;
    std::uint64_t sealed_pairs = 0, sealed_pairs_merged = 0, sealed_pairs_in_review = 0;
    // Review. Listed: the pairs themselves. Accepted: what hangs together once a person has said yes to each
    // true pair of the queue, since one yes joins two whole clusters.
    std::uint64_t review_pairs = 0, review_true_pairs = 0, review_twin_pairs = 0;
    std::uint64_t found_with_listed = 0, found_with_review = 0;
    std::vector<SliceResult> slices;

    [[nodiscard]] double precision() const;  // 1 when nothing is linked
    [[nodiscard]] double recall() const;     // 1 when there is nothing to link
    [[nodiscard]] double f1() const;
    [[nodiscard]] double bcubed_f1() const;
    [[nodiscard]] double exact_rate() const;  // of persons
    [[nodiscard]] double over_merged_per_100k()
        const;  // clusters of two persons or more, for 100,000 persons
    [[nodiscard]] double over_merged_persons_per_100k() const;  // persons that share a cluster with another
    [[nodiscard]] double recall_with_review() const;
    [[nodiscard]] double recall_with_listed() const;
    [[nodiscard]] double review_per_1000_records() const;
};

// The points of recall that a slice may lie below everybody else.
inline constexpr double bias_points = 2.0;

Evaluation evaluate(std::span<const std::uint32_t> clusters, const Truth& truth, const Pairs& pairs = {});

}  // namespace sendhub::linkage
