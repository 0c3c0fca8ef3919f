#include "hub/match/text/date.hpp"

#include <array>
#include <chrono>

namespace sendhub::match::text {
namespace {

// Up to three parts, each a number or a month's name, and the kind of thing between them.
struct Part {
    int value = 0;
    std::size_t digits = 0;  // 0: a month by name
};

struct Parts {
    std::array<Part, 3> part;
    std::size_t count = 0;
    bool readable = true;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_word(std::string_view word, std::string_view wanted) {
    if (word.size() != wanted.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i)
        if (lower(word[i]) != wanted[i]) return false;
    return true;
}

// 1 … 12 by its name or its first three letters ("sept" too), 0 for another word.
int month_of(std::string_view word) {
    constexpr std::array<std::string_view, 12> names = {"january",   "february", "march",    "april",
                                                        "may",       "june",     "july",     "august",
                                                        "september", "october",  "november", "december"};
    for (std::size_t m = 0; m < names.size(); ++m)
        if (same_word(word, names[m]) || same_word(word, names[m].substr(0, 3)) ||
            (m == 8 && same_word(word, "sept")))
            return static_cast<int>(m + 1);
    return 0;
}

// Words that say nothing: the day of the week, "of", and what follows a number (3rd).
bool is_empty_word(std::string_view word, bool after_number) {
    if (after_number)
        for (const std::string_view ending : {"st", "nd", "rd", "th"})
            if (same_word(word, ending)) return true;
    if (same_word(word, "of") || same_word(word, "the")) return true;
    constexpr std::array<std::string_view, 7> days = {"monday", "tuesday",  "wednesday", "thursday",
                                                      "friday", "saturday", "sunday"};
    for (const auto day : days)
        if (word.size() >= 3 && word.size() <= day.size() && same_word(word, day.substr(0, word.size())))
            return true;
    return false;
}

Parts take_apart(std::string_view raw) {
    Parts out;
    std::size_t i = 0;
    const auto whole = [&] { return out.count == 3 || (out.count == 1 && out.part[0].digits == 8); };
    while (i < raw.size()) {
        const char c = raw[i];
        if (is_digit(c)) {
            Part part;
            for (; i < raw.size() && is_digit(raw[i]); ++i) {
                if (++part.digits <= 8) part.value = part.value * 10 + (raw[i] - '0');
            }
            // YYYYMMDDhhmmss of health messages
            if (out.count == 0 && (part.digits == 14 || part.digits == 12)) {
                part.digits = 8;
                out.part[out.count++] = part;
                return out;
            }
            if (out.count == 3 || part.digits > 8) {
                out.readable = false;
                return out;
            }
            out.part[out.count++] = part;
        } else if (is_letter(c)) {
            const std::size_t from = i;
            while (i < raw.size() && is_letter(raw[i])) ++i;
            const std::string_view word = raw.substr(from, i - from);
            if (same_word(word, "t") && i < raw.size() && is_digit(raw[i]) && whole()) return out;
            if (same_word(word, "z") && whole()) return out;
            const bool after_number = from > 0 && is_digit(raw[from - 1]);
            if (const int month = month_of(word); month != 0 && out.count < 3) {
                out.part[out.count++] = {month, 0};
            } else if (!is_empty_word(word, after_number)) {
                out.readable = false;
                return out;
            }
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            ++i;
            if (whole() && i < raw.size() && is_digit(raw[i])) return out;  // a time of day
        } else if (c == '/' || c == '-' || c == '.' || c == ',' || c == '\\') {
            ++i;
        } else {
            out.readable = c == '+' && whole();  // a time zone
            return out;
        }
    }
    return out;
}

ParsedDate make(int year, int month, int day) {
    ParsedDate out;
    if (year < 1800 || year > 2100 || month < 1 || month > 12 || day < 0 || day > 31) {
        out.quality = ParsedDate::impossible;
        return out;
    }
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day == 0 ? 1 : day)}};
    if (!date.ok()) {
        out.quality = ParsedDate::impossible;
        return out;
    }
    out.days = static_cast<std::int32_t>(std::chrono::sys_days{date}.time_since_epoch().count());
    out.quality = day == 0 ? ParsedDate::day_missing : ParsedDate::full;
    out.year = static_cast<std::int16_t>(year);
    out.month = static_cast<std::int8_t>(month);
    out.day = static_cast<std::int8_t>(day);
    return out;
}

// first/second/year, in the column's order or in the only one that fits.
ParsedDate make_ordered(int first, int second, int year, DateOrder order) {
    const bool uk = order == DateOrder::iso_first_uk;
    const ParsedDate out = uk ? make(year, second, first) : make(year, first, second);
    if (out.quality == ParsedDate::impossible && (first > 12) != (second > 12))
        return uk ? make(year, first, second) : make(year, second, first);
    return out;
}

ParsedDate parse_eight(int value, DateOrder order) {
    const ParsedDate iso = make(value / 10000, value / 100 % 100, value % 100);
    if (iso.quality == ParsedDate::full || iso.quality == ParsedDate::day_missing) return iso;
    const ParsedDate other = make_ordered(value / 1000000, value / 10000 % 100, value % 10000, order);
    return other.quality == ParsedDate::full ? other : iso;
}

}  // namespace

ParsedDate parse_date(std::string_view raw, DateOrder order) {
    const Parts parts = take_apart(raw);
    if (!parts.readable) return {};
    const auto& [a, b, c] = parts.part;
    const bool a_year = a.digits == 4, b_year = b.digits == 4, c_year = c.digits == 4;
    const auto small = [](const Part& p) { return p.digits <= 2; };
    switch (parts.count) {
        case 1:
            return a.digits == 8 ? parse_eight(a.value, order) : ParsedDate{};
        case 2:
            if (a_year && small(b)) return make(a.value, b.value, 0);
            if (b_year && small(a)) return make(b.value, a.value, 0);
            return {};
        default:
            break;
        case 0:
            return {};
    }
    const int by_name = (a.digits == 0) + (b.digits == 0) + (c.digits == 0);
    if (by_name > 1) return {};
    if (a_year && small(b) && small(c))  // 2012-04-03, 2012 Apr 3
        return c.digits == 0 ? make(a.value, c.value, b.value) : make(a.value, b.value, c.value);
    if (c_year && small(a) && small(b)) {
        if (b.digits == 0) return make(c.value, b.value, a.value);  // 3 April 2012
        if (a.digits == 0) return make(c.value, a.value, b.value);  // April 3, 2012
        return make_ordered(a.value, b.value, c.value, order);
    }
    return {};
}

DateOrder guess_order(std::span<const std::string_view> values) {
    std::size_t uk = 0, us = 0;
    for (const auto value : values) {
        const Parts parts = take_apart(value);
        const auto& [a, b, c] = parts.part;
        if (!parts.readable || parts.count != 3 || c.digits != 4 || a.digits == 0 || b.digits == 0 ||
            a.digits > 2 || b.digits > 2)
            continue;
        uk += a.value > 12 && b.value <= 12;
        us += b.value > 12 && a.value <= 12;
    }
    return us > uk ? DateOrder::iso_first_us : DateOrder::iso_first_uk;
}

}  // namespace sendhub::match::text
