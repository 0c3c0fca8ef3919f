// The engine as a resident index: single records and small changes, without a full run.
#include <algorithm>

#include "identity/engine/engine.hpp"

namespace sendhub::identity {
namespace {

bool by_records(const Edge& x, const Edge& y) { return x.a != y.a ? x.a < y.a : x.b < y.b; }

}  // namespace

std::vector<Edge> Engine::candidates(Scorer& scorer, std::uint32_t record,
                                     std::vector<std::uint32_t>& partners) const {
    blocks_.partners(record, partners);
    std::vector<Edge> out;
    for (const std::uint32_t other : partners) {
        if (features_.rows[other].flags & Flags::removed) continue;
        const std::uint64_t pattern =
            scorer.comparer().pattern(std::min(record, other), std::max(record, other));
        const double weight = scorer.prior(record, other) +
                              scorer.evidence(std::min(record, other), std::max(record, other), pattern);
        if (weight >= settings_.thresholds.keep || asked_of_a_number(pattern))
            out.push_back({record, other, static_cast<float>(weight), pattern});
    }
    return out;
}

std::vector<Edge> Engine::search(const Table& one) {
    const std::size_t more = features_.more.size();
    const std::uint32_t record = append(one, settings_.standard, features_);
    keys_.add(features_, plan_, record, 1);
    blocks_.visit(record);
    if (!searcher_) searcher_ = std::make_unique<Scorer>(features_, plan_, model_);
    std::vector<std::uint32_t> partners;
    std::vector<Edge> out = candidates(*searcher_, record, partners);
    std::sort(out.begin(), out.end(), [&](const Edge& x, const Edge& y) {
        return x.weight != y.weight ? x.weight > y.weight : features_.order[x.b] < features_.order[y.b];
    });
    blocks_.leave(record);
    keys_.truncate(record);
    features_.more.resize(more);
    features_.rows.resize(record);
    features_.order.resize(record);
    for (Generic& g : features_.generics) g.code.resize(record);
    return out;
}

std::uint32_t Engine::change(std::span<const std::uint32_t> gone, const Table& added,
                             const Decisions& decisions, Clusters& clusters) {
    std::vector<std::uint32_t> touched(gone.begin(), gone.end());
    for (const std::uint32_t r : gone) features_.rows[r].flags |= Flags::removed;
    std::erase_if(edges_, [&](const Edge& e) {
        const bool a = features_.rows[e.a].flags & Flags::removed,
                   b = features_.rows[e.b].flags & Flags::removed;
        if (a && !b) touched.push_back(e.b);
        if (b && !a) touched.push_back(e.a);
        return a || b;
    });
    const std::uint32_t first = append(added, settings_.standard, features_);
    for (std::uint32_t i = 0; i < added.size(); ++i) position_.push_back(i);  // of `added`
    keys_.add(features_, plan_, first, settings_.threads);
    blocks_.append(first);
    Scorer scorer(features_, plan_, model_);
    std::vector<std::uint32_t> partners;
    const std::size_t before = edges_.size();
    for (std::uint32_t r = first; r < features_.size(); ++r) {
        touched.push_back(r);
        for (Edge e : candidates(scorer, r, partners)) {
            if (e.b > r) continue;  // a pair of two new records is found from the later one
            std::swap(e.a, e.b);
            if (const Verdict* verdict = decisions.find(e.a, e.b);
                verdict != nullptr && *verdict == Verdict::sealed)
                continue;
            edges_.push_back(e);
        }
    }
    const auto middle = edges_.begin() + static_cast<std::ptrdiff_t>(before);
    std::sort(middle, edges_.end(), by_records);
    std::inplace_merge(edges_.begin(), middle, edges_.end(), by_records);
    cluster_again({features_, plan_, model_, settings_.vetoes, settings_.thresholds, decisions, edges_,
                   settings_.threads},
                  touched, clusters);
    return first;
}

}  // namespace sendhub::identity
