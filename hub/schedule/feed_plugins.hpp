// The two plugins of a feed and the settings each gets: what a night needs before it starts a worker.
// Checking them is hub/schedule/feed_check.hpp.
#pragma once

#include <expected>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "hub/config/config.hpp"
#include "hub/config/plugin_settings.hpp"
#include "hub/supervisor/describe_plugin.hpp"

namespace sendhub::schedule {

struct FeedPlugins {
    std::filesystem::path transport, connector;
    std::map<std::string, std::string> fetch, settings;  // checked, defaults in place, secrets read
};

// The plugins of the folder that the settings name. binary: describes them, and says where ../plugins is.
[[nodiscard]] Result<supervisor::PluginList> plugins_of(
    const config::Config& config, const std::filesystem::path& binary = "/proc/self/exe");

// A plugin that is not there or was refused, and every fault of its settings, is the Error (code settings).
[[nodiscard]] Result<FeedPlugins> plugins_of_feed(const config::Config& config,
                                                  const config::FeedConfig& feed,
                                                  const supervisor::PluginList& plugins);

// One of the two, with its faults at their places.
struct ReadyPlugin {
    std::filesystem::path path;
    std::map<std::string, std::string> settings;
};
[[nodiscard]] std::expected<ReadyPlugin, std::vector<config::ConfigError>> ready_plugin(
    const config::Config& config, const config::FeedConfig& feed, config::PluginPart part,
    const supervisor::PluginList& plugins);

}  // namespace sendhub::schedule
