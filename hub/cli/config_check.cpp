// `sendhub config check`: the settings as written, then whether each feed's plugins load and take them.
#include <iostream>

#include "hub/cli/commands.hpp"
#include "hub/schedule/feed_plugins.hpp"

namespace sendhub::cli {

int config_check(const std::filesystem::path& path) {
    const auto config = load(path);
    if (!config) return config.error();
    const auto plugins = schedule::plugins_of(*config);
    if (!plugins) return failed(plugins.error());
    int code = 0;
    for (const config::FeedConfig& feed : config->feeds) {
        const auto ready = schedule::plugins_of_feed(*config, feed, *plugins);
        if (ready) continue;
        Error error = ready.error();
        error.code = ErrorCode::settings;
        error.sentence.insert(0, "feed " + feed.id + ": ");
        code = failed(error);
    }
    if (code == 0) std::cout << config::check_report(path, config::Loaded(*config));
    return code;
}

}  // namespace sendhub::cli
