// Dates and times. A date has no zone and is a count of days since 1970-01-01; a time is UTC.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sendhub {

using Days = std::int32_t;    // since 1970-01-01
using Micros = std::int64_t;  // since 1970-01-01T00:00:00Z

Micros now_micros();
std::string format_time(Micros time);          // 2026-01-20T01:30:00.123Z
std::string format_compact_time(Micros time);  // 20260120T013000Z, for ids and folder names
std::string format_date(Days day);             // 2026-01-20
std::optional<Days> parse_iso_date(std::string_view text);
std::optional<Micros> parse_time(std::string_view text);  // RFC 3339 with Z or an offset
inline Days day_of(Micros time) {
    return static_cast<Days>(std::chrono::floor<std::chrono::days>(std::chrono::microseconds(time)).count());
}

}  // namespace sendhub
