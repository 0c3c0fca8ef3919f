#include "hub/schedule/feed_plugins.hpp"

#include "hub/config/plugin_settings.hpp"
#include "hub/config/secrets.hpp"

namespace sendhub::schedule {
namespace {

using config::ConfigError;
using config::PluginPart;

Result<const supervisor::PluginList::Item*> find(const supervisor::PluginList& plugins,
                                                 const std::string& name, handover::PluginKind kind) {
    for (const auto& item : plugins.plugins)
        if (item.description.name == name && item.description.kind == kind) return &item;
    for (const auto& refusal : plugins.refused)
        if (refusal.path.stem() == name) return fail(refusal.error);
    return fail(ErrorCode::settings, "there is no " + std::string(to_string(kind)) + " named " + name +
                                         " in the plugins folder " + plugins.folder.string() +
                                         "; `sendhub plugin list` shows what is there");
}

}  // namespace

Result<supervisor::PluginList> plugins_of(const config::Config& config, const std::filesystem::path& binary) {
    return supervisor::list_plugins(config::plugins_folder(config, std::filesystem::weakly_canonical(binary)),
                                    binary);
}

std::expected<ReadyPlugin, std::vector<ConfigError>> ready_plugin(const config::Config& config,
                                                                  const config::FeedConfig& feed,
                                                                  PluginPart part,
                                                                  const supervisor::PluginList& plugins) {
    const bool fetch = part == PluginPart::fetch;
    const auto found = find(plugins, fetch ? feed.transport : feed.connector,
                            fetch ? handover::PluginKind::transport : handover::PluginKind::connector);
    if (!found) {
        const config::Place place = fetch ? feed.transport_place : feed.connector_place;
        return std::unexpected(std::vector<ConfigError>{{config.file.string(), place.line, place.column,
                                                         "feed " + feed.id + ": " + found.error().sentence}});
    }
    const auto& settings = (*found)->description.settings;
    const auto context = config::context_of(config, feed, part);
    auto checked = config::check_plugin_settings(fetch ? feed.fetch : feed.settings, settings, context);
    if (!checked) return std::unexpected(std::move(checked.error()));
    std::vector<ConfigError> faults;
    for (const auto& s : settings) {
        const auto it = checked->find(s.name);
        if (!s.secret || it == checked->end() || it->second.empty()) continue;
        if (auto secret = config::resolve_secret(it->second, config.folder)) {
            it->second = std::move(*secret);
        } else {
            const config::Place place = config::place_of(context.places, s.name);
            faults.push_back({context.file, place.line, place.column,
                              context.table + "." + s.name + ": " + secret.error().sentence});
        }
    }
    if (!faults.empty()) return std::unexpected(std::move(faults));
    return ReadyPlugin{(*found)->path, std::move(*checked)};
}

Result<FeedPlugins> plugins_of_feed(const config::Config& config, const config::FeedConfig& feed,
                                    const supervisor::PluginList& plugins) {
    auto transport = ready_plugin(config, feed, PluginPart::fetch, plugins);
    auto connector = ready_plugin(config, feed, PluginPart::settings, plugins);
    std::vector<ConfigError> faults;
    for (const auto* part : {&transport, &connector})
        if (!*part) faults.insert(faults.end(), part->error().begin(), part->error().end());
    if (!faults.empty()) return fail(config::to_error(faults));
    return FeedPlugins{std::move(transport->path), std::move(connector->path), std::move(transport->settings),
                       std::move(connector->settings)};
}

}  // namespace sendhub::schedule
