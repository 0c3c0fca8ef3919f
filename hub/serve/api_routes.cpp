// /api/v1: status and runs (from status.json, for those who run the hub) and the datasets a key may read.
// /metrics.
#include <simdjson.h>

#include "base/files.hpp"
#include "base/json_writer.hpp"
#include "base/log.hpp"
#include "base/time.hpp"
#include "hub/serve/odata/metadata_document.hpp"
#include "hub/serve/site.hpp"

namespace sendhub::serve {
namespace {

Reply json_reply(std::string text) {
    Reply reply;
    reply.text = std::move(text);
    reply.set("Content-Type", "application/json;charset=utf-8");
    return reply;
}

Reply not_found(const Call& call) {
    return json_error(call.request, 404, "NotFound",
                      "there is nothing at this address, or this key may not read it");
}

std::string_view type_name(FieldType type) {
    switch (type) {
        case FieldType::string:
            return "string";
        case FieldType::boolean:
            return "boolean";
        case FieldType::int64:
            return "int64";
        case FieldType::int32:
            return "int32";
        case FieldType::decimal:
            return "decimal";
        case FieldType::date:
            return "date";
        case FieldType::timestamp:
            return "timestamp";
    }
    return "string";
}

void write_dataset(JsonWriter& json, const Call& call, const Version& version, const Dataset& dataset,
                   bool fields) {
    const std::string& base = call.site.settings.public_base_url;
    json.begin_object()
        .field("name", dataset.name)
        .field("title", dataset.title)
        .field("layer", to_string(dataset.layer))
        .field("rows", dataset.rows);
    json.field("version", version.name)
        .field("published_at", format_time(version.published_at))
        .field("schema_hash", dataset.schema_hash);
    json.field("odata", base + "/odata/v4/" + dataset.name);
    json.key("files").begin_array();
    for (const char* file : {"data.csv", "data.parquet"})
        json.value(base + "/files/latest/" + dataset.name + "/" + file);
    json.end_array();
    if (fields) {
        json.key("fields").begin_array();
        for (const Field& field : dataset.fields) {
            json.begin_object()
                .field("name", field.name)
                .field("type", type_name(field.type))
                .field("nullable", field.nullable)
                .field("title", field.title);
            if (field.type == FieldType::decimal)
                json.field("precision", unsigned{field.precision}).field("scale", unsigned{field.scale});
            json.end_object();
        }
        json.end_array();
    }
    json.end_object();
}

Reply datasets(const Call& call) {
    const auto version = call.site.publication->current();
    const auto& path = call.url.path;
    if (path.size() == 4) {
        const Dataset* dataset = version ? version->dataset(path[3]) : nullptr;
        if (!dataset || !call.may_read(*dataset)) return not_found(call);
        JsonWriter json;
        write_dataset(json, call, *version, *dataset, true);
        return json_reply(json.take());
    }
    JsonWriter json;
    json.begin_object().key("version");
    if (version)
        json.value(version->name);
    else
        json.null();
    json.key("datasets").begin_array();
    if (version)
        for (const auto& [name, dataset] : version->datasets)
            if (call.may_read(dataset)) write_dataset(json, call, *version, dataset, false);
    json.end_array().end_object();
    return json_reply(json.take());
}

Reply status(const Call& call, bool runs) {
    if (!govern::has_right(call.caller, govern::Right::status))
        return json_error(call.request, 403, "Forbidden",
                          "this needs a key with the role operator or engineer");
    const auto text = read_file(call.site.settings.state / "status.json", 64u << 20);
    if (!text) {
        if (text.error().code == ErrorCode::not_found)
            return json_error(call.request, 404, "NotFound", "no night has run yet");
        log::error("http.status", text.error(), {{"request_id", call.request.id}});
        return json_error(call.request, 503, "StatusUnavailable", "the status cannot be read at the moment");
    }
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    if (parser.parse(*text).get(root) != simdjson::SUCCESS)
        return json_error(call.request, 503, "StatusUnavailable", "the status cannot be read at the moment");
    if (!runs) return json_reply(simdjson::minify(root));
    simdjson::dom::array list;
    const bool listed = root["runs"].get(list) == simdjson::SUCCESS;
    if (call.url.path.size() == 3) {
        JsonWriter json;
        json.begin_object().key("runs");
        if (listed)
            json.raw(simdjson::minify(list));
        else
            json.begin_array().end_array();
        return json_reply(json.end_object().take());
    }
    if (listed)
        for (const auto run : list) {
            std::string_view id;
            if (run["run_id"].get(id) == simdjson::SUCCESS && id == call.url.path[3])
                return json_reply(simdjson::minify(run));
        }
    return json_error(call.request, 404, "NotFound",
                      "there is no run of this id among the latest ones; `sendhub runs` knows older ones");
}

}  // namespace

Reply serve_api(const Call& call) {
    const auto& path = call.url.path;
    Reply reply;
    const std::string name = path.size() > 2 ? path[2] : std::string();
    if (name == "status" && path.size() == 3) {
        reply = status(call, false);
        reply.route = "/api/v1/status";
    } else if (name == "runs" && path.size() <= 4) {
        reply = status(call, true);
        reply.route = path.size() == 3 ? "/api/v1/runs" : "/api/v1/runs/{id}";
    } else if (name == "datasets" && path.size() <= 4) {
        reply = datasets(call);
        reply.route = path.size() == 3 ? "/api/v1/datasets" : "/api/v1/datasets/{name}";
    } else {
        reply = not_found(call);
    }
    return reply;
}

Reply serve_metrics(const Call& call) {
    if (!govern::has_right(call.caller, govern::Right::metrics))
        return json_error(call.request, 403, "Forbidden",
                          "this needs a key with the role operator or engineer");
    const auto version = call.site.publication->current();
    Reply reply;
    reply.text =
        call.site.metrics.text(version ? version->name : std::string(),
                               version ? static_cast<double>(now_micros() - version->published_at) / 1e6 : 0);
    reply.set("Content-Type", "text/plain;version=0.0.4;charset=utf-8");
    return reply;
}

}  // namespace sendhub::serve
