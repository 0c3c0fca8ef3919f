// How often each level of each comparison is met among the pairs that the engine kept: when these shares move
// away from those at training, the feeds have changed under the model.
#pragma once

#include <string>
#include <vector>

#include "identity/engine/engine.hpp"

namespace sendhub::match {

struct LevelShare {
    std::string comparison, level;
    double share = 0;  // of the pairs at or above review where both sides have a value
};

std::vector<LevelShare> level_shares(const identity::Engine& engine);

}  // namespace sendhub::match
