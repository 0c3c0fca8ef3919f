#include "hub/supervisor/describe_plugin.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "hub/handover/wire.hpp"
#include "hub/supervisor/process.hpp"

namespace sendhub::supervisor {
namespace {

constexpr auto kDeadline = std::chrono::seconds(10);
constexpr std::size_t kLongestAnswer = 4u << 20;

// Ends the group and reaps it, whatever happened before.
struct Reaper {
    pid_t pid;
    int status = 0;
    bool reaped = false;
    void reap() {
        if (reaped) return;
        ::kill(-pid, SIGKILL);
        while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
        }
        reaped = true;
    }
    ~Reaper() { reap(); }
};

}  // namespace

Result<handover::PluginDescription> describe_plugin(const std::filesystem::path& path,
                                                    const std::filesystem::path& worker) {
    SENDHUB_ASSIGN(WorkerProcess process, start_worker(worker, {"describe", path.string()}, {}));
    Reaper reaper{process.pid};
    const auto deadline = std::chrono::steady_clock::now() + kDeadline;
    std::string answer;
    bool report_open = true, error_open = true;
    while (report_open || error_open) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now())
                .count();
        if (left <= 0) break;
        pollfd wait[3] = {{report_open ? process.report.get() : -1, POLLIN, 0},
                          {error_open ? process.error.get() : -1, POLLIN, 0},
                          {process.ended.get(), POLLIN, 0}};
        if (::poll(wait, 3, static_cast<int>(left)) < 0 && errno != EINTR) break;
        // What the plugin prints is read so that it does not block, and thrown away.
        char buffer[16 * 1024];
        if (wait[0].revents) {
            const ssize_t n = ::read(process.report.get(), buffer, sizeof buffer);
            if (n <= 0)
                report_open = false;
            else
                answer.append(buffer, static_cast<std::size_t>(n));
        }
        if (wait[1].revents && ::read(process.error.get(), buffer, sizeof buffer) <= 0) error_open = false;
        if (answer.size() > kLongestAnswer)
            return fail(ErrorCode::plugin,
                        "the plugin " + path.string() +
                            " was refused: its description is longer than 4 MiB; tell its author");
        if (wait[2].revents && !wait[0].revents && !wait[1].revents) break;  // ended, and its pipes are empty
    }
    const bool late = std::chrono::steady_clock::now() >= deadline;
    reaper.reap();
    while (!answer.empty() && answer.back() == '\n') answer.pop_back();
    if (WIFEXITED(reaper.status) && WEXITSTATUS(reaper.status) == 0 && !late) {
        auto description = handover::parse_description(answer);
        if (description) return description;
        return fail(ErrorCode::plugin,
                    "the plugin " + path.string() +
                        " was refused: it ended the process before it described itself; tell its author");
    }
    if (WIFEXITED(reaper.status) && WEXITSTATUS(reaper.status) == 1 &&
        answer.find("was refused") != std::string::npos)
        return fail(ErrorCode::plugin, handover::one_line(answer, 4000));
    if (late)
        return fail(
            ErrorCode::plugin,
            "the plugin " + path.string() +
                " was refused: it did not describe itself within 10 s; its entry must only return its table");
    if (WIFSIGNALED(reaper.status)) {
        const char* name = ::sigdescr_np(WTERMSIG(reaper.status));
        return fail(ErrorCode::plugin, "the plugin " + path.string() +
                                           " was refused: it crashed when it was loaded (" +
                                           (name ? name : "signal") + "); tell its author");
    }
    return fail(ErrorCode::plugin,
                "the plugin " + path.string() +
                    " was refused: the worker that loads it ended with exit code " +
                    std::to_string(WEXITSTATUS(reaper.status)) +
                    (answer.empty() ? std::string() : " and said: " + handover::one_line(answer, 1000)));
}

Result<PluginList> list_plugins(const std::filesystem::path& folder, const std::filesystem::path& worker) {
    std::error_code error;
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error))
        if (entry.path().extension() == ".so") paths.push_back(entry.path());
    if (error)
        return fail(ErrorCode::settings, "the plugins folder " + folder.string() + " cannot be read: " +
                                             error.message() + "; correct plugins.folder in hub.toml");
    std::sort(paths.begin(), paths.end());
    PluginList list{folder, {}, {}};
    for (const auto& path : paths) {
        auto description = describe_plugin(path, worker);
        if (description)
            list.plugins.push_back({path, std::move(*description)});
        else
            list.refused.push_back({path, std::move(description.error())});
    }
    std::stable_sort(list.plugins.begin(), list.plugins.end(),
                     [](const auto& a, const auto& b) { return a.description.name < b.description.name; });
    for (std::size_t i = 0; i + 1 < list.plugins.size();) {
        std::size_t end = i + 1;
        while (end < list.plugins.size() &&
               list.plugins[end].description.name == list.plugins[i].description.name)
            ++end;
        if (end == i + 1) {
            ++i;
            continue;
        }
        const auto first = list.plugins.begin() + static_cast<std::ptrdiff_t>(i),
                   last = list.plugins.begin() + static_cast<std::ptrdiff_t>(end);
        for (auto item = first; item != last; ++item)
            list.refused.push_back(
                {item->path, Error(ErrorCode::plugin, "the plugin " + item->path.string() +
                                                          " was refused: " + std::to_string(end - i) +
                                                          " plugins of the folder are named " +
                                                          item->description.name + "; keep one of them")});
        list.plugins.erase(first, last);
    }
    return list;
}

}  // namespace sendhub::supervisor
