// hub.toml of the demo: the settings a council would write for these feeds.
#pragma once

#include <string>
#include <string_view>

namespace sendhub::demo {

std::string hub_toml(std::string_view as_at);

// A later night: what stands in the file stays, only publish.as_at moves on.
std::string with_as_at(std::string_view existing, std::string_view as_at);

}  // namespace sendhub::demo
