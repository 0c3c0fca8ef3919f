// Youth justice: interventions, suitable placements, and what education knows of the children.
#include <algorithm>

#include "demo/codes.hpp"
#include "demo/measures.hpp"

namespace sendhub::demo {
namespace {

class YouthMeasures {
  public:
    YouthMeasures(const County& county, Sheet& sheet) : c_(county), at_(county.as_at), sheet_(sheet) {}

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
        sheet_.percent("yj_ete_suitable_percent", set, "Order ending", "Order ending", suitable_at_end,
                       ended.size());
        crossmatch(caseload);
    }

  private:
    [[nodiscard]] bool open_at(const Programme& p, Day d) const {
        return p.flaw == Flaw::none && p.start <= d && (p.end == no_day || p.end > d);
    }

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
        const auto heard = reported_provision(c_);
        std::map<std::string, Count> states;
        for (const std::size_t p : caseload) {
            const std::uint32_t child = c_.young_people[p].face.child;
            std::string state = "unknown_to_education";
            if (education.contains(child)) {
                state = "N";
                if (const auto found = census.find(child); found != census.end())
                    state = std::string(1, found->second);
                else if (const auto said = heard.find(child); said != heard.end())
                    state = std::string(1, said->second);
            }
            ++states[state];
        }
        for (const auto& [state, children] : states)
            sheet_.percent("yj_crossmatch", "yj_send_crossmatch", "Match state", state, children,
                           caseload.size());
    }

    const County& c_;
    Day at_;
    Sheet& sheet_;
};

}  // namespace

void measure_youth_justice(const County& county, Sheet& sheet) {
    YouthMeasures(county, sheet).youth_justice();
}

}  // namespace sendhub::demo
