// The daemon's clock: runs the night, and feeds with a schedule of their own, at their times in London, one
// at a time, on a thread of its own. A night that was missed while the hub was down is made up as the
// settings say.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "hub/base/error.hpp"
#include "hub/config/config.hpp"
#include "hub/schedule/night.hpp"

namespace sendhub::schedule {

class Nights {
  public:
    // config_file is read again by reload().
    Nights(config::Config config, std::filesystem::path config_file, OnNightEvent tell);
    Nights(const Nights&) = delete;
    Nights& operator=(const Nights&) = delete;
    ~Nights();  // stop()

    [[nodiscard]] Status start();
    // Reads hub.toml again: all of it holds from the next run on, or, when anything in it is wrong, none of
    // it. Any thread.
    [[nodiscard]] Status reload();
    // Asks a night that is running to stop at its next step, and waits for it.
    void stop();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sendhub::schedule
