// Stores in which there is nobody to match, or one child, or rows that name no child.
#include "hub/match/tests/matching_fixture.hpp"

using namespace sendhub;
using namespace sendhub::match;

TEST_F(Matching, a_store_without_any_child_is_matched) {
    for (int i = 0; i < 2; ++i) {
        const MatchOutcome out = run();
        EXPECT_EQ(out.records, 0u);
        EXPECT_EQ(out.people, 0u);
        EXPECT_EQ(out.cases, 0u);
        EXPECT_FALSE(out.changed);
    }
    for (const char* table : {"person", "person_link", "person_event", "match_case", "match_edge",
                              "match_record", "match_sample", "sealed_task", "match_model"})
        EXPECT_EQ(number("select count(*) from " + std::string(table)), 0) << table;
    EXPECT_EQ(number("select count(*) from match_figure where figure is not null and not isfinite(figure)"),
              0);
}

TEST_F(Matching, rows_about_a_child_whom_no_feed_names_make_nobody) {
    sql("insert into person_identifier (feed, scope, source_key, person_ref, id_type, id_value, id_state, "
        "batch_id, file_no, source_row, valid_from) values ('cme', 's', 'k', 'm1', 'UPN', 'A000000000001', "
        "'valid', 'b', 0, 0, '2026-01-01 00:00:00Z')");
    sql("insert into address (feed, scope, source_key, person_ref, postcode, batch_id, file_no, source_row, "
        "valid_from) values ('cme', 's', 'k', 'm1', 'LS1 1AA', 'b', 0, 0, '2026-01-01 00:00:00Z')");
    EXPECT_EQ(run().people, 0u);
    EXPECT_EQ(number("select count(*) from person"), 0);
}

TEST_F(Matching, one_child_is_matched_leaves_and_comes_back_under_the_same_id) {
    const Child child{"cme", "m1", "Seren", "Becker", "2012-04-06", valid_upn(1), "LS1 1AA"};
    put(child);
    EXPECT_EQ(run().people, 1u);
    const std::string id = person_of("cme", "m1");
    remove("cme", "m1");
    const MatchOutcome gone = run();
    EXPECT_EQ(gone.people, 0u);
    EXPECT_TRUE(gone.changed);
    for (const char* table : {"person", "person_link", "match_record"})
        EXPECT_EQ(number("select count(*) from " + std::string(table)), 0) << table;
    EXPECT_EQ(number("select count(*) from person_event where event_type = 'REMOVE'"), 1);
    EXPECT_FALSE(run().changed) << "the second night without a child";
    EXPECT_EQ(number("select count(*) from person_event where event_type = 'REMOVE'"), 1);
    put(child);
    EXPECT_EQ(run().people, 1u);
    EXPECT_EQ(person_of("cme", "m1"), id);
}

TEST_F(Matching, the_last_children_leave_although_people_have_judged_them) {
    put({"census", "c1", "Alex", "Example", "2014-03-09", valid_upn(1), "LS1 1AA"});
    put({"cme", "m1", "Noah", "Other", "2013-01-01"});
    put({"cme", "m2", "Alix", "Example", "2014-03-09"});
    run();
    decide("same", "census", "c1", "cme", "m2");
    decide("sealed", "census", "c1", "cme", "m1");
    run();
    for (const char* ref : {"m1", "m2"}) close("cme", ref);
    close("census", "c1");
    EXPECT_EQ(run().people, 0u);
    EXPECT_EQ(run().people, 0u);
    EXPECT_EQ(number("select count(*) from person"), 0);
    EXPECT_EQ(number("select count(*) from match_case"), 0);
}

TEST_F(Matching, children_without_any_value_are_a_person_each) {
    for (int i = 0; i < 5; ++i) put({i % 2 ? "census" : "cme", "r" + std::to_string(i), "", "", ""});
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(run().people, 5u);
        settings.retrain_days = 0;  // from the second night on a shadow model is trained on them
    }
    EXPECT_EQ(number("select count(distinct person_key) from person_link"), 5);
    EXPECT_EQ(number("select count(*) from match_figure where figure is not null and not isfinite(figure)"),
              0);
}
