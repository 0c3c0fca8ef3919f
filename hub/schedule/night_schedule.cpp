#include "hub/schedule/night_schedule.hpp"

#include <simdjson.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "base/files.hpp"
#include "base/guarded.hpp"
#include "base/log.hpp"
#include "base/time.hpp"
#include "hub/schedule/due_times.hpp"

namespace sendhub::schedule {
namespace {

constexpr Micros kMinute = 60'000'000;

// When the last night began, from status.json; empty: none is known. A run from a time to come was begun
// while the clock was wrong.
std::optional<Micros> last_night(const config::Config& config, Micros now) {
    const auto text = read_file(config.hub.state / "status.json");
    if (!text) return std::nullopt;
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    simdjson::dom::array runs;
    if (parser.parse(*text).get(root) || root["runs"].get(runs)) return std::nullopt;
    for (const auto run : runs) {
        std::string_view kind, started;
        if (run["kind"].get(kind) || run["started_at"].get(started) || kind != "night") continue;
        const auto time = parse_time(started);
        if (time && *time <= now) return time;
    }
    return std::nullopt;
}

void log_next_times(const DueTimes& due) {
    for (const auto& one : due.all())
        log::info("night.planned", one.feed.empty() ? "the next night" : "the next run of a feed",
                  {{"feed", one.feed}, {"at", format_time(one.at)}});
}

}  // namespace

struct Nights::State {
    std::filesystem::path file;
    RunNight run_night;
    std::mutex mutex;
    std::condition_variable wake;
    config::Config config;
    std::optional<DueTimes> due;
    bool planned_anew = false;
    std::stop_source stop;
    std::thread thread;

    void run() {
        std::unique_lock lock(mutex);
        while (!stop.stop_requested()) {
            follow_clock();
            const DueTimes::Due next = due->first();
            const Micros wait = next.at - now_micros();
            if (wait > 0) {
                planned_anew = false;
                wake.wait_for(lock, std::chrono::microseconds(std::min(wait, kMinute)),
                              [&] { return stop.stop_requested() || planned_anew; });
                continue;
            }
            const config::Config settings = config;
            lock.unlock();
            run_one(settings, next.feed);
            lock.lock();
            follow_clock();
            if (const auto planned = due->ran(next, now_micros()); !planned)
                put_off(next.feed, planned.error());
        }
    }

    void run_one(const config::Config& settings, const std::string& feed) {
        std::vector<std::string> feeds;
        if (!feed.empty())
            feeds = {feed};
        else
            for (const auto& one : settings.feeds)
                if (one.schedule.empty()) feeds.push_back(one.id);
        log::info("night.begin", feed.empty() ? "the night begins" : "a feed runs by its own schedule",
                  {{"feed", feed}});
        const auto code =
            guarded("the nightly run", [&] { return run_night(settings, feeds, stop.get_token()); });
        if (code)
            log::info("night.end", "the night has ended", {{"exit_code", std::to_string(*code)}});
        else
            log::error("night.failed", code.error());
    }

    void follow_clock() {
        const auto moved = due->follow(read_clocks());
        if (!moved) return put_off("", moved.error());
        if (*moved == 0) return;
        log::warn("night.clock", "the clock of the machine was set; the next times are worked out again",
                  {{"seconds", std::to_string(*moved / 1'000'000)}});
        log_next_times(*due);
    }

    void put_off(const std::string& feed, const Error& why) {
        log::error("night.plan", why);
        due->put_off(feed, now_micros() + 60 * kMinute);
    }
};

Nights::Nights(config::Config config, std::filesystem::path config_file, RunNight run)
    : state_(std::make_unique<State>()) {
    state_->config = std::move(config);
    state_->file = std::move(config_file);
    state_->run_night = std::move(run);
}
Nights::~Nights() { stop(); }

Status Nights::start() {
    State& s = *state_;
    const Clocks now = read_clocks();
    SENDHUB_ASSIGN(DueTimes due, DueTimes::plan(s.config, now));
    SENDHUB_ASSIGN(const bool missed, due.make_up_missed_night(last_night(s.config, now.wall)));
    if (missed) log::warn("night.missed", "a night was missed while the hub was down; it is made up now");
    log_next_times(due);
    s.due = std::move(due);
    s.thread = std::thread([&s] { s.run(); });
    return {};
}

Status Nights::reload() {
    State& s = *state_;
    auto loaded = config::load_config(s.file);
    if (!loaded) return fail(config::to_error(loaded.error()));
    const std::lock_guard lock(s.mutex);
    if (loaded->hub.state != s.config.hub.state)
        return fail(ErrorCode::settings, s.file.string() +
                                             ": hub.state has changed; stop the hub and start it again, the "
                                             "other settings are not taken over either");
    SENDHUB_ASSIGN(DueTimes due, DueTimes::plan(*loaded, read_clocks()));
    log_next_times(due);
    s.config = std::move(*loaded);
    s.due = std::move(due);
    s.planned_anew = true;
    s.wake.notify_one();
    return {};
}

void Nights::ask_to_stop() {
    State& s = *state_;
    s.stop.request_stop();
    const std::lock_guard lock(s.mutex);
    s.wake.notify_one();
}

void Nights::stop() {
    ask_to_stop();
    if (state_->thread.joinable()) state_->thread.join();
}

}  // namespace sendhub::schedule
