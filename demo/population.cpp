#include "demo/population.hpp"

#include <algorithm>

#include "demo/shared_with_people.hpp"

namespace sendhub::demo {
namespace {

std::uint64_t at_least(std::uint64_t value, std::uint64_t least) { return std::max(value, least); }

// Postcodes of an area that does not exist (XD), letters that postcodes use.
std::string street_postcode(std::uint32_t street) {
    static constexpr std::string_view letters = "ABDEFGHJLNPQRSTUWXYZ";
    const std::uint32_t unit = street * 7 + street / 400;  // spread over the sectors, each only once
    const std::uint32_t in_district = unit % 3600;
    std::string out = "XD" + number(1 + unit / 3600);
    out += ' ';
    out += static_cast<char>('1' + in_district / 400);
    out += letters[in_district % 400 / 20];
    out += letters[in_district % 20];
    return out;
}

struct Needs {
    std::array<std::uint8_t, 3> codes{};
};

Needs draw_needs(Rng& rng, char sen) {
    Needs needs;
    if (sen == 'N') return needs;
    static constexpr int plan[] = {20, 17, 32, 5, 9, 8, 3, 2, 1, 3, 2, 1, 0};
    static constexpr int support[] = {26, 22, 11, 17, 14, 0, 0, 2, 1, 2, 3, 0, 2};
    const std::size_t primary = sen == 'E' ? rng.weighted(plan) : rng.weighted(support);
    needs.codes[0] = static_cast<std::uint8_t>(primary + 1);
    std::size_t count = 1 + (rng.percent(35) ? 1U : 0U) + (sen == 'E' && rng.percent(30) ? 1U : 0U);
    if (needs.codes[0] == need_codes.size()) count = 1;  // "no specialist assessment" stands alone
    for (std::size_t i = 1; i < count; ++i) {
        const auto code = static_cast<std::uint8_t>(rng.weighted(support) + 1);
        if (code == need_codes.size() ||
            std::find(needs.codes.begin(), needs.codes.end(), code) != needs.codes.end())
            break;
        needs.codes[i] = code;
    }
    return needs;
}

// home: the draw of the household, for families move together; the rest is the child's own.
Story draw_story(Rng& rng, int home, int year) {
    if (year < 1 || year > 11) return Story::on_roll;
    int at = home;
    const auto below = [&at](int share) {
        at -= share;
        return at < 0;
    };
    if (below(80)) return Story::changed_school;
    if (below(15)) return Story::reported_twice;
    if (below(70)) return Story::moved_in;
    if (below(80)) return Story::moved_out;
    if (below(10)) return Story::waiting;
    at = rng.between(0, 9999);
    if (below(20)) return Story::ehe_returned;
    if (below(25)) return Story::cme_closed_in_school;
    if (below(90)) return Story::ehe;
    if (below(4)) return Story::ehe_after_cme;
    if (below(14)) return Story::cme_lost;
    if (below(10)) return Story::cme_lost_before;
    if (below(8)) return Story::cme_new_here;
    if (below(4)) return Story::cme_unsuitable_ehe;
    if (below(20)) return Story::cme_closed_away;
    if (year >= 7 && below(22)) return Story::excluded;
    return Story::on_roll;
}

class Builder {
  public:
    explicit Builder(County& county) : county_(county), seed_(county.options.seed) {
        for (std::uint16_t i = 0; i < county_.schools.size(); ++i)
            by_phase_[static_cast<std::size_t>(county_.schools[i].phase)].push_back(i);
        serials_.resize(county_.schools.size());
    }

    void run() {
        const auto street_count = static_cast<std::uint32_t>(at_least(county_.options.pupils / 16, 12));
        std::uint32_t total_weight = 0;
        for (const auto i : phase(Phase::primary)) total_weight += county_.schools[i].weight;
        for (std::uint32_t i = 0; i < street_count; ++i) {
            Rng rng(seed_, for_street, i);
            std::uint32_t at = rng.below(total_weight);
            std::uint16_t primary = phase(Phase::primary).front();
            for (const auto s : phase(Phase::primary)) {
                primary = s;
                if (at < county_.schools[s].weight) break;
                at -= county_.schools[s].weight;
            }
            county_.streets.push_back(
                {draw_street(rng), std::string(draw_town(rng)), street_postcode(i), primary});
        }
        for (std::uint16_t i = 0; i < county_.schools.size(); ++i)
            county_.schools[i].street = Rng(seed_, for_school, 1000 + i).below(street_count);
        for (std::uint32_t i = 0; on_roll_ < county_.options.pupils; ++i) add_household(i);
        // Some live here whom no school, list or census knows.
        const auto outside = static_cast<std::uint32_t>(at_least(county_.options.pupils / 4000, 1));
        for (std::uint32_t i = 0; i < outside; ++i) add_outsider(i);
    }

  private:
    const std::vector<std::uint16_t>& phase(Phase p) const { return by_phase_[static_cast<std::size_t>(p)]; }

    void add_household(std::uint32_t index) {
        Rng rng(seed_, for_household, index);
        const auto street_count = static_cast<std::uint32_t>(county_.streets.size());
        Household home{{(index * 7919U) % street_count, 1 + index / street_count * 2 + rng.below(2)},
                       {nobody, 0}};
        if (rng.percent(12)) home.former = {rng.below(street_count), 1 + rng.below(80)};
        const auto household = static_cast<std::uint32_t>(county_.households.size());
        const Origin origin = draw_origin(rng);
        const std::string surname = draw_surname(rng, origin);
        const int home_draw = rng.between(0, 9999);
        static constexpr int sizes[] = {42, 40, 14, 4};
        const std::size_t wanted = rng.weighted(sizes) + 1;
        const std::size_t first_child = county_.children.size();
        int age = 2 + static_cast<int>(rng.below(16));
        std::size_t made = 0;
        while (made < wanted && age <= 18) {
            const Day born = day(2024 - age, 9, 1) + rng.between(0, 364);
            const std::size_t births = rng.per_myriad(150) ? 2 : 1;
            for (std::size_t b = 0; b < births && on_roll_ < county_.options.pupils; ++b) {
                add_child(rng, household, origin, surname, home_draw, born, age);
                county_.children.back().twin = births == 2;
            }
            made += births;
            age += rng.between(1, 4);
        }
        if (county_.children.size() == first_child) return;
        // Two of a twin birth were asked for, but the roll was full after the first: no twin then.
        if (county_.children.back().twin &&
            (county_.children.size() - first_child < 2 ||
             county_.children[county_.children.size() - 2].born != county_.children.back().born))
            county_.children.back().twin = false;
        county_.households.push_back(home);
        if (county_.children.size() - first_child > 1)
            for (std::size_t i = first_child; i < county_.children.size(); ++i)
                county_.children[i].sibling = true;
    }

    void name_child(Rng& rng, Child& child, Origin origin, const std::string& surname) {
        child.origin = origin;
        child.male = rng.percent(51);
        for (int tries = 0; tries < 8; ++tries) {  // brothers and sisters do not share a forename
            const Forename& forename = draw_forename(rng, origin, child.male);
            child.forename = forename.name;
            child.familiar = forename.familiar;
            const auto same = [&](const Child& other) {
                return other.household == child.household && other.forename == child.forename;
            };
            const std::size_t back = std::min<std::size_t>(8, county_.children.size());
            if (std::none_of(county_.children.end() - static_cast<std::ptrdiff_t>(back),
                             county_.children.end(), same))
                break;
        }
        if (rng.percent(60)) child.middle = draw_forename(rng, origin, child.male).name;
        child.surname = surname;
        if (rng.percent(6)) {  // lives with a family of another name
            child.surname = draw_surname(rng, origin);
            if (rng.percent(50)) child.preferred_surname = surname;
        } else if (rng.percent(4)) {
            child.former_surname = draw_surname(rng, origin);
        }
        child.ethnicity = draw_ethnicity(rng, origin);
        child.language = draw_language(rng, origin);
        child.nhs = nhs_.next();
    }

    void add_child(Rng& rng, std::uint32_t household, Origin origin, const std::string& surname,
                   int home_draw, Day born, int age) {
        Child child;
        child.household = household;
        child.born = born;
        child.year = static_cast<std::int8_t>(age - 4);
        name_child(rng, child, origin, surname);
        const std::uint32_t social = rng.below(10000);
        child.social = static_cast<char>(social < 70    ? 'A'
                                         : social < 120 ? 'P'
                                         : social < 290 ? 'N'
                                         : social < 500 ? 'H'
                                                        : 0);

        const std::uint32_t boys = child.male ? 13 : 7;
        if (age >= 4) {
            const std::uint32_t at = rng.below(1000);
            child.sen = at < 5 * boys ? 'E' : at < 5 * boys + 14 * boys ? 'K' : 'N';
            if (age >= 16 && child.sen == 'K' && rng.percent(50)) child.sen = 'N';
        } else if (age == 3) {
            child.sen = rng.percent(2) ? 'E' : rng.percent(5) ? 'K' : 'N';
        }
        child.needs = draw_needs(rng, child.sen).codes;

        const Street& street = county_.streets[(household_street(household))];
        const std::uint16_t primary = street.primary;
        const std::uint16_t secondary = county_.schools[primary].feeds;
        child.story = age < 3 ? Story::preschool : draw_story(rng, home_draw, child.year);
        if (age == 3 && !rng.percent(45)) child.story = Story::preschool;
        if (age >= 3 && child.story != Story::preschool) {
            child.school = child.year <= 6 ? primary : secondary;
            const bool severe = child.needs[0] == 6 || child.needs[0] == 7;  // SLD, PMLD
            if (child.sen == 'E' && (severe || rng.percent(30)) && !phase(Phase::special).empty())
                child.school = phase(
                    Phase::special)[rng.below(static_cast<std::uint32_t>(phase(Phase::special).size()))];
            else if (child.year >= 7 && child.year <= 11 && child.story == Story::on_roll &&
                     rng.per_myriad(30))
                child.school =
                    phase(Phase::pru)[rng.below(static_cast<std::uint32_t>(phase(Phase::pru).size()))];
            const bool special = county_.schools[child.school].phase == Phase::special;
            if (age == 18 && !(special && rng.percent(60))) child.story = Story::college;
            if ((age == 16 || age == 17) &&
                !(special ? rng.percent(80) : county_.schools[secondary].sixth_form && rng.percent(48)))
                child.story = Story::college;
            if (child.story == Story::college) child.school = no_school;
        }
        if (child.story != Story::preschool) give_upn(rng, child, primary, age);
        if (age >= 14 || (age == 13 && rng.percent(50))) child.uln = ulns_.next();
        if (is_on_roll(child.story)) ++on_roll_;
        county_.children.push_back(std::move(child));
    }

    std::uint32_t household_street(std::uint32_t household) const {
        // The household of this child is not stored yet; its street follows from its number in the same way.
        return (household * 7919U) % static_cast<std::uint32_t>(county_.streets.size());
    }

    void give_upn(Rng& rng, Child& child, std::uint16_t primary, int age) {
        const int year = 2025 - (age - 4);  // the year of reception
        const auto issue = [&]() -> std::string {
            if (rng.percent(12)) {  // started school in another authority; the counter keeps them apart
                const std::uint32_t n = elsewhere_++;
                static constexpr std::string_view authorities[] = {"925", "933", "821", "886", "330", "383"};
                const std::string from(authorities[n % 6]);
                return make_upn(from + number(2000 + n / 6 / 1000, 4), year, n / 6 % 1000);
            }
            const std::uint32_t serial = serials_[primary][static_cast<std::size_t>(year - 2005)]++;
            return make_upn(county_.schools[primary].laestab, year, serial);
        };
        child.upn = issue();
        if (rng.per_myriad(100)) child.former_upn = issue();
        if (child.former_upn.empty() && rng.per_myriad(150))
            child.upn = make_temporary_upn(county_.schools[primary].laestab, 2025, temporary_++);
    }

    void add_outsider(std::uint32_t index) {
        Rng rng(seed_, for_household, 3'000'000'000ULL + index);
        const auto street_count = static_cast<std::uint32_t>(county_.streets.size());
        const auto household = static_cast<std::uint32_t>(county_.households.size());
        county_.households.push_back({{rng.below(street_count), 200 + index}, {nobody, 0}});
        const Origin origin = draw_origin(rng);
        Child child;
        child.household = household;
        const int age = 13 + static_cast<int>(rng.below(4));
        child.born = day(2024 - age, 9, 1) + rng.between(0, 364);
        child.year = static_cast<std::int8_t>(age - 4);
        child.story = Story::outside;
        name_child(rng, child, origin, draw_surname(rng, origin));
        county_.children.push_back(std::move(child));
    }

    County& county_;
    std::uint64_t seed_;
    std::array<std::vector<std::uint16_t>, 4> by_phase_;
    std::vector<std::array<std::uint32_t, 32>> serials_;  // by school and year of issue from 2005
    std::uint64_t on_roll_ = 0;
    std::uint32_t elsewhere_ = 0, temporary_ = 0;
    NhsNumbers nhs_;
    Ulns ulns_;
};

}  // namespace

void build_schools(County& county) {
    const std::uint64_t pupils = county.options.pupils;
    const std::uint64_t primaries = at_least(pupils * 53 / 100 / 250, 2);
    const std::uint64_t secondaries = at_least(pupils * 43 / 100 / 1000, 2);
    const std::uint64_t specials = at_least(pupils * 2 / 100 / 110, 1);
    const std::uint64_t prus = at_least(pupils / 24000, 1);
    const std::uint64_t seed = county.options.seed;
    std::uint32_t urn = 900101;
    const auto add = [&](Phase phase, std::uint64_t index, int first_estab) -> School& {
        Rng rng(seed, for_school, static_cast<std::uint64_t>(phase) * 100000 + index);
        School school;
        school.urn = number(urn++);
        school.laestab = "873" + number(first_estab + static_cast<int>(index), 4);
        school.phase = phase;
        school.opened = day(1950 + rng.between(0, 60), 9, 1);
        const bool academy = rng.percent(phase == Phase::secondary ? 75 : 40);
        const bool church = phase == Phase::primary && rng.percent(30);
        school.name = draw_school_name(rng, church);
        switch (phase) {
            case Phase::primary:
                school.type_code = church ? 2 : academy ? 34 : 1;
                school.name += church ? " Church of England Primary School" : " Primary School";
                school.weight = static_cast<std::uint32_t>(rng.between(110, 430));
                break;
            case Phase::secondary:
                school.type_code = academy ? 34 : 5;
                school.name += academy ? " Academy" : " School";
                school.sixth_form = index % 5 != 1;
                break;
            case Phase::special:
                school.type_code = academy ? 44 : 7;
                school.name += " Special School";
                break;
            case Phase::pru:
                school.type_code = 14;
                school.name += " Pupil Referral Unit";
                break;
        }
        if (school.type_code == 34 || school.type_code == 44)
            school.opened = day(2012 + rng.between(0, 10), 9, 1);
        county.schools.push_back(std::move(school));
        return county.schools.back();
    };
    for (std::uint64_t i = 0; i < primaries; ++i)
        add(Phase::primary, i, 2001).feeds = static_cast<std::uint16_t>(primaries + i % secondaries);
    for (std::uint64_t i = 0; i < secondaries; ++i) add(Phase::secondary, i, 4001);
    for (std::uint64_t i = 0; i < specials; ++i) add(Phase::special, i, 7001);
    for (std::uint64_t i = 0; i < prus; ++i) add(Phase::pru, i, 1101);

    // The autumn set: a few schools, the second of which was not yet an academy then.
    for (std::uint64_t i = 0; i < std::min<std::uint64_t>(primaries, 4); ++i)
        county.schools[i].autumn_return = true;
    county.schools[primaries].autumn_return = true;
    School& converted = county.schools[1];
    converted.former_urn = "900001";
    converted.converted = day(2025, 12, 1);
    converted.type_code = 34;
    converted.opened = converted.converted;
}

void build_population(County& county) {
    county.households.reserve(county.options.pupils);
    county.children.reserve(county.options.pupils + county.options.pupils / 4);
    Builder(county).run();
}

Face make_face(const County& county, Rng& rng, std::uint32_t index, Sender sender) {
    const Child& child = county.children[index];
    const Household& home = county.households[child.household];
    Face face;
    face.child = index;
    face.surname = child.surname;
    face.forename = child.forename;
    face.born = child.born;
    face.sex = child.male ? 'M' : 'F';
    face.address = home.address;
    const bool loose = sender == Sender::youth;
    if (rng.percent(loose ? 10 : 6)) {
        if (!child.preferred_surname.empty())
            face.surname = child.preferred_surname;
        else if (!child.former_surname.empty())
            face.surname = child.former_surname;
        else
            face.surname = other_spelling(rng, child.surname);
    }
    if (!child.familiar.empty() && rng.percent(loose ? 14 : 9)) face.forename = child.familiar;
    if (rng.percent(30)) face.middle = child.middle;
    if (rng.percent(50)) face.former_surname = child.former_surname;
    if (rng.percent(50)) face.preferred_surname = child.preferred_surname;
    if (!child.familiar.empty() && rng.percent(30)) face.familiar = child.familiar;
    const Civil c = civil(child.born);
    if (rng.per_myriad(loose ? 150 : 60) && c.date <= 12 && c.date != c.month)
        face.born = day(c.year, c.date, c.month);
    if (rng.percent(loose ? 15 : 9)) {
        if (home.former.street != nobody)
            face.address = home.former;
        else if (rng.percent(30))
            face.has_address = false;
    }
    if (sender == Sender::council) {
        if (!rng.percent(28))
            face.upn = !child.former_upn.empty() && rng.percent(30) ? child.former_upn : child.upn;
        if (rng.percent(60)) face.uln = child.uln;
        if (rng.percent(30)) face.nhs = child.nhs;
    } else if (sender == Sender::health) {
        if (!rng.percent(3)) face.nhs = child.nhs;
    }
    // A date that is typed when none is known, and names in the wrong boxes: once written so, a sender keeps
    // it.
    Rng slip(county.options.seed, for_slips, index * 4ULL + static_cast<std::uint64_t>(sender));
    if (slip.per_myriad(30)) face.born = day(c.year, 1, 1);
    if (slip.per_myriad(80)) std::swap(face.surname, face.forename);
    return face;
}

}  // namespace sendhub::demo
