#include "hub/publish/build.hpp"
#include "hub/publish/tests/store_fixture.hpp"

namespace sendhub::publish {
namespace {

class Functions : public StoreFixture {
  protected:
    void SetUp() override {
        StoreFixture::SetUp();
        const Status prepared = prepare_session(*store, settings());
        ASSERT_TRUE(prepared) << prepared.error().sentence;
    }
};

TEST_F(Functions, age_is_in_whole_years_and_a_leap_day_child_waits_for_1_march) {
    EXPECT_EQ(text("select age_on(date '2010-08-31', date '2025-08-31'), age_on(date '2010-09-01', date "
                   "'2025-08-31')"),
              "15|14");
    EXPECT_EQ(text("select age_on(date '2012-02-29', date '2025-02-28'), age_on(date '2012-02-29', date "
                   "'2025-03-01'), age_on(date '2012-02-29', date '2024-02-29')"),
              "12|13|12");
    EXPECT_EQ(text("select age_on(cast(null as date), date '2025-02-28')"), "null");
}

TEST_F(Functions, the_academic_year_turns_on_1_september) {
    EXPECT_EQ(text("select academic_year(date '2025-08-31'), academic_year(date '2025-09-01'), "
                   "academic_year(date '2099-12-31'), academic_year_start(date '2026-01-20')"),
              "2024/25|2025/26|2099/00|2025-09-01");
}

// Worked dates of the reference: received 15 January 2024, over a 29 February, weeks 6, 16 and 20.
TEST_F(Functions, weeks_are_calendar_weeks_and_the_last_day_counts_by_the_rule) {
    EXPECT_EQ(text("select within_weeks(date '2024-01-15', date '2024-02-26', 6, true), within_weeks(date "
                   "'2024-01-15', date '2024-02-27', 6, true), within_weeks(date '2024-01-15', date "
                   "'2024-02-26', 6, false)"),
              "true|false|false");
    EXPECT_EQ(text("select within_weeks(date '2024-01-15', date '2024-05-06', 16, true), within_weeks(date "
                   "'2024-01-15', date '2024-06-03', 20, true), within_weeks(date '2024-01-15', date "
                   "'2024-06-04', 20, true)"),
              "true|true|false");
    EXPECT_EQ(text("select weeks_between(date '2024-01-15', date '2024-02-26'), weeks_between(date "
                   "'2024-01-15', date '2024-01-16'), within_weeks(date '2024-01-15', null, 6, true)"),
              "6.00|0.14|null");
}

TEST_F(Functions, percentages_and_rates_have_four_decimals_and_no_value_without_a_denominator) {
    EXPECT_EQ(text("select percent(1, 3), percent(2, 3), percent(0, 5), percent(1, 0), percent(1, null), "
                   "rate(1, 3, 100), rate(5, 12345, 10000)"),
              "33.3333|66.6667|0.0000|null|null|33.3333|4.0502");
    EXPECT_EQ(
        text("select percent(cast(200000000 as bigint), cast(300000000 as bigint)), half_days_to_days(5)"),
        "66.6667|2.5");
}

// gov.uk/bank-holidays: every day of 2022 to 2026 in England.
TEST_F(Functions, bank_holidays_are_those_of_england) {
    EXPECT_EQ(text("select string_agg(cast(day as varchar), ' ' order by day) from hub_bank_holiday where "
                   "extract(year from day) = 2022"),
              "2022-01-03 2022-04-15 2022-04-18 2022-05-02 2022-06-02 2022-06-03 2022-08-29 2022-09-19 "
              "2022-12-26 2022-12-27");
    EXPECT_EQ(
        text("select string_agg(cast(day as varchar), ' ' order by day) from hub_bank_holiday where "
             "extract(year from day) = 2023"),
        "2023-01-02 2023-04-07 2023-04-10 2023-05-01 2023-05-08 2023-05-29 2023-08-28 2023-12-25 2023-12-26");
    EXPECT_EQ(text("select string_agg(cast(day as varchar), ' ' order by day) from hub_bank_holiday where "
                   "extract(year from day) = 2026"),
              "2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28");
    EXPECT_EQ(text("select string_agg(cast(day as varchar), ' ' order by day) from hub_bank_holiday where "
                   "extract(year from day) = 2021 and extract(month from day) = 12"),
              "2021-12-27 2021-12-28");
    EXPECT_EQ(
        text(
            "select count(*) from hub_bank_holiday where day = date '2020-05-08' or day = date '2020-05-04'"),
        "1");
}

// Against a count day by day, over a fortnight from each day of a week and over Christmas and Easter.
TEST_F(Functions, school_days_are_weekdays_without_bank_holidays) {
    run("create temp table school_day as select cast(d as date) as day from generate_series(timestamp "
        "'2025-12-01', timestamp '2026-05-31', interval 1 day) as t(d) "
        "where isodow(d) < 6 and not exists (select 1 from hub_bank_holiday b where b.day = cast(d as "
        "date))");
    run("create temp table span as select start_day + i as s, start_day + i + n as e from (values (date "
        "'2025-12-15'), (date '2026-03-23')) as starts(start_day), "
        "(select cast(i as integer) as i from range(0, 21) a(i)) as i, (select cast(n as integer) as n from "
        "range(0, 15) b(n)) as n");
    EXPECT_EQ(
        text("select count(*), count(*) filter (school_days_between(s, e) <> counted), max(counted) from ("
             "select s, e, count(d.day) as counted from span left join school_day d on d.day > s and d.day "
             "<= e group by s, e)"),
        "630|0|10");
}

TEST_F(Functions, the_reporting_day_is_londons_where_none_is_set) {
    EXPECT_EQ(text("select as_at, inclusive_day_rule from hub_day"), "2026-01-20|true");
    ASSERT_TRUE(clear_session(*store, {}));
    PublishSettings s = settings();
    s.as_at.reset();
    s.now = *parse_time("2026-06-30T23:30:00Z");  // half past midnight in London
    ASSERT_TRUE(prepare_session(*store, s));
    EXPECT_EQ(text("select as_at from hub_day"), "2026-07-01");
}

}  // namespace
}  // namespace sendhub::publish
