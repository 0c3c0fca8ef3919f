#include "connectors/school_census/census_values.hpp"

#include "schemas/rules/blanks.hpp"
#include "schemas/rules/identifiers.hpp"

namespace sendhub::census {
namespace {

using rules::is_digit;

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

// Cuts ".0", ".00" … off a whole number that went through a spreadsheet.
std::string_view without_zero_fraction(std::string_view text) {
    const auto dot = text.find('.');
    if (dot == std::string_view::npos || text.find_first_not_of('0', dot + 1) != std::string_view::npos)
        return text;
    return text.substr(0, dot);
}

}  // namespace

std::string_view trim(std::string_view text) { return rules::trim_gaps(text); }

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (lower(a[i]) != lower(b[i])) return false;
    return true;
}

std::optional<sdk::Date> to_date(std::string_view text, tabular::OrderEvidence* evidence) {
    const tabular::ParsedDate date = tabular::parse_date(text);
    if (evidence) evidence->count(date);
    return date.day();
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
