// Five cron fields as sets of numbers. When the next run is, is hub/schedule/cron.hpp.
//
//   minute hour day-of-month month day-of-week
//   30     1    *            *     *            every night at half past one
//   0      7    1-7          jan,sep mon-fri/2  …
//
// A field is a list (,) of: * or a number or a range a-b, each with an optional step /n. Months and days of
// the week may be named by their first three letters. Sunday is 0 or 7. As in cron: when both day fields are
// restricted, a day that meets either of them counts.
#pragma once

#include <bitset>
#include <expected>
#include <string>
#include <string_view>

namespace sendhub::config {

struct CronExpression {
    std::bitset<60> minutes;
    std::bitset<24> hours;
    std::bitset<32> days;     // 1…31
    std::bitset<13> months;   // 1…12
    std::bitset<7> weekdays;  // 0 Sunday … 6
    bool any_day = false;     // the field begins with *
    bool any_weekday = false;

    [[nodiscard]] bool matches_day(unsigned month, unsigned day, unsigned weekday) const {
        if (!months.test(month)) return false;
        const bool by_day = days.test(day), by_weekday = weekdays.test(weekday);
        return any_day || any_weekday ? by_day && by_weekday : by_day || by_weekday;
    }
    friend bool operator==(const CronExpression&, const CronExpression&) = default;
};

// What is wrong, and at which character (from 1) of the text.
struct CronError {
    std::size_t position = 0;
    std::string sentence;
    friend bool operator==(const CronError&, const CronError&) = default;
};

// Expressions that can never be met (30 February) are errors too.
[[nodiscard]] std::expected<CronExpression, CronError> parse_cron(std::string_view text);

}  // namespace sendhub::config
