#include "identity/link/unlinkable.hpp"

#include "identity/engine/parallel.hpp"

namespace sendhub::identity::link {

std::vector<float> weight_of_a_copy(const Engine& engine) {
    std::vector<float> weight(engine.size());
    constexpr std::size_t grain = 1 << 15;
    parallel_chunks(
        engine.settings().threads, engine.size(), grain,
        [&](std::size_t, std::size_t begin, std::size_t end) {
            Scorer scorer(engine.features(), engine.plan(), engine.model());
            for (std::size_t i = begin; i < end; ++i) {
                const auto r = static_cast<std::uint32_t>(i);
                const std::uint64_t pattern = scorer.comparer().pattern(r, r);
                // the copy would stand in any source: the best prior counts
                double prior = scorer.prior(r, r);
                for (std::uint16_t s = 0; s < engine.model().sources; ++s)
                    prior = std::max(
                        prior,
                        engine.model().prior[engine.model().cell(engine.features().rows[i].source, s)]);
                weight[i] = static_cast<float>(prior + scorer.evidence(r, r, pattern));
            }
        });
    return weight;
}

}  // namespace sendhub::identity::link
