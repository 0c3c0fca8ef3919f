// evaluate_links CLUSTERS.csv TRUTH.csv [--pairs-in-review FILE] [--sealed-pairs FILE] [--json] [--twin-ids
// FILE] Compares clusters of records with the truth. Exit code 0: compared; 2: a file could not be read or
// does not fit.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>

#include "tests/linkage/evaluation_files.hpp"

int main(int argc, char** argv) {
    namespace linkage = sendhub::linkage;
    linkage::EvaluationFiles files;
    std::string twin_ids;
    bool json = false;
    CLI::App app{"Compares clusters of records with the truth."};
    app.add_option("clusters", files.clusters, "CSV with the columns id and cluster")->required();
    app.add_option("truth", files.truth, "CSV with the columns id and person, and if known slices and birth")
        ->required();
    app.add_option("--pairs-in-review", files.pairs_in_review, "CSV with the columns id_a and id_b");
    app.add_option("--sealed-pairs", files.sealed_pairs, "CSV with the columns id_a and id_b");
    app.add_option("--id-column", files.id_column, "of the clusters")->capture_default_str();
    app.add_option("--cluster-column", files.cluster_column)->capture_default_str();
    app.add_option("--truth-id-column", files.truth_id_column)->capture_default_str();
    app.add_option("--truth-column", files.truth_column)->capture_default_str();
    app.add_option("--twin-ids", twin_ids, "write here the ids of twins that were merged, a pair a line");
    app.add_flag("--json", json, "as JSON");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }

    const auto result = linkage::evaluate_files(files);
    if (!result) {
        std::fprintf(stderr, "evaluate_links: %s\n", result.error().c_str());
        return 2;
    }
    if (!twin_ids.empty()) {
        std::ofstream out(twin_ids, std::ios::binary);
        out << "id_a,id_b\n";
        for (const auto& twins : result->evaluation.twin_merges)
            out << result->ids[twins.record_a] << ',' << result->ids[twins.record_b] << '\n';
        out.close();
        if (!out) {
            std::fprintf(stderr, "evaluate_links: cannot write %s\n", twin_ids.c_str());
            return 2;
        }
    }
    std::puts((json ? linkage::as_json(*result) : linkage::as_text(*result)).c_str());
    return 0;
}
