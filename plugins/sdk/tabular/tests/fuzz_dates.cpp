// Any text as a date and as a cell: no crash, and a day that is told lies where days may lie.
#include <cstdlib>

#include "plugins/sdk/tabular/cell.hpp"
#include "plugins/sdk/tabular/dates.hpp"
#include "plugins/sdk/tabular/text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sendhub;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    // an order decides what a date means, never whether the text is of the form of one
    const bool formed = tabular::parse_date(text).formed;
    for (const auto order : {tabular::DateOrder::month_first, tabular::DateOrder::mixed})
        if (tabular::parse_date(text, {.order = order}).formed != formed) std::abort();
    // a clean cell is no longer than it was, and has no blanks around it
    std::string buffer;
    for (const auto kind : {tabular::CellKind::text, tabular::CellKind::name}) {
        const std::string_view clean = tabular::clean_cell(text, kind, buffer);
        if (clean.size() > text.size()) std::abort();
        if (tabular::trim(clean) != clean) std::abort();
    }
    if (const auto day = tabular::parse_date(text).day())
        if (*day < sdk::Date::from_civil(1900, 1, 1).value_or(sdk::Date{}) ||
            *day > sdk::Date::from_civil(2101, 1, 1).value_or(sdk::Date{}))
            std::abort();
    if (const auto day = tabular::date_in_name(text))
        if (*day < sdk::Date::from_civil(2000, 1, 1).value_or(sdk::Date{}) ||
            *day >= sdk::Date::from_civil(2100, 1, 1).value_or(sdk::Date{}))
            std::abort();
    return 0;
}
