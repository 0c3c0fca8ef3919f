#include <simdjson.h>

#include <algorithm>
#include <map>

#include "hub/match/link/csv_rows.hpp"
#include "hub/match/link/raw_table.hpp"
#include "hub/match/text/date.hpp"
#include "schemas/rules/utf8.hpp"

namespace sendhub::match::link {
namespace {

void append_code_point(std::string& out, std::uint32_t c) {
    auto byte = [&](std::uint32_t b) { out += static_cast<char>(b); };
    if (c < 0x80) {
        byte(c);
    } else if (c < 0x800) {
        byte(0xC0 | c >> 6), byte(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F));
    } else {
        byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 0x3F)), byte(0x80 | (c >> 6 & 0x3F)),
            byte(0x80 | (c & 0x3F));
    }
}

// Bytes 0x80 to 0x9F of Windows-1252; the five that it leaves open become U+FFFD.
constexpr std::array<std::uint16_t, 32> windows_1252{
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

// Well-formed UTF-8 stays; every other byte is read as Windows-1252.
std::string from_windows_1252(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 16);
    while (!text.empty()) {
        if (const std::size_t n = rules::utf8_sequence_length(text); n > 0) {
            out.append(text.substr(0, n));
            text.remove_prefix(n);
            continue;
        }
        const auto byte = static_cast<unsigned char>(text[0]);
        append_code_point(out, byte < 0xA0 ? windows_1252[byte - 0x80] : byte);
        text.remove_prefix(1);
    }
    return out;
}

std::string from_utf16(std::string_view text, bool big_endian) {
    std::string out;
    out.reserve(text.size());
    auto unit = [&](std::size_t i) -> std::uint32_t {
        const auto x = static_cast<unsigned char>(text[i]), y = static_cast<unsigned char>(text[i + 1]);
        return big_endian ? static_cast<std::uint32_t>(x << 8 | y) : static_cast<std::uint32_t>(y << 8 | x);
    };
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        std::uint32_t c = unit(i);
        if (c >= 0xD800 && c < 0xDC00 && i + 3 < text.size()) {
            const std::uint32_t low = unit(i + 2);
            if (low >= 0xDC00 && low < 0xE000) {
                c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
                i += 2;
            }
        }
        append_code_point(out, c >= 0xD800 && c < 0xE000 ? 0xFFFD : c);
    }
    return out;
}

std::string_view trimmed(std::string_view text) {
    auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}

// The marks that databases and their exporters write for "no value".
bool is_null_mark(std::string_view text) {
    return text == "NULL" || text == "\\N" || text == "NaN" || text == "#N/A";
}

bool looks_like_a_value(std::string_view text) {
    if (text.find('@') != std::string_view::npos) return true;
    if (std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; }))
        return true;
    return text::parse_date(text, text::DateOrder::iso_first_uk).quality == text::ParsedDate::full;
}

std::string rows_text(std::uint64_t n) { return std::to_string(n) + (n == 1 ? " row" : " rows"); }

class Reader {
  public:
    Reader(std::string_view text, std::string name) : text_(text) { out_.name = std::move(name); }

    Result<RawTable> run() {
        if (text_.substr(0, 4) == "sep=" && text_.size() > 5) {  // Excel's own line
            delimiter_ = text_[4];
            text_.remove_prefix(std::min(text_.size(), text_.find('\n') + 1));
        } else {
            delimiter_ = find_delimiter(text_);
        }
        CsvRows rows(text_, delimiter_);
        if (!rows.next()) return fail(ErrorCode::input, out_.name + " is empty");
        SENDHUB_TRY(header(rows.cells()));
        const std::size_t columns = out_.names.size();
        while (rows.next()) row(rows, columns);
        if (rows.open_quotes() > 0)
            note(rows_text(rows.open_quotes()) +
                 " with a quotation mark that is not closed; it was read as a character of the value");
        tell_ragged();
        if (out_.rows == 0) return fail(ErrorCode::input, out_.name + " has a header and no row");
        return std::move(out_);
    }

  private:
    Status header(const std::vector<std::string_view>& cells) {
        std::size_t given = 0, values = 0;
        std::map<std::string, int> seen;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const std::string_view cell = trimmed(cells[i]);
            given += !cell.empty();
            values += !cell.empty() && looks_like_a_value(cell);
            std::string name = cell.empty() ? "column " + std::to_string(i + 1) : std::string(cell);
            const int times = ++seen[name];
            if (times > 1) {
                name += " (" + std::to_string(times) + ")";
                note("two columns are named " + std::string(cell) + "; the further one is called " + name);
            }
            out_.names.push_back(std::move(name));
        }
        if (values * 2 >= given)
            return fail(ErrorCode::input,
                        "the first row of " + out_.name +
                            " does not look like the names of "
                            "columns (" +
                            std::to_string(values) + " of " + std::to_string(given) +
                            " cells are numbers, dates or e-mail addresses); put a row of names "
                            "above it");
        out_.columns.resize(out_.names.size());
        for (TextColumn& column : out_.columns)  // a guess; the vectors grow if it was wrong
            column.reserve(text_.size() / (out_.names.size() * 8 + 1),
                           text_.size() / (out_.names.size() + 1));
        return {};
    }

    void row(const CsvRows& rows, std::size_t columns) {
        const auto& cells = rows.cells();
        const bool empty = std::all_of(cells.begin(), cells.end(),
                                       [](std::string_view cell) { return trimmed(cell).empty(); });
        if (empty) {
            ++empty_;
            return;
        }
        ++out_.rows;
        for (std::size_t i = 0; i < columns; ++i) {
            const std::string_view value = i < cells.size() ? trimmed(cells[i]) : std::string_view();
            if (is_null_mark(value)) {
                ++null_marks_;
                out_.columns[i].push({});
            } else {
                out_.columns[i].push(value);
            }
        }
        if (cells.size() < columns) count(few_, rows.line());
        if (cells.size() > columns &&
            std::any_of(cells.begin() + static_cast<std::ptrdiff_t>(columns), cells.end(),
                        [](std::string_view cell) { return !trimmed(cell).empty(); }))
            count(many_, rows.line());
    }

    struct Ragged {
        std::uint64_t rows = 0, first_line = 0;
    };
    static void count(Ragged& ragged, std::uint64_t line) {
        if (ragged.rows++ == 0) ragged.first_line = line;
    }
    void tell_ragged() {
        const std::string columns = std::to_string(out_.names.size()) + " columns";
        if (few_.rows > 0)
            note(rows_text(few_.rows) + " with fewer cells than the " + columns + " (the first on line " +
                 std::to_string(few_.first_line) + "); the missing cells are empty");
        if (many_.rows > 0)
            note(rows_text(many_.rows) + " with more cells than the " + columns + " (the first on line " +
                 std::to_string(many_.first_line) +
                 "); the further cells were not read, and the others may be shifted");
        if (empty_ > 0) note(rows_text(empty_) + " with nothing in them; they are not records");
        if (null_marks_ > 0)
            note(std::to_string(null_marks_) + " cells hold NULL, \\N, NaN or #N/A; they are empty");
    }
    void note(std::string sentence) { out_.notes.push_back(out_.name + ": " + std::move(sentence)); }

    std::string_view text_;
    char delimiter_ = ',';
    RawTable out_;
    Ragged few_, many_;
    std::uint64_t empty_ = 0, null_marks_ = 0;
};

}  // namespace

Result<RawTable> read_csv(std::string_view bytes, std::string name) {
    std::string decoded;
    std::string note;
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
        decoded = from_utf16(bytes.substr(2), bytes.starts_with("\xFE\xFF"));
        bytes = decoded;
    } else if (!simdjson::validate_utf8(bytes.data(), bytes.size())) {
        decoded = from_windows_1252(bytes);
        bytes = decoded;
        note = name + ": not all of it is UTF-8; the other bytes were read as Windows-1252";
    }
    auto table = Reader(bytes, std::move(name)).run();
    if (table && !note.empty()) table->notes.insert(table->notes.begin(), std::move(note));
    return table;
}

}  // namespace sendhub::match::link
