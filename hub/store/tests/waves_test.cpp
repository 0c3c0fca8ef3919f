#include "hub/store/waves.hpp"

#include <gtest/gtest.h>

#include <map>

using namespace sendhub;
using namespace sendhub::store;

namespace {

const schema::Record* const a = schema::find_record("enrolment");
const schema::Record* const b = schema::find_record("sen_need");

StagedScope scope(std::int64_t no, const schema::Record* record, const char* name, Days as_of,
                  std::vector<std::int64_t> files, bool refused = false) {
    return {.no = no,
            .record = record,
            .name = name,
            .as_of = as_of,
            .rows = 1,
            .files = std::move(files),
            .refused = refused};
}

struct Place {
    std::size_t wave, turn, group;
};
std::map<std::int64_t, Place> plan(const std::vector<StagedScope>& scopes) {
    std::map<std::int64_t, Place> places;
    for (const Instance& i : plan_waves(scopes)) places[i.scope->no] = {i.wave, i.turn, i.group};
    return places;
}

TEST(Waves, schools_of_a_night_are_one_wave_and_stand_or_fall_alone) {
    auto places = plan({scope(0, a, "s1", 10, {0}), scope(1, b, "s1", 10, {0}), scope(2, a, "s2", 11, {1}),
                        scope(3, b, "s2", 11, {1})});
    for (const auto& [no, place] : places) EXPECT_EQ(place.wave, 0u) << no;
    EXPECT_EQ(places[0].group, places[1].group);
    EXPECT_EQ(places[2].group, places[3].group);
    EXPECT_NE(places[0].group, places[2].group);
}

TEST(Waves, a_second_return_of_a_school_follows_the_first_as_a_whole) {
    // The first return lacked sen_need: the second one's sen_need still waits for its enrolments.
    auto places = plan({scope(0, a, "s1", 20, {0}), scope(1, b, "s1", 20, {0}), scope(2, a, "s1", 10, {1})});
    EXPECT_EQ(places[2].wave, 0u);
    EXPECT_EQ(places[0].wave, 1u);
    EXPECT_EQ(places[1].wave, 1u);
    EXPECT_NE(places[0].group, places[2].group);
}

TEST(Waves, the_same_name_and_day_belong_together_also_in_other_files) {
    auto places = plan({scope(0, a, "s1", 10, {0}), scope(1, b, "s1", 10, {1}), scope(2, a, "s2", 10, {1}),
                        scope(3, a, "s3", 10, {2})});
    EXPECT_EQ(places[0].group, places[1].group);
    EXPECT_EQ(places[1].group, places[2].group);
    EXPECT_NE(places[0].group, places[3].group);
}

TEST(Waves, two_files_of_one_scope_and_day_are_two_groups) {
    auto places = plan({scope(0, a, "s1", 10, {0}), scope(1, a, "s1", 10, {1})});
    EXPECT_NE(places[0].group, places[1].group);
    EXPECT_EQ(places[0].wave, 0u);
    EXPECT_EQ(places[1].wave, 1u);
}

TEST(Waves, a_scope_twice_in_one_group_takes_turns_by_day) {
    auto places = plan({scope(0, a, "s1", 20, {0}), scope(1, a, "s1", 10, {0})});
    EXPECT_EQ(places[0].group, places[1].group);
    EXPECT_EQ(places[1].turn, 0u);
    EXPECT_EQ(places[0].turn, 1u);
}

TEST(Waves, refused_scopes_have_no_place) { EXPECT_TRUE(plan({scope(0, a, "s1", 10, {0}, true)}).empty()); }

}  // namespace
