// A thin, owning face of DuckDB's C API: database, connection, prepared statement, result. Every value goes
// in as a parameter; no caller ever writes one into the text. Errors come back as Result, with DuckDB's own
// message.
//
//   auto db = duck::Database::open("hub.duckdb");
//   auto con = db->connect();
//   auto rows = con->query("select name from t where id = ?", {std::int64_t{7}});
//   while (rows->next()) use(rows->text(0));
#pragma once

#include <duckdb.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "base/error.hpp"

namespace sendhub::duck {

struct Date {
    std::int32_t days;
};  // since 1970-01-01
struct Timestamp {
    std::int64_t micros;
};  // since 1970-01-01T00:00:00Z
struct Null {};

// What can be bound. string_view must live until the call returns.
using Value = std::variant<Null, bool, std::int64_t, double, std::string_view, Date, Timestamp>;

// The rows of a finished statement, read one by one; a page of them at a time is in memory.
class Rows {
  public:
    Rows(Rows&&) noexcept;
    Rows& operator=(Rows&&) noexcept;
    ~Rows();

    [[nodiscard]] std::size_t column_count() const;
    [[nodiscard]] std::string_view column_name(std::size_t column) const;
    [[nodiscard]] duckdb_type column_type(std::size_t column) const;

    bool next();  // to the first row, then to each next one; false at the end
    [[nodiscard]] bool is_null(std::size_t column) const;
    [[nodiscard]] std::string_view text(std::size_t column) const;  // VARCHAR; valid until next()
    [[nodiscard]] std::int64_t integer(std::size_t column) const;   // any whole-number type, and BOOLEAN
    [[nodiscard]] double real(std::size_t column) const;            // DOUBLE, FLOAT, DECIMAL, whole numbers
    [[nodiscard]] bool boolean(std::size_t column) const;
    [[nodiscard]] Date date(std::size_t column) const;
    [[nodiscard]] Timestamp timestamp(std::size_t column) const;  // TIMESTAMP and TIMESTAMPTZ
    // DECIMAL as its unscaled whole number; scale by decimal_scale(column).
    [[nodiscard]] std::int64_t decimal_unscaled(std::size_t column) const;
    [[nodiscard]] std::uint8_t decimal_scale(std::size_t column) const;
    [[nodiscard]] std::int64_t rows_changed() const;  // of INSERT, UPDATE, DELETE

    // Column-wise access for hot loops: the current chunk, or null at the end.
    duckdb_data_chunk next_chunk();
    // Of stream(): why the rows ended early; nothing when all were read.
    [[nodiscard]] std::optional<std::string> failure() const;

  private:
    friend class Connection;
    struct State;
    explicit Rows(std::unique_ptr<State>);
    std::unique_ptr<State> state_;
};

class Connection {
  public:
    Connection(Connection&&) noexcept;
    Connection& operator=(Connection&&) noexcept;
    ~Connection();

    // One statement with parameters.
    [[nodiscard]] Result<Rows> query(std::string_view sql, std::span<const Value> parameters = {});
    [[nodiscard]] Result<Rows> query(std::string_view sql, std::initializer_list<Value> parameters);
    // The same, but the rows are worked out while they are read and never all in memory; a fault on the way
    // ends them early and shows in Rows::failure(). The connection does nothing else meanwhile.
    [[nodiscard]] Result<Rows> stream(std::string_view sql, std::initializer_list<Value> parameters = {});
    // One or more statements without parameters and without a result (migrations, BEGIN, COMMIT).
    [[nodiscard]] Status run(std::string_view sql);
    [[nodiscard]] Status run(std::string_view sql, std::initializer_list<Value> parameters);
    // The first column of the only row, as a whole number; 0 when it is null.
    [[nodiscard]] Result<std::int64_t> count(std::string_view sql,
                                             std::initializer_list<Value> parameters = {});
    void interrupt();  // from any thread

    [[nodiscard]] duckdb_connection raw() const { return connection_; }

  private:
    friend class Database;
    Connection(std::shared_ptr<void> database, duckdb_connection connection);
    Result<Rows> execute(std::string_view sql, std::span<const Value> parameters, bool streaming);
    std::shared_ptr<void> database_;
    duckdb_connection connection_ = nullptr;
};

class Database {
  public:
    // path empty: in memory. options: DuckDB settings by name, such as threads, memory_limit, access_mode.
    // Extensions are never fetched or loaded from outside, whatever the options say.
    [[nodiscard]] static Result<Database> open(const std::filesystem::path& path,
                                               const std::map<std::string, std::string>& options = {});
    [[nodiscard]] Result<Connection> connect() const;

  private:
    std::shared_ptr<void> database_;
};

// Many rows into one table, fast: values column by column, then end_row. flush() once at the end.
class Appender {
  public:
    [[nodiscard]] static Result<Appender> open(Connection& connection, std::string_view table);
    Appender(Appender&& other) noexcept;
    Appender& operator=(Appender&&) = delete;
    ~Appender();
    Appender& add(const Value& value);
    [[nodiscard]] Status end_row();
    [[nodiscard]] Status flush();

  private:
    explicit Appender(duckdb_appender appender) : appender_(appender) {}
    duckdb_appender appender_;
};

// BEGIN in the constructor's helper, ROLLBACK unless commit() was called.
class Transaction {
  public:
    [[nodiscard]] static Result<Transaction> begin(Connection& connection);
    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    [[nodiscard]] Status commit();

  private:
    explicit Transaction(Connection* connection) : connection_(connection) {}
    Connection* connection_;
};

// 'text' and "name" for the few places where SQL cannot take a parameter (paths in COPY, identifiers).
// The input must come from us (a path we made, a schema name), never from a caller.
std::string quoted_text(std::string_view text);
std::string quoted_name(std::string_view name);

}  // namespace sendhub::duck
