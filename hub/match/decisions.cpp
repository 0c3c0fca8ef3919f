#include "hub/match/decisions.hpp"

#include <map>

namespace sendhub::match {
namespace {

void append_hex(std::string& out, std::uint64_t value) {
    for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[(value >> shift) & 15];
}

// Whether the part of the fingerprint that a decision hangs on is another one now.
bool outdated(std::string_view fingerprint, std::uint64_t identity) {
    if (fingerprint.size() != 33) return false;  // none was kept: it binds for ever
    std::string now;
    append_hex(now, identity);
    return fingerprint.substr(17) != now;
}

}  // namespace

std::string fingerprint_text(std::uint64_t values, std::uint64_t identity) {
    std::string out;
    append_hex(out, values);
    out += '-';
    append_hex(out, identity);
    return out;
}

Result<SpokenDecisions> read_decisions(duck::Connection& store, const PersonRecords& records) {
    SENDHUB_ASSIGN(duck::Rows rows,
                   store.query("select decision_id, feed_a, person_ref_a, feed_b, person_ref_b, verdict, "
                               "state, coalesce(approved_by, proposed_by), coalesce(approved_at, "
                               "proposed_at), fingerprint_a, fingerprint_b from match_decision where "
                               "verdict in ('same', 'different', 'sealed') and state in ('active', 'undone', "
                               "'expired') order by decision_id"));
    SpokenDecisions out;
    std::map<std::pair<std::uint32_t, std::uint32_t>, SpokenDecision> lapsed;  // the newest word on the pair
    while (rows.next()) {
        const auto a = records.find(rows.text(1), rows.text(2)), b = records.find(rows.text(3), rows.text(4));
        if (!a || !b || *a == *b) continue;  // a record is gone; its decision waits for it
        const std::string_view verdict = rows.text(5), state = rows.text(6);
        SpokenDecision one{rows.integer(0),
                           std::min(*a, *b),
                           std::max(*a, *b),
                           verdict == "same"     ? Verdict::same
                           : verdict == "sealed" ? Verdict::sealed
                                                 : Verdict::different,
                           std::string(rows.text(7)),
                           rows.is_null(8) ? 0 : rows.timestamp(8).micros};
        if (one.verdict != Verdict::different) out.touched.insert({one.a, one.b});
        const std::pair pair(one.a, one.b);
        if (state == "undone") {
            lapsed.erase(pair);
        } else if (state == "expired") {
            lapsed[pair] = std::move(one);
        } else if (one.verdict != Verdict::sealed && (outdated(rows.text(9), records.identity[*a]) ||
                                                      outdated(rows.text(10), records.identity[*b]))) {
            out.expired_now.push_back(one.id);
            lapsed[pair] = std::move(one);
        } else {
            lapsed.erase(pair);
            out.active.push_back(std::move(one));
        }
    }
    for (auto& [pair, one] : lapsed) out.expired.push_back(std::move(one));
    return out;
}

std::vector<Decision> SpokenDecisions::for_engine() const {
    std::vector<Decision> out;
    for (const SpokenDecision& d : expired)
        if (d.verdict == Verdict::different) out.push_back({d.a, d.b, Verdict::different});
    // the newest word on a pair first: the engine keeps the first one, but for a barrier
    for (auto d = active.rbegin(); d != active.rend(); ++d) out.push_back({d->a, d->b, d->verdict});
    return out;
}

Status write_expired(duck::Connection& store, const SpokenDecisions& decisions) {
    for (const std::int64_t id : decisions.expired_now)
        SENDHUB_TRY(store.run("update match_decision set state = 'expired' where decision_id = ?", {id}));
    return {};
}

}  // namespace sendhub::match
