#include "hub/publish/data_package.hpp"

#include <simdjson.h>

#include <algorithm>

#include "base/files.hpp"
#include "base/json_writer.hpp"
#include "schemas/registry.hpp"

namespace sendhub::publish {
namespace {

std::string_view package_type(const DatasetField& field) {
    if (field.type == "int64" || field.type == "int32") return "integer";
    if (field.type == "decimal") return "number";
    if (field.type == "timestamp") return "datetime";
    return field.type;  // string boolean date
}

void write_schema_field(JsonWriter& json, const DatasetField& field) {
    json.begin_object()
        .field("name", field.name)
        .field("type", package_type(field))
        .field("title", field.title);
    if (!field.description.empty()) json.field("description", field.description);
    if (!field.nullable) {
        json.key("constraints").begin_object().field("required", true);
        if (field.name == "row_key") json.field("unique", true);
        json.end_object();
    }
    if (!field.codes.empty()) {
        json.key("categories").begin_array();
        for (const auto& code : schema::find_code_set(field.codes)->codes)
            json.begin_object().field("value", code.value).field("label", code.label).end_object();
        json.end_array();
    }
    json.end_object();
}

void write_resource(JsonWriter& json, const WrittenDataset& written, bool parquet) {
    const Dataset& dataset = *written.dataset;
    const WrittenFile& file = parquet ? written.parquet : written.csv;
    const std::vector<DatasetField> columns = dataset.columns();
    json.begin_object();
    json.field("name", parquet ? dataset.name + "_parquet" : dataset.name);
    json.field("path", dataset.name + (parquet ? "/data.parquet" : "/data.csv"));
    json.field("type", "table").field("title", dataset.title).field("description", dataset.purpose);
    json.field("format", parquet ? "parquet" : "csv");
    json.field("mediatype", parquet ? "application/vnd.apache.parquet" : "text/csv");
    if (!parquet) json.field("encoding", "utf-8");
    json.field("bytes", file.bytes).field("hash", "sha256:" + file.sha256);
    json.key("schema").begin_object().key("fields").begin_array();
    if (parquet)
        write_schema_field(
            json, {"row_number", "int64", 0, 0, false, "Row number", "Dense, from 0, in row_key order.", ""});
    for (const DatasetField& column : columns) write_schema_field(json, column);
    json.end_array().key("primaryKey").begin_array().value("row_key").end_array();
    json.key("missingValues").begin_array().value("").end_array().end_object();
    json.key("sendhub").begin_object();
    json.field("dataset", dataset.name).field("layer", dataset.layer);
    json.key("roles").begin_array();
    for (const std::string& role : dataset.roles) json.value(role);
    json.end_array().field("rows", written.rows).field("schema_hash", dataset.schema_hash());
    json.field("grain", dataset.grain).field("profile", dataset.profile).key("key").begin_array();
    for (const std::string& name : dataset.key) json.value(name);
    json.end_array().key("fields").begin_array();
    for (const DatasetField& column : columns) {
        json.begin_object().field("name", column.name).field("type", column.type);
        if (column.type == "decimal") json.field("precision", column.precision).field("scale", column.scale);
        json.field("nullable", column.nullable).field("title", column.title).end_object();
    }
    json.end_array().end_object().end_object();
}

}  // namespace

std::string data_package_json(const PackageFacts& facts, const std::vector<WrittenDataset>& datasets) {
    JsonWriter json;
    json.begin_object().field("$schema", "https://datapackage.org/profiles/2.0/datapackage.json");
    json.field("name", "sendhub").field("id", "sendhub:" + facts.version);
    json.field("title", facts.publisher.empty() ? std::string("sendhub: single view datasets")
                                                : facts.publisher + ": single view datasets");
    json.field("description",
               "Children with special educational needs across the council's feeds. Holds personal data: see "
               "the layer and roles of each resource.");
    json.field("version", facts.version).field("created", format_time(facts.created));
    json.key("contributors")
        .begin_array()
        .begin_object()
        .field("title", facts.publisher.empty() ? std::string("sendhub") : facts.publisher);
    json.key("roles").begin_array().value("publisher").end_array().end_object().end_array();
    if (!facts.feeds.empty()) {
        json.key("sources").begin_array();
        for (const std::string& feed : facts.feeds) json.begin_object().field("title", feed).end_object();
        json.end_array();
    }
    json.key("sendhub")
        .begin_object()
        .field("run_id", facts.run_id)
        .field("as_at_day", facts.as_at_day)
        .end_object();
    json.key("resources").begin_array();
    for (const WrittenDataset& written : datasets) {
        write_resource(json, written, false);
        write_resource(json, written, true);
    }
    json.end_array().end_object();
    return json.take();
}

Result<std::vector<CurrentDataset>> read_data_package(const std::filesystem::path& folder) {
    const std::filesystem::path path = folder / "datapackage.json";
    SENDHUB_ASSIGN(const std::string text, read_file(path));
    const auto damaged = [&] {
        return fail(
            ErrorCode::storage,
            path.string() +
                " is damaged; point published/current at another version, or remove it to publish afresh");
    };
    simdjson::dom::parser parser;
    simdjson::dom::array resources;
    if (parser.parse(text)["resources"].get(resources)) return damaged();
    std::vector<CurrentDataset> datasets;
    for (simdjson::dom::element resource : resources) {
        std::string_view format, file, name, hash;
        std::int64_t rows = 0;
        if (resource["format"].get(format) || resource["path"].get(file)) return damaged();
        if (format != "parquet") continue;
        if (resource["sendhub"]["dataset"].get(name) || resource["sendhub"]["schema_hash"].get(hash) ||
            resource["sendhub"]["rows"].get(rows))
            return damaged();
        datasets.push_back({std::string(name), folder / std::string(file), std::string(hash), rows});
    }
    return datasets;
}

}  // namespace sendhub::publish
