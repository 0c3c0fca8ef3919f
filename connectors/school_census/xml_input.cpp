#include "connectors/school_census/xml_input.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include <sendhub/plugin.hpp>

#include "connectors/school_census/census_values.hpp"
#include "schemas/rules/utf8.hpp"

namespace sendhub::census {
namespace {

using sdk::FileRefused;

[[noreturn]] void refuse_nul() {
    throw FileRefused(
        "the file holds NUL characters and is not text; ask the school to export it again (XML-ENCODING)");
}

// Windows-1252, 0x80 to 0x9F; 0 where nothing is assigned.
constexpr std::uint16_t windows_1252_high[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

void append_utf8(std::vector<char>& out, std::uint32_t c) {
    const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0 | (c >> 6));
        put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        put(0xE0 | (c >> 12));
        put(0x80 | ((c >> 6) & 0x3F));
        put(0x80 | (c & 0x3F));
    } else {
        put(0xF0 | (c >> 18));
        put(0x80 | ((c >> 12) & 0x3F));
        put(0x80 | ((c >> 6) & 0x3F));
        put(0x80 | (c & 0x3F));
    }
}

// Bytes from the start that are whole, well-formed characters other than NUL.
std::size_t checked_utf8(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        while (at + 8 <= text.size()) {
            std::uint64_t word;
            std::memcpy(&word, text.data() + at, 8);
            const std::uint64_t has_zero = (word - 0x0101010101010101ULL) & ~word;
            if ((word | has_zero) & 0x8080808080808080ULL) break;
            at += 8;
        }
        if (at == text.size()) break;
        if (text[at] == '\0') refuse_nul();
        const std::size_t n = rules::utf8_sequence_length(text.substr(at));
        if (n == 0) break;
        at += n;
    }
    return at;
}

// What the XML declaration says, lower-case; empty when there is none.
std::string declared_encoding(std::string_view text) {
    if (!text.starts_with("<?xml")) return "";
    const auto end = text.find("?>");
    const auto declaration = text.substr(0, end == std::string_view::npos ? text.size() : end);
    auto at = declaration.find("encoding");
    if (at == std::string_view::npos) return "";
    at = declaration.find_first_of("\"'", at);
    if (at == std::string_view::npos) return "";
    const auto close = declaration.find(declaration[at], at + 1);
    if (close == std::string_view::npos) return "";
    std::string name(declaration.substr(at + 1, close - at - 1));
    for (char& c : name)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    return name;
}

}  // namespace

XmlInput::XmlInput(Read read, std::size_t block_bytes) : read_(std::move(read)), block_(block_bytes) {}

std::size_t XmlInput::read_block(char* to, std::size_t capacity) {
    std::size_t have = 0;
    while (have < capacity) {
        const std::size_t n = read_({to + have, capacity - have});
        if (n == 0) {
            at_end_ = true;
            break;
        }
        have += n;
    }
    bytes_read_ += have;
    return have;
}

void XmlInput::detect() {
    // The byte-order mark and the declaration stand at the very beginning and fit in here.
    constexpr std::size_t enough = 512;
    raw_.resize(std::max(block_, enough));
    raw_.resize(read_block(raw_.data(), raw_.size()));
    const std::string_view start(raw_.data(), raw_.size());
    std::size_t mark = 0;
    if (start.starts_with("\xFF\xFE") || start.starts_with(std::string_view("<\0", 2))) {
        encoding_ = Encoding::utf16_little;
        mark = start[0] == '<' ? 0 : 2;
    } else if (start.starts_with("\xFE\xFF") || start.starts_with(std::string_view("\0<", 2))) {
        encoding_ = Encoding::utf16_big;
        mark = start[0] == '\0' ? 0 : 2;
    } else {
        mark = start.starts_with("\xEF\xBB\xBF") ? 3 : 0;
        const std::string name = declared_encoding(start.substr(mark, enough));
        if (mark == 3 || name.empty() || name == "utf-8" || name == "utf8" || name == "us-ascii" ||
            name == "ascii") {
            encoding_ = Encoding::utf8;
        } else if (name == "windows-1252" || name == "cp1252" || name == "iso-8859-1" || name == "latin1") {
            encoding_ = Encoding::single_byte;
            windows_1252_ = name == "windows-1252" || name == "cp1252";
        } else {
            throw FileRefused(
                "the file says that its encoding is one that sendhub does not read; it reads UTF-8, UTF-16, "
                "Windows-1252 and ISO-8859-1 (XML-ENCODING)");
        }
    }
    raw_.erase(raw_.begin(), raw_.begin() + static_cast<std::ptrdiff_t>(mark));
    if (encoding_ == Encoding::utf8) {
        buffer_ = std::move(raw_);
        filled_ = buffer_.size();
        raw_ = {};
    }
}

bool XmlInput::more() {
    const bool first = encoding_ == Encoding::unknown;
    if (first)
        detect();
    else if (at_end_)
        return false;
    const std::size_t before = size();
    // What is in hand goes to the front.
    if (begin_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, filled_ - begin_);
        end_ -= begin_;
        filled_ -= begin_;
        begin_ = 0;
    }
    do {
        if (encoding_ == Encoding::utf8) {
            if (!first || filled_ == end_) {
                if (buffer_.size() < filled_ + block_) buffer_.resize(filled_ + block_);
                filled_ += read_block(buffer_.data() + filled_, block_);
            }
            accept_utf8();
        } else {
            if (!first) {
                const std::size_t had = raw_.size();
                raw_.resize(had + block_);
                raw_.resize(had + read_block(raw_.data() + had, block_));
            }
            transcode(at_end_);
        }
    } while (size() == before && !at_end_);
    return size() > before;
}

void XmlInput::accept_utf8() {
    const std::string_view fresh(buffer_.data() + end_, filled_ - end_);
    const std::size_t good = checked_utf8(fresh);
    end_ += good;
    // Up to three bytes may be the beginning of a character that the next block ends.
    const std::size_t left = fresh.size() - good;
    if (left > 3 || (left > 0 && at_end_))
        throw FileRefused("the file is not UTF-8 near byte " + std::to_string(bytes_read_ - left) +
                          "; export it as UTF-8, or name its encoding in the XML declaration (XML-ENCODING)");
}

void XmlInput::transcode(bool at_end) {
    buffer_.resize(filled_);
    std::size_t at = 0;
    const auto byte = [&](std::size_t i) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(raw_[i]));
    };
    if (encoding_ == Encoding::single_byte) {
        for (; at < raw_.size(); ++at) {
            std::uint32_t c = byte(at);
            if (c == 0) refuse_nul();
            if (c >= 0x80 && !odd_seen_) {
                if (raw_.size() - at < 4 && !at_end) break;
                odd_seen_ = true;
                if (rules::utf8_sequence_length({raw_.data() + at, raw_.size() - at}) > 1) {
                    // The declaration is wrong. The rest must be UTF-8 throughout, or the file is refused.
                    encoding_ = Encoding::utf8;
                    end_ = buffer_.size();
                    buffer_.insert(buffer_.end(), raw_.begin() + static_cast<std::ptrdiff_t>(at), raw_.end());
                    filled_ = buffer_.size();
                    raw_ = {};
                    return accept_utf8();
                }
            }
            if (windows_1252_ && c >= 0x80 && c < 0xA0) c = windows_1252_high[c - 0x80];
            if (c == 0)
                throw FileRefused(
                    "the file holds a byte that Windows-1252 does not have; export it as UTF-8 "
                    "(XML-ENCODING)");
            append_utf8(buffer_, c);
        }
    } else {
        const auto unit = [&](std::size_t i) {
            return encoding_ == Encoding::utf16_little ? byte(i) | (byte(i + 1) << 8)
                                                       : (byte(i) << 8) | byte(i + 1);
        };
        const auto broken = [] {
            throw FileRefused("the file begins as UTF-16 and is not; export it as UTF-8 (XML-ENCODING)");
        };
        while (at + 2 <= raw_.size()) {
            std::uint32_t c = unit(at);
            if (c == 0) refuse_nul();
            if (c >= 0xDC00 && c < 0xE000) broken();
            if (c >= 0xD800 && c < 0xDC00) {
                if (at + 4 > raw_.size()) break;
                const std::uint32_t low = unit(at + 2);
                if (low < 0xDC00 || low >= 0xE000) broken();
                c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
                at += 2;
            }
            at += 2;
            append_utf8(buffer_, c);
        }
        if (at_end && at < raw_.size()) broken();
    }
    raw_.erase(raw_.begin(), raw_.begin() + static_cast<std::ptrdiff_t>(at));
    end_ = filled_ = buffer_.size();
}

}  // namespace sendhub::census
