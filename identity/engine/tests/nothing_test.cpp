// Each stage of the engine with no record, one, and only records that say nothing about a child.
#include <gtest/gtest.h>

#include <cmath>

#include "identity/engine/explain.hpp"
#include "identity/engine/model_file.hpp"
#include "identity/engine/tests/engine_people.hpp"

namespace sendhub::identity {
namespace {

using namespace testing;

Person nameless(unsigned number) {
    Person p;
    p.key = "n" + std::to_string(number);
    p.source = number % 2 ? "census" : "lists";
    return p;
}
Person somebody(const char* key) {
    Person p;
    p.key = key;
    p.forename = "Seren", p.surname = "Becker", p.birth = "2012-04-06";
    return p;
}

struct Input {
    const char* name;
    Table table;
};
std::vector<Input> inputs() {
    std::vector<Input> out;
    out.push_back({"no record and no column", Table()});
    out.push_back({"no record", table_of({})});
    Table only_columns;
    for (const Role role : {Role::forename, Role::surname, Role::birth_date, Role::upn, Role::identifier})
        only_columns.add(std::string(to_string(role)), role);
    out.push_back({"columns without a record", std::move(only_columns)});
    out.push_back({"one record", table_of({somebody("1")})});
    out.push_back({"one record that says nothing", table_of({nameless(0)})});
    std::vector<Person> many;
    for (unsigned i = 0; i < 300; ++i) many.push_back(nameless(i));
    out.push_back({"only records that say nothing", table_of(many)});
    for (Person& p : many) p.forename = "?", p.surname = "-", p.birth = "unknown", p.postcode = "none";
    out.push_back({"only placeholders", table_of(many)});
    return out;
}
Settings settings(std::uint64_t every_pair_up_to) {
    Settings s;
    s.every_pair_up_to = every_pair_up_to;
    return s;
}
void expect_nothing_joined(const Engine& engine, const Clusters& clusters) {
    ASSERT_EQ(clusters.of.size(), engine.size());
    for (std::uint32_t i = 0; i < engine.size(); ++i) EXPECT_EQ(clusters.of[i], i);
    EXPECT_TRUE(clusters.cases.empty());
    EXPECT_TRUE(engine.edges().empty());
    for (const double prior : engine.model().prior) EXPECT_TRUE(std::isfinite(prior));
}

TEST(Nothing, goes_through_every_stage_and_joins_nobody) {
    for (const Input& input : inputs())
        for (const std::uint64_t every_pair : {std::uint64_t{0}, std::uint64_t{15'000'000}}) {
            SCOPED_TRACE(std::string(input.name) + (every_pair ? ", every pair" : ", by blocks"));
            Engine engine(settings(every_pair));
            engine.load(input.table);
            ASSERT_EQ(engine.size(), input.table.size());
            engine.train();
            const Decisions decisions = engine.decisions({});
            engine.score(decisions);
            engine.calibrate({});
            expect_nothing_joined(engine, engine.resolve(decisions));

            const std::string file = write_model(engine.model(), engine.features(), engine.plan());
            Engine again(settings(every_pair));
            again.load(input.table);
            auto model = read_model(file, again.features(), again.plan());
            ASSERT_TRUE(model) << model.error().sentence;
            again.use_model(std::move(*model));
            Engine::Before before;  // a night on which nothing has changed
            before.unchanged.assign(again.size(), true);
            again.score({}, &before);
            expect_nothing_joined(again, again.resolve({}));
        }
}

TEST(Nothing, explains_two_records_that_say_nothing) {
    const Table table = table_of({nameless(0), nameless(1)});
    Engine engine(settings(0));
    engine.load(table);
    engine.train();
    engine.score({});
    const Explanation why = explain(engine, table, 0, 1);
    EXPECT_TRUE(std::isfinite(why.p_calibrated));
    EXPECT_LT(why.p_calibrated, 0.5);
    EXPECT_FALSE(to_json(why).empty());
}

// The index that stays in memory: everybody leaves, one comes, and one is looked up among nobody.
TEST(Nothing, is_left_when_everybody_goes) {
    Person one = somebody("1"), same = somebody("2");
    one.upn = same.upn = upn(1);
    const Table table = table_of({one, same});
    Engine engine(settings(0));
    engine.load(table);
    engine.train();
    engine.score({});
    Clusters clusters = engine.resolve({});
    const Table nobody = table_of({});
    const std::vector<std::uint32_t> all = {0, 1};
    engine.change(all, nobody, {}, clusters);
    EXPECT_TRUE(engine.edges().empty());
    EXPECT_TRUE(clusters.cases.empty());
    const Table asked = table_of({somebody("3")});
    EXPECT_TRUE(engine.search(asked).empty());
    engine.change({}, asked, {}, clusters);
    EXPECT_EQ(engine.size(), 3u);
    EXPECT_EQ(clusters.of[2], 2u);
}

}  // namespace
}  // namespace sendhub::identity
