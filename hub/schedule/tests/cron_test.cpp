#include "hub/schedule/cron.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <vector>

using namespace sendhub;
using namespace sendhub::schedule;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

constexpr Micros minute = 60'000'000, hour = 60 * minute, day = 24 * hour;

Micros at(std::string_view text) { return parse_time(text).value(); }

// The next runs after a time, as text without milliseconds.
std::vector<std::string> runs(std::string_view cron, std::string_view after, int count) {
    std::vector<std::string> out;
    Micros time = at(after);
    for (int i = 0; i < count; ++i) {
        const auto next = next_after(cron, time);
        if (!next) return {next.error().sentence};
        time = *next;
        out.push_back(format_time(time).substr(0, 16));
    }
    return out;
}

// The rule since 1996, written down again: British Summer Time from 01:00Z on the last Sunday of March to
// 01:00Z on the last Sunday of October.
Micros last_sunday(int year, unsigned month) {
    using namespace std::chrono;
    return duration_cast<microseconds>(
               sys_days(year_month_weekday_last{std::chrono::year(year), std::chrono::month(month),
                                                weekday_last(Sunday)})
                   .time_since_epoch())
        .count();
}
int year_of(Micros time) {
    return int(std::chrono::year_month_day(std::chrono::sys_days(std::chrono::days(day_of(time)))).year());
}
bool is_summer(Micros time) {
    const int year = year_of(time);
    return time >= last_sunday(year, 3) + hour && time < last_sunday(year, 10) + hour;
}

bool local_matches(const config::CronExpression& cron, Micros local) {
    const std::chrono::sys_days days{std::chrono::days(day_of(local))};
    const std::chrono::year_month_day ymd(days);
    const Micros in_day = local - Micros{day_of(local)} * day;
    return cron.matches_day(unsigned(ymd.month()), unsigned(ymd.day()),
                            std::chrono::weekday(days).c_encoding()) &&
           cron.hours.test(static_cast<std::size_t>(in_day / hour)) &&
           cron.minutes.test(static_cast<std::size_t>(in_day % hour / minute));
}

// Does it run at this whole UTC minute? Told minute by minute, with no search.
bool runs_at(const config::CronExpression& cron, Micros utc) {
    const Micros march = last_sunday(year_of(utc), 3) + hour, october = last_sunday(year_of(utc), 10) + hour;
    if (utc == march)
        for (Micros gap = march; gap < march + hour; gap += minute)
            if (local_matches(cron, gap)) return true;
    if (utc >= october && utc < october + hour) return false;  // the second time of the hour
    return local_matches(cron, utc + (is_summer(utc) ? hour : 0));
}

std::string random_cron(std::mt19937& random) {
    const auto pick = [&](unsigned least, unsigned most) {
        return std::to_string(std::uniform_int_distribution<unsigned>(least, most)(random));
    };
    const auto field = [&](unsigned least, unsigned most, unsigned star_of_ten) -> std::string {
        const unsigned kind = std::uniform_int_distribution<unsigned>(0, 9)(random);
        if (kind < star_of_ten) return "*";
        if (kind == 9) return "*/" + pick(1, most);
        if (kind == 8) return pick(least, (least + most) / 2) + "-" + pick((least + most) / 2, most);
        return pick(least, most) + (kind == 7 ? "," + pick(least, most) : "");
    };
    return field(0, 59, 2) + " " + (random() % 2 ? "1" : field(0, 23, 4)) + " " + field(1, 28, 7) + " " +
           field(1, 12, 8) + " " + field(0, 7, 7);
}

}  // namespace

TEST(Cron, a_winter_and_a_summer_night_are_the_same_on_the_wall) {
    EXPECT_THAT(runs("30 1 * * *", "2026-01-20T01:29:59.999Z", 2),
                ElementsAre("2026-01-20T01:30", "2026-01-21T01:30"));
    EXPECT_THAT(runs("30 1 * * *", "2026-06-20T00:30:00Z", 2),
                ElementsAre("2026-06-21T00:30", "2026-06-22T00:30"));
}

TEST(Cron, a_time_that_does_not_exist_runs_once_at_the_first_instant_after_the_gap) {
    EXPECT_THAT(runs("30 1 * * *", "2026-03-28T12:00:00Z", 2),
                ElementsAre("2026-03-29T01:00", "2026-03-30T00:30"));
    // Several times in the gap, and the end of the gap itself: still one run.
    EXPECT_THAT(runs("0,20,40 1,2 * * *", "2026-03-29T00:59:00Z", 3),
                ElementsAre("2026-03-29T01:00", "2026-03-29T01:20", "2026-03-29T01:40"));
}

TEST(Cron, a_time_that_comes_twice_runs_at_the_first) {
    EXPECT_THAT(runs("30 1 * * *", "2026-10-24T12:00:00Z", 2),
                ElementsAre("2026-10-25T00:30", "2026-10-26T01:30"));
    EXPECT_THAT(runs("*/30 * * * *", "2026-10-25T00:00:00Z", 4),
                ElementsAre("2026-10-25T00:30", "2026-10-25T02:00", "2026-10-25T02:30", "2026-10-25T03:00"));
}

TEST(Cron, the_clock_changes_of_many_years_are_known) {
    for (int year = 2020; year <= 2070; ++year) {
        const Micros march = last_sunday(year, 3), october = last_sunday(year, 10);
        EXPECT_EQ(next_after("30 1 * * *", march), march + hour) << year;
        EXPECT_EQ(next_after("30 1 * * *", march + hour), march + day + hour / 2) << year;
        EXPECT_EQ(next_after("30 1 * * *", october - hour), october + hour / 2) << year;
        EXPECT_EQ(next_after("30 1 * * *", october + hour / 2), october + day + hour + hour / 2) << year;
    }
}

TEST(Cron, rare_days_are_found) {
    EXPECT_THAT(runs("0 0 29 2 *", "2026-01-01T00:00:00Z", 2),
                ElementsAre("2028-02-29T00:00", "2032-02-29T00:00"));
    EXPECT_THAT(runs("0 0 31 * *", "2026-01-31T00:00:00Z", 2),
                ElementsAre("2026-03-30T23:00", "2026-05-30T23:00"));
    EXPECT_THAT(runs("0 12 * * sun", "2026-01-20T00:00:00Z", 1), ElementsAre("2026-01-25T12:00"));
}

TEST(Cron, wrong_text_says_where) {
    const auto next = next_after("30 25 * * *", 0);
    ASSERT_FALSE(next);
    EXPECT_EQ(next.error().code, ErrorCode::settings);
    EXPECT_THAT(next.error().sentence,
                HasSubstr("\"30 25 * * *\" is not a cron expression: at character 4, expected the hour"));
}

// The search must give the very minutes that a walk over all of them gives: around every clock change, and
// anywhere.
TEST(Cron, agrees_with_a_walk_over_every_minute) {
    std::mt19937 random(20260120);
    for (int round = 0; round < 150; ++round) {
        const std::string text = random_cron(random);
        const auto cron = config::parse_cron(text);
        ASSERT_TRUE(cron) << text << ": " << cron.error().sentence;
        const int year = 2015 + static_cast<int>(random() % 50);
        Micros from = round % 3 == 0 ? last_sunday(year, 3) - day / 2
                      : round % 3 == 1
                          ? last_sunday(year, 10) - day / 2
                          : at("2015-01-01T00:00:00Z") + static_cast<Micros>(random() % (50 * 365)) * day;
        from += static_cast<Micros>(random() % 1440) * minute;
        const Micros until = from + 3 * day;
        std::vector<Micros> walked, searched;
        for (Micros t = from + minute; t <= until; t += minute)
            if (runs_at(*cron, t)) walked.push_back(t);
        for (Micros t = from;;) {
            const auto next = next_after(*cron, t);
            ASSERT_TRUE(next) << text;
            ASSERT_GT(*next, t) << text;
            if (*next > until) break;
            searched.push_back(t = *next);
        }
        ASSERT_EQ(searched, walked) << text << " from " << format_time(from);
    }
}

TEST(MissedRun, is_made_up_once_or_skipped) {
    using config::MissedRun;
    const auto cron = *config::parse_cron("30 1 * * *");
    const Micros last = at("2026-01-20T01:30:00Z");
    EXPECT_EQ(missed_run_due(cron, last, at("2026-01-21T01:29:00Z"), MissedRun::once), false)
        << "none was due";
    EXPECT_EQ(missed_run_due(cron, last, at("2026-01-21T01:30:00Z"), MissedRun::once), true);
    EXPECT_EQ(missed_run_due(cron, last, at("2026-02-20T12:00:00Z"), MissedRun::once), true);
    EXPECT_EQ(missed_run_due(cron, last, at("2026-02-20T12:00:00Z"), MissedRun::skip), false);
    EXPECT_EQ(missed_run_due(cron, std::nullopt, at("2026-02-20T12:00:00Z"), MissedRun::once), false)
        << "a new hub missed nothing";
    EXPECT_EQ(missed_run_due(cron, at("2026-03-01T00:00:00Z"), at("2026-02-20T12:00:00Z"), MissedRun::once),
              false)
        << "the clock was set back";
}

TEST(Retry, waits_double_up_to_an_hour_and_end) {
    using std::chrono::milliseconds;
    const RetryPolicy policy{9, 60};
    EXPECT_EQ(wait_before_retry(policy, 0, 0.5), milliseconds(60'000));
    EXPECT_EQ(wait_before_retry(policy, 1, 0.5), milliseconds(120'000));
    EXPECT_EQ(wait_before_retry(policy, 2, 0.5), milliseconds(240'000));
    EXPECT_EQ(wait_before_retry(policy, 8, 0.5), milliseconds(3'600'000));
    EXPECT_EQ(wait_before_retry(policy, 0, 0.0), milliseconds(45'000));
    EXPECT_EQ(wait_before_retry(policy, 0, 1.0), milliseconds(75'000));
    EXPECT_EQ(wait_before_retry(policy, 9, 0.5), std::nullopt);
    EXPECT_EQ(wait_before_retry({0, 60}, 0, 0.5), std::nullopt);
    EXPECT_EQ(wait_before_retry({3, 7200}, 2, 0.5), milliseconds(7'200'000))
        << "longer than an hour when asked for";
}
