#include "identity/engine/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace sendhub::identity {

double probability(double weight) { return 1 / (1 + std::exp2(-weight)); }

std::vector<Counted> isotonic(std::vector<Counted> groups) {
    std::sort(groups.begin(), groups.end(), [](const Counted& x, const Counted& y) {
        return std::tie(x.weight, x.share, x.pairs) < std::tie(y.weight, y.share, y.pairs);
    });
    struct Pool {
        double share, pairs;
        std::size_t groups;
        void take(const Pool& other) {
            const double sum = pairs + other.pairs;
            share = (share * pairs + other.share * other.pairs) / sum;
            pairs = sum;
            groups += other.groups;
        }
    };
    std::vector<Counted> out;
    for (const Counted& g : groups) {
        if (g.pairs <= 0) continue;
        if (out.empty() || out.back().weight < g.weight) {
            out.push_back(g);
            continue;
        }
        Counted& same = out.back();
        const double sum = same.pairs + g.pairs;
        same.share = (same.share * same.pairs + g.share * g.pairs) / sum;
        same.pairs = sum;
    }
    std::vector<Pool> pools;
    for (const Counted& g : out) {
        pools.push_back({g.share, g.pairs, 1});
        while (pools.size() > 1 && pools[pools.size() - 2].share >= pools.back().share) {
            const Pool last = pools.back();
            pools.pop_back();
            pools.back().take(last);
        }
    }
    std::size_t at = 0;
    for (const Pool& pool : pools)
        for (std::size_t i = 0; i < pool.groups; ++i, ++at) out[at].share = pool.share;
    return out;
}

const Calibration& shipped_calibration() {
    // bench_match 300000 201 --calibration 5: five seeds of each mix, with and without identifiers, 1.8
    // million pairs each. Files without identifiers have the weaker pairs of one weight; nobody knows which a
    // file is like, so at each weight the least of the six counts. The small shares of a veto up to 1 bit are
    // those of twins.
    static const Calibration shipped{
        // no doubt
        Curve{{-4, 0.05},      {-3.5, 0.08},    {-3, 0.1},        {-2.5, 0.13},    {-2, 0.15},
              {-1.5, 0.15},    {-1, 0.16},      {-0.5, 0.22},     {0, 0.33},       {0.5, 0.38},
              {1, 0.5},        {1.5, 0.65},     {2, 0.74},        {2.5, 0.81},     {3, 0.87},
              {3.5, 0.902},    {4, 0.929},      {4.5, 0.955},     {5, 0.97},       {5.5, 0.982},
              {6, 0.989},      {6.5, 0.9904},   {7, 0.992},       {7.5, 0.9934},   {8, 0.9953},
              {8.5, 0.9972},   {9, 0.9979},     {9.5, 0.9982},    {10, 0.9982},    {10.5, 0.9984},
              {11, 0.9988},    {11.5, 0.99939}, {12, 0.99961},    {12.5, 0.99962}, {14, 0.99962},
              {14.5, 0.99975}, {15, 0.99988},   {15.5, 0.999902}, {16, 0.999919},  {32.5, 0.999919},
              {33, 0.999921},  {33.5, 0.999928}},
        // possible twins
        Curve{{-4, 0.05},    {-3.5, 0.08}, {-3, 0.11},     {-2.5, 0.13}, {-2, 0.2},    {-1.5, 0.34},
              {-1, 0.45},    {-0.5, 0.5},  {0, 0.55},      {0.5, 0.64},  {1, 0.73},    {1.5, 0.8},
              {2, 0.86},     {2.5, 0.901}, {3, 0.942},     {3.5, 0.957}, {4, 0.966},   {4.5, 0.969},
              {5, 0.974},    {5.5, 0.975}, {6, 0.978},     {6.5, 0.985}, {7.5, 0.985}, {8, 0.989},
              {8.5, 0.9921}, {9, 0.9949},  {21.5, 0.9949}, {22, 0.995}},
        // a veto
        Curve{{-4, 0.05},  {-3.5, 0.08}, {-3, 0.12},   {0, 0.12},     {0.5, 0.15},   {1, 0.15},
              {1.5, 0.38}, {2, 0.51},    {2.5, 0.61},  {3, 0.78},     {3.5, 0.85},   {4, 0.86},
              {4.5, 0.87}, {5, 0.904},   {5.5, 0.921}, {18.5, 0.921}, {19, 0.926},   {19.5, 0.928},
              {20, 0.935}, {20.5, 0.94}, {24.5, 0.94}, {25, 0.951},   {25.5, 0.955}, {26, 0.97}},
    };
    return shipped;
}

Calibration fitted_on(std::vector<WeighedLabel> labels) {
    constexpr double lightest = -4, heaviest = 40, step = 0.5, worth = 10;
    constexpr auto bins = static_cast<std::size_t>((heaviest - lightest) / step) + 1;
    std::sort(labels.begin(), labels.end(), [](const WeighedLabel& x, const WeighedLabel& y) {
        return std::tie(x.doubt, x.weight, x.same, x.pairs) < std::tie(y.doubt, y.weight, y.same, y.pairs);
    });
    Calibration out;
    for (std::size_t d = 0; d < doubts; ++d) {
        struct Bin {
            double pairs = 0, same = 0, squares = 0;
        };
        std::vector<Bin> counted(bins);
        for (const WeighedLabel& l : labels) {
            if (l.doubt != static_cast<Doubt>(d) || l.weight < lightest - step) continue;
            const double at = std::round((std::min(l.weight, heaviest) - lightest) / step);
            Bin& bin = counted[static_cast<std::size_t>(std::max(0.0, at))];
            bin.pairs += l.pairs;
            bin.same += l.same ? l.pairs : 0;
            bin.squares += l.pairs * l.pairs;
        }
        std::vector<Counted> groups;
        double all = 0;
        for (std::size_t b = 0; b < bins; ++b) {
            const double weight = lightest + step * static_cast<double>(b);
            const double shipped = calibrated(shipped_calibration(), weight, static_cast<Doubt>(d));
            // labels of unequal weight are worth fewer than they are
            const Bin& bin = counted[b];
            const double n = bin.squares > 0 ? bin.pairs * bin.pairs / bin.squares : 0;
            const double share = bin.pairs > 0 ? bin.same / bin.pairs : 0;
            groups.push_back({weight, (worth * shipped + n * share) / (worth + n), worth + n});
            all += n;
        }
        for (const Counted& g : isotonic(std::move(groups))) {
            const double shipped = calibrated(shipped_calibration(), g.weight, static_cast<Doubt>(d));
            out[d].push_back({g.weight, std::min(g.share, std::max(shipped, 1 - 3 / std::max(all, 3.0)))});
        }
    }
    return out;
}

double calibrated(const Calibration& calibration, double weight, Doubt doubt) {
    const Curve& curve = calibration[static_cast<std::size_t>(doubt)];
    // pairs below the lightest point were not counted: they are no likelier than that, nor than they weigh
    if (weight <= curve.front().weight) return std::min(probability(weight), curve.front().share);
    if (weight >= curve.back().weight) return curve.back().share;
    const auto above = std::find_if(curve.begin(), curve.end(),
                                    [&](const CalibrationPoint& p) { return p.weight >= weight; });
    const auto below = above - 1;
    const double part = (weight - below->weight) / (above->weight - below->weight);
    return below->share + part * (above->share - below->share);
}

}  // namespace sendhub::identity
