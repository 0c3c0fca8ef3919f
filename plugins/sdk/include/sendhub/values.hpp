// The values a row is made of, and the row itself as an array of them in the order of the shared schema.
#pragma once

#include <sendhub/abi/connector.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sendhub::sdk {

// A day without a zone, counted from 1970-01-01.
struct Date {
    std::int32_t days = 0;

    // Empty when there is no such day.
    static constexpr std::optional<Date> from_civil(int year, unsigned month, unsigned day) {
        const std::chrono::year_month_day ymd{std::chrono::year(year), std::chrono::month(month),
                                              std::chrono::day(day)};
        if (!ymd.ok()) return std::nullopt;
        return Date{static_cast<std::int32_t>(std::chrono::sys_days(ymd).time_since_epoch().count())};
    }
    [[nodiscard]] constexpr std::chrono::year_month_day civil() const {
        return std::chrono::sys_days(std::chrono::days(days));
    }
    friend constexpr auto operator<=>(const Date&, const Date&) = default;
};

// Whole years from birth to day (a birthday counts as reached).
constexpr int age_on(Date birth, Date day) {
    const auto b = birth.civil(), d = day.civil();
    int years = int(d.year()) - int(b.year());
    if (d.month() < b.month() || (d.month() == b.month() && d.day() < b.day())) --years;
    return years;
}

inline shp_str to_c(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view from_c(shp_str text) {
    return {text.data ? text.data : "", static_cast<std::size_t>(text.size)};
}

// A row of N fields. Text is not copied: it must live until the row was added. Empty text is no value.
template <std::size_t N>
class Row {
  public:
    static constexpr std::size_t field_count = N;
    void clear() { values_.fill(shp_value{}); }
    [[nodiscard]] const shp_value& value(std::size_t field) const { return values_[field]; }

  protected:
    Row() { clear(); }
    void set_text(std::size_t field, std::string_view text) {
        shp_value& value = values_[field];
        if (text.empty()) {
            value.kind = SHP_NULL;
            return;
        }
        value.kind = SHP_TEXT;
        value.as.text = to_c(text);
    }
    void set_int(std::size_t field, std::optional<std::int64_t> number) { set(field, SHP_INT, number); }
    void set_bool(std::size_t field, std::optional<bool> truth) {
        set(field, SHP_BOOL, truth ? std::optional<std::int64_t>(*truth ? 1 : 0) : std::nullopt);
    }
    void set_date(std::size_t field, std::optional<Date> date) {
        set(field, SHP_DATE, date ? std::optional<std::int64_t>(date->days) : std::nullopt);
    }
    void set_real(std::size_t field, std::optional<double> number) {
        values_[field].kind = number ? SHP_REAL : SHP_NULL;
        if (number) values_[field].as.d = *number;
    }

  private:
    void set(std::size_t field, std::uint32_t kind, std::optional<std::int64_t> number) {
        values_[field].kind = number ? kind : SHP_NULL;
        if (number) values_[field].as.i = *number;
    }
    std::array<shp_value, N> values_;
};

}  // namespace sendhub::sdk
