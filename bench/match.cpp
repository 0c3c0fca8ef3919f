// The identity engine on generated person files whose truth is known (demo/people): stage by stage, then a
// resident index (single searches, 10,000 changes), then how right it was.
//   bench_match RECORDS [SEED] [--without-identifiers] [--threads N] [--mix NAME] [--automatic BITS]
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>

#include "hub/match/link/presets.hpp"
#include "tests/linkage/people_table.hpp"

namespace {

using namespace sendhub;
using Clock = std::chrono::steady_clock;
namespace people = demo::people;

double since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

double peak_mib() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1024;
}

match::Table rows(const match::Table& all, std::span<const std::uint32_t> which, const std::string& mark) {
    match::Table t;
    t.source_names = all.source_names;
    for (const match::Column& c : all.columns) t.add(c.name, c.role);
    for (const std::uint32_t r : which) {
        t.source.push_back(all.source[r]);
        t.key.push(mark + std::string(all.key[r]));
        for (std::size_t c = 0; c < all.columns.size(); ++c)
            t.columns[c].values.push(all.columns[c].values[r]);
    }
    return t;
}

}  // namespace

int main(int argc, char** argv) {
    people::PeopleSettings wanted;
    wanted.records = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000;
    unsigned threads = 2;
    double automatic = 0;  // 0: as shipped
    for (int i = 2; i < argc; ++i) {
        if (std::strcmp(argv[i], "--without-identifiers") == 0)
            wanted.without_identifiers = true;
        else if (std::strcmp(argv[i], "--threads") == 0 && i + 1 < argc)
            threads = static_cast<unsigned>(std::atoi(argv[++i]));
        else if (std::strcmp(argv[i], "--automatic") == 0 && i + 1 < argc)
            automatic = std::atof(argv[++i]);
        else if (std::strcmp(argv[i], "--mix") == 0 && i + 1 < argc)
            wanted.mix = argv[++i];
        else
            wanted.seed = std::strtoull(argv[i], nullptr, 10);
    }
    const auto file = people::make_people(wanted);
    if (!file) {
        std::fprintf(stderr, "sendhub: %s\n", file.error().c_str());
        return 2;
    }
    const match::Table table = linkage::table_of(*file);
    const double before = peak_mib();
    std::printf("%zu records of %zu people, seed %llu, mix %s, %s identifiers, %u threads\n", file->records(),
                file->people.size(), static_cast<unsigned long long>(wanted.seed), wanted.mix.c_str(),
                wanted.without_identifiers ? "without" : "with", threads);

    match::Settings settings =
        match::link::settings_for(match::link::Purpose::operational, {.child_numbers = true});
    settings.threads = threads;
    if (automatic != 0) settings.thresholds.automatic = automatic;
    match::Engine engine(settings);
    const auto begin = Clock::now();
    engine.load(table);
    engine.train();
    const match::Decisions decisions = linkage::sealed_decisions(engine, *file);
    engine.score(decisions);
    const auto cluster_begin = Clock::now();
    match::Clusters clusters = engine.resolve(decisions);
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
    std::printf(
        "  memory: index %.0f bytes a record; peak of the process %.0f MiB, of which the table %.0f MiB\n",
        static_cast<double>(engine.memory()) / static_cast<double>(engine.size()), peak_mib(), before);

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

    // a resident index
    std::vector<double> seconds;
    for (std::uint32_t i = 0; i < 2000; ++i) {
        const std::uint32_t record = static_cast<std::uint32_t>((i * 7919ull) % file->records());
        const match::Table one = rows(table, std::span(&record, 1), "asked ");
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
    const match::Table changed = rows(table, back, "changed ");
    const auto change_begin = Clock::now();
    engine.change(gone, changed, {}, clusters);
    std::printf("  %zu records changed: %.3f s\n", gone.size(), since(change_begin));
    return 0;
}
