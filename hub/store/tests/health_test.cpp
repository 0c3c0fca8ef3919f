#include "hub/store/health.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace sendhub;
using namespace sendhub::store;

namespace {

HealthEvidence all_well() {
    return {.feeds = {{"cme", "ok"}, {"ehe", "nothing_new"}},
            .match_state = "ok",
            .publish_state = "ok",
            .night_state = "ok",
            .published = true,
            .held_batches = 0,
            .died = ""};
}

TEST(Health, is_ok_only_when_everything_is) {
    const Health health = judge_health(all_well());
    EXPECT_EQ(health.exit_code, 0);
    EXPECT_EQ(health.state, "ok");
    EXPECT_TRUE(health.reasons.empty());
}

TEST(Health, each_thing_that_is_not_well_is_seen_alone) {
    const auto code = [](auto change) {
        HealthEvidence evidence = all_well();
        change(evidence);
        const Health health = judge_health(evidence);
        EXPECT_EQ(health.reasons.size(), 1u);
        EXPECT_EQ(health.state, health.exit_code == 1 ? "failed" : "needs_review");
        return health.exit_code;
    };
    for (const char* state : {"held", "collapsed", "nothing_received", "never_run", "partly_refused",
                              "many_rejected", "superseded", "a state of a later version"})
        EXPECT_EQ(code([&](HealthEvidence& e) { e.feeds[0].second = state; }), 3) << state;
    EXPECT_EQ(code([](HealthEvidence& e) { e.feeds[1].second = "failed"; }), 1);
    EXPECT_EQ(code([](HealthEvidence& e) { e.match_state = "failed"; }), 1);
    EXPECT_EQ(code([](HealthEvidence& e) { e.publish_state = "failed"; }), 1);
    EXPECT_EQ(code([](HealthEvidence& e) { e.night_state = "failed"; }), 1);
    EXPECT_EQ(code([](HealthEvidence& e) { e.published = false; }), 3);
    EXPECT_EQ(code([](HealthEvidence& e) { e.held_batches = 1; }), 3);
    EXPECT_EQ(code([](HealthEvidence& e) { e.died = "the run x died"; }), 1);
}

TEST(Health, the_worst_reason_comes_first) {
    HealthEvidence evidence = all_well();
    evidence.held_batches = 2;
    evidence.publish_state = "failed";
    const Health health = judge_health(evidence);
    EXPECT_EQ(health.exit_code, 1);
    EXPECT_EQ(health.reasons, (std::vector<std::string>{"publication: failed", "a held batch needs review"}));
}

class HealthFile : public ::testing::Test {
  protected:
    TemporaryFolder folder;
    void status(const std::string& runs, const std::string& feed_state = "ok") {
        ASSERT_TRUE(write_file_atomically(
            folder.path / "status.json",
            R"({"publication":{"version":"v"},"held":[],"feeds":[{"feed":"cme","state":")" + feed_state +
                R"("}],"runs":[)" + runs + "]}"));
    }
};

TEST_F(HealthFile, a_hub_that_has_run_nothing_needs_review) {
    EXPECT_EQ(read_health(folder.path)->exit_code, 3);
    ASSERT_TRUE(write_file_atomically(folder.path / "status.json", "{"));
    EXPECT_FALSE(read_health(folder.path));
}

TEST_F(HealthFile, the_newest_run_of_each_kind_counts) {
    status(
        R"({"run_id":"p2","kind":"publish","state":"ok"},{"run_id":"m2","kind":"match","state":"ok"},{"run_id":"p1","kind":"publish","state":"failed"})");
    EXPECT_EQ(read_health(folder.path)->exit_code, 0);
    status(
        R"({"run_id":"p2","kind":"publish","state":"failed"},{"run_id":"p1","kind":"publish","state":"ok"})");
    EXPECT_EQ(read_health(folder.path)->exit_code, 1);
}

TEST_F(HealthFile, a_run_whose_process_died_is_told_from_one_at_work) {
    status(R"({"run_id":"n1","kind":"night","state":"running","started_at":"2026-01-20T01:30:00.000Z"})");
    {
        const auto lock = FileLock::acquire(folder.path / "hub.lock");
        ASSERT_TRUE(lock);
        EXPECT_EQ(read_health(folder.path)->exit_code, 0) << "it is at work";
    }
    const auto health = read_health(folder.path);
    EXPECT_EQ(health->exit_code, 1);
    ASSERT_EQ(health->reasons.size(), 1u);
    EXPECT_NE(health->reasons[0].find("n1, which began at 2026-01-20T01:30:00.000Z, died"), std::string::npos)
        << health->reasons[0];
}

}  // namespace
