// The embedded database: one DuckDB file, one writer. Opening it brings its tables up to date:
//   - numbered migrations (hub/store/migrations/NNNN_name.sql), each in a transaction of its own and noted in
//   the
//     table `migration` with its hash: bookkeeping, people and links;
//   - the two tables of each record type, made from the shared schema. A field that the schema has gained
//   becomes a
//     column, null in the rows that stand; a field that it has lost or that changed its type refuses to open.
// A store that a newer sendhub has written, or whose applied migrations differ from ours, is refused
// untouched.
//
//   auto store = store::Store::open(state / "hub.duckdb", {.memory_limit = "1GiB", .threads = 2});
//   store->connection().query("select count(*) from enrolment where feed = ?", {feed});
//
// The tables are those of docs/contracts.md, section 4, and
//   migration(number, name, applied_at, sha256)
//   hub_secret(name, value)     'person_id': 32 random bytes in hex, made on first opening; never shown or
//   logged sequence(name, next)        the next number of each numbered thing store_info(name, value)
//   'schema_version' of the schema the record tables have
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/duckdb.hpp"
#include "schemas/registry.hpp"

namespace sendhub::store {

struct StoreOptions {
    std::string
        memory_limit;  // as DuckDB writes it, such as 1GiB; empty: DuckDB's default. Beyond it, it spills
    int threads = 0;   // 0: DuckDB's default
};

class Store {
  public:
    // path: of hub.duckdb; made when it is not there. What does not fit in memory spills to hub.duckdb.spill
    // beside it.
    [[nodiscard]] static Result<Store> open(const std::filesystem::path& path,
                                            const StoreOptions& options = {});

    // The one connection that writes; used by one thread at a time.
    [[nodiscard]] duck::Connection& connection() { return connection_; }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

    // hub_secret by name.
    [[nodiscard]] Result<std::string> secret(std::string_view name);
    // Takes the next `count` numbers of a sequence, from 1; returns the first. Part of the transaction that
    // stands.
    [[nodiscard]] Result<std::int64_t> take_numbers(std::string_view sequence, std::int64_t count = 1);

  private:
    Store(std::filesystem::path path, duck::Database database, duck::Connection connection)
        : path_(std::move(path)), database_(std::move(database)), connection_(std::move(connection)) {}
    std::filesystem::path path_;
    duck::Database database_;
    duck::Connection connection_;
};

}  // namespace sendhub::store
