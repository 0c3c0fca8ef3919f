// Reading all files of a feed again must end as a hub that read them with these settings from the beginning.
#include <gtest/gtest.h>

#include <random>

#include "hub/store/ledger.hpp"
#include "hub/store/tests/staging.hpp"

using namespace sendhub;
using namespace sendhub::store;
using namespace sendhub::store::fixtures;

namespace {

constexpr Micros night = 1'768'872'600'000'000;  // 2026-01-20T01:30:00Z
constexpr GuardSettings no_guard{100, 1'000'000};

struct Hub {
    TemporaryFolder folder;
    Store store = *Store::open(folder.path / "hub.duckdb", {.threads = 1});

    ImportOutcome import(const Batch& batch, Micros now) {
        auto outcome = import_batch(store, stage(folder.path, batch), no_guard, now);
        if (!outcome) throw std::runtime_error(outcome.error().sentence);
        return *outcome;
    }
    Result<ImportOutcome> again(const Batch& batch, Micros now, GuardSettings guard = no_guard,
                                bool closing_is_right = false) {
        return import_all_again(store, stage(folder.path, batch), guard, closing_is_right, now);
    }
    std::string text(const std::string& sql) { return first_text(store, sql); }
    std::string current() {
        return text(
            "select coalesce(string_agg(scope || ':' || source_key || '=' || next_action, ' ' order "
            "by source_key), '') from cme_case where feed = 'cme'");
    }
};

TEST(Again, lists_that_supersede_each_other_end_in_the_newest) {
    Hub hub;
    const Scope first{.as_of = "2026-01-05", .rows = cme_rows(0, 3), .files = {0}},
        second{.as_of = "2026-01-12", .rows = cme_rows(1, 5), .files = {1}};
    hub.import({.id = "b1", .scopes = {first}, .files = {{"1.csv", 1}}}, night);
    Scope alone = second;
    alone.files = {0};
    hub.import({.id = "b2", .scopes = {alone}, .files = {{"2.csv", 2}}}, night + 1);
    const std::string before = hub.current();
    const auto done =
        hub.again({.id = "b3", .scopes = {first, second}, .files = {{"1.csv", 1}, {"2.csv", 2}}}, night + 2);
    ASSERT_TRUE(done) << done.error().sentence;
    EXPECT_EQ(hub.current(), before);
    EXPECT_EQ(std::tuple(done->added, done->changed, done->closed), std::tuple(0, 0, 0));
    EXPECT_EQ(hub.text("select count(*)::varchar from cme_case where batch_id = 'b3'"), "0")
        << "nothing is rewritten";
    EXPECT_EQ(hub.text("select count(*)::varchar from cme_case_history"), "1");
    EXPECT_EQ(hub.text("select string_agg(state, ' ' order by batch_id, scope_no) from batch_scope"),
              "replayed replayed imported imported");
    // What comes next is judged by what was read again.
    EXPECT_EQ(hub.import({.id = "b4", .scopes = {first}, .files = {{"1.csv", 3}}}, night + 3).superseded, 3);
}

TEST(Again, a_corrected_setting_takes_effect_on_deltas_in_their_order) {
    Hub hub;
    const auto delta = [](const std::string& as_of, std::vector<Row> rows, int file) {
        return Scope{.as_of = as_of, .rows = std::move(rows), .mode = "delta", .files = {file}};
    };
    hub.import({.id = "b1",
                .scopes = {delta("2026-01-05", {cme_row("k1", 1), cme_row("k2", 1)}, 0)},
                .files = {{"1.csv", 1}}},
               night);
    hub.import({.id = "b2", .scopes = {delta("2026-01-06", {cme_row("k1", 2)}, 0)}, .files = {{"2.csv", 2}}},
               night + 1);
    // Today's settings read k2 of the first file otherwise, and no longer find k3.
    const auto done = hub.again({.id = "b3",
                                 .scopes = {delta("2026-01-05", {cme_row("k1", 1), cme_row("k2", 7)}, 0),
                                            delta("2026-01-06", {cme_row("k1", 2)}, 1)},
                                 .files = {{"1.csv", 1}, {"2.csv", 2}}},
                                night + 2);
    ASSERT_TRUE(done);
    EXPECT_EQ(hub.current(), "cme:k1=v2 cme:k2=v7");
    EXPECT_EQ(std::tuple(done->added, done->changed, done->closed), std::tuple(0, 1, 0));
}

TEST(Again, a_date_that_was_misread_no_longer_freezes_its_scope) {
    Hub hub;
    hub.import({.id = "b1", .scopes = {{.as_of = "2062-01-05", .rows = cme_rows(0, 3)}}}, night);
    ASSERT_TRUE(
        hub.again({.id = "b2", .scopes = {{.as_of = "2026-01-05", .rows = cme_rows(0, 3)}}}, night + 1));
    EXPECT_EQ(hub.import({.id = "b3",
                          .scopes = {{.as_of = "2026-01-12", .rows = cme_rows(0, 4)}},
                          .files = {{"b.csv", 2}}},
                         night + 2)
                  .added,
              1);
}

TEST(Again, what_would_close_too_much_changes_nothing_until_a_person_says_so) {
    Hub hub;
    hub.import({.id = "b1", .scopes = {{.rows = cme_rows(0, 20)}}}, night);
    const auto before = content(hub.store);
    const auto refused = hub.again({.id = "b2", .scopes = {{.rows = cme_rows(0, 5)}}}, night + 1, {20, 10});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::needs_person);
    EXPECT_NE(refused.error().sentence.find("would close 15 of 20 records of cme_case"), std::string::npos);
    EXPECT_EQ(content(hub.store), before);
    const auto done =
        hub.again({.id = "b3", .scopes = {{.rows = cme_rows(0, 5)}}}, night + 2, {20, 10}, true);
    ASSERT_TRUE(done);
    EXPECT_EQ(done->closed, 15);
    const auto twice =
        hub.again({.id = "b3", .scopes = {{.rows = cme_rows(0, 5)}}}, night + 3, {20, 10}, true);
    EXPECT_TRUE(twice->replay) << "exactly once";
}

TEST(Again, other_feeds_are_not_touched) {
    Hub hub;
    hub.import({.id = "b1", .scopes = {{.rows = cme_rows(0, 3)}}}, night);
    hub.import({.id = "o1", .feed = "other", .scopes = {{.rows = cme_rows(0, 3, 9)}}}, night);
    ASSERT_TRUE(hub.again({.id = "b2", .scopes = {{.rows = cme_rows(0, 2)}}}, night + 1));
    EXPECT_EQ(hub.current(), "cme:k0=v1 cme:k1=v1");
    EXPECT_EQ(hub.text("select count(*)::varchar from cme_case where feed = 'other'"), "3");
}

// The property: for any history of snapshots and deltas, in any split into nights, reading it all again ends
// in the same rows as reading it all at once in a hub that knows nothing.
TEST(Again, random_histories_end_as_a_clean_hub_would) {
    for (unsigned seed = 1; seed <= 12; ++seed) {
        std::mt19937 random(seed);
        const auto below = [&](unsigned n) { return static_cast<int>(random() % n); };
        Hub hub, clean;
        Batch all{.id = "all", .scopes = {}, .files = {}};
        for (int n = 0; n < 6; ++n) {
            std::vector<Row> rows;
            for (int k = 0; k < 6; ++k)
                if (below(2) == 0) rows.push_back(cme_row("k" + std::to_string(k), below(3)));
            Scope scope{.name = "s" + std::to_string(below(2)),
                        .as_of = "2026-01-0" + std::to_string(1 + below(5)),
                        .rows = rows,
                        .mode = below(3) == 0 ? "delta" : "snapshot",
                        .files = {n}};
            all.scopes.push_back(scope);
            all.files.push_back({"f" + std::to_string(n), n + 1});
            scope.files = {0};
            hub.import({.id = "n" + std::to_string(n), .scopes = {scope}, .files = {{all.files.back()}}},
                       night + n);
        }
        clean.import(all, night);
        ASSERT_TRUE(hub.again(all, night + 100));
        EXPECT_EQ(hub.current(), clean.current()) << "seed " << seed;
    }
}

}  // namespace
