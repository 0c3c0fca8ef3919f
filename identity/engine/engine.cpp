#include "identity/engine/engine.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <chrono>
#include <cmath>
#include <ctime>
#include <functional>
#include <numeric>

#include "identity/engine/hash.hpp"
#include "identity/engine/pair_queue.hpp"
#include "identity/engine/parallel.hpp"
#include "identity/engine/radix.hpp"
#include "identity/engine/twin_names.hpp"

namespace sendhub::identity {
namespace {

double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

class StageTimer {
  public:
    explicit StageTimer(std::vector<Stage>& stages) : stages_(stages) {}
    void done(std::string name) {
        const auto now = std::chrono::steady_clock::now();
        const double processor = processor_seconds();
        stages_.push_back(
            {std::move(name), std::chrono::duration<double>(now - begin_).count(), processor - processor_});
        begin_ = now;
        processor_ = processor;
    }

  private:
    std::vector<Stage>& stages_;
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
    double processor_ = processor_seconds();
};

// Remembers the bound of patterns, so that most pairs cost one look-up.
class Bounds {
  public:
    explicit Bounds(const Scorer& scorer) : scorer_(scorer), slots_(1 << 14) {}
    double operator()(std::uint64_t pattern) {
        Slot& slot = slots_[mix(pattern) & (slots_.size() - 1)];
        if (slot.pattern != pattern) slot = {pattern, scorer_.upper_bound(pattern)};
        return slot.bound;
    }

  private:
    struct Slot {
        std::uint64_t pattern = ~std::uint64_t{0};  // none: the highest bits of a pattern are 0
        double bound = 0;
    };
    const Scorer& scorer_;
    std::vector<Slot> slots_;
};

// Ascending by (a, b), which are all different: parts of them at the same time, then merged.
void sort_edges(std::vector<Edge>& edges, unsigned threads) {
    auto less = [](const Edge& x, const Edge& y) { return x.a != y.a ? x.a < y.a : x.b < y.b; };
    if (std::is_sorted(edges.begin(), edges.end(), less)) return;
    const std::size_t half = edges.size() / 2;
    const auto middle = edges.begin() + static_cast<std::ptrdiff_t>(half);
    parallel_tasks(threads, 2, [&](std::size_t part) {
        part == 0 ? std::sort(edges.begin(), middle, less) : std::sort(middle, edges.end(), less);
    });
    std::inplace_merge(edges.begin(), middle, edges.end(), less);
}

// All that was found, ascending by (a, b): counted by a, put into place, and the few of each record sorted.
std::vector<Edge> in_order(std::vector<std::vector<Edge>>& found, std::size_t records, unsigned threads) {
    std::vector<std::uint32_t> next(records + 1);
    for (const auto& part : found)
        for (const Edge& e : part) ++next[e.a + 1];
    std::partial_sum(next.begin(), next.end(), next.begin());
    std::vector<Edge> out(next.back());
    parallel_shares(threads, records, [&](std::size_t from, std::size_t to) {
        for (const auto& part : found)
            for (const Edge& e : part)
                if (e.a >= from && e.a < to) out[next[e.a]++] = e;
    });
    for (auto& part : found) part = std::vector<Edge>();  // {} would keep the memory
    constexpr std::size_t grain = 1 << 15;
    // now next[a] is where the edges of a end
    parallel_chunks(threads, records, grain, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t a = begin; a < end; ++a) {
            const auto first = out.begin() + (a == 0 ? 0 : next[a - 1]), last = out.begin() + next[a];
            if (last - first > 1)
                std::sort(first, last, [](const Edge& x, const Edge& y) { return x.b < y.b; });
        }
    });
    return out;
}

std::uint64_t records_with_too_many_names(const Features& f) {
    constexpr std::size_t in_row = 3;
    if (std::none_of(f.more.begin(), f.more.end(), [](const More& m) {
            return std::max(m.fore.size(), m.sur.size()) + in_row > most_names;
        }))
        return 0;
    return static_cast<std::uint64_t>(std::count_if(f.rows.begin(), f.rows.end(), [&](const Row& r) {
        const More* more = f.more_of(r);
        if (more == nullptr) return false;
        auto given = [](const auto& codes) {
            return static_cast<std::size_t>(
                std::count_if(codes.begin(), codes.end(), [](std::uint32_t code) { return code != 0; }));
        };
        return given(r.fore) + more->fore.size() > most_names || given(r.sur) + more->sur.size() > most_names;
    }));
}

}  // namespace

Engine::Engine(Settings settings) : settings_(std::move(settings)) {
    settings_.threads = std::max(1u, settings_.threads);
}

void Engine::load(const Table& table) {
    StageTimer timer(report_.stages);
    settings_.standard.threads = settings_.training.threads = settings_.threads;
    standardise(table, settings_.standard, features_, position_);
    report_.polluted_by = count_values(features_, settings_.threads);
    report_.polluted = 0;
    for (const PollutedCount& p : report_.polluted_by) report_.polluted += p.values;
    report_.records = features_.size();
    report_.columns = features_.counts;
    plan_ = make_plan(features_);
    timer.done("standardise");
}

void Engine::train(std::span<const LabelledPair> labels) {
    StageTimer timer(report_.stages);
    std::vector<Label> judged;
    if (!labels.empty()) {
        Comparer comparer(features_, plan_);
        for (const LabelledPair& l : by_number(labels))
            judged.push_back({comparer.pattern(l.a, l.b), l.same, l.pairs});
    }
    model_ = identity::train(features_, plan_, settings_.training, judged, report_.training);
    if (settings_.vetoes.children) {
        model_.twin_names = find_twin_names(features_, plan_, settings_.threads);
        model_.twin_names_known = true;
    } else {  // of children there is no doubt: brothers and sisters are in every file
        model_.siblings = siblings_for_each_pair(features_, plan_);
    }
    timer.done("train");
}

void Engine::calibrate(std::span<const LabelledPair> labels) {
    if (labels.size() < fewest_labels) return;
    Scorer scorer(features_, plan_, model_);
    std::vector<WeighedLabel> weighed;
    for (const LabelledPair& l : by_number(labels)) {
        const std::uint64_t pattern = scorer.comparer().pattern(l.a, l.b);
        weighed.push_back({scorer.weight(l.a, l.b, pattern), doubt(l.a, l.b, pattern), l.same, l.pairs});
    }
    model_.calibration = fitted_on(std::move(weighed));
}

void Engine::use_model(Model model) {
    model_ = std::move(model);
    if (features_.sources > Presence::max_sources) model_.presence = {};  // as fit_presence() of so many
    features_.default_days = model_.default_days;
    mark_default_days(features_);
}

void Engine::score(const Decisions& decisions, const Before* before) {
    StageTimer timer(report_.stages);
    searcher_.reset();
    const std::uint64_t n = features_.size();
    if (!model_.fitted)
        model_.every_pair = n * (n - std::min<std::uint64_t>(n, 1)) / 2 <= settings_.every_pair_up_to;
    report_.every_pair = model_.every_pair;
    report_.pairs = 0;
    keys_ = {};
    keys_.add(features_, plan_, 0, settings_.threads);
    timer.done("keys");
    blocks_.build(keys_, plan_, settings_.blocks, settings_.threads,
                  model_.fitted && model_.wide_known ? &model_.wide : nullptr);
    model_.wide = blocks_.wide();
    model_.wide_known |= !model_.fitted;
    timer.done("index");
    // while the priors are not fitted, what could come to matter under a higher one is kept too
    const double most = *std::max_element(model_.prior.begin(), model_.prior.end());
    const double floor = settings_.thresholds.keep - most - (model_.fitted ? 0 : 4);
    std::vector<std::vector<Edge>> found;
    if (model_.every_pair)
        score_every_pair(found, floor, before);
    else
        score_blocks(found, floor, before);
    timer.done("compare and weigh");
    edges_ = std::vector<Edge>();
    edges_ = in_order(found, n, settings_.threads);
    if (!model_.fitted) {
        const double likeliest = fit_priors();
        fit_presence();
        model_.fitted = true;
        // a small source beside a large one: what was below the floor would be for review
        if (floor + likeliest > settings_.thresholds.review) return score(decisions, before);
    }
    Scorer scorer(features_, plan_, model_);
    constexpr std::size_t grain = 1 << 16;
    parallel_chunks(settings_.threads, edges_.size(), grain,
                    [&](std::size_t, std::size_t begin, std::size_t end) {
                        for (std::size_t i = begin; i < end; ++i)
                            edges_[i].weight += static_cast<float>(scorer.prior(edges_[i].a, edges_[i].b));
                    });
    if (before != nullptr)
        for (const Edge& e : before->edges)
            if (before->unchanged[e.a] && before->unchanged[e.b]) edges_.push_back(e);
    std::erase_if(edges_, [&](const Edge& e) {
        const Verdict* verdict = decisions.find(e.a, e.b);
        if (verdict != nullptr && *verdict != Verdict::different) return true;  // sealed; same: added below
        return e.weight < settings_.thresholds.keep && !asked_of_a_number(e.pattern);
    });
    // pairs that a person joined are edges, whether or not a key proposes them
    for (const auto& [pair, verdict] : decisions.by_pair) {
        if (verdict != Verdict::same) continue;
        Edge e{static_cast<std::uint32_t>(pair >> 32), static_cast<std::uint32_t>(pair), 0, 0};
        e.pattern = scorer.comparer().pattern(e.a, e.b);
        e.weight = static_cast<float>(scorer.weight(e.a, e.b, e.pattern));
        edges_.push_back(e);
    }
    sort_edges(edges_, settings_.threads);
    if (edges_.capacity() > edges_.size() + edges_.size() / 4) edges_.shrink_to_fit();
    report_.edges = edges_.size();
    count_shared_numbers();
    report_.keys = blocks_.report();
    tell_shortfalls();
    timer.done("priors and order");
}

Doubt Engine::doubt(std::uint32_t a, std::uint32_t b, std::uint64_t pattern) const {
    const Evidence found = evidence_of(plan_, pattern, least_evidence,
                                       may_hold_families(plan_, model_, settings_.vetoes.children));
    const Doubt doubt = doubt_of_pair(features_, plan_, settings_.vetoes, a, b, pattern);
    // Of pairs without a name nobody knows more than of those with a veto. The curve of pairs without a doubt
    // was counted on children, those with a name that says too little among them.
    const bool unnamed = level_of(plan_, pattern, Kind::name) == null_level && features_.has_names;
    const bool unproven = found == Evidence::too_little && (unnamed || !settings_.vetoes.children);
    return (unproven && doubt == Doubt::none) || found == Evidence::number_on_two_people ? Doubt::veto
                                                                                         : doubt;
}

// Numbers on two children who differ in name and birth date. Those on more than three are polluted already.
void Engine::count_shared_numbers() {
    report_.shared_by.clear();
    if (!settings_.vetoes.children) return;
    std::vector<std::vector<std::uint64_t>> found(plan_.comparisons.size());  // value << 32 | record
    for (const Edge& e : edges_) {
        if (!number_on_two_people(plan_, e.pattern)) continue;
        for (std::size_t c = 0; c < found.size(); ++c) {
            const Comparison& x = plan_.comparisons[c];
            if (level_of(e.pattern, c) == 0 ||
                (x.kind == Kind::nhs && level_of(e.pattern, c) == IdLevel::unverified))
                if (const std::uint32_t value = number_of(x, e.a); value != 0)
                    for (const std::uint32_t record : {e.a, e.b})
                        found[c].push_back(std::uint64_t{value} << 32 | record);
        }
    }
    for (std::size_t c = 0; c < found.size(); ++c) {
        auto& of = found[c];
        if (of.empty()) continue;
        std::sort(of.begin(), of.end());
        of.erase(std::unique(of.begin(), of.end()), of.end());
        PollutedCount count{plan_.comparisons[c].name, 0, of.size()};
        for_groups(of, same_upper_half, [&](std::size_t, std::size_t) { ++count.values; });
        report_.shared_by.push_back(std::move(count));
    }
}

// Of a comparison of numbers of a person; 0: of none.
std::uint32_t Engine::number_of(const Comparison& comparison, std::uint32_t record) const {
    switch (comparison.kind) {
        case Kind::upn:
            return features_.rows[record].upn;
        case Kind::nhs:
            return features_.rows[record].nhs;
        case Kind::uln:
            return features_.rows[record].uln;
        case Kind::identifier:
            return features_.generics[comparison.generic].code[record];
        default:
            return 0;
    }
}

void Engine::tell_shortfalls() {
    report_.shortfalls.clear();
    auto tell = [&](std::string_view what, std::string text, bool of_model) {
        report_.shortfalls.push_back({what, std::move(text), of_model});
    };
    if (settings_.vetoes.children && !model_.twin_names_known)
        tell("names that twins bear",
             "the model does not know which like names twins bear together (it is of an earlier sendhub, or "
             "not of children): such twins (Grace and Gracie) may be joined; train a new model",
             true);
    if (settings_.vetoes.children && !model_.presence.share.empty() && model_.presence.beside.empty())
        tell(
            "sources that know each other's children",
            "the model is of an earlier sendhub: that no source knows a second child counts in full also for "
            "children whom that source seldom knows (those missing education are on no roll); train a new "
            "model",
            true);
    const std::size_t sources = features_.sources, known = model_.presence.share.size();
    auto number = [](std::uint64_t n) { return std::to_string(n); };
    if (sources >= 2 && sources <= Presence::max_sources && known < sources)
        tell("sources that came after the training",
             "of " + number(sources) + " sources " + number(sources - known) +
                 " came after the model was trained: their priors are those of the others, and that they do "
                 "not know a second child counts for nothing; train a new model",
             true);
    if (sources > Presence::max_sources && settings_.vetoes.children)
        tell("traces of a second child",
             "there are " + number(sources) +
                 " sources, and which of them know a second child is counted of " +
                 number(Presence::max_sources) +
                 " at the most: that none knows one counts for nothing, and more pairs wait for a person",
             false);
    if (sources > Model::max_cells)
        tell("priors of pairs of sources",
             "there are " + number(sources) + " sources, more than " + number(Model::max_cells) +
                 ": all pairs within a source have one prior, and all pairs across two sources another",
             false);
    if (const std::uint64_t n = records_with_too_many_names(features_); n > 0)
        tell("names of one record",
             number(n) + (n == 1 ? " record has" : " records have") + " more than " + number(most_names) +
                 " forenames or surnames: the others are not compared",
             false);
    if (model_.every_pair) return;  // keys do not matter
    if (!model_.wide_known)
        tell("blocking values that are too common",
             "the model is of an earlier sendhub: which blocking values are too common is worked out anew on "
             "every run, so that records that come may change what is proposed for others; train a new model",
             true);
    if (plan_.keys_left_out > 0)
        tell("kinds of blocking keys",
             "blocking: there are " + number(max_keys) + " kinds of keys at the most, " +
                 number(plan_.keys_left_out) + (plan_.keys_left_out == 1 ? " was" : " were") +
                 " left out; pairs that share nothing else were not compared. Fewer columns make room",
             false);
    if (const std::uint64_t n = keys_.cut_records(); n > 0)
        tell("blocking keys of one record",
             "blocking: " + number(n) + (n == 1 ? " record has" : " records have") + " more than " +
                 number(most_key_values) +
                 " values of one key (by its names and postcodes); by the others no pair was proposed",
             false);
    if (const std::uint64_t n = blocks_.cut_records(); n > 0)
        tell("blocking values of one record that many share",
             "blocking: " + number(n) + (n == 1 ? " record has" : " records have") + " more than " +
                 number(most_wide_values) +
                 " values that very many records share; by the others no pair was proposed",
             false);
}

std::vector<Shortfall> Engine::shortfalls(const Clusters& clusters) const {
    std::vector<Shortfall> out = report_.shortfalls;
    const std::uint64_t pairs = clusters.cut_pairs + clusters.cut_joins;
    if (pairs > 0)
        out.push_back({"records that are alike to very many others",
                       std::to_string(pairs) + (pairs == 1 ? " pair" : " pairs") +
                           " of records that are alike to very many others could not be looked at: one "
                           "person may be left in several groups. Check whether each row of the file is "
                           "one record of a person",
                       false});
    return out;
}

namespace {
// What a thread needs to compare and weigh.
struct Bench {
    Scorer scorer;
    Bounds bound;
    double most_by_name;
    const Plan& plan;
    bool children;
    Bench(const Features& f, const Plan& p, const Model& m, bool of_children)
        : scorer(f, p, m),
          bound(scorer),
          most_by_name(scorer.most_by_name() + rounding),
          plan(p),
          children(of_children) {}

    void weigh(std::uint32_t a, std::uint32_t b, double floor, std::vector<Edge>& found) {
        const std::uint64_t but_name = scorer.comparer().pattern_but_name(a, b);
        if (bound(but_name) + most_by_name < floor) return;
        const std::uint64_t pattern = scorer.comparer().with_name(a, b, but_name);
        const bool asked = children && number_on_two_people(plan, pattern);
        if (bound(pattern) < floor && !asked) return;
        const double weight = scorer.evidence(a, b, pattern);
        if (weight >= floor || asked) found.push_back({a, b, static_cast<float>(weight), pattern});
    }

  private:
    static constexpr double rounding = 1e-9;  // sums in two orders
};
}  // namespace

void Engine::score_every_pair(std::vector<std::vector<Edge>>& found, double floor, const Before* before) {
    const std::size_t n = features_.size();
    constexpr std::size_t grain = 64;
    found.resize((n + grain - 1) / grain);
    parallel_chunks(
        settings_.threads, n, grain,
        [&] { return std::make_unique<Bench>(features_, plan_, model_, settings_.vetoes.children); },
        [&](std::unique_ptr<Bench>& bench, std::size_t chunk, std::size_t begin, std::size_t end) {
            for (std::size_t a = begin; a < end; ++a)
                for (std::size_t b = a + 1; b < n; ++b) {
                    const auto x = static_cast<std::uint32_t>(a), y = static_cast<std::uint32_t>(b);
                    if (before != nullptr && before->unchanged[x] && before->unchanged[y]) continue;
                    bench->weigh(x, y, floor, found[chunk]);
                }
        });
    report_.pairs = std::uint64_t{n} * (n - std::min<std::size_t>(n, 1)) / 2;
}

void Engine::score_blocks(std::vector<std::vector<Edge>>& found, double floor, const Before* before) {
    found.resize(blocks_.chunks());
    struct Count {
        std::uint64_t pairs = 0, of_one_number = 0, by_others = 0;
    };
    std::vector<Count> count(blocks_.chunks());
    // as bits: the keys that are a number, which come first; and those and any other identifier
    std::uint32_t numbers = 0, identifiers = 0;
    for (std::size_t k = 0; k < plan_.keys.size(); ++k) {
        const Key& key = plan_.keys[k];
        const bool number = key.recipe <= Key::Recipe::uln;
        const bool other = key.recipe == Key::Recipe::generic_value &&
                           features_.generics[key.generic].role == Role::identifier;
        numbers |= std::uint32_t{number} << k;
        identifiers |= std::uint32_t{number || other} << k;
    }
    auto is_number = [&](std::size_t key) { return (numbers >> key & 1) != 0; };
    parallel_chunks(
        settings_.threads, blocks_.chunks(), 1,
        [&] { return std::make_unique<Bench>(features_, plan_, model_, settings_.vetoes.children); },
        [&](std::unique_ptr<Bench>& bench, std::size_t chunk, std::size_t, std::size_t) {
            const bool number = is_number(blocks_.key_of_chunk(chunk));
            PairQueue queue(bench->scorer.comparer(), [&](std::uint32_t a, std::uint32_t b) {
                bench->weigh(a, b, floor, found[chunk]);
            });
            blocks_.for_each_pair(chunk, [&](std::uint32_t a, std::uint32_t b) {
                if (number) {
                    ++count[chunk].of_one_number;
                    count[chunk].by_others += (keys_.common(a, b) & ~identifiers) != 0;
                }
                if (before != nullptr && before->unchanged[a] && before->unchanged[b]) return;
                ++count[chunk].pairs;
                queue.push(a, b);
            });
            queue.finish();
        });
    report_.id_pairs = report_.id_pairs_by_others = 0;  // of this run; a night may have to score twice
    for (std::size_t chunk = 0; chunk < count.size(); ++chunk) {
        const std::size_t key = blocks_.key_of_chunk(chunk);
        report_.pairs += count[chunk].pairs;
        blocks_.report()[key].pairs += count[chunk].pairs;
        report_.id_pairs += count[chunk].of_one_number;
        report_.id_pairs_by_others += count[chunk].by_others;
    }
}

// The prior of each pair of sources: the expected number of pairs of one person over all pairs of the cell.
// Returns the highest of a cell in which there are such pairs.
double Engine::fit_priors() {
    std::vector<double> records(model_.sources);
    for (const Row& r : features_.rows) records[r.source] += (r.flags & Flags::removed) ? 0 : 1;
    const std::size_t cells = model_.prior.size();
    std::vector<double> pairs(cells);
    for (std::uint16_t s = 0; s < model_.sources; ++s)
        for (std::uint16_t t = s; t < model_.sources; ++t)
            pairs[model_.cell(s, t)] += s == t ? records[s] * (records[s] - 1) / 2 : records[s] * records[t];
    constexpr std::size_t grain = 1 << 16;
    std::vector<std::uint16_t> cell(edges_.size());
    parallel_chunks(
        settings_.threads, edges_.size(), grain, [&](std::size_t, std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i)
                cell[i] = static_cast<std::uint16_t>(
                    model_.cell(features_.rows[edges_[i].a].source, features_.rows[edges_[i].b].source));
        });
    constexpr double found_by_blocking = 0.97;
    double likeliest = -1000;
    for (int round = 0; round < 8; ++round) {
        // parts of a fixed size, added in their order: the same sums for any number of threads
        std::vector<std::vector<double>> parts((edges_.size() + grain - 1) / grain,
                                               std::vector<double>(cells));
        parallel_chunks(settings_.threads, edges_.size(), grain,
                        [&](std::size_t part, std::size_t begin, std::size_t end) {
                            for (std::size_t i = begin; i < end; ++i) {
                                const Edge& e = edges_[i];
                                const double w = e.weight + model_.prior[cell[i]];
                                if (w > -40) parts[part][cell[i]] += w > 40 ? 1 : 1 / (1 + std::exp2(-w));
                            }
                        });
        std::vector<double> matches(cells);
        for (const auto& part : parts)
            for (std::size_t c = 0; c < cells; ++c) matches[c] += part[c];
        double change = 0;
        likeliest = -1000;
        for (std::size_t c = 0; c < cells; ++c) {
            if (pairs[c] < 1) continue;
            // a cell in which nothing is found keeps half a pair: it is not proof that there never is one
            const double share = std::clamp((matches[c] / found_by_blocking + 0.5) / pairs[c], 1e-12, 0.5);
            const double prior = std::log2(share / (1 - share));
            change = std::max(change, std::abs(prior - model_.prior[c]));
            model_.prior[c] = prior;
            if (matches[c] >= 1) likeliest = std::max(likeliest, prior);
        }
        if (change < 0.01) break;
    }
    return likeliest;
}

void Engine::fit_presence() {
    const std::uint16_t sources = model_.sources;
    model_.presence = {};
    if (sources < 2 || sources > Presence::max_sources) return;
    constexpr double surely_one_child = 8;
    constexpr std::size_t grain = 1 << 16;
    std::vector<std::uint64_t> known_to(features_.size());  // a bit per source
    auto known = [&](std::uint32_t record, std::uint16_t source) {
        const std::atomic_ref<std::uint64_t> bits(known_to[record]);
        bits.fetch_or(std::uint64_t{1} << source, std::memory_order_relaxed);
    };
    parallel_chunks(
        settings_.threads, edges_.size(), grain, [&](std::size_t, std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                const Edge& e = edges_[i];
                const std::uint16_t s = features_.rows[e.a].source, t = features_.rows[e.b].source;
                if (e.weight + model_.prior[model_.cell(s, t)] < surely_one_child) continue;
                known(e.a, t);
                known(e.b, s);
            }
        });
    // of the records of each source, those of each year of birth, and those that each source knows as well
    struct Counts {
        std::vector<std::uint32_t> of_year, known_of_year, known;
        explicit Counts(std::size_t sources)
            : of_year(sources * Presence::years),
              known_of_year(sources * Presence::years),  // of other sources' records
              known(sources * sources) {}
    };
    std::vector<Counts> parts((features_.size() + grain - 1) / grain, Counts(sources));
    parallel_chunks(settings_.threads, features_.size(), grain,
                    [&](std::size_t part, std::size_t begin, std::size_t end) {
                        Counts& counts = parts[part];
                        for (std::size_t i = begin; i < end; ++i) {
                            const Row& r = features_.rows[i];
                            if (r.birth == no_day || (r.flags & Flags::removed)) continue;
                            const int year = calendar_day(r.birth).year - Presence::first_year;
                            if (year < 0 || year >= Presence::years) continue;
                            const auto y = static_cast<std::size_t>(year);
                            ++counts.of_year[r.source * std::size_t{Presence::years} + y];
                            for (std::uint64_t bits = known_to[i]; bits != 0; bits &= bits - 1) {
                                const auto s = static_cast<std::size_t>(std::countr_zero(bits));
                                ++counts.known[r.source * std::size_t{sources} + s];
                                if (s != r.source) ++counts.known_of_year[s * Presence::years + y];
                            }
                        }
                    });
    Counts all(sources);
    auto add = [](std::vector<std::uint32_t>& to, const std::vector<std::uint32_t>& from) {
        std::transform(to.begin(), to.end(), from.begin(), to.begin(), std::plus<>());
    };
    for (const Counts& part : parts) {
        add(all.of_year, part.of_year);
        add(all.known_of_year, part.known_of_year);
        add(all.known, part.known);
    }
    auto of_year = [&](std::size_t s, std::size_t y) -> double {
        return all.of_year[s * Presence::years + y];
    };
    auto known_by = [&](std::size_t s, std::size_t t) -> double { return all.known[s * sources + t]; };
    constexpr double imagined = 20, most = 0.95;
    std::vector<double> records(sources), of_all_years(Presence::years);
    for (std::size_t s = 0; s < sources; ++s)
        for (std::size_t y = 0; y < of_all_years.size(); ++y) {
            records[s] += of_year(s, y);
            of_all_years[y] += of_year(s, y);
        }
    const double of_all = std::accumulate(records.begin(), records.end(), 0.0);
    for (std::size_t s = 0; s < sources; ++s) {
        std::vector<float>& share = model_.presence.share.emplace_back();
        model_.presence.again.push_back(static_cast<float>((known_by(s, s) + 1) / (records[s] + imagined)));
        double others_known = 0;
        for (std::size_t t = 0; t < sources; ++t) others_known += t == s ? 0 : known_by(t, s);
        const double overall = others_known / std::max(1.0, of_all - records[s]);
        for (std::size_t y = 0; y < of_all_years.size(); ++y) {
            const double others = of_all_years[y] - of_year(s, y),
                         known_of = all.known_of_year[s * Presence::years + y];
            share.push_back(
                static_cast<float>(std::min(most, (known_of + imagined * overall) / (others + imagined))));
        }
    }
    // how many of the children of each source the others know, and would if their shares held for these too
    for (std::size_t t = 0; t < sources; ++t) {
        std::vector<float>& beside = model_.presence.beside.emplace_back();
        for (std::size_t s = 0; s < sources; ++s) {
            double expected = 0;
            for (std::size_t y = 0; y < of_all_years.size(); ++y)
                expected += of_year(t, y) * static_cast<double>(model_.presence.share[s][y]);
            beside.push_back(
                static_cast<float>(std::min(1.0, (known_by(t, s) + imagined) / (expected + imagined))));
        }
    }
}

Clusters Engine::resolve(const Decisions& decisions) const {
    return cluster({features_, plan_, model_, settings_.vetoes, settings_.thresholds, decisions, edges_,
                    settings_.threads});
}

std::uint64_t Engine::fingerprint(const Table& table, std::uint32_t record) const {
    const Row& row = features_.rows[record];
    std::uint64_t h = hash_text(table.source_names[row.source]);
    for (const Column& column : table.columns) h = hash_text(column.values[position_[record]], h);
    const auto polluted = static_cast<std::uint64_t>(features_.upns[row.upn].polluted) |
                          static_cast<std::uint64_t>(features_.nhs[row.nhs].polluted) << 1 |
                          static_cast<std::uint64_t>(features_.ulns[row.uln].polluted) << 2;
    h = mix(h ^ polluted);
    for (std::size_t g = 0; g < features_.generics.size(); ++g)
        if (features_.generics[g].polluted(features_.generics[g].code[record])) h = mix(h + g + 1);
    return h;
}

std::vector<std::uint32_t> Engine::numbers() const {
    std::vector<std::uint32_t> record(position_.size());
    for (std::uint32_t i = 0; i < position_.size(); ++i) record[position_[i]] = i;
    return record;
}

std::vector<LabelledPair> Engine::by_number(std::span<const LabelledPair> labels) const {
    const std::vector<std::uint32_t> record = numbers();
    std::vector<LabelledPair> out;
    for (const LabelledPair& l : labels) {
        if (l.a >= record.size() || l.b >= record.size()) continue;
        const auto [a, b] = std::minmax({record[l.a], record[l.b]});
        out.push_back({a, b, l.same, l.pairs});
    }
    return out;
}

Decisions Engine::decisions(std::span<const Decision> by_position) const {
    const std::vector<std::uint32_t> record = numbers();
    Decisions out;
    for (const Decision& d : by_position) {
        if (d.a >= record.size() || d.b >= record.size() || d.a == d.b) continue;
        Verdict& verdict =
            out.by_pair.try_emplace(Decisions::pair(record[d.a], record[d.b]), d.verdict).first->second;
        if (d.verdict == Verdict::sealed) verdict = d.verdict;  // a barrier stands above any other word
    }
    return out;
}

std::size_t Engine::memory() const {
    return features_.rows.capacity() * sizeof(Row) + features_.order.capacity() * 8 + keys_.memory() +
           blocks_.memory() + edges_.capacity() * sizeof(Edge) + position_.capacity() * 4;
}

}  // namespace sendhub::identity
