// The council's lists, and the list of every Monday that is made of them.
#include <algorithm>
#include <vector>

#include "demo/codes.hpp"
#include "demo/measures.hpp"

namespace sendhub::demo {
namespace {

// What a list said of a child's SEN provision: the strongest of what it said.
void hear(std::map<std::uint32_t, char>& heard, std::uint32_t child, char sen) {
    if (child == nobody || (sen != 'E' && sen != 'K')) return;
    char& known = heard[child];
    if (known != 'E') known = sen;
}
class ListMeasures {
  public:
    ListMeasures(const County& county, const CensusFacts& census, Sheet& sheet)
        : c_(county), at_(county.as_at), census_(census), sheet_(sheet) {}

    void work_out() {
        cme();
        ehe();
        off_roll();
        movers();
        part_time();
        missing_monday();
    }

  private:
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
        for (const auto& [ground, share] : grounds)
            sheet_.percent("off_roll_on_time_percent", set, "Ground", ground, share.numerator,
                           share.denominator);
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
                if (row.in && row.placed != no_day && row.placed <= at_)
                    days.push_back(row.placed - row.moved);
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
        return row.face.child != nobody && row.start <= at_ &&
               (row.actual_end == no_day || row.actual_end > at_);
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
        sheet_.percent("part_time_percent", set, "Total", "Total", stock, census_.school_roll);
        sheet_.count("part_time_over_6_weeks", set, "Total", "Total", long_now);
        sheet_.count("part_time_past_end", set, "Total", "Total", past_end);
        sheet_.count("part_time_over_6_weeks_past_end_no_review", set, "Total", "Total", all_three);
        sheet_.percent("part_time_schools_returning_percent", set, "Total", "Total", returning.size(),
                       c_.schools.size());
    }

    void missing_monday() {
        constexpr std::string_view set = "missing_monday";
        std::map<std::string, std::set<std::uint32_t>> triggers;
        for (const CmeRow& row : c_.cme)
            if (row.flaw == Flaw::none && row.open && row.opened <= at_)
                triggers["cme_open"].insert(row.face.child);
        for (const OffRollRow& row : c_.off_roll)
            if (row.flaw == Flaw::none && row.off_roll <= at_ && row.confirmed == no_day && row.ground != 'K')
                triggers["off_roll_no_destination"].insert(row.face.child);
        for (const PartTimeRow& row : c_.part_time)
            if (current(row) && row.review != no_day && row.review < at_)
                triggers["part_time_review_overdue"].insert(row.face.child);
        std::set<std::uint32_t> left, educated_at_home;
        for (const MoveRow& row : c_.moves) {
            if (waiting(row)) triggers["arrived_not_placed"].insert(row.face.child);
            if (row.flaw == Flaw::none && !row.in && row.moved <= at_) left.insert(row.face.child);
        }
        for (const EheRow& row : c_.ehe)
            if (current(row) && row.suitability == 0) educated_at_home.insert(row.face.child);
        std::set<std::uint32_t> plans;
        for (const auto& [child, sen] : reported_provision(c_))
            if (sen == 'E') plans.insert(child);
        for (const auto& roll : c_.spring)
            for (const Enrolment& e : roll)
                if (e.on_roll && e.sen == 'E' && e.flaw != Flaw::birth_in_future) plans.insert(e.child);
        for (const std::uint32_t child : plans)
            if (!census_.on_roll.contains(child) && !left.contains(child) &&
                !educated_at_home.contains(child))
                triggers["plan_not_on_roll"].insert(child);
        std::set<std::uint32_t> any;
        for (const auto& [name, children] : triggers) {
            sheet_.count("missing_monday", set, "Trigger", name, children.size());
            any.insert(children.begin(), children.end());
        }
        sheet_.count("missing_monday", set, "Total", "Total", any.size());
    }

    const County& c_;
    Day at_;
    const CensusFacts& census_;
    Sheet& sheet_;
};

}  // namespace

std::map<std::uint32_t, char> reported_provision(const County& county) {
    std::map<std::uint32_t, char> heard;
    for (const CmeRow& row : county.cme)
        if (row.flaw == Flaw::none) hear(heard, row.face.child, row.sen);
    for (const EheRow& row : county.ehe)
        if (row.flaw == Flaw::none) hear(heard, row.face.child, row.sen);
    for (const MoveRow& row : county.moves)
        if (row.flaw == Flaw::none) hear(heard, row.face.child, row.sen);
    for (const PartTimeRow& row : county.part_time) hear(heard, row.face.child, row.sen);
    return heard;
}

void measure_lists(const County& county, const CensusFacts& census, Sheet& sheet) {
    ListMeasures(county, census, sheet).work_out();
}

}  // namespace sendhub::demo
