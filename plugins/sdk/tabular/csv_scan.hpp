// One row of CSV text in memory, without a copy: RFC 4180 with the liberties that real files take. Both
// readers of tables stand on it: CsvReader (streamed, for connectors) and `sendhub link` (a mapped file).
//
// A quotation mark opens a cell at its beginning, blanks aside. It must be closed, and only blanks may stand
// between the closing mark and the next delimiter or line end. Where that fails, and where a quoted cell
// holds lines that are rows of the table, the marks cannot be trusted: the row is then its first line alone,
// with a problem, and the next row begins on the next line. So stray marks never swallow other rows.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sendhub::tabular {

struct Dialect {
    char delimiter = ',';
    char line_end = '\n';        // '\n' takes CRLF as well
    bool backslash = false;      // \" inside a quoted cell is a quotation mark
    bool marks_enclose = false;  // the file quotes cells: a mark at the end of an unquoted cell is damage
};

enum class RowProblem : std::uint8_t {
    none,
    unclosed_quote,     // a quotation mark opens a cell and is never closed
    text_beside_quote,  // text directly before or behind a quoted text
    rows_in_quote,      // a quoted cell spans lines that are rows of the table
    too_long,           // beyond max_row_bytes: cells() is empty
    too_many_fields,    // beyond max_fields
    too_wide,           // more cells than the table has columns
    too_narrow,         // fewer cells, in a file that writes out empty cells
    beside_fragment     // the line before or behind it may be part of this row
};

class CsvScan {
  public:
    enum class Found : std::uint8_t { row, need_more };

    explicit CsvScan(Dialect dialect = {}, std::size_t max_row_bytes = std::size_t{1024} * 1024,
                     std::size_t max_fields = 4096);

    // The row that begins at `at` (before `end`). complete: nothing comes behind `end`; without it, need_more
    // says that the end of the row is not there yet.
    Found scan(const char* at, const char* end, bool complete);

    // Not trimmed. Valid until the next scan, and as long as the text.
    [[nodiscard]] const std::vector<std::string_view>& cells() const { return cells_; }
    [[nodiscard]] RowProblem problem() const { return problem_; }
    [[nodiscard]] std::uint64_t lines() const { return lines_; }  // that the row spans
    [[nodiscard]] const char* behind() const { return behind_; }  // where the next line begins
    [[nodiscard]] bool quoted() const { return quoted_; }         // did marks enclose a cell?
    [[nodiscard]] const Dialect& dialect() const { return dialect_; }

    // The widths of a row of this table; a quoted cell must not span lines that are so wide. 0, 0: not known.
    void rows_are(std::size_t least, std::size_t most) { least_ = least, most_ = most; }

  private:
    enum class Cell : std::uint8_t { taken, need_more, damaged };
    Cell quoted_cell(const char* row, const char* open, const char* end, bool complete);
    Found line_alone(const char* row, const char* end, bool complete, RowProblem problem);
    [[nodiscard]] bool line_ends(const char* at, const char* end) const {
        return *at == dialect_.line_end ||
               (*at == '\r' && dialect_.line_end == '\n' && (at + 1 == end || at[1] == '\n'));
    }
    [[nodiscard]] bool spans_rows() const;
    [[nodiscard]] std::size_t delimiters(const char* from, const char* to) const;

    struct Mended {
        std::size_t cell, begin, size;
    };
    struct Span {  // a quoted cell of several lines
        std::size_t cell;
        const char *open, *close;
    };
    Dialect dialect_;
    std::size_t max_row_bytes_, max_fields_;
    std::size_t least_ = 0, most_ = 0;
    std::array<bool, 256> stop_{};  // may end an unquoted cell, or is a mark
    std::vector<std::string_view> cells_;
    std::string scratch_;  // of cells that are not in the text as they should be read
    std::vector<Mended> mended_;
    std::vector<Span> spans_;
    RowProblem problem_ = RowProblem::none, damage_ = RowProblem::none;
    bool quoted_ = false;
    std::uint64_t lines_ = 0;
    const char* at_ = nullptr;
    const char* behind_ = nullptr;
};

}  // namespace sendhub::tabular
