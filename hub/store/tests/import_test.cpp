#include "hub/store/import.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "hub/store/approve.hpp"
#include "hub/store/tests/staging.hpp"

using namespace sendhub;
using namespace sendhub::store;
using namespace sendhub::store::fixtures;

namespace {

constexpr Micros night = 1'768'872'600'000'000;  // 2026-01-20T01:30:00Z
constexpr Micros hour = 3'600'000'000;

class Import : public ::testing::Test {
  protected:
    TemporaryFolder folder;
    Store store = *Store::open(folder.path / "hub.duckdb", {.threads = 2});

    ImportOutcome import(const Batch& batch, Micros now = night, GuardSettings guard = {}) {
        auto outcome = import_batch(store, stage(folder.path, batch), guard, now);
        if (!outcome) throw std::runtime_error(outcome.error().sentence);
        EXPECT_EQ(outcome->received, outcome->staged + outcome->rejected) << batch.id;
        EXPECT_EQ(outcome->staged, outcome->accepted() + outcome->unchanged + outcome->held +
                                       outcome->superseded + outcome->refused)
            << batch.id;
        // What no index guards: one row for each key of a feed, and no version that overlaps the current one.
        EXPECT_EQ(count("select count(*) from (select feed, source_key from cme_case group by all having "
                        "count(*) > 1)"),
                  0);
        return *outcome;
    }
    std::int64_t count(const std::string& sql) {
        auto n = store.connection().count(sql);
        if (!n) throw std::runtime_error(n.error().sentence);
        return *n;
    }
    std::string text(const std::string& sql) { return first_text(store, sql); }
    // "k1=v1 k2=v2" of the current rows
    std::string current(const std::string& feed = "cme") {
        return text(
            "select coalesce(string_agg(source_key || '=' || next_action, ' ' order by source_key), '') from "
            "cme_case where feed = '" +
            feed + "'");
    }
    std::string history() {
        return text(
            "select coalesce(string_agg(source_key || '=' || next_action || '<' || closed_by, ' ' order by "
            "valid_to, source_key, next_action), '') from cme_case_history");
    }
    std::string scope_states(const std::string& batch) {
        return text(
            "select string_agg(scope_no || ' ' || state, ', ' order by scope_no) from batch_scope where "
            "batch_id = '" +
            batch + "'");
    }
};

TEST_F(Import, the_first_batch_of_a_feed_is_stored_with_where_each_row_came_from) {
    const auto outcome = import({.id = "b1", .scopes = {{.rows = cme_rows(0, 3)}}});
    EXPECT_EQ(outcome.state, "imported");
    EXPECT_EQ(outcome.added, 3);
    EXPECT_EQ(current(), "k0=v1 k1=v1 k2=v1");
    EXPECT_EQ(text("select feed || ' ' || scope || ' ' || batch_id || ' ' || file_no || ' ' || source_row || "
                   "' ' || epoch_us(valid_from) "
                   "from cme_case where source_key = 'k2'"),
              "cme cme b1 0 3 " + std::to_string(night));
    EXPECT_EQ(text("select feed || ' ' || connector || ' ' || state || ' ' || received || ' ' || staged || ' "
                   "' || imported from batch"),
              "cme test imported 3 3 3");
    EXPECT_EQ(text("select name || ' ' || seq || ' ' || state from batch_file"), "a.csv 1 read");
}

TEST_F(Import, a_batch_that_is_noted_already_changes_nothing_and_tells_the_same) {
    const Batch first{.id = "b1",
                      .scopes = {{.rows = cme_rows(0, 3)}},
                      .rejects = {{.record = "cme_case", .source_key = "k9"}}};
    const auto outcome = import(first);
    import({.id = "b2", .scopes = {{.as_of = "2026-01-20", .rows = cme_rows(0, 3, 2)}}});
    const auto before = content(store);
    const auto again = import(first, night + hour);
    EXPECT_TRUE(again.replay);
    EXPECT_FALSE(outcome.replay);
    EXPECT_EQ(std::tuple(again.received, again.added, again.rejected, again.state),
              std::tuple(outcome.received, outcome.added, outcome.rejected, outcome.state));
    EXPECT_EQ(content(store), before);
}

TEST_F(Import, unchanged_rows_keep_their_batch_and_changed_ones_leave_a_version) {
    import({.id = "b1", .scopes = {{.rows = cme_rows(0, 3)}}});
    const auto outcome =
        import({.id = "b2",
                .scopes = {{.as_of = "2026-01-20",
                            .rows = {cme_row("k0"), cme_row("k1", 2), cme_row("k2"), cme_row("k3")}}}},
               night + hour);
    EXPECT_EQ(std::tuple(outcome.added, outcome.changed, outcome.unchanged, outcome.closed),
              std::tuple(1, 1, 2, 0));
    EXPECT_EQ(current(), "k0=v1 k1=v2 k2=v1 k3=v1");
    EXPECT_EQ(text("select string_agg(batch_id, ' ' order by source_key) from cme_case"), "b1 b2 b1 b2");
    EXPECT_EQ(history(), "k1=v1<b2");
    EXPECT_EQ(text("select epoch_us(valid_from) || ' ' || epoch_us(valid_to) || ' ' || batch_id from "
                   "cme_case_history"),
              std::to_string(night) + " " + std::to_string(night + hour) + " b1");
}

TEST_F(Import, a_value_that_becomes_empty_is_a_change) {
    import({.id = "b1", .scopes = {{.rows = cme_rows(0, 1)}}});
    Row row = cme_row("k0");
    row.fields.erase("next_action");
    EXPECT_EQ(import({.id = "b2", .scopes = {{.as_of = "2026-01-20", .rows = {row}}}}).changed, 1);
    EXPECT_EQ(import({.id = "b3", .scopes = {{.as_of = "2026-01-21", .rows = {row}}}}).unchanged, 1);
}

TEST_F(Import, a_snapshot_closes_what_it_no_longer_has_and_a_delta_closes_nothing) {
    import({.id = "b1", .scopes = {{.rows = cme_rows(0, 4)}}});
    EXPECT_EQ(
        import({.id = "b2", .scopes = {{.as_of = "2026-01-20", .rows = {cme_row("k0", 2)}, .mode = "delta"}}})
            .closed,
        0);
    EXPECT_EQ(current(), "k0=v2 k1=v1 k2=v1 k3=v1");
    const auto outcome =
        import({.id = "b3", .scopes = {{.as_of = "2026-01-21", .rows = {cme_row("k0", 2)}}}}, night + hour);
    EXPECT_EQ(std::tuple(outcome.closed, outcome.unchanged), std::tuple(3, 1));
    EXPECT_EQ(current(), "k0=v2");
    EXPECT_EQ(history(), "k0=v1<b2 k1=v1<b3 k2=v1<b3 k3=v1<b3");
}

TEST_F(Import, a_snapshot_without_rows_closes_its_scope) {
    import({.id = "b1", .scopes = {{.rows = cme_rows(0, 4)}}});
    const auto outcome = import({.id = "b2", .scopes = {{.as_of = "2026-01-20"}}});
    EXPECT_EQ(std::tuple(outcome.closed, outcome.state), std::tuple(4, std::string("imported")));
    EXPECT_EQ(current(), "");
}

TEST_F(Import, scopes_and_feeds_do_not_touch_each_other) {
    import({.id = "b1",
            .scopes = {{.name = "school 1", .rows = cme_rows(0, 2)},
                       {.name = "school 2", .rows = cme_rows(2, 4), .files = {1}}},
            .files = {{"1.csv", 1}, {"2.csv", 2}}});
    import({.id = "o1", .feed = "other", .scopes = {{.name = "school 1", .rows = cme_rows(0, 2, 9)}}});
    import({.id = "b2", .scopes = {{.name = "school 1", .as_of = "2026-01-20", .rows = cme_rows(0, 1)}}});
    EXPECT_EQ(current(), "k0=v1 k2=v1 k3=v1");
    EXPECT_EQ(current("other"), "k0=v9 k1=v9");
}

TEST_F(Import, a_rejected_row_keeps_its_last_good_version) {
    import({.id = "b1", .scopes = {{.rows = cme_rows(0, 3)}}});
    const auto outcome = import({.id = "b2",
                                 .scopes = {{.as_of = "2026-01-20", .rows = cme_rows(0, 1)}},
                                 .rejects = {{.record = "cme_case", .source_key = "k1"},
                                             {.record = "ehe_episode", .scope_no = -1, .source_key = "k2"}}});
    EXPECT_EQ(outcome.closed, 1) << "k2 was rejected as another record type: that keeps no cme_case";
    EXPECT_EQ(current(), "k0=v1 k1=v1");
    EXPECT_EQ(outcome.rejected, 2);
}

TEST_F(Import, an_issue_that_names_a_child_keeps_the_child_and_makes_nobody) {
    auto child = [](const std::string& ref) {
        return std::vector<Row>{{ref, {{"person_ref", "'" + ref + "'"}}}};
    };
    auto number = [](const std::string& ref) {
        return std::vector<Row>{{ref + "|UPN|X", {{"person_ref", "'" + ref + "'"}}}};
    };
    import({.id = "b1",
            .scopes = {{.rows = cme_rows(0, 1)},
                       {.record = "person_record", .rows = child("c1")},
                       {.record = "person_identifier", .rows = number("c1")}}});
    const auto outcome = import({.id = "b2",
                                 .scopes = {{.as_of = "2026-01-20", .rows = cme_rows(0, 1)},
                                            {.record = "person_record", .as_of = "2026-01-20"},
                                            {.record = "person_identifier", .as_of = "2026-01-20"}},
                                 .rejects = {{.source_key = "k9", .person_ref = "c1"},
                                             {.source_key = "k8", .person_ref = "never seen"}}});
    EXPECT_EQ(outcome.closed, 0);
    EXPECT_EQ(count("select count(*) from person_record"), 1);
    EXPECT_EQ(count("select count(*) from person_identifier"), 1);
    import({.id = "b3",
            .scopes = {{.as_of = "2026-01-21", .rows = cme_rows(0, 1)},
                       {.record = "person_record", .as_of = "2026-01-21"},
                       {.record = "person_identifier", .as_of = "2026-01-21"}}});
    EXPECT_EQ(count("select count(*) from person_record") + count("select count(*) from person_identifier"),
              0)
        << "no row and no issue names the child any more";
}

TEST_F(Import, a_row_rejected_whole_keeps_every_record_of_its_key) {
    const std::vector<Row> all = {{"k0", {}}, {"k1", {}}, {"k2", {}}}, first = {{"k0", {}}};
    import({.id = "b1",
            .scopes = {{.rows = cme_rows(0, 3)}, {.record = "ehe_episode", .name = "ehe", .rows = all}}});
    const auto outcome =
        import({.id = "b2",
                .scopes = {{.as_of = "2026-01-20", .rows = cme_rows(0, 1)},
                           {.record = "ehe_episode", .name = "ehe", .as_of = "2026-01-20", .rows = first}},
                .rejects = {{.record = "", .scope_no = -1, .source_key = "k1"}}});
    EXPECT_EQ(outcome.closed, 2) << "k2, as both";
    EXPECT_EQ(current(), "k0=v1 k1=v1");
}

TEST_F(Import, a_row_rejected_without_a_key_ends_nobody_of_its_file) {
    const std::vector<Row> first = {{"k0", {}}}, both = {{"k0", {}}, {"k1", {}}};
    auto night = [&](const char* id, const char* day, const std::vector<Row>& ehe,
                     std::vector<Reject> rejects) {
        return import(
            {.id = id,
             .scopes = {{.as_of = day, .rows = cme_rows(0, static_cast<int>(ehe.size())), .files = {0}},
                        {.record = "ehe_episode", .name = "ehe", .as_of = day, .rows = ehe, .files = {1}}},
             .rejects = std::move(rejects),
             .files = {{"a.csv", 1}, {"b.csv", 2}}});
    };
    night("b1", "2026-01-19", both, {});
    EXPECT_EQ(night("b2", "2026-01-20", first, {{.record = "", .scope_no = -1}}).closed, 1)
        << "the other file is whole";
    EXPECT_EQ(current(), "k0=v1 k1=v1");
    EXPECT_EQ(night("b3", "2026-01-21", first, {{.record = "person_record", .scope_no = -1}}).closed, 0);
    EXPECT_EQ(current(), "k0=v1 k1=v1") << "the rest of that row is missing too";
    EXPECT_EQ(
        night("b4", "2026-01-22", first, {{.record = "", .scope_no = -1, .severity = "warning"}}).closed, 1);
    EXPECT_EQ(current(), "k0=v1");
}

TEST_F(Import, a_warning_keeps_nothing) {
    import({.id = "b1", .scopes = {{.rows = cme_rows(0, 2)}}});
    import({.id = "b2",
            .scopes = {{.as_of = "2026-01-20", .rows = cme_rows(0, 1)}},
            .rejects = {{.record = "cme_case", .source_key = "k1", .severity = "warning"}}});
    EXPECT_EQ(current(), "k0=v1");
}

TEST_F(Import, an_older_instance_is_superseded_and_one_of_the_same_day_corrects) {
    import({.id = "b1", .scopes = {{.as_of = "2026-01-19", .rows = cme_rows(0, 2, 1)}}});
    const auto older = import({.id = "b2", .scopes = {{.as_of = "2026-01-18", .rows = cme_rows(0, 2, 2)}}});
    EXPECT_EQ(std::tuple(older.superseded, older.accepted(), older.state),
              std::tuple(2, 0, std::string("imported")));
    EXPECT_EQ(scope_states("b2"), "0 superseded");
    EXPECT_EQ(current(), "k0=v1 k1=v1");
    import({.id = "b3", .scopes = {{.as_of = "2026-01-19", .rows = cme_rows(0, 2, 3)}}});
    EXPECT_EQ(current(), "k0=v3 k1=v3");
}

TEST_F(Import, two_returns_of_one_scope_in_one_batch_apply_in_order_of_their_days) {
    const auto outcome = import({.id = "b1",
                                 .scopes = {{.as_of = "2026-01-19", .rows = cme_rows(0, 2, 2), .files = {0}},
                                            {.as_of = "2026-01-12", .rows = cme_rows(0, 3, 1), .files = {1}}},
                                 .files = {{"new.csv", 2}, {"old.csv", 1}}});
    EXPECT_EQ(current(), "k0=v2 k1=v2");
    EXPECT_EQ(std::tuple(outcome.added, outcome.changed, outcome.closed), std::tuple(3, 2, 1));
    EXPECT_EQ(scope_states("b1"), "0 imported, 1 imported");
    EXPECT_EQ(history(), "k0=v1<b1 k1=v1<b1 k2=v1<b1");
}

TEST_F(Import, a_key_seen_in_another_scope_moves) {
    import({.id = "b1", .scopes = {{.name = "school 1", .rows = cme_rows(0, 2)}}});
    const auto outcome =
        import({.id = "b2", .scopes = {{.name = "school 2", .as_of = "2026-01-20", .rows = cme_rows(1, 2)}}});
    EXPECT_EQ(std::tuple(outcome.changed, outcome.added), std::tuple(1, 0));
    EXPECT_EQ(
        text("select string_agg(source_key || ' in ' || scope, ', ' order by source_key) from cme_case"),
        "k0 in school 1, k1 in school 2");
    EXPECT_EQ(text("select source_key || ' in ' || scope from cme_case_history"), "k1 in school 1");
    // And the school it left says so: nothing to close.
    EXPECT_EQ(
        import({.id = "b3", .scopes = {{.name = "school 1", .as_of = "2026-01-20", .rows = cme_rows(0, 1)}}})
            .closed,
        0);
}

TEST_F(Import, a_key_that_two_scopes_claim_in_one_batch_goes_to_the_later_one) {
    for (const bool first_load : {true, false}) {
        const std::string id = first_load ? "b1" : "b2";
        const auto outcome = import({.id = id,
                                     .scopes = {{.name = "school 1", .rows = cme_rows(0, 2, 1)},
                                                {.name = "school 2", .rows = cme_rows(1, 3, 2)}}});
        EXPECT_EQ(current(), "k0=v1 k1=v2 k2=v2");
        EXPECT_EQ(outcome.added, first_load ? 3 : 0);
        EXPECT_EQ(outcome.unchanged, first_load ? 1 : 4) << "the row that was overtaken counts as unchanged";
    }
    EXPECT_EQ(history(), "");
}

TEST_F(Import, a_snapshot_that_would_close_too_much_waits_and_changes_nothing) {
    import({.id = "b1", .scopes = {{.rows = cme_rows(0, 10)}}});
    const auto at_the_edge =
        import({.id = "b2", .scopes = {{.as_of = "2026-01-20", .rows = cme_rows(0, 8)}}}, night + hour);
    EXPECT_EQ(std::tuple(at_the_edge.state, at_the_edge.closed), std::tuple(std::string("imported"), 2))
        << "exactly 20 % is allowed";
    import({.id = "b3", .scopes = {{.as_of = "2026-01-21", .rows = cme_rows(0, 10)}}});
    const auto cut = import({.id = "b4", .scopes = {{.as_of = "2026-01-22", .rows = cme_rows(0, 7, 2)}}});
    EXPECT_EQ(std::tuple(cut.state, cut.closed, cut.held, cut.scopes_held),
              std::tuple(std::string("held"), 0, 7, 1));
    EXPECT_EQ(text("select state || ' ' || would_close || ' of ' || current_rows from batch_scope where "
                   "batch_id = 'b4'"),
              "held 3 of 10");
    EXPECT_EQ(count("select count(*) from cme_case where next_action = 'v1'"), 10);
    EXPECT_EQ(count("select count(*) from batch_file where batch_id = 'b4'"), 1)
        << "its delivery was read and is not pending again";
}

TEST_F(Import, small_scopes_are_not_guarded) {
    import({.id = "b1", .scopes = {{.rows = cme_rows(0, 9)}}});
    EXPECT_EQ(import({.id = "b2", .scopes = {{.as_of = "2026-01-20", .rows = cme_rows(0, 1)}}}).closed, 8);
}

TEST_F(Import, what_came_with_a_held_scope_waits_too_and_the_rest_imports) {
    const auto person = [](int from, int to) {
        std::vector<Row> rows;
        for (int i = from; i < to; ++i) rows.push_back({"k" + std::to_string(i), {}});
        return rows;
    };
    const std::vector<Batch::File> files{{"1.xml", 1}, {"2.xml", 2}, {"3.xml", 3}};
    auto night_of = [&](const std::string& id, const std::string& day, int rows_of_first) {
        return Batch{.id = id,
                     .scopes = {{.record = "cme_case",
                                 .name = "school 1",
                                 .as_of = day,
                                 .rows = cme_rows(0, rows_of_first),
                                 .files = {0}},
                                {.record = "person_record",
                                 .name = "school 1",
                                 .as_of = day,
                                 .rows = person(0, 20),
                                 .files = {1}},  // same name, other file
                                {.record = "person_record",
                                 .name = "school 2",
                                 .as_of = day,
                                 .rows = person(20, 22),
                                 .files = {1}},  // that file
                                {.record = "cme_case",
                                 .name = "school 3",
                                 .as_of = day,
                                 .rows = cme_rows(40, 42, rows_of_first),
                                 .files = {2}}},
                     .files = files};
    };
    import(night_of("b1", "2026-01-19", 20));
    const auto outcome = import(night_of("b2", "2026-01-20", 5));
    EXPECT_EQ(scope_states("b2"), "0 held, 1 held, 2 held, 3 imported");
    EXPECT_EQ(outcome.scopes_held, 3);
    EXPECT_EQ(count("select count(*) from cme_case where scope = 'school 1'"), 20);
    EXPECT_EQ(count("select count(*) from cme_case where next_action = 'v5' and scope = 'school 3'"), 2);
    const auto approved = approve_batch(store, "b2", "officer-7", night + hour);
    ASSERT_TRUE(approved) << approved.error().sentence;
    EXPECT_EQ(scope_states("b2"), "0 approved, 1 approved, 2 approved, 3 imported");
    EXPECT_EQ(count("select count(*) from cme_case where scope = 'school 1'"), 5);
}

TEST_F(Import, an_approved_batch_applies_what_waited_and_says_who_decided) {
    import({.id = "b1", .scopes = {{.rows = cme_rows(0, 10)}}});
    import({.id = "b2", .scopes = {{.as_of = "2026-01-20", .rows = cme_rows(0, 2, 2)}}});
    auto outcome = approve_batch(store, "b2", "officer-7", night + hour);
    ASSERT_TRUE(outcome) << outcome.error().sentence;
    EXPECT_EQ(std::tuple(outcome->state, outcome->changed, outcome->closed, outcome->held),
              std::tuple(std::string("imported"), 2, 8, 0));
    EXPECT_EQ(current(), "k0=v2 k1=v2");
    EXPECT_EQ(text("select state || ' ' || decided_by || ' ' || epoch_us(decided_at) from batch_scope where "
                   "batch_id = 'b2'"),
              "approved officer-7 " + std::to_string(night + hour));
    auto again = approve_batch(store, "b2", "officer-7", night + hour);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, ErrorCode::usage);
    EXPECT_EQ(approve_batch(store, "nothing", "officer-7", night).error().code, ErrorCode::usage);
}

TEST_F(Import, a_held_batch_whose_staged_files_are_gone_still_waits) {
    import({.id = "b1", .scopes = {{.rows = cme_rows(0, 10)}}});
    import({.id = "b2", .scopes = {{.as_of = "2026-01-20", .rows = cme_rows(0, 2)}}});
    std::filesystem::remove_all(folder.path / "staging" / "b2");
    EXPECT_EQ(approve_batch(store, "b2", "officer-7", night).error().code, ErrorCode::storage);
    EXPECT_EQ(text("select state from batch where batch_id = 'b2'"), "held");
}

TEST_F(Import, a_good_file_that_comes_later_settles_the_held_one) {
    import({.id = "b1", .scopes = {{.rows = cme_rows(0, 10)}}});
    import({.id = "b2", .scopes = {{.as_of = "2026-01-20", .rows = cme_rows(0, 2, 2)}}});
    import({.id = "b3", .scopes = {{.as_of = "2026-01-20", .rows = cme_rows(0, 10, 3)}}}, night + hour);
    EXPECT_EQ(scope_states("b2"), "0 superseded");
    EXPECT_EQ(text("select state from batch where batch_id = 'b2'"), "imported");
    EXPECT_FALSE(approve_batch(store, "b2", "officer-7", night + hour));
    EXPECT_EQ(count("select count(*) from cme_case where next_action = 'v3'"), 10);
}

TEST_F(Import, a_cut_file_and_its_correction_in_one_batch_leave_nothing_waiting) {
    import({.id = "b1", .scopes = {{.rows = cme_rows(0, 10)}}});
    const auto outcome =
        import({.id = "b2",
                .scopes = {{.as_of = "2026-01-20", .rows = cme_rows(0, 2, 2), .files = {0}},
                           {.as_of = "2026-01-21", .rows = cme_rows(0, 10, 3), .files = {1}}},
                .files = {{"cut.csv", 2}, {"whole.csv", 3}}});
    EXPECT_EQ(scope_states("b2"), "0 superseded, 1 imported");
    EXPECT_EQ(std::tuple(outcome.state, outcome.superseded, outcome.changed),
              std::tuple(std::string("imported"), 2, 10));
}

TEST_F(Import, of_two_files_of_one_scope_and_day_only_the_later_settles_the_other) {
    const std::vector<Batch::File> files{{"1.csv", 2}, {"2.csv", 3}};
    import({.id = "b1", .scopes = {{.rows = cme_rows(0, 10)}}});
    import({.id = "b2",
            .scopes = {{.as_of = "2026-01-20", .rows = cme_rows(0, 10, 2), .files = {0}},
                       {.as_of = "2026-01-20", .rows = cme_rows(0, 2, 3), .files = {1}}},
            .files = files});
    EXPECT_EQ(scope_states("b2"), "0 imported, 1 held") << "the cut file came last: somebody must look";
    import({.id = "b3",
            .scopes = {{.as_of = "2026-01-21", .rows = cme_rows(0, 2, 4), .files = {0}},
                       {.as_of = "2026-01-21", .rows = cme_rows(0, 10, 5), .files = {1}}},
            .files = files});
    EXPECT_EQ(scope_states("b3"), "0 superseded, 1 imported");
    EXPECT_EQ(scope_states("b2"), "0 imported, 1 superseded");
}

TEST_F(Import, rejected_rows_do_not_count_against_the_guard) {
    import({.id = "b1", .scopes = {{.rows = cme_rows(0, 10)}}});
    Batch batch{.id = "b2", .scopes = {{.as_of = "2026-01-20", .rows = cme_rows(0, 2)}}};
    for (int i = 2; i < 10; ++i)
        batch.rejects.push_back({.record = "cme_case", .source_key = "k" + std::to_string(i)});
    const auto outcome = import(batch);
    EXPECT_EQ(std::tuple(outcome.state, outcome.closed, outcome.rejected),
              std::tuple(std::string("imported"), 0, 8));
    EXPECT_EQ(count("select count(*) from cme_case"), 10);
}

TEST_F(Import, refused_files_and_empty_batches_have_states_of_their_own) {
    import({.id = "b1", .scopes = {{.rows = cme_rows(0, 4)}}});
    EXPECT_EQ(import({.id = "b2",
                      .scopes = {{.as_of = "2026-01-20", .rows = {}, .refused = true}},
                      .files = {{"a.csv", 2, true}}})
                  .state,
              "refused");
    EXPECT_EQ(text("select state || ': ' || reason from batch_file where batch_id = 'b2'"),
              "refused: no header");
    EXPECT_EQ(import({.id = "b3"}).state, "empty");
    EXPECT_EQ(count("select count(*) from cme_case"), 4);
    const auto partly = import(
        {.id = "b4",
         .scopes = {{.name = "school 1", .as_of = "2026-01-20", .rows = cme_rows(9, 10), .refused = true},
                    {.name = "school 2", .as_of = "2026-01-20", .rows = cme_rows(10, 11), .files = {1}}},
         .files = {{"1.csv", 3, true}, {"2.csv", 4}}});
    EXPECT_EQ(std::tuple(partly.state, partly.refused, partly.added, partly.files_refused),
              std::tuple(std::string("imported"), 1, 1, 1));
}

TEST_F(Import, issues_stand_until_what_they_speak_of_is_replaced) {
    const auto standing = [&] {
        return text(
            "select coalesce(string_agg(batch_id || ':' || coalesce(scope, '-') || ':' || file_name, ' ' "
            "order by batch_id, scope), '') from row_issue");
    };
    import(
        {.id = "b1",
         .scopes = {{.name = "school 1", .rows = cme_rows(0, 2), .files = {0}},
                    {.name = "school 2", .rows = cme_rows(2, 4), .files = {1}}},
         .rejects =
             {{.record = "cme_case", .source_key = "x1", .file_name = "1.csv"},
              {.record = "cme_case", .scope_no = 1, .source_key = "x2", .file_name = "2.csv", .file_no = 1},
              {.record = "", .scope_no = -1, .file_name = "2.csv", .file_no = 1}},
         .files = {{"1.csv", 1}, {"2.csv", 2}}});
    EXPECT_EQ(standing(), "b1:school 1:1.csv b1:school 2:2.csv b1:-:2.csv");
    import({.id = "b2",
            .scopes = {{.name = "school 1", .as_of = "2026-01-20", .rows = cme_rows(0, 2)}},
            .files = {{"1b.csv", 3}}});
    EXPECT_EQ(standing(), "b1:school 2:2.csv b1:-:2.csv") << "the scope was replaced";
    import({.id = "b3",
            .rejects = {{.record = "", .scope_no = -1, .file_name = "2.csv"}},
            .files = {{"2.csv", 4, true}}});
    EXPECT_EQ(standing(), "b1:school 2:2.csv b3:-:2.csv")
        << "a refused file replaces what was said of the file, not of the rows that stand";
    import({.id = "b4", .files = {{"2.csv", 5}}});
    EXPECT_EQ(standing(), "") << "the file was replaced";
    EXPECT_EQ(count("select count(*) from row_issue where value_masked like '%k%'"), 0);
}

TEST_F(Import, issues_of_a_held_batch_stand_beside_the_earlier_ones_until_it_is_approved) {
    import({.id = "b1",
            .scopes = {{.rows = cme_rows(0, 10)}},
            .rejects = {{.record = "cme_case", .source_key = "x"}}});
    import({.id = "b2",
            .scopes = {{.as_of = "2026-01-20", .rows = cme_rows(0, 2)}},
            .rejects = {{.record = "cme_case", .source_key = "y"}}},
           night + hour);
    EXPECT_EQ(text("select string_agg(batch_id, ' ' order by batch_id) from row_issue"), "b1 b2");
    ASSERT_TRUE(approve_batch(store, "b2", "officer-7", night + 2 * hour));
    EXPECT_EQ(text("select string_agg(batch_id, ' ' order by batch_id) from row_issue"), "b2");
}

TEST_F(Import, a_staged_batch_that_breaks_the_contract_is_refused_whole) {
    const auto refused = [&](const std::filesystem::path& staged) {
        auto outcome = import_batch(store, staged, {}, night);
        EXPECT_FALSE(outcome);
        EXPECT_EQ(count("select count(*) from batch") + count("select count(*) from cme_case"), 0);
        return outcome ? std::string() : outcome.error().sentence;
    };
    const auto edit = [](const std::filesystem::path& staged, const std::string& from,
                         const std::string& to) {
        std::string text = *read_file(staged / "batch.json");
        const auto at = text.find(from);
        ASSERT_NE(at, std::string::npos) << from;
        ASSERT_TRUE(write_file_atomically(staged / "batch.json", text.replace(at, from.size(), to)));
    };
    const Batch good{.id = "b1", .scopes = {{.rows = cme_rows(0, 3)}}};
    auto staged = stage(folder.path, good);
    edit(staged, "\"received\":3", "\"received\":4");
    EXPECT_NE(refused(staged).find("received"), std::string::npos);
    staged = stage(folder.path, good);
    edit(staged, "\"rows\":3", "\"rows\":2");
    EXPECT_NE(refused(staged).find("tells of 2 rows of cme_case in scope 0 but its file has 3"),
              std::string::npos);
    staged = stage(folder.path, good);
    edit(staged, "\"no\":0,\"record\"", "\"no\":7,\"record\"");
    EXPECT_NE(refused(staged).find("scope 0, of which batch b1 does not tell"), std::string::npos);
    staged = stage(folder.path, good);
    edit(staged, "\"record\":\"cme_case\"", "\"record\":\"no_such\"");
    EXPECT_NE(refused(staged).find("record type of the schema"), std::string::npos);
    staged = stage(folder.path, good);
    std::filesystem::remove(staged / "rejects.parquet");
    EXPECT_NE(refused(staged).find("no rejects.parquet"), std::string::npos);
    staged = stage(folder.path, good);
    {
        auto db = *duck::Database::open("");
        auto con = *db.connect();
        ASSERT_TRUE(
            con.run("copy (select 0::INTEGER scope_no, 0::INTEGER file_no, 1::BIGINT source_row, 'k' as "
                    "source_key) to '" +
                    (staged / "cme_case.parquet").string() + "' (format parquet)"));
    }
    EXPECT_NE(refused(staged).find("person_ref"), std::string::npos);
    staged = stage(folder.path, good);
    ASSERT_TRUE(write_file_atomically(staged / "cme_case.parquet", "not a Parquet file"));
    EXPECT_NE(refused(staged).find("cme_case.parquet"), std::string::npos);
    EXPECT_TRUE(import_batch(store, stage(folder.path, good), {}, night)) << "and the sound one imports";
}

TEST_F(Import, every_record_type_stores_what_was_staged) {
    Batch batch{.id = "b1"};
    for (const schema::Record& record : schema::records())
        batch.scopes.push_back(
            {.record = std::string(record.name), .name = "all", .rows = {{"k1", {}}, {"k2", {}}}});
    EXPECT_EQ(import(batch).added, static_cast<std::int64_t>(2 * schema::records().size()));
    for (auto& scope : batch.scopes) scope.as_of = "2026-01-20", scope.rows[1].key = "k3";
    batch.id = "b2";
    const auto second = import(batch);
    const auto n = static_cast<std::int64_t>(schema::records().size());
    EXPECT_EQ(std::tuple(second.unchanged, second.added, second.closed), std::tuple(n, n, n));
}

}  // namespace
