// From scored pairs to people (matching.md section 10): not connected components, which one wrong edge turns
// into a merged family, but joins in a fixed order, each checked against every record on both sides.
#pragma once

#include <span>
#include <unordered_map>

#include "identity/engine/score.hpp"

namespace sendhub::identity {

struct Edge {
    std::uint32_t a, b;  // a < b
    float weight;        // bits, prior included
    std::uint64_t pattern;
};

struct Thresholds {
    double automatic = 8;  // bits; at and above, and with nothing against it, records are joined
    double review = 0;     // from here to there a person looks
    double keep = -4;      // below, a pair is forgotten
    double margin = 6;     // by so much the best candidate must stand above one who is surely another person
    double slack = 6;      // mean weight between two clusters that are joined: automatic less this
    std::size_t support = 2;  // pairs at or above review that must tie clusters of three records and more
    std::size_t max_cluster = 40;
};

enum class Reason : std::uint8_t {
    score,
    veto,
    ambiguous,
    bridge,
    twins,
    size,
    weak_bridge,
    evidence,  // Evidence::too_little
    number,    // Evidence::number_on_two_people
};
std::string_view to_string(Reason reason);

// Two clusters (or, for weak_bridge, two halves of one) that a person should look at, by their best pair.
struct Case {
    std::uint32_t a, b;
    float weight;
    Reason reason;
    Veto veto = Veto::none;
    std::uint64_t pattern = 0;
};

enum class Method : std::uint8_t { none, exact, probabilistic, manual };

struct Clusters {
    std::vector<std::uint32_t> of;  // per record: the smallest record of its cluster
    std::vector<Method> method;     // per record: what ties it to its cluster; none: alone
    std::vector<float> weight;      // per record: of its best edge inside the cluster; 0: alone
    std::vector<Case> cases;        // ascending by (a, b)
    std::vector<Case> restricted;   // pairs across a barrier; only for who may know of barriers
    std::vector<std::pair<std::uint32_t, std::uint32_t>>
        joined;  // the pairs by which clusters were joined, in order
    // Of records that are alike to very many others: pairs beside the best, and joins that were not tried.
    std::uint64_t cut_pairs = 0, cut_joins = 0;
};

struct Decisions {
    std::unordered_map<std::uint64_t, Verdict> by_pair;  // smaller record << 32 | larger
    static std::uint64_t pair(std::uint32_t a, std::uint32_t b) {
        return a < b ? std::uint64_t{a} << 32 | b : std::uint64_t{b} << 32 | a;
    }
    [[nodiscard]] const Verdict* find(std::uint32_t a, std::uint32_t b) const {
        if (by_pair.empty()) return nullptr;
        const auto it = by_pair.find(pair(a, b));
        return it == by_pair.end() ? nullptr : &it->second;
    }
};

struct ClusterInput {
    const Features& features;
    const Plan& plan;
    const Model& model;
    const VetoRules& rules;
    const Thresholds& thresholds;
    const Decisions& decisions;
    std::span<const Edge> edges;  // ascending by (a, b); every pair at or above thresholds.keep
    unsigned threads = 2;
};

// The same for any number of threads and any order of the input: ties are broken by the canonical order of
// records.
Clusters cluster(const ClusterInput& input);

// After a change of edges: works out again only the connected pieces that hold one of `touched`. Records and
// edges that are new since `clusters` was made, and former neighbours of records that went, must be touched.
void cluster_again(const ClusterInput& input, std::span<const std::uint32_t> touched, Clusters& clusters);

}  // namespace sendhub::identity
