// The export as it is read, through the plugin's own table.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sendhub/testing.hpp>
#include <sstream>

extern "C" const shp_plugin* sendhub_plugin(void);

namespace sendhub::youth_justice {
namespace {

using sdk::testing::ConnectorOutcome;
using sdk::testing::TextRow;
using Settings = std::map<std::string, std::string>;

const std::string header =
    "YJSID,PNCID,Surname,Forename,DOB,Sex,Ethnicity,Postcode,OffenceID,OffenceDate,CJSCode,OffenceCategory,"
    "Gravity,OutcomeDate,LegalOutcome,ProgrammeID,DisposalType,ProgStart,ProgEnd,ETEProvision,"
    "ETEHoursOffered,ETEHoursAttended,ETESuitable,SENDIdentified,SENDPlan,CareStatus\n";
const std::string child =
    "YJ00412,22/0451127P,HOLT,Amara,2009-11-03,2,W1,XD8 "
    "3DR,OF-9001,2026-05-14,TH68010,THEFT_AND_HANDLING,3,2026-07-02,REFERRAL_ORDER,";
const std::string row = child +
                        "IP-771,REFERRAL_ORDER,2025-07-02,2025-12-31,ALTERNATIVE_PROVISION_OTHER_PART_TIME,"
                        "12,7,UNSUITABLE,YES,NO,Child in Need\n";

ConnectorOutcome run(const std::string& csv, const Settings& settings = {}) {
    return sdk::testing::run_connector(sendhub_plugin(), settings, {{"yjs.csv", csv}});
}
std::size_t count(const ConnectorOutcome& out, const std::string& record) {
    const auto at = out.rows.find(record);
    return at == out.rows.end() ? 0 : at->second.size();
}

TEST(Export, OfTheReferenceIsReadWithoutAMap) {
    const auto out = run(header + row);
    ASSERT_EQ(out.code, SHP_OK) << out.error;
    EXPECT_TRUE(out.issues.empty()) << out.issues[0].reason;
    ASSERT_EQ(count(out, "yj_intervention"), 1u) << (out.refused.empty() ? "" : out.refused.begin()->second);
    EXPECT_EQ(out.rows.at("yj_intervention")[0], (TextRow{{"source_key", "YJ00412|IP-771"},
                                                          {"person_ref", "YJ00412"},
                                                          {"programme_ref", "IP-771"},
                                                          {"programme_type", "first_tier"},
                                                          {"disposal_type", "REFERRAL_ORDER"},
                                                          {"start_date", "2025-07-02"},
                                                          {"end_date", "2025-12-31"},
                                                          {"send_identified", "true"},
                                                          {"send_formal_plan", "false"},
                                                          {"regime", "GDPR"},
                                                          {"@scope", "youth_justice"},
                                                          {"@row", "2"},
                                                          {"@file", "yjs.csv"}}));
    ASSERT_EQ(count(out, "ete_status"), 1u);
    EXPECT_EQ(out.rows.at("ete_status")[0],
              (TextRow{{"source_key", "YJ00412|IP-771|ALTERNATIVE_PROVISION_OTHER_PART_TIME|2025-07-02"},
                       {"person_ref", "YJ00412"},
                       {"start_date", "2025-07-02"},
                       {"end_date", "2025-12-31"},
                       {"provision_type", "ALTERNATIVE_PROVISION_OTHER_PART_TIME"},
                       {"suitability", "UNSUITABLE"},
                       {"hours_offered", "12"},
                       {"hours_attended", "7"},
                       {"@scope", "youth_justice"},
                       {"@row", "2"},
                       {"@file", "yjs.csv"}}));
    const auto& person = out.rows.at("person_record")[0];
    EXPECT_EQ(person.at("sex") + person.at("sex_raw") + " " + person.at("ethnicity_code") + " " +
                  person.at("ethnicity_raw"),
              "F2 WBRI W1");
    ASSERT_EQ(count(out, "person_identifier"), 1u);
    EXPECT_EQ(out.rows.at("person_identifier")[0].at("id_type"), "YJS_ID");
}

// IG-04: what is not needed never leaves the file, not into rows, issues or logs.
TEST(Export, MinimumFieldsOnlyAreTaken) {
    const auto out = run(header + row + child + "IP-772,WHAT_IS_THIS,tbc,,,,,,,,Looked After\n");
    std::string everything;
    for (const auto& [record, rows] : out.rows)
        for (const auto& r : rows)
            for (const auto& [field, text] : r) everything += text + "\n";
    for (const auto& issue : out.issues) everything += issue.value + "\n" + issue.reason + "\n";
    for (const auto& line : out.log) everything += line + "\n";
    for (const auto* hidden : {"OF-9001", "2026-05-14", "TH68010", "THEFT", "2026-07-02", "Child in Need",
                               "Looked After", "0451127"})
        EXPECT_THAT(everything, testing::Not(testing::HasSubstr(hidden)));
    ASSERT_EQ(out.log.size(), 1u);
    EXPECT_EQ(out.log[0], "9 columns are not taken (minimum fields), in 2 rows");
}

TEST(Export, TakesThePncIdOnlyWhenToldTo) {
    const auto out = run(header + row, {{"take_pnc_id", "true"}});
    ASSERT_EQ(count(out, "person_identifier"), 2u);
    const auto& id = out.rows.at("person_identifier")[1];
    EXPECT_EQ(id.at("id_type") + " " + id.at("id_value") + " " + id.at("id_state"),
              "PNC_ID 22/0451127P unchecked");
    std::string wrong = row;
    wrong.replace(wrong.find("127P"), 4, "127Q");
    const auto odd = run(header + wrong, {{"take_pnc_id", "true"}});
    EXPECT_EQ(odd.warnings("YJ-16"), 1u);
    EXPECT_EQ(count(odd, "person_identifier"), 2u)
        << "a letter that does not fit is a question, not an error";
    EXPECT_EQ(run(header + row, {{"columns.pnc_id", "PNCID"}}).code, SHP_BAD_SETTINGS);
}

TEST(Export, RowsOfOneProgrammeGiveOneProgrammeAndAllItsPlacements) {
    const auto line = [](const std::string& end, const std::string& provision, const std::string& suitable,
                         const std::string& hours = "10") {
        return child + "IP-771,REFERRAL_ORDER,2025-07-02," + end + "," + provision + "," + hours + ",5," +
               suitable + ",YES,NO,None\n";
    };
    const auto out =
        run(header + line("1900-01-01", "COLLEGE", "SUITABLE") +
            line("1900-01-01", "PUPIL_REFERRAL_UNIT", "UNSUITABLE") +
            line("1900-01-01", "COLLEGE", "SUITABLE") + line("1900-01-01", "COLLEGE", "UNSUITABLE", "20"));
    EXPECT_TRUE(out.issues.empty());
    ASSERT_EQ(count(out, "yj_intervention"), 1u);
    EXPECT_FALSE(out.rows.at("yj_intervention")[0].contains("end_date")) << "1900-01-01: still open";
    std::vector<std::string> keys;
    for (const auto& r : out.rows.at("ete_status")) keys.push_back(r.at("source_key"));
    EXPECT_EQ(keys, (std::vector<std::string>{"YJ00412|IP-771|COLLEGE|2025-07-02",
                                              "YJ00412|IP-771|PUPIL_REFERRAL_UNIT|2025-07-02",
                                              "YJ00412|IP-771|COLLEGE|2025-07-02#2"}));
    EXPECT_EQ(count(out, "person_record"), 1u);
}

TEST(Export, RowsThatTellAProgrammeDifferentlyAreWarnedAboutAndTheFirstCounts) {
    const auto out = run(header + row + child +
                         "IP-771,REFERRAL_ORDER,2025-07-02,2026-01-31,COLLEGE,12,7,SUITABLE,YES,NO,None\n");
    EXPECT_EQ(out.warnings("YJ-13"), 1u);
    ASSERT_EQ(count(out, "yj_intervention"), 1u);
    ASSERT_EQ(count(out, "ete_status"), 2u);
    EXPECT_EQ(out.rows.at("ete_status")[1].at("end_date"), "2025-12-31")
        << "the dates of the programme as its first row tells them";
}

TEST(Export, AProgrammeThatEndsBeforeItStartsIsRefusedWithItsPlacements) {
    std::string bad = row;
    bad.replace(bad.find("2025-12-31"), 10, "2025-06-30");
    const auto out = run(header + bad + bad);
    EXPECT_EQ(out.rejects("YJ-07"), 2u) << "each row says so";
    EXPECT_EQ(out.issues[0].record, "yj_intervention");
    EXPECT_EQ(out.issues[0].source_key, "YJ00412|IP-771");
    EXPECT_EQ(out.issues[0].person_ref, "YJ00412");
    EXPECT_EQ(count(out, "yj_intervention") + count(out, "ete_status"), 0u);
    EXPECT_EQ(count(out, "person_record"), 0u);
}

TEST(Export, PlacementsMayHaveDatesOfTheirOwnAndStandAlone) {
    const auto out =
        run("YJSID,Surname,Forename,DOB,ProgrammeID,ProgStart,ETEStart,ETEEnd,ETEProvision,ETESuitable,"
            "school_age\n"
            "Y1,Holt,Amara,2009-11-03,,,2025-09-01,1900-01-01,Electively home educated,UNKNOWN,Y\n"
            "Y1,Holt,Amara,2009-11-03,IP-1,2025-10-01,2025-09-01,,EHE,Not known,Y\n"
            "Y1,Holt,Amara,2009-11-03,IP-2,2025-10-01,2025-09-10,2025-09-01,COLLEGE,SUITABLE,Y\n");
    EXPECT_EQ(count(out, "yj_intervention"), 2u);
    ASSERT_EQ(count(out, "ete_status"), 1u) << "the same placement on two rows stands once";
    const auto& place = out.rows.at("ete_status")[0];
    EXPECT_EQ(place.at("source_key") + " " + place.at("school_age"),
              "Y1|ELECTIVELY_HOME_EDUCATED|2025-09-01 true");
    EXPECT_FALSE(place.contains("end_date"));
    ASSERT_EQ(out.rejects("YJ-07"), 1u);
    EXPECT_EQ(out.issues[0].record, "ete_status");
}

TEST(Export, FaultsOfARowAreTold) {
    const struct {
        const char *rest, *rule;
        std::uint32_t severity;
        std::size_t programmes, placements;
    } cases[] = {
        {",REFERRAL_ORDER,2025-07-02,,COLLEGE,12,7,SUITABLE,YES,NO,", "YJ-12", SHP_ISSUE_REJECT, 0, 0},
        {"IP-1,REFERRAL_ORDER,,,COLLEGE,12,7,SUITABLE,YES,NO,", "YJ-05", SHP_ISSUE_REJECT, 0, 0},
        {"IP-1,REFERRAL_ORDER,07/2025,,COLLEGE,12,7,SUITABLE,YES,NO,", "YJ-05", SHP_ISSUE_REJECT, 0, 0},
        {"IP-1,REFERRAL_ORDER,2025-07-02,soon,COLLEGE,12,7,SUITABLE,YES,NO,", "YJ-06", SHP_ISSUE_WARNING, 1,
         1},
        {"IP-1,GARDENING,2025-07-02,,COLLEGE,12,7,SUITABLE,YES,NO,", "YJ-09", SHP_ISSUE_WARNING, 1, 1},
        {"IP-1,REFERRAL_ORDER,2025-07-02,,CIRCUS,12,7,SUITABLE,YES,NO,", "YJ-09", SHP_ISSUE_WARNING, 1, 1},
        {"IP-1,REFERRAL_ORDER,2025-07-02,,COLLEGE,many,7,SUITABLE,YES,NO,", "YJ-10", SHP_ISSUE_WARNING, 1, 1},
        {"IP-1,REFERRAL_ORDER,2025-07-02,,COLLEGE,12,169,SUITABLE,YES,NO,", "YJ-10", SHP_ISSUE_WARNING, 1, 1},
        {"IP-1,REFERRAL_ORDER,2025-07-02,,COLLEGE,12,7,SUITABLE,perhaps,NO,", "YJ-10", SHP_ISSUE_WARNING, 1,
         1},
        {"IP-1,REFERRAL_ORDER,2025-07-02,,COLLEGE,12,17,SUITABLE,YES,NO,", "YJ-14", SHP_ISSUE_WARNING, 1, 1},
        {"IP-1,REFERRAL_ORDER,2025-07-02,,COLLEGE,12,7,SUITABLE,NO,YES,", "YJ-15", SHP_ISSUE_WARNING, 1, 1},
        {"IP-1,REFERRAL_ORDER,2025-07-02,,,,,,YES,NO,,surplus", "YJ-02", SHP_ISSUE_REJECT, 0, 0},
        {"IP-01234567890123456789012345678901234567890123456789012345678,REFERRAL_ORDER,2025-07-02,,,,,,YES,"
         "NO,",
         "YJ-11", SHP_ISSUE_WARNING, 1, 0},
    };
    for (const auto& c : cases) {
        const auto out = run(header + child + c.rest + "\n");
        ASSERT_EQ(out.issues.size(), 1u) << c.rest;
        EXPECT_EQ(out.issues[0].rule, c.rule) << c.rest;
        EXPECT_EQ(out.issues[0].severity, c.severity) << c.rest;
        EXPECT_EQ(count(out, "yj_intervention"), c.programmes) << c.rest;
        EXPECT_EQ(count(out, "ete_status"), c.placements) << c.rest;
    }
    const auto nobody = run(header + ",,,,,,,,,,,,,,,IP-1,REFERRAL_ORDER,2025-07-02,,,,,,,,\n");
    EXPECT_EQ(nobody.rejects("YJ-01"), 1u);
}

TEST(Settings, OfRegimeAndValues) {
    const auto out = run(header + child + "IP-1,Gardening,2025-07-02,,Circus school,12,7,Fine,YES,NO,\n",
                         {{"regime", "PART3"},
                          {"values.programme_type.gardening", "community"},
                          {"values.ete_provision._", "OTHER"},
                          {"values.ete_suitability.fine", "SUITABLE"},
                          {"mode", "delta"}});
    EXPECT_TRUE(out.issues.empty()) << out.issues[0].reason;
    ASSERT_EQ(count(out, "yj_intervention"), 1u);
    const auto& programme = out.rows.at("yj_intervention")[0];
    EXPECT_EQ(
        programme.at("regime") + " " + programme.at("programme_type") + " " + programme.at("disposal_type"),
        "PART3 community Gardening");
    EXPECT_EQ(out.rows.at("ete_status")[0].at("provision_type") + " " +
                  out.rows.at("ete_status")[0].at("suitability"),
              "OTHER SUITABLE");
    ASSERT_EQ(out.scopes.size(), 5u);
    for (const auto& scope : out.scopes) EXPECT_EQ(scope.mode, SHP_SCOPE_DELTA);
    EXPECT_EQ(run(header, {{"regime", "gdpr"}}).code, SHP_BAD_SETTINGS);
    EXPECT_EQ(run(header, {{"columns.OffenceID", "OffenceID"}}).code, SHP_BAD_SETTINGS)
        << "a field that is not taken cannot be mapped";
}

TEST(Export, OfTheSampleFolderIsReadWhole) {
    std::ifstream in(std::string(SENDHUB_SOURCE_DIR) + "/connectors/youth_justice/sample/yjs_extract.csv",
                     std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    const auto out = run(text.str());
    EXPECT_TRUE(out.refused.empty());
    EXPECT_EQ(count(out, "person_record"), 3u);
    EXPECT_EQ(count(out, "yj_intervention"), 3u);
    EXPECT_EQ(count(out, "ete_status"), 4u);
    EXPECT_EQ(out.rejects(), 1u);
}

}  // namespace
}  // namespace sendhub::youth_justice
