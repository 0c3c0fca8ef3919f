#include "hub/config/config.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <sstream>

#include "base/files.hpp"
#include "base/nearest.hpp"
#include "hub/config/settings_keys.hpp"
#include "schemas/rules/identifiers.hpp"
#include "schemas/rules/postcode.hpp"

namespace sendhub::config {
namespace {

Place place_of(const toml::source_region& source) { return {source.begin.line, source.begin.column}; }

std::string_view name_of(const toml::node& node) {
    switch (node.type()) {
        case toml::node_type::table:
            return "a table";
        case toml::node_type::array:
            return "a list";
        case toml::node_type::string:
            return "a text";
        case toml::node_type::integer:
            return "a whole number";
        case toml::node_type::floating_point:
            return "a number";
        case toml::node_type::boolean:
            return "true or false";
        case toml::node_type::date:
            return "a date";
        default:
            return "a time";
    }
}

std::string iso(const toml::date& date) {
    char text[24];
    std::snprintf(text, sizeof text, "%04d-%02d-%02d", date.year, date.month, date.day);
    return text;
}

// A single value as text, the form that plugin settings travel in. Empty optional: a table, list or time.
std::optional<std::string> scalar_text(const toml::node& node) {
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* number = node.as_integer()) return std::to_string(number->get());
    if (const auto* truth = node.as_boolean()) return truth->get() ? "true" : "false";
    if (const auto* date = node.as_date()) return iso(date->get());
    if (const auto* real = node.as_floating_point()) {
        char text[40];
        return std::string(text, std::to_chars(text, text + sizeof text, real->get()).ptr);
    }
    return std::nullopt;
}

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

// The parser refuses a table or a key that is written twice at its second line, in words for programmers.
// This finds the first one: the sentence, or nothing when that is not the fault of this line.
std::string written_twice(std::string_view text, unsigned line) {
    std::string_view table;  // that the line stands in
    std::map<std::string, unsigned, std::less<>> tables,
        keys;  // first seen; keys of the table, as TABLE\nKEY
    unsigned number = 0;
    for (std::string_view rest = text; !rest.empty() && number < line;) {
        const auto end = rest.find('\n');
        const std::string_view one = trimmed(rest.substr(0, end));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        ++number;
        std::string_view name;
        const bool header = one.starts_with('[') && !one.starts_with("[[");
        if (header) {
            name = table = trimmed(one.substr(1, one.find(']') - 1));
        } else if (const auto equals = one.find('=');
                   equals != std::string_view::npos && !one.starts_with('#')) {
            name = trimmed(one.substr(0, equals));
        }
        if (name.empty()) continue;
        const auto [first, added] =
            header ? tables.try_emplace(std::string(name), number)
                   : keys.try_emplace(std::string(table) + "\n" + std::string(name), number);
        if (added || number != line) continue;
        return (header ? "the table [" + std::string(name) + "]"
                       : "the setting " + std::string(table) + "." + std::string(name)) +
               " is written twice, on line " + std::to_string(first->second) + " and on line " +
               std::to_string(number) + "; keep one" + (header ? " and move its settings together" : "");
    }
    return {};
}

class Loader {
  public:
    explicit Loader(const std::filesystem::path& path) {
        config_.file = path;
        std::error_code error;
        auto absolute = std::filesystem::absolute(path, error);
        config_.folder = (error ? path : absolute).lexically_normal().parent_path();
    }

    Loaded load(std::string_view text) {
        Checked checked = check(text);
        if (checked.errors.empty()) return std::move(checked.config);
        return std::unexpected(std::move(checked.errors));
    }

    Checked check(std::string_view text) {
        config_.text = text;
        toml::table root;
        try {
            root = toml::parse(text, config_.file.string());
        } catch (const toml::parse_error& e) {
            const Place place = place_of(e.source());
            const std::string twice = written_twice(text, place.line);
            fault(place, twice.empty() ? "this is not TOML: " + std::string(e.description()) : twice);
            return {std::move(config_), std::move(errors_)};
        }
        check_names(root, "",
                    std::array<std::string_view, 7>{"hub", "plugins", "serve", "schedule", "publish", "match",
                                                    "feed"});
        std::string_view done;
        for (const auto& key : hub_keys())
            if (key.table != done) {
                done = key.table;
                read_keys(root, key.table, std::string(key.table), hub_keys(), config_, {});
            }
        read_feeds(root);
        check_precedence(root);
        std::sort(errors_.begin(), errors_.end());
        return {std::move(config_), std::move(errors_)};
    }

  private:
    void fault(Place place, std::string sentence) {
        errors_.push_back({config_.file.string(), place.line, place.column, std::move(sentence)});
    }
    void fault(const toml::node& node, std::string sentence) {
        fault(place_of(node.source()), std::move(sentence));
    }

    void check_names(const toml::table& table, const std::string& path,
                     std::span<const std::string_view> known) {
        for (const auto& [key, node] : table)
            if (std::find(known.begin(), known.end(), key.str()) == known.end())
                fault(place_of(key.source()), "there is no " +
                                                  std::string(path.empty() ? "table " : "setting ") +
                                                  (path.empty() ? "" : path + ".") + std::string(key.str()) +
                                                  nearest_hint(key.str(), known));
    }

    // A table that must be one if it is there.
    const toml::table* table_in(const toml::table& parent, std::string_view name, const std::string& path) {
        const toml::node* node = parent.get(name);
        if (!node) return nullptr;
        if (const auto* table = node->as_table()) return table;
        fault(*node, path + " must be a table: write [" + path + "]");
        return nullptr;
    }

    // The keys of one table. parent holds it under name; name empty: parent is the table itself.
    template <class Target>
    void read_keys(const toml::table& parent, std::string_view name, const std::string& path,
                   std::span<const Key<Target>> keys, Target& target,
                   std::vector<std::string_view> also_known) {
        const toml::table* table = name.empty() ? &parent : table_in(parent, name, path);
        std::vector<std::string_view> known = std::move(also_known);
        for (const auto& key : keys) {
            if (key.table != name) continue;
            known.push_back(key.name);
            const toml::node* node = table ? table->get(key.name) : nullptr;
            const std::string full = path + "." + std::string(key.name);
            Value value;
            if (node) {
                if (read_value(*node, key.type, key.least, key.most, key.allowed, full, value))
                    key.apply(target, value);
            } else if (key.required) {
                fault(place_of((table ? *table : parent).source()),
                      full + " is missing: " + std::string(key.meaning) + " Write it under [" + path + "]");
            } else if (!key.default_value.empty()) {
                read_default(key.type, key.default_value, value);
                key.apply(target, value);
            }
        }
        if (table) check_names(*table, path, known);
    }

    // Defaults are ours; a test reads each of them through read_value too.
    static void read_default(Type type, std::string_view text, Value& value) {
        value.text = text;
        value.boolean = text == "true";
        if (type == Type::integer) std::from_chars(text.data(), text.data() + text.size(), value.integer);
    }

    bool read_value(const toml::node& node, Type type, std::int64_t least, std::int64_t most,
                    std::string_view allowed, const std::string& full, Value& value) {
        const auto wrong = [&](const std::string& want) {
            fault(node, full + " must be " + want + ", and this is " + std::string(name_of(node)));
            return false;
        };
        switch (type) {
            case Type::integer: {
                const auto* number = node.as_integer();
                if (!number) return wrong("a whole number");
                value.integer = number->get();
                if (value.integer >= least && value.integer <= most) return true;
                fault(node, full + " must be from " + std::to_string(least) + " to " + std::to_string(most) +
                                ", and this is " + std::to_string(value.integer));
                return false;
            }
            case Type::boolean: {
                const auto* truth = node.as_boolean();
                if (!truth) return wrong("true or false, without quotes");
                value.boolean = truth->get();
                return true;
            }
            case Type::feed_list:
                return read_list(node, full, value.list);
            case Type::postcode_list:
                return read_list(node, full, value.list) && read_postcodes(node, full, value.list);
            case Type::feed_list_table: {
                const auto* table = node.as_table();
                if (!table) return wrong("a table of FIELD = [feeds]");
                bool well = true;
                for (const auto& [key, item] : *table)
                    well = read_list(item, full + "." + std::string(key.str()),
                                     value.table[std::string(key.str())]) &&
                           well;
                return well;
            }
            default:
                break;
        }
        if (const auto* date = type == Type::date ? node.as_date() : nullptr) {
            value.text = iso(date->get());
        } else if (const auto* text = node.as_string()) {
            value.text = text->get();
        } else {
            return wrong("a text in quotes");
        }
        const std::string why = why_not(type, value.text, allowed);
        if (why.empty()) return true;
        fault(node, full + " " + why);
        return false;
    }

    bool read_list(const toml::node& node, const std::string& full, std::vector<std::string>& out) {
        const auto* array = node.as_array();
        bool well = array != nullptr;
        if (array)
            for (const auto& item : *array) {
                const auto* text = item.as_string();
                if (text) out.push_back(text->get());
                well = well && text;
            }
        if (!well) fault(node, full + " must be a list of texts, such as [\"a\", \"b\"]");
        return well;
    }

    // As the store writes them.
    bool read_postcodes(const toml::node& node, const std::string& full, std::vector<std::string>& list) {
        for (std::string& text : list) {
            const std::string postcode = rules::uk_postcode(rules::compact_identifier(text));
            if (postcode.empty()) {
                fault(node, full + " holds " + text + ", which is not a postcode; write it as LS1 1AA");
                return false;
            }
            text = postcode;
        }
        return true;
    }

    void read_feeds(const toml::table& root) {
        const toml::table* feeds = table_in(root, "feed", "feed");
        if (!feeds) return;
        std::vector<std::pair<std::pair<unsigned, unsigned>, FeedConfig>> by_line;
        for (const auto& [key, node] : *feeds) {
            const std::string path = "feed." + std::string(key.str());
            const auto* table = node.as_table();
            if (!table) {
                fault(place_of(key.source()), path + " must be a table: write [" + path + "]");
                continue;
            }
            FeedConfig feed;
            feed.id = key.str();
            if (!why_not(Type::plugin_name, feed.id, "").empty())
                fault(place_of(key.source()), "the feed " + feed.id +
                                                  " needs another name: small letters, digits and _, "
                                                  "beginning with a letter, at most 40");
            read_keys(*table, "", path, feed_keys(), feed, {"fetch", "settings", "limits"});
            read_keys(*table, "limits", path + ".limits", feed_keys(), feed, {});
            feed.connector_place = place_in(*table, "connector");
            feed.transport_place = place_in(*table, "transport");
            feed.fetch_places.emplace("", place_in(*table, "fetch"));
            feed.settings_places.emplace("", place_in(*table, "settings"));
            if (const auto* fetch = table_in(*table, "fetch", path + ".fetch"))
                flatten(*fetch, path + ".fetch.", "", feed.fetch, feed.fetch_places);
            if (const auto* settings = table_in(*table, "settings", path + ".settings"))
                flatten(*settings, path + ".settings.", "", feed.settings, feed.settings_places);
            by_line.emplace_back(std::pair(key.source().begin.line, key.source().begin.column),
                                 std::move(feed));
        }
        std::sort(by_line.begin(), by_line.end(),
                  [](const auto& a, const auto& b) { return a.first < b.first; });
        for (auto& [line, feed] : by_line) config_.feeds.push_back(std::move(feed));
    }

    // Where a key stands, or else the table that lacks it.
    static Place place_in(const toml::table& table, std::string_view key) {
        const toml::node* node = table.get(key);
        return place_of(node ? node->source() : table.source());
    }

    // Tables as NAME.KEY, lists joined by '\n'.
    void flatten(const toml::table& table, const std::string& path, const std::string& prefix,
                 std::map<std::string, std::string>& out, std::map<std::string, Place>& places) {
        for (const auto& [key, node] : table) {
            const std::string name = prefix + std::string(key.str());
            if (const auto* inner = node.as_table()) {
                flatten(*inner, path, name + ".", out, places);
                continue;
            }
            Place place = place_of(node.source());
            std::optional<std::string> text;
            if (const auto* list = node.as_array()) {
                place.is_list = true;
                text = list_text(*list);
                if (!text) {
                    fault(place,
                          path + name + " must be a list of single values, none of them with a line break");
                    continue;
                }
            } else {
                text = scalar_text(node);
                if (!text) {
                    fault(place, path + name + " is " + std::string(name_of(node)) +
                                     "; write it as a text in quotes");
                    continue;
                }
            }
            if (!out.emplace(name, *text).second) fault(place, path + name + " is set twice");
            places.emplace(name, place);
        }
    }

    static std::optional<std::string> list_text(const toml::array& list) {
        std::string joined;
        for (const auto& item : list) {
            const auto text = scalar_text(item);
            if (!text || text->find('\n') != std::string::npos) return std::nullopt;
            if (&item != &list[0]) joined += '\n';
            joined += *text;
        }
        return joined;
    }

    // A precedence that names a feed which is not there would silently rank nothing.
    void check_precedence(const toml::table& root) {
        std::vector<std::string_view> ids;
        for (const auto& feed : config_.feeds) ids.push_back(feed.id);
        const auto check = [&](const toml::node& node) {
            const auto* list = node.as_array();
            if (!list) return;  // already a fault
            std::set<std::string_view> seen;
            for (const auto& item : *list) {
                const auto* text = item.as_string();
                if (!text) continue;
                if (std::find(ids.begin(), ids.end(), text->get()) == ids.end())
                    fault(item, "there is no feed " + text->get() + nearest_hint(text->get(), ids));
                else if (!seen.insert(text->get()).second)
                    fault(item, "the feed " + text->get() + " stands in this list twice");
            }
        };
        for (const char* key : {"match.precedence", "match.one_record_each"})
            if (const auto* node = root.at_path(key).node()) check(*node);
        if (const auto* table = root.at_path("match.precedence_of").as_table())
            for (const auto& [key, node] : *table) {
                const auto known = person_fields();
                if (std::find(known.begin(), known.end(), key.str()) == known.end())
                    fault(place_of(key.source()),
                          "a person has no field " + std::string(key.str()) + nearest_hint(key.str(), known));
                check(node);
            }
    }

    Config config_;
    std::vector<ConfigError> errors_;
};

}  // namespace

std::string to_string(const ConfigError& error) {
    if (error.line == 0) return error.file + ": " + error.sentence;
    return error.file + ":" + std::to_string(error.line) + ":" + std::to_string(error.column) + ": " +
           error.sentence;
}

Error to_error(const std::vector<ConfigError>& errors) {
    std::string text;
    for (const ConfigError& error : errors) text += (text.empty() ? "" : "\n") + to_string(error);
    return Error(ErrorCode::settings, std::move(text));
}

const FeedConfig* Config::find_feed(std::string_view id) const {
    const auto it =
        std::find_if(feeds.begin(), feeds.end(), [&](const FeedConfig& feed) { return feed.id == id; });
    return it == feeds.end() ? nullptr : &*it;
}

Loaded load_config(const std::filesystem::path& path) {
    auto text = read_file(path);
    if (!text) return std::unexpected(std::vector{ConfigError{path.string(), 0, 0, text.error().sentence}});
    return parse_config(*text, path);
}

Checked check_config(const std::filesystem::path& path) {
    auto text = read_file(path);
    if (!text) return {{}, {ConfigError{path.string(), 0, 0, text.error().sentence}}};
    return Loader(path).check(*text);
}

Loaded parse_config(std::string_view text, const std::filesystem::path& path) {
    return Loader(path).load(text);
}

std::filesystem::path plugins_folder(const Config& config, const std::filesystem::path& binary) {
    if (!config.plugins.folder.empty()) return config.plugins.folder;
    return (binary.parent_path() / ".." / "plugins").lexically_normal();
}

std::string base_url(const ServeSettings& serve, std::uint16_t port) {
    if (!serve.public_base_url.empty()) return serve.public_base_url;
    const bool v6 = serve.address.find(':') != std::string::npos;
    return "http://" + (v6 ? "[" + serve.address + "]" : serve.address) + ":" + std::to_string(port);
}

std::string check_report(const std::filesystem::path& path, const Loaded& loaded) {
    std::string out;
    if (!loaded) {
        for (const ConfigError& error : loaded.error()) out += to_string(error) + "\n";
        const std::size_t count = loaded.error().size();
        return out + path.string() + ": " + std::to_string(count) + (count == 1 ? " fault" : " faults") +
               "; nothing was started or changed\n";
    }
    const Config& c = *loaded;
    out = path.string() + " is in order\n";
    out += "council   " + c.hub.name + " (" + c.hub.la_code + ")\n";
    out += "state     " + c.hub.state.string() + "\n";
    out += "listen    " + base_url({c.serve.address, c.serve.port, "", 0}, c.serve.port) + "\n";
    out += "nightly   " + c.schedule.nightly + " (Europe/London)\n";
    out += "feeds     " + std::to_string(c.feeds.size()) + "\n";
    for (const FeedConfig& feed : c.feeds)
        out += "  " + feed.id + ": " + feed.connector + " from " + feed.transport +
               (feed.schedule.empty() ? "" : ", " + feed.schedule) + "\n";
    return out;
}

namespace {

std::string_view type_text(Type type) {
    switch (type) {
        case Type::text:
            return "text";
        case Type::plugin_name:
            return "name of a plugin";
        case Type::la_code:
            return "three digits in quotes";
        case Type::integer:
            return "whole number";
        case Type::boolean:
            return "true or false";
        case Type::date:
            return "date";
        case Type::cron:
            return "cron, five fields";
        case Type::choice:
            return "one of";
        case Type::folder:
            return "folder";
        case Type::listen:
            return "address and port";
        case Type::url:
            return "web address";
        case Type::feed_list:
            return "list of feeds";
        case Type::feed_list_table:
            return "table of lists of feeds";
        case Type::postcode_list:
            return "list of postcodes";
    }
    return "";
}

template <class Target>
void append_rows(std::string& out, std::string_view table, std::span<const Key<Target>> keys) {
    out += "| key | type | default | meaning |\n| --- | --- | --- | --- |\n";
    for (const auto& key : keys) {
        if (key.table != table) continue;
        std::string type(type_text(key.type));
        if (key.type == Type::integer)
            type += ", " + std::to_string(key.least) + " to " + std::to_string(key.most) +
                    (key.unit.empty() ? "" : " " + std::string(key.unit));
        if (key.type == Type::choice) {
            std::string_view rest = key.allowed;
            for (std::string_view before = " "; !rest.empty(); before = ", ") {
                const auto word = rest.substr(0, rest.find(' '));
                type += std::string(before) + "`" + std::string(word) + "`";
                rest.remove_prefix(std::min(rest.size(), word.size() + 1));
            }
        }
        out += "| `" + std::string(key.name) + "` | " + type + " | " +
               (key.required                ? "**required**"
                : key.default_value.empty() ? ""
                                            : "`" + std::string(key.default_value) + "`") +
               " | " + std::string(key.meaning) + " |\n";
    }
    out += "\n";
}

}  // namespace

std::string settings_reference() {
    std::string out =
        "# Settings: hub.toml\n\n"
        "Made from the table in `hub/config/settings_keys.cpp` that also checks the file; edit that, not "
        "this "
        "page.\n\n"
        "`sendhub config check` reports every fault at once, with line and column. A name that is not known "
        "is a fault.\n"
        "Relative folders and files are meant from the folder of `hub.toml`.\n\n"
        "Secrets never stand in the file, only references to them: `env:NAME` (environment variable), "
        "`file:PATH` (a file\n"
        "that only its owner can read, mode 0600 or 0400) or `credential:NAME` (systemd `LoadCredential=`). "
        "They are read\n"
        "at the moment they are needed, and never shown.\n\n";
    std::string_view table;
    for (const auto& key : hub_keys())
        if (key.table != table) {
            table = key.table;
            out += "## [" + std::string(table) + "]\n\n";
            append_rows(out, table, hub_keys());
        }
    out +=
        "## [feed.ID]\n\nOne table a feed. ID: small letters, digits and `_`, beginning with a letter, at "
        "most 40.\n\n";
    append_rows(out, "", feed_keys());
    out +=
        "`[feed.ID.fetch]` holds the settings of the transport and `[feed.ID.settings]` those of the "
        "connector. What they\n"
        "take is said by the plugins themselves: `sendhub plugin describe NAME`, or the README in the "
        "plugin's folder.\n\n";
    out +=
        "## [feed.ID.limits]\n\nWhat one worker of this feed may use; the run is ended when it asks for "
        "more.\n\n";
    append_rows(out, "limits", feed_keys());
    out.pop_back();
    return out;
}

}  // namespace sendhub::config
