#include "plugins/sdk/tabular/csv.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace sendhub::tabular {
namespace {

constexpr std::size_t first_buffer = std::size_t{128} * 1024;
constexpr std::array<char, 4> candidates = {',', ';', '\t', '|'};

}  // namespace

CsvReader::CsvReader(ByteSource& text, CsvOptions options)
    : text_(text), options_(options), delimiter_(options.delimiter), buffer_(first_buffer, '\0') {}

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
    return end_ > before;
}

void CsvReader::look_ahead() {
    started_ = true;
    while (end_ < first_buffer / 4 && more()) {
    }
    const std::string_view head(buffer_.data(), end_);
    const std::size_t lf = head.find('\n'), cr = head.find('\r');
    line_end_ = lf == std::string_view::npos && cr != std::string_view::npos && (cr + 1 < end_ || ended_)
                    ? '\r'
                    : '\n';
    if (lf != std::string_view::npos && cr != std::string_view::npos && cr + 1 < lf) {
        // CR before the first LF: line ends only if there is no LF anywhere near; a stray CR in a cell is
        // text.
        const auto count = [&](char c) { return std::count(head.begin(), head.end(), c); };
        if (count('\r') > 4 * count('\n')) line_end_ = '\r';
    }

    if (equals_fold_ascii(head.substr(0, 4), "sep=") && head.size() > 5 &&
        (head[5] == '\r' || head[5] == '\n')) {
        if (delimiter_ == 0) delimiter_ = head[4];
        begin_ = head.find(line_end_) == std::string_view::npos ? end_ : head.find(line_end_) + 1;
        next_line_ = 2;
    }
    if (delimiter_ == 0) {
        // The delimiter is the one that most lines hold equally often, weighted by how often.
        delimiter_ = ',';
        std::size_t best = 0;
        for (const char candidate : candidates) {
            std::vector<std::size_t> counts;
            std::size_t count = 0;
            bool quoted = false;
            for (std::size_t i = begin_; i < end_ && counts.size() < 40; ++i) {
                const char c = buffer_[i];
                if (c == '"') quoted = !quoted;
                if (quoted) continue;
                if (c == candidate) ++count;
                if (c == line_end_) {
                    counts.push_back(count);
                    count = 0;
                }
            }
            if (count > 0) counts.push_back(count);
            std::sort(counts.begin(), counts.end());
            for (std::size_t i = 0; i < counts.size();) {
                std::size_t j = i;
                while (j < counts.size() && counts[j] == counts[i]) ++j;
                if (const std::size_t score = counts[i] * (j - i); score > best) {
                    best = score;
                    delimiter_ = candidate;
                }
                i = j;
            }
        }
    }
    std::fill(std::begin(plain_), std::end(plain_), true);
    plain_[static_cast<unsigned char>(delimiter_)] = false;
    plain_[static_cast<unsigned char>(line_end_)] = false;
}

CsvReader::Scan CsvReader::scan(bool quotes) {
    const char* const text = buffer_.data();
    std::size_t at = begin_;
    fields_.clear();
    escaped_.clear();
    lines_in_row_ = 1;
    problem_ = RowProblem::none;
    for (;;) {
        const std::size_t from = at;
        const bool quoted = quotes && at < end_ && text[at] == '"';
        bool doubled = false;
        std::size_t closed = 0;  // behind the closing quote
        if (quoted) {
            ++at;
            for (;;) {
                const void* quote = std::memchr(text + at, '"', end_ - at);
                const std::size_t to =
                    quote ? static_cast<std::size_t>(static_cast<const char*>(quote) - text) : end_;
                lines_in_row_ += static_cast<std::uint64_t>(std::count(text + at, text + to, line_end_));
                if (!quote) return ended_ ? Scan::unclosed : Scan::need_more;
                if (to + 1 == end_ && !ended_) return Scan::need_more;
                at = to + 1;
                if (at == end_ || text[at] != '"') break;
                doubled = true;
                ++at;
            }
            closed = at;
        }
        while (at < end_ && plain_[static_cast<unsigned char>(text[at])]) ++at;
        if (at == end_ && !ended_) return Scan::need_more;
        std::size_t to = at;
        const bool last = at == end_ || text[at] == line_end_;
        if (last && line_end_ == '\n' && to > from && text[to - 1] == '\r') --to;
        if (fields_.size() == options_.max_fields) {
            problem_ = RowProblem::too_many_fields;
        } else if (quoted && !doubled && to == closed) {
            fields_.emplace_back(text + from + 1, to - from - 2);
        } else {
            if (quoted) escaped_.push_back(fields_.size());
            fields_.emplace_back(text + from, to - from);
        }
        if (at == end_) {
            next_begin_ = end_;
            lines_in_row_ -= 1;
            return Scan::row;
        }
        ++at;
        if (last) {
            next_begin_ = at;
            return Scan::row;
        }
    }
}

// Of a row that is too long: on to the next line end, without keeping what is between.
void CsvReader::skip_line() {
    for (;;) {
        const void* at = std::memchr(buffer_.data() + begin_, line_end_, end_ - begin_);
        if (at) {
            begin_ = static_cast<std::size_t>(static_cast<const char*>(at) - buffer_.data()) + 1;
            ++next_line_;
            return;
        }
        begin_ = end_;
        if (!more()) return;
    }
}

// "a""b" → a"b in place; what follows the closing quote is kept as it stands.
void CsvReader::unescape() {
    for (const std::size_t i : escaped_) {
        char* const begin = buffer_.data() + (fields_[i].data() - buffer_.data());
        const char* const end = begin + fields_[i].size();
        char* out = begin;
        bool inside = true;
        for (const char* at = begin + 1; at < end; ++at) {
            if (inside && *at == '"') {
                if (at + 1 < end && at[1] == '"') {
                    ++at;
                } else {
                    inside = false;
                    continue;
                }
            }
            *out++ = *at;
        }
        fields_[i] = {begin, static_cast<std::size_t>(out - begin)};
    }
}

bool CsvReader::next() {
    if (!started_) look_ahead();
    for (;;) {
        if (begin_ == end_ && !more()) return false;
        Scan found = scan(true);
        while (found == Scan::need_more && end_ - begin_ <= options_.max_row_bytes) {
            more();
            found = scan(true);
        }
        bool unclosed = false;
        if (found != Scan::row) {
            // A quote that never closes would swallow the rest of the file: only its own line suffers.
            unclosed = true;
            found = scan(false);
            while (found == Scan::need_more && end_ - begin_ <= options_.max_row_bytes) {
                more();
                found = scan(false);
            }
        }
        line_ = next_line_;
        if (found != Scan::row || next_begin_ - begin_ > options_.max_row_bytes) {
            problem_ = RowProblem::too_long;
            fields_.clear();
            skip_line();
            return true;
        }
        next_line_ += lines_in_row_;
        const bool nothing =
            next_begin_ - begin_ <= 2 && fields_.size() == 1 && fields_[0].empty() && buffer_[begin_] != '"';
        begin_ = next_begin_;
        if (nothing) continue;
        unescape();
        if (unclosed) problem_ = RowProblem::unclosed_quote;
        return true;
    }
}

bool CsvReader::blank() const {
    return std::all_of(fields_.begin(), fields_.end(),
                       [](std::string_view field) { return trim(field).empty(); });
}

}  // namespace sendhub::tabular
