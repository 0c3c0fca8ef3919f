// The daemon's schedule with a run that the test gives.
#include "hub/schedule/night_schedule.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "tests/support/temporary_folder.hpp"

namespace sendhub::schedule {
namespace {

namespace fs = std::filesystem;

class NightsTest : public ::testing::Test {
  protected:
    TemporaryFolder temporary;
    const fs::path file = temporary.path / "hub.toml";
    std::mutex mutex;
    std::condition_variable changed;
    int runs = 0;

    void write_settings(const std::string& nightly, const std::string& state = "state") {
        std::ofstream(file) << "[hub]\nname = \"Test\"\nla_code = \"873\"\nstate = \"" << state
                            << "\"\n[schedule]\nnightly = \"" << nightly << "\"\n";
    }
    // As if a night had begun long ago and none since.
    void miss_a_night() {
        fs::create_directories(temporary.path / "state");
        std::ofstream(temporary.path / "state" / "status.json")
            << R"({"runs":[{"kind":"night","started_at":"2999-01-01T00:00:00Z"},)"
            << R"({"kind":"night","started_at":"2020-01-01T01:30:00Z"}]})";
    }
    bool wait_for_runs(int wanted) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, std::chrono::seconds(20), [&] { return runs >= wanted; });
    }
    void count() {
        const std::lock_guard lock(mutex);
        ++runs;
        changed.notify_all();
    }
    Nights make(RunNight run) { return Nights(config::load_config(file).value(), file, std::move(run)); }
};

TEST_F(NightsTest, a_missed_night_is_made_up_also_when_a_run_from_a_time_to_come_is_known) {
    write_settings("30 1 1 1 *");
    miss_a_night();
    Nights nights = make([&](const config::Config&, const std::vector<std::string>&, std::stop_token) {
        count();
        return Result<int>(0);
    });
    ASSERT_TRUE(nights.start());
    EXPECT_TRUE(wait_for_runs(1));
}

TEST_F(NightsTest, a_run_that_dies_or_throws_leaves_the_schedule_alive) {
    write_settings("30 1 1 1 *");
    miss_a_night();
    Nights nights =
        make([&](const config::Config&, const std::vector<std::string>&, std::stop_token) -> Result<int> {
            count();
            throw std::runtime_error("out of a library");
        });
    ASSERT_TRUE(nights.start());
    ASSERT_TRUE(wait_for_runs(1));
    ASSERT_TRUE(nights.reload()) << "it still listens";
}

TEST_F(NightsTest, settings_with_a_fault_or_another_state_folder_are_not_taken_over) {
    write_settings("30 1 1 1 *");
    Nights nights = make([&](const config::Config&, const std::vector<std::string>&, std::stop_token) {
        return Result<int>(0);
    });
    ASSERT_TRUE(nights.start());
    write_settings("99 1 1 1 *");
    const auto wrong = nights.reload();
    ASSERT_FALSE(wrong);
    EXPECT_NE(wrong.error().sentence.find("hub.toml:6:"), std::string::npos) << wrong.error().sentence;
    write_settings("30 1 1 1 *", "elsewhere");
    const auto moved = nights.reload();
    ASSERT_FALSE(moved);
    EXPECT_NE(moved.error().sentence.find("hub.state"), std::string::npos);
}

TEST_F(NightsTest, stop_waits_for_the_run_and_asks_it_to_stop) {
    write_settings("30 1 1 1 *");
    miss_a_night();
    bool asked = false;
    Nights nights = make([&](const config::Config&, const std::vector<std::string>&, std::stop_token stop) {
        count();
        std::mutex none;
        std::condition_variable_any wait;
        std::unique_lock lock(none);
        asked = !wait.wait_for(lock, stop, std::chrono::seconds(20), [] { return false; }) &&
                stop.stop_requested();
        return Result<int>(1);
    });
    ASSERT_TRUE(nights.start());
    ASSERT_TRUE(wait_for_runs(1));
    nights.stop();
    EXPECT_TRUE(asked);
}

}  // namespace
}  // namespace sendhub::schedule
