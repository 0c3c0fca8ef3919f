#include "plugins/sdk/tabular/dates.hpp"

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
        while (peek() == ' ') ++at_;
    }
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

ParsedDate whole(int year, unsigned month, unsigned day, bool inferred) {
    if (year < 1900 || year > 2100) return {DateState::invalid, {}, false};
    if (const auto date = Date::from_civil(year, month, day)) return {DateState::day, *date, inferred};
    return {DateState::invalid, {}, false};
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

// What may follow a day: nothing, or a time. A moment in UTC late on a summer evening is the next day in
// England.
bool time_follows(Cursor& in, ParsedDate& out) {
    if (in.at_end()) return true;
    if (!in.take('T')) {
        if (in.peek() != ' ') return false;
        in.blanks();
        if (in.at_end()) return true;
    }
    const auto hour = in.number(2);
    if (!hour || hour->value > 24 || !in.take(':')) return false;
    const auto minute = in.number(2);
    if (!minute || minute->digits != 2 || minute->value > 59) return false;
    if (in.take(':')) {
        const auto second = in.number(2);
        if (!second || second->value > 60) return false;
        if (in.take('.') || in.take(','))
            if (!in.number(9)) return false;
    }
    in.blanks();
    bool midnight = hour->value == 0 && minute->value == 0;
    if (letter(in.peek()) && in.peek() != 'Z') {
        const std::string_view half = in.word();
        if (!equals_fold_ascii(half, "am") && !equals_fold_ascii(half, "pm")) return false;
        midnight = midnight || (hour->value == 12 && minute->value == 0 && equals_fold_ascii(half, "am"));
    } else if (in.take('Z') || in.rest() == "+00:00" || in.rest() == "+0000") {
        if (out.state == DateState::day && hour->value == 23 && summer_time(out.date, hour->value)) {
            ++out.date.days;
            out.inferred = true;
        }
        while (!in.at_end()) in = Cursor(in.rest().substr(1));
    } else if (in.peek() == '+' || in.peek() == '-') {
        in = Cursor(in.rest().substr(1));  // another offset: the day as written there
        const auto offset = in.number(4);
        if (!offset) return false;
        if (in.take(':') && !in.number(2)) return false;
    }
    if (!in.at_end()) return false;
    out.inferred = out.inferred || !midnight;
    return true;
}

int full_year(Cursor::Number year) {
    return year.digits == 2 ? year.value + (year.value < 50 ? 2000 : 1900) : year.value;
}

ParsedDate parse(std::string_view text) {
    const ParsedDate invalid{DateState::invalid, {}, false};
    Cursor in(text);
    ParsedDate out = invalid;
    if (letter(in.peek())) {  // March 2015; Mon 16 Jan 2025 is nobody's export
        const unsigned month = month_of(in.word());
        if (month == 0) return invalid;
        if (!in.take('-')) in.blanks();
        const auto year = in.number(4);
        return year && in.at_end() && year->digits != 1 && year->digits != 3
                   ? ParsedDate{DateState::partial, {}, false}
                   : invalid;
    }

    std::size_t digits = 0;
    while (digits < text.size() && digit(text[digits])) ++digits;
    if (digits == 8) {
        const int value = digits_value(text.substr(0, 8));
        in = Cursor(text.substr(8));
        out = whole(value / 10000, static_cast<unsigned>(value / 100 % 100),
                    static_cast<unsigned>(value % 100), false);
        return time_follows(in, out) ? out : invalid;
    }
    if (digits == 5 ||
        (digits == 1 && text == "1")) {  // spreadsheet serial, perhaps with a fraction of a day
        const int serial = digits_value(text.substr(0, digits));
        std::string_view rest = text.substr(digits);
        if (!rest.empty()) {
            if (rest[0] != '.' || rest.size() == 1) return invalid;
            for (const char c : rest.substr(1))
                if (!digit(c)) return invalid;
        }
        if (serial == 1) return {DateState::day, Date::from_civil(1900, 1, 1).value_or(sdk::Date{}), true};
        if (serial < 18264 || serial > 73050) return invalid;  // 1950 to 2099: other numbers are no dates
        return {DateState::day, Date{serial - 25569}, true};   // 25569 is 1970-01-01
    }

    const auto first = in.number(4);
    if (!first) return invalid;
    if (in.at_end())
        return {first->digits == 4 && first->value >= 1900 && first->value <= 2100 ? DateState::partial
                                                                                   : DateState::invalid,
                {},
                false};
    const char separator = in.peek();
    if (separator != '-' && separator != '/' && separator != '.' && separator != ' ') return invalid;
    in.take(separator);
    if (separator == ' ') in.blanks();

    if (first->digits == 4) {  // year first
        if (first->value < 1900 || first->value > 2100) return invalid;
        unsigned month;
        if (letter(in.peek()))
            month = month_of(in.word());
        else {
            const auto number = in.number(2);
            month = number ? static_cast<unsigned>(number->value) : 0;
        }
        if (month < 1 || month > 12) return invalid;
        if (in.at_end()) return {DateState::partial, {}, false};
        if (!in.take(separator)) return invalid;
        const auto day = in.number(2);
        if (!day) return invalid;
        out = whole(first->value, month, static_cast<unsigned>(day->value), false);
        return time_follows(in, out) ? out : invalid;
    }
    if (first->digits > 2) return invalid;
    if (letter(in.peek())) {  // 16-Jan-2025, 16 January 25
        const unsigned month = month_of(in.word());
        if (month == 0 || !in.take(separator)) return invalid;
        if (separator == ' ') in.blanks();
        const auto year = in.number(4);
        if (!year || (year->digits != 2 && year->digits != 4)) return invalid;
        out = whole(full_year(*year), month, static_cast<unsigned>(first->value), year->digits == 2);
        return time_follows(in, out) ? out : invalid;
    }
    const auto second = in.number(4);
    if (!second) return invalid;
    if (in.at_end())  // 03/2015
        return {second->digits == 4 && first->value >= 1 && first->value <= 12 && second->value >= 1900 &&
                        second->value <= 2100
                    ? DateState::partial
                    : DateState::invalid,
                {},
                false};
    if (second->digits > 2 || !in.take(separator)) return invalid;
    const auto year = in.number(4);
    if (!year || (year->digits != 2 && year->digits != 4)) return invalid;
    out = whole(full_year(*year), static_cast<unsigned>(second->value), static_cast<unsigned>(first->value),
                year->digits == 2);
    if (!time_follows(in, out)) return invalid;
    if (out.state == DateState::invalid && second->value > 12 && first->value >= 1 && first->value <= 12 &&
        second->value <= 31)
        out.state = DateState::month_first;
    return out;
}

}  // namespace

ParsedDate parse_date(std::string_view text, DateOptions options) {
    text = trim(text);
    if (text.empty()) return {};
    if (text.size() > 40) return {DateState::invalid, {}, false};
    ParsedDate out = parse(text);
    if (out.state == DateState::day && out.date == Date::from_civil(1900, 1, 1).value_or(sdk::Date{})) {
        if (options.nineteen_hundred_is_none) return {DateState::no_date, {}, false};
        if (text == "1") return {DateState::invalid, {}, false};
    }
    return out;
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
        default:
            return "is no date";
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
            if (const auto date = parse_date(day); plausible(date))
                found = date.date;
            else if (const auto uk =
                         parse_date(day.substr(0, 2) + "/" + day.substr(2, 2) + "/" + day.substr(4));
                     plausible(uk))
                found = uk.date;
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
