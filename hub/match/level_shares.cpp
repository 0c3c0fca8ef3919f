#include "hub/match/level_shares.hpp"

#include <algorithm>

namespace sendhub::match {

std::vector<LevelShare> level_shares(const identity::Engine& engine) {
    const auto& comparisons = engine.plan().comparisons;
    std::vector<std::vector<double>> count(comparisons.size());
    for (std::size_t c = 0; c < comparisons.size(); ++c) count[c].resize(comparisons[c].levels.size());
    for (const identity::Edge& e : engine.edges()) {
        if (e.weight < engine.settings().thresholds.review) continue;
        for (std::size_t c = 0; c < count.size(); ++c)
            if (const unsigned l = identity::level_of(e.pattern, c); l < count[c].size()) ++count[c][l];
    }
    std::vector<LevelShare> out;
    for (std::size_t c = 0; c < count.size(); ++c) {
        double all = 0;
        for (const double n : count[c]) all += n;
        for (std::size_t l = 0; l < count[c].size(); ++l)
            out.push_back({comparisons[c].name, std::string(comparisons[c].levels[l].label),
                           count[c][l] / std::max(1.0, all)});
    }
    return out;
}

}  // namespace sendhub::match
