#include "hub/schedule/night_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <optional>
#include <system_error>

#include "base/descriptor.hpp"
#include "base/log.hpp"
#include "hub/schedule/dead_night.hpp"
#include "hub/schedule/stop_signal.hpp"
#include "hub/supervisor/process.hpp"

namespace sendhub::schedule {
namespace {

std::unexpected<Error> failed(const std::string& what, int number = errno) {
    return fail(ErrorCode::retry, "could not start the nightly run: " + what + ": " +
                                      std::generic_category().message(number) +
                                      "; the system may be short of memory or of processes");
}

struct Running {
    pid_t pid = -1;
    Descriptor ended;  // readable when it has ended
};

Result<Running> start(const NightProcess& process, const config::Config& config,
                      const std::vector<std::string>& arguments) {
    const Descriptor in(::memfd_create("sendhub-settings", MFD_CLOEXEC));
    if (in.get() < 0) return failed("no memory file");
    for (std::string_view rest = config.text; !rest.empty();) {
        const ssize_t n = ::write(in.get(), rest.data(), rest.size());
        if (n < 0) return failed("the settings could not be handed over");
        rest.remove_prefix(static_cast<std::size_t>(n));
    }
    if (::lseek(in.get(), 0, SEEK_SET) != 0) return failed("the settings could not be handed over");

    std::vector<std::string> words{"sendhub", "--config", config.file.string()};
    words.insert(words.end(), process.global_options.begin(), process.global_options.end());
    words.insert(words.end(), {"night", "--parent", std::to_string(::getpid())});
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_adddup2(&actions, in.get(), 0);
    ::posix_spawn_file_actions_adddup2(&actions, 2, 1);
    ::posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    ::posix_spawnattr_setpgroup(&attributes,
                                0);  // Ctrl-C at the daemon's terminal is the daemon's to pass on
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setflags(&attributes,
                               POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    Running running;
    const int number =
        ::posix_spawn(&running.pid, process.binary.c_str(), &actions, &attributes, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
    if (number != 0) return failed(process.binary.string(), number);
    running.ended = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, running.pid, 0)));
    if (running.ended.get() < 0) {
        const int why = errno;
        ::kill(running.pid, SIGKILL);
        ::waitpid(running.pid, nullptr, 0);
        return failed("no descriptor for the process", why);
    }
    ::fcntl(running.ended.get(), F_SETFD, FD_CLOEXEC);
    return running;
}

// Waits until one of them is readable; ms -1: without end. False: the time is up.
bool wait_for(const Descriptor& one, const Descriptor* other, int ms) {
    pollfd fds[2] = {{one.get(), POLLIN, 0}, {other ? other->get() : -1, POLLIN, 0}};
    for (;;) {
        const int n = ::poll(fds, 2, ms);
        if (n < 0 && errno == EINTR) continue;
        return n != 0;
    }
}

// The wait status; SIGTERM on stop, SIGKILL when that is not obeyed in time.
int wait_for_end(const Running& running, std::stop_token stop, int most_ms) {
    const Descriptor asked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    const std::stop_callback on_stop(stop, [&] {
        const std::uint64_t one = 1;
        if (::write(asked.get(), &one, sizeof one) < 0) { /* it is readable already */
        }
    });
    bool ended = wait_for(running.ended, &asked, most_ms) && wait_for(running.ended, nullptr, 0);
    if (!ended) {
        ::kill(running.pid, SIGTERM);
        ended = wait_for(running.ended, nullptr, static_cast<int>(kStopGrace.count() + kNoteGrace.count()));
    }
    if (!ended) ::kill(running.pid, SIGKILL);
    int status = 0;
    while (::waitpid(running.pid, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

std::string why_it_died(int signal) {
    const char* name = ::sigdescr_np(signal);
    if (signal == SIGKILL)
        return "the nightly run was killed from outside; look in the system's log whether memory ran out. "
               "What "
               "was imported stays, the last publication stays current, and the next night takes up the rest";
    return std::string("the nightly run crashed (") + (name ? name : std::to_string(signal)) +
           "); what was imported stays, the last publication stays current, and the next night takes up the "
           "rest. Report this sentence and the log lines before it";
}

}  // namespace

Result<int> run_night_process(const NightProcess& process, const config::Config& config,
                              const std::vector<std::string>& feeds, std::stop_token stop) {
    SENDHUB_ASSIGN(const Running running, start(process, config, feeds));
    const int status = wait_for_end(running, stop, -1);
    if (WIFEXITED(status)) return WEXITSTATUS(status);
    const bool stopped = stop.stop_requested();
    const Error death(stopped ? ErrorCode::retry : ErrorCode::bug,
                      stopped ? std::string(kStoppedSentence) : why_it_died(WTERMSIG(status)));
    // In a process of its own as well: a store that crashes whoever opens it must not end the daemon.
    SENDHUB_ASSIGN(const Running note,
                   start(process, config, {stopped ? "--stopped" : "--died", death.sentence}));
    const int noted = wait_for_end(note, {}, static_cast<int>(kNoteGrace.count()));
    if (!WIFEXITED(noted) || WEXITSTATUS(noted) != 1)
        log::error("night.not_noted", Error(ErrorCode::storage,
                                            "the end of the nightly run could not be noted in the store; "
                                            "`sendhub sync` shows why"));
    return fail(death);
}

}  // namespace sendhub::schedule
