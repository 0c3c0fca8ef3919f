// The evaluation as a page for the terminal and as JSON.
#include <algorithm>
#include <cstdarg>
#include <cstdio>

#include "base/json_writer.hpp"
#include "tests/linkage/evaluation_files.hpp"

namespace sendhub::linkage {
namespace {

[[gnu::format(printf, 2, 3)]] void add(std::string& out, const char* format, ...) {
    char line[512];
    va_list values;
    va_start(values, format);
    std::vsnprintf(line, sizeof line, format, values);
    va_end(values);
    out += line;
}

double percent_of(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 100 : 100 * static_cast<double>(part) / static_cast<double>(whole);
}

unsigned long long n(std::uint64_t value) { return value; }

std::vector<const SliceResult*> slices_by_name(const Evaluation& e) {
    std::vector<const SliceResult*> out;
    for (const SliceResult& slice : e.slices) out.push_back(&slice);
    std::ranges::sort(
        out, {}, [](const SliceResult* s) { return std::pair(s->name.starts_with("origin:"), s->name); });
    return out;
}

}  // namespace

std::string as_text(const EvaluatedFiles& result) {
    const Evaluation& e = result.evaluation;
    std::string out;
    add(out, "records %llu, persons %llu, clusters %llu\n", n(e.records), n(e.persons), n(e.clusters));
    if (result.without_cluster > 0)
        add(out, "%llu records of the truth are in no cluster: each is taken as a cluster of its own\n",
            n(result.without_cluster));
    if (result.without_truth > 0)
        add(out, "%llu records of the clusters are not in the truth: not counted\n", n(result.without_truth));
    if (result.unknown_review_pairs > 0)
        add(out, "%llu pairs in review name a record that is not in the truth: not counted\n",
            n(result.unknown_review_pairs));
    if (result.unknown_sealed_pairs > 0)
        add(out, "%llu sealed pairs name a record that is not in the truth: not counted\n",
            n(result.unknown_sealed_pairs));
    add(out, "pairs: true %llu, linked %llu, right %llu\n", n(e.true_pairs), n(e.linked_pairs),
        n(e.correct_pairs));
    add(out, "  precision %.6f  recall %.6f  F1 %.6f\n", e.precision(), e.recall(), e.f1());
    add(out, "B-cubed\n  precision %.6f  recall %.6f  F1 %.6f\n", e.bcubed_precision, e.bcubed_recall,
        e.bcubed_f1());
    add(out, "persons whole and alone %.4f %%, split %llu\n", 100 * e.exact_rate(), n(e.split_persons));
    add(out,
        "over-merged: %llu clusters (%.2f for 100,000 persons), in them %llu persons (%.2f for 100,000)\n",
        n(e.over_merged_clusters), e.over_merged_per_100k(), n(e.over_merged_persons),
        e.over_merged_persons_per_100k());
    add(out, "twin pairs merged %zu of %llu\n", e.twin_merges.size(), n(e.twin_pairs));
    if (e.sealed_pairs > 0)
        add(out, "sealed pairs merged %llu, in review %llu, of %llu\n", n(e.sealed_pairs_merged),
            n(e.sealed_pairs_in_review), n(e.sealed_pairs));
    if (e.review_pairs > 0) {
        add(out, "review: %llu pairs (%.2f for 1,000 records), %.1f %% of them true, %llu of twins\n",
            n(e.review_pairs), e.review_per_1000_records(), percent_of(e.review_true_pairs, e.review_pairs),
            n(e.review_twin_pairs));
        add(out, "  recall with every true pair of review accepted %.6f (its pairs alone %.6f)\n",
            e.recall_with_review(), e.recall_with_listed());
    }
    if (!e.slices.empty()) {
        add(out, "%-26s %9s %9s %8s %8s %7s %11s\n", "slice", "persons", "pairs", "recall", "+review", "gap",
            "over-merged");
        for (const SliceResult* s : slices_by_name(e))
            add(out, "%-26s %9llu %9llu %7.2f%% %7.2f%% %7.2f %11llu%s\n", s->name.c_str(), n(s->persons),
                n(s->true_pairs), percent_of(s->found_pairs, s->true_pairs),
                percent_of(s->found_with_review, s->true_pairs), s->gap, n(s->over_merged_persons),
                s->bias ? "  BIAS" : "");
        add(out, "gap: points of recall below everybody else; BIAS: more than %.0f\n", bias_points);
    }
    return out;
}

std::string as_json(const EvaluatedFiles& result) {
    const Evaluation& e = result.evaluation;
    JsonWriter json;
    json.begin_object().field("records", e.records).field("persons", e.persons).field("clusters", e.clusters);
    json.field("without_cluster", result.without_cluster).field("without_truth", result.without_truth);
    json.field("unknown_review_pairs", result.unknown_review_pairs)
        .field("unknown_sealed_pairs", result.unknown_sealed_pairs);
    json.field("true_pairs", e.true_pairs)
        .field("linked_pairs", e.linked_pairs)
        .field("correct_pairs", e.correct_pairs);
    json.field("precision", e.precision()).field("recall", e.recall()).field("f1", e.f1());
    json.field("bcubed_precision", e.bcubed_precision)
        .field("bcubed_recall", e.bcubed_recall)
        .field("bcubed_f1", e.bcubed_f1());
    json.field("exact_rate", e.exact_rate()).field("split_persons", e.split_persons);
    json.field("over_merged_clusters", e.over_merged_clusters)
        .field("over_merged_per_100k", e.over_merged_per_100k());
    json.field("over_merged_persons", e.over_merged_persons)
        .field("over_merged_persons_per_100k", e.over_merged_persons_per_100k());
    json.field("twin_pairs", e.twin_pairs).field("twin_pairs_merged", e.twin_merges.size());
    json.field("sealed_pairs", e.sealed_pairs).field("sealed_pairs_merged", e.sealed_pairs_merged);
    json.field("sealed_pairs_in_review", e.sealed_pairs_in_review);
    json.field("review_pairs", e.review_pairs).field("review_true_pairs", e.review_true_pairs);
    json.field("review_twin_pairs", e.review_twin_pairs)
        .field("review_per_1000_records", e.review_per_1000_records());
    json.field("recall_with_review", e.recall_with_review())
        .field("recall_with_listed", e.recall_with_listed());
    json.key("slices").begin_array();
    for (const SliceResult* s : slices_by_name(e)) {
        json.begin_object()
            .field("name", s->name)
            .field("persons", s->persons)
            .field("true_pairs", s->true_pairs);
        json.field("recall", percent_of(s->found_pairs, s->true_pairs) / 100);
        json.field("recall_with_review", percent_of(s->found_with_review, s->true_pairs) / 100);
        json.field("gap_points", s->gap)
            .field("bias", s->bias)
            .field("over_merged_persons", s->over_merged_persons)
            .end_object();
    }
    json.end_array().end_object();
    return json.take();
}

}  // namespace sendhub::linkage
