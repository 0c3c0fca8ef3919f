// Rows of the council's lists.
#include <algorithm>

#include "demo/events.hpp"
#include "demo/population.hpp"

namespace sendhub::demo {
namespace {

constexpr std::string_view other_authorities[] = {"925", "933", "821", "886", "330",
                                                  "383", "204", "341", "908", "810"};
// Lists outside education hold an old or wrong SEN status now and then.
char reported_sen(Rng& rng, char sen) {
    const std::uint32_t at = rng.below(100);
    if (at < 10) return 0;
    if (at < 15) return sen == 'N' ? 'K' : 'N';
    return sen;
}

std::string next_ref(std::string_view prefix, std::size_t size) {
    std::string out(prefix);
    append_number(out, static_cast<std::uint64_t>(size + 1) * 7 + 20000, 6);
    return out;
}

}  // namespace

CmeRow& add_cme(County& county, Rng& rng, std::uint32_t child, std::uint8_t reason, Day opened) {
    CmeRow row;
    row.ref = next_ref("CME-", county.cme.size());
    row.face = make_face(county, rng, child, Sender::council);
    if (rng.percent(20)) row.face.upn.clear();
    if (reason == 1 && rng.percent(35)) row.face.has_address = false;
    row.opened = opened;
    if (rng.percent(85)) row.referred = on_weekday(opened - rng.between(0, 6));
    row.reason = reason;
    const Child& who = county.children[child];
    row.sen = reported_sen(rng, who.sen);
    row.social = who.social;
    row.yj = who.youth_justice;
    row.officer = "MEO" + number(rng.between(1, 9), 2);
    if (rng.percent(70))
        row.contact = std::min(on_weekday(opened + rng.between(1, 40)), first_reporting_day - 1);
    if (rng.percent(40))
        row.visit = std::min(on_weekday(opened + rng.between(3, 50)), first_reporting_day - 1);
    row.next_due = on_weekday(first_reporting_day + rng.between(-10, 25));
    county.cme.push_back(std::move(row));
    return county.cme.back();
}

void close_cme(Rng& rng, CmeRow& row, Day closed, std::uint8_t outcome) {
    row.open = false;
    row.closed = std::max(closed, row.opened);
    row.outcome = outcome;
    row.contact = row.closed;
    row.next_due = no_day;
    if (rng.percent(50)) row.visit = no_day;
    if (row.visit != no_day) row.visit = std::min(row.visit, row.closed);
}

EheRow& add_ehe(County& county, Rng& rng, std::uint32_t child, Day start) {
    EheRow row;
    row.ref = next_ref("H", county.ehe.size());
    row.face = make_face(county, rng, child, Sender::council);
    row.start = start;
    row.notified = std::min(on_weekday(start + rng.between(0, 20)), first_reporting_day - 1);
    static constexpr int reasons[] = {18, 5, 14, 9, 7, 12, 14, 3, 5, 4, 4, 5};
    row.reason = static_cast<std::uint8_t>(rng.weighted(reasons));
    static constexpr int suitable[] = {62, 8, 20, 10};
    row.suitability = static_cast<std::uint8_t>(rng.weighted(suitable));
    const Child& who = county.children[child];
    row.sen = reported_sen(rng, who.sen);
    row.social = who.social;
    row.previous_school = who.former_school;
    if (row.suitability != 2)
        row.contact = std::min(on_weekday(start + rng.between(20, 300)), first_reporting_day - 1);
    if (row.suitability == 1 || (row.suitability == 3 && rng.percent(50)))
        row.s437 = std::max(row.contact, row.notified);
    if (row.suitability == 1 && rng.percent(25)) row.sao = std::min(row.s437 + 30, first_reporting_day - 1);
    row.challenged = rng.percent(15);
    county.ehe.push_back(std::move(row));
    return county.ehe.back();
}

OffRollRow& add_off_roll(County& county, Rng& rng, std::uint32_t child, std::uint16_t school, Day off_roll,
                         char ground) {
    OffRollRow row;
    row.ref = next_ref("OR/", county.off_roll.size());
    row.face = make_face(county, rng, child, Sender::council);
    row.school = school;
    row.off_roll = off_roll;
    row.ground = ground;
    const std::uint32_t at = rng.below(100);
    if (at < 74)
        row.notified = off_roll - rng.between(0, 8);
    else if (at < 94)
        row.notified = std::min(on_weekday(off_roll + rng.between(1, 30)), first_reporting_day - 1);
    if (row.notified != no_day && at >= 74 && row.notified <= off_roll) row.notified = off_roll;
    county.off_roll.push_back(std::move(row));
    return county.off_roll.back();
}

MoveRow& add_move(County& county, Rng& rng, std::uint32_t child, bool in, Day moved) {
    MoveRow row;
    row.ref = next_ref("M", county.moves.size());
    row.face = make_face(county, rng, child, Sender::council);
    row.in = in;
    row.from = in ? rng.pick(other_authorities) : "873";
    row.to = in ? "873" : rng.pick(other_authorities);
    row.moved = moved;
    row.notified = std::min(on_weekday(moved + rng.between(0, 15)), std::max(first_reporting_day - 1, moved));
    row.by = static_cast<std::uint8_t>(rng.below(4));
    const Child& who = county.children[child];
    row.sen = reported_sen(rng, who.sen);
    row.social = who.social;
    county.moves.push_back(std::move(row));
    return county.moves.back();
}

PartTimeRow& add_part_time(County& county, Rng& rng, std::uint32_t child, Day start) {
    Child& who = county.children[child];
    who.busy = true;
    PartTimeRow row;
    row.ref = next_ref("PT", county.part_time.size());
    row.face = make_face(county, rng, child, Sender::council);
    row.school = who.school;
    row.start = start;
    row.planned_end = start + (rng.percent(70) ? 42 : rng.between(14, 84));
    static constexpr int reasons[] = {22, 18, 24, 14, 12, 4, 6};
    row.reason = static_cast<std::uint8_t>(rng.weighted(reasons));
    row.half_hours = rng.between(10, 44);
    row.agreed = rng.percent(94);
    row.review = on_weekday(start + rng.between(14, 45));
    if (rng.percent(45) && row.review < first_reporting_day) {
        row.last_review = row.review;
        row.review = on_weekday(row.review + rng.between(14, 42));
    }
    row.notified =
        std::min(on_weekday(start + rng.between(-3, 20)), std::max(first_reporting_day - 1, start));
    row.sen = reported_sen(rng, who.sen);
    county.part_time.push_back(std::move(row));
    return county.part_time.back();
}

void build_part_time(County& county) {
    std::vector<bool> returned(county.schools.size());
    for (std::uint32_t i = 0; i < county.children.size(); ++i) {
        const Child& child = county.children[i];
        if (child.story != Story::on_roll || child.year < 0 || child.year > 11) continue;
        Rng rng(county.options.seed, for_part_time, i);
        if (!rng.per_myriad(child.sen == 'E' ? 260 : child.sen == 'K' ? 180 : 35)) continue;
        PartTimeRow& row =
            add_part_time(county, rng, i, some_day(rng, day(2025, 7, 1), first_reporting_day - 3));
        if (rng.percent(45)) {
            row.actual_end = on_weekday(row.start + rng.between(14, 70));
            if (row.actual_end >= first_reporting_day) row.actual_end = no_day;
        }
        returned[row.school] = true;
    }
    for (std::uint16_t s = 0; s < county.schools.size(); ++s) {
        Rng rng(county.options.seed, for_part_time, 1'000'000'000ULL + s);
        if (returned[s] || !rng.percent(75)) continue;
        PartTimeRow nil;
        nil.school = s;
        nil.notified = day(2026, 1, 12);
        county.part_time.push_back(std::move(nil));
    }
}

}  // namespace sendhub::demo
