#include "hub/config/cron_expression.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

namespace sendhub::config {
namespace {

struct FieldRule {
    std::string_view name;
    unsigned least, most;
    std::span<const std::string_view> names;  // of least, least + 1, …
};

constexpr std::array<std::string_view, 12> month_names{"jan", "feb", "mar", "apr", "may", "jun",
                                                       "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> day_names{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr std::array<FieldRule, 5> rules{{{"minute", 0, 59, {}},
                                          {"hour", 0, 23, {}},
                                          {"day of the month", 1, 31, {}},
                                          {"month", 1, 12, month_names},
                                          {"day of the week", 0, 7, day_names}}};

class Parser {
  public:
    explicit Parser(std::string_view text) : text_(text) {}

    std::expected<CronExpression, CronError> parse() {
        CronExpression out;
        for (std::size_t i = 0; i < rules.size(); ++i) {
            skip_space();
            if (at_end())
                return error("expected the " + std::string(rules[i].name) + ", field " +
                             std::to_string(i + 1) +
                             " of five (minute, hour, day of the month, month, day of the week)");
            std::bitset<64> set;
            const bool star = peek() == '*';
            if (!field(rules[i], set)) return std::unexpected(error_);
            switch (i) {
                case 0:
                    copy(set, out.minutes);
                    break;
                case 1:
                    copy(set, out.hours);
                    break;
                case 2:
                    copy(set, out.days), out.any_day = star;
                    break;
                case 3:
                    copy(set, out.months);
                    break;
                default:
                    if (set.test(7)) set.set(0);
                    copy(set, out.weekdays), out.any_weekday = star;
            }
        }
        skip_space();
        if (!at_end()) return error("expected the end: there are five fields and no more");
        if (!can_be_met(out)) {
            position_ = 0;
            return error("no month that is named has a day that is named, so it would never run");
        }
        return out;
    }

  private:
    template <std::size_t N>
    static void copy(const std::bitset<64>& from, std::bitset<N>& to) {
        for (std::size_t i = 0; i < N; ++i) to[i] = from[i];
    }
    static bool can_be_met(const CronExpression& c) {
        if (!c.any_day && !c.any_weekday) return true;  // the day of the week alone is enough
        constexpr std::array<unsigned, 13> longest{0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        for (unsigned month = 1; month <= 12; ++month)
            for (unsigned day = 1; day <= longest[month]; ++day)
                if (c.months.test(month) && c.days.test(day)) return true;
        return false;
    }

    bool field(const FieldRule& rule, std::bitset<64>& set) {
        do {
            if (!item(rule, set)) return false;
        } while (take(','));
        if (at_end() || is_space(peek())) return true;
        return wrong("expected a space, a comma, a range (a-b) or a step (/n) in the " +
                     std::string(rule.name));
    }

    bool item(const FieldRule& rule, std::bitset<64>& set) {
        const std::size_t start = position_;
        unsigned first = rule.least, last = rule.most;
        bool single = false;
        if (!take('*')) {
            if (!value(rule, first)) return false;
            last = first;
            single = true;
            if (take('-')) {
                if (!value(rule, last)) return false;
                single = false;
                if (last == 0 && rule.most == 7) last = 7;  // fri-sun: Sunday closes the week too
                if (last < first) {
                    position_ = start;
                    return wrong("the range of the " + std::string(rule.name) + " ends before it begins");
                }
            }
        } else if (rule.most == 7) {
            last = 6;  // each day of the week once, or */2 would count Sunday twice
        }
        unsigned step = 1;
        if (take('/')) {
            if (!number(step) || step == 0)
                return wrong("expected a step of 1 or more after / in the " + std::string(rule.name));
            if (single && rule.most == 7) first %= 7;           // 7/2: from Sunday on
            if (single) last = rule.most == 7 ? 6 : rule.most;  // 5/15: from 5 on
        }
        for (unsigned i = first; i <= last; i += std::min(step, 100u)) set.set(i);
        return true;
    }

    bool value(const FieldRule& rule, unsigned& out) {
        for (std::size_t i = 0; i < rule.names.size(); ++i)
            if (same_word(rule.names[i])) {
                position_ += rule.names[i].size();
                out = rule.least + static_cast<unsigned>(i);
                return true;
            }
        const std::size_t start = position_;
        if (number(out) && out >= rule.least && out <= rule.most) return true;
        position_ = start;
        return wrong("expected the " + std::string(rule.name) + ": a number from " +
                     std::to_string(rule.least) + " to " + std::to_string(rule.most) +
                     (rule.names.empty() ? "" : ", a name such as " + std::string(rule.names[1])) + ", or *");
    }

    bool number(unsigned& out) {
        const std::size_t start = position_;
        while (!at_end() && peek() >= '0' && peek() <= '9') ++position_;
        const auto digits = text_.substr(start, position_ - start);
        // Four digits are more than any field takes, and cannot overflow.
        if (digits.empty() || digits.size() > 4) {
            position_ = start;
            return false;
        }
        std::from_chars(digits.data(), digits.data() + digits.size(), out);
        return true;
    }

    bool same_word(std::string_view word) const {
        const auto next = text_.substr(std::min(position_, text_.size()), word.size());
        return next.size() == word.size() &&
               std::equal(next.begin(), next.end(), word.begin(), [](char a, char b) {
                   return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
               });
    }
    static bool is_space(char c) { return c == ' ' || c == '\t'; }
    [[nodiscard]] bool at_end() const { return position_ >= text_.size(); }
    [[nodiscard]] char peek() const { return text_[position_]; }
    bool take(char c) {
        if (at_end() || peek() != c) return false;
        ++position_;
        return true;
    }
    void skip_space() {
        while (!at_end() && is_space(peek())) ++position_;
    }
    bool wrong(std::string sentence) {
        error_ = {position_ + 1, std::move(sentence)};
        return false;
    }
    std::unexpected<CronError> error(std::string sentence) {
        wrong(std::move(sentence));
        return std::unexpected(error_);
    }

    std::string_view text_;
    std::size_t position_ = 0;
    CronError error_;
};

}  // namespace

std::expected<CronExpression, CronError> parse_cron(std::string_view text) { return Parser(text).parse(); }

}  // namespace sendhub::config
