// Dates as people and systems write them: the one reader of lists, of the census and of `sendhub link`.
// Nothing is invented: what is not a whole day with certainty is reported as such.
//
//   2025-01-16  2025/01/16  20250116  16/01/2025  16/1/25  16-01-2025  16.01.2025  16012025  16-Jan-2025
//   "16 January 2025"  "16th of January 2025"  "January 16, 2025"  "Thu 16 Jan 2025"  "2025-Jan-16 00:00:00"
//   2025-01-16Z  2025-01-16+01:00  2025-01-16T09:30:00  20250116093000  2025-06-30T23:00:00Z (1 July in
//   England) 45673 (serial number of a spreadsheet)
#pragma once

#include <cstdint>
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
    month_first,  // 03/25/2025 in a column with the day first: not taken
    day_first,    // 25/03/2025 in a column with the month first: not taken
    ambiguous,    // 03/04/2025 in a column that mixes both orders: not taken
    invalid
};

// What 03/04/2025 means in a column. Where the year comes first or the month is a name there is no question.
enum class DateOrder : std::uint8_t {
    day_first,
    month_first,
    mixed  // the column has both: only what fits one order is read
};

struct ParsedDate {
    DateState state = DateState::empty;
    sdk::Date date;
    // Read as something other than a plain day with a four-digit year: a serial number, a two-digit year (50
    // and over is 19xx), a moment, 16012025. Keep what the source gave.
    bool inferred = false;
    // What the text says about the order of its column.
    enum Evidence : std::uint8_t { none, day_only, month_only, either } evidence = none;
    bool formed = false;      // of the form of a date, also when there is no such day
    int year = 0, month = 0;  // of partial, as far as they are known
    [[nodiscard]] std::optional<sdk::Date> day() const {
        return state == DateState::day ? std::optional(date) : std::nullopt;
    }
    [[nodiscard]] bool unreadable() const {
        return state != DateState::empty && state != DateState::day && state != DateState::no_date;
    }
};

struct DateOptions {
    bool nineteen_hundred_is_none =
        false;  // 1900-01-01 (and serial 1) stand for "no date" (youth justice, some MIS)
    DateOrder order = DateOrder::day_first;
    int first_year = 1900;  // 1800 or later
};

// Years up to 2100.
ParsedDate parse_date(std::string_view text, DateOptions options = {});

// How many dates of a column fit one order only, and how many fit both with different days.
struct OrderEvidence {
    std::uint64_t day_only = 0, month_only = 0, either = 0;

    void count(const ParsedDate& date) {
        day_only += date.evidence == ParsedDate::day_only;
        month_only += date.evidence == ParsedDate::month_only;
        either += date.evidence == ParsedDate::either;
    }
    // The day comes first (England) unless the column shows the contrary. One date in fifty of the other
    // order is a typing mistake; more means that the column mixes both.
    [[nodiscard]] DateOrder order() const;
    // Dates were read with the day first although the column shows that it is not so throughout.
    [[nodiscard]] bool contradicts_day_first() const { return either > 0 && order() != DateOrder::day_first; }
};

// auto (nothing): by the column; day_first, month_first.
std::optional<DateOrder> order_by_name(std::string_view name);

// 2025-01-16
std::string iso_text(sdk::Date date);

// "is not a date", "has no day or no month": ends a sentence about a value.
std::string_view fault_of(DateState state);

// The day that a file name states (20260119, 2026-01-19, 19-01-2026, 19012026), the last one where there are
// several.
std::optional<sdk::Date> date_in_name(std::string_view name);

}  // namespace sendhub::tabular
