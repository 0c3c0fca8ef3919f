// Records that say too little to be joined with anything: even a copy of them would weigh less than the
// threshold.
#pragma once

#include "identity/engine/engine.hpp"

namespace sendhub::identity::link {

// Per record: the weight it would have with a copy of itself.
std::vector<float> weight_of_a_copy(const Engine& engine);

}  // namespace sendhub::identity::link
