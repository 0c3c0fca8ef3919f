#include "hub/match/link/csv_rows.hpp"

#include <algorithm>
#include <cstring>

namespace sendhub::match::link {
namespace {

// A quoted value longer than this is taken for a quote that was never closed.
constexpr std::ptrdiff_t longest_quoted = 1 << 16;

bool ends_with_cr(std::string_view text) {
    const auto at = text.find_first_of("\r\n");
    return at != std::string_view::npos && text[at] == '\r' && !text.substr(at + 1).starts_with('\n');
}

}  // namespace

CsvRows::CsvRows(std::string_view text, char delimiter)
    : p_(text.data()), end_(text.data() + text.size()), delimiter_(delimiter), cr_(ends_with_cr(text)) {
    stop_[static_cast<unsigned char>(delimiter)] = stop_['\n'] = stop_['\r'] = true;
}

void CsvRows::skip_line_end() {
    if (*p_ == '\r' && crlf()) ++p_;
    ++p_;
    ++line_;
}

void CsvRows::plain() {
    const char* begin = p_;
    for (;;) {
        while (p_ < end_ && !stop_[static_cast<unsigned char>(*p_)]) ++p_;
        if (p_ == end_ || *p_ == delimiter_ || at_line_end()) break;
        ++p_;  // a CR inside a line
    }
    cells_.emplace_back(begin, static_cast<std::size_t>(p_ - begin));
}

// At an opening quote. False when it is not closed: nothing was taken.
bool CsvRows::quoted() {
    const char* const limit = end_ - p_ > longest_quoted ? p_ + longest_quoted : end_;
    const char* from = p_ + 1;
    const std::size_t scratch = scratch_.size();
    bool copied = false;
    for (const char* at = from;;) {
        at = static_cast<const char*>(std::memchr(at, '"', static_cast<std::size_t>(limit - at)));
        if (at == nullptr) {
            scratch_.resize(scratch);
            return false;
        }
        if (at + 1 < end_ && at[1] == '"') {
            scratch_.append(from, at + 1);
            copied = true;
            from = at += 2;
            if (from >= limit) {
                scratch_.resize(scratch);
                return false;
            }
            continue;
        }
        line_ += static_cast<std::uint64_t>(std::count(p_, at, '\n'));
        p_ = at + 1;
        // what follows a closing quote belongs to the value: "Bob" Smith
        const char* rest = p_;
        while (p_ < end_ && *p_ != delimiter_ && !at_line_end()) ++p_;
        if (!copied && rest == p_) {
            cells_.emplace_back(from, static_cast<std::size_t>(at - from));
            return true;
        }
        scratch_.append(from, at).append(rest, p_);
        mended_.push_back({cells_.size(), scratch, scratch_.size() - scratch});
        cells_.emplace_back();
        return true;
    }
}

bool CsvRows::next(const char* stop) {
    while (p_ < stop && at_line_end()) skip_line_end();
    if (p_ >= stop) return false;
    row_line_ = line_;
    cells_.clear();
    mended_.clear();
    scratch_.clear();
    for (;;) {
        const char* begin = p_;
        if (delimiter_ != '\t')
            while (p_ < end_ && *p_ == ' ') ++p_;  // ` "a b"` after a blank is quoted too
        if (p_ == end_ || *p_ != '"') {
            p_ = begin;
            plain();
        } else if (!quoted()) {
            ++open_quotes_;
            p_ = begin;
            plain();
        }
        if (p_ == end_) break;
        if (*p_ != delimiter_) {
            skip_line_end();
            break;
        }
        if (++p_ == end_) {  // a delimiter at the very end: an empty cell follows
            cells_.emplace_back();
            break;
        }
    }
    for (const Mended& m : mended_) cells_[m.cell] = std::string_view(scratch_).substr(m.begin, m.size);
    return true;
}

char find_delimiter(std::string_view text) {
    constexpr std::size_t looked_at = 50;
    char best = ',';
    double best_score = 0;
    for (const char delimiter : {',', ';', '\t', '|', '~', '^'}) {
        CsvRows rows(text.substr(0, 1 << 20), delimiter);
        if (!rows.next()) continue;
        const std::size_t columns = rows.cells().size();
        if (columns < 2) continue;
        std::size_t seen = 1, even = 1;
        while (seen < looked_at && rows.next()) {
            ++seen;
            even += rows.cells().size() == columns;
        }
        const double score = static_cast<double>(even) / static_cast<double>(seen) +
                             0.001 * static_cast<double>(std::min<std::size_t>(columns, 100));
        if (score > best_score) {
            best_score = score;
            best = delimiter;
        }
    }
    return best;
}

}  // namespace sendhub::match::link
