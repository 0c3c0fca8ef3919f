// One table: what a pupil gets wrong, and what becomes of its rows.
#include <gtest/gtest.h>

#include "connectors/school_census/tests/returns.hpp"

namespace sendhub::census::testing {
namespace {

const std::string sen_support =
    "<SENprovision>K</SENprovision><SENneeds><SENneed><SENtypeRank>1</SENtypeRank><SENtype>SLCN</SENtype></"
    "SENneed></SENneeds>";

std::string needs(const std::string& provision,
                  std::initializer_list<std::pair<const char*, const char*>> ranked) {
    std::string out = "<SENprovision>" + provision + "</SENprovision><SENneeds>";
    for (const auto& [rank, type] : ranked)
        out += std::string("<SENneed><SENtypeRank>") + rank + "</SENtypeRank><SENtype>" + type +
               "</SENtype></SENneed>";
    return out + "</SENneeds>";
}
std::string attendance(const std::string& possible,
                       std::initializer_list<std::pair<const char*, const char*>> marks,
                       const std::string& more = "") {
    std::string out = "<Attendance><TermlyAttendance>" +
                      (possible.empty() ? "" : "<SessionsPossible>" + possible + "</SessionsPossible>") +
                      more + "<SessionDetails>";
    for (const auto& [mark, sessions] : marks)
        out += std::string("<SessionDetail><AttendanceReason>") + mark + "</AttendanceReason><Sessions>" +
               sessions + "</Sessions></SessionDetail>";
    return out + "</SessionDetails></TermlyAttendance></Attendance>";
}
std::string exclusion(const std::string& inner) {
    return "<Exclusions><TermlyExclusion>" + inner + "</TermlyExclusion></Exclusions>";
}
std::string identifiers(const std::string& upn, const std::string& dob = "2014-03-09",
                        const std::string& more = "") {
    return "<UPN>" + upn + "</UPN><Surname>Example</Surname><Forename>Alex</Forename><Sex>F</Sex><DOB>" +
           dob + "</DOB>" + more;
}
std::string status(const std::string& entry, const std::string& more = "") {
    return "<EnrolStatus>C</EnrolStatus><EntryDate>" + entry + "</EntryDate><NCyearActual>6</NCyearActual>" +
           more;
}
std::string address(const std::string& inner) {
    return "<HomeInformation><Address>" + inner + "</Address></HomeInformation>";
}

struct Case {
    const char* name;
    PupilXml pupil;
    bool on_roll;
    const char* rule;
    const char* record;             // of the issue
    std::size_t rejects, warnings;  // with that rule
    std::size_t rows;               // of that record that are taken
};

const std::vector<Case>& cases() {
    static const std::vector<Case> all = {
        // SC-01: kept as evidence, never dropped
        {"check letter",
         {.identifiers = identifiers("A873400125001")},
         true,
         "SC-01",
         "person_identifier",
         0,
         1,
         1},
        {"digits swapped",
         {.identifiers = identifiers("X873400152001")},
         true,
         "SC-01",
         "person_identifier",
         0,
         1,
         1},
        {"unknown authority",
         {.identifiers = identifiers("A999400125001")},
         true,
         "SC-01",
         "person_identifier",
         0,
         1,
         1},
        {"not digits",
         {.identifiers = identifiers("X8734O0125001")},
         true,
         "SC-01",
         "person_identifier",
         0,
         1,
         1},
        {"too short", {.identifiers = identifiers("X8734")}, true, "SC-01", "person_identifier", 0, 1, 1},
        {"missing", {.identifiers = identifiers("")}, true, "SC-01", "person_identifier", 0, 1, 0},
        {"temporary is right",
         {.identifiers = identifiers("H87340012500A")},
         true,
         "SC-01",
         "person_identifier",
         0,
         0,
         1},
        {"former UPN",
         {.identifiers = identifiers("X873400125001", "2014-03-09", "<FormerUPN>A873400125002</FormerUPN>")},
         true,
         "SC-01",
         "person_identifier",
         0,
         1,
         2},
        {"former UPN the same",
         {.identifiers = identifiers("X873400125001", "2014-03-09", "<FormerUPN>X873400125001</FormerUPN>")},
         true,
         "SC-01",
         "person_identifier",
         0,
         0,
         1},
        {"ULN",
         {.identifiers = identifiers("X873400125001", "2014-03-09",
                                     "<UniqueLearnerNumber>1000000044</UniqueLearnerNumber>")},
         true,
         "SC-ULN",
         "person_identifier",
         0,
         1,
         2},
        {"ULN placeholder",
         {.identifiers = identifiers("X873400125001", "2014-03-09", "<ULN>9999999999</ULN>")},
         true,
         "SC-ULN",
         "person_identifier",
         0,
         1,
         2},
        // SC-02: the whole pupil
        {"no birth date",
         {.identifiers = identifiers("X873400125001", "")},
         true,
         "SC-02",
         "person_record",
         1,
         0,
         0},
        {"no such day",
         {.identifiers = identifiers("X873400125001", "2014-02-30")},
         true,
         "SC-02",
         "person_record",
         1,
         0,
         0},
        {"born later",
         {.identifiers = identifiers("X873400125001", "2025-01-17")},
         true,
         "SC-02",
         "person_record",
         1,
         0,
         0},
        {"age -1",
         {.identifiers = identifiers("X873400125001", "2024-09-01")},
         true,
         "SC-02",
         "person_record",
         1,
         0,
         0},
        {"age 0",
         {.identifiers = identifiers("X873400125001", "2024-08-31"), .status = status("2024-09-04")},
         true,
         "SC-02",
         "person_record",
         0,
         0,
         1},
        {"age 25",
         {.identifiers = identifiers("X873400125001", "1998-09-01")},
         true,
         "SC-02",
         "person_record",
         0,
         0,
         1},
        {"age 26",
         {.identifiers = identifiers("X873400125001", "1998-08-31")},
         true,
         "SC-02",
         "person_record",
         1,
         0,
         0},
        {"whole pupil withheld",
         {.identifiers = identifiers("X873400125001", "2025-01-17")},
         true,
         "SC-PUPIL",
         "enrolment",
         3,
         0,
         0},
        // SC-03, SC-04: the enrolment
        {"entry before birth", {.status = status("2014-03-08")}, true, "SC-03", "enrolment", 1, 0, 0},
        {"entry on the day of birth", {.status = status("2014-03-09")}, true, "SC-03", "enrolment", 0, 0, 1},
        {"entry after census", {.status = status("2025-01-17")}, true, "SC-03", "enrolment", 1, 0, 0},
        {"entry on census day", {.status = status("2025-01-16")}, true, "SC-03", "enrolment", 0, 0, 1},
        {"no entry", {.status = status("")}, true, "SC-03", "enrolment", 0, 1, 1},
        {"left before entry",
         {.status = status("2018-09-04", "<LeavingDate>2018-09-03</LeavingDate>")},
         false,
         "SC-04",
         "enrolment",
         1,
         0,
         0},
        {"left after census",
         {.status = status("2018-09-04", "<LeavingDate>2025-01-17</LeavingDate>")},
         false,
         "SC-04",
         "enrolment",
         1,
         0,
         0},
        {"left on the day of entry",
         {.status = status("2018-09-04", "<LeavingDate>2018-09-04</LeavingDate>")},
         false,
         "SC-04",
         "enrolment",
         0,
         0,
         1},
        {"no leaving date", {.status = status("2018-09-04")}, false, "SC-04", "enrolment", 0, 1, 1},
        // SC-05 to SC-07
        {"needs without provision",
         {.sen = needs("N", {{"1", "ASD"}, {"2", "MLD"}})},
         true,
         "SC-05",
         "sen_need",
         2,
         0,
         0},
        {"needs with School Action", {.sen = needs("A", {{"1", "ASD"}})}, true, "SC-05", "sen_need", 1, 0, 0},
        {"provision stands", {.sen = needs("N", {{"1", "ASD"}})}, true, "SC-05", "sen_provision", 1, 0, 1},
        {"unit without provision",
         {.sen = "<SENprovision>N</SENprovision><SENunitIndicator>1</SENunitIndicator>"},
         true,
         "SC-05",
         "sen_provision",
         0,
         1,
         1},
        {"support without needs",
         {.sen = "<SENprovision>K</SENprovision>"},
         true,
         "SC-06",
         "sen_need",
         0,
         1,
         0},
        {"rank repeated",
         {.sen = needs("K", {{"1", "ASD"}, {"1", "MLD"}, {"2", "SLD"}})},
         true,
         "SC-06",
         "sen_need",
         1,
         0,
         2},
        {"gap in ranks",
         {.sen = needs("K", {{"1", "ASD"}, {"3", "MLD"}, {"4", "SLD"}})},
         true,
         "SC-06",
         "sen_need",
         2,
         0,
         1},
        {"ranks begin at 2", {.sen = needs("E", {{"2", "ASD"}})}, true, "SC-06", "sen_need", 1, 0, 0},
        {"rank no number",
         {.sen = needs("E", {{"1", "ASD"}, {"x", "MLD"}})},
         true,
         "SC-06",
         "sen_need",
         1,
         0,
         1},
        {"ten ranks",
         {.sen = needs("E", {{"10", "ASD"},
                             {"9", "ASD"},
                             {"8", "ASD"},
                             {"7", "ASD"},
                             {"6", "ASD"},
                             {"5", "ASD"},
                             {"4", "ASD"},
                             {"3", "ASD"},
                             {"2", "ASD"},
                             {"1", "ASD"}})},
         true,
         "SC-06",
         "sen_need",
         0,
         0,
         10},
        {"NSA with a plan", {.sen = needs("E", {{"1", "NSA"}})}, true, "SC-07", "sen_need", 0, 1, 1},
        {"NSA with support", {.sen = needs("K", {{"1", "NSA"}})}, true, "SC-07", "sen_need", 0, 0, 1},
        // SC-08 to SC-10
        {"boarder",
         {.status = status("2018-09-04", "<Boarder>7</Boarder>"), .rest = attendance("140", {{"I", "3"}})},
         true,
         "SC-08",
         "attendance_total",
         1,
         0,
         0},
        {"aged 3",
         {.identifiers = identifiers("X873400125001", "2020-09-01"),
          .status = status("2023-09-04"),
          .rest = attendance("140", {{"I", "3"}})},
         true,
         "SC-08",
         "attendance_total",
         1,
         0,
         0},
        {"aged 4",
         {.identifiers = identifiers("X873400125001", "2020-08-31"),
          .status = status("2023-09-04"),
          .rest = attendance("140", {{"I", "3"}})},
         true,
         "SC-08",
         "attendance_total",
         0,
         0,
         1},
        {"aged 15",
         {.identifiers = identifiers("X873400125001", "2008-09-01"), .rest = attendance("140", {{"I", "3"}})},
         true,
         "SC-08",
         "attendance_total",
         0,
         0,
         1},
        {"aged 16",
         {.identifiers = identifiers("X873400125001", "2008-08-31"), .rest = attendance("140", {{"I", "3"}})},
         true,
         "SC-08",
         "attendance_total",
         1,
         0,
         0},
        {"none possible",
         {.rest = attendance("0", {{"I", "3"}})},
         true,
         "SC-09",
         "attendance_total",
         1,
         0,
         0},
        {"possible missing",
         {.rest = attendance("", {{"I", "3"}})},
         true,
         "SC-09",
         "attendance_total",
         1,
         0,
         0},
        {"more than possible",
         {.rest = attendance("10", {{"I", "6"}, {"U", "5"}})},
         true,
         "SC-09",
         "attendance_total",
         1,
         0,
         0},
        {"as much as possible",
         {.rest = attendance("11", {{"I", "6"}, {"U", "5"}})},
         true,
         "SC-09",
         "attendance_total",
         0,
         0,
         1},
        {"sums of older files",
         {.rest = attendance(
              "10", {},
              "<SessionsAuthorised>6</SessionsAuthorised><SessionsUnauthorised>5</SessionsUnauthorised>")},
         true,
         "SC-09",
         "attendance_total",
         1,
         0,
         0},
        {"sessions no number",
         {.rest = attendance("10", {{"I", "-1"}})},
         true,
         "SC-09",
         "attendance_total",
         1,
         0,
         0},
        {"zero sessions",
         {.rest = attendance("10", {{"I", "0"}})},
         true,
         "SC-10",
         "attendance_total",
         0,
         1,
         1},
        {"withdrawn mark",
         {.rest = attendance("10", {{"H", "1"}, {"J", "1"}, {"Y", "1"}})},
         true,
         "SC-MARK",
         "attendance_total",
         0,
         3,
         1},
        {"unknown mark",
         {.rest = attendance("10", {{"QQ", "1"}})},
         true,
         "SC-MARK",
         "attendance_total",
         0,
         1,
         1},
        {"marks that are no absence",
         {.rest = attendance("10", {{"Y3", "99"}, {"\\", "99"}, {"#", "1"}})},
         true,
         "SC-09",
         "attendance_total",
         0,
         0,
         1},
        // SC-11
        {"no category",
         {.rest = exclusion("<StartDate>2024-11-04</StartDate><Reason1>DB</Reason1>")},
         true,
         "SC-11",
         "exclusion",
         1,
         0,
         0},
        {"no start",
         {.rest = exclusion("<Category>SUSP</Category><Reason1>DB</Reason1>")},
         true,
         "SC-11",
         "exclusion",
         1,
         0,
         0},
        {"no reason",
         {.rest = exclusion("<Category>SUSP</Category><StartDate>2024-11-04</StartDate>")},
         true,
         "SC-11",
         "exclusion",
         1,
         0,
         0},
        {"reason twice",
         {.rest = exclusion("<Category>SUSP</Category><StartDate>2024-11-04</StartDate><Reason1>DB</"
                            "Reason1><Reason2>db</Reason2>")},
         true,
         "SC-11",
         "exclusion",
         1,
         0,
         0},
        {"sessions no number",
         {.rest = exclusion("<Category>LNCH</Category><StartDate>2024-11-04</StartDate><Reason1>DB</"
                            "Reason1><Sessions>x</Sessions>")},
         true,
         "SC-11",
         "exclusion",
         1,
         0,
         0},
        {"unknown reason is left empty",
         {.rest =
              exclusion("<Category>PERM</Category><StartDate>2024-11-04</StartDate><Reason1>ZZ</Reason1>")},
         true,
         "SC-CODE",
         "exclusion",
         0,
         1,
         1},
        // SC-12, SC-15, codes
        {"hours at eleven",
         {.characteristics = "<FundedHours>15.00</FundedHours><HoursAtSetting>0.00</HoursAtSetting>"},
         true,
         "SC-12",
         "enrolment",
         0,
         1,
         1},
        {"postcode", {.rest = address("<PostCode>NOT KNOWN</PostCode>")}, true, "SC-15", "address", 0, 1, 1},
        {"UPRN",
         {.rest = address("<UniquePropertyReferenceNumber>12345678901234</UniquePropertyReferenceNumber>")},
         true,
         "SC-15",
         "address",
         0,
         1,
         1},
        {"UPRN unknown",
         {.rest = address("<UniquePropertyReferenceNumber>-1</UniquePropertyReferenceNumber>")},
         true,
         "SC-15",
         "address",
         0,
         0,
         1},
        {"provision code",
         {.sen = "<SENprovision>Q</SENprovision>"},
         true,
         "SC-CODE",
         "sen_provision",
         1,
         0,
         0},
        {"no provision", {.sen = ""}, true, "SC-CODE", "sen_provision", 1, 0, 0},
        {"need code",
         {.sen = needs("K", {{"1", "ZZZ"}, {"2", "ASD"}})},
         true,
         "SC-CODE",
         "sen_need",
         1,
         0,
         1},
        {"status codes",
         {.status = "<EnrolStatus>Z</EnrolStatus><EntryDate>2018-09-04</EntryDate><NCyearActual>99</"
                    "NCyearActual><PartTime>maybe</PartTime><Boarder>Q</Boarder><ClassType>Q</ClassType>"},
         true,
         "SC-CODE",
         "enrolment",
         0,
         5,
         1},
        {"person codes",
         {.identifiers = "<UPN>X873400125001</UPN><Sex>Q</Sex><DOB>2014-03-09</DOB>",
          .characteristics = "<Ethnicity>12</Ethnicity><Language>English</Language>"},
         true,
         "SC-CODE",
         "person_record",
         0,
         3,
         1},
    };
    return all;
}

TEST(CensusRules, EachBrokenRuleCostsWhatItShould) {
    for (const Case& c : cases()) {
        SCOPED_TRACE(std::string(c.rule) + ' ' + c.name);
        ReturnXml r;
        (c.on_roll ? r.on_roll : r.left) = c.on_roll ? c.pupil.on_roll() : c.pupil.left();
        auto out = run_xml(r.xml());
        ASSERT_EQ(out.code, SHP_OK) << out.error;
        ASSERT_TRUE(out.refused.empty());
        EXPECT_EQ(out.rejects(c.rule), c.rejects);
        EXPECT_EQ(out.warnings(c.rule), c.warnings);
        EXPECT_EQ(out.rows[c.record].size(), c.rows);
        // Nothing else is said of it, but for rows that were withheld with their pupil.
        for (const FakeIssue& issue : out.issues)
            if (std::string(c.rule) != "SC-PUPIL" && std::string(c.rule) != "SC-02") {
                EXPECT_EQ(issue.rule, c.rule) << issue.reason;
            }
        for (const FakeIssue& issue : out.issues) {
            EXPECT_FALSE(issue.reason.empty() || issue.advice.empty() || issue.record.empty());
            if (issue.severity == SHP_ISSUE_REJECT) {
                EXPECT_TRUE(issue.source_key.starts_with("8734001:")) << issue.rule;
            }
            for (const char* personal : {"Example", "Alex", "X87340", "2014-03-09"})
                EXPECT_EQ(issue.reason.find(personal), std::string::npos);
        }
    }
}

TEST(CensusRules, ARefusedPupilHasAllItsRowsWithheldUnderTheirKeys) {
    PupilXml p;
    p.identifiers = identifiers("X873400125001", "2025-02-01", "<FormerUPN>L873400125002</FormerUPN>");
    p.sen = sen_support;
    p.rest = address("<PostCode>bad</PostCode>") + attendance("10", {{"I", "11"}}) +
             exclusion("<Category>SUSP</Category><StartDate>2024-11-04</StartDate><Reason1>DB</Reason1>");
    ReturnXml r;
    r.on_roll = p.on_roll();
    auto out = run_xml(r.xml());
    EXPECT_TRUE(out.rows.empty());
    std::map<std::string, std::string> withheld;
    for (const FakeIssue& issue : out.issues) {
        EXPECT_EQ(issue.severity, SHP_ISSUE_REJECT);
        withheld[issue.source_key] = issue.rule;
    }
    const std::string ref = "8734001:X873400125001";
    EXPECT_EQ(withheld, (std::map<std::string, std::string>{
                            {ref, "SC-PUPIL"},  // the provision has the same key as the record
                            {ref + "|UPN|X873400125001", "SC-PUPIL"},
                            {ref + "|FORMER_UPN|L873400125002", "SC-PUPIL"},
                            {ref + "|1", "SC-PUPIL"},
                            {ref + "|2018-09-04", "SC-PUPIL"},
                            {ref + "|2024/25|SPR|term", "SC-PUPIL"},
                            {ref + "|SUSP|2024-11-04", "SC-PUPIL"}}));
    EXPECT_EQ(out.rejects("SC-02"), 1U);
    EXPECT_EQ(out.rejects(), 9U);
}

// ---- who is who
// -----------------------------------------------------------------------------------------------------------------

std::vector<std::string> refs(const std::string& on_roll, const std::string& left = "") {
    ReturnXml r;
    r.on_roll = on_roll;
    r.left = left;
    auto out = run_xml(r.xml());
    std::vector<std::string> found;
    for (const TextRow& row : out.rows["person_record"]) found.push_back(value(row, "person_ref"));
    return found;
}

TEST(CensusPeople, AChildWithoutUpnHasAKeyThatStaysAndSaysNoName) {
    const PupilXml p{.identifiers =
                         "<Surname>Example</Surname><Forename>Alex</Forename><DOB>2014-03-09</DOB>"};
    const auto first = refs(p.on_roll());
    ASSERT_EQ(first.size(), 1U);
    EXPECT_TRUE(first[0].starts_with("8734001:~"));
    EXPECT_EQ(first[0].find("xample"), std::string::npos);
    const PupilXml other{.identifiers = identifiers("X873400125001")};
    EXPECT_EQ(refs(other.on_roll() + p.on_roll()).at(1), first[0]);
    const PupilXml same{
        .identifiers = "<DOB>2014-03-09T00:00:00</DOB><Forename>ALEX</Forename><Surname> example </Surname>"};
    EXPECT_EQ(refs(same.on_roll()).at(0), first[0]);
}

TEST(CensusPeople, TwinsWithoutUpnDoNotCollide) {
    const PupilXml a{.identifiers =
                         "<Surname>Example</Surname><Forename>Alex</Forename><DOB>2014-03-09</DOB>"};
    const PupilXml b{.identifiers =
                         "<Surname>Example</Surname><Forename>Kim</Forename><DOB>2014-03-09</DOB>"};
    const auto found = refs(a.on_roll() + b.on_roll() + a.on_roll());
    ASSERT_EQ(found.size(), 3U);
    EXPECT_NE(found[0], found[1]);
    EXPECT_EQ(found[2], found[0] + "-2");
}

TEST(CensusPeople, TwoPupilsWithOneUpnAreTwoChildrenAndTheSecondOnesUpnProvesNothing) {
    PupilXml a, b;
    b.identifiers =
        "<UPN>X873400125001</UPN><Surname>Other</Surname><Forename>Kim</Forename><DOB>2013-01-02</DOB>";
    ReturnXml r;
    r.on_roll = a.on_roll() + b.on_roll();
    auto out = run_xml(r.xml());
    ASSERT_EQ(out.rows["person_identifier"].size(), 2U);
    EXPECT_EQ(out.rows["person_identifier"][0]["id_state"], "valid");
    EXPECT_EQ(out.rows["person_identifier"][1]["id_state"], "invalid");
    EXPECT_TRUE(out.rows["person_record"][1]["person_ref"].starts_with("8734001:~"));
    EXPECT_EQ(out.warnings("SC-01"), 1U);
}

TEST(CensusPeople, APupilThatStandsTwiceIsTakenOnce) {
    ReturnXml r;
    r.on_roll = PupilXml{}.on_roll() + PupilXml{}.on_roll();
    auto out = run_xml(r.xml());
    EXPECT_EQ(out.rows["person_record"].size(), 1U);
    EXPECT_EQ(out.rows["enrolment"].size(), 1U);
    EXPECT_EQ(out.rejects("SC-01"), 1U);
}

TEST(CensusPeople, AChildWhoLeftAndCameBackIsOneChildWithTwoEnrolments) {
    PupilXml back, gone;
    back.status = status("2024-11-04");
    back.rest = attendance("60", {{"I", "3"}});
    gone.status = status("2018-09-04", "<LeavingDate>2024-10-04</LeavingDate>");
    gone.rest = attendance("40", {{"I", "2"}});
    for (const bool with_upn : {true, false}) {
        if (!with_upn)
            back.identifiers = gone.identifiers =
                "<Surname>Example</Surname><Forename>Alex</Forename><DOB>2014-03-09</DOB>";
        ReturnXml r;
        r.on_roll = back.on_roll();
        r.left = gone.left();
        auto out = run_xml(r.xml());
        EXPECT_EQ(out.rows["person_record"].size(), 1U);
        ASSERT_EQ(out.rows["enrolment"].size(), 2U);
        EXPECT_EQ(out.rows["enrolment"][0]["person_ref"], out.rows["enrolment"][1]["person_ref"]);
        ASSERT_EQ(out.rows["attendance_total"].size(), 2U);
        EXPECT_NE(out.rows["attendance_total"][0]["source_key"],
                  out.rows["attendance_total"][1]["source_key"]);
    }
}

TEST(CensusPeople, WhatWasChangedIsKeptAsItWasGiven) {
    PupilXml p;
    p.identifiers = "<UPN> x873-400125001 </UPN><Gender>f</Gender><DOB>2014-03-09</DOB>";
    p.characteristics = "<Ethnicity>wbri</Ethnicity>";
    p.sen = needs("S", {{"1", "besd"}});
    ReturnXml r;
    r.on_roll = p.on_roll();
    auto out = run_xml(r.xml());
    EXPECT_EQ(value(out.rows["person_identifier"].at(0), "id_value_raw"), "x873-400125001");
    EXPECT_EQ(value(out.rows["person_record"].at(0), "sex_raw"), "f");
    EXPECT_EQ(value(out.rows["person_record"].at(0), "ethnicity_raw"), "wbri");
    EXPECT_EQ(value(out.rows["sen_provision"].at(0), "sen_provision"), "E");
    EXPECT_EQ(value(out.rows["sen_provision"].at(0), "sen_provision_raw"), "S");
    EXPECT_EQ(value(out.rows["sen_need"].at(0), "need_type"), "SEMH");
    EXPECT_EQ(value(out.rows["sen_need"].at(0), "need_type_raw"), "besd");
}

// The autumn return reports the summer term before it: ages are those of that year.
TEST(CensusRules, AttendanceOfAnAutumnReturnGoesByTheAgeOfTheYearBefore) {
    const auto rows = [](const std::string& dob) {
        ReturnXml r;
        r.term = "AUT";
        r.date = "2025-10-02";
        r.on_roll = PupilXml{.identifiers = identifiers("X873400125001", dob),
                             .status = status("2024-09-04"),
                             .rest = attendance("100", {{"I", "3"}})}
                        .on_roll();
        return run_xml(r.xml()).rows["attendance_total"].size();
    };
    EXPECT_EQ(rows("2020-09-01"), 0U);  // 4 on 31 August 2025: in nursery the summer before
    EXPECT_EQ(rows("2020-08-31"), 1U);
    EXPECT_EQ(rows("2008-09-01"), 1U);  // 16 on 31 August 2025, in Year 11 the summer before
    EXPECT_EQ(rows("2008-08-31"), 0U);
}

// ---- what spreadsheets and systems do to values

std::string pupil(const std::string& upn, const std::string& surname, const std::string& dob) {
    PupilXml out;
    out.identifiers = "<UPN>" + upn + "</UPN><Surname>" + surname +
                      "</Surname><Forename>Alex</Forename><Sex>F</Sex><DOB>" + dob + "</DOB>";
    return out.on_roll();
}

TEST(CensusValues, DatesAreReadAsEveryConnectorReadsThem) {
    for (const char* dob : {"2014-03-09", "2014-03-09Z", "2014-03-09+01:00", "2014-03-09T00:00:00",
                            "2014-03-09T00:00:00+00:00", "09/03/2014", "09-Mar-2014", "20140309"}) {
        ReturnXml file;
        file.on_roll = pupil("X873400125001", "Example", dob);
        const auto out = run_xml(file.xml());
        ASSERT_EQ(out.rows.at("person_record").size(), 1u) << dob;
        EXPECT_EQ(value(out.rows.at("person_record")[0], "birth_date"), "2014-03-09") << dob;
    }
}

TEST(CensusValues, AReturnWithTheMonthFirstIsRefused) {
    ReturnXml file;
    file.on_roll =
        pupil("X873400125001", "Example", "03/09/2014") + pupil("L873400125002", "Other", "03/25/2014");
    const auto out = run_xml(file.xml());
    ASSERT_EQ(out.refused.size(), 1u);
    EXPECT_NE(out.refused.begin()->second.find("SC-DATES"), std::string::npos);
}

TEST(CensusValues, ErrorWordsAndInvisibleCharactersInNames) {
    ReturnXml file;
    file.on_roll = pupil("X873400125001", "#REF!", "2014-03-09") +
                   pupil("L873400125002",
                         "Van\xC2\xA0"
                         "Dyk\xE2\x80\x8B",
                         "2014-03-09") +
                   pupil("9.43E+09", "Null", "2014-03-09");
    const auto out = run_xml(file.xml());
    const auto& people = out.rows.at("person_record");
    ASSERT_EQ(people.size(), 3u);
    EXPECT_EQ(value(people[0], "surname"), "");
    EXPECT_EQ(value(people[1], "surname"), "Van Dyk");
    EXPECT_EQ(value(people[2], "surname"), "Null");
    EXPECT_EQ(out.warnings("SC-CELL"), 2u) << "the name, and the number that was destroyed";
}

TEST(CensusValues, OneUpnOnAPupilAndOnAnotherWhoLeftMakesTwo) {
    ReturnXml file;
    file.on_roll = pupil("X873400125001", "Example", "2014-03-09");
    PupilXml left;
    left.identifiers =
        "<UPN>X873400125001</UPN><Surname>Sample</Surname><Forename>Kim</Forename><Sex>M</Sex>"
        "<DOB>2012-10-02</DOB>";
    left.status = "<EntryDate>2018-09-04</EntryDate><LeavingDate>2024-12-20</LeavingDate>";
    file.left = left.left();
    const auto out = run_xml(file.xml());
    ASSERT_EQ(out.rows.at("person_record").size(), 2u);
    EXPECT_NE(value(out.rows.at("person_record")[0], "person_ref"),
              value(out.rows.at("person_record")[1], "person_ref"));
    EXPECT_EQ(value(out.rows.at("person_identifier")[1], "id_state"), "invalid");
}

}  // namespace
}  // namespace sendhub::census::testing
