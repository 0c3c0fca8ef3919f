#include "hub/schedule/night.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "base/crash_point.hpp"
#include "base/files.hpp"
#include "base/guarded.hpp"
#include "base/log.hpp"
#include "base/mask.hpp"
#include "base/version.hpp"
#include "hub/handover/deliveries.hpp"
#include "hub/schedule/dead_night.hpp"
#include "hub/schedule/feed_plugins.hpp"
#include "hub/schedule/feed_runs.hpp"
#include "hub/store/approve.hpp"
#include "hub/store/import.hpp"
#include "hub/store/ledger.hpp"
#include "hub/store/staged_batch.hpp"
#include "hub/store/store.hpp"
#include "hub/store/undo.hpp"
#include "hub/supervisor/describe_plugin.hpp"
#include "hub/supervisor/supervisor.hpp"

namespace sendhub::schedule {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

std::string bytes_text(std::uint64_t bytes) {
    char text[32];
    if (bytes >= 1'000'000)
        std::snprintf(text, sizeof text, "%.1f MB", static_cast<double>(bytes) / 1e6);
    else
        std::snprintf(text, sizeof text, "%.1f kB", static_cast<double>(bytes) / 1e3);
    return text;
}

// The store, the lock and the names that every step of a night needs.
class Night {
  public:
    Night(const config::Config& config, const OnNightEvent& tell) : config_(config), tell_(tell) {}

    Status open() {
        const fs::path& state = config_.hub.state;
        SENDHUB_TRY(open_state_folder(state));
        for (const char* folder : {"landing", "staging", "published"})
            SENDHUB_TRY(make_folder(state / folder));
        SENDHUB_ASSIGN(FileLock lock, FileLock::acquire(state / "hub.lock"));
        lock_.emplace(std::move(lock));
        SENDHUB_ASSIGN(store::Store opened, store::Store::open(state / "hub.duckdb"));
        store_ = std::make_unique<store::Store>(std::move(opened));
        SENDHUB_ASSIGN(const std::int64_t abandoned, store::end_abandoned_runs(*store_, now_micros()));
        if (abandoned > 0)
            log::warn("night.recovered",
                      "an earlier run had died; it is noted as failed and its work is taken up again",
                      {{"runs", std::to_string(abandoned)}});
        SENDHUB_TRY(supervisor::remove_unfinished_batches(state / "staging"));
        return remove_unrecorded_batches();
    }

    Status export_status() {
        std::vector<std::string> feeds;
        for (const auto& feed : config_.feeds) feeds.push_back(feed.id);
        return store::export_status(*store_, config_.hub.state / "status.json",
                                    {config_.hub.name, std::string(hub_version), feeds}, now_micros());
    }

    Result<std::string> begin(std::string_view kind, std::string_view feed = {}) {
        return store::begin_run(*store_, kind, feed, now_micros());
    }
    Status end(std::string_view run, const store::RunEnd& end) {
        SENDHUB_TRY(store::end_run(*store_, run, end, now_micros()));
        return export_status();
    }

    Status collect_feeds(const NightOptions& options, std::stop_token stop, NightOutcome& out);
    // Stages and imports landed deliveries without a fetch. all: they are every delivery of the feed;
    // imported as a clean hub would, beyond the guard when closing_is_right.
    Status read_again(const config::FeedConfig& feed, std::vector<handover::Delivery> deliveries, bool all,
                      bool closing_is_right, NightOutcome& out);
    Status match_and_publish(std::stop_token stop, NightOutcome& out);

    store::Store& store() { return *store_; }
    void say(std::string sentence) const { tell_({NightEvent::Kind::step, "", std::move(sentence), ""}); }

  private:
    // A batch that was staged but not yet imported when a night died: its deliveries still wait, so it is
    // made again.
    Status remove_unrecorded_batches() {
        std::error_code error;
        for (const auto& entry : fs::directory_iterator(config_.hub.state / "staging", error)) {
            const std::string name = entry.path().filename().string();
            if (!entry.is_directory() || name.ends_with(".failed")) continue;
            SENDHUB_ASSIGN(const std::int64_t known,
                           store_->connection().count("select count(*) from batch where batch_id = ?",
                                                      {std::string_view(name)}));
            if (known == 0) fs::remove_all(entry.path(), error);
            if (error)
                return fail(ErrorCode::storage,
                            "could not remove " + entry.path().string() + ": " + error.message());
        }
        return {};
    }

    [[nodiscard]] Result<ReadyFeed> prepare(const config::FeedConfig& feed,
                                            const supervisor::PluginList& plugins) const;
    Status make_ready(const NightOptions& options, std::vector<ReadyFeed>& ready);
    Status on_fetched(FeedEvent& event, FeedRuns& runs);
    Status on_staged(FeedEvent& event);
    std::string batch_id_for(const std::string& feed);

    struct Running {
        const config::FeedConfig* feed;
        std::string run_id;
        Clock::time_point begun;
        FeedResult result;
        store::FeedEvidence evidence;
        bool all_again = false, closing_is_right = false;  // replay of every file
    };
    Status end_feed(Running& r);

    const config::Config& config_;
    const OnNightEvent& tell_;
    std::optional<FileLock> lock_;
    std::unique_ptr<store::Store> store_;
    std::vector<Running> running_;
    NightOutcome* out_ = nullptr;
};

std::string Night::batch_id_for(const std::string& feed) {
    const std::string base = feed + "-" + format_compact_time(now_micros());
    std::string id = base;
    for (int n = 2; fs::exists(config_.hub.state / "staging" / id) ||
                    fs::exists(config_.hub.state / "staging" / (id + ".failed"));
         ++n)
        id = base + "-" + std::to_string(n);
    return id;
}

Result<ReadyFeed> Night::prepare(const config::FeedConfig& feed,
                                 const supervisor::PluginList& plugins) const {
    ReadyFeed r;
    r.feed = &feed;
    SENDHUB_ASSIGN(FeedPlugins found, plugins_of_feed(config_, feed, plugins));
    const handover::Limits limits{feed.limits};
    const fs::path landing = config_.hub.state / "landing" / feed.id;
    r.fetch = {feed.id, std::move(found.transport), std::move(found.fetch), landing, limits};
    r.stage = {feed.id,
               std::move(found.connector),
               std::move(found.settings),
               landing,
               "",
               config_.hub.state / "staging",
               {},
               limits};
    return r;
}

Status stop_asked(const std::stop_token& stop) {
    if (!stop.stop_requested()) return {};
    return fail(ErrorCode::retry, std::string(kStoppedSentence));
}

// Finds the plugins and checks the settings of every feed; one that is not ready has failed, the others go
// on.
Status Night::make_ready(const NightOptions& options, std::vector<ReadyFeed>& ready) {
    SENDHUB_ASSIGN(const supervisor::PluginList plugins, plugins_of(config_, options.binary));
    for (const auto& feed : config_.feeds) {
        if (!options.feeds.empty() &&
            std::find(options.feeds.begin(), options.feeds.end(), feed.id) == options.feeds.end())
            continue;
        SENDHUB_ASSIGN(std::string run, begin("feed", feed.id));
        running_.push_back({&feed, run, Clock::now(), {}, {}, false, false});
        running_.back().result.feed = feed.id;
        auto made = prepare(feed, plugins);
        if (made) {
            ready.push_back(std::move(*made));
            continue;
        }
        running_.back().evidence.failure = made.error();
        SENDHUB_TRY(end_feed(running_.back()));
        running_.pop_back();  // the index of a running feed is its index in `ready`
    }
    return {};
}

Status Night::collect_feeds(const NightOptions& options, std::stop_token stop, NightOutcome& out) {
    for (const auto& id : options.feeds)
        if (!config_.find_feed(id))
            return fail(ErrorCode::usage, "there is no feed " + id + " in " + config_.file.string());
    out_ = &out;
    std::vector<ReadyFeed> ready;
    SENDHUB_TRY(make_ready(options, ready));
    SENDHUB_TRY(export_status());
    FeedRuns runs(
        {options.binary, 2, {config_.schedule.retry_attempts, config_.schedule.retry_first_wait_seconds}},
        std::move(ready), stop);
    runs.start();
    while (auto event = runs.next()) {
        Running& r = running_[event->feed];
        if (event->kind == FeedEvent::Kind::progress) {
            const auto& c = event->progress.counts;
            tell_({NightEvent::Kind::feed_progress, r.feed->id,
                   std::to_string(c.rows_received) + " records, " + bytes_text(c.bytes), ""});
        } else if (event->retrying) {
            tell_({NightEvent::Kind::feed_step, r.feed->id,
                   event->outcome.sentence + "; it will be tried again", ""});
        } else if (event->kind == FeedEvent::Kind::fetched) {
            SENDHUB_TRY(on_fetched(*event, runs));
        } else {
            SENDHUB_TRY(on_staged(*event));
        }
    }
    return stop_asked(stop);
}

Status Night::read_again(const config::FeedConfig& feed, std::vector<handover::Delivery> deliveries, bool all,
                         bool closing_is_right, NightOutcome& out) {
    out_ = &out;
    SENDHUB_ASSIGN(const std::string run, begin("feed", feed.id));
    SENDHUB_TRY(export_status());
    running_.push_back({&feed, run, Clock::now(), {}, {}, all, closing_is_right});
    Running& r = running_.back();
    r.result.feed = feed.id;
    r.result.files = static_cast<std::int64_t>(deliveries.size());
    for (const auto& delivery : deliveries) r.result.bytes += static_cast<std::int64_t>(delivery.bytes);
    r.evidence.new_deliveries = r.result.files;
    SENDHUB_ASSIGN(const supervisor::PluginList plugins, plugins_of(config_));
    auto made = prepare(feed, plugins);
    if (!made) {
        r.evidence.failure = made.error();
        return end_feed(r);
    }
    tell_({NightEvent::Kind::feed_step, feed.id,
           std::to_string(deliveries.size()) + (deliveries.size() == 1 ? " file, " : " files, ") +
               bytes_text(static_cast<std::uint64_t>(r.result.bytes)) + ", read again",
           ""});
    made->stage.batch_id = r.result.batch_id = batch_id_for(feed.id);
    made->stage.deliveries = std::move(deliveries);
    std::vector<ReadyFeed> ready;
    ready.push_back(std::move(*made));
    FeedRuns runs(
        {"/proc/self/exe", 1, {config_.schedule.retry_attempts, config_.schedule.retry_first_wait_seconds}},
        std::move(ready), {});
    runs.start();
    while (auto event = runs.next())
        if (event->kind == FeedEvent::Kind::staged && !event->retrying) SENDHUB_TRY(on_staged(*event));
    return {};
}

Status Night::on_fetched(FeedEvent& event, FeedRuns& runs) {
    Running& r = running_[event.feed];
    const auto& counts = event.outcome.counts;
    r.evidence.duplicates = static_cast<std::int64_t>(counts.duplicates + counts.known);
    r.evidence.left = static_cast<std::int64_t>(counts.skipped);
    auto give_up = [&](Error error) -> Status {
        r.evidence.failure = std::move(error);
        runs.skip();
        return end_feed(r);
    };
    if (!event.outcome.ok()) return give_up(handover::to_error(event.outcome));
    const auto left = handover::read_left(config_.hub.state / "landing" / r.feed->id);
    if (!left) return give_up(left.error());
    for (const handover::Left& file : left->files)
        r.result.files_seen.push_back({file.what == handover::Left::What::duplicate ? "duplicate" : "left",
                                       masked_name(file.name), file.reason});
    if (left->more > 0)
        r.result.files_seen.push_back({"left", "…", "and " + std::to_string(left->more) + " more files"});
    auto deliveries = handover::read_deliveries(config_.hub.state / "landing" / r.feed->id);
    if (!deliveries) return give_up(deliveries.error());
    std::vector<store::DeliveryKey> keys;
    for (const auto& d : *deliveries) keys.push_back({d.seq, d.sha256});
    auto pending = store::pending_deliveries(*store_, r.feed->id, keys);
    if (!pending) return give_up(pending.error());
    std::erase_if(*deliveries, [&](const handover::Delivery& d) {
        return std::find(pending->begin(), pending->end(), d.seq) == pending->end();
    });
    r.evidence.new_deliveries = static_cast<std::int64_t>(deliveries->size());
    crash_point("night.after_fetch");
    if (deliveries->empty()) {
        runs.skip();
        return end_feed(r);
    }
    std::uint64_t bytes = 0;
    for (const auto& d : *deliveries) bytes += d.bytes;
    r.result.files = static_cast<std::int64_t>(deliveries->size());
    r.result.bytes = static_cast<std::int64_t>(bytes);
    tell_({NightEvent::Kind::feed_step, r.feed->id,
           std::to_string(deliveries->size()) + (deliveries->size() == 1 ? " new file, " : " new files, ") +
               bytes_text(bytes),
           ""});
    r.result.batch_id = batch_id_for(r.feed->id);
    runs.stage(event.feed, r.result.batch_id, std::move(*deliveries));
    return {};
}

Status Night::on_staged(FeedEvent& event) {
    Running& r = running_[event.feed];
    if (!event.outcome.ok()) {
        r.evidence.failure = handover::to_error(event.outcome);
        return end_feed(r);
    }
    crash_point("night.after_stage");
    const auto& counts = event.outcome.counts;
    tell_({NightEvent::Kind::feed_step, r.feed->id,
           std::to_string(counts.rows_staged) + " records staged, " + std::to_string(counts.rows_rejected) +
               " rejected",
           ""});
    const store::GuardSettings guard{static_cast<int>(r.feed->guard_percent), r.feed->guard_min_rows};
    auto imported = guarded("importing the batch " + r.result.batch_id, [&] {
        return r.all_again ? store::import_all_again(*store_, event.outcome.batch, guard, r.closing_is_right,
                                                     now_micros())
                           : store::import_batch(*store_, event.outcome.batch, guard, now_micros());
    });
    if (imported)
        r.evidence.outcome = std::move(*imported);
    else
        r.evidence.failure = imported.error();
    return end_feed(r);
}

Status Night::end_feed(Running& r) {
    const store::FeedEvidence& evidence = r.evidence;
    SENDHUB_ASSIGN(store::RunEnd end, store::classify_feed_run(*store_, r.feed->id, evidence));
    r.result.state = end.state;
    r.result.sentence = end.sentence;
    r.result.error_code = end.error_code;
    r.result.received = end.received;
    r.result.accepted = end.accepted;
    r.result.rejected = end.rejected;
    r.result.unchanged = end.unchanged;
    r.result.closed = end.closed;
    r.result.superseded = end.superseded;
    r.result.kept_open = end.kept_open;
    if (evidence.outcome) {
        SENDHUB_ASSIGN(auto refused, store_->connection().query(
                                         "select name, reason from batch_file where batch_id = ? and "
                                         "state = 'refused' order by file_no",
                                         {std::string_view(end.batch_id)}));
        while (refused.next())
            r.result.files_seen.push_back(
                {"refused", masked_name(refused.text(0)), std::string(refused.text(1))});
    }
    SENDHUB_TRY(store::note_run_files(*store_, r.run_id, r.feed->id, r.result.files_seen));
    r.result.seconds = since(r.begun);
    if (evidence.failure)
        log::error("feed.failed", *evidence.failure, {{"feed", r.feed->id}, {"run_id", r.run_id}});
    SENDHUB_TRY(this->end(r.run_id, end));
    tell_({NightEvent::Kind::feed_done, r.feed->id, r.result.sentence, r.result.state});
    out_->feeds.push_back(r.result);
    return {};
}

Status Night::match_and_publish(std::stop_token stop, NightOutcome& out) {
    SENDHUB_TRY(stop_asked(stop));
    crash_point("night.before_match");
    const auto match_begin = Clock::now();
    SENDHUB_ASSIGN(const std::string match_run, begin("match"));
    auto matched = guarded("matching", [&] {
        return match::run_matching(
            store_->connection(),
            {config_.match.precedence, config_.match.precedence_of, config_.match.institutional_postcodes,
             config_.match.one_record_each, config_.match.retrain_days},
            match_run, now_micros());
    });
    store::RunEnd match_end;
    if (matched) {
        out.match = *matched;
        match_end.state = "ok";
        match_end.received = static_cast<std::int64_t>(matched->records);
        match_end.accepted = static_cast<std::int64_t>(matched->linked);
        match_end.sentence = std::to_string(matched->records) + " records are " +
                             std::to_string(matched->people) + " people; " + std::to_string(matched->cases) +
                             " cases wait for a person";
        for (const std::string& note : matched->notes) match_end.sentence += "; " + note;
    } else {
        match_end = {
            "failed", "", 0, 0, 0, 0, std::string(to_string(matched.error().code)), matched.error().sentence};
    }
    SENDHUB_TRY(end(match_run, match_end));
    out.match_seconds = since(match_begin);
    if (!matched) return fail(matched.error());
    say(match_end.sentence);

    SENDHUB_TRY(stop_asked(stop));
    crash_point("night.before_publish");
    const auto publish_begin = Clock::now();
    SENDHUB_ASSIGN(const std::string run, begin("publish"));
    publish::PublishSettings settings;
    settings.published = config_.hub.state / "published";
    settings.config_folder = config_.folder;
    settings.as_at = config_.publish.as_at;
    settings.run_id = run;
    settings.now = now_micros();
    settings.keep_versions = static_cast<int>(config_.publish.keep_versions);
    settings.collapse_percent = static_cast<int>(config_.publish.collapse_percent);
    settings.collapse_min_rows = config_.publish.collapse_min_rows;
    std::error_code none_yet;
    const auto current = fs::read_symlink(settings.published / "current", none_yet);
    // What a person has confirmed as gone may be gone from the publication, too.
    SENDHUB_ASSIGN(const bool confirmed,
                   store::shrinking_is_confirmed(*store_, none_yet ? "" : current.filename().string()));
    if (confirmed) settings.collapse_percent = 100;
    settings.inclusive_day_rule = config_.publish.inclusive_day_rule;
    settings.publisher = config_.hub.name;
    auto published = guarded("publishing", [&] { return publish::publish(store_->connection(), settings); });
    store::RunEnd publish_end;
    if (!published) {
        publish_end = {"failed",
                       "",
                       0,
                       0,
                       0,
                       0,
                       std::string(to_string(published.error().code)),
                       published.error().sentence};
    } else {
        out.publication = std::move(*published);
        const auto& p = out.publication;
        std::int64_t rows = 0;
        for (const auto& dataset : p.datasets) rows += dataset.rows;
        publish_end.received = publish_end.accepted = rows;
        if (p.state == publish::State::failed) {
            publish_end.state = "failed";
            publish_end.error_code = "check_failed";
            publish_end.sentence = p.failures.empty()
                                       ? "a check failed"
                                       : p.failures.front().dataset + ": " + p.failures.front().sentence;
            publish_end.sentence +=
                "; yesterday's version stays current, this one is kept in " + p.folder.filename().string();
        } else {
            publish_end.state = "ok";
            publish_end.sentence = p.state == publish::State::unchanged
                                       ? "nothing has changed: version " + p.version + " stays current"
                                       : std::to_string(p.datasets.size()) + " datasets, " +
                                             std::to_string(rows) + " rows, version " + p.version;
        }
    }
    SENDHUB_TRY(end(run, publish_end));
    out.publish_seconds = since(publish_begin);
    if (!published) return fail(published.error());
    say(publish_end.sentence);
    return {};
}

Result<std::vector<handover::Delivery>> landed(const config::Config& config, const std::string& feed) {
    return handover::read_deliveries(config.hub.state / "landing" / feed);
}

Result<std::vector<handover::Delivery>> pending_of(store::Store& store, const config::Config& config,
                                                   const std::string& feed) {
    SENDHUB_ASSIGN(auto deliveries, landed(config, feed));
    std::vector<store::DeliveryKey> keys;
    for (const auto& d : deliveries) keys.push_back({d.seq, d.sha256});
    SENDHUB_ASSIGN(const auto pending, store::pending_deliveries(store, feed, keys));
    std::erase_if(deliveries, [&](const handover::Delivery& d) {
        return std::find(pending.begin(), pending.end(), d.seq) == pending.end();
    });
    return deliveries;
}

// Every landed file but those that a person has set aside.
Result<std::vector<handover::Delivery>> all_of(store::Store& store, const config::Config& config,
                                               const std::string& feed) {
    SENDHUB_ASSIGN(auto deliveries, landed(config, feed));
    SENDHUB_ASSIGN(const auto aside, store::set_aside_deliveries(store, feed));
    std::erase_if(deliveries, [&](const handover::Delivery& d) {
        return std::find(aside.begin(), aside.end(), d.seq) != aside.end();
    });
    if (deliveries.empty())
        return fail(ErrorCode::usage, "no file of " + feed + " has landed yet; sendhub sync " + feed +
                                          " fetches and reads them");
    return deliveries;
}

// The newest delivery of a file, and those that spoke of the same scopes with it when it was read last.
Result<std::vector<handover::Delivery>> those_of_file(store::Store& store, const config::Config& config,
                                                      const std::string& feed, const std::string& file) {
    SENDHUB_ASSIGN(auto deliveries, landed(config, feed));
    SENDHUB_ASSIGN(const auto known, store::known_files(store, feed));
    const auto is_it = [&](const std::string& name) { return name == file || masked_name(name) == file; };
    std::int64_t seq = 0;
    fs::path batch;
    for (const auto& d : deliveries)
        if (is_it(d.name)) seq = std::max(seq, d.seq);
    for (const auto& k : known)
        if (is_it(k.name)) seq = std::max(seq, k.seq);
    for (const auto& k : known)
        if (k.seq == seq) batch = k.batch;
    if (seq == 0)
        return fail(ErrorCode::usage, "no file of " + feed + " of that name has landed; sendhub rejects " +
                                          feed + " and sendhub runs ID show names");
    std::set<std::int64_t> wanted{seq};
    if (const auto staged = store::read_staged_batch(batch)) {
        std::map<std::int64_t, std::int64_t> seq_of;
        for (const auto& f : staged->files) seq_of[f.no] = f.seq;
        for (std::size_t before = 0; before != wanted.size();) {
            before = wanted.size();
            for (const auto& scope : staged->scopes)
                if (std::any_of(scope.files.begin(), scope.files.end(),
                                [&](std::int64_t no) { return wanted.contains(seq_of[no]); }))
                    for (const std::int64_t no : scope.files) wanted.insert(seq_of[no]);
        }
    }
    std::erase_if(deliveries, [&](const handover::Delivery& d) { return !wanted.contains(d.seq); });
    return deliveries;
}

std::string summary(const NightOutcome& out) {
    std::map<std::string, int> states;
    for (const auto& feed : out.feeds) ++states[feed.state];
    std::string text;
    for (const auto& [state, count] : states)
        text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + state;
    return "feeds: " + (text.empty() ? std::string("none") : text);
}

// Ends the run of the whole night, whatever came of it.
Result<NightOutcome> finish(Night& night, NightOutcome out, Status status, Clock::time_point begun) {
    crash_point("night.before_end");
    out.seconds = since(begun);
    SENDHUB_ASSIGN(const auto held, store::held_batches(night.store()));
    if (!status) {
        // whatever step failed, none of its runs is left running
        SENDHUB_TRY(store::end_abandoned_runs(night.store(), now_micros(), to_string(status.error().code),
                                              status.error().sentence));
        SENDHUB_TRY(night.export_status());
        return fail(status.error());
    }
    store::HealthEvidence evidence;
    for (const FeedResult& feed : out.feeds) evidence.feeds.emplace_back(feed.feed, feed.state);
    evidence.publish_state = out.publication.state == publish::State::failed ? "failed" : "ok";
    evidence.published = !out.publication.version.empty();
    evidence.held_batches = held.size();
    out.health = store::judge_health(evidence);
    store::RunEnd end;
    const int code = out.exit_code();
    end.state = code == 0 ? "ok" : code == 3 ? "needs_review" : "failed";
    end.sentence = summary(out);
    SENDHUB_TRY(night.end(out.run_id, end));
    return out;
}

}  // namespace

Result<NightOutcome> run_night(const config::Config& config, const NightOptions& options,
                               const OnNightEvent& tell, std::stop_token stop) {
    const auto begun = Clock::now();
    Night night(config, tell);
    SENDHUB_TRY(night.open());
    NightOutcome out;
    SENDHUB_ASSIGN(out.run_id, night.begin("night"));
    SENDHUB_TRY(night.export_status());  // from here on `status` shows that it runs, or that it died
    Status status = guarded("reading the feeds", [&] { return night.collect_feeds(options, stop, out); });
    if (status)
        status = guarded("matching and publishing", [&] { return night.match_and_publish(stop, out); });
    return finish(night, std::move(out), std::move(status), begun);
}

Result<NightOutcome> approve_and_publish(const config::Config& config, std::string_view batch_id,
                                         std::string_view by, const OnNightEvent& tell) {
    const auto begun = Clock::now();
    Night night(config, tell);
    SENDHUB_TRY(night.open());
    SENDHUB_ASSIGN(const store::ImportOutcome imported,
                   store::approve_batch(night.store(), batch_id, by, now_micros()));
    NightOutcome out;
    SENDHUB_ASSIGN(out.run_id, night.begin("night"));
    SENDHUB_ASSIGN(const std::string feed_run, night.begin("feed", imported.feed));
    FeedResult feed;
    feed.feed = imported.feed;
    feed.batch_id = imported.batch_id;
    feed.state = "ok";
    feed.sentence = "batch " + imported.batch_id + " was released: " + std::to_string(imported.accepted()) +
                    " records accepted, " + std::to_string(imported.closed) + " closed";
    feed.received = imported.received;
    feed.accepted = imported.accepted();
    feed.closed = imported.closed;
    SENDHUB_TRY(night.end(feed_run, {"ok", imported.batch_id, imported.received, imported.accepted(),
                                     imported.rejected, imported.unchanged, "", feed.sentence,
                                     imported.closed, imported.superseded, imported.kept_open}));
    tell({NightEvent::Kind::feed_done, feed.feed, feed.sentence, feed.state});
    out.feeds.push_back(std::move(feed));
    Status status = guarded("matching and publishing", [&] { return night.match_and_publish({}, out); });
    return finish(night, std::move(out), std::move(status), begun);
}

Result<NightOutcome> undo_and_publish(const config::Config& config, std::string_view batch_id,
                                      std::string_view scope, std::string_view by, const OnNightEvent& tell) {
    const auto begun = Clock::now();
    Night night(config, tell);
    SENDHUB_TRY(night.open());
    SENDHUB_ASSIGN(const store::UndoOutcome undone,
                   store::undo_batch(night.store(), batch_id, scope, by, now_micros()));
    NightOutcome out;
    SENDHUB_ASSIGN(out.run_id, night.begin("night"));
    SENDHUB_ASSIGN(const std::string feed_run, night.begin("feed", undone.feed));
    FeedResult result;
    result.feed = undone.feed;
    result.batch_id = batch_id;
    result.state = "ok";
    result.closed = undone.removed;
    result.accepted = undone.restored;
    result.sentence =
        "batch " + std::string(batch_id) + " was taken back: " + std::to_string(undone.removed) +
        " records of it are no longer current, " + std::to_string(undone.restored) + " stand again as before";
    store::RunEnd end;
    end.state = "ok";
    end.batch_id = batch_id;
    end.accepted = undone.restored;
    end.closed = undone.removed;
    end.sentence = result.sentence;
    SENDHUB_TRY(night.end(feed_run, end));
    tell({NightEvent::Kind::feed_done, result.feed, result.sentence, result.state});
    out.feeds.push_back(std::move(result));
    Status status;
    if (const config::FeedConfig* feed = config.find_feed(undone.feed); feed && undone.read_again > 0) {
        auto deliveries = pending_of(night.store(), config, feed->id);
        if (!deliveries)
            status = fail(deliveries.error());
        else if (!deliveries->empty())
            status = night.read_again(*feed, std::move(*deliveries), false, false, out);
    }
    if (status) status = night.match_and_publish({}, out);
    return finish(night, std::move(out), std::move(status), begun);
}

Result<NightOutcome> replay_and_publish(const config::Config& config, const ReplayOptions& options,
                                        const OnNightEvent& tell) {
    const auto begun = Clock::now();
    const config::FeedConfig* feed = config.find_feed(options.feed);
    if (!feed)
        return fail(ErrorCode::usage, "there is no feed " + options.feed + " in " + config.file.string());
    Night night(config, tell);
    SENDHUB_TRY(night.open());
    const bool all = options.file.empty();
    SENDHUB_ASSIGN(auto deliveries, all ? all_of(night.store(), config, feed->id)
                                        : those_of_file(night.store(), config, feed->id, options.file));
    NightOutcome out;
    SENDHUB_ASSIGN(out.run_id, night.begin("night"));
    Status status = night.read_again(*feed, std::move(deliveries), all, options.closing_is_right, out);
    if (status) status = night.match_and_publish({}, out);
    return finish(night, std::move(out), std::move(status), begun);
}

}  // namespace sendhub::schedule
