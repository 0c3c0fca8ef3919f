#include "identity/text/fold.hpp"

#include <utf8proc.h>

#include <vector>

#include "identity/text/code_points.hpp"

namespace sendhub::identity::text {
namespace {

// By ASCII code: the letter or digit it becomes, 0 for what parts words, 1 for what vanishes.
constexpr std::array<char, 128> ascii = [] {
    std::array<char, 128> table{};
    for (std::size_t c = '0'; c <= '9'; ++c) table[c] = static_cast<char>(c);
    for (std::size_t c = 'a'; c <= 'z'; ++c) table[c] = table[c - 'a' + 'A'] = static_cast<char>(c);
    table['\''] = table['`'] = 1;
    return table;
}();

bool is_apostrophe(char32_t c) {
    switch (c) {
        case '\'':
        case '`':
        case 0x00B4:  // acute accent typed as an apostrophe
        case 0x02B9:
        case 0x02BB:  // ʻokina
        case 0x02BC:
        case 0x02BD:
        case 0x02BE:  // hamza
        case 0x02BF:  // ayn
        case 0x02C8:
        case 0x02CA:
        case 0x02CB:
        case 0x055A:
        case 0x05F3:
        case 0x1FBD:
        case 0x1FBF:
        case 0x1FEF:
        case 0x1FFD:
        case 0x1FFE:
        case 0x2018:
        case 0x2019:
        case 0x201A:
        case 0x201B:
        case 0x2032:
        case 0x2035:
        case 0xA78B:
        case 0xA78C:
        case 0xFF07:
        case 0xFF40:
            return true;
        default:
            return false;
    }
}

// Letters of the Latin script that Unicode does not take apart, after case folding.
std::string_view spelled_out(char32_t c) {
    switch (c) {
        case 0x00E6:
            return "ae";  // æ
        case 0x0153:
            return "oe";  // œ
        case 0x00F0:
        case 0x0111:
        case 0x0256:
        case 0x0257:
            return "d";  // ð đ ɖ ɗ
        case 0x00F8:
        case 0x0254:
        case 0x0275:
            return "o";  // ø ɔ ɵ
        case 0x00FE:
            return "th";  // þ
        case 0x0127:
            return "h";  // ħ
        case 0x0131:
            return "i";  // ı
        case 0x0142:
            return "l";  // ł
        case 0x014B:
            return "ng";  // ŋ
        case 0x0167:
            return "t";  // ŧ
        case 0x0180:
        case 0x0253:
            return "b";  // ƀ ɓ
        case 0x0192:
            return "f";  // ƒ
        case 0x0199:
            return "k";  // ƙ
        case 0x01B4:
            return "y";  // ƴ
        case 0x01DD:
        case 0x025B:
            return "e";  // ǝ ɛ
        case 0x0259:
            return "a";  // ə, the Azerbaijani letter
        case 0x0268:
            return "i";  // ɨ
        default:
            return {};
    }
}

// Marks that may be left out in writing: accents, and the points of Arabic and Hebrew. The vowel signs of the
// scripts of India and South-East Asia and the voicing marks of kana are not among them: they make another
// letter.
bool is_optional_mark(char32_t c) {
    constexpr std::array<std::array<char32_t, 2>, 11> ranges = {{{0x0300, 0x036F},
                                                                 {0x0483, 0x0489},
                                                                 {0x0591, 0x05C7},
                                                                 {0x0610, 0x061A},
                                                                 {0x064B, 0x065F},
                                                                 {0x0670, 0x0670},
                                                                 {0x06D6, 0x06ED},
                                                                 {0x1AB0, 0x1AFF},
                                                                 {0x1DC0, 0x1DFF},
                                                                 {0x20D0, 0x20FF},
                                                                 {0xFE20, 0xFE2F}}};
    for (const auto& range : ranges)
        if (c >= range[0] && c <= range[1]) {
            const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
            return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME;
        }
    return false;
}

bool parts_words(char32_t c) {
    if (c == 0xFFFD) return false;  // a letter that another system lost: one unknown letter, not a gap
    switch (utf8proc_category(static_cast<utf8proc_int32_t>(c))) {
        case UTF8PROC_CATEGORY_CC:
        case UTF8PROC_CATEGORY_CF:
        case UTF8PROC_CATEGORY_PC:
        case UTF8PROC_CATEGORY_PD:
        case UTF8PROC_CATEGORY_PE:
        case UTF8PROC_CATEGORY_PF:
        case UTF8PROC_CATEGORY_PI:
        case UTF8PROC_CATEGORY_PO:
        case UTF8PROC_CATEGORY_PS:
        case UTF8PROC_CATEGORY_SC:
        case UTF8PROC_CATEGORY_SK:
        case UTF8PROC_CATEGORY_SM:
        case UTF8PROC_CATEGORY_SO:
        case UTF8PROC_CATEGORY_ZL:
        case UTF8PROC_CATEGORY_ZP:
        case UTF8PROC_CATEGORY_ZS:
            return true;
        default:
            return false;
    }
}

void fold_unicode(std::string_view raw, std::string& out) {
    thread_local std::vector<utf8proc_int32_t> codes;
    codes.clear();
    constexpr auto how = static_cast<utf8proc_option_t>(
        UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
    while (!raw.empty()) {
        const char32_t code = take_code_point(raw);
        if (is_apostrophe(code)) continue;
        utf8proc_int32_t parts[32];  // the longest decomposition of one code point is 18
        int boundary = 0;
        const auto n =
            utf8proc_decompose_char(static_cast<utf8proc_int32_t>(code), parts, 32, how, &boundary);
        for (utf8proc_ssize_t i = 0; i < n; ++i) {
            const auto part = static_cast<char32_t>(parts[i]);
            if (is_optional_mark(part) || is_apostrophe(part)) continue;
            const std::string_view latin = spelled_out(part);
            if (latin.empty()) codes.push_back(parts[i]);
            for (const char c : latin) codes.push_back(c);
        }
    }
    // marks that stay in the order Unicode wants, then letter and mark as one where there is such a letter
    for (std::size_t i = 1; i < codes.size(); ++i) {
        const auto of = [](utf8proc_int32_t c) { return utf8proc_get_property(c)->combining_class; };
        for (std::size_t j = i; j > 0 && of(codes[j]) > 0 && of(codes[j - 1]) > of(codes[j]); --j)
            std::swap(codes[j], codes[j - 1]);
    }
    const auto composed =
        utf8proc_normalize_utf32(codes.data(), static_cast<utf8proc_ssize_t>(codes.size()),
                                 static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    codes.resize(static_cast<std::size_t>(composed));
    bool gap = false;
    for (const auto c : codes) {
        if (parts_words(static_cast<char32_t>(c))) {
            gap = true;
            continue;
        }
        if (gap && !out.empty()) out += ' ';
        gap = false;
        append_utf8(out, static_cast<char32_t>(c));
    }
}

}  // namespace

void fold(std::string_view raw, std::string& out) {
    out.clear();
    bool gap = false;
    for (const char raw_char : raw) {
        const auto c = static_cast<unsigned char>(raw_char);
        if (c >= 0x80) {
            out.clear();
            return fold_unicode(raw, out);
        }
        const char to = ascii[c];
        if (to == 0) {
            gap = true;
        } else if (to != 1) {
            if (gap && !out.empty()) out += ' ';
            gap = false;
            out += to;
        }
    }
}

}  // namespace sendhub::identity::text
