#include "hub/match/engine/families.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utility>

#include "hub/match/engine/compare.hpp"
#include "hub/match/engine/hash.hpp"
#include "hub/match/engine/parallel.hpp"
#include "hub/match/engine/radix.hpp"

namespace sendhub::match {
namespace {

// A number of the home, or 0 where the record does not say so much: of a postcode alone it cannot be told, as
// some countries have one for a town.
std::uint32_t home_of(const Features& f, std::uint32_t record) {
    const Row& r = f.rows[record];
    if (r.uprn != 0) return key_hash(1, r.uprn);
    if (r.house == 0) return 0;
    if (r.postcode != 0 && !(r.flags & Flags::place_institutional)) return key_hash(2, r.postcode, r.house);
    for (const Generic& g : f.generics)
        if (g.role == Role::street && g.code[record] != 0) return key_hash(3, g.code[record], r.house);
    return 0;
}

}  // namespace

double siblings_for_each_pair(const Features& f, const Plan& plan, unsigned threads) {
    constexpr std::size_t grain = 1 << 16, largest_family = 50;
    constexpr double imagined = 5;  // pairs of one person
    constexpr std::int32_t month = 31;
    std::vector<std::uint64_t> homes(f.size()), spare;
    parallel_chunks(threads, homes.size(), grain, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const Row& r = f.rows[i];
            if (r.birth == no_day || r.fore[0] == 0 || r.sur[0] == 0 || (r.flags & Flags::removed)) continue;
            if (const std::uint32_t home = home_of(f, static_cast<std::uint32_t>(i)); home != 0)
                homes[i] = std::uint64_t{key_hash(0, r.sur[0], home)} << 32 | i;
        }
    });
    radix_sort(homes, spare, 32, 64, threads);
    Comparer comparer(f, plan);
    std::uint64_t one_person = 0, two_people = 0;
    for_groups(homes, same_upper_half, [&](std::size_t begin, std::size_t end) {
        if (homes[begin] >> 32 == 0 || end - begin > largest_family) return;
        for (std::size_t i = begin; i < end; ++i)
            for (std::size_t j = i + 1; j < end; ++j) {
                const Row &x = f.rows[static_cast<std::uint32_t>(homes[i])],
                          &y = f.rows[static_cast<std::uint32_t>(homes[j])];
                const NameTie tie = comparer.forenames(x.fore[0], y.fore[0]);
                one_person += tie == NameTie::equal && x.birth == y.birth;
                two_people += tie == NameTie::different && std::abs(x.birth - y.birth) > month;
            }
    });
    return std::min(most_siblings, (static_cast<double>(two_people) + imagined * most_siblings) /
                                       (static_cast<double>(one_person) + imagined));
}

}  // namespace sendhub::match
