#include "hub/match/person_ids.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <unordered_map>
#include <unordered_set>

#include "hub/match/best_assignment.hpp"

namespace sendhub::match {
namespace {

constexpr std::string_view base32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

char check_character(std::string_view digits) {
    unsigned sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i)
        sum += static_cast<unsigned>(base32.find(digits[i])) * static_cast<unsigned>(2 * i + 1);
    return base32[sum % 32];  // odd weights: every single wrong character changes the sum modulo 32
}

class Assigner {
  public:
    explicit Assigner(const IdInput& in) : in_(in) {}

    Assignment run() {
        find_overlaps();
        for (const auto& group : groups()) assign(group);
        give_back();
        out_.person.resize(in_.cluster.size());
        for (std::uint32_t i = 0; i < in_.cluster.size(); ++i) {
            auto found = id_of_.find(in_.cluster[i]);
            if (found == id_of_.end()) {  // i is the smallest record of its cluster
                found = id_of_.emplace(in_.cluster[i], in_.next_id()).first;
                fresh_.insert(in_.cluster[i]);
            }
            out_.person[i] = found->second;
        }
        tell_merges_and_splits();
        tell_records();
        return std::move(out_);
    }

  private:
    // The records that a cluster of today and an id of yesterday have in common.
    struct Overlap {
        std::uint32_t cluster;
        std::uint32_t id;  // of ids_
        std::uint32_t records = 0, upns = 0, nhs_numbers = 0, pins = 0;
        [[nodiscard]] Weight weight() const {
            return (static_cast<Weight>(pins) << 96) + (static_cast<Weight>(nhs_numbers > 0) << 80) +
                   (static_cast<Weight>(upns > 0) << 64) + (static_cast<Weight>(records) << 40);
        }
    };

    std::uint32_t id_number(std::string_view id) {
        const auto [it, fresh] = number_.emplace(id, static_cast<std::uint32_t>(ids_.size()));
        if (fresh) ids_.push_back(id);
        return it->second;
    }

    void find_overlaps() {
        std::vector<std::array<std::uint32_t, 3>> rows;  // cluster, id, record
        for (std::uint32_t i = 0; i < in_.cluster.size(); ++i)
            if (!in_.before[i].empty()) rows.push_back({in_.cluster[i], id_number(in_.before[i]), i});
        std::sort(rows.begin(), rows.end());
        for (const auto& [cluster, id, record] : rows) {
            if (overlaps_.empty() || overlaps_.back().cluster != cluster || overlaps_.back().id != id)
                overlaps_.push_back({cluster, id});
            Overlap& o = overlaps_.back();
            ++o.records;
            o.upns += in_.hold[record].upn;
            o.nhs_numbers += in_.hold[record].nhs_number;
        }
        for (const auto& [record, id] : in_.pinned) {
            const auto known = number_.find(id);
            if (known == number_.end()) continue;
            for (Overlap& o : overlaps_)
                if (o.cluster == in_.cluster[record] && o.id == known->second) ++o.pins;
        }
    }

    // Overlaps that hang together by a cluster or an id.
    std::vector<std::vector<std::uint32_t>> groups() {
        std::vector<std::uint32_t> parent(overlaps_.size());
        std::iota(parent.begin(), parent.end(), 0u);
        auto find = [&](std::uint32_t i) {
            while (parent[i] != i) i = parent[i] = parent[parent[i]];
            return i;
        };
        std::unordered_map<std::uint32_t, std::uint32_t> first_of_id;
        for (std::uint32_t i = 0; i < overlaps_.size(); ++i) {
            if (i > 0 && overlaps_[i - 1].cluster == overlaps_[i].cluster) parent[find(i)] = find(i - 1);
            const auto [it, fresh] = first_of_id.emplace(overlaps_[i].id, i);
            if (!fresh) parent[find(i)] = find(it->second);
        }
        std::map<std::uint32_t, std::vector<std::uint32_t>> by_root;
        std::vector<std::vector<std::uint32_t>> out;
        for (std::uint32_t i = 0; i < overlaps_.size(); ++i) by_root[find(i)].push_back(i);
        for (auto& [root, members] : by_root) out.push_back(std::move(members));
        return out;
    }

    void assign(const std::vector<std::uint32_t>& group) {
        if (group.size() == 1) return keep(overlaps_[group[0]]);
        std::vector<std::uint32_t> clusters, ids;
        for (const std::uint32_t i : group) {
            clusters.push_back(overlaps_[i].cluster);
            ids.push_back(overlaps_[i].id);
        }
        auto distinct = [](std::vector<std::uint32_t>& list) {
            std::sort(list.begin(), list.end());
            list.erase(std::unique(list.begin(), list.end()), list.end());
        };
        distinct(clusters);
        distinct(ids);
        // the oldest first: of equals it wins, then the cluster of the smallest record
        std::sort(ids.begin(), ids.end(), [&](std::uint32_t x, std::uint32_t y) {
            const auto ax = in_.age(ids_[x]), ay = in_.age(ids_[y]);
            return ax != ay ? ax < ay : ids_[x] < ids_[y];
        });
        std::vector<std::vector<Weight>> weight(clusters.size(), std::vector<Weight>(ids.size()));
        std::vector<std::vector<const Overlap*>> cell(clusters.size(),
                                                      std::vector<const Overlap*>(ids.size()));
        for (const std::uint32_t i : group) {
            const Overlap& o = overlaps_[i];
            const auto r = static_cast<std::size_t>(
                std::lower_bound(clusters.begin(), clusters.end(), o.cluster) - clusters.begin());
            const auto c = static_cast<std::size_t>(std::find(ids.begin(), ids.end(), o.id) - ids.begin());
            weight[r][c] = o.weight() + (static_cast<Weight>(ids.size() - c) << 20) +
                           static_cast<Weight>(clusters.size() - r);
            cell[r][c] = &o;
        }
        if (std::max(clusters.size(), ids.size()) > largest_exact) return assign_greedily(weight, cell);
        const std::vector<int> chosen = best_assignment(weight);
        for (std::size_t r = 0; r < chosen.size(); ++r)
            if (chosen[r] >= 0) keep(*cell[r][static_cast<std::size_t>(chosen[r])]);
    }
    // A group so large is a county turned upside down; best first is near enough, and ends in time.
    void assign_greedily(const std::vector<std::vector<Weight>>& weight,
                         const std::vector<std::vector<const Overlap*>>& cell) {
        struct Cell {
            Weight weight;
            const Overlap* overlap;
        };
        std::vector<Cell> cells;
        for (std::size_t r = 0; r < cell.size(); ++r)
            for (std::size_t c = 0; c < cell[r].size(); ++c)
                if (cell[r][c] != nullptr) cells.push_back({weight[r][c], cell[r][c]});
        std::stable_sort(cells.begin(), cells.end(),
                         [](const Cell& x, const Cell& y) { return x.weight > y.weight; });
        for (const Cell& c : cells)
            if (!id_of_.contains(c.overlap->cluster) && !kept_by_.contains(ids_[c.overlap->id]))
                keep(*c.overlap);
    }
    void keep(const Overlap& o) {
        id_of_.emplace(o.cluster, std::string(ids_[o.id]));
        kept_by_.emplace(ids_[o.id], o.cluster);
    }

    // Clusters without an id get back the one that most of their records had before it ended.
    void give_back() {
        if (!in_.ended) return;
        std::vector<bool> without(in_.cluster.size());
        bool any = false;
        for (std::uint32_t i = 0; i < in_.cluster.size(); ++i)
            any |= without[i] = !id_of_.contains(in_.cluster[i]);
        if (!any) return;
        ended_ = in_.ended();
        struct Claim {
            std::uint32_t records, cluster;
            std::uint64_t age;
            const EndedId* ended;
        };
        std::vector<Claim> claims;
        for (const EndedId& e : ended_) {
            std::map<std::uint32_t, std::uint32_t> held;
            for (const std::uint32_t r : e.records)
                // its records are still where the merge had brought them, or come back from nowhere
                if (without[r] && (in_.before[r] == e.survivor || in_.before[r].empty()))
                    ++held[in_.cluster[r]];
            for (const auto& [cluster, records] : held)
                claims.push_back({records, cluster, in_.age(e.id), &e});
        }
        std::sort(claims.begin(), claims.end(), [](const Claim& x, const Claim& y) {
            if (x.records != y.records) return x.records > y.records;
            if (x.age != y.age) return x.age < y.age;
            return x.cluster < y.cluster;
        });
        for (const Claim& c : claims) {
            if (id_of_.contains(c.cluster) || kept_by_.contains(c.ended->id)) continue;
            id_of_.emplace(c.cluster, c.ended->id);
            kept_by_.emplace(c.ended->id, c.cluster);
            out_.revived.push_back(c.ended->id);
            revived_.insert(c.cluster);
        }
    }

    // Yesterday's ids that met in one cluster, or came apart. An id that nobody kept goes into the cluster
    // that has most of it; of the rest of its records, and of those that changed between living persons,
    // tell_records tells.
    void tell_merges_and_splits() {
        std::map<std::uint32_t, const Overlap*> most;
        for (const Overlap& o : overlaps_) {
            if (kept_by_.contains(ids_[o.id])) {
                const bool left = fresh_.contains(o.cluster) || revived_.contains(o.cluster);
                if (left && id_of_.at(o.cluster) != ids_[o.id])
                    out_.events.push_back({EventType::split, std::string(ids_[o.id]), id_of_.at(o.cluster)});
                continue;
            }
            const Overlap*& best = most[o.id];
            if (best == nullptr || o.weight() > best->weight()) best = &o;
        }
        for (const auto& [id, o] : most) {
            out_.events.push_back({EventType::merge, id_of_.at(o->cluster), std::string(ids_[id])});
            out_.ended.emplace_back(ids_[id], id_of_.at(o->cluster));
            merged_into_.emplace(ids_[id], o->cluster);
        }
    }

    void tell_records() {
        for (std::uint32_t i = 0; i < in_.cluster.size(); ++i) {
            const std::string &before = in_.before[i], &now = out_.person[i];
            if (in_.cluster[i] == i && fresh_.contains(i))
                out_.events.push_back({EventType::create, now, "", i});
            if (before == now) continue;
            const bool fresh = fresh_.contains(in_.cluster[i]);
            if (before.empty()) {
                if (!fresh || in_.cluster[i] != i) out_.events.push_back({EventType::add, now, "", i});
                continue;
            }
            const auto merged = merged_into_.find(before);
            if (merged != merged_into_.end() && merged->second == in_.cluster[i])
                continue;  // the merge says it
            const bool split = merged == merged_into_.end() && (fresh || revived_.contains(in_.cluster[i]));
            if (split) continue;  // the split says it
            out_.events.push_back({EventType::remove, before, "", i});
            if (!fresh || in_.cluster[i] != i) out_.events.push_back({EventType::add, now, "", i});
        }
    }

    static constexpr std::size_t largest_exact = 300;

    const IdInput& in_;
    Assignment out_;
    std::vector<Overlap> overlaps_;  // ascending by cluster, then id
    std::vector<std::string_view> ids_;
    std::unordered_map<std::string_view, std::uint32_t> number_;
    std::unordered_map<std::uint32_t, std::string> id_of_;             // cluster → id
    std::unordered_map<std::string_view, std::uint32_t> kept_by_;      // id → cluster
    std::unordered_map<std::string_view, std::uint32_t> merged_into_;  // id that ended → cluster
    std::unordered_set<std::uint32_t> fresh_, revived_;  // clusters with a new id, with one given back
    std::vector<EndedId> ended_;
};

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
        case EventType::attribute:
            return "ATTRIBUTE";
        case EventType::seal:
            return "SEAL";
        case EventType::review:
            return "REVIEW";
    }
    return "";
}

Assignment assign_person_ids(const IdInput& input) { return Assigner(input).run(); }

}  // namespace sendhub::match
