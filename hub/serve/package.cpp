// datapackage.json: what a version holds (docs/contracts.md section 5).
#include <simdjson.h>

#include "base/files.hpp"
#include "base/json_writer.hpp"
#include "hub/serve/publication.hpp"

namespace sendhub::serve {
namespace {

using simdjson::dom::element;

std::optional<FieldType> field_type(std::string_view name) {
    if (name == "string") return FieldType::string;
    if (name == "boolean") return FieldType::boolean;
    if (name == "int64") return FieldType::int64;
    if (name == "int32") return FieldType::int32;
    if (name == "decimal") return FieldType::decimal;
    if (name == "date") return FieldType::date;
    if (name == "timestamp") return FieldType::timestamp;
    return std::nullopt;
}

std::string text_of(element object, const char* key) {
    std::string_view text;
    return object[key].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

bool is_name(std::string_view name) {
    if (name.empty() || name.size() > 50 || name.front() < 'a' || name.front() > 'z') return false;
    for (const char c : name)
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
    return true;
}

Result<Field> parse_field(element entry, const std::string& dataset) {
    Field field;
    field.name = text_of(entry, "name");
    field.title = text_of(entry, "title");
    const std::string type = text_of(entry, "type");
    const auto known = field_type(type);
    if (!is_name(field.name) || !known)
        return fail(ErrorCode::input,
                    "datapackage.json: dataset " + dataset + " has a field without a usable name and type");
    field.type = *known;
    bool nullable = true;
    if (entry["nullable"].get(nullable) == simdjson::SUCCESS) field.nullable = nullable;
    if (field.type == FieldType::decimal) {
        std::int64_t precision = 0, scale = 0;
        if (entry["precision"].get(precision) != simdjson::SUCCESS ||
            entry["scale"].get(scale) != simdjson::SUCCESS || precision < 1 || precision > 38 || scale < 0 ||
            scale > precision)
            return fail(ErrorCode::input, "datapackage.json: the decimal field " + field.name +
                                              " of dataset " + dataset + " lacks a precision and scale");
        field.precision = static_cast<std::uint8_t>(precision);
        field.scale = static_cast<std::uint8_t>(scale);
    }
    return field;
}

Result<Dataset> parse_dataset(element resource, element hub, const std::filesystem::path& folder) {
    Dataset dataset;
    dataset.name = text_of(hub, "dataset");
    if (!is_name(dataset.name))
        return fail(ErrorCode::input, "datapackage.json: a resource names no dataset");
    dataset.title = text_of(hub, "title");
    if (dataset.title.empty()) dataset.title = text_of(resource, "title");
    if (dataset.title.empty()) dataset.title = dataset.name;
    dataset.folder = folder / dataset.name;
    dataset.schema_hash = text_of(hub, "schema_hash");
    const auto layer = govern::parse_layer(text_of(hub, "layer"));
    if (!layer)
        return fail(ErrorCode::input, "datapackage.json: dataset " + dataset.name + " has no known layer");
    dataset.layer = *layer;
    simdjson::dom::array roles;
    if (hub["roles"].get(roles) == simdjson::SUCCESS)
        for (const auto entry : roles) {
            std::string_view text;
            const auto role = entry.get(text) == simdjson::SUCCESS ? govern::parse_role(text) : std::nullopt;
            if (!role)
                return fail(ErrorCode::input, "datapackage.json: dataset " + dataset.name +
                                                  " names a role that does not exist");
            dataset.roles.push_back(*role);
        }
    if (hub["rows"].get(dataset.rows) != simdjson::SUCCESS || dataset.rows < 0)
        return fail(ErrorCode::input,
                    "datapackage.json: dataset " + dataset.name + " does not say how many rows it has");
    simdjson::dom::array fields;
    if (hub["fields"].get(fields) != simdjson::SUCCESS)
        return fail(ErrorCode::input, "datapackage.json: dataset " + dataset.name + " has no fields");
    for (const auto entry : fields) {
        SENDHUB_ASSIGN(Field field, parse_field(entry, dataset.name));
        if (field.name == "row_number") continue;  // ours: paging goes by it, nobody reads it
        if (dataset.field(field.name))
            return fail(ErrorCode::input, "datapackage.json: dataset " + dataset.name + " has the field " +
                                              field.name + " twice");
        dataset.fields.push_back(std::move(field));
    }
    const Field* key = dataset.field("row_key");
    if (!key || key->type != FieldType::string)
        return fail(ErrorCode::input,
                    "datapackage.json: dataset " + dataset.name + " has no text field row_key");
    return dataset;
}

}  // namespace

const Field* Dataset::field(std::string_view field_name) const {
    for (const Field& one : fields)
        if (one.name == field_name) return &one;
    return nullptr;
}

const Dataset* Version::dataset(std::string_view dataset_name) const {
    const auto found = datasets.find(dataset_name);
    return found == datasets.end() ? nullptr : &found->second;
}

bool is_version_name(std::string_view name) {
    if (name.size() < 16 || name.size() > 22 || name[8] != 'T' || name[15] != 'Z') return false;
    for (std::size_t i = 0; i < 15; ++i)
        if (i != 8 && (name[i] < '0' || name[i] > '9')) return false;
    if (name.size() == 16) return true;
    if (name[16] != '-' || name.size() == 17) return false;
    for (const char c : name.substr(17))
        if (c < '0' || c > '9') return false;
    return true;
}

Result<Version> read_version(const std::filesystem::path& folder, std::string name) {
    Version version;
    version.name = std::move(name);
    version.folder = folder;
    SENDHUB_ASSIGN(version.package, read_file(folder / "datapackage.json", 64u << 20));
    simdjson::dom::parser parser;
    element root;
    simdjson::dom::array resources;
    if (parser.parse(version.package).get(root) != simdjson::SUCCESS ||
        root["resources"].get(resources) != simdjson::SUCCESS)
        return fail(ErrorCode::input, (folder / "datapackage.json").string() + " is not a data package");
    if (const auto created = parse_time(text_of(root, "created")))
        version.published_at = *created;
    else if (const auto from_name =
                 parse_time(version.name.substr(0, 4) + "-" + version.name.substr(4, 2) + "-" +
                            version.name.substr(6, 2) + "T" + version.name.substr(9, 2) + ":" +
                            version.name.substr(11, 2) + ":" + version.name.substr(13, 2) + "Z"))
        version.published_at = *from_name;
    for (const auto resource : resources) {
        element hub;
        if (resource["sendhub"].get(hub) != simdjson::SUCCESS)
            continue;  // a file beside the datasets, such as a licence
        if (version.dataset(text_of(hub, "dataset"))) continue;  // its Parquet and its CSV are two resources
        SENDHUB_ASSIGN(Dataset dataset, parse_dataset(resource, hub, folder));
        version.datasets.emplace(dataset.name, std::move(dataset));
    }
    return version;
}

Result<std::string> filtered_package(const Version& version, const govern::Caller& caller) {
    simdjson::dom::parser parser;
    simdjson::dom::object root;
    if (parser.parse(version.package).get(root) != simdjson::SUCCESS)
        return fail(ErrorCode::bug, "the data package of a version could not be read again");
    JsonWriter json;
    json.begin_object();
    for (const auto [key, value] : root) {
        json.key(key);
        if (key != "resources") {
            json.raw(simdjson::minify(value));
            continue;
        }
        json.begin_array();
        simdjson::dom::array resources;
        if (value.get(resources) == simdjson::SUCCESS)
            for (const auto resource : resources) {
                element hub;
                if (resource["sendhub"].get(hub) != simdjson::SUCCESS) continue;
                const Dataset* dataset = version.dataset(text_of(hub, "dataset"));
                if (dataset && govern::may_read(caller, dataset->policy()))
                    json.raw(simdjson::minify(resource));
            }
        json.end_array();
    }
    json.end_object();
    return json.take();
}

}  // namespace sendhub::serve
