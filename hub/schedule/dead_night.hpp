// What is noted about a nightly run that could not end itself.
#pragma once

#include <chrono>
#include <string_view>

#include "base/error.hpp"
#include "hub/config/config.hpp"

namespace sendhub::schedule {

inline constexpr std::chrono::milliseconds kNoteGrace{30'000};  // to open the store and note it

inline constexpr std::string_view kStoppedSentence =
    "the hub was stopped during this run; what was imported stays, and the next night takes up the rest";

// Takes hub.lock, ends every run that still counts as running as failed, and writes status.json. When none
// does, the night had not begun: then a run of kind night is noted with the sentence.
[[nodiscard]] Status note_dead_night(const config::Config& config, std::string_view error_code,
                                     std::string_view sentence);

}  // namespace sendhub::schedule
