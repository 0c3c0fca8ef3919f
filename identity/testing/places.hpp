// Towns, postcodes, addresses, schools and councils. None of them exists: no postcode of the country begins
// with X, V or Q.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "identity/testing/rng.hpp"

namespace sendhub::identity::testing {

// One postcode unit has about 15 addresses, of which five or six have children in them.
inline constexpr std::uint32_t addresses_a_unit = 15;
// 40 people live at one postcode unit, and 3 in 10 of a population are under 26.
inline constexpr std::uint32_t children_a_unit = 12;

struct Address {
    std::uint32_t unit = 0;
    std::uint32_t slot = 0;  // addresses_a_unit and more: no home
    bool operator==(const Address&) const = default;
};

struct Town {
    std::uint32_t first_unit, units;
    std::uint32_t first_district;                                          // of the whole region
    std::uint32_t council;                                                 // authority code of three digits
    std::uint32_t first_primary, primaries, first_secondary, secondaries;  // indices of schools
    std::uint32_t college;                                                 // index of a school
    bool many_origins;  // families from elsewhere live here
};

struct School {
    std::uint32_t laestab;  // seven digits
};

class Region {
  public:
    // For about so many children.
    Region(std::uint64_t children, std::uint64_t seed);

    std::uint32_t draw_town(Rng& rng) const;  // by size
    [[nodiscard]] const Town& town(std::uint32_t i) const { return towns_[i]; }
    [[nodiscard]] std::size_t towns() const { return towns_.size(); }
    Address draw_home(Rng& rng, std::uint32_t town) const;
    [[nodiscard]] std::uint32_t town_of(Address address) const;

    // Institutions of a town: addresses that say where a child was written down, not where it lives.
    [[nodiscard]] Address council_office(std::uint32_t town) const { return last_units(town, 1); }
    [[nodiscard]] Address hospital(std::uint32_t town) const { return last_units(town, 2); }
    [[nodiscard]] Address childrens_home(std::uint32_t town, std::uint32_t which) const {
        return last_units(town, 3 + which % 2);
    }

    [[nodiscard]] std::string postcode(Address address) const;
    [[nodiscard]] std::string house(Address address) const;   // number, name, or flat and number
    [[nodiscard]] std::string street(Address address) const;  // without the house
    [[nodiscard]] std::string uprn(Address address) const;

    [[nodiscard]] std::uint32_t laestab(std::uint32_t school) const { return schools_[school].laestab; }
    // A UPN that this school gives to a child that enters in this year; every one only once.
    std::string new_upn(std::uint32_t school, int year);
    std::string new_temporary_upn(std::uint32_t school, int year);

  private:
    [[nodiscard]] Address last_units(std::uint32_t town, std::uint32_t from_end) const;

    std::vector<Town> towns_;
    std::vector<std::uint64_t> homes_up_to_;
    std::vector<School> schools_;
    std::vector<std::uint16_t> serials_;  // school × year of 64
};

}  // namespace sendhub::identity::testing
