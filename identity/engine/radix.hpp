// Least-significant-digit radix sort of 64-bit numbers by some of their bits, stable; and a walk over
// the groups of what is sorted.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "identity/engine/parallel.hpp"

namespace sendhub::identity {

inline void radix_sort(std::vector<std::uint64_t>& values, std::vector<std::uint64_t>& spare,
                       unsigned low_bit, unsigned high_bit, unsigned threads = 1) {
    constexpr unsigned digit_bits = 11;
    using Places = std::array<std::size_t, std::size_t{1} << digit_bits>;
    spare.resize(values.size());
    const std::size_t parts = std::max(1u, threads), grain = values.size() / parts + 1;
    std::vector<Places> at(parts);  // each part of the values has places of its own for each digit
    for (unsigned shift = low_bit; shift < high_bit; shift += digit_bits) {
        const unsigned bits = high_bit - shift < digit_bits ? high_bit - shift : digit_bits;
        const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
        auto each = [&](auto work) {
            parallel_chunks(threads, values.size(), grain,
                            [&](std::size_t part, std::size_t begin, std::size_t end) {
                                Places& mine = at[part];
                                for (std::size_t i = begin; i < end; ++i)
                                    work(mine[(values[i] >> shift) & mask], values[i]);
                            });
        };
        for (Places& of_part : at) of_part.fill(0);
        each([](std::size_t& count, std::uint64_t) { ++count; });
        std::size_t sum = 0;
        for (std::size_t digit = 0; digit <= mask; ++digit)
            for (Places& of_part : at) {
                const std::size_t here = of_part[digit];
                of_part[digit] = sum;
                sum += here;
            }
        each([&](std::size_t& place, std::uint64_t value) { spare[place++] = value; });
        values.swap(spare);
    }
}

// Of numbers that are value << 32 | record.
inline constexpr auto same_upper_half = [](std::uint64_t x, std::uint64_t y) { return x >> 32 == y >> 32; };

// Calls group(begin, end) for each run of neighbours that are the same.
template <class Value, class Same, class Group>
void for_groups(const std::vector<Value>& values, Same same, Group group) {
    for (std::size_t begin = 0; begin < values.size();) {
        std::size_t end = begin + 1;
        while (end < values.size() && same(values[begin], values[end])) ++end;
        group(begin, end);
        begin = end;
    }
}

}  // namespace sendhub::identity
