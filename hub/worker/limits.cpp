#include "hub/worker/limits.hpp"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace sendhub::worker {
namespace {

constexpr std::int64_t mib = 1 << 20;

Status limit(__rlimit_resource what, const char* name, std::int64_t soft, std::int64_t hard) {
    rlimit now{};
    if (::getrlimit(what, &now) != 0) return fail(ErrorCode::bug, std::string("no limit ") + name);
    const auto within = [&](std::int64_t wanted) {
        return std::min<rlim_t>(static_cast<rlim_t>(wanted), now.rlim_max);
    };
    const rlimit wanted{within(soft), within(hard)};
    if (::setrlimit(what, &wanted) != 0)
        return fail(ErrorCode::bug, std::string("could not set the limit ") + name + ": " +
                                        std::generic_category().message(errno));
    return {};
}

}  // namespace

Status limit_this_process(const handover::Limits& limits, int parent) {
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return fail(ErrorCode::bug,
                    "could not tie the worker to its parent: " + std::generic_category().message(errno));
    if (::getppid() != parent) return fail(ErrorCode::retry, "the hub ended while its worker started");
    if (::setpriority(PRIO_PROCESS, 0, 5) != 0) { /* already as nice, or not allowed: no harm */
    }
    SENDHUB_TRY(limit(RLIMIT_CORE, "core", 0, 0));
    SENDHUB_TRY(limit(RLIMIT_CPU, "cpu", limits.cpu_seconds, limits.cpu_seconds + 5));
    SENDHUB_TRY(limit(RLIMIT_NOFILE, "open files", limits.open_files, limits.open_files));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // their shadow memory alone is terabytes
    SENDHUB_TRY(limit(RLIMIT_DATA, "memory", limits.memory_mb * mib, limits.memory_mb * mib));
    SENDHUB_TRY(
        limit(RLIMIT_AS, "address space", (limits.memory_mb + 8192) * mib, (limits.memory_mb + 8192) * mib));
#endif
    // A thread's stack counts as soon as it is mapped, and malloc's arenas each keep their own leavings.
    pthread_attr_t attributes;
    if (::pthread_attr_init(&attributes) == 0) {
        if (::pthread_attr_setstacksize(&attributes, 2 * mib) == 0) ::pthread_setattr_default_np(&attributes);
        ::pthread_attr_destroy(&attributes);
    }
    ::mallopt(M_ARENA_MAX, 2);
    return {};
}

Status limit_output(std::int64_t output_mb) {
    return limit(RLIMIT_FSIZE, "file size", output_mb * mib, output_mb * mib);
}

}  // namespace sendhub::worker
