// How a night by hand is shown: its steps as they happen, and its outcome.
#pragma once

#include <unistd.h>

#include <cstdio>
#include <string>

#include "hub/schedule/night.hpp"

namespace sendhub::cli {

// One line a step; on a terminal also a line that changes while a feed runs.
class Teller {
  public:
    explicit Teller(bool quiet) : quiet_(quiet), terminal_(::isatty(STDOUT_FILENO) == 1) {}
    void operator()(const schedule::NightEvent& event) {
        using Kind = schedule::NightEvent::Kind;
        if (quiet_ || (event.kind == Kind::feed_progress && !terminal_)) return;
        const std::string what = event.kind == Kind::step ? "" : event.feed;
        std::string text = event.sentence;
        if (event.kind == Kind::feed_done)
            text = event.state + (event.sentence.empty() ? "" : ": " + event.sentence);
        std::printf("%s%-18s %s%s", terminal_ ? "\r\033[K" : "", what.c_str(), text.c_str(),
                    event.kind == Kind::feed_progress ? "" : "\n");
        std::fflush(stdout);
    }

  private:
    bool quiet_, terminal_;
};

// Prints the outcome; the exit code of the command.
int tell_outcome(const Result<schedule::NightOutcome>& outcome, bool json);

}  // namespace sendhub::cli
