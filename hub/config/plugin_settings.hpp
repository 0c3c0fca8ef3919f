// The settings of one plugin in one feed, checked against what the plugin declares.
//
//   auto ready = check_plugin_settings(feed.settings, description.settings,
//                                      context_of(config, feed, PluginPart::settings));
#pragma once

#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "hub/config/config.hpp"

namespace sendhub::config {

// What a plugin says of one of its settings (shp_setting, as plain values).
struct DeclaredSetting {
    std::string name;
    std::string type;  // text integer number boolean date folder file
    std::string unit;
    std::string default_value;
    std::string meaning;
    bool required = false;
    bool secret = false;
    bool table = false;  // keys arrive as NAME.KEY
    bool list = false;   // joined by '\n'
};

// Which part of a feed the settings are: [feed.ID.fetch] or [feed.ID.settings].
enum class PluginPart { fetch, settings };

// Where the settings came from, for errors and for relative paths.
struct SettingsContext {
    std::string file = "hub.toml";
    std::string table;  // such as feed.cme.settings
    std::filesystem::path
        folder;  // relative folder and file settings are meant from here; empty: kept as they are
    std::map<std::string, Place> places;
};
// Where a setting stands; when it is not written, the table that it belongs into.
Place place_of(const std::map<std::string, Place>& places, const std::string& key);
SettingsContext context_of(const Config& config, const FeedConfig& feed, PluginPart part);

// Every fault at once (unknown key, required and missing, wrong type, a secret that is not a reference), or
// the settings to hand to the plugin: what was given, the defaults of the rest, folders and files as absolute
// paths. Secrets are still references; resolve_secret reads them at the last moment.
[[nodiscard]] std::expected<std::map<std::string, std::string>, std::vector<ConfigError>>
check_plugin_settings(const std::map<std::string, std::string>& given,
                      const std::vector<DeclaredSetting>& declared, const SettingsContext& context = {});

// The declared settings as a Markdown table, for the reference page of a plugin.
std::string settings_table(const std::vector<DeclaredSetting>& declared);

}  // namespace sendhub::config
