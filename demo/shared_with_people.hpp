// What the county shares with the generator of people: random numbers, days, made-up identifiers, writing text.
#pragma once

#include "identity/testing/day.hpp"
#include "identity/testing/made_numbers.hpp"
#include "identity/testing/rng.hpp"
#include "identity/testing/written_text.hpp"

namespace sendhub::demo {

// the county has no such names of its own
using namespace identity::testing;  // NOLINT(google-build-using-namespace)

}  // namespace sendhub::demo
