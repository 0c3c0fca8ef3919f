// Plugins as they were built for earlier versions of the boundary still run: tests/abi/released/VERSION/.
#include "tests/misbehaving/harness.hpp"

namespace sendhub::worker {
namespace {

using ::testing::HasSubstr;
using testing::WorkerTest;

class Released : public WorkerTest {
  protected:
    Outcome stage(std::vector<Delivery> deliveries, std::map<std::string, std::string> settings) {
        StageJob job = stage_job(std::move(deliveries), std::move(settings));
        job.plugin = fixture("timetables");
        return run(std::move(job));
    }
};

constexpr const char* list =
    "K1;Smith;2012-02-29;2026-01-05;12.5;yes;SLCN;1\n"
    "K2;;2013-08-31;2026-01-06;10;no;ASD;2\n"
    "too;few\n";

TEST_F(Released, a_connector_of_version_1_fills_what_it_declares) {
    const auto outcome = stage({land("a.txt", list), land("b.txt", "refuse\n")}, {{"list", "ours"}});
    ASSERT_EQ(outcome.state, OutcomeState::ok) << outcome.sentence;
    EXPECT_EQ(outcome.counts.files, 2u);
    EXPECT_EQ(outcome.counts.files_refused, 1u);
    EXPECT_EQ(outcome.counts.rows_staged, 6u);
    EXPECT_EQ(outcome.counts.rows_rejected, 1u);
    EXPECT_EQ(
        ask("select string_agg(concat_ws('|', source_key, person_ref, surname, birth_date, source_row), "
            "' ' order by source_key) from '{}/person_record.parquet'",
            outcome.batch),
        "K1|K1|Smith|2012-02-29|1 K2|K2|2013-08-31|2");
    EXPECT_EQ(ask("select string_agg(concat_ws('|', source_key, start_date, hours_per_week::double, "
                  "parent_agreed, reported_nil), ' ' order by source_key) from "
                  "'{}/part_time_timetable.parquet'",
                  outcome.batch),
              "K1|2026-01-05|12.5|true|false K2|2026-01-06|10.0|false|false");
    EXPECT_EQ(ask("select string_agg(concat_ws('|', source_key, need_type, rank), ' ' order by source_key) "
                  "from '{}/sen_need.parquet'",
                  outcome.batch),
              "K1|SLCN|1 K2|ASD|2");
    EXPECT_EQ(ask("select string_agg(concat_ws('|', severity, record, source_row, rule, field, source_key), "
                  "' ' order by source_row) from '{}/rejects.parquet'",
                  outcome.batch),
              "warning|person_record|2|TT-02|surname|K2 reject|part_time_timetable|3|TT-01");
    const std::string json = read_file(outcome.batch / "batch.json").value();
    EXPECT_THAT(json, HasSubstr(R"("state":"refused","reason":"the file asks to be refused"})"));
    EXPECT_THAT(json, HasSubstr(R"("record":"part_time_timetable","name":"ours","mode":"snapshot")"));
    EXPECT_THAT(json, HasSubstr(R"("record":"sen_need","name":"ours","mode":"delta")"));
}

TEST_F(Released, its_settings_are_read) {
    const auto without = stage({land("a.txt", list)}, {{"list", "ours"}, {"take_needs", "false"}});
    ASSERT_EQ(without.state, OutcomeState::ok) << without.sentence;
    EXPECT_EQ(without.counts.rows_staged, 4u);
}

TEST_F(Released, what_it_says_of_a_wrong_setting_is_told) {
    const auto wrong = stage({}, {{"list", "a name that is longer than it may be"}});
    EXPECT_EQ(wrong.state, OutcomeState::bad_settings);
    EXPECT_THAT(wrong.sentence, HasSubstr("longer than 20 characters"));
}

}  // namespace
}  // namespace sendhub::worker
