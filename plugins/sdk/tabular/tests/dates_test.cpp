#include "plugins/sdk/tabular/dates.hpp"

#include <gtest/gtest.h>

namespace sendhub::tabular {
namespace {

std::string text_of(sdk::Date date) {
    const auto day = date.civil();
    char text[16];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", int(day.year()), unsigned(day.month()),
                  unsigned(day.day()));
    return text;
}

struct Case {
    const char* text;
    const char* day;  // or nullptr
    DateState state = DateState::day;
    bool inferred = false;
};

TEST(Dates, InEveryDialect) {
    constexpr auto invalid = DateState::invalid, partial = DateState::partial,
                   month_first = DateState::month_first;
    const Case cases[] = {
        {"2025-01-16", "2025-01-16"},
        {"2025/01/16", "2025-01-16"},
        {"20250116", "2025-01-16"},
        {" 16/01/2025 ", "2025-01-16"},
        {"16/1/25", "2025-01-16", DateState::day, true},
        {"1/2/99", "1999-02-01", DateState::day, true},
        {"16-01-2025", "2025-01-16"},
        {"16.01.2025", "2025-01-16"},
        {"16-Jan-2025", "2025-01-16"},
        {"16 january 2025", "2025-01-16"},
        {"1-SEPT-24", "2024-09-01", DateState::day, true},
        {"2025-Jan-16 00:00:00", "2025-01-16"},
        {"2025-01-16T00:00:00", "2025-01-16"},
        {"16/01/2025 00:00", "2025-01-16"},
        {"16/01/2025 12:00:00 AM", "2025-01-16"},
        {"16/01/2025 9:30 pm", "2025-01-16", DateState::day, true},
        {"2025-01-16T23:30:00.123Z", "2025-01-16", DateState::day, true},
        {"2025-06-30T23:00:00Z", "2025-07-01", DateState::day, true},
        {"2025-06-30T23:00:00+00:00", "2025-07-01", DateState::day, true},
        {"2025-06-30T22:59:59Z", "2025-06-30", DateState::day, true},
        {"2025-07-01T00:00:00+01:00", "2025-07-01"},
        {"45673", "2025-01-16", DateState::day, true},
        {"45673.0", "2025-01-16", DateState::day, true},
        {"45673.75", "2025-01-16", DateState::day, true},
        {"16012025", "2025-01-16", DateState::day, true},
        {"16th January 2025", "2025-01-16"},
        {"16th of January, 2025", "2025-01-16"},
        {"Thu 16 Jan 2025", "2025-01-16"},
        {"Thursday, 16 January 2025", "2025-01-16"},
        {"January 16, 2025", "2025-01-16"},
        {"2025 Jan 16", "2025-01-16"},
        {"16JAN2025", "2025-01-16"},
        {"16\\01\\2025", "2025-01-16"},
        {"2025-01-16Z", "2025-01-16"},
        {"2025-01-16+01:00", "2025-01-16"},
        {"2025-01-16-05:00", "2025-01-16"},
        {"20250116000000", "2025-01-16"},
        {"20250116093000", "2025-01-16", DateState::day, true},
        {"202501160930", "2025-01-16", DateState::day, true},
        {"20250116T093000", "2025-01-16", DateState::day, true},
        {"20250630230000+0000", "2025-07-01", DateState::day, true},
        {"2025-06-30 23:00:00+00", "2025-07-01", DateState::day, true},
        {"2025-06-30 23:00:00 UTC", "2025-07-01", DateState::day, true},
        {"2025-07-01 00:00:00+01", "2025-07-01"},
        {"\xE2\x80\x8B"
         "16/01/2025\xC2\xA0",
         "2025-01-16"},
        {"2025-01-00", nullptr, partial},
        {"29/02/2024", "2024-02-29"},
        {"1900-01-01", "1900-01-01"},
        {"", nullptr, DateState::empty},
        {"  ", nullptr, DateState::empty},
        {"31/02/2025", nullptr, invalid},
        {"29/02/2025", nullptr, invalid},
        {"tbc", nullptr, invalid},
        {"-", nullptr, invalid},
        {"0", nullptr, invalid},
        {"1", nullptr, invalid},
        {"12345", nullptr, invalid},
        {"45673.x", nullptr, invalid},
        {"45673.", nullptr, invalid},
        {"00/01/2025", nullptr, partial},
        {"2025-01-16Zebra", nullptr, invalid},
        {"2025-01-16T25:00", nullptr, invalid},
        {"20251301120000", nullptr, invalid},
        {"20250116256000", nullptr, invalid},
        {"3rd/4/2025", nullptr, invalid},
        {"16 January", nullptr, invalid},
        {"16/13/2025", nullptr, invalid},
        {"03/25/2025", nullptr, month_first},
        {"12/31/24", nullptr, month_first},
        {"2015", nullptr, partial},
        {"2015-03", nullptr, partial},
        {"03/2015", nullptr, partial},
        {"March 2015", nullptr, partial},
        {"Mar-15", nullptr, partial},
        {"13/2015", nullptr, invalid},
        {"2015-13", nullptr, invalid},
        {"1815-06-18", nullptr, invalid},
        {"2025-01-16 tea time", nullptr, invalid},
        {"16/01/2025/1", nullptr, invalid},
        {"16-01/2025", nullptr, invalid},
        {"2025-01-161", nullptr, invalid},
        {"16/01/202", nullptr, invalid},
        {"99999999999999999999999", nullptr, invalid},
    };
    for (const Case& c : cases) {
        const ParsedDate got = parse_date(c.text);
        EXPECT_EQ(got.state, c.state) << c.text;
        EXPECT_EQ(got.inferred, c.inferred) << c.text;
        EXPECT_EQ(got.day().has_value(), c.day != nullptr) << c.text;
        if (got.day() && c.day) {
            EXPECT_EQ(text_of(*got.day()), c.day) << c.text;
        }
    }
}

TEST(Dates, OrderOfTheColumn) {
    const DateOptions us{.order = DateOrder::month_first}, mixed{.order = DateOrder::mixed};
    const Case month_first[] = {{"03/25/2025", "2025-03-25"},
                                {"03/04/2025", "2025-03-04"},
                                {"3/4/25", "2025-03-04", DateState::day, true},
                                {"03252025", "2025-03-25", DateState::day, true},
                                {"2025-03-04", "2025-03-04"},
                                {"4 March 2025", "2025-03-04"},
                                {"25/03/2025", nullptr, DateState::day_first}};
    for (const Case& c : month_first) {
        const ParsedDate got = parse_date(c.text, us);
        EXPECT_EQ(got.state, c.state) << c.text;
        EXPECT_EQ(got.inferred, c.inferred) << c.text;
        EXPECT_EQ(got.day() ? text_of(*got.day()) : "", c.day ? c.day : "") << c.text;
    }
    const Case both[] = {{"03/25/2025", "2025-03-25"},
                         {"25/03/2025", "2025-03-25"},
                         {"04/04/2025", "2025-04-04"},
                         {"2025-03-04", "2025-03-04"},
                         {"03/04/2025", nullptr, DateState::ambiguous}};
    for (const Case& c : both) {
        const ParsedDate got = parse_date(c.text, mixed);
        EXPECT_EQ(got.state, c.state) << c.text;
        EXPECT_EQ(got.day() ? text_of(*got.day()) : "", c.day ? c.day : "") << c.text;
    }
    OrderEvidence evidence;
    for (const char* text :
         {"03/25/2025", "03/04/2025", "04/04/2025", "2025-03-25", "02/30/2025", "nonsense"})
        evidence.count(parse_date(text));
    EXPECT_EQ(evidence.month_only, 1u);
    EXPECT_EQ(evidence.day_only, 0u);
    EXPECT_EQ(evidence.either, 1u);
    EXPECT_EQ(evidence.order(), DateOrder::month_first);
    EXPECT_TRUE(evidence.contradicts_day_first());
    evidence.count(parse_date("25/03/2025"));
    EXPECT_EQ(evidence.order(), DateOrder::mixed);
    evidence.day_only = 50;
    EXPECT_EQ(evidence.order(), DateOrder::day_first) << "one in fifty is a typing mistake";
}

TEST(Dates, NineteenHundredMeansNoDateWhereToldSo) {
    for (const auto* text : {"1900-01-01", "01/01/1900", "1900-01-01T00:00:00", "1"})
        EXPECT_EQ(parse_date(text, {.nineteen_hundred_is_none = true}).state, DateState::no_date) << text;
    EXPECT_EQ(parse_date("2025-01-16", {.nineteen_hundred_is_none = true}).state, DateState::day);
}

TEST(Dates, OfAFileName) {
    const std::pair<const char*, const char*> cases[] = {
        {"cme_20260119.csv", "2026-01-19"},       {"CME list 2026-01-19 v2.csv", "2026-01-19"},
        {"19-01-2026.csv", "2026-01-19"},         {"list_19012026.csv", "2026-01-19"},
        {"2026_01_19/cme.csv", "2026-01-19"},     {"20260101_to_20260119.csv", "2026-01-19"},
        {"cme_20260119093000.csv", "2026-01-19"},
    };
    for (const auto& [name, day] : cases) {
        const auto found = date_in_name(name);
        ASSERT_TRUE(found) << name;
        EXPECT_EQ(text_of(*found), day) << name;
    }
    for (const auto* name :
         {"cme.csv", "cme_2026.csv", "873_4001.csv", "99999999.csv", "cme_123456789.csv", "1-2.csv"})
        EXPECT_FALSE(date_in_name(name)) << name;
}

}  // namespace
}  // namespace sendhub::tabular
