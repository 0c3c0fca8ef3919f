// What a worker claims about a batch, counted again: batch.json against the Parquet files that are really
// there. The plugin lived in the process that wrote both.
#pragma once

#include "hub/worker/job.hpp"

namespace sendhub::worker {

// The counts that hold, or an Error that says what does not (code plugin, or storage when it cannot be read).
[[nodiscard]] Result<Counts> recount_batch(const std::filesystem::path& folder, const StageJob& job);

}  // namespace sendhub::worker
