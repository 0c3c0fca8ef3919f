// Blanks and invisible characters of Unicode, as they come in with pasted text and exports. Header only.
#pragma once

#include <cstddef>
#include <string_view>

namespace sendhub::rules {

// What stands at the start of a text: a blank (space, tab, line end, no-break space, thin space …), or a
// character that shows nothing and means nothing in a value (control character, zero-width space or joiner,
// soft hyphen, byte-order mark, mark of writing direction …).
struct Gap {
    enum Kind : unsigned char { none, blank, invisible } kind = none;
    unsigned char bytes = 0;
};

inline Gap gap_at(std::string_view text) {
    if (text.empty()) return {};
    auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : static_cast<unsigned char>(0);
    };
    const unsigned char a = byte(0);
    if (a < 0x80) {
        if (a == ' ' || (a >= '\t' && a <= '\r')) return {Gap::blank, 1};
        return a < ' ' || a == 0x7F ? Gap{Gap::invisible, 1} : Gap{};
    }
    const unsigned char b = byte(1), c = byte(2);
    auto within = [](unsigned char value, unsigned from, unsigned to) {
        return value >= from && value <= to;
    };
    switch (a) {
        case 0xC2:                                                  // U+0080 to U+00BF
            if (b == 0xA0 || b == 0x85) return {Gap::blank, 2};     // no-break space, next line
            if (b < 0xA0 && b >= 0x80) return {Gap::invisible, 2};  // control characters
            return b == 0xAD ? Gap{Gap::invisible, 2} : Gap{};      // soft hyphen
        case 0xCD:
            return b == 0x8F ? Gap{Gap::invisible, 2} : Gap{};  // combining grapheme joiner
        case 0xD8:
            return b == 0x9C ? Gap{Gap::invisible, 2} : Gap{};  // Arabic letter mark
        case 0xE1:
            if (b == 0x9A && c == 0x80) return {Gap::blank, 3};                     // Ogham space
            if (b == 0xA0 && within(c, 0x8B, 0x8E)) return {Gap::invisible, 3};     // Mongolian
            if (b == 0x85 && (c == 0x9F || c == 0xA0)) return {Gap::invisible, 3};  // Hangul fillers
            return {};
        case 0xE2:
            if (b == 0x80) {
                if (within(c, 0x80, 0x8A) || c == 0xA8 || c == 0xA9 || c == 0xAF)
                    return {Gap::blank, 3};  // U+2000 to U+200A, line and paragraph end, U+202F
                if (within(c, 0x8B, 0x8F) || within(c, 0xAA, 0xAE)) return {Gap::invisible, 3};
            }
            if (b == 0x81 && c == 0x9F) return {Gap::blank, 3};                  // U+205F
            if (b == 0x81 && within(c, 0xA0, 0xAF)) return {Gap::invisible, 3};  // word joiner …
            if (b == 0xA0 && c == 0x80) return {Gap::blank, 3};                  // empty Braille cell
            return {};
        case 0xE3:
            if (b == 0x80 && c == 0x80) return {Gap::blank, 3};      // ideographic space
            if (b == 0x85 && c == 0xA4) return {Gap::invisible, 3};  // Hangul filler
            return {};
        case 0xEF:
            if (b == 0xBB && c == 0xBF) return {Gap::invisible, 3};              // byte-order mark
            if (b == 0xB8 && within(c, 0x80, 0x8F)) return {Gap::invisible, 3};  // variation selectors
            if (b == 0xBF && within(c, 0xB9, 0xBB)) return {Gap::invisible, 3};  // annotation marks
            return {};
        default:
            return {};
    }
}

// Without blanks and invisible characters at both ends.
inline std::string_view trim_gaps(std::string_view text) {
    for (Gap gap = gap_at(text); gap.kind != Gap::none; gap = gap_at(text)) text.remove_prefix(gap.bytes);
    while (!text.empty()) {
        std::size_t from = text.size() - 1;  // of the last character
        while (from > 0 && text.size() - from < 4 && (static_cast<unsigned char>(text[from]) & 0xC0) == 0x80)
            --from;
        const Gap gap = gap_at(text.substr(from));
        if (gap.kind == Gap::none || from + gap.bytes != text.size()) break;
        text.remove_suffix(gap.bytes);
    }
    return text;
}

}  // namespace sendhub::rules
