#include "hub/match/run.hpp"

#include "hub/match/person_ids.hpp"
#include "hub/match/tests/matching_fixture.hpp"

using namespace sendhub;
using namespace sendhub::match;

// By its weight it would wait for a person; that both feeds know every other child, and no twin of this one,
// settles it. The link says so.
TEST_F(Matching, a_link_that_rests_on_no_second_child_says_so) {
    static const char* const syllables[] = {"ba",  "del", "fin", "gor", "hul",
                                            "jim", "kes", "lon", "mar", "nop"};
    auto name = [](int n) {
        return std::string(syllables[n % 10]) + syllables[n / 10 % 10] + syllables[n / 100 % 10];
    };
    for (int i = 0; i < 200; ++i)
        for (const char* feed : {"census", "health"})
            put({feed, "r" + std::to_string(i), name(i * 7), name(i * 13 + 5),
                 "20" + std::to_string(10 + i % 6) + "-0" + std::to_string(1 + i % 9) + "-" +
                     std::to_string(10 + i % 18),
                 "", "LS" + std::to_string(1 + i % 9) + " " + std::to_string(i % 10) + "AA", "",
                 i % 2 ? "F" : "M", ""});
    put({"census", "short", "Elizabeth", "Fairweather", "2012-03-14", "", "LS4 4AA", "", "F", ""});
    put({"health", "short", "Lizzie", "Fairweather", "2012-03-14", "", "LS4 4AA", "", "F", ""});
    run();
    EXPECT_EQ(person_of("census", "short"), person_of("health", "short"));
    EXPECT_NE(text("select match_rule from person_link where feed = 'health' and person_ref = 'short'")
                  .find("no source knows a second child"),
              std::string::npos);
    EXPECT_EQ(number("select count(*) from person_link where match_rule like '%second child%'"), 2);
    decide("same", "census", "short", "health", "short");
    run();
    EXPECT_EQ(text("select match_rule from person_link where feed = 'health' and person_ref = 'short'"),
              "a person said so");
}

TEST_F(Matching, every_record_gets_one_person_and_the_best_row_names_its_sources) {
    put({"census", "c1", "Alexandra", "Example", "2014-03-09", valid_upn(1), "LS1 1AA"});
    put({"cme", "m1", "Alex", "Example", "2014-03-09", valid_upn(1), "LS2 2BB"});
    put({"cme", "m2", "Noah", "Other", "2013-01-01"});
    const MatchOutcome out = run();
    EXPECT_EQ(out.records, 3u);
    EXPECT_EQ(out.people, 2u);
    EXPECT_EQ(out.linked, 2u);
    EXPECT_EQ(number("select count(*) from person_link"), 3);
    EXPECT_EQ(text("select forename from person where surname = 'Example'"), "Alexandra");
    EXPECT_EQ(text("select postcode from person where surname = 'Example'"), "LS2 2BB")
        << "the order for postcode is its own";
    const std::string sources = text("select attribute_sources from person where surname = 'Example'");
    EXPECT_NE(sources.find("\"surname\":\"census\""), std::string::npos) << sources;
    EXPECT_NE(sources.find("\"postcode\":\"cme\""), std::string::npos) << sources;
    EXPECT_TRUE(is_person_id(text("select person_key from person where surname = 'Other'")));
    EXPECT_EQ(text("select match_method from person_link where person_ref = 'm2'"), "none");
    EXPECT_EQ(text("select match_method from person_link where person_ref = 'm1'"), "exact");
    EXPECT_NE(text("select match_rule from person_link where person_ref = 'm1'").find("UPN"),
              std::string::npos);
}

TEST_F(Matching, a_hundred_runs_over_the_same_records_change_nothing) {
    put({"census", "c1", "Alex", "Example", "2014-03-09", valid_upn(1), "LS1 1AA"});
    put({"cme", "m1", "Alex", "Example", "2014-03-09", "", "LS1 1AA"});
    put({"cme", "m2", "Alix", "Example", "2014-03-09", valid_upn(2), "LS1 1AA"});
    put({"yj", "y1", "Noah", "Other", "2013-01-01", "", "LS9 9ZZ"});
    run();
    auto everything = [&] {
        return text(
                   "select string_agg(feed || person_ref || person_key || run_id || linked_at::varchar, ',' "
                   "order "
                   "by feed, person_ref) from person_link") +
               text(
                   "select string_agg(person_key || updated_at::varchar, ',' order by person_key) from "
                   "person") +
               text("select string_agg(case_id || found_at::varchar, ',' order by case_id) from match_case") +
               text("select count(*)::varchar from person_event");
    };
    const std::string before = everything();
    for (int i = 0; i < 100; ++i) {
        EXPECT_FALSE(run().changed);
        ASSERT_EQ(everything(), before) << "in run " << i;
    }
}

TEST_F(Matching, a_record_that_is_gone_leaves_its_person_and_finds_it_again) {
    put({"census", "c1", "Alex", "Example", "2014-03-09", valid_upn(1), "LS1 1AA"});
    put({"cme", "m1", "Alex", "Example", "2014-03-09", valid_upn(1), "LS1 1AA"});
    put({"cme", "m2", "Noah", "Other", "2013-01-01"});
    run();
    const std::string both = person_of("census", "c1"), alone = person_of("cme", "m2");
    ASSERT_EQ(person_of("cme", "m1"), both);
    remove("cme", "m1");
    remove("cme", "m2");
    run();
    EXPECT_EQ(number("select count(*) from person_link"), 1);
    EXPECT_EQ(person_of("census", "c1"), both);
    EXPECT_EQ(number("select record_count from person"), 1);
    EXPECT_EQ(number("select count(*) from person_event where event_type = 'REMOVE'"), 2);
    put({"cme", "m1", "Alex", "Example", "2014-03-09", valid_upn(1), "LS1 1AA"});
    put({"cme", "m2", "Noah", "Other", "2013-01-01"});
    run();
    EXPECT_EQ(person_of("cme", "m1"), both);
    EXPECT_EQ(person_of("cme", "m2"), alone) << "the person that went away with its only record is back";
}

TEST_F(Matching, a_person_whose_row_changes_is_told_by_field_and_never_by_value) {
    put({"census", "c1", "Alex", "Example", "2014-03-09", valid_upn(1), "LS1 1AA"});
    run();
    EXPECT_EQ(number("select count(*) from person_event where event_type = 'ATTRIBUTE'"), 0);
    put({"census", "c1", "Alex", "Newnameson", "2014-03-09", valid_upn(1), "LS7 7QQ"});
    run();
    run();
    ASSERT_EQ(number("select count(*) from person_event where event_type = 'ATTRIBUTE'"), 1);
    EXPECT_EQ(text("select detail from person_event where event_type = 'ATTRIBUTE'"),
              R"({"fields":["surname","postcode"]})");
    EXPECT_EQ(text("select surname from person"), "Newnameson");
}

TEST_F(Matching, two_rows_of_one_child_in_a_feed_are_refused) {
    put({"census", "c1", "Alex", "Example", "2014-03-09"});
    sql("insert into person_record by name select * replace ('other' as source_key) from person_record");
    const auto out = run_matching(*con, settings, "run", now);
    ASSERT_FALSE(out);
    EXPECT_NE(out.error().sentence.find("census"), std::string::npos);
    EXPECT_EQ(out.error().sentence.find("c1"), std::string::npos) << "no key of a child";
}

// In one feed and across two, in a store of two children as in one of many: both stand, the figures tell of
// the number, and a person is asked.
TEST_F(Matching, one_upn_on_two_children_is_a_case_and_no_join) {
    for (const int others : {0, 300})
        for (const char* feed : {"census", "cme"}) {
            for (int i = 0; i < others; ++i)
                put({"census", "r" + std::to_string(i), "Forename" + std::to_string(i * 7),
                     "Surname" + std::to_string(i * 13),
                     "2012-0" + std::to_string(1 + i % 9) + "-1" + std::to_string(i % 9),
                     valid_upn(static_cast<unsigned>(100 + i)), "LS1 1AA"});
            put({"census", "a", "Oscar", "Fielding", "2010-05-06", valid_upn(7), "LS4 4AA", "", "M", ""});
            put({feed, "b", "Priya", "Natarajan", "2014-11-23", valid_upn(7), "LS9 9ZZ", "", "F", ""});
            run();
            EXPECT_NE(person_of("census", "a"), person_of(feed, "b")) << feed << ", " << others;
            EXPECT_EQ(number("select count(*) from match_case where reason like 'one number on two people%'"),
                      1)
                << feed << ", " << others;
            EXPECT_EQ(number("select counted from match_figure where item = 'shared: UPN'"), 1);
            remove(feed, "b");
        }
}

// A record without a name beside a named child of one birth date, sex and postcode.
TEST_F(Matching, an_unknown_child_joins_nobody) {
    put({"census", "a", "Aisha", "Khan", "2010-05-06", "", "LS4 4AA", "", "F", ""});
    put({"cme", "b", "UNKNOWN", "UNKNOWN", "2010-05-06", "", "LS4 4AA", "", "F", ""});
    run();
    EXPECT_NE(person_of("census", "a"), person_of("cme", "b"));
}
