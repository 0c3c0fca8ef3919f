// Least-significant-digit radix sort of 64-bit numbers by some of their bits, stable; and a walk over
// the groups of what is sorted.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace sendhub::match {

inline void radix_sort(std::vector<std::uint64_t>& values, std::vector<std::uint64_t>& spare,
                       unsigned low_bit, unsigned high_bit) {
    constexpr unsigned digit_bits = 11;
    spare.resize(values.size());
    for (unsigned shift = low_bit; shift < high_bit; shift += digit_bits) {
        const unsigned bits = high_bit - shift < digit_bits ? high_bit - shift : digit_bits;
        const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
        std::array<std::size_t, std::size_t{1} << digit_bits> at{};
        for (const std::uint64_t v : values) ++at[(v >> shift) & mask];
        std::size_t sum = 0;
        for (std::size_t& count : at) {
            const std::size_t here = count;
            count = sum;
            sum += here;
        }
        for (const std::uint64_t v : values) spare[at[(v >> shift) & mask]++] = v;
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

}  // namespace sendhub::match
