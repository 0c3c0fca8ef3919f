#include "hub/match/sample.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "identity/engine/hash.hpp"

namespace sendhub::match {
namespace {

using Pair = std::pair<std::uint32_t, std::uint32_t>;

std::map<Pair, bool> spoken(const Tonight& tonight) {
    std::map<Pair, bool> out;
    for (const SpokenDecision& d : tonight.decisions.active)
        if (d.verdict != identity::Verdict::sealed) out[{d.a, d.b}] = d.verdict == identity::Verdict::same;
    for (const SpokenDecision& d : tonight.decisions.active)
        if (d.verdict == identity::Verdict::sealed) out.erase({d.a, d.b});
    return out;
}

}  // namespace

Result<Sample> draw_sample(duck::Connection& store, const Tonight& tonight) {
    Sample out;
    const auto said = spoken(tonight);
    std::map<Pair, bool> parted;  // clusters that a barrier parts
    for (const SpokenDecision& d : tonight.decisions.active)
        if (d.verdict == identity::Verdict::sealed)
            parted[std::minmax({tonight.cluster[d.a], tonight.cluster[d.b]})] = true;
    // decided ones keep the stratum that they were drawn from
    std::map<Pair, Stratum> kept;
    SENDHUB_ASSIGN(
        duck::Rows rows,
        store.query("select feed_a, person_ref_a, feed_b, person_ref_b, stratum from match_sample"));
    while (rows.next()) {
        const auto pair = tonight.records.pair_at(rows, 0);
        if (!pair || !said.contains(*pair)) continue;
        for (const Stratum s : {Stratum::joined, Stratum::above, Stratum::below})
            if (to_string(s) == rows.text(4)) kept.emplace(*pair, s);
    }
    const std::uint64_t seed = identity::hash_text(tonight.secret);
    const identity::Features& f = tonight.engine->features();
    using Ranked = std::pair<std::uint64_t, SampledPair>;
    auto by_rank = [](const Ranked& x, const Ranked& y) { return x.first < y.first; };
    std::array<std::vector<Ranked>, std::size_t(Stratum::count)> smallest;  // heaps, the largest on top
    for (const identity::Edge& e : tonight.engine->edges()) {
        const auto [a, b] = std::minmax({tonight.engine->position(e.a), tonight.engine->position(e.b)});
        const std::uint32_t x = tonight.cluster[a], y = tonight.cluster[b];
        if (!parted.empty() && parted.contains(std::minmax({x, y}))) continue;
        const auto word = said.find({a, b});
        const auto before = kept.find({a, b});
        if (word != said.end() && before == kept.end())
            continue;  // a person settled it; it is no work of the model
        const Stratum stratum = before != kept.end()                                       ? before->second
                                : x == y                                                   ? Stratum::joined
                                : e.weight >= tonight.engine->settings().thresholds.review ? Stratum::above
                                                                                           : Stratum::below;
        SampledPair pair{a, b, stratum, e.weight, {}};
        if (word != said.end()) pair.same = word->second;
        const auto s = static_cast<std::size_t>(stratum);
        ++out.pairs[s];
        const std::uint64_t rank =
            identity::mix(seed ^ identity::mix(f.order[e.a] ^ (f.order[e.b] * 0x9e3779b97f4a7c15u)));
        auto& heap = smallest[s];
        if (heap.size() == sampled_each && rank >= heap.front().first) continue;
        heap.emplace_back(rank, pair);
        std::push_heap(heap.begin(), heap.end(), by_rank);
        if (heap.size() > sampled_each) {
            std::pop_heap(heap.begin(), heap.end(), by_rank);
            heap.pop_back();
        }
    }
    for (auto& heap : smallest)
        for (const Ranked& ranked : heap) out.drawn.push_back(ranked.second);
    std::sort(out.drawn.begin(), out.drawn.end(), [](const SampledPair& x, const SampledPair& y) {
        return std::pair(x.a, x.b) < std::pair(y.a, y.b);
    });
    return out;
}

Result<std::vector<identity::LabelledPair>> read_labels(duck::Connection& store, const Tonight& tonight) {
    // the ids of sampled pairs start with an S (review/cases.cpp)
    SENDHUB_ASSIGN(duck::Rows decided, store.query("select distinct decision_id from match_decision where "
                                                   "starts_with(case_id, 'S') and state = 'active'"));
    std::set<std::int64_t> of_sample;
    while (decided.next()) of_sample.insert(decided.integer(0));
    std::set<Pair> asked;
    for (const SpokenDecision& d : tonight.decisions.active)
        if (of_sample.contains(d.id)) asked.insert({d.a, d.b});
    const auto said = spoken(tonight);
    std::map<std::string, std::map<Pair, bool>, std::less<>> of_stratum;
    SENDHUB_ASSIGN(
        duck::Rows rows,
        store.query("select stratum, feed_a, person_ref_a, feed_b, person_ref_b from match_sample"));
    while (rows.next()) {
        const auto pair = tonight.records.pair_at(rows, 1);
        if (!pair || !asked.contains(*pair)) continue;
        if (const auto word = said.find(*pair); word != said.end())
            of_stratum[std::string(rows.text(0))].emplace(*pair, word->second);
    }
    std::vector<identity::LabelledPair> out;
    SENDHUB_ASSIGN(duck::Rows sizes,
                   store.query("select item, counted from match_figure where topic = 'pairs' order by item"));
    while (sizes.next()) {
        const auto stratum = of_stratum.find(sizes.text(0));
        if (stratum == of_stratum.end()) continue;
        const double pairs =
            static_cast<double>(sizes.integer(1)) / static_cast<double>(stratum->second.size());
        for (const auto& [pair, same] : stratum->second)
            out.push_back({pair.first, pair.second, same, std::max(1.0, pairs)});
    }
    return out;
}

Status write_sample(duck::Connection& store, const Tonight& tonight, const Sample& sample) {
    SENDHUB_TRY(store.run("create or replace temp table new_sample as select * from match_sample limit 0"));
    {
        SENDHUB_ASSIGN(duck::Appender appender, duck::Appender::open(store, "new_sample"));
        const PersonRecords& records = tonight.records;
        for (const SampledPair& p : sample.drawn) {
            appender.add(std::string_view(records.feed[p.a]))
                .add(std::string_view(records.person_ref[p.a]))
                .add(std::string_view(records.feed[p.b]))
                .add(std::string_view(records.person_ref[p.b]))
                .add(to_string(p.stratum))
                .add(p.weight)
                .add(duck::Timestamp{tonight.now})
                .add(std::string_view(tonight.run_id));
            SENDHUB_TRY(appender.end_row());
        }
        SENDHUB_TRY(appender.flush());
    }
    // a pair that stays in the sample keeps the night it was drawn in
    constexpr std::string_view same =
        "s.feed_a = n.feed_a and s.person_ref_a = n.person_ref_a and s.feed_b = n.feed_b and s.person_ref_b "
        "= "
        "n.person_ref_b and s.stratum = n.stratum and s.weight = n.weight";
    SENDHUB_TRY(store.run("delete from match_sample s where not exists (select 1 from new_sample n where " +
                          std::string(same) + ")"));
    return store.run(
        "insert into match_sample select * from new_sample n where not exists (select 1 from match_sample s "
        "where " +
        std::string(same) + ")");
}

Quality from_tally(const Sample& sample, const Tally& tally) {
    Quality out;
    constexpr auto joined = std::size_t(Stratum::joined);
    out.reviewed = tally.reviewed[joined];
    if (tally.reviewed[joined] < fewest_reviewed) return out;
    out.precision = wilson(tally.same[joined], tally.reviewed[joined]);
    // pairs of each stratum that belong to what is counted, by the share of the sample
    double found[3] = {0, 0, 0}, missed[3] = {0, 0, 0};  // likely, least, most
    for (std::size_t s = 0; s < std::size_t(Stratum::count); ++s) {
        double all = 0, in_sample = 0;
        all = static_cast<double>(sample.pairs[s]);
        for (const SampledPair& p : sample.drawn) in_sample += std::size_t(p.stratum) == s;
        if (in_sample == 0) continue;
        const double pairs = all * static_cast<double>(tally.drawn[s]) / in_sample;
        if (pairs > 0 && tally.reviewed[s] < std::min<std::uint64_t>(fewest_reviewed, tally.drawn[s]))
            return out;
        const Interval share = wilson(tally.same[s], tally.reviewed[s]);
        double* side = s == joined ? found : missed;
        side[0] += pairs * share.share;
        side[1] += pairs * share.low;
        side[2] += pairs * share.high;
    }
    auto part = [](double a, double b) { return a + b > 0 ? a / (a + b) : 0; };
    out.recall = Interval{part(found[0], missed[0]), part(found[1], missed[2]), part(found[2], missed[1])};
    return out;
}

}  // namespace sendhub::match
