// What is true of a child, before anybody writes it down.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "identity/testing/day.hpp"
#include "identity/testing/name_pools.hpp"
#include "identity/testing/places.hpp"
#include "identity/testing/rates.hpp"

namespace sendhub::identity::testing {

inline constexpr Day today = day(2026, 1, 15);
inline constexpr int oldest_age = 25;

struct NameSince {
    Day from;
    std::string name;
};
struct HomeSince {
    Day from;
    Address home;
};
struct SchoolSince {
    Day from;
    std::uint32_t school;
};

struct Child {
    Origin origin{};
    bool male = false;
    Day born = 0;
    std::string forename, middle;
    std::string known_forename, known_surname;  // empty: as the legal ones
    std::vector<NameSince> surnames;            // at least one, by day
    NameSince later_forename{no_day, {}};       // a new forename, and with it the other sex marker
    std::vector<HomeSince> homes;               // at least one, by day
    Address second_home{};                      // of the other parent
    bool has_second_home = false;
    std::vector<SchoolSince> schools;

    std::string upn, nhs, uln;
    // The number before `upn`; until `upn_since` it was the right one. It is unsaid when no record tells of
    // the change.
    std::string former_upn;
    Day upn_since = no_day;
    bool former_upn_unsaid = false;
    std::string temporary_upn;  // of the first weeks at a new school; some records still have it

    bool twin = false, close_name = false, looked_after = false, unaccompanied = false, namesake = false;
    bool default_birth_date = false;      // nobody knows the day: 1 January in most records
    Day lives_as_this_until = INT32_MAX;  // the day of the adoption order, for the child's records before it
    Day lives_as_this_from = INT32_MIN;   // and for those after it
    int sealed_with = -1;                 // index in the household of the same child's other side

    [[nodiscard]] int age_on(Day when) const { return (when - born) * 4 / 1461; }
};

using Household = std::vector<Child>;

// Identifiers that are in nobody's range, each only once.
class Numbers {
  public:
    // `follower` 1 to 3 for the second to fourth child of one birth: the number next to the first one's, as
    // it is when the labour ward takes them from a list.
    std::string nhs(std::uint64_t block, unsigned follower);
    std::string uln();
    std::uint64_t new_nhs_block() { return nhs_++; }

  private:
    std::uint64_t nhs_ = 1, uln_ = 1;
};

// Families one after another, from the same world for the same seed.
class Families {
  public:
    Families(const Rates& rates, const NamePools& pools, Region& region, Numbers& numbers, std::uint64_t seed)
        : rates_(rates), pools_(pools), region_(region), numbers_(numbers), seed_(seed) {}

    // One or more households of one surname: brothers, sisters, cousins, and each child that was adopted
    // twice, once before the order and once after it.
    std::vector<Household> next();

  private:
    struct Family {
        Origin origin;
        std::uint32_t town;
        std::string surname;
    };
    Household household(Rng& rng, const Family& family, const HomeSince& home, bool first);
    Child child(Rng& rng, const Family& family, const Household& others, Day born);
    void name_child(Rng& rng, const Family& family, const Household& others, Child& child);
    void name_twin(Rng& rng, const Household& others, const Child& first, Child& twin);
    void add_names_in_use(Rng& rng, const Household& family, Child& child);
    void change_surname(Rng& rng, const Family& family, Child& child);
    void add_homes(Rng& rng, std::uint32_t town, Household& children);
    void add_schools(Rng& rng, Child& child, const Child* twin_of);
    void add_identifiers(Rng& rng, Child& child, std::uint64_t nhs_block, unsigned follower);
    void adopt(Rng& rng, Household& children, std::size_t which);
    void make_unaccompanied(Rng& rng, Child& child);
    std::string surname_of(Rng& rng, const Family& family, bool male);

    const Rates& rates_;
    const NamePools& pools_;
    Region& region_;
    Numbers& numbers_;
    std::uint64_t seed_;
    std::uint64_t count_ = 0;
    // A child of not long ago, for a namesake elsewhere.
    Child remembered_;
    std::uint32_t remembered_town_ = 0;
    bool remembers_ = false;
};

}  // namespace sendhub::identity::testing
