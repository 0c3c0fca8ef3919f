// The assignment of rows to columns with the greatest sum of weights (the Hungarian method, cubic).
#pragma once

#include <cstdint>
#include <vector>

namespace sendhub::match {

__extension__ using Weight = __int128;  // several counts side by side, the first in the highest bits

// weight[row][column] ≥ 0; 0 is "nothing in common". Returns the column of each row, or -1.
std::vector<int> best_assignment(const std::vector<std::vector<Weight>>& weight);

}  // namespace sendhub::match
