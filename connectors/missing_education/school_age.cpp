#include "connectors/missing_education/school_age.hpp"

namespace sendhub::missing_education {
namespace {

using sdk::Date;
using std::chrono::year_month_day;

// A child is five, or sixteen, on this day; 29 February becomes 1 March.
Date birthday(Date birth, int years) {
    const year_month_day born = birth.civil();
    const int year = int(born.year()) + years;
    const auto day = Date::from_civil(year, unsigned(born.month()), unsigned(born.day()));
    return day ? *day : Date::from_civil(year, 3, 1).value_or(sdk::Date{});
}

Date term_start_on_or_after(Date day) {
    const int year = int(day.civil().year());
    for (const unsigned month : {1u, 4u, 9u})
        if (const Date start = Date::from_civil(year, month, 1).value_or(sdk::Date{}); start >= day)
            return start;
    return Date::from_civil(year + 1, 1, 1).value_or(sdk::Date{});
}

Date last_friday_in_june(int year) {
    const std::chrono::year_month_weekday_last day{std::chrono::year(year), std::chrono::June,
                                                   std::chrono::weekday_last(std::chrono::Friday)};
    return {static_cast<std::int32_t>(std::chrono::sys_days(day).time_since_epoch().count())};
}

}  // namespace

bool of_compulsory_school_age(Date birth, Date day) {
    if (day < term_start_on_or_after(birthday(birth, 5))) return false;
    const year_month_day sixteen = birthday(birth, 16).civil();
    const int school_year_ends = int(sixteen.year()) + (sixteen.month() >= std::chrono::September ? 1 : 0);
    return day <= last_friday_in_june(school_year_ends);
}

}  // namespace sendhub::missing_education
