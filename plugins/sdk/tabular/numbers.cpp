#include "plugins/sdk/tabular/numbers.hpp"

#include <algorithm>
#include <charconv>

#include "plugins/sdk/tabular/text.hpp"
#include "schemas/rules/identifiers.hpp"

namespace sendhub::tabular {
namespace {

bool digits_only(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "1,234,567" → "1234567"; empty when the commas do not stand where thousands end.
std::optional<std::string> without_thousands(std::string_view text) {
    if (text.find(',') == std::string_view::npos) return std::string(text);
    std::string out;
    std::string_view whole = text.substr(0, text.find('.'));
    for (bool first = true;; first = false) {
        const auto comma = whole.find(',');
        const std::string_view group = whole.substr(0, comma);
        if (!digits_only(group) || (first ? group.size() > 3 : group.size() != 3)) return std::nullopt;
        out += group;
        if (comma == std::string_view::npos) break;
        whole.remove_prefix(comma + 1);
    }
    if (const auto point = text.find('.'); point != std::string_view::npos) out += text.substr(point);
    return out;
}

}  // namespace

std::optional<double> parse_decimal(std::string_view text) {
    text = trim(text);
    double sign = 1;
    if (text.starts_with('+') || text.starts_with('-')) {
        if (text[0] == '-') sign = -1;
        text.remove_prefix(1);
    }
    const auto plain = without_thousands(text);
    if (!plain || plain->empty() || plain->size() > 17) return std::nullopt;
    std::size_t digits = 0, points = 0;
    for (const char c : *plain) {
        if (c >= '0' && c <= '9')
            ++digits;
        else if (c == '.')
            ++points;
        else
            return std::nullopt;
    }
    if (digits == 0 || digits > 15 || points > 1) return std::nullopt;
    double value = 0;
    const auto [end, error] =
        std::from_chars(plain->data(), plain->data() + plain->size(), value, std::chars_format::fixed);
    if (error != std::errc{} || end != plain->data() + plain->size()) return std::nullopt;
    return sign * value;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
    const auto value = parse_decimal(text);
    if (!value || *value != static_cast<double>(static_cast<std::int64_t>(*value))) return std::nullopt;
    return static_cast<std::int64_t>(*value);
}

std::optional<bool> parse_boolean(std::string_view text) {
    const std::string word = fold(text);
    for (const std::string_view yes : {"y", "yes", "true", "t", "1", "1.0"})
        if (word == yes) return true;
    for (const std::string_view no : {"n", "no", "false", "f", "0", "0.0"})
        if (word == no) return false;
    return std::nullopt;
}

bool is_exponent_form(std::string_view text) { return rules::is_exponent_form(trim(text)); }

std::string_view without_zero_fraction(std::string_view text) {
    const auto point = text.find('.');
    if (point == std::string_view::npos || !digits_only(text.substr(0, point))) return text;
    const std::string_view fraction = text.substr(point + 1);
    const bool zeros = std::all_of(fraction.begin(), fraction.end(), [](char c) { return c == '0'; });
    return zeros ? text.substr(0, point) : text;
}

std::string with_leading_zeros(std::string_view text, std::size_t width) {
    text = without_zero_fraction(trim(text));
    if (!digits_only(text) || text.size() >= width) return std::string(text);
    return std::string(width - text.size(), '0') + std::string(text);
}

}  // namespace sendhub::tabular
