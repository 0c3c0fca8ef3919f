// Dates of birth (and others of a person's life), read by the reader of the connectors
// (plugins/sdk/tabular/dates.hpp), from 1800 on.
//
//   full         every form of a whole day that the connectors read
//   day_missing  2012-04  04/2012  "April 2012"  2012-04-00
//   impossible   2012-02-30  31/04/2012  1799-01-01, and a day that does not fit the order of its column
//   none         "unknown"  2012  ""
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace sendhub::identity::text {

struct ParsedDate {
    enum Quality : std::uint8_t { none, full, day_missing, impossible };
    std::int32_t days =
        0;  // since 1970-01-01; of the first of the month when the day is missing; 0 if no date
    Quality quality = none;
    std::int16_t year = 0;
    std::int8_t month = 0, day = 0;  // day 0: missing
};

// What "03/04/2012" means. A form that begins with the year means the same in all. mixed: the column has
// both, and only what fits one order is read.
enum class DateOrder : std::uint8_t { iso_first_uk, iso_first_us, mixed };

ParsedDate parse_date(std::string_view raw, DateOrder order);

// For a column: the UK's order, unless its values show the contrary.
DateOrder guess_order(std::span<const std::string_view> values);

}  // namespace sendhub::identity::text
