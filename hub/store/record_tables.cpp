#include <map>
#include <string>

#include "hub/store/migrate.hpp"

namespace sendhub::store {
namespace {

struct Column {
    std::string type;
    bool not_null = false;
};
using Columns = std::map<std::string, Column, std::less<>>;

Result<std::map<std::string, Columns, std::less<>>> columns_by_table(duck::Connection& connection) {
    SENDHUB_ASSIGN(
        auto rows,
        connection.query("select table_name, column_name, data_type, not is_nullable from duckdb_columns() "
                         "where database_name = current_database() and schema_name = 'main'"));
    std::map<std::string, Columns, std::less<>> tables;
    while (rows.next())
        tables[std::string(rows.text(0))].emplace(rows.text(1),
                                                  Column{std::string(rows.text(2)), rows.boolean(3)});
    return tables;
}

bool is_housekeeping(std::string_view column) {
    for (const std::string_view name :
         {"feed", "scope", "batch_id", "file_no", "source_row", "valid_from", "valid_to", "closed_by"})
        if (column == name) return true;
    return false;
}

// DuckDB spells a few types in its own way.
std::string_view as_stored(std::string_view type) {
    return type == "TIMESTAMPTZ" ? "TIMESTAMP WITH TIME ZONE" : type;
}

Status fit_table(duck::Connection& connection, const schema::Record& record, const std::string& table,
                 const Columns& columns, std::string_view where) {
    Columns wanted;
    for (const schema::Field& field : record.fields) {
        const std::string name(field.name);
        wanted.emplace(name, Column{});
        const auto found = columns.find(name);
        if (found == columns.end()) {
            // Null in the rows that stand, so never NOT NULL here: the worker refuses rows without a required
            // field.
            SENDHUB_TRY(connection.run("alter table " + duck::quoted_name(table) + " add column " +
                                       duck::quoted_name(name) + " " + std::string(field.sql_type)));
            continue;
        }
        const std::string spelled(as_stored(field.sql_type));
        if (found->second.type != spelled)
            return fail(ErrorCode::storage,
                        "the store " + std::string(where) + " holds " + table + "." + name + " as " +
                            found->second.type + " but the schema of this sendhub says " + spelled +
                            "; a field never changes its type: give the field a new name, or use "
                            "the version of sendhub that made the store");
        if (found->second.not_null && !field.required)
            SENDHUB_TRY(connection.run("alter table " + duck::quoted_name(table) + " alter column " +
                                       duck::quoted_name(name) + " drop not null"));
    }
    for (const auto& [name, column] : columns)
        if (!is_housekeeping(name) && !wanted.contains(name))
            return fail(ErrorCode::storage,
                        "the store " + std::string(where) + " holds " + table + "." + name +
                            ", a field that the schema of this sendhub does not have; put the field "
                            "back, or use the version of sendhub that made the store");
    return {};
}

}  // namespace

Status fit_record_tables(duck::Connection& connection, std::span<const schema::Record> records,
                         std::string_view schema_version, std::string_view where) {
    SENDHUB_ASSIGN(auto known,
                   connection.query("select value from store_info where name = 'schema_version'"));
    if (known.next() && known.text(0) == schema_version) return {};
    SENDHUB_ASSIGN(auto transaction, duck::Transaction::begin(connection));
    std::string ddl;
    for (const schema::Record& record : records) ddl += record.ddl;
    SENDHUB_TRY(connection.run(ddl));  // nothing where the tables stand
    SENDHUB_ASSIGN(const auto tables, columns_by_table(connection));
    for (const schema::Record& record : records)
        for (const std::string& table : {std::string(record.name), std::string(record.name) + "_history"})
            SENDHUB_TRY(fit_table(connection, record, table, tables.at(table), where));
    SENDHUB_TRY(connection.run("delete from store_info where name = 'schema_version'"));
    SENDHUB_TRY(connection.run("insert into store_info values ('schema_version', ?)", {schema_version}));
    return transaction.commit();
}

}  // namespace sendhub::store
