#include "identity/text/date.hpp"

#include <chrono>

#include "plugins/sdk/tabular/dates.hpp"

namespace sendhub::identity::text {
namespace {

constexpr int first_year = 1800;

tabular::DateOrder to_tabular(DateOrder order) {
    switch (order) {
        case DateOrder::iso_first_us:
            return tabular::DateOrder::month_first;
        case DateOrder::mixed:
            return tabular::DateOrder::mixed;
        default:
            return tabular::DateOrder::day_first;
    }
}

}  // namespace

ParsedDate parse_date(std::string_view raw, DateOrder order) {
    using tabular::DateState;
    const tabular::ParsedDate read =
        tabular::parse_date(raw, {.order = to_tabular(order), .first_year = first_year});
    ParsedDate out;
    if (read.state == DateState::day) {
        const auto day = read.date.civil();
        out.quality = ParsedDate::full;
        out.days = read.date.days;
        out.year = static_cast<std::int16_t>(static_cast<int>(day.year()));
        out.month = static_cast<std::int8_t>(static_cast<unsigned>(day.month()));
        out.day = static_cast<std::int8_t>(static_cast<unsigned>(day.day()));
    } else if (read.state == DateState::partial && read.month > 0) {
        const std::chrono::year_month_day first{std::chrono::year{read.year},
                                                std::chrono::month{static_cast<unsigned>(read.month)},
                                                std::chrono::day{1}};
        out.quality = ParsedDate::day_missing;
        out.days = static_cast<std::int32_t>(std::chrono::sys_days{first}.time_since_epoch().count());
        out.year = static_cast<std::int16_t>(read.year);
        out.month = static_cast<std::int8_t>(read.month);
    } else if (read.state != DateState::partial && read.formed) {
        out.quality = ParsedDate::impossible;
    }
    return out;
}

DateOrder guess_order(std::span<const std::string_view> values) {
    tabular::OrderEvidence evidence;
    for (const auto value : values) evidence.count(tabular::parse_date(value, {.first_year = first_year}));
    switch (evidence.order()) {
        case tabular::DateOrder::month_first:
            return DateOrder::iso_first_us;
        case tabular::DateOrder::mixed:
            return DateOrder::mixed;
        default:
            return DateOrder::iso_first_uk;
    }
}

}  // namespace sendhub::identity::text
