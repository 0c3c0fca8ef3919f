#include "identity/text/date.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

namespace sendhub::identity::text {
namespace {

constexpr auto uk = DateOrder::iso_first_uk, us = DateOrder::iso_first_us, mixed = DateOrder::mixed;
constexpr std::int32_t third_of_april_2012 = 15433;

TEST(ParseDate, every_way_of_writing_one_day) {
    for (const char* raw : {"2012-04-03",
                            "20120403",
                            "2012/04/03",
                            "2012.4.3",
                            "03/04/2012",
                            "3/4/2012",
                            "3.4.2012",
                            "03-04-2012",
                            "03042012",
                            "03-Apr-2012",
                            "3 April 2012",
                            "3rd April 2012",
                            "3rd of April, 2012",
                            "Tue 3 Apr 2012",
                            "Tuesday, 3 April 2012",
                            "April 3, 2012",
                            "2012 Apr 3",
                            "2012-Apr-03",
                            "03APR2012",
                            " 2012-04-03 ",
                            "2012-04-03T00:00:00Z",
                            "2012-04-03T10:11:12.123+01:00",
                            "2012-04-03 00:00:00",
                            "03/04/2012 00:00",
                            "03/04/2012  10:15 AM",
                            "20120403101112",
                            "201204031011",
                            "20120403T101112",
                            "2012-04-03Z",
                            "2012-04-03+01:00",
                            "03\\04\\2012",
                            "03/04/12",
                            "03-Apr-12",
                            "41002",
                            "2012-04-02T23:00:00Z"}) {
        const ParsedDate date = parse_date(raw, uk);
        EXPECT_EQ(date.quality, ParsedDate::full) << raw;
        EXPECT_EQ(date.days, third_of_april_2012) << raw;
        EXPECT_EQ(date.year, 2012) << raw;
        EXPECT_EQ(date.month, 4) << raw;
        EXPECT_EQ(date.day, 3) << raw;
    }
    EXPECT_EQ(parse_date("04/03/2012", us).days, third_of_april_2012);
    EXPECT_EQ(parse_date("04032012", us).days, third_of_april_2012);
    EXPECT_EQ(parse_date("2012-04-03", us).days, third_of_april_2012);
}

TEST(ParseDate, a_part_over_twelve_does_not_turn_the_order_of_the_column) {
    EXPECT_EQ(parse_date("04/13/2012", uk).quality, ParsedDate::impossible);
    EXPECT_EQ(parse_date("13/04/2012", us).quality, ParsedDate::impossible);
    EXPECT_EQ(parse_date("04/13/2012", mixed).days, parse_date("2012-04-13", uk).days);
    EXPECT_EQ(parse_date("13/04/2012", mixed).days, parse_date("2012-04-13", uk).days);
    EXPECT_EQ(parse_date("04/04/2012", mixed).days, parse_date("2012-04-04", uk).days);
    EXPECT_EQ(parse_date("04/03/2012", mixed).quality, ParsedDate::impossible);
}

TEST(ParseDate, without_a_day) {
    for (const char* raw :
         {"2012-04", "04/2012", "April 2012", "Apr-2012", "2012 April", "2012-04-00", "20120400"}) {
        const ParsedDate date = parse_date(raw, uk);
        EXPECT_EQ(date.quality, ParsedDate::day_missing) << raw;
        EXPECT_EQ(date.days, third_of_april_2012 - 2) << raw;
        EXPECT_EQ(date.month, 4) << raw;
        EXPECT_EQ(date.day, 0) << raw;
    }
}

TEST(ParseDate, days_that_never_were) {
    for (const char* raw : {"2012-02-30", "31/04/2012", "29/02/2011", "2012-13-13", "2012-00-10",
                            "0000-00-00", "1799-12-31", "2101-01-01", "32/01/2012", "99999999", "2012-13"}) {
        EXPECT_EQ(parse_date(raw, uk).quality, ParsedDate::impossible) << raw;
        EXPECT_EQ(parse_date(raw, uk).days, 0) << raw;
    }
    EXPECT_EQ(parse_date("29/02/2012", uk).quality, ParsedDate::full);
    EXPECT_EQ(parse_date("1800-01-01", uk).days, -62091);
    EXPECT_EQ(parse_date("2100-12-31", uk).quality, ParsedDate::full);
}

TEST(ParseDate, no_date) {
    for (const char* raw :
         {"", " ", "unknown", "2012", "3/4", "1/2/3/2012", "2012-04-03-05", "Smarch 3 2012",
          "3 April April 2012", "2012-2012-03", "123456789012345678901", "3 * 4 * 2012", "T", "Z", "10:00"})
        EXPECT_EQ(parse_date(raw, uk).quality, ParsedDate::none) << raw;
}

TEST(ParseDate, every_day_of_three_centuries_comes_back) {
    using namespace std::chrono;
    const sys_days end{year{2101} / 1 / 1};
    std::int32_t seen = 0;
    char text[32];
    for (sys_days day{year{1800} / 1 / 1}; day < end; day += days{1}) {
        const year_month_day date{day};
        const int y = static_cast<int>(date.year());
        const unsigned m = static_cast<unsigned>(date.month()), d = static_cast<unsigned>(date.day());
        for (const char* form : {"%d-%02u-%02u", "%d%02u%02u"}) {
            std::snprintf(text, sizeof text, form, y, m, d);
            ASSERT_EQ(parse_date(text, uk).days, day.time_since_epoch().count()) << text;
        }
        std::snprintf(text, sizeof text, "%u/%u/%d", d, m, y);
        ASSERT_EQ(parse_date(text, uk).days, day.time_since_epoch().count()) << text;
        std::snprintf(text, sizeof text, "%u/%u/%d", m, d, y);
        ASSERT_EQ(parse_date(text, us).days, day.time_since_epoch().count()) << text;
        ++seen;
    }
    EXPECT_EQ(seen, 109'938);
}

TEST(GuessOrder, by_the_values_that_fit_one_order_only) {
    using Column = std::vector<std::string_view>;
    EXPECT_EQ(guess_order(Column{}), uk);
    EXPECT_EQ(guess_order(Column{"01/02/2012", "03/04/2012"}), uk);
    EXPECT_EQ(guess_order(Column{"01/02/2012", "13/04/2012"}), uk);
    EXPECT_EQ(guess_order(Column{"01/02/2012", "04/13/2012"}), us);
    EXPECT_EQ(guess_order(Column{"04/13/2012", "13/04/2012", "25/12/2012"}), mixed);
    std::vector<std::string_view> one_slip(50, "25/12/2012");
    one_slip.push_back("04/13/2012");
    EXPECT_EQ(guess_order(one_slip), uk);
    EXPECT_EQ(guess_order(Column{"2012-04-13", "13 April 2012", "unknown", "04/13/2012"}), us);
    EXPECT_EQ(guess_order(Column{"13/13/2012"}), uk);
}

}  // namespace
}  // namespace sendhub::identity::text
