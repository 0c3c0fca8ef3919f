// Roll, SEN provision, attendance, exclusions.
#include <utility>
#include <vector>

#include "demo/measures.hpp"

namespace sendhub::demo {
namespace {

bool taken(const Enrolment& e) {  // the enrolment record
    return e.flaw != Flaw::birth_in_future && e.flaw != Flaw::entry_too_late &&
           e.flaw != Flaw::left_before_entry;
}
bool on_school_roll(const Enrolment& e) {
    return taken(e) && e.on_roll && (e.status == 'C' || e.status == 'M');
}
bool attends(const Enrolment& e) {
    return e.attendance.given && e.flaw != Flaw::birth_in_future && e.flaw != Flaw::absent_too_long;
}

class CensusMeasures {
  public:
    CensusMeasures(const County& county, Sheet& sheet) : c_(county), sheet_(sheet) {}

    CensusFacts census() {
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
                    for (Roll* r : {&total, &schools[s], &provisions[std::string(1, x.sen)]})
                        ++(permanent ? r->permanent : r->suspensions);
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
                sheet_.percent("absence_percent", "attendance_summary", topic, name,
                               r.authorised + r.unauthorised, r.possible);
                sheet_.percent("persistent_absence_percent", "attendance_summary", topic, name, r.persistent,
                               r.rows);
                sheet_.percent("severe_absence_percent", "attendance_summary", topic, name, r.severe, r.rows);
            }
            if (r.pupils > 0) {
                sheet_.percent("suspension_rate", "exclusion_summary", topic, name, r.suspensions, r.pupils);
                sheet_.percent("permanent_exclusion_rate", "exclusion_summary", topic, name, r.permanent,
                               r.pupils);
            }
        });
        sheet_.count("children_on_roll", profile, "Total", "Total", children.size());
        sheet_.counts("primary_need", profile, "Primary need", needs);
        sheet_.percent("pupils_suspended_percent", "exclusion_summary", "Total", "Total", suspended.size(),
                       total.pupils);
        return {total.pupils, std::move(children)};
    }

  private:
    struct Roll {
        Count pupils = 0, support = 0, plans = 0, possible = 0, authorised = 0, unauthorised = 0, rows = 0,
              persistent = 0, severe = 0, suspensions = 0, permanent = 0;
        bool attendance = false;
    };

    const County& c_;
    Sheet& sheet_;
};

}  // namespace

CensusFacts measure_census(const County& county, Sheet& sheet) {
    return CensusMeasures(county, sheet).census();
}

}  // namespace sendhub::demo
