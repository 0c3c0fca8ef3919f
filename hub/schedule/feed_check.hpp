// What `sendhub config check` finds beyond the form of hub.toml: it opens each feed's transport and connector
// with their settings, as a night does, and closes them again; and it reads the council's own datasets.
#pragma once

#include <filesystem>
#include <vector>

#include "base/error.hpp"
#include "hub/config/config.hpp"

namespace sendhub::schedule {

// Every fault, in no order. The Error: the plugins could not be listed at all.
[[nodiscard]] Result<std::vector<config::ConfigError>> check_feeds(
    const config::Config& config, const std::filesystem::path& binary = "/proc/self/exe");

// Those of <folder of hub.toml>/datasets; each names its own file.
[[nodiscard]] std::vector<config::ConfigError> check_own_datasets(const config::Config& config);

}  // namespace sendhub::schedule
