// The publish step: every dataset is built from the store, checked, and written as one new version that
// becomes current by a single rename, or not at all.
//
//   published/<version>.tmp/<dataset>/data.parquet, data.csv      while it is written
//   published/<version>/datapackage.json                           complete, every byte synced
//   published/current -> <version>                                 switched last
//   published/<version>.failed/failures.json                       a version that failed a check: never
//   current
//
//   auto outcome = publish::publish(store, {.published = state / "published", .config_folder = folder,
//                                           .run_id = run, .now = now_micros()});
//   if (outcome->state == publish::State::failed) say(outcome->failures);
//
// The caller holds the hub's lock: one publication at a time. The connection is left without our temporary
// tables. Crash points, in order: publish.before_write, publish.after_write, publish.after_rename,
// publish.after_switch.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/duckdb.hpp"
#include "base/error.hpp"
#include "base/time.hpp"
#include "hub/publish/dataset.hpp"

namespace sendhub::publish {

struct PublishSettings {
    std::filesystem::path published;      // the folder of versions
    std::filesystem::path config_folder;  // holds datasets/ of the council; empty: none
    std::optional<Days> as_at;            // publish.as_at; default: today in London
    std::string run_id;
    Micros now = 0;
    int keep_versions = 7;
    int collapse_percent = 50;            // 100 switches the check off
    std::int64_t collapse_min_rows = 20;  // smaller datasets are not checked
    bool inclusive_day_rule = true;
    std::string publisher;  // hub.name
    std::string la_code;    // hub.la_code; empty: the area of most schools that returned a census
};

enum class State {
    published,  // a new version is current
    unchanged,  // every dataset but those that tell of the hub's own runs equals the current version, which
                // stays
    failed,     // a check failed; the current version stays
};

struct CheckFailure {
    std::string dataset;
    std::string check;     // sql columns key codes collapse, or the name of the dataset's own test
    std::string sentence;  // names rows by count, never by value
    std::int64_t rows = 0;
};

struct DatasetOutcome {
    std::string dataset;
    std::int64_t rows = 0;
    std::int64_t changed = 0;  // new rows and rows whose content moved
    std::int64_t removed = 0;
    double seconds = 0;  // to build and check
};

struct PublishOutcome {
    State state = State::failed;
    std::string version;           // the current version afterwards; empty when there has never been one
    std::filesystem::path folder;  // of that version, or of the failed one
    std::vector<DatasetOutcome> datasets;
    std::vector<CheckFailure> failures;
    double build_seconds = 0;
    double write_seconds = 0;
};

// The shipped datasets and the council's own.
[[nodiscard]] Result<PublishOutcome> publish(duck::Connection& store, const PublishSettings& settings);
// These datasets, in this order.
[[nodiscard]] Result<PublishOutcome> publish(duck::Connection& store, const PublishSettings& settings,
                                             const std::vector<Dataset>& datasets);

}  // namespace sendhub::publish
