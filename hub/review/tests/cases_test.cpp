// The queue and one case.
#include "hub/review/cases.hpp"

#include <gtest/gtest.h>

#include "hub/review/decisions.hpp"
#include "hub/review/json.hpp"
#include "hub/review/tests/small_store.hpp"

namespace sendhub::review {
namespace {

using testing::kNow;
using testing::SmallStore;

const RecordKey c1{"census", "c1"}, c2{"census", "c2"}, h1{"health", "h1"}, h2{"health", "h2"},
    y1{"yj", "y1"};
const Viewer jo{"Jo Bloggs"}, sam{"Sam Field"};

struct Cases : ::testing::Test {
    SmallStore store;
    void SetUp() override {
        store.child(
            {"census", "c1", "PA", "Aisha", "Khan", "2012-04-03", "A950000178301", "", "LS1 1AA", "100"});
        store.child({"census", "c2", "PA", "Aisha", "Khan", "2012-04-03", "A950000178301"});
        store.child(
            {"health", "h1", "PB", "Aysha", "Khan", "2012-03-04", "", "9434765919", "LS1 1AA", "100"});
        store.child({"health", "h2", "PC", "Bilal", "Khan", "2010-01-09", "", "", "LS1 1AA", "100"});
        store.child({"yj", "y1", "PD", "Aisha", "Kahn", "2012-04-03"});
        store.open_case("CAAA", c1, h1, 18.0, 0.9);
        store.open_case("CBBB", h2, y1, 2.0, 0.6, "", false, 2);
        store.open_case("CFLAG", c1, y1, 1.0, 0.99, "", true);
        store.edge(c1, h1, 18.0);
        store.edge(c1, y1, 9.5);
    }
    std::vector<std::string> listed(const Viewer& viewer) {
        std::vector<std::string> ids;
        const auto queue = list_cases(store.connection(), viewer, 1);
        EXPECT_TRUE(queue) << queue.error().sentence;
        for (const CaseRow& row : queue->rows) ids.push_back(row.case_id);
        return ids;
    }
};

TEST_F(Cases, SafeguardingComesFirstThenTheHarmThatAWrongAnswerWouldDo) {
    // 0.6 × 0.4 × 2 is more than 0.9 × 0.1 × 2
    EXPECT_EQ(listed(jo), (std::vector<std::string>{"CFLAG", "CBBB", "CAAA"}));
    const auto queue = list_cases(store.connection(), jo, 1);
    EXPECT_EQ(queue->cases, 3u);
    EXPECT_EQ(queue->flagged, 1u);
    EXPECT_TRUE(queue->rows[0].flagged);
    EXPECT_FALSE(queue->rows[1].flagged);
    EXPECT_EQ(queue->records, 6);
    store.open_case("CBIG", h1, y1, 2.0, 0.5, "", false, 40);
    EXPECT_EQ(listed(jo), (std::vector<std::string>{"CFLAG", "CBIG", "CBBB", "CAAA"}))
        << "however many records";
}

TEST_F(Cases, TwentyToAPageAndEqualHarmByAge) {
    for (int i = 0; i < 25; ++i) {
        const std::string ref = "n" + std::to_string(100 + i);
        store.child({"cme", ref, "PN" + std::to_string(i), "Nia", "Example", "2013-05-05"});
        store.open_case("CN" + std::to_string(100 + i), c1, {"cme", ref}, 0, 0.5);
    }
    store.run("update match_case set found_at = '2025-12-01 00:00:00Z' where case_id = 'CN117'");
    auto first = list_cases(store.connection(), jo, 1), second = list_cases(store.connection(), jo, 2);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->rows.size(), 20u);
    EXPECT_EQ(second->rows.size(), 8u);
    EXPECT_EQ(first->pages, 2);
    EXPECT_EQ(first->rows[1].case_id, "CN117");
    EXPECT_EQ(first->rows[2].case_id, "CN100");
    EXPECT_TRUE(list_cases(store.connection(), jo, 9)->rows.empty());
    EXPECT_FALSE(list_cases(store.connection(), jo, 0));
}

TEST_F(Cases, ACaseShowsBothSidesFieldByFieldWithTheirDifferences) {
    const auto view = show_case(store.connection(), jo, "CAAA", false);
    ASSERT_TRUE(view) << view.error().sentence;
    const auto field = [&](std::string_view name) {
        for (const SideField& f : view->fields)
            if (f.name == name) return f;
        ADD_FAILURE() << name << " is not shown";
        return SideField{};
    };
    EXPECT_EQ(marked(field("forename").a, field("forename").differences.a), "A[i]sha");
    EXPECT_EQ(marked(field("forename").b, field("forename").differences.b), "A[y]sha");
    EXPECT_EQ(field("upn").b, "") << "only one side has it";
    EXPECT_EQ(field("birth_date").a, "2012-04-03");
    EXPECT_EQ(field("address").a, "4, Mill Lane");
    EXPECT_EQ(view->records_a.size(), 2u) << "all records of the person";
    EXPECT_EQ(view->records_a[0].key, c1);
    ASSERT_TRUE(view->explained);
    EXPECT_TRUE(view->explained->adds_up());
    ASSERT_EQ(view->household.size(), 1u) << "the brother at the same property, not the two sides";
    EXPECT_EQ(view->household[0].person, "PC");
    ASSERT_EQ(view->candidates.size(), 1u);
    EXPECT_EQ(view->candidates[0].person, "PD");
    EXPECT_EQ(view->times_a.addresses.size(), 1u);
    EXPECT_EQ(show_case(store.connection(), jo, "CNONE", false).error().code, ErrorCode::not_found);
}

TEST_F(Cases, SchoolsAndEarlierHomesAreToldInTime) {
    store.run(
        "insert into school (feed, scope, source_key, urn, laestab, school_name, batch_id, file_no, "
        "source_row, "
        "valid_from) values ('schools', 's', '1', '100001', '8731001', 'Mill Primary', 'b', 0, 0, "
        "'2026-01-01')");
    store.run(
        "insert into enrolment (feed, scope, source_key, person_ref, urn, entry_date, leaving_date, on_roll, "
        "batch_id, file_no, source_row, valid_from) values ('census', 's', 'e1', 'c1', '100001', "
        "'2017-09-01', null, "
        "true, 'b', 0, 0, '2026-01-01'), ('census', 's', 'e0', 'c1', '100002', '2016-09-01', '2017-07-20', "
        "false, 'b', "
        "0, 0, '2026-01-01')");
    store.run(
        "insert into address_history (feed, scope, source_key, person_ref, postcode, batch_id, file_no, "
        "source_row, "
        "valid_from, valid_to, closed_by) values ('census', 's', 'a0', 'c1', 'LS9 9ZZ', 'b', 0, 0, "
        "'2025-01-01', "
        "'2025-06-01', 'b2')");
    const auto view = show_case(store.connection(), jo, "CAAA", false);
    ASSERT_TRUE(view) << view.error().sentence;
    ASSERT_EQ(view->times_a.schools.size(), 2u);
    EXPECT_EQ(view->times_a.schools[0].what, "100002") << "a school nobody has told the name of";
    EXPECT_EQ(view->times_a.schools[0].to, "2017-07-20");
    EXPECT_EQ(view->times_a.schools[1].what, "Mill Primary");
    EXPECT_EQ(view->times_a.schools[1].to, "");
    ASSERT_EQ(view->times_a.addresses.size(), 2u);
    EXPECT_EQ(view->times_a.addresses[0].what, "LS9 9ZZ");
    EXPECT_EQ(view->times_a.addresses[0].from, "2025-01-01");
    EXPECT_EQ(view->times_a.addresses[0].to, "2025-06-01");
    EXPECT_EQ(view->records_a[0].school, "Mill Primary");
}

TEST_F(Cases, BlindHidesTheScoreUntilAnOpinionIsGivenAndAgainWhenTheRecordChanges) {
    auto view = show_case(store.connection(), jo, "CAAA", true);
    ASSERT_TRUE(view);
    EXPECT_TRUE(view->score_hidden);
    EXPECT_FALSE(view->explained);
    EXPECT_FALSE(view->candidates.at(0).weight);
    const std::string json = to_json(*view);
    for (const char* hidden : {"probability", "\"harm\"", "18", "bits"})
        EXPECT_EQ(json.find(hidden), std::string::npos) << hidden;

    ASSERT_TRUE(give_opinion(store.connection(), jo, "CAAA", Word::same, kNow));
    EXPECT_FALSE(show_case(store.connection(), jo, "CAAA", true)->score_hidden);
    EXPECT_TRUE(show_case(store.connection(), {" JO bloggs"}, "CAAA", true)->explained) << "the same officer";
    EXPECT_TRUE(show_case(store.connection(), sam, "CAAA", true)->score_hidden) << "somebody else's opinion";
    EXPECT_EQ(listed(jo).size(), 3u) << "an opinion decides nothing";

    // The opinion was of other facts: it has expired.
    store.seen_by_matching(h1, "another birth date");
    EXPECT_TRUE(show_case(store.connection(), jo, "CAAA", true)->score_hidden);
}

TEST_F(Cases, APairDrawnAtRandomIsShownBlindAndDecidedLikeACase) {
    store.run(
        "insert into match_sample values ('census', 'c1', 'census', 'c2', 'auto', 31.5, '2026-01-05', 'r1'), "
        "('health', 'h2', 'yj', 'y1', 'below', -3.0, '2026-01-05', 'r1')");
    auto& s = store.connection();
    const auto ids = sample_cases(s, jo);
    ASSERT_TRUE(ids) << ids.error().sentence;
    ASSERT_EQ(ids->size(), 2u);
    std::size_t joined = 2;
    for (std::size_t i = 0; i < 2; ++i) {
        const auto view = show_case(s, jo, ids->at(i), false);
        ASSERT_TRUE(view) << view.error().sentence;
        EXPECT_TRUE(view->score_hidden);
        const std::string json = to_json(*view);
        for (const char* told : {"31.5", "auto", "below", "weight\":-3"})
            EXPECT_EQ(json.find(told), std::string::npos) << told;
        if (view->row.person_a == view->row.person_b) joined = i;
    }
    ASSERT_LT(joined, 2u);
    EXPECT_EQ(decide(s, jo, {ids->at(joined), Word::same, "one school record, twice", {}}, kNow)->state,
              "active");
    EXPECT_EQ(decide(s, jo, {ids->at(1 - joined), Word::different, "brothers", {}}, kNow)->state, "active");
    EXPECT_TRUE(sample_cases(s, jo)->empty());
    EXPECT_EQ(listed(jo).size(), 3u) << "they were never in the queue";
    EXPECT_EQ(show_case(s, jo, "S0000000000", false).error().code, ErrorCode::not_found);
}

TEST_F(Cases, AnExplanationThatCannotBeReadIsSaidSo) {
    store.run("update match_case set explanation = 'x' where case_id = 'CAAA'");
    const auto view = show_case(store.connection(), jo, "CAAA", false);
    ASSERT_TRUE(view);
    EXPECT_FALSE(view->explained);
    EXPECT_NE(view->explanation_fault.find("cannot be read"), std::string::npos);
}

}  // namespace
}  // namespace sendhub::review
