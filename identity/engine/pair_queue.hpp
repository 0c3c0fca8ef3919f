// Pairs on their way to be compared: by the time one is at hand, the memory that it needs has been fetched.
#pragma once

#include <array>
#include <utility>

#include "identity/engine/compare.hpp"

namespace sendhub::identity {

// Calls work(a, b) for each pair, in the order in which they came.
template <class Work>
class PairQueue {
  public:
    PairQueue(const Comparer& comparer, Work work) : comparer_(comparer), work_(std::move(work)) {}
    void push(std::uint32_t a, std::uint32_t b) {
        comparer_.prefetch(a, b);
        if (pushed_ >= step) {
            const auto [x, y] = at(pushed_ - step);
            comparer_.prefetch_values(x, y);
        }
        if (pushed_ >= size) call(pushed_ - size);
        at(pushed_++) = {a, b};
    }
    // The last ones.
    void finish() {
        for (std::size_t i = pushed_ < size ? 0 : pushed_ - size; i < pushed_; ++i) call(i);
        pushed_ = 0;
    }

  private:
    static constexpr std::size_t step = 8, size = 2 * step;
    using Pair = std::pair<std::uint32_t, std::uint32_t>;
    Pair& at(std::size_t i) { return pairs_[i % size]; }
    void call(std::size_t i) { work_(at(i).first, at(i).second); }

    const Comparer& comparer_;
    Work work_;
    std::array<Pair, size> pairs_{};
    std::size_t pushed_ = 0;
};

}  // namespace sendhub::identity
