#include "identity/engine/twin_names.hpp"

#include <memory>

#include "identity/engine/compare.hpp"
#include "identity/engine/hash.hpp"
#include "identity/engine/parallel.hpp"
#include "identity/engine/radix.hpp"

namespace sendhub::identity {
namespace {

bool numbers_differ(const Features& f, const Row& x, const Row& y) {
    auto differ = [](const ValueTable<IdEntry>& table, std::uint32_t p, std::uint32_t q) {
        return p != q && table[p].quality == IdQuality::valid && table[q].quality == IdQuality::valid &&
               !table[p].polluted && !table[q].polluted;
    };
    if (x.nhs != 0 && y.nhs != 0 && (x.flags & y.flags & Flags::nhs_verified) && differ(f.nhs, x.nhs, y.nhs))
        return true;
    if (x.uln != 0 && y.uln != 0 && differ(f.ulns, x.uln, y.uln)) return true;
    return x.upn != 0 && y.upn != 0 && differ(f.upns, x.upn, y.upn);
}

}  // namespace

std::vector<std::uint64_t> find_twin_names(const Features& f, const Plan& plan, unsigned threads) {
    constexpr std::size_t grain = 1 << 16;
    constexpr std::size_t around = 50;  // of so many that follow in one home: more are no family
    // hash of birth date, surname and postcode << 32 | record; 0: not all of these are known
    std::vector<std::uint64_t> homes(f.size()), spare;
    parallel_chunks(threads, homes.size(), grain, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const Row& r = f.rows[i];
            if (r.birth == no_day || r.fore[0] == 0 || r.sur[0] == 0 || r.postcode == 0 ||
                (r.flags & (Flags::removed | Flags::birth_default | Flags::birth_day_missing |
                            Flags::birth_year_only | Flags::place_institutional)))
                continue;
            homes[i] = std::uint64_t{key_hash(0, r.birth, r.sur[0], r.postcode)} << 32 | i;
        }
    });
    radix_sort(homes, spare, 32, 64, threads);
    std::vector<std::vector<std::uint64_t>> found((homes.size() + grain - 1) / grain);
    parallel_chunks(
        threads, homes.size(), grain, [&] { return std::make_unique<Comparer>(f, plan); },
        [&](std::unique_ptr<Comparer>& comparer, std::size_t chunk, std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                if (homes[i] >> 32 == 0) continue;
                const std::size_t last = std::min(homes.size(), i + 1 + around);
                for (std::size_t j = i + 1; j < last && same_upper_half(homes[i], homes[j]); ++j) {
                    const Row &x = f.rows[static_cast<std::uint32_t>(homes[i])],
                              &y = f.rows[static_cast<std::uint32_t>(homes[j])];
                    if (x.fore[0] == y.fore[0] || x.source != y.source || x.birth != y.birth ||
                        x.sur[0] != y.sur[0] || x.postcode != y.postcode)
                        continue;
                    if (comparer->forenames(x.fore[0], y.fore[0]) <= NameTie::close &&
                        numbers_differ(f, x, y))
                        found[chunk].push_back(name_pair(f.names[x.fore[0]], f.names[y.fore[0]]));
                }
            }
        });
    std::vector<std::uint64_t> out;
    for (const auto& part : found) out.insert(out.end(), part.begin(), part.end());
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

}  // namespace sendhub::identity
