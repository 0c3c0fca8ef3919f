// Every child's story of the last months, told in enrolments and rows of the council's lists.
#include <algorithm>
#include <vector>

#include "demo/enrolments.hpp"
#include "demo/events.hpp"

namespace sendhub::demo {
namespace {

constexpr std::string_view other_places[] = {"Lincolnshire", "Suffolk",  "Essex",  "Birmingham",
                                             "Leeds",        "Scotland", "Ireland"};

class Teller {
  public:
    Teller(County& county, std::uint32_t child)
        : c_(county), id_(child), rng_(county.options.seed, for_story, child) {}

    void tell() {
        Child& child = c_.children[id_];
        const std::uint16_t school = child.school;
        if (child.story != Story::on_roll) child.busy = true;
        switch (child.story) {
            case Story::on_roll:
                enrol(school, usual_entry(c_, rng_, child, school));
                dual_register();
                break;
            case Story::changed_school:
                change_school();
                break;
            case Story::reported_twice:
                report_twice();
                break;
            case Story::excluded:
                exclude();
                break;
            case Story::moved_in:
                move_in();
                break;
            case Story::ehe_returned:
                return_from_ehe();
                break;
            case Story::cme_closed_in_school:
                close_in_school();
                break;
            case Story::ehe:
                educate_at_home();
                break;
            case Story::ehe_after_cme:
                settle_at_home();
                break;
            case Story::cme_lost:
                get_lost();
                break;
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
                CmeRow& row =
                    add_cme(c_, rng_, id_, rng_.percent(60) ? 0 : 2, on_weekday(moved + rng_.between(2, 20)));
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
            case Story::cme_closed_away:
                close_away();
                break;
            case Story::moved_out:
                move_out();
                break;
            case Story::waiting:
                leave_out_of_sight();
                add_move(c_, rng_, id_, true,
                         some_day(rng_, first_reporting_day - 55, first_reporting_day - 4));
                break;
            case Story::college:
            case Story::preschool:
            case Story::outside:
                break;
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
        if (child.year < 7 || child.year > 11 || c_.schools[child.school].phase != Phase::secondary ||
            !rng_.per_myriad(15))
            return;
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
        if (rng_.percent(92))
            notice.confirmed = std::min(on_weekday(left + rng_.between(1, 12)), first_reporting_day - 1);
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
        CmeRow& row =
            add_cme(c_, rng_, id_, rng_.percent(50) ? 0 : 2, on_weekday(back - rng_.between(12, 140)));
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
        CmeRow& row = add_cme(c_, rng_, id_, 4,
                              std::min(on_weekday(left + rng_.between(0, 12)), first_reporting_day - 1));
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
        CmeRow& second =
            add_cme(c_, rng_, id_, 1,
                    std::min(on_weekday(first.opened + rng_.between(3, 25)), first_reporting_day - 1));
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
        close_cme(rng_, row, on_weekday(std::min(opened + rng_.between(10, 160), first_reporting_day - 4)),
                  outcome);
    }

    void move_out() {
        leave_out_of_sight();
        const Day left = leave_school(day(2025, 9, 8), day(2026, 1, 9), 'G');
        OffRollRow& notice = c_.off_roll.back();
        notice.destination = rng_.pick(other_places);
        if (rng_.percent(80))
            notice.confirmed = std::min(on_weekday(left + rng_.between(0, 25)), first_reporting_day - 1);
        MoveRow& row = add_move(c_, rng_, id_, false, left + rng_.between(-6, 3));
        row.notified = std::min(on_weekday(left + rng_.between(0, 12)), first_reporting_day - 1);
    }

    County& c_;
    std::uint32_t id_;
    Rng rng_;
};

}  // namespace

void tell_stories(County& county) {
    county.spring.resize(county.schools.size());
    county.autumn.resize(county.schools.size());
    for (std::uint32_t i = 0; i < county.children.size(); ++i) Teller(county, i).tell();
}

}  // namespace sendhub::demo
