// Files that could make the engine work for ever: its work is counted, not timed.
#include <gtest/gtest.h>

#include <algorithm>

#include "identity/engine/tests/engine_people.hpp"

namespace sendhub::identity {
namespace {

using namespace testing;

constexpr BlockLimits small_blocks = {
    .limit = 20, .sub_limit = 200, .narrow_pairs = 10'000, .narrow_pairs_each = 30};

Settings settings(unsigned threads = 2) {
    Settings s;
    s.threads = threads;
    s.every_pair_up_to = 0;  // blocking, as in a county
    s.blocks = small_blocks;
    return s;
}

struct Matched {
    std::unique_ptr<Engine> engine;
    Table table;
    Clusters clusters;
};
Matched run(const std::vector<Person>& people, const Settings& s) {
    Matched r;
    r.engine = std::make_unique<Engine>(s);
    r.table = table_of(people);
    r.engine->load(r.table);
    r.engine->train();
    r.engine->score({});
    r.clusters = r.engine->resolve({});
    return r;
}

std::vector<Person> county_with(unsigned children, auto change) {
    std::vector<Person> out = county(children, 5).records;
    for (std::size_t i = 0; i < out.size(); ++i) change(out[i], i);
    return out;
}
// Records of one person, of whom one value or another is written wrongly.
std::vector<Person> of_one_person(unsigned records) {
    std::mt19937 random(11);
    std::vector<Person> out;
    for (unsigned i = 0; i < records; ++i) {
        Person p;
        p.key = "one" + std::to_string(i);
        p.source = i % 2 ? "census" : "health";
        p.forename = random() % 10 ? "Seren" : "Serem";
        p.surname = random() % 10 ? "Becker" : "Beckers";
        p.birth = random() % 10 ? "2012-04-06" : "2012-06-04";
        p.postcode = random() % 10 ? "XA1 1AA" : "XA1 1AB";
        out.push_back(p);
    }
    return out;
}

// So many for each record: a full block of every key, and the narrower blocks.
std::uint64_t most_pairs(const Engine& engine) {
    const std::uint64_t n = engine.size(), of_keys = engine.plan().keys.size() * small_blocks.limit / 2;
    return n * (2 * of_keys + small_blocks.narrow_pairs_each) + small_blocks.narrow_pairs;
}

TEST(Shapes, compare_a_bounded_number_of_pairs_for_each_record) {
    struct Shape {
        const char* name;
        void (*change)(Person&, std::size_t);
    };
    const Shape shapes[] = {
        {"one surname and day on six of ten",
         [](Person& p, std::size_t i) {
             if (i % 10 < 6) p.surname = "Khan", p.birth = "1900-01-01";
         }},
        {"one surname, day and postcode",
         [](Person& p, std::size_t) { p.surname = "Khan", p.birth = "2012-03-14", p.postcode = "XA1 1AA"; }},
        {"every row identical",
         [](Person& p, std::size_t) {
             p.forename = "Seren", p.surname = "Becker", p.birth = "2012-04-06", p.postcode = "XA1 1AA";
             p.sex = "F", p.upn = upn(7), p.nhs = nhs(7);
         }},
        {"two rows in turn",
         [](Person& p, std::size_t i) {
             p.forename = i % 2 ? "Seren" : "Tomos", p.surname = "Becker", p.birth = "2012-04-06";
             p.postcode = "XA1 1AA", p.upn = p.nhs = "";
         }},
        {"one number", [](Person& p, std::size_t) { p.upn = upn(7); }},
        {"1 January", [](Person& p, std::size_t) { p.birth = p.birth.substr(0, 4) + "-01-01"; }},
        {"no names", [](Person& p, std::size_t) { p.forename = p.surname = ""; }},
    };
    for (const Shape& shape : shapes)
        for (const unsigned children : {300u, 1200u}) {
            SCOPED_TRACE(std::string(shape.name) + ", " + std::to_string(children));
            const Matched r = run(county_with(children, shape.change), settings());
            EXPECT_LE(r.engine->report().pairs, most_pairs(*r.engine));
            for (const KeyReport& key : r.engine->report().keys)
                EXPECT_EQ(key.truncated > 0, key.lost_pairs > 0) << key.label;
        }
}

TEST(Shapes, what_is_cut_is_reported) {
    const Matched r = run(county_with(1200,
                                      [](Person& p, std::size_t) {
                                          p.surname = "Khan", p.birth = "2012-03-14", p.postcode = "XA1 1AA";
                                      }),
                          settings());
    const KeyReport& narrow = r.engine->report().keys.back();
    EXPECT_GT(narrow.truncated, 0u);
    EXPECT_GT(narrow.lost_pairs, 0u);
}

// The larger of the narrower blocks are given up first, and only as many as the work asks for.
TEST(Shapes, small_narrow_blocks_are_gone_through_first) {
    auto people = county_with(1200, [](Person& p, std::size_t) { p.birth = "2012-03-14"; });
    Settings s = settings();
    s.blocks.narrow_pairs = 1'000'000;
    const Matched roomy = run(people, s);
    s.blocks.narrow_pairs = 2'000, s.blocks.narrow_pairs_each = 0;
    const Matched tight = run(people, s);
    const KeyReport &all = roomy.engine->report().keys.back(), &few = tight.engine->report().keys.back();
    EXPECT_GT(few.blocks, 0u);
    EXPECT_LT(few.blocks, all.blocks);
    EXPECT_LE(few.pairs, 2'000u);
    EXPECT_GT(few.lost_pairs, all.lost_pairs);
    EXPECT_EQ(few.largest, all.largest);
}

TEST(Shapes, many_records_of_one_person_are_joined_as_far_as_a_group_may_grow_and_the_rest_is_reported) {
    std::vector<Person> people = county(300, 5).records;
    const std::vector<Person> one = of_one_person(400);
    people.insert(people.end(), one.begin(), one.end());
    Settings s = settings(1);
    s.blocks = {};
    const Matched first = run(people, s);
    EXPECT_GT(first.clusters.cut_pairs, 0u);
    const auto told = first.engine->shortfalls(first.clusters);
    EXPECT_TRUE(std::any_of(told.begin(), told.end(), [](const Shortfall& shortfall) {
        return shortfall.what == "records that are alike to very many others";
    }));
    std::map<std::uint32_t, std::size_t> sizes;
    for (std::uint32_t i = 0; i < first.engine->size(); ++i) ++sizes[first.clusters.of[i]];
    std::size_t largest = 0;
    for (const auto& [cluster, size] : sizes) largest = std::max(largest, size);
    EXPECT_LE(largest, s.thresholds.max_cluster);
    EXPECT_GT(largest, s.thresholds.max_cluster / 2);

    const auto wanted = people_of(*first.engine, first.table, first.clusters);
    std::mt19937 random(3);
    for (const unsigned threads : {2u, 5u}) {
        std::shuffle(people.begin(), people.end(), random);
        s.threads = threads;
        const Matched again = run(people, s);
        EXPECT_EQ(people_of(*again.engine, again.table, again.clusters), wanted);
        EXPECT_EQ(again.clusters.cut_pairs, first.clusters.cut_pairs);
        EXPECT_EQ(again.clusters.cut_joins, first.clusters.cut_joins);
        EXPECT_EQ(again.clusters.cases.size(), first.clusters.cases.size());
    }
}

TEST(Shapes, an_ordinary_county_loses_nothing) {
    Settings s = settings();
    s.blocks = {};
    const Matched r = run(county(2000, 1).records, s);
    EXPECT_EQ(r.clusters.cut_pairs, 0u);
    EXPECT_EQ(r.clusters.cut_joins, 0u);
    for (const KeyReport& key : r.engine->report().keys) EXPECT_EQ(key.lost_pairs, 0u) << key.label;
    EXPECT_TRUE(r.engine->shortfalls(r.clusters).empty());
}

}  // namespace
}  // namespace sendhub::identity
