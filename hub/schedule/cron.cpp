#include "hub/schedule/cron.hpp"

#include <date/date.h>
#include <date/tz.h>

#include <algorithm>

namespace sendhub::schedule {
namespace {

using std::chrono::microseconds;
using std::chrono::minutes;
using LocalMinute = date::local_time<minutes>;

Result<const date::time_zone*> london() {
    try {
        return date::locate_zone("Europe/London");
    } catch (const std::exception&) {
        return fail(ErrorCode::storage,
                    "the time zone Europe/London is not known to this machine; install tzdata");
    }
}

// The instant at which a local time runs: see the head of cron.hpp.
date::sys_time<microseconds> instant_of(const date::time_zone& zone, LocalMinute local) {
    const date::local_info info = zone.get_info(date::local_time<std::chrono::seconds>(local));
    if (info.result == date::local_info::nonexistent) return info.first.end;
    return date::sys_time<minutes>(local.time_since_epoch()) - info.first.offset;
}

// The library reads the listed clock changes of the tz data, which end in 2037, and not the rule behind them.
// The calendar repeats every 28 years (until 2100), so later years are worked out in the last cycle that is
// listed.
date::days cycles_past_2037(date::sys_time<microseconds> time) {
    constexpr date::days cycle(28 * 365 + 7);
    date::days shift(0);
    while (time - shift >= date::sys_days(date::year(2038) / 1 / 1)) shift += cycle;
    return shift;
}

}  // namespace

Result<Micros> next_after(const config::CronExpression& cron, Micros after) {
    SENDHUB_ASSIGN(const date::time_zone* zone, london());
    const date::days shift = cycles_past_2037(date::sys_time<microseconds>{microseconds(after)});
    const date::sys_time<microseconds> from{microseconds(after) - shift};
    // instant_of never falls as the local time rises, so the first local time that lies after `from` is the
    // answer.
    const auto first_day = date::floor<date::days>(zone->to_local(from));
    for (int offset = 0; offset < 50 * 366; ++offset) {
        const date::local_days day = first_day + date::days(offset);
        const date::year_month_day ymd(day);
        if (!cron.matches_day(unsigned(ymd.month()), unsigned(ymd.day()), date::weekday(day).c_encoding()))
            continue;
        for (unsigned hour = 0; hour < 24; ++hour) {
            if (!cron.hours.test(hour)) continue;
            for (unsigned minute = 0; minute < 60; ++minute) {
                if (!cron.minutes.test(minute)) continue;
                const auto instant = instant_of(*zone, day + std::chrono::hours(hour) + minutes(minute));
                if (instant > from) return microseconds((instant + shift).time_since_epoch()).count();
            }
        }
    }
    return fail(ErrorCode::settings, "the cron expression has no run within 50 years");
}

Result<Micros> next_after(std::string_view cron, Micros after) {
    const auto parsed = config::parse_cron(cron);
    if (!parsed)
        return fail(ErrorCode::settings,
                    "\"" + std::string(cron) + "\" is not a cron expression: at character " +
                        std::to_string(parsed.error().position) + ", " + parsed.error().sentence);
    return next_after(*parsed, after);
}

Result<bool> missed_run_due(const config::CronExpression& cron, std::optional<Micros> last_run, Micros now,
                            config::MissedRun policy) {
    if (policy == config::MissedRun::skip || !last_run) return false;
    SENDHUB_ASSIGN(const Micros next, next_after(cron, *last_run));
    return next <= now;
}

std::optional<std::chrono::milliseconds> wait_before_retry(RetryPolicy policy, std::int64_t retries_made,
                                                           double jitter) {
    if (retries_made >= policy.attempts) return std::nullopt;
    double wait = static_cast<double>(policy.first_wait_seconds);
    // The configured first wait may itself be longer than an hour; then it stays as it is.
    const double longest = std::max(3600.0, wait);
    for (std::int64_t i = 0; i < retries_made && wait < longest; ++i) wait *= 2;
    wait = std::min(wait, longest) * (0.75 + 0.5 * std::clamp(jitter, 0.0, 1.0));
    return std::chrono::milliseconds(static_cast<std::int64_t>(wait * 1000));
}

}  // namespace sendhub::schedule
