#include <algorithm>
#include <array>

#include "identity/testing/made_child.hpp"
#include "identity/testing/slips.hpp"

namespace sendhub::identity::testing {
namespace {

constexpr Day year_days = 365;

Day day_between(Rng& rng, Day low, Day high) { return high <= low ? low : rng.between(low, high); }

bool british_isles(Origin origin) { return origin <= Origin::caribbean; }

bool ends_with(const std::string& text, std::string_view end) { return text.ends_with(end); }

std::string first_part(const std::string& name) { return name.substr(0, name.find_first_of("- ")); }

// No family gives a child a name that a brother or sister goes by, also not with another accent.
bool goes_by(const Child& child, std::string_view name) {
    const std::string plain = without_accents(name);
    return without_accents(child.forename) == plain || without_accents(child.known_forename) == plain ||
           without_accents(child.middle) == plain;
}
bool taken(const Household& family, std::string_view name, const Child* by_itself = nullptr) {
    return std::ranges::any_of(family,
                               [&](const Child& each) { return &each != by_itself && goes_by(each, name); });
}

}  // namespace

std::vector<Household> Families::next() {
    Rng rng(seed_, 201, count_++);
    std::vector<Household> out;
    const bool alone = chance(rng, rates_.unaccompanied * 1.8);  // 1.8 children a household
    Family family{};
    if (alone) {
        static constexpr std::array from{Origin::afghan,         Origin::afghan,         Origin::afghan,
                                         Origin::horn_of_africa, Origin::horn_of_africa, Origin::arabic,
                                         Origin::arabic,         Origin::turkish};
        family.origin = from[rng.below(from.size())];
    } else {
        family.origin = pools_.draw_origin(rng);
    }
    family.town = region_.draw_town(rng);
    if (!british_isles(family.origin) && !region_.town(family.town).many_origins && rng.percent(65))
        family.town = region_.draw_town(rng);
    family.surname = pools_.draw_surname(rng, family.origin);
    const auto pair = [&](char between) {
        const std::string& second = pools_.draw_surname(rng, family.origin);
        if (second != family.surname && family.surname.find_first_of("- ") == std::string::npos)
            family.surname += between + second;
    };
    if (british_isles(family.origin) ? rng.percent(6)
                                     : family.origin == Origin::west_african && rng.percent(7))
        pair('-');
    if (family.origin == Origin::iberian && rng.percent(45)) pair(' ');

    if (alone) {
        Household one;
        const int age = rng.between(14 * 12 + 6, 19 * 12);
        const Day born = today - age * 30 - rng.between(0, 30) - age / 3;
        one.push_back(child(rng, family, one, born));
        make_unaccompanied(rng, one.front());
        add_schools(rng, one.front(), nullptr);
        add_identifiers(rng, one.front(), numbers_.new_nhs_block(), 0);
        out.push_back(std::move(one));
        return out;
    }
    static constexpr int households[] = {86, 10, 4};
    const std::size_t n = rng.weighted(households) + 1;
    for (std::size_t i = 0; i < n; ++i) {
        Family branch = family;
        if (i > 0 && rng.percent(30)) branch.town = region_.draw_town(rng);
        out.push_back(household(rng, branch, {0, region_.draw_home(rng, branch.town)}, i == 0));
    }
    return out;
}

Household Families::household(Rng& rng, const Family& family, const HomeSince& home, bool first) {
    static constexpr int sizes[] = {30, 42, 19, 6, 3};
    const std::size_t births = rng.weighted(sizes) + 1;
    Household out;
    std::vector<std::size_t> first_of_birth;
    Day born = day_between(rng, today - (oldest_age + 1) * year_days, today);
    for (std::size_t i = 0; i < births && born <= today; ++i) {
        std::size_t babies = 1;
        if (chance(rng, rates_.multiple_birth)) babies = rng.percent(3) ? 3 : 2;
        const std::size_t eldest = out.size();
        const bool close = babies > 1 && chance(rng, rates_.twins_with_close_names);
        for (std::size_t k = 0; k < babies; ++k) {
            Child next = child(rng, family, out, born);
            next.twin = babies > 1;
            if (k > 0) {
                Child& before = out[eldest];
                next.male = rng.percent(64) ? before.male : !before.male;
                next.surnames = before.surnames;
                if (next.male != before.male) next.surnames.front().name = surname_of(rng, family, next.male);
                next.close_name = before.close_name =
                    before.close_name || (close && next.male == before.male);
                if (next.close_name && k == 1) {
                    name_twin(rng, out, before, next);
                } else {
                    name_child(rng, family, out, next);
                    // one pair in five shares the first letter
                    for (int tries = 0; tries < 12 && k == 1 && rng.percent(20); ++tries)
                        if (next.forename.front() != before.forename.front())
                            name_child(rng, family, out, next);
                }
            }
            out.push_back(std::move(next));
            first_of_birth.push_back(eldest);
        }
        born += 300 + rng.between(0, 730) + rng.between(0, 730);
    }
    if (out.empty()) return out;
    // A young mother or father, still in the cohort, with a child of the same household.
    if (out.size() == 1 && !out[0].twin && out[0].age_on(today) >= 19 && rng.percent(10)) {
        const Day baby_born = day_between(rng, out[0].born + 17 * year_days + 180, today);
        Child baby = child(rng, family, out, baby_born);
        if (rng.percent(60)) baby.surnames = {{baby_born, out[0].surnames.front().name}};
        if (baby.male && out[0].male && rng.percent(8)) baby.forename = out[0].forename;
        first_of_birth.push_back(out.size());
        out.push_back(std::move(baby));
    }

    // Parents part, marry, or put both names together: it comes over the whole household.
    const Day since = out.front().born;
    const double years = static_cast<double>(today - since) / year_days;
    if (chance(rng, rates_.surname_changed * 1.25 * std::min(years, 18.0) / 10)) {
        const Day when = day_between(rng, since + 200, today);
        Child like = out.front();
        like.surnames.resize(1);
        change_surname(rng, family, like);
        const NameSince changed{when, like.surnames.back().name};
        for (Child& each : out)
            if (each.surnames.size() == 1 && each.surnames[0].name == out[0].surnames[0].name &&
                rng.percent(each.twin ? 99 : 88) && &each != &out[0]) {
                if (each.born >= when) {
                    each.surnames[0].name = changed.name;
                } else {
                    each.surnames.push_back(changed);
                }
            }
        if (out[0].surnames.size() == 1) out[0].surnames.push_back(changed);
    }

    for (Child& each : out) each.homes = {{out.front().born, home.home}};
    add_homes(rng, family.town, out);
    std::uint64_t block = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const bool follows = first_of_birth[i] != i;
        add_names_in_use(rng, out, out[i]);
        add_schools(rng, out[i], follows ? &out[first_of_birth[i]] : nullptr);
        if (!follows) block = numbers_.new_nhs_block();
        // two in five pairs of twins have numbers that follow each other
        const bool next_number = follows && rng.percent(40);
        const auto follower = static_cast<unsigned>(next_number ? i - first_of_birth[i] : 0);
        add_identifiers(rng, out[i], next_number || !follows ? block : numbers_.new_nhs_block(), follower);
    }
    for (std::size_t i = 0, n = out.size(); i < n; ++i)
        if (!out[i].twin && out[i].age_on(today) >= 1 && chance(rng, rates_.adopted)) adopt(rng, out, i);

    if (first && remembers_ && remembered_town_ != family.town && !out[0].twin &&
        chance(rng, rates_.namesake * static_cast<double>(out.size()))) {
        Child& copy = out[0];
        copy.namesake = true;
        copy.forename = remembered_.forename;
        copy.surnames = {{remembered_.born, remembered_.surnames.front().name}};
        copy.male = remembered_.male;
        copy.middle.clear();
        copy.known_forename.clear();
        copy.known_surname.clear();
        copy.later_forename = {no_day, {}};
        // same birth date: what hangs on the age is made anew
        copy.born = remembered_.born;
        copy.schools.clear();
        copy.upn.clear();
        copy.former_upn.clear();
        copy.temporary_upn.clear();
        copy.upn_since = no_day;
        add_schools(rng, copy, nullptr);
        add_identifiers(rng, copy, numbers_.new_nhs_block(), 0);
        remembers_ = false;
    } else if (first && !out[0].twin && out[0].sealed_with < 0 && rng.percent(3)) {
        remembered_ = out[0];
        remembered_town_ = family.town;
        remembers_ = true;
    }
    return out;
}

std::string Families::surname_of(Rng& rng, const Family& family, bool male) {
    std::string name = family.surname;
    switch (family.origin) {
        case Origin::sikh:
            if (name == "Singh" || name == "Kaur" || rng.percent(25)) return male ? "Singh" : "Kaur";
            return name;
        case Origin::south_asian_muslim: {
            static constexpr std::string_view of_women[] = {"Begum",  "Bibi",    "Akhtar",
                                                            "Khatun", "Sultana", "Khanom"};
            return !male && rng.percent(14) ? std::string(rng.pick(of_women)) : name;
        }
        case Origin::polish:
            for (const std::string_view end : {"ski", "cki", "dzki"})
                if (!male && ends_with(name, end) && rng.percent(45)) {
                    name.back() = 'a';
                    return name;
                }
            return name;
        case Origin::ukrainian:
            return !male && (ends_with(name, "ov") || ends_with(name, "sky")) && rng.percent(60)
                       ? (ends_with(name, "sky") ? name.substr(0, name.size() - 1) + "a" : name + "a")
                       : name;
        default:
            return name;
    }
}

Child Families::child(Rng& rng, const Family& family, const Household& others, Day born) {
    Child out;
    out.origin = family.origin;
    out.born = born;
    out.male = rng.below(1000) < 512;
    // some children of a household have another father, and his name
    const bool half = !others.empty() && rng.percent(7);
    Family own = family;
    if (half) own.surname = pools_.draw_surname(rng, family.origin);
    out.surnames = {{born, surname_of(rng, own, out.male)}};
    name_child(rng, family, others, out);
    return out;
}

void Families::name_child(Rng& rng, const Family& family, const Household& others, Child& out) {
    const int year = civil(out.born).year;
    const Origin origin = rng.percent(6) ? pools_.draw_origin(rng) : family.origin;  // of the other parent
    const bool muslim =
        origin == Origin::south_asian_muslim || origin == Origin::arabic || origin == Origin::afghan;
    for (int tries = 0; tries < 20; ++tries) {
        out.forename = pools_.draw_forename(rng, origin, out.male, year);
        out.middle.clear();
        if (out.male && muslim) {
            // Mohammed stands before the name of many boys, and then of all the boys of a family
            const auto elder = std::ranges::find_if(others, [](const Child& other) {
                return other.male && other.forename.find(' ') != std::string::npos;
            });
            static constexpr std::string_view firsts[] = {"Mohammed", "Muhammad", "Mohammad", "Mohamed"};
            if (elder != others.end() && rng.percent(85)) {
                out.forename = first_part(elder->forename) + " " + out.forename;
            } else if (rng.percent(14)) {
                out.forename = std::string(rng.pick(firsts)) + " " + out.forename;
            }
        }
        if (!taken(others, out.forename)) break;
    }
    int with_middle = 25;
    switch (origin) {
        case Origin::british:
        case Origin::welsh:
        case Origin::scottish:
        case Origin::irish:
        case Origin::caribbean:
        case Origin::west_african:
            with_middle = 76;
            break;
        case Origin::polish:
        case Origin::iberian:
            with_middle = 40;
            break;
        case Origin::sikh:
            if (out.surnames.front().name != "Singh" && out.surnames.front().name != "Kaur" &&
                rng.percent(80))
                out.middle = out.male ? "Singh" : "Kaur";
            with_middle = 0;
            break;
        default:
            break;
    }
    if (rng.percent(static_cast<std::uint32_t>(with_middle))) {
        out.middle = pools_.draw_forename(rng, origin, out.male, year);
        if (rng.percent(10)) out.middle += " " + pools_.draw_forename(rng, origin, out.male, year);
        if (taken(others, out.middle)) out.middle.clear();
    }
}

void Families::name_twin(Rng& rng, const Household& others, const Child& first, Child& twin) {
    std::string_view name = pools_.close_name(rng, first.forename, twin.male);
    if (name.empty() || taken(others, name)) {
        // no such pair with this name: the twin has a name one letter away, or half of it in common
        Child like = first;
        name_child(rng, {first.origin, 0, first.surnames.front().name}, others, like);
        const std::string own = beginning(first.forename, 3);
        std::string made = own + like.forename.substr(beginning(like.forename, 3).size());
        if (taken(others, made) || made.size() < 4) made = first.forename + (twin.male ? "on" : "a");
        twin.forename = made;
    } else {
        twin.forename = name;
    }
    if (rng.percent(50)) twin.middle = first.middle;
}

void Families::add_names_in_use(Rng& rng, const Household& family, Child& out) {
    const Origin origin = out.origin;
    const std::string first = first_part(out.forename);
    const int familiar = origin == Origin::west_african ? 35 : british_isles(origin) ? 18 : 14;
    if (origin == Origin::chinese && rng.percent(40)) {
        out.known_forename = pools_.draw_forename(rng, Origin::british, out.male, civil(out.born).year);
    } else if (rng.percent(static_cast<std::uint32_t>(familiar))) {
        out.known_forename = pools_.familiar(rng, first);
    }
    if (out.known_forename.empty() && !out.middle.empty() && rng.per_myriad(250))
        out.known_forename = first_part(out.middle);
    if (out.known_forename.empty() && out.forename.find(' ') != std::string::npos && rng.percent(40))
        out.known_forename = out.forename.substr(out.forename.rfind(' ') + 1);  // not Mohammed, but Umar
    if (out.known_forename == out.forename || taken(family, out.known_forename, &out))
        out.known_forename.clear();
    if (rng.percent(4)) out.known_surname = pools_.draw_surname(rng, origin);
    if (out.age_on(today) >= 12 && chance(rng, rates_.forename_changed)) {
        const Day when = day_between(rng, out.born + 12 * year_days, today);
        const std::string& name = pools_.draw_forename(rng, origin, !out.male, civil(out.born).year);
        if (!taken(family, name)) out.later_forename = {when, name};
    }
}

void Families::change_surname(Rng& rng, const Family& family, Child& out) {
    const std::string& now = out.surnames.back().name;
    const std::size_t hyphen = now.find('-');
    const std::uint32_t kind = rng.below(100);
    std::string next = pools_.draw_surname(rng, family.origin);
    if (hyphen != std::string::npos && kind < 60) {
        next = kind < 35 ? now.substr(0, hyphen) : now.substr(hyphen + 1);
    } else if (kind < 30 && british_isles(family.origin) && now.find(' ') == std::string::npos) {
        next = kind < 20 ? now + "-" + next : next + "-" + now;
    }
    out.surnames.push_back({today, std::move(next)});
}

}  // namespace sendhub::identity::testing
