// Health advice: answers in six weeks, and what is outstanding.
#include "demo/codes.hpp"
#include "demo/measures.hpp"

namespace sendhub::demo {
void measure_advice(const County& county, Sheet& sheet) {
    constexpr std::string_view set = "advice_timeliness";
    std::map<std::string, Share> all, without_exceptions;
    std::map<std::string, Count> outstanding, ages;
    Count open = 0;
    for (const AdviceRow& row : county.advice) {
        if (row.flaw != Flaw::none) continue;
        const std::string service(services[row.service].code);
        const Day start = row.received != no_day ? row.received : row.requested;
        const Day due = start + 42;
        if (row.state == AdviceState::open) {
            ++open;
            ++outstanding[service];
            ++ages[county.as_at - start <= 42 ? "0-42" : county.as_at - start <= 84 ? "43-84" : "85+"];
        }
        const bool answered = row.state == AdviceState::sent || row.state == AdviceState::not_known;
        if (!answered && !(row.state == AdviceState::open && due < county.as_at)) continue;
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
            sheet.percent(measure, set, name == "Total" ? "Total" : "Service", name, share.numerator,
                          share.denominator);
    };
    write("advice_on_time_percent", all);
    write("advice_on_time_excl_percent", without_exceptions);
    sheet.count("advice_outstanding", set, "Total", "Total", open);
    sheet.counts("advice_outstanding", set, "Service", outstanding);
    sheet.counts("advice_outstanding", set, "Age", ages);
}

}  // namespace sendhub::demo
