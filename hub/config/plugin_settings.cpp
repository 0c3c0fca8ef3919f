#include "hub/config/plugin_settings.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/nearest.hpp"
#include "base/time.hpp"
#include "hub/config/secrets.hpp"

namespace sendhub::config {
namespace {

template <class Number>
bool is_number(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if constexpr (std::is_floating_point_v<Number>)
        if (!std::isfinite(value)) return false;
    return error == std::errc{} && end == text.data() + text.size();
}

// Why one value is not of the type; empty when it is.
std::string why_not(std::string_view type, std::string_view text) {
    if (type == "integer" && !is_number<std::int64_t>(text)) return "must be a whole number";
    if (type == "number" && !is_number<double>(text)) return "must be a number";
    if (type == "boolean" && text != "true" && text != "false") return "must be true or false";
    if (type == "date" && !parse_iso_date(text)) return "must be a day, such as 2026-01-20";
    return "";
}

class Checker {
  public:
    Checker(const std::vector<DeclaredSetting>& declared, const SettingsContext& context)
        : declared_(declared), context_(context) {}

    std::expected<std::map<std::string, std::string>, std::vector<ConfigError>> check(
        const std::map<std::string, std::string>& given) {
        for (const auto& [key, value] : given) {
            const DeclaredSetting* setting = find(key);
            if (!setting) {
                unknown(key);
            } else if (value.empty() && setting->required) {
                // reported below, as missing
            } else if (auto ready = ready_value(key, *setting, value)) {
                out_[key] = std::move(*ready);
            }
        }
        for (const DeclaredSetting& setting : declared_) {
            if (setting.table) {
                if (setting.required && !has_key_of(given, setting.name)) missing(setting);
                continue;
            }
            const auto it = given.find(setting.name);
            if (it != given.end() && !(it->second.empty() && setting.required)) continue;
            if (setting.required)
                missing(setting);
            else if (!setting.default_value.empty())
                out_[setting.name] = resolved(setting, setting.default_value);
        }
        if (errors_.empty()) return std::move(out_);
        std::sort(errors_.begin(), errors_.end());
        return std::unexpected(std::move(errors_));
    }

  private:
    // NAME, or NAME.KEY of a table; a dot in KEY is part of it.
    [[nodiscard]] const DeclaredSetting* find(std::string_view key) const {
        for (const DeclaredSetting& setting : declared_) {
            if (!setting.table && setting.name == key) return &setting;
            if (setting.table && key.starts_with(setting.name) && key.size() > setting.name.size() + 1 &&
                key[setting.name.size()] == '.')
                return &setting;
        }
        return nullptr;
    }
    static bool has_key_of(const std::map<std::string, std::string>& given, const std::string& table) {
        const auto it = given.lower_bound(table + ".");
        return it != given.end() && it->first.starts_with(table + ".");
    }
    [[nodiscard]] std::string full(std::string_view key) const {
        return (context_.table.empty() ? "" : context_.table + ".") + std::string(key);
    }
    void fault(const std::string& key, std::string sentence) {
        const Place place = place_of(context_.places, key);
        errors_.push_back({context_.file, place.line, place.column, std::move(sentence)});
    }
    void unknown(const std::string& key) {
        std::vector<std::string_view> known;
        for (const DeclaredSetting& setting : declared_) known.push_back(setting.name);
        const auto first = std::string_view(key).substr(0, key.find('.'));
        const auto same =
            std::find_if(declared_.begin(), declared_.end(), [&](const auto& s) { return s.name == first; });
        if (same != declared_.end() && same->table)
            return fault(key, full(key) + " must be a table: write [" + full(key) + "]");
        if (same != declared_.end()) return fault(key, full(first) + " takes a value, not a table");
        fault(key, "there is no setting " + full(key) + nearest_hint(first, known));
    }
    void missing(const DeclaredSetting& setting) {
        fault(setting.name, full(setting.name) + " is missing: " + setting.meaning);
    }

    std::optional<std::string> ready_value(const std::string& key, const DeclaredSetting& setting,
                                           const std::string& value) {
        if (setting.secret) {
            if (is_secret_reference(value)) return value;
            // The text is not repeated: it may be the secret.
            fault(key,
                  full(key) +
                      " is a secret: write env:NAME, file:PATH or credential:NAME, never the secret itself");
            return std::nullopt;
        }
        const auto place = context_.places.find(key);
        const bool is_list = place != context_.places.end() && place->second.is_list;
        if (is_list && !setting.list) {
            fault(key, full(key) + " takes one value, not a list");
            return std::nullopt;
        }
        std::string out;
        std::string_view rest = value;
        for (bool more = !value.empty(); more;) {
            const auto end = setting.list ? rest.find('\n') : std::string_view::npos;
            const auto item = rest.substr(0, end);
            if (std::string why = why_not(setting.type, item); !why.empty()) {
                fault(key, full(key) + " " + why);
                return std::nullopt;
            }
            out += (rest.data() == value.data() ? "" : "\n") + resolved(setting, item);
            more = end != std::string_view::npos;
            if (more) rest.remove_prefix(end + 1);
        }
        return out;
    }
    [[nodiscard]] std::string resolved(const DeclaredSetting& setting, std::string_view item) const {
        const bool path = setting.type == "folder" || setting.type == "file";
        if (!path || item.empty() || context_.folder.empty()) return std::string(item);
        return (context_.folder / item).lexically_normal().string();
    }

    const std::vector<DeclaredSetting>& declared_;
    const SettingsContext& context_;
    std::map<std::string, std::string> out_;
    std::vector<ConfigError> errors_;
};

}  // namespace

Place place_of(const std::map<std::string, Place>& places, const std::string& key) {
    if (const auto it = places.find(key); it != places.end()) return it->second;
    const auto table = places.find("");
    return table == places.end() ? Place{} : table->second;
}

SettingsContext context_of(const Config& config, const FeedConfig& feed, PluginPart part) {
    const bool fetch = part == PluginPart::fetch;
    return {config.file.string(), "feed." + feed.id + (fetch ? ".fetch" : ".settings"), config.folder,
            fetch ? feed.fetch_places : feed.settings_places};
}

std::expected<std::map<std::string, std::string>, std::vector<ConfigError>> check_plugin_settings(
    const std::map<std::string, std::string>& given, const std::vector<DeclaredSetting>& declared,
    const SettingsContext& context) {
    return Checker(declared, context).check(given);
}

namespace {
// A default that is a list, in one cell.
std::string in_a_row(const std::string& value) {
    std::string out;
    for (const char c : value) out += c == '\n' ? "`, `" : std::string(1, c);
    return out;
}
}  // namespace

std::string settings_table(const std::vector<DeclaredSetting>& declared) {
    std::string out = "| key | type | default | meaning |\n| --- | --- | --- | --- |\n";
    for (const DeclaredSetting& s : declared) {
        std::string type = (s.list ? "list of " : s.table ? "table of " : "") + s.type;
        if (!s.unit.empty()) type += ", " + s.unit;
        if (s.secret) type += ", secret";
        out += "| `" + s.name + "` | " + type + " | " +
               (s.required                ? "**required**"
                : s.default_value.empty() ? ""
                                          : "`" + in_a_row(s.default_value) + "`") +
               " | " + s.meaning + " |\n";
    }
    return out;
}

}  // namespace sendhub::config
