// The version of this hub, from the one place where it is written: project() in CMakeLists.txt.
#pragma once

#include <string_view>

namespace sendhub {

extern const std::string_view hub_version;

}  // namespace sendhub
