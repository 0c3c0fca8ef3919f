// The outcome of comparing two records: one level per comparison of the plan, packed 5 bits each.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "identity/engine/plan.hpp"

namespace sendhub::identity {

// How two names of one kind stand to each other, closest first.
enum class NameTie : std::uint8_t {
    equal,
    other_form,  // nickname or other spelling by table
    part,     // surnames that share a part ("Khan-Patel", "Khan"); forenames of which one is the start of the
              // other, or some of its parts ("Mary", "Mary Ann")
    initial,  // forenames: one is the other's first letter
    near,     // Jaro-Winkler 0.92
    close,    // Jaro-Winkler 0.88, or one edit in five letters or more
    weak,     // Jaro-Winkler 0.80, one edit, or they sound alike: two children may differ so little
    different,
    none,  // a side is missing
};

// Of one record so many forenames, and so many surnames, are compared at the most.
inline constexpr std::size_t most_names = 16;

// One per thread: it remembers the names it has compared.
class Comparer {
  public:
    Comparer(const Features& features, const Plan& plan);

    // Depends on the two records only, and is the same for (a, b) and (b, a).
    std::uint64_t pattern(std::uint32_t a, std::uint32_t b) {
        return with_name(a, b, pattern_but_name(a, b));
    }
    // The same in two steps: the names take longest. Until the second, their level is null_level.
    std::uint64_t pattern_but_name(std::uint32_t a, std::uint32_t b);
    std::uint64_t with_name(std::uint32_t a, std::uint32_t b, std::uint64_t pattern) {
        if (name_ < 0) return pattern;
        const int shift = 5 * name_;
        return (pattern & ~(std::uint64_t{null_level} << shift)) |
               std::uint64_t{name(f_.rows[a], f_.rows[b]).level} << shift;
    }

    // Fetches the records, and later what they point at, for a pattern that is soon asked for.
    void prefetch(std::uint32_t a, std::uint32_t b) const {
        __builtin_prefetch(&f_.rows[a]);
        __builtin_prefetch(&f_.rows[b]);
    }
    void prefetch_values(std::uint32_t a, std::uint32_t b) const;

    NameTie forenames(std::uint32_t x, std::uint32_t y) { return tie(x, y, true); }
    NameTie surnames(std::uint32_t x, std::uint32_t y) { return tie(x, y, false); }

    // The codes behind a level, for term frequencies and explanations: which of the names, places met.
    struct NameMatch {
        unsigned level;
        std::uint32_t fore_a, fore_b, sur_a, sur_b;
    };
    NameMatch name(const Row& a, const Row& b);
    // The common postcode of a level up to earlier_unit, or 0.
    std::uint32_t common_postcode(const Row& a, const Row& b) const;

  private:
    NameTie tie(std::uint32_t x, std::uint32_t y, bool forename);
    NameTie compare_forenames(const NameEntry& x, const NameEntry& y) const;
    NameTie compare_surnames(const NameEntry& x, const NameEntry& y) const;
    unsigned birth(const Row& a, const Row& b) const;
    unsigned place(const Row& a, const Row& b) const;
    unsigned identifier(const Row& a, const Row& b, Kind kind) const;
    unsigned generic(const Generic& g, Kind kind, std::uint32_t x, std::uint32_t y);
    unsigned compare_generic(const Generic& g, Kind kind, std::uint32_t x, std::uint32_t y) const;

    const Features& f_;
    const Plan& plan_;
    const int name_;                            // which comparison
    const std::vector<CalendarDay>& calendar_;  // from 1800-01-01
    // What two values came to, found by a key of less than 2^64: mix() maps each key to a number of its own,
    // of which the low bits are the slot, and the others, with the outcome, what stands in it.
    template <class Compare>
    unsigned remembered(std::uint64_t key, Compare&& compare);
    std::vector<std::uint64_t> memory_;
};

}  // namespace sendhub::identity
