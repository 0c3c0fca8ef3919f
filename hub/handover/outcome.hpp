// What came of a run of a worker, as the supervisor tells it to the rest of the hub, and how far a run is.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace sendhub::handover {

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
    // The end of what it said on standard error: not trusted, perhaps personal, never logged.
    std::string last_words;
    int exit_code = -1;  // of the process; -1 when a signal ended it
    int signal = 0;
    // After retry: not before this long from now, as the source asked. 0: not said.
    std::int64_t retry_after_ms = 0;
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

}  // namespace sendhub::handover
