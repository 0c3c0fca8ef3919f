// `sendhub link` as one more reader of the mutated files: a register of children by their columns' roles.
#pragma once

#include "tests/mutation/judge.hpp"

namespace sendhub::mutation {

Feed link_feed();
Outcome read_link(const Feed& feed, const std::string& bytes);

}  // namespace sendhub::mutation
