// Where children live, which schools they go to, what numbers they are given; adoption and arriving alone.
#include <algorithm>

#include "identity/testing/made_child.hpp"

namespace sendhub::identity::testing {
namespace {

constexpr Day year_days = 365;

Day day_between(Rng& rng, Day low, Day high) { return high <= low ? low : rng.between(low, high); }

// The first of September on which the child has this age.
Day september_at(const Child& child, int age) {
    const Civil born = civil(child.born);
    const int year = born.year + age + (born.month >= 9 ? 1 : 0);
    return day(year, 9, 1);
}

}  // namespace

void Families::add_homes(Rng& rng, std::uint32_t town, Household& children) {
    std::uint32_t here = town;
    for (Day from = std::max(children.front().born, today - 14 * year_days); from < today;
         from += year_days) {
        if (!chance(rng, rates_.move_a_year)) continue;
        const Day when = day_between(rng, from, std::min(from + year_days, today));
        if (rng.percent(28)) here = region_.draw_town(rng);
        const HomeSince next{when, region_.draw_home(rng, here)};
        for (Child& each : children)
            if (when > each.born)
                each.homes.push_back(next);
            else
                each.homes = {{each.born, next.home}};
    }
    if (chance(rng, rates_.second_home)) {
        const Address other = region_.draw_home(rng, rng.percent(80) ? here : region_.draw_town(rng));
        for (Child& each : children) {
            each.second_home = other;
            each.has_second_home = true;
        }
    }
    for (Child& each : children)
        if (each.age_on(today) < 19 && chance(rng, rates_.looked_after * 1.4)) {
            each.looked_after = true;
            const Day when = day_between(rng, std::max(each.born, today - 4 * year_days), today);
            std::erase_if(each.homes, [&](const HomeSince& h) { return h.from > when; });
            const Address placed =
                rng.percent(13) ? region_.childrens_home(here, rng.below(2))
                                : region_.draw_home(rng, rng.percent(65) ? here : region_.draw_town(rng));
            each.homes.push_back({when, placed});
            if (rng.percent(35) && when + 100 < today)
                each.homes.push_back({day_between(rng, when + 60, today), region_.draw_home(rng, here)});
        }
}

void Families::add_schools(Rng& rng, Child& out, const Child* twin_of) {
    if (twin_of != nullptr && rng.percent(95)) {
        out.schools = twin_of->schools;
        return;
    }
    const auto town_on = [&](Day when) {
        std::size_t i = out.homes.size();
        while (i > 1 && out.homes[i - 1].from > when) --i;
        return region_.town_of(out.homes[i - 1].home);
    };
    const auto school_on = [&](Day when, int age) {
        const Town& town = region_.town(town_on(when));
        if (age >= 16 && rng.percent(55)) return town.college;
        return age >= 11 ? town.first_secondary + rng.below(town.secondaries)
                         : town.first_primary + rng.below(town.primaries);
    };
    if (rng.percent(3)) return;  // never in a state school
    const Day arrived = out.unaccompanied ? out.homes.front().from : INT32_MIN;
    for (const int age : {4, 11, 16}) {
        const Day when = std::max(september_at(out, age), arrived);
        if (when > today || (arrived > september_at(out, age + 5) && age < 16)) continue;
        out.schools.push_back({when, school_on(when, age)});
        // to another school with a move to another town
        const Day end = september_at(out, age == 4 ? 11 : age == 11 ? 16 : 18);
        for (const HomeSince& home : out.homes)
            if (home.from > when && home.from < end && region_.town_of(home.home) != town_on(home.from - 1) &&
                rng.percent(90))
                out.schools.push_back({home.from, school_on(home.from, age)});
    }
}

void Families::add_identifiers(Rng& rng, Child& out, std::uint64_t nhs_block, unsigned follower) {
    out.nhs = rng.percent(out.unaccompanied ? 30 : 1) ? "" : numbers_.nhs(nhs_block, follower);
    if (out.age_on(today) >= 14 && rng.percent(96)) out.uln = numbers_.uln();
    if (out.schools.empty()) return;
    const auto given = [&](const SchoolSince& at) { return region_.new_upn(at.school, civil(at.from).year); };
    out.upn = given(out.schools.front());
    if (chance(rng, rates_.upn_temporary * 1.6)) {
        const SchoolSince& at = out.schools[rng.below(static_cast<std::uint32_t>(out.schools.size()))];
        out.temporary_upn = region_.new_temporary_upn(at.school, civil(at.from).year);
    }
    const bool unsaid = chance(rng, rates_.upn_changed_unsaid);
    if (out.schools.size() > 1 && (unsaid || chance(rng, rates_.upn_changed * 1.6))) {
        const SchoolSince& at =
            out.schools[1 + rng.below(static_cast<std::uint32_t>(out.schools.size() - 1))];
        out.former_upn = out.upn;
        out.upn = given(at);
        out.upn_since = at.from;
        out.former_upn_unsaid = unsaid;
    }
}

// The same child before the adoption order, as another person: nothing may ever put the two together.
void Families::adopt(Rng& rng, Household& children, std::size_t which) {
    Child before = children[which];
    Child& after = children[which];
    const Day first = std::max(after.born + 180, today - 8 * year_days);
    const Day last = std::min(after.born + 9 * year_days, today - 60);
    if (first >= last) return;
    const Day order = day_between(rng, first, last);
    const Origin origin = rng.percent(75) ? after.origin : pools_.draw_origin(rng);
    before.origin = origin;
    before.surnames = {{before.born, pools_.draw_surname(rng, origin)}};
    if (rng.percent(45)) {
        before.forename = pools_.draw_forename(rng, origin, before.male, civil(before.born).year);
        before.known_forename.clear();
    }
    if (rng.percent(70)) before.middle.clear();
    before.known_surname.clear();
    before.later_forename = {no_day, {}};
    before.looked_after = true;
    before.has_second_home = false;
    const std::uint32_t town = region_.draw_town(rng);
    before.homes = {
        {before.born, region_.draw_home(rng, town)},
        {day_between(rng, before.born + 30, order), region_.draw_home(rng, region_.draw_town(rng))}};
    before.schools.clear();
    before.upn.clear();
    before.former_upn.clear();
    before.temporary_upn.clear();
    before.upn_since = no_day;
    before.uln.clear();
    if (september_at(before, 4) < order) add_schools(rng, before, nullptr);
    add_identifiers(rng, before, numbers_.new_nhs_block(), 0);
    before.uln.clear();
    before.lives_as_this_until = order;

    after.lives_as_this_from = order;
    after.surnames = {{order, after.surnames.back().name}};
    std::erase_if(after.schools, [&](const SchoolSince& s) { return s.from < order; });
    if (after.schools.empty() && september_at(after, 4) < order && after.age_on(order) < 16) {
        Child anew = after;
        add_schools(rng, anew, nullptr);
        if (!anew.schools.empty()) after.schools = {{order, anew.schools.back().school}};
    }
    after.upn.clear();
    after.former_upn.clear();
    after.temporary_upn.clear();
    after.upn_since = no_day;
    add_identifiers(rng, after, numbers_.new_nhs_block(), 0);
    after.sealed_with = static_cast<int>(children.size());
    before.sealed_with = static_cast<int>(which);
    children.push_back(std::move(before));
}

void Families::make_unaccompanied(Rng& rng, Child& out) {
    out.unaccompanied = true;
    out.looked_after = true;
    out.male = rng.percent(88);
    if (!out.male) name_child(rng, {out.origin, 0, out.surnames.front().name}, {}, out);
    out.default_birth_date = chance(rng, rates_.default_birth_date_unaccompanied);
    const Day arrived =
        day_between(rng, std::max(out.born + 13 * year_days, today - 4 * year_days), today - 40);
    const std::uint32_t town = region_.draw_town(rng);
    out.homes = {{arrived, rng.percent(40) ? region_.childrens_home(town, rng.below(2))
                                           : region_.draw_home(rng, town)}};
    for (Day from = arrived + 60; from < today; from += 200)
        if (rng.percent(40))
            out.homes.push_back(
                {day_between(rng, from, std::min(from + 150, today)), region_.draw_home(rng, town)});
}

}  // namespace sendhub::identity::testing
