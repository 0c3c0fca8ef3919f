// What people say stands above any score, survives every run, and can be taken back to the letter.
#include "hub/match/tests/matching_fixture.hpp"

using namespace sendhub;
using namespace sendhub::match;

namespace {

// Two children who are surely one to the engine, and two that surely are not.
struct Decided : Matching {
    void SetUp() override {
        Matching::SetUp();
        put({"census", "c1", "Alex", "Example", "2014-03-09", valid_upn(1), "LS1 1AA"});
        put({"cme", "m1", "Alex", "Example", "2014-03-09", valid_upn(1), "LS1 1AA"});
        put({"yj", "y1", "Noah", "Other", "2011-05-17", "", "LS9 9ZZ"});
        put({"health", "h1", "Zoe", "Third", "2009-11-30", "", "LS4 4DD"});
        run();
        ASSERT_EQ(person_of("census", "c1"), person_of("cme", "m1"));
        ASSERT_NE(person_of("yj", "y1"), person_of("health", "h1"));
    }
    std::string members() {
        return text(
            "select string_agg(feed || person_ref || '=' || person_key, ',' order by feed, person_ref) from "
            "person_link");
    }
};

}  // namespace

TEST_F(Decided, different_parts_them_for_ever_and_undo_brings_the_old_person_back) {
    const std::string before = members(), person = person_of("census", "c1");
    const auto decision = decide("different", "census", "c1", "cme", "m1");
    const MatchOutcome out = run();
    EXPECT_EQ(out.split, 1u);
    EXPECT_NE(person_of("census", "c1"), person_of("cme", "m1"));
    EXPECT_EQ(number("select count(*) from match_case"), 0) << "a person has spoken";
    EXPECT_EQ(text("select actor from person_event where event_type = 'SPLIT'"), "officer");
    EXPECT_EQ(text("select reason from person_event where event_type = 'REVIEW'"), "decision 1: different");
    const std::string parted = members();
    run();
    EXPECT_EQ(members(), parted);
    EXPECT_EQ(number("select count(*) from person_event where event_type = 'REVIEW'"), 1) << "told once";
    undo(decision);
    run();
    EXPECT_EQ(members(), before);
    EXPECT_EQ(person_of("census", "c1"), person);
}

TEST_F(Decided, same_joins_whatever_the_score_and_undo_restores_ids_and_members) {
    put({"part_time", "p1", "Zoe", "Third", "2009-11-30", "", "LS4 4DD"});
    run();
    const std::string before = members();
    const std::string noah = person_of("yj", "y1"), zoe = person_of("health", "h1");
    ASSERT_EQ(person_of("part_time", "p1"), zoe);
    const auto decision = decide("same", "yj", "y1", "health", "h1");
    const MatchOutcome out = run();
    EXPECT_EQ(out.merged, 1u);
    EXPECT_EQ(person_of("yj", "y1"), zoe) << "most records";
    EXPECT_EQ(text("select survivor_key from person_alias where person_key = '" + noah + "'"), zoe);
    EXPECT_EQ(text("select match_method from person_link where feed = 'yj'"), "manual");
    EXPECT_EQ(text("select link_state from person_link where feed = 'yj'"), "reviewed");
    EXPECT_EQ(text("select reviewed_by from person_link where feed = 'yj'"), "officer");
    EXPECT_EQ(text("select actor from person_event where event_type = 'MERGE'"), "officer");
    EXPECT_EQ(
        number("select json_array_length(detail, '$.before') from person_event where event_type = 'MERGE'"),
        2);
    EXPECT_EQ(
        number("select json_array_length(detail, '$.after') from person_event where event_type = 'MERGE'"),
        3);
    undo(decision);
    run();
    EXPECT_EQ(members(), before);
    EXPECT_EQ(number("select count(*) from person_alias"), 0) << "it lives again";
    EXPECT_EQ(text("select other_key from person_event where event_type = 'SPLIT'"), noah);
}

TEST_F(Decided, a_chain_of_merges_answers_with_the_one_who_is_left) {
    const std::string noah = person_of("yj", "y1"), zoe = person_of("health", "h1"),
                      alex = person_of("cme", "m1");
    decide("same", "yj", "y1", "health", "h1");
    run();
    decide("same", "yj", "y1", "cme", "m1");
    run();
    EXPECT_EQ(number("select count(*) from person"), 1);
    for (const std::string& old : {noah, zoe})
        EXPECT_EQ(text("select survivor_key from person_alias where person_key = '" + old + "'"), alex)
            << old;
}

TEST_F(Decided, a_decision_expires_when_the_birth_date_changes_and_the_pair_is_a_case_again) {
    const auto decision = decide("different", "census", "c1", "cme", "m1");
    run();
    put({"cme", "m1", "Alex", "Example-Newname", "2014-03-09", valid_upn(1), "LS2 2BB"});
    run();
    EXPECT_EQ(text("select state from match_decision"), "active") << "a name or a place changes nothing";
    put({"cme", "m1", "Alex", "Example", "2014-09-03", valid_upn(1), "LS1 1AA"});
    run();
    EXPECT_EQ(text("select state from match_decision"), "expired");
    EXPECT_NE(person_of("census", "c1"), person_of("cme", "m1"))
        << "they stay apart until a person has looked";
    ASSERT_EQ(number("select count(*) from match_case"), 1);
    EXPECT_NE(text("select reason from match_case").find("has changed since"), std::string::npos);
    run();
    EXPECT_EQ(number("select count(*) from match_case"), 1);
    EXPECT_NE(person_of("census", "c1"), person_of("cme", "m1"));
    undo(decision);
    run();
    EXPECT_EQ(person_of("census", "c1"), person_of("cme", "m1"));
    EXPECT_EQ(number("select count(*) from match_case"), 0);
}

TEST_F(Decided, a_cluster_that_comes_to_hold_two_upns_keeps_its_id_and_is_flagged) {
    put({"ehe", "e1", "Alexander", "Elsewhere", "2014-09-03", "", "LS3 3CC"});
    run();
    decide("same", "census", "c1", "ehe", "e1");
    run();
    const std::string person = person_of("census", "c1");
    ASSERT_EQ(person_of("ehe", "e1"), person);
    // the decision has no fingerprint to expire by: it binds
    sql("update match_decision set fingerprint_a = null, fingerprint_b = null");
    put({"ehe", "e1", "Alexander", "Elsewhere", "2014-09-03", valid_upn(2), "LS3 3CC"});
    run();
    EXPECT_EQ(person_of("ehe", "e1"), person);
    EXPECT_EQ(
        number("select count(*) from person_link where link_state = 'needs_attention' and person_key = '" +
               person + "'"),
        3);
}

// ---- barriers

namespace {

struct Sealed : Decided {
    std::string pre, post;  // the persons on the two sides
    void seal() {
        decide("sealed", "census", "c1", "cme", "m1");
        run();
        pre = person_of("census", "c1");
        post = person_of("cme", "m1");
    }
};

}  // namespace

TEST_F(Sealed, the_sides_of_a_barrier_meet_nowhere) {
    put({"health", "h2", "Alex", "Example", "2014-03-09", "", "LS1 1AA"});  // like both sides
    run();
    const std::string one = person_of("census", "c1");
    ASSERT_EQ(person_of("cme", "m1"), one);
    seal();
    ASSERT_NE(pre, post);
    EXPECT_TRUE(pre == one || post == one);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(person_of("census", "c1"), pre);
        EXPECT_EQ(person_of("cme", "m1"), post);
        const std::string side_a = "(select feed || ':' || person_ref from person_link where person_key = '" +
                                   pre + "')",
                          side_b = "(select feed || ':' || person_ref from person_link where person_key = '" +
                                   post + "')";
        for (const char* table : {"match_edge", "match_case"})
            EXPECT_EQ(number("select count(*) from " + std::string(table) +
                             " where (feed_a || ':' || person_ref_a in " + side_a +
                             " and feed_b || ':' || person_ref_b in " + side_b +
                             ") or (feed_a || ':' || person_ref_a in " + side_b +
                             " and feed_b || ':' || person_ref_b in " + side_a + ")"),
                      0)
                << table;
        // no event of one side names the other's records or id
        EXPECT_EQ(
            number("select count(*) from person_event where (person_key = '" + pre + "' and (other_key = '" +
                   post + "' or feed || ':' || person_ref in " + side_b + ")) or (person_key = '" + post +
                   "' and (other_key = '" + pre + "' or feed || ':' || person_ref in " + side_a + "))"),
            0);
        EXPECT_EQ(number("select count(*) from person_event where event_type = 'SEAL'"), 0);
        EXPECT_EQ(number("select count(*) from person_alias"), 0);
        run();
    }
    EXPECT_EQ(number("select count(*) from sealed_event where event_type = 'SEAL'"), 1);
    EXPECT_GT(number("select count(*) from sealed_event where event_type = 'SPLIT'"), 0)
        << "kept for role sealed";
    // detail of events: the hash of a record of one side never stands in an event of the other
    const std::string token = text(
        "select json_extract_string(detail, '$.after[0]') from person_event where "
        "event_type = 'CREATE' and person_key = '" +
        (pre == one ? post : pre) + "'");
    EXPECT_EQ(number("select count(*) from person_event where person_key = '" + one +
                     "' and contains(detail, '" + token + "')"),
              0);
}

TEST_F(Sealed, a_barrier_never_expires_and_no_word_joins_across_it) {
    seal();
    decide("same", "census", "c1", "cme", "m1");
    put({"cme", "m1", "Alex", "Example", "2014-09-03", valid_upn(1), "LS1 1AA"});
    run();
    EXPECT_EQ(text("select state from match_decision where verdict = 'sealed'"), "active");
    EXPECT_NE(person_of("census", "c1"), person_of("cme", "m1"));
}

TEST_F(Sealed, lifting_a_barrier_gives_what_a_full_run_gives) {
    seal();
    run();
    undo(1);
    run();
    EXPECT_EQ(person_of("census", "c1"), person_of("cme", "m1"));
    const auto edges = [&] {
        return text(
            "select string_agg(person_ref_a || person_ref_b || weight, ',' order by person_ref_a, "
            "person_ref_b) "
            "from match_edge");
    };
    const std::string incremental = edges();
    sql("delete from store_info where name = 'match_basis'");
    run();
    EXPECT_EQ(edges(), incremental);
}

TEST_F(Sealed, a_barrier_stays_with_the_child_when_its_record_comes_with_another_key) {
    put({"cme", "m1", "Alex", "Example", "2014-03-09", valid_upn(5), "LS1 1AA"});
    seal();
    ASSERT_NE(pre, post);
    close("cme", "m1");
    put({"cme", "m9", "Alex", "Example", "2014-03-09", valid_upn(5), "LS1 1AA"});  // the same UPN
    for (int i = 0; i < 2; ++i) {
        run();
        EXPECT_NE(person_of("cme", "m9"), person_of("census", "c1"));
        EXPECT_EQ(number("select count(*) from match_case"), 0);
        EXPECT_EQ(number("select count(*) from match_edge where person_ref_a = 'c1' and person_ref_b = 'm9'"),
                  0);
        EXPECT_EQ(number("select count(*) from match_decision where verdict = 'sealed' and 'm9' in "
                         "(person_ref_a, person_ref_b)"),
                  1);
    }
    // lifted, it is lifted as a whole
    undo(1);
    run();
    EXPECT_TRUE(person_of("cme", "m9") == person_of("census", "c1") ||
                number("select count(*) from match_case") == 1);
}

namespace {

// One side is a single record that carries no number, and its feed writes another key for it.
struct Rekeyed : Sealed {
    void SetUp() override {
        Decided::SetUp();
        put({"cme", "m1", "Alex", "Example", "2014-03-09", "", "LS1 1AA"});
        run();
        seal();
        ASSERT_NE(pre, post);
        close("cme", "m1");
    }
    std::int64_t barriers(const std::string& ref) {
        return number(
            "select count(*) from match_decision where verdict = 'sealed' and state = 'active' and '" + ref +
            "' in (person_ref_a, person_ref_b)");
    }
    std::string apart() {  // the persons and cases of the two, in words
        return person_of("cme", "m9") == person_of("census", "c1") ? "one person"
               : number("select count(*) from match_case") > 0 ||
                       number(
                           "select count(*) from match_edge where 'm9' in (person_ref_a, person_ref_b) "
                           "and 'c1' in (person_ref_a, person_ref_b)") > 0
                   ? "compared"
                   : "apart";
    }
};

}  // namespace

TEST_F(Rekeyed, a_barrier_goes_over_to_a_new_record_of_one_name_birth_date_and_place) {
    put({"cme", "m9", "ALEX", "Example", "2014-03-09", "", "LS1 1AA"});
    for (int i = 0; i < 3; ++i) {
        run();
        EXPECT_EQ(apart(), "apart");
        EXPECT_EQ(barriers("m9"), 1);
        EXPECT_EQ(number("select follows from match_decision where decision_id = 2"), 1);
        EXPECT_EQ(text("select person_key from sealed_task where tied_by = ''"), person_of("cme", "m9"));
        EXPECT_EQ(number("select count(distinct person_key) from sealed_task"), 1) << "never both sides";
        const std::string row = text("select to_json(t)::varchar from sealed_task t where tied_by = ''");
        for (const char* value : {"lex", "xample", "2014", "LS1", "m9", "c1"})
            EXPECT_EQ(row.find(value), std::string::npos) << row;
    }
    close("cme", "m9");  // and once more
    put({"cme", "m10", "Alex", "Example", "2014-03-09", "", "LS1 1AA"});
    run();
    EXPECT_EQ(barriers("m10"), 1);
    EXPECT_NE(person_of("cme", "m10"), person_of("census", "c1"));
}

TEST_F(Rekeyed, a_barrier_waits_for_a_record_that_was_away) {
    run();
    run();
    put({"cme", "m9", "Alex", "Example", "2014-03-09", "", "LS1 1AA"});
    run();
    EXPECT_EQ(apart(), "apart");
    EXPECT_EQ(barriers("m9"), 1);
}

TEST_F(Rekeyed, both_sides_may_come_back_with_other_keys_in_one_night) {
    put({"census", "c1", "Alex", "Example", "2014-03-09", "", "LS1 1AA"});
    run();
    close("census", "c1");
    put({"cme", "m9", "Alex", "Example", "2014-03-09", "", "LS1 1AA"});
    put({"census", "c9", "Alex", "Example", "2014-03-09", "", "LS1 1AA"});
    run();
    EXPECT_NE(person_of("cme", "m9"), person_of("census", "c9"));
    EXPECT_EQ(number("select count(distinct person_key) from sealed_task where person_key is not null"), 1)
        << "no list leads to both sides";
}

TEST_F(Rekeyed, what_was_undone_as_a_namesake_stays_undone) {
    put({"cme", "m9", "Alex", "Example", "2014-03-09", "", "LS1 1AA"});
    run();
    ASSERT_EQ(barriers("m9"), 1);
    undo(2);
    for (int i = 0; i < 2; ++i) {
        run();
        EXPECT_EQ(barriers("m9"), 0);
        EXPECT_NE(apart(), "apart");
        EXPECT_EQ(number("select count(*) from sealed_task where tied_by = ''"), 0);
        EXPECT_EQ(text("select state from match_decision where decision_id = 1"), "active");
    }
}

TEST_F(Rekeyed, no_barrier_goes_over_by_less_or_to_another_feed) {
    put({"cme", "x1", "Alexa", "Example", "2014-03-09", "", "LS1 1AA"});
    put({"cme", "x2", "Alex", "Exampel", "2014-03-09", "", "LS1 1AA"});
    put({"cme", "x3", "Alex", "Example", "2014-03-08", "", "LS1 1AA"});
    put({"cme", "x4", "Alex", "Example", "2014-03-09", "", "LS1 1AB"});
    put({"cme", "x5", "Alex", "Example", "2014-03-09", "", ""});
    put({"health", "x6", "Alex", "Example", "2014-03-09", "", "LS1 1AA"});
    run();
    EXPECT_EQ(number("select count(*) from match_decision"), 1);
    EXPECT_EQ(number("select count(*) from sealed_task where tied_by = ''"), 0);
}

TEST_F(Rekeyed, no_barrier_goes_over_to_a_record_that_was_there_beside_the_other) {
    put({"cme", "x1", "Alex", "Example", "2014-03-09", "", "LS1 1AA"});
    sql("update person_record set valid_from = '2020-01-01' where person_ref = 'x1'");
    run();
    EXPECT_EQ(barriers("x1"), 0);
}

TEST_F(Rekeyed, one_property_is_a_place_and_the_postcode_of_none_is_not) {
    for (const bool one_property : {false, true}) {
        const std::string ref = one_property ? "x2" : "x1";
        put({"cme", "m1", "Alex", "Example", "2014-03-09", "", "ZZ99 3VZ"});
        if (one_property) sql("update address set uprn = '100' where person_ref = 'm1'");
        run();
        close("cme", "m1");
        sql("delete from address_history where postcode = 'LS1 1AA'");
        put({"cme", ref, "Alex", "Example", "2014-03-09", "", "ZZ99 3VZ"});
        if (one_property) sql("update address set uprn = '100' where person_ref = 'x2'");
        run();
        EXPECT_EQ(barriers(ref), one_property);
    }
}

TEST_F(Sealed, a_barrier_stays_with_the_other_records_of_its_person) {
    put({"cme", "m1", "Alex", "Example", "2014-03-09", "", "LS1 1AA", valid_nhs_number(3)});
    put({"ehe", "e1", "Alex", "Example", "2014-03-09", valid_upn(1), "LS1 1AA"});
    run();
    seal();
    ASSERT_EQ(person_of("ehe", "e1"), pre);
    close("census", "c1");
    run();
    EXPECT_NE(person_of("ehe", "e1"), person_of("cme", "m1"));
    EXPECT_EQ(number("select count(*) from match_case"), 0);
}

TEST_F(Sealed, the_records_of_one_side_are_not_parted_when_the_other_side_goes) {
    put({"ehe", "e1", "Alex", "Example", "2014-03-09", valid_upn(1), "LS1 1AA"});
    run();
    ASSERT_EQ(person_of("ehe", "e1"), person_of("cme", "m1"));
    decide("sealed", "census", "c1", "cme", "m1");
    close("census", "c1");  // before any night has parted them
    run();
    EXPECT_EQ(person_of("ehe", "e1"), person_of("cme", "m1"));
}

TEST_F(Sealed, an_id_that_a_merge_ended_does_not_lead_across_the_barrier) {
    // three persons become one; the first two keep together when the third is parted from them
    put({"census", "c1", "Alex", "Example", "2014-03-09", valid_upn(1), "LS1 1AA"});
    put({"cme", "m1", "Bela", "Elsewhere", "2010-12-01", "", "LS8 8AA", valid_nhs_number(3)});
    put({"ehe", "e1", "Cosima", "Nowhere", "2008-07-05", "", "LS9 9AA"});
    run();
    const std::string first = person_of("census", "c1"), third = person_of("ehe", "e1");
    ASSERT_NE(first, third);
    put({"cme", "m1", "Alex", "Example", "2014-03-09", "", "LS1 1AA", valid_nhs_number(3)});
    put({"ehe", "e1", "Alex", "Example", "2014-03-09", valid_upn(1), "LS1 1AA"});
    run();
    ASSERT_EQ(person_of("ehe", "e1"), person_of("cme", "m1"));
    ASSERT_EQ(number("select count(*) from person_alias"), 2);
    seal();
    ASSERT_EQ(person_of("ehe", "e1"), pre);
    for (const std::string& id : {first, third})
        EXPECT_EQ(number("select count(*) from person_alias where person_key = '" + id +
                         "' and survivor_key = '" + post + "'"),
                  0);
}

TEST_F(Sealed, cases_of_sealed_people_are_counted_nowhere) {
    seal();
    put({"health", "h7", "Alix", "Example", "2014-03-09", "", "LS1 1AA"});  // like both sides
    const auto waiting = run().cases;
    ASSERT_GT(number("select count(*) from match_case"), 0) << "for those with the right";
    EXPECT_EQ(waiting, 0u);
    EXPECT_EQ(
        number("select counted from match_figure where topic = 'cases a 1,000 records' and item = 'all'"), 0);
}

TEST_F(Sealed, publications_from_before_a_sealing_are_withdrawn) {
    run();
    EXPECT_EQ(number("select count(*) from store_info where name = 'withdrawn_before'"), 0);
    seal();
    const std::string since = text("select value from store_info where name = 'withdrawn_before'");
    EXPECT_EQ(since, format_compact_time(now));
    run();
    EXPECT_EQ(text("select value from store_info where name = 'withdrawn_before'"), since)
        << "later ones stay";
}

TEST_F(Sealed, what_ties_two_sealed_sides_is_a_task_that_names_one_of_them) {
    ASSERT_EQ(number("select count(*) from sealed_task"), 0);
    seal();
    ASSERT_EQ(number("select count(*) from sealed_task"), 1) << "they were joined by what both say";
    EXPECT_EQ(number("select decision_id from sealed_task"), 1);
    EXPECT_EQ(text("select person_key from sealed_task"), std::min(pre, post)) << "one side, always the same";
    EXPECT_NE(text("select feed from sealed_task"), text("select other_feed from sealed_task"));
    EXPECT_EQ(number("select count(*) from sealed_task where by_number and contains(tied_by, 'UPN')"), 1);
    const std::string row = text("select to_json(t)::varchar from sealed_task t");
    for (const std::string& value : {std::string("Alex"), std::string("Example"), std::string("2014"),
                                     valid_upn(1), std::string("LS1"), std::string("c1"), std::string("m1")})
        EXPECT_EQ(row.find(value), std::string::npos) << row;
    const std::string since = text("select found_at::varchar from sealed_task");
    run();
    EXPECT_EQ(text("select found_at::varchar from sealed_task"), since) << "of the first night";
    put({"cme", "m1", "Alex", "Newname", "2014-03-09", valid_upn(7), "LS7 7GG"});  // its new number
    run();
    EXPECT_EQ(number("select count(*) from sealed_task"), 0);
    put({"cme", "m1", "Alex", "Newname", "2014-03-09", valid_upn(1), "LS7 7GG"});
    run();
    EXPECT_EQ(number("select count(*) from sealed_task where by_number"), 1);
    undo(1);
    run();
    EXPECT_EQ(number("select count(*) from sealed_task"), 0);
}

TEST_F(Sealed, a_record_that_comes_to_one_side_with_the_number_of_the_other_is_a_task) {
    put({"cme", "m1", "Alex", "Newname", "2014-03-09", "", "LS7 7GG", valid_nhs_number(3)});
    seal();
    ASSERT_EQ(number("select count(*) from sealed_task where by_number"), 0);
    put({"health", "h9", "Alex", "Newname", "2014-03-09", valid_upn(1), "LS7 7GG", valid_nhs_number(3)});
    for (int i = 0; i < 2; ++i) {
        run();
        EXPECT_NE(person_of("census", "c1"), person_of("cme", "m1"));
        EXPECT_EQ(number("select count(*) from sealed_task where by_number"), 1);
    }
}
