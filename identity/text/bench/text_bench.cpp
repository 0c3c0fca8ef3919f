// What one comparison and one standardising cost, over names that differ as names in blocks do.
#include <benchmark/benchmark.h>

#include <random>
#include <string>
#include <vector>

#include "identity/text/address_postcode.hpp"
#include "identity/text/classes.hpp"
#include "identity/text/date.hpp"
#include "identity/text/fold.hpp"
#include "identity/text/name.hpp"
#include "identity/text/phonetic.hpp"
#include "identity/text/similarity.hpp"

using namespace sendhub::identity::text;

namespace {

constexpr std::size_t many = 4096;

// Made-up names of 3 to 11 letters; every other pair is one or two edits apart.
const std::vector<std::pair<std::string, std::string>>& pairs() {
    static const auto all = [] {
        std::mt19937 random(1);
        const std::string_view syllables[] = {"ma", "ri", "an", "ne", "jo", "sh", "ua",
                                              "el", "li", "ot", "ka", "th", "er", "in"};
        const auto word = [&] {
            std::string out;
            for (std::size_t n = 2 + random() % 4; n > 0; --n)
                out += syllables[random() % std::size(syllables)];
            return out;
        };
        std::vector<std::pair<std::string, std::string>> out;
        for (std::size_t i = 0; i < many; ++i) {
            std::string a = word(), b = word();
            if (i % 2 == 0) {
                b = a;
                b[random() % b.size()] = static_cast<char>('a' + random() % 26);
                if (random() % 2) b.insert(random() % b.size(), 1, 'e');
            }
            out.emplace_back(a, b);
        }
        return out;
    }();
    return all;
}

template <typename Fn>
void over_pairs(benchmark::State& state, Fn&& fn) {
    std::size_t i = 0;
    for (auto _ : state) {
        const auto& [a, b] = pairs()[i++ % many];
        benchmark::DoNotOptimize(fn(a, b));
    }
}

void jaro(benchmark::State& state) {
    over_pairs(state, [](const auto& a, const auto& b) { return jaro_winkler(a, b); });
}
void jaro_at_least(benchmark::State& state) {
    over_pairs(state, [](const auto& a, const auto& b) { return jaro_winkler_at_least(a, b, 0.92); });
}
void damerau_2(benchmark::State& state) {
    over_pairs(state, [](const auto& a, const auto& b) { return damerau(a, b, 2); });
}
void edit(benchmark::State& state) {
    over_pairs(state, [](const auto& a, const auto& b) { return one_edit(a, b); });
}
void relation(benchmark::State& state) {
    over_pairs(state, [](const auto& a, const auto& b) { return forename_relation(a, b); });
}
void relation_of_known(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(forename_relation("mohammed", "alexandra"));
}
void jaro_wide(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(jaro_winkler("валентина", "валентин"));
}
BENCHMARK(jaro);
BENCHMARK(jaro_at_least);
BENCHMARK(damerau_2);
BENCHMARK(edit);
BENCHMARK(relation);
BENCHMARK(relation_of_known);
BENCHMARK(jaro_wide);

template <typename Fn>
void over_texts(benchmark::State& state, std::initializer_list<const char*> texts, Fn&& fn) {
    std::size_t i = 0;
    for (auto _ : state) benchmark::DoNotOptimize(fn(std::string_view(texts.begin()[i++ % texts.size()])));
}

void name_ascii(benchmark::State& state) {
    Name out;
    over_texts(state, {"Jane", "O'Neil-Smith", "  Mary Ann", "Mc Donald", "Mohammed"},
               [&](std::string_view raw) {
                   standard_name(raw, out);
                   return out.plain.size();
               });
}
void name_accented(benchmark::State& state) {
    Name out;
    over_texts(state, {"Zoë", "O’Neil-Smith", "Łukasz", "Siân"}, [&](std::string_view raw) {
        standard_name(raw, out);
        return out.plain.size();
    });
}
void sound(benchmark::State& state) {
    over_pairs(state, [](const auto& a, const auto&) { return phonetic(a).primary; });
}
void date(benchmark::State& state) {
    over_texts(state, {"2012-04-03", "03/04/2012", "3 April 2012", "20120403"},
               [](std::string_view raw) { return parse_date(raw, DateOrder::iso_first_uk).days; });
}
void post_code(benchmark::State& state) {
    Postcode out;
    over_texts(state, {"LS8 3DR", "ls83dr", "SW1A 1AA", "4011"}, [&](std::string_view raw) {
        standard_postcode(raw, out);
        return out.valid;
    });
}
BENCHMARK(name_ascii);
BENCHMARK(name_accented);
BENCHMARK(sound);
BENCHMARK(date);
BENCHMARK(post_code);

}  // namespace
