// A model is trained once, stays, and is followed by another only when a person says so.
#include <array>

#include "hub/match/tests/matching_fixture.hpp"

using namespace sendhub;
using namespace sendhub::match;

namespace {

struct ModelLife : Matching {
    void children(unsigned from, unsigned to) {
        static const std::array<const char*, 5> forenames = {"Alex", "Noah", "Ava", "Zoe", "Mohammed"},
                                                surnames = {"Example", "Other", "Khan", "Smith", "O'Neil"};
        for (unsigned i = from; i < to; ++i) {
            Child c{"census",
                    "c" + std::to_string(i),
                    forenames[i % 5],
                    surnames[(i / 5) % 5],
                    "201" + std::to_string(i % 10) + "-0" + std::to_string(1 + i % 9) + "-1" +
                        std::to_string(i % 7),
                    valid_upn(i)};
            put(c);
            c.feed = "cme";
            if (i % 2) c.upn.clear();
            put(c);
        }
    }
    std::string states() {
        return text("select string_agg(version || ' ' || state, ', ' order by version) from match_model");
    }
};

}  // namespace

TEST_F(ModelLife, the_first_night_trains_and_later_ones_keep_to_it) {
    children(0, 30);
    const MatchOutcome first = run();
    EXPECT_EQ(first.compared, 60u);
    ASSERT_EQ(first.notes.size(), 1u);
    EXPECT_NE(first.notes[0].find("shipped weights"), std::string::npos) << "few records cannot train much";
    const std::string body = text("select body from match_model");
    children(30, 33);
    const MatchOutcome second = run();
    EXPECT_EQ(second.compared, 6u);
    EXPECT_EQ(second.model, first.model);
    EXPECT_TRUE(second.notes.empty());
    EXPECT_EQ(text("select body from match_model"), body);
}

TEST_F(ModelLife, an_old_model_gets_a_shadow_that_works_only_once_approved) {
    children(0, 30);
    settings.retrain_days = 3;
    const MatchOutcome first = run();
    run();
    run();
    const std::string members = text(
        "select string_agg(person_ref || person_key, ',' order by feed, person_ref) from "
        "person_link");
    const MatchOutcome fourth = run();
    EXPECT_EQ(fourth.model, first.model) << "the old one still works";
    ASSERT_EQ(fourth.notes.size(), 1u);
    EXPECT_NE(fourth.notes[0].find("waits for a person"), std::string::npos);
    EXPECT_EQ(states(), "2023-11-15.1 current, 2023-11-18.1 shadow");
    EXPECT_NE(text("select note from match_model where state = 'shadow'").find("would join"),
              std::string::npos);
    EXPECT_TRUE(run().notes.empty()) << "one shadow is enough";
    // what `sendhub review model approve` does
    sql("update match_model set state = 'retired' where state = 'current'");
    sql("update match_model set state = 'current', decided_by = 'officer', decided_at = '2023-11-20' where "
        "state = "
        "'shadow'");
    const MatchOutcome then = run();
    EXPECT_EQ(then.model, "2023-11-18.1");
    EXPECT_EQ(then.compared, then.records) << "another model, another weight for every pair";
    EXPECT_EQ(number("select count(*) from match_edge where model <> '2023-11-18.1'"), 0);
    EXPECT_EQ(
        text("select string_agg(person_ref || person_key, ',' order by feed, person_ref) from person_link"),
        members)
        << "the same records: the same persons";
}

TEST_F(ModelLife, a_feed_that_is_new_is_matched_with_the_old_model) {
    children(0, 30);
    const MatchOutcome first = run();
    put({"aaa_first_by_name", "a1", "Alex", "Example", "2010-01-10", valid_upn(0)});
    const MatchOutcome out = run();
    EXPECT_EQ(out.model, first.model);
    EXPECT_EQ(out.compared, 1u) << "no record of another feed counts as changed";
    EXPECT_EQ(person_of("aaa_first_by_name", "a1"), person_of("census", "c0"));
}

TEST_F(ModelLife, a_model_of_other_columns_gives_way) {
    children(0, 30);
    run();
    sql("update match_model set plan = '{\"comparisons\":[]}'");
    const MatchOutcome out = run();
    EXPECT_EQ(out.model, "2023-11-16.1");
    ASSERT_EQ(out.notes.size(), 2u);
    EXPECT_NE(out.notes[0].find("other columns"), std::string::npos);
    EXPECT_EQ(states(), "2023-11-15.1 retired, 2023-11-16.1 current");
}

TEST_F(ModelLife, a_model_from_before_names_of_twins_were_learnt_is_told_of_every_night) {
    children(0, 30);
    EXPECT_EQ(run().notes.size(), 1u) << "of the training";
    sql("update match_model set body = regexp_replace(replace(body, '\"file_version\":6', "
        "'\"file_version\":2'), "
        "'\"twin_names\":\\[[^]]*\\],', '')");
    for (int night = 0; night < 2; ++night) {
        const MatchOutcome out = run();
        EXPECT_EQ(out.model, "2023-11-15.1") << "it still works";
        ASSERT_EQ(out.notes.size(), 2u);
        EXPECT_NE(out.notes[0].find("names twins bear together"), std::string::npos);
        EXPECT_NE(out.notes[1].find("that source seldom knows"), std::string::npos);
        EXPECT_EQ(
            number("select count(*) from match_figure where topic = 'fallback' and note like '%train a new "
                   "model'"),
            2);
    }
}

TEST_F(ModelLife, a_pilot_that_has_doubled_trains_again) {
    children(0, 20);
    run();
    children(20, 39);
    EXPECT_EQ(run().model, "2023-11-15.1");
    children(39, 40);
    EXPECT_EQ(run().model, "2023-11-17.1");
}
