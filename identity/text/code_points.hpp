// UTF-8 to code points and back, for this library's own use.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "schemas/rules/utf8.hpp"

namespace sendhub::identity::text {

inline bool is_ascii(std::string_view text) {
    std::uint64_t word = 0, seen = 0;
    for (; text.size() >= sizeof word; text.remove_prefix(sizeof word)) {
        std::memcpy(&word, text.data(), sizeof word);
        seen |= word;
    }
    for (const char c : text) seen |= static_cast<unsigned char>(c);
    return (seen & 0x8080'8080'8080'8080) == 0;
}

// Takes the first code point off a text that is not empty. A byte that begins no well-formed sequence is read
// as Windows-1252 has it.
inline char32_t take_code_point(std::string_view& text) {
    const auto byte = [&](std::size_t i) {
        return static_cast<char32_t>(static_cast<unsigned char>(text[i]));
    };
    const std::size_t length = rules::utf8_sequence_length(text);
    char32_t code = byte(0);
    switch (length) {
        case 2:
            code = (code & 0x1F) << 6 | (byte(1) & 0x3F);
            break;
        case 3:
            code = (code & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
            break;
        case 4:
            code = (code & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F);
            break;
        case 0:
            if (code < 0xA0) {  // 0x80 … 0x9F: quotes, dashes and a few letters, not Latin-1's control codes
                static constexpr std::array<char16_t, 32> windows_1252 = {
                    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
                    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};
                code = windows_1252[code - 0x80];
            }
            break;
        default:
            break;
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
    return code;
}

inline void append_utf8(std::string& out, char32_t code) {
    const auto put = [&](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0 | code >> 6);
        put(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        put(0xE0 | code >> 12);
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
    } else {
        put(0xF0 | code >> 18);
        put(0x80 | (code >> 12 & 0x3F));
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
    }
}

}  // namespace sendhub::identity::text
