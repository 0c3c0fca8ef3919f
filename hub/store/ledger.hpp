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

#include "base/error.hpp"
#include "base/time.hpp"
#include "hub/store/import.hpp"

namespace sendhub::store {

class Store;

// ---- runs
// ----------------------------------------------------------------------------------------------------------

struct RunEnd {
    std::string state;  // ok, nothing_new, nothing_received, partly_refused, superseded, many_rejected,
                        // collapsed, held, failed, retrying, skipped; of a night also needs_review
    std::string batch_id;
    std::int64_t received = 0;
    std::int64_t accepted = 0;
    std::int64_t rejected = 0;
    std::int64_t unchanged = 0;
    std::string error_code;  // empty when there is nothing to look at
    std::string sentence;    // for a person; no personal data, and no name of a file, which may be personal
    std::int64_t closed = 0;
    std::int64_t superseded = 0;
    std::int64_t kept_open = 0;
};

// kind: feed, match, publish, night; feed: empty but for kind feed. Returns the run's id, <kind>-<compact
// time>-<n>, and notes the run as `running`.
[[nodiscard]] Result<std::string> begin_run(Store& store, std::string_view kind, std::string_view feed,
                                            Micros now);
// Ends a run that is running; a second end is our mistake and refused.
[[nodiscard]] Status end_run(Store& store, std::string_view run_id, const RunEnd& end, Micros now);
// What became of a file that was seen at the source or read, for `sendhub runs ID`.
struct RunFile {
    std::string state;  // left (at the source), duplicate, refused
    std::string name;   // long runs of digits masked
    std::string reason;
};
[[nodiscard]] Status note_run_files(Store& store, std::string_view run_id, std::string_view feed,
                                    std::span<const RunFile> files);
[[nodiscard]] Result<std::vector<RunFile>> run_files(Store& store, std::string_view run_id);

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
// Those that no recorded batch of the feed has read, or that are to be read again, by seq, in the order
// given.
[[nodiscard]] Result<std::vector<std::int64_t>> pending_deliveries(Store& store, std::string_view feed,
                                                                   std::span<const DeliveryKey> deliveries);

// Those that a person has set aside, by seq: withdrawn, or held, when they were read last. Reading everything
// again leaves them out.
[[nodiscard]] Result<std::vector<std::int64_t>> set_aside_deliveries(Store& store, std::string_view feed);

// Every file that a recorded batch has read or refused, members of archives by their own names.
struct KnownFile {
    std::string name;
    std::int64_t seq = 0;
    std::filesystem::path batch;  // the folder of the newest batch that read it
};
[[nodiscard]] Result<std::vector<KnownFile>> known_files(Store& store, std::string_view feed);

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
    std::int64_t left = 0;                 // on offer and left at the source for now
    std::optional<Error> failure;          // fetch, worker or import ended so
    std::optional<ImportOutcome> outcome;  // when a batch was imported
};
// The first of these that holds:
//   failed            there is a failure, or every file was refused
//   held              some scope waits for a person
//   partly_refused    a file was refused beside others that were read
//   nothing_received  no file was on offer, or the files held no row
//   collapsed         snapshots brought less than half the rows that their scopes held before; or a batch of
//                     deltas less than a tenth of the median of the feed's batches (of which there are at
//                     least five)
//   superseded        some statement was older than what stands, and was set aside
//   many_rejected     at least 5 records and more than a tenth of what was received were rejected
//   nothing_new       files were on offer, and each was read before. What the feed's last batch left for a
//                     person to look at still stands: then its state is given again
//   ok
// Counts and batch of the result are filled from the outcome.
[[nodiscard]] Result<RunEnd> classify_feed_run(Store& store, std::string_view feed,
                                               const FeedEvidence& evidence);

// "; after correcting …": how to have files read again.
[[nodiscard]] std::string read_again_advice(std::string_view feed);

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
//    "health":{"state","exit_code","reasons":["…"]},   by judge_health; a run that died later is not in it,
//                                                      ask read_health for that
//    "feeds":[{"feed","state" (of the last ended run, or
//    "never_run"),"running":false,"run_id","sentence","error_code",
//              "started_at","finished_at","received","accepted","rejected","unchanged","closed",
//              "superseded","kept_open",
//              "last_imported_at" or null,"as_of" or null,"age_days" or null (as_of to now),
//              "rows" (current),"reject_count","warning_count" (that stand),"held":["BATCH",…]}],
//    "held":[{"batch_id","feed","held_at","scopes","would_close","current_rows","approve":"sendhub batch
//    approve ID"}], "runs":[{"run_id","feed" or null,"kind","state","started_at","finished_at" or
//    null,"batch_id" or null,"received",
//             "accepted","rejected","unchanged","closed","superseded","kept_open",
//             "error_code" or null,"sentence" or null}]}    the newest 200, newest first
// and beside it STATE/run_files.json (mode 0600): {"RUN_ID":[{"state","name","reason"}]}, the files of those
// runs.
[[nodiscard]] Status export_status(Store& store, const std::filesystem::path& path,
                                   const StatusSettings& settings, Micros now);

}  // namespace sendhub::store
