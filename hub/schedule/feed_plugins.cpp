#include "hub/schedule/feed_plugins.hpp"

#include "hub/config/plugin_settings.hpp"
#include "hub/config/secrets.hpp"

namespace sendhub::schedule {
namespace {

config::DeclaredSetting declared(const worker::SettingDescription& s) {
    return {s.name, s.type, s.unit, s.default_value, s.meaning, s.required, s.secret, s.table, s.list};
}

Result<std::map<std::string, std::string>> ready_settings(const config::Config& config,
                                                          const config::FeedConfig& feed,
                                                          config::PluginPart part,
                                                          const worker::PluginDescription& plugin) {
    std::vector<config::DeclaredSetting> settings;
    for (const auto& s : plugin.settings) settings.push_back(declared(s));
    auto checked =
        config::check_plugin_settings(part == config::PluginPart::fetch ? feed.fetch : feed.settings,
                                      settings, config::context_of(config, feed, part));
    if (!checked) return fail(config::to_error(checked.error()));
    for (const auto& s : plugin.settings) {
        const auto it = checked->find(s.name);
        if (!s.secret || it == checked->end() || it->second.empty()) continue;
        SENDHUB_ASSIGN(it->second, config::resolve_secret(it->second, config.folder));
    }
    return std::move(*checked);
}

Result<const worker::PluginList::Item*> find(const worker::PluginList& plugins, const std::string& name,
                                             worker::PluginKind kind) {
    for (const auto& item : plugins.plugins)
        if (item.description.name == name && item.description.kind == kind) return &item;
    for (const auto& refusal : plugins.refused)
        if (refusal.path.stem() == name) return fail(refusal.error);
    return fail(ErrorCode::settings, "there is no " + std::string(to_string(kind)) + " named " + name +
                                         " in the plugins folder " + plugins.folder.string() +
                                         "; `sendhub plugin list` shows what is there");
}

}  // namespace

Result<worker::PluginList> plugins_of(const config::Config& config, const std::filesystem::path& binary) {
    return worker::list_plugins(config::plugins_folder(config, std::filesystem::weakly_canonical(binary)),
                                binary);
}

Result<FeedPlugins> plugins_of_feed(const config::Config& config, const config::FeedConfig& feed,
                                    const worker::PluginList& plugins) {
    SENDHUB_ASSIGN(const auto* transport, find(plugins, feed.transport, worker::PluginKind::transport));
    SENDHUB_ASSIGN(const auto* connector, find(plugins, feed.connector, worker::PluginKind::connector));
    FeedPlugins out{transport->path, connector->path, {}, {}};
    SENDHUB_ASSIGN(out.fetch,
                   ready_settings(config, feed, config::PluginPart::fetch, transport->description));
    SENDHUB_ASSIGN(out.settings,
                   ready_settings(config, feed, config::PluginPart::settings, connector->description));
    return out;
}

}  // namespace sendhub::schedule
