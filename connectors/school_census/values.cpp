#include "connectors/school_census/values.hpp"

#include "schemas/rules/identifiers.hpp"

namespace sendhub::census {
namespace {

using rules::is_digit;

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

// Digits from position on; -1 if one of them is none.
int digits(std::string_view text, std::size_t from, std::size_t count) {
    int value = 0;
    for (std::size_t i = from; i < from + count; ++i) {
        if (!is_digit(text[i])) return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

unsigned month_of_name(std::string_view name) {
    constexpr std::string_view names = "janfebmaraprmayjunjulaugsepoctnovdec";
    const char key[3] = {lower(name[0]), lower(name[1]), lower(name[2])};
    for (unsigned m = 0; m < 12; ++m)
        if (names.substr(m * 3, 3) == std::string_view(key, 3)) return m + 1;
    return 0;
}

std::optional<sdk::Date> civil(int year, int month, int day) {
    if (year < 1 || month < 1 || day < 1) return std::nullopt;
    return sdk::Date::from_civil(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
}

// Cuts ".0", ".00" … off a whole number that went through a spreadsheet.
std::string_view without_zero_fraction(std::string_view text) {
    const auto dot = text.find('.');
    if (dot == std::string_view::npos || text.find_first_not_of('0', dot + 1) != std::string_view::npos)
        return text;
    return text.substr(0, dot);
}

}  // namespace

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (lower(a[i]) != lower(b[i])) return false;
    return true;
}

std::optional<sdk::Date> to_date(std::string_view text) {
    // What may stand behind the day: a time, as XML (T) or COLLECT (blank) write it.
    const auto ends_at = [&](std::size_t n) { return text.size() == n || text[n] == 'T' || text[n] == ' '; };
    if (text.size() < 10) return std::nullopt;
    if (text[4] == '-' && text[7] == '-' && ends_at(10))
        return civil(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2));
    if (text.size() >= 11 && text[4] == '-' && text[8] == '-' && ends_at(11))
        return civil(digits(text, 0, 4), static_cast<int>(month_of_name(text.substr(5, 3))),
                     digits(text, 9, 2));
    if (text[2] == '/' && text[5] == '/' && ends_at(10))
        return civil(digits(text, 6, 4), digits(text, 3, 2), digits(text, 0, 2));
    return std::nullopt;
}

std::optional<std::int64_t> to_count(std::string_view text) {
    text = without_zero_fraction(text);
    if (text.empty() || text.size() > 9) return std::nullopt;
    const int value = digits(text, 0, text.size());
    if (value < 0) return std::nullopt;
    return value;
}

std::optional<bool> to_truth(std::string_view text) {
    text = without_zero_fraction(text);
    for (const std::string_view yes : {"1", "true", "y", "yes"})
        if (equal_ignoring_case(text, yes)) return true;
    for (const std::string_view no : {"0", "false", "n", "no"})
        if (equal_ignoring_case(text, no)) return false;
    return std::nullopt;
}

bool is_above_zero(std::string_view text) {
    bool above = false;
    for (const char c : text) {
        if (!is_digit(c) && c != '.') return false;
        above = above || (c >= '1' && c <= '9');
    }
    return above;
}

std::optional<std::string_view> to_uprn(std::string_view text) {
    text = without_zero_fraction(text);
    if (text == "-1") return std::string_view{};
    while (text.size() > 1 && text.front() == '0') text.remove_prefix(1);
    if (text.empty() || text.size() > 12) return std::nullopt;
    for (const char c : text)
        if (!is_digit(c)) return std::nullopt;
    if (text == "0" || text == "1") return std::string_view{};
    return text;
}

bool to_laestab(std::string_view lea, std::string_view estab, std::string& out) {
    lea = without_zero_fraction(lea);
    estab = without_zero_fraction(estab);
    out.clear();
    if (lea.empty() || lea.size() > 3 || estab.empty() || estab.size() > 4) return false;
    if (digits(lea, 0, lea.size()) <= 0 || digits(estab, 0, estab.size()) <= 0) return false;
    out.append(3 - lea.size(), '0').append(lea).append(4 - estab.size(), '0').append(estab);
    return true;
}

int academic_year_start(sdk::Date day) {
    const auto ymd = day.civil();
    return static_cast<unsigned>(ymd.month()) >= 9 ? static_cast<int>(ymd.year())
                                                   : static_cast<int>(ymd.year()) - 1;
}

}  // namespace sendhub::census
