// Whether one value of an identifier stands on one person's records, misspelt in many ways, or on many
// people's: then it was typed into a template (matching.md section 2).
#pragma once

#include <span>

#include "identity/engine/compare.hpp"

namespace sendhub::identity {

inline constexpr std::size_t most_people_of_a_value = 3;

// What the records of one value are told apart by at first sight: names that sound alike, and the birth date.
std::uint32_t combination_of(const Features& features, const Row& row);

class PeopleOfValues {
  public:
    explicit PeopleOfValues(const Features& features);

    // The records of the value, in canonical order.
    bool too_many(std::span<const std::uint32_t> records);

  private:
    bool too_many_among(std::span<const std::uint32_t> records);
    struct Combination {
        std::uint32_t hash, record, records = 1;  // record: the first
        int known;                                // of forename, surname and birth date
    };
    std::vector<Combination> combinations(std::span<const std::uint32_t> records) const;
    bool plausibly_one(std::uint32_t a, std::uint32_t b);

    const Features& f_;
    const Plan plan_;
    Comparer comparer_;
};

}  // namespace sendhub::identity
