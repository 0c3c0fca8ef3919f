// Slows down whoever tries out keys. Each counted name (an address; an address with the id of a key) may fail
// `burst` times in a row, then once in each `refill`. Memory is bounded: beyond kMostNames the one that
// failed longest ago is forgotten.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>

namespace sendhub::serve {

class GuessLimit {
  public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::size_t kMostNames = 4096;

    GuessLimit(unsigned burst, std::chrono::milliseconds refill) : burst_(burst), refill_(refill) {}
    // How long until another failure of this name would be answered; 0: at once. Any thread, like all here.
    [[nodiscard]] std::chrono::seconds wait(const std::string& name, Clock::time_point now = Clock::now());
    // True when this failure was one too many.
    bool failed(const std::string& name, Clock::time_point now = Clock::now());
    [[nodiscard]] std::size_t size();

  private:
    struct Name {
        double used = 0;  // failures that count still
        Clock::time_point at;
    };
    [[nodiscard]] double used_now(const Name& name, Clock::time_point now) const;

    unsigned burst_;
    std::chrono::milliseconds refill_;
    std::mutex mutex_;
    std::map<std::string, Name> names_;
};

}  // namespace sendhub::serve
