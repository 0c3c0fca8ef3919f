#include "hub/serve/odata/rows_json.hpp"

#include <charconv>
#include <cstring>

#include "hub/serve/odata/lexer.hpp"

namespace sendhub::serve::odata {
namespace {

constexpr std::size_t kLongestFixed = 48;  // a timestamp, a 38 digit decimal with sign, point and quotes

char* put(char* out, std::string_view text) {
    std::memcpy(out, text.data(), text.size());
    return out + text.size();
}

char* two_digits(char* out, unsigned value) {
    out[0] = static_cast<char>('0' + value / 10);
    out[1] = static_cast<char>('0' + value % 10);
    return out + 2;
}

// Civil date of a day count (Howard Hinnant's algorithm, days_from_civil turned round).
char* put_date(char* out, std::int32_t days) {
    const std::int64_t z = std::int64_t{days} + 719468;
    const std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    const auto doe = static_cast<unsigned>(z - era * 146097);
    const unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    const unsigned mp = (5 * doy + 2) / 153;
    const unsigned day = doy - (153 * mp + 2) / 5 + 1;
    const unsigned month = mp < 10 ? mp + 3 : mp - 9;
    const std::int64_t year = std::int64_t{yoe} + era * 400 + (month <= 2 ? 1 : 0);
    const auto y = static_cast<unsigned>(year < 0 ? 0 : year > 9999 ? 9999 : year);
    out = two_digits(out, y / 100);
    out = two_digits(out, y % 100);
    *out++ = '-';
    out = two_digits(out, month);
    *out++ = '-';
    return two_digits(out, day);
}

char* put_timestamp(char* out, std::int64_t micros) {
    constexpr std::int64_t kDay = 86'400'000'000;
    std::int64_t days = micros / kDay;
    std::int64_t rest = micros % kDay;
    if (rest < 0) {
        rest += kDay;
        --days;
    }
    out = put_date(out, static_cast<std::int32_t>(days));
    const auto millis = static_cast<unsigned>(rest / 1000);
    *out++ = 'T';
    out = two_digits(out, millis / 3'600'000);
    *out++ = ':';
    out = two_digits(out, millis / 60'000 % 60);
    *out++ = ':';
    out = two_digits(out, millis / 1000 % 60);
    *out++ = '.';
    *out++ = static_cast<char>('0' + millis / 100 % 10);
    out = two_digits(out, millis % 100);
    *out++ = 'Z';
    return out;
}

__extension__ using Wide = __int128;

char* put_decimal(char* out, Wide value, unsigned scale) {
    char digits[48];
    char* at = digits + sizeof digits;
    const bool negative = value < 0;
    // The smallest value has no positive twin: digits are taken with their sign.
    unsigned written = 0;
    do {
        const int digit = static_cast<int>(value % 10);
        *--at = static_cast<char>('0' + (digit < 0 ? -digit : digit));
        value /= 10;
        if (++written == scale) *--at = '.';
    } while (value != 0 || written <= scale);
    if (negative) *--at = '-';
    return put(out, {at, static_cast<std::size_t>(digits + sizeof digits - at)});
}

Wide decimal_at(const Field& field, const void* data, std::size_t row) {
    if (field.precision <= 4) return static_cast<const std::int16_t*>(data)[row];
    if (field.precision <= 9) return static_cast<const std::int32_t*>(data)[row];
    if (field.precision <= 18) return static_cast<const std::int64_t*>(data)[row];
    const auto wide = static_cast<const duckdb_hugeint*>(data)[row];
    return static_cast<Wide>(wide.upper) * (static_cast<Wide>(1) << 64) + static_cast<Wide>(wide.lower);
}

std::string_view text_at(const void* data, std::size_t row) {
    auto* value = const_cast<duckdb_string_t*>(static_cast<const duckdb_string_t*>(data)) +
                  row;  // DuckDB's signature; it only reads
    return {duckdb_string_t_data(value), duckdb_string_t_length(*value)};
}

// True when none of eight bytes needs escaping in JSON: no quote, backslash or control character.
bool eight_are_plain(std::uint64_t bytes) {
    constexpr std::uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
    const std::uint64_t quote = bytes ^ (ones * '"'), slash = bytes ^ (ones * '\\');
    const std::uint64_t found =
        ((bytes - ones * 0x20) & ~bytes) | ((quote - ones) & ~quote) | ((slash - ones) & ~slash);
    return (found & highs) == 0;
}

char* put_string(char* out, std::string_view text) {
    static constexpr char hex[] = "0123456789abcdef";
    *out++ = '"';
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at < end) {
        if (end - at >= 8) {
            std::uint64_t bytes = 0;
            std::memcpy(&bytes, at, 8);
            if (eight_are_plain(bytes)) {
                std::memcpy(out, at, 8);
                out += 8;
                at += 8;
                continue;
            }
        }
        const auto c = static_cast<unsigned char>(*at++);
        if (c >= 0x20 && c != '"' && c != '\\') {
            *out++ = static_cast<char>(c);
        } else if (c == '"' || c == '\\') {
            *out++ = '\\';
            *out++ = static_cast<char>(c);
        } else {
            out = put(out, "\\u00");
            *out++ = hex[c >> 4];
            *out++ = hex[c & 15];
        }
    }
    *out++ = '"';
    return out;
}

std::string_view edm_annotation(FieldType type) {
    switch (type) {
        case FieldType::int64:
            return "#Int64";
        case FieldType::decimal:
            return "#Decimal";
        case FieldType::date:
            return "#Date";
        case FieldType::timestamp:
            return "#DateTimeOffset";
        case FieldType::int32:
            return "#Int32";
        default:
            return {};  // text and truth are what they look like
    }
}

}  // namespace

RowsJson::RowsJson(std::vector<const Field*> fields, JsonStyle style, std::string_view set,
                   std::size_t key_column)
    : style_(style), set_(set), key_column_(key_column) {
    for (const Field* field : fields) {
        Column column;
        column.field = field;
        column.prefix = ",";
        if (const auto annotation = edm_annotation(field->type);
            style.metadata == Metadata::full && !annotation.empty())
            column.prefix.append("\"")
                .append(field->name)
                .append("@odata.type\":\"")
                .append(annotation)
                .append("\",");
        column.prefix.append("\"").append(field->name).append("\":");
        fixed_ += column.prefix.size() + kLongestFixed;
        columns_.push_back(std::move(column));
    }
}

void RowsJson::take(duckdb_data_chunk chunk) {
    keys_ = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, key_column_));
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, i);
        columns_[i].data = duckdb_vector_get_data(vector);
        columns_[i].validity = duckdb_vector_get_validity(vector);
    }
}

bool RowsJson::is_null(const Column& column, std::size_t row) const {
    return column.validity && ((column.validity[row / 64] >> (row % 64)) & 1u) == 0;
}

std::size_t RowsJson::bound(const Column& column, std::size_t row) const {
    if (column.field->type != FieldType::string || is_null(column, row)) return 0;
    return text_at(column.data, row).size() * 6;
}

char* RowsJson::write_value(const Column& column, std::size_t row, char* out) const {
    if (is_null(column, row)) return put(out, "null");
    const bool quoted = style_.ieee754_compatible;
    switch (column.field->type) {
        case FieldType::string:
            return put_string(out, text_at(column.data, row));
        case FieldType::boolean:
            return put(out, static_cast<const bool*>(column.data)[row] ? "true" : "false");
        case FieldType::int64:
            if (quoted) *out++ = '"';
            out = std::to_chars(out, out + 24, static_cast<const std::int64_t*>(column.data)[row]).ptr;
            if (quoted) *out++ = '"';
            return out;
        case FieldType::int32:
            return std::to_chars(out, out + 16, static_cast<const std::int32_t*>(column.data)[row]).ptr;
        case FieldType::decimal:
            if (quoted) *out++ = '"';
            out = put_decimal(out, decimal_at(*column.field, column.data, row), column.field->scale);
            if (quoted) *out++ = '"';
            return out;
        case FieldType::date:
            *out++ = '"';
            out = put_date(out, static_cast<const duckdb_date*>(column.data)[row].days);
            *out++ = '"';
            return out;
        case FieldType::timestamp:
            *out++ = '"';
            out = put_timestamp(out, static_cast<const duckdb_timestamp*>(column.data)[row].micros);
            *out++ = '"';
            return out;
    }
    return out;
}

void RowsJson::append_row(std::size_t row, std::string& out) {
    out += '{';
    if (style_.metadata == Metadata::full) {
        const std::string key = key_in_url(text_at(keys_, row));
        out.append("\"@odata.type\":\"#sendhub.")
            .append(set_)
            .append("\",\"@odata.id\":\"")
            .append(set_)
            .append("('")
            .append(key);
        out.append("')\",");
    }
    std::size_t room = fixed_ + 2;
    for (const Column& column : columns_) room += bound(column, row);
    const std::size_t before = out.size();
    out.resize_and_overwrite(before + room, [&](char* text, std::size_t) {
        char* at = text + before;
        bool first = true;
        for (const Column& column : columns_) {
            const std::string_view prefix =
                first ? std::string_view(column.prefix).substr(1) : std::string_view(column.prefix);
            first = false;
            at = put(at, prefix);
            at = write_value(column, row, at);
        }
        *at++ = '}';
        return static_cast<std::size_t>(at - text);
    });
}

void RowsJson::append_value(std::size_t column, std::size_t row, std::string& out) {
    const std::size_t before = out.size();
    out.resize_and_overwrite(
        before + kLongestFixed + 2 + bound(columns_[column], row), [&](char* text, std::size_t) {
            return static_cast<std::size_t>(write_value(columns_[column], row, text + before) - text);
        });
}

std::string plain_text(const Field& field, duckdb_data_chunk chunk, std::size_t column, std::size_t row) {
    duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, column);
    auto* validity = duckdb_vector_get_validity(vector);
    if (validity && !duckdb_validity_row_is_valid(validity, row)) return {};
    const void* data = duckdb_vector_get_data(vector);
    char text[64];
    char* end = text;
    switch (field.type) {
        case FieldType::string:
            return std::string(text_at(data, row));
        case FieldType::boolean:
            return static_cast<const bool*>(data)[row] ? "true" : "false";
        case FieldType::int64:
            end = std::to_chars(text, text + 32, static_cast<const std::int64_t*>(data)[row]).ptr;
            break;
        case FieldType::int32:
            end = std::to_chars(text, text + 32, static_cast<const std::int32_t*>(data)[row]).ptr;
            break;
        case FieldType::decimal:
            end = put_decimal(text, decimal_at(field, data, row), field.scale);
            break;
        case FieldType::date:
            end = put_date(text, static_cast<const duckdb_date*>(data)[row].days);
            break;
        case FieldType::timestamp:
            end = put_timestamp(text, static_cast<const duckdb_timestamp*>(data)[row].micros);
            break;
    }
    return {text, static_cast<std::size_t>(end - text)};
}

}  // namespace sendhub::serve::odata
