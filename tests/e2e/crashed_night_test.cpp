// A nightly run that crashes, throws or is stopped ends in a state, and the daemon goes on.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <regex>
#include <thread>

#include "tests/e2e/http_client.hpp"
#include "tests/e2e/hub.hpp"

using namespace sendhub::e2e;
namespace fs = std::filesystem;

namespace {

bool wait_for(const std::function<bool()>& condition) {
    for (int i = 0; i < 6000; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string status(const Hub& hub) { return read(hub.state() / "status.json"); }

// As if the last night had been long ago: serve makes one up at once.
void miss_a_night(const Hub& hub) {
    write(hub.state() / "status.json", std::regex_replace(status(hub), std::regex(R"("started_at":"[^"]*")"),
                                                          R"("started_at":"2020-01-01T01:30:00.000Z")"));
}

struct Way {
    std::string point, how, state_says, log_says;
};

class CrashedNight : public ::testing::TestWithParam<Way> {};

}  // namespace

TEST_P(CrashedNight, ends_its_run_and_not_the_daemon_and_the_next_night_works) {
    const Hub hub(200, 12);
    ASSERT_EQ(hub.sync().code, 0);
    const std::string before = hub.version();
    hub.next_night(2);
    miss_a_night(hub);
    Daemon daemon(hub, {{"SENDHUB_CRASH_AT", GetParam().point}, {"SENDHUB_CRASH_HOW", GetParam().how}});
    ASSERT_TRUE(wait_for([&] { return has(daemon.log(), GetParam().log_says); })) << daemon.log();
    EXPECT_EQ(get(daemon.url() + "/healthz/live").status, 200);
    EXPECT_EQ(get(daemon.url() + "/healthz/ready").status, 200) << "yesterday's publication is served";
    EXPECT_EQ(hub.version(), before);
    EXPECT_TRUE(has(status(hub), GetParam().state_says)) << status(hub);
    EXPECT_FALSE(has(status(hub), "\"state\":\"running\"")) << status(hub);

    EXPECT_LE(hub.sync().code, 3) << "the store is whole and nobody holds it";
    EXPECT_NE(hub.version(), before) << "what the crashed run left is taken up";
    EXPECT_TRUE(has(hub.run({"runs"}).out, "failed"));
    EXPECT_EQ(daemon.stop(), 0) << daemon.log();
    const Hub undisturbed(200, 12);
    ASSERT_EQ(undisturbed.sync().code, 0);
    undisturbed.next_night(2);
    ASSERT_EQ(undisturbed.sync().code, 0);
    EXPECT_EQ(hub.content("dim_person").size(), undisturbed.content("dim_person").size());
}

INSTANTIATE_TEST_SUITE_P(
    Ways, CrashedNight,
    ::testing::Values(Way{"match.before_commit", "segv", "the nightly run crashed (Segmentation fault)",
                          "\"event\":\"night.failed\""},
                      Way{"match.before_commit", "throw", "matching failed unexpectedly (crash point match.",
                          "\"event\":\"night.end\""},
                      Way{"publish.before_write", "segv", "the nightly run crashed (Segmentation fault)",
                          "\"event\":\"night.failed\""},
                      Way{"publish.after_write", "throw",
                          "publishing failed unexpectedly (crash point publish.", "\"event\":\"night.end\""},
                      Way{"publish.before_write", "kill", "was killed from outside",
                          "\"event\":\"night.failed\""}),
    [](const auto& info) {
        return std::regex_replace(info.param.point + "_" + info.param.how, std::regex("[.]"), "_");
    });

TEST(StoppedNight, a_night_of_the_daemon_ends_with_it_in_a_state) {
    const Hub hub(200, 12);
    ASSERT_EQ(hub.sync().code, 0);
    miss_a_night(hub);
    const std::string settings = std::regex_replace(read(hub.dir() / "hub.toml"),
                                                    std::regex("settle_seconds = 0"), "settle_seconds = 60");
    write(hub.dir() / "hub.toml", settings);
    hub.next_night(2);
    Daemon daemon(hub);
    ASSERT_TRUE(wait_for([&] { return has(status(hub), "\"state\":\"running\""); })) << daemon.log();
    EXPECT_EQ(daemon.stop(), 0);
    EXPECT_FALSE(has(status(hub), "\"state\":\"running\"")) << status(hub);
    EXPECT_TRUE(has(status(hub), "stopped")) << status(hub);
    write(hub.dir() / "hub.toml",
          std::regex_replace(settings, std::regex("settle_seconds = 60"), "settle_seconds = 0"));
    EXPECT_EQ(hub.sync().code, 0) << "the next run takes it up";
}

TEST(StoppedNight, a_sync_that_does_not_end_after_two_signals_notes_that_it_was_stopped) {
    const Hub hub(200, 12);
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::setenv("SENDHUB_CRASH_AT", "match.before_commit", 1);
        ::setenv("SENDHUB_CRASH_HOW", "hang", 1);
        const std::string config = (hub.dir() / "hub.toml").string();
        ::execl(binary().c_str(), "sendhub", "--config", config.c_str(), "sync", nullptr);
        ::_exit(127);
    }
    const fs::path status_file = hub.state() / "status.json";
    EXPECT_TRUE(wait_for([&] {
        return fs::exists(status_file) && !has(status(hub), R"("kind":"feed","state":"running")");
    })) << "the feeds are read";
    std::this_thread::sleep_for(std::chrono::seconds(2));  // until it hangs in matching; earlier is well, too
    ::kill(pid, SIGTERM);
    std::this_thread::sleep_for(std::chrono::milliseconds(300));  // two signals at once would count as one
    ::kill(pid, SIGTERM);
    int result = 0;
    ::waitpid(pid, &result, 0);
    EXPECT_TRUE(WIFEXITED(result));
    EXPECT_EQ(WEXITSTATUS(result), 1);
    EXPECT_FALSE(has(status(hub), "\"state\":\"running\"")) << status(hub);
    EXPECT_TRUE(has(status(hub), "the hub was stopped during this run")) << status(hub);
    EXPECT_EQ(hub.sync().code, 0);
}
