// Any text as hub.toml gives settings that hold in full, or faults that a person can act on.
#include <algorithm>
#include <cstdlib>
#include <set>

#include "hub/config/config.hpp"

using namespace sendhub::config;

namespace {

void must(bool holds) {
    if (!holds) std::abort();
}

void check_settings(const Config& config) {
    must(!config.hub.name.empty());
    must(config.hub.la_code.size() == 3 &&
         std::ranges::all_of(config.hub.la_code, [](char c) { return c >= '0' && c <= '9'; }));
    must(config.hub.state.is_absolute());
    must(!config.serve.address.empty() && config.serve.page_size > 0);
    must(!config.serve.public_base_url.ends_with('/'));
    must(config.publish.keep_versions > 0);
    std::set<std::string> ids;
    for (const FeedConfig& feed : config.feeds) {
        must(ids.insert(feed.id).second && config.find_feed(feed.id) == &feed);
        must(!feed.connector.empty() && !feed.transport.empty());
        must(feed.limits.memory_mb > 0 && feed.limits.wall_seconds > 0);
        for (const auto& [key, value] : feed.settings) must(feed.settings_places.at(key).line > 0);
        for (const auto& [key, value] : feed.fetch) must(feed.fetch_places.at(key).line > 0);
    }
    for (const std::string& feed : config.match.precedence) must(ids.contains(feed));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const Loaded loaded = parse_config(text, "/etc/sendhub/hub.toml");
    if (loaded) {
        check_settings(*loaded);
    } else {
        must(!loaded.error().empty() && std::ranges::is_sorted(loaded.error()));
        for (const ConfigError& error : loaded.error()) must(!error.sentence.empty());
    }
    must(!check_report("/etc/sendhub/hub.toml", loaded).empty());
    return 0;
}
