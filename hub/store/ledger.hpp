// What was run, how it ended and how things stand: the tables run, batch, batch_scope and batch_file as
// values, and status.json. A run ends in exactly one state, worked out from counted evidence.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hub/base/error.hpp"
#include "hub/base/time.hpp"
#include "hub/store/import.hpp"

namespace sendhub::store {

class Store;

// ---- runs
// ----------------------------------------------------------------------------------------------------------

struct RunEnd {
    std::string state;  // ok, nothing_received, collapsed, held, failed, retrying, skipped
    std::string batch_id;
    std::int64_t received = 0;
    std::int64_t accepted = 0;
    std::int64_t rejected = 0;
    std::int64_t unchanged = 0;
    std::string error_code;  // empty when there is nothing to look at
    std::string sentence;    // for a person; no personal data
};

// kind: feed, match, publish, night; feed: empty but for kind feed. Returns the run's id, <kind>-<compact
// time>-<n>, and notes the run as `running`.
[[nodiscard]] Result<std::string> begin_run(Store& store, std::string_view kind, std::string_view feed,
                                            Micros now);
// Ends a run that is running; a second end is our mistake and refused.
[[nodiscard]] Status end_run(Store& store, std::string_view run_id, const RunEnd& end, Micros now);
// Ends as failed what a process that died left running; call once after taking hub.lock. Returns how many.
inline constexpr std::string_view abandoned_sentence =
    "the hub stopped before this run ended; the next run takes up what it left";
[[nodiscard]] Result<std::int64_t> end_abandoned_runs(Store& store, Micros now,
                                                      std::string_view error_code = "abandoned",
                                                      std::string_view sentence = abandoned_sentence);

// ---- deliveries
// ----------------------------------------------------------------------------------------------------

struct DeliveryKey {
    std::int64_t seq = 0;
    std::string sha256;
};
// Those that no recorded batch of the feed has read, by seq, in the order given.
[[nodiscard]] Result<std::vector<std::int64_t>> pending_deliveries(Store& store, std::string_view feed,
                                                                   std::span<const DeliveryKey> deliveries);

// ---- batches
// -------------------------------------------------------------------------------------------------------

struct HeldScope {
    std::string record;
    std::string scope;
    Days as_of = 0;
    std::int64_t rows = 0;          // in the batch
    std::int64_t current_rows = 0;  // in the store when it was held
    std::int64_t would_close = 0;
};
struct HeldBatch {
    std::string batch_id;
    std::string feed;
    Micros held_at = 0;
    std::vector<HeldScope>
        scopes;  // most rows closed first; those of a held sibling too, with would_close as it is
};
// Batches that wait for a person, oldest first; feed empty: of every feed.
[[nodiscard]] Result<std::vector<HeldBatch>> held_batches(Store& store, std::string_view feed = {});

// received of the feed's recorded batches that received anything, newest first; before: leaves out that batch
// and later.
[[nodiscard]] Result<std::vector<std::int64_t>> feed_history(Store& store, std::string_view feed,
                                                             std::string_view before = {}, int limit = 20);

// ---- the state a feed's run ends in
// --------------------------------------------------------------------------------

struct FeedEvidence {
    std::int64_t new_deliveries = 0;       // landed by this run or waiting from an earlier one
    std::int64_t duplicates = 0;           // offered again with the same content
    std::optional<Error> failure;          // fetch, worker or import ended so
    std::optional<ImportOutcome> outcome;  // when a batch was imported
};
// The first of these that holds:
//   failed            there is a failure, or every file was refused
//   nothing_received  no new delivery, or files without a row
//   held              some scope waits for a person
//   collapsed         snapshots brought less than half the rows that their scopes held before; or a batch of
//   deltas less
//                     than a tenth of the median of the feed's batches (of which there are at least five)
//   ok                a file refused beside good ones is ok with error_code `file_refused`
// Counts and batch of the result are filled from the outcome.
[[nodiscard]] Result<RunEnd> classify_feed_run(Store& store, std::string_view feed,
                                               const FeedEvidence& evidence);

// ---- status.json
// ---------------------------------------------------------------------------------------------------

struct StatusSettings {
    std::string hub_name;
    std::string hub_version;
    std::vector<std::string> feeds;  // as set, in order; a feed never run is told as such
};
// Writes how things stand to path (STATE/status.json), so that a reader sees the old text or the new one:
//   {"written_at":"…Z","hub":{"name","version"},"schema_version":"…",
//    "publication":{"version":"…"} or null,            where STATE/published/current points
//    "feeds":[{"feed","state" (of the last ended run, or
//    "never_run"),"running":false,"run_id","sentence","error_code",
//              "started_at","finished_at","received","accepted","rejected","unchanged",
//              "last_imported_at" or null,"as_of" or null,"age_days" or null (as_of to now),
//              "rows" (current),"reject_count","warning_count" (that stand),"held":["BATCH",…]}],
//    "held":[{"batch_id","feed","held_at","scopes","would_close","current_rows","approve":"sendhub batch
//    approve ID"}], "runs":[{"run_id","feed" or null,"kind","state","started_at","finished_at" or
//    null,"batch_id" or null,"received",
//             "accepted","rejected","unchanged","error_code" or null,"sentence" or null}]}    the newest 200,
//             newest first
[[nodiscard]] Status export_status(Store& store, const std::filesystem::path& path,
                                   const StatusSettings& settings, Micros now);

}  // namespace sendhub::store
