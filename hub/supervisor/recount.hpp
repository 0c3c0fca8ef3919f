// What a worker claims about a batch, counted again: batch.json against the Parquet files that are really
// there. The plugin lived in the process that wrote both.
#pragma once

#include "hub/handover/job.hpp"
#include "hub/handover/outcome.hpp"

namespace sendhub::supervisor {

// The counts that hold, or an Error that says what does not (code plugin, or storage when it cannot be read).
[[nodiscard]] Result<handover::Counts> recount_batch(const std::filesystem::path& folder,
                                                     const handover::StageJob& job);

}  // namespace sendhub::supervisor
