// One night: fetch and stage every feed in worker processes, import each batch as it comes, match, publish.
// One at a time: it holds hub.lock. A feed that fails costs itself only; what others brought is published.
// Whatever step a night dies at, the next one takes up what is on disk and ends as an undisturbed one would.
//
//   auto outcome = schedule::run_night(config, {.feeds = {"cme"}}, [](const NightEvent& e) { print(e); });
//
// Crash points: night.after_fetch, night.after_stage, night.before_match, night.before_publish,
// night.before_end.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "hub/config/config.hpp"
#include "hub/match/run.hpp"
#include "hub/publish/publish.hpp"
#include "hub/store/health.hpp"
#include "hub/store/ledger.hpp"

namespace sendhub::schedule {

struct NightOptions {
    std::vector<std::string> feeds;                   // empty: all
    std::filesystem::path binary = "/proc/self/exe";  // the worker, and where ../plugins is looked for
};

// What a person may be told while it runs. No personal data: feeds, counts and sentences of ours.
struct NightEvent {
    enum class Kind { feed_step, feed_progress, feed_done, step } kind;
    std::string feed;      // empty for step
    std::string sentence;  // such as "12 new files, 18.2 MB"
    std::string state;     // feed_done: ok, held, failed …
};
using OnNightEvent = std::function<void(const NightEvent&)>;

struct FeedResult {
    std::string feed;
    std::string state;     // as in the table run
    std::string sentence;  // empty when all is well
    std::string error_code;
    std::string batch_id;
    std::int64_t files = 0, bytes = 0, received = 0, accepted = 0, rejected = 0, unchanged = 0, closed = 0;
    std::int64_t superseded = 0, kept_open = 0;
    std::vector<store::RunFile>
        files_seen;      // left at the source, duplicate or refused; for the operator alone
    double seconds = 0;  // fetch, stage and import
};

struct NightOutcome {
    std::string run_id;
    std::vector<FeedResult> feeds;
    match::MatchOutcome match;
    publish::PublishOutcome publication;
    store::Health health;  // of what this night did, with the batches that wait for a person
    double seconds = 0, match_seconds = 0, publish_seconds = 0;

    [[nodiscard]] int exit_code() const { return health.exit_code; }
};

[[nodiscard]] Result<NightOutcome> run_night(const config::Config& config, const NightOptions& options,
                                             const OnNightEvent& tell, std::stop_token stop = {});

// Lets a held batch through (`sendhub batch approve`), then matches and publishes. by: who decided.
[[nodiscard]] Result<NightOutcome> approve_and_publish(const config::Config& config,
                                                       std::string_view batch_id, std::string_view by,
                                                       const OnNightEvent& tell);

// Takes a batch back (`sendhub batch undo`), reads again what was set aside because of it, then matches and
// publishes. scope: one scope of it; empty: all.
[[nodiscard]] Result<NightOutcome> undo_and_publish(const config::Config& config, std::string_view batch_id,
                                                    std::string_view scope, std::string_view by,
                                                    const OnNightEvent& tell);

struct ReplayOptions {
    std::string feed;
    std::string file;               // as its name was shown; empty: every file, as a clean hub would
    bool closing_is_right = false;  // every file: beyond the guard, too
};
// Reads landed files again with today's connector and settings (`sendhub replay`), without a fetch, then
// matches and publishes.
[[nodiscard]] Result<NightOutcome> replay_and_publish(const config::Config& config,
                                                      const ReplayOptions& options, const OnNightEvent& tell);

}  // namespace sendhub::schedule
