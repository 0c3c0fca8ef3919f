// Days as numbers from 1970-01-01, and the ways the senders write them.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace sendhub::identity::testing {

using Day = std::int32_t;
inline constexpr Day no_day = INT32_MIN;

constexpr Day day(int year, unsigned month, unsigned date) {
    using namespace std::chrono;
    return static_cast<Day>(
        sys_days{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{date}}
            .time_since_epoch()
            .count());
}

struct Civil {
    int year;
    unsigned month;
    unsigned date;
};

constexpr Civil civil(Day d) {
    const std::chrono::year_month_day ymd{std::chrono::sys_days{std::chrono::days{d}}};
    return {static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
            static_cast<unsigned>(ymd.day())};
}

// 0 Monday … 6 Sunday
constexpr int weekday(Day d) { return ((d % 7) + 10) % 7; }

// The day itself, or the Monday after a weekend.
constexpr Day on_weekday(Day d) { return weekday(d) >= 5 ? d + 7 - weekday(d) : d; }

inline constexpr Day academic_year_start = day(2025, 9, 1);
inline constexpr Day first_reporting_day = day(2026, 1, 20);
inline constexpr Day census_day = day(2026, 1, 15);
inline constexpr Day autumn_census_day = day(2025, 10, 2);

inline void append_two(std::string& out, unsigned v) {
    out += static_cast<char>('0' + v / 10);
    out += static_cast<char>('0' + v % 10);
}
inline void append_year(std::string& out, int year) {
    append_two(out, static_cast<unsigned>(year) / 100);
    append_two(out, static_cast<unsigned>(year) % 100);
}
inline void append_iso(std::string& out, Day d) {  // 2026-01-31
    const Civil c = civil(d);
    append_year(out, c.year);
    out += '-';
    append_two(out, c.month);
    out += '-';
    append_two(out, c.date);
}
inline void append_uk(std::string& out, Day d, char between = '/') {  // 31/01/2026
    const Civil c = civil(d);
    append_two(out, c.date);
    out += between;
    append_two(out, c.month);
    out += between;
    append_year(out, c.year);
}
inline void append_collect(std::string& out, Day d) {  // 2026-Jan-31 00:00:00
    static constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const Civil c = civil(d);
    append_year(out, c.year);
    out.append("-").append(months[c.month - 1]).append("-");
    append_two(out, c.date);
    out += " 00:00:00";
}
inline std::string iso(Day d) {
    std::string out;
    if (d != no_day) append_iso(out, d);
    return out;
}
inline std::string uk(Day d) {
    std::string out;
    if (d != no_day) append_uk(out, d);
    return out;
}
inline std::string compact(Day d) {  // 20260131
    const Civil c = civil(d);
    std::string out;
    append_year(out, c.year);
    append_two(out, c.month);
    append_two(out, c.date);
    return out;
}

}  // namespace sendhub::identity::testing
