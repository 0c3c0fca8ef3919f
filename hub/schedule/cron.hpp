// When a cron expression (hub/config/cron_expression.hpp) runs next, by the clock on the wall in London, and
// what to do about runs that were missed or failed. Pure functions: the time now is always given.
//
// Clock changes. In March the hour from 01:00 does not exist: what was due in it runs at the first instant
// after it (02:00 BST), once. In October that hour comes twice: what is due in it runs in the first one only.
// An expression that runs several times an hour therefore rests for the second one.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"
#include "hub/config/config.hpp"
#include "hub/config/cron_expression.hpp"

namespace sendhub::schedule {

// The first run after that instant. storage: this machine has no time zone data. settings: none within 50
// years.
[[nodiscard]] Result<Micros> next_after(const config::CronExpression& cron, Micros after);
// The same from text. settings: the text is no cron expression; the sentence says where and why.
[[nodiscard]] Result<Micros> next_after(std::string_view cron, Micros after);

// Is a run to be made up now, when the hub has just started? last_run: when one last began; empty: never, and
// then nothing was missed. However many were missed, one is made up.
[[nodiscard]] Result<bool> missed_run_due(const config::CronExpression& cron, std::optional<Micros> last_run,
                                          Micros now, config::MissedRun policy);

// After a passing fault: how long to wait before trying again, or nothing when it was tried often enough.
// The wait doubles from the first one up to an hour; jitter (from 0 to 1, drawn by the caller) moves it by up
// to a quarter either way, so that feeds which failed together do not come back together.
struct RetryPolicy {
    std::int64_t attempts;  // after the first try
    std::int64_t first_wait_seconds;
};
[[nodiscard]] std::optional<std::chrono::milliseconds> wait_before_retry(RetryPolicy policy,
                                                                         std::int64_t retries_made,
                                                                         double jitter);

}  // namespace sendhub::schedule
