// The county is the same every time, its identifiers are what they claim to be, and a night changes little.
#include <gtest/gtest.h>

#include <unistd.h>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <pugixml.hpp>
#include <set>
#include <sstream>

#include "demo/county.hpp"
#include "schemas/rules/identifiers.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sendhub::demo {
namespace {
namespace fs = std::filesystem;

class CountyTest : public ::testing::Test {
  protected:
    TemporaryFolder temporary;
    const fs::path& root = temporary.path;

    Summary make(const std::string& name, std::uint64_t pupils = 1500, std::uint64_t seed = 7,
                 int night = 1) {
        auto made = make_county({.pupils = pupils, .seed = seed, .dir = root / name, .night = night});
        EXPECT_TRUE(made) << made.error();
        return made.value_or(Summary{});
    }
};

std::string bytes_of(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::map<std::string, std::string> files_of(const fs::path& dir) {
    std::map<std::string, std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(dir))
        if (entry.is_regular_file()) out[fs::relative(entry.path(), dir).string()] = bytes_of(entry.path());
    return out;
}

// Rows of a file without line breaks in its fields; quotes are honoured.
std::vector<std::vector<std::string>> csv_rows(const std::string& text) {
    std::vector<std::vector<std::string>> rows;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        std::vector<std::string> fields(1);
        bool quoted = false;
        for (const char c : line) {
            if (c == '"')
                quoted = !quoted;
            else if (c == ',' && !quoted)
                fields.emplace_back();
            else
                fields.back() += c;
        }
        rows.push_back(std::move(fields));
    }
    return rows;
}

std::size_t column(const std::vector<std::vector<std::string>>& rows, const std::string& name) {
    const auto found = std::find(rows.front().begin(), rows.front().end(), name);
    EXPECT_NE(found, rows.front().end()) << name;
    return static_cast<std::size_t>(found - rows.front().begin());
}

TEST_F(CountyTest, TheSameOptionsGiveTheSameBytes) {
    make("a");
    make("b");
    EXPECT_EQ(files_of(root / "a"), files_of(root / "b"));
}

TEST_F(CountyTest, AnotherSeedIsAnotherCounty) {
    make("a");
    make("b", 1500, 8);
    EXPECT_NE(bytes_of(root / "a/truth/people.csv"), bytes_of(root / "b/truth/people.csv"));
}

// Guards against bytes that differ between machines, compilers and libraries. A change of the generator
// changes the number: put in the one the failure shows.
TEST_F(CountyTest, TheCountyIsTheSameOnEveryMachine) {
    make("a", 300, 1);
    std::uint64_t hash = 1469598103934665603ULL;
    for (const auto& [name, bytes] : files_of(root / "a")) {
        if (name == "hub.toml") continue;
        for (const char c : name + bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    }
    EXPECT_EQ(hash, 16116308325959426831ULL);
}

TEST_F(CountyTest, SummaryCountsWhatIsThere) {
    const Summary summary = make("a");
    const auto files = files_of(root / "a");
    std::uint64_t bytes = 0;
    for (const auto& [name, content] : files) bytes += content.size();
    EXPECT_EQ(summary.files, files.size());
    EXPECT_EQ(summary.bytes, bytes);
    EXPECT_EQ(summary.written, files.size());
    EXPECT_EQ(summary.children, csv_rows(files.at("truth/people.csv")).size() - 1);
    std::uint64_t rows = 0;
    for (const auto& [feed, count] : summary.rows_by_feed)
        if (feed != "schools" && feed != "part_time") rows += count;
    std::uint64_t records = 0;
    for (const auto& row : csv_rows(files.at("truth/records.csv")))
        records += row[0] != "part_time" && row[0] != "feed" ? 1 : 0;
    EXPECT_EQ(rows, records);
}

TEST_F(CountyTest, RollIsWhatWasAskedFor) {
    make("a");
    const auto people = csv_rows(bytes_of(root / "a/truth/people.csv"));
    const std::size_t on_roll = column(people, "on_roll");
    EXPECT_EQ(std::count_if(people.begin() + 1, people.end(),
                            [&](const auto& row) { return row[on_roll] == "true"; }),
              1500);
}

TEST_F(CountyTest, IdentifiersPassTheirChecksAndStandOnce) {
    make("a", 6000);
    const auto people = csv_rows(bytes_of(root / "a/truth/people.csv"));
    std::set<std::string> seen;
    int temporary = 0;
    for (std::size_t i = 1; i < people.size(); ++i) {
        const auto& row = people[i];
        ASSERT_EQ(row.size(), people.front().size());
        const std::string &upn = row[column(people, "upn")], &former = row[column(people, "former_upn")],
                          &uln = row[column(people, "uln")], &nhs = row[column(people, "nhs_number")];
        if (!upn.empty()) {
            EXPECT_NE(rules::upn_state(upn), rules::IdState::invalid) << upn;
            temporary += rules::upn_state(upn) == rules::IdState::temporary ? 1 : 0;
        }
        if (!former.empty()) {
            EXPECT_EQ(rules::upn_state(former), rules::IdState::valid) << former;
        }
        if (!uln.empty()) {
            EXPECT_EQ(rules::uln_state(uln), rules::IdState::valid) << uln;
        }
        EXPECT_EQ(rules::nhs_number_state(nhs), rules::IdState::valid) << nhs;
        EXPECT_EQ(nhs.substr(0, 3), "999");
        for (const std::string& id : {upn, former, uln, nhs})
            if (!id.empty()) {
                EXPECT_TRUE(seen.insert(id).second) << id;
            }
    }
    EXPECT_GT(temporary, 20);
    EXPECT_LT(temporary, 200);
}

TEST_F(CountyTest, CensusFilesAreWellFormedAndHoldTheCountedPupils) {
    make("a");
    std::map<std::string, std::uint64_t> wanted;
    for (const auto& row : csv_rows(bytes_of(root / "a/truth/records.csv")))
        if (row[0] == "school_census" && row[1].ends_with(".xml")) ++wanted[row[1]];
    std::map<std::string, std::set<std::uint64_t>> wrong_letters;
    for (const auto& row : csv_rows(bytes_of(root / "a/truth/rejects.csv")))
        if (row[4] == "SC-01") wrong_letters[row[1]].insert(std::stoull(row[2]));
    int files = 0;
    for (const auto& entry : fs::directory_iterator(root / "a/feeds/school_census")) {
        if (entry.path().extension() != ".xml") continue;
        ++files;
        pugi::xml_document document;
        ASSERT_TRUE(document.load_file(entry.path().c_str())) << entry.path();
        const std::string name = entry.path().filename().string();
        std::uint64_t ordinal = 0;
        for (const auto& list : document.child("Message").child("Pupils").children())
            for (const auto& pupil : list.children()) {
                ++ordinal;
                const std::string upn = pupil.child("PupilIdentifiers").child_value("UPN");
                EXPECT_EQ(rules::upn_state(upn) == rules::IdState::invalid,
                          wrong_letters[name].contains(ordinal))
                    << name << ' ' << ordinal;
            }
        EXPECT_EQ(ordinal, wanted[name]);
    }
    EXPECT_EQ(static_cast<std::size_t>(files), wanted.size());
}

TEST_F(CountyTest, MeasuresHaveOneRowEach) {
    make("a");
    const auto rows = csv_rows(bytes_of(root / "a/truth/measures.csv"));
    std::set<std::string> keys;
    for (std::size_t i = 1; i < rows.size(); ++i) {
        ASSERT_EQ(rows[i].size(), 7U);
        EXPECT_TRUE(keys.insert(rows[i][0] + '|' + rows[i][2] + '|' + rows[i][3]).second)
            << rows[i][0] << ' ' << rows[i][3];
        if (!rows[i][5].empty() && !rows[i][4].empty()) {
            EXPECT_LE(std::stoull(rows[i][4]), std::stoull(rows[i][5])) << rows[i][0];
        }
    }
    EXPECT_GT(keys.size(), 100U);
}

TEST_F(CountyTest, ListsStandInTheirEncodings) {
    make("a", 12000);
    EXPECT_TRUE(bytes_of(root / "a/feeds/cme/cme.csv").starts_with("\xEF\xBB\xBF"));
    const std::string schools = bytes_of(root / "a/feeds/schools/edubasealldata20260120.csv");
    EXPECT_NE(schools.find("Ch\xE2teau"), std::string::npos);
    EXPECT_NE(schools.find("Children\x92s"), std::string::npos);
    for (const auto& [feed, name] : std::map<std::string, std::string>{
             {"cme", "cme"}, {"ehe", "ehe"}, {"part_time", "part_time"}, {"moves", "moves"}}) {
        const auto rows = csv_rows(bytes_of(root / ("a/feeds/" + feed) / (name + ".csv")));
        for (const auto& row : rows) EXPECT_EQ(row.size(), rows.front().size()) << feed;
        std::set<std::string> refs;
        for (std::size_t i = 1; i < rows.size(); ++i)
            if (rows[i][0] != "-") {
                EXPECT_TRUE(refs.insert(rows[i][0]).second) << feed << ": a reference stands once";
            }
    }
}

TEST_F(CountyTest, ANightChangesAboutOneInAHundredAndOnlyTheirFiles) {
    make("a", 12000);
    const auto before = files_of(root / "a");
    const Summary again = make("a", 12000);
    EXPECT_EQ(again.written, 0U) << "nothing changed, nothing is written";
    // What a person changed in the settings stays.
    std::ofstream(root / "a/hub.toml", std::ios::app) << "# ours\n";
    const Summary next = make("a", 12000, 7, 2);
    const auto after = files_of(root / "a");
    EXPECT_TRUE(after.at("hub.toml").ends_with("# ours\n"));
    EXPECT_NE(after.at("hub.toml").find("as_at = \"2026-01-21\""), std::string::npos);
    EXPECT_LT(next.written, before.size() / 2);
    std::size_t changed_census = 0, census = 0;
    for (const auto& [name, content] : before) {
        if (!name.ends_with(".xml")) continue;
        ++census;
        changed_census += after.at(name) != content ? 1 : 0;
    }
    EXPECT_GE(changed_census, 1U);
    EXPECT_LE(changed_census, census / 5);

    // Lines that were not there before, over people and lists: one child in a hundred, give or take.
    std::size_t changed = 0;
    for (const char* name :
         {"truth/people.csv", "feeds/cme/cme.csv", "feeds/ehe/ehe.csv", "feeds/part_time/part_time.csv",
          "feeds/moves/moves.csv", "feeds/off_roll/off_roll.csv", "feeds/youth_justice/yjs_extract.csv"}) {
        std::set<std::string> old;
        std::istringstream in(before.at(name));
        for (std::string line; std::getline(in, line);) old.insert(line);
        std::istringstream now(after.at(name));
        for (std::string line; std::getline(now, line);) changed += old.contains(line) ? 0 : 1;
    }
    EXPECT_GT(changed, 60U);
    EXPECT_LT(changed, 240U);
}

TEST_F(CountyTest, ALaterNightIsTheSameWithOrWithoutTheNightsBefore) {
    make("a");
    make("a", 1500, 7, 2);
    make("a", 1500, 7, 3);
    make("b", 1500, 7, 3);
    auto walked = files_of(root / "a");
    const auto straight = files_of(root / "b");
    for (const auto& [name, content] : straight) EXPECT_EQ(walked[name], content) << name;
}

TEST_F(CountyTest, RefusesWhatItCannotDo) {
    EXPECT_FALSE(make_county({.pupils = 5, .dir = root / "a"}));
    EXPECT_FALSE(make_county({.pupils = 800'000, .dir = root / "a"}));
    EXPECT_FALSE(make_county({.pupils = 500, .dir = {}}));
    EXPECT_FALSE(make_county({.pupils = 500, .dir = root / "a", .night = 0}));
    make("a", 500);
    const auto other = make_county({.pupils = 600, .seed = 7, .dir = root / "a"});
    ASSERT_FALSE(other);
    EXPECT_NE(other.error().find("another county"), std::string::npos);
}

}  // namespace
}  // namespace sendhub::demo
