// A sealed pair is nowhere for anybody without the right, and never side by side for those with it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hub/review/json.hpp"
#include "hub/review/tests/small_store.hpp"

namespace sendhub::review {
namespace {

using ::testing::HasSubstr;
using testing::kNow;
using ::testing::Not;
using testing::SmallStore;

const RecordKey before1{"census", "bef1"}, before2{"health", "bef2"}, after1{"census", "new1"},
    other{"cme", "o1"};
const Viewer jo{"Jo Bloggs"}, named{"Named Officer", true}, deputy{"Deputy Officer", true};

struct Sealed : ::testing::Test {
    SmallStore store;
    void SetUp() override {
        store.child({"census", "bef1", "PB", "Rowan", "Birthname", "2015-06-07", "A950000178301", "",
                     "LS1 1AA", "100"});
        store.child(
            {"health", "bef2", "PB", "Rowan", "Birthname", "2015-06-07", "", "9434765919", "LS1 1AA", "100"});
        store.child({"census", "new1", "PN", "Rowan", "Newname", "2015-06-07", "H243278544154", "", "LS2 2BB",
                     "200"});
        store.child({"cme", "o1", "PO", "Rowan", "Birthname", "2015-06-08", "", "", "LS1 1AA", "100"});
        store.child({"cme", "o2", "PX", "Nia", "Newname", "2011-01-01", "", "", "LS2 2BB", "200"});
        store.edge(after1, before1, 9);
        store.edge(before2, other, 8);
        store.edge(after1, other, 7);
        store.open_case("CSEAL", after1, before1, 9, 0.9);
        store.open_case("CNEAR", before2, other, 8, 0.8);
        store.open_case("CFAR", after1, other, 7, 0.8);
        store.run(
            "insert into person_event (event_id, happened_at, event_type, person_key, other_key) values "
            "(1, '2026-01-02', 'MERGE', 'PO', 'POLD'), (2, '2026-01-03', 'SPLIT', 'PB', 'PN'), "
            "(3, '2026-01-03', 'SPLIT', 'PB', 'PO')");
    }
    void seal() {
        const auto proposed =
            decide(store.connection(), named, {"CSEAL", Word::seal, "court order", {}}, kNow);
        ASSERT_TRUE(proposed) << proposed.error().sentence;
        ASSERT_EQ(proposed->state, "proposed");
        const auto done = approve(store.connection(), deputy, proposed->decision_id, kNow);
        ASSERT_TRUE(done) << done.error().sentence;
    }
    // Everything this viewer can be shown, as one text.
    std::string everything(const Viewer& viewer) {
        auto& s = store.connection();
        std::string out;
        const auto add = [&](const auto& result) {
            out += result ? to_json(*result) : result.error().sentence;
        };
        add(list_cases(s, viewer, 1));
        for (const char* id : {"CSEAL", "CNEAR", "CFAR"}) add(show_case(s, viewer, id, false));
        add(list_decisions(s, viewer, Which::all));
        add(list_decisions(s, viewer, Which::waiting));
        add(list_tasks(s, viewer, kNow));
        add(review_quality(s, viewer));
        for (const char* id : {"PO", "PX", "POLD"}) add(show_person(s, viewer, id));
        add(find_people(s, viewer, {.upn = "A950000178301"}));
        add(find_people(s, viewer, {.upn = "H243278544154"}));
        add(find_people(s, viewer, {.nhs = "9434765919"}));
        add(find_people(s, viewer, {.surname = "Birthname"}));
        add(find_people(s, viewer, {.surname = "Newname", .forename = "Rowan"}));
        return out;
    }
};

TEST_F(Sealed, SealingNeedsTheRightAndTwoOfThem) {
    EXPECT_EQ(decide(store.connection(), jo, {"CSEAL", Word::seal, "court order", {}}, kNow).error().code,
              ErrorCode::denied);
    ASSERT_TRUE(decide(store.connection(), named, {"CSEAL", Word::seal, "court order", {}}, kNow));
    EXPECT_EQ(approve(store.connection(), jo, 1, kNow).error().code, ErrorCode::not_found)
        << "Jo may not know of it";
    EXPECT_EQ(refuse(store.connection(), jo, 1, kNow).error().code, ErrorCode::not_found);
    EXPECT_EQ(approve(store.connection(), named, 1, kNow).error().code, ErrorCode::denied);
    EXPECT_THAT(to_json(*list_decisions(store.connection(), jo, Which::waiting)), Not(HasSubstr("seal")));
    ASSERT_TRUE(approve(store.connection(), deputy, 1, kNow));
    EXPECT_EQ(
        store.count("select count(*) from match_decision where verdict = 'sealed' and state = 'active'"), 2)
        << "every record of the one from every record of the other";
    EXPECT_EQ(undo(store.connection(), jo, 1, "why", kNow).error().code, ErrorCode::not_found);
    EXPECT_EQ(undo(store.connection(), named, 1, "order lifted", kNow)->state, "active")
        << "two to undo it, too";
}

TEST_F(Sealed, BeforeSealingTheSamePlacesDoTellOfThem) {
    // Without this the next test could pass by showing nothing at all.
    const std::string all = everything(jo);
    for (const char* trace :
         {"PB", "PN", "bef1", "new1", "A950000178301", "9434765919", "LS2 2BB", "CSEAL", "CNEAR"})
        EXPECT_THAT(all, HasSubstr(trace));
}

TEST_F(Sealed, NothingTellsOfThemWithoutTheRight) {
    seal();
    const std::string all = everything(jo);
    for (const char* trace :
         {"\"PB\"", "\"PN\"", "\"bef1\"", "\"bef2\"", "\"new1\"", "A950000178301", "H243278544154",
          "9434765919", "CSEAL", "CNEAR", "CFAR", "seal", "court order", "Named Officer"})
        EXPECT_THAT(all, Not(HasSubstr(trace))) << all;
    EXPECT_THAT(all, HasSubstr("\"PO\"")) << "the others are still there";
    EXPECT_THAT(all, HasSubstr("\"PX\""));
    // asked for by id, the answer is that of an id that never was, to the letter
    for (const char* id : {"PB", "PN"}) {
        const auto asked = show_person(store.connection(), jo, id);
        ASSERT_FALSE(asked);
        const auto never = show_person(store.connection(), jo, "PNEVER");
        EXPECT_EQ(asked.error().sentence, never.error().sentence);
        EXPECT_EQ(asked.error().code, never.error().code);
    }
    EXPECT_EQ(show_case(store.connection(), jo, "CSEAL", false).error().sentence,
              show_case(store.connection(), jo, "CNEVER", false).error().sentence);
    EXPECT_EQ(decide(store.connection(), jo, {"CNEAR", Word::same, "why", {}}, kNow).error().sentence,
              no_such_case().sentence);
}

TEST_F(Sealed, WithTheRightEachSideIsShownByItselfAndNeverBothTogether) {
    seal();
    auto& s = store.connection();
    const auto before = show_person(s, named, "PB");
    ASSERT_TRUE(before) << before.error().sentence;
    const std::string page = to_json(*before);
    EXPECT_THAT(page, HasSubstr("Birthname"));
    for (const char* trace : {"\"PN\"", "Newname", "new1", "H243278544154", "LS2 2BB"})
        EXPECT_THAT(page, Not(HasSubstr(trace))) << page;
    const auto after = show_person(s, named, "PN");
    ASSERT_TRUE(after);
    for (const char* trace : {"\"PB\"", "Birthname", "bef1", "A950000178301"}) {
        if (std::string(trace) == "Birthname") continue;  // PO, another child, has that name too
        EXPECT_THAT(to_json(*after), Not(HasSubstr(trace))) << to_json(*after);
    }
    EXPECT_EQ(show_case(s, named, "CSEAL", false).error().code, ErrorCode::not_found);
    EXPECT_TRUE(show_case(s, named, "CNEAR", false));

    const auto both = find_people(s, named, {.surname = "Birthname"});
    EXPECT_EQ(both->hits.size(), 2u) << "PB and PO";
    store.run("update person_record set former_surname = 'Birthname' where person_ref = 'new1'");
    const auto apart = find_people(s, named, {.surname = "Birthname"});
    EXPECT_TRUE(apart->kept_apart);
    ASSERT_EQ(apart->hits.size(), 1u);
    EXPECT_EQ(apart->hits[0].person, "PO");
    EXPECT_THAT(to_json(*list_decisions(s, named, Which::all)), HasSubstr("\"pairs\":[]"));
}

TEST_F(Sealed, OnePersonWithBothSidesIsShownToNobodyUntilTheNight) {
    store.run("update person_link set person_key = 'PB' where person_ref = 'new1'");
    store.run("update match_case set person_a = 'PB', person_b = 'PB' where case_id = 'CSEAL'");
    seal();
    EXPECT_EQ(show_person(store.connection(), named, "PB").error().code, ErrorCode::needs_person);
    EXPECT_EQ(show_person(store.connection(), jo, "PB").error().code, ErrorCode::not_found);
    EXPECT_TRUE(find_people(store.connection(), named, {.upn = "A950000178301"})->hits.empty());
}

TEST_F(Sealed, AProposedSealingIsToldToNobodyWithoutTheRight) {
    auto& s = store.connection();
    ASSERT_TRUE(show_case(s, jo, "CSEAL", false));
    ASSERT_TRUE(decide(s, named, {"CSEAL", Word::seal, "court order", {}}, kNow));
    EXPECT_EQ(show_case(s, jo, "CSEAL", false).error().sentence, no_such_case().sentence);
    EXPECT_EQ(decide(s, jo, {"CSEAL", Word::same, "alike", {}}, kNow).error().sentence,
              no_such_case().sentence)
        << "that it waits for a second person would tell of it";
    EXPECT_TRUE(show_case(s, deputy, "CSEAL", false)) << "whoever may approve it has to look";
    ASSERT_TRUE(refuse(s, deputy, 1, kNow));
    EXPECT_TRUE(show_case(s, jo, "CSEAL", false));
}

TEST_F(Sealed, TwoPeopleAreSealedWithoutACase) {
    auto& s = store.connection();
    EXPECT_EQ(seal_people(s, jo, "PB", "PX", "order", kNow).error().code, ErrorCode::denied);
    EXPECT_EQ(seal_people(s, named, "PB", "PX", "", kNow).error().code, ErrorCode::usage);
    EXPECT_EQ(seal_people(s, named, "PB", "PGONE", "order", kNow).error().code, ErrorCode::not_found);
    EXPECT_EQ(seal_people(s, named, "PB", "PB", "order", kNow).error().code, ErrorCode::input);
    EXPECT_EQ(seal_people(s, named, "PB", "PX", "order", kNow, day_of(kNow)).error().code, ErrorCode::usage);
    const auto proposed = seal_people(s, named, "PB", "PX", "order", kNow, day_of(kNow) + 1);
    ASSERT_TRUE(proposed) << proposed.error().sentence;
    EXPECT_EQ(proposed->state, "proposed");
    EXPECT_EQ(approve(s, named, proposed->decision_id, kNow).error().code, ErrorCode::denied);
    EXPECT_TRUE(show_person(s, jo, "PX")) << "not yet";
    ASSERT_TRUE(approve(s, deputy, proposed->decision_id, kNow));
    EXPECT_EQ(show_person(s, jo, "PX").error().sentence, show_person(s, jo, "PNOBODY").error().sentence);
    EXPECT_THAT(everything(jo), Not(HasSubstr("order")));
    EXPECT_EQ(
        store.count("select count(*) from match_decision where verdict = 'sealed' and state = 'active'"), 2)
        << "both records of the one with the record of the other";
    EXPECT_EQ(seal_people(s, deputy, "PX", "PB", "again", kNow).error().code, ErrorCode::input);
}

TEST_F(Sealed, RecordsThatCameLaterAreOnTheSideOfTheirPerson) {
    seal();
    store.child({"yj", "late", "PB", "Rowan", "Birthname", "2015-06-07"});
    store.run(
        "insert into match_decision (decision_id, case_id, feed_a, person_ref_a, feed_b, person_ref_b, "
        "verdict, "
        "word, state, proposed_by) values (60, 'CZ', 'cme', 'o2', 'yj', 'late', 'different', 'different', "
        "'active', 'x')");
    store.run(
        "insert into person_event (event_id, happened_at, event_type, person_key, feed, person_ref) values "
        "(9, '2026-01-04', 'ADD', 'PN', 'yj', 'late')");
    auto& s = store.connection();
    EXPECT_THAT(to_json(*list_decisions(s, jo, Which::all)), Not(HasSubstr("late")));
    EXPECT_THAT(to_json(*show_person(s, jo, "PX")), Not(HasSubstr("late")));
    EXPECT_THAT(to_json(*show_person(s, named, "PN")), Not(HasSubstr("late")))
        << "it was there before the sealing, when both were one";
}

TEST_F(Sealed, WhatTiesTheSidesIsATaskForThoseWithTheRightAlone) {
    auto& s = store.connection();
    seal();
    const std::string none = to_json(*list_tasks(s, jo, kNow));
    EXPECT_EQ(to_json(*list_tasks(s, named, kNow)), none);
    store.run(
        "insert into sealed_task values (1, 'PB', 'census', 'cme', 'name, UPN', true, '2026-01-03', 'r1'), "
        "(1, null, 'health', 'cme', 'name', false, '2026-01-04', 'r1')");
    EXPECT_EQ(to_json(*list_tasks(s, jo, kNow)), none) << "nothing tells that there is anything";
    const auto tasks = list_tasks(s, named, kNow);
    ASSERT_TRUE(tasks) << tasks.error().sentence;
    ASSERT_EQ(tasks->size(), 2u);
    EXPECT_EQ(tasks->at(0).person, "PB");
    EXPECT_THAT(tasks->at(0).sentence, HasSubstr("sealing 1: a record in census and one in cme agree in "
                                                 "name, UPN. A number of the one stands on the other"));
    EXPECT_EQ(tasks->at(1).person, "") << "the other side is named nowhere";
    EXPECT_THAT(tasks->at(1).sentence, HasSubstr("only what belongs to it"));
    ASSERT_TRUE(undo(s, named, 1, "order lifted", kNow));
    EXPECT_EQ(list_tasks(s, named, kNow)->size(), 2u) << "until the second officer agrees";
    ASSERT_TRUE(approve(s, deputy, 1, kNow));
    EXPECT_TRUE(list_tasks(s, named, kNow)->empty());
}

TEST_F(Sealed, ASealingThatHasGoneOverToANewKeyIsATaskUntilAnOfficerHasLooked) {
    auto& s = store.connection();
    seal();
    const std::string none = to_json(*list_tasks(s, jo, kNow));
    const auto carry_over = [&](int decision) {
        const std::string number = std::to_string(decision);
        store.run("insert into match_decision by name select * replace (" + number +
                  " as decision_id, 1 as follows, 'o1' as person_ref_a, 'cme' as feed_a) from match_decision "
                  "where decision_id = 1 limit 1");
        store.run("insert into sealed_task values (" + number +
                  ", 'PO', 'cme', '', '', false, '2026-01-04', 'r1')");
    };
    carry_over(2);
    EXPECT_EQ(to_json(*list_tasks(s, jo, kNow)), none);
    const auto tasks = list_tasks(s, named, kNow);
    ASSERT_EQ(tasks->size(), 1u);
    EXPECT_EQ(tasks->at(0).person, "PO");
    EXPECT_THAT(tasks->at(0).sentence, HasSubstr("sealing 2 parts it as sealing 1 does"));
    ASSERT_TRUE(extend(s, named, 2, "the same child, the school says", {}, kNow));
    EXPECT_TRUE(list_tasks(s, named, kNow)->empty());
    EXPECT_EQ(show_person(s, jo, "PO").error().code, ErrorCode::not_found) << "it holds";

    carry_over(3);
    ASSERT_TRUE(undo(s, named, 3, "a namesake", kNow));
    EXPECT_EQ(list_tasks(s, named, kNow)->size(), 1u) << "one officer alone lifts nothing";
    ASSERT_TRUE(approve(s, deputy, 3, kNow));
    EXPECT_TRUE(list_tasks(s, named, kNow)->empty());
    EXPECT_EQ(store.count("select count(*) from match_decision where decision_id < 3 and state <> 'active'"),
              0)
        << "the others hold";

    ASSERT_TRUE(undo(s, named, 1, "order lifted", kNow));
    ASSERT_TRUE(approve(s, deputy, 1, kNow));
    EXPECT_EQ(
        store.count("select count(*) from match_decision where verdict = 'sealed' and state = 'active'"), 0)
        << "lifted, it is lifted as a whole";
}

TEST_F(Sealed, ASealingWithAnEndHoldsUntilTwoOfficersLiftIt) {
    auto& s = store.connection();
    constexpr Micros day = 86'400'000'000;
    const Days until = day_of(kNow) + 10;
    const Opinion opinion{"CSEAL", Word::seal, "refuge", {}, until};
    EXPECT_EQ(decide(s, named, {"CFAR", Word::different, "why", {}, until}, kNow).error().code,
              ErrorCode::usage);
    EXPECT_EQ(decide(s, named, opinion, kNow + 10 * day).error().code, ErrorCode::usage) << "not before it";
    ASSERT_TRUE(decide(s, named, opinion, kNow));
    ASSERT_TRUE(approve(s, deputy, 1, kNow));
    EXPECT_THAT(to_json(*list_decisions(s, named, Which::all)), HasSubstr("\"until\":\"2026-01-30\""));
    EXPECT_TRUE(list_tasks(s, named, kNow + 9 * day)->empty());
    const Micros then = kNow + 10 * day;
    for (const Micros later : {then, then + 1000 * day}) {
        const auto tasks = list_tasks(s, named, later);
        ASSERT_EQ(tasks->size(), 1u) << "one, however many records are sealed";
        EXPECT_THAT(tasks->at(0).sentence, HasSubstr("Sealing 1 was made until 2026-01-30 and still holds"));
        EXPECT_TRUE(list_tasks(s, jo, later)->empty());
        EXPECT_EQ(show_person(s, jo, "PB").error().code, ErrorCode::not_found) << "it holds as before";
    }
    const auto unknown = extend(s, jo, 1, "still in refuge", until + 90, then);
    EXPECT_EQ(unknown.error().code, ErrorCode::not_found);
    EXPECT_THAT(unknown.error().sentence, HasSubstr("there is no decision 1"));
    EXPECT_EQ(extend(s, named, 1, "", until + 90, then).error().code, ErrorCode::usage) << "why?";
    EXPECT_EQ(extend(s, named, 1, "still in refuge", until, then).error().code, ErrorCode::usage);
    ASSERT_TRUE(extend(s, named, 1, "still in refuge", until + 90, then));
    EXPECT_TRUE(list_tasks(s, named, then)->empty());
    EXPECT_EQ(list_tasks(s, named, then + 90 * day)->size(), 1u);
    ASSERT_TRUE(extend(s, named, 1, "for ever", {}, then));
    EXPECT_TRUE(list_tasks(s, named, then + 10'000 * day)->empty());
    EXPECT_THAT(to_json(*list_decisions(s, named, Which::all)), HasSubstr("\"act\":\"extended\""));
    EXPECT_THAT(to_json(*list_decisions(s, jo, Which::all)), Not(HasSubstr("extended")));

    ASSERT_TRUE(extend(s, named, 1, "an end after all", until + 1, then));
    ASSERT_TRUE(undo(s, named, 1, "safe again", then + day));
    EXPECT_EQ(list_tasks(s, named, then + day)->size(), 1u) << "one officer alone lifts nothing";
    ASSERT_TRUE(approve(s, deputy, 1, then + day));
    EXPECT_TRUE(list_tasks(s, named, then + day)->empty());
    EXPECT_EQ(extend(s, named, 1, "late", {}, then).error().code, ErrorCode::input);
    ASSERT_TRUE(decide(s, named, {"CFAR", Word::different, "two children", {}}, kNow));
    EXPECT_EQ(extend(s, named, 2, "no sealing", {}, then).error().code, ErrorCode::input);
}

TEST_F(Sealed, NoListLeadsToBothSidesEvenWithTheRight) {
    seal();
    auto& s = store.connection();
    // CNEAR asks about the one side, CFAR about the other, and both about the same other child
    EXPECT_EQ(list_cases(s, named, 1)->cases, 1u);
    EXPECT_THAT(to_json(*list_cases(s, named, 1)), Not(HasSubstr("CNEAR")));
    ASSERT_TRUE(decide(s, named, {"CFAR", Word::different, "two children", {}}, kNow));
    EXPECT_THAT(to_json(*list_cases(s, named, 1)), HasSubstr("CNEAR"))
        << "it comes once the first is settled";
    ASSERT_TRUE(decide(s, named, {"CNEAR", Word::different, "two children", {}}, kNow));
    const std::string decisions = to_json(*list_decisions(s, named, Which::all));
    EXPECT_THAT(decisions, HasSubstr("\"bef2\""));
    EXPECT_THAT(decisions, Not(HasSubstr("\"new1\"")));
    EXPECT_THAT(to_json(*show_person(s, named, "PN")), HasSubstr("CFAR")) << "on its own page it stands";
    // what happened, without who the other is or was
    store.run(
        "insert into sealed_event (event_id, happened_at, event_type, person_key, other_key, feed, "
        "person_ref) "
        "values (20, '2026-01-05', 'SEAL', 'PB', 'PN', null, null), (21, '2026-01-05', 'SEAL', 'PB', "
        "'PGONE', "
        "null, null), (22, '2026-01-01', 'MERGE', 'PB', 'PGONE', null, null), (23, '2026-01-01', 'ADD', "
        "'PB', "
        "null, 'cme', 'gone9'), (24, '2026-01-01', 'CREATE', 'PB', null, 'census', 'bef1')");
    const std::string page = to_json(*show_person(s, named, "PB"));
    for (const char* trace : {"\"PN\"", "PGONE", "gone9"}) EXPECT_THAT(page, Not(HasSubstr(trace)));
    EXPECT_THAT(page, HasSubstr("\"SEAL\""));
    EXPECT_THAT(page, HasSubstr("\"CREATE\""));
}

TEST_F(Sealed, AContradictionWithABarrierDoesNotTellOfIt) {
    seal();
    // other = before2 was decided first; now somebody without the right tries to tie other to the new name
    store.run(
        "insert into match_decision (decision_id, case_id, feed_a, person_ref_a, feed_b, person_ref_b, "
        "verdict, "
        "word, state, proposed_by) values (50, 'CX', 'census', 'new1', 'cme', 'o1', 'same', 'same', "
        "'active', "
        "'x')");
    store.run("update person_link set person_key = 'PFREE' where person_ref in ('bef2')");
    store.child({"yj", "z1", "PZ", "Rowan", "Birthname", "2015-06-07"});
    store.run(
        "insert into match_decision (decision_id, case_id, feed_a, person_ref_a, feed_b, person_ref_b, "
        "verdict, "
        "word, state, proposed_by) values (51, 'CY', 'census', 'bef1', 'yj', 'z1', 'same', 'same', 'active', "
        "'x')");
    store.open_case("CZO", {"yj", "z1"}, other, 5, 0.7);
    const auto refused = decide(store.connection(), jo, {"CZO", Word::same, "why", {}}, kNow);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().sentence, no_such_case().sentence);
    const auto told = decide(store.connection(), named, {"CZO", Word::same, "why", {}}, kNow);
    EXPECT_THAT(told.error().sentence, HasSubstr("contradicts"));
}

}  // namespace
}  // namespace sendhub::review
