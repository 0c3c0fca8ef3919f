// The child process. The hub's binary hands over when its first argument is "worker":
//
//   sendhub worker run             runs one FetchJob or StageJob, read as JSON from standard input, and
//                                  writes its progress to descriptor 3
//   sendhub worker describe PATH   loads the plugin and prints its PluginDescription as JSON
//
// It limits itself before it loads anything, and belongs to its parent: when that ends, so does it.
#pragma once

#include <string>
#include <vector>

namespace sendhub::worker {

int worker_main(const std::vector<std::string>& args);  // what follows "worker"; the exit code

}  // namespace sendhub::worker
