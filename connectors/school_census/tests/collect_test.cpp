// The COLLECT table set: any order, old names, joins, and what an incomplete set means.
#include <gmock/gmock.h>

#include <algorithm>

#include "connectors/school_census/tests/returns.hpp"

namespace sendhub::census::testing {
namespace {

using ::testing::HasSubstr;

// A table as COLLECT writes it: rows are given as "id,NativeId[,parent id],values…".
std::string table(const std::string& name, const std::string& parent, const std::string& columns,
                  const std::vector<std::string>& rows) {
    std::string out = name + "tableid,NativeId," + (parent.empty() ? "" : parent + "tableid,") + columns +
                      "," + name + "orderseqcolumn,sourceid\r\n";
    int order = 0;
    for (const std::string& row : rows) out += row + "," + std::to_string(++order) + ",1\r\n";
    return out;
}

constexpr const char* pupil_columns =
    "upn,surname,forename,sex,dob,enrolstatus,entrydate,ncyearactual,parttime,boarder,senprovision,"
    "senunitindicator,termlysessionspossible";

std::vector<FakeFile> spring_set() {
    return {
        {"c.zip/2025_spr_schoolcensus.csv",
         table("schoolcensus", "", "collection,term,year,referencedate,sourcelevel,lea,estab,urn",
               {"1,700,SC,SPR,2025,2025-Jan-16 00:00:00,L,873,4001,900001",
                "2,701,SC,SPR,2025,2025-Jan-16 00:00:00,L,873.0,2002.0,900002"})},
        {"c.zip/2025_spr_pupilonroll.csv", table("pupilonroll", "schoolcensus", pupil_columns,
                                                 {"11,700,1,X873400125001,Example,Alex,F,2014-Mar-09 "
                                                  "00:00:00,C,2018-Sep-04 00:00:00,6,False,N,E,True,140.0",
                                                  "12,701,2,L873400125002,\"Second, Jr\",Kim,M,2015-Mar-09 "
                                                  "00:00:00,C,2019-Sep-04 00:00:00,5.0,0,N,N,0,138"})},
        {"c.zip/2025_spr_pupilnolongeronroll.csv",
         table("pupilnolongeronroll", "schoolcensus",
               "upn,surname,forename,sex,dob,entrydate,leavingdate,termlysessionspossible",
               {"21,700,1,H87340012500A,Third,Jo,F,2013-Mar-09 00:00:00,2017-Sep-04 00:00:00,2024-Dec-13 "
                "00:00:00,60"})},
        {"c.zip/2025_spr_addresses.csv",
         table("addresses", "pupilonroll", "postcode,paon,street,uniquepropertyreferencenumber",
               {"31,700,11,xd1 1aa,1,High Street,100023336956.0"})},
        {"c.zip/2025_spr_senneeds.csv", table("senneeds", "pupilonroll", "sentyperank,sentype",
                                              {"41,700,11,2.0,SLCN", "42,700,11,1.0,BESD"})},
        {"c.zip/2025_spr_termlysessiondetailsonroll.csv",
         table("termlysessiondetailsonroll", "pupilonroll", "attendancereason,sessions",
               {"51,700,11,I,9.0", "52,700,11,H,2.0"})},
        {"c.zip/2025_spr_termlyexclusionsonroll.csv",
         table("termlyexclusionsonroll", "pupilonroll", "category,startdate,sessions,reason1,senprovision",
               {"61,701,12,SUSP,2024-Nov-04 00:00:00,4.0,DB,S"})},
        {"c.zip/2025_spr_fsmperiod.csv",
         table("fsmperiod", "pupilonroll", "fsmstartdate", {"71,700,11,2024-Nov-04 00:00:00"})}};
}

std::vector<FakeFile> without(std::vector<FakeFile> files, const std::string& part) {
    std::erase_if(files, [&](const FakeFile& f) { return f.name.find(part) != std::string::npos; });
    return files;
}

TEST(Collect, JoinsTheTablesOfASet) {
    auto out = run(spring_set());
    ASSERT_EQ(out.code, SHP_OK) << out.error;
    EXPECT_TRUE(out.refused.empty());
    ASSERT_EQ(out.rows["person_record"].size(), 3U);
    EXPECT_EQ(out.rows["person_record"][0], (TextRow{{"source_key", "8734001:X873400125001"},
                                                     {"person_ref", "8734001:X873400125001"},
                                                     {"surname", "Example"},
                                                     {"forename", "Alex"},
                                                     {"birth_date", "2014-03-09"},
                                                     {"sex", "F"},
                                                     {"@scope", "8734001"},
                                                     {"@row", "2"},
                                                     {"@file", "c.zip/2025_spr_pupilonroll.csv"}}));
    EXPECT_EQ(out.rows["person_record"][1]["person_ref"], "8734001:H87340012500A");
    EXPECT_EQ(out.rows["person_record"][1]["@file"], "c.zip/2025_spr_pupilnolongeronroll.csv");
    EXPECT_EQ(out.rows["person_record"][2]["surname"], "Second, Jr");
    EXPECT_EQ(out.rows["person_record"][2]["@row"], "3");
    ASSERT_EQ(out.rows["enrolment"].size(), 3U);
    EXPECT_EQ(out.rows["enrolment"][1]["leaving_date"], "2024-12-13");
    EXPECT_EQ(out.rows["enrolment"][2]["laestab"], "8732002");
    EXPECT_EQ(out.rows["enrolment"][2]["nc_year"], "5");
    EXPECT_EQ(out.rows["enrolment"][2]["urn"], "900002");
    ASSERT_EQ(out.rows["address"].size(), 1U);
    EXPECT_EQ(out.rows["address"][0]["uprn"], "100023336956");
    EXPECT_EQ(out.rows["sen_provision"][0]["sen_unit"], "true");
    ASSERT_EQ(out.rows["sen_need"].size(), 2U);
    EXPECT_EQ(out.rows["sen_need"][0]["need_type"], "SEMH");
    EXPECT_EQ(out.rows["sen_need"][0]["need_type_raw"], "BESD");
    EXPECT_EQ(out.rows["sen_need"][0]["rank"], "1");
    ASSERT_EQ(out.rows["attendance_total"].size(), 3U);
    EXPECT_EQ(out.rows["attendance_total"][0]["sessions_possible"], "140");
    EXPECT_EQ(out.rows["attendance_total"][0]["sessions_authorised"], "11");
    EXPECT_EQ(out.rows["attendance_total"][0]["sessions_c"], "2");
    ASSERT_EQ(out.rows["exclusion"].size(), 1U);
    EXPECT_EQ(out.rows["exclusion"][0]["sen_provision"], "E");
    EXPECT_EQ(out.issues.size(), 1U);
    EXPECT_EQ(out.warnings("SC-MARK"), 1U);
}

std::string content(ConnectorOutcome& out) {
    std::vector<std::string> lines;
    for (auto& [record, rows] : out.rows)
        for (TextRow& row : rows) {
            std::string line = record;
            for (const auto& [field, text] : row) line += '|' + field + '=' + text;
            lines.push_back(line);
        }
    std::sort(lines.begin(), lines.end());
    std::string all;
    for (const std::string& line : lines) all += line + '\n';
    return all;
}

TEST(Collect, TheOrderOfTheFilesMakesNoDifference) {
    auto files = spring_set();
    auto first = run(files);
    std::reverse(files.begin(), files.end());
    auto reversed = run(files);
    EXPECT_EQ(content(first), content(reversed));
    std::rotate(files.begin(), files.begin() + 3, files.end());
    auto rotated = run(files);
    EXPECT_EQ(content(first), content(rotated));
}

TEST(Collect, SaysTheSameAsTheSchoolsXml) {
    PupilXml p;
    p.identifiers =
        "<UPN>X873400125001</UPN><Surname>Example</Surname><Forename>Alex</Forename><Sex>F</"
        "Sex><DOB>2014-03-09</DOB>";
    p.characteristics = "";
    p.status =
        "<EnrolStatus>C</EnrolStatus><EntryDate>2018-09-04</EntryDate><NCyearActual>6</"
        "NCyearActual><PartTime>0</PartTime><Boarder>N</Boarder>";
    p.sen =
        "<SENprovision>E</SENprovision><SENunitIndicator>1</"
        "SENunitIndicator><SENneeds><SENneed><SENtypeRank>1</SENtypeRank><SENtype>BESD</SENtype></SENneed>"
        "<SENneed><SENtypeRank>2</SENtypeRank><SENtype>SLCN</SENtype></SENneed></SENneeds>";
    p.rest =
        "<HomeInformation><Address><PostCode>xd1 1aa</PostCode><PAON>1</PAON><Street>High Street</Street>"
        "<UniquePropertyReferenceNumber>100023336956</UniquePropertyReferenceNumber></Address></"
        "HomeInformation>"
        "<Attendance><TermlyAttendance><SessionsPossible>140</"
        "SessionsPossible><SessionDetails><SessionDetail><AttendanceReason>I</AttendanceReason>"
        "<Sessions>9</Sessions></SessionDetail><SessionDetail><AttendanceReason>H</"
        "AttendanceReason><Sessions>2</Sessions></SessionDetail></SessionDetails>"
        "</TermlyAttendance></Attendance>";
    ReturnXml r;
    r.on_roll = p.on_roll();
    auto from_xml = run_xml(r.xml());
    auto from_tables = run(spring_set());
    const auto of_pupil = [](ConnectorOutcome& out) {
        for (auto& [record, rows] : out.rows) {
            std::erase_if(
                rows, [](const TextRow& row) { return value(row, "person_ref") != "8734001:X873400125001"; });
            for (TextRow& row : rows) {
                row.erase("@row");
                row.erase("@file");
            }
        }
        return content(out);
    };
    EXPECT_EQ(of_pupil(from_xml), of_pupil(from_tables));
}

TEST(Collect, ASetWithoutAParentTableIsRefused) {
    for (const char* missing : {"schoolcensus", "pupilonroll"}) {
        const auto files = without(spring_set(), std::string("_") + missing + ".csv");
        auto out = run(files);
        EXPECT_TRUE(out.rows.empty()) << missing;
        EXPECT_TRUE(out.scopes.empty()) << missing;
        EXPECT_EQ(out.rejects("COLLECT-SET"), files.size() - 1) << missing;  // fsmperiod is passed over
        EXPECT_THAT(out.issues[0].reason, HasSubstr(missing));
    }
    EXPECT_GT(run(without(spring_set(), "pupilnolongeronroll.csv")).rows["person_record"].size(), 0U);
}

TEST(Collect, APartThatDidNotComeDeclaresNoScope) {
    const auto scopes = [](const std::vector<FakeFile>& files) {
        std::set<std::string> records;
        for (const auto& scope : run(files).scopes) records.insert(scope.record);
        return records;
    };
    EXPECT_EQ(scopes(spring_set()).size(), 8U);
    EXPECT_FALSE(scopes(without(spring_set(), "addresses")).contains("address"));
    EXPECT_FALSE(scopes(without(spring_set(), "senneeds")).contains("sen_need"));
    EXPECT_FALSE(scopes(without(spring_set(), "termlyexclusions")).contains("exclusion"));
    const auto no_marks = without(spring_set(), "sessiondetails");
    EXPECT_FALSE(scopes(no_marks).contains("attendance_total"));
    EXPECT_EQ(run(no_marks).rows["attendance_total"].size(), 0U);
}

TEST(Collect, ReadsTheNamesAndCodesOfOlderYears) {
    const std::vector<FakeFile> files = {
        {"2015_aut_schoolcensus.csv", table("schoolcensus", "", "collection,term,referencedate,lea,estab",
                                            {"1,700,SC,AUT,2015-Oct-01 00:00:00,873,4001"})},
        {"2015_aut_PupilOnRoll.csv",
         table("pupilonroll", "schoolcensus",
               "UPN,Gender,DOB,entrydate,senprovision,termlysessionspossible,summerhalfterm2sessionspossible,"
               "summerhalfterm2sessionsauthorised",
               {"11,700,1,X873400125001,F,2005-Mar-09 00:00:00,2012-Sep-04 00:00:00,P,140,60,4"})},
        {"2015_aut_termlyexclusionsonroll.csv",
         table("termlyexclusionsonroll", "pupilonroll",
               "startdate,sessions,incare,category,reason,senprovision",
               {"61,700,11,2015-May-04 00:00:00,4,False,FIXD,OT,A"})},
        {"2015_aut_termlysessiondetailsonroll.csv",
         table("termlysessiondetailsonroll", "pupilonroll", "absencesessions,attendancereason",
               {"51,700,11,3,J"})}};
    auto out = run(files);
    ASSERT_EQ(out.code, SHP_OK) << out.error;
    ASSERT_EQ(out.rows["exclusion"].size(), 1U);
    EXPECT_EQ(out.rows["exclusion"][0]["category"], "SUSP");
    EXPECT_EQ(out.rows["exclusion"][0]["category_raw"], "FIXD");
    EXPECT_EQ(out.rows["exclusion"][0]["reason_1"], "OT");
    EXPECT_EQ(out.rows["exclusion"][0]["sen_provision"], "K");
    EXPECT_EQ(out.rows["sen_provision"][0]["sen_provision"], "K");
    EXPECT_EQ(out.rows["sen_provision"][0]["sen_provision_raw"], "P");
    EXPECT_EQ(out.rows["person_record"][0]["sex"], "F");
    ASSERT_EQ(out.rows["attendance_total"].size(), 2U);
    EXPECT_EQ(out.rows["attendance_total"][0]["sessions_j1"], "3");
    EXPECT_EQ(out.rows["attendance_total"][1]["period"], "half_term_2");
    EXPECT_EQ(out.rows["attendance_total"][1]["sessions_authorised"], "4");
    EXPECT_EQ(out.rows["enrolment"][0]["academic_year"], "2015/16");
}

TEST(Collect, RowsThatBelongToNothingAndDamagedRowsAreRejectedWithTheirLine) {
    auto files = spring_set();
    files[3].content += "32,700,999,XD1 1AA,1,Nowhere Street,,2,1\r\n";
    files[4].content += "43,700,11,3.0,ASD,3,1,surplus\r\n";
    auto out = run(files);
    ASSERT_EQ(out.rejects("COLLECT-JOIN"), 1U);
    ASSERT_EQ(out.rejects("COLLECT-ROW"), 1U);
    for (const FakeIssue& issue : out.issues) {
        if (issue.rule == "COLLECT-JOIN") {
            EXPECT_EQ(issue.file + ':' + std::to_string(issue.row), "c.zip/2025_spr_addresses.csv:3");
        }
        if (issue.rule == "COLLECT-ROW") {
            EXPECT_EQ(issue.file + ':' + std::to_string(issue.row), "c.zip/2025_spr_senneeds.csv:4");
        }
    }
    EXPECT_EQ(out.rows["address"].size(), 1U);
}

TEST(Collect, AReturnOfAnotherAuthorityIsLeftOutAndTheOthersAreTaken) {
    auto files = spring_set();
    files[0].content.replace(files[0].content.find("873.0"), 5, "202");
    auto out = run(files);
    EXPECT_EQ(out.rejects("COLLECT-RETURN"), 1U);
    EXPECT_EQ(out.rows["person_record"].size(), 2U);
}

TEST(Collect, ANewerSetOfTheSameDayReplacesTheOlderOne) {
    auto files = spring_set();
    for (FakeFile& file : spring_set()) {
        file.name.replace(0, 1, "d");
        const auto at = file.content.find("Example");
        if (at != std::string::npos) file.content.replace(at, 7, "Newname");
        files.push_back(file);
    }
    auto out = run(files);
    ASSERT_EQ(out.rows["person_record"].size(), 3U);
    EXPECT_EQ(out.rows["person_record"][0]["surname"], "Newname");
    EXPECT_EQ(out.warnings("COLLECT-TWICE"), 2U);
}

TEST(Collect, AFileThatIsNoTableIsRefused) {
    for (const std::string& text : std::initializer_list<std::string>{
             "", "a,b\n1,2\n", "pupilonrolltableid,x\n", table("pupilonroll", "", "upn,dob", {}),
             table("pupilonroll", "schoolcensus", "surname", {}), std::string("PK\x03\x04", 4)}) {
        auto out = run({{"x.csv", text}});
        ASSERT_EQ(out.refused.size(), 1U) << text;
        EXPECT_THAT(out.refused.begin()->second,
                    HasSubstr(text.starts_with("PK") ? "workbook" : "COLLECT-TABLE"));
    }
}

}  // namespace
}  // namespace sendhub::census::testing
