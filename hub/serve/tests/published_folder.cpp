#include "hub/serve/tests/published_folder.hpp"

#include <fstream>
#include <stdexcept>

#include "base/duckdb.hpp"
#include "base/files.hpp"
#include "base/json_writer.hpp"
#include "hub/govern/tokens.hpp"

namespace sendhub::serve::testing {
namespace {

std::vector<TestField> all_fields(const TestDataset& dataset) {
    std::vector<TestField> fields{{"row_key", "string", 0, 0, false}};
    fields.insert(fields.end(), dataset.fields.begin(), dataset.fields.end());
    fields.push_back({"as_at", "timestamp", 0, 0, false});
    fields.push_back({"updated_at", "timestamp", 0, 0, false});
    fields.push_back({"source_run_id", "string"});
    return fields;
}

void must(const Status& status) {
    if (!status) throw std::runtime_error(status.error().sentence);
}

}  // namespace

void StateFolder::publish(const std::string& version, const std::vector<TestDataset>& datasets) const {
    const auto folder = path / "published" / version;
    auto database = duck::Database::open({});
    auto connection = database->connect();
    JsonWriter json;
    json.begin_object()
        .field("name", "sendhub")
        .field("title", "a test")
        .field("version", version)
        .key("resources")
        .begin_array();
    for (const TestDataset& dataset : datasets) {
        std::filesystem::create_directories(folder / dataset.name);
        must(connection->run("SET TimeZone = 'UTC'"));
        must(connection->run(
            "CREATE OR REPLACE TABLE t AS SELECT row_number() OVER (ORDER BY row_key) - 1 AS row_number, *, "
            "TIMESTAMPTZ '2026-01-20 01:30:00Z' AS as_at, TIMESTAMPTZ '2026-01-20 01:30:00Z' AS updated_at, "
            "'run-1' AS source_run_id FROM (" +
            dataset.select + ") ORDER BY row_key"));
        must(connection->run("COPY t TO " +
                             duck::quoted_text((folder / dataset.name / "data.parquet").string()) +
                             " (FORMAT parquet)"));
        must(connection->run("COPY (SELECT * EXCLUDE (row_number) FROM t ORDER BY row_number) TO " +
                             duck::quoted_text((folder / dataset.name / "data.csv").string()) +
                             " (FORMAT csv, HEADER)"));
        const auto rows = connection->count("SELECT count(*) FROM t");
        for (const char* format : {"csv", "parquet"}) {
            json.begin_object()
                .field("name", dataset.name + "_" + format)
                .field("path", dataset.name + "/data." + format)
                .field("title", "Title of " + dataset.name);
            json.key("sendhub")
                .begin_object()
                .field("dataset", dataset.name)
                .field("layer", dataset.layer)
                .key("roles")
                .begin_array();
            for (const auto& role : dataset.roles) json.value(role);
            json.end_array().field("rows", *rows).field("schema_hash", "hash-1").key("fields").begin_array();
            for (const TestField& field : all_fields(dataset)) {
                json.begin_object()
                    .field("name", field.name)
                    .field("type", field.type)
                    .field("nullable", field.nullable)
                    .field("title", "<" + field.name + " & co>");
                if (field.type == "decimal")
                    json.field("precision", field.precision).field("scale", field.scale);
                json.end_object();
            }
            json.end_array().end_object().end_object();
        }
    }
    json.end_array().end_object();
    must(write_file_atomically(folder / "datapackage.json", json.text()));
    const auto next = path / "published" / "next";
    std::filesystem::create_directory_symlink(version, next);
    std::filesystem::rename(next, path / "published" / "current");
}

void StateFolder::remove_version(const std::string& version) const {
    std::filesystem::remove_all(path / "published" / version);
}

void StateFolder::write(const std::string& name, const std::string& text) const {
    std::ofstream(path / name, std::ios::binary) << text;
}

std::string StateFolder::read(const std::string& name) const { return read_file(path / name).value_or(""); }

std::string StateFolder::key(std::vector<govern::Role> roles,
                             std::optional<std::vector<std::string>> datasets) const {
    const auto made = govern::create_token(
        path / "tokens.json",
        {.name = "a test", .roles = std::move(roles), .datasets = std::move(datasets), .expires = {}});
    if (!made) throw std::runtime_error(made.error().sentence);
    return made->key;
}

TestDataset children(int rows, const std::string& mark) {
    return {
        "children",
        "case",
        {},
        {{"surname", "string"},
         {"school", "string"},
         {"born", "date"},
         {"seen_at", "timestamp"},
         {"visits", "int64"},
         {"year_group", "int32"},
         {"attendance_percent", "decimal", 9, 4},
         {"sen", "boolean"}},
        "SELECT printf('k%06d', i) AS row_key, CASE WHEN i % 7 = 3 THEN NULL WHEN i % 11 = 5 THEN 'O''Neil "
        "\"x\" \\ ' || i WHEN i % 13 = 4 THEN 'Zoë ' || i ELSE 'Name" +
            mark +
            "' || (i % 50) END AS surname, "
            "CASE WHEN i % 5 = 0 THEN NULL ELSE CAST(100000 + i % 20 AS VARCHAR) END AS school, "
            "CASE WHEN i % 9 = 1 THEN NULL ELSE DATE '2010-01-01' + CAST(i % 4000 AS INTEGER) END AS born, "
            "CASE WHEN i % 8 = 2 THEN NULL ELSE TIMESTAMPTZ '2026-01-01 00:00:00Z' + INTERVAL (i * 61) "
            "SECOND END AS seen_at, "
            "CASE WHEN i % 6 = 4 THEN NULL ELSE CAST(i * 1000003 AS BIGINT) - 5000000 END AS visits, CAST(i "
            "% 14 AS INTEGER) AS year_group, "
            "CASE WHEN i % 10 = 9 THEN NULL ELSE CAST((i % 10001) / 100.0 AS DECIMAL(9,4)) END AS "
            "attendance_percent, CASE WHEN i % 4 = 3 THEN NULL ELSE i % 4 = 1 END AS sen "
            "FROM range(" +
            std::to_string(rows) + ") r(i)"};
}

TestDataset summary() {
    return {"summary",
            "aggregate",
            {},
            {{"label", "string"}, {"amount_count", "int64"}},
            "SELECT 's' || i AS row_key, '=label' || i AS label, i AS amount_count FROM range(3) r(i)"};
}

TestDataset secrets() {
    return {"secrets",
            "restricted",
            {"caseworker"},
            {{"forename", "string"}},
            "SELECT 'p' || i AS row_key, 'Plantedforename' || i AS forename FROM range(5) r(i)"};
}

}  // namespace sendhub::serve::testing
