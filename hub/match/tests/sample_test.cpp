#include "hub/match/sample.hpp"

#include "hub/match/tests/matching_fixture.hpp"

using namespace sendhub;
using namespace sendhub::match;

// Values of the closed form, worked out by hand and with another tool.
TEST(Wilson, known_intervals) {
    const Interval none = wilson(0, 30), most = wilson(29, 30), half = wilson(50, 100);
    EXPECT_EQ(none.low, 0);
    EXPECT_NEAR(none.high, 0.1135, 1e-4);
    EXPECT_NEAR(most.share, 0.9667, 1e-4);
    EXPECT_NEAR(most.low, 0.8333, 1e-4);
    EXPECT_NEAR(most.high, 0.9941, 1e-4);
    EXPECT_NEAR(half.low, 0.4038, 1e-4);
    EXPECT_NEAR(half.high, 0.5962, 1e-4);
    EXPECT_EQ(wilson(30, 30).high, 1);
}

TEST(Estimate, precision_and_recall_follow_from_what_was_reviewed) {
    Sample sample;
    sample.pairs = {1000, 50, 200};
    auto draw = [&](Stratum stratum, int pairs, int same) {
        for (int i = 0; i < pairs; ++i) sample.drawn.push_back({0, 1, stratum, 0, i < same});
    };
    draw(Stratum::joined, 100, 99);
    draw(Stratum::above, 50, 20);
    draw(Stratum::below, 100, 1);
    auto all = [](const SampledPair&) { return true; };
    Quality q = estimate(sample, all);
    ASSERT_TRUE(q.precision && q.recall);
    EXPECT_NEAR(q.precision->share, 0.99, 1e-9);
    EXPECT_NEAR(q.recall->share, 990.0 / (990 + 20 + 2), 1e-9);
    EXPECT_LT(q.recall->low, q.recall->share);
    EXPECT_GT(q.recall->high, q.recall->share);
    // nobody has looked at those that were not joined: precision alone
    for (SampledPair& p : sample.drawn)
        if (p.stratum != Stratum::joined) p.same.reset();
    q = estimate(sample, all);
    EXPECT_TRUE(q.precision);
    EXPECT_FALSE(q.recall);
    for (std::size_t i = 29; i < 100; ++i) sample.drawn[i].same.reset();
    EXPECT_FALSE(estimate(sample, all).precision) << "29 are too few";
}

namespace {
struct Sampled : Matching {
    void SetUp() override {
        Matching::SetUp();
        for (unsigned i = 0; i < 40; ++i) {
            Child c{"census",
                    "c" + std::to_string(i),
                    "Alex",
                    "Example" + std::string(1, static_cast<char>('a' + i % 26)),
                    "201" + std::to_string(i % 10) + "-01-1" + std::to_string(i % 8),
                    valid_upn(i)};
            put(c);
            c.feed = "cme";
            put(c);
        }
        run();
    }
};
}  // namespace

TEST_F(Sampled, a_reviewed_sample_tells_precision_and_keeps_what_was_wrong) {
    EXPECT_EQ(number("select count(*) from match_sample where stratum = 'auto'"), 40);
    EXPECT_EQ(text("select note from match_figure where topic = 'precision' and item = 'all'"),
              "fewer_than_30_reviewed");
    for (int i = 0; i < 40; ++i)
        decide(i == 0 ? "different" : "same", "census", "c" + std::to_string(i), "cme",
               "c" + std::to_string(i));
    run();
    run();
    EXPECT_EQ(number("select count(*) from match_sample where stratum = 'auto'"), 40)
        << "the pair that was wrong is still one that the model had joined";
    EXPECT_EQ(
        text("select round(figure, 3)::varchar from match_figure where topic = 'precision' and item = 'all'"),
        "0.975");
    EXPECT_EQ(
        text("select round(low, 3)::varchar from match_figure where topic = 'precision' and item = 'all'"),
        "0.871");
    EXPECT_EQ(number("select counted from match_figure where topic = 'precision' and feed = 'cme' and "
                     "other_feed = 'any'"),
              40);
}

TEST_F(Sampled, the_same_records_give_the_same_figures_and_sample) {
    auto everything = [&] {
        return text(
                   "select string_agg(topic || item || coalesce(figure, 0) || coalesce(expected, 0) || "
                   "coalesce(counted, "
                   "0), ',' order by topic, item, feed, other_feed) from match_figure") +
               text(
                   "select string_agg(person_ref_a || drawn_at::varchar, ',' order by feed_a, person_ref_a, "
                   "feed_b, "
                   "person_ref_b) from match_sample");
    };
    const std::string before = everything();
    run();
    EXPECT_EQ(everything(), before);
    EXPECT_EQ(
        number("select count(*) from match_figure where topic = 'drift since training' and figure <> 0"), 0);
    EXPECT_GT(number("select count(*) from match_figure where topic = 'training round'"), 0);
    EXPECT_GT(number("select count(*) from match_figure where topic = 'shipped weights' and note <> ''"), 0);
}

namespace {
// 240 children, each in two feeds, of which 200 pairs are drawn.
struct Labelled : Matching {
    void SetUp() override {
        Matching::SetUp();
        for (unsigned i = 0; i < 240; ++i) {
            Child c{"census",
                    "c" + std::to_string(1000 + i),
                    "Alex",
                    "Example" + std::string{static_cast<char>('a' + i % 26), static_cast<char>('a' + i / 26)},
                    "20" + std::to_string(10 + i % 10) + "-0" + std::to_string(1 + i % 9) + "-1" +
                        std::to_string(i % 8),
                    valid_upn(i)};
            put(c);
            c.feed = "cme";
            put(c);
        }
        run();
        ASSERT_EQ(number("select count(*) from match_sample where stratum = 'auto'"), 200);
    }
    // So many of the pairs drawn get a word, every fourth "different"; the ids of cases begin with a letter
    // of their kind.
    void judge(int count, const std::string& kind) {
        sql("insert into match_decision (decision_id, case_id, feed_a, person_ref_a, feed_b, person_ref_b, "
            "verdict, "
            "word, state, proposed_by, proposed_at, fingerprint_a, fingerprint_b) select n, '" +
            kind +
            "' || n, feed_a, person_ref_a, feed_b, person_ref_b, word, word, 'active', 'officer', "
            "'2026-01-01 "
            "00:00:00Z', a, b from (select row_number() over (order by person_ref_a) as n, s.*, case when n "
            "% 4 = 0 "
            "then 'different' else 'same' end as word, a.fingerprint as a, b.fingerprint as b from "
            "match_sample s "
            "join match_record a on a.feed = feed_a and a.person_ref = person_ref_a join match_record b on "
            "b.feed = "
            "feed_b and b.person_ref = person_ref_b) where n <= " +
            std::to_string(count));
        ASSERT_EQ(number("select count(*) from match_decision"), count);
    }
    std::string labels(const std::string& state) {
        return text(
            "select json_extract_string(training, '$.labels') || ' ' || json_extract_string(training, "
            "'$.labels_used') from match_model where state = '" +
            state + "'");
    }
};
}  // namespace

TEST_F(Labelled, words_on_the_sample_reach_a_new_model_and_what_it_says_once_it_is_let_in) {
    EXPECT_EQ(labels("current"), "0 0");
    judge(200, "S");
    settings.retrain_days = 1;
    const MatchOutcome out = run();
    EXPECT_EQ(labels("current"), "0 0");
    EXPECT_EQ(labels("shadow"), "200 200");
    ASSERT_EQ(out.notes.size(), 1u);
    EXPECT_NE(out.notes[0].find("200 pairs drawn at random"), std::string::npos) << out.notes[0];
    // of the pairs that nobody judged
    auto least_score = [&] {
        return text("select min(match_score)::varchar from person_link where match_method = 'exact'");
    };
    const double before = std::stod(least_score());
    EXPECT_GT(before, 0.99);
    sql("update match_model set state = 'retired' where state = 'current'");
    sql("update match_model set state = 'current', decided_by = 'officer', decided_at = '2023-11-20' where "
        "state = "
        "'shadow'");
    settings.retrain_days = 90;
    run();
    const double after = std::stod(least_score());
    EXPECT_LT(after, 0.95) << "a quarter of such pairs were two children";
    EXPECT_GT(after, 0.7);
}

TEST_F(Labelled, fewer_or_words_on_cases_do_not) {
    judge(199, "S");
    sql("update match_model set plan = '{\"comparisons\":[]}'");
    run();
    EXPECT_EQ(labels("current"), "199 0");
    sql("delete from match_decision");
    run();
    judge(200, "C");
    sql("update match_model set plan = '{\"comparisons\":[]}'");
    run();
    EXPECT_EQ(labels("current"), "0 0") << "they were looked at because they were doubtful";
}

TEST_F(Labelled, a_model_that_takes_over_without_asking_heeds_them_too) {
    judge(200, "S");
    sql("update match_model set plan = '{\"comparisons\":[]}'");
    const MatchOutcome out = run();
    EXPECT_EQ(labels("current"), "200 200");
    EXPECT_NE(out.notes.back().find("200 pairs drawn at random"), std::string::npos) << out.notes.back();
}
