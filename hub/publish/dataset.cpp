#include "hub/publish/dataset.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/files.hpp"
#include "hub/publish/text_form.hpp"
#include "schemas/registry.hpp"

namespace sendhub::publish {
namespace {

namespace dom = simdjson::dom;

constexpr std::array<std::string_view, 7> types = {"string",  "boolean", "int64",    "int32",
                                                   "decimal", "date",    "timestamp"};
constexpr std::array<std::string_view, 4> layers = {"restricted", "case", "aggregate", "open"};
constexpr std::array<std::string_view, 5> profiles = {"none", "open", "round5", "round10", "school"};
constexpr std::array<std::string_view, 5> standard_columns = {"row_number", "row_key", "as_at", "updated_at",
                                                              "source_run_id"};

std::unexpected<Error> wrong(const std::string& file, std::string_view key, const std::string& why) {
    return fail(ErrorCode::settings, file + ": " + std::string(key) + ": " + why);
}

template <class Range>
std::string listed(const Range& names) {
    std::string out;
    for (const auto& name : names) (out += out.empty() ? "" : ", ") += name;
    return out;
}

// datasets-and-kpis 1.2: snake_case, starts with a letter, at most 50 characters.
bool is_name(std::string_view name) {
    if (name.empty() || name.size() > 50 || name.front() < 'a' || name.front() > 'z') return false;
    return std::all_of(name.begin(), name.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

constexpr std::string_view kShipped = "schemas/datasets/";

std::string form_names() {
    std::vector<std::string> names;
    for (const TextForm& form : text_forms())
        if (!form.only_shipped) names.emplace_back(form.name);
    return listed(names);
}

std::string trimmed_sql(std::string_view sql) {
    while (!sql.empty() && (sql.back() == ';' || sql.back() == '\n' || sql.back() == '\r' ||
                            sql.back() == ' ' || sql.back() == '\t'))
        sql.remove_suffix(1);
    return std::string(sql);
}

// Reads the keys of one object: each get_… marks its key as known; unknown() is what nobody asked for.
class ObjectReader {
  public:
    ObjectReader(dom::object object, std::string where, const std::string& file)
        : object_(object), where_(std::move(where)), file_(file) {}

    Status text(const char* key, std::string& out, bool required) {
        dom::element value;
        if (!find(key, value)) return required ? Status(wrong(file_, path(key), "is missing")) : Status();
        std::string_view found;
        if (value.get(found)) return wrong(file_, path(key), "must be text");
        if (required && found.empty()) return wrong(file_, path(key), "must not be empty");
        out = found;
        return {};
    }
    Status flag(const char* key, bool& out) {
        dom::element value;
        if (find(key, value) && value.get(out)) return wrong(file_, path(key), "must be true or false");
        return {};
    }
    Status number(const char* key, int& out) {
        dom::element value;
        std::int64_t found = 0;
        if (!find(key, value)) return {};
        if (value.get(found) || found < 0 || found > 38)
            return wrong(file_, path(key), "must be a whole number from 0 to 38");
        out = static_cast<int>(found);
        return {};
    }
    Status texts(const char* key, std::vector<std::string>& out) {
        dom::element value;
        dom::array list;
        if (!find(key, value)) return {};
        if (value.get(list)) return wrong(file_, path(key), "must be a list");
        for (dom::element item : list) {
            std::string_view text;
            if (item.get(text)) return wrong(file_, path(key), "must be a list of texts");
            out.emplace_back(text);
        }
        return {};
    }
    // The objects of a list; missing counts as empty.
    Status objects(const char* key, std::vector<ObjectReader>& out) {
        dom::element value;
        dom::array list;
        if (!find(key, value)) return {};
        if (value.get(list)) return wrong(file_, path(key), "must be a list");
        std::size_t index = 0;
        for (dom::element item : list) {
            dom::object object;
            const std::string where = path(key) + "[" + std::to_string(index++) + "]";
            if (item.get(object)) return wrong(file_, where, "must be an object");
            out.emplace_back(object, where, file_);
        }
        return {};
    }
    Status no_others() const {
        for (auto [key, value] : object_)
            if (!known_.contains(std::string(key)))
                return wrong(file_, path(std::string(key).c_str()),
                             "is no key of a dataset; known here: " + listed(known_));
        return {};
    }
    [[nodiscard]] std::string path(const char* key) const {
        return where_.empty() ? key : where_ + "." + key;
    }

  private:
    bool find(const char* key, dom::element& value) {
        known_.insert(key);
        return !object_[key].get(value);
    }
    dom::object object_;
    std::string where_;
    const std::string& file_;
    std::set<std::string> known_;
};

std::vector<std::string> roles_of_layer(std::string_view layer) {
    if (layer == "restricted") return {"caseworker"};
    if (layer == "case") return {"analyst", "caseworker"};
    return {"viewer", "analyst", "caseworker"};
}

// Suffixes fix the type (datasets-and-kpis 1.2).
struct SuffixRule {
    std::string_view suffix, type;
    int precision, scale;
};
constexpr std::array<SuffixRule, 5> suffix_rules = {{{"_percent", "decimal", 9, 4},
                                                     {"_count", "int64", 0, 0},
                                                     {"_rate", "decimal", 12, 4},
                                                     {"_days", "int32", 0, 0},
                                                     {"_gbp", "decimal", 18, 2}}};

Status read_field(ObjectReader& reader, DatasetField& field, const std::string& file) {
    SENDHUB_TRY(reader.text("name", field.name, true));
    SENDHUB_TRY(reader.text("type", field.type, true));
    SENDHUB_TRY(reader.number("precision", field.precision));
    SENDHUB_TRY(reader.number("scale", field.scale));
    SENDHUB_TRY(reader.flag("nullable", field.nullable));
    SENDHUB_TRY(reader.text("title", field.title, true));
    SENDHUB_TRY(reader.text("description", field.description, false));
    SENDHUB_TRY(reader.text("codes", field.codes, false));
    SENDHUB_TRY(reader.texts("values", field.values));
    SENDHUB_TRY(reader.text("form", field.form, false));
    SENDHUB_TRY(reader.no_others());
    const auto where = [&](const char* key) { return reader.path(key); };
    if (!is_name(field.name))
        return wrong(file, where("name"), "'" + field.name + "' is not snake_case of at most 50 characters");
    if (std::ranges::find(standard_columns, field.name) != standard_columns.end())
        return wrong(file, where("name"), field.name + " is added by the hub; leave it out");
    if (std::ranges::find(types, field.type) == types.end())
        return wrong(file, where("type"), "'" + field.type + "' is no type; use " + listed(types));
    if (field.title.size() > 100) return wrong(file, where("title"), "is longer than 100 characters");
    if (field.type == "decimal"
            ? (field.precision < 1 || field.precision > 18 || field.scale > field.precision)
            : (field.precision || field.scale))
        return wrong(file, where("precision"),
                     "a decimal has a precision of 1 to 18 and a scale within it; other types have none");
    if (!field.codes.empty() && (field.type != "string" || !schema::find_code_set(field.codes)))
        return wrong(file, where("codes"),
                     "'" + field.codes + "' is no code set of schemas/codes for a string field");
    const TextForm* const form = find_text_form(field.form);
    if (!field.form.empty() && !form)
        return wrong(file, where("form"),
                     "'" + field.form + "' is not a form; the forms are " + form_names());
    if (form && form->only_shipped && !file.starts_with(kShipped))
        return wrong(file, where("form"), field.form + " is only for the datasets of sendhub itself");
    if ((form || !field.values.empty()) && (field.type != "string" || !field.codes.empty()))
        return wrong(file, where("form"), "values and form are for a string field without a code set");
    if ((field.name == "source_system" || field.name == "quality_flags") && field.type != "string")
        return wrong(file, where("type"), field.name + " must be a string");
    for (const SuffixRule& rule : suffix_rules)
        if (field.name.ends_with(rule.suffix) &&
            (field.type != rule.type || field.precision != rule.precision || field.scale != rule.scale))
            return wrong(file, where("type"),
                         field.name + " must be " + std::string(rule.type) +
                             (rule.precision ? "(" + std::to_string(rule.precision) + "," +
                                                   std::to_string(rule.scale) + ")"
                                             : ""));
    return {};
}

Status check(const Dataset& dataset) {
    const std::string& file = dataset.file;
    if (!is_name(dataset.name))
        return wrong(file, "name", "'" + dataset.name + "' is not snake_case of at most 50 characters");
    const auto layer_roles = roles_of_layer(dataset.layer);
    if (std::ranges::find(layers, dataset.layer) == layers.end())
        return wrong(file, "layer", "must be restricted, case, aggregate or open");
    if (std::ranges::find(profiles, dataset.profile) == profiles.end())
        return wrong(file, "profile", "must be none, open, round5, round10 or school");
    if (dataset.title.size() > 100) return wrong(file, "title", "is longer than 100 characters");
    if (dataset.fields.empty()) return wrong(file, "fields", "there are none");
    std::set<std::string> seen;
    for (const DatasetField& field : dataset.fields) {
        if (!seen.insert(field.name).second) return wrong(file, "fields", field.name + " stands twice");
        if (!may_hold_anything(dataset, field) && field.codes.empty() && field.form.empty() &&
            field.values.empty())
            return wrong(
                file, "fields",
                field.name + " is text of the layer " + dataset.layer +
                    " and does not say what it may hold, so it could name a child; give codes, values or "
                    "form (" +
                    form_names() + "), or choose the layer restricted");
    }
    if (dataset.key.empty()) return wrong(file, "key", "is missing: name the columns that make a row unique");
    for (const std::string& name : dataset.key) {
        const DatasetField* field = dataset.find(name);
        if (!field) return wrong(file, "key", name + " is no field");
        if (field->nullable) return wrong(file, "key", name + " must have \"nullable\": false");
        if (field->type != "string" && field->type != "date" && field->type != "int64" &&
            field->type != "int32")
            return wrong(file, "key", name + " must be a string, a date or a whole number");
    }
    if (dataset.sources.empty())
        return wrong(file, "sources", "is missing: name the record types it is made from");
    for (const std::string& source : dataset.sources)
        if (!schema::find_record(source))
            return wrong(file, "sources", source + " is no record type of schemas/records");
    for (const std::string& role : dataset.roles)
        if (std::ranges::find(layer_roles, role) == layer_roles.end())
            return wrong(file, "roles",
                         role + " may not read the layer " + dataset.layer +
                             "; roles can only be narrowed to some of: " + listed(layer_roles));
    std::set<std::string> tests;
    for (const DatasetTest& test : dataset.tests)
        if (!is_name(test.name) || !tests.insert(test.name).second)
            return wrong(file, "tests", "'" + test.name + "' is not snake_case, or stands twice");
    if (dataset.sql.empty()) return wrong(file, "sql", "the .sql file beside it is empty");
    return {};
}

}  // namespace

std::string DatasetField::sql_type() const {
    if (type == "string") return "VARCHAR";
    if (type == "boolean") return "BOOLEAN";
    if (type == "int64") return "BIGINT";
    if (type == "int32") return "INTEGER";
    if (type == "date") return "DATE";
    if (type == "timestamp") return "TIMESTAMP WITH TIME ZONE";
    return "DECIMAL(" + std::to_string(precision) + "," + std::to_string(scale) + ")";
}

const DatasetField* Dataset::find(std::string_view field) const {
    const auto found = std::ranges::find(fields, field, &DatasetField::name);
    return found == fields.end() ? nullptr : &*found;
}

std::vector<DatasetField> Dataset::columns() const {
    std::vector<DatasetField> columns = {
        {"row_key", "string", 0, 0, false, "Row key", "The natural key, its parts joined by '|'.", ""}};
    const auto last = [](const DatasetField& f) {
        return f.name == "source_system" || f.name == "quality_flags";
    };
    std::ranges::copy_if(fields, std::back_inserter(columns), [&](const auto& f) { return !last(f); });
    columns.push_back(
        {"as_at", "timestamp", 0, 0, false, "As at", "When the newest of the sources was read.", ""});
    columns.push_back({"updated_at", "timestamp", 0, 0, false, "Updated at",
                       "When the content of this row last changed.", ""});
    columns.push_back(
        {"source_run_id", "string", 0, 0, false, "Source run", "The run that last changed this row.", ""});
    for (const char* name : {"source_system", "quality_flags"})
        if (const DatasetField* field = find(name)) columns.push_back(*field);
    return columns;
}

std::string Dataset::schema_hash() const {
    std::string text;
    for (const DatasetField& field : columns())
        text += field.name + " " + field.sql_type() + (field.nullable ? "\n" : " not null\n");
    return sha256(text).substr(0, 16);
}

Result<Dataset> parse_dataset(std::string_view json, std::string_view sql, const std::string& file) {
    Dataset dataset;
    dataset.file = file;
    dataset.sql = trimmed_sql(sql);
    dom::parser parser;
    dom::element document;
    if (const auto error = parser.parse(json.data(), json.size(), true).get(document))
        return fail(ErrorCode::settings, file + ": is not JSON: " + simdjson::error_message(error));
    dom::object object;
    if (document.get(object)) return fail(ErrorCode::settings, file + ": must hold one object");
    ObjectReader reader(object, "", file);
    SENDHUB_TRY(reader.text("name", dataset.name, true));
    SENDHUB_TRY(reader.text("title", dataset.title, true));
    SENDHUB_TRY(reader.text("purpose", dataset.purpose, true));
    SENDHUB_TRY(reader.text("layer", dataset.layer, true));
    SENDHUB_TRY(reader.text("grain", dataset.grain, true));
    SENDHUB_TRY(reader.text("profile", dataset.profile, false));
    SENDHUB_TRY(reader.texts("key", dataset.key));
    SENDHUB_TRY(reader.texts("sources", dataset.sources));
    SENDHUB_TRY(reader.texts("reads", dataset.reads));
    SENDHUB_TRY(reader.texts("roles", dataset.roles));
    SENDHUB_TRY(reader.flag("may_shrink", dataset.may_shrink));
    SENDHUB_TRY(reader.flag("tells_of_runs", dataset.tells_of_runs));
    std::vector<ObjectReader> fields, tests;
    SENDHUB_TRY(reader.objects("fields", fields));
    SENDHUB_TRY(reader.objects("tests", tests));
    SENDHUB_TRY(reader.no_others());
    for (ObjectReader& item : fields) SENDHUB_TRY(read_field(item, dataset.fields.emplace_back(), file));
    for (ObjectReader& item : tests) {
        DatasetTest& test = dataset.tests.emplace_back();
        SENDHUB_TRY(item.text("name", test.name, true));
        SENDHUB_TRY(item.text("sql", test.sql, true));
        SENDHUB_TRY(item.text("sentence", test.sentence, true));
        SENDHUB_TRY(item.no_others());
    }
    SENDHUB_TRY(check(dataset));
    if (dataset.roles.empty()) dataset.roles = roles_of_layer(dataset.layer);
    return dataset;
}

std::string_view shipped_text(std::string_view name) {
    for (const ShippedFile& file : shipped_files())
        if (file.name == name) return file.text;
    return {};
}

Result<std::vector<Dataset>> in_build_order(std::vector<Dataset> datasets) {
    std::ranges::sort(datasets, {}, &Dataset::name);
    std::set<std::string> names;
    for (const Dataset& dataset : datasets) names.insert(dataset.name);
    for (const Dataset& dataset : datasets)
        for (const std::string& read : dataset.reads)
            if (read != "*" && !names.contains(read))
                return wrong(dataset.file, "reads", "there is no dataset " + read);
    std::vector<Dataset> ordered;
    std::set<std::string> done;
    const auto reads_all = [](const Dataset& d) { return std::ranges::find(d.reads, "*") != d.reads.end(); };
    while (!datasets.empty()) {
        const auto ready = std::ranges::find_if(datasets, [&](const Dataset& d) {
            return std::ranges::all_of(d.reads, [&](const auto& read) {
                return read == "*" ? std::ranges::all_of(datasets, reads_all) : done.contains(read);
            });
        });
        if (ready == datasets.end())
            return wrong(datasets.front().file, "reads", "datasets read each other in a circle");
        done.insert(ready->name);
        ordered.push_back(std::move(*ready));
        datasets.erase(ready);
    }
    return ordered;
}

Result<std::vector<Dataset>> load_datasets(const std::filesystem::path& config_folder) {
    namespace fs = std::filesystem;
    std::vector<Dataset> datasets;
    for (const ShippedFile& file : shipped_files()) {
        if (!file.name.ends_with(".json") || file.name == "measures.json") continue;
        const std::string stem(file.name.substr(0, file.name.size() - 5));
        SENDHUB_ASSIGN(Dataset dataset, parse_dataset(file.text, shipped_text(stem + ".sql"),
                                                      std::string(kShipped) + std::string(file.name)));
        if (dataset.name != stem) return wrong(dataset.file, "name", "differs from the file's name");
        datasets.push_back(std::move(dataset));
    }
    const std::size_t shipped = datasets.size();
    const fs::path folder = config_folder / "datasets";
    std::error_code error;
    if (config_folder.empty() || !fs::is_directory(folder, error)) return in_build_order(std::move(datasets));
    std::vector<fs::path> files;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
        files.push_back(entry->path());
    if (error) return fail(ErrorCode::storage, "could not list " + folder.string() + ": " + error.message());
    std::ranges::sort(files);
    for (const fs::path& path : files) {
        fs::path other = path;
        if (path.extension() == ".sql" && !fs::exists(other.replace_extension(".json"), error))
            return fail(ErrorCode::settings, path.string() + ": there is no " + other.filename().string() +
                                                 " beside it to describe it");
        if (path.extension() != ".json") continue;
        other.replace_extension(".sql");
        if (!fs::exists(other, error))
            return fail(ErrorCode::settings,
                        path.string() + ": there is no " + other.filename().string() + " beside it");
        SENDHUB_ASSIGN(const std::string json, read_file(path));
        SENDHUB_ASSIGN(const std::string sql, read_file(other));
        SENDHUB_ASSIGN(Dataset dataset, parse_dataset(json, sql, path.string()));
        if (dataset.name != path.stem().string())
            return wrong(dataset.file, "name", "differs from the file's name");
        for (std::size_t i = 0; i < shipped; ++i)
            if (datasets[i].name == dataset.name)
                return wrong(
                    dataset.file, "name",
                    "sendhub has a dataset of this name; choose another, such as my_" + dataset.name);
        datasets.push_back(std::move(dataset));
    }
    return in_build_order(std::move(datasets));
}

}  // namespace sendhub::publish
