#include "hub/base/crash_point.hpp"

#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdlib>

namespace sendhub {

void crash_point(std::string_view name) {
    const char* setting = std::getenv("SENDHUB_CRASH_AT");
    if (!setting) return;
    std::string_view wanted = setting;
    int passing = 1;
    if (const auto hash = wanted.find('#'); hash != std::string_view::npos) {
        const std::string_view number = wanted.substr(hash + 1);
        std::from_chars(number.data(), number.data() + number.size(), passing);
        wanted = wanted.substr(0, hash);
    }
    static std::atomic<int> passed = 0;  // only the one name that is wanted is ever counted
    if (name == wanted && ++passed == passing) std::raise(SIGKILL);
}

}  // namespace sendhub
