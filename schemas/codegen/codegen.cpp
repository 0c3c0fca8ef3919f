// Build-time tool: reads schemas/records/*.json and schemas/codes/*.json and writes what is made from them:
// the registry (with the DDL), the SDK's row types, and the reference page.
//   codegen SCHEMAS_DIR registry.cpp records.hpp records.md
#include <simdjson.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

struct Code {
    std::string value, label;
};
struct CodeSet {
    std::string name, title, source;
    std::vector<Code> codes;
};
struct Field {
    std::string name, type, description, code_set, unit, rule_source, identifier;
    int precision = 0, scale = 0, max_length = 0;
    bool required = false, personal = false;
};
struct Record {
    std::string name, title, description;
    bool about_child = false;
    std::vector<Field> fields;
};

[[noreturn]] void refuse(const fs::path& file, const std::string& why) {
    throw std::runtime_error(file.string() + ": " + why);
}

std::string text_of(simdjson::dom::object object, const char* key) {
    std::string_view value;
    if (object[key].get(value)) return {};
    return std::string(value);
}

std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

CodeSet read_codes(const fs::path& file, simdjson::dom::parser& parser) {
    simdjson::dom::object object;
    if (parser.load(file.string()).get(object)) refuse(file, "not a JSON object");
    CodeSet set{text_of(object, "name"), text_of(object, "title"), text_of(object, "source"), {}};
    if (set.name != file.stem()) refuse(file, "name differs from the file's name");
    simdjson::dom::array codes;
    if (object["codes"].get(codes)) refuse(file, "no list of codes");
    for (simdjson::dom::object code : codes)
        set.codes.push_back({text_of(code, "value"), text_of(code, "label")});
    return set;
}

Record read_record(const fs::path& file, simdjson::dom::parser& parser,
                   const std::map<std::string, CodeSet>& sets) {
    simdjson::dom::object object;
    if (parser.load(file.string()).get(object)) refuse(file, "not a JSON object");
    Record record{text_of(object, "name"),
                  text_of(object, "title"),
                  text_of(object, "description"),
                  text_of(object, "about") == "child",
                  {}};
    if (record.name != file.stem()) refuse(file, "name differs from the file's name");
    simdjson::dom::array fields;
    if (object["fields"].get(fields)) refuse(file, "no list of fields");
    static const std::vector<std::string> known_keys = {
        "name",    "type",     "description", "precision", "scale",     "constraints",
        "codeSet", "personal", "identifier",  "unit",      "ruleSource"};
    for (simdjson::dom::object item : fields) {
        for (auto [key, value] : item)
            if (std::find(known_keys.begin(), known_keys.end(), key) == known_keys.end())
                refuse(file, "a field has the unknown key " + std::string(key));
        Field field;
        field.name = text_of(item, "name");
        field.type = text_of(item, "type");
        field.description = text_of(item, "description");
        field.code_set = text_of(item, "codeSet");
        field.unit = text_of(item, "unit");
        field.rule_source = text_of(item, "ruleSource");
        field.identifier = text_of(item, "identifier");
        bool flag = false;
        if (!item["personal"].get(flag)) field.personal = flag;
        std::int64_t number = 0;
        if (!item["precision"].get(number)) field.precision = static_cast<int>(number);
        if (!item["scale"].get(number)) field.scale = static_cast<int>(number);
        simdjson::dom::object constraints;
        if (!item["constraints"].get(constraints)) {
            if (!constraints["required"].get(flag)) field.required = flag;
            if (!constraints["maxLength"].get(number)) field.max_length = static_cast<int>(number);
        }
        static const std::vector<std::string> types = {"string",  "integer", "number",
                                                       "boolean", "date",    "datetime"};
        if (std::find(types.begin(), types.end(), field.type) == types.end())
            refuse(file, field.name + " has no known type");
        if (field.description.empty()) refuse(file, field.name + " has no description");
        if (field.type == "string" && field.max_length == 0) refuse(file, field.name + " has no maxLength");
        if (field.type == "number" && field.precision == 0) refuse(file, field.name + " has no precision");
        if (!field.code_set.empty() && !sets.contains(field.code_set))
            refuse(file, field.name + " names the unknown code set " + field.code_set);
        static const std::vector<std::string> store_columns = {"feed",     "scope",      "batch_id",
                                                               "file_no",  "source_row", "valid_from",
                                                               "valid_to", "closed_by",  "scope_no"};
        if (std::find(store_columns.begin(), store_columns.end(), field.name) != store_columns.end())
            refuse(file, field.name + " is a column of the store's own; choose another name");
        for (const Field& earlier : record.fields)
            if (earlier.name == field.name) refuse(file, field.name + " stands twice");
        record.fields.push_back(field);
    }
    if (record.fields.empty() || record.fields[0].name != "source_key")
        refuse(file, "the first field must be source_key");
    if (record.about_child && (record.fields.size() < 2 || record.fields[1].name != "person_ref"))
        refuse(file, "the second field must be person_ref");
    return record;
}

std::string sql_type(const Field& f) {
    if (f.type == "string") return "VARCHAR";
    if (f.type == "integer") return "BIGINT";
    if (f.type == "number")
        return "DECIMAL(" + std::to_string(f.precision) + "," + std::to_string(f.scale) + ")";
    if (f.type == "boolean") return "BOOLEAN";
    if (f.type == "date") return "DATE";
    return "TIMESTAMPTZ";
}

std::string cpp_text(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (c == '\n') {
            out += "\\n";
            continue;
        }
        out += c;
    }
    return out + "\"";
}

std::string pascal(const std::string& name) {
    std::string out;
    bool up = true;
    for (const char c : name) {
        if (c == '_') {
            up = true;
            continue;
        }
        out += up ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
        up = false;
    }
    return out;
}

std::string ddl(const Record& record) {
    std::string columns = "  feed VARCHAR NOT NULL,\n  scope VARCHAR NOT NULL,\n";
    for (const Field& f : record.fields)
        columns += "  " + f.name + " " + sql_type(f) + (f.required ? " NOT NULL" : "") + ",\n";
    columns +=
        "  batch_id VARCHAR NOT NULL,\n  file_no INTEGER NOT NULL,\n  source_row BIGINT NOT NULL,\n  "
        "valid_from TIMESTAMPTZ NOT NULL";
    return "create table if not exists " + record.name + " (\n" + columns + "\n);\n" +
           "create table if not exists " + record.name + "_history (\n" + columns +
           ",\n  valid_to TIMESTAMPTZ NOT NULL,\n  closed_by VARCHAR NOT NULL\n);\n";
}

std::uint64_t fnv(std::uint64_t hash, const std::string& text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return hash;
}

void write_registry(const fs::path& path, const std::map<std::string, CodeSet>& sets,
                    const std::vector<Record>& records, std::uint64_t version) {
    std::ofstream out(path);
    out << "// Generated from schemas/ at build time: do not edit.\n#include "
           "\"schemas/registry.hpp\"\n\nnamespace sendhub::schema {\nnamespace {\n\n";
    for (const auto& [name, set] : sets) {
        out << "constexpr Code " << name << "_codes[] = {\n";
        for (const Code& code : set.codes)
            out << "    {" << cpp_text(code.value) << ", " << cpp_text(code.label) << "},\n";
        out << "};\n";
    }
    out << "\nconstexpr CodeSet all_code_sets[] = {\n";
    for (const auto& [name, set] : sets)
        out << "    {" << cpp_text(name) << ", " << cpp_text(set.title) << ", " << name << "_codes},\n";
    out << "};\n\n";
    for (const Record& record : records) {
        out << "constexpr Field " << record.name << "_fields[] = {\n";
        for (const Field& f : record.fields) {
            std::string set = "nullptr";
            if (!f.code_set.empty())
                set = "&all_code_sets[" + std::to_string(std::distance(sets.begin(), sets.find(f.code_set))) +
                      "]";
            out << "    {" << cpp_text(f.name) << ", FieldType::" << f.type << ", " << f.precision << ", "
                << f.scale << ", " << (f.required ? "true" : "false") << ", "
                << (f.personal ? "true" : "false") << ", " << f.max_length << ", " << set << ", "
                << cpp_text(sql_type(f)) << ",\n     " << cpp_text(f.description) << "},\n";
        }
        out << "};\n";
    }
    out << "\nconstexpr Record all_records[] = {\n";
    for (const Record& record : records)
        out << "    {" << cpp_text(record.name) << ", " << cpp_text(record.title) << ", " << record.name
            << "_fields, " << (record.about_child ? "true" : "false") << ",\n     " << cpp_text(ddl(record))
            << "},\n";
    out << "};\n\n}  // namespace\n\n"
           "std::span<const Record> records() { return all_records; }\n"
           "const Record* find_record(std::string_view name) {\n    for (const Record& r : all_records)\n    "
           "    if (r.name == name) return &r;\n    return nullptr;\n}\n"
           "std::span<const CodeSet> code_sets() { return all_code_sets; }\n"
           "const CodeSet* find_code_set(std::string_view name) {\n    for (const CodeSet& s : "
           "all_code_sets)\n        if (s.name == name) return &s;\n    return nullptr;\n}\n";
    char hex[20];
    std::snprintf(hex, sizeof hex, "%016llx", static_cast<unsigned long long>(version));
    out << "std::string_view version() { return \"" << hex << "\"; }\n\n}  // namespace sendhub::schema\n";
}

void write_rows(const fs::path& path, const std::vector<Record>& records) {
    std::ofstream out(path);
    out << "// Generated from schemas/records/ at build time: do not edit. One class a record type of the "
           "shared schema.\n"
           "// Text setters do not copy: the text must live until the row was added. Empty text or optional "
           "is no value.\n"
           "#pragma once\n\n#include <sendhub/values.hpp>\n\nnamespace sendhub::records {\n";
    for (const Record& record : records) {
        const std::string cls = pascal(record.name);
        const std::size_t n = record.fields.size();
        out << "\n// " << record.title << ". " << record.description << "\nclass " << cls
            << " : public sdk::Row<" << n << "> {\n  public:\n"
            << "    static constexpr std::string_view record_name = " << cpp_text(record.name)
            << ";\n    enum class Field : std::uint16_t {";
        for (const Field& f : record.fields) out << f.name << ", ";
        out << "};\n    static constexpr std::array<std::string_view, " << n << "> field_names = {";
        for (const Field& f : record.fields) out << cpp_text(f.name) << ", ";
        out << "};\n";
        for (std::size_t i = 0; i < n; ++i) {
            const Field& f = record.fields[i];
            std::string argument = "std::string_view", setter = "set_text";
            if (f.type == "integer") {
                argument = "std::optional<std::int64_t>";
                setter = "set_int";
            }
            if (f.type == "number") {
                argument = "std::optional<double>";
                setter = "set_real";
            }
            if (f.type == "boolean") {
                argument = "std::optional<bool>";
                setter = "set_bool";
            }
            if (f.type == "date") {
                argument = "std::optional<sdk::Date>";
                setter = "set_date";
            }
            if (f.type == "datetime")
                throw std::runtime_error(record.name + "." + f.name + ": the SDK has no datetime yet");
            out << "    // " << f.description << (f.code_set.empty() ? "" : " Codes: " + f.code_set + ".")
                << "\n    " << cls << "& " << f.name << "(" << argument << " v) { " << setter << "(" << i
                << ", v); return *this; }\n";
        }
        out << "};\n";
    }
    out << "\n}  // namespace sendhub::records\n";
}

void write_page(const fs::path& path, const std::map<std::string, CodeSet>& sets,
                const std::vector<Record>& records) {
    std::ofstream out(path);
    out << "# The shared schema\n\nMade from `schemas/records/` and `schemas/codes/` by the build; edit "
           "those, not this page.\n\n"
           "Marks: **R** required, **P** personal data (masked wherever it is shown).\n\n";
    for (const Record& record : records)
        out << "- [`" << record.name << "`](#" << record.name << "): " << record.title << "\n";
    for (const Record& record : records) {
        out << "\n## " << record.name << "\n\n"
            << record.title << ". " << record.description
            << "\n\n| field | type | marks | meaning |\n| --- | --- | --- | --- |\n";
        for (const Field& f : record.fields) {
            std::string type = f.type;
            if (f.type == "number")
                type += "(" + std::to_string(f.precision) + "," + std::to_string(f.scale) + ")";
            if (f.type == "string") type += ", at most " + std::to_string(f.max_length);
            if (!f.unit.empty()) type += ", " + f.unit;
            std::string meaning = f.description;
            if (!f.code_set.empty()) meaning += " Codes: [" + f.code_set + "](#codes-" + f.code_set + ").";
            if (!f.rule_source.empty()) meaning += " Source: " + f.rule_source + ".";
            out << "| `" << f.name << "` | " << type << " | " << (f.required ? "R" : "")
                << (f.personal ? "P" : "") << " | " << meaning << " |\n";
        }
    }
    for (const auto& [name, set] : sets) {
        out << "\n## Codes: " << name << "\n\n"
            << set.title << ". Source: " << set.source << ".\n\n| code | meaning |\n| --- | --- |\n";
        for (const Code& code : set.codes) out << "| `" << code.value << "` | " << code.label << " |\n";
    }
}

std::vector<fs::path> json_files(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().extension() == ".json") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc != 5) {
        std::cerr << "use: codegen SCHEMAS_DIR registry.cpp records.hpp records.md\n";
        return 2;
    }
    const fs::path schemas = argv[1];
    simdjson::dom::parser parser;
    std::map<std::string, CodeSet> sets;
    std::vector<Record> records;
    std::uint64_t version = 1469598103934665603ULL;
    for (const fs::path& file : json_files(schemas / "codes")) {
        sets.emplace(file.stem().string(), read_codes(file, parser));
        version = fnv(version, read(file));
    }
    for (const fs::path& file : json_files(schemas / "records")) {
        records.push_back(read_record(file, parser, sets));
        version = fnv(version, read(file));
    }
    write_registry(argv[2], sets, records, version);
    write_rows(argv[3], records);
    write_page(argv[4], sets, records);
    return 0;
} catch (const std::exception& e) {
    std::cerr << "schemas: " << e.what() << "\n";
    return 1;
}
