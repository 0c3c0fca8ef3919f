// Each way in which a connector goes wrong costs its run, and leaves a sentence that a person can act on.
#include <signal.h>

#include "tests/misbehaving/harness.hpp"

namespace sendhub::worker {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
namespace fs = std::filesystem;
using testing::WorkerTest;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;  // no memory limit then, and faults are reported by an exit code
#else
constexpr bool kSanitized = false;
#endif

class Misbehaving : public WorkerTest {
  protected:
    Outcome run_with(const std::string& what, std::map<std::string, std::string> more = {}) {
        more["do"] = what;
        const auto outcome =
            run(stage_job({land("a.csv", "K1,R1,Smith,F\nK2,R2,Jones,M\n")}, std::move(more)));
        expect_no_batch();
        EXPECT_THAT(outcome.sentence, AllOf(HasSubstr("feed cme"), HasSubstr(";")))
            << "it says where and what to do";
        EXPECT_EQ(outcome.sentence.find("Smith"), std::string::npos);
        // What went before does not stand in the way of the next run.
        StageJob after = stage_job({land("b.csv", "K1,R1,Smith,F\n")});
        after.limits = usual_limits;
        const auto next = run(std::move(after));
        EXPECT_EQ(next.state, OutcomeState::ok) << next.sentence;
        return outcome;
    }
};

TEST_F(Misbehaving, Crash) {
    const auto outcome = run_with("crash");
    EXPECT_EQ(outcome.state, OutcomeState::crashed) << outcome.sentence;
    EXPECT_THAT(outcome.sentence, HasSubstr("crashed (Segmentation fault) while reading file 1"));
}
TEST_F(Misbehaving, Abort) {
    const auto outcome = run_with("abort");
    EXPECT_EQ(outcome.state, OutcomeState::crashed) << outcome.sentence;
    EXPECT_EQ(outcome.signal, SIGABRT);
}
TEST_F(Misbehaving, ExceptionThroughTheBoundary) {
    const auto outcome = run_with("throw");
    EXPECT_EQ(outcome.state, OutcomeState::failed) << outcome.sentence;
    EXPECT_THAT(outcome.sentence, HasSubstr("let an exception cross the boundary in read_file (file 0 of the "
                                            "batch) (out over the boundary)"));
}
TEST_F(Misbehaving, SomethingElseThrownThroughTheBoundary) {
    const auto outcome = run_with("throw a number");
    EXPECT_EQ(outcome.state, OutcomeState::failed) << outcome.sentence;
    EXPECT_THAT(outcome.sentence, HasSubstr("let an exception cross the boundary"));
}
TEST_F(Misbehaving, EndlessLoop) {
    limits.idle_seconds = 1;
    const auto outcome = run_with("loop");
    EXPECT_EQ(outcome.state, OutcomeState::timed_out) << outcome.sentence;
    EXPECT_EQ(outcome.signal, SIGKILL) << "it did not heed SIGTERM";
    EXPECT_THAT(outcome.sentence, HasSubstr("no progress for 1 s while reading file 1"));
}
TEST_F(Misbehaving, ProcessorBurnerThatLooksAlive) {
    limits.cpu_seconds = 1;
    const auto outcome = run_with("burn");
    EXPECT_EQ(outcome.state, OutcomeState::timed_out) << outcome.sentence;
    EXPECT_THAT(outcome.sentence, HasSubstr("processor time than the limit of 1 s"));
}
TEST_F(Misbehaving, LongerThanTheWholeRunMayTake) {
    limits.wall_seconds = 1;
    const auto outcome = run_with("burn");
    EXPECT_EQ(outcome.state, OutcomeState::timed_out) << outcome.sentence;
    EXPECT_THAT(outcome.sentence, HasSubstr("longer than the limit of 1 s"));
}
TEST_F(Misbehaving, MemoryBomb) {
    if (kSanitized) GTEST_SKIP() << "a sanitizer's shadow memory allows no memory limit";
    limits.memory_mb = 256;
    const auto outcome = run_with("memory");
    EXPECT_EQ(outcome.state, OutcomeState::out_of_memory) << outcome.sentence;
    EXPECT_LT(outcome.peak_memory_kb, 300 * 1024);
    EXPECT_THAT(outcome.sentence, HasSubstr("limits.memory_mb"));
}
TEST_F(Misbehaving, MemoryBombThatIgnoresMalloc) {
    if (kSanitized) GTEST_SKIP() << "a sanitizer's shadow memory allows no memory limit";
    limits.memory_mb = 256;
    const auto outcome = run_with("memory of C");
    EXPECT_EQ(outcome.state, OutcomeState::out_of_memory) << outcome.sentence;
    EXPECT_LT(outcome.peak_memory_kb, 300 * 1024);
}
TEST_F(Misbehaving, EndlessRows) {
    limits.output_mb = 8;
    limits.cpu_seconds = 30;
    const auto outcome = run_with("rows");
    EXPECT_EQ(outcome.state, OutcomeState::output_limit) << outcome.sentence;
    EXPECT_THAT(outcome.sentence, HasSubstr("limit of 8 MB"));
}
TEST_F(Misbehaving, EndlessRejects) {
    limits.output_mb = 2;
    limits.cpu_seconds = 30;
    const auto outcome = run_with("rejects");
    EXPECT_EQ(outcome.state, OutcomeState::output_limit) << outcome.sentence;
}
TEST_F(Misbehaving, FloodOnStandardError) {
    const auto outcome = run_with("standard error");
    EXPECT_EQ(outcome.state, OutcomeState::output_limit) << outcome.sentence;
    EXPECT_LE(outcome.last_words.size(), 8u * 1024);
}
TEST_F(Misbehaving, RubbishAsReport) {
    const auto outcome = run_with("report");
    EXPECT_EQ(outcome.state, OutcomeState::lied) << outcome.sentence;
}
TEST_F(Misbehaving, HalfABatchThenExit) {
    const auto outcome = run_with("exit");
    EXPECT_EQ(outcome.state, OutcomeState::lied) << outcome.sentence;
    EXPECT_THAT(outcome.sentence, HasSubstr("ended the process in the middle of the run"));
}
TEST_F(Misbehaving, HalfABatchThenExitAtOnce) {
    const auto outcome = run_with("_exit");
    EXPECT_EQ(outcome.state, OutcomeState::lied) << outcome.sentence;
    EXPECT_EQ(outcome.exit_code, 0);
    EXPECT_THAT(outcome.sentence, HasSubstr("had not said that it was done"));
}
TEST_F(Misbehaving, ClaimsToBeDoneAndIsNot) {
    const auto outcome = run_with("claim and exit");
    EXPECT_EQ(outcome.state, OutcomeState::lied) << outcome.sentence;
    EXPECT_THAT(outcome.sentence, HasSubstr("there is no file"));
}
TEST_F(Misbehaving, ClaimsToBeDoneAndStays) {
    const auto outcome = run_with("claim and stay");
    EXPECT_EQ(outcome.state, OutcomeState::timed_out) << outcome.sentence;
    EXPECT_THAT(outcome.sentence, HasSubstr("did not end within"));
}
TEST_F(Misbehaving, ChildThatWouldOutliveTheRun) {
    const auto outcome = run(stage_job({land("a.csv", "K1,R1,Smith,F\n")},
                                       {{"do", "fork"}, {"pid_file", (state / "pid").string()}}));
    EXPECT_EQ(outcome.state, OutcomeState::ok) << outcome.sentence;
    const auto pid = static_cast<pid_t>(std::stol(read_file(state / "pid").value()));
    ASSERT_GT(pid, 1);
    // Killed with the group; whoever reaps orphans here may take a moment, and a zombie runs no code.
    std::string status;
    for (int i = 0; i < 100; ++i) {
        std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
        if (!std::getline(file, status)) return;
        if (status.find(") Z") != std::string::npos) return;
        ::usleep(20'000);
    }
    FAIL() << "the child still lives: " << status;
}
TEST_F(Misbehaving, RowOfTheWrongLength) {
    const auto outcome = run_with("wrong count");
    EXPECT_EQ(outcome.state, OutcomeState::failed);
    EXPECT_THAT(outcome.sentence, HasSubstr("added a row of person_record with 3 values, it declared 4"));
}
TEST_F(Misbehaving, RowInAScopeThatIsNotThere) {
    const auto outcome = run_with("wrong scope");
    EXPECT_EQ(outcome.state, OutcomeState::failed);
    EXPECT_THAT(outcome.sentence, HasSubstr("added a row to a scope that is not one of that record type"));
}
TEST_F(Misbehaving, RowOfARecordTypeThatIsNotThere) {
    const auto outcome = run_with("wrong record");
    EXPECT_EQ(outcome.state, OutcomeState::failed);
    EXPECT_THAT(outcome.sentence, HasSubstr("record type 9, which it did not declare"));
}
TEST_F(Misbehaving, FailsAndSaysNothing) {
    const auto outcome = run_with("say nothing");
    EXPECT_EQ(outcome.state, OutcomeState::failed);
    EXPECT_THAT(outcome.sentence, HasSubstr("did not say why"));
}
TEST_F(Misbehaving, ReturnsACodeOfItsOwn) {
    const auto outcome = run_with("say a code of its own");
    EXPECT_EQ(outcome.state, OutcomeState::failed);
    EXPECT_THAT(outcome.sentence, HasSubstr("returned the code 77"));
}
TEST_F(Misbehaving, SaysItWasCancelled) {
    const auto outcome = run_with("say cancelled");
    EXPECT_EQ(outcome.state, OutcomeState::failed);
    EXPECT_THAT(outcome.sentence, HasSubstr("which it was not"));
}
TEST_F(Misbehaving, SettingsThatItRefuses) {
    const auto outcome = run_with("bad settings");
    EXPECT_EQ(outcome.state, OutcomeState::bad_settings);
    EXPECT_THAT(outcome.sentence, HasSubstr("the setting do is not what it should be"));
    EXPECT_EQ(to_error(outcome).code, ErrorCode::settings);
}
TEST_F(Misbehaving, PassingFault) {
    const auto outcome = run_with("retry");
    EXPECT_EQ(outcome.state, OutcomeState::retry);
    EXPECT_EQ(to_error(outcome).code, ErrorCode::retry);
    EXPECT_THAT(outcome.sentence, HasSubstr("by itself (file list.csv) (row 7)")) << "the facts are added";
    EXPECT_EQ(outcome.retry_after_ms, 90'000);
}

// ---- a forged batch: the supervisor counts again ----

class Forged : public WorkerTest {
  protected:
    // batch.json of an honest run, with one thing in it changed; the Parquet files are those of that run.
    Outcome forge(const std::string& from, const std::string& to) {
        const std::string content = "K1,R1,Smith,F\nK2,R2,Jones,M\n,R3,Brown,M\n";
        const auto honest = run(stage_job({land("a.csv", content)}));
        EXPECT_EQ(honest.state, OutcomeState::ok) << honest.sentence;
        std::string text = read_file(honest.batch / "batch.json").value();
        const auto at = text.find(from);
        EXPECT_NE(at, std::string::npos) << from << " in " << text;
        if (at != std::string::npos) text.replace(at, from.size(), to);
        fs::remove(honest.batch / "batch.json");
        fs::rename(honest.batch, state / "parts");
        Delivery delivery = land("a.csv", content);
        delivery.seq = 1;
        const auto outcome = run(stage_job({delivery}, {{"do", "forge"},
                                                        {"batch", honest.batch.string()},
                                                        {"parts", (state / "parts").string()},
                                                        {"forged", text}}));
        return outcome;
    }
};

TEST_F(Forged, TheHonestBatchItselfIsBelieved) {
    const auto outcome = forge("\"a.csv\"", "\"a.csv\"");
    EXPECT_EQ(outcome.state, OutcomeState::ok) << outcome.sentence;
}
TEST_F(Forged, RowsThatAreNotThere) {
    const auto outcome = forge("\"rows\":2", "\"rows\":3");
    EXPECT_EQ(outcome.state, OutcomeState::lied);
    EXPECT_THAT(outcome.sentence, HasSubstr("claims 3 rows of person_record in scope 0 and 2 are there"));
    expect_no_batch();
}
TEST_F(Forged, StagedCountThatIsNotTheSum) {
    const auto outcome = forge("\"received\":3,\"staged\":2", "\"received\":4,\"staged\":3");
    EXPECT_EQ(outcome.state, OutcomeState::lied);
    EXPECT_THAT(outcome.sentence, HasSubstr("claims 3 staged rows of person_record and 2 are there"));
}
TEST_F(Forged, ReceivedThatDoesNotAddUp) {
    EXPECT_EQ(forge("\"received\":3", "\"received\":9").state, OutcomeState::lied);
}
TEST_F(Forged, MoreRejectsThanAreExplained) {
    EXPECT_EQ(
        forge("\"received\":3,\"staged\":2,\"rejected\":1", "\"received\":4,\"staged\":2,\"rejected\":2")
            .state,
        OutcomeState::lied);
}
TEST_F(Forged, IssuesThatAreNotThere) {
    EXPECT_EQ(forge("\"reject\":1", "\"reject\":2").state, OutcomeState::lied);
}
TEST_F(Forged, AnotherFeedsName) {
    EXPECT_EQ(forge("\"feed\":\"cme\"", "\"feed\":\"ehe\"").state, OutcomeState::lied);
}
TEST_F(Forged, AnotherSchema) {
    EXPECT_EQ(forge("\"schema_version\":\"", "\"schema_version\":\"0").state, OutcomeState::lied);
}
TEST_F(Forged, ADeliveryThatWasNotGiven) {
    EXPECT_EQ(forge("\"seq\":1", "\"seq\":7").state, OutcomeState::lied);
}
TEST_F(Forged, RowsOfARefusedFile) {
    EXPECT_EQ(forge("\"state\":\"read\"", "\"state\":\"refused\"").state, OutcomeState::lied);
}
TEST_F(Forged, HalfAnObject) { EXPECT_EQ(forge(",\"issues\"", ",\"issue\"").state, OutcomeState::lied); }
TEST_F(Forged, NoJsonAtAll) { EXPECT_EQ(forge("{\"batch\"", "\"batch\"").state, OutcomeState::lied); }

// ---- the supervisor itself ----

TEST_F(WorkerTest, CancelEndsEveryRunAsCancelled) {
    boost::asio::io_context io;
    Supervisor supervisor(io, WORKER_FIXTURE, deadlines);
    std::vector<Outcome> outcomes;
    limits.idle_seconds = 60;
    supervisor.start(stage_job({land("a.csv", "K1,R1,Smith,F\n")}, {{"do", "loop"}}), {},
                     [&](Outcome o) { outcomes.push_back(std::move(o)); });
    auto second = stage_job({land("b.csv", "K1,R1,Smith,F\n")}, {{"do", "burn"}});
    second.batch_id += "-2";
    bool asked = false;
    supervisor.start(
        second,
        [&](const Progress&) {
            if (!std::exchange(asked, true)) supervisor.cancel_all();
        },
        [&](Outcome o) { outcomes.push_back(std::move(o)); });
    EXPECT_EQ(supervisor.running(), 2u);
    io.run_for(std::chrono::seconds(30));
    ASSERT_EQ(outcomes.size(), 2u);
    for (const auto& outcome : outcomes)
        EXPECT_EQ(outcome.state, OutcomeState::cancelled) << outcome.sentence;
    expect_no_batch();
}

TEST_F(WorkerTest, DestroyingTheSupervisorEndsItsWorkersAndTellsNobody) {
    boost::asio::io_context io;
    bool told = false;
    {
        Supervisor supervisor(io, WORKER_FIXTURE, deadlines);
        supervisor.start(stage_job({land("a.csv", "K1,R1,Smith,F\n")}, {{"do", "loop"}}), {},
                         [&](Outcome) { told = true; });
        io.run_for(std::chrono::milliseconds(500));
    }
    const auto before = std::chrono::steady_clock::now();
    io.restart();
    io.run_for(std::chrono::seconds(5));
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(2))
        << "nothing is left to wait for";
    EXPECT_FALSE(told);
    expect_no_batch();
}

TEST_F(WorkerTest, AWorkerThatCannotBeStartedIsARetry) {
    boost::asio::io_context io;
    Supervisor supervisor(io, state / "no such binary", deadlines);
    std::vector<Outcome> outcomes;
    supervisor.start(stage_job({}), {}, [&](Outcome o) { outcomes.push_back(std::move(o)); });
    EXPECT_TRUE(outcomes.empty()) << "never from inside start";
    io.run_for(std::chrono::seconds(5));
    ASSERT_EQ(outcomes.size(), 1u);
    EXPECT_EQ(outcomes[0].state, OutcomeState::retry);
}

TEST_F(WorkerTest, ABinaryThatIsNoWorkerIsNoticed) {
    boost::asio::io_context io;
    Supervisor supervisor(io, "/bin/true", deadlines);
    std::vector<Outcome> outcomes;
    supervisor.start(stage_job({}), {}, [&](Outcome o) { outcomes.push_back(std::move(o)); });
    io.run_for(std::chrono::seconds(5));
    ASSERT_EQ(outcomes.size(), 1u);
    EXPECT_EQ(outcomes[0].state, OutcomeState::lied);
}

TEST_F(WorkerTest, TheMemoryOfTheHubIsNotTakenForThatOfTheWorker) {
    // A spawned process inherits its parent's high-water mark.
    std::vector<char> much(600u << 20, 1);
    const auto outcome = run(stage_job({land("a.csv", "K1,R1,Smith,F\n")}, {{"do", "abort"}}));
    EXPECT_EQ(outcome.state, OutcomeState::crashed) << outcome.sentence;
    EXPECT_EQ(much[much.size() / 2], 1);
    const auto good = run(stage_job({land("a.csv", "K1,R1,Smith,F\n")}));
    EXPECT_GT(good.peak_memory_kb, 1024);
    EXPECT_LT(good.peak_memory_kb, 500 * 1024);
}

TEST_F(WorkerTest, UnfinishedBatchesAreCleared) {
    fs::create_directories(staging / "x.tmp");
    fs::create_directories(staging / "y");
    ASSERT_TRUE(remove_unfinished_batches(staging));
    EXPECT_FALSE(fs::exists(staging / "x.tmp"));
    EXPECT_TRUE(fs::exists(staging / "y"));
    EXPECT_TRUE(remove_unfinished_batches(staging / "not there"));
}

}  // namespace
}  // namespace sendhub::worker
