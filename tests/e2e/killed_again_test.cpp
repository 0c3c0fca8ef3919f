// Nights that are killed again and again, and at random moments: in the end they publish what undisturbed
// ones publish, and on the way nobody reads half a night.
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <random>

#include "tests/e2e/hub.hpp"
#include "tests/e2e/night_steps.hpp"

using namespace sendhub::e2e;

TEST(KilledNightAgain, killed_at_every_step_in_turn_it_publishes_what_an_undisturbed_one_publishes) {
    Hub hub(200, 12);
    ASSERT_EQ(hub.sync().code, 0);
    hub.next_night(2);
    const Hub whole(200, 12);
    whole.copy_from(hub);
    ASSERT_EQ(whole.sync().code, 0);
    const auto before = hub.everything(), expected = whole.everything();
    ASSERT_FALSE(before == expected) << "the second night brings something";
    for (const char* step : night_steps) {
        const Output killed = hub.sync({{"SENDHUB_CRASH_AT", step}});
        EXPECT_EQ(killed.code, 128 + SIGKILL) << step << " was not reached: " << killed.out << killed.err;
        const auto between = hub.everything();
        EXPECT_TRUE(between == before || between == expected) << step << ": a reader saw half a night";
    }
    const Output last = hub.sync();
    EXPECT_EQ(last.code, 0) << last.out << last.err;
    const auto after = hub.everything();
    for (const auto& [dataset, rows] : expected) EXPECT_TRUE(after.at(dataset) == rows) << dataset;
}

TEST(KilledNightAtRandom, the_next_run_publishes_what_an_undisturbed_one_publishes) {
    Hub prepared(200, 12);
    ASSERT_EQ(prepared.sync().code, 0);
    prepared.next_night(2);
    const Hub whole(200, 12);
    whole.copy_from(prepared);
    const auto begin = std::chrono::steady_clock::now();
    ASSERT_EQ(whole.sync().code, 0);
    const auto length =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    const auto expected = whole.everything();
    std::mt19937 random(1);
    for (int round = 0; round < 4; ++round) {
        const Hub hub(200, 12);
        hub.copy_from(prepared);
        const auto moment = std::chrono::milliseconds(random() % static_cast<unsigned>(length.count()));
        const std::string command = "timeout -s KILL " +
                                    std::to_string(static_cast<double>(moment.count()) / 1000) +
                                    " " SENDHUB_BINARY_DIR "/bin/sendhub --config " +
                                    (hub.dir() / "hub.toml").string() + " sync >/dev/null 2>&1";
        (void)std::system(command.c_str());
        const Output again = hub.sync();
        EXPECT_EQ(again.code, 0) << "killed after " << moment.count() << " ms: " << again.out << again.err;
        const auto after = hub.everything();
        for (const auto& [dataset, rows] : expected)
            EXPECT_TRUE(after.at(dataset) == rows) << dataset << ", killed after " << moment.count() << " ms";
    }
}
