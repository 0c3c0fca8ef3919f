#include "hub/worker/worker_report.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <ctime>

#include "hub/handover/wire.hpp"

namespace sendhub::worker {
namespace {

std::int64_t milliseconds() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
}

void say(std::string_view line) {
    while (!line.empty()) {
        const ssize_t n = ::write(handover::kReportDescriptor, line.data(), line.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return;  // nobody listens any more: the parent's end ends us
        line.remove_prefix(static_cast<std::size_t>(n));
    }
}

// Since this program was loaded: ru_maxrss also counts what the parent had when it started us.
std::int64_t peak_memory_kb() {
    std::FILE* file = std::fopen("/proc/self/status", "re");
    if (!file) return 0;
    char line[256];
    long peak = 0;
    while (std::fgets(line, sizeof line, file))
        if (std::sscanf(line, "VmHWM: %ld kB", &peak) == 1) break;
    std::fclose(file);
    return peak;
}

}  // namespace

void Report::hello() { say(handover::hello_line()); }

void Report::working() {
    const std::int64_t now = milliseconds();
    if (now - said_at_ < 250) return;
    said_at_ = now;
    say(handover::progress_line(handover::Progress{counts, done_, total_}));
}

void Report::plugin_progress(std::uint64_t done, std::uint64_t total) {
    const bool further = done > done_;
    done_ = done;
    total_ = total;
    if (further) working();
}

void Report::log(int level, std::string_view text) {
    if (lines_of_log_ > 200) return;
    if (++lines_of_log_ > 200) text = "the plugin says more than 200 things; the rest is left out";
    say(handover::log_line(level, text));
}

void Report::last_word(handover::OutcomeState state, std::string_view sentence, std::int64_t retry_after_ms) {
    say(handover::end_line(state, sentence, counts, peak_memory_kb(), retry_after_ms));
}

void Report::end(handover::OutcomeState state, std::string_view sentence, std::int64_t retry_after_ms) {
    last_word(state, sentence, retry_after_ms);
    ::_exit(state == handover::OutcomeState::ok ? 0 : 1);
}

void say_and_exit(const char* state, const char* sentence) {
    char line[1024];
    const int n = std::snprintf(line, sizeof line, "{\"say\":\"end\",\"state\":\"%s\",\"sentence\":\"%s\"}\n",
                                state, sentence);
    if (n > 0) say({line, static_cast<std::size_t>(n)});
    ::_exit(1);
}

}  // namespace sendhub::worker
