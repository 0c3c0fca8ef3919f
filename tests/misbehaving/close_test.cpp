// The boundary's promise: close is called exactly once after every successful open, whatever happened
// between them, and never after an open that failed.
#include <functional>

#include "tests/misbehaving/harness.hpp"

namespace sendhub::worker {
namespace {

using ::testing::HasSubstr;
using testing::WorkerTest;
namespace fs = std::filesystem;

class Close : public WorkerTest {
  protected:
    const fs::path calls_file = state / "calls";
    std::string calls() const { return fs::exists(calls_file) ? sendhub::read_file(calls_file).value() : ""; }

    StageJob stage(const std::string& what) {
        return stage_job({land("a.csv", "K1,R1,Smith,F\nK2,R2,Jones,M\n")},
                         {{"do", what}, {"calls", calls_file.string()}});
    }
    FetchJob fetch(const std::string& what) {
        return fetch_job({{"do", what}, {"files", "a=one"}, {"calls", calls_file.string()}});
    }
    // Stops the run once the plugin has said that it waits.
    template <class Job>
    Outcome stop(Job job) {
        boost::asio::io_context io;
        Supervisor supervisor(io, WORKER_FIXTURE, deadlines);
        Outcome outcome;
        bool done = false;
        supervisor.start(std::move(job), {}, [&](Outcome o) {
            outcome = std::move(o);
            done = true;
        });
        bool stopped = false;
        for (int i = 0; i < 5000 && !done; ++i) {
            io.run_for(std::chrono::milliseconds(10));
            io.restart();
            if (stopped || calls().find("wait") == std::string::npos) continue;
            supervisor.cancel_all();
            stopped = true;
        }
        EXPECT_TRUE(done);
        return outcome;
    }
};

TEST_F(Close, ConnectorThatWorks) {
    EXPECT_EQ(run(stage("well")).state, OutcomeState::ok);
    EXPECT_EQ(calls(), "open close ");
}
TEST_F(Close, ConnectorThatFailsInReadFile) {
    EXPECT_EQ(run(stage("say nothing")).state, OutcomeState::failed);
    EXPECT_EQ(calls(), "open close ");
}
TEST_F(Close, ConnectorThatFailsInFinish) {
    const auto outcome = run(stage("fail in finish"));
    EXPECT_EQ(outcome.state, OutcomeState::failed);
    EXPECT_THAT(outcome.sentence, HasSubstr("the last step failed"));
    EXPECT_EQ(calls(), "open close ");
}
TEST_F(Close, ConnectorThatThrows) {
    EXPECT_EQ(run(stage("throw")).state, OutcomeState::failed);
    EXPECT_EQ(calls(), "open close ");
}
TEST_F(Close, ConnectorThatMisusesTheHost) {
    EXPECT_EQ(run(stage("wrong count")).state, OutcomeState::failed);
    EXPECT_EQ(calls(), "open close ");
}
TEST_F(Close, ConnectorThatIsStopped) {
    EXPECT_EQ(stop(stage("wait to be stopped")).state, OutcomeState::cancelled);
    EXPECT_EQ(calls(), "open wait close ");
}
TEST_F(Close, LandedFileThatWasChanged) {
    StageJob job = stage("well");
    fs::resize_file(landing / job.deliveries[0].sha256, 3);
    EXPECT_EQ(run(std::move(job)).state, OutcomeState::failed);
    EXPECT_EQ(calls(), "open close ");
}
TEST_F(Close, IsNotCalledAfterAnOpenThatFails) {
    EXPECT_EQ(run(stage("bad settings")).state, OutcomeState::bad_settings);
    EXPECT_EQ(run(stage("retry")).state, OutcomeState::retry);
    EXPECT_EQ(run(stage("throw in open")).state, OutcomeState::failed);
    EXPECT_EQ(run(fetch("fail in open")).state, OutcomeState::retry);
    EXPECT_EQ(calls(), "");
}
TEST_F(Close, CrashInCloseDoesNotHideTheFailure) {
    const auto outcome = run(stage("crash in close after a failure"));
    EXPECT_EQ(outcome.state, OutcomeState::failed);
    EXPECT_THAT(outcome.sentence, HasSubstr("the first step failed"));
    EXPECT_EQ(calls(), "open close ");
}
TEST_F(Close, HangInCloseDoesNotHideTheFailure) {
    deadlines.end = std::chrono::milliseconds(300);
    deadlines.grace = std::chrono::milliseconds(300);
    const auto outcome = run(stage("hang in close after a failure"));
    EXPECT_EQ(outcome.state, OutcomeState::failed);
    EXPECT_THAT(outcome.sentence, HasSubstr("the first step failed"));
}
TEST_F(Close, ThrowInCloseFailsARunThatWentWell) {
    const auto outcome = run(stage("throw in close"));
    EXPECT_EQ(outcome.state, OutcomeState::failed);
    EXPECT_THAT(outcome.sentence, HasSubstr("in close"));
    expect_no_batch();
}
TEST_F(Close, TransportThatWorks) {
    EXPECT_EQ(run(fetch("well")).state, OutcomeState::ok);
    EXPECT_EQ(calls(), "open close ");
}
TEST_F(Close, TransportThatFails) {
    EXPECT_EQ(run(fetch("fail")).state, OutcomeState::failed);
    EXPECT_EQ(calls(), "open close ");
}
TEST_F(Close, TransportThatThrows) {
    EXPECT_EQ(run(fetch("throw")).state, OutcomeState::failed);
    EXPECT_EQ(calls(), "open close ");
}
TEST_F(Close, TransportThatMisusesTheHost) {
    EXPECT_EQ(run(fetch("force a name")).state, OutcomeState::failed);
    EXPECT_EQ(calls(), "open close ");
}
TEST_F(Close, TransportThatIsStopped) {
    EXPECT_EQ(stop(fetch("wait to be stopped")).state, OutcomeState::cancelled);
    EXPECT_EQ(calls(), "open wait close ");
}

// What `sendhub config check` does.
TEST_F(Close, CheckOpensAndClosesAndReadsNothing) {
    StageJob job = stage("say nothing");  // read_file would fail
    job.check = true;
    EXPECT_EQ(run(std::move(job)).state, OutcomeState::ok);
    expect_no_batch();
    FetchJob fetching = fetch("fail");
    fetching.check = true;
    EXPECT_EQ(run(std::move(fetching)).state, OutcomeState::ok);
    EXPECT_EQ(calls(), "open close open close ");
    StageJob wrong = stage("bad settings");
    wrong.check = true;
    const auto outcome = run(std::move(wrong));
    EXPECT_EQ(outcome.state, OutcomeState::bad_settings);
    EXPECT_THAT(outcome.sentence, HasSubstr("the setting do is not what it should be"));
}

}  // namespace
}  // namespace sendhub::worker
