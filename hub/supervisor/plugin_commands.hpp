// What `sendhub plugin list | describe | check` print. Each returns the exit code: 0 well, 1 not.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string_view>

namespace sendhub::supervisor {

int plugin_list(const std::filesystem::path& folder, bool json, std::ostream& out,
                const std::filesystem::path& worker = "/proc/self/exe");
// which: a path to a .so, or the name of a plugin of the folder.
int plugin_describe(std::string_view which, const std::filesystem::path& folder, bool json, std::ostream& out,
                    const std::filesystem::path& worker = "/proc/self/exe");
int plugin_check(const std::filesystem::path& path, bool json, std::ostream& out,
                 const std::filesystem::path& worker = "/proc/self/exe");

}  // namespace sendhub::supervisor
