// Whole nights through the real binary: what a council's IT team relies on.
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "tests/e2e/hub.hpp"

using namespace sendhub::e2e;
namespace fs = std::filesystem;

namespace {

// Some school's census file, the largest: it holds enough pupils for the guard.
fs::path largest_census(const Hub& hub) {
    fs::path found;
    std::uintmax_t size = 0;
    for (const auto& entry : fs::directory_iterator(hub.dir() / "feeds" / "school_census"))
        if (entry.path().extension() == ".xml" && entry.file_size() > size) {
            found = entry.path();
            size = entry.file_size();
        }
    return found;
}

// The file with the later half of its pupils on roll taken out: well formed, and half as long.
void cut_in_half(const fs::path& file) {
    const std::string text = read(file);
    std::vector<std::size_t> begins;
    for (std::size_t at = 0; (at = text.find("<PupilOnRoll>", at)) != std::string::npos; ++at)
        begins.push_back(at);
    const std::size_t end = text.rfind("</PupilOnRoll>") + std::string("</PupilOnRoll>").size();
    ASSERT_GT(begins.size(), 20u);
    write(file, text.substr(0, begins[begins.size() / 2]) + text.substr(end));
}

}  // namespace

TEST(Night, one_night_publishes_every_dataset_and_equals_the_truth) {
    const Hub hub(600, 7);
    const Output night = hub.sync();
    ASSERT_EQ(night.code, 0) << night.out << night.err;
    EXPECT_EQ(hub.datasets(), (std::vector<std::string>{"advice_timeliness",
                                                        "attendance_summary",
                                                        "cme_case",
                                                        "cme_summary",
                                                        "data_quality_issue",
                                                        "dim_person",
                                                        "dim_school",
                                                        "ehe_register",
                                                        "ehe_summary",
                                                        "exclusion_summary",
                                                        "feed_health",
                                                        "match_figure",
                                                        "match_quality",
                                                        "measure_catalogue",
                                                        "measure_value",
                                                        "missing_monday",
                                                        "movers",
                                                        "off_roll_notification",
                                                        "part_time_timetable",
                                                        "person_identifier",
                                                        "person_link",
                                                        "school_inclusion_profile",
                                                        "statutory_advice",
                                                        "yj_caseload",
                                                        "yj_send_crossmatch"}));
    EXPECT_TRUE(fs::exists(hub.state() / "published" / "current" / "datapackage.json"));
    const int compared = std::system((std::string(SENDHUB_BINARY_DIR) + "/bin/compare_truth " +
                                      hub.dir().string() + " > " + hub.dir().string() + "/compared.txt 2>&1")
                                         .c_str());
    EXPECT_EQ(compared, 0) << read(hub.dir() / "compared.txt");
}

TEST(Night, a_second_night_with_nothing_new_changes_nothing) {
    const Hub hub;
    ASSERT_EQ(hub.sync().code, 0);
    const auto before = hub.version();
    const Output again = hub.sync();
    EXPECT_EQ(again.code, 0) << again.out << again.err;
    EXPECT_EQ(hub.version(), before) << "a publication with the same content is no new version";
}

TEST(Night, a_census_cut_in_half_is_held_until_a_person_lets_it_through) {
    const Hub hub;
    ASSERT_EQ(hub.sync().code, 0);
    const auto before = hub.version();
    const auto on_roll = std::stol(hub.ask("select count(*) from {dim_person} where on_roll"));
    cut_in_half(largest_census(hub));
    const Output night = hub.sync();
    EXPECT_EQ(night.code, 3) << night.out << night.err;
    EXPECT_EQ(hub.version(), before) << "yesterday's version stays current";
    EXPECT_EQ(hub.run({"status"}).code, 3);

    const std::string status = hub.run({"status"}).out;
    const auto at = status.find("sendhub batch approve ");
    ASSERT_NE(at, std::string::npos) << status;
    std::string batch = status.substr(at + 22);
    batch = batch.substr(0, batch.find_first_of(" \n"));
    const Output approved = hub.run({"batch", "approve", batch, "--by", "test officer"});
    EXPECT_EQ(approved.code, 0) << approved.out << approved.err;
    EXPECT_NE(hub.version(), before);
    EXPECT_LT(std::stol(hub.ask("select count(*) from {dim_person} where on_roll")), on_roll);
    EXPECT_EQ(hub.run({"status"}).code, 0);
    EXPECT_EQ(hub.run({"batch", "approve", batch}).code, 2) << "it no longer waits";
    EXPECT_EQ(hub.run({"audit", "verify"}).code, 0);
}

TEST(Night, a_corrected_file_changes_only_what_it_should) {
    const Hub hub;
    ASSERT_EQ(hub.sync().code, 0);
    const auto before = hub.everything();
    const fs::path file = largest_census(hub);
    const std::string whole = read(file);
    hub.edit(file, "</Message>", "<Broken>");  // not well formed: refused whole
    const Output bad = hub.sync();
    EXPECT_EQ(bad.code, 1) << bad.out << bad.err;
    const Output told = hub.run({"rejects", "school_census"});
    EXPECT_NE(told.out.find(file.filename().string() + " was refused whole: "), std::string::npos)
        << told.out;
    EXPECT_EQ(hub.everything().at("dim_person"), before.at("dim_person"));
    write(file, whole);
    const Output good = hub.sync();
    EXPECT_EQ(good.code, 0) << good.out << good.err;
    EXPECT_EQ(hub.everything().at("dim_person"), before.at("dim_person"));
    EXPECT_EQ(hub.everything().at("school_inclusion_profile"), before.at("school_inclusion_profile"));
}

TEST(Night, config_check_tells_of_a_plugin_or_a_setting_of_one_that_is_not_there) {
    const Hub hub(100, 1);
    EXPECT_EQ(hub.run({"config", "check"}).code, 0);
    hub.edit(hub.dir() / "hub.toml", "connector = \"school_census\"", "connector = \"school_cencus\"");
    const Output misspelt = hub.run({"config", "check"});
    EXPECT_EQ(misspelt.code, 2) << misspelt.out;
    EXPECT_NE(misspelt.err.find("feed school_census: "), std::string::npos) << misspelt.err;
    EXPECT_NE(misspelt.err.find("there is no connector named school_cencus"), std::string::npos);
    hub.edit(hub.dir() / "hub.toml", "connector = \"school_cencus\"", "connector = \"school_census\"");
    hub.edit(hub.dir() / "hub.toml", "patterns = ", "paterns = ");
    const Output setting = hub.run({"config", "check"});
    EXPECT_EQ(setting.code, 2) << setting.out;
    EXPECT_NE(setting.err.find("did you mean patterns?"), std::string::npos) << setting.err;
}

TEST(Night, one_hub_at_a_time_works_on_a_state_folder) {
    const Hub hub;
    Output first;
    std::jthread night([&] { first = hub.sync(); });
    while (!fs::exists(hub.state() / "hub.duckdb")) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const Output second = hub.sync();
    night.join();
    EXPECT_EQ(first.code, 0) << first.err;
    EXPECT_TRUE(second.code == 0 || second.err.find("another sendhub") != std::string::npos) << second.err;
}

TEST(Night, two_counties_of_one_seed_are_published_alike_but_for_the_ids_of_persons) {
    const Hub a(300, 3), b(300, 3);
    ASSERT_EQ(a.sync().code, 0);
    ASSERT_EQ(b.sync().code, 0);
    EXPECT_EQ(a.content("cme_summary"), b.content("cme_summary"));
    EXPECT_EQ(a.content("school_inclusion_profile"), b.content("school_inclusion_profile"));
    EXPECT_NE(a.ask("select min(person_key) from {dim_person}"),
              b.ask("select min(person_key) from {dim_person}"))
        << "ids come from the hub's own secret, never from the data";
}

TEST(Night, a_crashing_connector_costs_its_own_feed_and_the_status_says_why) {
    const Hub hub(300, 5);
    const fs::path plugins = hub.dir() / "plugins";
    fs::copy(SENDHUB_PLUGIN_DIR, plugins, fs::copy_options::recursive);
    fs::copy(std::string(SENDHUB_BINARY_DIR) + "/misbehaving/misbehaving.so", plugins / "misbehaving.so");
    write(hub.dir() / "feeds" / "bad" / "bad.csv", "1,ref1,Example,F\n2,ref2,Other,M\n");
    std::string settings = read(hub.dir() / "hub.toml");
    settings.replace(settings.find("[plugins]"), 9, "[plugins]\nfolder = \"plugins\"");
    settings +=
        "\n[feed.bad]\nconnector = \"misbehaving\"\ntransport = \"folder\"\n[feed.bad.fetch]\nfolder = "
        "\"feeds/bad\"\n[feed.bad.settings]\ndo = \"crash\"\n";
    write(hub.dir() / "hub.toml", settings);
    const Output night = hub.sync();
    EXPECT_EQ(night.code, 1) << night.out << night.err;
    EXPECT_NE(hub.version(), "") << "what the good feeds brought is published";
    EXPECT_NE(hub.ask("select count(*) from {dim_person} where on_roll"), "0");
    const std::string status = hub.run({"status"}).out;
    const auto line = status.find("\nbad ");
    ASSERT_NE(line, std::string::npos) << status;
    const std::string told = status.substr(line + 1, status.find('\n', line + 1) - line - 1);
    EXPECT_NE(told.find("failed"), std::string::npos) << told;
    EXPECT_NE(told.find("crashed"), std::string::npos) << "and why: " << told;
}
