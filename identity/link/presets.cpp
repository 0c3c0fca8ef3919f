#include "identity/link/presets.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>

#include "identity/engine/radix.hpp"

namespace sendhub::identity::link {

std::string_view to_string(Purpose purpose) {
    return purpose == Purpose::operational ? "operational" : "statistics";
}

std::optional<Purpose> purpose_named(std::string_view name) {
    if (name == "statistics") return Purpose::statistics;
    if (name == "operational") return Purpose::operational;
    return std::nullopt;
}

FileFacts facts_of(const Features& features) {
    FileFacts facts;
    facts.child_numbers = features.has_upn || features.has_nhs || features.has_uln;
    std::vector<std::int32_t> births;
    births.reserve(features.size());
    for (const Row& row : features.rows)
        if (row.birth != no_day) births.push_back(row.birth);
    facts.births = births.size();
    if (births.empty()) return facts;
    // the newest that one date in a thousand is newer than: a mistyped year is not the age of the file
    const auto at = births.end() - 1 - static_cast<std::ptrdiff_t>(births.size() / 1000);
    std::nth_element(births.begin(), at, births.end());
    const std::int32_t oldest = *at - static_cast<std::int32_t>(27 * 365.25);
    const auto children =
        std::count_if(births.begin(), births.end(), [&](std::int32_t d) { return d >= oldest; });
    facts.births_as_children = static_cast<double>(children) / static_cast<double>(births.size());
    return facts;
}

Settings settings_for(Purpose purpose, const FileFacts& facts) {
    Settings settings;
    settings.vetoes.children = facts.children();
    if (purpose == Purpose::operational) {
        settings.thresholds.automatic = 8;
    } else {
        settings.thresholds.automatic = 2;
        settings.thresholds.support = 1;
        settings.thresholds.max_cluster = 200;  // long histories of one person
    }
    return settings;
}

std::vector<std::uint8_t> one_record_sources(const Features& features, const Clusters& clusters) {
    constexpr double few = 0.002;
    std::vector<std::uint8_t> clean;
    if (features.sources < 2) return clean;
    std::vector<std::uint64_t> records(features.sources), pairs(features.sources);
    std::vector<std::uint64_t> cluster_and_source(features.size());
    for (std::size_t i = 0; i < features.size(); ++i) {
        const std::uint16_t source = features.rows[i].source;
        ++records[source];
        cluster_and_source[i] = std::uint64_t{clusters.of[i]} << 16 | source;
    }
    std::vector<std::uint64_t> spare;
    radix_sort(cluster_and_source, spare, 0, 16 + static_cast<unsigned>(std::bit_width(features.size())));
    for_groups(cluster_and_source, std::equal_to<>(), [&](std::size_t begin, std::size_t end) {
        const std::uint64_t n = end - begin;
        pairs[cluster_and_source[begin] & 0xFFFF] += n * (n - 1) / 2;
    });
    clean.resize(features.sources);
    for (std::size_t s = 0; s < clean.size(); ++s)
        clean[s] = records[s] > 0 && static_cast<double>(pairs[s]) < few * static_cast<double>(records[s]);
    return clean;
}

}  // namespace sendhub::identity::link
