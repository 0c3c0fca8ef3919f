// Names with the frequencies that names have: a few that everybody has, and tens of thousands that hardly
// anybody has.
#pragma once

#include <array>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "identity/testing/name_lists.hpp"
#include "identity/testing/rng.hpp"

namespace sendhub::identity::testing {

bool chance(Rng& rng, double share);

// Ranked names; the frequency of rank r falls as 1 / (r + offset)^(1 + quarters/4) (Zipf and Mandelbrot).
class Pool {
  public:
    Pool() = default;
    Pool(std::vector<std::string> names, double offset, int quarters);
    const std::string& draw(Rng& rng) const;
    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

  private:
    std::vector<std::string> names_;
    std::vector<std::uint64_t> up_to_;  // sums of weights
};

// Built once; the same for every seed, so that two files have their names from the same world.
class NamePools {
  public:
    NamePools();
    Origin draw_origin(Rng& rng) const;
    // A family's surname in its plain form (no hyphenated pair).
    const std::string& draw_surname(Rng& rng, Origin origin) const;
    const std::string& draw_forename(Rng& rng, Origin origin, bool male, int birth_year) const;

    // Another name of the same person; empty where there is none.
    std::string_view familiar(Rng& rng, std::string_view forename) const;
    std::string_view other_spelling(Rng& rng, std::string_view name) const;
    // The second of two names that twins have and that look alike; empty if `first` has none.
    std::string_view close_name(Rng& rng, std::string_view first, bool male) const;
    // The first of such a pair, any.
    std::string_view any_close_name(Rng& rng, bool male) const;

  private:
    struct Pools {
        Pool boys, girls, boys_2000, girls_2000, surnames;
    };
    using Table = std::unordered_map<std::string_view, std::vector<std::string_view>>;
    static std::string_view look_up(Rng& rng, const Table& table, std::string_view name);

    std::array<Pools, origins> of_;
    std::deque<std::string> kept_;  // names with a blank, which the lists write with _
    Table familiar_, spellings_, close_[2];
    std::vector<std::string_view> close_firsts_[2];
};

}  // namespace sendhub::identity::testing
