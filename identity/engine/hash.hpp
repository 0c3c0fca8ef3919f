// Hashes of texts and of small tuples: fast, the same on every machine and run, never used as a secret.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace sendhub::identity {

constexpr std::uint64_t mix(std::uint64_t x) {  // the finaliser of SplitMix64: every bit depends on every bit
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9u;
    x ^= x >> 27;
    x *= 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

inline std::uint64_t hash_text(std::string_view text, std::uint64_t seed = 0) {
    std::uint64_t h = seed ^ (text.size() * 0x9e3779b97f4a7c15u);
    while (text.size() >= 8) {
        std::uint64_t word;
        std::memcpy(&word, text.data(), 8);
        h = (h ^ word) * 0xff51afd7ed558ccdu;
        h ^= h >> 32;
        text.remove_prefix(8);
    }
    std::uint64_t tail = 0;
    if (!text.empty()) std::memcpy(&tail, text.data(), text.size());
    return mix(h ^ tail);
}

// Never 0, which stands for "no key".
template <class... Parts>
std::uint32_t key_hash(std::uint32_t slot, Parts... parts) {
    std::uint64_t h = mix(slot + 1);
    ((h = mix(h ^ static_cast<std::uint64_t>(static_cast<std::uint32_t>(parts))) + 0x9e3779b97f4a7c15u), ...);
    const auto folded = static_cast<std::uint32_t>(h ^ (h >> 32));
    return folded == 0 ? 1 : folded;
}

}  // namespace sendhub::identity
