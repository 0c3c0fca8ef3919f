// The rows of a table in CSV text, each told what it is: data, damaged, or something that is no row (a total,
// a footer, the header again). Everything that both readers of tables decide is decided here.
//
//   const Dialect dialect = choose_dialect(head, …);         // from the first megabytes
//   TableScan rows(dialect);
//   rows.scan(…);                                            // the header
//   rows.table(header cells, shape_of(…));
//   rows.scan(…); rows.kind(); rows.problem(); rows.cells();
#pragma once

#include <functional>
#include <optional>

#include "plugins/sdk/tabular/csv_scan.hpp"

namespace sendhub::tabular {

enum class RowKind : std::uint8_t {
    data,
    blank,         // nothing but blanks
    total,         // a word for a sum, and numbers
    footer,        // (4 rows affected), End of report, and what follows them
    header_again,  // files that were joined
    rule           // a line of dashes
};
// "total row", "line of dashes", …
std::string_view words_for(RowKind kind);

// How wide the rows of a table are. A row of another width is damaged: a cell was torn or cells ran together.
struct TableShape {
    std::size_t columns = 0;  // that the header names
    std::size_t full = 0;     // cells of a whole row: `columns`, and more where each row ends with delimiters
    std::size_t least = 0;    // of a row whose exporter leaves out empty cells at the end; else `full`
    bool blocks = false;      // such rows stand together (Excel): one that stands alone is damaged
    std::size_t least_filled = 0;                // filled cells that every ordinary row has
    std::size_t rows = 0, narrow = 0, wide = 0;  // looked at
};

class TableScan {
  public:
    using Found = CsvScan::Found;
    explicit TableScan(Dialect dialect = {}, std::size_t max_row_bytes = std::size_t{1024} * 1024,
                       std::size_t max_fields = 4096);

    // Rows scanned from here on are rows of this table.
    void table(const std::vector<std::string>& header, const TableShape& shape);
    // See CsvScan::scan; the row may need the line behind it, too.
    Found scan(const char* at, const char* end, bool complete);

    [[nodiscard]] RowKind kind() const { return kind_; }
    [[nodiscard]] RowProblem problem() const { return problem_; }
    [[nodiscard]] const std::vector<std::string_view>& cells() const { return row_.cells(); }
    [[nodiscard]] std::uint64_t lines() const { return row_.lines(); }
    [[nodiscard]] const char* behind() const { return row_.behind(); }
    [[nodiscard]] const Dialect& dialect() const { return row_.dialect(); }
    [[nodiscard]] const TableShape& shape() const { return shape_; }

    // What of the rows before bears on the next one. To scan from the middle of a text, begin there with
    // what the scan up to there ended with.
    struct Context {
        std::size_t width = 0;     // of the row before, or 0
        std::size_t fragment = 0;  // cells of a torn row on the line before, or 0
        bool footer = false;       // the line before was a footer
        bool operator==(const Context&) const = default;
    };
    [[nodiscard]] const Context& context() const { return context_; }
    void resume(const Context& context) { context_ = context; }
    // An empty line, which is skipped without a scan.
    void empty_line() { context_ = {.width = context_.width, .footer = context_.footer}; }

  private:
    [[nodiscard]] RowKind kind_of_row() const;
    // How the row fits the table. False: the line behind it is needed and not there yet.
    bool fit(const char* end, bool complete);
    std::optional<bool> one_cell_follows(const char* end, bool complete) const;

    CsvScan row_, next_;
    std::size_t max_row_bytes_;
    std::vector<std::string> header_;
    TableShape shape_;
    Context context_;
    RowKind kind_ = RowKind::data;
    RowProblem problem_ = RowProblem::none;
};

// What a row is, by itself. header: empty when it is not known.
RowKind kind_of_row(const std::vector<std::string_view>& cells, const std::vector<std::string>& header,
                    std::size_t least_filled);

// LF or CR, by the first lines.
char find_line_end(std::string_view head);

// The delimiters that are tried.
inline constexpr std::array<char, 6> delimiters = {',', ';', '\t', '|', '~', '^'};
// Of the setting: auto (0), comma, semicolon, tab, pipe, tilde, caret, or the character itself.
std::optional<char> delimiter_by_name(std::string_view name);
// How well the first rows fall into even columns by this delimiter; 0: not at all.
double evenness(std::string_view head, const Dialect& dialect);

// How well a row passes for the header; 0: it is not one.
using HeaderScore = std::function<std::size_t(const std::vector<std::string_view>&)>;

struct Layout {
    Dialect dialect;
    std::size_t header = 0;         // where in `head` the header row begins
    std::uint64_t header_line = 1;  // from 1
    bool found = false;             // the header
};
struct LayoutOptions {
    char delimiter = 0;             // 0: find it
    std::uint64_t header_line = 0;  // 0: find it
    std::size_t max_rows = 30;      // in which to look
};
// Delimiter, quoting and header of a table, from its first bytes. Each delimiter is tried with the header.
// Without a score the first row is the header and the delimiter is the one with the most even columns.
// complete: `head` is the whole file.
Layout find_layout(std::string_view head, bool complete, const LayoutOptions& options,
                   const HeaderScore& score);

// From the rows behind the header: the shape of the table, and how it quotes (into `dialect`).
// named_only: columns without a name are not columns.
TableShape shape_of(std::string_view rows, bool complete, const std::vector<std::string>& header,
                    bool named_only, Dialect& dialect);

}  // namespace sendhub::tabular
