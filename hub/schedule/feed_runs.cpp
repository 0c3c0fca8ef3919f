#include "hub/schedule/feed_runs.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <random>
#include <thread>

#include "hub/schedule/cron.hpp"
#include "hub/supervisor/supervisor.hpp"

namespace sendhub::schedule {

namespace asio = boost::asio;

struct FeedRuns::State {
    Settings settings;
    std::vector<ReadyFeed> feeds;
    std::stop_token stop;

    // Only the thread that runs io touches these.
    asio::io_context io;
    supervisor::Supervisor supervisor{io, settings.binary};
    std::vector<std::int64_t> retries;  // made, of the step in hand
    std::mt19937_64 random{std::random_device{}()};
    std::deque<std::size_t> waiting;
    std::size_t active = 0;  // feeds between their fetch and their end

    std::mutex mutex;
    std::condition_variable ready;
    std::deque<FeedEvent> events;
    std::size_t open = 0;  // feeds that have not ended

    std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work{asio::make_work_guard(io)};
    std::optional<std::stop_callback<std::function<void()>>> on_stop;
    std::thread thread;

    State(Settings s, std::vector<ReadyFeed> f, std::stop_token t)
        : settings(std::move(s)),
          feeds(std::move(f)),
          stop(std::move(t)),
          retries(feeds.size(), 0),
          open(feeds.size()) {}

    void push(FeedEvent event) {
        const std::lock_guard lock(mutex);
        events.push_back(std::move(event));
        ready.notify_one();
    }
    void end_feed() {  // on io: one more may begin
        --active;
        begin_waiting();
        const std::lock_guard lock(mutex);
        --open;
        ready.notify_one();
    }
    void begin_waiting() {
        while (active < settings.at_once && !waiting.empty()) {
            const std::size_t feed = waiting.front();
            waiting.pop_front();
            ++active;
            if (feeds[feed].stage.deliveries.empty())
                fetch(feed);
            else
                run_stage(feed);
        }
    }
    void fetch(std::size_t feed) {
        supervisor.start(
            feeds[feed].fetch,
            [this, feed](const handover::Progress& p) { push({FeedEvent::Kind::progress, feed, {}, p}); },
            [this, feed](handover::Outcome outcome) {
                if (!again(feed, outcome, FeedEvent::Kind::fetched, [this, feed] { fetch(feed); }))
                    push({FeedEvent::Kind::fetched, feed, std::move(outcome), {}, false});
            });
    }
    void run_stage(std::size_t feed) {
        supervisor.start(
            feeds[feed].stage,
            [this, feed](const handover::Progress& p) { push({FeedEvent::Kind::progress, feed, {}, p}); },
            [this, feed](handover::Outcome outcome) {
                if (again(feed, outcome, FeedEvent::Kind::staged, [this, feed] { run_stage(feed); })) return;
                push({FeedEvent::Kind::staged, feed, std::move(outcome), {}, false});
                end_feed();
            });
    }
    // A passing fault is tried again after a wait that doubles; true when it will be.
    template <class Action>
    bool again(std::size_t feed, const handover::Outcome& outcome, FeedEvent::Kind kind, Action action) {
        if (outcome.state != handover::OutcomeState::retry || stop.stop_requested()) return false;
        const auto wait =
            wait_before_retry(settings.retry, retries[feed], std::uniform_real_distribution<>()(random));
        if (!wait) return false;
        // What the source asked for, but no longer than the hub itself would ever wait: an hour.
        const std::chrono::milliseconds asked(std::min<std::int64_t>(outcome.retry_after_ms, 3'600'000));
        ++retries[feed];
        push({kind, feed, outcome, {}, true});
        auto timer = std::make_shared<asio::steady_timer>(io, std::max(*wait, asked));
        timer->async_wait([timer, action](const boost::system::error_code&) { action(); });
        return true;
    }
};

FeedRuns::FeedRuns(Settings settings, std::vector<ReadyFeed> feeds, std::stop_token stop)
    : state_(std::make_unique<State>(std::move(settings), std::move(feeds), std::move(stop))) {}

FeedRuns::~FeedRuns() {
    state_->on_stop.reset();
    state_->work.reset();
    state_->io.stop();
    if (state_->thread.joinable()) state_->thread.join();
}

void FeedRuns::start() {
    State& s = *state_;
    for (std::size_t i = 0; i < s.feeds.size(); ++i) s.waiting.push_back(i);
    asio::post(s.io, [&s] { s.begin_waiting(); });
    s.on_stop.emplace(s.stop, [&s] { asio::post(s.io, [&s] { s.supervisor.cancel_all(); }); });
    s.thread = std::thread([&s] { s.io.run(); });
}

std::optional<FeedEvent> FeedRuns::next() {
    State& s = *state_;
    std::unique_lock lock(s.mutex);
    s.ready.wait(lock, [&] { return !s.events.empty() || s.open == 0; });
    if (s.events.empty()) return std::nullopt;
    FeedEvent event = std::move(s.events.front());
    s.events.pop_front();
    return event;
}

void FeedRuns::stage(std::size_t feed, std::string batch_id, std::vector<handover::Delivery> deliveries) {
    State& s = *state_;
    asio::post(s.io, [&s, feed, id = std::move(batch_id), d = std::move(deliveries)]() mutable {
        s.feeds[feed].stage.batch_id = std::move(id);
        s.feeds[feed].stage.deliveries = std::move(d);
        s.retries[feed] = 0;
        s.run_stage(feed);
    });
}

void FeedRuns::skip() {
    State& s = *state_;
    asio::post(s.io, [&s] { s.end_feed(); });
}

}  // namespace sendhub::schedule
