// Text of a census as values. By hand and without allocation: a county has some ten million of these.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <sendhub/values.hpp>

#include "plugins/sdk/tabular/dates.hpp"

namespace sendhub::census {

std::string_view trim(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);  // ASCII

// A date as the reader of all connectors reads it, with the day first (plugins/sdk/tabular/dates.hpp).
// Nothing when it is not a whole day. evidence: of the order of the return's dates.
std::optional<sdk::Date> to_date(std::string_view text, tabular::OrderEvidence* evidence = nullptr);
// 9, 9.0 (COLLECT), never negative. Nothing when it is anything else.
std::optional<std::int64_t> to_count(std::string_view text);
// 0/1, true/false, yes/no, y/n in any case.
std::optional<bool> to_truth(std::string_view text);
// Is a number above zero written here (hours)?
bool is_above_zero(std::string_view text);

// UPRN without a .0 behind it. Empty when it stands for "not known" (-1, 0, 1); nothing when it is no UPRN (1
// to 12 digits).
std::optional<std::string_view> to_uprn(std::string_view text);

// LA number (3 digits) and establishment number (4 digits), zeros in front put back. False when they are no
// such numbers.
bool to_laestab(std::string_view lea, std::string_view estab, std::string& out);

// Year in which the academic year of the day began (1 September).
int academic_year_start(sdk::Date day);

}  // namespace sendhub::census
