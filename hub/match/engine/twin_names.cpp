#include "hub/match/engine/twin_names.hpp"

#include "hub/match/engine/compare.hpp"
#include "hub/match/engine/hash.hpp"
#include "hub/match/engine/radix.hpp"

namespace sendhub::match {
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

std::vector<std::uint64_t> find_twin_names(const Features& f, const Plan& plan) {
    std::vector<std::uint64_t> homes, spare;  // hash of birth date, surname and postcode << 32 | record
    homes.reserve(f.size());
    for (std::uint32_t i = 0; i < f.size(); ++i) {
        const Row& r = f.rows[i];
        if (r.birth == no_day || r.fore[0] == 0 || r.sur[0] == 0 || r.postcode == 0 ||
            (r.flags & (Flags::removed | Flags::birth_default | Flags::birth_day_missing |
                        Flags::birth_year_only | Flags::place_institutional)))
            continue;
        homes.push_back(std::uint64_t{key_hash(0, r.birth, r.sur[0], r.postcode)} << 32 | i);
    }
    radix_sort(homes, spare, 32, 64);
    Comparer comparer(f, plan);
    std::vector<std::uint64_t> out;
    for_groups(homes, same_upper_half, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
            for (std::size_t j = i + 1; j < end; ++j) {
                const Row &x = f.rows[static_cast<std::uint32_t>(homes[i])],
                          &y = f.rows[static_cast<std::uint32_t>(homes[j])];
                if (x.fore[0] == y.fore[0] || x.source != y.source || x.birth != y.birth ||
                    x.sur[0] != y.sur[0] || x.postcode != y.postcode)
                    continue;
                if (comparer.forenames(x.fore[0], y.fore[0]) <= NameTie::close && numbers_differ(f, x, y))
                    out.push_back(name_pair(f.names[x.fore[0]], f.names[y.fore[0]]));
            }
    });
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

}  // namespace sendhub::match
