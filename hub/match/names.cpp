#include "hub/match/names.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "schemas/rules/utf8.hpp"

namespace sendhub::match {
namespace {

// Base letters of U+00C0…U+017F; '.' stands for "keep as it is".
constexpr std::string_view latin1 = "aaaaaaaceeeeiiiidnooooo.ouuuuytsaaaaaaaceeeeiiiidnooooo.ouuuuyty";
constexpr std::string_view latin_extended =
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"
    "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

constexpr std::array<std::string_view, 18> placeholders = {
    "baby", "babyboy", "babygirl", "twin",   "twinone",  "twintwo", "triplet", "infant", "boy",
    "girl", "unknown", "unborn",   "noname", "notknown", "test",    "na",      "mr",     "miss"};

}  // namespace

std::string plain_name(std::string_view name) {
    std::string out;
    out.reserve(name.size());
    for (std::size_t i = 0; i < name.size();) {
        const auto c = static_cast<unsigned char>(name[i]);
        if (c < 0x80) {
            if (c >= 'a' && c <= 'z')
                out += static_cast<char>(c);
            else if (c >= 'A' && c <= 'Z')
                out += static_cast<char>(c - 'A' + 'a');
            ++i;  // digits, blanks, hyphens and apostrophes go
            continue;
        }
        const std::size_t n = rules::utf8_sequence_length(name.substr(i));
        if (n == 0) {
            ++i;
            continue;
        }
        if (n == 2) {
            const unsigned code = ((c & 0x1Fu) << 6) | (static_cast<unsigned char>(name[i + 1]) & 0x3Fu);
            if (code == 0xDF)
                out += "ss";
            else if (code == 0xC6 || code == 0xE6)
                out += "ae";
            else if (code == 0x152 || code == 0x153)
                out += "oe";
            else if (code >= 0xC0 && code <= 0xFF && latin1[code - 0xC0] != '.')
                out += latin1[code - 0xC0];
            else if (code >= 0x100 && code - 0x100 < latin_extended.size())
                out += latin_extended[code - 0x100];
            else if (code >= 0x180)
                out.append(name, i, 2);
        } else if (!(n == 3 && c == 0xE2 && static_cast<unsigned char>(name[i + 1]) == 0x80)) {
            out.append(name, i, n);  // U+2000…U+203F are quotes and dashes: they go
        }
        i += n;
    }
    if (std::find(placeholders.begin(), placeholders.end(), out) != placeholders.end()) out.clear();
    return out;
}

double jaro_winkler(std::string_view a, std::string_view b) {
    if (a == b) return 1.0;
    if (a.empty() || b.empty() || a.size() > 64 || b.size() > 64) return 0.0;
    const std::size_t longest = std::max(a.size(), b.size());
    const std::size_t window = longest / 2 > 0 ? longest / 2 - 1 : 0;
    std::uint64_t taken_a = 0, taken_b = 0;
    std::size_t matches = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const std::size_t low = i > window ? i - window : 0;
        const std::size_t high = std::min(b.size(), i + window + 1);
        for (std::size_t j = low; j < high; ++j) {
            if ((taken_b >> j) & 1 || a[i] != b[j]) continue;
            taken_a |= std::uint64_t{1} << i;
            taken_b |= std::uint64_t{1} << j;
            ++matches;
            break;
        }
    }
    if (matches == 0) return 0.0;
    std::size_t transpositions = 0;
    for (std::size_t i = 0, j = 0; i < a.size(); ++i) {
        if (!((taken_a >> i) & 1)) continue;
        while (!((taken_b >> j) & 1)) ++j;
        if (a[i] != b[j]) ++transpositions;
        ++j;
    }
    const auto m = static_cast<double>(matches);
    const double jaro = (m / static_cast<double>(a.size()) + m / static_cast<double>(b.size()) +
                         (m - static_cast<double>(transpositions / 2)) / m) /
                        3;
    std::size_t prefix = 0;
    while (prefix < 4 && prefix < a.size() && prefix < b.size() && a[prefix] == b[prefix]) ++prefix;
    return jaro + static_cast<double>(prefix) * 0.1 * (1 - jaro);
}

NameRelation relate_forenames(std::string_view a, std::string_view b) {
    if (a.empty() || b.empty()) return NameRelation::unknown;
    if (a == b) return NameRelation::equal;
    if (a.size() > b.size()) std::swap(a, b);
    if ((a.size() == 1 || a.size() >= 3) && b.starts_with(a)) return NameRelation::close;
    return jaro_winkler(a, b) >= 0.90 ? NameRelation::close : NameRelation::different;
}

}  // namespace sendhub::match
