// The weight of a pair: prior, one part per comparison, the commonness of the values that agree, and the
// rival explanation that the two are siblings. All in bits; the parts add up to the total.
#pragma once

#include "identity/engine/compare.hpp"
#include "identity/engine/model.hpp"

namespace sendhub::identity {

struct Parts {
    double prior = 0;
    std::array<double, max_comparisons> bits{},
        common{};          // per comparison: level, and commonness of the value
    double household = 0;  // at most 0: also explained by siblings or twins
    [[nodiscard]] double total() const;
    // Of the values alone: neither the prior nor what siblings would explain.
    [[nodiscard]] double agreement() const;
};

// Facts that forbid an automatic join, whatever the weight (matching.md section 7).
enum class Veto : std::uint8_t {
    none,
    upn,       // V1
    nhs,       // V2
    uln,       // V3
    twins,     // V4
    person,    // V5: a person said so, or a source that holds each child once
    sealed,    // V6
    birth,     // V7
    unnamed,   // V8
    deceased,  // V9
};
std::string_view to_string(Veto veto);  // for people, such as "V1 two different valid UPNs"
std::string_view short_name(Veto veto);

// One per thread.
class Scorer {
  public:
    Scorer(const Features& features, const Plan& plan, const Model& model);

    // Weight without the prior: it depends on the two records and the frozen model alone.
    double evidence(std::uint32_t a, std::uint32_t b, std::uint64_t pattern) {
        return parts(a, b, pattern).total();
    }
    [[nodiscard]] double prior(std::uint32_t a, std::uint32_t b) const {
        return model_.prior[model_.cell(f_.rows[a].source, f_.rows[b].source)];
    }
    double weight(std::uint32_t a, std::uint32_t b, std::uint64_t pattern) {
        return prior(a, b) + evidence(a, b, pattern);
    }
    // Everything; prior included.
    Parts explain(std::uint32_t a, std::uint32_t b, std::uint64_t pattern) {
        Parts p = parts(a, b, pattern);
        p.prior = prior(a, b);
        return p;
    }
    // No pair of this pattern weighs more, whatever its values.
    [[nodiscard]] double upper_bound(std::uint64_t pattern) const;
    // By so much a name can raise the bound of a pattern that has none.
    [[nodiscard]] double most_by_name() const;

    Comparer& comparer() { return comparer_; }

  private:
    Parts parts(std::uint32_t a, std::uint32_t b, std::uint64_t pattern);
    // One of the forenames that met is hardly ever seen.
    bool rare_forename(const Row& a, const Row& b);
    [[nodiscard]] bool elsewhere(const Parts& parts) const;
    double name_common(const Row& a, const Row& b, unsigned level);
    double household(const Row& a, const Row& b, const Parts& parts, std::uint64_t pattern);

    const Features& f_;
    const Plan& plan_;
    const Model& model_;
    Comparer comparer_;
    std::vector<std::array<double, 32>> bits_;  // per comparison and level
    int name_, birth_, sex_, place_, upn_, nhs_, uln_;
    // in bits: pairs of two siblings, and of twins, for each of one child; how many more of both there are in
    // one home of this file than usual; and how much likelier the level is among siblings than among records
    // of one child
    double sibling_pairs_, twin_pairs_, families_;
    std::array<double, NameLevel::count> sibling_bits_{};
    std::array<double, SexLevel::count> sibling_sex_{};
};

struct VetoRules {
    bool children = true;                       // V7 and twin rules hold for the files of children
    std::vector<std::uint8_t> one_record_each;  // per source: it holds each person once
};

// The veto that the two records raise by themselves: V1–V4, V5 of a clean source, V7–V9. Decisions of people
// and barriers are looked at by the clustering.
Veto veto_of_pair(const Features& features, const Plan& plan, const VetoRules& rules, std::uint32_t a,
                  std::uint32_t b, std::uint64_t pattern);
// One birth date, forenames that are close but not equal, and no identifier that agrees: one child with a
// slip of the pen, or twins with like names. Of children such a pair is for review, wherever the records say
// they live.
bool may_be_twins(const Plan& plan, std::uint64_t pattern);
// The veto stands above the likeness of twins.
Doubt doubt_of_pair(const Features& features, const Plan& plan, const VetoRules& rules, std::uint32_t a,
                    std::uint32_t b, std::uint64_t pattern);
// How many valid identifiers agree.
unsigned identifiers_that_agree(const Plan& plan, std::uint64_t pattern);
inline bool identifier_agrees(const Plan& plan, std::uint64_t pattern) {
    return identifiers_that_agree(plan, pattern) > 0;
}

}  // namespace sendhub::identity
