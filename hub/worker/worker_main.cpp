#include "hub/worker/worker_main.hpp"

#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <new>

#include "hub/handover/plugin_description.hpp"
#include "hub/handover/wire.hpp"
#include "hub/worker/fetch.hpp"
#include "hub/worker/limits.hpp"
#include "hub/worker/plugin_file.hpp"
#include "hub/worker/stage.hpp"
#include "hub/worker/worker_report.hpp"

namespace sendhub::worker {
namespace {

Report report;

void out_of_memory() {
    say_and_exit(
        "out_of_memory",
        "the run needed more memory than its limit; look whether a file was sent that does not belong here, "
        "or raise limits.memory_mb of the feed");
}
void plugin_called_exit() {
    say_and_exit("lied",
                 "the plugin ended the process in the middle of the run, so the batch is not complete; "
                 "nothing of it is used; tell its author");
}

std::string all_of_stdin() {
    return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
}

template <class SomeJob>
Ending run_job(const SomeJob& job) {
    auto plugin = load_plugin(job.plugin, job.limits.output_mb);
    if (!plugin)
        return {handover::OutcomeState::refused, "feed " + job.feed + ": " + plugin.error().sentence};
    constexpr bool fetches = std::is_same_v<SomeJob, handover::FetchJob>;
    const handover::PluginKind wanted =
        fetches ? handover::PluginKind::transport : handover::PluginKind::connector;
    if (plugin->description.kind != wanted)
        return {handover::OutcomeState::refused,
                "feed " + job.feed + ": the plugin " + job.plugin.string() + " is a " +
                    std::string(to_string(plugin->description.kind)) + ", a " +
                    std::string(to_string(wanted)) + " was wanted; correct hub.toml"};
    if constexpr (fetches)
        return run_fetch(job, *plugin, report);
    else
        return run_stage(job, *plugin, report);
}

// Does not return: the plugin's library, its threads and its exit handlers get no turn after the last word.
[[noreturn]] void run(int parent) {
    auto job = handover::parse_job(all_of_stdin());
    if (!job) report.end(handover::OutcomeState::failed, job.error().sentence);
    const handover::Limits& limits =
        std::visit([](const auto& j) -> const handover::Limits& { return j.limits; }, *job);
    if (auto status = limit_this_process(limits, parent); !status)
        report.end(handover::OutcomeState::failed, status.error().sentence);
    cancel_on_sigterm();
    std::set_new_handler(out_of_memory);
    std::atexit(plugin_called_exit);
    std::at_quick_exit(plugin_called_exit);
    report.hello();
    try {
        const Ending ending = std::visit([](const auto& j) { return run_job(j); }, *job);
        report.end(ending.state, ending.sentence, ending.retry_after_ms);
    } catch (const std::exception& e) {
        report.end(handover::OutcomeState::failed, std::string("the worker failed: ") + e.what());
    }
}

// The answer goes to descriptor 3, so that nothing that the plugin prints gets into it. By hand, without one:
// to 1.
int describe(const std::string& path) {
    const handover::Limits limits{1024, 5, 10, 256, 1, 10};
    if (auto status = limit_this_process(limits, ::getppid()); !status) {
        std::cerr << status.error().sentence << '\n';
        return 1;
    }
    const auto plugin = load_plugin(path, limits.output_mb);
    const std::string text = (plugin ? to_json(plugin->description) : plugin.error().sentence) + "\n";
    std::string_view rest = text;
    const int out = ::lseek(handover::kReportDescriptor, 0, SEEK_CUR) < 0 && errno == ESPIPE
                        ? handover::kReportDescriptor
                        : STDOUT_FILENO;
    while (!rest.empty()) {
        const ssize_t n = ::write(out, rest.data(), rest.size());
        if (n <= 0) break;
        rest.remove_prefix(static_cast<std::size_t>(n));
    }
    ::_exit(plugin ? 0 : 1);
}

}  // namespace

int worker_main(const std::vector<std::string>& args) {
    int parent = 0;
    if (args.size() == 2 && args[0] == "run" &&
        std::from_chars(args[1].data(), args[1].data() + args[1].size(), parent).ec == std::errc{})
        run(parent);
    if (args.size() == 2 && args[0] == "describe") return describe(args[1]);
    std::cerr << "sendhub worker is started by the hub itself; by hand: sendhub worker describe PATH\n";
    return 2;
}

}  // namespace sendhub::worker
