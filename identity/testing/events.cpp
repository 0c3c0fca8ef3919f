#include <algorithm>

#include "identity/testing/records.hpp"

namespace sendhub::identity::testing {
namespace {

// One record and, with this chance each, more.
int one_or_more(Rng& rng, std::uint32_t percent_more, int most) {
    int n = 1;
    while (n < most && rng.percent(percent_more)) ++n;
    return n;
}

// A record of any day of the child's life, of a source that knows children of that age.
Event any_event(Rng& rng, const Child& child, Day start, Day now) {
    static constexpr std::array<int, sources> youngest{4, 0, 2, 0, 11, 5, 5, 16};
    const Day when = rng.between(start, now);
    for (;;) {
        const std::uint32_t source = rng.below(sources);
        if (youngest[source] <= child.age_on(when)) return {static_cast<Source>(source), when};
    }
}

}  // namespace

std::vector<Event> events_of(Rng& rng, const Child& child, const Rates& rates) {
    std::vector<Event> out;
    const Day now = std::min(today, child.lives_as_this_until - 1);
    Day start = std::max(child.born, child.lives_as_this_from);
    if (child.unaccompanied) start = std::max(start, child.homes.front().from);
    if (start > now) return out;
    const int age = child.age_on(now);
    const auto at = [&](Source source, Day when) {
        out.push_back({source, when < start ? rng.between(start, std::min(now, start + 60)) : when});
    };
    const auto lagging = [&](Source source) {  // skewed: most records are young, some are old
        const double years = rates.of[static_cast<std::size_t>(source)].years_out_of_date;
        at(source, now - static_cast<Day>(rng.skewed(static_cast<std::uint32_t>(years * 4 * 365))));
    };
    const auto since = [&](Source source, Day earliest) {
        at(source, rng.between(std::min(std::max(start, earliest), now), now));
    };
    const auto with_percent = [&](int share) { return rng.percent(static_cast<std::uint32_t>(share)); };

    // census: nine in ten are in state schools; a third have an older return of another year or school
    if (!child.schools.empty() || age < 4) {
        if (age >= 4 && age <= 15    ? with_percent(95)
            : age >= 16 && age <= 18 ? with_percent(50)
                                     : age >= 2 && age < 4 && with_percent(22))
            at(Source::census, now - rng.between(0, 120));
        if (age >= 6 && age <= 19 && with_percent(age <= 15 ? 30 : 40)) {
            const Day last = age <= 15 ? now - 200 : std::min(now - 200, child.born + 16 * 365);
            const Day when = rng.between(last - 3 * 365, last);
            if (when >= start && child.age_on(when) >= 4) at(Source::census, when);
        }
    }
    // health: nearly all small children, fewer later
    if (with_percent(age < 5 ? 93 : age < 16 ? 80 : age < 19 ? 60 : 22)) {
        int n = 1;
        if (with_percent(30)) ++n;
        if (with_percent(8)) ++n;
        for (int i = 0; i < n; ++i) {
            if (!child.unaccompanied && child.lives_as_this_from == INT32_MIN && with_percent(10))
                at(Source::health,
                   child.born + rng.between(0, 30));  // as the maternity ward sent it, never changed
            else
                lagging(Source::health);
        }
    }
    if (age >= 2 && rng.below(1000) < (child.looked_after ? 250U : child.male ? 78U : 36U))
        for (int n = one_or_more(rng, 30, 3); n > 0; --n) lagging(Source::ehc_casework);
    if (child.looked_after || rng.below(1000) < (age < 18 ? 85U : 20U)) {
        const int n = child.looked_after ? 2 + one_or_more(rng, 68, 13) : one_or_more(rng, 45, 7);
        for (int i = 0; i < n; ++i) since(Source::social_care, now - 6 * 365);
    }
    if (age >= 11 && rng.below(1000) < (child.looked_after ? 60U : child.male ? 16U : 5U))
        for (int n = one_or_more(rng, 58, 10); n > 0; --n)
            since(Source::youth_justice, child.born + 11 * 365);
    if (age >= 5 && age <= 17 && rng.below(1000) < (child.unaccompanied ? 250U : 22U))
        for (int n = one_or_more(rng, 15, 3); n > 0; --n) lagging(Source::missing_education);
    if (age >= 5 && age <= 16 && rng.below(1000) < 20 && !child.unaccompanied)
        for (int n = one_or_more(rng, 10, 2); n > 0; --n) lagging(Source::home_education);
    if (age >= 16 && with_percent(age < 19 ? 88 : 28))
        for (int n = one_or_more(rng, 30, 3); n > 0; --n) {
            at(Source::post16, std::max(now - static_cast<Day>(rng.skewed(2200)), child.born + 16 * 365));
        }
    if (rates.most_records > 0) {
        const int wanted = rng.between(rates.fewest_records, rates.most_records);
        while (static_cast<int>(out.size()) < wanted) out.push_back(any_event(rng, child, start, now));
    }
    std::ranges::stable_sort(out, [](const Event& a, const Event& b) {
        return a.source != b.source ? a.source < b.source : a.day < b.day;
    });
    return out;
}

}  // namespace sendhub::identity::testing
