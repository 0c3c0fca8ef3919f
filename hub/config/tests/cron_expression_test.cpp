#include "hub/config/cron_expression.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace sendhub::config;
using ::testing::HasSubstr;

namespace {
template <std::size_t N>
std::vector<unsigned> numbers(const std::bitset<N>& set) {
    std::vector<unsigned> out;
    for (unsigned i = 0; i < N; ++i)
        if (set.test(i)) out.push_back(i);
    return out;
}
using Numbers = std::vector<unsigned>;
}  // namespace

TEST(CronExpression, lists_ranges_steps_and_names_are_sets_of_numbers) {
    const auto cron = parse_cron(" 0,30-32,50/5  */6\t1,15 jan,MAR-may mon-fri/2 ");
    ASSERT_TRUE(cron) << cron.error().sentence;
    EXPECT_EQ(numbers(cron->minutes), (Numbers{0, 30, 31, 32, 50, 55}));
    EXPECT_EQ(numbers(cron->hours), (Numbers{0, 6, 12, 18}));
    EXPECT_EQ(numbers(cron->days), (Numbers{1, 15}));
    EXPECT_EQ(numbers(cron->months), (Numbers{1, 3, 4, 5}));
    EXPECT_EQ(numbers(cron->weekdays), (Numbers{1, 3, 5}));
    EXPECT_FALSE(cron->any_day);
}

TEST(CronExpression, sunday_is_0_and_7) {
    EXPECT_EQ(parse_cron("0 0 * * 7"), parse_cron("0 0 * * sun"));
    EXPECT_EQ(numbers(parse_cron("0 0 * * 5-7")->weekdays), (Numbers{0, 5, 6}));
    EXPECT_EQ(parse_cron("0 0 * * fri-sun"), parse_cron("0 0 * * 5-7"));
    EXPECT_EQ(parse_cron("0 0 2 * 7/42"), parse_cron("0 0 2 * 0/42"));
    EXPECT_EQ(numbers(parse_cron("0 0 * * */2")->weekdays), (Numbers{0, 2, 4, 6}));
}

TEST(CronExpression, both_day_fields_restricted_means_either) {
    const auto either = parse_cron("0 0 13 * 5");
    EXPECT_TRUE(either->matches_day(2, 13, 1));
    EXPECT_TRUE(either->matches_day(2, 14, 5));
    EXPECT_FALSE(either->matches_day(2, 14, 4));
    const auto only_day = parse_cron("0 0 13 * *");
    EXPECT_FALSE(only_day->matches_day(2, 14, 5));
}

TEST(CronExpression, errors_say_where_and_what_was_expected) {
    const std::tuple<const char*, std::size_t, const char*> cases[] = {
        {"", 1, "expected the minute, field 1 of five"},
        {"* * * *", 8, "expected the day of the week, field 5 of five"},
        {"* * * * * *", 11, "expected the end"},
        {"60 * * * *", 1, "a number from 0 to 59"},
        {"5 24 * * *", 3, "a number from 0 to 23"},
        {"5 1 0 * *", 5, "a number from 1 to 31"},
        {"5 1 * foo *", 7, "a number from 1 to 12, a name such as feb"},
        {"5 1 * * 8", 9, "a number from 0 to 7"},
        {"9-5 * * * *", 1, "ends before it begins"},
        {"*/0 * * * *", 4, "expected a step of 1 or more"},
        {"*/x * * * *", 3, "expected a step of 1 or more"},
        {"5x * * * *", 2, "expected a space"},
        {"5, * * * *", 3, "expected the minute"},
        {"janx * * * *", 1, "expected the minute"},
        {"99999999999999999999 * * * *", 1, "expected the minute"},
        {"0 0 30 2 *", 1, "it would never run"},
        {"0 0 31 4,6,9,11 *", 1, "it would never run"},
        {"@daily", 1, "expected the minute"},
    };
    for (const auto& [text, position, want] : cases) {
        const auto cron = parse_cron(text);
        ASSERT_FALSE(cron) << text;
        EXPECT_EQ(cron.error().position, position) << text << ": " << cron.error().sentence;
        EXPECT_THAT(cron.error().sentence, HasSubstr(want)) << text;
    }
    EXPECT_TRUE(parse_cron("0 0 30 2 1")) << "every Monday of February meets it";
}
