#include "hub/match/engine.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <string_view>
#include <tuple>
#include <unordered_set>

#include "hub/match/names.hpp"

namespace sendhub::match {
namespace {

constexpr std::size_t pollution_limit =
    3;  // distinct (name, birth date) on one identifier value (matching.md 2)

// Names in comparable form; index 0 legal, 1 known as, (surname only) 2 former.
struct Names {
    std::array<std::string, 2> forenames;
    std::array<std::string, 3> surnames;
};

// A reason to join two records. strength: smaller is stronger; the order of joining.
struct Edge {
    std::uint8_t strength;
    std::uint32_t a, b;
    const char* rule;
    Method method;
};

class Resolver {
  public:
    explicit Resolver(const Records& records)
        : r_(records), parent_(records.size()), members_(records.size()), ids_of_(records.size() + 1, 0) {
        std::iota(parent_.begin(), parent_.end(), 0u);
        for (std::uint32_t i = 0; i < r_.size(); ++i) members_[i] = {i};
        for (const auto& id : r_.identifiers) ++ids_of_[id.record + 1];
        std::partial_sum(ids_of_.begin(), ids_of_.end(), ids_of_.begin());
        names_.resize(r_.size());
        for (std::uint32_t i = 0; i < r_.size(); ++i) {
            names_[i].forenames = {plain_name(r_.forename[i]), plain_name(r_.known_forename[i])};
            names_[i].surnames = {plain_name(r_.surname[i]), plain_name(r_.known_surname[i]),
                                  plain_name(r_.former_surname[i])};
        }
        out_.method.assign(r_.size(), Method::none);
        out_.rule.assign(r_.size(), "");
    }

    Resolution run() {
        identifier_edges();
        strict_edges();
        std::sort(edges_.begin(), edges_.end(), [](const Edge& x, const Edge& y) {
            return std::tie(x.strength, x.a, x.b) < std::tie(y.strength, y.a, y.b);
        });
        for (const Edge& edge : edges_) join(edge);
        std::sort(out_.pending.begin(), out_.pending.end(), [](const Pending& x, const Pending& y) {
            return std::tuple(x.a, x.b, std::string_view(x.rule)) <
                   std::tuple(y.a, y.b, std::string_view(y.rule));
        });
        out_.cluster.resize(r_.size());
        for (std::uint32_t i = 0; i < r_.size(); ++i) out_.cluster[i] = find(i);
        return std::move(out_);
    }

  private:
    struct IdEntry {
        std::uint64_t hash;
        std::uint32_t index;
    };

    // Pairs of records that hold one valid value. Within a value every record is compared with every other:
    // values are on few records, and polluted ones are left out.
    void identifier_edges() {
        std::vector<IdEntry> entries(r_.identifiers.size());
        for (std::uint32_t i = 0; i < entries.size(); ++i)
            entries[i] = {std::hash<std::string_view>{}(r_.identifier_values[i]) * 31 +
                              kind_group(r_.identifiers[i].kind),
                          i};
        std::sort(entries.begin(), entries.end(), [](const IdEntry& x, const IdEntry& y) {
            return std::tie(x.hash, x.index) < std::tie(y.hash, y.index);
        });
        for (std::size_t begin = 0; begin < entries.size();) {
            std::size_t end = begin + 1;
            while (end < entries.size() && entries[end].hash == entries[begin].hash) ++end;
            if (end - begin > 1) identifier_block({entries.data() + begin, end - begin});
            begin = end;
        }
    }

    void identifier_block(std::span<const IdEntry> block) {
        std::unordered_set<std::string> children;
        for (const IdEntry& entry : block) {
            const std::uint32_t record = r_.identifiers[entry.index].record;
            children.insert(names_[record].forenames[0] + '|' + names_[record].surnames[0] + '|' +
                            std::to_string(r_.birth_date[record]));
        }
        const bool polluted = children.size() > pollution_limit;
        if (polluted) ++out_.polluted_identifiers;
        for (std::size_t i = 0; i < block.size(); ++i)
            for (std::size_t j = i + 1; j < block.size(); ++j) {
                const auto& x = r_.identifiers[block[i].index];
                const auto& y = r_.identifiers[block[j].index];
                if (x.record == y.record ||
                    r_.identifier_values[block[i].index] != r_.identifier_values[block[j].index])
                    continue;
                if (x.kind == IdKind::former_upn && y.kind == IdKind::former_upn)
                    continue;  // proves nothing today
                const std::uint32_t a = std::min(x.record, y.record), b = std::max(x.record, y.record);
                const char* rule = rule_of(x.kind, y.kind);
                if (polluted) {
                    if (block.size() <= 20) out_.pending.push_back({a, b, rule, "polluted identifier"});
                } else if (borne_out(a, b)) {
                    edges_.push_back({0, a, b, rule, Method::exact});
                } else {
                    out_.pending.push_back({a, b, rule, "identifier agrees, child does not"});
                }
            }
    }

    static unsigned kind_group(IdKind kind) {
        return kind == IdKind::former_upn ? 0u : static_cast<unsigned>(kind);
    }
    static const char* rule_of(IdKind a, IdKind b) {
        if (a == IdKind::former_upn || b == IdKind::former_upn) return "former upn";
        if (a == IdKind::upn) return "upn";
        return a == IdKind::nhs_number ? "nhs number" : "uln";
    }

    // An identifier can be typed on the wrong child: two of birth date, forename and surname must speak for
    // it.
    [[nodiscard]] bool borne_out(std::uint32_t a, std::uint32_t b) const {
        const NameRelation forename = forenames(a, b);
        const bool forename_agrees = forename == NameRelation::equal || forename == NameRelation::close;
        const bool surname_agrees = surnames_meet(a, b);
        const bool born_alike = r_.birth_date[a] != no_date && r_.birth_date[a] == r_.birth_date[b];
        return static_cast<int>(forename_agrees) + static_cast<int>(surname_agrees) +
                       static_cast<int>(born_alike) >=
                   2 &&
               !(forename == NameRelation::different && born_alike && surname_agrees);
    }

    [[nodiscard]] NameRelation forenames(std::uint32_t a, std::uint32_t b) const {
        NameRelation best = NameRelation::unknown;
        for (const auto& x : names_[a].forenames)
            for (const auto& y : names_[b].forenames) {
                const NameRelation relation = relate_forenames(x, y);
                if (relation == NameRelation::equal) return relation;
                if (relation == NameRelation::close || best == NameRelation::unknown) {
                    if (relation != NameRelation::unknown)
                        best = best == NameRelation::close ? best : relation;
                }
            }
        return best;
    }
    [[nodiscard]] bool surnames_meet(std::uint32_t a, std::uint32_t b) const {
        for (const auto& x : names_[a].surnames)
            for (const auto& y : names_[b].surnames)
                if (!x.empty() && x == y) return true;
        return false;
    }

    // Forename, surname, birth date and postcode all equal.
    void strict_edges() {
        struct Entry {
            std::size_t hash;
            std::uint32_t record;
        };
        std::vector<Entry> entries;
        auto key = [&](std::uint32_t i) {
            return names_[i].forenames[0] + '|' + names_[i].surnames[0] + '|' +
                   std::to_string(r_.birth_date[i]) + '|' + std::string(r_.postcode[i]);
        };
        for (std::uint32_t i = 0; i < r_.size(); ++i)
            if (!names_[i].forenames[0].empty() && !names_[i].surnames[0].empty() &&
                r_.birth_date[i] != no_date && !r_.postcode[i].empty())
                entries.push_back({std::hash<std::string>{}(key(i)), i});
        std::sort(entries.begin(), entries.end(), [](const Entry& x, const Entry& y) {
            return std::tie(x.hash, x.record) < std::tie(y.hash, y.record);
        });
        for (std::size_t begin = 0; begin < entries.size();) {
            std::size_t end = begin + 1;
            while (end < entries.size() && entries[end].hash == entries[begin].hash) ++end;
            for (std::size_t i = begin; i < end; ++i)
                for (std::size_t j = i + 1; j < end; ++j)
                    if (key(entries[i].record) == key(entries[j].record))
                        edges_.push_back({1, entries[i].record, entries[j].record,
                                          "name, birth date and postcode", Method::deterministic});
            begin = end;
        }
    }

    std::uint32_t find(std::uint32_t i) {
        while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
        return i;
    }

    void join(const Edge& edge) {
        std::uint32_t a = find(edge.a), b = find(edge.b);
        if (a != b) {
            if (const char* veto = veto_between(a, b)) {
                out_.pending.push_back({edge.a, edge.b, edge.rule, veto});
                return;
            }
            if (b < a) std::swap(a, b);
            parent_[b] = a;
            members_[a].insert(members_[a].end(), members_[b].begin(), members_[b].end());
            members_[b].clear();
        }
        for (const std::uint32_t record : {edge.a, edge.b})
            if (out_.method[record] == Method::none) {
                out_.method[record] = edge.method;
                out_.rule[record] = edge.rule;
            }
    }

    // The identifiers of one kind in a cluster.
    void collect(std::uint32_t cluster, IdKind kind, std::vector<std::string_view>& out) const {
        for (const std::uint32_t record : members_[cluster])
            for (std::size_t i = ids_of_[record]; i < ids_of_[record + 1]; ++i)
                if (r_.identifiers[i].kind == kind) out.push_back(r_.identifier_values[i]);
    }

    [[nodiscard]] bool ids_clash(std::uint32_t a, std::uint32_t b, IdKind kind) const {
        std::vector<std::string_view> x, y, former;
        collect(a, kind, x);
        collect(b, kind, y);
        if (kind == IdKind::upn) {
            collect(a, IdKind::former_upn, former);
            collect(b, IdKind::former_upn, former);
        }
        auto was_former = [&](std::string_view value) {
            return std::find(former.begin(), former.end(), value) != former.end();
        };
        for (const auto& p : x)
            for (const auto& q : y)
                if (p != q && !was_former(p) && !was_former(q)) return true;
        return false;
    }

    [[nodiscard]] const char* veto_between(std::uint32_t a, std::uint32_t b) const {
        if (ids_clash(a, b, IdKind::upn)) return "V1 two different valid UPNs";
        if (ids_clash(a, b, IdKind::nhs_number)) return "V2 two different valid NHS numbers";
        if (ids_clash(a, b, IdKind::uln)) return "V3 two different valid ULNs";
        for (const std::uint32_t i : members_[a])
            for (const std::uint32_t j : members_[b])
                if (r_.birth_date[i] != no_date && r_.birth_date[i] == r_.birth_date[j] &&
                    surnames_meet(i, j) && forenames(i, j) == NameRelation::different)
                    return "V4 twin pattern";
        return nullptr;
    }

    const Records& r_;
    std::vector<std::uint32_t> parent_;
    std::vector<std::vector<std::uint32_t>> members_;
    std::vector<std::size_t> ids_of_;  // first identifier of each record
    std::vector<Names> names_;
    std::vector<Edge> edges_;
    Resolution out_;
};

}  // namespace

Resolution resolve(const Records& records) { return Resolver(records).run(); }

}  // namespace sendhub::match
