#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include <sendhub/testing.hpp>

#include "connectors/schools/schools.hpp"

namespace sendhub::gias {
namespace {

using sdk::testing::ConnectorOutcome;
using sdk::testing::FakeFile;
using sdk::testing::TextRow;
using ::testing::HasSubstr;

ConnectorOutcome run(const std::vector<FakeFile>& files, const std::string& la_codes = "") {
    std::map<std::string, std::string> settings;
    if (!la_codes.empty()) settings["la_codes"] = la_codes;
    return sdk::testing::run_connector(sdk::detail::connector_table<Schools>(), settings, files);
}

// A row of an extract with only these columns; what is not given is empty.
constexpr const char* columns[] = {"URN",
                                   "LA (code)",
                                   "EstablishmentNumber",
                                   "EstablishmentName",
                                   "OpenDate",
                                   "CloseDate",
                                   "EstablishmentStatus (code)",
                                   "Postcode",
                                   "SchoolCapacity",
                                   "Section41Approved (name)",
                                   "SEN1 (name)",
                                   "SEN2 (name)",
                                   "SEN3 (name)"};
std::string extract(const std::vector<std::map<std::string, std::string>>& rows) {
    std::string out;
    for (const char* column : columns) out += (out.empty() ? "" : ",") + std::string(column);
    out += "\r\n";
    for (const auto& row : rows) {
        std::string line;
        for (const char* column : columns)
            line += (line.empty() && column == columns[0] ? "" : ",") +
                    (row.contains(column) ? row.at(column) : "");
        out += line + "\r\n";
    }
    return out;
}
const std::string links_header = "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\r\n";

TEST(Schools, CellsAreCleanedOfWhatASpreadsheetDoesToThem) {
    auto out = run({{"edubasealldata20260119.csv", extract({{{"URN", "=\"900001\""},
                                                             {"LA (code)", "'873"},
                                                             {"EstablishmentNumber", "4001.0"},
                                                             {"EstablishmentName",
                                                              "\xC2\xA0"
                                                              "Demo Academy\xE2\x80\x8B"},
                                                             {"OpenDate", "'01-09-2012"},
                                                             {"CloseDate", "#REF!"}}})}});
    const TextRow row = out.rows["school"].at(0);
    EXPECT_EQ(row.at("urn"), "900001");
    EXPECT_EQ(row.at("laestab"), "8734001");
    EXPECT_EQ(row.at("school_name"), "Demo Academy");
    EXPECT_EQ(row.at("open_date"), "2012-09-01");
    EXPECT_FALSE(row.contains("close_date"));
    EXPECT_EQ(out.warnings("GI-CELL"), 1U);
    EXPECT_EQ(out.rejects(), 0U);
}

TEST(Schools, ReadsAnEstablishmentOfWindows1252) {
    auto out =
        run({{"edubasealldata20260119.csv", extract({{{"URN", "900001"},
                                                      {"LA (code)", "873"},
                                                      {"EstablishmentNumber", "4001"},
                                                      {"EstablishmentName", "\"St Anne\x92s, Caf\xE9\""},
                                                      {"OpenDate", "01-09-2012"},
                                                      {"CloseDate", "31/08/2024"},
                                                      {"EstablishmentStatus (code)", "2"},
                                                      {"Postcode", "xd11aa"},
                                                      {"SchoolCapacity", "210.0"},
                                                      {"Section41Approved (name)", "NOT APPROVED"},
                                                      {"SEN1 (name)", "SpLD - Specific Learning Difficulty"},
                                                      {"SEN2 (name)", "ASD - Autistic Spectrum Disorder"},
                                                      {"SEN3 (name)", "Not Applicable"}}})}});
    ASSERT_EQ(out.code, SHP_OK) << out.error;
    EXPECT_TRUE(out.issues.empty());
    ASSERT_EQ(out.rows["school"].size(), 1U);
    EXPECT_EQ(out.rows["school"][0], (TextRow{{"source_key", "900001"},
                                              {"urn", "900001"},
                                              {"laestab", "8734001"},
                                              {"la_code", "873"},
                                              {"school_name", "St Anne\xE2\x80\x99s, Caf\xC3\xA9"},
                                              {"open_date", "2012-09-01"},
                                              {"close_date", "2024-08-31"},
                                              {"status_code", "2"},
                                              {"postcode", "XD1 1AA"},
                                              {"capacity", "210"},
                                              {"section_41", "Not approved"},
                                              {"sen_types", "SPLD;ASD"},
                                              {"@scope", "gias"},
                                              {"@row", "2"},
                                              {"@file", "edubasealldata20260119.csv"}}));
    EXPECT_EQ(out.scopes.at(0).as_of, sdk::Date::from_civil(2026, 1, 19)->days);
}

TEST(Schools, ReadsUtf8AndColumnsInAnyOrder) {
    auto out = run({{"x.csv",
                     "\xEF\xBB\xBF\"EstablishmentName\",\"Later column\",\"LA "
                     "(code)\",\"URN\"\n\"Caf\xC3\xA9\",\"\",\"1\",\"900001\"\n"}});
    ASSERT_EQ(out.rows["school"].size(), 1U);
    EXPECT_EQ(out.rows["school"][0]["school_name"], "Caf\xC3\xA9");
    EXPECT_EQ(out.rows["school"][0]["la_code"], "001");
    EXPECT_FALSE(out.rows["school"][0].contains("laestab"));
    EXPECT_EQ(out.scopes.at(0).as_of,
              sdk::Date::from_civil(2026, 1, 20)->days);  // no date in the name: the day it came
}

TEST(Schools, ReadsLinksOfBothDateDialects) {
    auto out = run({{"links_edubasealldata20260119.csv",
                     links_header + "900001,900002,\"Academy, "
                                    "The\",Predecessor,01-09-2025\r\n900002,900001,New,Successor,01/09/"
                                    "2025\r\n900003,900001,Old,Predecessor - merged,\r\n"}});
    ASSERT_EQ(out.rows["school_link"].size(), 3U);
    EXPECT_EQ(out.rows["school_link"][0]["source_key"], "900001|900002|Predecessor");
    EXPECT_EQ(out.rows["school_link"][0]["link_date"], "2025-09-01");
    EXPECT_EQ(out.rows["school_link"][1]["link_date"], "2025-09-01");
    EXPECT_FALSE(out.rows["school_link"][2].contains("link_date"));
    EXPECT_EQ(out.scopes.at(0).name, "gias links");
    EXPECT_TRUE(out.issues.empty());
}

TEST(Schools, EachBrokenRowCostsWhatItShould) {
    using Row = std::map<std::string, std::string>;
    struct Case {
        Row row;
        const char* rule;
        bool taken;
    };
    for (const Case& c : std::initializer_list<Case>{
             {{{"URN", ""}}, "GI-URN", false},
             {{{"URN", "12X45"}}, "GI-URN", false},
             {{{"EstablishmentName", ""}}, "GI-NAME", false},
             {{{"LA (code)", "Kent"}}, "GI-LAESTAB", true},
             {{{"EstablishmentNumber", "40011"}}, "GI-LAESTAB", true},
             {{{"OpenDate", "31-02-2012"}}, "GI-DATE", true},
             {{{"SchoolCapacity", "many"}}, "GI-NUMBER", true},
             {{{"Postcode", "UNKNOWN"}}, "GI-POSTCODE", true},
         }) {
        SCOPED_TRACE(c.rule);
        Row row = {{"URN", "900001"},
                   {"LA (code)", "873"},
                   {"EstablishmentNumber", "4001"},
                   {"EstablishmentName", "School"}};
        for (const auto& [column, text] : c.row) row[column] = text;
        auto out =
            run({{"x.csv",
                  extract({row, {{"URN", "900009"}, {"LA (code)", "873"}, {"EstablishmentName", "Good"}}})}});
        ASSERT_EQ(out.issues.size(), 1U);
        EXPECT_EQ(out.issues[0].rule, c.rule);
        EXPECT_EQ(out.issues[0].row, 2U);
        EXPECT_EQ(out.issues[0].severity, c.taken ? SHP_ISSUE_WARNING : SHP_ISSUE_REJECT);
        EXPECT_EQ(out.rows["school"].size(), c.taken ? 2U : 1U);
    }
    auto out = run({{"links.csv", links_header + "900001,,X,Successor,\n900001,900002,X,,\n900001,900002,X,"
                                                 "Successor,soon\n900001,900002,X,Successor,,surplus\n"}});
    EXPECT_EQ(out.rejects("GI-LINK"), 2U);
    EXPECT_EQ(out.warnings("GI-DATE"), 1U);
    EXPECT_EQ(out.rejects("GI-ROW"), 1U);
    EXPECT_EQ(out.rows["school_link"].size(), 1U);
}

TEST(Schools, OtherFilesAreRefusedWhole) {
    for (const std::string& text : std::initializer_list<std::string>{"", "URN,Name\n1,2\n", extract({}),
                                                                      links_header, "<html></html>"}) {
        auto out = run({{"x.csv", text}});
        ASSERT_EQ(out.refused.size(), 1U) << text;
        EXPECT_THAT(out.refused.begin()->second, HasSubstr(text.starts_with('<') ? "web page" : "GIAS-FILE"));
        EXPECT_TRUE(out.rows.empty());
    }
}

// ---- la_codes
// --------------------------------------------------------------------------------------------------------------------

std::vector<FakeFile> county() {
    return {
        {"edubasealldata20260119.csv",
         extract({{{"URN", "900001"}, {"LA (code)", "873"}, {"EstablishmentName", "Ours"}},
                  {{"URN", "900002"}, {"LA (code)", "202"}, {"EstablishmentName", "Predecessor elsewhere"}},
                  {{"URN", "900003"}, {"LA (code)", "202"}, {"EstablishmentName", "Its predecessor"}},
                  {{"URN", "900004"}, {"LA (code)", "202"}, {"EstablishmentName", "Stranger"}},
                  {{"URN", "900005"}, {"LA (code)", "874"}, {"EstablishmentName", "Ours too"}}})},
        {"links_edubasealldata20260119.csv",
         links_header +
             "900001,900002,X,Predecessor,\n900003,900002,X,Successor,\n900004,900009,X,Successor,\n"}};
}
std::set<std::string> urns(ConnectorOutcome& out) {
    std::set<std::string> found;
    for (TextRow& row : out.rows["school"]) found.insert(row["urn"]);
    return found;
}

TEST(Schools, KeepsTheAuthoritiesThatAreNamedAndWhatTheyAreLinkedTo) {
    auto files = county();
    for (int order = 0; order < 2; ++order) {
        auto out = run(files, "873\n874");
        EXPECT_EQ(urns(out), (std::set<std::string>{"900001", "900002", "900003", "900005"}));
        EXPECT_EQ(out.rows["school_link"].size(), 3U);
        for (TextRow& row : out.rows["school"]) {
            EXPECT_EQ(row["@scope"],
                      row["urn"] == "900001" || row["urn"] == "900005" ? "gias" : "gias linked");
            EXPECT_EQ(row["@file"], "edubasealldata20260119.csv");
        }
        std::swap(files[0], files[1]);
    }
    auto all = run(files);
    EXPECT_EQ(urns(all).size(), 5U);
}

TEST(Schools, ANightWithoutTheLinksDoesNotCloseTheLinkedOnes) {
    auto files = county();
    files.pop_back();
    auto out = run(files, "873");
    EXPECT_EQ(urns(out), std::set<std::string>{"900001"});
    for (const auto& scope : out.scopes) EXPECT_NE(scope.name, "gias linked");
}

TEST(Schools, ASettingThatIsNoLaNumberIsRefused) { EXPECT_EQ(run({}, "873\nKent").code, SHP_BAD_SETTINGS); }

TEST(Schools, ReadsItsSample) {
    std::vector<FakeFile> files;
    for (const char* name : {"edubasealldata20260119.csv", "links_edubasealldata20260119.csv"}) {
        std::ifstream in(std::string(SENDHUB_SOURCE_DIR) + "/connectors/schools/sample/" + name,
                         std::ios::binary);
        files.push_back({name, std::string(std::istreambuf_iterator<char>(in), {})});
    }
    auto out = run(files);
    EXPECT_TRUE(out.refused.empty());
    EXPECT_TRUE(out.issues.empty());
    EXPECT_EQ(out.rows["school"].size(), 3U);
    EXPECT_EQ(out.rows["school_link"].size(), 2U);
}

TEST(Schools, StreamsAFileOfFiftyThousandRows) {
    std::string text = extract({});
    for (int i = 0; i < 50'000; ++i)
        text += std::to_string(100'000 + i) + ",873,4001,School " + std::to_string(i) +
                ",01-09-2012,,1,XD1 1AA,210,,,,\r\n";
    auto out = run({{"x.csv", text}});
    EXPECT_EQ(out.rows["school"].size(), 50'000U);
    EXPECT_TRUE(out.issues.empty());
}

}  // namespace
}  // namespace sendhub::gias
