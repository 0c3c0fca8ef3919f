#include "hub/config/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "hub/config/settings_keys.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace sendhub;
using namespace sendhub::config;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

constexpr std::string_view least = "[hub]\nname = \"Demo\"\nla_code = \"873\"\n";

std::vector<std::string> faults(std::string_view text) {
    std::vector<std::string> out;
    if (const auto loaded = parse_config(text, "hub.toml"); !loaded)
        for (const auto& error : loaded.error()) out.push_back(to_string(error));
    return out;
}
std::vector<std::string> faults_after_least(std::string_view text) {
    return faults(std::string(least) + std::string(text));
}

// The example of docs/contracts.md section 2, as it stands there.
std::string contract_example() {
    const auto page = read_file(SENDHUB_SOURCE_DIR "/docs/contracts.md");
    EXPECT_TRUE(page);
    const auto begin = page->find("```toml\n[hub]") + 8;
    return page->substr(begin, page->find("```", begin) - begin);
}

}  // namespace

TEST(Config, the_example_in_the_contracts_is_read_in_full) {
    std::string text = contract_example();
    // The example names feeds that it does not set up.
    for (const char* id : {"cme", "ehe", "health_advice", "youth_justice"})
        text += std::string("[feed.") + id + "]\nconnector = \"c\"\ntransport = \"t\"\n";
    const auto loaded = parse_config(text, "/etc/sendhub/hub.toml");
    ASSERT_TRUE(loaded) << to_error(loaded.error()).sentence;
    const Config& c = *loaded;
    EXPECT_EQ(c.folder, "/etc/sendhub");
    EXPECT_EQ(c.hub.name, "Demo County Council");
    EXPECT_EQ(c.hub.la_code, "873");
    EXPECT_EQ(c.hub.state, "/etc/sendhub/state");
    EXPECT_EQ(c.plugins.folder, "/usr/lib/sendhub/plugins");
    EXPECT_TRUE(c.plugins.development);
    EXPECT_EQ(c.serve.address, "127.0.0.1");
    EXPECT_EQ(c.serve.port, 8080);
    EXPECT_EQ(c.serve.public_base_url, "http://127.0.0.1:8080");
    EXPECT_EQ(c.serve.page_size, 5000);
    EXPECT_EQ(c.schedule.nightly, "30 1 * * *");
    EXPECT_EQ(c.schedule.missed_run, MissedRun::once);
    EXPECT_EQ(c.schedule.retry_attempts, 3);
    EXPECT_EQ(c.schedule.retry_first_wait_seconds, 60);
    EXPECT_EQ(c.publish.keep_versions, 7);
    EXPECT_EQ(c.publish.collapse_percent, 50);
    EXPECT_EQ(c.publish.as_at, parse_iso_date("2026-01-20"));
    EXPECT_TRUE(c.publish.inclusive_day_rule);
    EXPECT_THAT(c.match.precedence,
                ElementsAre("school_census", "cme", "ehe", "health_advice", "youth_justice"));
    EXPECT_THAT(c.match.precedence_of.at("postcode"), ElementsAre("school_census", "health_advice"));
    ASSERT_EQ(c.feeds.size(), 5u);
    const FeedConfig* census = c.find_feed("school_census");
    ASSERT_TRUE(census);
    EXPECT_EQ(census, &c.feeds[0]) << "feeds are in the order of the file";
    EXPECT_EQ(census->connector, "school_census");
    EXPECT_EQ(census->transport, "folder");
    EXPECT_EQ(census->guard_percent, 20);
    EXPECT_EQ(census->guard_min_rows, 10);
    EXPECT_EQ(census->fetch.at("patterns"), "*.xml\n*.zip\n*.csv\n*.gz");
    EXPECT_TRUE(census->fetch_places.at("patterns").is_list);
    EXPECT_EQ(census->settings.at("la_code"), "873");
    EXPECT_EQ(census->limits.memory_mb, 1024);
    EXPECT_EQ(census->limits.output_mb, 8192);
    EXPECT_FALSE(c.find_feed("no_such_feed"));
}

TEST(Config, the_settings_shown_to_newcomers_are_in_order) {
    const auto loaded = load_config(SENDHUB_SOURCE_DIR "/tests/installed_sdk/project/hub.toml");
    ASSERT_TRUE(loaded) << to_error(loaded.error()).sentence;
    EXPECT_EQ(loaded->feeds[0].settings.at("current_only"), "false");
}

TEST(Config, what_is_left_out_has_its_declared_default) {
    const auto c =
        parse_config(std::string(least) + "[feed.a]\nconnector = \"c\"\ntransport = \"t\"\n", "hub.toml");
    ASSERT_TRUE(c) << to_error(c.error()).sentence;
    EXPECT_EQ(c->serve.page_size, 5000);
    EXPECT_EQ(c->serve.address, "127.0.0.1");
    EXPECT_EQ(c->schedule.nightly, "30 1 * * *");
    EXPECT_FALSE(c->publish.as_at);
    EXPECT_FALSE(c->plugins.development);
    EXPECT_TRUE(c->plugins.folder.empty());
    EXPECT_EQ(plugins_folder(*c, "/opt/sendhub/bin/sendhub"), "/opt/sendhub/plugins");
    EXPECT_EQ(c->feeds[0].guard_percent, 20);
    EXPECT_EQ(c->feeds[0].limits.wall_seconds, 900);
    EXPECT_TRUE(c->hub.state.is_absolute());
    EXPECT_EQ(base_url(c->serve, 9000), "http://127.0.0.1:9000");
}

TEST(Config, every_declared_default_passes_its_own_check) {
    std::string text(least);
    std::string_view table;
    for (const auto& key : hub_keys()) {
        if (key.default_value.empty()) continue;
        if (key.table != "hub" && key.table != table) text += "[" + std::string(key.table) + "]\n";
        table = key.table;
        const bool bare = key.type == Type::integer || key.type == Type::boolean;
        text += std::string(key.name) + " = " + (bare ? "" : "\"") + std::string(key.default_value) +
                (bare ? "" : "\"") + "\n";
    }
    EXPECT_THAT(faults(text), ElementsAre()) << text;
    for (const auto& key : feed_keys())
        if (key.type == Type::integer) {
            const auto value = std::stoll(std::string(key.default_value));
            EXPECT_TRUE(value >= key.least && value <= key.most) << key.name;
        }
}

TEST(Config, all_faults_are_told_at_once_in_the_order_of_the_file) {
    EXPECT_THAT(faults("[hub]\n"
                       "name = \"Demo\"\n"
                       "la_cod = \"873\"\n"
                       "[serve]\n"
                       "page_size = \"5000\"\n"
                       "  listen = \"localhost\"\n"
                       "[schedul]\n"
                       "[feed.A]\n"
                       "connector = \"Census\"\n"
                       "[feed.b]\n"
                       "connector = \"c\"\n"
                       "transport = \"t\"\n"
                       "guard_percent = 101\n"
                       "schedule = \"61 1 * * *\"\n"),
                ElementsAre("hub.toml:1:1: hub.la_code is missing: The council's three-digit local authority "
                            "code. Write it under [hub]",
                            "hub.toml:3:1: there is no setting hub.la_cod; did you mean la_code?",
                            "hub.toml:5:13: serve.page_size must be a whole number, and this is a text",
                            "hub.toml:6:12: serve.listen must be an IP address and a port, such as "
                            "127.0.0.1:8080 or [::1]:8080",
                            "hub.toml:7:2: there is no table schedul; did you mean schedule?",
                            "hub.toml:8:1: feed.A.transport is missing: The plugin that brings the files. "
                            "Write it under [feed.A]",
                            HasSubstr("hub.toml:8:7: the feed A needs another name"),
                            HasSubstr("hub.toml:9:13: feed.A.connector must be the name of a plugin"),
                            "hub.toml:13:17: feed.b.guard_percent must be from 0 to 100, and this is 101",
                            HasSubstr("hub.toml:14:12: feed.b.schedule is not a cron expression: at "
                                      "character 1, expected the minute")));
}

TEST(Config, text_that_is_not_toml_is_told_with_its_place) {
    const auto found = faults("[hub]\nname = \"Demo\n");
    ASSERT_EQ(found.size(), 1u);
    EXPECT_THAT(found[0], HasSubstr("hub.toml:2:"));
    EXPECT_THAT(found[0], HasSubstr("this is not TOML"));
}

TEST(Config, what_is_written_twice_is_named_with_both_lines) {
    EXPECT_THAT(
        faults("[hub]\nname = \"Demo\"\n\n[feed.a]\n[feed.b]\n[feed.a]\n"),
        ElementsAre(HasSubstr("hub.toml:6:1: the table [feed.a] is written twice, on line 4 and on line 6")));
    EXPECT_THAT(faults("[hub]\nname = \"Demo\"\n[feed.a]\nname = \"x\"\n[serve]\nport = 1\nport = 2\n"),
                ElementsAre(HasSubstr("the setting serve.port is written twice, on line 6 and on line 7")));
}

TEST(Config, a_check_reads_on_after_a_fault) {
    TemporaryFolder temporary;
    const auto file = temporary.path / "hub.toml";
    ASSERT_TRUE(write_file_atomically(file, std::string(least) +
                                                "[schedule]\nnightly = \"x\"\n[feed.a]\nconnector = \"c\"\n"
                                                "transport = \"t\"\n[feed.a.fetch]\nfolder = \"f\"\n"));
    const Checked checked = check_config(file);
    EXPECT_FALSE(checked.errors.empty());
    ASSERT_EQ(checked.config.feeds.size(), 1u);
    const FeedConfig& feed = checked.config.feeds[0];
    EXPECT_EQ(feed.connector_place.line, 7u);
    EXPECT_EQ(feed.transport_place.line, 8u);
    EXPECT_EQ(feed.fetch_places.at("").line, 9u);
    EXPECT_EQ(feed.settings_places.at("").line, 6u) << "the feed's own table: there is none for the settings";
}

TEST(Config, a_file_that_is_not_there_is_a_sentence) {
    const auto loaded = load_config("/no/such/hub.toml");
    ASSERT_FALSE(loaded);
    EXPECT_EQ(to_string(loaded.error()[0]), "/no/such/hub.toml: there is no file /no/such/hub.toml");
}

TEST(Config, wrong_values_say_what_was_wanted) {
    const std::pair<const char*, const char*> cases[] = {
        {"[plugins]\ndevelopment = \"yes\"\n", "plugins.development must be true or false"},
        {"[plugins]\ndevelopment = 1\n", "plugins.development must be true or false"},
        {"[serve]\nlisten = \"127.0.0.1:65536\"\n", "serve.listen must be"},
        {"[serve]\nlisten = \"::1:80\"\n", "serve.listen must be"},
        {"[serve]\npublic_base_url = \"hub.example.gov.uk\"\n", "serve.public_base_url must be"},
        {"[serve]\npublic_base_url = \"https://u@hub.example.gov.uk\"\n", "serve.public_base_url must be"},
        {"[schedule]\nmissed_run = \"twice\"\n", "schedule.missed_run must be once or skip"},
        {"[schedule]\nnightly = \"30 1 * *\"\n", "expected the day of the week, field 5 of five"},
        {"[publish]\nas_at = \"2026-02-30\"\n", "publish.as_at must be a day"},
        {"[publish]\nkeep_versions = 0\n", "publish.keep_versions must be from 1"},
        {"[publish]\nkeep_versions = 7.5\n",
         "publish.keep_versions must be a whole number, and this is a number"},
        {"[match]\nprecedence = \"cme\"\n", "match.precedence must be a list"},
        {"[match]\nprecedence = [1]\n", "match.precedence must be a list"},
        {"[match]\nprecedence = [\"cm\"]\n[feed.cme]\nconnector=\"c\"\ntransport=\"t\"\n",
         "there is no feed cm; did you mean cme?"},
        {"[match]\nprecedence = [\"a\",\"a\"]\n[feed.a]\nconnector=\"c\"\ntransport=\"t\"\n",
         "stands in this list twice"},
        {"[match]\nprecedence_of = 3\n", "match.precedence_of must be a table"},
        {"[match]\none_record_each = [\"cm\"]\n[feed.cme]\nconnector=\"c\"\ntransport=\"t\"\n",
         "there is no feed cm"},
        {"[match]\ninstitutional_postcodes = [\"LS1 1AA\", \"LS1\"]\n", "LS1, which is not a postcode"},
        {"[match]\nretrain_days = 0\n", "match.retrain_days must be from 1"},
        {"[match.precedence_of]\npost_code = []\n",
         "a person has no field post_code; did you mean postcode?"},
        {"feed = 3\n", "there is no setting hub.feed"},
        {"[feed]\na = 3\n", "feed.a must be a table: write [feed.a]"},
        {"[feed.a]\nconnector=\"c\"\ntransport=\"t\"\nfetch = 3\n", "feed.a.fetch must be a table"},
        {"[feed.a]\nconnector=\"c\"\ntransport=\"t\"\n[feed.a.setings]\n",
         "there is no setting feed.a.setings; did you mean settings?"},
        {"[feed.a]\nconnector=\"c\"\ntransport=\"t\"\n[feed.a.limits]\nmemory = 5\n",
         "there is no setting feed.a.limits.memory"},
        {"[feed.a]\nconnector=\"c\"\ntransport=\"t\"\n[feed.a.limits]\nmemory_mb = 5\n",
         "feed.a.limits.memory_mb must be from 64"},
        {"[feed.a]\nconnector=\"c\"\ntransport=\"t\"\n[feed.a.fetch]\nx = [[1]]\n",
         "feed.a.fetch.x must be a list of single values"},
        {"[feed.a]\nconnector=\"c\"\ntransport=\"t\"\n[feed.a.fetch]\nx = 07:32:00\n",
         "feed.a.fetch.x is a time; write it as a text"},
        {"[feed.a]\nconnector=\"c\"\ntransport=\"t\"\n[feed.a.fetch]\nx.y = 1\n\"x.y\" = 2\n",
         "feed.a.fetch.x.y is set twice"},
    };
    for (const auto& [text, want] : cases) {
        const auto found = faults_after_least(text);
        ASSERT_EQ(found.size(), 1u) << text << ::testing::PrintToString(found);
        EXPECT_THAT(found[0], HasSubstr(want)) << text;
    }
}

TEST(Config, settings_of_plugins_are_flattened_with_their_places) {
    const auto c = parse_config(
        std::string(least) +
            "[feed.cme]\nconnector = \"c\"\ntransport = \"t\"\n"  // lines 4 to 6
            "[feed.cme.settings]\n"
            "mode = \"snapshot\"\nlimit = 5\nshare = 0.25\nstrict = true\nfrom = 2025-09-01\nempty = []\n"
            "[feed.cme.settings.values]\n"
            "\"reason.Awaiting school place\" = \"awaiting_place\"\n",
        "hub.toml");
    ASSERT_TRUE(c) << to_error(c.error()).sentence;
    const std::map<std::string, std::string> want{{"mode", "snapshot"},
                                                  {"limit", "5"},
                                                  {"share", "0.25"},
                                                  {"strict", "true"},
                                                  {"from", "2025-09-01"},
                                                  {"empty", ""},
                                                  {"values.reason.Awaiting school place", "awaiting_place"}};
    EXPECT_EQ(c->feeds[0].settings, want);
    EXPECT_EQ(c->feeds[0].settings_places.at("mode").line, 8u);
    EXPECT_EQ(c->feeds[0].settings_places.at("mode").column, 8u);
    EXPECT_EQ(c->feeds[0].settings_places.at("values.reason.Awaiting school place").line, 15u);
}

TEST(Config, addresses_of_both_kinds_can_be_listened_on) {
    const auto v6 = parse_config(std::string(least) + "[serve]\nlisten = \"[::1]:0\"\n", "hub.toml");
    ASSERT_TRUE(v6);
    EXPECT_EQ(v6->serve.address, "::1");
    EXPECT_EQ(v6->serve.port, 0);
    EXPECT_EQ(base_url(v6->serve, 8080), "http://[::1]:8080");
    const auto url = parse_config(
        std::string(least) + "[serve]\npublic_base_url = \"https://hub.example.gov.uk/send/\"\n", "hub.toml");
    ASSERT_TRUE(url);
    EXPECT_EQ(base_url(url->serve, 8080), "https://hub.example.gov.uk/send");
}

TEST(Config, the_report_lists_faults_or_what_is_set_up) {
    const auto good =
        parse_config(std::string(least) + "[feed.a]\nconnector = \"c\"\ntransport = \"t\"\n", "/x/hub.toml");
    EXPECT_THAT(check_report("/x/hub.toml", good),
                HasSubstr("/x/hub.toml is in order\ncouncil   Demo (873)\nstate     /x/state\n"));
    EXPECT_THAT(check_report("/x/hub.toml", good), HasSubstr("  a: c from t\n"));
    const auto bad = parse_config("[hub]\nname = \"Demo\"\nla_code = 873\n", "hub.toml");
    EXPECT_EQ(check_report("hub.toml", bad),
              "hub.toml:3:11: hub.la_code must be a text in quotes, and this is a whole number\n"
              "hub.toml: 1 fault; nothing was started or changed\n");
}

TEST(Config, the_reference_page_in_docs_is_the_one_made_from_the_table) {
    const std::string made = settings_reference();
    const std::filesystem::path copy = SENDHUB_BINARY_DIR "/generated/settings.md";
    ASSERT_TRUE(write_file_atomically(copy, made));
    const auto page = read_file(SENDHUB_SOURCE_DIR "/docs/reference/settings.md");
    ASSERT_TRUE(page) << page.error().sentence;
    EXPECT_EQ(*page, made)
        << "the page is out of date: copy build/<preset>/generated/settings.md to docs/reference/settings.md";
}
