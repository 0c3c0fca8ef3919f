// Errors that make a row of a list wrong.
#include "demo/events.hpp"

namespace sendhub::demo {

void add_list_flaws(County& county) {
    // Every sixtieth row or so, so that small counties have some too; a wrong order waits for a row that can
    // have one.
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
    for (std::size_t i = 53; i < county.off_roll.size(); i += 80)
        if (county.off_roll[i].flaw == Flaw::none) county.off_roll[i].flaw = Flaw::too_wide;
    spoil(county.moves, never, always);
    spoil(county.advice, [](const AdviceRow& row) { return row.state == AdviceState::sent; }, always);
    spoil(
        county.programmes, [&](const Programme& p) { return p.end != no_day && p.end < county.as_at; },
        never);
}

}  // namespace sendhub::demo
