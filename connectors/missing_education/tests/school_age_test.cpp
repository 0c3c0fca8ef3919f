#include "connectors/missing_education/school_age.hpp"

#include <gtest/gtest.h>

namespace sendhub::missing_education {
namespace {

sdk::Date day(int year, unsigned month, unsigned d) { return *sdk::Date::from_civil(year, month, d); }

TEST(SchoolAge, BeginsWithTheTermAfterTheFifthBirthday) {
    const struct {
        sdk::Date birth, first;
    } cases[] = {
        {day(2018, 8, 31), day(2023, 9, 1)}, {day(2018, 9, 1), day(2023, 9, 1)},
        {day(2018, 9, 2), day(2024, 1, 1)},  {day(2018, 12, 31), day(2024, 1, 1)},
        {day(2019, 1, 1), day(2024, 1, 1)},  {day(2019, 3, 31), day(2024, 4, 1)},
        {day(2020, 2, 29), day(2025, 4, 1)},
    };
    for (const auto& c : cases) {
        EXPECT_TRUE(of_compulsory_school_age(c.birth, c.first)) << c.first.days;
        EXPECT_FALSE(of_compulsory_school_age(c.birth, {c.first.days - 1})) << c.first.days;
    }
}

TEST(SchoolAge, EndsOnTheLastFridayInJuneOfTheYearOfTheSixteenthBirthday) {
    const struct {
        sdk::Date birth, last;
    } cases[] = {
        {day(2009, 9, 1), day(2026, 6, 26)},  // 16 on 1 September 2025: school year 2025/26
        {day(2010, 8, 31), day(2026, 6, 26)},
        {day(2009, 8, 31), day(2025, 6, 27)},
        {day(2008, 2, 29), day(2024, 6, 28)},
    };
    for (const auto& c : cases) {
        EXPECT_TRUE(of_compulsory_school_age(c.birth, c.last)) << c.last.days;
        EXPECT_FALSE(of_compulsory_school_age(c.birth, {c.last.days + 1})) << c.last.days;
    }
}

}  // namespace
}  // namespace sendhub::missing_education
