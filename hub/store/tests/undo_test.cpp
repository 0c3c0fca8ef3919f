#include "hub/store/undo.hpp"

#include <gtest/gtest.h>

#include "hub/store/approve.hpp"
#include "hub/store/ledger.hpp"
#include "hub/store/tests/staging.hpp"

using namespace sendhub;
using namespace sendhub::store;
using namespace sendhub::store::fixtures;

namespace {

constexpr Micros night = 1'768'872'600'000'000;  // 2026-01-20T01:30:00Z

class Undo : public ::testing::Test {
  protected:
    TemporaryFolder folder;
    Store store = *Store::open(folder.path / "hub.duckdb", {.threads = 2});

    ImportOutcome import(const Batch& batch, Micros now) {
        auto outcome = import_batch(store, stage(folder.path, batch), {}, now);
        if (!outcome) throw std::runtime_error(outcome.error().sentence);
        return *outcome;
    }
    UndoOutcome undo(const std::string& batch, Micros now, const std::string& scope = {}) {
        auto outcome = undo_batch(store, batch, scope, "test officer", now);
        if (!outcome) throw std::runtime_error(outcome.error().sentence);
        return *outcome;
    }
    std::string text(const std::string& sql) { return first_text(store, sql); }
    std::string current() {
        return text(
            "select coalesce(string_agg(scope || ':' || source_key || '=' || next_action, ' ' order by "
            "source_key), '') from cme_case");
    }
};

TEST_F(Undo, a_mistyped_date_no_longer_freezes_its_scope) {
    import({.id = "b1", .scopes = {{.rows = cme_rows(0, 3)}}, .files = {{"a.csv", 1}}}, night);
    import({.id = "b2",
            .scopes = {{.as_of = "2062-01-20", .rows = {cme_row("k0", 2), cme_row("k1"), cme_row("k9")}}},
            .files = {{"a.csv", 2}}},
           night + 1);
    const Batch corrected{.id = "b3",
                          .scopes = {{.as_of = "2026-01-20", .rows = {cme_row("k0", 3), cme_row("k1")}}},
                          .files = {{"a.csv", 3}}};
    EXPECT_EQ(import(corrected, night + 2).superseded, 2);
    const auto done = undo("b2", night + 3);
    EXPECT_EQ(std::tuple(done.feed, done.scopes, done.removed, done.restored, done.read_again),
              std::tuple(std::string("cme"), 1, 2, 2, 1));
    EXPECT_EQ(current(), "cme:k0=v1 cme:k1=v1 cme:k2=v1") << "what the scope held before";
    EXPECT_EQ(text("select string_agg(batch_id || ' ' || state, ', ' order by batch_id) from batch_scope"),
              "b1 imported, b2 withdrawn, b3 superseded");
    EXPECT_EQ(text("select decided_by from batch_scope where batch_id = 'b2'"), "test officer");
    // The corrected return is read again, and applies.
    const std::string hash = text("select sha256 from batch_file where batch_id = 'b3'");
    const std::vector<DeliveryKey> deliveries{{3, hash}};
    EXPECT_EQ(*pending_deliveries(store, "cme", deliveries), std::vector<std::int64_t>{3});
    Batch again = corrected;
    again.id = "b4";
    EXPECT_EQ(import(again, night + 4).superseded, 0);
    EXPECT_EQ(current(), "cme:k0=v3 cme:k1=v1");
    // The versions stay in the history.
    EXPECT_EQ(text("select string_agg(source_key || '=' || next_action, ' ' order by source_key) from "
                   "cme_case_history where batch_id = 'b2' and closed_by = 'b2'"),
              "k0=v2 k9=v1");
}

TEST_F(Undo, one_scope_of_many_is_taken_back_alone) {
    import({.id = "b1",
            .scopes = {{.name = "s1", .rows = cme_rows(0, 2)},
                       {.name = "s2", .rows = cme_rows(2, 4), .files = {1}}},
            .files = {{"1", 1}, {"2", 2}}},
           night);
    import({.id = "b2",
            .scopes = {{.name = "s1", .as_of = "2026-01-20", .rows = cme_rows(0, 2, 2)},
                       {.name = "s2", .as_of = "2026-01-20", .rows = cme_rows(2, 4, 2), .files = {1}}},
            .files = {{"1", 3}, {"2", 4}}},
           night + 1);
    EXPECT_EQ(undo("b2", night + 2, "s1").restored, 2);
    EXPECT_EQ(current(), "s1:k0=v1 s1:k1=v1 s2:k2=v2 s2:k3=v2");
    EXPECT_EQ(text("select state from batch where batch_id = 'b2'"), "imported");
    undo("b2", night + 3);
    EXPECT_EQ(current(), "s1:k0=v1 s1:k1=v1 s2:k2=v1 s2:k3=v1");
    EXPECT_EQ(text("select state from batch where batch_id = 'b2'"), "withdrawn");
    EXPECT_FALSE(undo_batch(store, "b2", "", "x", night + 4)) << "there is nothing more to take back";
}

TEST_F(Undo, a_key_that_moved_goes_back_to_its_scope) {
    import({.id = "b1", .scopes = {{.name = "s1", .rows = cme_rows(0, 2)}}}, night);
    import({.id = "b2", .scopes = {{.name = "s2", .as_of = "2026-01-20", .rows = {cme_row("k1", 2)}}}},
           night + 1);
    ASSERT_EQ(current(), "s1:k0=v1 s2:k1=v2");
    undo("b2", night + 2);
    EXPECT_EQ(current(), "s1:k0=v1 s1:k1=v1");
}

TEST_F(Undo, what_a_later_batch_changed_must_be_taken_back_first) {
    import({.id = "b1", .scopes = {{.rows = cme_rows(0, 2)}}}, night);
    import({.id = "b2", .scopes = {{.as_of = "2026-01-20", .rows = cme_rows(0, 2, 2)}}}, night + 1);
    const auto refused = undo_batch(store, "b1", "", "x", night + 2);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::usage);
    EXPECT_NE(refused.error().sentence.find("sendhub batch undo b2"), std::string::npos);
    EXPECT_EQ(current(), "cme:k0=v2 cme:k1=v2");
    undo("b2", night + 3);
    undo("b1", night + 4);
    EXPECT_EQ(current(), "");
    EXPECT_FALSE(undo_batch(store, "no such batch", "", "x", night));
}

TEST_F(Undo, a_held_batch_can_be_dismissed) {
    import({.id = "b1", .scopes = {{.rows = cme_rows(0, 20)}}}, night);
    import({.id = "b2", .scopes = {{.as_of = "2026-01-20", .rows = cme_rows(0, 3)}}}, night + 1);
    ASSERT_EQ(held_batches(store)->size(), 1u);
    EXPECT_EQ(undo("b2", night + 2).removed, 0);
    EXPECT_TRUE(held_batches(store)->empty());
    EXPECT_FALSE(approve_batch(store, "b2", "x", night + 3));
    EXPECT_EQ(text("select count(*)::varchar from cme_case"), "20");
}

TEST_F(Undo, an_approval_or_an_undo_lets_the_next_publication_shrink_once) {
    EXPECT_FALSE(*shrinking_is_confirmed(store, "20260119T013000Z"));
    import({.id = "b1", .scopes = {{.rows = cme_rows(0, 20)}}}, night);
    import({.id = "b2", .scopes = {{.as_of = "2026-01-20", .rows = cme_rows(0, 3)}}}, night + 1);
    ASSERT_TRUE(approve_batch(store, "b2", "x", night + 2));
    EXPECT_TRUE(*shrinking_is_confirmed(store, "20260119T013000Z"));
    EXPECT_FALSE(*shrinking_is_confirmed(store, "20260121T013000Z-2"));
}

}  // namespace
