#include "base/time.hpp"

#include <charconv>
#include <cstdio>

namespace sendhub {
namespace {

using std::chrono::sys_days;

std::optional<int> number(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || text.front() == '-') return std::nullopt;
    return value;
}

struct Parts {
    int year;
    unsigned month, day;
    long hour, minute, second, milli;
};

Parts parts_of(Micros time) {
    const auto point = std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(time));
    const auto day = std::chrono::floor<std::chrono::days>(point);
    const std::chrono::year_month_day ymd(day);
    const std::chrono::hh_mm_ss<std::chrono::microseconds> clock(point - day);
    return {int(ymd.year()),
            unsigned(ymd.month()),
            unsigned(ymd.day()),
            clock.hours().count(),
            clock.minutes().count(),
            clock.seconds().count(),
            clock.subseconds().count() / 1000};
}

}  // namespace

Micros now_micros() {
    return std::chrono::duration_cast<std::chrono::microseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::string format_time(Micros time) {
    const Parts p = parts_of(time);
    char text[40];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02ld:%02ld:%02ld.%03ldZ", p.year, p.month, p.day,
                  p.hour, p.minute, p.second, p.milli);
    return text;
}

std::string format_compact_time(Micros time) {
    const Parts p = parts_of(time);
    char text[40];
    std::snprintf(text, sizeof text, "%04d%02u%02uT%02ld%02ld%02ldZ", p.year, p.month, p.day, p.hour,
                  p.minute, p.second);
    return text;
}

std::string format_date(Days day) {
    const Parts p = parts_of(static_cast<Micros>(day) * 86'400'000'000);
    char text[24];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", p.year, p.month, p.day);
    return text;
}

std::optional<Days> parse_iso_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = number(text.substr(0, 4)), month = number(text.substr(5, 2)),
               day = number(text.substr(8, 2));
    if (!year || !month || !day) return std::nullopt;
    const std::chrono::year_month_day ymd{std::chrono::year(*year),
                                          std::chrono::month(static_cast<unsigned>(*month)),
                                          std::chrono::day(static_cast<unsigned>(*day))};
    if (!ymd.ok()) return std::nullopt;
    return static_cast<Days>(sys_days(ymd).time_since_epoch().count());
}

std::optional<Micros> parse_time(std::string_view text) {
    if (text.size() < 20 || (text[10] != 'T' && text[10] != 't' && text[10] != ' ') || text[13] != ':' ||
        text[16] != ':')
        return std::nullopt;
    const auto day = parse_iso_date(text.substr(0, 10));
    const auto hour = number(text.substr(11, 2)), minute = number(text.substr(14, 2)),
               second = number(text.substr(17, 2));
    if (!day || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60)
        return std::nullopt;
    std::string_view rest = text.substr(19);
    Micros fraction = 0;
    if (!rest.empty() && rest.front() == '.') {
        rest.remove_prefix(1);
        Micros unit = 100'000;
        while (!rest.empty() && rest.front() >= '0' && rest.front() <= '9') {
            fraction += unit * (rest.front() - '0');
            unit /= 10;
            rest.remove_prefix(1);
        }
    }
    Micros offset = 0;
    if (rest == "Z" || rest == "z") {
        offset = 0;
    } else if (rest.size() == 6 && (rest[0] == '+' || rest[0] == '-') && rest[3] == ':') {
        const auto h = number(rest.substr(1, 2)), m = number(rest.substr(4, 2));
        if (!h || !m || *h > 23 || *m > 59) return std::nullopt;
        offset = (rest[0] == '-' ? -1 : 1) * (*h * 60 + *m) * Micros{60'000'000};
    } else {
        return std::nullopt;
    }
    return Micros{*day} * 86'400'000'000 + (Micros{*hour} * 3600 + *minute * 60 + *second) * 1'000'000 +
           fraction - offset;
}

}  // namespace sendhub
