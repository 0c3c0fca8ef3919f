#include "tests/linkage/reliability.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace sendhub::linkage {

Reliability reliability(std::span<const SaidPair> pairs) {
    // finer towards certainty, where nearly all pairs are
    constexpr auto bounds = std::to_array<double>(
        {0, .05, .1, .2, .3, .4, .5, .6, .7, .8, .9, .95, .98, .99, .995, .998, .999, .9995, 1});
    std::vector<ReliabilityBin> bins;
    for (std::size_t b = 0; b + 1 < bounds.size(); ++b) bins.push_back({bounds[b], bounds[b + 1]});
    for (const SaidPair& p : pairs) {
        const auto above = std::upper_bound(bounds.begin() + 1, bounds.end() - 1, p.said);
        ReliabilityBin& bin = bins[static_cast<std::size_t>(above - bounds.begin()) - 1];
        ++bin.pairs;
        bin.same += p.same ? 1 : 0;
        bin.said += p.said;
    }
    Reliability out;
    out.pairs = pairs.size();
    for (ReliabilityBin& bin : bins) {
        if (bin.pairs == 0) continue;
        const auto n = static_cast<double>(bin.pairs);
        bin.said /= n;
        const double over = bin.said - bin.share();
        out.ece += std::abs(over) * n / static_cast<double>(pairs.size());
        if (bin.pairs >= Reliability::enough) out.over_confident = std::max(out.over_confident, over);
        out.bins.push_back(bin);
    }
    return out;
}

identity::Curve fit_curve(std::vector<WeighedPair> pairs) {
    constexpr double fewest = 300;
    std::sort(pairs.begin(), pairs.end(),
              [](const WeighedPair& x, const WeighedPair& y) { return x.weight < y.weight; });
    std::vector<identity::Counted> groups;
    double weights = 0, same = 0, n = 0, first = 0;
    auto close = [&] {
        groups.push_back({weights / n, (same + 0.5) / (n + 1), n + 1});
        weights = same = n = 0;
    };
    for (const WeighedPair& p : pairs) {
        // a group is no wider than half a bit once it has enough pairs, and never parts pairs of one weight
        if (n >= fewest && p.weight >= first + 0.5) close();
        if (n == 0) first = p.weight;
        weights += p.weight;
        same += p.same ? 1 : 0;
        n += 1;
    }
    if (n > 0 && (n >= fewest || groups.empty())) close();  // a rest of a few tells nothing
    identity::Curve curve;
    for (const identity::Counted& g : identity::isotonic(std::move(groups)))
        curve.push_back({g.weight, g.share});
    return curve;
}

identity::Curve most_cautious(std::span<const identity::Curve> curves) {
    identity::Curve all;
    for (double w = -4; w <= 40; w += 0.5) {
        double least = 1;
        for (const identity::Curve& curve : curves) {
            if (curve.empty()) continue;
            identity::Calibration one;
            one.fill(curve);
            least = std::min(least, identity::calibrated(one, w, identity::Doubt::none));
        }
        // two digits of what is missing to certainty, and never more than can be counted
        const double digits = std::pow(10, std::ceil(-std::log10(1 - std::min(least, 0.9999))) + 1);
        all.push_back({w, std::floor(least * digits) / digits});
    }
    identity::Curve out;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const bool level = i > 0 && all[i - 1].share == all[i].share &&
                           (i + 1 == all.size() || all[i + 1].share == all[i].share);
        if (!level) out.push_back(all[i]);
    }
    return out;
}

}  // namespace sendhub::linkage
