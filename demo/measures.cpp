// The measures of the county, from what happened in it. README.md defines each; only rows that the hub can take count.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "demo/codes.hpp"
#include "demo/truth.hpp"

namespace sendhub::demo {
namespace {

using Count = std::uint64_t;

std::string four_decimals(Count numerator, Count denominator) {
    // half away from zero, in whole numbers
    const Count scaled = (numerator * 2'000'000 + denominator) / (2 * denominator);
    return number(scaled / 10'000) + "." + number(scaled % 10'000, 4);
}

class Sheet {
  public:
    Sheet() { out_ = "measure,dataset,breakdown_topic,breakdown,numerator,denominator,value\n"; }
    void count(std::string_view measure, std::string_view dataset, std::string_view topic, std::string_view breakdown, Count value) {
        row(measure, dataset, topic, breakdown, number(value), "", number(value));
    }
    void percent(std::string_view measure, std::string_view dataset, std::string_view topic, std::string_view breakdown, Count numerator,
                 Count denominator) {
        row(measure, dataset, topic, breakdown, number(numerator), number(denominator),
            denominator == 0 ? std::string() : four_decimals(numerator, denominator));
    }
    void row(std::string_view measure, std::string_view dataset, std::string_view topic, std::string_view breakdown,
             std::string_view numerator, std::string_view denominator, std::string_view value) {
        CsvLine line(out_);
        line << measure << dataset << topic << breakdown << numerator << denominator << value;
        line.end("\n");
    }
    // Counts by group, and their total first.
    void counts(std::string_view measure, std::string_view dataset, std::string_view topic, const std::map<std::string, Count>& groups) {
        for (const auto& [breakdown, value] : groups) count(measure, dataset, topic, breakdown, value);
    }
    [[nodiscard]] const std::string& text() const { return out_; }

  private:
    std::string out_;
};

struct Share {
    Count numerator = 0, denominator = 0;
};

bool in_year(Day d, Day as_at) { return d != no_day && d >= academic_year_start && d <= as_at; }

bool taken(const Enrolment& e) {  // the enrolment record
    return e.flaw != Flaw::birth_in_future && e.flaw != Flaw::entry_too_late && e.flaw != Flaw::left_before_entry;
}
bool on_school_roll(const Enrolment& e) { return taken(e) && e.on_roll && (e.status == 'C' || e.status == 'M'); }
bool attends(const Enrolment& e) {
    return e.attendance.given && e.flaw != Flaw::birth_in_future && e.flaw != Flaw::absent_too_long;
}

class Measures {
  public:
    explicit Measures(const County& county) : c_(county), at_(county.as_at) {}

    std::string work_out() {
        census();
        cme();
        ehe();
        off_roll();
        movers();
        part_time();
        missing_monday();
        advice();
        youth_justice();
        return sheet_.text();
    }

  private:
    struct Roll {
        Count pupils = 0, support = 0, plans = 0, possible = 0, authorised = 0, unauthorised = 0, rows = 0, persistent = 0, severe = 0,
              suspensions = 0, permanent = 0;
        bool attendance = false;
    };

    void census() {
        constexpr std::string_view profile = "school_inclusion_profile";
        Roll total;
        std::vector<Roll> schools(c_.schools.size());
        std::map<std::string, Roll> provisions;
        std::map<std::string, Count> needs;
        std::set<std::uint32_t> children, suspended;
        for (std::size_t s = 0; s < c_.schools.size(); ++s) {
            for (const Enrolment& e : c_.spring[s]) {
                const std::string provision = e.on_roll ? std::string(1, e.sen) : "unknown";
                const auto everywhere = [&](auto change) {
                    change(total);
                    change(schools[s]);
                    change(provisions[provision]);
                };
                if (on_school_roll(e)) {
                    everywhere([&](Roll& r) {
                        ++r.pupils;
                        r.support += e.sen == 'K' ? 1 : 0;
                        r.plans += e.sen == 'E' ? 1 : 0;
                    });
                    if (e.sen != 'N' && e.needs[0] != 0) ++needs[std::string(need_codes[e.needs[0] - 1U])];
                }
                if (taken(e) && e.on_roll) children.insert(e.child);
                if (attends(e)) {
                    const auto possible = static_cast<Count>(e.attendance.possible);
                    const auto authorised = static_cast<Count>(e.attendance.authorised());
                    const auto unauthorised = static_cast<Count>(e.attendance.unauthorised());
                    everywhere([&](Roll& r) {
                        r.attendance = true;
                        r.possible += possible;
                        r.authorised += authorised;
                        r.unauthorised += unauthorised;
                        if (possible == 0) return;
                        ++r.rows;
                        r.persistent += 10 * (authorised + unauthorised) >= possible ? 1 : 0;
                        r.severe += 2 * (authorised + unauthorised) >= possible ? 1 : 0;
                    });
                }
                if (e.flaw == Flaw::birth_in_future) continue;
                for (const Exclusion& x : e.exclusions) {
                    if (x.flaw != Flaw::none || x.category == Category::lunchtime) continue;
                    const bool permanent = x.category == Category::permanent;
                    for (Roll* r : {&total, &schools[s], &provisions[std::string(1, x.sen)]}) ++(permanent ? r->permanent : r->suspensions);
                    if (!permanent) suspended.insert(e.child);
                }
            }
        }
        const auto all = [&](auto write) {
            write("Total", "Total", total);
            for (std::size_t s = 0; s < schools.size(); ++s) write("School", c_.schools[s].urn, schools[s]);
            for (const auto& [name, roll] : provisions) write("SEN provision", name, roll);
        };
        all([&](std::string_view topic, std::string_view name, const Roll& r) {
            if (r.pupils > 0) sheet_.count("pupils_on_roll", profile, topic, name, r.pupils);
            if (topic != "SEN provision" && r.pupils > 0) {
                sheet_.percent("sen_support_percent", profile, topic, name, r.support, r.pupils);
                sheet_.percent("ehcp_percent", profile, topic, name, r.plans, r.pupils);
            }
            if (r.attendance) {
                sheet_.count("attendance_possible", "attendance_summary", topic, name, r.possible);
                sheet_.count("attendance_authorised", "attendance_summary", topic, name, r.authorised);
                sheet_.count("attendance_unauthorised", "attendance_summary", topic, name, r.unauthorised);
                sheet_.percent("absence_percent", "attendance_summary", topic, name, r.authorised + r.unauthorised, r.possible);
                sheet_.percent("persistent_absence_percent", "attendance_summary", topic, name, r.persistent, r.rows);
                sheet_.percent("severe_absence_percent", "attendance_summary", topic, name, r.severe, r.rows);
            }
            if (r.pupils > 0) {
                sheet_.percent("suspension_rate", "exclusion_summary", topic, name, r.suspensions, r.pupils);
                sheet_.percent("permanent_exclusion_rate", "exclusion_summary", topic, name, r.permanent, r.pupils);
            }
        });
        sheet_.count("children_on_roll", profile, "Total", "Total", children.size());
        sheet_.counts("primary_need", profile, "Primary need", needs);
        sheet_.percent("pupils_suspended_percent", "exclusion_summary", "Total", "Total", suspended.size(), total.pupils);
        roll_ = total.pupils;
        on_roll_ = std::move(children);
    }

    void cme() {
        constexpr std::string_view set = "cme_summary";
        Count open = 0, long_open = 0, opened = 0, closed = 0, returned = 0;
        std::map<std::string, Count> reasons, outcomes;
        std::set<std::uint32_t> children;
        for (const CmeRow& row : c_.cme) {
            if (row.flaw != Flaw::none) continue;
            if (row.open && row.opened <= at_) {
                ++open;
                ++reasons[std::string(cme_reasons[row.reason].code)];
                children.insert(row.face.child);
                long_open += at_ - row.opened > 84 ? 1 : 0;
            }
            opened += in_year(row.opened, at_) ? 1 : 0;
            if (in_year(row.closed, at_)) {
                ++closed;
                ++outcomes[std::string(cme_outcomes[row.outcome].code)];
                returned += row.outcome == 1 || row.outcome == 2 || row.outcome == 6 ? 1 : 0;
            }
        }
        sheet_.count("cme_open", set, "Total", "Total", open);
        sheet_.counts("cme_open", set, "Reason", reasons);
        sheet_.count("cme_open_children", set, "Total", "Total", children.size());
        sheet_.count("cme_open_over_12_weeks", set, "Total", "Total", long_open);
        sheet_.count("cme_opened", set, "Total", "Total", opened);
        sheet_.count("cme_closed", set, "Total", "Total", closed);
        sheet_.counts("cme_closed", set, "Outcome", outcomes);
        sheet_.percent("cme_returned_percent", set, "Total", "Total", returned, closed);
    }

    [[nodiscard]] bool current(const EheRow& row) const {
        return row.flaw == Flaw::none && row.start <= at_ && (row.end == no_day || row.end > at_);
    }

    void ehe() {
        constexpr std::string_view set = "ehe_summary";
        Count stock = 0, started = 0, returned = 0, suitable = 0;
        std::map<std::string, Count> suitability, stock_reasons, start_reasons;
        for (const EheRow& row : c_.ehe) {
            if (row.flaw != Flaw::none) continue;
            const std::string reason(ehe_reasons[row.reason].code);
            if (current(row)) {
                ++stock;
                ++suitability[std::string(ehe_suitabilities[row.suitability].code)];
                ++stock_reasons[reason];
                suitable += row.suitability == 0 ? 1 : 0;
            }
            if (in_year(row.start, at_)) {
                ++started;
                ++start_reasons[reason];
            }
            returned += in_year(row.end, at_) && row.end_reason == 1 ? 1 : 0;
        }
        sheet_.count("ehe_stock", set, "Total", "Total", stock);
        sheet_.counts("ehe_stock", set, "Suitability", suitability);
        sheet_.counts("ehe_stock", set, "Reason", stock_reasons);
        sheet_.count("ehe_started", set, "Total", "Total", started);
        sheet_.counts("ehe_started", set, "Reason", start_reasons);
        sheet_.count("ehe_returned", set, "Total", "Total", returned);
        sheet_.percent("ehe_suitable_percent", set, "Total", "Total", suitable, stock);
    }

    void off_roll() {
        constexpr std::string_view set = "off_roll_notification";
        Share total;
        std::map<std::string, Share> grounds;
        Count no_destination = 0;
        for (const OffRollRow& row : c_.off_roll) {
            if (row.flaw != Flaw::none) continue;
            no_destination += row.off_roll <= at_ && row.confirmed == no_day ? 1 : 0;
            if (!in_year(row.off_roll, at_)) continue;
            for (Share* share : {&total, &grounds[std::string(1, row.ground)]}) {
                ++share->denominator;
                share->numerator += row.notified != no_day && row.notified <= row.off_roll ? 1 : 0;
            }
        }
        sheet_.percent("off_roll_on_time_percent", set, "Total", "Total", total.numerator, total.denominator);
        for (const auto& [ground, share] : grounds) sheet_.percent("off_roll_on_time_percent", set, "Ground", ground, share.numerator, share.denominator);
        sheet_.count("off_roll_no_destination", set, "Total", "Total", no_destination);
    }

    [[nodiscard]] bool waiting(const MoveRow& row) const {
        return row.flaw == Flaw::none && row.in && row.moved <= at_ && row.placed == no_day;
    }

    void movers() {
        std::map<std::string, Count> directions;
        Count not_placed = 0;
        std::vector<Day> days;
        for (const MoveRow& row : c_.moves) {
            if (row.flaw != Flaw::none) continue;
            if (in_year(row.moved, at_)) {
                ++directions[row.in ? "in" : "out"];
                if (row.in && row.placed != no_day && row.placed <= at_) days.push_back(row.placed - row.moved);
            }
            not_placed += waiting(row) ? 1 : 0;
        }
        sheet_.counts("movers", "movers", "Direction", directions);
        std::sort(days.begin(), days.end());
        std::string median;
        if (!days.empty()) {
            const std::size_t half = days.size() / 2;
            const Day twice = days.size() % 2 == 1 ? 2 * days[half] : days[half - 1] + days[half];
            median = number(twice / 2) + (twice % 2 == 0 ? ".0" : ".5");
        }
        sheet_.row("days_to_place_median", "movers", "Total", "Total", "", number(days.size()), median);
        sheet_.count("arrived_not_placed", "movers", "Total", "Total", not_placed);
    }

    [[nodiscard]] bool current(const PartTimeRow& row) const {
        return row.face.child != nobody && row.start <= at_ && (row.actual_end == no_day || row.actual_end > at_);
    }

    void part_time() {
        constexpr std::string_view set = "part_time_timetable";
        Count stock = 0, long_now = 0, past_end = 0, all_three = 0;
        std::map<std::string, Count> reasons;
        std::set<std::uint16_t> returning;
        for (const PartTimeRow& row : c_.part_time) {
            returning.insert(row.school);
            if (!current(row)) continue;
            ++stock;
            ++reasons[std::string(part_time_reasons[row.reason].code)];
            const bool six_weeks = at_ - row.start > 42;
            const bool past = row.planned_end < at_;
            long_now += six_weeks ? 1 : 0;
            past_end += past ? 1 : 0;
            all_three += six_weeks && past && row.last_review == no_day ? 1 : 0;
        }
        sheet_.count("part_time_stock", set, "Total", "Total", stock);
        sheet_.counts("part_time_stock", set, "Reason", reasons);
        sheet_.percent("part_time_percent", set, "Total", "Total", stock, roll_);
        sheet_.count("part_time_over_6_weeks", set, "Total", "Total", long_now);
        sheet_.count("part_time_past_end", set, "Total", "Total", past_end);
        sheet_.count("part_time_over_6_weeks_past_end_no_review", set, "Total", "Total", all_three);
        sheet_.percent("part_time_schools_returning_percent", set, "Total", "Total", returning.size(), c_.schools.size());
    }

    // What a list said of a child's SEN provision: the strongest of what it said.
    void hear(std::map<std::uint32_t, char>& heard, std::uint32_t child, char sen) {
        if (child == nobody || (sen != 'E' && sen != 'K')) return;
        char& known = heard[child];
        if (known != 'E') known = sen;
    }
    std::map<std::uint32_t, char> reported_provision() {
        std::map<std::uint32_t, char> heard;
        for (const CmeRow& row : c_.cme)
            if (row.flaw == Flaw::none) hear(heard, row.face.child, row.sen);
        for (const EheRow& row : c_.ehe)
            if (row.flaw == Flaw::none) hear(heard, row.face.child, row.sen);
        for (const MoveRow& row : c_.moves)
            if (row.flaw == Flaw::none) hear(heard, row.face.child, row.sen);
        for (const PartTimeRow& row : c_.part_time) hear(heard, row.face.child, row.sen);
        return heard;
    }

    void missing_monday() {
        constexpr std::string_view set = "missing_monday";
        std::map<std::string, std::set<std::uint32_t>> triggers;
        for (const CmeRow& row : c_.cme)
            if (row.flaw == Flaw::none && row.open && row.opened <= at_) triggers["cme_open"].insert(row.face.child);
        for (const OffRollRow& row : c_.off_roll)
            if (row.flaw == Flaw::none && row.off_roll <= at_ && row.confirmed == no_day && row.ground != 'K')
                triggers["off_roll_no_destination"].insert(row.face.child);
        for (const PartTimeRow& row : c_.part_time)
            if (current(row) && row.review != no_day && row.review < at_) triggers["part_time_review_overdue"].insert(row.face.child);
        std::set<std::uint32_t> left, educated_at_home;
        for (const MoveRow& row : c_.moves) {
            if (waiting(row)) triggers["arrived_not_placed"].insert(row.face.child);
            if (row.flaw == Flaw::none && !row.in && row.moved <= at_) left.insert(row.face.child);
        }
        for (const EheRow& row : c_.ehe)
            if (current(row) && row.suitability == 0) educated_at_home.insert(row.face.child);
        std::set<std::uint32_t> plans;
        for (const auto& [child, sen] : reported_provision())
            if (sen == 'E') plans.insert(child);
        for (const auto& roll : c_.spring)
            for (const Enrolment& e : roll)
                if (e.on_roll && e.sen == 'E' && e.flaw != Flaw::birth_in_future) plans.insert(e.child);
        for (const std::uint32_t child : plans)
            if (!on_roll_.contains(child) && !left.contains(child) && !educated_at_home.contains(child))
                triggers["plan_not_on_roll"].insert(child);
        std::set<std::uint32_t> any;
        for (const auto& [name, children] : triggers) {
            sheet_.count("missing_monday", set, "Trigger", name, children.size());
            any.insert(children.begin(), children.end());
        }
        sheet_.count("missing_monday", set, "Total", "Total", any.size());
    }

    void advice() {
        constexpr std::string_view set = "advice_timeliness";
        std::map<std::string, Share> all, without_exceptions;
        std::map<std::string, Count> outstanding, ages;
        Count open = 0;
        for (const AdviceRow& row : c_.advice) {
            if (row.flaw != Flaw::none) continue;
            const std::string service(services[row.service].code);
            const Day start = row.received != no_day ? row.received : row.requested;
            const Day due = start + 42;
            if (row.state == AdviceState::open) {
                ++open;
                ++outstanding[service];
                ++ages[at_ - start <= 42 ? "0-42" : at_ - start <= 84 ? "43-84" : "85+"];
            }
            const bool answered = row.state == AdviceState::sent || row.state == AdviceState::not_known;
            if (!answered && !(row.state == AdviceState::open && due < at_)) continue;
            const Count on_time = answered && row.sent <= due ? 1 : 0;
            for (const std::string& name : {std::string("Total"), service}) {
                ++all[name].denominator;
                all[name].numerator += on_time;
                if (row.exception != 0) continue;
                ++without_exceptions[name].denominator;
                without_exceptions[name].numerator += on_time;
            }
        }
        const auto write = [&](std::string_view measure, const std::map<std::string, Share>& shares) {
            for (const auto& [name, share] : shares)
                sheet_.percent(measure, set, name == "Total" ? "Total" : "Service", name, share.numerator, share.denominator);
        };
        write("advice_on_time_percent", all);
        write("advice_on_time_excl_percent", without_exceptions);
        sheet_.count("advice_outstanding", set, "Total", "Total", open);
        sheet_.counts("advice_outstanding", set, "Service", outstanding);
        sheet_.counts("advice_outstanding", set, "Age", ages);
    }

    [[nodiscard]] bool open_at(const Programme& p, Day d) const { return p.flaw == Flaw::none && p.start <= d && (p.end == no_day || p.end > d); }

    // All ETE placements of the child on that day suitable, and at least one.
    [[nodiscard]] bool ete_suitable(std::size_t person, Day d, bool last_day_counts) const {
        bool any = false;
        for (const Programme& p : c_.programmes) {
            if (p.person != person || p.flaw != Flaw::none || p.start > d) continue;
            if (p.end != no_day && (last_day_counts ? p.end < d : p.end <= d)) continue;
            for (const EtePlace& place : p.places) {
                if (suitabilities[place.suitable] != "SUITABLE") return false;
                any = true;
            }
        }
        return any;
    }

    void youth_justice() {
        constexpr std::string_view set = "yj_caseload";
        constexpr Day quarter_start = day(2025, 10, 1), quarter_end = day(2025, 12, 31);
        Count open = 0, known = 0, planned = 0;
        std::map<std::string, Count> types;
        std::set<std::size_t> caseload;
        std::map<std::size_t, Day> ended;
        for (const Programme& p : c_.programmes) {
            if (p.flaw == Flaw::none && p.end != no_day && p.end >= quarter_start && p.end <= quarter_end) {
                Day& last = ended.try_emplace(p.person, p.end).first->second;
                last = std::max(last, p.end);
            }
            if (!open_at(p, at_)) continue;
            ++open;
            ++types[std::string(disposals[p.disposal].code)];
            caseload.insert(p.person);
            const YoungPerson& person = c_.young_people[p.person];
            known += person.send_known ? 1 : 0;
            planned += person.send_known && person.send_plan ? 1 : 0;
        }
        sheet_.count("yj_open_interventions", set, "Total", "Total", open);
        sheet_.counts("yj_open_interventions", set, "Programme type", types);
        sheet_.percent("yj_send_plan_percent", set, "Total", "Total", planned, known);
        Count suitable = 0, suitable_at_end = 0;
        for (const std::size_t person : caseload) suitable += ete_suitable(person, at_, false) ? 1 : 0;
        for (const auto& [person, end] : ended) suitable_at_end += ete_suitable(person, end, true) ? 1 : 0;
        sheet_.percent("yj_ete_suitable_percent", set, "Total", "Total", suitable, caseload.size());
        sheet_.percent("yj_ete_suitable_percent", set, "Order ending", "Order ending", suitable_at_end, ended.size());
        crossmatch(caseload);
    }

    void crossmatch(const std::set<std::size_t>& caseload) {
        // Everyone education has a row of, and the provision the census says.
        std::set<std::uint32_t> education;
        std::map<std::uint32_t, char> census;
        for (const auto& roll : c_.spring)
            for (const Enrolment& e : roll) {
                if (e.flaw == Flaw::birth_in_future) continue;
                education.insert(e.child);
                if (!e.on_roll) continue;
                char& best = census.try_emplace(e.child, 'N').first->second;
                if (e.sen == 'E' || (e.sen == 'K' && best == 'N')) best = e.sen;
            }
        const auto listed = [&](const auto& rows) {
            for (const auto& row : rows)
                if (row.face.child != nobody) education.insert(row.face.child);
        };
        // A list's row that is refused does not count, but the child's other rows do.
        const auto listed_good = [&](const auto& rows) {
            for (const auto& row : rows)
                if (row.flaw == Flaw::none) education.insert(row.face.child);
        };
        listed_good(c_.cme);
        listed_good(c_.ehe);
        listed_good(c_.off_roll);
        listed_good(c_.moves);
        listed(c_.part_time);
        const auto heard = reported_provision();
        std::map<std::string, Count> states;
        for (const std::size_t p : caseload) {
            const std::uint32_t child = c_.young_people[p].face.child;
            std::string state = "unknown_to_education";
            if (education.contains(child)) {
                state = "N";
                if (const auto found = census.find(child); found != census.end()) state = std::string(1, found->second);
                else if (const auto said = heard.find(child); said != heard.end()) state = std::string(1, said->second);
            }
            ++states[state];
        }
        for (const auto& [state, children] : states)
            sheet_.percent("yj_crossmatch", "yj_send_crossmatch", "Match state", state, children, caseload.size());
    }

    const County& c_;
    Day at_;
    Sheet sheet_;
    Count roll_ = 0;
    std::set<std::uint32_t> on_roll_;
};

}  // namespace

std::string measures_csv(const County& county) { return Measures(county).work_out(); }

}  // namespace sendhub::demo
