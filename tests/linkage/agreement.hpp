// How far two ways to put the same records into people agree: over the pairs of records that either joins.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tests/linkage/evaluate.hpp"

namespace sendhub::linkage {

struct Agreement {
    std::uint64_t both = 0;                           // pairs that both join
    std::vector<RecordPair> only_first, only_second;  // ascending
    [[nodiscard]] double share() const;               // 1 where neither joins anything
};

// Clusters by record: any numbers.
Agreement agreement(std::span<const std::uint32_t> first, std::span<const std::uint32_t> second);

}  // namespace sendhub::linkage
