#include "hub/schedule/stop_signal.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <thread>

#include "base/descriptor.hpp"
#include "base/log.hpp"
#include "hub/supervisor/process.hpp"

namespace sendhub::schedule {

struct StopSignal::State {
    std::function<void()> too_late;
    std::chrono::milliseconds grace;
    sigset_t signals{}, before{};
    std::stop_source source;
    Descriptor signal, done;
    std::thread watcher;

    // True: a signal came. False: the time is up, or the run has ended.
    bool next_signal(int ms) const {
        pollfd fds[2] = {{done.get(), POLLIN, 0}, {signal.get(), POLLIN, 0}};
        int n = 0;
        while ((n = ::poll(fds, 2, ms)) < 0 && errno == EINTR) {
        }
        if (n <= 0 || fds[0].revents != 0) return false;
        signalfd_siginfo info{};
        return ::read(signal.get(), &info, sizeof info) > 0;
    }
    [[nodiscard]] bool ended() const {
        pollfd fd{done.get(), POLLIN, 0};
        return ::poll(&fd, 1, 0) > 0;
    }
    void watch() {
        if (!next_signal(-1)) return;
        log::warn("night.stopping", "asked to stop: the run ends after the step that is under way");
        source.request_stop();
        if (!next_signal(static_cast<int>(grace.count())) && ended()) return;
        too_late();
    }
};

StopSignal::StopSignal(std::function<void()> too_late, std::chrono::milliseconds grace)
    : state_(std::make_unique<State>()) {
    State& s = *state_;
    s.too_late = std::move(too_late);
    s.grace = grace;
    sigemptyset(&s.signals);
    sigaddset(&s.signals, SIGTERM);
    sigaddset(&s.signals, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &s.signals, &s.before);
    s.signal = Descriptor(::signalfd(-1, &s.signals, SFD_CLOEXEC));
    s.done = Descriptor(::eventfd(0, EFD_CLOEXEC));
    s.watcher = std::thread([&s] { s.watch(); });
}

StopSignal::~StopSignal() {
    const std::uint64_t one = 1;
    if (::write(state_->done.get(), &one, sizeof one) < 0) { /* it is readable already */
    }
    state_->watcher.join();
    ::pthread_sigmask(SIG_SETMASK, &state_->before, nullptr);
}

std::stop_token StopSignal::token() const { return state_->source.get_token(); }

}  // namespace sendhub::schedule
