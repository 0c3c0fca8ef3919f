// The open cases of review (match_case): pairs that a person should look at, in order of the harm that a
// wrong guess would do.
#pragma once

#include "hub/match/tonight.hpp"

namespace sendhub::match {

// Returns how many wait for people without the right to sealed records. Pairs across a barrier are never
// among them.
Result<std::uint64_t> write_cases(duck::Connection& store, const Tonight& tonight);

}  // namespace sendhub::match
