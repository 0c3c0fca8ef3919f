#include "identity/engine/calibration.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

using namespace sendhub::identity;

namespace {
std::vector<double> shares(const std::vector<Counted>& groups) {
    std::vector<double> out;
    for (const Counted& g : groups) out.push_back(g.share);
    return out;
}
}  // namespace

TEST(Isotonic, what_rises_stays_and_what_falls_is_pooled) {
    EXPECT_EQ(shares(isotonic({{1, .1, 5}, {2, .4, 1}, {3, .9, 7}})), (std::vector<double>{.1, .4, .9}));
    EXPECT_EQ(shares(isotonic({{1, .5, 1}, {2, .25, 3}, {3, .75, 1}})),
              (std::vector<double>{.3125, .3125, .75}));
    // pooling the last two makes a violation with the first
    EXPECT_EQ(shares(isotonic({{1, .5, 1}, {2, .75, 1}, {3, .25, 2}})),
              (std::vector<double>{.4375, .4375, .4375}));
    EXPECT_TRUE(isotonic({}).empty());
}

TEST(Isotonic, pairs_of_one_weight_are_one_group_in_any_order) {
    const auto one = isotonic({{2, 1, 1}, {1, 0, 1}, {2, 0, 3}, {3, 1, 0}}),
               other = isotonic({{2, 0, 3}, {3, 1, 0}, {2, 1, 1}, {1, 0, 1}});
    ASSERT_EQ(one.size(), 2u) << "a group of no pairs is none";
    EXPECT_EQ(one[1].weight, 2);
    EXPECT_EQ(one[1].share, .25);
    EXPECT_EQ(one[1].pairs, 4);
    EXPECT_EQ(shares(one), shares(other));
}

// The definition: no rising sequence lies closer. Checked against steps in every direction, of which the best
// fit of a convex set knows none that gains.
TEST(Isotonic, no_other_rising_shares_lie_closer) {
    std::mt19937 random(7);
    std::uniform_real_distribution<double> unit(0, 1);
    for (int turn = 0; turn < 50; ++turn) {
        std::vector<Counted> groups;
        for (int i = 0; i < 12; ++i)
            groups.push_back({double(i), unit(random), 1 + std::floor(9 * unit(random))});
        const std::vector<double> best = shares(isotonic(groups));
        auto distance = [&](const std::vector<double>& x) {
            double sum = 0;
            for (std::size_t i = 0; i < x.size(); ++i)
                sum += groups[i].pairs * (x[i] - groups[i].share) * (x[i] - groups[i].share);
            return sum;
        };
        EXPECT_TRUE(std::is_sorted(best.begin(), best.end()));
        for (int step = 0; step < 200; ++step) {
            std::vector<double> other = best;
            for (double& x : other) x += 0.05 * (unit(random) - 0.5);
            std::sort(other.begin(), other.end());
            EXPECT_GE(distance(other), distance(best));
        }
    }
}

TEST(Calibrated, straight_lines_between_the_points_and_never_more_than_the_weight_says_below_them) {
    const Calibration c{Curve{{0, .2}, {2, .6}, {3, .6}}, Curve{{0, .1}}, Curve{{0, .9}}};
    EXPECT_DOUBLE_EQ(calibrated(c, 0, Doubt::none), .2);
    EXPECT_DOUBLE_EQ(calibrated(c, .5, Doubt::none), .3);
    EXPECT_DOUBLE_EQ(calibrated(c, 2.5, Doubt::none), .6);
    EXPECT_DOUBLE_EQ(calibrated(c, 50, Doubt::none), .6);
    EXPECT_DOUBLE_EQ(calibrated(c, -1, Doubt::none), .2);
    EXPECT_DOUBLE_EQ(calibrated(c, -4, Doubt::none), 1.0 / 17);
    EXPECT_DOUBLE_EQ(calibrated(c, 5, Doubt::twins), .1);
}

namespace {
std::vector<WeighedLabel> labels(Doubt doubt, double weight, int count, int same, double pairs = 1) {
    std::vector<WeighedLabel> out;
    for (int i = 0; i < count; ++i) out.push_back({weight, doubt, i < same, pairs});
    return out;
}
}  // namespace

TEST(FittedOn, labels_move_the_curve_where_they_are_by_as_many_as_they_are) {
    const double shipped = calibrated(shipped_calibration(), 20, Doubt::veto);
    const Calibration few = fitted_on(labels(Doubt::veto, 20, 4, 0)),
                      many = fitted_on(labels(Doubt::veto, 20, 200, 0));
    EXPECT_LT(calibrated(few, 20, Doubt::veto), shipped);
    EXPECT_GT(calibrated(few, 20, Doubt::veto), 0.8 * shipped);
    EXPECT_LT(calibrated(many, 20, Doubt::veto), 0.65 * shipped) << "pooled with the weights below";
    for (double w = -6; w < 45; w += 0.1) {
        EXPECT_LE(calibrated(many, w, Doubt::veto),
                  calibrated(shipped_calibration(), w, Doubt::veto) + 1e-12);
        EXPECT_NEAR(calibrated(many, w, Doubt::none), calibrated(shipped_calibration(), w, Doubt::none), 1e-3)
            << "nothing was said of those";
    }
    EXPECT_NEAR(calibrated(many, 26, Doubt::veto), calibrated(shipped_calibration(), 26, Doubt::veto), 1e-12);
}

TEST(FittedOn, labels_without_a_fault_raise_it_no_further_than_they_can_show) {
    for (const int count : {20, 200, 2000}) {
        const Calibration fitted = fitted_on(labels(Doubt::veto, 20, count, count));
        double last = 0;
        for (double w = -6; w < 45; w += 0.1) {
            const double shipped = calibrated(shipped_calibration(), w, Doubt::veto),
                         now = calibrated(fitted, w, Doubt::veto);
            EXPECT_LE(now, std::max(shipped, 1 - 3.0 / count) + 1e-12) << count;
            EXPECT_GE(now, last - 1e-12);
            last = now;
        }
    }
    EXPECT_GT(calibrated(fitted_on(labels(Doubt::veto, 20, 200, 200)), 20, Doubt::veto),
              calibrated(shipped_calibration(), 20, Doubt::veto) + 0.01);
}

TEST(FittedOn, a_label_stands_for_its_stratum_and_the_order_does_not_matter) {
    // one joined pair stands for 900 and is right, nine others for one each and are wrong
    auto mixed = labels(Doubt::none, 6, 1, 1, 900);
    for (const WeighedLabel& l : labels(Doubt::none, 6, 9, 0)) mixed.push_back(l);
    const Calibration by_stratum = fitted_on(mixed);
    EXPECT_GT(calibrated(by_stratum, 6, Doubt::none), 0.95);
    EXPECT_LT(calibrated(fitted_on(labels(Doubt::none, 6, 10, 1)), 6, Doubt::none), 0.9);
    std::reverse(mixed.begin(), mixed.end());
    EXPECT_EQ(fitted_on(mixed), by_stratum);
}

TEST(Calibrated, the_shipped_curves_rise_and_are_never_certain_and_a_doubt_takes_from_them) {
    const Calibration& shipped = shipped_calibration();
    for (std::size_t d = 0; d < doubts; ++d) {
        double last = 0;
        for (double w = -60; w < 100; w += 0.25) {
            const double p = calibrated(shipped, w, static_cast<Doubt>(d));
            EXPECT_GE(p, last) << w;
            EXPECT_LT(p, 1);
            last = p;
        }
    }
    for (double w = 6; w < 100; w += 0.25) {
        EXPECT_LT(calibrated(shipped, w, Doubt::veto), calibrated(shipped, w, Doubt::none)) << w;
        EXPECT_LT(calibrated(shipped, w, Doubt::twins), calibrated(shipped, w, Doubt::none)) << w;
    }
}
