// Loads a plugin, and refuses before anything of it runs: file, platform, entry, owner and permissions; then,
// loaded, the ABI range, the kind, the slots of that kind, and the description. Every refusal is one sentence
// with the path, what was found, what was wanted and what to do. For the worker only: the daemon never loads
// a plugin.
#pragma once

#include <sendhub/abi/connector.h>
#include <sendhub/abi/transport.h>

#include <filesystem>
#include <span>

#include "base/error.hpp"
#include "hub/handover/plugin_description.hpp"

namespace sendhub::worker {

// Are these the bytes of a shared library of this platform (x86-64, 64 bit, little endian, ET_DYN) that
// exports symbol? Reads the dynamic symbol table itself, within bounds; nothing is run. Why not, or empty.
[[nodiscard]] std::string why_not_a_library(std::span<const unsigned char> bytes, std::string_view symbol);

// A table as this hub knows it: what an older, shorter one lacks is zero.
struct LoadedPlugin {
    shp_plugin table{};
    shp_connector connector{};  // of a connector
    shp_transport transport{};  // of a transport
    handover::PluginDescription description;
};

// The library stays loaded until the process ends. The bytes that were checked are the bytes that are loaded
// (a sealed copy of them), whatever happens to the file meanwhile. From the moment it runs, the process may
// write no file of more than output_mb.
[[nodiscard]] Result<LoadedPlugin> load_plugin(const std::filesystem::path& path, std::int64_t output_mb);

// Checks a table and what it says; load_plugin's second half.
[[nodiscard]] Result<LoadedPlugin> read_table(const shp_plugin* table, const std::string& path);

}  // namespace sendhub::worker
