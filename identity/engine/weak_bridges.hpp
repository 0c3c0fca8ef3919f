// Clusters that hang together by one weak pair: two groups of two or more records each, tied by a single pair
// that weighs much less than those within. They stay joined, and a person is asked.
#pragma once

#include "identity/engine/cluster.hpp"

namespace sendhub::identity {

// Two groups of two: smaller clusters have none.
inline constexpr std::size_t smallest_with_weak_bridge = 4;

// Adds a case with Reason::weak_bridge for each of one cluster (matching.md 10.4; bridges by Tarjan's
// algorithm). `edges`: the numbers of its edges at or above review.
void add_weak_bridges(const ClusterInput& input, std::span<const std::uint32_t> members,
                      std::span<const std::uint32_t> edges, std::vector<Case>& cases);

}  // namespace sendhub::identity
