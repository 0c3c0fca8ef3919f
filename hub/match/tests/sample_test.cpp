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
