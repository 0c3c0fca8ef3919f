// The bookkeeping tables' numbered migrations, and the record tables' own way of keeping up with the schema.
#pragma once

#include <span>
#include <string_view>

#include "base/duckdb.hpp"
#include "base/time.hpp"
#include "schemas/registry.hpp"

namespace sendhub::store {

struct Migration {
    int number;  // from 1, without gaps
    std::string_view name;
    std::string_view sql;
};
std::span<const Migration> migrations();  // those of this binary, in order

// Applies what the store has not had. where: names the store in refusals.
[[nodiscard]] Status migrate(duck::Connection& connection, std::span<const Migration> migrations,
                             std::string_view where, Micros now);

// Makes the tables of each record type, or adds the columns of the fields it has gained.
[[nodiscard]] Status fit_record_tables(duck::Connection& connection, std::span<const schema::Record> records,
                                       std::string_view schema_version, std::string_view where);

}  // namespace sendhub::store
