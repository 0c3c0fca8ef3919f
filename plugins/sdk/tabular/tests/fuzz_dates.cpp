// Any text as a date: no crash, and a day that is told lies where days may lie.
#include <cstdlib>

#include "plugins/sdk/tabular/dates.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sendhub;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
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
