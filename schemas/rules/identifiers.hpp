// Check rules of the identifiers of a child. Header only, no allocation; both the plugins and the hub use it.
// Sources: DfE guide to unique pupil numbers (check letter, mod 23); NHS Data Dictionary (modulus 11);
// Learning Records Service (ULN, modulus 11).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "schemas/rules/blanks.hpp"

namespace sendhub::rules {

enum class IdState { valid, temporary, invalid };

inline constexpr std::string_view upn_alphabet = "ABCDEFGHJKLMNPQRTUVWXYZ";  // 23 letters: no I, O, S

// Authorities that may stand in characters 2 to 4 of a UPN (education-feeds 1.5), ranges inclusive.
inline constexpr auto la_code_ranges = std::to_array<std::array<int, 2>>(
    {{1, 5},     {201, 213}, {301, 320}, {330, 336}, {340, 344}, {350, 359}, {370, 373}, {380, 384},
     {390, 394}, {420, 420}, {660, 681}, {701, 708}, {800, 803}, {805, 808}, {810, 813}, {815, 815},
     {816, 816}, {820, 823}, {825, 825}, {826, 826}, {830, 830}, {831, 831}, {835, 841}, {845, 845},
     {846, 846}, {850, 852}, {855, 857}, {860, 860}, {861, 861}, {865, 896}, {908, 908}, {909, 909},
     {916, 916}, {919, 919}, {921, 921}, {925, 925}, {926, 926}, {928, 928}, {929, 929}, {931, 931},
     {933, 933}, {935, 938}, {940, 941}});

inline bool is_la_code(int code) {
    if (code <= 0) return false;
    for (const auto& range : la_code_ranges)
        if (code >= range[0] && code <= range[1]) return true;
    return false;
}

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

// 9.43E+09: what a spreadsheet leaves of a long number. Its last digits are lost, or nobody can tell that
// they are not.
inline bool is_exponent_form(std::string_view text) {
    const auto e = text.find_first_of("eE");
    if (e == std::string_view::npos || e == 0) return false;
    const std::string_view mantissa = text.substr(0, e);
    std::string_view exponent = text.substr(e + 1);
    if (exponent.starts_with('+') || exponent.starts_with('-'))
        exponent.remove_prefix(1);
    else if (mantissa.find('.') == std::string_view::npos)
        return false;  // 12E4 may be a local number
    if (exponent.empty() || exponent.size() > 3) return false;
    std::size_t points = 0, digits = 0;
    for (const char c : exponent)
        if (!is_digit(c)) return false;
    for (const char c : mantissa) {
        points += c == '.';
        digits += is_digit(c);
        if (c != '.' && !is_digit(c)) return false;
    }
    return points <= 1 && digits > 0;
}

// Does the text write a number in groups of three: 9,990,000,018?
inline bool has_thousands(std::string_view text) {
    const auto first = text.find(',');
    if (first == std::string_view::npos || first == 0 || first > 3) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool comma = i >= first && (i - first) % 4 == 0;
        if (comma ? text[i] != ',' : !is_digit(text[i])) return false;
    }
    return (text.size() - first) % 4 == 0;
}

// One form of an identifier for every reader: upper case, without the marks of a spreadsheet (="…", a leading
// apostrophe), without blanks, invisible characters and dashes of any kind, without a fraction of zeros
// (9990000018.0), without thousands separators, and without the dots of 943.476.5919. Empty for 9.43E+09.
// Nothing is corrected: O stays O, and a zero that was lost in front stays lost.
inline std::string compact_identifier(std::string_view raw) {
    raw = trim_gaps(raw);
    if (raw.size() >= 3 && raw.starts_with("=\"") && raw.ends_with('"'))
        raw = trim_gaps(raw.substr(2, raw.size() - 3));
    if (raw.starts_with('\'')) raw = trim_gaps(raw.substr(1));
    if (is_exponent_form(raw)) return {};
    std::string out;
    out.reserve(raw.size());
    for (std::size_t i = 0; i < raw.size();) {
        const auto c = static_cast<unsigned char>(raw[i]);
        if (c > ' ' && c < 0x7F) {
            if (c != '-')
                out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : static_cast<char>(c);
            ++i;
            continue;
        }
        const std::string_view rest = raw.substr(i);
        if (const Gap gap = gap_at(rest); gap.kind != Gap::none) {
            i += gap.bytes;
        } else if ((rest.starts_with("\xE2\x80") && rest.size() > 2 && rest[2] >= '\x90' &&
                    rest[2] <= '\x95') ||
                   rest.starts_with("\xE2\x88\x92")) {  // U+2010 to U+2015, minus
            i += 3;
        } else {
            out += raw[i++];
        }
    }
    std::size_t points = 0, others = 0;
    for (const char c : out) {
        points += c == '.';
        others += c != '.' && c != ',' && !is_digit(c);
    }
    if (others > 0) return out;
    if (points == 1) {
        const auto point = out.find('.');
        if (point > 0 && out.find_first_not_of('0', point + 1) == std::string::npos) out.resize(point);
    } else if (points > 1 && out.size() - points == 10 && out.front() != '.' && out.back() != '.') {
        std::erase(out, '.');  // the three groups of an NHS number
    }
    if (has_thousands(out)) std::erase(out, ',');
    return out;
}

// LAESTAB of a school, seven digits: 873/4001, 873 4001, 8734001.0; empty when the text is none.
inline std::string laestab(std::string_view raw) {
    std::string out = compact_identifier(raw);
    std::erase(out, '/');
    for (const char c : out)
        if (!is_digit(c)) return {};
    return out.size() == 7 ? out : std::string();
}

// URN of a school, five or six digits; empty when the text is none.
inline std::string urn(std::string_view raw) {
    std::string out = compact_identifier(raw);
    for (const char c : out)
        if (!is_digit(c)) return {};
    return out.size() == 5 || out.size() == 6 ? out : std::string();
}

// The check letter that belongs to characters 2 to 13 (twelve of them), or 0 if they cannot carry one.
inline char upn_check_letter(std::string_view body) {
    if (body.size() != 12) return 0;
    int sum = 0;
    for (std::size_t i = 0; i < 12; ++i) {
        int value = 0;
        if (is_digit(body[i]))
            value = body[i] - '0';
        else if (i == 11 && upn_alphabet.find(body[i]) != std::string_view::npos)
            value = static_cast<int>(upn_alphabet.find(body[i]));
        else
            return 0;
        sum += value * static_cast<int>(i + 2);
    }
    return upn_alphabet[static_cast<std::size_t>(sum % 23)];
}

// value: compact form. A temporary UPN (letter in the last place) with a right check letter is `temporary`.
inline IdState upn_state(std::string_view value) {
    if (value.size() != 13) return IdState::invalid;
    const char letter = upn_check_letter(value.substr(1));
    if (letter == 0 || letter != value[0]) return IdState::invalid;
    const int la = (value[1] - '0') * 100 + (value[2] - '0') * 10 + (value[3] - '0');
    if (!is_la_code(la)) return IdState::invalid;
    return is_digit(value[12]) ? IdState::valid : IdState::temporary;
}

// Ten digits, weights 10…2 on the first nine, modulus 11; ten equal digits are refused.
inline IdState nhs_number_state(std::string_view value) {
    if (value.size() != 10) return IdState::invalid;
    int sum = 0;
    bool all_same = true;
    for (std::size_t i = 0; i < 10; ++i) {
        if (!is_digit(value[i])) return IdState::invalid;
        if (i < 9) sum += (value[i] - '0') * static_cast<int>(10 - i);
        all_same = all_same && value[i] == value[0];
    }
    const int check = (11 - sum % 11) % 11;
    return !all_same && check != 10 && check == value[9] - '0' ? IdState::valid : IdState::invalid;
}

// Ten digits from 1000000000; 9999999999 means "none" and is refused.
inline IdState uln_state(std::string_view value) {
    if (value.size() != 10 || value[0] == '0' || value == "9999999999") return IdState::invalid;
    int sum = 0;
    for (std::size_t i = 0; i < 10; ++i) {
        if (!is_digit(value[i])) return IdState::invalid;
        if (i < 9) sum += (value[i] - '0') * static_cast<int>(10 - i);
    }
    const int r = sum % 11;
    return r != 0 && 10 - r == value[9] - '0' ? IdState::valid : IdState::invalid;
}

inline std::string_view to_string(IdState state) {
    switch (state) {
        case IdState::valid:
            return "valid";
        case IdState::temporary:
            return "temporary";
        default:
            return "invalid";
    }
}

}  // namespace sendhub::rules
