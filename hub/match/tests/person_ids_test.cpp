#include "hub/match/person_ids.hpp"

#include <gtest/gtest.h>

#include <set>

using namespace sendhub::match;

namespace {
const std::string secret = "0123456789abcdef0123456789abcdef";
struct Ids {
    std::uint64_t next = 1;
    std::string operator()() { return make_person_id(secret, next++); }
};
std::uint64_t no_age(std::string_view) { return 0; }
}  // namespace

TEST(PersonIds, an_id_carries_a_check_character_and_shows_nothing_of_its_number) {
    std::set<std::string> ids;
    for (std::uint64_t i = 0; i < 20000; ++i) {
        const std::string id = make_person_id(secret, i);
        EXPECT_TRUE(is_person_id(id));
        ids.insert(id);
    }
    EXPECT_EQ(ids.size(), 20000u);
    std::string id = make_person_id(secret, 1);
    for (std::size_t i = 1; i < id.size(); ++i)
        for (const char c : std::string_view("0123456789ABCDEFGHJKMNPQRSTVWXYZ")) {
            std::string wrong = id;
            if (wrong[i] == c) continue;
            wrong[i] = c;
            EXPECT_FALSE(is_person_id(wrong)) << wrong;
        }
    EXPECT_NE(make_person_id(secret, 1), make_person_id("another secret of another hub 123", 1));
}

TEST(PersonIds, a_rerun_changes_no_id) {
    Ids ids;
    const std::vector<std::uint32_t> cluster = {0, 0, 2, 3, 3};
    const auto first = assign_person_ids(cluster, {"", "", "", "", ""}, no_age, std::ref(ids));
    const auto second = assign_person_ids(cluster, first.person, no_age, std::ref(ids));
    EXPECT_EQ(first.person, second.person);
    EXPECT_TRUE(second.events.empty());
}

TEST(PersonIds, a_merge_keeps_the_id_of_most_records_and_says_so) {
    Ids ids;
    const auto before = assign_person_ids({0, 0, 2}, {"", "", ""}, no_age, std::ref(ids)).person;
    const auto after = assign_person_ids({0, 0, 0}, before, no_age, std::ref(ids));
    EXPECT_EQ(after.person[2], before[0]);
    ASSERT_EQ(after.events.size(), 1u);
    EXPECT_EQ(after.events[0].type, EventType::merge);
    EXPECT_EQ(after.events[0].other, before[2]);
}

TEST(PersonIds, a_split_gives_the_smaller_part_a_new_id) {
    Ids ids;
    const auto before = assign_person_ids({0, 0, 0}, {"", "", ""}, no_age, std::ref(ids)).person;
    const auto after = assign_person_ids({0, 0, 2}, before, no_age, std::ref(ids));
    EXPECT_EQ(after.person[0], before[0]);
    EXPECT_NE(after.person[2], before[0]);
    bool told = false;
    for (const auto& e : after.events)
        told = told || (e.type == EventType::split && e.person == before[0] && e.other == after.person[2]);
    EXPECT_TRUE(told);
}
