// Rows of a CSV file, streamed: RFC 4180 with the liberties that real files take.
//
//   CsvReader csv(text);
//   while (csv.next()) use(csv.line(), csv.fields());
//
// Quoted fields may hold the delimiter, line ends and doubled quotes. Line ends are LF, CRLF or (in a file
// whose first line ends so) CR. The delimiter (comma, semicolon, tab, pipe) is found from the first lines, or
// told by a first line `sep=;`. Lines with nothing on them are skipped. Memory is bounded by the limit of a
// row.
#pragma once

#include "plugins/sdk/tabular/text.hpp"

namespace sendhub::tabular {

struct CsvOptions {
    char delimiter = 0;                                    // 0: find it
    std::size_t max_row_bytes = std::size_t{1024} * 1024;  // a longer row is reported and skipped
    std::size_t max_fields = 4096;                         // further fields of a row are not kept
};

enum class RowProblem {
    none,
    unclosed_quote,  // a quote opened and never closed: the line was read as if quotes were plain text
    too_long,        // beyond max_row_bytes: fields() is empty
    too_many_fields  // beyond max_fields
};

class CsvReader {
  public:
    explicit CsvReader(ByteSource& text, CsvOptions options = {});

    bool next();
    // Valid until the next call of next(). Not trimmed.
    [[nodiscard]] std::span<const std::string_view> fields() const { return fields_; }
    [[nodiscard]] std::string_view field(std::size_t i) const {
        return i < fields_.size() ? fields_[i] : std::string_view{};
    }
    // The line, from 1, that the row begins on: what a person sees in an editor.
    [[nodiscard]] std::uint64_t line() const { return line_; }
    [[nodiscard]] RowProblem problem() const { return problem_; }
    [[nodiscard]] char delimiter() const { return delimiter_; }
    // Is there nothing but blanks in every field?
    [[nodiscard]] bool blank() const;

  private:
    enum class Scan { row, need_more, unclosed };

    bool more();        // more text behind what is kept; false at the end
    void look_ahead();  // delimiter and line ends, from the first lines
    Scan scan(bool quotes);
    void skip_line();
    void unescape();

    ByteSource& text_;
    CsvOptions options_;
    char delimiter_;
    char line_end_ = '\n';
    bool started_ = false, ended_ = false;
    std::string buffer_;
    std::size_t begin_ = 0, end_ = 0;  // text not yet taken
    std::size_t next_begin_ = 0;       // where the row after the scanned one begins
    std::uint64_t line_ = 0, next_line_ = 1, lines_in_row_ = 0;
    RowProblem problem_ = RowProblem::none;
    bool plain_[256] = {};                  // may stand inside an unquoted field
    std::vector<std::string_view> fields_;  // into buffer_
    std::vector<std::size_t> escaped_;      // of those: quotes inside, still to be undoubled
};

}  // namespace sendhub::tabular
