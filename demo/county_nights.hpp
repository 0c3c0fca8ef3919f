// The county a day later: about one child in a hundred changed.
#pragma once

#include "demo/county_model.hpp"

namespace sendhub::demo {

void pass_night(County& county, int night);

}  // namespace sendhub::demo
