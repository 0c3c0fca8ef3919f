#include <algorithm>
#include <map>

#include "hub/match/people_store.hpp"
#include "identity/engine/engine.hpp"

namespace sendhub::match {
namespace {

// In plain words, what speaks strongest for the pair: "UPN: equal".
std::string strongest_step(const identity::Engine& engine, std::uint64_t pattern) {
    std::size_t best = 0;
    double most = 0;
    const auto& comparisons = engine.plan().comparisons;
    for (std::size_t c = 0; c < comparisons.size(); ++c) {
        const double bits = engine.model().bits(c, identity::level_of(pattern, c));
        if (bits > most) most = bits, best = c;
    }
    if (most == 0) return "nothing by itself";
    return comparisons[best].name + ": " +
           std::string(comparisons[best].levels[identity::level_of(pattern, best)].label);
}

// The best pair of each record inside its cluster.
std::vector<const identity::Edge*> best_edges(const Tonight& tonight) {
    std::vector<const identity::Edge*> out(tonight.records.size());
    for (const identity::Edge& e : tonight.engine->edges()) {
        const std::uint32_t a = tonight.engine->position(e.a), b = tonight.engine->position(e.b);
        if (tonight.cluster[a] != tonight.cluster[b]) continue;
        for (const std::uint32_t i : {a, b})
            if (out[i] == nullptr || e.weight > out[i]->weight) out[i] = &e;
    }
    return out;
}

// Clusters that hold two identifiers which should not meet: people joined them, or they came later.
std::vector<bool> needs_attention(const Tonight& tonight) {
    const identity::Features& f = tonight.engine->features();
    std::vector<bool> out(tonight.records.size());
    const auto members = tonight.members();
    auto proves = [](const identity::IdEntry& e) {
        return e.quality == identity::IdQuality::valid && !e.polluted;
    };
    for (std::uint32_t c = 0; c < members.size(); ++c) {
        if (members[c].size() < 2) continue;
        std::vector<std::uint32_t> upns, former, nhs;
        for (const std::uint32_t i : members[c]) {
            const identity::Row& row = f.rows[tonight.number[i]];
            if (row.upn != 0 && proves(f.upns[row.upn])) upns.push_back(row.upn);
            if (row.nhs != 0 && proves(f.nhs[row.nhs]) && (row.flags & identity::Flags::nhs_verified))
                nhs.push_back(row.nhs);
            if (const identity::More* more = f.more_of(row))
                former.insert(former.end(), more->former_upns.begin(), more->former_upns.end());
        }
        auto distinct = [](std::vector<std::uint32_t>& list) {
            std::sort(list.begin(), list.end());
            list.erase(std::unique(list.begin(), list.end()), list.end());
            return list.size();
        };
        std::erase_if(upns, [&](std::uint32_t upn) {
            return std::find(former.begin(), former.end(), upn) != former.end();
        });
        out[c] = distinct(upns) > 1 || distinct(nhs) > 1;
    }
    return out;
}

// What ties a record to its person by its best pair.
identity::Method method_of(const identity::Engine& engine, const identity::Edge* best, bool spoken) {
    if (best == nullptr) return identity::Method::none;
    if (spoken) return identity::Method::manual;
    return identifier_agrees(engine.plan(), best->pattern) ? identity::Method::exact
                                                           : identity::Method::probabilistic;
}

constexpr std::string_view method_name(identity::Method method) {
    return method == identity::Method::exact           ? "exact"
           : method == identity::Method::probabilistic ? "probabilistic"
           : method == identity::Method::manual        ? "manual"
                                                       : "none";
}

}  // namespace

Status write_links(duck::Connection& store, const Tonight& tonight) {
    const PersonRecords& records = tonight.records;
    const std::vector<const identity::Edge*> best = best_edges(tonight);
    const std::vector<bool> attention = needs_attention(tonight);
    const double automatic = tonight.engine->settings().thresholds.automatic;
    std::map<std::pair<std::uint32_t, std::uint32_t>, const SpokenDecision*> spoken;
    std::map<std::uint32_t, const SpokenDecision*> spoken_of;  // by record
    for (const SpokenDecision& d : tonight.decisions.active)
        if (d.verdict == identity::Verdict::same && tonight.cluster[d.a] == tonight.cluster[d.b])
            spoken[{d.a, d.b}] = spoken_of[d.a] = spoken_of[d.b] = &d;
    SENDHUB_TRY(store.run(
        "create or replace temp table new_link (feed VARCHAR, person_ref VARCHAR, person_key "
        "VARCHAR, match_method VARCHAR, match_rule VARCHAR, match_score DOUBLE, link_state VARCHAR, "
        "reviewed_by VARCHAR, reviewed_at TIMESTAMPTZ)"));
    {
        SENDHUB_ASSIGN(duck::Appender appender, duck::Appender::open(store, "new_link"));
        for (std::uint32_t i = 0; i < records.size(); ++i) {
            const SpokenDecision* by = nullptr;
            if (best[i] != nullptr) {
                const std::uint32_t a = tonight.engine->position(best[i]->a),
                                    b = tonight.engine->position(best[i]->b);
                if (const auto it = spoken.find(std::minmax({a, b})); it != spoken.end()) by = it->second;
                if (const auto it = spoken_of.find(i); it != spoken_of.end() && best[i]->weight < automatic)
                    by = it->second;
            }
            const identity::Method method = method_of(*tonight.engine, best[i], by != nullptr);
            appender.add(std::string_view(records.feed[i]))
                .add(std::string_view(records.person_ref[i]))
                .add(std::string_view(tonight.assigned.person[i]))
                .add(method_name(method));
            std::string rule;
            if (best[i] == nullptr) {
                appender.add(duck::Null{}).add(duck::Null{});
            } else {
                rule = method == identity::Method::manual ? "a person said so"
                                                          : strongest_step(*tonight.engine, best[i]->pattern);
                // by its weight alone it would wait for a person
                if (method != identity::Method::manual && best[i]->weight < automatic)
                    rule += "; no source knows a second child";
                appender.add(std::string_view(rule))
                    .add(method == identity::Method::manual ? 1.0 : tonight.engine->calibrated(*best[i]));
            }
            appender.add(attention[tonight.cluster[i]]        ? std::string_view("needs_attention")
                         : method == identity::Method::manual ? std::string_view("reviewed")
                                                              : std::string_view("auto"));
            if (by != nullptr)
                appender.add(std::string_view(by->by)).add(duck::Timestamp{by->at});
            else
                appender.add(duck::Null{}).add(duck::Null{});
            SENDHUB_TRY(appender.end_row());
        }
        SENDHUB_TRY(appender.flush());
    }
    SENDHUB_TRY(store.run(
        "delete from person_link l where not exists (select 1 from new_link n where n.feed = l.feed and "
        "n.person_ref = l.person_ref and n.person_key = l.person_key and n.match_method = l.match_method and "
        "n.match_rule is not distinct from l.match_rule and cast(n.match_score as decimal(6, 4)) is not "
        "distinct from l.match_score and n.link_state = l.link_state and n.reviewed_by is not distinct from "
        "l.reviewed_by and n.reviewed_at is not distinct from l.reviewed_at)"));
    return store.run(
        "insert into person_link (feed, person_ref, person_key, match_method, match_rule, match_score, "
        "link_state, reviewed_by, reviewed_at, linked_at, run_id) "
        "select feed, person_ref, person_key, match_method, match_rule, cast(match_score as decimal(6, 4)), "
        "link_state, reviewed_by, reviewed_at, ?::timestamptz, ?::varchar from new_link n "
        "where not exists (select 1 from person_link l where l.feed = n.feed and l.person_ref = "
        "n.person_ref)",
        {duck::Timestamp{tonight.now}, std::string_view(tonight.run_id)});
}

}  // namespace sendhub::match
