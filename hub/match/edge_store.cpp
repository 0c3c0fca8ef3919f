#include "hub/match/edge_store.hpp"

#include <algorithm>
#include <set>

#include "base/files.hpp"
#include "identity/engine/hash.hpp"

namespace sendhub::match {
namespace {

// Standardising, comparing or weighing changed: pairs that an earlier sendhub scored are scored anew.
constexpr std::string_view engine_generation = "4";

Result<std::string> info(duck::Connection& store, std::string_view name) {
    SENDHUB_ASSIGN(duck::Rows rows, store.query("select value from store_info where name = ?", {name}));
    return rows.next() ? std::string(rows.text(0)) : std::string();
}
Status set_info(duck::Connection& store, std::string_view name, std::string_view value) {
    SENDHUB_TRY(store.run("delete from store_info where name = ?", {name}));
    return store.run("insert into store_info values (?, ?)", {name, value});
}

// Bit by bit, which former UPNs of the record weigh nothing tonight (of the others the engine's fingerprint
// says it).
std::uint64_t polluted_former_upns(const identity::Features& f, const identity::Row& row) {
    std::uint64_t bits = 0;
    if (const identity::More* more = f.more_of(row))
        for (const std::uint32_t former : more->former_upns)
            bits = bits << 1 | (f.upns[former].polluted ? 1u : 0u);
    return bits;
}

}  // namespace

std::string score_basis(const identity::Engine& engine,
                        const std::vector<std::string>& institutional_postcodes) {
    std::string text(engine_generation);
    text += "\nmodel " + engine.model().version + "\nkeep " +
            std::to_string(engine.settings().thresholds.keep) + "\ninstitutional";
    auto postcodes = institutional_postcodes;
    std::sort(postcodes.begin(), postcodes.end());
    for (const std::string& postcode : postcodes) text += " " + postcode;
    return sha256(text);
}

std::vector<std::string> fingerprints(const identity::Engine& engine, const PersonRecords& records) {
    std::vector<std::string> out(records.size());
    for (std::uint32_t i = 0; i < engine.size(); ++i) {
        const std::uint32_t position = engine.position(i);
        const std::uint64_t values =
            engine.fingerprint(records.table, i) ^
            polluted_former_upns(engine.features(), engine.features().rows[i]) * 0x9e3779b97f4a7c15u;
        out[position] = fingerprint_text(values, records.identity[position]);
    }
    return out;
}

std::uint64_t truncation(const identity::Engine& engine) {
    std::uint64_t lost = 0;
    for (const identity::KeyReport& key : engine.report().keys) lost += key.lost_pairs;
    return lost;
}
Result<bool> same_truncation(duck::Connection& store, const identity::Engine& engine) {
    SENDHUB_ASSIGN(const std::string last, info(store, "match_truncation"));
    return last == std::to_string(truncation(engine));
}

Result<std::optional<Yesterday>> read_yesterday(duck::Connection& store, const Tonight& tonight,
                                                std::string_view basis) {
    SENDHUB_ASSIGN(const std::string last, info(store, "match_basis"));
    if (last != basis) return std::optional<Yesterday>();
    const PersonRecords& records = tonight.records;
    Yesterday out;
    out.changed.assign(records.size(), true);
    SENDHUB_ASSIGN(duck::Rows known, store.query("select feed, person_ref, fingerprint from match_record"));
    while (known.next()) {
        const auto i = records.find(known.text(0), known.text(1));
        if (i && tonight.fingerprint[*i] == known.text(2)) out.changed[*i] = false;
    }
    // the sides of a barrier are persons: what lies between them is kept out of match_edge
    std::set<std::string_view> parted;
    for (const SpokenDecision& d : tonight.decisions.active)
        if (d.verdict == identity::Verdict::sealed) {
            parted.insert(records.person[d.a]);
            parted.insert(records.person[d.b]);
        }
    for (std::uint32_t i = 0; i < records.size(); ++i)
        if (tonight.decisions.touched.contains(i) || (!parted.empty() && parted.contains(records.person[i])))
            out.changed[i] = true;
    out.before.unchanged.assign(records.size(), false);
    for (std::uint32_t i = 0; i < records.size(); ++i) {
        out.changed_records += out.changed[i];
        out.before.unchanged[tonight.number[i]] = !out.changed[i];
    }
    SENDHUB_ASSIGN(duck::Rows edges,
                   store.query("select feed_a, person_ref_a, feed_b, person_ref_b, weight, pattern from "
                               "match_edge"));
    while (edges.next()) {
        const auto pair = records.pair_at(edges, 0);
        if (!pair || out.changed[pair->first] || out.changed[pair->second]) continue;
        const std::uint32_t x = tonight.number[pair->first], y = tonight.number[pair->second];
        out.before.edges.push_back({std::min(x, y), std::max(x, y), static_cast<float>(edges.real(4)),
                                    static_cast<std::uint64_t>(edges.integer(5))});
    }
    return std::optional<Yesterday>(std::move(out));
}

Status write_edges(duck::Connection& store, const Tonight& tonight, const Yesterday* yesterday,
                   std::string_view basis) {
    const PersonRecords& records = tonight.records;
    if (yesterday == nullptr) {
        SENDHUB_TRY(store.run("delete from match_edge"));
        SENDHUB_TRY(store.run("delete from match_record"));
    } else {
        SENDHUB_TRY(
            store.run("create or replace temp table changed_record (feed VARCHAR, person_ref VARCHAR)"));
        {
            SENDHUB_ASSIGN(duck::Appender appender, duck::Appender::open(store, "changed_record"));
            for (std::uint32_t i = 0; i < records.size(); ++i) {
                if (!yesterday->changed[i]) continue;
                appender.add(std::string_view(records.feed[i])).add(std::string_view(records.person_ref[i]));
                SENDHUB_TRY(appender.end_row());
            }
            SENDHUB_TRY(appender.flush());
        }
        SENDHUB_TRY(
            store.run("insert into changed_record select feed, person_ref from match_record r where not "
                      "exists (select 1 "
                      "from person_record p where p.feed = r.feed and p.person_ref = r.person_ref)"));
        SENDHUB_TRY(store.run(
            "delete from match_edge e where exists (select 1 from changed_record c where (c.feed = e.feed_a "
            "and c.person_ref = e.person_ref_a)) or exists (select 1 from changed_record c where (c.feed = "
            "e.feed_b and c.person_ref = e.person_ref_b))"));
        SENDHUB_TRY(store.run(
            "delete from match_record r where exists (select 1 from changed_record c where c.feed = "
            "r.feed and c.person_ref = r.person_ref)"));
    }
    // pairs of clusters that a barrier parts
    std::set<std::pair<std::uint32_t, std::uint32_t>> parted;
    for (const SpokenDecision& d : tonight.decisions.active)
        if (d.verdict == identity::Verdict::sealed)
            parted.insert(std::minmax(tonight.cluster[d.a], tonight.cluster[d.b]));
    SENDHUB_ASSIGN(duck::Appender appender, duck::Appender::open(store, "match_edge"));
    for (const identity::Edge& e : tonight.engine->edges()) {
        std::uint32_t a = tonight.engine->position(e.a), b = tonight.engine->position(e.b);
        if (yesterday != nullptr && !yesterday->changed[a] && !yesterday->changed[b]) continue;
        if (!parted.empty() && parted.contains(std::minmax(tonight.cluster[a], tonight.cluster[b]))) continue;
        if (b < a) std::swap(a, b);  // records stand in the order of (feed, person_ref)
        appender.add(std::string_view(records.feed[a]))
            .add(std::string_view(records.person_ref[a]))
            .add(std::string_view(records.feed[b]))
            .add(std::string_view(records.person_ref[b]))
            .add(static_cast<double>(e.weight))
            .add(static_cast<std::int64_t>(e.pattern))
            .add(std::string_view(tonight.model()));
        SENDHUB_TRY(appender.end_row());
    }
    SENDHUB_TRY(appender.flush());
    SENDHUB_ASSIGN(duck::Appender known, duck::Appender::open(store, "match_record"));
    for (std::uint32_t i = 0; i < records.size(); ++i) {
        if (yesterday != nullptr && !yesterday->changed[i]) continue;
        known.add(std::string_view(records.feed[i]))
            .add(std::string_view(records.person_ref[i]))
            .add(std::string_view(tonight.fingerprint[i]));
        SENDHUB_TRY(known.end_row());
    }
    SENDHUB_TRY(known.flush());
    SENDHUB_TRY(set_info(store, "match_basis", basis));
    return set_info(store, "match_truncation", std::to_string(truncation(*tonight.engine)));
}

}  // namespace sendhub::match
