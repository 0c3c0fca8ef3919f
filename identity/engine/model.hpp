// What was learnt: how often each level occurs among records of one child (m) and of different ones (u), how
// many pairs of each pair of sources are the same child (the prior), and how common each value is. A model is
// frozen between trainings, so that the weight of a pair depends on its two records alone.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "identity/engine/calibration.hpp"
#include "identity/engine/families.hpp"
#include "identity/engine/plan.hpp"

namespace sendhub::identity {

enum class Learnt : std::uint8_t {
    trained,
    shipped
};  // shipped: no round could train it, the start values stand

struct Ladder {
    std::string comparison;
    std::vector<double> m, u;
    Learnt source = Learnt::shipped;
    std::string why;  // of shipped, and of what was rejected on the way
};

// How common values are, as log2 of their share among the records trained on.
struct Frequencies {
    std::vector<float> forename, surname, place;  // by code of Features
    std::vector<std::vector<float>> generic;      // per Generic, by code
    std::vector<float> birth;                     // by day from 1800-01-01
    float rarest_forename = 0, rarest_surname = 0, rarest_place = 0,
          rarest_birth = 0;        // of values not seen in training
    double rare_forenames = 0.05;  // share of records whose forename is as rare as the rarest counted
    // log2 of the chance that two records agree on the value: the sum of the squared shares
    double forename_chance = 0, surname_chance = 0, place_chance = 0, birth_chance = 0;
    std::vector<double> generic_chance;
    std::vector<float> rarest_generic;
};

// Of the children of a year of birth whom another source knows: the share that this source knows as well.
// Counted from records that are surely of one child, so rather too small than too large.
struct Presence {
    static constexpr int first_year = 1900, years = 201;
    static constexpr std::uint16_t max_sources = 64;
    std::vector<std::vector<float>> share;  // per source, per year; empty: not known
    std::vector<float>
        again;  // per source: the share of its records beside which it has another of that child

    [[nodiscard]] double of(std::size_t source, int year) const {
        if (source >= share.size() || year < first_year || year >= first_year + years) return 0;
        return static_cast<double>(share[source][static_cast<std::size_t>(year - first_year)]);
    }
    // Of the children whom source t knows, so much less often than its share says source s knows them as
    // well: 0 to 1, beside[t][s]. Those missing education are on no school's roll, so that the census is
    // silent about them says nothing. Empty: counted as 1.
    std::vector<std::vector<float>> beside;

    // In bits: how much against a second child it is that no source knows both, where the two are known to
    // these sources, a bit each.
    [[nodiscard]] double missing(int year, std::uint64_t known_to) const {
        double bits = 0;
        for (std::size_t s = 0; s < share.size(); ++s) {
            double least = 1;
            for (std::size_t t = 0; t < beside.size(); ++t)
                if (t != s && (known_to >> t & 1) != 0)
                    least = std::min(least, static_cast<double>(beside[t][s]));
            bits -= std::log2(1 - of(s, year) * least);
        }
        return bits;
    }
};

struct Model {
    std::string version;
    std::vector<Ladder> ladders;  // as the plan's comparisons
    // log2 odds that a pair is the same child, per pair of sources (see cell())
    std::vector<double> prior;
    double base_prior = 0;  // the same over all cells, as first estimated
    std::uint16_t sources = 1;
    Frequencies frequencies;
    Presence presence;
    double siblings = usual_siblings;       // see families.hpp
    std::vector<std::uint64_t> twin_names;  // see twin_names.hpp
    // They were looked for: not in models of before there were any, nor in files that are not of children.
    bool twin_names_known = false;
    std::vector<std::uint64_t> wide;  // blocking values that are too common (Blocks::wide)
    bool wide_known = false;          // not in models of before the keys were what they are now
    std::vector<std::vector<std::uint16_t>> default_days;  // per source (Features::default_days)
    bool every_pair = false;                               // small files are compared whole
    bool fitted = false;        // the priors, wide values and every_pair are settled: from now on frozen
    std::uint64_t records = 0;  // trained on

    // fitted on labels (Engine::calibrate); empty: the shipped one holds
    std::optional<Calibration> calibration;

    [[nodiscard]] std::size_t cell(std::uint16_t s, std::uint16_t t) const {
        if (sources > max_cells) return s == t ? 0 : 1;
        return s < t ? s * sources + t : t * sources + s;
    }
    static constexpr std::uint16_t max_cells =
        12;  // more sources than these have one prior within and one across
    [[nodiscard]] double bits(std::size_t comparison, unsigned level) const;
    // How many of pairs of this weight, in bits, are one child: 0 to 1.
    [[nodiscard]] double calibrated(double weight, Doubt doubt) const {
        return identity::calibrated(calibration ? *calibration : shipped_calibration(), weight, doubt);
    }
};

Frequencies count_frequencies(const Features& features);

}  // namespace sendhub::identity
