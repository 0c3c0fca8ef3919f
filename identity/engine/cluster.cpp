#include "identity/engine/cluster.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numeric>
#include <tuple>
#include <unordered_set>

#include "identity/engine/evidence.hpp"
#include "identity/engine/hash.hpp"
#include "identity/engine/pair_facts.hpp"
#include "identity/engine/parallel.hpp"
#include "identity/engine/radix.hpp"
#include "identity/engine/weak_bridges.hpp"

namespace sendhub::identity {
namespace {

std::uint32_t find(std::vector<std::uint32_t>& parent, std::uint32_t i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
}

// What people have said. Of most records nobody has said anything, which is seen at one look.
class Spoken {
  public:
    Spoken(const Decisions& decisions, std::size_t records) : decisions_(decisions), of_(records) {
        for (const auto& [pair, verdict] : decisions.by_pair)
            of_[pair >> 32] = of_[static_cast<std::uint32_t>(pair)] = true;
    }
    [[nodiscard]] const Verdict* operator()(std::uint32_t a, std::uint32_t b) const {
        return of_[a] && of_[b] ? decisions_.find(a, b) : nullptr;
    }
    [[nodiscard]] bool of_any(const std::vector<std::uint32_t>& records) const {
        return !decisions_.by_pair.empty() &&
               std::any_of(records.begin(), records.end(), [&](std::uint32_t r) { return of_[r]; });
    }

  private:
    const Decisions& decisions_;
    std::vector<bool> of_;
};

// The records of one piece, and of each of its clusters, which has the number of its smallest record. What
// memory they have is kept for the next piece.
class Members {
  public:
    explicit Members(std::vector<std::uint32_t>& place) : place_(place) {}
    // Each record is a cluster of its own.
    void start(const ClusterInput& in, std::span<const std::uint32_t> edges) {
        records_.clear();
        for (const std::uint32_t e : edges) {
            records_.push_back(in.edges[e].a);
            records_.push_back(in.edges[e].b);
        }
        std::sort(records_.begin(), records_.end());
        records_.erase(std::unique(records_.begin(), records_.end()), records_.end());
        if (lists_.size() < records_.size()) lists_.resize(records_.size());
        for (std::uint32_t i = 0; i < records_.size(); ++i) {
            place_[records_[i]] = i;
            lists_[i].assign(1, records_[i]);
        }
    }
    [[nodiscard]] std::size_t size() const { return records_.size(); }
    [[nodiscard]] std::uint32_t place(std::uint32_t record) const { return place_[record]; }
    std::vector<std::uint32_t>& operator[](std::uint32_t cluster) { return lists_[place_[cluster]]; }
    const std::vector<std::uint32_t>& operator[](std::uint32_t cluster) const {
        return lists_[place_[cluster]];
    }

  private:
    std::vector<std::uint32_t>& place_;  // of each record in its piece; pieces share no record
    std::vector<std::uint32_t> records_;
    std::vector<std::vector<std::uint32_t>> lists_;
};

// One number on two children: a person is asked, whatever the pair weighs.
bool asks_of_a_number(const ClusterInput& in, std::uint64_t pattern) {
    return in.rules.children && number_on_two_people(in.plan, pattern);
}

// One connected piece of the graph of edges at or above review.
class Component {
  public:
    Component(const ClusterInput& in, Scorer& scorer, std::vector<std::uint32_t>& parent, Members& members,
              std::span<const std::uint32_t> edges, const Spoken& spoken, Clusters& out)
        : in_(in),
          scorer_(scorer),
          facts_(in, scorer.comparer()),
          parent_(parent),
          members_(members),
          edges_(edges),
          spoken_(spoken),
          families_(may_hold_families(in.plan, in.model, in.rules.children)),
          out_(out) {}

    void run() {
        make_table();
        index_edges();
        std::vector<Step> steps;
        for (const std::uint32_t e : edges_) {
            const Edge& edge = in_.edges[e];
            const Verdict* verdict = spoken_(edge.a, edge.b);
            const bool manual = verdict != nullptr && *verdict == Verdict::same;
            if (manual || edge.weight >= in_.thresholds.automatic)
                steps.push_back({manual, identifier_agrees(in_.plan, edge.pattern), edge});
        }
        in_order(steps);
        for (const Step& step : steps) try_join(step);
        if (in_.rules.children && !in_.model.presence.share.empty()) join_lone_children();
        for (const std::uint32_t e : edges_) for_review(in_.edges[e]);
    }

  private:
    struct Known {
        float weight;
        std::uint64_t pattern;
    };
    struct Step {
        bool manual, id;
        Edge edge;
        bool lone = false;
        double silence = 0;  // of lone ones, in bits
    };
    struct Refusal {
        Reason reason;
        Veto veto;
    };
    struct Looked {
        std::size_t left = 0, right = 0;
        std::array<std::optional<Veto>, 4> found;
    };

    // Weight and pattern of a pair: of its edge, or worked out now.
    Known known(std::uint32_t a, std::uint32_t b) {
        if (a > b) std::swap(a, b);
        if (const std::uint32_t e = edge_between(a, b); e != no_edge)
            return {in_.edges[e].weight, in_.edges[e].pattern};
        constexpr std::size_t most_remembered = 1 << 20;
        if (worked_out_.size() >= most_remembered) worked_out_.clear();
        const auto [it, fresh] = worked_out_.try_emplace(Decisions::pair(a, b));
        if (fresh) {
            const std::uint64_t pattern = scorer_.comparer().pattern(a, b);
            it->second = {static_cast<float>(scorer_.weight(a, b, pattern)), pattern};
        }
        return it->second;
    }

    [[nodiscard]] std::uint32_t edge_between(std::uint32_t a, std::uint32_t b) const {
        if (!edge_of_.empty()) return edge_of_[members_.place(a) * members_.size() + members_.place(b)];
        const auto at =
            std::lower_bound(edges_.begin(), edges_.end(), std::pair(a, b),
                             [&](std::uint32_t e, const std::pair<std::uint32_t, std::uint32_t>& pair) {
                                 return std::pair(in_.edges[e].a, in_.edges[e].b) < pair;
                             });
        return at != edges_.end() && in_.edges[*at].a == a && in_.edges[*at].b == b ? *at : no_edge;
    }
    // Of the long histories of a few people a table of all pairs is small, and looked at often.
    void make_table() {
        constexpr std::size_t few_edges = 8, most_records = 512;
        if (edges_.size() <= few_edges) return;
        const std::size_t n = members_.size();
        if (n > most_records) return;
        edge_of_.assign(n * n, no_edge);
        for (const std::uint32_t e : edges_)
            edge_of_[members_.place(in_.edges[e].a) * n + members_.place(in_.edges[e].b)] = e;
    }

    // Of a large piece, the edges of each record: most questions are about the edges of one cluster or two.
    void index_edges() {
        constexpr std::size_t few_edges = 64;
        if (edges_.size() <= few_edges) return;
        first_edge_.assign(members_.size() + 1, 0);
        for (const std::uint32_t e : edges_)
            for (const std::uint32_t r : {in_.edges[e].a, in_.edges[e].b})
                ++first_edge_[members_.place(r) + 1];
        std::partial_sum(first_edge_.begin(), first_edge_.end(), first_edge_.begin());
        edges_of_.resize(first_edge_.back());
        std::vector<std::uint32_t> next(first_edge_.begin(), first_edge_.end() - 1);
        for (const std::uint32_t e : edges_)
            for (const std::uint32_t r : {in_.edges[e].a, in_.edges[e].b})
                edges_of_[next[members_.place(r)]++] = e;
    }
    // Whether holds(edge) for an edge of one of the clusters; of a small piece all are asked, and one inside
    // a cluster may be asked twice.
    template <class Holds>
    bool any_edge_of(std::initializer_list<std::uint32_t> clusters, Holds holds) {
        if (first_edge_.empty()) {
            work_ += edges_.size();
            return std::any_of(edges_.begin(), edges_.end(),
                               [&](std::uint32_t e) { return holds(in_.edges[e]); });
        }
        for (const std::uint32_t cluster : clusters)
            for (const std::uint32_t record : members_[cluster]) {
                const std::uint32_t place = members_.place(record);
                work_ += first_edge_[place + 1] - first_edge_[place];
                for (std::uint32_t i = first_edge_[place]; i < first_edge_[place + 1]; ++i)
                    if (holds(in_.edges[edges_of_[i]])) return true;
            }
        return false;
    }

    // Many records of one person in a tangle: what is looked at for each of their edges is bounded, and
    // counted so that every run stops at the same place. The histories of people take a tenth of it at the
    // most.
    [[nodiscard]] bool worked_too_long() const {
        constexpr std::uint64_t at_first = 1'000'000, for_each_edge = 200;
        return work_ > at_first + for_each_edge * edges_.size();
    }

    void in_order(std::vector<Step>& steps) const {
        const auto& order = in_.features.order;
        std::sort(steps.begin(), steps.end(), [&](const Step& x, const Step& y) {
            return std::tuple(!x.manual, !x.id, -x.edge.weight, order[x.edge.a], order[x.edge.b]) <
                   std::tuple(!y.manual, !y.id, -y.edge.weight, order[y.edge.a], order[y.edge.b]);
        });
    }

    // The weight of a pair counts in that the two may be twins or namesakes. Those are two children, and two
    // children leave traces: each has records of their own, and a source that knows both has one of each.
    // Where no source has a record on both sides, and nobody else around was born on that day, each source
    // that would have known the second child speaks against there being one.
    void join_lone_children() {
        std::vector<Step> steps;
        for (const std::uint32_t e : edges_) {
            const Edge& edge = in_.edges[e];
            if (edge.weight >= in_.thresholds.review && spoken_(edge.a, edge.b) == nullptr &&
                find(parent_, edge.a) != find(parent_, edge.b) && facts_.one_child_by_name(edge))
                steps.push_back({false, facts_.tied_by_number(edge.pattern), edge, true});
        }
        in_order(steps);
        for (Step& step : steps) {
            const std::uint32_t a = find(parent_, step.edge.a), b = find(parent_, step.edge.b);
            if (a == b || worked_too_long()) continue;
            const int year = calendar_day(in_.features.rows[step.edge.a].birth).year;
            const double silence =
                in_.model.presence.missing(year, sources_of(members_[a]) | sources_of(members_[b]));
            if (step.edge.weight + silence < in_.thresholds.automatic) continue;
            if (may_be_twins(in_.plan, step.edge.pattern) &&
                (silence < facts_.telling_silence(step.edge) ||
                 (confirmed(step.edge.a) && confirmed(step.edge.b)) ||
                 (!step.id && facts_.names_of_twins(step.edge))))
                continue;
            // one name in one home with two birth dates: a source may well have written both
            const bool one_name = level_of(in_.plan, step.edge.pattern, Kind::birth) != BirthLevel::equal;
            if (!no_second_child(a, b, step.id || one_name)) continue;
            step.silence = silence;
            try_join(step);
        }
    }
    // Another source writes the forename of this record in the same way. Where that is so of both names, both
    // are in use: two sources do not slip alike.
    bool confirmed(std::uint32_t record) {
        const Row& row = in_.features.rows[record];
        const auto& side = members_[find(parent_, record)];
        return std::any_of(side.begin(), side.end(), [&](std::uint32_t other) {
            const Row& r = in_.features.rows[other];
            return r.source != row.source && r.fore[0] == row.fore[0];
        });
    }
    [[nodiscard]] bool one_source_knows_both(const std::vector<std::uint32_t>& left,
                                             const std::vector<std::uint32_t>& right) const {
        const auto& rows = in_.features.rows;
        return std::any_of(left.begin(), left.end(), [&](std::uint32_t i) {
            return std::any_of(right.begin(), right.end(),
                               [&](std::uint32_t j) { return rows[i].source == rows[j].source; });
        });
    }
    // A bit each; where there are more than 64, Presence is empty and nobody asks.
    [[nodiscard]] std::uint64_t sources_of(const std::vector<std::uint32_t>& side) const {
        std::uint64_t bits = 0;
        for (const std::uint32_t r : side) bits |= in_.features.source_bit(r);
        return bits;
    }
    // In bits: how much more likely it is that a source has a record on both sides when they are two
    // children. What the pair itself is of, its prior knows already.
    [[nodiscard]] double traces_found(const std::vector<std::uint32_t>& left,
                                      const std::vector<std::uint32_t>& right, const Edge& edge) const {
        const Presence& presence = in_.model.presence;
        const auto& rows = in_.features.rows;
        if (!in_.rules.children || presence.share.empty() || rows[edge.a].birth == no_day) return 0;
        std::uint64_t both = sources_of(left) & sources_of(right);
        if (rows[edge.a].source == rows[edge.b].source) both &= ~in_.features.source_bit(edge.a);
        const int year = calendar_day(rows[edge.a].birth).year;
        double bits = 0;
        for (std::size_t s = 0; s < presence.share.size(); ++s)
            if (both >> s & 1)
                bits +=
                    std::max(0.0, std::log2(presence.of(s, year) / static_cast<double>(presence.again[s])));
        return bits;
    }

    bool no_second_child(std::uint32_t a, std::uint32_t b, bool one_source_may) {
        if (!one_source_may && one_source_knows_both(members_[a], members_[b])) return false;
        return !any_edge_of({a, b}, [&](const Edge& edge) {
            const std::uint32_t p = find(parent_, edge.a), q = find(parent_, edge.b);
            const bool leads_away = (p == a || p == b) != (q == a || q == b);
            return leads_away && level_of(in_.plan, edge.pattern, Kind::birth) <= BirthLevel::partial;
        });
    }

    void try_join(const Step& step) {
        std::uint32_t a = find(parent_, step.edge.a), b = find(parent_, step.edge.b);
        if (a == b) return;
        if (worked_too_long()) {
            ++out_.cut_joins;
            refused_.emplace(Decisions::pair(step.edge.a, step.edge.b), Refusal{Reason::size, Veto::none});
            return;
        }
        if (const auto refusal = refuse(step, a, b)) {
            refused_.emplace(Decisions::pair(step.edge.a, step.edge.b), *refusal);
            return;
        }
        if (b < a) std::swap(a, b);
        parent_[b] = a;
        members_[a].insert(members_[a].end(), members_[b].begin(), members_[b].end());
        members_[b].clear();
        out_.joined.emplace_back(step.edge.a, step.edge.b);
    }

    std::optional<Refusal> refuse(const Step& step, std::uint32_t a, std::uint32_t b) {
        const Thresholds& t = in_.thresholds;
        const auto &left = members_[a], &right = members_[b];
        if (!step.manual)
            if (const Veto veto = veto_of_pair(in_.features, in_.plan, in_.rules, step.edge.a, step.edge.b,
                                               step.edge.pattern);
                veto != Veto::none &&
                !(veto == Veto::upn && lifted(veto, step.edge.a, step.edge.b, left, right)) &&
                !(step.lone && step.id && lifted_by_number(veto, step.edge.a, step.edge.b, left, right)))
                return Refusal{Reason::veto, veto};
        if (const Veto veto = veto_between(left, right, step.manual, step.lone && step.id);
            veto != Veto::none)
            return Refusal{Reason::veto, veto};
        if (step.manual) return {};
        if (const Evidence found = evidence(step.edge); found == Evidence::too_little)
            return Refusal{Reason::evidence, Veto::none};
        else if (found == Evidence::number_on_two_people)
            return Refusal{Reason::number, Veto::none};
        if (in_.rules.children && identifiers_that_agree(in_.plan, step.edge.pattern) < 2 &&
            (facts_.no_forename_in_common(step.edge) || facts_.one_of_several_by_a_later_number(step.edge) ||
             (!one_forename(step.edge) && facts_.middle_names_differ(step.edge))))
            return Refusal{Reason::twins, Veto::none};
        if (in_.rules.children && !step.lone &&
            (may_be_twins(in_.plan, step.edge.pattern) || facts_.one_surname_swapped(step.edge)))
            return Refusal{Reason::twins, Veto::none};
        if (in_.rules.children && !identifier_agrees(in_.plan, step.edge.pattern) &&
            (facts_.only_forename_and_day(step.edge) || facts_.two_names_in_one_source(step.edge) ||
             facts_.like_forenames_swapped(step.edge)))
            return Refusal{Reason::score, Veto::none};
        if (!step.id) {
            const double weight = step.edge.weight + step.silence - traces_found(left, right, step.edge);
            if (weight < t.automatic && !step.lone) return Refusal{Reason::bridge, Veto::none};
            if (weight < t.automatic + for_namesakes(step.edge, left, right))
                return Refusal{Reason::score, Veto::none};
        }
        if (left.size() + right.size() > t.max_cluster) return Refusal{Reason::size, Veto::none};
        if (left.size() + right.size() > 2) {
            double sum = 0;
            std::size_t support = 0;
            work_ += left.size() * right.size();
            for (const std::uint32_t i : left)
                for (const std::uint32_t j : right) {
                    const Known k = known(i, j);
                    if (families_ && number_on_two_people(in_.plan, k.pattern))
                        return Refusal{Reason::number, Veto::none};
                    sum += k.weight;
                    support += k.weight >= t.review;
                    if (in_.rules.children && twins_across(step, {i, j, k.weight, k.pattern}, left, right) &&
                        !known_by_both_names(i, j, left, right))
                        return Refusal{Reason::twins, Veto::none};
                    if (k.weight < t.automatic && facts_.valid_numbers_differ(k.pattern))
                        return Refusal{Reason::bridge, Veto::none};
                }
            const double mean = sum / static_cast<double>(left.size() * right.size());
            if (mean < t.automatic - t.slack && !step.id) return Refusal{Reason::bridge, Veto::none};
            if (support < t.support && !step.id && !step.lone && !facts_.one_forename_in_one_home(step.edge))
                return Refusal{Reason::bridge, Veto::none};
        }
        if (!step.id && (rival(left, right, step.edge.weight) || rival(right, left, step.edge.weight) ||
                         two_children_around(step.edge, left, right)))
            return Refusal{Reason::ambiguous, Veto::none};
        if (in_.rules.children && (step.id ? very_name_elsewhere(step.edge, left, right) ||
                                                 very_name_elsewhere(step.edge, right, left)
                                           : of_a_twin_of_like_name(left, right)))
            return Refusal{Reason::ambiguous, Veto::none};
        return {};
    }

    Evidence evidence(const Edge& edge) {
        const Evidence found =
            evidence_of(in_.plan, edge.pattern, edge.weight - scorer_.prior(edge.a, edge.b), families_);
        if (found != Evidence::too_little) return found;
        // what siblings would explain as well says nothing of how much agrees
        return evidence_of(in_.plan, edge.pattern, scorer_.explain(edge.a, edge.b, edge.pattern).agreement(),
                           families_);
    }
    // In bits: so much more must speak for one child where names and a birth date are all that agrees. In
    // different places, where one source knows both, one of 200 pairs of 8 to 10 bits is of two children,
    // twenty times as many as where no source does. Where a place is unknown nothing could speak against it.
    [[nodiscard]] double for_namesakes(const Edge& edge, const std::vector<std::uint32_t>& left,
                                       const std::vector<std::uint32_t>& right) const {
        constexpr double place_unknown = 4, known_to_one_source = 2;
        if (!in_.rules.children || facts_.tied_by_number(edge.pattern)) return 0;
        const unsigned place = level_of(in_.plan, edge.pattern, Kind::place);
        if (place == null_level) return place_unknown;
        return place > PlaceLevel::earlier_unit && one_source_knows_both(left, right) ? known_to_one_source
                                                                                      : 0;
    }
    // A pair of records, one on each side of a join, that looks like twins.
    bool twins_across(const Step& step, const Edge& pair, const std::vector<std::uint32_t>& left,
                      const std::vector<std::uint32_t>& right) {
        if (identifiers_that_agree(in_.plan, pair.pattern) == 1 && facts_.no_forename_in_common(pair))
            return true;
        if (!step.id && !identifier_agrees(in_.plan, pair.pattern) && facts_.two_names_in_one_source(pair))
            return true;
        if (!may_be_twins(in_.plan, pair.pattern)) return false;
        if (step.lone) return !step.id && (!facts_.one_child_by_name(pair) || facts_.names_of_twins(pair));
        return !spelling_held_by_identifier(pair.a, left) && !spelling_held_by_identifier(pair.b, right);
    }
    // Another candidate for `left`, almost as good as `right` and surely not the same person as `right`.
    bool rival(const std::vector<std::uint32_t>& left, const std::vector<std::uint32_t>& right,
               float weight) {
        const std::uint32_t a = find(parent_, left.front()), b = find(parent_, right.front());
        std::optional<std::vector<Neighbour>> others;
        return any_edge_of({a}, [&](const Edge& edge) {
            if (edge.weight < in_.thresholds.review) return false;
            const std::uint32_t p = find(parent_, edge.a), q = find(parent_, edge.b);
            const std::uint32_t other = p == a ? q : q == a ? p : a;
            if (other == a || other == b) return false;
            // a number says that it is another child of that day, whom a like name kept apart
            if (in_.rules.children && identifier_agrees(in_.plan, edge.pattern) && of_one_day(edge)) {
                if (!others) others = around({a, b});
                if (told_apart(right, of_one_forename(other, *others))) return true;
            }
            if (edge.weight <= weight - in_.thresholds.margin) return false;
            // one that could not be joined to `left` anyhow is no rival
            return veto_between(left, members_[other], false) == Veto::none &&
                   veto_between(right, members_[other], false) != Veto::none;
        });
    }
    // Names and birth date alone join records of different places, and those around them are of two children:
    // of which twin they are is the question, however well they fit one.
    bool two_children_around(const Edge& joining, const std::vector<std::uint32_t>& left,
                             const std::vector<std::uint32_t>& right) {
        if (!in_.rules.children ||
            level_of(in_.plan, joining.pattern, Kind::place) <= PlaceLevel::earlier_unit)
            return false;
        const std::uint32_t a = find(parent_, left.front()), b = find(parent_, right.front());
        const std::vector<Neighbour> others = around({a, b});
        return std::any_of(others.begin(), others.end(), [&](const Neighbour& one) {
            auto apart_from = [&](std::uint32_t other) {
                return one.cluster != other && told_apart(members_[one.cluster], members_[other]);
            };
            return one.alike && (apart_from(a) || apart_from(b) ||
                                 std::any_of(others.begin(), others.end(), [&](const Neighbour& other) {
                                     return other.near && apart_from(other.cluster);
                                 }));
        });
    }
    // One number on two names that are but alike; and another child of that day, told apart from `right`,
    // bears the very name of `left`: the number may be that of the twin.
    bool very_name_elsewhere(const Edge& joining, const std::vector<std::uint32_t>& left,
                             const std::vector<std::uint32_t>& right) {
        if (identifiers_that_agree(in_.plan, joining.pattern) != 1 ||
            level_of(in_.plan, joining.pattern, Kind::name) <= NameLevel::hyphen)
            return false;
        const std::uint32_t a = find(parent_, left.front()), b = find(parent_, right.front());
        return any_edge_of({a}, [&](const Edge& edge) {
            if (level_of(in_.plan, edge.pattern, Kind::name) > NameLevel::other_middle ||
                level_of(in_.plan, edge.pattern, Kind::birth) != BirthLevel::equal)
                return false;
            const std::uint32_t p = find(parent_, edge.a), q = find(parent_, edge.b);
            const std::uint32_t other = p == a ? q : q == a ? p : a;
            return other != a && other != b && told_apart(right, members_[other]);
        });
    }
    // Names agree, but there is a twin of a like name, told apart from one side, and no source knows both the
    // twin and the other side: that one may be the twin's, with a slip of the pen or by a short name. Or
    // there are two children whose names it could stand for.
    bool of_a_twin_of_like_name(const std::vector<std::uint32_t>& left,
                                const std::vector<std::uint32_t>& right) {
        const std::vector<Neighbour> others =
            around({find(parent_, left.front()), find(parent_, right.front())});
        return std::any_of(others.begin(), others.end(), [&](const Neighbour& other) {
            if (!other.alike) return false;
            // Mohammed, beside Mohammed Ali and Mohammed Umar
            if (other.longer && std::any_of(others.begin(), others.end(), [&](const Neighbour& third) {
                    return third.longer && third.cluster != other.cluster &&
                           veto_between(members_[other.cluster], members_[third.cluster], false) ==
                               Veto::twins;
                }))
                return true;
            const std::vector<std::uint32_t> twin = of_one_forename(other.cluster, others);
            return (told_apart(twin, right) && !one_source_knows_both(twin, left)) ||
                   (told_apart(twin, left) && !one_source_knows_both(twin, right));
        });
    }
    // A cluster that a pair of one birth date ties to one of two others; near: a pair for review or better;
    // alike: such a one, of names that are but alike; longer: one of them is the beginning or a part of the
    // other.
    struct Neighbour {
        std::uint32_t cluster;
        bool near, alike, longer;
    };
    std::vector<Neighbour> around(std::array<std::uint32_t, 2> two) {
        std::vector<Neighbour> all, out;
        auto one_of = [&](std::uint32_t c) { return c == two[0] || c == two[1]; };
        any_edge_of({two[0], two[1]}, [&](const Edge& edge) {
            if (!of_one_day(edge)) return false;
            const std::uint32_t p = find(parent_, edge.a), q = find(parent_, edge.b);
            if (one_of(p) == one_of(q)) return false;
            const bool near = edge.weight >= in_.thresholds.review,
                       alike = near && may_be_twins(in_.plan, edge.pattern);
            all.push_back({one_of(p) ? q : p, near, alike,
                           alike && level_of(in_.plan, edge.pattern, Kind::name) == NameLevel::shortened});
            return false;
        });
        std::sort(all.begin(), all.end(),
                  [](const Neighbour& x, const Neighbour& y) { return x.cluster < y.cluster; });
        for (const Neighbour& n : all) {
            if (out.empty() || out.back().cluster != n.cluster) {
                out.push_back(n);
                continue;
            }
            out.back().near |= n.near;
            out.back().alike |= n.alike;
            out.back().longer |= n.longer;
        }
        return out;
    }
    [[nodiscard]] bool of_one_day(const Edge& edge) const {
        return level_of(in_.plan, edge.pattern, Kind::birth) <= BirthLevel::partial;
    }
    // The records of the cluster, and of those of the others that bear its forename: they may not have been
    // brought together yet.
    [[nodiscard]] std::vector<std::uint32_t> of_one_forename(std::uint32_t cluster,
                                                             const std::vector<Neighbour>& others) const {
        std::vector<std::uint32_t> out = members_[cluster];
        for (const Neighbour& other : others)
            if (other.cluster != cluster && one_forename(members_[cluster], members_[other.cluster]))
                out.insert(out.end(), members_[other.cluster].begin(), members_[other.cluster].end());
        return out;
    }
    [[nodiscard]] bool one_forename(const Edge& edge) const {
        const auto& rows = in_.features.rows;
        return rows[edge.a].fore[0] == rows[edge.b].fore[0];
    }
    [[nodiscard]] bool one_forename(const std::vector<std::uint32_t>& left,
                                    const std::vector<std::uint32_t>& right) const {
        const auto& rows = in_.features.rows;
        return std::any_of(left.begin(), left.end(), [&](std::uint32_t i) {
            return rows[i].fore[0] != 0 && std::any_of(right.begin(), right.end(), [&](std::uint32_t j) {
                       return rows[i].fore[0] == rows[j].fore[0];
                   });
        });
    }
    // By numbers, by a person, or by a source that holds each child once.
    bool told_apart(const std::vector<std::uint32_t>& left, const std::vector<std::uint32_t>& right) {
        work_ += left.size() * right.size();
        for (const std::uint32_t i : left)
            for (const std::uint32_t j : right) {
                const Verdict* verdict = spoken_(i, j);
                if (verdict != nullptr) {
                    if (*verdict != Verdict::same) return true;
                    continue;
                }
                const std::uint64_t pattern = known(i, j).pattern;
                if (level_of(in_.plan, pattern, Kind::nhs) == IdLevel::different ||
                    level_of(in_.plan, pattern, Kind::uln) == IdLevel::different ||
                    (level_of(in_.plan, pattern, Kind::upn) == IdLevel::different &&
                     !lifted(Veto::upn, i, j, left, right)))
                    return true;
                const std::uint16_t source = in_.features.rows[i].source;
                if (source == in_.features.rows[j].source && source < in_.rules.one_record_each.size() &&
                    in_.rules.one_record_each[source])
                    return true;
            }
        return false;
    }

    // Asked again and again of the same two: by every edge between them, and as rivals of others. A cluster
    // only grows, so that its size tells whether it is still the same.
    Veto veto_between(const std::vector<std::uint32_t>& left, const std::vector<std::uint32_t>& right,
                      bool manual, bool lone_by_number = false) {
        if (left.size() * right.size() <= few_pairs)
            return look_for_veto(left, right, manual, lone_by_number);
        work_ += 1;
        Looked& looked = looked_[std::uint64_t{left.front()} << 32 | right.front()];
        if (looked.left != left.size() || looked.right != right.size())
            looked = {left.size(), right.size(), {}};
        std::optional<Veto>& veto = looked.found[(manual ? 2u : 0u) + (lone_by_number ? 1u : 0u)];
        if (!veto) veto = look_for_veto(left, right, manual, lone_by_number);
        return *veto;
    }
    static constexpr std::size_t few_pairs = 4;
    Veto look_for_veto(const std::vector<std::uint32_t>& left, const std::vector<std::uint32_t>& right,
                       bool manual, bool lone_by_number) {
        work_ += left.size() * right.size();
        Veto found = Veto::none;
        for (const std::uint32_t i : left)
            for (const std::uint32_t j : right) {
                if (const Verdict* verdict = spoken_(i, j)) {
                    if (*verdict == Verdict::sealed) return Veto::sealed;
                    if (*verdict == Verdict::different) found = Veto::person;
                    if (*verdict == Verdict::same) continue;
                }
                if (found != Veto::none || manual) continue;
                const Veto veto = veto_of_pair(in_.features, in_.plan, in_.rules, i, j, known(i, j).pattern);
                if (veto == Veto::none || lifted(veto, i, j, left, right) ||
                    (lone_by_number && lifted_by_number(veto, i, j, left, right)))
                    continue;
                found = veto;
            }
        return found;
    }

    // A veto of two records, one in each cluster, can be explained by a third. The joining pair itself must
    // be free of vetoes; that is looked at before.
    bool lifted(Veto veto, std::uint32_t i, std::uint32_t j, const std::vector<std::uint32_t>& left,
                const std::vector<std::uint32_t>& right) {
        const Features& f = in_.features;
        if (veto == Veto::upn) {  // one is known to be the former UPN of the other
            const std::uint32_t p = f.rows[i].upn, q = f.rows[j].upn;
            for (const auto* side : {&left, &right})
                for (const std::uint32_t r : *side)
                    if (const More* m = f.more_of(f.rows[r]))
                        for (const std::uint32_t former : m->former_upns)
                            if ((former == p && f.rows[r].upn == q) || (former == q && f.rows[r].upn == p))
                                return true;
            return false;
        }
        if (veto == Veto::twins) return known_by_both_names(i, j, left, right);
        // a newborn without a name, or a wrong birth date, tied by an identifier to a record of its own side
        if (veto == Veto::unnamed) return named_by_identifier(i, left) && named_by_identifier(j, right);
        if (veto == Veto::birth) {
            return level_of(in_.plan, known(i, j).pattern, Kind::name) <= NameLevel::alias &&
                   (held_by_identifier(i, left) || held_by_identifier(j, right));
        }
        return false;
    }
    // A third record of either side holds both forenames, one as known-as; or both sides hold both: one
    // child, not twins.
    bool known_by_both_names(std::uint32_t i, std::uint32_t j, const std::vector<std::uint32_t>& left,
                             const std::vector<std::uint32_t>& right) {
        auto fits = [&](std::uint32_t third, std::uint32_t other) {
            const std::uint64_t pattern = known(third, other).pattern;
            return level_of(in_.plan, pattern, Kind::name) <= NameLevel::alias &&
                   level_of(in_.plan, pattern, Kind::birth) <= BirthLevel::equal_default;
        };
        const auto& rows = in_.features.rows;
        if (rows[i].fore[0] == 0 || rows[j].fore[0] == 0 || rows[i].fore[0] == rows[j].fore[0]) return false;
        auto bears = [&](std::uint32_t third, std::uint32_t name) {
            const More* more = in_.features.more_of(rows[third]);
            return rows[third].fore[0] == name || rows[third].fore[1] == name ||
                   (more != nullptr &&
                    std::find(more->fore.begin(), more->fore.end(), name) != more->fore.end());
        };
        for (const auto* side : {&left, &right})
            for (const std::uint32_t third : *side)
                if (third != i && third != j && bears(third, rows[i].fore[0]) &&
                    bears(third, rows[j].fore[0]) && fits(third, i) && fits(third, j))
                    return true;
        auto holds = [&](const std::vector<std::uint32_t>& side, std::uint32_t record) {
            return std::any_of(side.begin(), side.end(), [&](std::uint32_t r) {
                return rows[r].fore[0] != 0 && rows[r].fore[0] == rows[record].fore[0];
            });
        };
        return holds(left, j) && holds(right, i);
    }
    // Of a child who has no twin as far as anybody knows: one record with the number and no forename, or with
    // another one. Two records that agree on another forename are a twin with a wrong number. Whose "Twin 1"
    // and a number that nobody has verified are, of the twins, is the question.
    [[nodiscard]] bool lifted_by_number(Veto veto, std::uint32_t a, std::uint32_t b,
                                        const std::vector<std::uint32_t>& left,
                                        const std::vector<std::uint32_t>& right) const {
        if (veto == Veto::unnamed)
            return ((in_.features.rows[a].flags | in_.features.rows[b].flags) & Flags::of_several) == 0;
        return veto == Veto::twins && (left.size() == 1 || right.size() == 1);
    }
    bool named_by_identifier(std::uint32_t record, const std::vector<std::uint32_t>& side) {
        return !(in_.features.rows[record].flags & Flags::unnamed) || held_by_identifier(record, side);
    }
    // An identifier ties a record with this forename to another one of its side.
    bool spelling_held_by_identifier(std::uint32_t record, const std::vector<std::uint32_t>& side) {
        const auto& rows = in_.features.rows;
        return std::any_of(side.begin(), side.end(), [&](std::uint32_t other) {
            return rows[other].fore[0] == rows[record].fore[0] && held_by_identifier(other, side);
        });
    }
    bool held_by_identifier(std::uint32_t record, const std::vector<std::uint32_t>& side) {
        return std::any_of(side.begin(), side.end(), [&](std::uint32_t other) {
            return other != record && identifier_agrees(in_.plan, known(record, other).pattern);
        });
    }

    // What the weight cannot know and leaves no question: no forename, and two numbers that tell them apart;
    // or a source that knows each of them, by another forename, or by another surname in another place.
    [[nodiscard]] bool two_children(const Edge& edge, Veto veto, const std::vector<std::uint32_t>& left,
                                    const std::vector<std::uint32_t>& right) const {
        if (identifiers_that_agree(in_.plan, edge.pattern) > 0) return false;
        if (level_of(in_.plan, edge.pattern, Kind::name) == NameLevel::forename_missing &&
            (veto == Veto::upn || veto == Veto::nhs || veto == Veto::uln))
            return true;
        return (veto == Veto::twins || facts_.only_forename_and_day(edge)) &&
               one_source_knows_both(left, right);
    }

    void for_review(const Edge& edge) {
        if (find(parent_, edge.a) == find(parent_, edge.b)) return;
        const bool shared_number = asks_of_a_number(in_, edge.pattern);
        if (edge.weight < in_.thresholds.review && !shared_number) return;
        const auto &left = members_[find(parent_, edge.a)], &right = members_[find(parent_, edge.b)];
        const bool spoken = spoken_.of_any(left) && spoken_.of_any(right);
        for (const std::uint32_t i : spoken ? left : std::vector<std::uint32_t>())
            for (const std::uint32_t j : right)
                if (const Verdict* verdict = spoken_(i, j)) {
                    if (*verdict == Verdict::sealed)
                        out_.restricted.push_back(
                            {edge.a, edge.b, edge.weight, Reason::veto, Veto::sealed, edge.pattern});
                    return;  // a person has spoken
                }
        if (!identifier_agrees(in_.plan, edge.pattern) &&
            edge.weight - traces_found(left, right, edge) < in_.thresholds.review)
            return;
        const Veto veto = veto_of_pair(in_.features, in_.plan, in_.rules, edge.a, edge.b, edge.pattern);
        if (in_.rules.children && two_children(edge, veto, left, right)) return;
        Case one{edge.a, edge.b, edge.weight, Reason::score, Veto::none, edge.pattern};
        if (const auto it = refused_.find(Decisions::pair(edge.a, edge.b)); it != refused_.end()) {
            one.reason = it->second.reason;
            one.veto = it->second.veto;
        } else {
            one.veto = veto;
            if (shared_number)
                one.reason = Reason::number;
            else if (veto != Veto::none)
                one.reason = Reason::veto;
            else if (edge.weight >= in_.thresholds.automatic)
                one.reason = Reason::bridge;
        }
        out_.cases.push_back(one);
    }

    const ClusterInput& in_;
    Scorer& scorer_;
    PairFacts facts_;
    std::vector<std::uint32_t>& parent_;
    Members& members_;
    std::span<const std::uint32_t> edges_;
    const Spoken& spoken_;
    const bool families_;
    static constexpr std::uint32_t no_edge = ~0u;
    std::vector<std::uint32_t> first_edge_, edges_of_;  // by place of a record; empty: few edges
    std::uint64_t work_ = 0;                            // edges and pairs that were looked at
    std::vector<std::uint32_t> edge_of_;  // by the places of two records, the smaller first; empty: no table
    Clusters& out_;
    std::unordered_map<std::uint64_t, Known> worked_out_;
    std::unordered_map<std::uint64_t, Refusal> refused_;
    std::unordered_map<std::uint64_t, Looked> looked_;
};

// Of a record that is alike to more others than could be one person the best edges count: those that are
// among the first of both sides. Equal weights are told apart by a number of the pair, or all records would
// choose the same few. Returns those that are kept, in their order; empty: all of them.
std::vector<std::uint32_t> best_edges(const ClusterInput& in, const Spoken& spoken, const Members& members,
                                      std::span<const std::uint32_t> edges) {
    constexpr std::size_t more = 60;
    const std::size_t most = in.thresholds.max_cluster + more;
    if (members.size() <= most + 1) return {};
    struct Ranked {
        std::uint32_t place;
        bool manual;
        float weight;
        std::uint64_t number;  // of the pair
        std::uint32_t at;      // in edges
    };
    std::vector<Ranked> ranked;
    ranked.reserve(2 * edges.size());
    for (std::uint32_t i = 0; i < edges.size(); ++i) {
        const Edge& e = in.edges[edges[i]];
        const Verdict* verdict = spoken(e.a, e.b);
        const bool manual = verdict != nullptr && *verdict == Verdict::same;
        const std::uint64_t number = mix(in.features.order[e.a] + in.features.order[e.b]);
        for (const std::uint32_t r : {e.a, e.b})
            ranked.push_back({members.place(r), manual, e.weight, number, i});
    }
    std::sort(ranked.begin(), ranked.end(), [](const Ranked& x, const Ranked& y) {
        return std::tuple(x.place, !x.manual, -x.weight, x.number, x.at) <
               std::tuple(y.place, !y.manual, -y.weight, y.number, y.at);
    });
    std::vector<bool> out(edges.size());
    bool any = false;
    for_groups(
        ranked, [](const Ranked& x, const Ranked& y) { return x.place == y.place; },
        [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin + most; i < end; ++i)
                if (!ranked[i].manual) out[ranked[i].at] = any = true;
        });
    std::vector<std::uint32_t> kept;
    for (std::uint32_t i = 0; any && i < edges.size(); ++i)
        if (!out[i]) kept.push_back(edges[i]);
    return kept;
}

bool by_records(const Case& x, const Case& y) { return std::pair(x.a, x.b) < std::pair(y.a, y.b); }

// Of the pairs between two clusters only the best is a case: one decision settles them all.
void one_case_each(std::vector<Case>& cases, const std::vector<std::uint32_t>& of) {
    auto key = [&](const Case& c) { return Decisions::pair(of[c.a], of[c.b]); };
    std::sort(cases.begin(), cases.end(), [&](const Case& x, const Case& y) {
        return std::tuple(key(x), -x.weight, x.a, x.b) < std::tuple(key(y), -y.weight, y.a, y.b);
    });
    cases.erase(std::unique(cases.begin(), cases.end(),
                            [&](const Case& x, const Case& y) { return key(x) == key(y); }),
                cases.end());
    std::sort(cases.begin(), cases.end(), by_records);
}

// Records that fit two people who may themselves be one: whether they are is the question, and its answer
// settles the rest.
void ask_first_whether_two_are_one(Clusters& clusters) {
    std::unordered_map<std::uint64_t, const Case*> by_pair;
    std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> fits;  // two equally well
    for (const Case& c : clusters.cases) {
        const std::uint32_t a = clusters.of[c.a], b = clusters.of[c.b];
        by_pair.emplace(Decisions::pair(a, b), &c);
        if (c.reason == Reason::ambiguous) fits[a].push_back(b), fits[b].push_back(a);
    }
    std::unordered_set<std::uint64_t> later;
    for (const auto& [record, people] : fits)
        for (const std::uint32_t p : people)
            for (const std::uint32_t q : people) {
                const auto it = p < q ? by_pair.find(Decisions::pair(p, q)) : by_pair.end();
                if (it == by_pair.end() || it->second->reason == Reason::ambiguous) continue;
                later.insert({Decisions::pair(record, p), Decisions::pair(record, q)});
            }
    std::erase_if(clusters.cases, [&](const Case& c) {
        return later.contains(Decisions::pair(clusters.of[c.a], clusters.of[c.b]));
    });
}

// A few records that could belong to several people are one question: with the best of them, and the others
// beside it. What is left of it after the answer is asked the next night.
void one_case_for_a_newcomer(const ClusterInput& in, Clusters& clusters) {
    struct Size {
        std::uint32_t records = 0;
        std::uint64_t first = ~std::uint64_t{0};  // in the canonical order
    };
    std::unordered_map<std::uint32_t, Size> sizes;
    std::vector<bool> asked(clusters.cases.empty() ? 0 : clusters.of.size());
    for (const Case& c : clusters.cases)
        for (const std::uint32_t r : {c.a, c.b}) asked[clusters.of[r]] = true;
    for (std::uint32_t r = 0; r < asked.size(); ++r)
        if (asked[clusters.of[r]]) {
            Size& size = sizes[clusters.of[r]];
            ++size.records;
            size.first = std::min(size.first, in.features.order[r]);
        }
    auto newcomer = [&](const Case& c) {
        const Size &x = sizes[clusters.of[c.a]], &y = sizes[clusters.of[c.b]];
        return std::tuple(x.records, y.first) < std::tuple(y.records, x.first) ? x.first : y.first;
    };
    std::unordered_map<std::uint64_t, const Case*> best;
    auto better = [&](const Case& x, const Case& y) {
        const auto& order = in.features.order;
        return std::tuple(-x.weight, order[x.a], order[x.b]) < std::tuple(-y.weight, order[y.a], order[y.b]);
    };
    for (const Case& c : clusters.cases) {
        const Case*& so_far = best[newcomer(c)];
        if (so_far == nullptr || better(c, *so_far)) so_far = &c;
    }
    std::vector<Case> kept;
    for (const Case& c : clusters.cases)
        if (best[newcomer(c)] == &c) kept.push_back(c);
    clusters.cases = std::move(kept);
}

}  // namespace

std::string_view to_string(Reason reason) {
    switch (reason) {
        case Reason::score:
            return "not certain enough";
        case Reason::veto:
            return "something speaks against it";
        case Reason::ambiguous:
            return "two people fit almost equally well";
        case Reason::bridge:
            return "only one pair ties the two groups together";
        case Reason::twins:
            return "may be twins with like names";
        case Reason::size:
            return "the group would be too large";
        case Reason::weak_bridge:
            return "two groups hang together by one weak pair";
        case Reason::evidence:
            return "too little agrees of what names one person";
        case Reason::number:
            return "one number on two people who differ in name and birth date";
    }
    return "";
}

namespace {
// Connected pieces over the edges that matter: per record a parent, the smallest record of its piece at the
// root.
std::vector<std::uint32_t> pieces(const ClusterInput& in, const Spoken& spoken) {
    std::vector<std::uint32_t> whole(in.features.size());
    std::iota(whole.begin(), whole.end(), 0u);
    for (const Edge& e : in.edges) {
        const Verdict* verdict = spoken(e.a, e.b);
        // those born on one day may be a child and a twin
        const bool same_day = level_of(in.plan, e.pattern, Kind::birth) <= BirthLevel::partial;
        if (e.weight < in.thresholds.review && !same_day && !asks_of_a_number(in, e.pattern) &&
            !(verdict != nullptr && *verdict == Verdict::same))
            continue;
        const std::uint32_t a = find(whole, e.a), b = find(whole, e.b);
        if (a != b) whole[std::max(a, b)] = std::min(a, b);
    }
    return whole;
}

// Of each record of a connected piece, what ties it to its cluster.
void find_ties(const ClusterInput& in, const Spoken& spoken, std::span<const std::uint32_t> edges,
               std::vector<std::uint32_t>& parent, Clusters& out) {
    for (const std::uint32_t e : edges) {
        const Edge& edge = in.edges[e];
        if (find(parent, edge.a) != find(parent, edge.b)) continue;
        const Verdict* verdict = spoken(edge.a, edge.b);
        const Method method = verdict != nullptr && *verdict == Verdict::same ? Method::manual
                              : identifier_agrees(in.plan, edge.pattern)      ? Method::exact
                                                                              : Method::probabilistic;
        for (const std::uint32_t r : {edge.a, edge.b})
            if (out.method[r] == Method::none || edge.weight > out.weight[r]) {
                out.method[r] = method;
                out.weight[r] = edge.weight;
            }
    }
}

// The weak bridges of the clusters of a connected piece.
void find_weak_bridges(const ClusterInput& in, std::span<const std::uint32_t> edges,
                       std::vector<std::uint32_t>& parent, const Members& members, std::vector<Case>& cases) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> inner;  // cluster and edge
    for (const std::uint32_t e : edges) {
        const Edge& edge = in.edges[e];
        const std::uint32_t c = find(parent, edge.a);
        if (members[c].size() >= smallest_with_weak_bridge && edge.weight >= in.thresholds.review &&
            c == find(parent, edge.b))
            inner.emplace_back(c, e);
    }
    std::sort(inner.begin(), inner.end());
    std::vector<std::uint32_t> of_cluster;
    for_groups(
        inner, [](const auto& x, const auto& y) { return x.first == y.first; },
        [&](std::size_t begin, std::size_t end) {
            of_cluster.clear();
            for (std::size_t i = begin; i < end; ++i) of_cluster.push_back(inner[i].second);
            add_weak_bridges(in, members[inner[begin].first], of_cluster, cases);
        });
}
}  // namespace

Clusters cluster(const ClusterInput& in) {
    const std::size_t n = in.features.size();
    const Spoken spoken(in.decisions, n);
    std::vector<std::uint32_t> whole = pieces(in, spoken);
    // their edges together: counting sort by the component of the first record
    std::vector<std::uint32_t> first(n + 1);
    std::vector<std::uint32_t> home(in.edges.size());
    for (std::size_t e = 0; e < in.edges.size(); ++e) {
        const std::uint32_t a = find(whole, in.edges[e].a);
        home[e] = a == find(whole, in.edges[e].b) ? a : ~0u;
        if (home[e] != ~0u) ++first[home[e] + 1];
    }
    std::partial_sum(first.begin(), first.end(), first.begin());
    std::vector<std::uint32_t> sorted(first.back());
    {
        std::vector<std::uint32_t> next(first.begin(), first.end() - 1);
        for (std::uint32_t e = 0; e < home.size(); ++e)
            if (home[e] != ~0u) sorted[next[home[e]]++] = e;
    }
    std::vector<std::uint32_t> parent(n);
    std::iota(parent.begin(), parent.end(), 0u);
    std::vector<std::uint32_t> place(n);
    Clusters out;
    out.method.assign(n, Method::none);
    out.weight.assign(n, 0);
    // components touch records of their own only, so that they can be worked on at the same time
    constexpr std::size_t grain = 1 << 15;
    std::vector<Clusters> parts((n + grain - 1) / grain);
    std::vector<std::vector<Case>> weak_bridges(parts.size());
    struct Bench {  // of one thread
        Scorer scorer;
        Members members;
    };
    auto make_bench = [&] {
        return std::make_unique<Bench>(Scorer(in.features, in.plan, in.model), Members(place));
    };
    parallel_chunks(
        in.threads, n, grain, make_bench,
        [&](std::unique_ptr<Bench>& bench, std::size_t chunk, std::size_t begin, std::size_t end) {
            auto& [scorer, members] = *bench;
            for (std::size_t c = begin; c < end; ++c) {
                std::span<const std::uint32_t> edges(sorted.data() + first[c], first[c + 1] - first[c]);
                if (edges.empty()) continue;
                members.start(in, edges);
                const std::vector<std::uint32_t> best = best_edges(in, spoken, members, edges);
                if (!best.empty()) {
                    parts[chunk].cut_pairs += edges.size() - best.size();
                    edges = best;
                }
                Component(in, scorer, parent, members, edges, spoken, parts[chunk]).run();
                find_ties(in, spoken, edges, parent, out);
                find_weak_bridges(in, edges, parent, members, weak_bridges[chunk]);
            }
        });
    out.of.resize(n);
    for (std::uint32_t i = 0; i < n; ++i) out.of[i] = find(parent, i);
    for (Clusters& part : parts) {
        out.cases.insert(out.cases.end(), part.cases.begin(), part.cases.end());
        out.restricted.insert(out.restricted.end(), part.restricted.begin(), part.restricted.end());
        out.joined.insert(out.joined.end(), part.joined.begin(), part.joined.end());
        out.cut_pairs += part.cut_pairs;
        out.cut_joins += part.cut_joins;
    }
    one_case_each(out.cases, out.of);
    ask_first_whether_two_are_one(out);
    one_case_for_a_newcomer(in, out);
    one_case_each(out.restricted, out.of);
    for (const auto& part : weak_bridges) out.cases.insert(out.cases.end(), part.begin(), part.end());
    std::sort(out.cases.begin(), out.cases.end(), by_records);
    return out;
}

void cluster_again(const ClusterInput& in, std::span<const std::uint32_t> touched, Clusters& clusters) {
    const std::size_t n = in.features.size();
    std::vector<std::uint32_t> whole = pieces(in, Spoken(in.decisions, n));
    std::vector<bool> again(n);
    for (const std::uint32_t r : touched) again[find(whole, r)] = true;
    auto is_touched = [&](std::uint32_t record) { return again[find(whole, record)]; };
    std::vector<Edge> edges;
    for (const Edge& e : in.edges)
        if (is_touched(e.a) && is_touched(e.b)) edges.push_back(e);
    ClusterInput part{in.features,   in.plan,      in.model, in.rules,
                      in.thresholds, in.decisions, edges,    in.threads};
    const Clusters now = cluster(part);
    clusters.of.resize(n);
    clusters.method.resize(n);
    clusters.weight.resize(n);
    for (std::uint32_t r = 0; r < n; ++r)
        if (is_touched(r)) {
            clusters.of[r] = now.of[r];
            clusters.method[r] = now.method[r];
            clusters.weight[r] = now.weight[r];
        }
    auto replace = [&](std::vector<Case>& cases, const std::vector<Case>& fresh) {
        std::erase_if(cases, [&](const Case& c) { return is_touched(c.a) || is_touched(c.b); });
        cases.insert(cases.end(), fresh.begin(), fresh.end());
        std::sort(cases.begin(), cases.end(), by_records);
    };
    replace(clusters.cases, now.cases);
    replace(clusters.restricted, now.restricted);
}

}  // namespace sendhub::identity
