// `sendhub night`: one nightly run of the daemon, in a process of its own (hub/schedule/night_process.hpp).
// Not for people: `sendhub sync` is.
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <iostream>
#include <iterator>

#include "base/log.hpp"
#include "hub/cli/commands.hpp"
#include "hub/schedule/dead_night.hpp"
#include "hub/schedule/night.hpp"
#include "hub/schedule/stop_signal.hpp"

namespace sendhub::cli {
namespace {

void log_event(const schedule::NightEvent& event) {
    using Kind = schedule::NightEvent::Kind;
    if (event.kind == Kind::feed_progress) return;
    if (event.kind == Kind::feed_done)
        log::info("feed.end", event.sentence.empty() ? event.state : event.sentence,
                  {{"feed", event.feed}, {"state", event.state}});
    else
        log::info("night.step", event.sentence, {{"feed", event.feed}});
}

}  // namespace

void note_stopped_run(const std::filesystem::path& config) {
    // This program anew: the work that does not end, its locks and its transaction go with the old image.
    const std::string path = config.string();
    ::execl("/proc/self/exe", "sendhub", "--config", path.c_str(), "night", "--stopped",
            std::string(schedule::kStoppedSentence).c_str(), nullptr);
    ::_exit(1);
}

int night(const std::filesystem::path& path, const NightArguments& arguments) {
    // The daemon hands over the settings as it read them, on standard input.
    std::expected<config::Config, int> config = std::unexpected(2);
    if (arguments.parent > 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (::getppid() != arguments.parent) return 1;
        ::lseek(STDIN_FILENO, 0, SEEK_SET);
        const std::string text{std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
        auto parsed = config::parse_config(text, path);
        if (!parsed) return failed(config::to_error(parsed.error()));
        config = std::move(*parsed);
    } else {
        config = load(path);
    }
    if (!config) return config.error();
    for (const auto& [code, sentence] :
         {std::pair("crashed", arguments.died), std::pair("retry", arguments.stopped)}) {
        if (sentence.empty()) continue;
        const auto noted = schedule::note_dead_night(*config, code, sentence);
        return noted ? 1 : (failed(noted.error()), 4);
    }
    const schedule::StopSignal stop([&] { note_stopped_run(path); });
    const auto outcome = schedule::run_night(*config, {.feeds = arguments.feeds}, log_event, stop.token());
    if (!outcome) {
        log::error("night.failed", outcome.error());
        return exit_code(outcome.error());
    }
    return outcome->exit_code();
}

}  // namespace sendhub::cli
