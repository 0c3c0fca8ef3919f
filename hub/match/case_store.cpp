#include "hub/match/case_store.hpp"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "hub/match/record_hash.hpp"
#include "identity/engine/explain.hpp"

namespace sendhub::match {
namespace {

// Records of children that a safeguarding service has open: their cases come first.
Result<std::unordered_set<std::string>> safeguarded_persons(duck::Connection& store, const Tonight& tonight) {
    SENDHUB_ASSIGN(
        duck::Rows rows,
        store.query(
            "select feed, person_ref from cme_case where status = 'open' or "
            "reported_social_care_status is not null union select feed, person_ref from yj_intervention "
            "where end_date is null union select feed, person_ref from ehe_episode where "
            "reported_social_care_status is not null union select feed, person_ref from move where "
            "reported_social_care_status is not null"));
    std::unordered_set<std::string> out;
    while (rows.next())
        if (const auto i = tonight.records.find(rows.text(0), rows.text(1)))
            out.insert(tonight.assigned.person[*i]);
    return out;
}

struct OpenCase {
    std::uint32_t a, b;  // places in the table, a < b
    float weight;
    std::string reason, veto;
};

// The engine's cases, and the pairs whose decision no longer holds.
std::vector<OpenCase> open_cases(const Tonight& tonight) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, OpenCase> out;
    const identity::Engine& engine = *tonight.engine;
    for (const identity::Case& c : tonight.clusters.cases) {
        const auto [a, b] = std::minmax({engine.position(c.a), engine.position(c.b)});
        out.emplace(std::pair(a, b),
                    OpenCase{a, b, c.weight, std::string(to_string(c.reason)),
                             c.veto == identity::Veto::none ? "" : std::string(to_string(c.veto))});
    }
    std::map<std::pair<std::uint32_t, std::uint32_t>, bool> parted;
    for (const SpokenDecision& d : tonight.decisions.active)
        if (d.verdict == identity::Verdict::sealed)
            parted[std::minmax({tonight.cluster[d.a], tonight.cluster[d.b]})] = true;
    identity::Scorer scorer(engine.features(), engine.plan(), engine.model());
    for (const SpokenDecision& d : tonight.decisions.expired) {
        const bool together = tonight.cluster[d.a] == tonight.cluster[d.b];
        if (together || parted.contains(std::minmax({tonight.cluster[d.a], tonight.cluster[d.b]}))) continue;
        const auto [x, y] = std::minmax({tonight.number[d.a], tonight.number[d.b]});
        const std::uint64_t pattern = scorer.comparer().pattern(x, y);
        const double weight = scorer.weight(x, y, pattern);
        out.insert_or_assign(
            std::pair(d.a, d.b),
            OpenCase{d.a, d.b, static_cast<float>(weight),
                     "an identifier or a birth date has changed since a person said " +
                         std::string(d.verdict == identity::Verdict::same ? "same" : "different"),
                     ""});
    }
    std::vector<OpenCase> list;
    for (auto& [pair, c] : out) list.push_back(std::move(c));
    return list;
}

}  // namespace

Result<std::uint64_t> write_cases(duck::Connection& store, const Tonight& tonight) {
    SENDHUB_ASSIGN(const auto safeguarded, safeguarded_persons(store, tonight));
    const std::vector<OpenCase> cases = open_cases(tonight);
    const PersonRecords& records = tonight.records;
    std::vector<std::int64_t> size(records.size());
    for (const std::uint32_t c : tonight.cluster) ++size[c];
    SENDHUB_TRY(
        store.run("create or replace temp table old_case as select case_id, min(found_at) as found_at "
                  "from match_case group by case_id"));
    SENDHUB_TRY(store.run("delete from match_case"));
    {
        SENDHUB_ASSIGN(duck::Appender appender, duck::Appender::open(store, "match_case"));
        for (const OpenCase& c : cases) {
            const identity::Explanation why =
                explain(*tonight.engine, records.table, tonight.number[c.a], tonight.number[c.b]);
            const std::string id = case_id(tonight.secret, tonight.token[c.a], tonight.token[c.b]),
                              text = to_json(why);
            const std::string &person_a = tonight.assigned.person[c.a],
                              &person_b = tonight.assigned.person[c.b];
            std::int64_t affected = size[tonight.cluster[c.a]];
            if (tonight.cluster[c.a] != tonight.cluster[c.b]) affected += size[tonight.cluster[c.b]];
            const double harm = why.p_calibrated * (1 - why.p_calibrated) * static_cast<double>(affected) +
                                (safeguarded.contains(person_a) || safeguarded.contains(person_b) ? 1 : 0);
            appender.add(std::string_view(id))
                .add(std::string_view(person_a))
                .add(std::string_view(person_b));
            appender.add(std::string_view(records.feed[c.a]))
                .add(std::string_view(records.person_ref[c.a]))
                .add(std::string_view(records.feed[c.b]))
                .add(std::string_view(records.person_ref[c.b]));
            appender.add(static_cast<double>(c.weight)).add(why.p_calibrated).add(std::string_view(c.reason));
            if (c.veto.empty())
                appender.add(duck::Null{});
            else
                appender.add(std::string_view(c.veto));
            appender.add(affected)
                .add(harm)
                .add(std::string_view(text))
                .add(duck::Timestamp{tonight.now})
                .add(std::string_view(tonight.run_id));
            SENDHUB_TRY(appender.end_row());
        }
        SENDHUB_TRY(appender.flush());
    }
    SENDHUB_TRY(
        store.run("update match_case set found_at = o.found_at from old_case o where o.case_id = "
                  "match_case.case_id"));
    const auto sealed = tonight.sealed();
    return static_cast<std::uint64_t>(std::ranges::count_if(cases, [&](const OpenCase& c) {
        return !sealed.contains(tonight.cluster[c.a]) && !sealed.contains(tonight.cluster[c.b]);
    }));
}

}  // namespace sendhub::match
