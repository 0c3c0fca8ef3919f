#include "hub/store/tests/staging.hpp"

#include <stdlib.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "base/files.hpp"
#include "base/json_writer.hpp"
#include "schemas/registry.hpp"

namespace sendhub::store::fixtures {
namespace {

namespace fs = std::filesystem;

duck::Connection& scratch() {
    static duck::Database database = *duck::Database::open("", {{"threads", "1"}});
    static duck::Connection connection = *database.connect();
    return connection;
}

void must(const Status& status) {
    if (!status) throw std::runtime_error(status.error().sentence);
}

// A required field that a test does not name gets a value of its type.
std::string filler(const schema::Field& field) {
    if (field.code_set) return duck::quoted_text(field.code_set->codes[0].value);
    if (field.type == schema::FieldType::string) return "'x'";
    if (field.type == schema::FieldType::date) return "DATE '2020-01-01'";
    if (field.type == schema::FieldType::boolean) return "false";
    return "0";
}

std::string literal(const schema::Field& field, const Row& row) {
    if (field.name == "source_key") return duck::quoted_text(row.key);
    const auto found = row.fields.find(std::string(field.name));
    if (found != row.fields.end()) return found->second;
    if (field.name == "person_ref") return duck::quoted_text("p" + row.key);
    return field.required ? filler(field) : "null";
}

}  // namespace

fs::path stage(const fs::path& state, const Batch& batch) {
    const fs::path folder = state / "staging" / batch.id;
    fs::create_directories(folder);
    auto& con = scratch();

    std::map<std::string, std::string> values;
    std::map<std::string, std::int64_t> staged, rejected;
    std::int64_t source_row = 0;
    for (std::size_t no = 0; no < batch.scopes.size(); ++no) {
        const Scope& scope = batch.scopes[no];
        const schema::Record& record = *schema::find_record(scope.record);
        staged[scope.record] += static_cast<std::int64_t>(scope.rows.size());
        for (const Row& row : scope.rows) {
            std::string& list = values[scope.record];
            list += list.empty() ? "(" : ", (";
            list += std::to_string(no) + ", " + std::to_string(scope.files.empty() ? 0 : scope.files[0]) +
                    ", " + std::to_string(++source_row);
            for (const schema::Field& field : record.fields) list += ", " + literal(field, row);
            list += ")";
        }
    }
    for (const auto& [name, list] : values) {
        const schema::Record& record = *schema::find_record(name);
        std::string ddl =
            "create or replace table staged (scope_no INTEGER, file_no INTEGER, source_row BIGINT";
        for (const schema::Field& field : record.fields)
            ddl += ", " + std::string(field.name) + " " + std::string(field.sql_type);
        must(con.run(ddl + ")"));
        must(con.run("insert into staged values " + list));
        must(con.run("copy staged to " + duck::quoted_text((folder / (name + ".parquet")).string()) +
                     " (format parquet)"));
    }

    must(
        con.run("create or replace table rejects (severity VARCHAR, record VARCHAR, scope_no INTEGER, "
                "file_no INTEGER, file_name VARCHAR, "
                "source_row BIGINT, field VARCHAR, value_masked VARCHAR, rule VARCHAR, reason VARCHAR, "
                "advice VARCHAR, source_key VARCHAR, person_ref VARCHAR)"));
    for (const Reject& reject : batch.rejects) {
        if (reject.severity == "reject") ++rejected[reject.record];
        must(con.run("insert into rejects values (" + duck::quoted_text(reject.severity) + ", " +
                     duck::quoted_text(reject.record) + ", " +
                     (reject.scope_no < 0 ? "null" : std::to_string(reject.scope_no)) + ", " +
                     std::to_string(reject.file_no) + ", " + duck::quoted_text(reject.file_name) +
                     ", 1, 'birth_date', '20**', 'X-01', 'not a date', 'mend it', " +
                     duck::quoted_text(reject.source_key) + ", " + duck::quoted_text(reject.person_ref) +
                     ")"));
    }
    must(con.run("copy rejects to " + duck::quoted_text((folder / "rejects.parquet").string()) +
                 " (format parquet)"));

    JsonWriter j;
    j.begin_object().field("batch", batch.id).field("feed", batch.feed);
    j.key("connector").begin_object().field("name", "test").field("version", "1.0.0").end_object();
    j.field("schema_version", schema::version())
        .field("started_at", "2026-01-20T01:30:00Z")
        .field("finished_at", "2026-01-20T01:31:00Z");
    j.key("files").begin_array();
    for (std::size_t no = 0; no < batch.files.size(); ++no)
        j.begin_object()
            .field("no", no)
            .field("seq", batch.files[no].seq)
            .field("name", batch.files[no].name)
            .field("sha256", sha256(batch.id + std::to_string(no)))
            .field("bytes", 10)
            .field("state", batch.files[no].refused ? "refused" : "read")
            .field("reason", batch.files[no].refused ? "no header" : "")
            .end_object();
    j.end_array().key("scopes").begin_array();
    for (std::size_t no = 0; no < batch.scopes.size(); ++no) {
        const Scope& scope = batch.scopes[no];
        j.begin_object()
            .field("no", no)
            .field("record", scope.record)
            .field("name", scope.name)
            .field("mode", scope.mode)
            .field("as_of", scope.as_of);
        j.field("rows", scope.rows.size()).key("files").begin_array();
        for (const int file : scope.files) j.value(file);
        j.end_array().field("state", scope.refused ? "refused" : "staged").end_object();
    }
    j.end_array().key("records").begin_array();
    std::set<std::string> names;
    for (const auto& [name, n] : staged) names.insert(name);
    for (const auto& [name, n] : rejected) names.insert(name);
    for (const std::string& name : names)
        j.begin_object()
            .field("record", name)
            .field("received", staged[name] + rejected[name])
            .field("staged", staged[name])
            .field("rejected", rejected[name])
            .end_object();
    j.end_array()
        .key("issues")
        .begin_object()
        .field("reject", batch.rejects.size())
        .field("warning", 0)
        .end_object()
        .end_object();
    must(write_file_atomically(folder / "batch.json", j.text()));
    return folder;
}

Row cme_row(const std::string& key, int version) {
    return {key,
            {{"status", "'open'"},
             {"opened_date", "DATE '2025-09-01'"},
             {"next_action", "'v" + std::to_string(version) + "'"}}};
}

std::vector<Row> cme_rows(int from, int to, int version) {
    std::vector<Row> rows;
    for (int i = from; i < to; ++i) rows.push_back(cme_row("k" + std::to_string(i), version));
    return rows;
}

std::string first_text(Store& store, const std::string& sql) {
    auto rows = store.connection().query(sql);
    if (!rows) throw std::runtime_error(rows.error().sentence);
    return rows->next() ? std::string(rows->text(0)) : "(no row)";
}

std::vector<std::string> content(Store& store) {
    auto& con = store.connection();
    auto rows = con.query(
        "select table_name, string_agg(column_name, ', ' order by column_index) from duckdb_columns() where "
        "schema_name = 'main' and "
        "database_name = current_database() and data_type <> 'TIMESTAMP WITH TIME ZONE' and column_name <> "
        "'folder' and "
        "table_name not in ('migration', 'hub_secret', 'store_info') group by all");
    if (!rows) throw std::runtime_error(rows.error().sentence);
    std::string sql;
    while (rows->next()) {
        const std::string table(rows->text(0));
        sql += (sql.empty() ? "" : " union all ") + ("select '" + table + " ' || t::varchar from (select " +
                                                     std::string(rows->text(1)) + " from " + table + ") t");
    }
    auto found = con.query(sql);
    if (!found) throw std::runtime_error(found.error().sentence);
    std::vector<std::string> lines;
    while (found->next()) lines.emplace_back(found->text(0));
    std::sort(lines.begin(), lines.end());
    return lines;
}

}  // namespace sendhub::store::fixtures
