#include "hub/match/person_ids.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <unordered_map>

namespace sendhub::match {
namespace {

constexpr std::string_view base32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

char check_character(std::string_view digits) {
    unsigned sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i)
        sum += static_cast<unsigned>(base32.find(digits[i])) * static_cast<unsigned>(2 * i + 1);
    return base32[sum % 32];  // odd weights: every single wrong character changes the sum modulo 32
}

}  // namespace

std::string make_person_id(std::string_view secret, std::uint64_t number) {
    std::array<unsigned char, 16> digest{};
    std::array<unsigned char, 8> input{};
    for (std::size_t i = 0; i < 8; ++i) input[i] = static_cast<unsigned char>(number >> (8 * i));
    crypto_generichash(digest.data(), digest.size(), input.data(), input.size(),
                       reinterpret_cast<const unsigned char*>(secret.data()),
                       std::min<std::size_t>(secret.size(), crypto_generichash_KEYBYTES_MAX));
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < 8; ++i) bits = (bits << 8) | digest[i];
    std::string id = "P";
    for (int shift = 60; shift >= 0; shift -= 5) id += base32[(bits >> shift) & 31];
    id += check_character(std::string_view(id).substr(1));
    return id;
}

bool is_person_id(std::string_view id) {
    if (id.size() != 15 || id[0] != 'P') return false;
    for (const char c : id.substr(1))
        if (base32.find(c) == std::string_view::npos) return false;
    return check_character(id.substr(1, 13)) == id[14];
}

std::string_view to_string(EventType type) {
    switch (type) {
        case EventType::create:
            return "CREATE";
        case EventType::add:
            return "ADD";
        case EventType::remove:
            return "REMOVE";
        case EventType::merge:
            return "MERGE";
        case EventType::split:
            return "SPLIT";
    }
    return "";
}

Assignment assign_person_ids(const std::vector<std::uint32_t>& cluster,
                             const std::vector<std::string>& before,
                             const std::function<std::uint64_t(std::string_view)>& age,
                             const std::function<std::string()>& next_id) {
    struct Overlap {
        std::uint32_t cluster;
        std::string_view id;
        std::uint32_t records;
    };
    std::vector<Overlap> overlaps;
    {
        std::vector<std::pair<std::uint32_t, std::string_view>> pairs;
        for (std::uint32_t i = 0; i < cluster.size(); ++i)
            if (!before[i].empty()) pairs.emplace_back(cluster[i], before[i]);
        std::sort(pairs.begin(), pairs.end());
        for (std::size_t i = 0; i < pairs.size();) {
            std::size_t j = i;
            while (j < pairs.size() && pairs[j] == pairs[i]) ++j;
            overlaps.push_back({pairs[i].first, pairs[i].second, static_cast<std::uint32_t>(j - i)});
            i = j;
        }
    }
    std::sort(overlaps.begin(), overlaps.end(), [&](const Overlap& x, const Overlap& y) {
        if (x.records != y.records) return x.records > y.records;
        if (const auto ax = age(x.id), ay = age(y.id); ax != ay) return ax < ay;
        return x.cluster < y.cluster;
    });
    std::unordered_map<std::uint32_t, std::string> id_of;         // cluster → id
    std::unordered_map<std::string_view, std::uint32_t> kept_by;  // id → cluster
    for (const Overlap& o : overlaps) {
        if (id_of.contains(o.cluster) || kept_by.contains(o.id)) continue;
        id_of.emplace(o.cluster, o.id);
        kept_by.emplace(o.id, o.cluster);
    }

    Assignment out;
    out.person.resize(cluster.size());
    for (std::uint32_t i = 0; i < cluster.size(); ++i) {
        auto found = id_of.find(cluster[i]);
        if (found == id_of.end()) {  // i is the smallest record of its cluster
            found = id_of.emplace(cluster[i], next_id()).first;
            out.events.push_back({EventType::create, found->second, "", i});
        }
        out.person[i] = found->second;
    }
    // Yesterday's ids that met in one cluster, or came apart.
    std::map<std::pair<std::string, std::string>, bool> told;
    for (const Overlap& o : overlaps) {
        const std::string& today = id_of.at(o.cluster);
        if (today == o.id) continue;
        const auto kept = kept_by.find(o.id);
        if (kept == kept_by.end()) {
            if (told.emplace(std::pair{today, std::string(o.id)}, true).second)
                out.events.push_back({EventType::merge, today, std::string(o.id), ~0u});
        } else if (told.emplace(std::pair{std::string(o.id), today}, true).second) {
            out.events.push_back({EventType::split, std::string(o.id), today, ~0u});
        }
    }
    for (std::uint32_t i = 0; i < cluster.size(); ++i)
        if (before[i].empty() && !out.person[i].empty() && cluster[i] != i)
            out.events.push_back({EventType::add, out.person[i], "", i});
        else if (before[i].empty() && cluster[i] == i && kept_by.contains(out.person[i]))
            out.events.push_back({EventType::add, out.person[i], "", i});
    return out;
}

}  // namespace sendhub::match
