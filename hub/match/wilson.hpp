// A share that was seen in a sample, and the interval in which the true one lies (Wilson, 95 %).
#pragma once

#include <cmath>
#include <cstdint>

namespace sendhub::match {

struct Interval {
    double share = 0, low = 0, high = 1;
};

inline Interval wilson(std::uint64_t successes, std::uint64_t of) {
    if (of == 0) return {};
    constexpr double z = 1.959963984540054;
    const double n = static_cast<double>(of), p = static_cast<double>(successes) / n;
    const double middle = p + z * z / (2 * n), spread = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    const double scale = 1 + z * z / n;
    return {p, successes == 0 ? 0 : (middle - spread) / scale,
            successes == of ? 1 : (middle + spread) / scale};
}

}  // namespace sendhub::match
