// `sendhub link` as one more reader of the mutated files: a register of children by their columns' roles.
#pragma once

#include "tests/mutation/judge.hpp"

namespace sendhub::mutation {

// "lines 4, 9 and 12 more hold NUL characters": warnings for the lines that a sentence names.
void take_lines(const std::string& sentence, Outcome& out);

Feed link_feed();
Outcome read_link(const Feed& feed, const std::string& bytes);

}  // namespace sendhub::mutation
