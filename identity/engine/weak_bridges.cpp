#include "identity/engine/weak_bridges.hpp"

#include <algorithm>

namespace sendhub::identity {
namespace {

constexpr double much_less = 8;  // bits

// The graph of one cluster, records numbered from 0.
class ClusterGraph {
  public:
    ClusterGraph(std::span<const std::uint32_t> members, std::span<const Edge> edges,
                 std::span<const std::uint32_t> edge_ids)
        : members_(members.begin(), members.end()),
          edges_(edges),
          next_(members.size()),
          seen_(members.size(), 0),
          low_(members.size(), 0),
          below_(members.size(), 1) {
        std::sort(members_.begin(), members_.end());
        for (const std::uint32_t e : edge_ids) {
            const std::uint32_t a = number(edges[e].a), b = number(edges[e].b);
            next_[a].push_back({b, e});
            next_[b].push_back({a, e});
        }
    }

    template <class OnBridge>
    void run(OnBridge on_bridge) {
        for (std::uint32_t v = 0; v < members_.size(); ++v)
            if (seen_[v] == 0) visit(v, ~0u, on_bridge);
    }

  private:
    struct Link {
        std::uint32_t to, edge;
    };
    std::uint32_t number(std::uint32_t record) const {
        return static_cast<std::uint32_t>(std::lower_bound(members_.begin(), members_.end(), record) -
                                          members_.begin());
    }
    template <class OnBridge>
    void visit(std::uint32_t v, std::uint32_t from_edge,
               OnBridge& on_bridge) {  // depth: at most the cluster's size
        seen_[v] = low_[v] = ++time_;
        for (const Link& link : next_[v]) {
            if (link.edge == from_edge) continue;
            if (seen_[link.to] != 0) {
                low_[v] = std::min(low_[v], seen_[link.to]);
                continue;
            }
            visit(link.to, link.edge, on_bridge);
            low_[v] = std::min(low_[v], low_[link.to]);
            below_[v] += below_[link.to];
            if (low_[link.to] > seen_[v] && below_[link.to] >= 2 && members_.size() - below_[link.to] >= 2)
                on_bridge(edges_[link.edge]);
        }
    }

    std::vector<std::uint32_t> members_;  // ascending
    std::span<const Edge> edges_;
    std::vector<std::vector<Link>> next_;
    std::vector<std::uint32_t> seen_, low_, below_;
    std::uint32_t time_ = 0;
};

}  // namespace

void add_weak_bridges(const ClusterInput& in, std::span<const std::uint32_t> members,
                      std::span<const std::uint32_t> edges, std::vector<Case>& cases) {
    if (edges.size() < 2) return;
    double sum = 0;
    for (const std::uint32_t e : edges) sum += in.edges[e].weight;
    ClusterGraph(members, in.edges, edges).run([&](const Edge& bridge) {
        const double mean = (sum - bridge.weight) / static_cast<double>(edges.size() - 1);
        const Verdict* verdict = in.decisions.find(bridge.a, bridge.b);
        if (verdict == nullptr && mean >= bridge.weight + much_less)
            cases.push_back(
                {bridge.a, bridge.b, bridge.weight, Reason::weak_bridge, Veto::none, bridge.pattern});
    });
}

}  // namespace sendhub::identity
