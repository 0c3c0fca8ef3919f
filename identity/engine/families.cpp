#include "identity/engine/families.hpp"

#include <algorithm>
#include <cstdlib>

#include "identity/engine/compare.hpp"
#include "identity/engine/hash.hpp"
#include "identity/engine/radix.hpp"

namespace sendhub::identity {
namespace {

// Surname and home. Of a postcode alone it cannot be told where a country has one for a town; a United
// Kingdom postcode is of some fifteen homes.
struct Family {
    enum Home : std::uint32_t { none, property, house_in_postcode, house_in_street, postcode };
    std::uint32_t surname = 0, home = none, place = 0, house = 0;
    friend bool operator==(const Family&, const Family&) = default;
};

Family family_of(const Features& f, std::uint32_t record) {
    const Row& r = f.rows[record];
    if (r.birth == no_day || r.fore[0] == 0 || r.sur[0] == 0 || (r.flags & Flags::removed)) return {};
    if (r.uprn != 0) return {r.sur[0], Family::property, r.uprn, 0};
    const bool own_postcode = r.postcode != 0 && !(r.flags & Flags::place_institutional);
    if (r.house != 0 && own_postcode) return {r.sur[0], Family::house_in_postcode, r.postcode, r.house};
    for (const Generic& g : f.generics)  // its text may hold the house
        if (g.role == Role::street && g.code[record] != 0)
            return {r.sur[0], Family::house_in_street, g.code[record], r.house};
    if (own_postcode && f.places[r.postcode].sector != 0) return {r.sur[0], Family::postcode, r.postcode, 0};
    return {};
}

}  // namespace

double siblings_for_each_pair(const Features& f, const Plan& plan) {
    constexpr std::size_t largest_family = 50;
    constexpr double imagined = 5;  // pairs of one person
    constexpr std::int32_t month = 31;
    struct Member {
        std::uint64_t family;  // a hash of it
        std::uint32_t record;
    };
    std::vector<Member> members;
    for (std::uint32_t record = 0; record < f.size(); ++record)
        if (const Family of = family_of(f, record); of.home != Family::none)
            members.push_back({mix(mix(std::uint64_t{of.surname} << 32 | of.place) ^
                                   (std::uint64_t{of.home} << 32 | of.house)),
                               record});
    std::sort(members.begin(), members.end(),
              [](const Member& x, const Member& y) { return x.family < y.family; });
    Comparer comparer(f, plan);
    std::uint64_t one_person = 0, two_people = 0;
    for_groups(
        members, [](const Member& x, const Member& y) { return x.family == y.family; },
        [&](std::size_t begin, std::size_t end) {
            if (end - begin > largest_family) return;
            for (std::size_t i = begin; i < end; ++i)
                for (std::size_t j = i + 1; j < end; ++j) {
                    const std::uint32_t a = members[i].record, b = members[j].record;
                    if (family_of(f, a) != family_of(f, b)) continue;  // of one hash only
                    const Row &x = f.rows[a], &y = f.rows[b];
                    const NameTie tie = comparer.forenames(x.fore[0], y.fore[0]);
                    one_person += tie == NameTie::equal && x.birth == y.birth;
                    two_people += tie == NameTie::different && std::abs(x.birth - y.birth) > month;
                }
        });
    return (static_cast<double>(two_people) + imagined * usual_siblings) /
           (static_cast<double>(one_person) + imagined);
}

}  // namespace sendhub::identity
