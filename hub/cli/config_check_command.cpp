// `sendhub config check`: every fault of the settings at once, as a night would meet them.
#include <algorithm>
#include <iostream>

#include "hub/cli/commands.hpp"
#include "hub/schedule/feed_check.hpp"

namespace sendhub::cli {

int config_check(const std::filesystem::path& path) {
    auto [config, faults] = config::check_config(path);
    // A file that could not be read at all, or is not TOML, has one fault and nothing else to check.
    if (!config.feeds.empty()) {
        const auto of_feeds = schedule::check_feeds(config);
        if (!of_feeds) return failed(of_feeds.error());
        faults.insert(faults.end(), of_feeds->begin(), of_feeds->end());
    }
    if (!config.folder.empty()) {
        const auto of_datasets = schedule::check_own_datasets(config);
        faults.insert(faults.end(), of_datasets.begin(), of_datasets.end());
    }
    std::sort(faults.begin(), faults.end());
    faults.erase(std::unique(faults.begin(), faults.end()), faults.end());
    if (faults.empty()) {
        std::cout << config::check_report(path, config::Loaded(std::move(config)));
        return 0;
    }
    std::cerr << config::check_report(path, std::unexpected(std::move(faults)));
    return 2;
}

}  // namespace sendhub::cli
