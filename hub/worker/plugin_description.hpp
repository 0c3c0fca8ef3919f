// What a plugin says about itself, as plain values. The daemon learns it from a child process and never loads
// a plugin into itself.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "hub/base/error.hpp"

namespace sendhub::worker {

struct SettingDescription {
    std::string name;
    std::string type;  // text integer number boolean date folder file
    std::string unit;
    std::string default_value;
    std::string meaning;
    bool required = false;
    bool secret = false;
    bool table = false;  // keys arrive as NAME.KEY
    bool list = false;   // joined by '\n'
};

struct RecordDescription {
    std::string name;
    std::vector<std::string> fields;  // in the order of the values of a row
};

enum class PluginKind { transport, connector };
std::string_view to_string(PluginKind kind);

struct PluginDescription {
    std::string name;
    std::string version;
    PluginKind kind = PluginKind::connector;
    std::string title;
    std::string summary;
    std::uint32_t abi_version = 0;
    std::vector<SettingDescription> settings;
    std::vector<RecordDescription> records;  // connector only
};

[[nodiscard]] std::string to_json(const PluginDescription& description);
[[nodiscard]] Result<PluginDescription> parse_description(std::string_view json);

// Starts `worker describe path` and waits for its answer, ten seconds at most. The plugin is checked as for a
// run; what keeps it from being loaded is the Error (code plugin). worker: the binary to start; tests give
// their own.
[[nodiscard]] Result<PluginDescription> describe_plugin(
    const std::filesystem::path& path, const std::filesystem::path& worker = "/proc/self/exe");

struct PluginList {
    struct Item {
        std::filesystem::path path;
        PluginDescription description;
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

}  // namespace sendhub::worker
