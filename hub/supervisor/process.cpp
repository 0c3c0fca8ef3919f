#include "hub/supervisor/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace sendhub::supervisor {
namespace {

std::unexpected<Error> failed(const std::string& what, int number = errno) {
    return fail(ErrorCode::retry, "could not start a worker process: " + what + ": " +
                                      std::generic_category().message(number) +
                                      "; the system may be short of something");
}

// Away from 0 to 3, which the child gets its own.
Result<Descriptor> high(int fd) {
    const Descriptor low(fd);
    if (fd < 0) return failed("no descriptor");
    const int moved = ::fcntl(fd, F_DUPFD_CLOEXEC, 10);
    if (moved < 0) return failed("no descriptor");
    return Descriptor(moved);
}

struct Actions {
    posix_spawn_file_actions_t value;
    Actions() { ::posix_spawn_file_actions_init(&value); }
    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;
    ~Actions() { ::posix_spawn_file_actions_destroy(&value); }
};
struct Attributes {
    posix_spawnattr_t value;
    Attributes() { ::posix_spawnattr_init(&value); }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
    ~Attributes() { ::posix_spawnattr_destroy(&value); }
};

}  // namespace

Result<WorkerProcess> start_worker(const std::filesystem::path& binary, const std::vector<std::string>& args,
                                   const std::string& input) {
    SENDHUB_ASSIGN(const Descriptor in, high(::memfd_create("sendhub-job", MFD_CLOEXEC)));
    for (std::size_t done = 0; done < input.size();) {
        const ssize_t n = ::write(in.get(), input.data() + done, input.size() - done);
        if (n < 0) return failed("the job could not be written");
        done += static_cast<std::size_t>(n);
    }
    if (::lseek(in.get(), 0, SEEK_SET) != 0) return failed("the job could not be written");
    SENDHUB_ASSIGN(const Descriptor null, high(::open("/dev/null", O_RDWR | O_CLOEXEC)));
    int error_pipe[2] = {-1, -1}, report_pipe[2] = {-1, -1};
    if (::pipe2(error_pipe, O_CLOEXEC) != 0) return failed("no pipe");
    WorkerProcess process;
    process.error = Descriptor(error_pipe[0]);
    SENDHUB_ASSIGN(const Descriptor error, high(error_pipe[1]));
    if (::pipe2(report_pipe, O_CLOEXEC) != 0) return failed("no pipe");
    process.report = Descriptor(report_pipe[0]);
    SENDHUB_ASSIGN(const Descriptor report, high(report_pipe[1]));

    Actions actions;
    ::posix_spawn_file_actions_adddup2(&actions.value, in.get(), 0);
    ::posix_spawn_file_actions_adddup2(&actions.value, null.get(), 1);
    ::posix_spawn_file_actions_adddup2(&actions.value, error.get(), 2);
    ::posix_spawn_file_actions_adddup2(&actions.value, report.get(), 3);
    ::posix_spawn_file_actions_addclosefrom_np(&actions.value, 4);
    Attributes attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    ::posix_spawnattr_setpgroup(&attributes.value, 0);
    ::posix_spawnattr_setsigmask(&attributes.value, &none);
    ::posix_spawnattr_setsigdefault(&attributes.value, &all);
    ::posix_spawnattr_setflags(&attributes.value,
                               POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

    std::vector<std::string> words{"sendhub", "worker"};
    words.insert(words.end(), args.begin(), args.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    // Nothing of the daemon's environment, where secrets may stand.
    char path[] = "PATH=/usr/bin:/bin", language[] = "LC_ALL=C.UTF-8", zone[] = "TZ=UTC";
    char* environment[] = {path, language, zone, nullptr};
    if (const int number = ::posix_spawn(&process.pid, binary.c_str(), &actions.value, &attributes.value,
                                         argv.data(), environment))
        return failed(binary.string(), number);
    process.ended = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, process.pid, 0)));
    if (process.ended.get() < 0) {
        const int number = errno;
        ::kill(-process.pid, SIGKILL);
        ::waitpid(process.pid, nullptr, 0);
        return failed("no descriptor for the process", number);
    }
    ::fcntl(process.ended.get(), F_SETFD, FD_CLOEXEC);
    return process;
}

}  // namespace sendhub::supervisor
