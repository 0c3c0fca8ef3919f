#include "hub/config/plugin_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace sendhub::config;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Settings = std::map<std::string, std::string>;

namespace {

const std::vector<DeclaredSetting> declared{
    {.name = "folder", .type = "folder", .meaning = "Where the files are.", .required = true},
    {.name = "patterns", .type = "text", .default_value = "*", .meaning = "Which files.", .list = true},
    {.name = "extra", .type = "folder", .meaning = "More folders.", .list = true},
    {.name = "settle_seconds",
     .type = "integer",
     .unit = "seconds",
     .default_value = "2",
     .meaning = "How long to wait."},
    {.name = "share", .type = "number", .meaning = "A share."},
    {.name = "recurse", .type = "boolean", .default_value = "false", .meaning = "Folders within."},
    {.name = "since", .type = "date", .meaning = "From when."},
    {.name = "token", .type = "text", .meaning = "The key.", .secret = true},
    {.name = "columns", .type = "text", .meaning = "Headers.", .table = true},
};

std::vector<std::string> faults(const Settings& given, const SettingsContext& context = {}) {
    std::vector<std::string> out;
    if (const auto checked = check_plugin_settings(given, declared, context); !checked)
        for (const auto& error : checked.error()) out.push_back(error.sentence);
    return out;
}

}  // namespace

TEST(PluginSettings, what_is_handed_on_has_defaults_and_absolute_folders) {
    SettingsContext context{.table = "feed.cme.fetch", .folder = "/etc/sendhub"};
    const auto checked = check_plugin_settings({{"folder", "feeds/../feeds/cme"},
                                                {"extra", "a\n/b"},
                                                {"token", "env:TOKEN"},
                                                {"columns.Child.Ref", "x"}},
                                               declared, context);
    ASSERT_TRUE(checked);
    EXPECT_EQ(*checked, (Settings{{"folder", "/etc/sendhub/feeds/cme"},
                                  {"extra", "/etc/sendhub/a\n/b"},
                                  {"patterns", "*"},
                                  {"settle_seconds", "2"},
                                  {"recurse", "false"},
                                  {"token", "env:TOKEN"},
                                  {"columns.Child.Ref", "x"}}));
}

TEST(PluginSettings, every_fault_is_told_with_its_place) {
    SettingsContext context{.file = "hub.toml",
                            .table = "feed.cme.fetch",
                            .folder = "/etc/sendhub",
                            .places = {{"patern", {12, 1}}, {"settle_seconds", {11, 18}}}};
    const auto checked =
        check_plugin_settings({{"patern", "*.csv"}, {"settle_seconds", "soon"}}, declared, context);
    ASSERT_FALSE(checked);
    ASSERT_EQ(checked.error().size(), 3u);
    EXPECT_EQ(to_string(checked.error()[0]),
              "hub.toml: feed.cme.fetch.folder is missing: Where the files are.");
    EXPECT_EQ(to_string(checked.error()[1]),
              "hub.toml:11:18: feed.cme.fetch.settle_seconds must be a whole number");
    EXPECT_EQ(to_string(checked.error()[2]),
              "hub.toml:12:1: there is no setting feed.cme.fetch.patern; did you mean patterns?");
}

TEST(PluginSettings, types_are_checked) {
    const std::pair<Settings, const char*> cases[] = {
        {{{"folder", "f"}, {"share", "nan"}}, "share must be a number"},
        {{{"folder", "f"}, {"settle_seconds", "1.5"}}, "settle_seconds must be a whole number"},
        {{{"folder", "f"}, {"settle_seconds", "99999999999999999999"}},
         "settle_seconds must be a whole number"},
        {{{"folder", "f"}, {"recurse", "yes"}}, "recurse must be true or false"},
        {{{"folder", "f"}, {"since", "01/09/2025"}}, "since must be a day"},
        {{{"folder", "f"}, {"columns", "x"}}, "columns must be a table: write [columns]"},
        {{{"folder", "f"}, {"share.x", "1"}}, "share takes a value, not a table"},
        {{{"folder", ""}}, "folder is missing"},
    };
    for (const auto& [given, want] : cases) EXPECT_THAT(faults(given), ElementsAre(HasSubstr(want)));
    EXPECT_THAT(faults({{"folder", "f"},
                        {"share", "0.5"},
                        {"settle_seconds", "-1"},
                        {"recurse", "true"},
                        {"since", "2025-09-01"}}),
                ElementsAre());
}

TEST(PluginSettings, a_list_is_only_taken_where_one_is_declared) {
    SettingsContext context{.places = {{"folder", {3, 1, true}}, {"patterns", {4, 1, true}}}};
    EXPECT_THAT(faults({{"folder", "a"}, {"patterns", "*.csv\n*.zip"}}, context),
                ElementsAre("folder takes one value, not a list"));
}

TEST(PluginSettings, a_secret_that_stands_there_itself_is_refused_and_not_repeated) {
    const auto found = faults({{"folder", "f"}, {"token", "hunter2"}});
    ASSERT_EQ(found.size(), 1u);
    EXPECT_THAT(found[0], HasSubstr("token is a secret"));
    EXPECT_THAT(found[0], ::testing::Not(HasSubstr("hunter2")));
}

TEST(PluginSettings, a_required_table_needs_a_key) {
    std::vector<DeclaredSetting> only{
        {.name = "columns", .type = "text", .meaning = "Headers.", .required = true, .table = true}};
    EXPECT_FALSE(check_plugin_settings({}, only));
    EXPECT_TRUE(check_plugin_settings({{"columns.a", "b"}}, only));
}

TEST(PluginSettings, the_table_for_readers_names_every_setting) {
    const std::string table = settings_table(declared);
    EXPECT_THAT(table, HasSubstr("| `folder` | folder | **required** | Where the files are. |\n"));
    EXPECT_THAT(table, HasSubstr("| `settle_seconds` | integer, seconds | `2` | How long to wait. |\n"));
    EXPECT_THAT(table, HasSubstr("| `token` | text, secret |  | The key. |\n"));
}
