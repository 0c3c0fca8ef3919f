#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sendhub/testing.hpp>

#include <sendhub/values.hpp>
#include <sstream>
#include "schemas/rules/identifiers.hpp"

extern "C" const shp_plugin* sendhub_plugin(void);

namespace sendhub::missing_education {
namespace {

using sdk::testing::ConnectorOutcome;
using sdk::testing::FakeFile;
using sdk::testing::TextRow;
using Settings = std::map<std::string, std::string>;

ConnectorOutcome run(const std::string& list, const std::string& csv, Settings settings = {},
                     const std::string& name = "list.csv") {
    settings["list"] = list;
    auto out = sdk::testing::run_connector(sendhub_plugin(), settings, {{name, csv}});
    // most rows here are bare references: what is said of these has a test of its own
    std::erase_if(out.issues, [](const auto& issue) { return issue.rule == "ME-35"; });
    return out;
}
TextRow only(const ConnectorOutcome& out, const std::string& record) {
    const auto at = out.rows.find(record);
    if (at == out.rows.end() || at->second.size() != 1) {
        ADD_FAILURE() << record << ": " << (at == out.rows.end() ? 0 : at->second.size())
                      << " rows, wanted 1";
        return {};
    }
    return at->second[0];
}
std::size_t count(const ConnectorOutcome& out, const std::string& record) {
    const auto at = out.rows.find(record);
    return at == out.rows.end() ? 0 : at->second.size();
}
std::string value(const TextRow& row, const std::string& field) {
    return row.contains(field) ? row.at(field) : "(none)";
}
std::string sample(const std::string& name) {
    std::ifstream in(std::string(SENDHUB_SOURCE_DIR) + "/connectors/missing_education/sample/" + name,
                     std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

// ---- delimiters
// --------------------------------------------------------------------------------------

// Lists inside cells hold more semicolons than the rows hold commas: the header that the settings name decides.
TEST(Delimiters, AListInsideCellsDoesNotHideTheComma) {
    const Settings columns{{"columns.child_ref", "Child Ref"},
                           {"columns.surname", "Surname"},
                           {"columns.forename", "Forename"},
                           {"columns.birth_date", "DOB"},
                           {"columns.opened_date", "Opened"}};
    std::string text = "Child Ref,Surname,Forename,DOB,Opened,Needs\n";
    for (int i = 1; i <= 12; ++i)
        text += "R" + std::to_string(i) + ",Holt,Amara,03/11/2012,12/01/2026,AAA;BBB;CCC;DDD;EEE;FFF;GGG\n";
    const auto out = run("cme", text, columns);
    ASSERT_EQ(out.code, SHP_OK) << out.error;
    EXPECT_TRUE(out.refused.empty());
    EXPECT_EQ(count(out, "cme_case"), 12u);

    auto semicolon = columns;
    semicolon["delimiter"] = "semicolon";
    EXPECT_EQ(run("cme", text, semicolon).refused.size(), 1u) << "what the settings say is not guessed away";
}

// ---- damaged keys and guesses
// --------------------------------------------------------------------------------------

// A damaged key is not replaced by another one: the child would be taken for a new one, and the case for ended.
TEST(Keys, ADamagedKeyRejectsTheRow) {
    const auto run_with = [](const std::string& child, const std::string& row) {
        return run("cme", "child_ref,case_ref,surname,forename,birth_date,opened_date\n" + child + "," + row +
                              ",Holt,Amara,03/11/2012,12/01/2026\n");
    };
    for (const std::string damaged : {"#REF!", "########", "1.09E+04", "13\"44", "\"1\n2\""}) {
        const auto child = run_with(damaged, "R1"), row = run_with("C1", damaged);
        EXPECT_EQ(child.rejects(), 1u) << damaged;
        EXPECT_EQ(row.rejects(), 1u) << damaged;
        for (const auto& out : {child, row}) {
            EXPECT_EQ(count(out, "cme_case"), 0u) << damaged;
            EXPECT_EQ(count(out, "person_record"), 0u) << damaged;
        }
    }
    for (const std::string written : {"12589.0", "=\"12589\"", "'12589", " 12589\xC2\xA0"}) {
        const auto out = run_with(written, written);
        EXPECT_EQ(value(only(out, "cme_case"), "source_key"), "12589") << written;
        EXPECT_EQ(value(only(out, "person_record"), "source_key"), "12589") << written;
    }
}

TEST(Cme, AClosedDateThatCannotBeReadIsNotAnOpenCase) {
    for (const std::string closed : {"31/11/2025", "#REF!", "soon"}) {
        const std::string header = "child_ref,surname,forename,birth_date,opened_date,closed_date";
        const std::string row = "\nC1,Holt,Amara,03/11/2012,12/01/2026," + closed;
        const auto out = run("cme", header + row + "\n");
        EXPECT_EQ(out.rejects("ME-05"), 1u) << closed;
        EXPECT_EQ(count(out, "cme_case"), 0u) << closed;
        const auto told = run("cme", header + ",status" + row + ",Closed\n");
        EXPECT_EQ(value(only(told, "cme_case"), "status"), "closed") << closed;
    }
}

// ---- damage that hides other damage
// -----------------------------------------------------------------------------------

std::vector<std::uint64_t> rejected_lines(const ConnectorOutcome& out) {
    std::vector<std::uint64_t> lines;
    for (const auto& issue : out.issues)
        if (issue.severity == SHP_ISSUE_REJECT) lines.push_back(issue.row);
    return lines;
}

// Two rows on one line (a CR alone between them) within a pair of stray marks: no line is lost without a reject.
TEST(Damage, APairOfMarksAroundAMergedLineRejectsLineByLine) {
    const auto out = run("cme",
                         "child_ref,surname,forename,opened_date\n"
                         "C1,Holt,Amara,12/01/2026\n"
                         "C2,\"Moss,Ada,12/01/2026\n"
                         "C3,Hall,Ben,12/01/2026\rC4,Khan,Leo,12/01/2026\n"
                         "C5,Okoro,Ivy,12/01/2026\"\n"
                         "C6,Marsh,Max,12/01/2026\n");
    const auto lines = rejected_lines(out);
    for (const std::uint64_t line : {3u, 4u})
        EXPECT_NE(std::find(lines.begin(), lines.end(), line), lines.end()) << line;
    for (const TextRow& row : out.rows.at("cme_case"))
        EXPECT_TRUE(value(row, "person_ref") == "C1" || value(row, "person_ref") == "C5" ||
                    value(row, "person_ref") == "C6");
    EXPECT_GE(count(out, "cme_case"), 2u);
}

// Nine of ten rows end with a separator too many: the tenth, without one, has lost a cell.
TEST(Damage, ARowNarrowerThanTheOthersOfAWideFileIsRejected) {
    std::string text = "child_ref,surname,forename,opened_date,closed_date\n";
    for (int i = 1; i <= 9; ++i)
        text += "C" + std::to_string(i) + ",Holt,Amara,12/01/2026," + (i == 4 ? "\n" : "13/01/2026,\n");
    const auto out = run("cme", text);
    EXPECT_EQ(rejected_lines(out), std::vector<std::uint64_t>{5});
    EXPECT_EQ(count(out, "cme_case"), 8u);
}

// ---- each list, whole
// ------------------------------------------------------------------------------------------

TEST(Cme, ARowBecomesACaseAndAChild) {
    const auto out =
        run("cme",
            "child_ref,upn,surname,forename,birth_date,sex,postcode,status,opened_date,reason,off_roll_date,"
            "ground,last_school_urn,previous_la_code,reported_sen_provision,reported_yj\n"
            "C1,X873400125001,Holt,Amara,03/11/2012,Female,xd11ab,Open,12/01/2026,Awaiting "
            "place,2025-12-19,9(1)(h),900001.0,5,EHCP,Y\n");
    ASSERT_EQ(out.code, SHP_OK) << out.error;
    EXPECT_TRUE(out.issues.empty()) << out.issues[0].reason;
    const TextRow row = only(out, "cme_case");
    const std::map<std::string, std::string> wanted = {{"source_key", "C1|2026-01-12"},
                                                       {"person_ref", "C1"},
                                                       {"status", "open"},
                                                       {"opened_date", "2026-01-12"},
                                                       {"reason_code", "awaiting_place"},
                                                       {"reason_raw", "Awaiting place"},
                                                       {"off_roll_date", "2025-12-19"},
                                                       {"ground_code", "H"},
                                                       {"ground_scheme", "2024"},
                                                       {"last_school_urn", "900001"},
                                                       {"previous_la_code", "005"},
                                                       {"reported_sen_provision", "E"},
                                                       {"reported_yj", "true"},
                                                       {"@scope", "cme"},
                                                       {"@row", "2"},
                                                       {"@file", "list.csv"}};
    EXPECT_EQ(row, wanted);
    const TextRow child = only(out, "person_record");
    EXPECT_EQ(child, (TextRow{{"source_key", "C1"},
                              {"person_ref", "C1"},
                              {"surname", "Holt"},
                              {"forename", "Amara"},
                              {"birth_date", "2012-11-03"},
                              {"sex", "F"},
                              {"sex_raw", "Female"},
                              {"@scope", "cme"},
                              {"@row", "2"},
                              {"@file", "list.csv"}}));
    const TextRow id = only(out, "person_identifier");
    EXPECT_EQ(value(id, "id_type") + " " + value(id, "id_value") + " " + value(id, "id_state"),
              "UPN X873400125001 valid");
    EXPECT_FALSE(id.contains("id_value_raw"));
    const TextRow address = only(out, "address");
    EXPECT_EQ(value(address, "postcode") + " / " + value(address, "postcode_raw"), "XD1 1AB / xd11ab");
}

TEST(Lists, FillTheirRecords) {
    struct Case {
        const char *list, *record, *csv, *key;
        std::map<std::string, std::string> fields;
    };
    const Case cases[] = {
        {"ehe",
         "ehe_episode",
         "child_ref,start_date,reason,suitability,end_date,end_reason,challenged_with_school,s437_notice_"
         "date\nE1,2025-09-01,Difficulty accessing suitable school place,Not yet "
         "assessed,2026-01-05,Returned to school,No,NULL\n",
         "E1|2025-09-01",
         {{"reason_code", "difficulty_accessing_suitable_place"},
          {"suitability", "not_yet_known"},
          {"end_date", "2026-01-05"},
          {"end_reason", "returned_to_school"},
          {"end_reason_raw", "Returned to school"},
          {"challenged_with_school", "false"},
          {"s437_notice_date", "(none)"}}},
        {"off_roll",
         "off_roll_notice",
         "child_ref,school_urn,date_off_roll,notified_date,ground,destination\nN1,900002,02/01/2024,05/01/"
         "2024,8(1)(d),Home\n",
         "N1|900002|2024-01-02",
         {{"ground_code", "F"},
          {"ground_scheme", "2006"},
          {"ground_raw", "8(1)(d)"},
          {"destination", "Home"}}},
        {"part_time",
         "part_time_timetable",
         "child_ref,school_laestab,start_date,hours_per_week,full_time_hours,reason,parent_agreed,reported_"
         "nil\nP1,873/4001,2025-11-03,12.5,32.5,Re-integration,yes,\n",
         "P1|8734001|2025-11-03",
         {{"school_laestab", "8734001"},
          {"hours_per_week", "12.5"},
          {"full_time_hours", "32.5"},
          {"reason_code", "reintegration"},
          {"parent_agreed", "true"},
          {"reported_nil", "false"}}},
        {"moves",
         "move",
         "child_ref,direction,from_la_code,move_date,placed_date\nM1,Moved in,301,01.12.2025,\n",
         "M1|in|2025-12-01",
         {{"direction", "in"},
          {"from_la_code", "301"},
          {"move_date", "2025-12-01"},
          {"placed_date", "(none)"}}},
    };
    for (const Case& c : cases) {
        const auto out = run(c.list, c.csv);
        ASSERT_EQ(out.code, SHP_OK) << c.list << out.error;
        EXPECT_TRUE(out.issues.empty()) << c.list << ": " << out.issues[0].reason;
        const TextRow row = only(out, c.record);
        EXPECT_EQ(value(row, "source_key"), c.key);
        for (const auto& [field, wanted] : c.fields)
            EXPECT_EQ(value(row, field), wanted) << c.list << " " << field;
    }
}

TEST(Lists, OfTheSampleFolderAreReadWhole) {
    const struct {
        const char *list, *file, *record;
        std::size_t rows, rejects;
    } cases[] = {{"cme", "cme.csv", "cme_case", 4, 1},
                 {"ehe", "ehe.csv", "ehe_episode", 3, 1},
                 {"off_roll", "off_roll.csv", "off_roll_notice", 3, 0},
                 {"part_time", "part_time.csv", "part_time_timetable", 3, 1},
                 {"moves", "moves.csv", "move", 2, 0}};
    for (const auto& c : cases) {
        const auto out = run(c.list, sample(c.file));
        ASSERT_EQ(out.code, SHP_OK) << c.list << out.error;
        EXPECT_TRUE(out.refused.empty()) << c.list << out.refused.begin()->second;
        EXPECT_EQ(count(out, c.record), c.rows) << c.list;
        EXPECT_EQ(out.rejects(), c.rejects) << c.list;
    }
}

TEST(Lists, DeclareAScopeForEachRecordEvenWhenTheListIsEmpty) {
    const auto out = run("cme", "child_ref,surname,opened_date,status\n", {}, "cme_20260119.csv");
    ASSERT_EQ(out.scopes.size(), 4u);
    for (const auto& scope : out.scopes) {
        EXPECT_EQ(scope.name, "cme");
        EXPECT_EQ(scope.mode, SHP_SCOPE_SNAPSHOT);
        EXPECT_EQ(scope.as_of, sdk::Date::from_civil(2026, 1, 19)->days) << "the day in the file's name";
    }
}

TEST(Lists, StandAsOfTheDayTheyCameWhenTheNameSaysNoneOrALaterOne) {
    for (const auto* name : {"cme.csv", "cme_20260121.csv"}) {
        const auto out = run("cme", "child_ref,opened_date,status\n", {}, name);
        ASSERT_FALSE(out.scopes.empty());
        EXPECT_EQ(out.scopes[0].as_of, sdk::Date::from_civil(2026, 1, 20)->days) << name;
    }
}

TEST(Lists, MayBeDeltas) {
    const auto out = run("moves", "child_ref,direction,move_date\nM1,in,2025-12-01\n", {{"mode", "delta"}});
    ASSERT_EQ(out.scopes.size(), 4u);
    for (const auto& scope : out.scopes) EXPECT_EQ(scope.mode, SHP_SCOPE_DELTA);
}

// ---- rules
// ------------------------------------------------------------------------------------------------------

struct RuleCase {
    const char* name;
    const char* list;
    const char* csv;
    const char* rule;
    bool reject;
    const char* field;
    const char* source_key;
    std::size_t rows;  // of the list's record
};

class Rules : public testing::TestWithParam<RuleCase> {};
TEST_P(Rules, AreToldOnce) {
    const RuleCase& c = GetParam();
    const auto out = run(c.list, c.csv);
    ASSERT_EQ(out.code, SHP_OK) << out.error;
    ASSERT_EQ(out.issues.size(), 1u) << (out.issues.empty()
                                             ? ""
                                             : out.issues[0].reason + " / " + out.issues.back().reason);
    const auto& issue = out.issues[0];
    EXPECT_EQ(issue.rule, c.rule);
    EXPECT_EQ(issue.severity, c.reject ? SHP_ISSUE_REJECT : SHP_ISSUE_WARNING);
    EXPECT_EQ(issue.field, c.field);
    EXPECT_EQ(issue.source_key, c.source_key);
    EXPECT_FALSE(issue.reason.empty());
    EXPECT_FALSE(issue.advice.empty());
    const std::map<std::string, std::string> records = {{"cme", "cme_case"},
                                                        {"ehe", "ehe_episode"},
                                                        {"off_roll", "off_roll_notice"},
                                                        {"part_time", "part_time_timetable"},
                                                        {"moves", "move"}};
    EXPECT_EQ(count(out, records.at(c.list)), c.rows);
}

INSTANTIATE_TEST_SUITE_P(
    All, Rules,
    testing::Values(
        RuleCase{"NoChild", "cme", "child_ref,surname,status,opened_date\n,Holt,open,2026-01-12\n", "ME-01",
                 true, "child_ref", "", 0},
        RuleCase{"KeyTooLong", "cme",
                 "child_ref,status,opened_"
                 "date\n0123456789012345678901234567890123456789012345678901234567890123456789012345678901234"
                 "5678901234567890,open,2026-01-12\n",
                 "ME-01", true, "child_ref", "", 0},
        RuleCase{"TooManyValues", "cme", "child_ref,status,opened_date\nC1,open,2026-01-12,x\n", "ME-02",
                 true, "", "", 0},
        RuleCase{"OpenQuote", "cme", "child_ref,status,opened_date\n\"C1,open,2026-01-12\n", "ME-02", true,
                 "", "", 0},
        RuleCase{"ShortRows", "ehe",
                 "child_ref,start_date,end_date,reason\nE1,2025-09-01,2025-10-01\nE2,2025-09-01,2025-10-02\n"
                 "E3,2025-09-01,2025-10-03\nE4,2025-09-01,2025-10-04,mental_health\n",
                 "ME-03", false, "", "", 4},
        RuleCase{"ShortRowInAListThatWritesEmptyCells", "ehe",
                 "child_ref,start_date,end_date,reason\nE1,2025-09-01,\nE2,2025-09-01,,\n", "ME-02", true, "",
                 "", 1},
        RuleCase{"UnquotedCommaBeforeAnEmptyCell", "ehe",
                 "child_ref,start_date,end_date,reason\nE1,2025-09-01,,\nE2,2025-09-01,,other,\n", "ME-02",
                 true, "", "", 1},
        RuleCase{"TotalRow", "ehe",
                 "child_ref,start_date,end_date,reason\nE1,2025-09-01,2025-10-01,\nTotal,1,,\n", "ME-36",
                 false, "", "", 1},
        RuleCase{"RepeatedHeader", "ehe", "child_ref,start_date,child_ref\nE1,2025-09-01,E2\n", "ME-04",
                 false, "", "", 1},
        RuleCase{"RequiredDateUnreadable", "cme", "child_ref,status,opened_date\nC1,open,31/02/2025\n",
                 "ME-05", true, "opened_date", "", 0},
        RuleCase{"RequiredDateMissing", "ehe", "child_ref,start_date,case_ref\nE1,,K1\n", "ME-05", true,
                 "start_date", "K1", 0},
        RuleCase{"RequiredDateWithoutMonthAndDay", "moves", "child_ref,direction,move_date\nM1,in,2025\n",
                 "ME-05", true, "move_date", "", 0},
        RuleCase{"RequiredDateMonthFirst", "off_roll",
                 "child_ref,date_off_roll,school_urn\nN1,03/25/2025,900001\n", "ME-05", true, "date_off_roll",
                 "", 0},
        RuleCase{"RequiredColumnNotThere", "part_time", "child_ref,school_urn,reason\nP1,900001,medical\n",
                 "ME-05", true, "start_date", "", 0},
        RuleCase{"OptionalDateUnreadable", "ehe",
                 "child_ref,start_date,last_contact_date\nE1,2025-09-01,last week\n", "ME-06", false,
                 "last_contact_date", "E1|2025-09-01", 1},
        RuleCase{"ClosedBeforeOpened", "cme",
                 "child_ref,status,opened_date,closed_date\nC1,closed,2026-01-12,2026-01-11\n", "ME-07", true,
                 "closed_date", "C1|2026-01-12", 0},
        RuleCase{"OpenedBeforeReferred", "cme",
                 "child_ref,status,opened_date,referral_date\nC1,open,2026-01-12,2026-01-13\n", "ME-07",
                 false, "opened_date", "C1|2026-01-12", 1},
        RuleCase{"EheEndBeforeStart", "ehe", "child_ref,start_date,end_date\nE1,2025-09-01,2025-08-31\n",
                 "ME-07", true, "end_date", "E1|2025-09-01", 0},
        RuleCase{"PartTimeEndBeforeStart", "part_time",
                 "child_ref,school_urn,start_date,actual_end_date\nP1,900001,2025-09-08,2025-09-01\n",
                 "ME-07", true, "actual_end_date", "P1|900001|2025-09-08", 0},
        RuleCase{"RequiredCodeUnknown", "cme", "child_ref,status,opened_date\nC1,pending,2026-01-12\n",
                 "ME-08", true, "status", "C1|2026-01-12", 0},
        RuleCase{"DirectionMissing", "moves", "child_ref,direction,move_date,case_ref\nM1,,2025-12-01,K1\n",
                 "ME-08", true, "direction", "K1", 0},
        RuleCase{"OptionalCodeUnknown", "ehe", "child_ref,start_date,reason\nE1,2025-09-01,Because\n",
                 "ME-09", false, "reason_code", "E1|2025-09-01", 1},
        RuleCase{"GroundUnknown", "off_roll",
                 "child_ref,date_off_roll,school_urn,ground\nN1,2025-09-01,900001,9(1)(z)\n", "ME-09", false,
                 "ground_code", "N1|900001|2025-09-01", 1},
        RuleCase{"GroundWhichScheme", "off_roll",
                 "child_ref,date_off_roll,school_urn,ground\nN1,2024-03-01,900001,F\n", "ME-09", false,
                 "ground_code", "N1|900001|2024-03-01", 1},
        RuleCase{"FlagUnreadable", "part_time",
                 "child_ref,school_urn,start_date,parent_agreed\nP1,900001,2025-09-08,perhaps\n", "ME-10",
                 false, "parent_agreed", "P1|900001|2025-09-08", 1},
        RuleCase{"HoursUnreadable", "part_time",
                 "child_ref,school_urn,start_date,hours_per_week\nP1,900001,2025-09-08,some\n", "ME-10",
                 false, "hours_per_week", "P1|900001|2025-09-08", 1},
        RuleCase{"UrnUnreadable", "moves",
                 "child_ref,direction,move_date,placed_school_urn\nM1,in,2025-12-01,High School\n", "ME-10",
                 false, "placed_school_urn", "M1|in|2025-12-01", 1},
        RuleCase{"LaUnreadable", "moves",
                 "child_ref,direction,move_date,from_la_code\nM1,in,2025-12-01,Leeds\n", "ME-10", false,
                 "from_la_code", "M1|in|2025-12-01", 1},
        RuleCase{"TextTooLong", "moves",
                 "child_ref,direction,move_date,notified_by\nM1,in,2025-12-01,"
                 "0123456789012345678901234567890123456789012345678901234567890\n",
                 "ME-11", false, "notified_by", "M1|in|2025-12-01", 1},
        RuleCase{"NilWithChild", "part_time",
                 "child_ref,surname,school_urn,start_date,reported_nil\nP1,Holt,900001,2025-09-08,Y\n",
                 "ME-12", true, "reported_nil", "nil|900001", 0},
        RuleCase{"NilWithoutSchool", "part_time", "child_ref,school_urn,start_date,reported_nil\n,,,Y\n",
                 "ME-16", true, "school_urn", "nil|", 0},
        RuleCase{
            "MoreThanFullTime", "part_time",
            "child_ref,school_urn,start_date,hours_per_week,full_time_hours\nP1,900001,2025-09-08,33,32.5\n",
            "ME-13", true, "hours_per_week", "P1|900001|2025-09-08", 0},
        RuleCase{"NotOfSchoolAge", "cme",
                 "child_ref,birth_date,status,opened_date\nC1,2022-01-01,open,2026-01-12\n", "ME-14", false,
                 "opened_date", "C1|2026-01-12", 1},
        RuleCase{"OpenWithClosedDate", "cme",
                 "child_ref,status,opened_date,closed_date\nC1,open,2026-01-12,2026-01-13\n", "ME-15", false,
                 "status", "C1|2026-01-12", 1},
        RuleCase{"ClosedWithoutDate", "cme",
                 "child_ref,status,opened_date,closed_date\nC1,closed,2026-01-12,\n", "ME-15", false,
                 "status", "C1|2026-01-12", 1},
        RuleCase{"BirthDateUnreadable", "ehe", "child_ref,birth_date,start_date\nE1,2015-03,2025-09-01\n",
                 "ME-21", false, "birth_date", "E1", 1},
        RuleCase{"BirthDateInFuture", "ehe", "child_ref,birth_date,start_date\nE1,21/01/2026,2025-09-01\n",
                 "ME-21", false, "birth_date", "E1", 1},
        RuleCase{"SexUnknown", "ehe", "child_ref,sex,start_date\nE1,Q,2025-09-01\n", "ME-22", false, "sex",
                 "E1", 1},
        RuleCase{"UpnFails", "ehe", "child_ref,upn,start_date\nE1,X873400125010,2025-09-01\n", "ME-23", false,
                 "upn", "E1", 1},
        RuleCase{"UlnFails", "ehe", "child_ref,uln,start_date\nE1,1000000045,2025-09-01\n", "ME-24", false,
                 "uln", "E1", 1},
        RuleCase{"NhsNumberFails", "ehe", "child_ref,nhs_number,start_date\nE1,9990000019,2025-09-01\n",
                 "ME-25", false, "nhs_number", "E1", 1},
        RuleCase{"ExponentForm", "ehe", "child_ref,nhs_number,start_date\nE1,9.99E+09,2025-09-01\n", "ME-26",
                 false, "nhs_number", "E1", 1},
        RuleCase{"WrongColumn", "ehe", "child_ref,uln,start_date\nE1,9990000018,2025-09-01\n", "ME-27", false,
                 "uln", "E1", 1},
        RuleCase{"PostcodeUnreadable", "ehe", "child_ref,postcode,start_date\nE1,not known,2025-09-01\n",
                 "ME-28", false, "postcode", "E1", 1},
        RuleCase{"UprnUnreadable", "ehe", "child_ref,uprn,start_date\nE1,1234567890123,2025-09-01\n", "ME-29",
                 false, "uprn", "E1", 1},
        RuleCase{"EthnicityUnknown", "ehe", "child_ref,ethnicity,start_date\nE1,Martian,2025-09-01\n",
                 "ME-30", false, "ethnicity_code", "E1", 1},
        RuleCase{"LanguageUnknown", "ehe", "child_ref,first_language,start_date\nE1,Polish,2025-09-01\n",
                 "ME-31", false, "first_language", "E1", 1},
        RuleCase{"RowsOfAChildDiffer", "cme",
                 "child_ref,surname,status,opened_date\nC1,Holt,open,2026-01-12\nC1,Hall,open,2025-01-12\n",
                 "ME-32", false, "", "C1", 2}),
    [](const auto& info) { return info.param.name; });

TEST(Rules, AnEncodingFaultIsToldOfTheFile) {
    const auto out = run(
        "ehe", "child_ref,surname,start_date\nE1,Zoë,2025-09-01\nE2,Zoë,2025-09-01\nE3,Ren\xE9,2025-09-01\n");
    ASSERT_EQ(out.issues.size(), 1u);
    EXPECT_EQ(out.issues[0].rule, "ME-04");
    EXPECT_EQ(out.rows.at("person_record")[2].at("surname"), "René");
}

// ---- what spreadsheets do to values
// ---------------------------------------------------------------------------------

ConnectorOutcome run_raw(const std::string& list, const std::string& csv, Settings settings = {}) {
    settings["list"] = list;
    return sdk::testing::run_connector(sendhub_plugin(), settings, {{"list.csv", csv}});
}

TEST(Spreadsheets, TextMarksComeOffKeysNumbersAndDates) {
    const auto out =
        run("cme",
            "child_ref,upn,surname,birth_date,opened_date,status\n"
            "\"=\"\"0012\"\"\",\"=\"\"X873400125001\"\"\",O'Neill,'03/11/2012,\"=\"\"2026-01-12\"\"\",open\n"
            "'0014,'L873400125002,'Abd,03/11/2012,'12/01/2026,open\n");
    ASSERT_EQ(count(out, "person_record"), 2u);
    EXPECT_TRUE(out.issues.empty());
    const auto& people = out.rows.at("person_record");
    EXPECT_EQ(people[0].at("person_ref"), "0012");
    EXPECT_EQ(people[0].at("surname"), "O'Neill");
    EXPECT_EQ(people[0].at("birth_date"), "2012-11-03");
    EXPECT_EQ(people[1].at("person_ref"), "0014");
    EXPECT_EQ(people[1].at("surname"), "'Abd") << "an apostrophe of a name stays";
    for (const TextRow& id : out.rows.at("person_identifier")) EXPECT_EQ(id.at("id_state"), "valid");
    for (const TextRow& fact : out.rows.at("cme_case")) EXPECT_EQ(fact.at("opened_date"), "2026-01-12");
}

TEST(Spreadsheets, ErrorWordsAreEmptyAndReported) {
    const auto out = run("ehe",
                         "child_ref,surname,forename,birth_date,start_date\n"
                         "E1,#REF!,#NAME?,2012-11-03,2025-09-01\n"
                         "E2,Khan,#value!,########,2025-09-01\n"
                         "E3,Holt,Amara,2012-11-03,#N/A\n");
    EXPECT_EQ(out.warnings("ME-33"), 5u);
    EXPECT_EQ(out.rejects("ME-05"), 1u) << "a required date";
    ASSERT_EQ(count(out, "person_record"), 2u);
    EXPECT_FALSE(out.rows.at("person_record")[0].contains("surname"));
    EXPECT_EQ(out.rows.at("person_record")[1].at("surname"), "Khan");
    EXPECT_FALSE(out.rows.at("person_record")[1].contains("birth_date"));
}

TEST(Spreadsheets, InvisibleCharactersAndBlanksInsideNames) {
    const auto out = run("ehe",
                         "child_ref,surname,forename,nhs_number,start_date\n"
                         "\xE2\x80\x8B"
                         "E1\xC2\xA0,Van\xC2\xA0"
                         "Dyk,Zo\xC2\xAD\xC3\xAB,999\xE2\x80\xAF"
                         "000\xE2\x80\x89"
                         "0018,2025-09-01\n");
    const TextRow row = only(out, "person_record");
    EXPECT_EQ(row.at("person_ref"), "E1");
    EXPECT_EQ(row.at("surname"), "Van Dyk");
    EXPECT_EQ(row.at("forename"), "Zo\xC3\xAB");
    EXPECT_EQ(only(out, "person_identifier").at("id_value"), "9990000018");
    EXPECT_EQ(only(out, "person_identifier").at("id_state"), "valid");
}

TEST(Spreadsheets, ADroppedZeroIsReportedAndNotPutBack) {
    const auto out = run("ehe", "child_ref,surname,nhs_number,start_date\nE1,Holt,101010109,2025-09-01\n");
    ASSERT_EQ(rules::nhs_number_state("0101010109"), rules::IdState::valid);
    EXPECT_EQ(out.warnings("ME-25"), 1u);
    EXPECT_THAT(out.issues.at(0).reason, testing::HasSubstr("0 in front"));
    EXPECT_EQ(only(out, "person_identifier").at("id_value"), "101010109");
    EXPECT_EQ(only(out, "person_identifier").at("id_state"), "invalid");
}

TEST(Dates, AColumnWithTheMonthFirstRefusesTheFileUnlessASettingSaysSo) {
    const std::string csv =
        "child_ref,surname,birth_date,start_date\nE1,Holt,11/03/2012,2025-09-01\nE2,Moss,11/23/"
        "2012,2025-09-01\n";
    const auto refused = run("ehe", csv);
    ASSERT_EQ(refused.refused.size(), 1u);
    const std::string& why = refused.refused.at("list.csv");
    for (const char* part : {"birth_date", "line 3", "date_order"})
        EXPECT_THAT(why, testing::HasSubstr(part));

    const auto month_first = run("ehe", csv, {{"date_order", "month_first"}});
    EXPECT_TRUE(month_first.refused.empty());
    EXPECT_EQ(month_first.rows.at("person_record")[0].at("birth_date"), "2012-11-03");
    EXPECT_EQ(month_first.rows.at("person_record")[1].at("birth_date"), "2012-11-23");

    const auto day_first = run("ehe", csv, {{"date_order", "day_first"}});
    EXPECT_EQ(day_first.rows.at("person_record")[0].at("birth_date"), "2012-03-11");
    EXPECT_FALSE(day_first.rows.at("person_record")[1].contains("birth_date"));
    EXPECT_EQ(day_first.warnings("ME-21"), 1u);

    EXPECT_EQ(run("ehe", csv, {{"date_order", "us"}}).code, SHP_BAD_SETTINGS);
    const auto one_column =
        run("ehe", "child_ref,surname,birth_date,start_date\nE1,Holt,11/23/2012,01/09/2025\n");
    EXPECT_TRUE(one_column.refused.empty()) << "no date of that column was read with the day first";
}

TEST(Names, AreNeverTakenForWordsOfTheReader) {
    for (const char* name : {"Sum", "Count", "Null", "Total", "NA", "None", "Test", "True", "NULL"}) {
        const auto out = run("ehe", "child_ref,surname,forename,birth_date,start_date\nE1," +
                                        std::string(name) + ",AMY,03/11/2012,2025-09-01\n");
        EXPECT_EQ(only(out, "person_record").at("surname"), name);
    }
    const auto mark =
        run("ehe", "child_ref,surname,forename,middle_names,start_date\nE1,NULL,Amy,NULL,2025-09-01\n");
    EXPECT_FALSE(only(mark, "person_record").contains("surname")) << "what a database writes";
    EXPECT_FALSE(only(mark, "person_record").contains("middle_names"));
    EXPECT_EQ(mark.warnings("ME-10"), 1u);
}

// ---- who is a child
// ---------------------------------------------------------------------------------

TEST(Child, ABareReferenceMakesNobody) {
    const auto out =
        run_raw("ehe", "child_ref,surname,start_date\nE1,,2025-09-01\nE2,Holt,2025-09-01\nE2,,2026-01-01\n");
    EXPECT_EQ(count(out, "ehe_episode"), 3u) << "what the rows say is taken";
    EXPECT_EQ(only(out, "person_record").at("person_ref"), "E2");
    ASSERT_EQ(out.warnings("ME-35"), 1u);
    EXPECT_EQ(out.issues[0].person_ref, "E1") << "a child who is known stays";
}

TEST(Child, OneNumberOnTwoChildrenMakesNeitherTheOther) {
    // without references: the number is the key, until a second child has it
    const auto keyed = run("ehe",
                           "upn,surname,forename,birth_date,start_date\n"
                           "X873400125001,Holt,Amara,2012-11-03,2025-09-01\n"
                           "X873400125001,Moss,Ben,2014-02-05,2025-09-01\n"
                           "X873400125001,Moss,Ben,2014-02-05,2025-10-01\n");
    ASSERT_EQ(count(keyed, "person_record"), 2u);
    EXPECT_EQ(keyed.rows.at("person_record")[0].at("person_ref"), "X873400125001");
    EXPECT_EQ(keyed.rows.at("person_record")[1].at("person_ref")[0], '~');
    EXPECT_EQ(count(keyed, "ehe_episode"), 3u);
    EXPECT_EQ(keyed.warnings("ME-34"), 2u);
    for (const TextRow& id : keyed.rows.at("person_identifier")) EXPECT_EQ(id.at("id_state"), "invalid");

    const auto with_refs = run("ehe",
                               "child_ref,upn,surname,forename,birth_date,start_date\n"
                               "E1,X873400125001,Holt,Amara,2012-11-03,2025-09-01\n"
                               "E2,X873400125001,Moss,Ben,2014-02-05,2025-09-01\n");
    EXPECT_EQ(count(with_refs, "person_record"), 2u);
    EXPECT_EQ(with_refs.warnings("ME-34"), 2u);

    const auto typing_mistake = run("ehe",
                                    "upn,surname,forename,birth_date,start_date\n"
                                    "X873400125001,Holt,Amara,2012-11-03,2025-09-01\n"
                                    "X873400125001,Holt,Amara,2012-11-30,2025-10-01\n");
    EXPECT_EQ(count(typing_mistake, "person_record"), 1u);
    EXPECT_EQ(typing_mistake.warnings("ME-34"), 0u);
    EXPECT_EQ(typing_mistake.warnings("ME-32"), 1u);
}

// ---- what a rejected row leaves
// ---------------------------------------------------------------------------------

TEST(RejectedRow, MakesNobodyAndNamesItsChild) {
    const auto out = run("cme",
                         "child_ref,surname,upn,status,opened_date,closed_date\nC1,Holt,X873400125001,closed,"
                         "2026-01-12,2026-01-01\n");
    EXPECT_EQ(count(out, "cme_case"), 0u);
    EXPECT_EQ(count(out, "person_record") + count(out, "person_identifier"), 0u);
    EXPECT_EQ(out.issues[0].person_ref, "C1") << "what the store knows of the child stays";
    ASSERT_EQ(out.rejects("ME-07"), 1u);
    EXPECT_EQ(out.issues[0].record, "cme_case");
    EXPECT_EQ(out.issues[0].row, 2u);
}

TEST(RejectedRow, IsRejectedOnceHoweverManyFaultsItHas) {
    const auto out =
        run("cme", "child_ref,status,opened_date,closed_date,last_contact_date\nC1,what,tbc,never,soon\n");
    EXPECT_EQ(out.issues.size(), 1u);
    EXPECT_EQ(out.rejects(), 1u);
}

// ---- child
// ------------------------------------------------------------------------------------------------------

TEST(Child, IsKeyedByTheUpnOrAHashWhenThereIsNoKey) {
    const auto out = run("ehe",
                         "upn,surname,forename,birth_date,start_date\n"
                         "X873400125001,Holt,Amara,2012-11-03,2025-09-01\n"
                         ",O'Neil,Zoe,03/11/2012,2025-09-01\n"
                         "X873400125010,O'NEIL , zoe,2012-11-03,2025-10-01\n");
    ASSERT_EQ(count(out, "ehe_episode"), 3u);
    const auto& rows = out.rows.at("ehe_episode");
    EXPECT_EQ(rows[0].at("person_ref"), "X873400125001");
    EXPECT_THAT(rows[1].at("person_ref"), testing::MatchesRegex("~[0-9a-f]{32}"));
    EXPECT_EQ(rows[1].at("person_ref"), rows[2].at("person_ref"))
        << "a UPN that fails its check is no key; names and dates compare as people read them";
    EXPECT_EQ(count(out, "person_record"), 2u);
}

TEST(Child, TheHashIsTheSameForEver) {
    const auto out = run("ehe", "surname,forename,birth_date,start_date\nHolt,Amara,2012-11-03,2025-09-01\n");
    EXPECT_EQ(only(out, "ehe_episode").at("person_ref"), "~e51d3b3125b56dbeaed13723a7d07c45");
}

TEST(Child, ManyRowsOfOneChildGiveOnePersonAndAllIdentifiers) {
    const auto out = run("cme",
                         "child_ref,surname,upn,former_upn,postcode,status,opened_date\n"
                         "C1,Holt,H87340012500A,,,closed,2024-01-12\n"
                         "C1,Holt,x873400125001,H87340012500A,XD1 1AB,open,2026-01-12\n");
    EXPECT_EQ(count(out, "cme_case"), 2u);
    EXPECT_EQ(count(out, "person_record"), 1u);
    EXPECT_EQ(count(out, "address"), 1u);
    ASSERT_EQ(count(out, "person_identifier"), 3u);
    const auto& ids = out.rows.at("person_identifier");
    EXPECT_EQ(ids[0].at("id_state"), "temporary");
    EXPECT_EQ(ids[1].at("id_value"), "X873400125001");
    EXPECT_EQ(ids[1].at("id_value_raw"), "x873400125001");
    EXPECT_EQ(ids[2].at("id_type"), "FORMER_UPN");
}

TEST(Child, ValuesAreNormalisedAndTheSourceKeptWhereTheyChanged) {
    struct Case {
        const char *field, *text, *to, *value, *raw_field, *raw;
    };
    const Case cases[] = {
        {"sex", "1", "sex", "M", "sex_raw", "1"},
        {"sex", "M", "sex", "M", "sex_raw", "(none)"},
        {"sex", "9", "sex", "U", "sex_raw", "9"},
        {"sex", "Girl", "sex", "F", "sex_raw", "Girl"},
        {"ethnicity", "WBRI", "ethnicity_code", "WBRI", "ethnicity_raw", "(none)"},
        {"ethnicity", "C", "ethnicity_code", "WOTH", "ethnicity_raw", "C"},
        {"ethnicity", "W1", "ethnicity_code", "WBRI", "ethnicity_raw", "W1"},
        {"ethnicity", "CNHE", "ethnicity_code", "CHNE", "ethnicity_raw", "CNHE"},
        {"ethnicity", "wrom", "ethnicity_code", "WROM", "ethnicity_raw", "wrom"},
        {"first_language", "English", "first_language", "ENG", "", ""},
        {"first_language", "pol", "first_language", "POL", "", ""},
        {"birth_date", "03/11/2012", "birth_date", "2012-11-03", "birth_date_raw", "(none)"},
        {"birth_date", "41216", "birth_date", "2012-11-03", "birth_date_raw", "41216"},
        {"birth_date", "3/11/12", "birth_date", "2012-11-03", "birth_date_raw", "3/11/12"},
        {"birth_date", "2012-11", "birth_date", "(none)", "birth_date_raw", "2012-11"},
        {"surname", "Null", "surname", "Null", "", ""},
        {"surname", "N/A", "surname", "(none)", "", ""},
        {"surname", "NA", "surname", "NA", "", ""},
        {"middle_names", "-", "middle_names", "(none)", "", ""},
    };
    for (const Case& c : cases) {
        const auto out = run("ehe", std::string("child_ref,preferred_forename,") + c.field +
                                        ",start_date\nE1,Amy," + c.text + ",2025-09-01\n");
        const TextRow row = only(out, "person_record");
        EXPECT_EQ(value(row, c.to), c.value) << c.field << " " << c.text;
        if (*c.raw_field) {
            EXPECT_EQ(value(row, c.raw_field), c.raw) << c.field << " " << c.text;
        }
    }
}

// ---- settings and map
// -------------------------------------------------------------------------------------------

TEST(Map, TakesACouncilsHeadersAndWords) {
    const auto out = run("cme",
                         "CME list for June\n;;\nRef No;Name (last); Why ;Opened;State\n7;Holt;Something "
                         "else;12/01/2026;Live\n8;Hall;waiting  list;13/01/2026;DONE\n",
                         {{"columns.child_ref", "ref no"},
                          {"columns.surname", "NAME (LAST)"},
                          {"columns.reason", "Why"},
                          {"columns.opened_date", "Opened"},
                          {"columns.status", "State"},
                          {"values.status.Live", "open"},
                          {"values.status._", "closed"},
                          {"values.reason.Waiting list", "awaiting_place"},
                          {"values.reason_code._", "other"}});
    ASSERT_EQ(out.code, SHP_OK) << out.error;
    ASSERT_EQ(count(out, "cme_case"), 2u) << (out.refused.empty() ? "" : out.refused.begin()->second);
    const auto& rows = out.rows.at("cme_case");
    EXPECT_EQ(rows[0].at("status") + " " + rows[0].at("reason_code") + " " + rows[0].at("@row"),
              "open other 4");
    EXPECT_EQ(rows[1].at("status") + " " + rows[1].at("reason_code"), "closed awaiting_place");
}

TEST(Map, OfACouncilIsAlsoTheListOfWhatMayBeTaken) {
    const auto out =
        run("ehe", "Ref,surname,Began,postcode,Given\nE1,Holt,2025-09-01,XD1 1AB,Amy\n",
            {{"columns.child_ref", "Ref"}, {"columns.start_date", "Began"}, {"columns.forename", "Given"}});
    EXPECT_FALSE(only(out, "person_record").contains("surname"));
    EXPECT_EQ(count(out, "address"), 0u);
}

TEST(Map, RefusesAFileWithoutAMappedHeaderAndSaysWhatIsThere) {
    const auto out = run("ehe", "Ref,Started\nE1,2025-09-01\n",
                         {{"columns.child_ref", "Ref"}, {"columns.start_date", "Began"}});
    ASSERT_EQ(out.refused.size(), 1u);
    const std::string& why = out.refused.at("list.csv");
    EXPECT_THAT(why, testing::HasSubstr("\"Began\" (for start_date)"));
    EXPECT_THAT(why, testing::HasSubstr("\"Ref\", \"Started\""));
    EXPECT_TRUE(out.scopes.empty()) << "a refused file closes nothing";
}

TEST(Map, RefusesAFileWithoutHeaderAndNeverTellsItsRows) {
    const auto out = run("ehe", "E1,Holt,Amara,2025-09-01\nE2,Hall,Ben,2025-09-02\n");
    ASSERT_EQ(out.refused.size(), 1u);
    EXPECT_THAT(out.refused.at("list.csv"), testing::Not(testing::HasSubstr("Holt")));
    const auto empty = run("ehe", "");
    EXPECT_EQ(empty.refused.size(), 1u);
}

TEST(Settings, ThatAreWrongStopTheFeedBeforeAnythingIsRead) {
    const struct {
        Settings settings;
        const char* says;
    } cases[] = {
        {{{"list", "cmee"}}, "must be cme, ehe"},
        {{{"columns.opened_dat", "Opened"}}, "did you mean opened_date?"},
        {{{"columns.reason", "A"}, {"columns.reason_code", "B"}}, "twice"},
        {{{"values.resaon.x", "other"}}, "did you mean reason?"},
        {{{"values.reason.x", "awaiting"}}, "there are awaiting_place, whereabouts_unknown"},
        {{{"values.reason", "other"}}, "without a text"},
        {{{"values.reason.x", "awaiting_plaec"}}, "did you mean awaiting_place?"},
        {{{"mode", "full"}}, "snapshot or delta"},
        {{{"encoding", "latin-9"}}, "windows-1252"},
    };
    for (const auto& c : cases) {
        Settings settings = c.settings;
        settings.try_emplace("list", "cme");
        const auto out = sdk::testing::run_connector(sendhub_plugin(), settings,
                                                     {{"a.csv", "child_ref,opened_date\nC1,2026-01-12\n"}});
        EXPECT_EQ(out.code, SHP_BAD_SETTINGS) << c.says;
        EXPECT_THAT(out.error, testing::HasSubstr(c.says));
        EXPECT_TRUE(out.rows.empty());
    }
}

TEST(Settings, EmptyValuesAreTheCouncilsOwn) {
    const auto out = run("ehe", "child_ref,start_date,end_date\nE1,2025-09-01,ongoing\n",
                         {{"empty_values", "ongoing\n-"}});
    EXPECT_TRUE(out.issues.empty());
    EXPECT_EQ(count(out, "ehe_episode"), 1u);
}

TEST(Encodings, AllGiveTheSameChild) {
    const std::string head = "child_ref,surname,start_date\r\nE1,", tail = ",01/09/2025\r\n";
    std::string wide = "\xFF\xFE";
    for (const unsigned char c : head + "Zo\xEB" + tail) {
        wide += static_cast<char>(c);
        wide += '\0';
    }
    for (const std::string& file :
         {head + "Zoë" + tail, "\xEF\xBB\xBF" + head + "Zoë" + tail, head + "Zo\xEB" + tail, wide}) {
        const auto out = run("ehe", file);
        EXPECT_EQ(only(out, "person_record").at("surname"), "Zoë");
        EXPECT_TRUE(out.issues.empty());
    }
}

TEST(Files, AreReadOneByOneEachWithItsOwnScope) {
    const auto out = sdk::testing::run_connector(
        sendhub_plugin(), {{"list", "ehe"}},
        {{"ehe_20260118.csv", "child_ref,surname,start_date\nE1,Holt,2025-09-01\n"},
         {"broken.csv", "nothing"},
         {"ehe_20260119.csv", "child_ref,surname,start_date\nE1,Holt,2025-09-01\nE2,Moss,2025-09-01\n"}});
    EXPECT_EQ(out.code, SHP_OK);
    EXPECT_EQ(out.refused.count("broken.csv"), 1u);
    EXPECT_EQ(count(out, "ehe_episode"), 3u);
    EXPECT_EQ(count(out, "person_record"), 3u) << "each file is a whole list of its own";
    EXPECT_EQ(out.scopes.size(), 8u);
}

TEST(Nil, AReturnOfASchoolHasNoChild) {
    const auto out = run(
        "part_time",
        "child_ref,surname,school_urn,start_date,notified_date,reported_nil\n-,-,900001,-,2026-01-10,Yes\n");
    EXPECT_TRUE(out.issues.empty());
    const TextRow row = only(out, "part_time_timetable");
    EXPECT_FALSE(row.contains("person_ref"));
    EXPECT_EQ(row.at("reported_nil") + " " + row.at("school_urn") + " " + row.at("source_key"),
              "true 900001 nil|900001|2026-01-10");
    EXPECT_EQ(count(out, "person_record"), 0u);
}

TEST(Status, IsToldByTheClosedDateWhereTheListHasNone) {
    const auto out =
        run("cme", "child_ref,opened_date,closed_date\nC1,2026-01-12,\nC2,2025-01-12,2025-02-01\n");
    ASSERT_EQ(count(out, "cme_case"), 2u);
    EXPECT_EQ(out.rows.at("cme_case")[0].at("status"), "open");
    EXPECT_EQ(out.rows.at("cme_case")[1].at("status"), "closed");
}

}  // namespace
}  // namespace sendhub::missing_education
