#include "plugins/sdk/tabular/dates.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

#include "plugins/sdk/tabular/text.hpp"

namespace sendhub::tabular {
namespace {

using sdk::Date;

bool digit(char c) { return c >= '0' && c <= '9'; }
int digits_value(std::string_view digits) {
    int value = 0;
    for (const char c : digits) value = value * 10 + (c - '0');
    return value;
}
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Two or four digits are read; the cursor moves only on success.
class Cursor {
  public:
    explicit Cursor(std::string_view text) : text_(text) {}
    [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
    [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[at_]; }
    bool take(char c) {
        if (peek() != c || at_end()) return false;
        ++at_;
        return true;
    }
    struct Number {
        int value;
        int digits;
    };
    std::optional<Number> number(int max_digits) {
        int value = 0, n = 0;
        while (n < max_digits && at_ < text_.size() && digit(text_[at_])) {
            value = value * 10 + (text_[at_] - '0');
            ++at_;
            ++n;
        }
        if (n == 0 || digit(peek())) return std::nullopt;
        return Number{value, n};
    }
    std::string_view word() {
        const std::size_t from = at_;
        while (at_ < text_.size() && letter(text_[at_])) ++at_;
        return text_.substr(from, at_ - from);
    }
    void blanks() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
    }
    void skip(std::size_t n) { at_ += n; }
    [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }

  private:
    std::string_view text_;
    std::size_t at_ = 0;
};

unsigned month_of(std::string_view word) {
    constexpr std::array<std::string_view, 12> months = {"january",   "february", "march",    "april",
                                                         "may",       "june",     "july",     "august",
                                                         "september", "october",  "november", "december"};
    if (equals_fold_ascii(word, "sept")) return 9;
    for (unsigned m = 0; m < 12; ++m)
        if (equals_fold_ascii(word, months[m]) || equals_fold_ascii(word, months[m].substr(0, 3)))
            return m + 1;
    return 0;
}

// Tuesday, Tues, Tue.
bool is_day_of_week(std::string_view word) {
    constexpr std::array<std::string_view, 7> days = {"monday", "tuesday",  "wednesday", "thursday",
                                                      "friday", "saturday", "sunday"};
    return word.size() >= 3 && std::any_of(days.begin(), days.end(), [&](std::string_view day) {
               return equals_fold_ascii(word, day.substr(0, word.size()));
           });
}

bool is_ordinal(std::string_view word) {
    for (const std::string_view ending : {"st", "nd", "rd", "th"})
        if (equals_fold_ascii(word, ending)) return true;
    return false;
}

// Summer time in England holds from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of
// October.
bool summer_time(Date date, int utc_hour) {
    const int year = int(date.civil().year());
    auto last_sunday = [&](unsigned month) {
        const std::chrono::year_month_weekday_last day{std::chrono::year(year), std::chrono::month(month),
                                                       std::chrono::weekday_last(std::chrono::Sunday)};
        return static_cast<std::int32_t>(std::chrono::sys_days(day).time_since_epoch().count());
    };
    const int hours = date.days * 24 + utc_hour;
    return hours >= last_sunday(3) * 24 + 1 && hours < last_sunday(10) * 24 + 1;
}

// +01:00, -0500, +01 behind a time. The caller took the sign.
bool offset_follows(Cursor& in, bool& is_utc) {
    const auto offset = in.number(4);
    if (!offset || offset->digits == 1 || offset->digits == 3) return false;
    int minutes = offset->value;
    if (in.take(':')) {
        const auto rest = in.number(2);
        if (offset->digits != 2 || !rest || rest->digits != 2) return false;
        minutes += rest->value;
    }
    is_utc = minutes == 0;
    return in.at_end();
}

class Reader {
  public:
    Reader(std::string_view text, const DateOptions& options) : text_(text), in_(text), options_(options) {}

    ParsedDate run() {
        std::size_t digits = 0;
        while (digits < text_.size() && digit(text_[digits])) ++digits;
        if (digits == 4 && text_.size() == 10 && text_[4] == '-' && text_[7] == '-' && digit(text_[5]) &&
            digit(text_[6]) && digit(text_[8]) && digit(text_[9]))  // nearly all dates of exports
            return whole(digits_value(text_.substr(0, 4)), digits_value(text_.substr(5, 2)),
                         digits_value(text_.substr(8, 2)), false);
        if (digits == 8 || digits == 12 || digits == 14) return run_of_digits(digits);
        if (digits == 5 || text_ == "1") return serial(digits);
        return parts();
    }

  private:
    struct Part {
        int value = 0, digits = 0;  // 0 digits: a month by name
        bool ordinal = false;
        [[nodiscard]] bool name() const { return digits == 0; }
        [[nodiscard]] bool small() const { return digits <= 2; }
        [[nodiscard]] bool is_year() const { return digits == 4; }
    };

    ParsedDate whole(int year, int month, int day, bool inferred) const {
        ParsedDate out{.state = DateState::invalid, .date = {}, .formed = true};
        if (year < options_.first_year || year > 2100 || month < 1 || month > 12 || day < 0) return out;
        if (day == 0) return partial(year, month);
        if (const auto date =
                Date::from_civil(year, static_cast<unsigned>(month), static_cast<unsigned>(day))) {
            out.state = DateState::day;
            out.date = *date;
            out.inferred = inferred;
        }
        return out;
    }
    static ParsedDate partial(int year, int month) {
        return {.state = DateState::partial, .date = {}, .formed = true, .year = year, .month = month};
    }
    static ParsedDate invalid(bool formed = false) {
        return {.state = DateState::invalid, .date = {}, .formed = formed};
    }

    // a/b/year, where only the column says which of the two is the day.
    ParsedDate ordered(int a, int b, int year, bool inferred) const {
        const ParsedDate day_first = whole(year, b, a, inferred), month_first = whole(year, a, b, inferred);
        const bool as_uk = day_first.state == DateState::day, as_us = month_first.state == DateState::day;
        ParsedDate out = options_.order == DateOrder::month_first ? month_first : day_first;
        if (!as_uk && !as_us) return out;
        if (as_uk && as_us) {
            if (a == b) return out;
            if (options_.order == DateOrder::mixed) {
                out = invalid(true);
                out.state = DateState::ambiguous;
            }
            out.evidence = ParsedDate::either;
            return out;
        }
        if (options_.order == DateOrder::mixed) {
            out = as_uk ? day_first : month_first;
        } else if ((options_.order == DateOrder::day_first) != as_uk) {
            out = invalid(true);
            out.state = as_uk ? DateState::day_first : DateState::month_first;
        }
        out.evidence = as_uk ? ParsedDate::day_only : ParsedDate::month_only;
        return out;
    }

    // Two digits are of this century up to 49.
    static int full_year(const Part& year) {
        return year.digits == 2 ? year.value + (year.value < 50 ? 2000 : 1900) : year.value;
    }

    // 20250116, 16012025, 202501160930, 20250116093000. Not both of the first two are dates: 1900 to 2100 as
    // the end of the one would be a month in the other.
    ParsedDate run_of_digits(std::size_t digits) {
        auto number = [&](std::size_t at, std::size_t n) { return digits_value(text_.substr(at, n)); };
        ParsedDate out = whole(number(0, 4), number(4, 2), number(6, 2), false);
        in_.skip(digits);
        if (digits > 8) {
            const int hour = number(8, 2), minute = number(10, 2), second = digits == 14 ? number(12, 2) : 0;
            if (hour > 24 || minute > 59 || second > 60) return invalid();
            if (in_.take('.') && !in_.number(9)) return invalid();
            return zone_follows(out, hour, hour == 0 && minute == 0 && second == 0) ? out : invalid();
        }
        if (out.state == DateState::invalid)
            if (ParsedDate other = ordered(number(0, 2), number(2, 2), number(4, 4), true);
                other.state != DateState::invalid)
                out = other;
        return time_follows(out) ? out : invalid();
    }

    // The number of a day in a spreadsheet, perhaps with a fraction of a day.
    ParsedDate serial(std::size_t digits) const {
        const std::string_view rest = text_.substr(digits);
        if (!rest.empty() && (rest[0] != '.' || rest.size() == 1 ||
                              rest.find_first_not_of("0123456789", 1) != std::string_view::npos))
            return invalid();
        const int serial = digits_value(text_.substr(0, digits));
        ParsedDate out{.state = DateState::day, .date = {}, .inferred = true, .formed = true};
        if (serial == 1)
            out.date = Date::from_civil(1900, 1, 1).value_or(sdk::Date{});
        else if (serial >= 18264 && serial <= 73050)  // 1950 to 2099: other numbers are not dates
            out.date = Date{serial - 25569};          // 25569 is 1970-01-01
        else
            return invalid();
        return out;
    }

    ParsedDate parts() {
        std::size_t count = 0;
        bool named = false;
        char separators[2] = {};
        skip_words();
        while (count < 3 && take_part(part_[count])) {
            named = named || part_[count].name();
            if (++count == 3) break;
            const char separator = take_separator();
            separators[count - 1] = separator;
            if (in_.at_end()) break;
        }
        const auto& [a, b, c] = part_;
        if (count == 0) return invalid();
        if (count < 3) return in_.at_end() && separators[count - 1] == '\0' ? fewer(count) : invalid();
        if (a.name() + b.name() + c.name() > 1) return invalid();
        if (!named && (separators[0] != separators[1] || separators[0] == ',' || separators[0] == '\0' ||
                       a.ordinal || b.ordinal || c.ordinal))
            return invalid();
        ParsedDate out;
        if (a.is_year() && b.small() && c.small())
            out =
                c.name() ? whole(a.value, c.value, b.value, false) : whole(a.value, b.value, c.value, false);
        else if (a.small() && b.small() && !c.name() && (c.is_year() || c.digits == 2) && !c.ordinal)
            out = b.name()   ? whole(full_year(c), b.value, a.value, c.digits == 2)
                  : a.name() ? whole(full_year(c), a.value, b.value, c.digits == 2)
                             : ordered(a.value, b.value, full_year(c), c.digits == 2);
        else
            return invalid();
        return time_follows(out) ? out : invalid();
    }

    // 2015, March 2015, 03/2015, 2015-03; Mar-15 says neither day nor year for certain.
    [[nodiscard]] ParsedDate fewer(std::size_t count) const {
        const auto& [a, b, c] = part_;
        auto known = [&](int year) { return year >= options_.first_year && year <= 2100; };
        if (count == 1 && a.is_year()) return known(a.value) ? partial(a.value, 0) : invalid(true);
        if (count != 2 || a.ordinal || b.ordinal) return invalid();
        const bool year_last = b.is_year() && a.small();
        if (year_last || (a.is_year() && b.small())) {
            const int year = year_last ? b.value : a.value, month = year_last ? a.value : b.value;
            return known(year) && month >= 1 && month <= 12 ? partial(year, month) : invalid(true);
        }
        return a.name() && b.digits == 2 ? partial(0, 0) : invalid();
    }

    // The day of the week, "of" and "the" say nothing.
    void skip_words() {
        for (;;) {
            const Cursor before = in_;
            const std::string_view word = in_.word();
            if (word.empty() ||
                !(is_day_of_week(word) || equals_fold_ascii(word, "of") || equals_fold_ascii(word, "the"))) {
                in_ = before;
                return;
            }
            in_.blanks();
            if (in_.take(',') || in_.take('.')) in_.blanks();
        }
    }
    bool take_part(Part& part) {
        part = {};
        if (letter(in_.peek())) {
            part.value = static_cast<int>(month_of(in_.word()));
            return part.value != 0;
        }
        const auto number = in_.number(4);
        if (!number || number->digits == 3) return false;
        part.value = number->value;
        part.digits = number->digits;
        const Cursor before = in_;
        part.ordinal = number->digits <= 2 && is_ordinal(in_.word());
        if (!part.ordinal) in_ = before;
        return true;
    }
    // '\0': there is none (03APR2012).
    char take_separator() {
        char separator = '\0';
        if (const char c = in_.peek(); c == ' ' || c == '\t') separator = ' ';
        in_.blanks();
        for (const char c : {'-', '/', '.', ',', '\\'})
            if (in_.take(c)) {
                separator = c;
                break;
            }
        in_.blanks();
        skip_words();
        return separator;
    }

    // What may follow a day: nothing, a zone, or a time.
    bool time_follows(ParsedDate& out) {
        if (in_.at_end()) return true;
        if (in_.take('Z')) return in_.at_end();
        if (in_.peek() == '+' || in_.peek() == '-') {  // the day as it is written
            in_.skip(1);
            bool is_utc = false;
            return in_.rest().size() == 5 && in_.rest()[2] == ':' && offset_follows(in_, is_utc);
        }
        if (!in_.take('T')) {
            if (in_.peek() != ' ') return false;
            in_.blanks();
            if (in_.at_end()) return true;
        }
        return clock_follows(out);
    }

    // 09:30, 09:30:00.000, 9:30 pm, 093000 behind a T
    bool clock_follows(ParsedDate& out) {
        std::size_t digits = 0;
        while (digits < in_.rest().size() && digit(in_.rest()[digits])) ++digits;
        if (digits == 4 || digits == 6) {
            const int clock = digits_value(in_.rest().substr(0, digits)) * (digits == 4 ? 100 : 1);
            in_.skip(digits);
            if (clock / 10000 > 24 || clock / 100 % 100 > 59 || clock % 100 > 60) return false;
            return zone_follows(out, clock / 10000, clock == 0);
        }
        const auto hour = in_.number(2);
        if (!hour || hour->value > 24 || !in_.take(':')) return false;
        const auto minute = in_.number(2);
        if (!minute || minute->digits != 2 || minute->value > 59) return false;
        if (in_.take(':')) {
            const auto second = in_.number(2);
            if (!second || second->value > 60) return false;
            if (in_.take('.') || in_.take(','))
                if (!in_.number(9)) return false;
        }
        bool midnight = hour->value == 0 && minute->value == 0;
        const Cursor before = in_;
        in_.blanks();
        const std::string_view half = in_.word();
        if (equals_fold_ascii(half, "am") || equals_fold_ascii(half, "pm")) {
            midnight = midnight || (hour->value == 12 && minute->value == 0 && equals_fold_ascii(half, "am"));
            note_moment(out, midnight);
            return in_.at_end();
        }
        in_ = before;
        return zone_follows(out, hour->value, midnight);
    }

    static void note_moment(ParsedDate& out, bool midnight) {
        if (out.state == DateState::day && !midnight) out.inferred = true;
    }

    // A moment in UTC late on a summer evening is the next day in England. With another offset: the day as it
    // is written.
    bool zone_follows(ParsedDate& out, int hour, bool midnight) {
        note_moment(out, midnight);
        in_.blanks();
        if (in_.at_end()) return true;
        bool is_utc = false;
        if (in_.peek() == '+' || in_.peek() == '-') {
            in_.skip(1);
            if (!offset_follows(in_, is_utc)) return false;
        } else {
            const std::string_view zone = in_.word();
            is_utc = zone == "Z" || zone == "UTC" || zone == "GMT";
            if (!is_utc || !in_.at_end()) return false;
        }
        if (is_utc && out.state == DateState::day && hour == 23 && summer_time(out.date, hour)) {
            ++out.date.days;
            out.inferred = true;
        }
        return true;
    }

    std::string_view text_;
    Cursor in_;
    const DateOptions& options_;
    std::array<Part, 3> part_;
};

}  // namespace

ParsedDate parse_date(std::string_view text, DateOptions options) {
    text = trim(text);
    if (text.empty()) return {};
    if (text.size() > 40) return {.state = DateState::invalid, .date = {}};
    ParsedDate out = Reader(text, options).run();
    if (out.state == DateState::day && out.date == Date::from_civil(1900, 1, 1).value_or(sdk::Date{})) {
        if (options.nineteen_hundred_is_none) return {.state = DateState::no_date, .date = {}};
        if (text == "1") return {.state = DateState::invalid, .date = {}};
    }
    return out;
}

DateOrder OrderEvidence::order() const {
    constexpr std::uint64_t many = 50;
    if (month_only == 0 || day_only >= many * month_only) return DateOrder::day_first;
    if (day_only == 0 || month_only >= many * day_only) return DateOrder::month_first;
    return DateOrder::mixed;
}

std::optional<DateOrder> order_by_name(std::string_view name) {
    if (name == "day_first") return DateOrder::day_first;
    if (name == "month_first") return DateOrder::month_first;
    return std::nullopt;
}

std::string iso_text(Date date) {
    const auto day = date.civil();
    char text[24];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", int(day.year()), unsigned(day.month()),
                  unsigned(day.day()));
    return text;
}

std::string_view fault_of(DateState state) {
    switch (state) {
        case DateState::partial:
            return "has no day or no month";
        case DateState::month_first:
            return "seems to have the month before the day";
        case DateState::day_first:
            return "seems to have the day before the month";
        case DateState::ambiguous:
            return "may have the day or the month first";
        default:
            return "is not a date";
    }
}

std::optional<Date> date_in_name(std::string_view name) {
    std::optional<Date> found;
    auto plausible = [](ParsedDate date) {
        return date.state == DateState::day &&
               date.date >= Date::from_civil(2000, 1, 1).value_or(sdk::Date{}) &&
               date.date < Date::from_civil(2100, 1, 1).value_or(sdk::Date{});
    };
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (!digit(name[i]) || (i > 0 && digit(name[i - 1]))) continue;
        std::size_t run = 0;
        while (i + run < name.size() && digit(name[i + run])) ++run;
        const std::string_view text = name.substr(i, 10);
        if (run == 8 || run == 12 || run == 14) {  // a day, perhaps with a time behind it
            std::string day(name.substr(i, 8));
            if (const auto date = parse_date(day); plausible(date)) found = date.date;
        } else if (text.size() == 10 && (run == 4 || run == 2) &&
                   (i + 10 == name.size() || !digit(name[i + 10]))) {
            std::string day(text);
            for (char& c : day)
                if (c == '_' || c == '.') c = '-';
            if (const auto date = parse_date(day); plausible(date)) found = date.date;
        }
        i += run - 1;
    }
    return found;
}

}  // namespace sendhub::tabular
