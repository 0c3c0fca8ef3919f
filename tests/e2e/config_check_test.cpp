// `sendhub config check` opens every plugin with its settings and reports every fault at once, with its
// place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/e2e/hub.hpp"

using namespace sendhub::e2e;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
namespace fs = std::filesystem;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// The number of the first line that begins so, from 1.
std::string line_of(const Hub& hub, const std::string& begin, int nth = 1) {
    std::istringstream lines(read(hub.dir() / "hub.toml"));
    int number = 0;
    for (std::string line; std::getline(lines, line);) {
        ++number;
        if (line.starts_with(begin) && --nth == 0) return std::to_string(number);
    }
    return "none";
}

}  // namespace

TEST(ConfigCheck, reports_every_fault_of_every_feed_with_line_and_column) {
    const Hub hub(100);
    const fs::path file = hub.dir() / "hub.toml";
    ASSERT_EQ(hub.run({"config", "check"}).code, 0) << hub.run({"config", "check"}).err;
    hub.edit(file, "nightly = \"30 1 * * *\"", "nightly = \"30 25 * * *\"");
    hub.edit(file, "folder = \"feeds/schools\"", "folder = \"feeds/scools\"");
    hub.edit(file, "surname = \"Surname\"", "surnam = \"Surname\"");
    hub.edit(file, "forename = \"Forename\"", "forenam = \"Forename\"");
    hub.edit(file, "mode = \"snapshot\"", "mode = \"always\"");
    hub.edit(file, "[feed.ehe]\nconnector = \"missing_education\"",
             "[feed.ehe]\nconnector = \"mising_education\"");
    hub.edit(file, "la_code = \"873\"\n\n[feed", "la_code = \"87\"\n\n[feed");
    fs::create_directories(hub.dir() / "datasets");
    write(hub.dir() / "datasets" / "mine.json", "{\"name\": \"mine\"");
    write(hub.dir() / "datasets" / "mine.sql", "select 1");
    write(hub.dir() / "datasets" / "yours.json", "[]");
    write(hub.dir() / "datasets" / "yours.sql", "select 1");
    const Output checked = hub.run({"config", "check"});
    EXPECT_EQ(checked.code, 2);
    const auto at = [&](const std::string& begin, const std::string& column) {
        return "hub.toml:" + line_of(hub, begin) + ":" + column + ": ";
    };
    EXPECT_THAT(checked.err, HasSubstr(at("nightly", "11")));
    EXPECT_THAT(checked.err, HasSubstr(at("folder = \"feeds/scools", "10") + "feed schools: the folder "));
    EXPECT_THAT(checked.err, HasSubstr(at("surnam =", "10")));
    EXPECT_THAT(checked.err, HasSubstr(at("forenam =", "11")));
    EXPECT_THAT(checked.err, HasSubstr(at("mode = \"always\"", "8") + "feed cme: the setting mode"));
    EXPECT_THAT(checked.err, HasSubstr(at("connector = \"mising", "13") + "feed ehe: there is no connector"));
    EXPECT_THAT(checked.err, HasSubstr("la_code"));
    EXPECT_THAT(checked.err, HasSubstr("datasets/mine.json"));
    EXPECT_THAT(checked.err, HasSubstr("datasets/yours.json"));
    EXPECT_THAT(checked.err, HasSubstr("nothing was started or changed"));
    EXPECT_FALSE(fs::exists(hub.state() / "landing")) << "a check makes nothing";
}

TEST(ConfigCheck, a_missing_setting_is_reported_at_the_table_that_lacks_it) {
    const Hub hub(100);
    hub.edit(hub.dir() / "hub.toml", "list = \"cme\"\n", "");
    const Output checked = hub.run({"config", "check"});
    EXPECT_EQ(checked.code, 2);
    EXPECT_THAT(checked.err, HasSubstr("hub.toml:" + line_of(hub, "[feed.cme.settings]") + ":1: "));
    EXPECT_THAT(checked.err, HasSubstr("feed.cme.settings.list is missing"));
}

TEST(ConfigCheck, a_wrong_setting_has_the_same_exit_code_in_a_check_and_in_a_run) {
    const Hub hub(100);
    hub.edit(hub.dir() / "hub.toml", "mode = \"snapshot\"", "mode = \"always\"");
    EXPECT_EQ(hub.run({"config", "check"}).code, 2);
    const Output synced = hub.sync();
    EXPECT_EQ(synced.code, 2) << synced.out;
    EXPECT_THAT(synced.out, HasSubstr("the setting mode"));
    EXPECT_FALSE(hub.version().empty()) << "the other feeds are not affected";
    hub.edit(hub.dir() / "hub.toml", "la_code = \"873\"", "la_code = 873");
    EXPECT_EQ(hub.run({"config", "check"}).code, 2);
    EXPECT_EQ(hub.sync().code, 2);
    EXPECT_EQ(hub.run({"serve"}).code, 2);
}

TEST(ConfigCheck, a_code_that_is_not_in_the_code_set_is_reported_at_its_line) {
    const Hub hub(100);
    hub.edit(hub.dir() / "hub.toml", "[feed.cme.settings.values]\n",
             "[feed.cme.settings.values]\n\"status.Pending\" = \"openn\"\n");
    const Output checked = hub.run({"config", "check"});
    EXPECT_EQ(checked.code, 2);
    EXPECT_THAT(checked.err, HasSubstr("hub.toml:" + line_of(hub, "\"status.Pending\"") + ":20: "));
}

TEST(PluginDescribe, a_list_of_several_defaults_stands_on_one_line) {
    const Hub hub(100);
    for (const char* plugin :
         {"folder", "schools", "school_census", "missing_education", "health_advice", "youth_justice"}) {
        const Output described = hub.run({"plugin", "describe", plugin});
        ASSERT_EQ(described.code, 0) << described.err;
        std::istringstream lines(described.out);
        bool settings = false;
        for (std::string line; std::getline(lines, line);) {
            if (line == "Fills") break;
            if (settings && !line.empty()) {
                EXPECT_TRUE(line.starts_with("  ")) << plugin << ": " << line;
            }
            settings = settings || line == "Settings";
        }
    }
}

TEST(Rejects, the_advice_for_a_code_that_is_not_known_is_the_line_to_write) {
    const Hub hub(150);
    fs::path list;
    for (const auto& entry : fs::directory_iterator(hub.dir() / "feeds" / "cme"))
        if (entry.path().extension() == ".csv") list = entry.path();
    const std::string header = read(list).substr(0, read(list).find('\n') + 1);
    std::string row;
    std::istringstream cells(header.substr(0, header.find_first_of("\r\n")));
    for (std::string cell; std::getline(cells, cell, ',');) {
        row += row.empty() ? "" : ",";
        row += has(cell, "Child Ref")     ? "X1"
               : has(cell, "Case Status") ? "pending"
               : has(cell, "Opened")      ? "12/01/2026"
                                          : "";
    }
    hub.append(list, row + "\n");
    hub.sync();
    const Output rejects = hub.run({"rejects", "cme"});
    EXPECT_THAT(rejects.out, HasSubstr("add a line to [feed.cme.settings.values], such as "
                                       "\"status.pending\" = "))
        << rejects.out;
    EXPECT_THAT(rejects.out, HasSubstr("the codes are "));
}
