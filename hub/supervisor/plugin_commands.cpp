#include "hub/supervisor/plugin_commands.hpp"

#include <algorithm>
#include <ostream>

#include "base/json_writer.hpp"
#include "hub/handover/wire.hpp"
#include "hub/supervisor/describe_plugin.hpp"

namespace sendhub::supervisor {
namespace {

void print_error(const Error& error, bool json, std::ostream& out) {
    if (!json) {
        out << error.sentence << '\n';
        return;
    }
    JsonWriter j;
    j.begin_object().field("error", error.sentence).field("code", to_string(error.code)).end_object();
    out << j.text() << '\n';
}

std::string marks(const config::DeclaredSetting& s) {
    std::string text = s.type;
    if (s.list) text = "list of " + text;
    if (s.table) text = "table of " + text;
    if (!s.unit.empty()) text += ", " + s.unit;
    if (s.required) text += ", required";
    if (s.secret) text += ", secret";
    if (s.default_value.empty()) return text;
    text += ", default ";
    for (const char c : s.default_value) text += c == '\n' ? ", " : std::string(1, c);  // of a list
    return text;
}

void print(const handover::PluginDescription& d, std::ostream& out) {
    out << handover::one_line(d.title) << "\n\n  name     " << d.name << "\n  version  " << d.version
        << "\n  kind     " << to_string(d.kind) << "\n  boundary version " << d.abi_version << "\n";
    if (!d.summary.empty()) out << "\n  " << handover::one_line(d.summary, 4000) << '\n';
    if (!d.settings.empty()) out << "\nSettings\n";
    for (const config::DeclaredSetting& s : d.settings)
        out << "  " << s.name << " (" << handover::one_line(marks(s), 4000) << ")\n      "
            << handover::one_line(s.meaning, 4000) << '\n';
    if (!d.records.empty()) out << "\nFills\n";
    for (const handover::RecordDescription& r : d.records) {
        out << "  " << r.name << ":";
        for (const std::string& field : r.fields) out << ' ' << field;
        out << '\n';
    }
}

}  // namespace

int plugin_list(const std::filesystem::path& folder, bool json, std::ostream& out,
                const std::filesystem::path& worker) {
    const auto list = list_plugins(folder, worker);
    if (!list) {
        print_error(list.error(), json, out);
        return 1;
    }
    if (json) {
        JsonWriter j;
        j.begin_object().key("plugins").begin_array();
        for (const auto& item : list->plugins)
            j.begin_object()
                .field("path", item.path.string())
                .key("plugin")
                .raw(to_json(item.description))
                .end_object();
        j.end_array().key("refused").begin_array();
        for (const auto& item : list->refused)
            j.begin_object()
                .field("path", item.path.string())
                .field("error", item.error.sentence)
                .end_object();
        j.end_array().end_object();
        out << j.text() << '\n';
    } else {
        std::size_t width = 0;
        for (const auto& item : list->plugins) width = std::max(width, item.description.name.size());
        for (const auto& item : list->plugins) {
            const handover::PluginDescription& d = item.description;
            out << d.name << std::string(width - d.name.size() + 2, ' ') << to_string(d.kind) << "  "
                << d.version << "  " << d.title << '\n';
        }
        if (list->plugins.empty() && list->refused.empty())
            out << "no plugins in " << folder.string() << '\n';
        for (const auto& item : list->refused) out << item.error.sentence << '\n';
    }
    return list->refused.empty() ? 0 : 1;
}

int plugin_describe(std::string_view which, const std::filesystem::path& folder, bool json, std::ostream& out,
                    const std::filesystem::path& worker) {
    std::filesystem::path path(which);
    if (which.find('/') == std::string_view::npos && !which.ends_with(".so")) {
        // A plugin's file usually has its name; if not, the folder is searched.
        path = folder / (std::string(which) + ".so");
        std::error_code error;
        if (!std::filesystem::exists(path, error)) {
            const auto list = list_plugins(folder, worker);
            if (!list) {
                print_error(list.error(), json, out);
                return 1;
            }
            const auto found = std::find_if(list->plugins.begin(), list->plugins.end(),
                                            [&](const auto& item) { return item.description.name == which; });
            if (found == list->plugins.end()) {
                print_error(Error(ErrorCode::not_found,
                                  "no plugin named " + std::string(which) + " in " + folder.string() +
                                      "; sendhub plugin list shows those that are there"),
                            json, out);
                return 1;
            }
            path = found->path;
        }
    }
    const auto description = describe_plugin(path, worker);
    if (!description) {
        print_error(description.error(), json, out);
        return 1;
    }
    if (json)
        out << to_json(*description) << '\n';
    else
        print(*description, out);
    return 0;
}

int plugin_check(const std::filesystem::path& path, bool json, std::ostream& out,
                 const std::filesystem::path& worker) {
    const auto description = describe_plugin(path, worker);
    if (!description) {
        print_error(description.error(), json, out);
        return 1;
    }
    if (json) {
        JsonWriter j;
        j.begin_object()
            .field("ok", true)
            .field("path", path.string())
            .key("plugin")
            .raw(to_json(*description))
            .end_object();
        out << j.text() << '\n';
    } else {
        out << path.string() << ": " << to_string(description->kind) << ' ' << description->name << ' '
            << description->version << " loads in this hub\n";
    }
    return 0;
}

}  // namespace sendhub::supervisor
