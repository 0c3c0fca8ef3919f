// Numbers and truth values as spreadsheets leave them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sendhub::tabular {

// 9, 9.0, 1,234 (thousands), +9. Nothing with a real fraction.
std::optional<std::int64_t> parse_integer(std::string_view text);
// 12, 12.5, .5, 1,234.5; at most 15 digits, no exponent.
std::optional<double> parse_decimal(std::string_view text);
// Y/N, Yes/No, True/False, T/F, 1/0, 1.0/0.0; without case.
std::optional<bool> parse_boolean(std::string_view text);

// 9.43E+09: what a spreadsheet leaves of a long number. The digits are lost, so such a value is flagged and
// never mended.
bool is_exponent_form(std::string_view text);

// 873.0 → 873, for text that should be digits only; other text as it is.
std::string_view without_zero_fraction(std::string_view text);

// A code of digits whose leading zeros a spreadsheet dropped: `5` → `005` for width 3. Longer text and text
// that is not digits as it is. For numbers with a fixed width (LA, establishment), never for identifiers of
// children.
std::string with_leading_zeros(std::string_view text, std::size_t width);

}  // namespace sendhub::tabular
