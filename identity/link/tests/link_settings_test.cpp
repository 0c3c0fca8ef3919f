#include "identity/link/link_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.hpp"

namespace sendhub::identity::link {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(LinkSettings, EveryKeyIsTaken) {
    const auto s = parse_link_settings(R"(
id = ["a", "b"]
source = "feed"
purpose = "operational"
automatic = 9.5
review = 1
max_cluster = 60
institutional_postcodes = ["ls1 1aa"]
seed = 7
threads = 1
[columns]
"Given Name" = "forename"
notes = "ignore"
)",
                                       "link.toml");
    ASSERT_TRUE(s) << s.error().sentence;
    EXPECT_THAT(s->ids, ElementsAre("a", "b"));
    EXPECT_EQ(s->source, "feed");
    EXPECT_EQ(s->purpose, Purpose::operational);
    EXPECT_EQ(s->automatic, 9.5);
    EXPECT_EQ(s->review, 1.0);
    EXPECT_EQ(s->max_cluster, 60u);
    EXPECT_THAT(s->institutional_postcodes, ElementsAre("LS1 1AA"));
    EXPECT_EQ(s->seed, 7u);
    EXPECT_EQ(s->threads, 1u);
    EXPECT_THAT(s->columns, testing::UnorderedElementsAre(testing::Pair("Given Name", Role::forename),
                                                          testing::Pair("notes", Role::ignore)));
}

TEST(LinkSettings, AllFaultsAtOnceWithTheirPlace) {
    const auto s = parse_link_settings(R"(purpos = "statistics"
purpose = "fun"
max_cluster = 1
automatic = "high"
institutional_postcodes = ["nowhere"]
[columns]
a = "forenam"
)",
                                       "link.toml");
    ASSERT_FALSE(s);
    EXPECT_EQ(s.error().code, ErrorCode::settings);
    const std::string& all = s.error().sentence;
    EXPECT_THAT(all, HasSubstr("link.toml:1:1: there is no key purpos; did you mean purpose?"));
    EXPECT_THAT(all, HasSubstr("link.toml:2:"));
    EXPECT_THAT(all, HasSubstr("link.toml:3:15: max_cluster is a whole number from 2"));
    EXPECT_THAT(all, HasSubstr("link.toml:4:"));
    EXPECT_THAT(all, HasSubstr("link.toml:5:"));
    EXPECT_THAT(all, HasSubstr("link.toml:7:5: there is no role forenam; did you mean forename?"));
    EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 5);
}

TEST(LinkSettings, WhatIsNoTomlIsOneFault) {
    const auto s = parse_link_settings("purpose = \n", "link.toml");
    ASSERT_FALSE(s);
    EXPECT_THAT(s.error().sentence, HasSubstr("link.toml:1:"));
}

TEST(LinkSettings, ReviewAboveAutomaticIsRefused) {
    const auto s = parse_link_settings("automatic = 3\nreview = 5\n", "link.toml");
    ASSERT_FALSE(s);
    EXPECT_THAT(s.error().sentence, HasSubstr("link.toml:2:"));
}

TEST(Map, ColumnAndRole) {
    const auto map = parse_map("Given = name=forename");
    ASSERT_TRUE(map);
    EXPECT_EQ(map->first, "Given = name");
    EXPECT_EQ(map->second, Role::forename);
    EXPECT_THAT(parse_map("a=surnam").error().sentence, HasSubstr("did you mean surname"));
    EXPECT_THAT(parse_map("a=zzzzzzzz").error().sentence, HasSubstr("the roles are forename"));
    for (const char* wrong : {"a", "=forename", "a="}) EXPECT_FALSE(parse_map(wrong)) << wrong;
}

TEST(LinkPage, HasEveryKeyAndRole) {
    const auto page = read_file(std::filesystem::path(SENDHUB_SOURCE_DIR) / "docs/link.md");
    ASSERT_TRUE(page);
    EXPECT_THAT(*page, HasSubstr(link_settings_reference())) << "docs/link.md, the table of keys";
    for (const std::string_view role : role_names())
        EXPECT_THAT(*page, HasSubstr("`" + std::string(role) + "`")) << role;
}

}  // namespace
}  // namespace sendhub::identity::link
