// How a hub is, in one word and one exit code. The one function that decides it is judge_health: `sync`,
// `status`, `batch …`, `replay` and /healthz/feeds all ask it, so they agree.
//
//   exit code 0  ok            all is well
//   exit code 3  needs_review  done, but a person must look
//   exit code 1  failed        a feed, the matching, the publication or the night failed, or a night died
//
// The states of runs and what each is worth are listed in docs/operate.md.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace sendhub::store {

struct Health {
    std::string state = "ok";          // ok, needs_review, failed
    int exit_code = 0;                 // 0, 3, 1
    std::vector<std::string> reasons;  // why it is not ok, worst first; names of feeds and states, no counts
};

struct HealthEvidence {
    std::vector<std::pair<std::string, std::string>> feeds;  // feed, state of its last run that has ended
    std::string match_state, publish_state, night_state;     // of the last run of that kind; empty: none yet
    bool published = false;                                  // there is a current publication
    std::size_t held_batches = 0;
    std::string died;  // a run that began and ended without a word: one sentence; empty: none
};

// The exit code that one state of a run is worth. A state that this version does not know needs review.
[[nodiscard]] int exit_code_of(std::string_view run_state);

[[nodiscard]] Health judge_health(const HealthEvidence& evidence);

// The health of the hub of a state folder, now: from its status.json, and from hub.lock, which shows whether
// a run that status.json calls running is still at work. Needs no store, so it answers during a night. A hub
// that has run nothing yet needs review. storage when status.json cannot be read.
[[nodiscard]] Result<Health> read_health(const std::filesystem::path& state_folder);

}  // namespace sendhub::store
