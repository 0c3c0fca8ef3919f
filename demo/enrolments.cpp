#include "demo/enrolments.hpp"

#include <algorithm>

#include "demo/shared_with_people.hpp"

namespace sendhub::demo {
namespace {

constexpr Day term_start = day(2025, 9, 3);
constexpr Day term_end = day(2025, 12, 19);

constexpr bool is_school_day(Day d) {
    return weekday(d) < 5 && d >= term_start && d <= term_end &&
           !(d >= day(2025, 10, 27) && d <= day(2025, 10, 31));
}

// School days of the autumn term from its start up to and with each day.
constexpr auto school_days_up_to = [] {
    std::array<int, static_cast<std::size_t>(term_end - term_start + 1)> out{};
    int count = 0;
    for (Day d = term_start; d <= term_end; ++d) {
        if (is_school_day(d)) ++count;
        out[static_cast<std::size_t>(d - term_start)] = count;
    }
    return out;
}();

int school_days(Day first, Day last) {
    first = std::max(first, term_start);
    last = std::min(last, term_end);
    if (last < first) return 0;
    const auto at = [](Day d) {
        return d < term_start ? 0 : school_days_up_to[static_cast<std::size_t>(d - term_start)];
    };
    return at(last) - at(first - 1);
}

// Uneven by pupil: about one in five misses a tenth, one in forty a half; more with SEN and in a PRU.
Attendance draw_attendance(Rng& rng, int possible, char sen, Phase phase) {
    Attendance out;
    if (possible <= 0) return out;
    out.given = true;
    out.possible = possible;
    std::uint32_t severe = sen == 'N' ? 16 : sen == 'K' ? 40 : 55;
    std::uint32_t persistent = sen == 'N' ? 150 : sen == 'K' ? 230 : 260;
    if (phase == Phase::pru) severe *= 5, persistent *= 2;
    const std::uint32_t at = rng.below(1000);
    int absent = 0;
    const auto share = [&](std::uint32_t low, std::uint32_t high, std::uint32_t drawn) {  // of ten thousand
        return static_cast<int>(
            (static_cast<std::uint64_t>(possible) * (low + drawn % (high - low + 1)) + 5000) / 10000);
    };
    if (at < severe)
        absent = share(5000, 9800, rng.below(4801));
    else if (at < severe + persistent)
        absent = share(1000, 4900, rng.skewed(3901));
    else
        absent = share(0, 990, rng.skewed(991) * 3 / 2);
    absent = std::min(absent, possible);
    static constexpr int shares[] = {30, 1, 2, 1, 520, 3, 70, 6, 1, 3, 90, 15, 170, 90};
    for (int left = absent; left > 0;) {
        const std::size_t mark = rng.weighted(shares);
        const int run =
            std::min(left, mark == 4 || mark == 10 ? rng.between(2, 10) : rng.between(1, 1 + absent / 8));
        out.absent[mark] = static_cast<std::int16_t>(out.absent[mark] + run);
        left -= run;
    }
    return out;
}

constexpr std::string_view reason_codes[] = {"DB", "PP", "PA", "VP", "VA", "OW", "BU",
                                             "RA", "DA", "DM", "TH", "MT", "SM", "LG"};

Exclusion draw_exclusion(Rng& rng, Category category, char sen, Day first, Day last) {
    static constexpr int shares[] = {42, 14, 7, 7, 13, 3, 2, 2, 4, 2, 1, 1, 1, 1};
    Exclusion out;
    out.category = category;
    for (int tries = 0; tries < 30 && out.start == no_day; ++tries)
        if (const Day d = rng.between(first, last); is_school_day(d)) out.start = d;
    if (out.start == no_day) return out;
    out.sessions = category == Category::suspension  ? 1 + static_cast<int>(rng.skewed(12))
                   : category == Category::lunchtime ? rng.between(1, 4)
                                                     : 0;
    const std::size_t reason = rng.weighted(shares);
    out.reasons[0] = reason_codes[reason];
    if (rng.percent(25)) {
        const std::size_t second = rng.weighted(shares);
        if (second != reason) out.reasons[1] = reason_codes[second];
    }
    out.sen = sen;
    return out;
}

void draw_exclusions(Rng& rng, Enrolment& enrolment, Phase phase, char sen, Day first, Day last) {
    first = std::max(first, term_start);
    last = std::min(last, term_end);
    if (last - first < 10) return;
    std::uint32_t share = 0;
    switch (phase) {
        case Phase::primary:
            share = sen == 'N' ? 20 : sen == 'K' ? 190 : 260;
            break;
        case Phase::secondary:
            share = sen == 'N' ? 270 : sen == 'K' ? 900 : 980;
            break;
        case Phase::special:
            share = 110;
            break;
        case Phase::pru:
            share = 2600;
            break;
    }
    if (!rng.per_myriad(share)) return;
    for (int count = 1;; ++count) {
        Exclusion one = draw_exclusion(rng, rng.percent(6) ? Category::lunchtime : Category::suspension, sen,
                                       first, last);
        const auto same_day = [&](const Exclusion& other) { return other.start == one.start; };
        if (one.start != no_day &&
            std::none_of(enrolment.exclusions.begin(), enrolment.exclusions.end(), same_day))
            enrolment.exclusions.push_back(one);
        if (count >= 8 || !rng.percent(38)) break;
    }
}

}  // namespace

Day usual_entry(const County& county, Rng& rng, const Child& child, std::uint16_t school) {
    const int year = child.year;
    Day entry = no_day;
    switch (county.schools[school].phase) {
        case Phase::primary:
            entry = day(2025 - std::max(year, 0), 9, 3);
            break;
        case Phase::secondary:
            entry = day(2025 - (std::max(year, 7) - 7), 9, 3);
            break;
        case Phase::special:
            entry = day(2025 - static_cast<int>(rng.below(static_cast<std::uint32_t>(std::max(year, 0)) + 1)),
                        9, 3);
            break;
        case Phase::pru:
            entry = rng.between(day(2025, 1, 6), day(2025, 11, 28));
            break;
    }
    if (year < 0) entry = term_start;
    if (year > 0 && rng.percent(12))
        entry = rng.between(entry, std::max(entry, day(2025, 9, 8)));  // came in between
    return on_weekday(entry);
}

Enrolment& add_enrolment(County& county, Rng& rng, std::uint16_t school, std::uint32_t child, Day entry,
                         Day leaving, char status) {
    const Child& who = county.children[child];
    const Phase phase = county.schools[school].phase;
    Enrolment enrolment;
    enrolment.child = child;
    enrolment.on_roll = leaving == no_day;
    enrolment.status = status;
    enrolment.sen = who.sen;
    enrolment.needs = who.needs;
    enrolment.entry = entry;
    enrolment.leaving = leaving;
    enrolment.address = county.households[who.household].address;
    // Attendance is asked for those aged 4 to 15 on 31 August.
    const Day last = leaving == no_day ? term_end : leaving;
    if (who.year >= 0 && who.year <= 11) {
        int possible = 2 * school_days(entry, last);
        if (status == 'S') possible = possible * 2 / 5;
        enrolment.attendance = draw_attendance(rng, possible, who.sen, phase);
    }
    if (who.year >= 1) draw_exclusions(rng, enrolment, phase, who.sen, entry, last);
    if (who.story == Story::excluded && leaving != no_day) {
        Exclusion permanent = draw_exclusion(rng, Category::permanent, who.sen, leaving - 21, leaving - 15);
        if (permanent.start == no_day) permanent.start = on_weekday(leaving - 20);
        permanent.sen = who.sen;
        if (permanent.reasons[0].empty()) permanent.reasons[0] = "DB";
        std::erase_if(enrolment.exclusions, [&](const Exclusion& e) { return e.start >= permanent.start; });
        enrolment.exclusions.push_back(permanent);
    }
    auto& roll = county.spring[school];
    roll.push_back(std::move(enrolment));
    return roll.back();
}

void build_autumn_return(County& county) {
    for (std::size_t s = 0; s < county.schools.size(); ++s) {
        if (!county.schools[s].autumn_return) continue;
        for (const Enrolment& spring : county.spring[s]) {
            if (spring.entry > autumn_census_day ||
                (spring.flaw != Flaw::none && spring.flaw != Flaw::need_without_sen &&
                 spring.flaw != Flaw::absent_too_long && spring.flaw != Flaw::no_reason))
                continue;
            Rng rng(county.options.seed, for_autumn, spring.child * 1000ULL + s);
            Enrolment autumn = spring;
            autumn.flaw = Flaw::none;
            autumn.on_roll = spring.leaving == no_day || spring.leaving > autumn_census_day;
            if (autumn.on_roll) autumn.leaving = no_day;
            if (autumn.sen == 'K' && rng.percent(4)) autumn.sen = 'N';
            autumn.attendance = {};
            autumn.exclusions.clear();
            const Child& child = county.children[spring.child];
            if (spring.entry < day(2025, 4, 22) && child.year >= 1 && child.year <= 12) {
                autumn.attendance = draw_attendance(rng, 116, autumn.sen, county.schools[s].phase);
                if (rng.per_myriad(autumn.sen == 'N' ? 30 : 200)) {
                    Exclusion one;
                    one.start = some_day(rng, day(2025, 4, 28), day(2025, 7, 11));
                    one.sessions = rng.between(2, 10);
                    one.reasons[0] = rng.pick(reason_codes);
                    one.sen = autumn.sen;
                    autumn.exclusions.push_back(one);
                }
            }
            county.autumn[s].push_back(std::move(autumn));
        }
    }
}

void add_census_flaws(County& county) {
    const std::uint64_t seed = county.options.seed;
    for (std::uint16_t s = 0; s < county.schools.size(); ++s) {
        for (Enrolment& enrolment : county.spring[s]) {
            const Child& child = county.children[enrolment.child];
            Rng rng(seed, for_flaws, enrolment.child * 1000ULL + s);
            const std::uint32_t at = rng.below(10000);
            for (Exclusion& exclusion : enrolment.exclusions)
                if (exclusion.category == Category::suspension && rng.per_myriad(200))
                    exclusion.flaw = Flaw::no_reason;
            if (!enrolment.on_roll) {
                if (at < 200 && !child.youth_justice && child.sen == 'N' && enrolment.exclusions.empty() &&
                    enrolment.entry > day(2000, 1, 1)) {
                    enrolment.flaw = Flaw::left_before_entry;
                    enrolment.attendance = {};
                }
                continue;
            }
            const bool plain =
                !child.busy && child.sen == 'N' && enrolment.exclusions.empty() && enrolment.status == 'C';
            if (plain && at < 6)
                enrolment.flaw = Flaw::birth_in_future;
            else if (plain && at < 12)
                enrolment.flaw = Flaw::entry_too_late;
            else if (plain && at < 18)
                enrolment.flaw = Flaw::need_without_sen;
            else if (at >= 18 && at < 24 && enrolment.attendance.given && enrolment.status == 'C')
                enrolment.flaw = Flaw::absent_too_long;
            if (enrolment.flaw == Flaw::birth_in_future || enrolment.flaw == Flaw::entry_too_late)
                enrolment.attendance = {};
            if (enrolment.flaw == Flaw::none && rng.per_myriad(50)) {
                enrolment.upn_mistyped = !mistype_upn(child.upn).empty();
            } else if (enrolment.flaw == Flaw::none && !child.busy && rng.per_myriad(15)) {
                const std::uint32_t other = rng.below(static_cast<std::uint32_t>(county.children.size()));
                const Child& owner = county.children[other];
                if (!owner.upn.empty() && is_on_roll(owner.story) && owner.school != s &&
                    owner.former_school != s)
                    enrolment.upn_of = other;
            }
        }
    }
}

}  // namespace sendhub::demo
