// The schedule under clocks that are given: nothing here waits.
#include "hub/schedule/due_times.hpp"

#include <gtest/gtest.h>

namespace sendhub::schedule {
namespace {

constexpr Micros kSecond = 1'000'000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;

Micros at(std::string_view text) { return parse_time(text).value(); }

config::Config nightly(const std::string& cron, config::MissedRun missed = config::MissedRun::once) {
    config::Config config;
    config.schedule.nightly = cron;
    config.schedule.missed_run = missed;
    return config;
}

class Machine {
  public:
    explicit Machine(std::string_view wall) : clocks{at(wall), 5 * kDay} {}
    Clocks clocks;
    void pass(Micros time) {
        clocks.wall += time;
        clocks.steady += time;
    }
    void set(std::string_view wall) { clocks.wall = at(wall); }
};

TEST(DueTimes, a_clock_that_was_ahead_and_is_set_back_delays_no_night) {
    Machine machine("2031-05-01T00:00:00Z");  // the machine started with a wrong clock
    auto due = DueTimes::plan(nightly("30 1 * * *"), machine.clocks).value();
    machine.pass(kHour);
    EXPECT_EQ(due.follow(machine.clocks).value(), 0);
    const auto first = due.first();
    EXPECT_EQ(first.at, at("2031-05-01T00:30:00Z")) << "half past one in London in summer";
    ASSERT_TRUE(due.ran(first, machine.clocks.wall));
    EXPECT_EQ(due.first().at, at("2031-05-02T00:30:00Z"));
    machine.pass(kMinute);
    machine.set("2026-12-01T12:00:00Z");
    EXPECT_LT(due.follow(machine.clocks).value(), -4 * 365 * kDay);
    EXPECT_EQ(due.first().at, at("2026-12-02T01:30:00Z"));
}

TEST(DueTimes, a_clock_that_is_set_back_while_a_night_runs_does_not_skip_the_next_one) {
    Machine machine("2026-12-03T01:30:00Z");  // two days ahead
    auto due =
        DueTimes::plan(nightly("30 1 * * *"), {machine.clocks.wall - 1, machine.clocks.steady}).value();
    const auto first = due.first();
    ASSERT_EQ(first.at, machine.clocks.wall);
    machine.pass(10 * kMinute);
    machine.set("2026-12-01T00:40:00Z");
    ASSERT_NE(due.follow(machine.clocks).value(), 0);
    ASSERT_TRUE(due.ran(first, machine.clocks.wall));
    EXPECT_EQ(due.first().at, at("2026-12-01T01:30:00Z"));
}

TEST(DueTimes, a_clock_put_back_by_seconds_does_not_bring_the_same_night_twice) {
    Machine machine("2026-12-01T01:29:00Z");
    auto due = DueTimes::plan(nightly("30 1 * * *"), machine.clocks).value();
    machine.pass(kMinute);
    ASSERT_EQ(due.follow(machine.clocks).value(), 0);
    const auto first = due.first();
    machine.clocks.wall -= 5 * kSecond;
    EXPECT_EQ(due.follow(machine.clocks).value(), 0);
    ASSERT_TRUE(due.ran(first, machine.clocks.wall));
    EXPECT_EQ(due.first().at, at("2026-12-02T01:30:00Z"));
}

TEST(DueTimes, a_machine_that_slept_through_the_night_makes_it_up_once) {
    Machine machine("2026-12-01T22:00:00Z");
    auto due = DueTimes::plan(nightly("30 1 * * *"), machine.clocks).value();
    machine.set("2026-12-04T07:00:00Z");  // the steady clock stands still meanwhile
    EXPECT_GT(due.follow(machine.clocks).value(), 2 * kDay);
    const auto first = due.first();
    EXPECT_LE(first.at, machine.clocks.wall) << "it is due now";
    ASSERT_TRUE(due.ran(first, machine.clocks.wall));
    EXPECT_EQ(due.first().at, at("2026-12-05T01:30:00Z")) << "and only once";
}

TEST(DueTimes, a_jump_forward_leaves_out_what_was_passed_over_when_the_settings_say_skip) {
    Machine machine("2026-12-01T22:00:00Z");
    auto due = DueTimes::plan(nightly("30 1 * * *", config::MissedRun::skip), machine.clocks).value();
    machine.set("2026-12-04T07:00:00Z");
    ASSERT_NE(due.follow(machine.clocks).value(), 0);
    EXPECT_EQ(due.first().at, at("2026-12-05T01:30:00Z"));
}

TEST(DueTimes, a_clock_that_drifts_by_seconds_plans_nothing_anew) {
    Machine machine("2026-12-01T00:00:00Z");
    auto due = DueTimes::plan(nightly("30 1 * * *"), machine.clocks).value();
    for (int minute = 0; minute < 80; ++minute) {
        machine.pass(kMinute);
        machine.clocks.wall += kSecond;
        EXPECT_EQ(due.follow(machine.clocks).value(), 0);
        EXPECT_EQ(due.first().at, at("2026-12-01T01:30:00Z"));
    }
}

TEST(DueTimes, the_change_to_summer_time_and_back_is_no_jump) {
    Machine spring("2026-03-28T12:00:00Z");
    auto due = DueTimes::plan(nightly("30 1 * * *"), spring.clocks).value();
    EXPECT_EQ(due.first().at, at("2026-03-29T01:00:00Z")) << "01:30 is not there: the first instant after it";
    while (spring.clocks.wall < due.first().at) {
        spring.pass(30 * kMinute);
        ASSERT_EQ(due.follow(spring.clocks).value(), 0);
    }
    ASSERT_TRUE(due.ran(due.first(), spring.clocks.wall));
    EXPECT_EQ(due.first().at, at("2026-03-30T00:30:00Z"));

    Machine autumn("2026-10-24T12:00:00Z");
    due = DueTimes::plan(nightly("30 1 * * *"), autumn.clocks).value();
    EXPECT_EQ(due.first().at, at("2026-10-25T00:30:00Z")) << "the first of the two half past ones";
    ASSERT_TRUE(due.ran(due.first(), at("2026-10-25T00:31:00Z")));
    EXPECT_EQ(due.first().at, at("2026-10-26T01:30:00Z")) << "not at the second one";
}

TEST(DueTimes, a_feed_with_a_schedule_of_its_own_is_followed_in_the_same_way) {
    config::Config config = nightly("30 1 * * *");
    config.feeds.resize(2);
    config.feeds[0].id = "with_the_night";
    config.feeds[1].id = "hourly";
    config.feeds[1].schedule = "0 * * * *";
    Machine machine("2031-12-01T12:30:00Z");
    auto due = DueTimes::plan(config, machine.clocks).value();
    ASSERT_EQ(due.all().size(), 2u);
    EXPECT_EQ(due.first().feed, "hourly");
    EXPECT_EQ(due.first().at, at("2031-12-01T13:00:00Z"));
    machine.set("2026-12-01T12:10:00Z");
    ASSERT_NE(due.follow(machine.clocks).value(), 0);
    EXPECT_EQ(due.first().at, at("2026-12-01T13:00:00Z"));
    EXPECT_EQ(due.all()[0].at, at("2026-12-02T01:30:00Z"));
}

TEST(DueTimes, a_night_missed_while_the_hub_was_down_is_due_at_once) {
    Machine machine("2026-12-01T09:00:00Z");
    auto due = DueTimes::plan(nightly("30 1 * * *"), machine.clocks).value();
    EXPECT_FALSE(due.make_up_missed_night(at("2026-12-01T01:30:05Z")).value());
    EXPECT_FALSE(due.make_up_missed_night(std::nullopt).value());
    EXPECT_TRUE(due.make_up_missed_night(at("2026-11-30T01:30:05Z")).value());
    EXPECT_EQ(due.first().at, machine.clocks.wall);
}

}  // namespace
}  // namespace sendhub::schedule
