// A connector that does its work well, from landed files to a batch.
#include "tests/misbehaving/harness.hpp"

namespace sendhub::worker {
namespace {

using testing::WorkerTest;

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

}  // namespace
}  // namespace sendhub::worker
