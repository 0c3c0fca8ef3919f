// The XML carrier: what is read, at any block size, and what is refused whole.
#include <gmock/gmock.h>

#include "connectors/school_census/tests/returns.hpp"

namespace sendhub::census::testing {
namespace {

using ::testing::HasSubstr;

ReturnXml small_return() {
    ReturnXml r;
    r.on_roll = PupilXml{}.on_roll();
    return r;
}

std::string refusal(const std::string& xml) {
    const ConnectorOutcome out = run_xml(xml);
    EXPECT_EQ(out.code, SHP_OK) << out.error;
    return out.refused.empty() ? "" : out.refused.begin()->second;
}

TEST(CensusXml, ReadsAPupilOnRoll) {
    ReturnXml r;
    PupilXml p;
    p.identifiers +=
        "<FormerUPN>L873400125002</FormerUPN><UniqueLearnerNumber>1000000043</"
        "UniqueLearnerNumber><MiddleNames>Kim Jo</MiddleNames>";
    p.sen =
        "<SENprovision>E</SENprovision><SENneeds><SENneed><SENtypeRank>1</SENtypeRank><SENtype>ASD</"
        "SENtype></SENneed>"
        "<SENneed><SENtypeRank>2</SENtypeRank><SENtype>SLCN</SENtype></SENneed></"
        "SENneeds><SENunitIndicator>1</SENunitIndicator>";
    p.rest =
        "<HomeInformation><Address><BS7666Address><PAON>1</PAON><Street>High "
        "Street</Street></BS7666Address><PostCode>xd11aa</PostCode></Address></HomeInformation>"
        "<Exclusions><TermlyExclusion><Category>SUSP</Category><StartDate>2024-11-04</StartDate><Sessions>4</"
        "Sessions><Reason1>DB</Reason1>"
        "<SENprovision>K</SENprovision></TermlyExclusion></Exclusions>"
        "<Attendance><TermlyAttendance><SessionsPossible>140</SessionsPossible><SessionDetails>"
        "<SessionDetail><AttendanceReason>I</AttendanceReason><Sessions>9</Sessions></SessionDetail>"
        "<SessionDetail><AttendanceReason>U</AttendanceReason><Sessions>7</Sessions></SessionDetail></"
        "SessionDetails></TermlyAttendance></Attendance>";
    r.on_roll = p.on_roll();
    auto out = run_xml(r.xml());
    ASSERT_EQ(out.code, SHP_OK) << out.error;
    EXPECT_TRUE(out.refused.empty());
    EXPECT_TRUE(out.issues.empty()) << out.issues.size();

    ASSERT_EQ(out.rows["person_record"].size(), 1U);
    EXPECT_EQ(out.rows["person_record"][0], (TextRow{{"source_key", "8734001:X873400125001"},
                                                     {"person_ref", "8734001:X873400125001"},
                                                     {"surname", "Example"},
                                                     {"forename", "Alex"},
                                                     {"middle_names", "Kim Jo"},
                                                     {"birth_date", "2014-03-09"},
                                                     {"sex", "F"},
                                                     {"ethnicity_code", "WBRI"},
                                                     {"first_language", "ENG"},
                                                     {"@scope", "8734001"},
                                                     {"@row", "1"},
                                                     {"@file", "8734001_SC1_873LL25_001.xml"}}));
    ASSERT_EQ(out.rows["person_identifier"].size(), 3U);
    EXPECT_EQ(out.rows["person_identifier"][1]["source_key"],
              "8734001:X873400125001|FORMER_UPN|L873400125002");
    EXPECT_EQ(out.rows["person_identifier"][2]["id_state"], "valid");
    ASSERT_EQ(out.rows["address"].size(), 1U);
    EXPECT_EQ(out.rows["address"][0]["postcode"], "XD1 1AA");
    EXPECT_EQ(out.rows["address"][0]["postcode_raw"], "xd11aa");
    EXPECT_EQ(out.rows["address"][0]["street"], "High Street");
    ASSERT_EQ(out.rows["enrolment"].size(), 1U);
    EXPECT_EQ(out.rows["enrolment"][0]["source_key"], "8734001:X873400125001|2018-09-04");
    EXPECT_EQ(out.rows["enrolment"][0]["academic_year"], "2024/25");
    EXPECT_EQ(out.rows["enrolment"][0]["on_roll"], "true");
    EXPECT_EQ(out.rows["enrolment"][0]["urn"], "900001");
    ASSERT_EQ(out.rows["sen_provision"].size(), 1U);
    EXPECT_EQ(out.rows["sen_provision"][0]["sen_unit"], "true");
    ASSERT_EQ(out.rows["sen_need"].size(), 2U);
    EXPECT_EQ(out.rows["sen_need"][1]["need_type"], "SLCN");
    ASSERT_EQ(out.rows["attendance_total"].size(), 1U);
    EXPECT_EQ(out.rows["attendance_total"][0]["sessions_authorised"], "9");
    EXPECT_EQ(out.rows["attendance_total"][0]["sessions_unauthorised"], "7");
    EXPECT_EQ(out.rows["attendance_total"][0]["sessions_u"], "7");
    EXPECT_EQ(out.rows["attendance_total"][0]["@scope"], "8734001 2024/25 SPR");
    ASSERT_EQ(out.rows["exclusion"].size(), 1U);
    EXPECT_EQ(out.rows["exclusion"][0]["source_key"], "8734001:X873400125001|SUSP|2024-11-04");
}

TEST(CensusXml, APupilWhoLeftHasAnEnrolmentAndNoProvision) {
    ReturnXml r;
    PupilXml p;
    p.status =
        "<EntryDate>2018-09-04</EntryDate><LeavingDate>2024-12-13</LeavingDate><NCyearLeaving>6</"
        "NCyearLeaving>";
    r.left = p.left();
    auto out = run_xml(r.xml());
    ASSERT_EQ(out.rows["enrolment"].size(), 1U);
    EXPECT_EQ(out.rows["enrolment"][0]["on_roll"], "false");
    EXPECT_EQ(out.rows["enrolment"][0]["leaving_date"], "2024-12-13");
    EXPECT_EQ(out.rows["sen_provision"].size(), 0U);
    EXPECT_EQ(out.rows["person_record"].size(), 1U);
}

TEST(CensusXml, ElementNamesMayStandInAnyCaseAndOrderAndUnknownOnesArePassedOver) {
    const std::string xml =
        "<message "
        "xmlns='urn:x'><HEADER><Source><estab>4001</estab><lea>873</lea></Source><New><Thing/></"
        "New><CollectionDetails><REFERENCEDATE>2025-01-16</REFERENCEDATE>"
        "<collection>sc</collection><term>spr</term></CollectionDetails></HEADER><Extra "
        "a='1>2'><b/></Extra><pupils><pupilsonroll><pupilonroll x=\"</pupilonroll>\">"
        "<Unknown><UPN>wrong</UPN></Unknown><pupilstatus><entrydate>2018-09-04</entrydate></"
        "pupilstatus><pupilIDENTIFIERS><dob>2014-03-09</dob>"
        "<upn>x 8734 00125001</upn></pupilIDENTIFIERS></pupilonroll></pupilsonroll></pupils></message>";
    auto out = run_xml(xml);
    ASSERT_TRUE(out.refused.empty()) << out.refused.begin()->second;
    ASSERT_EQ(out.rows["person_record"].size(), 1U);
    EXPECT_EQ(out.rows["person_record"][0]["person_ref"], "8734001:X873400125001");
    EXPECT_EQ(out.rows["person_identifier"][0]["id_value_raw"], "x 8734 00125001");
}

TEST(CensusXml, DeclaresItsScopesAlsoWithoutRows) {
    const auto out = run_xml(ReturnXml{}.xml());
    ASSERT_TRUE(out.refused.empty());
    std::map<std::string, std::string> scopes;
    for (const auto& scope : out.scopes) {
        scopes[scope.record] = scope.name;
        EXPECT_EQ(scope.mode, SHP_SCOPE_SNAPSHOT);
        EXPECT_EQ(scope.as_of, sdk::Date::from_civil(2025, 1, 16)->days);
    }
    EXPECT_EQ(scopes, (std::map<std::string, std::string>{{"person_record", "8734001"},
                                                          {"person_identifier", "8734001"},
                                                          {"address", "8734001"},
                                                          {"enrolment", "8734001"},
                                                          {"sen_provision", "8734001"},
                                                          {"sen_need", "8734001"},
                                                          {"attendance_total", "8734001 2024/25 SPR"},
                                                          {"exclusion", "8734001 2024/25 SPR"}}));
    ReturnXml autumn;
    autumn.term = "AUT";
    autumn.date = "2025-10-02";
    for (const auto& scope : run_xml(autumn.xml()).scopes) EXPECT_NE(scope.record, "sen_need");
}

// ---- hostile and broken
// ----------------------------------------------------------------------------------------------------

TEST(CensusXml, MarkupInsideCommentsAndCdataIsNotMarkup) {
    ReturnXml r;
    PupilXml p;
    p.identifiers =
        "<UPN>X873400125001</UPN><!-- </PupilOnRoll><PupilOnRoll> "
        "--><Surname><![CDATA[</PupilOnRoll>]]></Surname><Forename>A<!-- x "
        "-->l&amp;&#x41;<![CDATA[<x>]]></Forename>"
        "<?note </PupilOnRoll> ?><DOB> 2014-03-09\n</DOB>";
    r.on_roll = "<!-- <PupilOnRoll> -->" + p.on_roll() + "<![CDATA[ <PupilOnRoll> ]]>";
    auto out = run_xml(r.xml());
    ASSERT_TRUE(out.refused.empty()) << out.refused.begin()->second;
    ASSERT_EQ(out.rows["person_record"].size(), 1U);
    EXPECT_EQ(out.rows["person_record"][0]["surname"], "</PupilOnRoll>");
    EXPECT_EQ(out.rows["person_record"][0]["forename"], "Al&A<x>");
}

TEST(CensusXml, ATruncatedFileIsAlwaysRefused) {
    ReturnXml r;
    r.on_roll = PupilXml{}.on_roll() +
                PupilXml{.identifiers = "<UPN>L873400125002</UPN><DOB>2014-03-09</DOB>"}.on_roll();
    r.left = PupilXml{.identifiers = "<UPN>H87340012500A</UPN><DOB>2014-03-09</DOB>"}.left();
    std::string xml = r.xml();
    xml.pop_back();  // the last line feed is not missed
    ASSERT_EQ(refusal(xml), "");
    for (std::size_t n = 0; n < xml.size(); ++n) ASSERT_NE(refusal(xml.substr(0, n)), "") << "cut at " << n;
}

TEST(CensusXml, TheFileIsRefusedWholeWithItsReason) {
    const std::string good = small_return().xml();
    const auto with = [&](std::string_view from, std::string_view to) {
        std::string xml = good;
        const auto at = xml.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        return xml.replace(at, from.size(), to);
    };
    ASSERT_EQ(refusal(good), "");
    struct Case {
        std::string xml;
        const char* rule;
    };
    const std::string bomb = "<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol1 \"&lol;&lol;\">]>";
    for (const Case& c : std::initializer_list<Case>{
             {"", "COLLECT-TABLE"},
             {"   \n", "COLLECT-TABLE"},
             {"UPN,Surname\n", "COLLECT-TABLE"},
             {with("<Message>", bomb + "<Message>"), "XML-DTD"},
             {with("<School>", "<School>" + bomb), "XML-DTD"},
             {with("<Surname>", bomb + "<Surname>"), "XML-DTD"},
             {"<CTfile><Header/></CTfile>", "XML-ROOT"},
             {"<?xml version='1.0'?>", "XML-ROOT"},
             {good + "<Message/>", "XML-FORM"},
             {good + "text", "XML-FORM"},
             {with("</Surname>", "</Forename>"), "XML-FORM"},
             {with("</School>", "</Schule>"), "XML-FORM"},
             {with("<Surname>", "<Surname"), "XML-FORM"},
             {with("<Surname>", "< Surname>"), "XML-FORM"},
             {with("<Collection>SC", "<Collection>AP"), "SC-HEADER"},
             {with("<ReferenceDate>2025-01-16", "<ReferenceDate>2025-02-30"), "SC-HEADER"},
             {with("<ReferenceDate>2025-01-16</ReferenceDate>", ""), "SC-HEADER"},
             {with("<Term>SPR", "<Term>WIN"), "SC-HEADER"},
             {with("<Estab>4001", "<Estab>"), "SC-HEADER"},
             {with("<LEA>873", "<LEA>ABC"), "SC-HEADER"},
             {with("<LEA>873", "<LEA>874"), "SC-LA"},
             {with(small_return().header(), ""), "XML-HEADER"},
             {with("</Header>", "</Header>" + small_return().header()), "XML-HEADER"},
             {"<Message>" + small_return().header() + "<Pupils/></Message>", "XML-PUPILS"},
             {with("Example", std::string("Ex\0ample", 8)), "XML-ENCODING"},
             {with("Example", "Ex\xE9mple"), "XML-ENCODING"},
             {with("UTF-8", "EBCDIC-CP-GB"), "XML-ENCODING"},
             {with("Example", std::string(5 * 1024 * 1024, 'x')), "XML-SIZE"},
             {with("<School>", "<School><!--" + std::string(6 * 1024 * 1024, 'x') + "-->"), "XML-SIZE"},
             {with("<Surname>", "<PupilOnRoll><Surname>"), "XML-FORM"},
             {with("Example", "R & B"), "XML-FORM"},
             {with("Example", "&unknown;"), "XML-FORM"},
             {with("Example", "&#0;"), "XML-FORM"},
             {with("Example", "&#xD800;"), "XML-FORM"},
             {with("Example", "&#x110000;"), "XML-FORM"},
         }) {
        EXPECT_THAT(refusal(c.xml), HasSubstr(c.rule)) << c.xml.substr(0, 300);
    }
}

TEST(CensusXml, DeepNestingIsRefused) {
    const auto deep = [](std::size_t levels) {
        std::string xml;
        for (std::size_t i = 0; i < levels; ++i) xml += "<a>";
        for (std::size_t i = 0; i < levels; ++i) xml += "</a>";
        return xml;
    };
    const auto inside = [&](std::size_t levels) {
        ReturnXml r;
        r.on_roll = PupilXml{.rest = deep(levels)}.on_roll();
        return refusal(r.xml());
    };
    EXPECT_EQ(inside(40), "");
    EXPECT_THAT(inside(50'000), HasSubstr("XML-FORM"));
    std::string outside = small_return().xml();
    outside.insert(outside.find("<School>"), deep(50'000));
    EXPECT_THAT(refusal(outside), HasSubstr("XML-FORM"));
}

TEST(CensusXml, AnotherAuthoritysSchoolIsTakenWithAWarningWhereThatIsSet) {
    ReturnXml r = small_return();
    r.lea = "202";
    auto out = run({{"a.xml", r.xml()}}, {{"la_code", "873"}, {"reject_other_la", "false"}});
    EXPECT_TRUE(out.refused.empty());
    EXPECT_EQ(out.rows["enrolment"].size(), 1U);
    EXPECT_EQ(out.warnings("SC-LA"), 1U);
}

TEST(CensusXml, ABadFileCostsOnlyItself) {
    auto out = run({{"bad.xml", "<Message>"}, {"good.xml", small_return().xml()}});
    EXPECT_EQ(out.refused.size(), 1U);
    EXPECT_EQ(out.rows["person_record"].size(), 1U);
}

TEST(CensusXml, ReadsEveryEncodingItNames) {
    const auto surname = [](const std::string& xml) {
        auto out = run_xml(xml);
        if (!out.refused.empty()) return out.refused.begin()->second;
        return value(out.rows["person_record"].at(0), "surname");
    };
    const auto made = [](const std::string& encoding, const std::string& name) {
        ReturnXml r;
        r.declaration = "<?xml version='1.0' encoding='" + encoding + "'?>";
        r.on_roll = PupilXml{.identifiers = "<Surname>" + name + "</Surname><DOB>2014-03-09</DOB>"}.on_roll();
        return r.xml();
    };
    EXPECT_EQ(surname(made("UTF-8",
                           "O\xE2\x80\x99"
                           "Brien-Zo\xC3\xAB")),
              "O\xE2\x80\x99"
              "Brien-Zo\xC3\xAB");
    EXPECT_EQ(surname("\xEF\xBB\xBF" + made("utf-8", "Zo\xC3\xAB")), "Zo\xC3\xAB");
    EXPECT_EQ(surname(made("windows-1252",
                           "O\x92"
                           "Brien-Zo\xEB")),
              "O\xE2\x80\x99"
              "Brien-Zo\xC3\xAB");
    EXPECT_EQ(surname(made("ISO-8859-1", "Zo\xEB")), "Zo\xC3\xAB");
    const std::string ascii = made("UTF-16", "Zo\x01");
    for (const bool little : {true, false})
        for (const bool mark : {true, false}) {
            std::string wide = !mark ? "" : little ? "\xFF\xFE" : "\xFE\xFF";
            for (const char c : ascii) {
                const char low = c == '\x01' ? '\xEB' : c;
                if (little)
                    (wide += low) += '\0';
                else
                    (wide += '\0') += low;
            }
            EXPECT_EQ(surname(wide), "Zo\xC3\xAB") << little << mark;
        }
}

// ---- block boundaries
// --------------------------------------------------------------------------------------------------------

std::string described(const ConnectorOutcome& out) {
    std::string text;
    for (const auto& [record, rows] : out.rows)
        for (const TextRow& row : rows) {
            text += record;
            for (const auto& [field, content] : row) text += '|' + field + '=' + content;
            text += '\n';
        }
    for (const FakeIssue& i : out.issues)
        text += i.rule + '|' + i.record + '|' + i.source_key + '|' + std::to_string(i.row) + '\n';
    for (const auto& [file, reason] : out.refused)
        text += file + ": " + reason.substr(reason.rfind('(')) + '\n';
    return text;
}

void expect_same_for_blocks_up_to(std::size_t most, const std::string& xml) {
    const std::string whole = described(run_xml(xml));
    ASSERT_NE(whole, "");
    for (std::size_t block = 1; block <= most; ++block)
        ASSERT_EQ(described(sdk::testing::run_connector(plugin_with_blocks(block), {{"la_code", "873"}},
                                                        {{"8734001_SC1_873LL25_001.xml", xml}})),
                  whole)
            << "block of " << block;
}

TEST(CensusXml, AValueTwiceWithDifferentTextsRejectsThePupil) {
    const std::string name = "<Surname>Example</Surname>";
    for (const auto& [written, rejected] :
         std::map<std::string, bool>{{name + "<Surname>Other</Surname>", true},
                                     {"<Surname><Surname>Example</Surname></Surname>", true},
                                     {"<Surname>Exam<b>ple</b></Surname>", true},
                                     {name + name, false},
                                     {"<Surname/>" + name, false},
                                     {name + "<Surname/>", false}}) {
        PupilXml p;
        p.identifiers.replace(p.identifiers.find(name), name.size(), written);
        ReturnXml r;
        r.on_roll = p.on_roll();
        auto out = run_xml(r.xml());
        EXPECT_TRUE(out.refused.empty()) << written;
        EXPECT_EQ(out.rejects("SC-16"), rejected ? 1U : 0U) << written;
        EXPECT_EQ(out.rows["person_record"].size(), rejected ? 0U : 1U) << written;
        EXPECT_EQ(out.rows["enrolment"].size(), rejected ? 0U : 1U) << written;
        for (const TextRow& row : out.rows["person_record"]) EXPECT_EQ(value(row, "surname"), "Example");
    }
    EXPECT_THAT(refusal(std::string(small_return().xml())
                            .replace(small_return().xml().find("<LEA>"), 5, "<LEA>301</LEA><LEA>")),
                HasSubstr("XML-HEADER"));
}

TEST(CensusXml, Utf8DeclaredAsASingleByteEncodingIsReadAsUtf8OrRefused) {
    for (const std::string encoding : {"ISO-8859-1", "windows-1252"}) {
        ReturnXml r = small_return();
        r.declaration = "<?xml version=\"1.0\" encoding=\"" + encoding + "\"?>\n";
        const std::string plain = r.xml();
        const auto with_name = [&](const std::string& surname) {
            return std::string(plain).replace(plain.find("Example"), 7, surname);
        };
        for (const std::size_t block : {1U, 3U, 7U, 4096U}) {
            const auto surname = [&](const std::string& xml) {
                auto out = sdk::testing::run_connector(plugin_with_blocks(block), {{"la_code", "873"}},
                                                       {{"a.xml", xml}});
                return out.refused.empty() ? value(out.rows["person_record"].at(0), "surname") : "refused";
            };
            EXPECT_EQ(surname(with_name("Bront\xC3\xAB")), "Bront\xC3\xAB");
            EXPECT_EQ(surname(with_name("Bront\xEB")), "Bront\xC3\xAB");
            EXPECT_EQ(surname(with_name("Bront\xC3\xAB \xEB")), "refused");
        }
    }
}

TEST(CensusXml, TheBlockSizeMakesNoDifference) {
    ReturnXml r;
    PupilXml odd;
    odd.identifiers =
        "<!-- </PupilOnRoll> --><UPN>L873400125002</UPN><Surname>Zo\xC3\xAB &amp; <![CDATA[</PupilOnRoll> ]] "
        ">]]></Surname><DOB>2014-03-09</DOB><?p <PupilOnRoll>?>";
    odd.rest = "<X a='>' b=\"/>\"/>";
    r.on_roll = PupilXml{}.on_roll() + "  <!-- between -->\n" + odd.on_roll() + "<PupilOnRoll/>" +
                PupilXml{.identifiers = "<DOB>2014-03-09</DOB>"}.on_roll();
    r.left = PupilXml{.identifiers = "<UPN>H87340012500A</UPN><DOB>2099-03-09</DOB>"}.left();
    r.declaration +=
        "<!--" + std::string(600, 'x') + "-->";  // the first block is never smaller than 512 bytes
    expect_same_for_blocks_up_to(200, r.xml());
    expect_same_for_blocks_up_to(8, "\xEF\xBB\xBF" + r.xml());
    expect_same_for_blocks_up_to(8, r.xml() + "<");
    r.declaration.replace(r.declaration.find("UTF-8"), 5, "windows-1252");
    expect_same_for_blocks_up_to(8, r.xml());
}

}  // namespace
}  // namespace sendhub::census::testing
