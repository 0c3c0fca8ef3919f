#include "hub/match/record_hash.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace sendhub::match {
namespace {

std::uint64_t keyed_hash(std::string_view secret, std::string_view text) {
    std::array<unsigned char, crypto_generichash_BYTES_MIN> digest{};
    crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(text.data()),
                       text.size(), reinterpret_cast<const unsigned char*>(secret.data()),
                       std::min<std::size_t>(secret.size(), crypto_generichash_KEYBYTES_MAX));
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < 8; ++i) bits = (bits << 8) | digest[i];
    return bits;
}

}  // namespace

std::string record_token(std::string_view secret, std::string_view feed, std::string_view person_ref) {
    std::string text = "record\x1f";
    text.append(feed).append("\x1f").append(person_ref);
    const std::uint64_t hash = keyed_hash(secret, text);
    std::string out(feed);
    out += ':';
    for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[(hash >> shift) & 15];
    return out;
}

std::string case_id(std::string_view secret, std::string_view token_a, std::string_view token_b) {
    if (token_b < token_a) std::swap(token_a, token_b);
    std::string text = "case\x1f";
    text.append(token_a).append("\x1f").append(token_b);
    const std::uint64_t hash = keyed_hash(secret, text);
    std::string out = "C";
    for (int shift = 35; shift >= 0; shift -= 5)
        out += "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[(hash >> shift) & 31];
    return out;
}

}  // namespace sendhub::match
