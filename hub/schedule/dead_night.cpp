#include "hub/schedule/dead_night.hpp"

#include "base/files.hpp"
#include "base/version.hpp"
#include "hub/store/ledger.hpp"
#include "hub/store/store.hpp"

namespace sendhub::schedule {

Status note_dead_night(const config::Config& config, std::string_view error_code, std::string_view sentence) {
    const auto& state = config.hub.state;
    SENDHUB_ASSIGN(const FileLock lock, FileLock::acquire(state / "hub.lock", 10'000));
    SENDHUB_ASSIGN(store::Store store, store::Store::open(state / "hub.duckdb"));
    const Micros now = now_micros();
    SENDHUB_ASSIGN(const std::int64_t ended, store::end_abandoned_runs(store, now, error_code, sentence));
    if (ended == 0) {
        SENDHUB_ASSIGN(const std::string run, store::begin_run(store, "night", {}, now));
        SENDHUB_TRY(store::end_run(
            store, run, {"failed", "", 0, 0, 0, 0, std::string(error_code), std::string(sentence)}, now));
    }
    std::vector<std::string> feeds;
    for (const auto& feed : config.feeds) feeds.push_back(feed.id);
    return store::export_status(store, state / "status.json",
                                {config.hub.name, std::string(hub_version), feeds}, now);
}

}  // namespace sendhub::schedule
