#include "hub/schedule/nights.hpp"

#include <simdjson.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>

#include "hub/base/files.hpp"
#include "hub/base/log.hpp"
#include "hub/base/time.hpp"
#include "hub/schedule/cron.hpp"

namespace sendhub::schedule {
namespace {

// When each thing runs next: "" is the night of every feed that has no schedule of its own.
using Plan = std::map<std::string, Micros>;

Result<Plan> plan_after(const config::Config& config, Micros after) {
    Plan plan;
    SENDHUB_ASSIGN(plan[""], next_after(config.schedule.nightly, after));
    for (const auto& feed : config.feeds)
        if (!feed.schedule.empty()) {
            SENDHUB_ASSIGN(plan[feed.id], next_after(feed.schedule, after));
        }
    return plan;
}

// When the last night began, from status.json; empty: none is known.
std::optional<Micros> last_night(const config::Config& config) {
    const auto text = read_file(config.hub.state / "status.json");
    if (!text) return std::nullopt;
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    simdjson::dom::array runs;
    if (parser.parse(*text).get(root) || root["runs"].get(runs)) return std::nullopt;
    for (const auto run : runs) {
        std::string_view kind, started;
        if (run["kind"].get(kind) || run["started_at"].get(started) || kind != "night") continue;
        return parse_time(started);
    }
    return std::nullopt;
}

}  // namespace

struct Nights::State {
    std::filesystem::path file;
    OnNightEvent tell;
    std::mutex mutex;
    std::condition_variable wake;
    config::Config config;
    Plan plan;
    bool planned_anew = false;
    std::stop_source stop;
    std::thread thread;

    void run() {
        std::unique_lock lock(mutex);
        while (!stop.stop_requested()) {
            const auto due = std::min_element(
                plan.begin(), plan.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
            const Micros now = now_micros();
            if (due->second > now) {
                // never longer than a minute: the clock of the machine may be set meanwhile
                planned_anew = false;
                wake.wait_for(lock,
                              std::chrono::microseconds(std::min<Micros>(due->second - now, 60'000'000)),
                              [&] { return stop.stop_requested() || planned_anew; });
                continue;
            }
            const std::string what = due->first;
            const config::Config settings = config;
            NightOptions options;
            if (!what.empty())
                options.feeds = {what};
            else
                for (const auto& feed : settings.feeds)
                    if (feed.schedule.empty()) options.feeds.push_back(feed.id);
            lock.unlock();
            log::info("night.begin", what.empty() ? "the night begins" : "a feed runs by its own schedule",
                      {{"feed", what}});
            const auto outcome = run_night(settings, options, tell, stop.get_token());
            if (outcome)
                log::info("night.end", "the night has ended",
                          {{"run_id", outcome->run_id},
                           {"exit_code", std::to_string(outcome->exit_code())},
                           {"seconds", std::to_string(outcome->seconds)}});
            else
                log::error("night.failed", outcome.error());
            lock.lock();
            // Settings may have been read anew meanwhile; a run never begins twice for one time.
            if (auto next = plan_after(config, std::max(now_micros(), now))) {
                const auto found = next->find(what);
                if (found != next->end())
                    plan[what] = found->second;
                else
                    plan.erase(what);
            } else {
                log::error("night.plan", next.error());
                plan[what] = now + 3'600'000'000;
            }
        }
    }
};

Nights::Nights(config::Config config, std::filesystem::path config_file, OnNightEvent tell)
    : state_(std::make_unique<State>()) {
    state_->config = std::move(config);
    state_->file = std::move(config_file);
    state_->tell = std::move(tell);
}
Nights::~Nights() { stop(); }

Status Nights::start() {
    State& s = *state_;
    const Micros now = now_micros();
    SENDHUB_ASSIGN(s.plan, plan_after(s.config, now));
    const auto cron = config::parse_cron(s.config.schedule.nightly);
    if (!cron) return fail(ErrorCode::settings, "schedule.nightly: " + cron.error().sentence);
    SENDHUB_ASSIGN(const bool missed,
                   missed_run_due(*cron, last_night(s.config), now, s.config.schedule.missed_run));
    if (missed) {
        log::warn("night.missed", "a night was missed while the hub was down; it is made up now");
        s.plan[""] = now;
    }
    log::info("night.planned", "the next night", {{"at", format_time(s.plan[""])}});
    s.thread = std::thread([&s] { s.run(); });
    return {};
}

Status Nights::reload() {
    State& s = *state_;
    auto loaded = config::load_config(s.file);
    if (!loaded) return fail(config::to_error(loaded.error()));
    SENDHUB_ASSIGN(Plan plan, plan_after(*loaded, now_micros()));
    const std::lock_guard lock(s.mutex);
    s.config = std::move(*loaded);
    s.plan = std::move(plan);
    s.planned_anew = true;
    s.wake.notify_one();
    return {};
}

void Nights::stop() {
    State& s = *state_;
    s.stop.request_stop();
    {
        const std::lock_guard lock(s.mutex);
        s.wake.notify_one();
    }
    if (s.thread.joinable()) s.thread.join();
}

}  // namespace sendhub::schedule
