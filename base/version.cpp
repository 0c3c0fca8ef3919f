#include "base/version.hpp"

namespace sendhub {

const std::string_view hub_version = SENDHUB_VERSION;

}  // namespace sendhub
