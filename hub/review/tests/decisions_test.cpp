// Decisions: what is refused at entry, four eyes, undo, second looks.
#include "hub/review/decisions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hub/review/tests/small_store.hpp"

namespace sendhub::review {
namespace {

using ::testing::HasSubstr;
using testing::kNow;
using ::testing::Not;
using testing::SmallStore;

const RecordKey c1{"census", "c1"}, h1{"health", "h1"}, m1{"cme", "m1"}, y1{"yj", "y1"}, y2{"yj", "y2"},
    y3{"yj", "y3"};
const Viewer jo{"Jo Bloggs"}, sam{"Sam Field"}, alex{"Alex Hill"};

struct Decisions : ::testing::Test {
    SmallStore store;
    void SetUp() override {
        store.child({"census", "c1", "PA", "Ada", "Example", "2012-04-03", "A950000178301"});
        store.child({"health", "h1", "PB", "Ada", "Exampel", "2012-04-03"});
        store.child({"cme", "m1", "PC", "Ada", "Example", "2012-04-30"});
        for (const char* ref : {"y1", "y2", "y3"})
            store.child({"yj", ref, "PY", "Max", "Sample", "2011-02-02"});
        store.open_case("CAH", c1, h1, 8, 0.9);
        store.open_case("CHM", h1, m1, 8, 0.9);
        store.open_case("CAM", c1, m1, 8, 0.9);
        store.open_case("CV1", c1, y1, 8, 0.9, "V1 two different valid UPNs");
        store.open_case("CYY", y1, y3, 8, 0.9);
    }
    Result<Outcome> say(const Viewer& who, const std::string& id, Word word,
                        std::optional<RecordKey> record = {}) {
        return decide(store.connection(), who, {id, word, "seen the papers", std::move(record)}, kNow);
    }
    std::string state(std::int64_t decision) {
        return store.text("select string_agg(distinct state, ',') from match_decision where decision_id = " +
                          std::to_string(decision));
    }
    bool open(const std::string& id) {
        const auto queue = list_cases(store.connection(), alex, 1);
        EXPECT_TRUE(queue);
        return std::ranges::find(queue->rows, id, &CaseRow::case_id) != queue->rows.end();
    }
};

TEST_F(Decisions, ADecisionHoldsAtOnceWithItsRecordsAndFingerprintsAndLeavesTheQueue) {
    const auto done = say(jo, "CAH", Word::same);
    ASSERT_TRUE(done) << done.error().sentence;
    EXPECT_EQ(done->state, "active");
    EXPECT_EQ(
        store.text(
            "select feed_a || person_ref_a || feed_b || person_ref_b || verdict || word || proposed_by from "
            "match_decision"),
        "censusc1healthh1samesameJo Bloggs");
    EXPECT_EQ(store.count("select count(*) from match_decision where length(fingerprint_a) = 33 and "
                          "length(fingerprint_b) = 33 and fingerprint_a <> fingerprint_b"),
              1);
    EXPECT_FALSE(open("CAH"));
    EXPECT_TRUE(open("CHM"));
    EXPECT_EQ(store.text("select act from review_event"), "decided");
}

TEST_F(Decisions, AReasonAndANameAreRequired) {
    EXPECT_EQ(decide(store.connection(), jo, {"CAH", Word::same, "  ", {}}, kNow).error().code,
              ErrorCode::usage);
    EXPECT_EQ(decide(store.connection(), {" "}, {"CAH", Word::same, "why", {}}, kNow).error().code,
              ErrorCode::usage);
    EXPECT_EQ(say(jo, "CNONE", Word::same).error().code, ErrorCode::not_found);
    EXPECT_EQ(store.count("select count(*) from match_decision"), 0);
}

TEST_F(Decisions, AContradictionIsRefusedAtEntryWithTheChain) {
    ASSERT_TRUE(say(jo, "CAH", Word::same));
    ASSERT_TRUE(say(jo, "CHM", Word::same));
    const auto refused = say(sam, "CAM", Word::different);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::input);
    EXPECT_THAT(refused.error().sentence,
                HasSubstr("decision 1 (the same child), decision 2 (the same child)"));
    for (const char* personal : {"c1", "h1", "m1", "Example"})
        EXPECT_THAT(refused.error().sentence, Not(HasSubstr(personal)));
    EXPECT_TRUE(open("CAM"));
    ASSERT_TRUE(say(sam, "CAM", Word::same)) << "what says the same again is welcome";
}

TEST_F(Decisions, AContradictionTheOtherWayRoundIsRefusedToo) {
    ASSERT_TRUE(say(jo, "CAH", Word::same));
    ASSERT_TRUE(say(jo, "CHM", Word::twins));
    const auto refused = say(sam, "CAM", Word::same);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().sentence,
                HasSubstr("decision 1 (the same child), decision 2 (different children)"));
    ASSERT_TRUE(undo(store.connection(), jo, 2, "wrong child", kNow));
    EXPECT_TRUE(say(sam, "CAM", Word::same)) << "once the one in the way is undone";
}

TEST_F(Decisions, OverridingAnIdentifierWaitsForSomebodyElse) {
    const auto proposed = say(jo, "CV1", Word::same);
    ASSERT_TRUE(proposed);
    EXPECT_EQ(proposed->state, "proposed");
    EXPECT_FALSE(open("CV1"));
    EXPECT_EQ(say(sam, "CV1", Word::different).error().code, ErrorCode::input) << "one proposal at a time";

    const auto own = approve(store.connection(), {"jo  bloggs"}, 1, kNow);
    ASSERT_FALSE(own);
    EXPECT_EQ(own.error().code, ErrorCode::denied);
    EXPECT_EQ(state(1), "proposed");

    ASSERT_TRUE(approve(store.connection(), sam, 1, kNow));
    EXPECT_EQ(state(1), "active");
    EXPECT_EQ(store.text("select approved_by from match_decision"), "Sam Field");
    EXPECT_EQ(approve(store.connection(), alex, 1, kNow).error().code, ErrorCode::input)
        << "it waits no longer";
}

TEST_F(Decisions, SayingThatTheyDifferNeedsNoSecondPersonUnlessTheyAreOnePersonToday) {
    EXPECT_EQ(say(jo, "CV1", Word::different)->state, "active");
    EXPECT_EQ(say(jo, "CYY", Word::different)->state, "proposed") << "un-merging";
}

TEST_F(Decisions, ARefusedProposalOpensTheCaseAgain) {
    ASSERT_TRUE(say(jo, "CV1", Word::same));
    ASSERT_TRUE(refuse(store.connection(), sam, 1, kNow));
    EXPECT_EQ(state(1), "refused");
    EXPECT_TRUE(open("CV1"));
    EXPECT_EQ(approve(store.connection(), alex, 1, kNow).error().code, ErrorCode::input);
    EXPECT_EQ(refuse(store.connection(), alex, 1, kNow).error().code, ErrorCode::input);
    EXPECT_EQ(refuse(store.connection(), alex, 99, kNow).error().code, ErrorCode::not_found);
}

TEST_F(Decisions, AProposalWhoseRecordsHaveChangedIsNotApproved) {
    ASSERT_TRUE(say(jo, "CV1", Word::same));
    store.seen_by_matching(c1, "another UPN");
    const auto late = approve(store.connection(), sam, 1, kNow);
    ASSERT_FALSE(late);
    EXPECT_THAT(late.error().sentence, HasSubstr("has changed since"));
}

TEST_F(Decisions, AProposalThatCameToContradictIsNotApproved) {
    ASSERT_TRUE(say(jo, "CV1", Word::same));  // c1 = y1, proposed
    store.open_case("CHY", h1, y1, 8, 0.9);
    ASSERT_TRUE(say(jo, "CAH", Word::same));       // c1 = h1
    ASSERT_TRUE(say(jo, "CHY", Word::different));  // h1 ≠ y1
    EXPECT_THAT(approve(store.connection(), sam, 1, kNow).error().sentence, HasSubstr("contradicts"));
    EXPECT_EQ(state(1), "proposed");
}

TEST_F(Decisions, ASplitPartsOneRecordFromAllOthersOfItsPerson) {
    EXPECT_EQ(say(jo, "CYY", Word::split).error().code, ErrorCode::usage) << "which record?";
    EXPECT_EQ(say(jo, "CYY", Word::split, h1).error().code, ErrorCode::usage) << "not of this case";
    EXPECT_EQ(say(jo, "CAH", Word::split, h1).error().code, ErrorCode::usage) << "alone already";
    EXPECT_EQ(say(jo, "CYY", Word::same, y2).error().code, ErrorCode::usage) << "a record without a split";
    const auto proposed = say(jo, "CYY", Word::split, y2);
    ASSERT_TRUE(proposed) << proposed.error().sentence;
    EXPECT_EQ(proposed->state, "proposed");
    EXPECT_EQ(store.text("select string_agg(person_ref_a || person_ref_b || verdict, ' ' order by all) from "
                         "(select person_ref_a, person_ref_b, verdict from match_decision order by all)"),
              "y1y2different y2y3different");
    ASSERT_TRUE(approve(store.connection(), sam, 1, kNow));
    EXPECT_EQ(state(1), "active");
    EXPECT_FALSE(open("CYY"));
    store.run(
        "insert into run (run_id, kind, state, started_at) values ('r9', 'match', 'ok', '2026-02-01 "
        "01:00:00Z')");
    EXPECT_TRUE(open("CYY")) << "y1 and y3 are still to be decided, if matching says so";
}

TEST_F(Decisions, UndoIsForEverAndKeepsWhatWasDone) {
    ASSERT_TRUE(say(jo, "CHM", Word::different));
    ASSERT_TRUE(undo(store.connection(), jo, 1, "another look", kNow + 365LL * 86'400'000'000));
    EXPECT_EQ(state(1), "undone");
    EXPECT_EQ(store.text("select undo_reason || undone_by from match_decision"), "another lookJo Bloggs");
    EXPECT_TRUE(open("CHM"));
    EXPECT_EQ(undo(store.connection(), jo, 1, "again", kNow).error().code, ErrorCode::input);
    ASSERT_TRUE(say(sam, "CHM", Word::same));
    EXPECT_EQ(store.count("select count(*) from match_decision"), 2) << "nothing is ever deleted";
    EXPECT_EQ(store.text("select string_agg(act, ' ' order by event_id) from review_event"),
              "decided undone decided");
    EXPECT_EQ(undo(store.connection(), jo, 2, "", kNow).error().code, ErrorCode::usage);
}

TEST_F(Decisions, WhatTwoPeopleDecidedTakesTwoToUndo) {
    ASSERT_TRUE(say(jo, "CV1", Word::same));
    ASSERT_TRUE(approve(store.connection(), sam, 1, kNow));
    const auto wanted = undo(store.connection(), alex, 1, "wrong papers", kNow);
    ASSERT_TRUE(wanted);
    EXPECT_EQ(wanted->state, "active") << "it holds until somebody else agrees";
    const auto waiting = list_decisions(store.connection(), jo, Which::waiting);
    ASSERT_EQ(waiting->size(), 1u);
    EXPECT_TRUE(waiting->front().undo_waits);
    EXPECT_EQ(approve(store.connection(), alex, 1, kNow).error().code, ErrorCode::denied);
    ASSERT_TRUE(refuse(store.connection(), sam, 1, kNow));
    EXPECT_EQ(state(1), "active");
    EXPECT_TRUE(list_decisions(store.connection(), jo, Which::waiting)->empty());
    ASSERT_TRUE(undo(store.connection(), alex, 1, "wrong papers", kNow));
    ASSERT_TRUE(approve(store.connection(), jo, 1, kNow)) << "not Alex's own undoing";
    EXPECT_EQ(state(1), "undone");
}

TEST_F(Decisions, UndoingASameThatMadeOnePersonIsUnMerging) {
    ASSERT_TRUE(say(jo, "CAH", Word::same));
    store.run(
        "update person_link set person_key = 'PA' where person_ref = 'h1'");  // matching has joined them
    EXPECT_EQ(undo(store.connection(), jo, 1, "wrong", kNow)->state, "active");
    EXPECT_EQ(list_decisions(store.connection(), jo, Which::waiting)->size(), 1u);
}

TEST_F(Decisions, NotSureLeavesTheCaseOpenAndCountsItself) {
    ASSERT_EQ(say(jo, "CAH", Word::not_sure)->state, "active");
    EXPECT_TRUE(open("CAH"));
    EXPECT_EQ(list_cases(store.connection(), sam, 1)->rows.size(), 5u);
    const auto queue = list_cases(store.connection(), sam, 1);
    for (const CaseRow& row : queue->rows)
        EXPECT_EQ(row.not_sure, row.case_id == "CAH" ? 1 : 0) << row.case_id;
    ASSERT_TRUE(say(sam, "CAH", Word::same)) << "somebody else may be sure";
    EXPECT_FALSE(open("CAH"));
}

TEST_F(Decisions, ADecisionOutlivesItsCaseAndAnExpiredOneOpensItAgain) {
    ASSERT_TRUE(say(jo, "CAH", Word::same));
    store.run("delete from match_case");
    EXPECT_EQ(list_decisions(store.connection(), sam, Which::all)->size(), 1u);
    store.run("update match_decision set state = 'expired'");  // as matching does when an identifier changes
    store.open_case("CAH", c1, h1, 8, 0.9);
    EXPECT_TRUE(open("CAH"));
    ASSERT_TRUE(say(jo, "CAH", Word::different)) << "the same officer may look anew";
}

TEST_F(Decisions, ASecondOfficerOnlyMeasures) {
    ASSERT_TRUE(say(jo, "CAH", Word::same));
    ASSERT_TRUE(say(jo, "CHM", Word::different));
    EXPECT_EQ(say(jo, "CAH", Word::different).error().code, ErrorCode::usage) << "undo first";
    const auto view = show_case(store.connection(), sam, "CAH", false);
    ASSERT_TRUE(view) << "even when matching has settled it";
    EXPECT_TRUE(view->decided && view->score_hidden) << "a second look is blind";
    EXPECT_EQ(say(sam, "CAH", Word::same)->state, "opinion");
    EXPECT_EQ(say(sam, "CHM", Word::same)->state, "opinion");
    EXPECT_EQ(store.count("select count(*) from match_decision"), 2) << "nothing but opinions was added";
    const auto quality = review_quality(store.connection(), jo);
    ASSERT_TRUE(quality) << quality.error().sentence;
    EXPECT_EQ(quality->agreement.cases, 2u);
    EXPECT_EQ(quality->agreement.agreed, 1u);
    EXPECT_NEAR(quality->agreement.kappa.value(), 0.0, 1e-12);
    ASSERT_EQ(quality->disagreements.size(), 1u);
    EXPECT_EQ(quality->disagreements[0].case_id, "CHM");
    EXPECT_EQ(quality->active, 2);
}

TEST_F(Decisions, SecondLooksAreOthersDecisionsOfTheSample) {
    std::string sampled, other;
    for (int i = 0; sampled.empty() || other.empty(); ++i) {
        const std::string id = "C" + std::to_string(i);
        (is_double_reviewed(id) ? sampled : other) = id;
    }
    store.open_case(sampled, c1, y2, 1, 0.5);
    store.open_case(other, h1, y2, 1, 0.5);
    ASSERT_TRUE(say(jo, sampled, Word::different));
    ASSERT_TRUE(say(jo, other, Word::different));
    EXPECT_EQ(second_looks(store.connection(), sam).value(), std::vector<std::string>{sampled});
    EXPECT_TRUE(second_looks(store.connection(), jo)->empty()) << "not one's own";
    ASSERT_TRUE(say(sam, sampled, Word::different));
    EXPECT_TRUE(second_looks(store.connection(), alex)->empty()) << "twice is enough";
}

}  // namespace
}  // namespace sendhub::review
