// SIGTERM and SIGINT as a stop token for a run that is not the daemon: `sendhub sync`, `sendhub night`.
//
// A run ends at its next step. When it has not ended kStopGrace after the signal, or at a second signal,
// too_late is called on a thread of its own; it should end the process.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>

namespace sendhub::schedule {

inline constexpr std::chrono::milliseconds kStopGrace{15'000};

// Make it before any other thread: threads inherit that the signals wait for it.
class StopSignal {
  public:
    explicit StopSignal(std::function<void()> too_late, std::chrono::milliseconds grace = kStopGrace);
    StopSignal(const StopSignal&) = delete;
    StopSignal& operator=(const StopSignal&) = delete;
    ~StopSignal();
    [[nodiscard]] std::stop_token token() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sendhub::schedule
