#include "hub/match/task_store.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

namespace sendhub::match {
namespace {

using Pair = std::pair<std::uint32_t, std::uint32_t>;  // the smaller first

// What ties two clusters that a barrier parts: a number that both have before any likeness, then the weight.
struct Tie {
    std::uint32_t a, b;  // places in the table, a < b
    bool by_number;
    float weight;
    std::uint64_t pattern;
    [[nodiscard]] bool stronger_than(const Tie& other) const {
        return std::tuple(by_number, weight, other.a, other.b) >
               std::tuple(other.by_number, other.weight, a, b);
    }
};

// By the two clusters. The pairs that the decisions themselves stand between are no candidates of the engine,
// so they are weighed here; those of records that came to a side later it has found by itself.
std::map<Pair, Tie> ties(const Tonight& tonight) {
    const Engine& engine = *tonight.engine;
    std::map<Pair, Tie> out;
    const auto add = [&](std::uint32_t a, std::uint32_t b, float weight, std::uint64_t pattern) {
        const Pair clusters = std::minmax({tonight.cluster[a], tonight.cluster[b]});
        if (weight < engine.settings().thresholds.review || clusters.first == clusters.second) return;
        const Tie tie{std::min(a, b), std::max(a, b), identifier_agrees(engine.plan(), pattern), weight,
                      pattern};
        const auto [known, is_new] = out.try_emplace(clusters, tie);
        if (!is_new && tie.stronger_than(known->second)) known->second = tie;
    };
    Scorer scorer(engine.features(), engine.plan(), engine.model());
    for (const SpokenDecision& d : tonight.decisions.active) {
        if (d.verdict != Verdict::sealed) continue;
        const auto [x, y] = std::minmax({tonight.number[d.a], tonight.number[d.b]});
        const std::uint64_t pattern = scorer.comparer().pattern(x, y);
        add(d.a, d.b, static_cast<float>(scorer.weight(x, y, pattern)), pattern);
    }
    for (const Case& c : tonight.clusters.restricted)
        add(engine.position(c.a), engine.position(c.b), c.weight, c.pattern);
    return out;
}

// "name, birth date, UPN": what speaks for the pair, by its field.
std::string agreeing_fields(const Engine& engine, std::uint64_t pattern) {
    std::string out;
    const auto& comparisons = engine.plan().comparisons;
    for (std::size_t c = 0; c < comparisons.size(); ++c)
        if (engine.model().bits(c, level_of(pattern, c)) > 0)
            out += (out.empty() ? "" : ", ") + comparisons[c].name;
    return out;
}

struct Task {
    std::int64_t decision;
    std::optional<std::uint32_t> named;  // the record on the side that is named
    std::uint32_t a, b;
    const Tie* tie;
};

std::vector<Task> tasks(const Tonight& tonight, const std::map<Pair, Tie>& ties) {
    std::map<Pair, std::set<std::int64_t>> parted;  // and by which decisions
    for (const SpokenDecision& d : tonight.decisions.active)
        if (d.verdict == Verdict::sealed)
            parted[std::minmax({tonight.cluster[d.a], tonight.cluster[d.b]})].insert(d.id);
    // Sides in the order of their ids, which stay: every night names the same one.
    const auto person = [&](std::uint32_t i) -> const std::string& { return tonight.assigned.person[i]; };
    std::vector<Task> out;
    for (const auto& [clusters, tie] : ties)
        if (const auto by = parted.find(clusters); by != parted.end())
            for (const std::int64_t decision : by->second) {
                Task task{decision, {}, tie.a, tie.b, &tie};
                if (person(task.b) < person(task.a)) std::swap(task.a, task.b);
                out.push_back(task);
            }
    std::ranges::sort(out, {},
                      [&](const Task& t) { return std::tuple(t.decision, person(t.a), person(t.b)); });
    std::set<std::uint32_t> named;  // clusters: no list leads to both sides
    for (Task& task : out)
        for (const std::uint32_t i : {task.a, task.b}) {
            const std::uint32_t cluster = tonight.cluster[i];
            if (std::ranges::any_of(named, [&](std::uint32_t other) {
                    return parted.contains(std::minmax({cluster, other}));
                }))
                continue;
            named.insert(cluster);
            task.named = i;
            break;
        }
    return out;
}

}  // namespace

Status write_tasks(duck::Connection& store, const Tonight& tonight) {
    SENDHUB_TRY(
        store.run("create or replace temp table old_task as select decision_id, feed, other_feed, "
                  "min(found_at) as found_at from sealed_task group by all"));
    SENDHUB_TRY(store.run("delete from sealed_task"));
    const std::map<Pair, Tie> found = ties(tonight);
    {
        SENDHUB_ASSIGN(duck::Appender appender, duck::Appender::open(store, "sealed_task"));
        for (const Task& task : tasks(tonight, found)) {
            const std::uint32_t side = task.named.value_or(task.a), other = side == task.a ? task.b : task.a;
            const std::string fields = agreeing_fields(*tonight.engine, task.tie->pattern);
            appender.add(task.decision);
            if (task.named)
                appender.add(std::string_view(tonight.assigned.person[side]));
            else
                appender.add(duck::Null{});
            appender.add(std::string_view(tonight.records.feed[side]))
                .add(std::string_view(tonight.records.feed[other]))
                .add(std::string_view(fields))
                .add(task.tie->by_number)
                .add(duck::Timestamp{tonight.now})
                .add(std::string_view(tonight.run_id));
            SENDHUB_TRY(appender.end_row());
        }
        SENDHUB_TRY(appender.flush());
    }
    return store.run(
        "update sealed_task set found_at = o.found_at from old_task o where o.decision_id = "
        "sealed_task.decision_id and o.feed = sealed_task.feed and o.other_feed = sealed_task.other_feed");
}

}  // namespace sendhub::match
