// Inside the worker: one connector over deliveries, to staging/<batch>.
#pragma once

#include "hub/handover/job.hpp"
#include "hub/handover/outcome.hpp"
#include "hub/worker/host.hpp"
#include "hub/worker/plugin_file.hpp"

namespace sendhub::worker {

// Ok when the batch is complete under its own name; anything else leaves staging/<batch>.tmp for the
// supervisor.
[[nodiscard]] Ending run_stage(const handover::StageJob& job, const LoadedPlugin& plugin, Report& report);

}  // namespace sendhub::worker
