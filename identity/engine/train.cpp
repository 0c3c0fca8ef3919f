#include "identity/engine/train.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <tuple>

#include "identity/engine/compare.hpp"
#include "identity/engine/hash.hpp"
#include "identity/engine/pair_queue.hpp"
#include "identity/engine/parallel.hpp"
#include "identity/engine/radix.hpp"

namespace sendhub::identity {
namespace {

using Table = std::vector<std::vector<double>>;  // comparison × level

constexpr double smallest_m = 1e-6, smallest_u = 1e-9;
constexpr double fewest_matches = 30;  // a round with fewer cannot tell m from chance

// A table with open addresses: patterns are few, and counted by the million.
class PatternCounter {
  public:
    void add(std::uint64_t pattern, std::uint64_t count = 1) {
        if ((used_ + 1) * 2 > slots_.size()) grow();
        PatternCount& slot = slot_of(pattern);
        used_ += slot.count == 0;
        slot.pattern = pattern;
        slot.count += count;
    }
    void merge(const PatternCounter& other) {
        for (const PatternCount& slot : other.slots_)
            if (slot.count != 0) add(slot.pattern, slot.count);
    }
    [[nodiscard]] std::vector<PatternCount> sorted() const {
        std::vector<PatternCount> out;
        out.reserve(used_);
        for (const PatternCount& slot : slots_)
            if (slot.count != 0) out.push_back(slot);
        std::sort(out.begin(), out.end(),
                  [](const PatternCount& x, const PatternCount& y) { return x.pattern < y.pattern; });
        return out;
    }

  private:
    PatternCount& slot_of(std::uint64_t pattern) {
        const std::size_t mask = slots_.size() - 1;
        std::size_t i = mix(pattern) & mask;
        while (slots_[i].count != 0 && slots_[i].pattern != pattern) i = (i + 1) & mask;
        return slots_[i];
    }
    void grow() {
        std::vector<PatternCount> old(slots_.empty() ? 64 : slots_.size() * 4);
        old.swap(slots_);
        for (const PatternCount& slot : old)
            if (slot.count != 0) slot_of(slot.pattern) = slot;
    }
    std::vector<PatternCount> slots_;
    std::size_t used_ = 0;
};

struct Round {
    std::string label;
    std::uint32_t uses;  // comparisons that the block is made of, or that follow from it
    std::function<std::uint32_t(std::uint32_t record)> value;  // 0: none
};

class Trainer {
  public:
    Trainer(const Features& f, const Plan& plan, const TrainSettings& settings, std::span<const Label> labels,
            Training& report)
        : f_(f), plan_(plan), settings_(settings), report_(report) {
        report_.labels = labels.size();
        if (labels.size() >= fewest_labels) take_labels({labels.begin(), labels.end()});
        for (const Comparison& c : plan_.comparisons) {
            shipped_m_.emplace_back();
            shipped_u_.emplace_back();
            for (const Level& level : c.levels) {
                shipped_m_.back().push_back(level.m);
                shipped_u_.back().push_back(std::max(smallest_u, level.m / std::exp2(level.bits)));
            }
        }
    }

    Model run() {
        const std::vector<PatternCount> random = sample();
        Model model;
        model.records = f_.size();
        model.sources = f_.sources;
        model.default_days = f_.default_days;
        for (std::size_t c = 0; c < plan_.comparisons.size(); ++c)
            model.ladders.push_back(
                {plan_.comparisons[c].name, shipped_m_[c], shipped_u_[c], Learnt::shipped, ""});
        report_.match_share = std::clamp(0.5 / std::max(2.0, static_cast<double>(f_.size())), 1e-12, 0.5);
        train_u(model, random);
        train_m(model);
        train_u(model, random);
        const std::size_t cells =
            model.sources > Model::max_cells ? 2 : std::size_t{model.sources} * model.sources;
        model.base_prior = std::log2(report_.match_share / (1 - report_.match_share));
        model.prior.assign(cells, model.base_prior);
        model.frequencies = count_frequencies(f_);
        return model;
    }

  private:
    // ---- labels
    struct Judged {
        std::uint64_t pattern;
        double share, count;  // of one child; labels, as many as they are worth (their weights differ)
    };
    void take_labels(std::vector<Label> labels) {
        report_.labels_used = labels.size();
        std::sort(labels.begin(), labels.end(), [](const Label& x, const Label& y) {
            return std::tie(x.pattern, x.same, x.pairs) < std::tie(y.pattern, y.same, y.pairs);
        });
        for (std::size_t begin = 0, end = 0; begin < labels.size(); begin = end) {
            double sum = 0, same = 0, squares = 0;
            for (end = begin; end < labels.size() && labels[end].pattern == labels[begin].pattern; ++end) {
                sum += labels[end].pairs;
                same += labels[end].same ? labels[end].pairs : 0;
                squares += labels[end].pairs * labels[end].pairs;
            }
            if (sum > 0) judged_.push_back({labels[begin].pattern, same / sum, sum * sum / squares});
        }
    }
    // What people said of the pattern, beside what is expected of it: the expectation is worth thirty labels,
    // so that one slip of a reviewer does not unsay thousands of pairs.
    static double with_labels(double expected, const Judged* judged) {
        constexpr double worth = 30;
        return judged == nullptr
                   ? expected
                   : (worth * expected + judged->count * judged->share) / (worth + judged->count);
    }
    [[nodiscard]] std::vector<const Judged*> judged_of(const std::vector<PatternCount>& patterns) const {
        std::vector<const Judged*> out(patterns.size());
        for (std::size_t g = 0; g < patterns.size(); ++g) {
            const auto at = std::lower_bound(judged_.begin(), judged_.end(), patterns[g].pattern,
                                             [](const Judged& j, std::uint64_t p) { return j.pattern < p; });
            if (at != judged_.end() && at->pattern == patterns[g].pattern) out[g] = &*at;
        }
        return out;
    }

    // ---- random pairs
    [[nodiscard]] std::vector<PatternCount> sample() {
        const std::uint64_t n = f_.size();
        const std::uint64_t all = n < 2 ? 0 : n * (n - 1) / 2;
        const bool every_pair = all <= settings_.sample_pairs;
        std::vector<PatternCounter> counters(64);
        std::vector<std::uint64_t> taken(64);
        auto make_comparer = [this] { return std::make_unique<Comparer>(f_, plan_); };
        parallel_chunks(settings_.threads, counters.size(), 1, make_comparer,
                        [&](std::unique_ptr<Comparer>& comparer, std::size_t part, std::size_t, std::size_t) {
                            PairQueue queue(*comparer, [&](std::uint32_t a, std::uint32_t b) {
                                counters[part].add(comparer->pattern(a, b));
                            });
                            auto take = [&](std::uint64_t a, std::uint64_t b) {
                                if (a == b) return;
                                queue.push(static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(b));
                                ++taken[part];
                            };
                            if (every_pair) {
                                for (std::uint64_t a = part; a < n; a += counters.size())
                                    for (std::uint64_t b = a + 1; b < n; ++b) take(a, b);
                            } else {
                                const std::uint64_t seed = settings_.seed * 0x9e3779b97f4a7c15u;
                                for (std::uint64_t i = part; i < settings_.sample_pairs; i += counters.size())
                                    take(mix(seed + 2 * i) % n, mix(seed + 2 * i + 1) % n);
                            }
                            queue.finish();
                        });
        PatternCounter sum;
        for (std::size_t part = 0; part < counters.size(); ++part) {
            sum.merge(counters[part]);
            report_.random_pairs += taken[part];
        }
        return sum.sorted();
    }

    // ---- training rounds
    [[nodiscard]] std::uint32_t bit(Kind kind) const {
        const int i = plan_.find(kind);
        return i < 0 ? 0 : 1u << i;
    }
    [[nodiscard]] std::vector<Round> rounds() const {
        std::vector<Round> out;
        std::uint32_t place = bit(Kind::place);
        for (std::size_t c = 0; c < plan_.comparisons.size(); ++c) {  // what follows from where one lives
            const Comparison& x = plan_.comparisons[c];
            if (x.kind == Kind::street ||
                (x.kind == Kind::text && f_.generics[x.generic].role == Role::locality))
                place |= 1u << c;
        }
        auto add = [&](std::string label, std::uint32_t uses, auto value) {
            if (uses != 0) out.push_back({std::move(label), uses, value});
        };
        add("birth date", bit(Kind::birth), [this](std::uint32_t r) {
            const Row& row = f_.rows[r];
            const bool known =
                row.birth != no_day && !(row.flags & (Flags::birth_default | Flags::birth_year_only));
            return known ? static_cast<std::uint32_t>(row.birth) + (1u << 30) : 0;
        });
        if (bit(Kind::name) != 0)
            add("forename and surname", bit(Kind::name) | bit(Kind::sex), [this](std::uint32_t r) {
                const Row& row = f_.rows[r];
                return row.fore[0] == 0 || row.sur[0] == 0
                           ? 0
                           : key_hash(0, f_.names[row.fore[0]].hash, f_.names[row.sur[0]].hash);
            });
        if (bit(Kind::place) != 0)
            add("postcode", place, [this](std::uint32_t r) {
                const std::uint32_t code = f_.rows[r].postcode;
                return f_.places[code].institutional ? 0 : code;
            });
        auto id_round = [&](Kind kind, const ValueTable<IdEntry>& table, std::uint32_t Row::* field) {
            if (bit(kind) == 0) return;
            add(plan_.comparisons[static_cast<std::size_t>(plan_.find(kind))].name, bit(kind),
                [this, &table, field](std::uint32_t r) {
                    const std::uint32_t id = f_.rows[r].*field;
                    return table[id].polluted || table[id].quality != IdQuality::valid ? 0 : id;
                });
        };
        id_round(Kind::upn, f_.upns, &Row::upn);
        id_round(Kind::nhs, f_.nhs, &Row::nhs);
        id_round(Kind::uln, f_.ulns, &Row::uln);
        for (std::size_t c = 0; c < plan_.comparisons.size(); ++c) {
            const Comparison& x = plan_.comparisons[c];
            if (x.kind == Kind::identifier || x.kind == Kind::email || x.kind == Kind::phone ||
                x.kind == Kind::street)
                add(x.name, x.kind == Kind::street ? place | 1u << c : 1u << c,
                    [&g = f_.generics[x.generic]](std::uint32_t r) {
                        return g.polluted(g.code[r]) ? 0 : g.code[r];
                    });
        }
        return out;
    }

    // Pairs that share the key: all, or those of a fixed sample of the key's values.
    std::vector<PatternCount> block_patterns(const Round& round, TrainingRound& told, double& all_pairs) {
        // value << 32 | record; a record without a value has value 0
        std::vector<std::uint64_t> entries(f_.size()), spare;
        constexpr std::size_t grain = 1 << 16;
        parallel_chunks(
            settings_.threads, entries.size(), grain, [&](std::size_t, std::size_t begin, std::size_t end) {
                for (std::size_t r = begin; r < end; ++r)
                    entries[r] = std::uint64_t{round.value(static_cast<std::uint32_t>(r))} << 32 | r;
            });
        radix_sort(entries, spare, 32, 64, settings_.threads);
        struct Group {
            std::size_t begin, end, step;
        };
        std::vector<Group> groups;
        constexpr std::size_t largest = 2000;  // of a larger group so many records stand for all
        double looked_at = 0;
        all_pairs = 0;
        for_groups(entries, same_upper_half, [&](std::size_t begin, std::size_t end) {
            if (end - begin < 2 || entries[begin] >> 32 == 0) return;
            const std::size_t step = (end - begin + largest - 1) / largest;
            groups.push_back({begin, end, step});
            auto pairs = [](std::size_t n) {
                return static_cast<double>(n) * static_cast<double>(n - 1) / 2;
            };
            all_pairs += pairs(end - begin);
            looked_at += pairs((end - begin + step - 1) / step);
        });
        const double share =
            std::min(1.0, static_cast<double>(settings_.round_pairs) / std::max(1.0, looked_at));
        const auto bound = static_cast<std::uint64_t>(share * 4294967295.0);
        std::erase_if(groups, [&](const Group& g) {
            const auto first = static_cast<std::uint32_t>(entries[g.begin]);
            return share < 1 && (mix(f_.order[first] ^ settings_.seed) & 0xffffffffu) > bound;
        });
        std::vector<PatternCounter> counters(16);
        std::vector<std::uint64_t> pairs(16);
        auto make_comparer = [this] { return std::make_unique<Comparer>(f_, plan_); };
        parallel_chunks(settings_.threads, counters.size(), 1, make_comparer,
                        [&](std::unique_ptr<Comparer>& comparer, std::size_t part, std::size_t, std::size_t) {
                            PairQueue queue(*comparer, [&](std::uint32_t a, std::uint32_t b) {
                                counters[part].add(comparer->pattern(a, b));
                            });
                            for (std::size_t g = part; g < groups.size(); g += counters.size())
                                for (std::size_t i = groups[g].begin; i < groups[g].end; i += groups[g].step)
                                    for (std::size_t j = i + groups[g].step; j < groups[g].end;
                                         j += groups[g].step) {
                                        queue.push(static_cast<std::uint32_t>(entries[i]),
                                                   static_cast<std::uint32_t>(entries[j]));
                                        ++pairs[part];
                                    }
                            queue.finish();
                        });
        PatternCounter sum;
        for (std::size_t part = 0; part < counters.size(); ++part) {
            sum.merge(counters[part]);
            told.pairs += pairs[part];
        }
        return sum.sorted();
    }

    struct Fit {
        Table m, u;
        double lambda = 0.2;
    };
    // Expectation-maximisation over the comparisons that the block is not made of. Inside a block the pairs
    // of different people are not random ones (siblings share a postcode), so u is free too; a hundred
    // imagined pairs of the sampled u, and fifty of the start m, keep both in place where the block says
    // little.
    Fit fit(const std::vector<PatternCount>& patterns, std::uint32_t uses, const Model& model) const {
        constexpr double imagined_u = 100, imagined_m = 50;
        Fit x;
        for (const Ladder& ladder : model.ladders) {
            x.m.push_back(normal(ladder.m));
            x.u.push_back(normal(ladder.u));
        }
        const Table start_m = x.m, start_u = x.u;
        std::vector<double> p(patterns.size());
        const std::vector<const Judged*> judged = judged_of(patterns);
        for (int round = 0; round < 25; ++round) {
            double matches = 0, all = 0;
            for (std::size_t g = 0; g < patterns.size(); ++g) {
                double w = std::log2(x.lambda / (1 - x.lambda));
                for (std::size_t c = 0; c < plan_.comparisons.size(); ++c)
                    if (const unsigned l = level_of(patterns[g].pattern, c);
                        l != null_level && !(uses >> c & 1))
                        w += std::log2(x.m[c][l] / x.u[c][l]);
                p[g] = with_labels(1 / (1 + std::exp2(-w)), judged[g]);
                matches += static_cast<double>(patterns[g].count) * p[g];
                all += static_cast<double>(patterns[g].count);
            }
            const Table before = x.m;
            x.m = observed(patterns, start_m, imagined_m, [&](std::size_t g) { return p[g]; });
            x.u = observed(patterns, start_u, imagined_u, [&](std::size_t g) { return 1 - p[g]; });
            x.lambda = std::clamp(matches / std::max(1.0, all), 1e-9, 1 - 1e-9);
            double change = 0;
            for (std::size_t c = 0; c < before.size(); ++c)
                for (std::size_t l = 0; l < before[c].size(); ++l)
                    change = std::max(change, std::abs(before[c][l] - x.m[c][l]));
            if (change < 1e-4) break;
        }
        return x;
    }
    static std::vector<double> normal(std::vector<double> levels) {
        double sum = 0;
        for (const double l : levels) sum += l;
        for (double& l : levels) l /= sum;
        return levels;
    }
    // Share of each level, pairs weighted, with so many imagined pairs of the start values.
    template <class Weight>
    Table observed(const std::vector<PatternCount>& patterns, const Table& start, double imagined,
                   Weight weight) const {
        Table out = start;
        for (auto& levels : out)
            for (double& l : levels) l = l * imagined + 1e-3;
        for (std::size_t g = 0; g < patterns.size(); ++g) {
            const double n = static_cast<double>(patterns[g].count) * weight(g);
            for (std::size_t c = 0; c < out.size(); ++c)
                if (const unsigned l = level_of(patterns[g].pattern, c); l != null_level) out[c][l] += n;
        }
        for (auto& levels : out) levels = normal(std::move(levels));
        return out;
    }

    void train_m(Model& model) {
        const std::size_t count = plan_.comparisons.size();
        Table logit(count);
        std::vector<double> weight(count);
        for (std::size_t c = 0; c < count; ++c) logit[c].assign(plan_.comparisons[c].levels.size(), 0);
        std::vector<std::string> why(count, "no other field to train it on");
        double most_matches = 0;
        for (const Round& round : rounds()) {
            TrainingRound told{round.label, 0, 0, false, ""};
            double all_pairs = 0;
            const auto patterns = block_patterns(round, told, all_pairs);
            const Fit x = fit(patterns, round.uses, model);
            told.match_share = x.lambda;
            const double matches = x.lambda * static_cast<double>(told.pairs);
            if (told.pairs == 0)
                told.why = "no two records share a value";
            else if (matches < fewest_matches || x.lambda < 1e-3)
                told.why = "too few pairs of one person in it";
            else if (flipped(x, round.uses))
                told.why = "it could not tell the same person from different ones";
            else if (of_families(x, round.uses))
                told.why = "its pairs are of families rather than of one person";
            told.accepted = told.why.empty();
            if (told.accepted) most_matches = std::max(most_matches, x.lambda * all_pairs);
            for (std::size_t c = 0; told.accepted && c < count; ++c) {
                if (round.uses >> c & 1) continue;
                double seen = 0;
                for (const PatternCount& g : patterns)
                    if (level_of(g.pattern, c) != null_level) seen += static_cast<double>(g.count);
                if (seen * x.lambda < fewest_matches) {
                    why[c] = "too few pairs of one person have it on both sides";
                    continue;
                }
                const double w = std::min(matches, seen * x.lambda);
                for (std::size_t l = 0; l < logit[c].size(); ++l) {
                    const double m = std::clamp(x.m[c][l], smallest_m, 1 - smallest_m);
                    logit[c][l] += w * std::log(m / (1 - m));
                }
                weight[c] += w;
            }
            if (!told.accepted)
                for (std::size_t c = 0; c < count; ++c)
                    if (!(round.uses >> c & 1))
                        why[c] = "round on " + round.label + " was rejected: " + told.why;
            report_.rounds.push_back(std::move(told));
        }
        for (std::size_t c = 0; c < count; ++c) {
            Ladder& ladder = model.ladders[c];
            ladder.why = why[c];
            if (weight[c] > 0) {
                double sum = 0;
                for (std::size_t l = 0; l < logit[c].size(); ++l) {
                    ladder.m[l] = std::max(smallest_m, 1 / (1 + std::exp(-logit[c][l] / weight[c])));
                    sum += ladder.m[l];
                }
                for (double& m : ladder.m) m /= sum;
                ladder.source = Learnt::trained;
                ladder.why.clear();
            }
        }
        const double n = static_cast<double>(f_.size());
        // blocks on one field find most, not all, of the pairs of one person
        if (most_matches > 0)
            report_.match_share = std::clamp(most_matches / 0.8 / std::max(1.0, n * (n - 1) / 2), 1e-12, 0.5);
    }
    [[nodiscard]] bool flipped(const Fit& x, std::uint32_t uses) const {
        for (std::size_t c = 0; c < plan_.comparisons.size(); ++c) {
            if (uses >> c & 1) continue;
            const bool name = plan_.comparisons[c].kind == Kind::name;
            const double m = name ? x.m[c][0] + x.m[c][1] : x.m[c][0],
                         u = name ? x.u[c][0] + x.u[c][1] : x.u[c][0];
            if (m < u && u > 0.01) return true;
        }
        return false;
    }

    // What the pairs of the block have in common is a home: forenames differ, and sexes as by chance. Of one
    // person's records one in a hundred has another forename, in dirty files one in ten.
    [[nodiscard]] bool of_families(const Fit& x, std::uint32_t uses) const {
        constexpr double most_other_forenames = 0.15, least_equal_sex = 0.8;
        const int name = plan_.find(Kind::name), sex = plan_.find(Kind::sex);
        auto trained = [&](int c) { return c >= 0 && !(uses >> c & 1); };
        if (trained(name)) {
            const std::vector<double>& m = x.m[static_cast<std::size_t>(name)];
            if (m[NameLevel::surname_only] + m[NameLevel::near_surname_only] > most_other_forenames)
                return true;
        }
        return trained(sex) && x.m[static_cast<std::size_t>(sex)][SexLevel::equal] < least_equal_sex;
    }

    // u among random pairs, less those that are probably one person: of a small file they are not rare.
    void train_u(Model& model, const std::vector<PatternCount>& random) {
        std::vector<double> different(random.size(), 1.0);
        double n = 0;
        for (const PatternCount& g : random) n += static_cast<double>(g.count);
        for (int round = 0; round < 4; ++round) {
            for (std::size_t c = 0; c < model.ladders.size(); ++c) {
                Ladder& ladder = model.ladders[c];
                std::vector<double> count(ladder.u.size());
                double seen = 0;
                for (std::size_t g = 0; g < random.size(); ++g)
                    if (const unsigned l = level_of(random[g].pattern, c); l != null_level) {
                        count[l] += static_cast<double>(random[g].count) * different[g];
                        seen += static_cast<double>(random[g].count) * different[g];
                    }
                for (std::size_t l = 0; l < count.size(); ++l)
                    ladder.u[l] = std::max(smallest_u, (count[l] + 0.5) / (seen + 0.5 / shipped_u_[c][l]));
                if (plan_.comparisons[c].kind != Kind::name) keep_order(ladder, plan_.comparisons[c]);
            }
            double matches = 0;
            const double prior = std::log2(report_.match_share / (1 - report_.match_share));
            for (std::size_t g = 0; g < random.size(); ++g) {
                double w = prior;
                for (std::size_t c = 0; c < model.ladders.size(); ++c)
                    w += model.bits(c, level_of(random[g].pattern, c));
                const double p = 1 / (1 + std::exp2(-w));
                different[g] = 1 - p;
                matches += static_cast<double>(random[g].count) * p;
            }
            // enough of them in the sample to count by: else the estimate from the blocks stands
            if (matches >= 100) report_.match_share = std::clamp(matches / n, 1e-12, 0.5);
        }
    }
    // Adjacent levels whose weights stand in the wrong order are pooled (the ladder is ordered by its start
    // weights).
    static void keep_order(Ladder& ladder, const Comparison& comparison) {
        std::vector<std::size_t> order(ladder.m.size());
        for (std::size_t l = 0; l < order.size(); ++l) order[l] = l;
        std::stable_sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) {
            return comparison.levels[x].bits > comparison.levels[y].bits;
        });
        struct Pool {
            double m, u;
            std::size_t levels;
        };
        std::vector<Pool> pools;
        for (const std::size_t l : order) {
            pools.push_back({ladder.m[l], ladder.u[l], 1});
            while (pools.size() > 1 &&
                   pools[pools.size() - 2].m * pools.back().u < pools.back().m * pools[pools.size() - 2].u) {
                pools[pools.size() - 2].m += pools.back().m;
                pools[pools.size() - 2].u += pools.back().u;
                pools[pools.size() - 2].levels += pools.back().levels;
                pools.pop_back();
            }
        }
        std::size_t at = 0;
        for (const Pool& pool : pools)
            for (std::size_t i = 0; i < pool.levels; ++i, ++at)
                ladder.m[order[at]] = std::max(smallest_m, ladder.u[order[at]] * pool.m / pool.u);
    }

    const Features& f_;
    const Plan& plan_;
    const TrainSettings& settings_;
    Training& report_;
    Table shipped_m_, shipped_u_;
    std::vector<Judged> judged_;  // ascending by pattern
};

}  // namespace

Model train(const Features& features, const Plan& plan, const TrainSettings& settings,
            std::span<const Label> labels, Training& report) {
    return Trainer(features, plan, settings, labels, report).run();
}

}  // namespace sendhub::identity
