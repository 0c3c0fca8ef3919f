// Runs plugins, each in a process of its own (`sendhub worker run`), and says what came of it. The daemon
// loads no plugin: whatever one does (crash, hang, flood, lie) is an Outcome with a sentence, and costs that
// run only.
//
//   Supervisor supervisor(io);
//   supervisor.start(job, [](const Progress& p) { … }, [](Outcome o) { … });
//   io.run();
//
// Each worker is the leader of a process group, has a clean environment and no descriptor but its job (0),
// /dev/null (1), a pipe for what it says on standard error (2) and one for progress (3). Every wait has a
// deadline: the start, the time without progress, the whole run, and the end after the worker said that it is
// done. Who misses one gets SIGTERM, then SIGKILL, with its whole group, and is reaped. What it claims is
// counted again before it is believed.
//
// A worker is killed when the thread that started it ends (PR_SET_PDEATHSIG), so that must be a lasting one.
//
// One thread: every call, and every callback, on the thread that runs io. on_done is called exactly once a
// run, unless the supervisor is destroyed before; on_progress never after it.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>

#include "hub/handover/job.hpp"
#include "hub/handover/outcome.hpp"

namespace boost::asio {
class io_context;
}

namespace sendhub::supervisor {

using OnProgress = std::function<void(const handover::Progress&)>;
using OnDone = std::function<void(handover::Outcome)>;

struct Deadlines {
    std::chrono::milliseconds start{20'000};  // until the worker's first word
    std::chrono::milliseconds end{10'000};    // from "done" to the end of the process
    std::chrono::milliseconds grace{5'000};   // from SIGTERM to SIGKILL
};

class Supervisor {
  public:
    // worker: the binary that is started with the arguments `worker run`; tests give their own.
    explicit Supervisor(boost::asio::io_context& io, std::filesystem::path worker = "/proc/self/exe",
                        Deadlines deadlines = {});
    Supervisor(const Supervisor&) = delete;
    Supervisor& operator=(const Supervisor&) = delete;
    ~Supervisor();  // ends what still runs, at once

    void start(handover::FetchJob job, OnProgress on_progress, OnDone on_done);
    void start(handover::StageJob job, OnProgress on_progress, OnDone on_done);
    void cancel_all();  // asks every run to stop; each still calls on_done, as cancelled
    [[nodiscard]] std::size_t running() const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

// Removes what a killed daemon left half-made (staging/*.tmp). Call it before the first run, holding
// hub.lock.
[[nodiscard]] Status remove_unfinished_batches(const std::filesystem::path& staging);

}  // namespace sendhub::supervisor
