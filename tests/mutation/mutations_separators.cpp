// Separators too many, too few, or other ones.
#include <algorithm>

#include "tests/mutation/mutations.hpp"

namespace sendhub::mutation {
namespace {

bool text_cell(const Column& column, const Cell& cell) { return is_text(column.kind) && !cell.text.empty(); }

// Synthetic Academy, The
bool separator_in_a_cell(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, text_cell, at)) return false;
    const Kind kind = d.columns[at.column].kind;
    if (cell_at(d, at).text.find_first_of("\",;|\t") != std::string::npos) return false;
    Cell& cell = touch(d, at, "a separator within the cell");
    cell.text += std::string(1, d.delimiter) + (rng.percent(50) ? " The" : "");
    cell.verbatim = true;
    if (kind != Kind::not_read) {
        const std::string truth = cell.meanings[0].value;
        cell.meanings = {{cell.text, false}, {truth, true}};
    }
    return true;
}

bool extra_separator_between(Document& d, Rng& rng) {
    At at{};
    if (!pick_cell(d, rng, [](const Column&, const Cell& c) { return !c.text.empty(); }, at)) return false;
    Cell& cell = touch(d, at, "a separator too many before the cell");
    std::string written(1, d.delimiter);
    if (cell.quoted || cell.text.find_first_of("\",;|\t\n") != std::string::npos) return true;
    cell.text = written + cell.text;
    cell.verbatim = true;
    return true;
}

bool missing_separator(Document& d, Rng& rng) {
    std::size_t row = 0;
    if (!pick_row(d, rng, row)) return false;
    const std::size_t column = rng.below(static_cast<std::uint32_t>(d.columns.size() - 1));
    Row& r = d.rows[row];
    const bool nothing_behind =
        std::all_of(r.cells.begin() + static_cast<std::ptrdiff_t>(column) + 1, r.cells.end(),
                    [](const Cell& cell) { return cell.text.empty(); });
    touch_row(d, row, "no separator behind " + d.columns[column].header);
    r.joined_after = static_cast<int>(column);
    r.unreadable = !nothing_behind;
    return true;
}

bool separators_at_row_end(Document& d, Rng& rng) {
    std::size_t row = 0;
    if (!pick_row(d, rng, row)) return false;
    touch_row(d, row, "separators behind the last cell").behind = std::string(1 + rng.below(3), d.delimiter);
    return true;
}

bool separator_before_row(Document& d, Rng& rng) {
    std::size_t row = 0;
    if (!pick_row(d, rng, row)) return false;
    touch_row(d, row, "a separator before the first cell").before = d.delimiter;
    return true;
}

// A good file, if all its rows end so.
bool separator_at_every_row_end(Document& d, Rng& rng) {
    if (std::any_of(d.rows.begin(), d.rows.end(), [](const Row& row) { return row.touched; })) return false;
    const std::string behind(1 + rng.below(2), d.delimiter);
    for (Row& row : d.rows) row.behind = behind;
    if (rng.percent(50)) d.header_behind = behind;
    d.story.push_back("separators behind the last cell of every row" +
                      std::string(d.header_behind.empty() ? "" : " and of the header"));
    return true;
}

bool other_delimiter(Document& d, Rng& rng) {
    if (d.whole_file_changed) return false;
    if (std::any_of(d.rows.begin(), d.rows.end(), [](const Row& row) { return row.touched; })) return false;
    if (!d.rows[0].behind.empty()) return false;
    d.whole_file_changed = true;
    constexpr char known[] = {';', '\t', '|'};
    constexpr char unknown[] = {'^', '~', ':'};
    const bool odd = rng.percent(15);
    d.delimiter = odd ? rng.pick(unknown) : rng.pick(known);
    d.may_be_refused = odd;
    d.any_row_may_be_rejected = odd;
    d.story.push_back(std::string("delimiter ") +
                      (d.delimiter == '\t' ? "tab" : std::string(1, d.delimiter)));
    return true;
}

bool other_delimiter_in_a_row(Document& d, Rng& rng) {
    std::size_t row = 0;
    if (!pick_row(d, rng, row)) return false;
    constexpr char known[] = {';', '\t', '|', ','};
    const char other = rng.pick(known);
    if (other == d.delimiter) return false;
    touch_row(d, row, "the row has another delimiter").delimiter = other;
    return true;
}

// SLCN;ASD;MLD;… in a column of many rows: the file's own delimiter still counts.
bool list_in_cells(Document& d, Rng& rng) {
    constexpr char marks[] = {';', '|', '\t', ','};
    const char mark = rng.pick(marks);
    if (mark == d.delimiter) return false;
    for (std::size_t c = 0; c < d.columns.size(); ++c) {
        if (d.columns[c].kind != Kind::not_read && d.columns[c].kind != Kind::text) continue;
        const std::uint32_t items = 3 + rng.below(15);
        const bool all = rng.percent(60);
        for (Row& row : d.rows) {
            Cell& cell = row.cells[c];
            if (row.touched || cell.verbatim || (!all && rng.percent(50))) continue;
            cell.text = "AA";
            for (std::uint32_t i = 1; i < items; ++i) cell.text += std::string(1, mark) + "BB";
            cell.quoted = false;
            if (d.columns[c].kind == Kind::text) cell.meanings = {{cell.text, false}};
        }
        d.story.push_back(d.columns[c].header + ": a list of " + std::to_string(items) + " divided by " +
                          (mark == '\t' ? "tab" : std::string(1, mark)));
        return true;
    }
    return false;
}

}  // namespace

std::vector<Mutation> separator_mutations() {
    return {{"separator within a cell", "in_cell", separator_in_a_cell},
            {"separator within a cell", "between", extra_separator_between},
            {"separator missing", "missing", missing_separator},
            {"separator at row end", "row_end", separators_at_row_end},
            {"separator at row end", "row_begin", separator_before_row},
            {"separator at every row end", "every_row", separator_at_every_row_end},
            {"other delimiter for the file", "file_delimiter", other_delimiter},
            {"other delimiter in one row", "row_delimiter", other_delimiter_in_a_row},
            {"list in a cell", "list", list_in_cells}};
}

}  // namespace sendhub::mutation
