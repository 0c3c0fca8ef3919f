// The two plugins of a feed and the settings each gets: what a night needs before it starts a worker, and
// what `sendhub config check` asks beforehand.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "hub/base/error.hpp"
#include "hub/config/config.hpp"
#include "hub/worker/plugin_description.hpp"

namespace sendhub::schedule {

struct FeedPlugins {
    std::filesystem::path transport, connector;
    std::map<std::string, std::string> fetch, settings;  // checked, defaults in place, secrets read
};

// The plugins of the folder that the settings name. binary: describes them, and says where ../plugins is.
[[nodiscard]] Result<worker::PluginList> plugins_of(const config::Config& config,
                                                    const std::filesystem::path& binary = "/proc/self/exe");

// A plugin that is not there or was refused, and every fault of its settings, is the Error.
[[nodiscard]] Result<FeedPlugins> plugins_of_feed(const config::Config& config,
                                                  const config::FeedConfig& feed,
                                                  const worker::PluginList& plugins);

}  // namespace sendhub::schedule
