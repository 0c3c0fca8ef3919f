#include "base/crash_point.hpp"

#include <unistd.h>

#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string>

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
    if (name != wanted || ++passed != passing) return;
    const char* how = std::getenv("SENDHUB_CRASH_HOW");
    const std::string_view way = how ? how : "kill";
    if (way == "throw") throw std::runtime_error("crash point " + std::string(name));
    while (way == "hang") ::pause();
    const int signal = way == "segv" ? SIGSEGV : SIGKILL;
    if (signal == SIGSEGV) std::signal(SIGSEGV, SIG_DFL);  // a sanitizer would answer in its place
    std::raise(signal);
}

}  // namespace sendhub
