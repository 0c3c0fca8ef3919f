#include "hub/publish/csv_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <system_error>

#include "base/time.hpp"

namespace sendhub::publish {
namespace {

constexpr std::size_t flush_at = 1u << 20;

std::unexpected<Error> failed(const char* what, const std::filesystem::path& path) {
    return fail(ErrorCode::storage,
                std::string(what) + " " + path.string() + ": " + std::generic_category().message(errno));
}

void append_text(std::string& out, std::string_view text) {
    if (!text.empty() && text.find_first_of(",\"\r\n") == std::string_view::npos) {
        out += text;
        return;
    }
    out += '"';  // also the empty text, which is not null
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

void append_integer(std::string& out, std::int64_t value) {
    char text[24];
    out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

void append_decimal(std::string& out, std::int64_t unscaled, int scale) {
    char text[24];
    const auto magnitude =
        unscaled < 0 ? 0 - static_cast<std::uint64_t>(unscaled) : static_cast<std::uint64_t>(unscaled);
    const std::string_view digits(
        text, static_cast<std::size_t>(std::to_chars(text, text + sizeof text, magnitude).ptr - text));
    const auto places = static_cast<std::size_t>(scale);
    if (unscaled < 0) out += '-';
    if (digits.size() > places)
        out += digits.substr(0, digits.size() - places);
    else
        out += '0';
    if (places == 0) return;
    out += '.';
    if (digits.size() < places) out.append(places - digits.size(), '0');
    out += digits.substr(digits.size() > places ? digits.size() - places : 0);
}

void append_date(std::string& out, Days days) {
    const std::chrono::year_month_day ymd{std::chrono::sys_days(std::chrono::days(days))};
    const int year = static_cast<int>(ymd.year());
    if (year < 1000 || year > 9999) {  // four digits below are the common case
        out += format_date(days);
        return;
    }
    const unsigned month = static_cast<unsigned>(ymd.month()), day = static_cast<unsigned>(ymd.day());
    const char text[] = {static_cast<char>('0' + year / 1000),
                         static_cast<char>('0' + year / 100 % 10),
                         static_cast<char>('0' + year / 10 % 10),
                         static_cast<char>('0' + year % 10),
                         '-',
                         static_cast<char>('0' + month / 10),
                         static_cast<char>('0' + month % 10),
                         '-',
                         static_cast<char>('0' + day / 10),
                         static_cast<char>('0' + day % 10)};
    out.append(text, sizeof text);
}

struct Column {
    duckdb_type type = DUCKDB_TYPE_INVALID;
    duckdb_type internal = DUCKDB_TYPE_INVALID;
    int scale = 0;
    void* data = nullptr;
    std::uint64_t* validity = nullptr;
    Micros last_time = -1;  // as_at and updated_at repeat: their text is kept
    std::string last_text;
};

}  // namespace

CsvFile::CsvFile(int fd, std::filesystem::path path)
    : fd_(fd), path_(std::move(path)), hash_(std::make_unique<Sha256>()) {}
CsvFile::CsvFile(CsvFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      path_(std::move(other.path_)),
      buffer_(std::move(other.buffer_)),
      bytes_(other.bytes_),
      hash_(std::move(other.hash_)) {}
CsvFile::~CsvFile() {
    if (fd_ >= 0) ::close(fd_);
}

Result<CsvFile> CsvFile::create(const std::filesystem::path& path) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (fd < 0) return failed("could not create", path);
    return CsvFile(fd, path);
}

Status CsvFile::flush() {
    hash_->add(buffer_.data(), buffer_.size());
    std::string_view rest = buffer_;
    while (!rest.empty()) {
        const ssize_t n = ::write(fd_, rest.data(), rest.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return failed("could not write", path_);
        rest.remove_prefix(static_cast<std::size_t>(n));
    }
    bytes_ += static_cast<std::int64_t>(buffer_.size());
    buffer_.clear();
    return {};
}

Status CsvFile::header(const std::vector<std::string>& names) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i) buffer_ += ',';
        append_text(buffer_, names[i]);
    }
    buffer_ += "\r\n";
    return {};
}

Status CsvFile::rows(duckdb_data_chunk chunk, std::size_t first) {
    const idx_t count = duckdb_data_chunk_get_size(chunk);
    std::vector<Column> columns(duckdb_data_chunk_get_column_count(chunk));
    for (std::size_t i = first; i < columns.size(); ++i) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, i);
        duckdb_logical_type logical = duckdb_vector_get_column_type(vector);
        columns[i].type = duckdb_get_type_id(logical);
        if (columns[i].type == DUCKDB_TYPE_DECIMAL) {
            columns[i].internal = duckdb_decimal_internal_type(logical);
            columns[i].scale = duckdb_decimal_scale(logical);
        }
        duckdb_destroy_logical_type(&logical);
        columns[i].data = duckdb_vector_get_data(vector);
        columns[i].validity = duckdb_vector_get_validity(vector);
    }
    for (idx_t row = 0; row < count; ++row) {
        for (std::size_t i = first; i < columns.size(); ++i) {
            Column& column = columns[i];
            if (i > first) buffer_ += ',';
            if (column.validity && !duckdb_validity_row_is_valid(column.validity, row)) continue;
            switch (column.type) {
                case DUCKDB_TYPE_VARCHAR: {
                    auto* text = static_cast<duckdb_string_t*>(column.data) + row;
                    append_text(buffer_, {duckdb_string_t_data(text), duckdb_string_t_length(*text)});
                    break;
                }
                case DUCKDB_TYPE_BOOLEAN:
                    buffer_ += static_cast<const bool*>(column.data)[row] ? "true" : "false";
                    break;
                case DUCKDB_TYPE_INTEGER:
                    append_integer(buffer_, static_cast<const std::int32_t*>(column.data)[row]);
                    break;
                case DUCKDB_TYPE_BIGINT:
                    append_integer(buffer_, static_cast<const std::int64_t*>(column.data)[row]);
                    break;
                case DUCKDB_TYPE_DATE:
                    append_date(buffer_, static_cast<const duckdb_date*>(column.data)[row].days);
                    break;
                case DUCKDB_TYPE_TIMESTAMP_TZ: {
                    const Micros time = static_cast<const duckdb_timestamp*>(column.data)[row].micros;
                    if (column.last_text.empty() || time != column.last_time) {
                        column.last_time = time;
                        column.last_text = format_time(time);
                    }
                    buffer_ += column.last_text;
                    break;
                }
                case DUCKDB_TYPE_DECIMAL: {
                    std::int64_t value = 0;
                    if (column.internal == DUCKDB_TYPE_SMALLINT)
                        value = static_cast<const std::int16_t*>(column.data)[row];
                    else if (column.internal == DUCKDB_TYPE_INTEGER)
                        value = static_cast<const std::int32_t*>(column.data)[row];
                    else if (column.internal == DUCKDB_TYPE_BIGINT)
                        value = static_cast<const std::int64_t*>(column.data)[row];
                    else
                        return fail(ErrorCode::bug,
                                    "a decimal of more than 18 digits reached " + path_.string());
                    append_decimal(buffer_, value, column.scale);
                    break;
                }
                default:
                    return fail(ErrorCode::bug,
                                "a column type that is not published reached " + path_.string());
            }
        }
        buffer_ += "\r\n";
        if (buffer_.size() >= flush_at) SENDHUB_TRY(flush());
    }
    return {};
}

Result<CsvFile::Finished> CsvFile::finish() {
    SENDHUB_TRY(flush());
    if (::fsync(fd_) != 0) return failed("could not sync", path_);
    ::close(std::exchange(fd_, -1));
    return Finished{bytes_, hash_->finish()};
}

}  // namespace sendhub::publish
