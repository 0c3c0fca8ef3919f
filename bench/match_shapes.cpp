#include "bench/match_shapes.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <functional>
#include <vector>

#include "identity/link/presets.hpp"
#include "tests/linkage/people_table.hpp"

namespace sendhub {
namespace {

using identity::Role;
namespace people = identity::testing;

constexpr std::size_t times = 4;
// n log n makes 4.5 of four times as many; quadratic work makes 16. The small runs of a busy machine waver.
constexpr double most_ratio = 8;
constexpr double least_seconds = 0.2;  // below, the ratio says nothing

// What one column holds in row i of n; `before` is what the generator gave.
using Value = std::function<std::string(std::size_t i, std::string_view before)>;
struct Change {
    Role role;
    Value value;
};
struct Shape {
    const char* name;
    std::vector<Change> changes;
    std::size_t records_each = 0;  // 0: as generated; else so many records of each person, with slips
};

Value always(const char* text) {
    return [text](std::size_t, std::string_view) { return std::string(text); };
}
Value alternating(const char* first, const char* second) {
    return [=](std::size_t i, std::string_view) { return std::string(i % 2 == 0 ? first : second); };
}
// Of six records of ten.
Value often(const char* text) {
    return [text](std::size_t i, std::string_view before) {
        return i % 10 < 6 ? std::string(text) : std::string(before);
    };
}

std::vector<Shape> shapes() {
    std::vector<Shape> out;
    out.push_back({"ordinary", {}});
    out.push_back({"60 % one surname and 1900-01-01",
                   {{Role::surname, often("Khan")}, {Role::birth_date, often("1900-01-01")}}});
    out.push_back({"60 % one surname, day and postcode",
                   {{Role::surname, often("Khan")},
                    {Role::birth_date, often("2012-03-14")},
                    {Role::postcode, often("LS1 4AP")}}});
    for (const std::size_t each : {100, 300, 3000, 30000}) {
        static const char* const names[] = {"100 records of each person", "300 records of each person",
                                            "3,000 records of each person", "30,000 records of each person"};
        out.push_back({names[each == 100 ? 0 : each == 300 ? 1 : each == 3000 ? 2 : 3], {}, each});
    }
    out.push_back({"every row identical", {}, ~std::size_t{0}});
    out.push_back({"two rows in turn",
                   {{Role::forename, alternating("Seren", "Tomos")},
                    {Role::surname, always("Becker")},
                    {Role::birth_date, alternating("2012-04-06", "2014-09-21")},
                    {Role::postcode, always("LS1 4AP")},
                    {Role::sex, alternating("F", "M")},
                    {Role::upn, always("")},
                    {Role::nhs_number, always("")},
                    {Role::uln, always("")}}});
    out.push_back({"one postcode on every row", {{Role::postcode, always("LS1 4AP")}}});
    out.push_back({"one surname on every row", {{Role::surname, always("Khan")}}});
    out.push_back({"one day, surname and postcode on every row",
                   {{Role::surname, always("Khan")},
                    {Role::birth_date, always("2012-03-14")},
                    {Role::postcode, always("LS1 4AP")}}});
    out.push_back({"one UPN on every row", {{Role::upn, always("A873000000012")}}});
    out.push_back({"every birth date on 1 January",
                   {{Role::birth_date, [](std::size_t, std::string_view before) {
                         return std::string(before.substr(0, 4)) + (before.empty() ? "" : "-01-01");
                     }}}});
    out.push_back({"one birth date on every row", {{Role::birth_date, always("1900-01-01")}}});
    Shape nameless{"no names", {}};
    for (const Role role : {Role::forename, Role::known_forename, Role::middle_names, Role::surname,
                            Role::known_surname, Role::former_surname})
        nameless.changes.push_back({role, always("")});
    out.push_back(std::move(nameless));
    return out;
}

// Every so many rows are of one person; one value of ten is another than the person's.
std::string_view of_person(const identity::Column& column, std::size_t i, std::size_t each, std::size_t n) {
    const std::size_t person = i / each, slip = (i * 7919 + column.name.size() * 104729) % 10;
    const std::size_t from = each < n && slip == 0 ? (i * 31 + 17) % n : person * std::min(each, n) % n;
    return column.values[from];
}

identity::Table table_of(const Shape& shape, const identity::Table& base) {
    identity::Table t;
    t.source_names = base.source_names;
    t.source = base.source;
    t.key = base.key;
    const std::size_t n = base.size();
    for (const identity::Column& column : base.columns) {
        identity::Column& to = t.add(column.name, column.role);
        const auto change = std::find_if(shape.changes.begin(), shape.changes.end(),
                                         [&](const Change& c) { return c.role == column.role; });
        for (std::size_t i = 0; i < n; ++i) {
            if (change != shape.changes.end())
                to.values.push(change->value(i, column.values[i]));
            else if (shape.records_each > 0)
                to.values.push(of_person(column, i, shape.records_each, n));
            else
                to.values.push(column.values[i]);
        }
    }
    return t;
}

struct Ran {
    double seconds = 0, processor = 0;
    std::uint64_t pairs = 0, lost = 0;
    std::size_t edges = 0, people = 0, cases = 0;
    std::vector<std::string> cut;
};
Ran run(const identity::Table& table, unsigned threads) {
    identity::Settings settings =
        identity::link::settings_for(identity::link::Purpose::operational, {.child_numbers = true});
    settings.threads = threads;
    settings.every_pair_up_to = 0;  // the same work for both sizes
    identity::Engine engine(settings);
    const auto begin = std::chrono::steady_clock::now();
    const std::clock_t processor = std::clock();
    engine.load(table);
    engine.train();
    engine.score({});
    const identity::Clusters clusters = engine.resolve({});
    Ran out;
    out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    out.processor = static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC;
    out.pairs = engine.report().pairs;
    out.edges = engine.edges().size();
    out.cases = clusters.cases.size();
    for (std::uint32_t i = 0; i < engine.size(); ++i) out.people += clusters.of[i] == i;
    for (const identity::KeyReport& key : engine.report().keys) out.lost += key.lost_pairs;
    for (const identity::Shortfall& s : engine.shortfalls(clusters)) out.cut.push_back(s.text);
    return out;
}

}  // namespace

bool bench_shapes(std::size_t records, unsigned threads, const std::string& only) {
    std::vector<identity::Table> bases;
    for (const std::size_t n : {records, records * times}) {
        people::PeopleSettings wanted;
        wanted.seed = 101;
        wanted.records = n;
        const auto file = people::make_people(wanted);
        if (!file) {
            std::fprintf(stderr, "sendhub: %s\n", file.error().c_str());
            return false;
        }
        bases.push_back(linkage::table_of(*file));
    }
    const identity::Table &small = bases[0], &large = bases[1];
    std::printf("%zu and %zu records, %u threads\n", small.size(), large.size(), threads);
    auto each = [](std::uint64_t count, const identity::Table& table) {
        return static_cast<double>(count) / static_cast<double>(table.size());
    };
    bool good = true;
    for (const Shape& shape : shapes()) {
        if (!only.empty() && std::string(shape.name).find(only) == std::string::npos) continue;
        std::printf("  %s\n", shape.name);
        std::fflush(stdout);
        const Ran one = run(table_of(shape, small), threads);
        std::fflush(stdout);
        const Ran four = run(table_of(shape, large), threads);
        const double ratio = four.processor / std::max(one.processor, least_seconds);
        const bool slow = ratio > most_ratio;
        good &= !slow;
        std::printf(
            "    %.2f s, %.2f s (of processor %.2f, %.2f: %.1f times%s); %.1f and %.1f pairs a record, %.1f "
            "and %.1f kept; %zu people, %zu cases\n",
            one.seconds, four.seconds, one.processor, four.processor, ratio, slow ? ", TOO MUCH" : "",
            each(one.pairs, small), each(four.pairs, large), each(one.edges, small), each(four.edges, large),
            four.people, four.cases);
        if (four.lost > 0)
            std::printf("    cut: at most %llu pairs of blocks that were too large\n",
                        static_cast<unsigned long long>(four.lost));
        for (const std::string& cut : four.cut) std::printf("    note: %s\n", cut.c_str());
        std::fflush(stdout);
    }
    return good;
}

}  // namespace sendhub
