// Rows of a CSV file, streamed. How they are split and judged is the matter of csv_scan.hpp and
// table_scan.hpp; this is the buffer around it.
//
//   CsvReader csv(text);
//   const auto header = find_header(csv, wanted, 2);         // header.hpp
//   while (csv.next()) use(csv.line(), csv.kind(), csv.problem(), csv.fields());
//
// The first megabytes are looked at before the first row is given: delimiter, line end, quoting and the width
// of the rows are decided on them, so on the whole of most files. Lines with nothing on them are skipped.
// Memory is bounded by that and by the limit of a row.
#pragma once

#include <optional>

#include "plugins/sdk/tabular/table_scan.hpp"
#include "plugins/sdk/tabular/text.hpp"

namespace sendhub::tabular {

struct CsvOptions {
    char delimiter = 0;                                    // 0: find it
    std::uint64_t header_row = 0;                          // line of the header; 0: find it
    std::size_t max_row_bytes = std::size_t{1024} * 1024;  // a longer row is reported and skipped
    std::size_t max_fields = 4096;                         // further fields of a row are not kept
};

class CsvReader {
  public:
    explicit CsvReader(ByteSource& text, CsvOptions options = {});

    // Before the first next(): finds the row that passes for the header, with the delimiter by which it
    // does. next() then gives it. False: there is none.
    bool find_header(const HeaderScore& score, std::size_t max_rows);
    // When the current row is the header: those below it are rows of its table, and are judged as such. The
    // fields of the header are gone then.
    void table(const std::vector<std::string>& header);

    bool next();
    // Valid until the next call of next(). Not trimmed.
    [[nodiscard]] std::span<const std::string_view> fields() const {
        return too_long_ ? std::span<const std::string_view>{} : std::span(rows_.cells());
    }
    [[nodiscard]] std::string_view field(std::size_t i) const {
        return i < fields().size() ? fields()[i] : std::string_view{};
    }
    // The line, from 1, that the row begins on: what a person sees in an editor.
    [[nodiscard]] std::uint64_t line() const { return line_; }
    [[nodiscard]] RowProblem problem() const { return too_long_ ? RowProblem::too_long : rows_.problem(); }
    [[nodiscard]] RowKind kind() const { return too_long_ ? RowKind::data : rows_.kind(); }
    [[nodiscard]] char delimiter() const { return rows_.dialect().delimiter; }
    [[nodiscard]] const TableShape& shape() const { return rows_.shape(); }
    // Is there nothing but blanks in every field?
    [[nodiscard]] bool blank() const;
    // After the last row: is every line of the text in a row, or empty? Lines are counted twice, apart.
    [[nodiscard]] bool took_every_line() const { return lines_seen() == next_line_ - 1; }

  private:
    bool more();        // more text behind what is kept; false at the end
    void look_ahead();  // the first megabytes
    void begin(const HeaderScore& score, std::size_t max_rows);
    bool skip_empty_line();  // true: there was one
    void skip_line();
    [[nodiscard]] std::uint64_t lines_seen() const;

    ByteSource& text_;
    CsvOptions options_;
    TableScan rows_;
    bool started_ = false, ended_ = false, too_long_ = false, header_found_ = false;
    std::string buffer_;
    std::size_t begin_ = 0, end_ = 0;  // text not yet taken
    std::uint64_t line_ = 0, next_line_ = 1, line_ends_ = 0;
    bool unended_ = false;  // the text does not end with a line end
};

// What is wrong with a damaged row, and what to do, for people.
std::string reason_of(RowProblem problem, std::size_t cells, const TableShape& shape);
std::string reason_of(RowProblem problem, const TableShape& shape);  // of several rows
inline constexpr std::string_view damaged_advice =
    "correct the row at the source, or quote the cell, and send the file again";
// Why no row of the file can be one of its header; empty when some can.
std::string misfit(const TableShape& shape, std::uint64_t header_line);

}  // namespace sendhub::tabular
