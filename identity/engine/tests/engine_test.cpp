// What must hold whatever the data: order and threads change nothing, a model read back is the model, the
// incremental run is the full run, barriers and vetoes hold.
#include <gtest/gtest.h>

#include <algorithm>

#include "identity/engine/explain.hpp"
#include "identity/engine/model_file.hpp"
#include "identity/engine/tests/engine_people.hpp"

namespace sendhub::identity {
namespace {

using namespace testing;

std::string replaced(std::string all, const std::string& part, const std::string& by) {
    const auto at = all.find(part);
    EXPECT_NE(at, std::string::npos) << part;
    return at == std::string::npos ? all : all.replace(at, part.size(), by);
}

Settings settings(unsigned threads = 2) {
    Settings s;
    s.threads = threads;
    s.thresholds.automatic = 9;
    s.every_pair_up_to = 0;  // blocking, as in a county
    return s;
}

struct Matched {
    std::unique_ptr<Engine> engine;
    Table table;
    Clusters clusters;
};
Matched run(const std::vector<Person>& people, const Settings& s, const std::vector<Decision>& said = {},
            const Model* model = nullptr) {
    Matched r;
    r.engine = std::make_unique<Engine>(s);
    r.table = table_of(people);
    r.engine->load(r.table);
    if (model != nullptr)
        r.engine->use_model(*model);
    else
        r.engine->train();
    const Decisions decisions = r.engine->decisions(said);
    r.engine->score(decisions);
    r.clusters = r.engine->resolve(decisions);
    return r;
}

TEST(Engine, joins_the_records_of_a_child_and_no_others) {
    const County c = county(3000, 1);
    const Matched r = run(c.records, settings());
    std::map<std::uint32_t, std::set<int>> children;
    std::map<int, std::set<std::uint32_t>> clusters;
    for (std::uint32_t i = 0; i < r.engine->size(); ++i) {
        children[r.clusters.of[i]].insert(c.truth[r.engine->position(i)]);
        clusters[c.truth[r.engine->position(i)]].insert(r.clusters.of[i]);
    }
    for (const auto& [cluster, held] : children) EXPECT_EQ(held.size(), 1u);
    const auto whole =
        std::count_if(clusters.begin(), clusters.end(), [](const auto& x) { return x.second.size() == 1; });
    EXPECT_GT(whole, 2400) << "of " << clusters.size();
}

TEST(Engine, keeps_a_pair_that_agrees_in_everything) {
    Table table;
    table.source_names = {"s"};
    const std::vector<std::pair<Role, const char*>> columns = {{Role::forename, "Matilda"},
                                                               {Role::middle_names, "Rose"},
                                                               {Role::surname, "Okonkwo"},
                                                               {Role::birth_date, "2012-05-17"}};
    for (const char* key : {"1", "2"}) table.source.push_back(0), table.key.push(key);
    for (const auto& [role, value] : columns) {
        Column& column = table.add(std::string(to_string(role)), role);
        column.values.push(value), column.values.push(value);
    }
    Settings all = settings();
    all.thresholds.keep = -40;
    for (const std::uint64_t every_pair : {0, 100}) {
        all.every_pair_up_to = every_pair;
        Engine engine(all);
        engine.load(table);
        engine.train();
        engine.score({});
        EXPECT_EQ(engine.edges().size(), 1u);
    }
}

// A number of each second child's own, and one that a template puts on others.
County with_local_numbers(County c) {
    for (std::size_t i = 0; i < c.records.size(); ++i)
        if (c.truth[i] % 2 == 0)
            c.records[i].number = "L" + std::to_string(c.truth[i]);
        else if (c.truth[i] % 40 == 1)
            c.records[i].number = "UNKNOWN";
    return c;
}
bool polluted(const Engine& engine, const std::string& identifier) {
    const auto& by = engine.report().polluted_by;
    return std::any_of(by.begin(), by.end(),
                       [&](const PollutedCount& p) { return p.identifier == identifier; });
}

TEST(Engine, gives_the_same_for_any_order_of_the_input_and_any_number_of_threads) {
    const County c = with_local_numbers(county(1500, 2));
    const Matched first = run(c.records, settings(1));
    const auto people = people_of(*first.engine, first.table, first.clusters);
    const auto edges = edges_of(*first.engine, first.table);
    EXPECT_TRUE(polluted(*first.engine, "local number"));
    std::mt19937 random(7);
    for (const unsigned threads : {1u, 2u, 5u}) {
        auto shuffled = c.records;
        std::shuffle(shuffled.begin(), shuffled.end(), random);
        const Matched again = run(shuffled, settings(threads));
        EXPECT_EQ(people_of(*again.engine, again.table, again.clusters), people);
        EXPECT_TRUE(edges_of(*again.engine, again.table) == edges);  // bit for bit
        EXPECT_EQ(again.clusters.cases.size(), first.clusters.cases.size());
    }
}

TEST(Engine, a_model_read_back_weighs_the_same) {
    const County c = county(1500, 3);
    const Matched first = run(c.records, settings());
    const std::string text =
        write_model(first.engine->model(), first.engine->features(), first.engine->plan());
    Engine again(settings());
    again.load(first.table);
    auto model = read_model(text, again.features(), again.plan());
    ASSERT_TRUE(model) << model.error().sentence;
    again.use_model(std::move(*model));
    again.score({});
    EXPECT_TRUE(edges_of(again, first.table) == edges_of(*first.engine, first.table));
    EXPECT_FALSE(read_model("{", again.features(), again.plan()));
    EXPECT_FALSE(read_model("{\"file_version\":2}", again.features(), again.plan()));
    for (const auto& [part, by] : {std::pair{"\"base_prior\":-", "\"base_prior\":-9999"},
                                   {"\"prior\":[", "\"prior\":[0,"},
                                   {"\"m\":[", "\"m\":[-"},
                                   {"\"siblings\":", "\"siblings\":-"}}) {
        const auto refused = read_model(replaced(text, part, by), again.features(), again.plan());
        ASSERT_FALSE(refused) << part;
        EXPECT_NE(refused.error().sentence.find("cannot be"), std::string::npos) << refused.error().sentence;
    }
    EXPECT_TRUE(first.engine->report().shortfalls.empty());
    EXPECT_TRUE(again.report().shortfalls.empty());
}

TEST(Engine, a_model_of_an_earlier_sendhub_says_what_it_does_not_know) {
    const County c = county(300, 3);
    const Matched first = run(c.records, settings());
    const std::string text =
        write_model(first.engine->model(), first.engine->features(), first.engine->plan());
    auto told = [&](const std::string& model_text, bool children) {
        Settings s = settings();
        s.vetoes.children = children;
        Engine engine(s);
        engine.load(first.table);
        auto model = read_model(model_text, engine.features(), engine.plan());
        EXPECT_TRUE(model) << model.error().sentence;
        if (model) engine.use_model(std::move(*model));
        engine.score({});
        return engine.report().shortfalls;
    };
    const std::string names =
        text.substr(text.find("\"twin_names\":"),
                    text.find(']', text.find("\"twin_names\":")) + 2 - text.find("\"twin_names\":"));
    const std::string without = replaced(text, names, "");
    EXPECT_FALSE(read_model(without, first.engine->features(), first.engine->plan()))
        << "later versions have them";
    const std::string before = replaced(without, "\"file_version\":6", "\"file_version\":2");
    // of names of twins, of blocking values, which were other ones before version 4, and of which sources
    // know the same children
    ASSERT_EQ(told(before, true).size(), 3u);
    for (const Shortfall& s : told(before, true)) {
        EXPECT_NE(s.text.find("train a new model"), std::string::npos);
        EXPECT_TRUE(s.of_model);
    }
    EXPECT_EQ(told(before, false).size(), 1u) << "of files that are not of children no name is missed";
    EXPECT_EQ(told(replaced(text, names, "\"twin_names\":null,"), true).size(), 1u);
    EXPECT_EQ(told(replaced(text, "\"file_version\":6", "\"file_version\":4"), true).size(), 1u);
    EXPECT_EQ(told(replaced(text, "\"file_version\":6", "\"file_version\":3"), true).size(), 2u);
    EXPECT_TRUE(told(text, true).empty());
}

// Children missing education are on no roll: that the census knows no second child of the name says nothing
// about them.
TEST(Engine, the_silence_of_a_source_that_seldom_knows_such_children_says_little) {
    County c = county(1000, 5);
    for (std::size_t i = 0; i < c.records.size(); ++i)
        if (c.truth[i] % 10 == 0 && c.records[i].source == "census") c.records[i].source = "missing";
    const Matched m = run(c.records, settings());
    const Presence& presence = m.engine->model().presence;
    auto bit = [&](const char* source) {
        const auto& names = m.table.source_names;
        return std::uint64_t{1} << (std::find(names.begin(), names.end(), source) - names.begin());
    };
    constexpr int year = 2012;
    EXPECT_LT(presence.missing(year, bit("missing") | bit("health")) + 1.5,
              presence.missing(year, bit("casework") | bit("health")));
    EXPECT_LE(presence.missing(year, bit("casework")), presence.missing(year, 0));
    EXPECT_GT(presence.missing(year, bit("casework")), presence.missing(year, 0) - 0.3);
}

// The records of a night that changed, came or went are compared; the rest is taken from the night before.
TEST(Engine, an_incremental_run_is_the_full_run) {
    County c = county(1200, 4);
    std::mt19937 random(11);
    for (std::size_t i = 0; i < c.records.size(); ++i)
        if (c.truth[i] % 2 == 0) c.records[i].number = "L" + std::to_string(c.truth[i]);
    Matched before = run(c.records, settings());
    EXPECT_FALSE(polluted(*before.engine, "local number"));
    const std::string text =
        write_model(before.engine->model(), before.engine->features(), before.engine->plan());
    std::set<std::string> changed_ever;
    for (int night = 0; night < 12; ++night) {
        std::map<std::string, std::uint64_t> old;
        for (std::uint32_t i = 0; i < before.engine->size(); ++i)
            old.emplace(before.table.key[before.engine->position(i)],
                        before.engine->fingerprint(before.table, i));
        auto today = c.records;
        const auto any = [&] { return random() % today.size(); };
        for (int i = 0; i < 15; ++i) today.erase(today.begin() + static_cast<std::ptrdiff_t>(any()));
        for (int i = 0; i < 15; ++i)
            today[any()].surname = "changedby" + std::string(1, static_cast<char>('a' + night));
        for (int i = 0; i < 10; ++i) today[any()].postcode = "XB1 1AA";
        for (int i = 0; i < 2; ++i) today[any()].upn = upn(31337);  // one number on more and more children
        for (int i = 0; i < 2; ++i) today[any()].number = "UNKNOWN";
        const County more = county(8, 100 + static_cast<unsigned>(night));
        today.insert(today.end(), more.records.begin(), more.records.end());

        const Table table = table_of(today);
        Engine full(settings()), quick(settings());
        full.load(table);
        quick.load(table);
        full.use_model(*read_model(text, full.features(), full.plan()));
        quick.use_model(*read_model(text, quick.features(), quick.plan()));
        full.score({});
        Engine::Before known;
        known.unchanged.resize(quick.size());
        std::map<std::string, std::uint32_t> number;
        for (std::uint32_t i = 0; i < quick.size(); ++i) {
            const std::string key(table.key[quick.position(i)]);
            number[key] = i;
            const auto it = old.find(key);
            known.unchanged[i] = it != old.end() && it->second == quick.fingerprint(table, i);
        }
        for (const auto& [pair, weight] : edges_of(*before.engine, before.table))
            if (number.contains(pair.first) && number.contains(pair.second)) {
                const auto a = number[pair.first], b = number[pair.second];
                known.edges.push_back({std::min(a, b), std::max(a, b), weight.first, weight.second});
            }
        quick.score({}, &known);
        EXPECT_LT(quick.report().pairs, full.report().pairs / 4);
        EXPECT_GT(full.report().id_pairs_by_others, 0u);
        EXPECT_LT(full.report().id_pairs_by_others, full.report().id_pairs);
        EXPECT_EQ(quick.report().id_pairs, full.report().id_pairs);
        EXPECT_EQ(quick.report().id_pairs_by_others, full.report().id_pairs_by_others);
        EXPECT_TRUE(edges_of(quick, table) == edges_of(full, table)) << "night " << night;
        const Clusters a = quick.resolve({}), b = full.resolve({});
        EXPECT_EQ(people_of(quick, table, a), people_of(full, table, b));
        EXPECT_EQ(a.cases.size(), b.cases.size());
        c.records = today;
        before = run(today, settings(), {}, &full.model());
        if (night >= 2) {
            EXPECT_TRUE(polluted(*before.engine, "local number"));
        }
    }
}

// A resident index after many small changes holds what a full run over the remaining records gives.
TEST(Engine, a_resident_index_follows_changes) {
    const County c = county(1200, 9);
    std::mt19937 random(5);
    Matched r = run(c.records, settings());
    const std::string text = write_model(r.engine->model(), r.engine->features(), r.engine->plan());
    std::map<std::uint32_t, Person> alive;  // by number
    for (std::uint32_t i = 0; i < r.engine->size(); ++i) alive.emplace(i, c.records[r.engine->position(i)]);
    for (int day = 0; day < 15; ++day) {
        std::vector<std::uint32_t> gone;
        std::vector<Person> added;
        for (int i = 0; i < 12; ++i) {
            auto it = alive.begin();
            std::advance(it, random() % alive.size());
            gone.push_back(it->first);
            if (i % 2 == 0) {  // changed: goes and comes again
                added.push_back(it->second);
                added.back().postcode = "XC1 1AA";
            }
            alive.erase(it);
        }
        const County more = county(3, 500 + static_cast<unsigned>(day));
        added.insert(added.end(), more.records.begin(), more.records.end());
        Table table = table_of(added);
        for (std::size_t i = 0; i < added.size(); ++i)  // sources by the numbers of the index
            table.source[i] = static_cast<std::uint16_t>(
                std::find(r.table.source_names.begin(), r.table.source_names.end(), added[i].source) -
                r.table.source_names.begin());
        const std::uint32_t first = r.engine->change(gone, table, {}, r.clusters);
        for (std::uint32_t i = 0; i < added.size(); ++i) alive.emplace(first + i, added[i]);
        if (day % 5 != 4) continue;
        std::vector<Person> remaining;
        remaining.reserve(alive.size());
        for (const auto& [number, person] : alive) remaining.push_back(person);
        const Table full_table = table_of(remaining);
        Engine full(settings());
        full.load(full_table);
        full.use_model(*read_model(text, full.features(), full.plan()));
        full.score({});
        const Clusters expected = full.resolve({});
        std::map<std::uint32_t, std::set<std::string>> by;
        for (const auto& [number, person] : alive) by[r.clusters.of[number]].insert(person.key);
        std::set<std::set<std::string>> found;
        for (auto& [cluster, members] : by) found.insert(members);
        EXPECT_EQ(found, people_of(full, full_table, expected)) << "day " << day;
        EXPECT_EQ(r.engine->edges().size(), full.edges().size());
        EXPECT_EQ(r.clusters.cases.size(), expected.cases.size());
    }
}

bool falls_short(const Engine& engine, std::string_view of) {
    const auto& all = engine.report().shortfalls;
    return std::any_of(all.begin(), all.end(), [&](const Shortfall& s) { return s.what == of; });
}

// What a record has too much of is left out, and counted.
TEST(Engine, values_beyond_what_is_compared_are_told_of) {
    const County c = county(200, 12);
    for (const std::size_t columns : {12u, 16u, 20u}) {
        Table table = table_of(c.records);
        for (std::size_t k = 0; k < columns; ++k) {
            Column name{"other name", Role::known_forename, {}},
                place{"earlier postcode", Role::previous_postcode, {}};
            for (std::size_t i = 0; i < table.size(); ++i) {
                name.values.push(i == 7 ? "other" + std::string(1, static_cast<char>('a' + k)) : "");
                place.values.push(i == 9 ? "XB" + std::to_string(k + 1) + " 1AA" : "");
            }
            table.columns.push_back(std::move(name));
            table.columns.push_back(std::move(place));
        }
        Engine engine(settings());
        engine.load(table);
        engine.train();
        engine.score({});
        EXPECT_EQ(falls_short(engine, "names of one record"), columns > 15) << "and the forename";
        EXPECT_EQ(falls_short(engine, "blocking keys of one record"), columns > 15);
    }
}
// Every value that is given and cannot be used is counted, whatever its column.
TEST(Engine, values_that_cannot_be_read_are_counted) {
    struct Given {
        Role role;
        std::vector<std::string> values;
        std::uint64_t unusable;
    };
    const std::vector<Given> given = {
        {Role::sex, {"F", "male", "unknown", "9", "Q", ""}, 1},
        {Role::postcode, {"LS1 3EX", "none", "-", "ls13ex", "", "XA1 1AA"}, 2},
        {Role::house, {"4", "-", "", "", "", ""}, 1},
        {Role::upn, {upn(1), "0000000000000", "-", "", "", ""}, 2},
        {Role::nhs_number, {nhs(1), "9276308686", "", "", "", ""}, 1},  // a ULN, and no column for it
        {Role::death_date, {"2020-02-03", "spring", "", "", "", ""}, 1},
        {Role::phone, {"020 7946 0000", "none", "", "", "", ""}, 1},
        {Role::number, {"1", "-2.5", "1e3", "many", "3 x", ""}, 2},
        {Role::identifier, {"A 1", "- -", "", "", "", ""}, 1},
        {Role::birth_year, {"2001", "soon", "", "", "", ""}, 1},
    };
    Table table;
    table.source_names = {"all"};
    for (std::size_t i = 0; i < 6; ++i) {
        table.source.push_back(0);
        table.key.push("k" + std::to_string(i));
    }
    for (const Given& g : given)
        for (Column& column = table.add(std::string(to_string(g.role)), g.role); const auto& v : g.values)
            column.values.push(v);
    StandardSettings standard;
    standard.institutional_postcodes = {"ls1 3ex"};  // however it is written
    Features f;
    std::vector<std::uint32_t> position;
    standardise(table, standard, f, position);
    for (std::size_t c = 0; c < given.size(); ++c)
        EXPECT_EQ(f.counts[c].unusable, given[c].unusable) << f.counts[c].column;
    EXPECT_EQ(f.counts[1].institutional, 2u);
    EXPECT_EQ(f.counts[4].moved, 0u);
    for (const Generic& g : f.generics) {
        if (g.role != Role::number) continue;
        std::set<double> read;
        for (const std::uint32_t code : g.code)
            if (code != 0) read.insert(g.values[code].number);
        EXPECT_EQ(read, (std::set<double>{-2.5, 1, 1000}));
    }
}
TEST(Engine, of_two_columns_of_one_kind_of_number_the_first_counts_and_the_other_is_told_of) {
    Table table;
    table.source_names = {"all"};
    for (int i = 0; i < 3; ++i) {
        table.source.push_back(0);
        table.key.push("k" + std::to_string(i));
    }
    for (const auto& values :
         {std::vector{nhs(1), nhs(2), std::string()}, std::vector{nhs(1), nhs(5), nhs(9)}})
        for (Column& column = table.add("nhs_number", Role::nhs_number); const std::string& v : values)
            column.values.push(v);
    Features f;
    std::vector<std::uint32_t> position;
    standardise(table, {}, f, position);
    const std::vector<std::string> held = {nhs(1), nhs(2), nhs(9)};
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(f.nhs.text(f.rows[i].nhs), held[position[i]]);
    EXPECT_EQ(f.counts[0].second, 0u);
    EXPECT_EQ(f.counts[1].second, 1u);
}
// Whichever column comes first, and also where the two numbers have changed places.
TEST(Engine, a_number_in_the_column_of_another_kind_is_moved_or_told_of) {
    const std::string uln = "9276308686", other = "1234567890";  // one that is neither
    struct Case {
        std::string nhs, uln, nhs_read, uln_read;
        std::uint64_t moved, unusable;
    };
    const std::vector<Case> cases = {{"", nhs(1), nhs(1), "", 1, 0},     {uln, "", "", uln, 1, 0},
                                     {uln, nhs(1), nhs(1), uln, 2, 0},   {nhs(1), nhs(1), nhs(1), "", 1, 0},
                                     {nhs(2), nhs(1), nhs(2), "", 0, 1}, {uln, uln, "", uln, 1, 0},
                                     {other, nhs(1), other, "", 0, 1},   {nhs(1), uln, nhs(1), uln, 0, 0}};
    for (const Case& c : cases)
        for (const bool uln_first : {false, true}) {
            Table table;
            table.source_names = {"all"};
            table.source = {0};
            table.key.push("k");
            std::vector<std::pair<Role, std::string>> columns = {{Role::nhs_number, c.nhs},
                                                                 {Role::uln, c.uln}};
            if (uln_first) std::ranges::reverse(columns);
            for (const auto& [role, value] : columns)
                table.add(std::string(to_string(role)), role).values.push(value);
            Features f;
            append(table, {}, f);
            EXPECT_EQ(f.nhs.text(f.rows[0].nhs), c.nhs_read) << c.nhs << ", " << c.uln << uln_first;
            EXPECT_EQ(f.ulns.text(f.rows[0].uln), c.uln_read) << c.nhs << ", " << c.uln << uln_first;
            EXPECT_EQ(f.counts[0].moved + f.counts[1].moved, c.moved) << c.nhs << ", " << c.uln << uln_first;
            EXPECT_EQ(f.counts[0].unusable + f.counts[1].unusable, c.unusable) << c.nhs << ", " << c.uln;
        }
}
TEST(Engine, a_whole_birth_date_stands_above_a_year_in_whichever_column_comes_first) {
    Table table;
    table.source_names = {"all"};
    table.source = {0};
    table.key.push("k");
    table.add("year", Role::birth_year).values.push("2011");
    table.add("date", Role::birth_date).values.push("2011-05-17");
    Features f;
    std::vector<std::uint32_t> position;
    standardise(table, {}, f, position);
    EXPECT_EQ(calendar_day(f.rows[0].birth).day, 17);
    EXPECT_FALSE(f.rows[0].flags & Flags::birth_year_only);
}
// One record a text, in a column of whole names.
Features whole_names(const std::vector<std::string>& names) {
    Table table;
    table.source_names = {"all"};
    Column& column = table.add("name", Role::full_name);
    for (std::size_t i = 0; i < names.size(); ++i) {
        table.source.push_back(0);
        table.key.push("k" + std::to_string(i));
        column.values.push(names[i]);
    }
    Features f;
    append(table, {}, f);
    return f;
}
TEST(Engine, a_second_name_in_a_column_of_whole_names_is_kept) {
    struct Case {
        const char *raw, *forename, *surname, *known_forename, *known_surname;
    };
    const std::vector<Case> cases = {
        {"Mary Jones also known as Polly Smith", "mary", "jones", "polly", "smith"},
        {"Jones, Mary (Smith, Polly)", "mary", "jones", "polly", "smith"},
        {"Mary Ann Jones known as Polly", "mary", "jones", "polly", ""},
        {"Mary Jones (Polly)", "mary", "jones", "polly", ""},
        {"Mary Jones née Smith", "mary", "jones", "", "smith"},
        {"Mary Jones (deceased)", "mary", "jones", "", ""},
        {"known as Polly Smith", "polly", "smith", "", ""}};
    std::vector<std::string> raw;
    raw.reserve(cases.size());
    for (const Case& c : cases) raw.emplace_back(c.raw);
    const Features f = whole_names(raw);
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const Case& c = cases[i];
        EXPECT_EQ(f.names.text(f.rows[i].fore[0]), c.forename) << c.raw;
        EXPECT_EQ(f.names.text(f.rows[i].sur[0]), c.surname) << c.raw;
        EXPECT_EQ(f.names.text(f.rows[i].fore[1]), c.known_forename) << c.raw;
        EXPECT_EQ(f.names.text(f.rows[i].sur[1]), c.known_surname) << c.raw;
    }
}
TEST(Engine, of_two_columns_of_one_kind_the_first_value_counts) {
    Table table;
    table.source_names = {"all"};
    table.source = {0, 0};
    table.key.push("a"), table.key.push("b");
    auto add = [&](Role role, const char* of_a, const char* of_b) {
        Column& column = table.add(std::string(to_string(role)), role);
        column.values.push(of_a), column.values.push(of_b);
    };
    for (const auto& [role, first, second] : {std::tuple(Role::middle_names, "Rose", "Ann"),
                                              {Role::sex, "F", "M"},
                                              {Role::house, "12", "Mill House"},
                                              {Role::school, "8011234", "8015678"}}) {
        add(role, first, "");
        add(role, second, second);
    }
    Features f;
    append(table, {}, f);
    const Row &a = f.rows[0], &b = f.rows[1];
    EXPECT_EQ(f.names.text(a.middle), "rose");
    EXPECT_EQ(f.names.text(b.middle), "ann");
    EXPECT_EQ(a.flags & Flags::sex_mask, 2);
    EXPECT_EQ(b.flags & Flags::sex_mask, 1);
    EXPECT_EQ(f.houses.text(a.house), "12");
    EXPECT_EQ(f.houses.text(b.house), "mill house");
    EXPECT_EQ(f.schools.text(a.school), "8011234");
    EXPECT_EQ(f.schools.text(b.school), "8015678");
}
TEST(Engine, more_kinds_of_keys_than_there_can_be_are_told_of) {
    const County c = county(200, 12);
    for (const std::size_t columns : {2u, 8u}) {
        Table table = table_of(c.records);
        for (std::size_t k = 0; k < columns; ++k) {
            Column& email = table.add("email " + std::to_string(k), Role::email);
            for (std::size_t i = 0; i < table.size(); ++i)
                email.values.push("of" + std::to_string(c.truth[i]) + "@here.example");
        }
        Engine engine(settings());
        engine.load(table);
        engine.train();
        engine.score({});
        EXPECT_EQ(falls_short(engine, "kinds of blocking keys"), columns == 8);
    }
}

// Few records beside very many: that two of them are one person is far likelier between the files than
// within, which is known only once pairs were weighed. None that is for review is lost on the way.
TEST(Engine, a_small_file_beside_a_large_one_loses_no_pair) {
    std::vector<Person> people;
    for (const Person& p : county(12000, 14).records)
        if (p.source == "census" || (p.source == "health" && people.size() < 240)) people.push_back(p);
    Settings s = settings();
    s.thresholds.keep = s.thresholds.review = -2;
    const Matched first = run(people, s);
    const Model& model = first.engine->model();
    EXPECT_GT(*std::max_element(model.prior.begin(), model.prior.end()), model.base_prior + 4);
    const Matched again = run(people, s, {}, &model);
    EXPECT_TRUE(edges_of(*again.engine, again.table) == edges_of(*first.engine, first.table));
    EXPECT_EQ(first.engine->report().pairs, again.engine->report().pairs);
    const auto twice =
        std::count_if(first.engine->report().stages.begin(), first.engine->report().stages.end(),
                      [](const Stage& stage) { return stage.name == "keys"; });
    EXPECT_EQ(twice, 2) << "no longer a test of anything";
}

// Two records of everybody; a brother or sister in every home, or in none.
Table homes(bool of_families) {
    Table table;
    table.source_names = {"s"};
    Column forename{"forename", Role::forename, {}}, surname{"surname", Role::surname, {}},
        birth{"birth_date", Role::birth_date, {}}, postcode{"postcode", Role::postcode, {}},
        house{"house", Role::house, {}};
    const std::vector<std::string> names = {"Edith", "Marion", "Gordon", "Walter"};
    for (std::size_t home = 0; home < 200; ++home)
        for (std::size_t record = 0; record < (of_families ? 4 : 2); ++record) {
            const std::size_t person = record / 2;
            table.source.push_back(0);
            table.key.push(std::to_string(home) + "-" + std::to_string(record));
            forename.values.push(names[(home + person) % names.size()]);
            surname.values.push("Family" + std::string(1, static_cast<char>('a' + home % 26)) + "by");
            birth.values.push((person == 0 ? "19" : "195") +
                              std::to_string(person == 0 ? 20 + home % 30 : home % 10) + "-03-1" +
                              std::to_string(home % 10));
            postcode.values.push("XA" + std::to_string(1 + home % 9) + " 1AA");
            house.values.push(std::to_string(home));
        }
    table.columns = {forename, surname, birth, postcode, house};
    return table;
}
TEST(Engine, whether_families_are_in_a_file_is_counted_unless_it_is_of_children) {
    auto trained = [](const Table& table, bool children) {
        Settings s = settings();
        s.vetoes.children = children;
        auto engine = std::make_unique<Engine>(s);
        engine->load(table);
        engine->train();
        engine->score({});
        return engine;
    };
    const Table alone = homes(false);
    EXPECT_DOUBLE_EQ(trained(homes(true), false)->model().siblings, (800 + 5 * usual_siblings) / 405);
    EXPECT_EQ(trained(alone, true)->model().siblings, usual_siblings);
    const auto engine = trained(alone, false);
    const double few = engine->model().siblings;  // 200 pairs of one person, none of two
    EXPECT_DOUBLE_EQ(few, 5 * usual_siblings / 205);
    const std::string text = write_model(engine->model(), engine->features(), engine->plan());
    EXPECT_EQ(read_model(text, engine->features(), engine->plan())->siblings, few);
    const std::string before = replaced(text, "\"file_version\":6", "\"file_version\":5");
    EXPECT_EQ(read_model(before, engine->features(), engine->plan())->siblings, usual_siblings);
    // two forenames of one birth date and home: what may be two people there is here rather a mistake
    Model with_families = engine->model();
    with_families.siblings = usual_siblings;
    Scorer here(engine->features(), engine->plan(), engine->model()),
        elsewhere(engine->features(), engine->plan(), with_families);
    const Edge& e = engine->edges().front();
    std::uint64_t pattern = e.pattern;
    const auto name = static_cast<std::size_t>(engine->plan().find(Kind::name));
    pattern &= ~(std::uint64_t{31} << (5 * name));
    pattern |= std::uint64_t{NameLevel::surname_only} << (5 * name);
    EXPECT_GT(here.weight(e.a, e.b, pattern), elsewhere.weight(e.a, e.b, pattern) + 4);
}

// As a night does that finds a small source beside a large one.
TEST(Engine, to_score_again_finds_the_same_pairs) {
    const County c = county(1500, 15);
    Settings s = settings();
    s.blocks = {.limit = 3, .sub_limit = 8};  // many values are wide, and propose pairs two by two
    Engine engine(s);
    engine.load(table_of(c.records));
    engine.train();
    engine.score({});
    const auto edges = engine.edges();
    const auto pairs = engine.report().pairs;
    const auto wide = engine.report().keys.back();
    ASSERT_GT(wide.pairs, 0u) << "no longer a test of anything";
    engine.score({});
    EXPECT_EQ(engine.report().pairs, pairs);
    EXPECT_EQ(engine.report().keys.back().pairs, wide.pairs);
    EXPECT_EQ(engine.report().keys.back().truncated, wide.truncated);
    EXPECT_EQ(engine.edges().size(), edges.size());
    EXPECT_TRUE(
        std::none_of(engine.edges().begin(), engine.edges().end(), [](const Edge& e) { return e.a == e.b; }));
}

// Sources that the model does not know, and more of them than are counted one by one.
TEST(Engine, many_sources_and_later_ones_are_told_of) {
    County c = county(300, 13);
    const Matched first = run(c.records, settings());
    EXPECT_TRUE(first.engine->report().shortfalls.empty());
    auto with_sources = [&](std::size_t sources) {
        County more = c;
        for (std::size_t s = 4; s < sources; ++s) {
            more.records[s * 3].source = "source " + std::to_string(100 + s);
            more.truth[s * 3] = c.truth[s * 3];
        }
        return more.records;
    };
    EXPECT_FALSE(falls_short(*run(with_sources(12), settings()).engine, "priors of pairs of sources"));
    EXPECT_TRUE(falls_short(*run(with_sources(13), settings()).engine, "priors of pairs of sources"));
    EXPECT_FALSE(falls_short(*run(with_sources(64), settings()).engine, "traces of a second child"));
    EXPECT_TRUE(falls_short(*run(with_sources(65), settings()).engine, "traces of a second child"));
    Model later = run(with_sources(13), settings()).engine->model();
    later.sources = 14;  // as the store widens a model: one prior within and one across
    const Matched then = run(with_sources(14), settings(), {}, &later);
    EXPECT_TRUE(falls_short(*then.engine, "sources that came after the training"));
    later.sources = 66;
    const Matched many = run(with_sources(66), settings(), {}, &later);
    EXPECT_TRUE(many.engine->model().presence.share.empty()) << "no bit for a source beyond the sixty-fourth";
    EXPECT_TRUE(falls_short(*many.engine, "traces of a second child"));
    EXPECT_FALSE(falls_short(*many.engine, "sources that came after the training"));
}

TEST(Engine, a_search_finds_the_child_and_leaves_no_trace) {
    const County c = county(1200, 10);
    Matched r = run(c.records, settings());
    const std::size_t before = r.engine->size();
    int found = 0;
    for (std::size_t i = 0; i < 50; ++i) {
        Person asked = c.records[i * 7];
        asked.key = "asked";
        asked.upn = asked.nhs = "";
        Table one = table_of({asked});
        one.source[0] = 0;
        const auto best = r.engine->search(one);
        ASSERT_FALSE(best.empty());
        found += c.truth[r.engine->position(best.front().b)] == c.truth[i * 7];
    }
    EXPECT_GE(found, 49);
    EXPECT_EQ(r.engine->size(), before);
    EXPECT_EQ(r.engine->keys().size(), before);
}

TEST(Engine, the_parts_of_an_explanation_add_up) {
    const County c = county(800, 5);
    const Matched r = run(c.records, settings());
    ASSERT_GT(r.engine->edges().size(), 500u);
    for (std::size_t i = 0; i < r.engine->edges().size(); i += 7) {
        const Edge& e = r.engine->edges()[i];
        const Explanation x = explain(*r.engine, r.table, e.a, e.b);
        double sum = x.prior + x.household;
        for (const auto& step : x.steps) sum += step.bits + step.common;
        EXPECT_NEAR(sum, x.total, 1e-9);
        EXPECT_NEAR(x.total, e.weight, 1e-4);
        EXPECT_FALSE(to_json(x).empty());
        EXPECT_NE(to_words(x).find("Decision: "), std::string::npos);
        EXPECT_FALSE(x.blocked_by.empty());
    }
}

TEST(Engine, sealed_sides_never_meet) {
    County c = county(600, 6);
    // the first child's two records become the child before and after an adoption: all else equal
    c.records[1] = c.records[0];
    c.records[1].key = "after";
    c.records[1].upn = "";
    c.records[1].source = "health";
    const Matched joined = run(c.records, settings());
    const Matched sealed = run(c.records, settings(), {{0, 1, Verdict::sealed}});
    auto number = [](const Matched& r, std::uint32_t position) {
        for (std::uint32_t i = 0; i < r.engine->size(); ++i)
            if (r.engine->position(i) == position) return i;
        return ~0u;
    };
    EXPECT_EQ(joined.clusters.of[number(joined, 0)], joined.clusters.of[number(joined, 1)]);
    const std::uint32_t a = number(sealed, 0), b = number(sealed, 1);
    EXPECT_NE(sealed.clusters.of[a], sealed.clusters.of[b]);
    for (const Edge& e : sealed.engine->edges()) EXPECT_FALSE(e.a == std::min(a, b) && e.b == std::max(a, b));
    for (const Case& k : sealed.clusters.cases) {
        const auto p = sealed.clusters.of[k.a], q = sealed.clusters.of[k.b];
        EXPECT_FALSE((p == sealed.clusters.of[a] && q == sealed.clusters.of[b]) ||
                     (p == sealed.clusters.of[b] && q == sealed.clusters.of[a]));
    }
}

TEST(Engine, a_word_of_a_person_holds_and_can_be_taken_back) {
    County c = county(600, 8);
    Person x{"x", "lists", "rowan", "ashby", "2011-05-05", "F", "XA1 1AA", "", "", "", ""};
    Person y{"y", "health", "rowenna", "longworth", "2011-07-05", "F", "XA9 9ZZ", "", "", "", ""};
    c.records.push_back(x);
    c.records.push_back(y);
    const auto n = static_cast<std::uint32_t>(c.records.size());
    auto together = [&](const Matched& r) {
        std::uint32_t a = 0, b = 0;
        for (std::uint32_t i = 0; i < r.engine->size(); ++i) {
            if (r.engine->position(i) == n - 2) a = i;
            if (r.engine->position(i) == n - 1) b = i;
        }
        return r.clusters.of[a] == r.clusters.of[b];
    };
    EXPECT_FALSE(together(run(c.records, settings())));
    const Matched said = run(c.records, settings(), {{n - 2, n - 1, Verdict::same}});
    EXPECT_TRUE(together(said));
    EXPECT_FALSE(together(run(c.records, settings())));
}

}  // namespace
}  // namespace sendhub::identity
