// Inside the worker: one transport, to landing/<feed>.
#pragma once

#include "hub/handover/job.hpp"
#include "hub/handover/outcome.hpp"
#include "hub/worker/host.hpp"
#include "hub/worker/plugin_file.hpp"

namespace sendhub::worker {

// Files that were committed stay landed, however the run ends.
[[nodiscard]] Ending run_fetch(const handover::FetchJob& job, const LoadedPlugin& plugin, Report& report);

}  // namespace sendhub::worker
