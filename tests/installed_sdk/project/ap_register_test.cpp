#include <gtest/gtest.h>
#include <sendhub/testing.hpp>

using sendhub::sdk::testing::run_connector;

extern "C" const shp_plugin* sendhub_plugin(void);

namespace {
const std::string header = "Ref,Surname,Forename,Date of birth,Provider URN,Placed,Ended\r\n";

auto run(const std::string& rows, const std::map<std::string, std::string>& settings = {}) {
    return run_connector(sendhub_plugin(), settings, {{"register.csv", rows}});
}
}  // namespace

TEST(ApRegister, a_placement_is_a_person_and_an_enrolment) {
    auto out = run(header + "AP-1,\"Okafor, Jnr\",Ada,31/08/2014,123456,01/09/2025,\r\n");
    ASSERT_EQ(out.code, SHP_OK) << out.error;
    ASSERT_EQ(out.rows["enrolment"].size(), 1u);
    EXPECT_EQ(out.rows["person_record"][0]["surname"], "Okafor, Jnr");
    EXPECT_EQ(out.rows["person_record"][0]["birth_date"], "2014-08-31");
    EXPECT_EQ(out.rows["enrolment"][0]["entry_date"], "2025-09-01");
    EXPECT_EQ(out.rows["enrolment"][0]["on_roll"], "true");
    EXPECT_FALSE(out.rows["enrolment"][0].contains("leaving_date"));
    EXPECT_EQ(out.scopes[0].mode, SHP_SCOPE_SNAPSHOT);
}

TEST(ApRegister, a_wrong_date_of_placement_is_rejected_with_its_row) {
    auto out =
        run(header + "AP-1,Okafor,Ada,31/08/2014,123456,31/02/2025,\nAP-2,Hill,Tom,,123456,02/09/2025,\n");
    ASSERT_EQ(out.rejects("AP-03"), 1u);
    EXPECT_EQ(out.issues[0].row, 2u);
    EXPECT_EQ(out.issues[0].source_key, "AP-1");
    EXPECT_EQ(out.rows["enrolment"].size(), 1u) << "the other row is taken";
    EXPECT_EQ(out.rows["person_record"].size(), 2u) << "the child is still one of ours";
}

TEST(ApRegister, ended_placements_can_be_left_out) {
    const std::string rows = header + "AP-1,Okafor,Ada,31/08/2014,123456,01/09/2025,19/12/2025\n";
    EXPECT_EQ(run(rows).rows["enrolment"][0]["leaving_date"], "2025-12-19");
    EXPECT_EQ(run(rows, {{"current_only", "true"}}).rows.count("enrolment"), 0u);
}

TEST(ApRegister, a_file_with_other_columns_is_refused_whole) {
    const auto out = run("Name,Placed\nAda,01/09/2025\n");
    EXPECT_EQ(out.code, SHP_OK) << "the run goes on with the next file";
    EXPECT_NE(out.refused.at("register.csv").find("the columns are not"), std::string::npos);
}
