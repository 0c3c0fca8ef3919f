// The evaluation of files: CLUSTERS.csv (id, cluster), TRUTH.csv (id, person, and if known slices and birth),
// pairs of ids. Records are matched by id; what does not fit is counted, and never left out in silence.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/linkage/evaluate.hpp"

namespace sendhub::linkage {

struct EvaluationFiles {
    std::filesystem::path clusters, truth;
    std::filesystem::path pairs_in_review, sealed_pairs;  // may be empty
    std::string id_column = "id", cluster_column = "cluster";
    std::string truth_id_column = "id", truth_column = "person";
};

struct EvaluatedFiles {
    Evaluation evaluation;
    std::vector<std::string> ids;  // of records, as evaluation.twin_merges numbers them
    std::uint64_t without_cluster =
        0;  // records of the truth that CLUSTERS lacks: each counts as a cluster of its own
    std::uint64_t without_truth = 0;  // records of CLUSTERS that the truth lacks: not counted
    std::uint64_t unknown_review_pairs = 0,
                  unknown_sealed_pairs = 0;  // an id of the pair is not in the truth
};

std::expected<EvaluatedFiles, std::string> evaluate_files(const EvaluationFiles& files);

std::string as_text(const EvaluatedFiles& result);
std::string as_json(const EvaluatedFiles& result);

}  // namespace sendhub::linkage
