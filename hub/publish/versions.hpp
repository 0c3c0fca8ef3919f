// The folder of versions: names, the switch of `current`, and what may go.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"

namespace sendhub::publish {

// The version that `current` points to; empty when there is none yet.
std::string current_version(const std::filesystem::path& published);
// <yyyymmddThhmmssZ>, plus -2, -3 … when versions, good or failed, of this second are there.
[[nodiscard]] Result<std::string> free_version(const std::filesystem::path& published, Micros now);
[[nodiscard]] Status switch_current(const std::filesystem::path& published, const std::string& version);
// Folders that a killed run left half written.
[[nodiscard]] Status remove_unfinished(const std::filesystem::path& published);
// Keeps the newest `keep` versions and the current one, and the newest two failed ones; of those made before
// `withdrawn_before` (a version's time; empty: none) only the current one.
[[nodiscard]] Status prune_versions(const std::filesystem::path& published, int keep,
                                    std::string_view withdrawn_before = {});

}  // namespace sendhub::publish
