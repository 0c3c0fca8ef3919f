#include "identity/text/address_postcode.hpp"

#include <algorithm>

#include "identity/text/code_points.hpp"
#include "schemas/rules/postcode.hpp"

namespace sendhub::identity::text {

void standard_postcode(std::string_view raw, Postcode& out) {
    out.text.clear();
    out.valid = out.pseudo = false;
    char compact[8];
    std::size_t size = 0;
    bool gap = false, digit = false;
    while (!raw.empty()) {
        char32_t code = take_code_point(raw);
        if (code >= 0xFF01 && code <= 0xFF5E) code -= 0xFEE0;  // full-width forms
        if (code >= 'a' && code <= 'z') code -= 'a' - 'A';
        const bool number = code >= '0' && code <= '9';
        if (!number && !(code >= 'A' && code <= 'Z') && (code < 0xC0 || (code >= 0x2000 && code <= 0x303F))) {
            gap = true;
            continue;
        }
        digit |= number;
        if (gap && !out.text.empty()) out.text += ' ';
        gap = false;
        append_utf8(out.text, code);
        if (size < sizeof compact) compact[size] = code < 0x80 ? static_cast<char>(code) : '?';
        ++size;
    }
    if (!digit) {
        // a postcode typed with O and I for all its digits is not looked for: no digit, no postcode
        out.text.clear();
        return;
    }
    if (size > 7) return;
    const std::string uk = rules::uk_postcode({compact, size});  // 8 characters: no allocation
    if (uk.empty()) return;
    out.text = uk;
    out.valid = true;
    out.pseudo = uk.starts_with("ZZ");
}

std::string_view district(std::string_view text) { return text.substr(0, text.find(' ')); }

std::string_view sector(std::string_view text) {
    const std::size_t blank = text.find(' ');
    return blank == std::string_view::npos ? text : text.substr(0, blank + 2);
}

std::string_view area(std::string_view text) {
    return text.substr(0, static_cast<std::size_t>(std::find_if(text.begin(), text.end(),
                                                                [](char c) { return c < 'A' || c > 'Z'; }) -
                                                   text.begin()));
}

}  // namespace sendhub::identity::text
