#include <simdjson.h>

#include <algorithm>
#include <map>

#include "identity/engine/parallel.hpp"
#include "identity/link/raw_table.hpp"
#include "identity/text/date.hpp"
#include "plugins/sdk/tabular/csv.hpp"

namespace sendhub::identity::link {
namespace {

std::string_view trimmed(std::string_view text) {
    auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}

// The marks that databases and their exporters write for "no value".
bool is_null_mark(std::string_view text) { return text == "\\N" || text == "NaN"; }

bool looks_like_a_value(std::string_view text) {
    if (text.find('@') != std::string_view::npos) return true;
    if (std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; }))
        return true;
    return text::parse_date(text, text::DateOrder::iso_first_uk).quality == text::ParsedDate::full;
}

std::string rows_text(std::uint64_t n) { return std::to_string(n) + (n == 1 ? " row" : " rows"); }

// Rows that are not read, or are read with a doubt: how many, and the line of the first.
struct Count {
    std::uint64_t rows = 0, first_line = 0;
    void count(std::uint64_t line) {
        if (rows++ == 0) first_line = line;
    }
    void add(const Count& later, std::uint64_t lines_before) {
        if (rows == 0 && later.rows > 0) first_line = lines_before + later.first_line;
        rows += later.rows;
    }
    [[nodiscard]] std::string text() const {
        return rows_text(rows) + (rows == 1 ? " (line " : " (the first on line ") +
               std::to_string(first_line) + ")";
    }
};

// The rows that begin in one stretch of the text.
struct Stretch {
    std::vector<TextColumn> columns;
    std::size_t rows = 0;
    Count few;
    std::map<tabular::RowProblem, Count> damaged;
    std::map<tabular::RowKind, Count> skipped;
    std::uint64_t empty = 0, null_marks = 0, lines = 0, line_ends = 0;
    const char* end = nullptr;  // of the last row: where the next one begins
    tabular::TableScan::Context context;
};

constexpr std::size_t looked_at = std::size_t{4} << 20;  // on which the layout is decided

class Reader {
  public:
    Reader(std::string_view text, std::string name, const CsvReading& how)
        : text_(text), how_(how), threads_(std::max(1u, how.threads)) {
        out_.name = std::move(name);
    }

    Result<RawTable> run() {
        const std::string_view head = text_.substr(0, looked_at);
        tabular::Layout layout =
            tabular::find_layout(head, head.size() == text_.size(),
                                 {.delimiter = how_.delimiter, .header_line = how_.header_row}, nullptr);
        if (how_.header_row > 0 && !layout.found)
            return fail(ErrorCode::input, out_.name + " has no row that begins on line " +
                                              std::to_string(how_.header_row) +
                                              ", which header_row names; correct header_row");
        tabular::CsvScan first(layout.dialect);
        const char* at = text_.data() + layout.header;
        const char* const end = text_.data() + text_.size();
        const char line_end = layout.dialect.line_end;
        all_.lines = layout.header_line - 1;
        while (at < end && (*at == line_end || (*at == '\r' && (at + 1 == end || at[1] == line_end)))) {
            at += *at == line_end ? 1 : std::min<std::ptrdiff_t>(2, end - at);
            ++all_.lines;
        }
        if (at == end) return fail(ErrorCode::input, out_.name + " is empty");
        first.scan(at, end, true);
        if (first.problem() != tabular::RowProblem::none)
            return fail(ErrorCode::input, "the header of " + out_.name + " (line " +
                                              std::to_string(all_.lines + 1) +
                                              ") cannot be read: " + tabular::reason_of(first.problem(), {}));
        const std::uint64_t header_line = all_.lines + 1;
        std::vector<std::string> names;
        for (const std::string_view cell : first.cells()) names.emplace_back(trimmed(cell));
        at = first.behind();
        const auto rest = static_cast<std::size_t>(end - at);
        const std::size_t seen = std::min(rest, looked_at);
        dialect_ = layout.dialect;
        shape_ = tabular::shape_of({at, seen}, seen == rest, names, false, dialect_);
        names_ = names;
        names.resize(shape_.columns);
        SENDHUB_TRY(header(names));
        if (const std::string why = tabular::misfit(shape_, header_line); !why.empty())
            return fail(ErrorCode::input, out_.name + ": " + why);
        all_.lines += first.lines();
        all_.line_ends = count_line_ends(text_.data(), at);
        read_from(at);
        if (all_.lines != all_.line_ends)
            return fail(ErrorCode::bug,
                        "the rows read from " + out_.name +
                            " are not all that it holds; this is a fault of sendhub, report it with the "
                            "layout of the file");
        out_.rows = all_.rows;
        out_.columns = std::move(all_.columns);
        tell();
        if (out_.rows == 0)
            return fail(ErrorCode::input, out_.name + " has a header and no row" + why_none());
        return std::move(out_);
    }

  private:
    Status header(const std::vector<std::string>& cells) {
        std::size_t given = 0, values = 0;
        std::map<std::string, int> seen;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const std::string_view cell = cells[i];
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
    // stretch before it ends elsewhere: then the next is read again from that place. So it is where what
    // stands before bears on the row (TableScan::Context).
    void read_from(const char* begin) {
        const std::vector<const char*> starts = split(begin);
        std::vector<Stretch> parts(starts.size() - 1);
        parallel_tasks(threads_, parts.size(),
                       [&](std::size_t k) { parts[k] = read(starts[k], starts[k + 1], begin, {}); });
        for (std::size_t k = 1; k < parts.size(); ++k) {
            const auto& before = parts[k - 1].context;
            if (parts[k - 1].end != starts[k] || before.fragment > 0 || before.footer || shape_.blocks)
                parts[k] = read(parts[k - 1].end, starts[k + 1], begin, before);
        }
        for (const Stretch& part : parts) {
            all_.few.add(part.few, all_.lines);
            for (const auto& [problem, count] : part.damaged) all_.damaged[problem].add(count, all_.lines);
            for (const auto& [kind, count] : part.skipped) all_.skipped[kind].add(count, all_.lines);
            all_.rows += part.rows;
            all_.empty += part.empty;
            all_.null_marks += part.null_marks;
            all_.lines += part.lines;
            all_.line_ends += part.line_ends;
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
        const std::size_t parts = std::clamp<std::size_t>(size / how_.stretch, 1, threads_);
        std::vector<const char*> starts{begin};
        for (std::size_t k = 1; k < parts; ++k) {
            const std::string_view rest = text_.substr(text_.size() - size + size * k / parts);
            const std::size_t line_end = rest.find(dialect_.line_end);
            if (line_end == std::string_view::npos) break;
            if (const char* start = rest.data() + line_end + 1; start > starts.back() && start < end)
                starts.push_back(start);
        }
        starts.push_back(end);
        return starts;
    }

    [[nodiscard]] Stretch read(const char* from, const char* stop, const char* all_begin,
                               const tabular::TableScan::Context& context) const {
        Stretch out;
        out.columns.resize(out_.names.size());
        // a guess, of all rows for the first stretch, which takes up the others; it grows if it was wrong
        const char* const end = text_.data() + text_.size();
        const auto bytes = static_cast<std::size_t>((from == all_begin ? end : std::max(from, stop)) - from);
        for (TextColumn& column : out.columns)
            column.reserve(bytes / (out_.names.size() * 8 + 1), bytes / (out_.names.size() + 1));
        tabular::TableScan rows(dialect_);
        rows.table(names_, shape_);
        rows.resume(context);
        const char* at = from;
        while (at < stop) {
            if (*at == dialect_.line_end || (*at == '\r' && at + 1 < end && at[1] == dialect_.line_end)) {
                at += *at == dialect_.line_end ? 1 : 2;
                ++out.lines;
                rows.empty_line();
                continue;
            }
            rows.scan(at, end, true);
            row(rows, out);
            out.lines += rows.lines();
            at = rows.behind();
        }
        out.end = at;
        out.context = rows.context();
        out.line_ends = count_line_ends(from, at);
        return out;
    }
    static void row(const tabular::TableScan& rows, Stretch& out) {
        const std::uint64_t line = out.lines + 1;
        if (rows.problem() != tabular::RowProblem::none) return out.damaged[rows.problem()].count(line);
        if (rows.kind() == tabular::RowKind::blank) {
            ++out.empty;
            return;
        }
        if (rows.kind() != tabular::RowKind::data) return out.skipped[rows.kind()].count(line);
        const auto& cells = rows.cells();
        const std::size_t columns = out.columns.size();
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
        if (cells.size() < columns) out.few.count(line);
    }
    // Of lines that end between, and the last one of the text, which may have no end.
    [[nodiscard]] std::uint64_t count_line_ends(const char* from, const char* to) const {
        const bool open = to == text_.data() + text_.size() && to > from && to[-1] != dialect_.line_end;
        return static_cast<std::uint64_t>(std::count(from, to, dialect_.line_end)) + (open ? 1 : 0);
    }

    [[nodiscard]] std::string why_none() const {
        std::string out;
        for (const auto& [problem, count] : all_.damaged)
            out += "; " + count.text() + " left out: " + tabular::reason_of(problem, shape_);
        return out;
    }
    void tell() {
        for (const auto& [problem, count] : all_.damaged)
            note(count.text() + (count.rows == 1 ? " was left out: " : " were left out: ") +
                 tabular::reason_of(problem, shape_));
        for (const auto& [kind, count] : all_.skipped)
            note(count.text() + (count.rows == 1 ? " is a " : " are each a ") +
                 std::string(tabular::words_for(kind)) +
                 (count.rows == 1 ? "; it is not a record" : "; they are not records"));
        if (all_.few.rows > 0)
            note(rows_text(all_.few.rows) + " with fewer cells than the " +
                 std::to_string(out_.names.size()) + " columns (the first on line " +
                 std::to_string(all_.few.first_line) + "); the missing cells are empty");
        if (all_.empty > 0) note(rows_text(all_.empty) + " with nothing in them; they are not records");
        if (all_.null_marks > 0)
            note(std::to_string(all_.null_marks) + " cells hold \\N or NaN; they are empty");
    }
    void note(std::string sentence) { out_.notes.push_back(out_.name + ": " + std::move(sentence)); }

    std::string_view text_;
    CsvReading how_;
    unsigned threads_;
    tabular::Dialect dialect_;
    tabular::TableShape shape_;
    std::vector<std::string> names_;  // as the header has them
    RawTable out_;
    Stretch all_;
};

}  // namespace

Result<RawTable> read_csv(std::string_view bytes, std::string name, const CsvReading& how) {
    std::string decoded;
    std::vector<std::string> notes;
    const tabular::EncodingStart start = tabular::find_encoding(bytes, tabular::Encoding::detect);
    bytes.remove_prefix(start.marks);
    if (!start.odd.empty()) notes.push_back(start.odd);
    const bool utf16 =
        start.encoding == tabular::Encoding::utf16le || start.encoding == tabular::Encoding::utf16be;
    if (utf16 || !simdjson::validate_utf8(bytes.data(), bytes.size()) ||
        bytes.find('\0') != std::string_view::npos) {
        tabular::Decoder decoder(start.encoding, bytes.find('\n') == std::string_view::npos ? '\r' : '\n');
        decoded.reserve(bytes.size() + bytes.size() / 16);
        if (utf16)
            decoder.units(bytes, decoded);
        else
            decoder.lines(bytes, decoded);
        bytes = decoded;
        if (std::string mixture = decoder.mixture(); !mixture.empty())
            notes.push_back(std::move(mixture));
        else if (decoder.other_lines().count > 0)
            notes.emplace_back("it is not UTF-8; it was read as Windows-1252");
        for (std::string& sentence : decoder.damage()) notes.push_back(std::move(sentence));
    }
    while (bytes.ends_with('\x1A')) bytes.remove_suffix(1);  // the end-of-file mark of old tools
    auto table = Reader(bytes, std::move(name), how).run();
    if (table)
        for (std::string& note : notes) note = table->name + ": " + note;
    if (table)
        table->notes.insert(table->notes.begin(), std::make_move_iterator(notes.begin()),
                            std::make_move_iterator(notes.end()));
    return table;
}

}  // namespace sendhub::identity::link
