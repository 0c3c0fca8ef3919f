#include "identity/engine/model.hpp"

#include <algorithm>
#include <cmath>

namespace sendhub::identity {
namespace {

constexpr std::int32_t first_day = -62091;  // 1800-01-01
constexpr std::int32_t days = 109938;       // to 2100-12-31

// Shares (count + 1) / (total + values), never below f_min, so that one rare typing error does not weigh 20
// bits.
struct Shares {
    std::vector<float> log2;
    double chance = 0;
    float rarest = 0;
};
template <class Count>
Shares shares(std::size_t values, Count count) {
    double total = 0, distinct = 0;
    for (std::size_t v = 1; v < values; ++v) {
        total += count(v);
        distinct += count(v) > 0;
    }
    Shares out;
    out.log2.assign(values, 0.0f);
    const double smallest = std::max(1e-6, 3.0 / std::max(1.0, total));
    double agree = 0;
    for (std::size_t v = 1; v < values; ++v) {
        const double n = count(v);
        const double share = (n + 1) / (total + distinct + 1);
        agree += n > 0 ? share * share : 0;
        out.log2[v] = static_cast<float>(std::log2(std::max(share, smallest)));
    }
    out.rarest = static_cast<float>(std::log2(smallest));
    out.chance = std::log2(std::max(agree, 1e-9));
    return out;
}

}  // namespace

double Model::bits(std::size_t comparison, unsigned level) const {
    if (level == null_level) return 0;
    return std::log2(ladders[comparison].m[level] / ladders[comparison].u[level]);
}

Frequencies count_frequencies(const Features& f) {
    Frequencies out;
    auto take = [](Shares s, std::vector<float>& log2, double& chance, float& rarest) {
        log2 = std::move(s.log2);
        chance = s.chance;
        rarest = s.rarest;
    };
    take(shares(f.names.size(),
                [&](std::size_t c) { return double(f.names[static_cast<std::uint32_t>(c)].forenames); }),
         out.forename, out.forename_chance, out.rarest_forename);
    take(shares(f.names.size(),
                [&](std::size_t c) { return double(f.names[static_cast<std::uint32_t>(c)].surnames); }),
         out.surname, out.surname_chance, out.rarest_surname);
    double rare = 0, named = 0;
    for (std::uint32_t c = 1; c < f.names.size(); ++c) {
        named += f.names[c].forenames;
        if (out.forename[c] <= out.rarest_forename) rare += f.names[c].forenames;
    }
    if (named > 0) out.rare_forenames = std::clamp(rare / named, 0.01, 0.5);
    take(shares(f.places.size(),
                [&](std::size_t c) { return double(f.places[static_cast<std::uint32_t>(c)].count); }),
         out.place, out.place_chance, out.rarest_place);
    std::vector<std::uint32_t> births(days + 1);
    for (const Row& r : f.rows)
        if (r.birth >= first_day && r.birth < first_day + days && !(r.flags & Flags::removed))
            ++births[static_cast<std::size_t>(r.birth - first_day) + 1];
    Shares birth = shares(births.size(), [&](std::size_t d) { return double(births[d]); });
    out.birth.assign(birth.log2.begin() + 1, birth.log2.end());
    out.birth_chance = birth.chance;
    out.rarest_birth = birth.rarest;
    for (const Generic& g : f.generics) {
        Shares s = shares(g.values.size(), [&](std::size_t c) {
            return double(g.values[static_cast<std::uint32_t>(c)].count);
        });
        out.generic.push_back(std::move(s.log2));
        out.generic_chance.push_back(s.chance);
        out.rarest_generic.push_back(s.rarest);
    }
    return out;
}

}  // namespace sendhub::identity
