// Random filters, over the same rows: the server's way (text → tree → SQL → engine) against an evaluator of
// its own that follows the standard's words and knows neither the parser nor SQL.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <optional>
#include <random>
#include <set>
#include <variant>

#include "hub/serve/odata/expression.hpp"
#include "hub/serve/publication.hpp"
#include "hub/serve/tests/published_folder.hpp"

namespace sendhub::serve::odata {
namespace {

using testing::StateFolder;

// A value in the test's own world. Decimals are ten-thousandths; days and micros are whole numbers.
struct Null {};
struct Day {
    std::int64_t days;
    auto operator<=>(const Day&) const = default;
};
struct Moment {
    std::int64_t micros;
    auto operator<=>(const Moment&) const = default;
};
struct TenThousandths {
    std::int64_t n;
};
using V = std::variant<Null, bool, std::int64_t, TenThousandths, std::string, Day, Moment>;
using Row = std::vector<V>;  // in the order of the dataset's fields, from row_key

bool is_null(const V& v) { return std::holds_alternative<Null>(v); }

// -1, 0, 1 for two values that are not null.
int compare(const V& a, const V& b) {
    const auto sign = [](auto x, auto y) { return x < y ? -1 : y < x ? 1 : 0; };
    const auto number = [](const V& v) {
        return std::holds_alternative<std::int64_t>(v)
                   ? static_cast<long double>(std::get<std::int64_t>(v))
                   : static_cast<long double>(std::get<TenThousandths>(v).n) / 10000.0L;
    };
    const auto moment = [](const V& v) {
        return std::holds_alternative<Day>(v) ? std::get<Day>(v).days * 86'400'000'000
                                              : std::get<Moment>(v).micros;
    };
    if (std::holds_alternative<std::string>(a))
        return sign(std::get<std::string>(a), std::get<std::string>(b));
    if (std::holds_alternative<bool>(a)) return sign(std::get<bool>(a), std::get<bool>(b));
    if (std::holds_alternative<Day>(a) || std::holds_alternative<Moment>(a))
        return sign(moment(a), moment(b));
    return sign(number(a), number(b));
}

std::vector<std::string> characters(const std::string& text) {
    std::vector<std::string> out;
    for (const char c : text) {
        if ((static_cast<unsigned char>(c) & 0xC0) == 0x80)
            out.back() += c;
        else
            out.emplace_back(1, c);
    }
    return out;
}

std::string odata_text(const std::string& text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
    return out + "'";
}

std::string iso_date(std::int64_t days) {
    const std::chrono::year_month_day ymd{std::chrono::sys_days(std::chrono::days(days))};
    char text[16];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", int(ymd.year()), unsigned(ymd.month()),
                  unsigned(ymd.day()));
    return text;
}

// A random expression: its text, and what it is for a row.
struct Sample {
    std::string text;
    std::function<V(const Row&)> value;
};

class Generator {
  public:
    Generator(std::uint32_t seed, const std::vector<Row>& rows) : random_(seed), rows_(rows) {}

    Sample condition(int depth) {
        if (depth <= 0 || pick(4) == 0) return simple();
        switch (pick(5)) {
            case 0: {
                const Sample a = condition(depth - 1);
                return {"not (" + a.text + ")", [a](const Row& r) -> V {
                            const V v = a.value(r);
                            if (is_null(v)) return Null{};
                            return !std::get<bool>(v);
                        }};
            }
            case 1:
            case 2: {
                const Sample a = condition(depth - 1), b = condition(depth - 1);
                return {"(" + a.text + " and " + b.text + ")", [a, b](const Row& r) -> V {
                            const V x = a.value(r), y = b.value(r);
                            if ((!is_null(x) && !std::get<bool>(x)) || (!is_null(y) && !std::get<bool>(y)))
                                return false;
                            if (is_null(x) || is_null(y)) return Null{};
                            return true;
                        }};
            }
            default: {
                const Sample a = condition(depth - 1), b = condition(depth - 1);
                return {"(" + a.text + " or " + b.text + ")", [a, b](const Row& r) -> V {
                            const V x = a.value(r), y = b.value(r);
                            if ((!is_null(x) && std::get<bool>(x)) || (!is_null(y) && std::get<bool>(y)))
                                return true;
                            if (is_null(x) || is_null(y)) return Null{};
                            return false;
                        }};
            }
        }
    }

  private:
    enum class T { text, number, day, truth };

    std::size_t pick(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }

    Sample column(std::size_t index, const char* name) {
        return {name, [index](const Row& r) { return r[index]; }};
    }
    // Literals are drawn from the rows, so that comparisons often hit.
    const V& drawn(std::size_t index) {
        for (;;)
            if (const V& v = rows_[pick(rows_.size())][index]; !is_null(v)) return v;
    }
    static Sample constant(std::string text, V value) {
        return {std::move(text), [value](const Row&) { return value; }};
    }

    Sample text(int depth) {
        switch (pick(depth > 0 ? 9 : 4)) {
            case 0:
                return column(0, "row_key");
            case 1:
            case 2:
                return column(1, "surname");
            case 3: {
                const std::string value = std::get<std::string>(drawn(1));
                return constant(odata_text(value), value);
            }
            case 4:
                return map_text(
                    "toupper", depth,
                    [](std::string s) {
                        for (char& c : s)
                            if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
                        return s;
                    },
                    true);
            case 5:
                return map_text(
                    "tolower", depth,
                    [](std::string s) {
                        for (char& c : s)
                            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
                        return s;
                    },
                    true);
            case 6:
                return map_text(
                    "trim", depth,
                    [](std::string s) {
                        while (!s.empty() && s.front() == ' ') s.erase(0, 1);
                        while (!s.empty() && s.back() == ' ') s.pop_back();
                        return s;
                    },
                    false);
            case 7: {
                const Sample a = text(depth - 1), b = text(depth - 1);
                return {"concat(" + a.text + "," + b.text + ")", [a, b](const Row& r) -> V {
                            const V x = a.value(r), y = b.value(r);
                            if (is_null(x) || is_null(y)) return Null{};
                            return std::get<std::string>(x) + std::get<std::string>(y);
                        }};
            }
            default: {
                const Sample a = text(depth - 1);
                const std::size_t from = pick(9), length = pick(5);
                const bool with_length = pick(2) == 0;
                return {"substring(" + a.text + "," + std::to_string(from) +
                            (with_length ? "," + std::to_string(length) : "") + ")",
                        [a, from, length, with_length](const Row& r) -> V {
                            const V x = a.value(r);
                            if (is_null(x)) return Null{};
                            const auto letters = characters(std::get<std::string>(x));
                            std::string out;
                            for (std::size_t i = from;
                                 i < letters.size() && (!with_length || i < from + length); ++i)
                                out += letters[i];
                            return out;
                        }};
            }
        }
    }
    // Only over ASCII where case is meant: the engine's Unicode tables are not what is tested.
    Sample map_text(const char* name, int depth, std::function<std::string(std::string)> f, bool ascii) {
        const Sample a = ascii ? column(0, "row_key") : text(depth - 1);
        return {std::string(name) + "(" + a.text + ")", [a, f](const Row& r) -> V {
                    const V x = a.value(r);
                    if (is_null(x)) return Null{};
                    return f(std::get<std::string>(x));
                }};
    }

    Sample number(int depth) {
        switch (pick(depth > 0 ? 9 : 6)) {
            case 0:
                return column(5, "visits");
            case 1:
                return column(6, "year_group");
            case 2:
                return column(7, "attendance_percent");
            case 3: {
                const auto value = std::get<std::int64_t>(drawn(5));
                return constant(std::to_string(value), value);
            }
            case 4: {
                const auto value = static_cast<std::int64_t>(pick(16)) - 1;
                return constant(std::to_string(value), value);
            }
            case 5: {
                const auto value = std::get<TenThousandths>(drawn(7)).n;
                char shown[32];
                std::snprintf(shown, sizeof shown, "%lld.%04lld", static_cast<long long>(value / 10000),
                              static_cast<long long>(value % 10000));
                return constant(shown, TenThousandths{value});
            }
            case 6: {
                const Sample a = text(depth - 1);
                return {"length(" + a.text + ")", [a](const Row& r) -> V {
                            const V x = a.value(r);
                            if (is_null(x)) return Null{};
                            return static_cast<std::int64_t>(characters(std::get<std::string>(x)).size());
                        }};
            }
            case 7: {
                const Sample a = text(depth - 1);
                const std::string needle = std::string(1, "ameN0 "[pick(6)]);
                return {"indexof(" + a.text + "," + odata_text(needle) + ")", [a, needle](const Row& r) -> V {
                            const V x = a.value(r);
                            if (is_null(x)) return Null{};
                            const auto letters = characters(std::get<std::string>(x));
                            const auto found = std::find(letters.begin(), letters.end(), needle);
                            return found == letters.end()
                                       ? std::int64_t{-1}
                                       : static_cast<std::int64_t>(found - letters.begin());
                        }};
            }
            default: {
                static constexpr const char* parts[] = {"year", "month", "day"};
                static constexpr const char* clock[] = {"hour", "minute", "second"};
                if (pick(2) == 0) {
                    const std::size_t part = pick(3);
                    const bool of_moment = pick(2) == 0;
                    return {std::string(parts[part]) + (of_moment ? "(seen_at)" : "(born)"),
                            [part, of_moment](const Row& r) -> V {
                                const V& v = r[of_moment ? 4 : 3];
                                if (is_null(v)) return Null{};
                                const std::int64_t days = of_moment
                                                              ? (std::get<Moment>(v).micros / 86'400'000'000)
                                                              : std::get<Day>(v).days;
                                const std::chrono::year_month_day ymd{
                                    std::chrono::sys_days(std::chrono::days(days))};
                                return part == 0   ? std::int64_t{int(ymd.year())}
                                       : part == 1 ? std::int64_t{unsigned(ymd.month())}
                                                   : std::int64_t{unsigned(ymd.day())};
                            }};
                }
                const std::size_t part = pick(3);
                return {std::string(clock[part]) + "(seen_at)", [part](const Row& r) -> V {
                            if (is_null(r[4])) return Null{};
                            const std::int64_t seconds = std::get<Moment>(r[4]).micros / 1'000'000 % 86'400;
                            return part == 0 ? seconds / 3600 : part == 1 ? seconds / 60 % 60 : seconds % 60;
                        }};
            }
        }
    }

    Sample day() {
        switch (pick(5)) {
            case 0:
                return column(3, "born");
            case 1:
                return column(4, "seen_at");
            case 2: {
                const auto days = std::get<Day>(drawn(3)).days;
                return constant(iso_date(days), Day{days});
            }
            case 3: {
                const auto micros = std::get<Moment>(drawn(4)).micros;
                const auto seconds = micros / 1'000'000 % 86'400;
                char clock[16];
                std::snprintf(clock, sizeof clock, "T%02d:%02d:%02dZ", static_cast<int>(seconds / 3600),
                              static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
                return constant(iso_date(micros / 86'400'000'000) + clock, Moment{micros});
            }
            default:
                return {"date(seen_at)", [](const Row& r) -> V {
                            if (is_null(r[4])) return Null{};
                            return Day{std::get<Moment>(r[4]).micros / 86'400'000'000};
                        }};
        }
    }

    Sample of(T type) {
        switch (type) {
            case T::text:
                return text(2);
            case T::number:
                return number(2);
            case T::day:
                return day();
            default:
                return column(8, "sen");
        }
    }

    Sample simple() {
        const std::size_t choice = pick(12);
        if (choice == 0) return column(8, "sen");
        if (choice <= 2) {
            static constexpr const char* names[] = {"contains", "startswith", "endswith"};
            const std::size_t which = pick(3);
            const Sample a = text(1);
            const std::string value = std::get<std::string>(drawn(1));
            const auto letters = characters(value);
            const std::size_t from = pick(letters.size());
            std::string needle;
            for (std::size_t i = from; i < letters.size() && i < from + 3; ++i) needle += letters[i];
            return {std::string(names[which]) + "(" + a.text + "," + odata_text(needle) + ")",
                    [a, needle, which](const Row& r) -> V {
                        const V x = a.value(r);
                        if (is_null(x)) return Null{};
                        const auto& s = std::get<std::string>(x);
                        return which == 0   ? s.find(needle) != std::string::npos
                               : which == 1 ? s.starts_with(needle)
                                            : s.ends_with(needle);
                    }};
        }
        const T type = static_cast<T>(pick(4));
        const Sample a = of(type);
        const auto equals = [](const V& x, const V& y) {
            return is_null(x) || is_null(y) ? is_null(x) && is_null(y) : compare(x, y) == 0;
        };
        if (choice == 3) {
            const bool equal = pick(2) == 0;
            return {a.text + (equal ? " eq null" : " ne null"),
                    [a, equal](const Row& r) -> V { return is_null(a.value(r)) == equal; }};
        }
        if (choice == 4 && type != T::truth) {
            std::vector<Sample> items;
            std::string list;
            for (std::size_t i = 0, n = 1 + pick(4); i < n; ++i) {
                items.push_back(pick(6) == 0 ? constant("null", Null{}) : of(type));
                list += (list.empty() ? "" : ", ") + items.back().text;
            }
            return {a.text + " in (" + list + ")", [a, items, equals](const Row& r) -> V {
                        const V x = a.value(r);
                        return std::any_of(items.begin(), items.end(),
                                           [&](const Sample& item) { return equals(x, item.value(r)); });
                    }};
        }
        const Sample b = of(type);
        static constexpr const char* names[] = {"eq", "ne", "gt", "ge", "lt", "le"};
        const std::size_t which = pick(type == T::truth ? 2 : 6);
        return {a.text + " " + names[which] + " " + b.text, [a, b, which, equals](const Row& r) -> V {
                    const V x = a.value(r), y = b.value(r);
                    if (which == 0) return equals(x, y);
                    if (which == 1) return !equals(x, y);
                    if (which == 3 || which == 5)
                        if (is_null(x) && is_null(y)) return true;
                    if (is_null(x) || is_null(y)) return false;
                    const int c = compare(x, y);
                    return which == 2 ? c > 0 : which == 3 ? c >= 0 : which == 4 ? c < 0 : c <= 0;
                }};
    }

    std::mt19937 random_;
    const std::vector<Row>& rows_;
};

// The rows as the test reads them, without the server's own row writer.
std::vector<Row> read_rows(Publication::Reader& reader) {
    auto found = reader.connection.query(
        "SELECT row_key, surname, school, born, seen_at, visits, year_group, attendance_percent, sen FROM " +
        reader.from + " ORDER BY row_number");
    std::vector<Row> rows;
    while (found->next()) {
        const auto get = [&](std::size_t i, auto make) -> V {
            if (found->is_null(i)) return Null{};
            return make();
        };
        rows.push_back({get(0, [&]() -> V { return std::string(found->text(0)); }),
                        get(1, [&]() -> V { return std::string(found->text(1)); }),
                        get(2, [&]() -> V { return std::string(found->text(2)); }),
                        get(3, [&]() -> V { return Day{found->date(3).days}; }),
                        get(4, [&]() -> V { return Moment{found->timestamp(4).micros}; }),
                        get(5, [&]() -> V { return found->integer(5); }),
                        get(6, [&]() -> V { return found->integer(6); }),
                        get(7, [&]() -> V { return TenThousandths{found->decimal_unscaled(7)}; }),
                        get(8, [&]() -> V { return found->boolean(8); })});
    }
    return rows;
}

TEST(FilterProperty, RandomFiltersKeepTheRowsThatTheStandardSays) {
    const StateFolder folder;
    folder.publish("20260120T013000Z", {testing::children(240)});
    auto publication = Publication::open(folder.path / "published", "256MB");
    ASSERT_TRUE(publication.has_value());
    const auto version = (*publication)->current();
    ASSERT_NE(version, nullptr);
    const Dataset& dataset = *version->dataset("children");
    auto reader = (*publication)->read(version, dataset);
    ASSERT_TRUE(reader.has_value()) << reader.error().sentence;
    const std::vector<Row> rows = read_rows(*reader);
    ASSERT_EQ(rows.size(), 240u);

    const std::uint32_t seed = 20261122;
    std::size_t matched_some = 0;
    constexpr std::uint32_t kFilters = 1500;
    for (std::uint32_t i = 0; i < kFilters; ++i) {
        const Sample sample = Generator(seed + i, rows).condition(3);
        const auto filter = parse_filter(sample.text, {dataset.fields, nullptr, 0});
        ASSERT_TRUE(filter.has_value()) << sample.text << "\n"
                                        << filter.error().message << " at " << filter.error().position;
        Parameters parameters;
        const std::string sql = "SELECT row_number FROM " + reader->from + " WHERE " +
                                condition_sql(*filter, dataset.fields, parameters) + " ORDER BY row_number";
        auto found = reader->connection.query(sql, parameters.values());
        ASSERT_TRUE(found.has_value()) << sample.text << "\n" << sql << "\n" << found.error().sentence;
        std::vector<std::int64_t> got, expected;
        while (found->next()) got.push_back(found->integer(0));
        for (std::size_t n = 0; n < rows.size(); ++n)
            if (const V v = sample.value(rows[n]); !is_null(v) && std::get<bool>(v))
                expected.push_back(static_cast<std::int64_t>(n));
        ASSERT_EQ(got, expected) << "filter " << i << ": " << sample.text << "\n" << sql;
        matched_some += !expected.empty() && expected.size() < rows.size() ? 1 : 0;
    }
    EXPECT_GT(matched_some, kFilters / 3) << "the filters drawn say little";
}

}  // namespace
}  // namespace sendhub::serve::odata
