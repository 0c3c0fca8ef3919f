#include "plugins/sdk/tabular/csv_scan.hpp"

#include <algorithm>
#include <cstring>

namespace sendhub::tabular {
namespace {

std::string_view between(const char* from, const char* to) {
    return {from, static_cast<std::size_t>(to - from)};
}

// Does an unquoted text look like one that lost its opening mark?
bool closes_nothing(std::string_view text) {
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text.ends_with('"') || text.find("\"\"") != std::string_view::npos;
}

}  // namespace

CsvScan::CsvScan(Dialect dialect, std::size_t max_row_bytes, std::size_t max_fields)
    : dialect_(dialect), max_row_bytes_(max_row_bytes), max_fields_(max_fields) {
    for (const char c : {dialect.delimiter, dialect.line_end, '"'})
        stop_[static_cast<unsigned char>(c)] = true;
}

CsvScan::Found CsvScan::scan(const char* at, const char* end, bool complete) {
    const char* const row = at;
    cells_.clear();
    mended_.clear();
    spans_.clear();
    scratch_.clear();
    problem_ = RowProblem::none;
    quoted_ = false;
    lines_ = 1;
    while (between(at, end).starts_with("\xEF\xBB\xBF")) at += 3;  // where files were joined
    for (;;) {
        const char* open = at;
        while (open < end && *open == ' ') ++open;
        if (open == end && !complete) return Found::need_more;
        if (open < end && *open == '"') {
            const Cell cell = quoted_cell(row, open, end, complete);
            if (cell == Cell::need_more) return Found::need_more;
            if (cell == Cell::damaged) return line_alone(row, end, complete, damage_);
            at = at_;
        } else {
            const char* const from = at;
            bool mark = false;
            for (;; ++at) {
                while (at < end && !stop_[static_cast<unsigned char>(*at)]) ++at;
                if (at == end || *at != '"') break;
                mark = true;
            }
            if (at == end && !complete) return Found::need_more;
            const char* to = at;
            if ((at == end || *at == dialect_.line_end) && dialect_.line_end == '\n' && to > from &&
                to[-1] == '\r')
                --to;
            if (mark && dialect_.marks_enclose && closes_nothing(between(from, to)))
                return line_alone(row, end, complete, RowProblem::text_beside_quote);
            if (cells_.size() == max_fields_)
                problem_ = RowProblem::too_many_fields;
            else
                cells_.emplace_back(between(from, to));
        }
        if (at == end) break;
        const bool last = *at++ != dialect_.delimiter;
        if (last) break;
    }
    behind_ = at;
    for (const Mended& m : mended_) cells_[m.cell] = std::string_view(scratch_).substr(m.begin, m.size);
    // A row of several lines that does not fit the table is not one: its lines are judged one by one.
    if (!spans_.empty() && most_ > 0 && (cells_.size() < least_ || cells_.size() > most_ || spans_rows()))
        return line_alone(row, end, complete, RowProblem::rows_in_quote);
    if (static_cast<std::size_t>(behind_ - row) > max_row_bytes_) {
        problem_ = RowProblem::too_long;
        cells_.clear();
    }
    return Found::row;
}

// At an opening mark. Taken: at_ is at the delimiter or line end behind the cell, or at `end`.
CsvScan::Cell CsvScan::quoted_cell(const char* row, const char* open, const char* end, bool complete) {
    const auto damaged = [&](RowProblem problem) {
        damage_ = problem;
        return Cell::damaged;
    };
    const bool near_end = static_cast<std::size_t>(end - row) <= max_row_bytes_;
    const char* const limit = near_end ? end : row + max_row_bytes_;
    const char* from = open + 1;  // of what is not yet copied
    const std::size_t scratch = scratch_.size();
    bool copied = false;
    const char* at = from;
    for (;;) {
        at = at >= limit
                 ? nullptr
                 : static_cast<const char*>(std::memchr(at, '"', static_cast<std::size_t>(limit - at)));
        if (at == nullptr)
            return near_end && !complete ? Cell::need_more : damaged(RowProblem::unclosed_quote);
        if (dialect_.backslash) {
            const char* slash = at;
            while (slash > from && slash[-1] == '\\') --slash;
            if ((at - slash) % 2 == 1) {
                ++at;
                continue;
            }
        }
        if (at + 1 == end && !complete) return Cell::need_more;
        if (at + 1 == end || at[1] != '"') break;
        if (!dialect_.backslash) scratch_.append(from, at + 1);
        at += 2;
        if (dialect_.backslash) continue;
        from = at;
        copied = true;
    }
    if (dialect_.backslash && std::find_if(from, at, [](char c) { return c == '\\' || c == '"'; }) != at) {
        for (const char* c = from; c < at; ++c) {
            const bool escapes =
                c + 1 < at && ((*c == '\\' && (c[1] == '\\' || c[1] == '"')) || (*c == '"' && c[1] == '"'));
            scratch_ += escapes ? *++c : *c;
        }
        from = at;
        copied = true;
    }
    const char* behind = at + 1;
    while (behind < end && *behind == ' ') ++behind;
    if (behind + 1 >= end && !complete) return Cell::need_more;
    if (behind < end && *behind != dialect_.delimiter && !line_ends(behind, end))
        return damaged(RowProblem::text_beside_quote);
    if (behind < end && *behind == '\r' && dialect_.line_end == '\n') ++behind;
    at_ = behind;
    quoted_ = true;
    const auto lines = static_cast<std::uint64_t>(std::count(open, at, dialect_.line_end));
    lines_ += lines;
    if (cells_.size() == max_fields_) {
        problem_ = RowProblem::too_many_fields;
        return Cell::taken;
    }
    if (lines > 0) spans_.push_back({cells_.size(), open, at});
    if (copied) {
        scratch_.append(from, at);
        mended_.push_back({cells_.size(), scratch, scratch_.size() - scratch});
        cells_.emplace_back();
    } else {
        cells_.emplace_back(between(from, at));
    }
    return Cell::taken;
}

// The marks cannot be trusted: the row is its first line, split as if there were none.
CsvScan::Found CsvScan::line_alone(const char* row, const char* end, bool complete, RowProblem problem) {
    const char* const stop =
        static_cast<const char*>(std::memchr(row, dialect_.line_end, static_cast<std::size_t>(end - row)));
    if (stop == nullptr && !complete) return Found::need_more;
    const char* const to = stop == nullptr ? end : stop;
    cells_.clear();
    lines_ = 1;
    quoted_ = false;
    behind_ = stop == nullptr ? end : stop + 1;
    problem_ = problem;
    if (static_cast<std::size_t>(behind_ - row) > max_row_bytes_) {
        problem_ = RowProblem::too_long;
        return Found::row;
    }
    for (const char* at = row; cells_.size() < max_fields_;) {
        const auto* next =
            static_cast<const char*>(std::memchr(at, dialect_.delimiter, static_cast<std::size_t>(to - at)));
        const char* last = next == nullptr ? to : next;
        if (next == nullptr && last > at && last[-1] == '\r') --last;
        cells_.emplace_back(between(at, last));
        if (next == nullptr) break;
        at = next + 1;
    }
    return Found::row;
}

std::size_t CsvScan::delimiters(const char* from, const char* to) const {
    return static_cast<std::size_t>(std::count(from, to, dialect_.delimiter));
}

// Two stray marks, rows apart, make one quoted cell of what is between them. Then the line on which it
// begins, the line on which it ends and most lines between are as wide as a row, each by itself.
bool CsvScan::spans_rows() const {
    const auto is_row = [&](std::size_t width) { return width >= least_ && width <= most_; };
    return std::any_of(spans_.begin(), spans_.end(), [&](const Span& span) {
        const char* at = std::find(span.open, span.close, dialect_.line_end);
        if (!is_row(span.cell + 1 + delimiters(span.open, at))) return false;
        std::size_t rows = 0, others = 0;
        for (++at;;) {
            const char* const to = std::find(at, span.close, dialect_.line_end);
            if (to == span.close) break;
            // a damaged row between the marks may be narrower or wider
            const std::size_t width = 1 + delimiters(at, to);
            if (to - at > 1) ++(is_row(width) || (least_ >= 4 && width * 2 > least_) ? rows : others);
            at = to + 1;
        }
        return others <= rows && is_row(delimiters(at, span.close) + cells_.size() - span.cell);
    });
}

}  // namespace sendhub::tabular
