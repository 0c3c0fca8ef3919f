// What a worker process is asked to do, and what came of it. A job goes to the worker as JSON on its standard
// input (so no setting ever stands on a command line); an Outcome comes back through the supervisor.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "hub/base/error.hpp"
#include "hub/base/time.hpp"

namespace sendhub::worker {

// What one run may use. [feed.NAME.limits] of hub.toml sets the first five.
struct Limits {
    std::int64_t memory_mb = 1024;
    std::int64_t cpu_seconds = 600;
    std::int64_t wall_seconds = 900;
    std::int64_t open_files = 256;
    std::int64_t output_mb = 8192;
    std::int64_t idle_seconds = 120;  // without a byte read, a row taken or a byte written
};

// A name with content that was landed; one line of landing/<feed>/deliveries.jsonl.
struct Delivery {
    std::int64_t seq = 0;
    std::string name;    // as delivered, folders with '/'; never absolute, never with ..
    std::string sha256;  // 64 hexadecimal digits; the name of the file in the landing folder
    std::uint64_t bytes = 0;
    Micros modified_at = 0;  // 0: the source did not say
    Micros received_at = 0;
};

// Runs a transport: what is new at the source goes to the landing folder.
struct FetchJob {
    std::string feed;
    std::filesystem::path plugin;  // the .so
    std::map<std::string, std::string>
        settings;                   // tables as NAME.KEY, lists joined by '\n', secrets resolved
    std::filesystem::path landing;  // landing/<feed>; made when missing
    Limits limits;
    bool check = false;  // only open the plugin with the settings and close it: nothing is read or written
};

// Runs a connector over deliveries, in their order: leaves staging/<batch_id> complete, or not at all.
struct StageJob {
    std::string feed;
    std::filesystem::path plugin;
    std::map<std::string, std::string> settings;
    std::filesystem::path landing;  // landing/<feed>
    std::string batch_id;
    std::filesystem::path staging;  // the root; the batch becomes staging/<batch_id>
    std::vector<Delivery> deliveries;
    Limits limits;
    bool check = false;  // as above
};

enum class OutcomeState {
    ok,             // done; files may have been refused and rows rejected: the counts say so
    refused,        // the plugin was not loaded: file, platform, ABI, permissions or description
    failed,         // the plugin said that the run cannot go on, or broke the contract
    retry,          // a passing fault: try again later
    bad_settings,   // a setting is unknown, missing or wrong
    timed_out,      // start, idle, wall or CPU time ran out
    out_of_memory,  // limits.memory_mb
    output_limit,   // limits.output_mb, or a flood on standard error
    crashed,        // a signal
    lied,           // ended well but what it left is not what it claimed
    cancelled,      // the hub asked it to stop
};
std::string_view to_string(OutcomeState state);

struct Counts {
    // stage
    std::uint64_t files = 0;  // read or refused, members of archives each
    std::uint64_t files_refused = 0;
    std::uint64_t bytes = 0;          // stage: read, unpacked; fetch: landed
    std::uint64_t rows_received = 0;  // staged + rejected
    std::uint64_t rows_staged = 0;    // of scopes that were not refused; counted again in the Parquet files
    std::uint64_t rows_rejected = 0;
    // fetch
    std::uint64_t offered = 0;     // seen at the source
    std::uint64_t taken = 0;       // landed as new deliveries
    std::uint64_t duplicates = 0;  // content that was here already
    std::uint64_t known = 0;       // not sent again: same name, size and time
    std::uint64_t skipped = 0;     // left at the source for now (still growing, name refused)
};

struct Outcome {
    OutcomeState state = OutcomeState::failed;
    std::string sentence;  // for a person: what, where, what to do. Empty when ok
    Counts counts;
    std::filesystem::path batch;  // stage and ok: the folder staging/<batch_id>
    std::string
        last_words;  // the end of what it said on standard error: not trusted, perhaps personal, never logged
    int exit_code = -1;  // of the process; -1 when a signal ended it
    int signal = 0;
    std::int64_t retry_after_ms =
        0;  // retry: not before this long from now, as the source asked; 0: not said
    double seconds = 0;
    std::int64_t peak_memory_kb = 0;  // 0: not known
    double cpu_seconds = 0;
    [[nodiscard]] bool ok() const { return state == OutcomeState::ok; }
};

// An Outcome that is not ok, as the Error of the rest of the hub.
[[nodiscard]] Error to_error(const Outcome& outcome);

// How far a run is. Numbers only: names of files may be personal.
struct Progress {
    Counts counts;
    std::uint64_t done = 0;   // as the plugin says
    std::uint64_t total = 0;  // 0: not known
};

}  // namespace sendhub::worker
