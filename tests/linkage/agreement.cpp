#include "tests/linkage/agreement.hpp"

#include <algorithm>
#include <numeric>

namespace sendhub::linkage {
namespace {

// Pairs that `in` joins: counted where `other` joins them too, kept where it does not.
std::uint64_t pairs_of(std::span<const std::uint32_t> in, std::span<const std::uint32_t> other,
                       std::vector<RecordPair>& not_in_other) {
    std::vector<std::uint32_t> order(in.size());
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return in[a] < in[b]; });
    std::uint64_t both = 0;
    for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
        while (end < order.size() && in[order[end]] == in[order[begin]]) ++end;
        for (std::size_t i = begin; i < end; ++i)
            for (std::size_t j = i + 1; j < end; ++j) {
                if (other[order[i]] == other[order[j]])
                    ++both;
                else
                    not_in_other.emplace_back(order[i], order[j]);
            }
    }
    std::sort(not_in_other.begin(), not_in_other.end());
    return both;
}

}  // namespace

double Agreement::share() const {
    const auto all = both + only_first.size() + only_second.size();
    return all == 0 ? 1 : static_cast<double>(both) / static_cast<double>(all);
}

Agreement agreement(std::span<const std::uint32_t> first, std::span<const std::uint32_t> second) {
    Agreement out;
    out.both = pairs_of(first, second, out.only_first);
    pairs_of(second, first, out.only_second);
    return out;
}

}  // namespace sendhub::linkage
