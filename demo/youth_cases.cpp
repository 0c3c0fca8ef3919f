// Children the youth justice service works with.
#include <algorithm>

#include "demo/events.hpp"
#include "demo/population.hpp"
#include "demo/shared_with_people.hpp"

namespace sendhub::demo {

void add_young_person(County& county, Rng& rng, std::uint32_t index, Day latest_start) {
    Child& child = county.children[index];
    child.busy = true;
    child.youth_justice = true;
    YoungPerson person;
    person.face = make_face(county, rng, index, Sender::youth);
    person.ref = "YJ" + number(county.young_people.size() * 3 + 401, 5);
    if (rng.percent(70))
        person.pnc = make_pnc(2019 + static_cast<int>(rng.below(7)), 100'000 + rng.below(800'000));
    person.send_known = child.sen != 'N' ? rng.percent(82) : rng.percent(10);
    person.send_plan = person.send_known && (child.sen == 'E' ? rng.percent(88) : rng.percent(4));
    const auto who = static_cast<std::uint32_t>(county.young_people.size());
    const int count = rng.percent(80) ? 1 : 2;
    Day start = some_day(rng, latest_start - 330, latest_start);
    for (int i = 0; i < count; ++i) {
        Programme programme;
        programme.person = who;
        programme.ref = "IP-" + number(county.programmes.size() + 701);
        static constexpr int shares[] = {46, 20, 12, 15, 6, 1};
        programme.disposal = static_cast<std::uint8_t>(rng.weighted(shares));
        programme.start = start;
        programme.offence = start - rng.between(20, 150);
        programme.offence_kind = static_cast<std::uint8_t>(rng.below(4));
        const Day end = start + rng.between(75, programme.disposal >= 3 ? 365 : 210);
        if (end < county.as_at || rng.percent(20)) programme.end = end;  // a planned end, else none yet
        const int places = rng.percent(70) ? 1 : 2;
        for (int p = 0; p < places; ++p) {
            EtePlace place;
            const bool school_age = child.year <= 11;
            if (p == 1)
                place.provision = 3;
            else if (child.story == Story::ehe)
                place.provision = 4;
            else if (school_age)
                place.provision = rng.percent(70) ? 0 : rng.percent(50) ? 1 : rng.percent(60) ? 2 : 6;
            else
                place.provision = rng.percent(50) ? 5 : rng.percent(50) ? 6 : 7;
            static constexpr int fit[] = {62, 28, 10};
            place.suitable = static_cast<std::uint8_t>(place.provision == 6 ? 1 : rng.weighted(fit));
            place.offered = place.provision == 6 ? 0 : p == 1 ? rng.between(4, 12) : rng.between(10, 27);
            place.attended = place.offered == 0 ? 0 : rng.between(place.offered / 3, place.offered);
            programme.places.push_back(place);
        }
        county.programmes.push_back(std::move(programme));
        start = std::min(on_weekday(start + rng.between(40, 120)), latest_start);
    }
    county.young_people.push_back(std::move(person));
}

void build_youth_justice(County& county) {
    for (std::uint32_t i = 0; i < county.children.size(); ++i) {
        const Child& child = county.children[i];
        if (child.born > day(2015, 9, 1) || child.born <= day(2008, 2, 1)) continue;  // aged 10 to 17
        Rng rng(county.options.seed, for_youth, i);
        std::uint32_t share = child.sen == 'N' ? 55 : 450;
        if (child.story == Story::excluded) share *= 3;
        if (child.story == Story::outside) share = 10000;
        if (rng.per_myriad(share)) add_young_person(county, rng, i, first_reporting_day - 8);
    }
}

}  // namespace sendhub::demo
