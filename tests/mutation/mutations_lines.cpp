// Line ends where none belong, and lines that hold no row.
#include <algorithm>

#include "tests/mutation/mutations.hpp"

namespace sendhub::mutation {
namespace {

const char* names_of(const std::string& line_end) {
    return line_end == "\n" ? "LF" : line_end == "\r" ? "CR" : "CRLF";
}
std::string any_line_end(Rng& rng) {
    const std::string ends[] = {"\n", "\r", "\r\n"};
    return rng.pick(ends);
}

bool break_without_quotes(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, [](const Column&, const Cell& c) { return c.text.size() >= 4; }, at)) return false;
    const Kind kind = d.columns[at.column].kind;
    const std::string text = cell_at(d, at).text;
    if (text.find_first_of("\",;|\t\n") != std::string::npos) return false;
    std::size_t place = 1 + rng.below(static_cast<std::uint32_t>(text.size() - 2));
    while (place < text.size() && (static_cast<unsigned char>(text[place]) & 0xC0) == 0x80) ++place;
    const std::string end = any_line_end(rng);
    Cell& cell = touch(d, at, std::string("an unquoted ") + names_of(end));
    cell.text = text.substr(0, place) + end + text.substr(place);
    cell.verbatim = true;
    const std::string truth = cell.meanings[0].value;
    if (is_text(kind) && kind != Kind::not_read)
        cell.meanings = {{cell.text, false}, {truth, false}};
    else
        cell.meanings = itself_or_nothing(kind, truth);
    return true;
}

// A good file.
bool break_in_quotes(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, [](const Column& column, const Cell&) { return is_text(column.kind); }, at))
        return false;
    Cell& cell = cell_at(d, at);
    if (cell.verbatim) return false;
    const std::uint32_t lines = rng.percent(80) ? 1 + rng.below(3) : 40;
    for (std::uint32_t i = 0; i < lines; ++i)
        cell.text += any_line_end(rng) + (rng.percent(80) ? "line" : "a,b,c,d");
    if (d.columns[at.column].kind != Kind::not_read) cell.meanings = {{cell.text, false}};
    if (cell.text.size() > 90 && d.columns[at.column].kind != Kind::not_read)
        cell.meanings.push_back({anything, true});
    d.story.push_back("row " + std::to_string(at.row + 1) + ", " + d.columns[at.column].header + ": " +
                      std::to_string(lines) + " line ends within quotation marks");
    return true;
}

bool mixed_line_ends(Document& d, Rng& rng) {
    if (d.whole_file_changed) return false;
    d.whole_file_changed = true;
    for (Row& row : d.rows)
        if (rng.percent(40)) row.line_end = d.line_end == "\n" ? "\r\n" : "\n";
    d.story.push_back("LF and CRLF by turns");
    return true;
}

bool carriage_returns_only(Document& d, Rng&) {
    if (d.whole_file_changed) return false;
    if (std::any_of(d.rows.begin(), d.rows.end(), [](const Row& row) { return row.touched; })) return false;
    d.whole_file_changed = true;
    d.line_end = "\r";
    d.story.push_back("CR ends every line");
    return true;
}

// The row and the one behind it stand on what many take for one line.
bool one_row_ends_with_cr(Document& d, Rng& rng) {
    if (d.line_end == "\r") return false;
    for (int tries = 0; tries < 20; ++tries) {
        const std::size_t i = rng.below(static_cast<std::uint32_t>(d.lines.size() - 1));
        const int row = d.lines[i].row, next = d.lines[i + 1].row;
        if (row < 0 || next < 0 || d.rows[static_cast<std::size_t>(row)].touched ||
            d.rows[static_cast<std::size_t>(next)].touched)
            continue;
        touch_row(d, static_cast<std::size_t>(next), "begins behind a CR").shares_line = true;
        touch_row(d, static_cast<std::size_t>(row), "ends with CR alone").line_end = "\r";
        return true;
    }
    return false;
}

void insert_line(Document& d, Rng& rng, const std::string& text, bool last) {
    const auto at = last ? d.lines.size() : rng.below(static_cast<std::uint32_t>(d.lines.size() + 1));
    d.lines.insert(d.lines.begin() + static_cast<std::ptrdiff_t>(at), Line{-1, text, {}});
    d.story.push_back("before line " + std::to_string(at + 1) + " of the rows: " + text);
}

std::string of_delimiters(const Document& d, const std::string& first, std::size_t cells) {
    std::string out = first;
    for (std::size_t i = 1; i < cells; ++i) out += d.delimiter;
    return out;
}

bool blank_line(Document& d, Rng& rng) {
    const std::uint32_t what = rng.below(4);
    insert_line(d, rng,
                what == 0   ? ""
                : what == 1 ? "   "
                : what == 2 ? of_delimiters(d, "", d.columns.size())
                            : of_delimiters(d, "\xC2\xA0", d.columns.size()),
                false);
    return true;
}

bool dashes(Document& d, Rng& rng) {
    std::string line;
    if (rng.percent(50)) {
        line = std::string(20 + rng.below(60), rng.percent(50) ? '-' : '=');
    } else {
        for (std::size_t i = 0; i < d.columns.size(); ++i)
            line += (i ? std::string(1, d.delimiter) : "") + "-----";
    }
    insert_line(d, rng, line, false);
    return true;
}

bool total_line(Document& d, Rng& rng) {
    const std::string words[] = {"Total",  "Grand total",       "Sum",  "Count",
                                 "Total:", "Number of records", "TOTAL"};
    std::string line = rng.pick(words);
    const std::uint32_t what = rng.below(3);
    const std::string number = std::to_string(d.rows.size());
    if (what == 0)
        line += " " + number;
    else if (what == 1)
        line = of_delimiters(d, line, d.columns.size()) + number;
    else
        line += std::string(1, d.delimiter) + number;
    insert_line(d, rng, line, rng.percent(70));
    return true;
}

bool footer(Document& d, Rng& rng) {
    const std::string n = std::to_string(d.rows.size());
    const std::string words[] = {"(" + n + " rows affected)",
                                 "(" + n + " row(s) affected)",
                                 n + " rows selected.",
                                 n + " rows in set (0.02 sec)",
                                 "(" + n + " rows)",
                                 "-- end of report --",
                                 "Page 1 of 3",
                                 "Printed 20/01/2026 at 06:00",
                                 "OFFICIAL - SENSITIVE",
                                 "Completion time: 2026-01-20T06:00:00.0000000+00:00",
                                 "End of file",
                                 "EOF",
                                 "Report run by: reports",
                                 "\\."};
    std::string line = rng.pick(words);
    if (rng.percent(40)) line = of_delimiters(d, line, d.columns.size());
    insert_line(d, rng, line, rng.percent(70));
    return true;
}

bool end_of_file_mark(Document& d, Rng& rng) {
    const std::string marks[] = {"\x1A", "\x1A\x1A\x1A", "\x1A\r\n", "\x04"};
    d.at_end = rng.pick(marks);
    d.story.emplace_back("an end-of-file mark");
    return true;
}

bool repeated_header(Document& d, Rng& rng) {
    std::string line;
    for (std::size_t i = 0; i < d.header.size(); ++i)
        line += (i ? std::string(1, d.delimiter) : "") + d.header[i];
    insert_line(d, rng, line, false);
    return true;
}

bool title_lines(Document& d, Rng& rng) {
    const std::string titles[] = {"Children on the list", "Demo County Council", "Run: 20/01/2026", ""};
    for (std::uint32_t i = 0; i <= rng.below(3); ++i) {
        std::string line = rng.pick(titles);
        if (rng.percent(50)) line = of_delimiters(d, line, d.columns.size());
        d.above_header.push_back(line);
    }
    // Official tables have their header on the first line.
    if (d.feed->plugin == "schools" || d.feed->plugin == "school_census") d.may_be_refused = true;
    d.story.emplace_back("title lines above the header");
    return true;
}

bool short_row(Document& d, Rng& rng) {
    std::size_t row = 0;
    if (!pick_row(d, rng, row)) return false;
    const std::size_t gone =
        1 + rng.below(static_cast<std::uint32_t>(std::min<std::size_t>(4, d.columns.size() - 3)));
    Row& r = touch_row(d, row, std::to_string(gone) + " cells missing at the end");
    r.left_out = gone;
    for (std::size_t i = r.cells.size() - gone; i < r.cells.size(); ++i) {
        if (is_key(d.columns[i].kind)) r.unreadable = true;
        if (!r.cells[i].meanings[0].value.empty()) r.cells[i].meanings = {{"", true}};
    }
    return true;
}

bool cut_file(Document& d, Rng& rng) {
    if (d.whole_file_changed || d.bytes_changed || d.has_line_twice) return false;
    d.whole_file_changed = true;
    d.cut_at = static_cast<double>(rng.below(100000)) / 100000.0;
    d.story.push_back("cut at " + std::to_string(d.cut_at));
    return true;
}

bool duplicated_line(Document& d, Rng& rng) {
    const Line line = d.lines[rng.below(static_cast<std::uint32_t>(d.lines.size()))];
    const auto to = rng.below(static_cast<std::uint32_t>(d.lines.size() + 1));
    if (d.cut_at < 1) return false;
    if (line.row >= 0) {  // which of the two is rejected, if one is, is of no account
        if (d.rows[static_cast<std::size_t>(line.row)].touched) return false;
    }
    d.lines.insert(d.lines.begin() + to, line);
    d.has_line_twice = true;
    d.story.emplace_back("a line twice");
    return true;
}

bool swapped_lines(Document& d, Rng& rng) {
    const auto any = [&] { return rng.below(static_cast<std::uint32_t>(d.lines.size())); };
    std::swap(d.lines[any()], d.lines[any()]);
    d.story.emplace_back("two lines swapped");
    return true;
}

}  // namespace

std::vector<Mutation> line_mutations() {
    return {{"line break without quotation marks", "break", break_without_quotes},
            {"line break within quotation marks", "quoted_break", break_in_quotes},
            {"mixed line ends", "mixed_ends", mixed_line_ends},
            {"mixed line ends", "cr_only", carriage_returns_only},
            {"mixed line ends", "one_cr", one_row_ends_with_cr},
            {"blank line", "blank", blank_line},
            {"line of dashes", "dashes", dashes},
            {"total line", "total", total_line},
            {"footer", "footer", footer},
            {"end-of-file mark", "end_mark", end_of_file_mark},
            {"repeated header", "header_again", repeated_header},
            {"title lines", "titles", title_lines},
            {"short row", "short", short_row},
            {"file cut off", "cut", cut_file},
            {"line twice", "twice", duplicated_line},
            {"lines swapped", "swapped", swapped_lines}};
}

}  // namespace sendhub::mutation
