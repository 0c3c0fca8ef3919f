#include "hub/schedule/due_times.hpp"

#include <algorithm>
#include <chrono>

#include "hub/schedule/cron.hpp"

namespace sendhub::schedule {
namespace {

constexpr Micros kJump = 60'000'000;

}  // namespace

Clocks read_clocks() {
    using std::chrono::duration_cast;
    using std::chrono::microseconds;
    return {now_micros(),
            duration_cast<microseconds>(std::chrono::steady_clock::now().time_since_epoch()).count()};
}

Result<DueTimes> DueTimes::plan(const config::Config& config, Clocks now) {
    DueTimes out;
    out.missed_run_ = config.schedule.missed_run;
    out.last_ = now;
    const auto add = [&](const std::string& feed, const std::string& cron) -> Status {
        SENDHUB_ASSIGN(const Micros at, next_after(cron, now.wall));
        out.due_.push_back({feed, at});
        out.crons_.push_back(cron);
        return {};
    };
    SENDHUB_TRY(add("", config.schedule.nightly));
    for (const auto& feed : config.feeds)
        if (!feed.schedule.empty()) SENDHUB_TRY(add(feed.id, feed.schedule));
    return out;
}

Result<bool> DueTimes::make_up_missed_night(std::optional<Micros> last_night) {
    const auto cron = config::parse_cron(crons_.front());
    if (!cron) return fail(ErrorCode::settings, "schedule.nightly: " + cron.error().sentence);
    SENDHUB_ASSIGN(const bool missed, missed_run_due(*cron, last_night, last_.wall, missed_run_));
    if (missed) due_.front().at = last_.wall;
    return missed;
}

Result<Micros> DueTimes::follow(Clocks now) {
    const Micros moved = (now.wall - last_.wall) - (now.steady - last_.steady);
    last_ = now;
    if (std::abs(moved) <= kJump) return 0;
    for (std::size_t i = 0; i < due_.size(); ++i) {
        const bool passed_over = moved > 0 && due_[i].at <= now.wall;
        if (passed_over && missed_run_ == config::MissedRun::once) continue;
        SENDHUB_ASSIGN(due_[i].at, next_after(crons_[i], now.wall));
    }
    return moved;
}

const DueTimes::Due& DueTimes::first() const {
    return *std::min_element(due_.begin(), due_.end(),
                             [](const Due& a, const Due& b) { return a.at < b.at; });
}

Status DueTimes::ran(const Due& due, Micros wall) {
    for (std::size_t i = 0; i < due_.size(); ++i) {
        if (due_[i].feed != due.feed) continue;
        // A clock that the time service puts back by seconds must not bring the same time twice.
        const Micros after = due.at > wall && due.at - wall <= kJump ? due.at : wall;
        SENDHUB_ASSIGN(due_[i].at, next_after(crons_[i], after));
    }
    return {};
}

void DueTimes::put_off(const std::string& feed, Micros until) {
    for (Due& due : due_)
        if (due.feed == feed) due.at = until;
}

}  // namespace sendhub::schedule
