#include "hub/schedule/feed_check.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <optional>

#include "base/files.hpp"
#include "hub/config/plugin_settings.hpp"
#include "hub/publish/dataset.hpp"
#include "hub/schedule/feed_plugins.hpp"
#include "hub/supervisor/supervisor.hpp"

namespace sendhub::schedule {
namespace {

namespace fs = std::filesystem;
using config::ConfigError;
using config::PluginPart;

constexpr int kMostFaultsOfAPlugin = 50;

bool is_word_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
bool has_word(std::string_view text, std::string_view word) {
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        if ((at == 0 || !is_word_letter(text[at - 1])) && (end == text.size() || !is_word_letter(text[end])))
            return true;
    }
    return false;
}

// A plugin says in a sentence what is wrong. Which of the settings that are written does it speak of? The
// longest one that it names: NAME as a word, and for NAME.KEY of a table also "KEY" in quotation marks.
std::optional<std::string> setting_named_in(std::string_view sentence,
                                            const std::map<std::string, std::string>& written) {
    std::optional<std::string> best;
    std::size_t best_size = 0;
    for (const auto& [key, value] : written) {
        const auto point = key.find('.');
        std::size_t size = 0;
        if (point == std::string::npos) {
            if (has_word(sentence, key)) size = key.size();
        } else {
            const std::string inner = key.substr(point + 1);
            if (sentence.find('"' + inner + '"') != std::string_view::npos) size = key.size() + 1000;
        }
        if (size > best_size) best = key, best_size = size;
    }
    return best;
}

handover::Outcome open_and_close(supervisor::Supervisor& supervisor, boost::asio::io_context& io,
                                 const config::Config& config, const config::FeedConfig& feed,
                                 PluginPart part, const ReadyPlugin& plugin) {
    const fs::path state = config.hub.state;
    handover::Limits limits{feed.limits};
    limits.wall_seconds = std::min<std::int64_t>(limits.wall_seconds, 60);
    handover::Outcome outcome;
    const auto done = [&](handover::Outcome o) { outcome = std::move(o); };
    if (part == PluginPart::fetch) {
        handover::FetchJob job{feed.id, plugin.path, plugin.settings, state / "landing" / feed.id, limits};
        job.check = true;
        supervisor.start(std::move(job), {}, done);
    } else {
        handover::StageJob job{
            feed.id,           plugin.path, plugin.settings, state / "landing" / feed.id, "check",
            state / "staging", {},          limits};
        job.check = true;
        supervisor.start(std::move(job), {}, done);
    }
    io.run();
    io.restart();
    return outcome;
}

// A plugin stops at the first wrong setting. That one is left out and the plugin is opened again, until it
// has nothing more to say.
void open_with_settings(supervisor::Supervisor& supervisor, boost::asio::io_context& io,
                        const config::Config& config, const config::FeedConfig& feed, PluginPart part,
                        ReadyPlugin plugin, const handover::PluginDescription* description,
                        std::vector<ConfigError>& faults) {
    const auto context = config::context_of(config, feed, part);
    std::map<std::string, std::string> written = part == PluginPart::fetch ? feed.fetch : feed.settings;
    for (int i = 0; i < kMostFaultsOfAPlugin; ++i) {
        const auto outcome = open_and_close(supervisor, io, config, feed, part, plugin);
        if (outcome.ok()) return;
        const auto key = setting_named_in(outcome.sentence, written);
        const config::Place place = config::place_of(context.places, key.value_or(""));
        faults.push_back({context.file, place.line, place.column, outcome.sentence});
        if (!key || outcome.state != handover::OutcomeState::bad_settings) return;
        const auto required = [&](const config::DeclaredSetting& s) { return s.required && s.name == *key; };
        if (!description || std::any_of(description->settings.begin(), description->settings.end(), required))
            return;  // without it there is nothing more to learn
        plugin.settings.erase(*key);
        written.erase(*key);
    }
}

}  // namespace

Result<std::vector<ConfigError>> check_feeds(const config::Config& config, const fs::path& binary) {
    SENDHUB_ASSIGN(const supervisor::PluginList plugins, plugins_of(config, binary));
    boost::asio::io_context io;
    supervisor::Supervisor supervisor(io, binary);
    std::vector<ConfigError> faults;
    for (const auto& feed : config.feeds)
        for (const PluginPart part : {PluginPart::fetch, PluginPart::settings}) {
            if ((part == PluginPart::fetch ? feed.transport : feed.connector).empty())
                continue;  // a fault already
            auto ready = ready_plugin(config, feed, part, plugins);
            if (!ready) {
                faults.insert(faults.end(), ready.error().begin(), ready.error().end());
                continue;
            }
            const handover::PluginDescription* description = nullptr;
            for (const auto& item : plugins.plugins)
                if (item.path == ready->path) description = &item.description;
            open_with_settings(supervisor, io, config, feed, part, std::move(*ready), description, faults);
        }
    return faults;
}

std::vector<ConfigError> check_own_datasets(const config::Config& config) {
    std::vector<ConfigError> faults;
    const fs::path folder = config.folder / "datasets";
    std::error_code error;
    std::vector<fs::path> files;
    if (fs::is_directory(folder, error))
        for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
            if (entry->path().extension() == ".json") files.push_back(entry->path());
    std::sort(files.begin(), files.end());
    const auto add = [&](const std::string& sentence) {
        const bool known = std::any_of(faults.begin(), faults.end(),
                                       [&](const ConfigError& fault) { return fault.sentence == sentence; });
        if (!known) faults.push_back({config.file.string(), 0, 0, sentence});
    };
    for (const fs::path& file : files) {
        fs::path other = file;
        const auto json = read_file(file), sql = read_file(other.replace_extension(".sql"));
        if (!json || !sql) continue;  // load_datasets says so
        if (const auto dataset = publish::parse_dataset(*json, *sql, file.string()); !dataset)
            add(dataset.error().sentence);
    }
    if (const auto all = publish::load_datasets(config.folder); !all) add(all.error().sentence);
    return faults;
}

}  // namespace sendhub::schedule
