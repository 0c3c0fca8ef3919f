#include "base/duckdb.hpp"

#include <cmath>
#include <limits>

namespace sendhub::duck {
namespace {

struct OwnedDatabase {
    duckdb_database handle = nullptr;
    OwnedDatabase() = default;
    OwnedDatabase(const OwnedDatabase&) = delete;
    OwnedDatabase& operator=(const OwnedDatabase&) = delete;
    ~OwnedDatabase() { duckdb_close(&handle); }
};

ErrorCode code_of(duckdb_error_type type) {
    switch (type) {
        case DUCKDB_ERROR_IO:
        case DUCKDB_ERROR_OUT_OF_MEMORY:
            return ErrorCode::storage;
        default:
            return ErrorCode::bug;
    }
}

duckdb_state bind_one(duckdb_prepared_statement statement, idx_t index, const Value& value) {
    return std::visit(
        [&](const auto& v) -> duckdb_state {
            using T = std::decay_t<decltype(v)>;
            if constexpr (std::is_same_v<T, Null>)
                return duckdb_bind_null(statement, index);
            else if constexpr (std::is_same_v<T, bool>)
                return duckdb_bind_boolean(statement, index, v);
            else if constexpr (std::is_same_v<T, std::int64_t>)
                return duckdb_bind_int64(statement, index, v);
            else if constexpr (std::is_same_v<T, double>)
                return duckdb_bind_double(statement, index, v);
            else if constexpr (std::is_same_v<T, std::string_view>)
                return duckdb_bind_varchar_length(statement, index, v.data() ? v.data() : "", v.size());
            else if constexpr (std::is_same_v<T, Date>)
                return duckdb_bind_date(statement, index, duckdb_date{v.days});
            else
                return duckdb_bind_timestamp_tz(statement, index, duckdb_timestamp{v.micros});
        },
        value);
}

}  // namespace

struct Rows::State {
    duckdb_result result{};
    duckdb_data_chunk chunk = nullptr;
    idx_t row = 0;
    idx_t rows_in_chunk = 0;
    bool started = false;
    struct Column {
        duckdb_type type = DUCKDB_TYPE_INVALID;
        duckdb_type internal = DUCKDB_TYPE_INVALID;
        std::uint8_t scale = 0;
        const char* name = nullptr;
        void* data = nullptr;
        std::uint64_t* validity = nullptr;
    };
    std::vector<Column> columns;

    State() = default;
    State(const State&) = delete;
    State& operator=(const State&) = delete;
    ~State() {
        duckdb_destroy_data_chunk(&chunk);
        duckdb_destroy_result(&result);
    }
    void describe() {
        const idx_t n = duckdb_column_count(&result);
        columns.resize(n);
        for (idx_t i = 0; i < n; ++i) {
            Column& column = columns[i];
            column.name = duckdb_column_name(&result, i);
            duckdb_logical_type logical = duckdb_column_logical_type(&result, i);
            column.type = duckdb_get_type_id(logical);
            if (column.type == DUCKDB_TYPE_DECIMAL) {
                column.internal = duckdb_decimal_internal_type(logical);
                column.scale = duckdb_decimal_scale(logical);
            }
            duckdb_destroy_logical_type(&logical);
        }
    }
    bool fetch() {
        duckdb_destroy_data_chunk(&chunk);
        chunk = duckdb_fetch_chunk(result);
        if (!chunk) return false;
        rows_in_chunk = duckdb_data_chunk_get_size(chunk);
        for (idx_t i = 0; i < columns.size(); ++i) {
            duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, i);
            columns[i].data = duckdb_vector_get_data(vector);
            columns[i].validity = duckdb_vector_get_validity(vector);
        }
        row = 0;
        return rows_in_chunk > 0;
    }
    template <class T>
    T at(std::size_t column) const {
        return static_cast<const T*>(columns[column].data)[row];
    }
};

Rows::Rows(std::unique_ptr<State> state) : state_(std::move(state)) {}
Rows::Rows(Rows&&) noexcept = default;
Rows& Rows::operator=(Rows&&) noexcept = default;
Rows::~Rows() = default;

std::size_t Rows::column_count() const { return state_->columns.size(); }
std::string_view Rows::column_name(std::size_t column) const { return state_->columns[column].name; }
duckdb_type Rows::column_type(std::size_t column) const { return state_->columns[column].type; }

bool Rows::next() {
    if (state_->started && state_->chunk && state_->row + 1 < state_->rows_in_chunk) {
        ++state_->row;
        return true;
    }
    if (state_->started && !state_->chunk) return false;
    state_->started = true;
    return state_->fetch();
}

duckdb_data_chunk Rows::next_chunk() {
    state_->started = true;
    return state_->fetch() ? state_->chunk : nullptr;
}

std::optional<std::string> Rows::failure() const {
    const char* message = duckdb_result_error(&state_->result);
    return message != nullptr && *message != '\0' ? std::optional<std::string>(message) : std::nullopt;
}

bool Rows::is_null(std::size_t column) const {
    auto* validity = state_->columns[column].validity;
    return validity && !duckdb_validity_row_is_valid(validity, state_->row);
}

std::string_view Rows::text(std::size_t column) const {
    if (is_null(column)) return {};
    auto* strings = static_cast<duckdb_string_t*>(state_->columns[column].data);
    return {duckdb_string_t_data(&strings[state_->row]), duckdb_string_t_length(strings[state_->row])};
}

std::int64_t Rows::integer(std::size_t column) const {
    if (is_null(column)) return 0;
    switch (state_->columns[column].type) {
        case DUCKDB_TYPE_BOOLEAN:
            return state_->at<bool>(column) ? 1 : 0;
        case DUCKDB_TYPE_TINYINT:
            return state_->at<std::int8_t>(column);
        case DUCKDB_TYPE_UTINYINT:
            return state_->at<std::uint8_t>(column);
        case DUCKDB_TYPE_SMALLINT:
            return state_->at<std::int16_t>(column);
        case DUCKDB_TYPE_USMALLINT:
            return state_->at<std::uint16_t>(column);
        case DUCKDB_TYPE_INTEGER:
            return state_->at<std::int32_t>(column);
        case DUCKDB_TYPE_UINTEGER:
            return state_->at<std::uint32_t>(column);
        case DUCKDB_TYPE_BIGINT:
            return state_->at<std::int64_t>(column);
        case DUCKDB_TYPE_UBIGINT:
            return static_cast<std::int64_t>(state_->at<std::uint64_t>(column));
        case DUCKDB_TYPE_HUGEINT: {
            // sums of whole numbers; values beyond 64 bits do not occur in our tables
            const auto value = state_->at<duckdb_hugeint>(column);
            return static_cast<std::int64_t>(value.lower);
        }
        case DUCKDB_TYPE_DOUBLE:
            return static_cast<std::int64_t>(std::llround(state_->at<double>(column)));
        case DUCKDB_TYPE_DECIMAL:
            return static_cast<std::int64_t>(std::llround(real(column)));
        default:
            return 0;
    }
}

std::int64_t Rows::decimal_unscaled(std::size_t column) const {
    if (is_null(column)) return 0;
    switch (state_->columns[column].internal) {
        case DUCKDB_TYPE_SMALLINT:
            return state_->at<std::int16_t>(column);
        case DUCKDB_TYPE_INTEGER:
            return state_->at<std::int32_t>(column);
        case DUCKDB_TYPE_BIGINT:
            return state_->at<std::int64_t>(column);
        case DUCKDB_TYPE_HUGEINT:
            return static_cast<std::int64_t>(state_->at<duckdb_hugeint>(column).lower);
        default:
            return 0;
    }
}
std::uint8_t Rows::decimal_scale(std::size_t column) const { return state_->columns[column].scale; }

double Rows::real(std::size_t column) const {
    if (is_null(column)) return 0;
    switch (state_->columns[column].type) {
        case DUCKDB_TYPE_DOUBLE:
            return state_->at<double>(column);
        case DUCKDB_TYPE_FLOAT:
            return static_cast<double>(state_->at<float>(column));
        case DUCKDB_TYPE_DECIMAL:
            return static_cast<double>(decimal_unscaled(column)) /
                   std::pow(10.0, state_->columns[column].scale);
        default:
            return static_cast<double>(integer(column));
    }
}

bool Rows::boolean(std::size_t column) const { return integer(column) != 0; }
Date Rows::date(std::size_t column) const {
    return is_null(column) ? Date{0} : Date{state_->at<duckdb_date>(column).days};
}
Timestamp Rows::timestamp(std::size_t column) const {
    return is_null(column) ? Timestamp{0} : Timestamp{state_->at<duckdb_timestamp>(column).micros};
}
std::int64_t Rows::rows_changed() const {
    return static_cast<std::int64_t>(duckdb_rows_changed(&state_->result));
}

Connection::Connection(std::shared_ptr<void> database, duckdb_connection connection)
    : database_(std::move(database)), connection_(connection) {}
Connection::Connection(Connection&& other) noexcept
    : database_(std::move(other.database_)), connection_(std::exchange(other.connection_, nullptr)) {}
Connection& Connection::operator=(Connection&& other) noexcept {
    if (this != &other) {
        duckdb_disconnect(&connection_);
        database_ = std::move(other.database_);
        connection_ = std::exchange(other.connection_, nullptr);
    }
    return *this;
}
Connection::~Connection() { duckdb_disconnect(&connection_); }

Result<Rows> Connection::query(std::string_view sql, std::span<const Value> parameters) {
    return execute(sql, parameters, false);
}

Result<Rows> Connection::stream(std::string_view sql, std::initializer_list<Value> parameters) {
    return execute(sql, {parameters.begin(), parameters.size()}, true);
}

Result<Rows> Connection::execute(std::string_view sql, std::span<const Value> parameters, bool streaming) {
    duckdb_prepared_statement statement = nullptr;
    const std::string text(sql);
    if (duckdb_prepare(connection_, text.c_str(), &statement) == DuckDBError) {
        const char* message = duckdb_prepare_error(statement);
        auto error = fail(ErrorCode::bug, message ? message : "DuckDB could not prepare a statement");
        duckdb_destroy_prepare(&statement);
        return error;
    }
    struct Guard {
        duckdb_prepared_statement* statement;
        ~Guard() { duckdb_destroy_prepare(statement); }
    } guard{&statement};
    for (std::size_t i = 0; i < parameters.size(); ++i)
        if (bind_one(statement, i + 1, parameters[i]) == DuckDBError) {
            const char* message = duckdb_prepare_error(statement);
            return fail(ErrorCode::bug, message ? message : "DuckDB could not bind a parameter");
        }
    auto state = std::make_unique<Rows::State>();
    if ((streaming ? duckdb_execute_prepared_streaming(statement, &state->result)
                   : duckdb_execute_prepared(statement, &state->result)) == DuckDBError) {
        const char* message = duckdb_result_error(&state->result);
        return fail(code_of(duckdb_result_error_type(&state->result)),
                    message ? message : "DuckDB gave no reason");
    }
    state->describe();
    return Rows(std::move(state));
}

Result<Rows> Connection::query(std::string_view sql, std::initializer_list<Value> parameters) {
    return query(sql, std::span<const Value>(parameters.begin(), parameters.size()));
}

Status Connection::run(std::string_view sql) {
    const std::string text(sql);
    duckdb_result result{};
    const bool failed = duckdb_query(connection_, text.c_str(), &result) == DuckDBError;
    Status status;
    if (failed) {
        const char* message = duckdb_result_error(&result);
        status =
            fail(code_of(duckdb_result_error_type(&result)), message ? message : "DuckDB gave no reason");
    }
    duckdb_destroy_result(&result);
    return status;
}

Status Connection::run(std::string_view sql, std::initializer_list<Value> parameters) {
    auto rows = query(sql, parameters);
    if (!rows) return std::unexpected(std::move(rows).error());
    return {};
}

Result<std::int64_t> Connection::count(std::string_view sql, std::initializer_list<Value> parameters) {
    SENDHUB_ASSIGN(Rows rows, query(sql, parameters));
    if (!rows.next()) return std::int64_t{0};
    return rows.integer(0);
}

void Connection::interrupt() { duckdb_interrupt(connection_); }

Result<Database> Database::open(const std::filesystem::path& path,
                                const std::map<std::string, std::string>& options) {
    duckdb_config config = nullptr;
    if (duckdb_create_config(&config) == DuckDBError)
        return fail(ErrorCode::bug, "DuckDB could not make a configuration");
    struct Guard {
        duckdb_config* config;
        ~Guard() { duckdb_destroy_config(config); }
    } guard{&config};
    auto set = [&](const std::string& name, const std::string& value) -> Status {
        if (duckdb_set_config(config, name.c_str(), value.c_str()) == DuckDBError)
            return fail(ErrorCode::bug, "DuckDB does not take the setting " + name + " = " + value);
        return {};
    };
    for (const auto& [name, value] : options) SENDHUB_TRY(set(name, value));
    SENDHUB_TRY(set("autoinstall_known_extensions", "false"));
    SENDHUB_TRY(set("autoload_known_extensions", "false"));
    SENDHUB_TRY(set("allow_community_extensions", "false"));

    auto owned = std::make_shared<OwnedDatabase>();
    char* message = nullptr;
    if (duckdb_open_ext(path.empty() ? nullptr : path.c_str(), &owned->handle, config, &message) ==
        DuckDBError) {
        std::string text = message ? message : "no reason given";
        duckdb_free(message);
        const bool locked = text.find("Could not set lock") != std::string::npos ||
                            text.find("Conflicting lock") != std::string::npos;
        return fail(Error(locked ? ErrorCode::busy : ErrorCode::storage,
                          "could not open the database " + path.string() + ": " + text));
    }
    Database database;
    database.database_ = std::move(owned);
    return database;
}

Result<Connection> Database::connect() const {
    duckdb_connection connection = nullptr;
    auto* owned = static_cast<OwnedDatabase*>(database_.get());
    if (duckdb_connect(owned->handle, &connection) == DuckDBError)
        return fail(ErrorCode::storage, "DuckDB could not open a connection");
    return Connection(database_, connection);
}

Result<Appender> Appender::open(Connection& connection, std::string_view table) {
    duckdb_appender appender = nullptr;
    const std::string name(table);
    if (duckdb_appender_create(connection.raw(), nullptr, name.c_str(), &appender) == DuckDBError) {
        const char* message = duckdb_appender_error(appender);
        auto error = fail(ErrorCode::bug,
                          "could not append to " + name + ": " + (message ? message : "no reason given"));
        duckdb_appender_destroy(&appender);
        return error;
    }
    return Appender(appender);
}
Appender::Appender(Appender&& other) noexcept : appender_(std::exchange(other.appender_, nullptr)) {}
Appender::~Appender() {
    if (appender_) duckdb_appender_destroy(&appender_);
}
Appender& Appender::add(const Value& value) {
    std::visit(
        [&](const auto& v) {
            using T = std::decay_t<decltype(v)>;
            if constexpr (std::is_same_v<T, Null>)
                duckdb_append_null(appender_);
            else if constexpr (std::is_same_v<T, bool>)
                duckdb_append_bool(appender_, v);
            else if constexpr (std::is_same_v<T, std::int64_t>)
                duckdb_append_int64(appender_, v);
            else if constexpr (std::is_same_v<T, double>)
                duckdb_append_double(appender_, v);
            else if constexpr (std::is_same_v<T, std::string_view>)
                duckdb_append_varchar_length(appender_, v.data() ? v.data() : "", v.size());
            else if constexpr (std::is_same_v<T, Date>)
                duckdb_append_date(appender_, duckdb_date{v.days});
            else
                duckdb_append_timestamp(appender_, duckdb_timestamp{v.micros});
        },
        value);
    return *this;  // a wrong value shows in end_row
}
Status Appender::end_row() {
    if (duckdb_appender_end_row(appender_) == DuckDBError) {
        const char* message = duckdb_appender_error(appender_);
        return fail(ErrorCode::bug, message ? message : "DuckDB did not take a row");
    }
    return {};
}
Status Appender::flush() {
    if (duckdb_appender_flush(appender_) == DuckDBError) {
        const char* message = duckdb_appender_error(appender_);
        return fail(ErrorCode::bug, message ? message : "DuckDB did not take the rows");
    }
    return {};
}

Result<Transaction> Transaction::begin(Connection& connection) {
    SENDHUB_TRY(connection.run("begin transaction"));
    return Transaction(&connection);
}
Transaction::Transaction(Transaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)) {}
Transaction::~Transaction() {
    if (connection_)
        (void)connection_->run("rollback");  // nothing to tell: what was begun is undone either way
}
Status Transaction::commit() { return std::exchange(connection_, nullptr)->run("commit"); }

namespace {
std::string quoted(std::string_view text, char quote) {
    std::string out(1, quote);
    for (const char c : text) {
        if (c == quote) out += quote;
        out += c;
    }
    return out + quote;
}
}  // namespace

std::string quoted_text(std::string_view text) { return quoted(text, '\''); }
std::string quoted_name(std::string_view name) { return quoted(name, '"'); }

}  // namespace sendhub::duck
