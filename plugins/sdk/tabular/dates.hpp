// Dates as English systems write them. Never month-first, and nothing invented: what is not a whole day is
// said so.
//
//   2025-01-16  2025/01/16  20250116  16/01/2025  16/1/25  16-01-2025  16.01.2025  16-Jan-2025  16 January
//   2025 2025-Jan-16 00:00:00  2025-01-16T09:30:00  2025-06-30T23:00:00Z (1 July in England)  45673
//   (spreadsheet serial)
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <sendhub/values.hpp>

namespace sendhub::tabular {

enum class DateState {
    empty,        // no text
    day,          // a whole day; `date` is set
    no_date,      // 1900-01-01, where that means "no date"
    partial,      // 2015-03, March 2015, 2015: a person must say which day
    month_first,  // 03/25/2025: only a day if the month came first, so it is not taken
    invalid
};

struct ParsedDate {
    DateState state = DateState::empty;
    sdk::Date date;
    // Read as something other than a plain day with a four-digit year: a serial number, a two-digit year (50
    // and over is 19xx), a moment. Keep what the source gave.
    bool inferred = false;
    [[nodiscard]] std::optional<sdk::Date> day() const {
        return state == DateState::day ? std::optional(date) : std::nullopt;
    }
    [[nodiscard]] bool unreadable() const {
        return state == DateState::partial || state == DateState::month_first || state == DateState::invalid;
    }
};

struct DateOptions {
    bool nineteen_hundred_is_none =
        false;  // 1900-01-01 (and serial 1) stand for "no date" (youth justice, some MIS)
};

// text: trimmed. Years 1900 to 2100.
ParsedDate parse_date(std::string_view text, DateOptions options = {});

// 2025-01-16
std::string iso_text(sdk::Date date);

// "is no date", "has no day", "seems to have the month first": ends a sentence about a value.
std::string_view fault_of(DateState state);

// The day that a file name states (20260119, 2026-01-19, 19-01-2026, 19012026), the last one where there are
// several.
std::optional<sdk::Date> date_in_name(std::string_view name);

}  // namespace sendhub::tabular
