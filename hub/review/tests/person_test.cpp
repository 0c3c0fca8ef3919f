// The page of one person, old ids, and looking for somebody.
#include "hub/review/person.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hub/review/find.hpp"
#include "hub/review/models.hpp"
#include "hub/review/tests/small_store.hpp"

namespace sendhub::review {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::kNow;
using testing::SmallStore;

const RecordKey c1{"census", "c1"}, h1{"health", "h1"}, m1{"cme", "m1"}, y1{"yj", "y1"};
const Viewer jo{"Jo Bloggs"};

struct Person : ::testing::Test {
    SmallStore store;
    void SetUp() override {
        store.child({"census", "c1", "PA", "Elizabeth", "O'Brien-Smith", "2012-04-03", "A950000178301", "",
                     "LS1 1AA"});
        store.child({"health", "h1", "PA", "Liz", "OBrien Smith", "2012-04-03", "A950000178301", "9434765919",
                     "LS1 1AA"});
        store.child({"cme", "m1", "PA", "Elisabeth", "Smyth", "2012-03-04", "", "", "LS2 2BB"});
        store.child({"yj", "y1", "PB", "Elijah", "Smith", "2012-04-03", "H243278544154", "", "LS1 1AA"});
        store.edge(c1, h1, 31.5);
        store.edge(c1, m1, 12.25);
        store.edge(h1, m1, 13.5);
        store.edge(c1, y1, 3.0);
        store.edge(h1, y1, 6.5);
    }
};

TEST_F(Person, TheTreeHoldsTheRecordsByTheirStrongestTiesAndMarksTheWeakest) {
    const auto page = show_person(store.connection(), jo, "PA");
    ASSERT_TRUE(page) << page.error().sentence;
    ASSERT_EQ(page->records.size(), 3u);
    ASSERT_EQ(page->together.size(), 2u);
    EXPECT_EQ(page->together[0].weight, 31.5);
    EXPECT_FALSE(page->together[0].weakest);
    EXPECT_THAT(page->together[0].facts.same, ElementsAre("UPN", "surname", "date of birth", "postcode"));
    EXPECT_THAT(page->together[0].facts.different, ElementsAre("forename"));
    EXPECT_EQ(page->together[1].weight, 13.5) << "the better of two ways to the third record";
    EXPECT_TRUE(page->together[1].weakest);
    EXPECT_EQ(page->records[0].batch, "b1");
}

TEST_F(Person, ADecisionIsATieOfItsOwn) {
    store.run("delete from match_edge");
    store.edge(c1, h1, 31.5);
    store.run(
        "insert into match_decision (decision_id, case_id, feed_a, person_ref_a, feed_b, person_ref_b, "
        "verdict, "
        "word, state, proposed_by) values (4, 'C4', 'cme', 'm1', 'health', 'h1', 'same', 'same', 'active', "
        "'x')");
    const auto page = show_person(store.connection(), jo, "PA");
    ASSERT_TRUE(page);
    ASSERT_EQ(page->together.size(), 2u);
    EXPECT_EQ(page->together[0].decision, 4);
    EXPECT_FALSE(page->together[0].weakest) << "a person's word is not the weakest tie";
    EXPECT_TRUE(page->together[1].weakest);
    EXPECT_EQ(page->decisions.size(), 1u);
}

TEST_F(Person, WhyNotTheNearestOther) {
    auto page = show_person(store.connection(), jo, "PA");
    ASSERT_TRUE(page && page->nearest);
    EXPECT_EQ(page->nearest->other.person, "PB");
    EXPECT_EQ(page->nearest->mine, h1);
    EXPECT_EQ(page->nearest->theirs, y1);
    EXPECT_THAT(page->nearest->facts.different, ElementsAre("UPN", "forename", "surname"));
    EXPECT_THAT(page->nearest->why_not, HasSubstr("not enough"));
    store.open_case("CV1", h1, y1, 6.5, 0.7, "V1 two different valid UPNs");
    page = show_person(store.connection(), jo, "PA");
    EXPECT_THAT(page->nearest->why_not, HasSubstr("V1 two different valid UPNs"));
    ASSERT_TRUE(decide(store.connection(), jo, {"CV1", Word::different, "seen both", {}}, kNow));
    page = show_person(store.connection(), jo, "PA");
    EXPECT_EQ(page->nearest->why_not, "decision 1 says that they are different children");
    EXPECT_EQ(show_person(store.connection(), jo, "PB")->nearest->mine, y1) << "from the other side";
}

TEST_F(Person, EveryValueNamesItsSource) {
    const auto page = show_person(store.connection(), jo, "PB");
    ASSERT_TRUE(page);
    ASSERT_GE(page->values.size(), 2u);
    EXPECT_EQ(page->values[0].name, "forename");
    EXPECT_EQ(page->values[0].value, "Elijah");
    EXPECT_EQ(page->values[0].source, "yj");
}

TEST_F(Person, AnOldIdAnswersWithItsSurvivorAndItsHistory) {
    store.run(
        "insert into person_event (event_id, happened_at, event_type, person_key, other_key, feed, "
        "person_ref, "
        "reason, actor) values (1, '2026-01-01', 'CREATE', 'PA', null, 'census', 'c1', 'matching', 'hub'), "
        "(2, '2026-01-05', 'MERGE', 'PMID', 'POLD', null, null, 'matching', 'hub'), "
        "(3, '2026-01-06', 'MERGE', 'PA', 'PMID', null, null, 'matching', 'hub')");
    const auto page = show_person(store.connection(), jo, "POLD");
    ASSERT_TRUE(page) << page.error().sentence;
    EXPECT_EQ(page->person, "PA");
    EXPECT_EQ(page->asked, "POLD");
    ASSERT_EQ(page->history.size(), 2u);
    EXPECT_EQ(page->history[1].type, "MERGE");
    EXPECT_EQ(page->history[1].other, "PMID");
    EXPECT_EQ(show_person(store.connection(), jo, "PNONE").error().code, ErrorCode::not_found);
    store.run(
        "insert into person_event (event_id, happened_at, event_type, person_key, other_key) values "
        "(4, '2026-01-07', 'MERGE', 'PX', 'PY'), (5, '2026-01-07', 'MERGE', 'PY', 'PX')");
    EXPECT_EQ(show_person(store.connection(), jo, "PX").error().code, ErrorCode::not_found) << "a ring ends";
    store.run("insert into person_alias values ('PAKA', 'PB')");
    EXPECT_EQ(show_person(store.connection(), jo, "PAKA")->person, "PB");
}

std::vector<std::string> ids(const Result<Hits>& found) {
    std::vector<std::string> out;
    EXPECT_TRUE(found) << found.error().sentence;
    if (found)
        for (const Hit& hit : found->hits) out.push_back(hit.person);
    return out;
}

TEST_F(Person, IsFoundByAnExactIdentifier) {
    auto& s = store.connection();
    EXPECT_THAT(ids(find_people(s, jo, {.upn = "a950000178301"})), ElementsAre("PA"));
    EXPECT_THAT(ids(find_people(s, jo, {.nhs = "943 476 5919"})), ElementsAre("PA"));
    EXPECT_THAT(ids(find_people(s, jo, {.nhs = "A950000178301"})), ElementsAre()) << "a UPN is no NHS number";
    EXPECT_THAT(ids(find_people(s, jo, {.upn = "' or 1=1 --"})), ElementsAre());
    store.run("update person_identifier set id_type = 'FORMER_UPN' where person_ref = 'y1'");
    EXPECT_EQ(find_people(s, jo, {.upn = "H243278544154"})->hits.at(0).why, "former UPN");
}

TEST_F(Person, IsFoundByNamesAsTheySoundAndWhatNarrowsThem) {
    auto& s = store.connection();
    EXPECT_THAT(ids(find_people(s, jo, {.surname = "O’BRIEN SMITH"})), ElementsAre("PA", "PB"));
    EXPECT_THAT(ids(find_people(s, jo, {.surname = "smith"})), ElementsAre("PB", "PA"))
        << "equal before alike";
    EXPECT_THAT(ids(find_people(s, jo, {.surname = "smith", .forename = "Lizzie"})), ElementsAre("PA"));
    const auto born = parse_iso_date("2012-03-04");
    const auto swapped = find_people(s, jo, {.surname = "Smith", .forename = "Elijah", .born = born});
    EXPECT_THAT(ids(swapped), ElementsAre("PB"));
    EXPECT_THAT(swapped->hits[0].why, HasSubstr("day and month of birth swapped"));
    EXPECT_THAT(ids(find_people(s, jo, {.surname = "smith", .postcode = "ls22bb"})), ElementsAre("PA"));
    EXPECT_THAT(ids(find_people(s, jo, {.surname = "smith", .postcode = "LS9 9ZZ"})), ElementsAre());
    EXPECT_THAT(ids(find_people(s, jo, {.surname = "Mukherjee"})), ElementsAre());
}

TEST_F(Person, AtMostTwentyAreShownAndWrongQuestionsAreRefused) {
    auto& s = store.connection();
    for (int i = 0; i < 30; ++i)
        store.child(
            {"cme", "n" + std::to_string(i), "PN" + std::to_string(i), "Nia", "Example", "2013-05-05"});
    const auto many = find_people(s, jo, {.surname = "Example"});
    EXPECT_EQ(many->hits.size(), kMostHits);
    EXPECT_TRUE(many->more);
    EXPECT_EQ(find_people(s, jo, {}).error().code, ErrorCode::usage);
    EXPECT_EQ(find_people(s, jo, {.forename = "Nia"}).error().code, ErrorCode::usage);
    EXPECT_EQ(find_people(s, jo, {.upn = "x", .nhs = "y"}).error().code, ErrorCode::usage);
    EXPECT_EQ(find_people(s, jo, {.upn = "x", .surname = "y"}).error().code, ErrorCode::usage);
    EXPECT_EQ(find_people(s, jo, {.surname = "--"}).error().code, ErrorCode::usage);
    EXPECT_EQ(shape({.surname = "Secretname", .forename = "Nia", .born = 1}),
              "surname, forename, birth date");
}

TEST_F(Person, AModelIsAppliedOnlyByAPersonsWord) {
    store.run(
        "insert into match_model (version, state, body, trained_at, records, note, plan, training) values "
        "('m1', 'current', '{}', '2026-01-01', 100, null, '', ''), ('m2', 'shadow', '{}', '2026-01-02', 120, "
        "'2 people would merge', '', ''), ('m3', 'shadow', '{}', '2026-01-03', 130, 'none', '', '')");
    auto& s = store.connection();
    ASSERT_TRUE(approve_model(s, jo, "m2", kNow));
    const auto models = list_models(s);
    ASSERT_EQ(models->size(), 3u);
    EXPECT_EQ(models->at(0).state, "shadow");
    EXPECT_EQ(models->at(1).state, "current");
    EXPECT_EQ(models->at(1).decided_by, "Jo Bloggs");
    EXPECT_EQ(models->at(2).state, "retired");
    EXPECT_EQ(approve_model(s, jo, "m2", kNow).error().code, ErrorCode::input);
    EXPECT_EQ(approve_model(s, jo, "m9", kNow).error().code, ErrorCode::not_found);
    ASSERT_TRUE(refuse_model(s, jo, "m3", kNow));
    EXPECT_EQ(list_models(s)->at(0).state, "retired");
}

}  // namespace
}  // namespace sendhub::review
