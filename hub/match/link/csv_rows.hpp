// The cells of a CSV text, row by row, without a copy: RFC 4180 with the liberties that real files take.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sendhub::match::link {

class CsvRows {
  public:
    CsvRows(std::string_view text, char delimiter);

    bool next() { return next(end_); }  // skips empty lines
    // The same, of a row that begins before `stop`.
    bool next(const char* stop);
    // Where the next row, or an empty line before it, begins; and to begin at such a place, before the first
    // next(): lines are counted from there.
    [[nodiscard]] const char* place() const { return p_; }
    void go_to(const char* place) { p_ = place; }
    // Untrimmed; valid until next().
    [[nodiscard]] const std::vector<std::string_view>& cells() const { return cells_; }
    // From 1: where the row begins.
    [[nodiscard]] std::uint64_t line() const { return row_line_; }
    [[nodiscard]] std::uint64_t lines_ended() const { return line_ - 1; }
    // A quote that was opened and not closed is read as a character like any other.
    [[nodiscard]] std::uint64_t open_quotes() const { return open_quotes_; }

  private:
    [[nodiscard]] bool at_line_end() const { return *p_ == '\n' || (*p_ == '\r' && (cr_ || crlf())); }
    [[nodiscard]] bool crlf() const { return p_ + 1 < end_ && p_[1] == '\n'; }
    void skip_line_end();
    void plain();
    bool quoted();

    struct Mended {
        std::size_t cell, begin, size;
    };
    const char *p_, *end_;
    char delimiter_;
    bool cr_;                       // lines end with CR alone
    std::array<bool, 256> stop_{};  // may end a plain cell
    std::vector<std::string_view> cells_;
    std::string scratch_;  // of cells that are not in the text as they should be read
    std::vector<Mended> mended_;
    std::uint64_t line_ = 1, row_line_ = 1, open_quotes_ = 0;
};

// The delimiter by which the first rows fall into the most even columns; a comma when none does.
char find_delimiter(std::string_view text);

}  // namespace sendhub::match::link
