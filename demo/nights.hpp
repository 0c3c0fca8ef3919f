// The county a day later: about one child in a hundred changed.
#pragma once

#include "demo/model.hpp"

namespace sendhub::demo {

void pass_night(County& county, int night);

}  // namespace sendhub::demo
