// The identity engine on generated person files whose truth is known (identity/testing): stage by stage, then a
// resident index (single searches, 10,000 changes), then how right it was.
//   bench_match RECORDS [SEED] [--without-identifiers] [--threads N] [--mix NAME] [--automatic BITS]
//   [--orders] [--wrong] [--calibration SEEDS] [--shapes] [--shape NAME]
// --orders: how far "half the records, then the other half" agrees with all at once.
// --wrong: every join of two people, with all records of both.
// --shapes: files of awkward shapes, at RECORDS and at four times as many (match_shapes.hpp); exit code 1 if
// the time of one grows much faster than n log n. --shape: only those whose name holds NAME.
// --calibration: fits the shipped curves of identity/engine/calibration.cpp anew, on so many seeds of every
// mix, with and without identifiers, and prints their points. Where the files differ the least of them
// counts: what a person reads must not be over-confident on any of them.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <map>
#include <set>
#include <string>

#include "bench/match_shapes.hpp"
#include "identity/engine/model_file.hpp"
#include "identity/link/presets.hpp"
#include "tests/linkage/agreement.hpp"
#include "tests/linkage/people_table.hpp"

namespace {

using namespace sendhub;
using Clock = std::chrono::steady_clock;
namespace people = identity::testing;

double since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

double peak_mib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

// matching.md section 12: one half of the records loaded after the other, both ways, and both at once.
void print_orders(const identity::Engine& engine, const identity::Table& table,
                  const std::vector<std::uint32_t>& together, const people::PeopleFile& file) {
    constexpr std::size_t listed = 20;
    auto print = [&](const char* first, const auto& x, const char* second, const auto& y) {
        const linkage::Agreement agreed = linkage::agreement(x, y);
        std::printf("  %s and %s agree on %.4f %% of %llu pairs\n", first, second, 100 * agreed.share(),
                    static_cast<unsigned long long>(agreed.both + agreed.only_first.size() +
                                                    agreed.only_second.size()));
        for (const auto& [name, pairs] :
             {std::pair{first, &agreed.only_first}, std::pair{second, &agreed.only_second}}) {
            std::printf("    %zu by %s only\n", pairs->size(), name);
            for (std::size_t i = 0; i < std::min(listed, pairs->size()); ++i)
                std::printf("      %s with %s\n", std::string(table.key[(*pairs)[i].first]).c_str(),
                            std::string(table.key[(*pairs)[i].second]).c_str());
        }
    };
    const std::string model = identity::write_model(engine.model(), engine.features(), engine.plan());
    for (const bool one_model : {true, false}) {
        std::printf("  %s\n", one_model ? "one model, of both halves"
                                        : "a model of the half that came first, which stays");
        std::vector<std::vector<std::uint32_t>> in_turn;
        for (const std::uint32_t first : {0u, 1u}) {
            in_turn.push_back(linkage::one_half_after_the_other(
                table, engine.settings(), linkage::barriers(file), first, one_model ? model : std::string()));
            const auto e = linkage::evaluate(in_turn.back(), file);
            std::printf(
                "  %s: precision %.6f  recall %.4f  over-merged %.2f per 100,000 persons; twin pairs merged "
                "%zu\n",
                first == 0 ? "A then B" : "B then A", e.precision(), e.recall(), e.over_merged_per_100k(),
                e.twin_merges.size());
        }
        print("A+B", together, "A then B", in_turn[0]);
        print("A+B", together, "B then A", in_turn[1]);
        print("A then B", in_turn[0], "B then A", in_turn[1]);
    }
}

void print_wrong(const identity::Engine& engine, const identity::Clusters& clusters,
                 const people::PeopleFile& file) {
    for (const auto& [a, b] : clusters.joined) {
        const std::uint32_t rows[] = {engine.position(a), engine.position(b)};
        const std::uint32_t who[] = {file.person[rows[0]], file.person[rows[1]]};
        if (who[0] == who[1]) continue;
        const std::uint32_t birth = file.people[who[0]].birth;
        std::printf("  %s\n", birth != 0 && birth == file.people[who[1]].birth ? "twins" : "two people");
        for (std::uint32_t row = 0; row < file.records(); ++row) {
            if (file.person[row] != who[0] && file.person[row] != who[1]) continue;
            std::printf("   %s %c", row == rows[0] || row == rows[1] ? "*" : " ",
                        file.person[row] == who[0] ? 'A' : 'B');
            for (std::size_t c = 0; c < people::columns; ++c)
                if (const std::string text(file.texts[c][row]); !text.empty())
                    std::printf(" | %s", text.c_str());
            std::printf("\n");
        }
    }
}

// The numbers that are taken for typed into a template, and how many of them stand on one person's records
// only.
void print_polluted(const identity::Engine& engine, const people::PeopleFile& file) {
    const identity::Features& f = engine.features();
    std::uint64_t values = 0, of_one = 0;
    const auto count = [&](const identity::ValueTable<identity::IdEntry>& table,
                           std::uint32_t identity::Row::* field) {
        std::map<std::uint32_t, std::set<std::uint32_t>> holders;
        for (std::uint32_t i = 0; i < engine.size(); ++i)
            if (table[f.rows[i].*field].polluted)
                holders[f.rows[i].*field].insert(file.person[engine.position(i)]);
        values += holders.size();
        for (const auto& [value, persons] : holders) of_one += persons.size() == 1;
    };
    count(f.upns, &identity::Row::upn);
    count(f.nhs, &identity::Row::nhs);
    count(f.ulns, &identity::Row::uln);
    std::printf("  numbers typed on many %llu, of which one person's own %llu\n",
                static_cast<unsigned long long>(values), static_cast<unsigned long long>(of_one));
}

void print_reliability(const char* of, const linkage::Reliability& r) {
    std::printf("  what is said of %llu %s: ECE %.5f, at most %.4f too sure\n",
                static_cast<unsigned long long>(r.pairs), of, r.ece, r.over_confident);
    for (const linkage::ReliabilityBin& bin : r.bins)
        std::printf("    %6.4f to %6.4f  %8llu pairs  said %.4f  true %.4f\n", bin.from, bin.to,
                    static_cast<unsigned long long>(bin.pairs), bin.said, bin.share());
}

int fit_calibration(people::PeopleSettings wanted, std::uint64_t seeds, unsigned threads) {
    std::array<std::vector<identity::Curve>, identity::doubts> curves;
    const std::uint64_t first = wanted.seed;
    for (const char* mix : {"standard", "clean", "dirty"})
        for (const bool without : {false, true}) {
            linkage::WeighedPairs pairs;
            for (wanted.seed = first; wanted.seed < first + seeds; ++wanted.seed) {
                wanted.mix = mix;
                wanted.without_identifiers = without;
                const auto file = people::make_people(wanted);
                if (!file) {
                    std::fprintf(stderr, "sendhub: %s\n", file.error().c_str());
                    return 2;
                }
                identity::Settings settings = identity::link::settings_for(
                    identity::link::Purpose::operational, {.child_numbers = true});
                settings.threads = threads;
                identity::Engine engine(settings);
                engine.load(linkage::table_of(*file));
                engine.train();
                engine.score(linkage::sealed_decisions(engine, *file));
                linkage::add_kept_pairs(engine, *file, pairs);
            }
            std::printf("// %s%s, %llu seeds from %llu of %llu records:", mix,
                        without ? " without identifiers" : "", static_cast<unsigned long long>(seeds),
                        static_cast<unsigned long long>(first),
                        static_cast<unsigned long long>(wanted.records));
            for (std::size_t d = 0; d < identity::doubts; ++d) {
                std::printf(" %zu", pairs[d].size());
                curves[d].push_back(linkage::fit_curve(std::move(pairs[d])));
            }
            std::printf(" pairs with no doubt, of possible twins, with a veto\n");
        }
    for (const auto& of_doubt : curves) {
        std::printf("Curve{");
        for (const identity::CalibrationPoint& p : linkage::most_cautious(of_doubt))
            std::printf("{%g, %g}, ", p.weight, p.share);
        std::printf("},\n");
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    people::PeopleSettings wanted;
    wanted.records = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000;
    unsigned threads = 2;
    double automatic = 0;  // 0: as shipped
    bool orders = false, wrong = false, shapes = false;
    std::string shape;
    std::uint64_t calibration_seeds = 0;
    for (int i = 2; i < argc; ++i) {
        if (std::strcmp(argv[i], "--without-identifiers") == 0)
            wanted.without_identifiers = true;
        else if (std::strcmp(argv[i], "--orders") == 0)
            orders = true;
        else if (std::strcmp(argv[i], "--wrong") == 0)
            wrong = true;
        else if (std::strcmp(argv[i], "--shapes") == 0)
            shapes = true;
        else if (std::strcmp(argv[i], "--shape") == 0 && i + 1 < argc)
            shapes = true, shape = argv[++i];
        else if (std::strcmp(argv[i], "--calibration") == 0 && i + 1 < argc)
            calibration_seeds = std::strtoull(argv[++i], nullptr, 10);
        else if (std::strcmp(argv[i], "--threads") == 0 && i + 1 < argc)
            threads = static_cast<unsigned>(std::atoi(argv[++i]));
        else if (std::strcmp(argv[i], "--automatic") == 0 && i + 1 < argc)
            automatic = std::atof(argv[++i]);
        else if (std::strcmp(argv[i], "--mix") == 0 && i + 1 < argc)
            wanted.mix = argv[++i];
        else
            wanted.seed = std::strtoull(argv[i], nullptr, 10);
    }
    if (calibration_seeds > 0) return fit_calibration(wanted, calibration_seeds, threads);
    if (shapes) return bench_shapes(wanted.records, threads, shape) ? 0 : 1;
    const auto file = people::make_people(wanted);
    if (!file) {
        std::fprintf(stderr, "sendhub: %s\n", file.error().c_str());
        return 2;
    }
    const identity::Table table = linkage::table_of(*file);
    const double before = peak_mib();
    std::printf("%zu records of %zu people, seed %llu, mix %s, %s identifiers, %u threads\n", file->records(),
                file->people.size(), static_cast<unsigned long long>(wanted.seed), wanted.mix.c_str(),
                wanted.without_identifiers ? "without" : "with", threads);

    identity::Settings settings =
        identity::link::settings_for(identity::link::Purpose::operational, {.child_numbers = true});
    settings.threads = threads;
    if (automatic != 0) settings.thresholds.automatic = automatic;
    identity::Engine engine(settings);
    const auto begin = Clock::now();
    engine.load(table);
    engine.train();
    const identity::Decisions decisions = linkage::sealed_decisions(engine, *file);
    engine.score(decisions);
    const auto cluster_begin = Clock::now();
    identity::Clusters clusters = engine.resolve(decisions);
    const double cluster_seconds = since(cluster_begin), total = since(begin);

    const auto& report = engine.report();
    for (const auto& stage : report.stages)
        std::printf("  %-22s %7.3f s   %7.3f s of processor\n", stage.name.c_str(), stage.seconds,
                    stage.processor);
    std::printf("  %-22s %7.3f s\n  %-22s %7.3f s, %.0f records/s\n", "cluster", cluster_seconds, "all",
                total, static_cast<double>(file->records()) / total);
    double scoring = 0;
    for (const auto& stage : report.stages)
        if (stage.name == "compare and weigh") scoring = stage.processor;
    std::printf("  pairs compared %llu (%.1f a record), %.2f M pairs a second and core; kept %zu\n",
                static_cast<unsigned long long>(report.pairs),
                static_cast<double>(report.pairs) / static_cast<double>(file->records()),
                static_cast<double>(report.pairs) / scoring / 1e6, engine.edges().size());
    if (report.id_pairs > 0)
        std::printf("  of %llu pairs of one number %.2f %% are found without it\n",
                    static_cast<unsigned long long>(report.id_pairs), 100 * report.found_by_others());
    std::printf(
        "  memory: index %.0f bytes a record; peak of the process %.0f MiB, of which the table %.0f MiB\n",
        static_cast<double>(engine.memory()) / static_cast<double>(engine.size()), peak_mib(), before);

    print_polluted(engine, *file);

    // how right it was
    const auto e = linkage::evaluate(engine, clusters, *file);
    std::printf(
        "  precision %.6f  recall %.4f, with review %.4f  F1 %.4f  B-cubed F1 %.4f  whole persons %.4f\n",
        e.precision(), e.recall(), e.recall_with_review(), e.f1(), e.bcubed_f1(), e.exact_rate());
    std::printf(
        "  over-merged %.2f per 100,000 persons; split %llu; twin pairs merged %zu of %llu; sealed pairs "
        "merged "
        "%llu of %llu; veto breaches %zu; review cases %.1f per 1,000 records\n",
        e.over_merged_per_100k(), static_cast<unsigned long long>(e.split_persons), e.twin_merges.size(),
        static_cast<unsigned long long>(e.twin_pairs), static_cast<unsigned long long>(e.sealed_pairs_merged),
        static_cast<unsigned long long>(e.sealed_pairs), linkage::veto_breaches(engine, clusters),
        e.review_per_1000_records());
    for (const auto& slice : e.slices)
        if (slice.true_pairs > 0)
            std::printf("    %-18s recall %.4f, with review %.4f  gap %+5.1f points%s\n", slice.name.c_str(),
                        static_cast<double>(slice.found_pairs) / static_cast<double>(slice.true_pairs),
                        static_cast<double>(slice.found_with_review) / static_cast<double>(slice.true_pairs),
                        slice.gap, slice.bias ? "  more than two" : "");

    print_reliability("kept pairs", linkage::reliability_of_kept(engine, *file));
    print_reliability("cases", linkage::reliability_of_cases(engine, clusters, *file));

    if (wrong) print_wrong(engine, clusters, *file);
    if (orders) print_orders(engine, table, linkage::by_place(engine, clusters), *file);

    // a resident index
    std::vector<double> seconds;
    for (std::uint32_t i = 0; i < 2000; ++i) {
        const std::uint32_t record = static_cast<std::uint32_t>((i * 7919ull) % file->records());
        const identity::Table one = linkage::rows(table, std::span(&record, 1), "asked ");
        const auto start = Clock::now();
        const auto found = engine.search(one);
        seconds.push_back(since(start));
        if (found.empty()) std::printf("  a search found nobody\n");
    }
    std::sort(seconds.begin(), seconds.end());
    std::printf("  one record searched: median %.3f ms, 99 of 100 within %.3f ms\n",
                seconds[seconds.size() / 2] * 1e3, seconds[seconds.size() * 99 / 100] * 1e3);
    std::vector<std::uint32_t> gone, back;
    for (std::uint32_t i = 0; i < 10'000 && i * 13u < engine.size(); ++i) {
        gone.push_back(i * 13u);
        back.push_back(engine.position(i * 13u));
    }
    const identity::Table changed = linkage::rows(table, back, "changed ");
    const auto change_begin = Clock::now();
    engine.change(gone, changed, {}, clusters);
    std::printf("  %zu records changed: %.3f s\n", gone.size(), since(change_begin));

    // others have moved: what a person has to look at on a later night
    std::vector<bool> touched(engine.size());
    gone.clear(), back.clear();
    for (std::uint32_t i = 1; i < 130'000 && i < file->records(); i += 13) {
        gone.push_back(i);
        back.push_back(engine.position(i));
        touched[i] = true;
    }
    auto cases_of_touched = [&] {
        touched.resize(engine.size(), true);  // those that came
        return std::count_if(clusters.cases.begin(), clusters.cases.end(),
                             [&](const identity::Case& c) { return touched[c.a] || touched[c.b]; });
    };
    const auto cases_before = cases_of_touched();
    engine.change(gone, linkage::moved(table, back, "moved "), {}, clusters);
    std::printf("  %zu people moved: %ld of the cases are with their records, %ld before\n", gone.size(),
                static_cast<long>(cases_of_touched()), static_cast<long>(cases_before));
    return 0;
}
