// Asks a child process what a plugin says about itself, and lists the plugins of a folder.
#pragma once

#include <filesystem>
#include <vector>

#include "base/error.hpp"
#include "hub/handover/plugin_description.hpp"

namespace sendhub::supervisor {

// Starts `worker describe path` and waits for its answer, ten seconds at most. The plugin is checked as for a
// run; what keeps it from being loaded is the Error (code plugin). worker: the binary to start; tests give
// their own.
[[nodiscard]] Result<handover::PluginDescription> describe_plugin(
    const std::filesystem::path& path, const std::filesystem::path& worker = "/proc/self/exe");

struct PluginList {
    struct Item {
        std::filesystem::path path;
        handover::PluginDescription description;
    };
    struct Refusal {
        std::filesystem::path path;
        Error error;
    };
    std::filesystem::path folder;
    std::vector<Item> plugins;  // by name
    std::vector<Refusal> refused;
};

// Describes every *.so of a folder. Two plugins of one name are both refused.
[[nodiscard]] Result<PluginList> list_plugins(const std::filesystem::path& folder,
                                              const std::filesystem::path& worker = "/proc/self/exe");

}  // namespace sendhub::supervisor
