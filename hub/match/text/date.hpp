// Dates of birth (and others of a person's life) as people and systems write them.
//
//   2012-04-03  20120403  03/04/2012  3.4.2012  03-Apr-2012  "3rd April 2012"  2012-04-03T00:00:00Z    full
//   2012-04  04/2012  "April 2012"  2012-04-00 day_missing 2012-02-30  31/04/2012  1799-01-01 impossible
//   03/04/12 (a year of two digits is no year)  "unknown"  ""                                        none
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace sendhub::match::text {

struct ParsedDate {
    enum Quality : std::uint8_t { none, full, day_missing, impossible };
    std::int32_t days =
        0;  // since 1970-01-01; of the first of the month when the day is missing; 0 if no date
    Quality quality = none;
    std::int16_t year = 0;
    std::int8_t month = 0, day = 0;  // day 0: missing
};

// What "03/04/2012" means. A form that begins with the year means the same in both.
enum class DateOrder : std::uint8_t { iso_first_uk, iso_first_us };

// Years 1800 to 2100. Where a part can only be the day (13/04 and 04/13), it is the day in either order. What
// follows a whole date after a blank or a T and begins with a digit is a time of day and not looked at.
ParsedDate parse_date(std::string_view raw, DateOrder order);

// For a column: the order in which more of the values can be read where only one order fits; the UK's on a
// tie.
DateOrder guess_order(std::span<const std::string_view> values);

}  // namespace sendhub::match::text
