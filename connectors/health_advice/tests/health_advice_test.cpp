// The extract as it is read, through the plugin's own table.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sendhub/testing.hpp>
#include <sendhub/values.hpp>
#include <sstream>

extern "C" const shp_plugin* sendhub_plugin(void);

namespace sendhub::health_advice {
namespace {

using sdk::testing::ConnectorOutcome;
using sdk::testing::TextRow;

const std::string header =
    "NHS Number,Hospital No,Forename,Surname,DOB,Sex,Postcode,Service,Referral Date,Status,EHCNA Ref,EHCNA "
    "Request Date,EHCNA Request Received,Advice Due,Advice Sent Date,Exception\n";

ConnectorOutcome run(const std::string& csv, const std::map<std::string, std::string>& settings = {}) {
    return sdk::testing::run_connector(sendhub_plugin(), settings, {{"advice.csv", csv}});
}
std::size_t count(const ConnectorOutcome& out, const std::string& record) {
    const auto at = out.rows.find(record);
    return at == out.rows.end() ? 0 : at->second.size();
}
std::string value(const TextRow& row, const std::string& field) {
    return row.contains(field) ? row.at(field) : "(none)";
}

TEST(Extract, ADamagedKeyOrAnAnswerThatCannotBeReadRejectsTheRow) {
    const auto run_with = [](const std::string& local, const std::string& request, const std::string& sent) {
        return run(
            "Hospital No,Forename,Surname,DOB,Service,EHCNA Ref,EHCNA Request Date,Advice Sent Date\n" +
            local + ",Amara,Holt,03/11/2012,SLT," + request + ",01/10/2025," + sent + "\n");
    };
    for (const auto& out :
         {run_with("#REF!", "EHC-1", ""), run_with("H1", "1.2E+05", ""), run_with("H\"1", "EHC-1", ""),
          run_with("H1", "EHC-1", "31/11/2025"), run_with("H1", "EHC-1", "#NUM!")}) {
        EXPECT_EQ(out.rejects(), 1u);
        EXPECT_EQ(count(out, "advice_request"), 0u);
        EXPECT_EQ(count(out, "person_record"), 0u);
    }
    EXPECT_EQ(value(run_with("H1", "EHC-1", "").rows.at("advice_request").at(0), "status"), "open");
    EXPECT_EQ(value(run_with("771.0", "EHC-1", "").rows.at("advice_request").at(0), "person_ref"), "771");
}

TEST(Extract, IsReadWithoutAMapBelowItsTitleAndAboveItsTotal) {
    const auto out = run("Demo Trust – EHCNA advice,,,\r\nPeriod 01/01/2025 to 31/12/2025\r\n" + header +
                         "999 000 0018,H1,Amara,Holt,03/11/2012,Female,xd11ab,SLT,01/02/2025,Advice "
                         "sent,EHC-1,01/10/2025,2025-10-03,45975,10/11/2025,\r\n"
                         "Total,,,,,,,,,,,,,,,1\r\n");
    ASSERT_EQ(out.code, SHP_OK) << out.error;
    ASSERT_EQ(out.issues.size(), 1u);
    EXPECT_EQ(out.issues[0].rule, "HA-36");
    EXPECT_EQ(out.issues[0].reason, "total row on line 5 was skipped");
    ASSERT_EQ(count(out, "advice_request"), 1u) << (out.refused.empty() ? "" : out.refused.begin()->second);
    EXPECT_EQ(out.rows.at("advice_request")[0], (TextRow{{"source_key", "EHC-1|speech_language"},
                                                         {"person_ref", "H1"},
                                                         {"request_ref", "EHC-1"},
                                                         {"service", "speech_language"},
                                                         {"service_raw", "SLT"},
                                                         {"requested_date", "2025-10-01"},
                                                         {"received_date", "2025-10-03"},
                                                         {"due_date", "2025-11-14"},
                                                         {"responded_date", "2025-11-10"},
                                                         {"status", "responded"},
                                                         {"status_raw", "Advice sent"},
                                                         {"@scope", "advice"},
                                                         {"@row", "4"},
                                                         {"@file", "advice.csv"}}));
    const auto& ids = out.rows.at("person_identifier");
    ASSERT_EQ(ids.size(), 2u);
    EXPECT_EQ(value(ids[0], "id_type") + " " + value(ids[0], "id_value") + " " +
                  value(ids[0], "id_value_raw") + " " + value(ids[0], "id_state"),
              "NHS_NUMBER 9990000018 999 000 0018 valid");
    EXPECT_EQ(value(ids[1], "id_type") + " " + value(ids[1], "id_value") + " " + value(ids[1], "id_state"),
              "LOCAL_PATIENT_ID H1 unchecked");
    EXPECT_EQ(out.rows.at("person_record")[0].at("surname"), "Holt");
    EXPECT_EQ(out.rows.at("address")[0].at("postcode"), "XD1 1AB");
}

TEST(Extract, OfTheSampleFolderIsReadWhole) {
    std::ifstream in(
        std::string(SENDHUB_SOURCE_DIR) + "/connectors/health_advice/sample/EHCNA_health_advice.csv",
        std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    const auto out = run(text.str());
    EXPECT_TRUE(out.refused.empty());
    EXPECT_EQ(count(out, "advice_request"), 5u);
    EXPECT_EQ(count(out, "person_record"), 4u);
    EXPECT_EQ(out.rejects(), 1u);
    EXPECT_EQ(out.warnings("HA-26"), 1u);
    EXPECT_EQ(out.rows.at("person_record")[1].at("surname"), "O’Neil") << "Windows-1252";
}

TEST(Extract, MangledNhsNumbersAreFlaggedAndNeverMended) {
    const auto row = [](const char* nhs, const char* ref) {
        return std::string(nhs) + ",H1,Amara,Holt,03/11/2012,F,XD1 1AB," + "OT,,Open," + ref +
               ",01/10/2025,,,,\n";
    };
    const auto out = run(header + row("9.99E+09", "A") + row("9990000019", "B") + row("9990000018", "C") +
                         row("1000000043", "D"));
    EXPECT_EQ(count(out, "advice_request"), 4u) << "an NHS number never costs the row";
    EXPECT_EQ(out.warnings("HA-26"), 1u);
    EXPECT_EQ(out.warnings("HA-25"), 1u);
    EXPECT_EQ(out.warnings("HA-27"), 1u);
    std::vector<std::string> ids;
    for (const auto& id : out.rows.at("person_identifier"))
        if (id.at("id_type") == "NHS_NUMBER") ids.push_back(id.at("id_value") + " " + id.at("id_state"));
    EXPECT_EQ(ids,
              (std::vector<std::string>{"9990000019 invalid", "9990000018 valid", "1000000043 invalid"}));
}

TEST(Extract, ServicesStatesAndExceptionsAreKnownByTheirUsualNames) {
    const std::pair<const char*, const char*> services[] = {
        {"SLT", "speech_language"}, {"Speech and Language", "speech_language"},
        {"OT", "occupational"},     {"Physio", "physiotherapy"},
        {"CAMHS", "camhs"},         {"Comm Paeds", "community_paediatrics"},
        {"Audiology", "audiology"}, {"other_health", "other_health"}};
    for (const auto& [text, code] : services) {
        const auto out = run(header + ",H1,A,B,03/11/2012,F,," + text + ",,Open,R1,01/10/2025,,,,\n");
        ASSERT_EQ(count(out, "advice_request"), 1u) << text;
        EXPECT_EQ(out.rows.at("advice_request")[0].at("service"), code);
    }
    const std::pair<const char*, const char*> states[] = {
        {"Open", "open"},         {"Advice sent", "responded"},     {"Not known to service", "not_known"},
        {"Declined", "declined"}, {"Cancelled by LA", "cancelled"}, {"Awaiting advice", "open"}};
    for (const auto& [text, code] : states) {
        const auto out = run(header + ",H1,A,B,03/11/2012,F,,OT,," + text + ",R1,01/10/2025,,,,\n");
        ASSERT_EQ(count(out, "advice_request"), 1u) << text;
        EXPECT_EQ(out.rows.at("advice_request")[0].at("status"), code);
    }
    const std::pair<const char*, const char*> exceptions[] = {{"Exceptional circumstances", "exceptional"},
                                                              {"Away from area", "absence"},
                                                              {"Missed appointment", "missed_appointment"},
                                                              {"", "(none)"}};
    for (const auto& [text, code] : exceptions) {
        const auto out = run(header + ",H1,A,B,03/11/2012,F,,OT,,Open,R1,01/10/2025,,,," + text + "\n");
        ASSERT_EQ(count(out, "advice_request"), 1u) << text;
        EXPECT_EQ(value(out.rows.at("advice_request")[0], "exception_code"), code);
    }
}

TEST(Extract, ARowOfAnotherKindIsPassedOverAndItsChildNotKept) {
    const auto out = run(header + "9990000018,H1,Amara,Holt,03/11/2012,F,XD1 1AB,OT,01/02/2025,Open,,,,,,\n");
    EXPECT_TRUE(out.rows.empty());
    EXPECT_TRUE(out.issues.empty());
    ASSERT_EQ(out.log.size(), 1u);
    EXPECT_THAT(out.log[0], testing::HasSubstr("1 rows that are no request"));
}

TEST(Extract, ARejectedRowSaysItsKeyAndItsChildAndMakesNobody) {
    const auto out =
        run(header +
            "9990000018,H1,Amara,Holt,03/11/2012,F,XD1 1AB,OT,,Advice sent,EHC-1,01/10/2025,,,30/09/2025,\n");
    ASSERT_EQ(out.issues.size(), 1u);
    EXPECT_EQ(out.issues[0].rule, "HA-07");
    EXPECT_EQ(out.issues[0].record, "advice_request");
    EXPECT_EQ(out.issues[0].source_key, "EHC-1|occupational");
    EXPECT_EQ(out.issues[0].person_ref, "H1");
    EXPECT_EQ(count(out, "advice_request"), 0u);
    EXPECT_EQ(count(out, "person_record") + count(out, "person_identifier") + count(out, "address"), 0u);
}

TEST(Extract, AChildIsKeyedByTheNhsNumberWhereTheTrustGivesNoNumber) {
    const auto out = run(
        header +
        "999 000 0018,,,,,,,OT,,Open,R1,01/10/2025,,,,\n,,,Holt,03/11/2012,,,OT,,Open,R2,01/10/2025,,,,\n");
    ASSERT_EQ(count(out, "advice_request"), 1u);
    EXPECT_EQ(out.rows.at("advice_request")[0].at("person_ref"), "9990000018");
    ASSERT_EQ(out.rejects("HA-01"), 1u);
    EXPECT_EQ(out.issues[0].row, 3u);
}

TEST(Extract, OneNhsNumberOnTwoChildrenMakesTwo) {
    const auto out = run(header +
                         "9990000018,,Amara,Holt,03/11/2012,F,,OT,,Open,R1,01/10/2025,,,,\n"
                         "9990000018,,Ben,Moss,05/02/2014,M,,OT,,Open,R2,01/10/2025,,,,\n");
    ASSERT_EQ(count(out, "person_record"), 2u);
    EXPECT_NE(out.rows.at("advice_request")[0].at("person_ref"),
              out.rows.at("advice_request")[1].at("person_ref"));
    for (const auto& id : out.rows.at("person_identifier")) EXPECT_EQ(id.at("id_state"), "invalid");
    EXPECT_EQ(out.warnings("HA-34"), 2u) << "a person must find out whose number it is";
}

TEST(Extract, AMapNamesOnlyWhatDiffers) {
    const std::string csv =
        "NHS "
        "Number,Hosp,Forename,Surname,DOB,Therapy,State,Asked\n9990000018,H1,Amara,Holt,03/11/"
        "2012,Podiatry,Live,01/10/2025\n";
    const auto out = run(csv, {{"columns.local_patient_id", "Hosp"},
                               {"columns.service", "Therapy"},
                               {"columns.status", "State"},
                               {"columns.requested_date", "Asked"},
                               {"columns.postcode", ""},
                               {"values.service._", "other_health"},
                               {"values.status.live", "open"}});
    ASSERT_EQ(count(out, "advice_request"), 1u) << (out.refused.empty() ? "" : out.refused.begin()->second);
    EXPECT_EQ(out.rows.at("advice_request")[0].at("source_key"), "H1|other_health|2025-10-01");
    EXPECT_EQ(out.rows.at("person_record")[0].at("forename"), "Amara");
}

TEST(Extract, DeclaresAScopeForEachRecord) {
    const auto out = run(header);
    ASSERT_EQ(out.scopes.size(), 4u);
    for (const auto& scope : out.scopes) EXPECT_EQ(scope.name + std::to_string(scope.mode), "advice1");
}

}  // namespace
}  // namespace sendhub::health_advice
