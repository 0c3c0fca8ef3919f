#include "plugins/sdk/tabular/csv.hpp"

#include <algorithm>
#include <cstring>

namespace sendhub::tabular {
namespace {

constexpr std::size_t first_buffer = std::size_t{128} * 1024;
constexpr std::size_t looked_ahead = std::size_t{4} * 1024 * 1024;

}  // namespace

CsvReader::CsvReader(ByteSource& text, CsvOptions options)
    : text_(text), options_(options), buffer_(first_buffer, '\0') {}

bool CsvReader::more() {
    if (ended_) return false;
    if (begin_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (buffer_.size() - end_ < first_buffer / 2) buffer_.resize(buffer_.size() * 2);
    // Many short reads would mean many scans of the same beginning of a row.
    const std::size_t before = end_;
    while (!ended_ && end_ - before < first_buffer / 2 && buffer_.size() - end_ >= 16) {
        const std::size_t n = text_.read({buffer_.data() + end_, buffer_.size() - end_});
        end_ += n;
        ended_ = n == 0;
    }
    if (end_ == before) return false;
    if (started_)
        line_ends_ += static_cast<std::uint64_t>(
            std::count(buffer_.data() + before, buffer_.data() + end_, rows_.dialect().line_end));
    unended_ = buffer_[end_ - 1] != rows_.dialect().line_end;
    return true;
}

void CsvReader::look_ahead() {
    while (end_ < looked_ahead && more()) {
    }
}

void CsvReader::begin(const HeaderScore& score, std::size_t max_rows) {
    look_ahead();
    const std::string_view head(buffer_.data(), end_);
    const Layout layout =
        find_layout(head, ended_, {options_.delimiter, options_.header_row, max_rows}, score);
    header_found_ = layout.found;
    rows_ = TableScan(layout.dialect, options_.max_row_bytes, options_.max_fields);
    begin_ = layout.header;
    next_line_ = layout.header_line;
    line_ends_ = static_cast<std::uint64_t>(std::count(head.begin(), head.end(), layout.dialect.line_end));
    unended_ = !head.empty() && head.back() != layout.dialect.line_end;
    started_ = true;
}

bool CsvReader::find_header(const HeaderScore& score, std::size_t max_rows) {
    if (!started_) begin(score, max_rows);
    return header_found_;
}

void CsvReader::table(const std::vector<std::string>& header) {
    Dialect dialect = rows_.dialect();
    const TableShape shape =
        shape_of({buffer_.data() + begin_, end_ - begin_}, ended_, header, true, dialect);
    rows_ = TableScan(dialect, options_.max_row_bytes, options_.max_fields);
    rows_.table(header, shape);
}

bool CsvReader::skip_empty_line() {
    const char* const at = buffer_.data() + begin_;
    const char line_end = rows_.dialect().line_end;
    std::size_t n = 0;
    if (*at == line_end)
        n = 1;
    else if (*at == '\r' && line_end == '\n') {
        if (begin_ + 1 == end_ && more()) return skip_empty_line();
        if (begin_ + 1 == end_)
            n = 1;
        else if (at[1] == '\n')
            n = 2;
    }
    if (n == 0) return false;
    begin_ += n;
    ++next_line_;
    rows_.empty_line();
    return true;
}

// Of a row that is too long: on to the next line end, without keeping what is between.
void CsvReader::skip_line() {
    for (;;) {
        const void* at = std::memchr(buffer_.data() + begin_, rows_.dialect().line_end, end_ - begin_);
        if (at) {
            begin_ = static_cast<std::size_t>(static_cast<const char*>(at) - buffer_.data()) + 1;
            break;
        }
        begin_ = end_;
        if (!more()) break;
    }
    ++next_line_;
    rows_.empty_line();
}

bool CsvReader::next() {
    if (!started_) begin(nullptr, 0);
    too_long_ = false;
    for (;;) {
        if (begin_ == end_ && !more()) return false;
        if (skip_empty_line()) continue;
        const char* const at = buffer_.data() + begin_;
        if (rows_.scan(at, buffer_.data() + end_, ended_) == TableScan::Found::row) {
            line_ = next_line_;
            next_line_ += rows_.lines();
            begin_ = static_cast<std::size_t>(rows_.behind() - buffer_.data());
            return true;
        }
        // room for a row and the one behind it, both as long as they may be
        if (end_ - begin_ > 3 * options_.max_row_bytes + 2 * first_buffer) {
            line_ = next_line_;
            too_long_ = true;
            skip_line();
            return true;
        }
        more();
    }
}

std::uint64_t CsvReader::lines_seen() const { return line_ends_ + (unended_ ? 1 : 0); }

bool CsvReader::blank() const {
    return std::all_of(fields().begin(), fields().end(),
                       [](std::string_view field) { return trim(field).empty(); });
}

std::string reason_of(RowProblem problem, std::size_t cells, const TableShape& shape) {
    const std::string whole =
        std::to_string(shape.full) + (shape.full == shape.columns ? "" : " with the empty ones at the end");
    const std::string count =
        cells == 0 ? ""
                   : "the row has " + std::to_string(cells) + (cells == 1 ? " cell" : " cells") + " and ";
    switch (problem) {
        case RowProblem::unclosed_quote:
            return "a quotation mark on this line opens a cell and never closes it";
        case RowProblem::text_beside_quote:
            return "there is text directly before or behind a quotation mark that should enclose a cell";
        case RowProblem::rows_in_quote:
            return "a quotation mark on this line opens a cell that would take in the rows below it";
        case RowProblem::too_long:
            return "the row is longer than one megabyte";
        case RowProblem::too_many_fields:
            return "the row has thousands of cells";
        case RowProblem::too_wide:
            return (cells == 0 ? "more cells than " + whole : count + "a whole row has " + whole) +
                   ", so values may stand in the wrong columns";
        case RowProblem::too_narrow:
            return (cells == 0 ? "fewer cells than " + whole : count + "a whole row has " + whole) +
                   "; a line break or a quotation mark may have torn it";
        case RowProblem::beside_fragment:
            return "the line above or below it is part of a torn row, which may be this one";
        case RowProblem::none:
            break;
    }
    return {};
}

std::string reason_of(RowProblem problem, const TableShape& shape) { return reason_of(problem, 0, shape); }

std::string misfit(const TableShape& shape, std::uint64_t header_line) {
    if (shape.rows < 3 || (shape.narrow < shape.rows && shape.wide < shape.rows)) return {};
    return "the header on line " + std::to_string(header_line) + " has " + std::to_string(shape.columns) +
           " columns and every row has " + (shape.wide == shape.rows ? "more" : "fewer") +
           " cells, so values would stand in the wrong columns; correct the header, or send the file with "
           "all "
           "cells of each row";
}

}  // namespace sendhub::tabular
