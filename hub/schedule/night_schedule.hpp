// The daemon's schedule: runs the night, and feeds with a schedule of their own, at their times in London,
// one at a time. Each runs in a process of its own (night_process.hpp), so nothing that happens in it ends
// the daemon. A night that was missed while the hub was down is made up as the settings say.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "hub/config/config.hpp"

namespace sendhub::schedule {

// Runs these feeds, then matches and publishes: the exit code, or why it died.
using RunNight =
    std::function<Result<int>(const config::Config&, const std::vector<std::string>& feeds, std::stop_token)>;

class Nights {
  public:
    // config_file is read again by reload().
    Nights(config::Config config, std::filesystem::path config_file, RunNight run);
    Nights(const Nights&) = delete;
    Nights& operator=(const Nights&) = delete;
    ~Nights();  // stop()

    [[nodiscard]] Status start();
    // Reads hub.toml again: all of it applies from the next run on, or, when anything in it is wrong, none of
    // it. Logs the next times. Any thread.
    [[nodiscard]] Status reload();
    void ask_to_stop();  // a run ends at its next step; returns at once
    void stop();         // asks, and waits for the run to end

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sendhub::schedule
