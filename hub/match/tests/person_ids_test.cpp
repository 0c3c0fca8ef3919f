#include "hub/match/person_ids.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "hub/match/best_assignment.hpp"

using namespace sendhub::match;

namespace {

const std::string secret = "0123456789abcdef0123456789abcdef";

// Ids in the order in which they were given out; earlier ones are older.
class Ids {
  public:
    Assignment assign(std::vector<std::uint32_t> cluster, std::vector<std::string> before,
                      std::vector<Hold> hold = {},
                      std::vector<std::pair<std::uint32_t, std::string>> pins = {},
                      std::vector<EndedId> ended = {}) {
        hold.resize(cluster.size());
        return assign_person_ids({std::move(cluster), std::move(before), std::move(hold), std::move(pins),
                                  [this](std::string_view id) { return age_.at(std::string(id)); },
                                  [ended] { return ended; },
                                  [this] {
                                      std::string id = make_person_id(secret, next_);
                                      age_[id] = next_++;
                                      return id;
                                  }});
    }

  private:
    std::uint64_t next_ = 1;
    std::map<std::string, std::uint64_t> age_;
};

std::size_t count(const Assignment& a, EventType type) {
    return static_cast<std::size_t>(
        std::count_if(a.events.begin(), a.events.end(), [&](const Event& e) { return e.type == type; }));
}
bool tells(const Assignment& a, EventType type, const std::string& person, const std::string& other) {
    return std::any_of(a.events.begin(), a.events.end(), [&](const Event& e) {
        return e.type == type && e.person == person && e.other == other;
    });
}

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
    const auto first = ids.assign({0, 0, 2, 3, 3}, {"", "", "", "", ""});
    EXPECT_EQ(count(first, EventType::create), 3u);
    EXPECT_EQ(count(first, EventType::add), 2u);
    const auto second = ids.assign({0, 0, 2, 3, 3}, first.person);
    EXPECT_EQ(first.person, second.person);
    EXPECT_TRUE(second.events.empty());
}

TEST(PersonIds, a_merge_keeps_the_id_of_most_records_and_says_so) {
    Ids ids;
    const auto before = ids.assign({0, 0, 2}, {"", "", ""}).person;
    const auto after = ids.assign({0, 0, 0}, before);
    EXPECT_EQ(after.person[2], before[0]);
    ASSERT_EQ(after.events.size(), 1u);
    EXPECT_TRUE(tells(after, EventType::merge, before[0], before[2]));
    EXPECT_EQ(after.ended, (std::vector<std::pair<std::string, std::string>>{{before[2], before[0]}}));
}

// matching.md section 11: manual pin, verified NHS number, valid UPN, most records, oldest id.
TEST(PersonIds, the_survivor_of_a_merge_is_chosen_in_the_order_of_the_rules) {
    Ids ids;
    const auto before = ids.assign({0, 0, 0, 3, 4, 5}, std::vector<std::string>(6)).person;
    const std::vector<std::uint32_t> all = {0, 0, 0, 0, 0, 0};
    EXPECT_EQ(ids.assign(all, before).person[0], before[0]) << "most records";
    EXPECT_EQ(ids.assign(all, before, {{}, {}, {}, {.upn = true}}).person[0], before[3]);
    EXPECT_EQ(ids.assign(all, before, {{}, {}, {}, {.upn = true}, {.nhs_number = true}}).person[0],
              before[4]);
    EXPECT_EQ(ids.assign(all, before, {{}, {}, {}, {.upn = true}, {.nhs_number = true}}, {{5, before[5]}})
                  .person[0],
              before[5]);
    const std::vector<std::string> singles = {before[3], before[4], before[5]};
    EXPECT_EQ(ids.assign({0, 0, 0}, singles).person[0], before[3]) << "the oldest";
}

TEST(PersonIds, a_split_gives_the_smaller_part_a_new_id) {
    Ids ids;
    const auto before = ids.assign({0, 0, 0}, {"", "", ""}).person;
    const auto after = ids.assign({0, 0, 2}, before);
    EXPECT_EQ(after.person[0], before[0]);
    EXPECT_NE(after.person[2], before[0]);
    EXPECT_TRUE(tells(after, EventType::split, before[0], after.person[2]));
    const auto held = ids.assign({0, 0, 2}, before, {{}, {}, {.nhs_number = true}});
    EXPECT_EQ(held.person[2], before[0]) << "the part with the verified number keeps it";
}

TEST(PersonIds, an_unmerge_gives_back_the_old_id_and_its_members) {
    Ids ids;
    const auto before = ids.assign({0, 0, 2, 2}, std::vector<std::string>(4)).person;
    const auto merged = ids.assign({0, 0, 0, 0}, before, {{.upn = true}});
    ASSERT_EQ(merged.person[2], before[0]);
    const auto apart =
        ids.assign({0, 0, 2, 2}, merged.person, {{.upn = true}}, {}, {{before[2], before[0], {2, 3}}});
    EXPECT_EQ(apart.person, before);
    EXPECT_EQ(apart.revived, std::vector<std::string>{before[2]});
    EXPECT_TRUE(tells(apart, EventType::split, before[0], before[2]));
    EXPECT_EQ(count(apart, EventType::create), 0u) << "no new person";
}

TEST(PersonIds, a_record_that_comes_back_alone_finds_its_person_again) {
    Ids ids;
    const auto before = ids.assign({0, 1}, {"", ""}).person;
    const auto back = ids.assign({0, 1}, {before[0], ""}, {}, {}, {{before[1], "", {1}}});
    EXPECT_EQ(back.person, before);
    ASSERT_EQ(back.events.size(), 1u);
    EXPECT_EQ(back.events[0].type, EventType::add);
}

TEST(PersonIds, a_record_that_moves_between_two_living_persons_is_neither_split_nor_merge) {
    Ids ids;
    const auto before = ids.assign({0, 0, 0, 3, 3}, std::vector<std::string>(5)).person;
    const auto after = ids.assign({0, 0, 2, 2, 2}, before);
    EXPECT_EQ(after.person[0], before[0]);
    EXPECT_EQ(after.person[2], before[3]);
    ASSERT_EQ(after.events.size(), 2u);
    EXPECT_EQ(after.events[0].type, EventType::remove);
    EXPECT_EQ(after.events[0].person, before[0]);
    EXPECT_EQ(after.events[1].type, EventType::add);
    EXPECT_EQ(after.events[1].person, before[3]);
    EXPECT_EQ(after.events[1].record, 2u);
}

// Best first would give cluster 1 the id A (3 records in common) and leave cluster 2 with nothing of B's.
TEST(PersonIds, as_many_records_as_possible_keep_their_id) {
    Ids ids;
    // ids: A has records 0–4, B has 5–6. Clusters: {0,1,2,5,6}, {3,4}: A–first 3, A–second 2, B–first 2.
    const auto before = ids.assign({0, 0, 0, 0, 0, 5, 5}, std::vector<std::string>(7)).person;
    const auto after = ids.assign({0, 0, 0, 3, 3, 0, 0}, before);
    EXPECT_EQ(after.person[0], before[5]);
    EXPECT_EQ(after.person[3], before[0]);
    EXPECT_EQ(count(after, EventType::create), 0u);
}

TEST(BestAssignment, equals_the_best_of_all_permutations) {
    std::mt19937 random(3);
    for (int round = 0; round < 300; ++round) {
        const std::size_t rows = 1 + random() % 5, columns = 1 + random() % 5;
        std::vector<std::vector<Weight>> weight(rows, std::vector<Weight>(columns));
        for (auto& row : weight)
            for (Weight& w : row) w = static_cast<Weight>(random() % 3 ? random() % 50 : 0) << 90;
        std::vector<std::size_t> order(std::max(rows, columns));
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        Weight best = 0;
        do {
            Weight sum = 0;
            for (std::size_t r = 0; r < rows; ++r)
                if (order[r] < columns) sum += weight[r][order[r]];
            best = std::max(best, sum);
        } while (std::next_permutation(order.begin(), order.end()));
        const auto chosen = best_assignment(weight);
        Weight found = 0;
        std::set<int> used;
        for (std::size_t r = 0; r < rows; ++r) {
            if (chosen[r] < 0) continue;
            EXPECT_TRUE(used.insert(chosen[r]).second) << "one column twice";
            found += weight[r][static_cast<std::size_t>(chosen[r])];
        }
        EXPECT_TRUE(found == best) << "round " << round;
    }
}
