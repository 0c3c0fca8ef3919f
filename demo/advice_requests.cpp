// Requests for health advice in EHC needs assessments, and their answers.
#include <algorithm>

#include "demo/events.hpp"
#include "demo/population.hpp"

namespace sendhub::demo {

void add_advice_request(County& county, Rng& rng, std::uint32_t child, Day requested) {
    county.children[child].busy = true;
    const Day today = county.as_at - 1;
    const Face face = make_face(county, rng, child, Sender::health);
    const std::string hospital_no = "RXD" + number(100000 + child * 3ULL, 7);
    const std::string ref =
        "EHC" + number(civil(requested).year % 100) + "/" + number(county.advice.size() + 1000, 5);
    const Day received = requested + rng.between(0, 6);
    const bool received_known = rng.percent(95);
    const Damage damage = face.nhs.empty() ? Damage::none
                          : rng.percent(3) ? Damage::exponent
                          : rng.percent(1) ? Damage::wrong_digit
                                           : Damage::none;
    std::array<std::uint8_t, 6> order{0, 4, 1, 3, 2, 5};
    for (std::size_t i = 5; i > 1; --i)
        std::swap(order[i], order[rng.below(static_cast<std::uint32_t>(i + 1))]);
    const int count = rng.between(3, 5);
    for (int i = 0; i < count; ++i) {
        AdviceRow row;
        row.face = face;
        row.hospital_no = hospital_no;
        row.request_ref = ref;
        row.nhs_damage = damage;
        row.service = order[static_cast<std::size_t>(i)];
        row.requested = requested;
        if (received_known) row.received = received;
        const Day start = received_known ? received : requested;
        row.due = rng.percent(15) ? requested + 42 : start + 42;
        row.referral = requested - rng.between(0, 400);
        if (rng.percent(60)) row.first_seen = row.referral + rng.between(14, 200);
        if (row.first_seen > today) row.first_seen = no_day;
        const std::uint32_t at = rng.below(100);
        if (at < 2) {
            row.state = at == 0 ? AdviceState::declined : AdviceState::cancelled;
        } else if (at < 8) {
            row.state = AdviceState::not_known;
            row.sent = start + rng.between(3, 30);
        } else if (at < 60) {
            row.state = AdviceState::sent;
            row.sent = start + rng.between(14, 42);
        } else if (at < 90) {
            row.state = AdviceState::sent;
            row.sent = start + 42 + rng.between(1, 60);
        }
        if (at >= 60 && rng.percent(12)) row.exception = static_cast<std::uint8_t>(rng.between(1, 3));
        if (row.sent != no_day && row.sent > today) {
            row.sent = no_day;
            row.state = AdviceState::open;
        }
        county.advice.push_back(std::move(row));
    }
}

void build_advice(County& county) {
    for (std::uint32_t i = 0; i < county.children.size(); ++i) {
        const Child& child = county.children[i];
        if (child.story == Story::outside || child.year > 13) continue;
        Rng rng(county.options.seed, for_advice, i);
        const std::uint32_t share = child.story == Story::preschool ? 200
                                    : child.sen == 'K'              ? 500
                                    : child.sen == 'E'              ? 150
                                                                    : 25;
        if (rng.per_myriad(share))
            add_advice_request(county, rng, i,
                               some_day(rng, first_reporting_day - 365, first_reporting_day - 2));
    }
}

}  // namespace sendhub::demo
