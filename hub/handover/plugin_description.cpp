#include "hub/handover/plugin_description.hpp"

#include <simdjson.h>

#include "base/json_writer.hpp"

namespace sendhub::handover {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

std::string text(const object& from, const char* key) { return std::string(std::string_view(from[key])); }

PluginDescription read_description(const object& root) {
    PluginDescription out;
    out.name = text(root, "name");
    out.version = text(root, "version");
    out.kind = text(root, "kind") == "transport" ? PluginKind::transport : PluginKind::connector;
    out.title = text(root, "title");
    out.summary = text(root, "summary");
    out.abi_version = static_cast<std::uint32_t>(std::uint64_t(root["abi_version"]));
    for (const element item : array(root["settings"])) {
        const object from = item;
        out.settings.push_back({text(from, "name"), text(from, "type"), text(from, "unit"),
                                text(from, "default"), text(from, "meaning"), bool(from["required"]),
                                bool(from["secret"]), bool(from["table"]), bool(from["list"])});
    }
    for (const element item : array(root["records"])) {
        const object from = item;
        RecordDescription record{text(from, "name"), {}};
        for (const element field : array(from["fields"])) record.fields.emplace_back(std::string_view(field));
        out.records.push_back(std::move(record));
    }
    return out;
}

}  // namespace

std::string_view to_string(PluginKind kind) {
    return kind == PluginKind::transport ? "transport" : "connector";
}

std::string to_json(const PluginDescription& d) {
    JsonWriter json;
    json.begin_object().field("name", d.name).field("version", d.version).field("kind", to_string(d.kind));
    json.field("title", d.title).field("summary", d.summary).field("abi_version", d.abi_version);
    json.key("settings").begin_array();
    for (const config::DeclaredSetting& s : d.settings) {
        json.begin_object()
            .field("name", s.name)
            .field("type", s.type)
            .field("unit", s.unit)
            .field("default", s.default_value);
        json.field("meaning", s.meaning).field("required", s.required).field("secret", s.secret);
        json.field("table", s.table).field("list", s.list).end_object();
    }
    json.end_array().key("records").begin_array();
    for (const RecordDescription& r : d.records) {
        json.begin_object().field("name", r.name).key("fields").begin_array();
        for (const std::string& field : r.fields) json.value(field);
        json.end_array().end_object();
    }
    json.end_array().end_object();
    return json.take();
}

Result<PluginDescription> parse_description(std::string_view json) {
    try {
        simdjson::dom::parser parser;
        return read_description(parser.parse(simdjson::padded_string(json)));
    } catch (const simdjson::simdjson_error&) {
        return fail(ErrorCode::plugin, "the description of the plugin is not what a worker writes");
    }
}

}  // namespace sendhub::handover
