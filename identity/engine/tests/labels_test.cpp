// What people said of pairs drawn at random reaches the model, once there are enough of them.
#include <gtest/gtest.h>

#include <algorithm>

#include "identity/engine/model_file.hpp"
#include "identity/engine/tests/engine_people.hpp"

using namespace sendhub::identity;
using namespace sendhub::identity::testing;

namespace {

struct Labels : ::testing::Test {
    const County people = county(1500, 5);
    const Table table = table_of(people.records);

    static Settings by_blocks() {
        Settings settings;
        settings.every_pair_up_to = 0;  // faster
        return settings;
    }
    struct Trained {
        std::string model;
        Training report;
        double near_name;  // m of the levels of a forename that is nearly the other
    };
    Trained train(const std::vector<LabelledPair>& labels, unsigned threads = 2) const {
        Settings settings = by_blocks();
        settings.threads = threads;
        Engine engine(settings);
        engine.load(table);
        engine.train(labels);
        engine.score({});
        engine.calibrate(labels);
        const int name = engine.plan().find(Kind::name);
        const Ladder& ladder = engine.model().ladders[static_cast<std::size_t>(name)];
        double near = 0;
        for (const unsigned level : {NameLevel::forename_near, NameLevel::forename_close})
            near += ladder.m[level];
        return {write_model(engine.model(), engine.features(), engine.plan()), engine.report().training,
                near};
    }
    // So many pairs whose forenames differ by a slip of the pen.
    std::vector<LabelledPair> slips(std::size_t count, bool same) const {
        Engine engine(by_blocks());
        engine.load(table);
        engine.train();
        engine.score({});
        std::vector<LabelledPair> out;
        for (const Edge& e : engine.edges()) {
            const unsigned level = level_of(engine.plan(), e.pattern, Kind::name);
            if (out.size() < count &&
                (level == NameLevel::forename_near || level == NameLevel::forename_close))
                out.push_back({engine.position(e.a), engine.position(e.b), same, 1 + double(out.size() % 3)});
        }
        EXPECT_EQ(out.size(), count);
        return out;
    }
};

}  // namespace

TEST_F(Labels, fewer_than_two_hundred_change_nothing) {
    const Trained none = train({}), few = train(slips(199, false));
    EXPECT_EQ(none.model, few.model);
    EXPECT_EQ(none.report.labels, 0u);
    EXPECT_EQ(few.report.labels, 199u);
    EXPECT_EQ(few.report.labels_used, 0u);
}

TEST_F(Labels, a_word_against_what_was_expected_moves_m_its_way) {
    const Trained none = train({}), same = train(slips(200, true)), different = train(slips(200, false));
    EXPECT_EQ(different.report.labels_used, 200u);
    EXPECT_LT(different.near_name, 0.8 * none.near_name);
    EXPECT_GE(same.near_name, 0.98 * none.near_name) << "they were taken for one child already";
    EXPECT_LT(different.near_name, same.near_name);
}

TEST_F(Labels, the_same_for_any_order_and_number_of_threads) {
    auto labels = slips(250, false);
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i].same = i % 3 == 0;
    const std::string model = train(labels, 1).model;
    std::reverse(labels.begin(), labels.end());
    std::rotate(labels.begin(), labels.begin() + 71, labels.end());
    for (LabelledPair& l : labels) std::swap(l.a, l.b);
    EXPECT_EQ(train(labels, 2).model, model);
}

TEST_F(Labels, what_they_made_of_the_calibration_is_kept_with_the_model) {
    const auto labels = slips(200, false);
    Engine engine(by_blocks());
    engine.load(table);
    engine.train(labels);
    engine.score({});
    const auto slip = std::find_if(engine.edges().begin(), engine.edges().end(), [&](const Edge& e) {
        return e.weight > 3 && level_of(engine.plan(), e.pattern, Kind::name) == NameLevel::forename_near;
    });
    ASSERT_NE(slip, engine.edges().end());
    const double before = engine.calibrated(*slip);
    const std::string without = write_model(engine.model(), engine.features(), engine.plan());
    engine.calibrate(labels);
    const double after = engine.calibrated(*slip);
    EXPECT_LT(after, before - 0.01);
    const auto back = read_model(write_model(engine.model(), engine.features(), engine.plan()),
                                 engine.features(), engine.plan());
    ASSERT_TRUE(back);
    EXPECT_EQ(back->calibration, engine.model().calibration);
    // a model of before, which has none
    EXPECT_EQ(without.find("\"calibration\""), std::string::npos);
    const auto old = read_model(without, engine.features(), engine.plan());
    ASSERT_TRUE(old);
    EXPECT_FALSE(old->calibration);
    engine.use_model(*old);
    EXPECT_EQ(engine.calibrated(*slip), before);
}
