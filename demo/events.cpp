#include "demo/events.hpp"

#include <algorithm>

#include "demo/codes.hpp"
#include "demo/enrolments.hpp"
#include "demo/identifiers.hpp"
#include "demo/population.hpp"

namespace sendhub::demo {
namespace {

constexpr std::string_view other_authorities[] = {"925", "933", "821", "886", "330", "383", "204", "341", "908", "810"};
constexpr std::string_view other_places[] = {"Lincolnshire", "Suffolk", "Essex", "Birmingham", "Leeds", "Scotland", "Ireland"};

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

class Teller {
  public:
    Teller(County& county, std::uint32_t child) : c_(county), id_(child), rng_(county.options.seed, for_story, child) {}

    void tell() {
        Child& child = c_.children[id_];
        const std::uint16_t school = child.school;
        if (child.story != Story::on_roll) child.busy = true;
        switch (child.story) {
            case Story::on_roll: enrol(school, usual_entry(c_, rng_, child, school)); dual_register(); break;
            case Story::changed_school: change_school(); break;
            case Story::reported_twice: report_twice(); break;
            case Story::excluded: exclude(); break;
            case Story::moved_in: move_in(); break;
            case Story::ehe_returned: return_from_ehe(); break;
            case Story::cme_closed_in_school: close_in_school(); break;
            case Story::ehe: educate_at_home(); break;
            case Story::ehe_after_cme: settle_at_home(); break;
            case Story::cme_lost: get_lost(); break;
            case Story::cme_lost_before: {
                leave_out_of_sight();
                CmeRow& row = add_cme(c_, rng_, id_, 1, some_day(rng_, day(2024, 9, 2), day(2025, 8, 22)));
                row.last_school = child.former_school;
                row.last_attended = row.opened - rng_.between(20, 90);
                repeat_case(row);
                break;
            }
            case Story::cme_new_here: {
                leave_out_of_sight();
                const Day moved = some_day(rng_, day(2025, 9, 1), day(2025, 12, 12));
                add_move(c_, rng_, id_, true, moved);
                CmeRow& row = add_cme(c_, rng_, id_, rng_.percent(60) ? 0 : 2, on_weekday(moved + rng_.between(2, 20)));
                row.previous_la = c_.moves.back().from;
                break;
            }
            case Story::cme_unsuitable_ehe: {
                leave_out_of_sight();
                const Day opened = some_day(rng_, day(2025, 6, 2), day(2026, 1, 9));
                EheRow& ehe = add_ehe(c_, rng_, id_, some_day(rng_, day(2023, 9, 4), day(2025, 3, 28)));
                ehe.end = opened;
                ehe.end_reason = 4;
                ehe.suitability = 1;
                add_cme(c_, rng_, id_, 3, opened);
                break;
            }
            case Story::cme_closed_away: close_away(); break;
            case Story::moved_out: move_out(); break;
            case Story::waiting:
                leave_out_of_sight();
                add_move(c_, rng_, id_, true, some_day(rng_, first_reporting_day - 55, first_reporting_day - 4));
                break;
            case Story::college:
            case Story::preschool:
            case Story::outside: break;
        }
    }

  private:
    void enrol(std::uint16_t school, Day entry, Day leaving = no_day, char status = 'C') {
        Rng rng(c_.options.seed, for_census, id_ * 1000ULL + school);
        add_enrolment(c_, rng, school, id_, entry, leaving, status);
    }
    Day entry_at(std::uint16_t school) { return usual_entry(c_, rng_, c_.children[id_], school); }

    void leave_out_of_sight() {
        Child& child = c_.children[id_];
        child.former_school = child.school;
        child.school = no_school;
    }

    // Another school of the same phase, or the same one where there is none.
    std::uint16_t other_school(std::uint16_t school) {
        std::vector<std::uint16_t> others;
        for (std::uint16_t i = 0; i < c_.schools.size(); ++i)
            if (i != school && c_.schools[i].phase == c_.schools[school].phase) others.push_back(i);
        return others.empty() ? school : others[rng_.below(static_cast<std::uint32_t>(others.size()))];
    }

    // Left in this academic year: the leaver's element of the census and the notice of the school.
    Day leave_school(Day first, Day last, char ground) {
        Child& child = c_.children[id_];
        const Day left = some_day(rng_, first, last);
        enrol(child.former_school, std::min(entry_at(child.former_school), day(2025, 9, 3)), left);
        add_off_roll(c_, rng_, id_, child.former_school, left, ground);
        return left;
    }

    void dual_register() {
        Child& child = c_.children[id_];
        if (child.year < 7 || child.year > 11 || c_.schools[child.school].phase != Phase::secondary || !rng_.per_myriad(15)) return;
        for (std::uint16_t i = 0; i < c_.schools.size(); ++i)
            if (c_.schools[i].phase == Phase::pru) {
                child.busy = true;
                c_.spring[child.school].back().status = 'M';
                enrol(i, some_day(rng_, day(2025, 4, 28), day(2025, 11, 14)), no_day, 'S');
                return;
            }
    }

    void change_school() {
        Child& child = c_.children[id_];
        const std::uint16_t old = other_school(child.school);
        if (old == child.school) return enrol(child.school, entry_at(child.school));
        child.former_school = old;
        const Day left = leave_school(day(2025, 9, 15), day(2026, 1, 8), 'A');
        enrol(child.school, on_weekday(std::min(left + rng_.between(1, 7), census_day - 2)));
        OffRollRow& notice = c_.off_roll.back();
        notice.destination_school = child.school;
        notice.destination = c_.schools[child.school].name;
        if (rng_.percent(92)) notice.confirmed = std::min(on_weekday(left + rng_.between(1, 12)), first_reporting_day - 1);
    }

    void report_twice() {
        Child& child = c_.children[id_];
        const std::uint16_t old = other_school(child.school);
        if (old == child.school) return enrol(child.school, entry_at(child.school));
        child.former_school = old;
        enrol(old, std::min(entry_at(old), day(2025, 9, 3)));
        enrol(child.school, some_day(rng_, day(2025, 12, 1), day(2026, 1, 13)));
    }

    void exclude() {
        Child& child = c_.children[id_];
        leave_out_of_sight();
        for (std::uint16_t i = 0; i < c_.schools.size(); ++i)
            if (c_.schools[i].phase == Phase::pru) child.school = i;
        const Day left = leave_school(day(2025, 10, 20), day(2025, 12, 19), 'O');
        enrol(child.school, on_weekday(left - rng_.between(5, 9)));
        OffRollRow& notice = c_.off_roll.back();
        notice.destination_school = child.school;
        notice.destination = c_.schools[child.school].name;
        notice.confirmed = left;
    }

    void move_in() {
        Child& child = c_.children[id_];
        const Day placed = some_day(rng_, day(2025, 9, 8), day(2026, 1, 13));
        enrol(child.school, placed);
        MoveRow& row = add_move(c_, rng_, id_, true, placed - rng_.between(3, 65));
        row.placed = placed;
        row.school = child.school;
    }

    void return_from_ehe() {
        Child& child = c_.children[id_];
        const Day back = some_day(rng_, day(2025, 9, 3), day(2026, 1, 12));
        enrol(child.school, back);
        EheRow& row = add_ehe(c_, rng_, id_, some_day(rng_, day(2023, 9, 4), day(2025, 7, 11)));
        row.end = back;
        row.returned = back;
        row.end_reason = 1;
    }

    void close_in_school() {
        Child& child = c_.children[id_];
        const Day back = some_day(rng_, day(2025, 9, 10), day(2026, 1, 9));
        enrol(child.school, back);
        CmeRow& row = add_cme(c_, rng_, id_, rng_.percent(50) ? 0 : 2, on_weekday(back - rng_.between(12, 140)));
        close_cme(rng_, row, on_weekday(back + rng_.between(0, 6)), 1);
    }

    void educate_at_home() {
        leave_out_of_sight();
        if (rng_.percent(40)) {
            const Day left = leave_school(day(2025, 9, 8), day(2026, 1, 9), 'F');
            EheRow& row = add_ehe(c_, rng_, id_, left);
            row.previous_school = c_.children[id_].former_school;
            OffRollRow& notice = c_.off_roll.back();
            notice.destination = "Home educated";
            if (rng_.percent(85)) notice.confirmed = row.notified;
        } else {
            add_ehe(c_, rng_, id_, some_day(rng_, day(2021, 9, 6), day(2025, 8, 22)));
        }
    }

    void settle_at_home() {
        leave_out_of_sight();
        const Day opened = some_day(rng_, day(2025, 5, 5), day(2025, 10, 31));
        CmeRow& row = add_cme(c_, rng_, id_, 1, opened);
        const Day closed = on_weekday(std::min(opened + rng_.between(20, 75), first_reporting_day - 4));
        close_cme(rng_, row, closed, 2);
        add_ehe(c_, rng_, id_, closed - 10).suitability = 0;
    }

    void get_lost() {
        leave_out_of_sight();
        const Day left = leave_school(day(2025, 9, 15), day(2026, 1, 9), rng_.percent(60) ? 'I' : 'H');
        c_.off_roll.back().destination = "";
        CmeRow& row = add_cme(c_, rng_, id_, 4, std::min(on_weekday(left + rng_.between(0, 12)), first_reporting_day - 1));
        row.last_school = c_.children[id_].former_school;
        row.off_roll = left;
        row.last_attended = left - rng_.between(20, 40);
        row.ground = c_.off_roll.back().ground;
        repeat_case(row);
    }

    // A few cases are entered a second time, under another reference.
    void repeat_case(const CmeRow& row) {
        if (!rng_.percent(6)) return;
        const CmeRow first = row;  // the list may move when it grows
        CmeRow& second = add_cme(c_, rng_, id_, 1, std::min(on_weekday(first.opened + rng_.between(3, 25)), first_reporting_day - 1));
        second.last_school = first.last_school;
    }

    void close_away() {
        leave_out_of_sight();
        Day opened = some_day(rng_, day(2025, 2, 3), day(2025, 11, 14));
        std::uint16_t last_school = no_school;
        if (rng_.percent(40)) {
            const Day left = leave_school(day(2025, 9, 8), day(2025, 11, 7), 'G');
            opened = on_weekday(left + rng_.between(0, 10));
            last_school = c_.children[id_].former_school;
        }
        CmeRow& row = add_cme(c_, rng_, id_, 1, opened);
        row.last_school = last_school;
        static constexpr int shares[] = {0, 0, 0, 55, 15, 30};
        const auto outcome = static_cast<std::uint8_t>(rng_.weighted(shares));
        close_cme(rng_, row, on_weekday(std::min(opened + rng_.between(10, 160), first_reporting_day - 4)), outcome);
    }

    void move_out() {
        leave_out_of_sight();
        const Day left = leave_school(day(2025, 9, 8), day(2026, 1, 9), 'G');
        OffRollRow& notice = c_.off_roll.back();
        notice.destination = rng_.pick(other_places);
        if (rng_.percent(80)) notice.confirmed = std::min(on_weekday(left + rng_.between(0, 25)), first_reporting_day - 1);
        MoveRow& row = add_move(c_, rng_, id_, false, left + rng_.between(-6, 3));
        row.notified = std::min(on_weekday(left + rng_.between(0, 12)), first_reporting_day - 1);
    }

    County& c_;
    std::uint32_t id_;
    Rng rng_;
};

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
    if (rng.percent(70)) row.contact = std::min(on_weekday(opened + rng.between(1, 40)), first_reporting_day - 1);
    if (rng.percent(40)) row.visit = std::min(on_weekday(opened + rng.between(3, 50)), first_reporting_day - 1);
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
    if (row.suitability != 2) row.contact = std::min(on_weekday(start + rng.between(20, 300)), first_reporting_day - 1);
    if (row.suitability == 1 || (row.suitability == 3 && rng.percent(50))) row.s437 = std::max(row.contact, row.notified);
    if (row.suitability == 1 && rng.percent(25)) row.sao = std::min(row.s437 + 30, first_reporting_day - 1);
    row.challenged = rng.percent(15);
    county.ehe.push_back(std::move(row));
    return county.ehe.back();
}

OffRollRow& add_off_roll(County& county, Rng& rng, std::uint32_t child, std::uint16_t school, Day off_roll, char ground) {
    OffRollRow row;
    row.ref = next_ref("OR/", county.off_roll.size());
    row.face = make_face(county, rng, child, Sender::council);
    row.school = school;
    row.off_roll = off_roll;
    row.ground = ground;
    const std::uint32_t at = rng.below(100);
    if (at < 74) row.notified = off_roll - rng.between(0, 8);
    else if (at < 94) row.notified = std::min(on_weekday(off_roll + rng.between(1, 30)), first_reporting_day - 1);
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
    row.notified = std::min(on_weekday(start + rng.between(-3, 20)), std::max(first_reporting_day - 1, start));
    row.sen = reported_sen(rng, who.sen);
    county.part_time.push_back(std::move(row));
    return county.part_time.back();
}

void tell_stories(County& county) {
    county.spring.resize(county.schools.size());
    county.autumn.resize(county.schools.size());
    for (std::uint32_t i = 0; i < county.children.size(); ++i) Teller(county, i).tell();
}

void build_part_time(County& county) {
    std::vector<bool> returned(county.schools.size());
    for (std::uint32_t i = 0; i < county.children.size(); ++i) {
        const Child& child = county.children[i];
        if (child.story != Story::on_roll || child.year < 0 || child.year > 11) continue;
        Rng rng(county.options.seed, for_part_time, i);
        if (!rng.per_myriad(child.sen == 'E' ? 260 : child.sen == 'K' ? 180 : 35)) continue;
        PartTimeRow& row = add_part_time(county, rng, i, some_day(rng, day(2025, 7, 1), first_reporting_day - 3));
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

void add_advice_request(County& county, Rng& rng, std::uint32_t child, Day requested) {
    county.children[child].busy = true;
    const Day today = county.as_at - 1;
    const Face face = make_face(county, rng, child, Sender::health);
    const std::string hospital_no = "RXD" + number(100000 + child * 3ULL, 7);
    const std::string ref = "EHC" + number(civil(requested).year % 100) + "/" + number(county.advice.size() + 1000, 5);
    const Day received = requested + rng.between(0, 6);
    const bool received_known = rng.percent(95);
    const Damage damage = face.nhs.empty() ? Damage::none : rng.percent(3) ? Damage::exponent : rng.percent(1) ? Damage::wrong_digit : Damage::none;
    std::array<std::uint8_t, 6> order{0, 4, 1, 3, 2, 5};
    for (std::size_t i = 5; i > 1; --i) std::swap(order[i], order[rng.below(static_cast<std::uint32_t>(i + 1))]);
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
        const std::uint32_t share = child.story == Story::preschool ? 200 : child.sen == 'K' ? 500 : child.sen == 'E' ? 150 : 25;
        if (rng.per_myriad(share))
            add_advice_request(county, rng, i, some_day(rng, first_reporting_day - 365, first_reporting_day - 2));
    }
}

void add_young_person(County& county, Rng& rng, std::uint32_t index, Day latest_start) {
    Child& child = county.children[index];
    child.busy = true;
    child.youth_justice = true;
    YoungPerson person;
    person.face = make_face(county, rng, index, Sender::youth);
    person.ref = "YJ" + number(county.young_people.size() * 3 + 401, 5);
    if (rng.percent(70)) person.pnc = make_pnc(2019 + static_cast<int>(rng.below(7)), 100'000 + rng.below(800'000));
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
            if (p == 1) place.provision = 3;
            else if (child.story == Story::ehe) place.provision = 4;
            else if (school_age) place.provision = rng.percent(70) ? 0 : rng.percent(50) ? 1 : rng.percent(60) ? 2 : 6;
            else place.provision = rng.percent(50) ? 5 : rng.percent(50) ? 6 : 7;
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

void add_list_flaws(County& county) {
    // Every sixtieth row or so, so that small counties have some too; a wrong order waits for a row that can have one.
    const auto spoil = [](auto& rows, auto can_be_out_of_order, auto can_lack_a_date) {
        bool date_due = false, order_due = false;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            date_due = date_due || i % 80 == 7;
            order_due = order_due || i % 80 == 31;
            if (date_due && can_lack_a_date(rows[i])) {
                rows[i].flaw = Flaw::bad_date;
                date_due = false;
            } else if (order_due && can_be_out_of_order(rows[i])) {
                rows[i].flaw = Flaw::wrong_order;
                order_due = false;
            }
        }
    };
    const auto never = [](const auto&) { return false; };
    const auto always = [](const auto&) { return true; };
    spoil(county.cme, [](const CmeRow& row) { return !row.open; }, always);
    spoil(county.ehe, [](const EheRow& row) { return row.end != no_day; }, always);
    spoil(county.off_roll, never, always);
    spoil(county.moves, never, always);
    spoil(county.advice, [](const AdviceRow& row) { return row.state == AdviceState::sent; }, always);
    spoil(county.programmes, [&](const Programme& p) { return p.end != no_day && p.end < county.as_at; }, never);
}

}  // namespace sendhub::demo
