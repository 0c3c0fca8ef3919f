// A connector that does its work well, from landed files to a batch.
#include "tests/misbehaving/harness.hpp"

namespace sendhub::worker {
namespace {

using ::testing::HasSubstr;
using testing::WorkerTest;
namespace fs = std::filesystem;

using Stage = WorkerTest;

TEST_F(Stage, LandedFilesBecomeABatch) {
    const auto outcome = run(stage_job(
        {land("a.csv", "K1,R1,Smith,F\nK2,R2,O'Connor-Longer-Name,M\n"), land("b.csv", "K3,R3,,F\n")}));
    ASSERT_EQ(outcome.state, OutcomeState::ok) << outcome.sentence;
    EXPECT_EQ(outcome.counts.files, 2u);
    EXPECT_EQ(outcome.counts.rows_staged, 3u);
    EXPECT_EQ(outcome.counts.rows_received, 3u);
    EXPECT_EQ(outcome.counts.rows_rejected, 0u);
    EXPECT_EQ(ask("select string_agg(scope_no || ':' || file_no || ':' || source_row || ':' || source_key || "
                  "':' || coalesce(surname, '-'), ' ' order by source_key) from '{}/person_record.parquet'",
                  outcome.batch),
              "0:0:1:K1:Smith 0:0:2:K2:O'Connor-Longer-Name 1:1:1:K3:-");
    EXPECT_EQ(ask("select count(*) from '{}/rejects.parquet'", outcome.batch), "0");
    EXPECT_EQ(outcome.exit_code, 0);
}

TEST_F(Stage, WrongRowsAreKeptAsRejectsWithMaskedValues) {
    const auto outcome = run(stage_job({land(
        "a.csv",
        "K1,R1,Smith,F\n,R2,Jones,M\nK3,R3,Brown,Q\nK1,R4,Green,M\nK5,R5,\xff\xfe,M\nwarn\nwarn reject\n")}));
    ASSERT_EQ(outcome.state, OutcomeState::ok) << outcome.sentence;
    EXPECT_EQ(outcome.counts.rows_staged, 1u);
    EXPECT_EQ(outcome.counts.rows_rejected, 5u);
    EXPECT_EQ(
        ask("select string_agg(source_row || ':' || rule || ':' || field || ':' || coalesce(value_masked, "
            "'-') || ':' || coalesce(source_key, '-'), ' ' order by source_row) from '{}/rejects.parquet'",
            outcome.batch),
        "2:HUB-REQUIRED:source_key:-:- 3:HUB-CODE:sex:Q:K3 4:HUB-REPEAT:source_key:x9:K1 "
        "5:HUB-UTF8:surname:??:K5 6:XX-01:surname:xxxxx99:K9 7:XX-01:surname:xxxxx99:K9");
    EXPECT_EQ(ask("select string_agg(severity, ' ' order by source_row) from '{}/rejects.parquet' where "
                  "record = 'person_record' and file_name = 'a.csv' and scope_no = 0 and length(advice) > 5",
                  outcome.batch),
              "reject reject reject reject warning reject");
}

TEST_F(Stage, ARefusedFileTakesItsScopesWithItAndNothingElse) {
    const auto outcome = run(stage_job({land("good.csv", "K1,R1,Smith,F\n,R9,Jones,M\n"),
                                        land("bad.csv", "K2,R2,Green,M\n,R3,Brown,M\nrefuse\n"),
                                        land("late.csv", "K3,R3,Black,F\n")}));
    ASSERT_EQ(outcome.state, OutcomeState::ok) << outcome.sentence;
    EXPECT_EQ(outcome.counts.files, 3u);
    EXPECT_EQ(outcome.counts.files_refused, 1u);
    EXPECT_EQ(outcome.counts.rows_staged, 2u) << "the row of bad.csv does not count";
    EXPECT_EQ(outcome.counts.rows_rejected, 1u) << "nor does its reject";
    EXPECT_EQ(outcome.counts.rows_received, 3u);
    const std::string json = read_file(outcome.batch / "batch.json").value();
    EXPECT_THAT(json, HasSubstr(R"("name":"bad.csv")"));
    EXPECT_THAT(json, HasSubstr(R"("state":"refused","reason":"line 3 says so"})"));
    EXPECT_THAT(
        json,
        HasSubstr(
            R"("no":1,"record":"person_record","name":"all","mode":"snapshot","as_of":"2026-01-20","rows":1,"files":[1],"state":"refused"})"));
    EXPECT_THAT(json,
                HasSubstr(R"("records":[{"record":"person_record","received":3,"staged":2,"rejected":1}])"));
    EXPECT_EQ(ask("select count(*) from '{}/rejects.parquet'", outcome.batch), "2")
        << "people still see what was wrong in it";
}

TEST_F(Stage, AStatementDatedAfterTheDayOfReceiptIsRefused) {
    const auto on_the_day = run(stage_job({land("a.csv", "K1,R1,Smith,F\n")}, {{"days_ahead", "0"}}));
    EXPECT_EQ(on_the_day.counts.files_refused, 0u);
    fs::remove_all(on_the_day.batch);
    const auto ahead = run(stage_job({land("b.csv", "K1,R1,Smith,F\n")}, {{"days_ahead", "1"}}));
    ASSERT_EQ(ahead.state, OutcomeState::ok) << ahead.sentence;
    EXPECT_EQ(ahead.counts.files_refused, 1u);
    EXPECT_EQ(ahead.counts.rows_staged, 0u);
    const std::string json = read_file(ahead.batch / "batch.json").value();
    EXPECT_THAT(json, HasSubstr("it is dated 2026-01-21, after the day it was received (2026-01-20)"));
    EXPECT_THAT(json, HasSubstr(R"("rows":1,"files":[0],"state":"refused")"));
    fs::remove_all(ahead.batch);
    const auto twice = run(stage_job({land("c.csv", "K1,R1,Smith,F\nrefuse\n")}, {{"days_ahead", "99"}}));
    EXPECT_EQ(twice.counts.files_refused, 1u) << "refused by both, counted once";
}

TEST_F(Stage, EveryFileMayBeRefused) {
    const auto outcome =
        run(stage_job({land("bad.csv", "refuse\n"), land("worse.zip", "PK\x03\x04 not a zip")}));
    ASSERT_EQ(outcome.state, OutcomeState::ok) << outcome.sentence;
    EXPECT_EQ(outcome.counts.files_refused, 2u);
    EXPECT_EQ(outcome.counts.rows_received, 0u);
    EXPECT_FALSE(fs::exists(outcome.batch / "person_record.parquet")) << "a record with no rows has no file";
    EXPECT_TRUE(fs::exists(outcome.batch / "rejects.parquet"));
}

TEST_F(Stage, AFileThatTheHubCannotUnpackIsRefusedWhateverThePluginSays) {
    const std::string damaged =
        std::string("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", 10) + "no deflate data";
    const auto outcome = run(stage_job({land("a.csv.gz", damaged), land("b.csv", "K1,R1,Smith,F\n")}));
    ASSERT_EQ(outcome.state, OutcomeState::ok) << outcome.sentence;
    EXPECT_EQ(outcome.counts.files_refused, 1u);
    EXPECT_EQ(outcome.counts.rows_staged, 1u);
    EXPECT_THAT(read_file(outcome.batch / "batch.json").value(),
                HasSubstr("its gzip data are damaged; send it again"));
}

TEST_F(Stage, NoDeliveriesAreAnEmptyBatch) {
    const auto outcome = run(stage_job({}));
    ASSERT_EQ(outcome.state, OutcomeState::ok) << outcome.sentence;
    EXPECT_EQ(outcome.counts.files, 0u);
}

TEST_F(Stage, ALandedFileThatChangedIsNoticed) {
    auto delivery = land("a.csv", "K1,R1,Smith,F\n");
    std::ofstream(landing / delivery.sha256, std::ios::app) << "K2,R2,Jones,M\n";
    const auto outcome = run(stage_job({delivery}));
    EXPECT_EQ(outcome.state, OutcomeState::failed);
    EXPECT_THAT(outcome.sentence, HasSubstr("somebody has changed it"));
    expect_no_batch();
}

TEST_F(Stage, ABatchOfThatNameIsNeverOverwritten) {
    const auto first = run(stage_job({land("a.csv", "K1,R1,Smith,F\n")}));
    ASSERT_TRUE(first.ok());
    EXPECT_EQ(run(stage_job({land("b.csv", "K1,R1,Smith,F\nK2,R2,Jones,M\n")})).state, OutcomeState::failed);
    EXPECT_EQ(ask("select count(*) from '{}/person_record.parquet'", first.batch), "1");
}

TEST_F(Stage, ManyRowsWithLongTextsComeOutAsTheyWentIn) {
    std::string content;
    for (int i = 0; i < 50'000; ++i)
        content += "key-number-" + std::to_string(i) + ",ref-number-" + std::to_string(i * 7) + "," +
                   std::string(static_cast<std::size_t>(i % 90), 'a') + ",F\n";
    const auto outcome = run(stage_job({land("a.csv", content)}));
    ASSERT_EQ(outcome.state, OutcomeState::ok) << outcome.sentence;
    EXPECT_EQ(outcome.counts.rows_staged, 50'000u);
    EXPECT_EQ(ask("select count(*) from '{}/person_record.parquet' where source_key = 'key-number-' || "
                  "(source_row - 1) and person_ref = 'ref-number-' || (source_row - 1) * 7 "
                  "and coalesce(surname, '') = repeat('a', ((source_row - 1) % 90)::int) and sex = 'F' and "
                  "forename is null and birth_date is null",
                  outcome.batch),
              "50000");
}

}  // namespace
}  // namespace sendhub::worker
