// A night that is killed at one step: the next run ends as an undisturbed one would. One process runs several
// of them (see SHARDS), so that the night before is prepared once. Under a sanitizer killed_again_test.cpp
// alone runs: it does the same steps in a fifth of the time.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

#include "tests/e2e/hub.hpp"
#include "tests/e2e/night_steps.hpp"

using namespace sendhub::e2e;

class KilledNight : public testing::TestWithParam<const char*> {};

TEST_P(KilledNight, the_next_run_publishes_what_an_undisturbed_one_publishes) {
    static const Hub* undisturbed = [] {
        static Hub prepared(200, 12);
        EXPECT_EQ(prepared.sync().code, 0);
        prepared.next_night(2);
        return &prepared;
    }();
    static const auto expected = [] {
        const Hub whole(200, 12);
        whole.copy_from(*undisturbed);
        EXPECT_EQ(whole.sync().code, 0);
        return whole.everything();
    }();
    static const auto before = undisturbed->everything();
    const Hub hub(200, 12);
    hub.copy_from(*undisturbed);
    const Output killed = hub.sync({{"SENDHUB_CRASH_AT", GetParam()}});
    EXPECT_EQ(killed.code, 128 + SIGKILL) << "the step was not reached: " << killed.out << killed.err;
    const auto between = hub.everything();
    EXPECT_TRUE(between == before || between == expected) << "a reader saw half a night";
    const Output again = hub.sync();
    EXPECT_EQ(again.code, 0) << again.out << again.err;
    const auto after = hub.everything();
    for (const auto& [dataset, rows] : expected) EXPECT_TRUE(after.at(dataset) == rows) << dataset;
    EXPECT_NE(hub.run({"runs"}).out.find("failed"), std::string::npos) << "the killed run is told as failed";
}

INSTANTIATE_TEST_SUITE_P(AtEachStep, KilledNight, testing::ValuesIn(night_steps), [](const auto& info) {
    std::string name = info.param;
    std::replace(name.begin(), name.end(), '.', '_');
    return name;
});
