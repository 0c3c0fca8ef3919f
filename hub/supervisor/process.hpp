// Starts a worker process: leader of its own group, clean environment, no descriptors but 0 to 3.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/descriptor.hpp"
#include "base/error.hpp"

namespace sendhub::supervisor {

struct WorkerProcess {
    pid_t pid = -1;     // also the id of its group
    Descriptor ended;   // a pidfd: readable when the process has ended
    Descriptor error;   // what it says on standard error
    Descriptor report;  // what it says on descriptor 3
};

// binary is started with `worker` and args; input becomes its standard input.
[[nodiscard]] Result<WorkerProcess> start_worker(const std::filesystem::path& binary,
                                                 const std::vector<std::string>& args,
                                                 const std::string& input);

}  // namespace sendhub::supervisor
