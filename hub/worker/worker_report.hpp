// The worker's mouth: lines on descriptor 3 (wire.hpp), and the one place that ends the process. One thread,
// but for say_and_exit, which any thread may call.
#pragma once

#include <string_view>

#include "hub/handover/job.hpp"
#include "hub/handover/outcome.hpp"

namespace sendhub::worker {

class Report {
  public:
    handover::Counts counts;  // kept up to date by the run

    void hello();
    // Says how far the run is, at most four times a second. Called wherever real work was done and nowhere
    // else: the supervisor takes silence for a hang.
    void working();
    void plugin_progress(std::uint64_t done, std::uint64_t total);
    void log(int level, std::string_view text);
    // The last word while plugin code still runs: nothing that follows changes how the run ended.
    void last_word(handover::OutcomeState state, std::string_view sentence, std::int64_t retry_after_ms = 0);
    // The last word, and the end of the process without another line of the plugin's code.
    [[noreturn]] void end(handover::OutcomeState state, std::string_view sentence,
                          std::int64_t retry_after_ms = 0);

  private:
    std::uint64_t done_ = 0, total_ = 0;
    std::int64_t said_at_ = 0;
    unsigned lines_of_log_ = 0;
};

// For what befalls a worker in the middle of something: memory ran out, the plugin called exit. Allocates
// nothing.
[[noreturn]] void say_and_exit(const char* state, const char* sentence);

}  // namespace sendhub::worker
