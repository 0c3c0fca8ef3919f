// When the night, and each feed with a schedule of its own, runs next. The clocks are given, so that tests
// need not wait.
//
// The wall clock may be set while the hub runs: by hand, by the time service after a start with a wrong
// clock, or because the machine slept. It is compared with the steady clock; when they differ by more than a
// minute since the last look, every time is worked out again from the new one. A clock that was ahead and is
// set back therefore delays nothing. What a jump forward has passed over is made up once, or left out, as
// schedule.missed_run says.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "hub/config/config.hpp"

namespace sendhub::schedule {

struct Clocks {
    Micros wall = 0;
    Micros steady = 0;
};
Clocks read_clocks();

class DueTimes {
  public:
    struct Due {
        std::string feed;  // empty: the night of every feed that has no schedule of its own
        Micros at = 0;
    };

    // The night first, then the feeds in the order of the file.
    [[nodiscard]] static Result<DueTimes> plan(const config::Config& config, Clocks now);
    // The hub has just started: is a night to be made up now? last_night: when one last began.
    [[nodiscard]] Result<bool> make_up_missed_night(std::optional<Micros> last_night);

    // Call at least once a minute. How far the wall clock was moved since the last call; 0: it was not.
    [[nodiscard]] Result<Micros> follow(Clocks now);
    // What is due first.
    [[nodiscard]] const Due& first() const;
    // It ran: its next time. It never runs twice for one time.
    [[nodiscard]] Status ran(const Due& due, Micros wall);
    // When its time cannot be worked out.
    void put_off(const std::string& feed, Micros until);

    [[nodiscard]] const std::vector<Due>& all() const { return due_; }

  private:
    std::vector<Due> due_;
    std::vector<std::string> crons_;  // of each
    config::MissedRun missed_run_ = config::MissedRun::once;
    Clocks last_;
};

}  // namespace sendhub::schedule
