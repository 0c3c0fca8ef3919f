#include "hub/match/task_store.hpp"

#include <algorithm>
#include <iterator>
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
    const identity::Engine& engine = *tonight.engine;
    std::map<Pair, Tie> out;
    const auto add = [&](std::uint32_t a, std::uint32_t b, float weight, std::uint64_t pattern) {
        const Pair clusters = std::minmax({tonight.cluster[a], tonight.cluster[b]});
        if (weight < engine.settings().thresholds.review || clusters.first == clusters.second) return;
        const Tie tie{std::min(a, b), std::max(a, b), identifier_agrees(engine.plan(), pattern), weight,
                      pattern};
        const auto [known, is_new] = out.try_emplace(clusters, tie);
        if (!is_new && tie.stronger_than(known->second)) known->second = tie;
    };
    identity::Scorer scorer(engine.features(), engine.plan(), engine.model());
    for (const SpokenDecision& d : tonight.decisions.active) {
        if (d.verdict != identity::Verdict::sealed) continue;
        const auto [x, y] = std::minmax({tonight.number[d.a], tonight.number[d.b]});
        const std::uint64_t pattern = scorer.comparer().pattern(x, y);
        add(d.a, d.b, static_cast<float>(scorer.weight(x, y, pattern)), pattern);
    }
    for (const identity::Case& c : tonight.clusters.restricted)
        add(engine.position(c.a), engine.position(c.b), c.weight, c.pattern);
    return out;
}

// "name, birth date, UPN": what speaks for the pair, by its field.
std::string agreeing_fields(const identity::Engine& engine, std::uint64_t pattern) {
    std::string out;
    const auto& comparisons = engine.plan().comparisons;
    for (std::size_t c = 0; c < comparisons.size(); ++c)
        if (engine.model().bits(c, identity::level_of(pattern, c)) > 0)
            out += (out.empty() ? "" : ", ") + comparisons[c].name;
    return out;
}

struct Task {
    std::int64_t decision;
    std::optional<std::uint32_t> named;  // the record on the side that is named
    std::uint32_t a, b;                  // alike: the record that came, twice
    const Tie* tie;                      // null: alike
};

// The records that came with another key: each sealing that follows another one stands on one at least that
// the other does not stand on.
Result<std::vector<Task>> came_back(duck::Connection& store, const PersonRecords& records) {
    SENDHUB_ASSIGN(
        duck::Rows rows,
        store.query("with side as (select decision_id, follows, feed_a as feed, person_ref_a as person_ref "
                    "from match_decision where verdict = 'sealed' and state = 'active' union select "
                    "decision_id, follows, feed_b, person_ref_b from match_decision where verdict = 'sealed' "
                    "and state = 'active') select decision_id, feed, person_ref from side s where follows is "
                    "not null and not exists (select 1 from side o where o.decision_id = s.follows and "
                    "o.feed = s.feed and o.person_ref = s.person_ref) order by all"));
    std::vector<Task> out;
    while (rows.next())
        if (const auto i = records.find(rows.text(1), rows.text(2)))
            out.push_back({rows.integer(0), {}, *i, *i, nullptr});
    return out;
}

// Clusters that a barrier parts, and by which decisions.
std::map<Pair, std::set<std::int64_t>> parted_clusters(const Tonight& tonight) {
    std::map<Pair, std::set<std::int64_t>> out;
    for (const SpokenDecision& d : tonight.decisions.active)
        if (d.verdict == identity::Verdict::sealed)
            out[std::minmax({tonight.cluster[d.a], tonight.cluster[d.b]})].insert(d.id);
    return out;
}

std::vector<Task> tie_tasks(const Tonight& tonight, const std::map<Pair, Tie>& ties) {
    const auto parted = parted_clusters(tonight);
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
    return out;
}

// No list leads to both sides.
void name_sides(const Tonight& tonight, std::vector<Task>& tasks) {
    const auto parted = parted_clusters(tonight);
    std::set<std::uint32_t> named;  // clusters
    for (Task& task : tasks)
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
}

Status append_task(duck::Appender& appender, const Tonight& tonight, const Task& task) {
    const std::uint32_t side = task.named.value_or(task.a), other = side == task.a ? task.b : task.a;
    const std::string fields = task.tie ? agreeing_fields(*tonight.engine, task.tie->pattern) : "";
    appender.add(task.decision);
    if (task.named)
        appender.add(std::string_view(tonight.assigned.person[side]));
    else
        appender.add(duck::Null{});
    appender.add(std::string_view(tonight.records.feed[side]))
        .add(task.tie ? std::string_view(tonight.records.feed[other]) : std::string_view())
        .add(std::string_view(fields))
        .add(task.tie && task.tie->by_number)
        .add(duck::Timestamp{tonight.now})
        .add(std::string_view(tonight.run_id));
    return appender.end_row();
}

}  // namespace

Status write_tasks(duck::Connection& store, const Tonight& tonight) {
    SENDHUB_TRY(
        store.run("create or replace temp table old_task as select decision_id, feed, other_feed, "
                  "min(found_at) as found_at from sealed_task group by all"));
    SENDHUB_TRY(store.run("delete from sealed_task"));
    const std::map<Pair, Tie> found = ties(tonight);
    SENDHUB_ASSIGN(std::vector<Task> tasks, came_back(store, tonight.records));
    std::ranges::copy(tie_tasks(tonight, found), std::back_inserter(tasks));
    name_sides(tonight, tasks);
    {
        SENDHUB_ASSIGN(duck::Appender appender, duck::Appender::open(store, "sealed_task"));
        for (const Task& task : tasks) SENDHUB_TRY(append_task(appender, tonight, task));
        SENDHUB_TRY(appender.flush());
    }
    return store.run(
        "update sealed_task set found_at = o.found_at from old_task o where o.decision_id = "
        "sealed_task.decision_id and o.feed = sealed_task.feed and o.other_feed = sealed_task.other_feed");
}

}  // namespace sendhub::match
