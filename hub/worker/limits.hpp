// What a worker does to itself before it loads anything.
#pragma once

#include "hub/handover/job.hpp"

namespace sendhub::worker {

// Ends with its parent (whose process id is given: it may have ended already), gains no rights, leaves no
// core file, yields to the daemon, and gets the limits. Memory is RLIMIT_DATA: it counts what was made
// writable, by any thread and any allocator, and not the address space that DuckDB and malloc merely reserve;
// RLIMIT_AS stands far above it, for what is mapped otherwise.
[[nodiscard]] Status limit_this_process(const handover::Limits& limits, int parent);

// How large any file may grow that this process writes. Apart from the rest, because the sealed copy of a
// plugin counts as a file: load_plugin sets it when that stands and nothing of the plugin has run.
[[nodiscard]] Status limit_output(std::int64_t output_mb);

}  // namespace sendhub::worker
