#include "plugins/sdk/tabular/text.hpp"

#include "schemas/rules/blanks.hpp"
#include "schemas/rules/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <sendhub/connector.hpp>

namespace sendhub::tabular {
namespace {

constexpr std::size_t chunk_size = std::size_t{128} * 1024;

// Windows-1252 for 0x80 to 0x9F; the five places without a character become U+FFFD.
constexpr std::array<char16_t, 32> high_control = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

char32_t from_windows1252(unsigned char c) { return c >= 0x80 && c < 0xA0 ? high_control[c - 0x80u] : c; }

std::size_t put(char32_t c, char* out) {
    if (c == 0) c = 0xFFFD;
    if (c < 0x80) {
        out[0] = static_cast<char>(c);
        return 1;
    }
    if (c < 0x800) {
        out[0] = static_cast<char>(0xC0 | (c >> 6));
        out[1] = static_cast<char>(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = static_cast<char>(0xE0 | (c >> 12));
        out[1] = static_cast<char>(0x80 | ((c >> 6) & 0x3F));
        out[2] = static_cast<char>(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = static_cast<char>(0xF0 | (c >> 18));
    out[1] = static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    out[2] = static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out[3] = static_cast<char>(0x80 | (c & 0x3F));
    return 4;
}

// Length of the run of plain ASCII, NUL not counted as such.
std::size_t plain_run(const char* p, std::size_t n) {
    std::size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        std::uint64_t word;
        std::memcpy(&word, p + i, 8);
        const std::uint64_t zero = (word - 0x0101010101010101ull) & ~word;
        if ((word | zero) & 0x8080808080808080ull) break;
    }
    while (i < n && static_cast<signed char>(p[i]) > 0) ++i;
    return i;
}

// Could the bytes be the beginning of a sequence that the end of the buffer cuts off?
bool cut_sequence(std::string_view text) {
    const auto c = static_cast<unsigned char>(text[0]);
    const std::size_t wanted = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC2 ? 2 : 1;
    if (text.size() >= wanted) return false;
    return std::all_of(text.begin() + 1, text.end(), [](char t) { return (t & 0xC0) == 0x80; });
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::size_t StringSource::read(std::span<char> into) {
    const std::size_t n = std::min(into.size(), rest_.size());
    std::copy_n(rest_.data(), n, into.data());
    rest_.remove_prefix(n);
    return n;
}

std::size_t HostSource::read(std::span<char> into) { return host_.read(into); }

std::optional<Encoding> encoding_by_name(std::string_view name) {
    const std::string text = fold(name);
    if (text.empty() || text == "auto") return Encoding::detect;
    if (text == "utf-8" || text == "utf8") return Encoding::utf8;
    if (text == "windows-1252" || text == "cp1252") return Encoding::windows1252;
    if (text == "utf-16" || text == "utf-16le") return Encoding::utf16le;
    if (text == "utf-16be") return Encoding::utf16be;
    return std::nullopt;
}

Utf8Source::Utf8Source(ByteSource& bytes, Encoding encoding)
    : bytes_(bytes), encoding_(encoding), strict_(encoding == Encoding::utf8) {}

bool Utf8Source::fill() {
    if (ended_) return false;
    if (begin_ > 0) {
        raw_.erase(0, begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    raw_.resize(end_ + chunk_size);
    const std::size_t n = bytes_.read({raw_.data() + end_, chunk_size});
    end_ += n;
    if (n == 0) ended_ = true;
    return n > 0;
}

void Utf8Source::decide() {
    started_ = true;
    while (end_ < 4 && fill()) {
    }
    const std::string_view head(raw_.data(), end_);
    auto skip = [&](std::size_t n) {
        begin_ += n;
        offset_ += n;
    };
    if (head.starts_with("\xEF\xBB\xBF")) {
        skip(3);
        if (encoding_ == Encoding::detect) encoding_ = Encoding::utf8;
    } else if (head.starts_with("\xFF\xFE")) {
        encoding_ = Encoding::utf16le;
        skip(2);
    } else if (head.starts_with("\xFE\xFF")) {
        encoding_ = Encoding::utf16be;
        skip(2);
    } else if (encoding_ == Encoding::detect && head.size() >= 4) {
        std::size_t even = 0, odd = 0;
        const std::size_t n = std::min<std::size_t>(head.size(), 1024) & ~std::size_t{1};
        for (std::size_t i = 0; i < n; i += 2) {
            even += head[i] == 0;
            odd += head[i + 1] == 0;
        }
        if (odd > n / 4 && even == 0) encoding_ = Encoding::utf16le;
        if (even > n / 4 && odd == 0) encoding_ = Encoding::utf16be;
    }
}

std::size_t Utf8Source::read(std::span<char> into) {
    if (!started_) decide();
    for (;;) {
        if (begin_ == end_ && !fill() && begin_ == end_) return 0;
        const std::size_t n = convert(into);
        if (n > 0) return n;
        if (!fill() && begin_ == end_) return 0;
    }
}

// Returns 0 when the kept bytes are the beginning of a character whose end is still to come.
std::size_t Utf8Source::convert(std::span<char> into) {
    std::size_t out = 0;
    const std::size_t begin_before = begin_;
    while (begin_ < end_ && out + 4 <= into.size()) {
        if (encoding_ == Encoding::utf16le || encoding_ == Encoding::utf16be) {
            auto unit = [&](std::size_t at) -> char32_t {
                const auto a = static_cast<unsigned char>(raw_[at]),
                           b = static_cast<unsigned char>(raw_[at + 1]);
                return encoding_ == Encoding::utf16le ? char32_t(a | b << 8) : char32_t(b | a << 8);
            };
            if (end_ - begin_ < 2) {
                if (!ended_) break;
                begin_ = end_;  // half a character at the end of the file
                ++repaired_;
                out += put(0xFFFD, into.data() + out);
                break;
            }
            char32_t c = unit(begin_);
            std::size_t used = 2;
            if (c >= 0xD800 && c < 0xDC00) {
                if (end_ - begin_ < 4 && !ended_) break;
                const char32_t low = end_ - begin_ >= 4 ? unit(begin_ + 2) : 0;
                if (low >= 0xDC00 && low < 0xE000) {
                    c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
                    used = 4;
                } else {
                    c = 0xFFFD;
                    ++repaired_;
                }
            } else if (c >= 0xDC00 && c < 0xE000) {
                c = 0xFFFD;
                ++repaired_;
            }
            out += put(c, into.data() + out);
            begin_ += used;
            continue;
        }
        const std::size_t room = std::min(end_ - begin_, into.size() - out);
        const std::size_t plain = plain_run(raw_.data() + begin_, room);
        std::memcpy(into.data() + out, raw_.data() + begin_, plain);
        out += plain;
        begin_ += plain;
        if (begin_ == end_ || out + 4 > into.size()) break;

        const std::string_view rest(raw_.data() + begin_, end_ - begin_);
        if (rest[0] == 0) {
            out += put(0, into.data() + out);
            ++begin_;
            ++repaired_;
            continue;
        }
        if (encoding_ == Encoding::windows1252) {
            out += put(from_windows1252(static_cast<unsigned char>(rest[0])), into.data() + out);
            ++begin_;
            continue;
        }
        const std::size_t length = rules::utf8_sequence_length(rest);
        if (length == 0 && !ended_ && cut_sequence(rest)) break;
        if (encoding_ == Encoding::detect) {
            // The chunk decides: more broken than whole sequences means Windows-1252.
            std::size_t whole = 0, broken = 0;
            for (std::string_view left = rest; !left.empty();) {
                const std::size_t n = rules::utf8_sequence_length(left);
                if (n == 0 && cut_sequence(left)) break;
                if (n > 1) ++whole;
                if (n == 0) ++broken;
                left.remove_prefix(std::max<std::size_t>(n, 1));
            }
            encoding_ =
                broken > whole || (length == 0 && whole == 0) ? Encoding::windows1252 : Encoding::utf8;
            continue;
        }
        if (length == 0) {
            if (strict_)
                throw sdk::FileRefused("the file is not UTF-8 (byte " +
                                       std::to_string(offset_ + (begin_ - begin_before)) +
                                       "); set encoding = \"auto\" or \"windows-1252\" for this feed, or ask "
                                       "the sender for UTF-8");
            ++repaired_;
            out += put(from_windows1252(static_cast<unsigned char>(rest[0])), into.data() + out);
            ++begin_;
            continue;
        }
        std::memcpy(into.data() + out, rest.data(), length);
        out += length;
        begin_ += length;
    }
    offset_ += begin_ - begin_before;
    return out;
}

std::string_view trim(std::string_view text) { return rules::trim_gaps(text); }

std::string fold(std::string_view text) {
    text = trim(text);
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const rules::Gap gap = rules::gap_at(text.substr(i));
        if (gap.kind == rules::Gap::none) {
            out += lower(text[i++]);
            continue;
        }
        if (gap.kind == rules::Gap::blank && !out.ends_with(' ')) out += ' ';
        i += gap.bytes;
    }
    return out;
}

bool equals_fold_ascii(std::string_view a, std::string_view b) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view first_characters(std::string_view text, std::size_t characters) {
    std::size_t seen = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
        if ((text[i] & 0xC0) != 0x80 && seen++ == characters) return text.substr(0, i);
    return text;
}

std::size_t count_characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

EmptyWords::EmptyWords() : EmptyWords({"NULL", "N/A", "NA", "-", "--"}) {}

EmptyWords::EmptyWords(const std::vector<std::string>& words) {
    for (const std::string& word : words) {
        words_.emplace_back(trim(word));
        longest_ = std::max(longest_, words_.back().size());
    }
}

bool EmptyWords::is_empty(std::string_view text) const {
    if (text.empty()) return true;
    if (text.size() > longest_) return false;
    return std::any_of(words_.begin(), words_.end(),
                       [&](const std::string& word) { return equals_fold_ascii(text, word); });
}

bool EmptyWords::is_empty_name(std::string_view text) const {
    if (!is_empty(text)) return false;
    const bool letters_only =
        std::all_of(text.begin(), text.end(), [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; });
    return text.empty() || !letters_only;
}

}  // namespace sendhub::tabular
