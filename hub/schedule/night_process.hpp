// The nightly run as a process of its own: whatever ends it (a crash in matching, memory that runs out, a
// signal) costs that run, never the daemon. `sendhub night` is the command behind it (hub/cli/night_command.cpp); it
// is not for people.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "hub/config/config.hpp"

namespace sendhub::schedule {

struct NightProcess {
    std::filesystem::path binary = "/proc/self/exe";
    std::vector<std::string> global_options;  // of the command line, such as --log-format json
};

// Runs these feeds, matches and publishes, with the settings as they were read; writes log lines to standard
// error. A run that died is noted in the store as failed, with the sentence that is also the Error. Asked to
// stop, it ends within a minute. Returns the exit code of the run. Call it on a thread that lasts as long as
// the run.
[[nodiscard]] Result<int> run_night_process(const NightProcess& process, const config::Config& config,
                                            const std::vector<std::string>& feeds, std::stop_token stop);

}  // namespace sendhub::schedule
