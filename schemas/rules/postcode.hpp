// The form of a UK postcode, and the typing errors that its positions put right. Header only.
// Source: Royal Mail, PAF programmers' guide (valid formats; letters not used in the inward part).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sendhub::rules {

// compact: upper-case letters and digits, nothing between. "LS83DR" and "LS83OR"-like mistakes give "LS8
// 3DR"; what has no such form gives an empty text. ZZ99 3VZ and the other pseudo postcodes of the ONS have
// the form.
inline std::string uk_postcode(std::string_view compact) {
    if (compact.size() < 5 || compact.size() > 7) return {};
    auto mended = [](char c, char wanted) -> char {  // A a letter, 9 a digit; 0 if it can be neither
        if (wanted == 'A') {
            if (c == '0') c = 'O';
            if (c == '1') c = 'I';
            return c >= 'A' && c <= 'Z' ? c : '\0';
        }
        if (c == 'O') c = '0';
        if (c == 'I') c = '1';
        return c >= '0' && c <= '9' ? c : '\0';
    };
    const std::size_t n = compact.size() - 3;
    std::string out;
    // as written if that is a form, else with the mistakes of a position put right
    for (const bool mend : {false, true}) {
        for (const std::string_view form : {"A9", "A99", "AA9", "AA99", "A9A", "AA9A"}) {
            if (form.size() != n) continue;
            out.clear();
            for (std::size_t i = 0; i < n; ++i) {
                const char c = mended(compact[i], form[i]);
                if (c == '\0' || (!mend && c != compact[i])) break;
                out += c;
            }
            if (out.size() == n) break;
        }
        if (out.size() == n) break;
    }
    if (out.size() != n) return {};
    const bool pseudo = out == "ZZ99";
    out += ' ';
    for (std::size_t i = 0; i < 3; ++i) {
        const char c = mended(compact[n + i], i == 0 ? '9' : 'A');
        if (c == '\0') return {};
        if (i > 0 && !pseudo && std::string_view("CIKMOV").find(c) != std::string_view::npos) return {};
        out += c;
    }
    return out;
}

}  // namespace sendhub::rules
