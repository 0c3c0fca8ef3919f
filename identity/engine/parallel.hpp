// Work split over threads. Callers write to places of their own, so that the outcome is the same for any
// number of threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace sendhub::identity {

// Calls work(state, chunk, begin, end) for consecutive ranges of [0, n), each of at most `grain` items;
// chunks are numbered from 0 in ascending order of range and may run at the same time. Each thread has a
// state of its own, made by make_state(): what is remembered there must not change any outcome.
template <class MakeState, class Work>
void parallel_chunks(unsigned threads, std::size_t n, std::size_t grain, MakeState&& make_state,
                     Work&& work) {
    const std::size_t chunks = n == 0 ? 0 : (n + grain - 1) / grain;
    std::atomic<std::size_t> next{0};
    auto run = [&] {
        auto state = make_state();
        for (std::size_t c = next++; c < chunks; c = next++)
            work(state, c, c * grain, std::min(n, (c + 1) * grain));
    };
    std::vector<std::jthread> others;
    for (unsigned t = 1; t < threads && t < chunks; ++t) others.emplace_back(run);
    run();
}

template <class Work>
void parallel_chunks(unsigned threads, std::size_t n, std::size_t grain, Work&& work) {
    parallel_chunks(
        threads, n, grain, [] { return 0; },
        [&](int, std::size_t chunk, std::size_t begin, std::size_t end) { work(chunk, begin, end); });
}

// For work of which each part looks at everything and does its own share: not more of it than this.
inline std::size_t few_parts(unsigned threads) { return std::clamp(threads, 1u, 8u); }

// Calls each of n tasks once.
template <class Task>
void parallel_tasks(unsigned threads, std::size_t n, Task&& task) {
    parallel_chunks(threads, n, 1, [&](std::size_t, std::size_t begin, std::size_t) { task(begin); });
}

// Calls work(from, to) for a few ranges that make up [0, n): each looks at everything and does its own share.
template <class Work>
void parallel_shares(unsigned threads, std::size_t n, Work&& work) {
    const std::size_t shares = few_parts(threads);
    parallel_tasks(threads, shares, [&](std::size_t t) { work(n * t / shares, n * (t + 1) / shares); });
}

}  // namespace sendhub::identity
