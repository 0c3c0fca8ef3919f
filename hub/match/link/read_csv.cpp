#include <simdjson.h>

#include <algorithm>
#include <map>

#include "hub/match/engine/parallel.hpp"
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
    return text == "\\N" || text == "NaN";
}

bool looks_like_a_value(std::string_view text) {
    if (text.find('@') != std::string_view::npos) return true;
    if (std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; }))
        return true;
    return text::parse_date(text, text::DateOrder::iso_first_uk).quality == text::ParsedDate::full;
}

std::string rows_text(std::uint64_t n) { return std::to_string(n) + (n == 1 ? " row" : " rows"); }

struct Ragged {
    std::uint64_t rows = 0, first_line = 0;
    void count(std::uint64_t line) {
        if (rows++ == 0) first_line = line;
    }
    void add(const Ragged& later, std::uint64_t lines_before) {
        if (rows == 0 && later.rows > 0) first_line = lines_before + later.first_line;
        rows += later.rows;
    }
};

// The rows that begin in one stretch of the text.
struct Stretch {
    std::vector<TextColumn> columns;
    std::size_t rows = 0;
    Ragged few, many;
    std::uint64_t empty = 0, null_marks = 0, open_quotes = 0, lines = 0;
    const char* end = nullptr;  // of the last row: where the next one begins
};

class Reader {
  public:
    Reader(std::string_view text, std::string name, unsigned threads, std::size_t stretch)
        : text_(text), threads_(std::max(1u, threads)), stretch_(stretch) {
        out_.name = std::move(name);
    }

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
        all_.lines = rows.lines_ended();
        all_.open_quotes = rows.open_quotes();
        read_from(rows.place());
        out_.rows = all_.rows;
        out_.columns = std::move(all_.columns);
        tell();
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
        return {};
    }

    // Threads read from where rows seem to begin. Where one does not, as a quoted value goes on there, the
    // stretch before it ends elsewhere: then the next is read again from that place.
    void read_from(const char* begin) {
        const std::vector<const char*> starts = split(begin);
        std::vector<Stretch> parts(starts.size() - 1);
        parallel_tasks(threads_, parts.size(),
                       [&](std::size_t k) { parts[k] = read(starts[k], starts[k + 1], begin); });
        for (std::size_t k = 1; k < parts.size(); ++k)
            if (parts[k - 1].end != starts[k]) parts[k] = read(parts[k - 1].end, starts[k + 1], begin);
        for (const Stretch& part : parts) {
            all_.few.add(part.few, all_.lines);
            all_.many.add(part.many, all_.lines);
            all_.rows += part.rows;
            all_.empty += part.empty;
            all_.null_marks += part.null_marks;
            all_.open_quotes += part.open_quotes;
            all_.lines += part.lines;
        }
        all_.columns = std::move(parts[0].columns);
        parallel_tasks(threads_, all_.columns.size(), [&](std::size_t c) {
            for (std::size_t k = 1; k < parts.size(); ++k) {
                all_.columns[c].append(parts[k].columns[c]);
                parts[k].columns[c] = TextColumn();
            }
        });
    }
    // The first and the last: the begin and the end of what there is to read.
    [[nodiscard]] std::vector<const char*> split(const char* begin) const {
        const char* const end = text_.data() + text_.size();
        const auto size = static_cast<std::size_t>(end - begin);
        const std::size_t parts = std::clamp<std::size_t>(size / stretch_, 1, threads_);
        std::vector<const char*> starts{begin};
        for (std::size_t k = 1; k < parts; ++k) {
            const std::string_view rest = text_.substr(text_.size() - size + size * k / parts);
            const std::size_t line_end = rest.find('\n');
            if (line_end == std::string_view::npos) break;
            if (const char* start = rest.data() + line_end + 1; start > starts.back() && start < end)
                starts.push_back(start);
        }
        starts.push_back(end);
        return starts;
    }

    [[nodiscard]] Stretch read(const char* from, const char* stop, const char* all_begin) const {
        Stretch out;
        out.columns.resize(out_.names.size());
        // a guess, of all rows for the first stretch, which takes up the others; it grows if it was wrong
        const auto bytes = static_cast<std::size_t>(
            (from == all_begin ? text_.data() + text_.size() : std::max(from, stop)) - from);
        for (TextColumn& column : out.columns)
            column.reserve(bytes / (out_.names.size() * 8 + 1), bytes / (out_.names.size() + 1));
        CsvRows rows(text_, delimiter_);
        rows.go_to(from);
        while (rows.next(stop)) row(rows, out);
        out.end = rows.place();
        out.open_quotes = rows.open_quotes();
        out.lines = rows.lines_ended();
        return out;
    }
    static void row(const CsvRows& rows, Stretch& out) {
        const auto& cells = rows.cells();
        const std::size_t columns = out.columns.size();
        const bool empty = std::all_of(cells.begin(), cells.end(),
                                       [](std::string_view cell) { return trimmed(cell).empty(); });
        if (empty) {
            ++out.empty;
            return;
        }
        ++out.rows;
        for (std::size_t i = 0; i < columns; ++i) {
            const std::string_view value = i < cells.size() ? trimmed(cells[i]) : std::string_view();
            if (is_null_mark(value)) {
                ++out.null_marks;
                out.columns[i].push({});
            } else {
                out.columns[i].push(value);
            }
        }
        if (cells.size() < columns) out.few.count(rows.line());
        if (cells.size() > columns &&
            std::any_of(cells.begin() + static_cast<std::ptrdiff_t>(columns), cells.end(),
                        [](std::string_view cell) { return !trimmed(cell).empty(); }))
            out.many.count(rows.line());
    }

    void tell() {
        if (all_.open_quotes > 0)
            note(rows_text(all_.open_quotes) +
                 " with a quotation mark that is not closed; it was read as a character of the value");
        const std::string columns = std::to_string(out_.names.size()) + " columns";
        if (all_.few.rows > 0)
            note(rows_text(all_.few.rows) + " with fewer cells than the " + columns + " (the first on line " +
                 std::to_string(all_.few.first_line) + "); the missing cells are empty");
        if (all_.many.rows > 0)
            note(rows_text(all_.many.rows) + " with more cells than the " + columns + " (the first on line " +
                 std::to_string(all_.many.first_line) +
                 "); the further cells were not read, and the others may be shifted");
        if (all_.empty > 0) note(rows_text(all_.empty) + " with nothing in them; they are not records");
        if (all_.null_marks > 0)
            note(std::to_string(all_.null_marks) + " cells hold \\N or NaN; they are empty");
    }
    void note(std::string sentence) { out_.notes.push_back(out_.name + ": " + std::move(sentence)); }

    std::string_view text_;
    unsigned threads_;
    std::size_t stretch_;
    char delimiter_ = ',';
    RawTable out_;
    Stretch all_;
};

}  // namespace

Result<RawTable> read_csv(std::string_view bytes, std::string name, unsigned threads, std::size_t stretch) {
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
    auto table = Reader(bytes, std::move(name), threads, stretch).run();
    if (table && !note.empty()) table->notes.insert(table->notes.begin(), std::move(note));
    return table;
}

}  // namespace sendhub::match::link
