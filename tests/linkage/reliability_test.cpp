// Worked by hand, so that the figures that judge the engine are themselves judged.
#include "tests/linkage/reliability.hpp"

#include <gtest/gtest.h>

namespace sendhub::linkage {
namespace {

std::vector<SaidPair> said(double p, int pairs, int same) {
    std::vector<SaidPair> out;
    for (int i = 0; i < pairs; ++i) out.push_back({p, i < same});
    return out;
}

TEST(Reliability, countsWhatWasSaidAgainstWhatIsTrue) {
    std::vector<SaidPair> pairs = said(.55, 300, 150);
    for (const SaidPair& p : said(.58, 100, 58)) pairs.push_back(p);
    for (const SaidPair& p : said(1, 600, 600)) pairs.push_back(p);
    const Reliability r = reliability(pairs);
    ASSERT_EQ(r.bins.size(), 2U);
    EXPECT_EQ(r.pairs, 1000U);
    EXPECT_EQ(r.bins[0].pairs, 400U);
    EXPECT_EQ(r.bins[0].same, 208U);
    EXPECT_NEAR(r.bins[0].said, (300 * .55 + 100 * .58) / 400, 1e-12);
    EXPECT_EQ(r.bins[1].share(), 1);
    EXPECT_NEAR(r.ece, (223. / 400 - 208. / 400) * .4, 1e-12);
    EXPECT_NEAR(r.over_confident, 15. / 400, 1e-12);
    EXPECT_EQ(reliability({}).ece, 0);
}

TEST(Reliability, sayingTooLittleIsAnErrorButNotOverConfident) {
    const Reliability r = reliability(said(.55, 300, 240));
    EXPECT_NEAR(r.ece, .25, 1e-12);
    EXPECT_EQ(r.over_confident, 0);
    // a bin of few pairs counts by its pairs, and proves nothing by itself
    EXPECT_EQ(reliability(said(.55, 199, 0)).over_confident, 0);
    EXPECT_NEAR(reliability(said(.55, 199, 0)).ece, .55, 1e-12);
}

TEST(FitCurve, groupsOfEnoughPairsRiseAndAreNeverCertain) {
    std::vector<WeighedPair> pairs;
    auto add = [&](double weight, int n, int same) {
        for (int i = 0; i < n; ++i) pairs.push_back({weight, i < same});
    };
    add(5, 1000, 1000);
    add(1, 400, 200);
    add(1.1, 200, 50);
    add(3, 500, 100);  // fewer than at 1: pooled with it
    add(9, 299, 299);  // too few
    const identity::Curve curve = fit_curve(pairs);
    ASSERT_EQ(curve.size(), 3U);
    EXPECT_NEAR(curve[0].weight, (400 * 1 + 200 * 1.1) / 600, 1e-12);
    EXPECT_NEAR(curve[0].share, (250.5 + 100.5) / 1102, 1e-12);
    EXPECT_EQ(curve[0].share, curve[1].share);
    EXPECT_NEAR(curve[2].share, 1000.5 / 1001, 1e-12);
}

TEST(MostCautious, saysTheLeastOfAllAndRoundsDown) {
    const std::vector<identity::Curve> curves{{{0, .2}, {10, .9}}, {{0, .4}, {10, .799}}, {}};
    const identity::Curve out = most_cautious(curves);
    EXPECT_EQ(out.front().weight, -4);
    for (const identity::CalibrationPoint& p : out) {
        EXPECT_LE(p.share, .79 + 1e-12);
        if (p.weight == 2) {
            EXPECT_NEAR(p.share, .34, 1e-12);
        }
    }
    EXPECT_NEAR(out.back().share, .79, 1e-12);
    EXPECT_EQ(out.back().weight, 10) << "of the level end only its first point";
}

}  // namespace
}  // namespace sendhub::linkage
