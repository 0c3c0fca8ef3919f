// hub.toml as typed settings. Everything is checked before anything starts: load_config gives either settings
// that hold in full, or every fault in the file at once, each with its place and, for a name that is not
// known, the nearest one that is. What each key means is docs/reference/settings.md, made from the same table
// that checks it.
//
//   auto config = sendhub::config::load_config("hub.toml");
//   if (!config) for (const auto& e : config.error()) print(to_string(e));   // hub.toml:12:1: …
//
// Settings of plugins are carried as text and checked in a second step (plugin_settings.hpp), once the plugin
// has said what it takes. Secrets never stand in hub.toml: only references to them do (secrets.hpp).
#pragma once

#include <compare>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace sendhub::config {

// A fault in the settings. line 0: the file as a whole.
struct ConfigError {
    std::string file;
    unsigned line = 0;
    unsigned column = 0;
    std::string sentence;
    friend auto operator<=>(const ConfigError&, const ConfigError&) = default;  // in the order of the file
};
std::string to_string(const ConfigError& error);         // hub.toml:12:5: sentence
Error to_error(const std::vector<ConfigError>& errors);  // all of them, as one Error (code settings)

// Where a value stands in hub.toml, and whether it was written as a list.
struct Place {
    unsigned line = 0;
    unsigned column = 0;
    bool is_list = false;
};

struct HubSettings {
    std::string name;
    std::string la_code;          // three digits
    std::filesystem::path state;  // absolute
};

struct PluginSettings {
    std::filesystem::path folder;  // absolute; empty: not set, see plugins_folder()
    bool development = false;
};

struct ServeSettings {
    std::string address;     // an IP address, without brackets
    std::uint16_t port = 0;  // 0: any free one
    std::string
        public_base_url;  // without a slash at the end; empty: not set, http:// and what is listened on
    std::int64_t page_size = 0;
};

enum class MissedRun { once, skip };

struct ScheduleSettings {
    std::string nightly;  // five cron fields, Europe/London; known to be right
    MissedRun missed_run = MissedRun::once;
    std::int64_t retry_attempts = 0;
    std::int64_t retry_first_wait_seconds = 0;
};

struct PublishSettings {
    std::int64_t keep_versions = 0;
    std::int64_t collapse_percent = 0;
    std::int64_t collapse_min_rows = 0;
    std::optional<Days> as_at;
    bool inclusive_day_rule = true;
};

struct MatchSettings {
    std::vector<std::string> precedence;                            // feeds, best first
    std::map<std::string, std::vector<std::string>> precedence_of;  // field of person → feeds, best first
    std::vector<std::string> one_record_each;                       // feeds
    std::vector<std::string> institutional_postcodes;               // upper case, one blank
    std::int64_t retrain_days = 0;
};

struct WorkerLimits {
    std::int64_t memory_mb = 0;
    std::int64_t cpu_seconds = 0;
    std::int64_t wall_seconds = 0;
    std::int64_t open_files = 0;
    std::int64_t output_mb = 0;
};

struct FeedConfig {
    std::string id;
    std::string connector;
    std::string transport;
    std::string schedule;  // a cron expression of its own; empty: with the night
    std::int64_t guard_percent = 0;
    std::int64_t guard_min_rows = 0;
    std::string purpose;
    // Settings of the transport and of the connector, as written: tables as NAME.KEY, lists joined by '\n'.
    std::map<std::string, std::string> fetch;
    std::map<std::string, std::string> settings;
    std::map<std::string, Place> fetch_places;  // of each key above; "": of the table, or of the feed's own
    std::map<std::string, Place> settings_places;
    Place connector_place, transport_place;
    WorkerLimits limits;
};

struct Config {
    std::filesystem::path file;    // as given
    std::string text;              // of the file, as it was read
    std::filesystem::path folder;  // absolute; relative paths in the file are meant from here
    HubSettings hub;
    PluginSettings plugins;
    ServeSettings serve;
    ScheduleSettings schedule;
    PublishSettings publish;
    MatchSettings match;
    std::vector<FeedConfig> feeds;  // in the order of the file

    [[nodiscard]] const FeedConfig* find_feed(std::string_view id) const;  // null: no such feed
};

using Loaded = std::expected<Config, std::vector<ConfigError>>;

[[nodiscard]] Loaded load_config(const std::filesystem::path& path);
// For `sendhub config check`: also what could be read of a file with faults, so that the rest is checked as
// well.
struct Checked {
    Config config;
    std::vector<ConfigError> errors;
};
[[nodiscard]] Checked check_config(const std::filesystem::path& path);
// The same from text, as if it stood in path (which need not exist).
[[nodiscard]] Loaded parse_config(std::string_view text, const std::filesystem::path& path);

// The folder that plugins are loaded from: the setting, else ../plugins beside the folder of the binary.
std::filesystem::path plugins_folder(const Config& config, const std::filesystem::path& binary);
// public_base_url, or http:// and the address and port really listened on.
std::string base_url(const ServeSettings& serve, std::uint16_t port);

// What `sendhub config check` prints: every fault, or what the file sets up. Ends with a line break.
std::string check_report(const std::filesystem::path& path, const Loaded& loaded);

// docs/reference/settings.md, from the table that load_config checks with.
std::string settings_reference();

}  // namespace sendhub::config
