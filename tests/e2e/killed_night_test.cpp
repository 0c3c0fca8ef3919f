// Nights that are killed, at every named step and at random moments: the next run ends as an undisturbed one
// would. One process runs several of them (see SHARDS), so that the night before is prepared once.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <random>

#include "tests/e2e/hub.hpp"

using namespace sendhub::e2e;

class KilledNight : public testing::TestWithParam<const char*> {};

TEST_P(KilledNight, the_next_run_publishes_what_an_undisturbed_one_publishes) {
    static const Hub* undisturbed = [] {
        static Hub prepared(200, 11);
        EXPECT_EQ(prepared.sync().code, 0);
        prepared.next_night(2);
        return &prepared;
    }();
    static const auto expected = [] {
        const Hub whole(200, 11);
        whole.copy_from(*undisturbed);
        EXPECT_EQ(whole.sync().code, 0);
        return whole.everything();
    }();
    const Hub hub(200, 11);
    hub.copy_from(*undisturbed);
    const auto before = hub.everything();
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

INSTANTIATE_TEST_SUITE_P(AtEachStep, KilledNight,
                         testing::Values("night.after_fetch", "night.after_stage", "import.begin",
                                         "import.after_history", "import.after_record",
                                         "import.before_commit", "import.after_commit", "night.before_match",
                                         "night.before_publish", "publish.before_write",
                                         "publish.after_write", "publish.after_rename",
                                         "publish.after_switch", "night.before_end"),
                         [](const auto& info) {
                             std::string name = info.param;
                             std::replace(name.begin(), name.end(), '.', '_');
                             return name;
                         });

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
