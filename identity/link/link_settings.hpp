// link.toml: what a person settles for `sendhub link` once. Every key has a place here; a command-line option
// stands above it.
#pragma once

#include <filesystem>

#include "identity/link/presets.hpp"

namespace sendhub::identity::link {

struct LinkSettings {
    std::vector<std::string> ids;  // of --id
    std::string source;
    std::vector<std::pair<std::string, Role>> columns;
    std::optional<Purpose> purpose;
    std::optional<double> automatic, review;
    std::optional<std::size_t> max_cluster;
    std::vector<std::string> institutional_postcodes;  // "LS1 1AA"
    std::optional<std::uint64_t> seed;
    std::optional<unsigned> threads;
    std::optional<char> delimiter;
    std::optional<std::uint64_t> header_row;
};

// All faults at once, one a line: file, line, column and what is wrong.
Result<LinkSettings> parse_link_settings(std::string_view toml, const std::string& name);
Result<LinkSettings> read_link_settings(const std::filesystem::path& path);

// The table of keys for docs/link.md (a test holds the page to it).
std::string link_settings_reference();

// "Given Name=forename" of --map.
Result<std::pair<std::string, Role>> parse_map(std::string_view text);
// All roles by name, for messages and the page.
std::vector<std::string_view> role_names();

}  // namespace sendhub::identity::link
