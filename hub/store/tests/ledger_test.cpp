#include "hub/store/ledger.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include "base/files.hpp"
#include "hub/store/tests/staging.hpp"

using namespace sendhub;
using namespace sendhub::store;
using namespace sendhub::store::fixtures;

namespace {

constexpr Micros night = 1'768'872'600'000'000;  // 2026-01-20T01:30:00Z

class Ledger : public ::testing::Test {
  protected:
    TemporaryFolder folder;
    Store store = *Store::open(folder.path / "hub.duckdb", {.threads = 2});

    ImportOutcome import(const Batch& batch, Micros now = night) {
        auto outcome = import_batch(store, stage(folder.path, batch), {}, now);
        if (!outcome) throw std::runtime_error(outcome.error().sentence);
        return *outcome;
    }
    RunEnd classify(const FeedEvidence& evidence) {
        auto end = classify_feed_run(store, "cme", evidence);
        if (!end) throw std::runtime_error(end.error().sentence);
        return *end;
    }
    RunEnd classify(const Batch& batch, Micros now = night) {
        return classify({.new_deliveries = 1, .outcome = import(batch, now)});
    }
    std::string text(const std::string& sql) { return first_text(store, sql); }
};

TEST_F(Ledger, a_run_ends_once_in_one_state) {
    const std::string first = *begin_run(store, "feed", "cme", night),
                      second = *begin_run(store, "match", "", night);
    EXPECT_EQ(first, "feed-20260120T013000Z-1");
    EXPECT_EQ(second, "match-20260120T013000Z-2");
    EXPECT_FALSE(end_run(store, first, {.state = "running"}, night));
    EXPECT_FALSE(end_run(store, first, {.state = "fine"}, night));
    ASSERT_TRUE(end_run(store, first,
                        {.state = "ok",
                         .batch_id = "b1",
                         .received = 5,
                         .accepted = 3,
                         .rejected = 1,
                         .unchanged = 1,
                         .sentence = "well"},
                        night + 1));
    EXPECT_FALSE(end_run(store, first, {.state = "failed"}, night + 2));
    EXPECT_FALSE(end_run(store, "feed-x-9", {.state = "ok"}, night + 2));
    EXPECT_EQ(
        text("select feed || ' ' || kind || ' ' || state || ' ' || batch_id || ' ' || received || accepted "
             "|| rejected || unchanged || ' ' || (error_code is null) from run where run_id = '" +
             first + "'"),
        "cme feed ok b1 5311 true");
    EXPECT_EQ(*end_abandoned_runs(store, night + 3), 1);
    EXPECT_EQ(text("select state || ' ' || error_code || ' ' || (feed is null) from run where run_id = '" +
                   second + "'"),
              "failed abandoned true");
    EXPECT_EQ(*end_abandoned_runs(store, night + 3), 0);
}

TEST_F(Ledger, a_delivery_is_pending_until_a_recorded_batch_read_it) {
    import({.id = "b1", .scopes = {{.rows = cme_rows(0, 2)}}, .files = {{"a.csv", 7}, {"b.csv", 8, true}}});
    const std::vector<DeliveryKey> deliveries{
        {7, sha256("b10")}, {8, sha256("b11")}, {9, "new"}, {7, "another content under the same number"}};
    EXPECT_EQ(*pending_deliveries(store, "cme", deliveries), (std::vector<std::int64_t>{9, 7}));
    EXPECT_EQ(pending_deliveries(store, "ehe", deliveries)->size(), 4u);
}

TEST_F(Ledger, a_run_without_rows_is_never_ok) {
    EXPECT_EQ(classify(FeedEvidence{}).state, "nothing_received");
    const auto again = classify({.duplicates = 3});
    EXPECT_EQ(again.state, "nothing_new");
    EXPECT_NE(again.sentence.find("3 files were on offer"), std::string::npos);
    const auto left = classify({.left = 2});
    EXPECT_EQ(left.state, "nothing_received");
    EXPECT_NE(left.sentence.find("2 files were on offer for cme and left at the source"), std::string::npos);
    EXPECT_EQ(classify({.id = "b1"}).state, "nothing_received");
    EXPECT_FALSE(classify_feed_run(store, "cme", {.new_deliveries = 1}))
        << "no batch and no failure is our mistake";
}

TEST_F(Ledger, a_failure_and_a_refused_delivery_are_failed_with_their_reason) {
    const auto failed =
        classify({.new_deliveries = 1, .failure = Error(ErrorCode::plugin, "the connector stopped")});
    EXPECT_EQ(std::tuple(failed.state, failed.error_code, failed.sentence),
              std::tuple(std::string("failed"), std::string("plugin"), std::string("the connector stopped")));
    const auto refused = classify(Batch{.id = "b1", .files = {{"a.csv", 1, true}}});
    EXPECT_EQ(
        std::tuple(refused.state, refused.error_code, refused.sentence),
        std::tuple(std::string("failed"), std::string("file_refused"),
                   std::string("the only file of cme was refused: no header; have a corrected file sent, or "
                               "correct the settings, and sendhub replay cme reads it again")));
    const auto partly = classify(
        Batch{.id = "b2", .scopes = {{.rows = cme_rows(0, 2)}}, .files = {{"a.csv", 2}, {"b.csv", 3, true}}});
    EXPECT_EQ(std::tuple(partly.state, partly.error_code),
              std::tuple(std::string("partly_refused"), std::string("file_refused")));
    EXPECT_NE(partly.sentence.find("1 of 2 files of cme was refused"), std::string::npos) << partly.sentence;
    EXPECT_NE(partly.sentence.find("sendhub replay cme"), std::string::npos) << partly.sentence;
}

TEST_F(Ledger, a_good_run_is_ok_with_its_counts) {
    const auto end = classify({.id = "b1",
                               .scopes = {{.rows = cme_rows(0, 3)}},
                               .rejects = {{.record = "cme_case", .source_key = "x"}}});
    EXPECT_EQ(std::tuple(end.state, end.batch_id, end.received, end.accepted, end.rejected, end.unchanged),
              std::tuple(std::string("ok"), std::string("b1"), 4, 3, 1, 0));
    EXPECT_EQ(end.received, end.accepted + end.rejected + end.unchanged);
    EXPECT_EQ(end.sentence,
              "cme: 4 records received (3 cme_case), 3 accepted, 0 unchanged, 1 rejected, 0 closed");
}

TEST_F(Ledger, records_closed_are_counted_in_every_place) {
    import({.id = "b1", .scopes = {{.rows = cme_rows(0, 10)}}});
    const auto run = *begin_run(store, "feed", "cme", night);
    const auto end =
        classify({.id = "b2", .scopes = {{.as_of = "2026-01-20", .rows = cme_rows(0, 8)}}}, night + 1);
    EXPECT_EQ(end.closed, 2);
    EXPECT_NE(end.sentence.find(", 2 closed"), std::string::npos) << end.sentence;
    ASSERT_TRUE(end_run(store, run, end, night + 1));
    EXPECT_EQ(text("select closed || ' ' || superseded || ' ' || kept_open from run"), "2 0 0");
}

TEST_F(Ledger, why_nothing_was_closed_is_said) {
    import({.id = "b1", .scopes = {{.rows = cme_rows(0, 10)}}});
    const auto end = classify({.id = "b2",
                               .scopes = {{.as_of = "2026-01-20", .rows = cme_rows(0, 8)}},
                               .rejects = {{.record = "cme_case", .source_key = ""}}},
                              night + 1);
    EXPECT_EQ(std::tuple(end.state, end.closed, end.kept_open), std::tuple(std::string("ok"), 0, 2));
    EXPECT_NE(
        end.sentence.find("2 records that their list no longer has were kept open, because a row of the "
                          "file was rejected without a key"),
        std::string::npos)
        << end.sentence;
}

TEST_F(Ledger, what_is_set_aside_as_older_is_never_ok) {
    import({.id = "b1", .scopes = {{.as_of = "2026-01-19", .rows = cme_rows(0, 3)}}});
    const auto end =
        classify({.id = "b2", .scopes = {{.as_of = "2026-01-18", .rows = cme_rows(0, 3)}}}, night + 1);
    EXPECT_EQ(std::tuple(end.state, end.superseded), std::tuple(std::string("superseded"), 3));
    EXPECT_NE(end.sentence.find("3 records of cme are older than what stands"), std::string::npos)
        << end.sentence;
}

TEST_F(Ledger, far_too_many_rejects_are_never_ok) {
    const auto with = [&](const std::string& id, int good, int bad) {
        Batch batch{.id = id, .scopes = {{.as_of = "2026-01-2" + id.substr(1), .rows = cme_rows(0, good)}}};
        for (int i = 0; i < bad; ++i)
            batch.rejects.push_back({.record = "cme_case", .source_key = "x" + std::to_string(i)});
        return classify(batch);
    };
    EXPECT_EQ(with("b1", 2, 4).state, "ok") << "fewer than 5 are looked at with the other rejects";
    EXPECT_EQ(with("b2", 45, 5).state, "ok") << "a tenth";
    EXPECT_EQ(with("b3", 44, 5).state, "many_rejected");
}

TEST_F(Ledger, a_night_without_news_does_not_hide_what_the_last_batch_left) {
    const auto finish = [&](const RunEnd& end, Micros at) {
        ASSERT_TRUE(end_run(store, *begin_run(store, "feed", "cme", at), end, at));
    };
    finish(
        classify(Batch{
            .id = "b1", .scopes = {{.rows = cme_rows(0, 2)}}, .files = {{"a.csv", 2}, {"b.csv", 3, true}}}),
        night);
    const auto second = classify({.duplicates = 2});
    EXPECT_EQ(std::tuple(second.state, second.error_code),
              std::tuple(std::string("partly_refused"), std::string("file_refused")));
    finish(second, night + 1);
    EXPECT_EQ(classify({.duplicates = 2}).state, "partly_refused") << "nor does the one after";
    finish(classify({.id = "b2", .scopes = {{.as_of = "2026-01-20", .rows = cme_rows(0, 2)}}}, night + 2),
           night + 2);
    EXPECT_EQ(classify({.duplicates = 2}).state, "nothing_new");
    finish(classify({.id = "b3", .files = {{"a.csv", 9, true}}}, night + 3), night + 3);
    EXPECT_EQ(classify({.duplicates = 2}).state, "failed");
}

TEST_F(Ledger, files_that_were_seen_and_not_read_are_kept_with_their_run) {
    const auto run = *begin_run(store, "feed", "cme", night);
    ASSERT_TRUE(note_run_files(store, run, "cme", std::vector<RunFile>{{"left", "b.csv", "still growing"}}));
    const auto files = run_files(store, run);
    ASSERT_EQ(files->size(), 1u);
    EXPECT_EQ((*files)[0].name, "b.csv");
    for (int n = 1; n <= 200; ++n) (void)*begin_run(store, "feed", "cme", night + n);
    ASSERT_TRUE(note_run_files(store, "x", "cme", {}));
    EXPECT_TRUE(run_files(store, run)->empty()) << "no longer than the run is listed";
}

TEST_F(Ledger, a_held_batch_is_told_with_its_command) {
    import({.id = "b1", .scopes = {{.rows = cme_rows(0, 20)}}});
    const auto end =
        classify({.id = "b2", .scopes = {{.as_of = "2026-01-20", .rows = cme_rows(0, 4)}}}, night + 1);
    EXPECT_EQ(end.state, "held");
    EXPECT_NE(end.sentence.find("sendhub batch approve b2"), std::string::npos);
    const auto held = held_batches(store);
    ASSERT_EQ(held->size(), 1u);
    EXPECT_EQ((*held)[0].batch_id, "b2");
    EXPECT_EQ((*held)[0].held_at, night + 1);
    ASSERT_EQ((*held)[0].scopes.size(), 1u);
    const HeldScope& scope = (*held)[0].scopes[0];
    EXPECT_EQ(std::tuple(scope.record, scope.scope, scope.rows, scope.current_rows, scope.would_close),
              std::tuple(std::string("cme_case"), std::string("cme"), 4, 20, 16));
    EXPECT_TRUE(held_batches(store, "ehe")->empty());
}

TEST_F(Ledger, a_snapshot_whose_rows_were_nearly_all_rejected_is_collapsed) {
    import({.id = "b1", .scopes = {{.rows = cme_rows(0, 20)}}});
    Batch half{.id = "b2", .scopes = {{.as_of = "2026-01-20", .rows = cme_rows(0, 10)}}};
    for (int i = 10; i < 20; ++i)
        half.rejects.push_back({.record = "cme_case", .source_key = "k" + std::to_string(i)});
    EXPECT_EQ(classify(half).state, "many_rejected") << "exactly half is not yet a collapse";
    Batch bad{.id = "b3", .scopes = {{.as_of = "2026-01-21", .rows = cme_rows(0, 9)}}};
    for (int i = 9; i < 20; ++i)
        bad.rejects.push_back({.record = "cme_case", .source_key = "k" + std::to_string(i)});
    const auto end = classify(bad);
    EXPECT_EQ(end.state, "collapsed");
    EXPECT_NE(end.sentence.find("9 good rows for scopes that held 20"), std::string::npos) << end.sentence;
}

TEST_F(Ledger, one_school_sending_again_is_not_a_collapse_of_the_feed) {
    import({.id = "b1",
            .scopes = {{.name = "s1", .rows = cme_rows(0, 200)},
                       {.name = "s2", .rows = cme_rows(200, 203), .files = {1}}},
            .files = {{"1", 1}, {"2", 2}}});
    EXPECT_EQ(
        classify({.id = "b2", .scopes = {{.name = "s2", .as_of = "2026-01-20", .rows = cme_rows(200, 203)}}})
            .state,
        "ok");
}

TEST_F(Ledger, a_delta_far_below_the_feeds_own_history_is_collapsed_once_there_is_a_history) {
    const auto delta = [](int n, int rows) {
        return Batch{
            .id = "b" + std::to_string(n),
            .scopes = {{.as_of = format_date(20470 + n), .rows = cme_rows(0, rows, n), .mode = "delta"}}};
    };
    for (int n = 1; n <= 4; ++n) EXPECT_EQ(classify(delta(n, 40), night + n).state, "ok");
    EXPECT_EQ(classify(delta(5, 1), night + 5).state, "ok") << "four batches are no history";
    EXPECT_EQ(classify(delta(6, 4), night + 6).state, "ok") << "a tenth";
    EXPECT_EQ(classify(delta(7, 3), night + 7).state, "collapsed");
    EXPECT_EQ(*feed_history(store, "cme"), (std::vector<std::int64_t>{3, 4, 1, 40, 40, 40, 40}));
    EXPECT_EQ(*feed_history(store, "cme", "b3"), (std::vector<std::int64_t>{40, 40}));
    EXPECT_EQ(feed_history(store, "cme", {}, 2)->size(), 2u);
}

TEST_F(Ledger, status_json_tells_how_things_stand) {
    import({.id = "b1",
            .scopes = {{.rows = cme_rows(0, 20)}},
            .rejects = {{.record = "cme_case", .source_key = "secret-key"}}});
    import({.id = "b2", .scopes = {{.as_of = "2026-01-20", .rows = cme_rows(0, 4)}}}, night + 1);
    const auto run = *begin_run(store, "feed", "cme", night);
    ASSERT_TRUE(end_run(
        store, run,
        {.state = "held", .batch_id = "b2", .received = 4, .error_code = "held", .sentence = "it \"waits\""},
        night + 1));
    ASSERT_TRUE(note_run_files(store, run, "cme", std::vector<RunFile>{{"left", "report.csv", "too new"}}));
    (void)*begin_run(store, "feed", "cme", night + 2);
    std::filesystem::create_directories(folder.path / "published" / "20260119T013000Z");
    std::filesystem::create_directory_symlink("20260119T013000Z", folder.path / "published" / "current");
    const auto path = folder.path / "status.json";
    const auto done = export_status(
        store, path, {.hub_name = "Demo", .hub_version = "0.1.0", .feeds = {"cme", "ehe"}}, night);
    ASSERT_TRUE(done) << done.error().sentence;
    EXPECT_EQ(read_file(path)->find("secret-key"), std::string::npos);

    simdjson::dom::parser parser;
    simdjson::dom::element json = parser.load(path.string());
    const auto str = [&](const char* pointer) {
        return std::string(json.at_pointer(pointer).get_string().value());
    };
    const auto num = [&](const char* pointer) { return json.at_pointer(pointer).get_int64().value(); };
    EXPECT_EQ(str("/hub/version"), "0.1.0");
    EXPECT_EQ(str("/publication/version"), "20260119T013000Z");
    EXPECT_EQ(str("/feeds/0/state"), "held");
    EXPECT_EQ(str("/health/state"), "needs_review");
    EXPECT_EQ(num("/health/exit_code"), 3);
    EXPECT_EQ(read_file(path)->find("report.csv"), std::string::npos) << "names of files stay out";
    EXPECT_NE(read_file(folder.path / "run_files.json")->find("report.csv"), std::string::npos);
    EXPECT_EQ(str("/feeds/0/sentence"), "it \"waits\"");
    EXPECT_TRUE(json.at_pointer("/feeds/0/running").get_bool().value());
    EXPECT_EQ(std::tuple(num("/feeds/0/rows"), num("/feeds/0/age_days"), num("/feeds/0/reject_count")),
              std::tuple(20, 1, 1));
    EXPECT_EQ(str("/feeds/0/as_of"), "2026-01-19");
    EXPECT_EQ(str("/feeds/0/held/0"), "b2");
    EXPECT_EQ(str("/feeds/1/state"), "never_run");
    EXPECT_TRUE(json.at_pointer("/feeds/1/as_of").is_null());
    EXPECT_EQ(str("/held/0/approve"), "sendhub batch approve b2");
    EXPECT_EQ(num("/held/0/would_close"), 16);
    EXPECT_EQ(str("/runs/0/state"), "running");
    EXPECT_EQ(str("/runs/1/state"), "held");
    EXPECT_TRUE(json.at_pointer("/runs/0/finished_at").is_null());
}

}  // namespace
