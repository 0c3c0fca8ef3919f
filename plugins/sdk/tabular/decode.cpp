#include "plugins/sdk/tabular/decode.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "plugins/sdk/tabular/text.hpp"
#include "schemas/rules/utf8.hpp"

namespace sendhub::tabular {
namespace {

// Windows-1252 for 0x80 to 0x9F; the five places without a character become U+FFFD.
constexpr std::array<char16_t, 32> high_control = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

char32_t from_windows1252(unsigned char c) { return c >= 0x80 && c < 0xA0 ? high_control[c - 0x80u] : c; }

void put(char32_t c, std::string& out) {
    if (c < 0x80) {
        out += static_cast<char>(c);
        return;
    }
    if (c < 0x800) {
        out += static_cast<char>(0xC0 | (c >> 6));
    } else {
        if (c < 0x10000) {
            out += static_cast<char>(0xE0 | (c >> 12));
        } else {
            out += static_cast<char>(0xF0 | (c >> 18));
            out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
        }
        out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    }
    out += static_cast<char>(0x80 | (c & 0x3F));
}
constexpr char32_t replacement = 0xFFFD;

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

// Length of the character of UTF-8 at the beginning, 1 for ASCII, 0 for none. Two bytes that stand for a
// control character or a phonetic sign are none: in Windows-1252 they are an accented capital and a quotation
// mark, as in CAF\xC9\x92S.
std::size_t sequence(std::string_view text) {
    const std::size_t n = rules::utf8_sequence_length(text);
    if (n != 2) return n;
    const auto a = static_cast<unsigned char>(text[0]), b = static_cast<unsigned char>(text[1]);
    const unsigned c = (a & 0x1Fu) << 6 | (b & 0x3Fu);
    return c < 0xA0 || (c >= 0x250 && c < 0x370) ? 0 : n;
}

// Is the text the beginning of a character, and no more?
bool is_cut(std::string_view text) {
    const auto c = static_cast<unsigned char>(text[0]);
    const std::size_t wanted = c >= 0xF0 && c < 0xF5   ? 4
                               : c >= 0xE0 && c < 0xF0 ? 3
                               : c >= 0xC2 && c < 0xE0 ? 2
                                                       : 0;
    return text.size() < wanted &&
           std::all_of(text.begin() + 1, text.end(), [](char t) { return (t & 0xC0) == 0x80; });
}

}  // namespace

std::optional<Encoding> encoding_by_name(std::string_view name) {
    const std::string text = fold(name);
    if (text.empty() || text == "auto") return Encoding::detect;
    if (text == "utf-8" || text == "utf8") return Encoding::utf8;
    if (text == "windows-1252" || text == "cp1252") return Encoding::windows1252;
    if (text == "utf-16" || text == "utf-16le") return Encoding::utf16le;
    if (text == "utf-16be") return Encoding::utf16be;
    return std::nullopt;
}

EncodingStart find_encoding(std::string_view head, Encoding asked) {
    EncodingStart out;
    out.encoding = asked;
    head = head.substr(0, 4096);
    bool mark8 = false;
    std::optional<Encoding> mark16;
    for (;;) {
        std::size_t mark = 0;
        if (head.starts_with("\xEF\xBB\xBF")) {
            mark8 = true;
            mark = 3;
        } else if (head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF")) {
            mark16 = head[0] == '\xFF' ? Encoding::utf16le : Encoding::utf16be;
            mark = 2;
        } else {
            break;
        }
        out.marks += mark;
        head.remove_prefix(mark);
    }
    std::size_t even = 0, odd = 0;
    const std::size_t pairs = head.size() / 2;
    for (std::size_t i = 0; i < pairs; ++i) {
        even += head[2 * i] == 0;
        odd += head[2 * i + 1] == 0;
    }
    std::optional<Encoding> seen;
    if (odd > 8 * even && odd * 10 >= pairs * 3) seen = Encoding::utf16le;
    if (even > 8 * odd && even * 10 >= pairs * 3) seen = Encoding::utf16be;
    if (mark16 && pairs < 4) seen.reset();  // too little to speak against a mark
    const bool no_nul = even + odd == 0 && pairs > 0;
    const bool asked16 = asked == Encoding::utf16le || asked == Encoding::utf16be;

    if (seen || (mark16 && !no_nul)) {
        out.encoding = seen ? *seen : *mark16;
        if (mark8 || (mark16 && seen && *mark16 != *seen))
            out.odd =
                "the byte-order mark at the beginning names another encoding than the text has; it was "
                "read as UTF-16";
        else if (asked == Encoding::utf8 || asked == Encoding::windows1252)
            out.odd = "the setting encoding names another encoding than the text has; it was read as UTF-16";
    } else if (mark16) {
        out.encoding = asked16 ? Encoding::detect : asked;
        out.odd =
            "the byte-order mark at the beginning says UTF-16, and the text is not; the mark was ignored";
    } else if (mark8) {
        if (asked == Encoding::windows1252)
            out.odd =
                "the setting encoding says Windows-1252, and the byte-order mark says UTF-8; it was read "
                "as UTF-8";
        else if (asked16)
            out.odd = "the setting encoding says UTF-16, and the text is UTF-8; it was read as UTF-8";
        out.encoding = asked == Encoding::utf8 ? Encoding::utf8 : Encoding::detect;
    } else if (asked16 && no_nul) {
        out.contradicts_setting = true;
    }
    return out;
}

std::string Decoder::Lines::text() const {
    std::string out = count == 1 ? "line " : "lines ";
    for (std::size_t i = 0; i < first.size(); ++i) {
        const bool last = i + 1 == first.size() && count == first.size();
        if (i > 0) out += last ? " and " : ", ";
        out += std::to_string(first[i]);
    }
    if (count > first.size()) out += " and " + std::to_string(count - first.size()) + " more";
    return out;
}

std::string Decoder::mixture() const {
    if (utf8_.count == 0 || other_.count == 0) return {};
    const bool mostly_utf8 = utf8_.count >= other_.count;
    const Lines& rare = mostly_utf8 ? other_ : utf8_;
    return rare.text() + (rare.count == 1 ? " is" : " are") +
           (mostly_utf8 ? " not UTF-8 as the rest of the file; read as Windows-1252"
                        : " UTF-8, and the rest of the file is Windows-1252; read as UTF-8");
}

void Decoder::lines(std::string_view bytes, std::string& out) {
    const std::size_t plain = plain_run(bytes.data(), bytes.size());
    if (plain == bytes.size()) {
        line_ += static_cast<std::uint64_t>(std::count(bytes.begin(), bytes.end(), line_end_));
        out.append(bytes);
        return;
    }
    while (!bytes.empty()) {
        const std::size_t at = bytes.find(line_end_);
        const std::size_t n = at == std::string_view::npos ? bytes.size() : at + 1;
        line(bytes.substr(0, n), out);
        if (at != std::string_view::npos) ++line_;
        bytes.remove_prefix(n);
    }
}

void Decoder::line(std::string_view bytes, std::string& out) {
    const std::size_t plain = plain_run(bytes.data(), bytes.size());
    out.append(bytes.substr(0, plain));
    bytes.remove_prefix(plain);
    if (bytes.empty()) return;
    std::size_t whole = 0, broken = 0, nuls = 0;
    bool cut = false;
    for (std::string_view left = bytes; !left.empty();) {
        const std::size_t n = sequence(left);
        whole += n > 1;
        broken += n == 0;
        nuls += left[0] == 0;
        cut = cut || (n == 0 && is_cut(left));
        left.remove_prefix(n == 0 ? 1 : n);
    }
    // In a file of Windows-1252 the last byte may well be a character.
    if (cut && other_.count <= utf8_.count) cut_line_ = line_;
    if (broken > 0) other_.add(line_);
    if (whole > 0) utf8_.add(line_);
    if (nuls > 0) nuls_.add(line_);
    const bool utf8 = encoding_ != Encoding::windows1252;
    if (utf8 && broken == 0 && nuls == 0) {
        out.append(bytes);
        return;
    }
    bool lost = false;
    while (!bytes.empty()) {
        const std::size_t n = utf8 ? sequence(bytes) : 0;
        if (n > 1) {
            out.append(bytes.substr(0, n));
            bytes.remove_prefix(n);
            continue;
        }
        const auto byte = static_cast<unsigned char>(bytes[0]);
        bytes.remove_prefix(1);
        if (byte == 0) continue;
        const char32_t c = from_windows1252(byte);
        lost = lost || c == replacement;
        put(c, out);
    }
    if (lost) lost_.add(line_);
}

std::vector<std::string> Decoder::damage() const {
    std::vector<std::string> out;
    if (lost_.count > 0)
        out.push_back(lost_.text() + (lost_.count == 1 ? " holds" : " hold") +
                      " bytes that stand for no character; a replacement character was put there");
    if (nuls_.count > 0)
        out.push_back(nuls_.text() + (nuls_.count == 1 ? " holds" : " hold") +
                      " NUL characters; they were taken out");
    if (cut_line_ > 0)
        out.push_back("line " + std::to_string(cut_line_) +
                      " ends within a character: the file may have been cut off on its way");
    return out;
}

void Decoder::units(std::string_view bytes, std::string& out) {
    const auto unit = [&](std::size_t at) -> char32_t {
        const auto a = static_cast<unsigned char>(bytes[at]), b = static_cast<unsigned char>(bytes[at + 1]);
        return encoding_ == Encoding::utf16le ? char32_t(a | b << 8) : char32_t(b | a << 8);
    };
    std::uint64_t lost_line = 0;
    const auto lose = [&] {
        put(replacement, out);
        if (lost_line != line_) lost_.add(lost_line = line_);
    };
    std::size_t at = 0;
    for (; at + 1 < bytes.size(); at += 2) {
        char32_t c = unit(at);
        if (c >= 0xD800 && c < 0xDC00 && at + 3 < bytes.size() && unit(at + 2) >= 0xDC00 &&
            unit(at + 2) < 0xE000) {
            c = 0x10000 + ((c - 0xD800) << 10) + (unit(at + 2) - 0xDC00);
            at += 2;
        } else if (c >= 0xD800 && c < 0xE000) {
            lose();
            continue;
        } else if (c == 0) {
            if (nuls_.first.empty() || nuls_.first.back() != line_) nuls_.add(line_);
            continue;
        }
        put(c, out);
        if (c == static_cast<unsigned char>(line_end_)) ++line_;
    }
    if (at < bytes.size()) lose();  // half a character at the end of the file
}

}  // namespace sendhub::tabular
