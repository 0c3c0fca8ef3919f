// What a plugin says about itself, as plain values. The daemon learns it from a child process and never loads
// a plugin into itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "hub/config/plugin_settings.hpp"

namespace sendhub::handover {

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
    std::vector<config::DeclaredSetting> settings;
    std::vector<RecordDescription> records;  // connector only
};

[[nodiscard]] std::string to_json(const PluginDescription& description);
[[nodiscard]] Result<PluginDescription> parse_description(std::string_view json);

}  // namespace sendhub::handover
