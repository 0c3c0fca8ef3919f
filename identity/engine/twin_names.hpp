// Forenames that twins bear together, as far as the records show: two children of one home and birth date
// whom one source knows by different valid numbers. Where two such names (Grace and Gracie) meet on records
// that no number ties, the records may be of twins of whom each source knows one.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "identity/engine/plan.hpp"

namespace sendhub::identity {

// Of two names, by their texts: the same for either order and for every load of the records.
inline std::uint64_t name_pair(const NameEntry& x, const NameEntry& y) {
    const std::uint32_t low = std::min(x.hash, y.hash), high = std::max(x.hash, y.hash);
    return std::uint64_t{low} << 32 | high;
}

// Ascending name_pair()s of all like names found (Comparer: close or closer).
std::vector<std::uint64_t> find_twin_names(const Features& features, const Plan& plan, unsigned threads);

}  // namespace sendhub::identity
