// The worker processes of one night (private to this room): fetch, then stage, for each feed, two feeds at a
// time. Results come out in the order in which they are ready; the caller imports them.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "hub/config/config.hpp"
#include "hub/handover/job.hpp"
#include "hub/handover/outcome.hpp"
#include "hub/schedule/cron.hpp"

namespace sendhub::schedule {

// One feed, made ready: its plugins found, its settings checked, its secrets read.
struct ReadyFeed {
    const config::FeedConfig* feed = nullptr;
    handover::FetchJob fetch;
    handover::StageJob stage;  // batch_id and deliveries are filled once the fetch is done; with deliveries
                               // from the start nothing is fetched, and these are read again
};

struct FeedEvent {
    enum class Kind { fetched, progress, staged } kind;
    std::size_t feed;           // index into the ready feeds
    handover::Outcome outcome;  // fetched, staged
    handover::Progress progress;
    bool retrying = false;  // a passing fault; it will be tried again
};

class FeedRuns {
  public:
    struct Settings {
        std::filesystem::path binary;
        std::size_t at_once = 2;
        RetryPolicy retry;  // of a step that ends in a passing fault
    };
    FeedRuns(Settings settings, std::vector<ReadyFeed> feeds, std::stop_token stop);
    ~FeedRuns();

    // Begins; then next() until it says nothing: every feed has ended.
    void start();
    std::optional<FeedEvent> next();
    // After `fetched`: stage these deliveries, or (none) end the feed.
    void stage(std::size_t feed, std::string batch_id, std::vector<handover::Delivery> deliveries);
    void skip();  // one feed ends here

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sendhub::schedule
