// Clusters that hang together by one weak pair: two groups of two or more records each, tied by a single pair
// that weighs much less than those within. They stay joined, and a person is asked.
#pragma once

#include "hub/match/engine/cluster.hpp"

namespace sendhub::match {

// Adds a case with Reason::weak_bridge to `clusters` for each (matching.md 10.4; bridges by Tarjan's
// algorithm).
void add_weak_bridges(const ClusterInput& input, Clusters& clusters);

}  // namespace sendhub::match
