// Random numbers that are the same on every machine (splitmix64). The standard distributions are not: they
// may differ between libraries, so they are not used.
#pragma once

#include <cstdint>
#include <span>

namespace sendhub::identity::testing {

class Rng {
  public:
    explicit Rng(std::uint64_t seed) : state_(seed) {}
    // A stream of its own for one purpose and one thing, so that a change in one place moves nothing
    // elsewhere.
    Rng(std::uint64_t seed, std::uint64_t purpose, std::uint64_t index) : state_(seed) {
        state_ = next() ^ (purpose * 0x9E3779B97F4A7C15ULL);
        state_ = next() ^ (index * 0xD1B54A32D192ED03ULL);
    }

    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }
    // 0 … n-1
    std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(((next() >> 32) * n) >> 32); }
    // low … high, both in
    int between(int low, int high) {
        return low + static_cast<int>(below(static_cast<std::uint32_t>(high - low + 1)));
    }
    bool per_myriad(std::uint32_t share) { return below(10000) < share; }
    bool percent(std::uint32_t share) { return below(100) < share; }
    // Skewed to the front, as names are.
    std::uint32_t skewed(std::uint32_t n) {
        const std::uint64_t a = below(1U << 16);
        const std::uint64_t b = below(1U << 16);
        return static_cast<std::uint32_t>((a * b * n) >> 32);
    }
    template <class T, std::size_t N>
    const T& pick(const T (&items)[N]) {
        return items[below(static_cast<std::uint32_t>(N))];
    }
    // Index of the drawn weight.
    template <std::size_t N>
    std::size_t weighted(const int (&weights)[N]) {
        int total = 0;
        for (const int w : weights) total += w;
        int at = between(0, total - 1);
        std::size_t i = 0;
        while (at >= weights[i]) at -= weights[i++];
        return i;
    }

  private:
    std::uint64_t state_;
};

}  // namespace sendhub::identity::testing
