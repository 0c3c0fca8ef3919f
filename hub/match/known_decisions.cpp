#include "hub/match/known_decisions.hpp"

#include <map>
#include <set>
#include <tuple>

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

// What takes the place of a sealed record that is gone: the records that were of one person with it last
// night, and, on any later night, those of that birth date with a number that it had. (A school writes
// another key for a child that has moved there.) Without a number, those that came to its feed when it had
// gone and agree with what it said last in name, birth date and an address (ZZ99 is none).
constexpr std::string_view followed_sql = R"sql(
with sealed as (
    select decision_id, coalesce(follows, decision_id) as origin, feed_a, person_ref_a, feed_b, person_ref_b
    from match_decision where verdict = 'sealed' and state = 'active'
), gone as (
    select feed, person_ref from (select feed_a as feed, person_ref_a as person_ref from sealed
                                  union select feed_b, person_ref_b from sealed) side
    where not exists (select 1 from person_record p where p.feed = side.feed and p.person_ref = side.person_ref)
), last_said as (
    select h.feed, h.person_ref, lower(h.forename) as forename, lower(h.surname) as surname, h.birth_date,
        h.valid_to as gone_at
    from person_record_history h join gone g on g.feed = h.feed and g.person_ref = h.person_ref
    qualify row_number() over (partition by h.feed, h.person_ref order by h.valid_to desc, h.valid_from desc) = 1
), lived as (
    select feed, person_ref, postcode, uprn from address
    union all select feed, person_ref, postcode, uprn from address_history
), alike as (
    select o.feed, o.person_ref, n.person_ref as new_ref
    from last_said o join person_record n on n.feed = o.feed and lower(n.forename) = o.forename
        and lower(n.surname) = o.surname and n.birth_date = o.birth_date and n.valid_from >= o.gone_at
    anti join person_record_history e on e.feed = n.feed and e.person_ref = n.person_ref and e.valid_from < o.gone_at
    join address a on a.feed = n.feed and a.person_ref = n.person_ref
    join lived l on l.feed = o.feed and l.person_ref = o.person_ref
        and (l.uprn = a.uprn or (l.postcode = a.postcode and not starts_with(a.postcode, 'ZZ99')))
), place as (
    select g.feed, g.person_ref, m.feed as new_feed, m.person_ref as new_ref, false as alike
    from gone g join person_link l on l.feed = g.feed and l.person_ref = g.person_ref
    join person_link m on m.person_key = l.person_key
    union
    select g.feed, g.person_ref, i.feed, i.person_ref, false
    from gone g join person_identifier_history h on h.feed = g.feed and h.person_ref = g.person_ref
    join person_identifier i on i.id_type = h.id_type and i.id_value = h.id_value
    join person_record_history o on o.feed = g.feed and o.person_ref = g.person_ref
    join person_record n on n.feed = i.feed and n.person_ref = i.person_ref and n.birth_date = o.birth_date
    where h.id_type in ('UPN', 'NHS_NUMBER', 'ULN')
    union
    select feed, person_ref, feed, new_ref, true from alike
    union
    select feed_a, person_ref_a, feed_a, person_ref_a, false from sealed
    union
    select feed_b, person_ref_b, feed_b, person_ref_b, false from sealed
)
select distinct s.decision_id, a.new_feed, a.new_ref, b.new_feed, b.new_ref, s.origin, a.alike or b.alike as alike_now
from sealed s join place a on a.feed = s.feed_a and a.person_ref = s.person_ref_a
join place b on b.feed = s.feed_b and b.person_ref = s.person_ref_b
-- what was undone of a likeness stays undone
where not exists (select 1 from match_decision t where t.verdict = 'sealed'
    and coalesce(t.follows, t.decision_id) = s.origin
    and (a.alike or b.alike or (t.decision_id = s.decision_id and t.state = 'active'))
    and ((t.feed_a = a.new_feed and t.person_ref_a = a.new_ref and t.feed_b = b.new_feed and t.person_ref_b = b.new_ref)
      or (t.feed_a = b.new_feed and t.person_ref_a = b.new_ref and t.feed_b = a.new_feed and t.person_ref_b = a.new_ref)))
-- of a person that held both sides last night nobody knows which record is of which
and not exists (select 1 from person_link x join person_link y on y.person_key = x.person_key
    where x.feed = a.new_feed and x.person_ref = a.new_ref and y.feed = b.new_feed and y.person_ref = b.new_ref)
order by alike_now, s.decision_id, a.new_feed, a.new_ref, b.new_feed, b.new_ref)sql";

Followed followed_at(const duck::Rows& rows) {
    Followed one{rows.integer(0),           rows.integer(5),           rows.boolean(6),
                 std::string(rows.text(1)), std::string(rows.text(2)), std::string(rows.text(3)),
                 std::string(rows.text(4))};
    if (std::tie(one.feed_b, one.person_ref_b) < std::tie(one.feed_a, one.person_ref_a)) {
        std::swap(one.feed_a, one.feed_b);
        std::swap(one.person_ref_a, one.person_ref_b);
    }
    return one;
}

Result<std::vector<Followed>> read_followed(duck::Connection& store) {
    std::vector<Followed> out;
    SENDHUB_ASSIGN(
        const std::int64_t sealed,
        store.count("select count(*) from match_decision where verdict = 'sealed' and state = 'active'"));
    if (sealed == 0) return out;
    SENDHUB_ASSIGN(std::int64_t last, store.count("select max(decision_id) from match_decision"));
    SENDHUB_ASSIGN(duck::Rows rows, store.query(followed_sql));
    std::set<std::tuple<std::int64_t, std::string, std::string, std::string, std::string>> known;
    std::map<std::int64_t, std::int64_t> following;  // by origin: the new sealing
    while (rows.next()) {
        Followed one = followed_at(rows);
        if (one.feed_a == one.feed_b && one.person_ref_a == one.person_ref_b) continue;
        // those that a number or a person ties come first
        const bool is_new =
            known.emplace(one.origin, one.feed_a, one.person_ref_a, one.feed_b, one.person_ref_b).second;
        if (one.alike && !is_new) continue;
        if (one.alike) {
            const auto [id, first] = following.emplace(one.origin, last + 1);
            last += first;
            one.decision = id->second;
        }
        out.push_back(std::move(one));
    }
    return out;
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
                           verdict == "same"     ? identity::Verdict::same
                           : verdict == "sealed" ? identity::Verdict::sealed
                                                 : identity::Verdict::different,
                           std::string(rows.text(7)),
                           rows.is_null(8) ? 0 : rows.timestamp(8).micros};
        if (one.verdict != identity::Verdict::different) out.touched.insert({one.a, one.b});
        const std::pair pair(one.a, one.b);
        if (state == "undone") {
            lapsed.erase(pair);
        } else if (state == "expired") {
            lapsed[pair] = std::move(one);
        } else if (one.verdict != identity::Verdict::sealed &&
                   (outdated(rows.text(9), records.identity[*a]) ||
                    outdated(rows.text(10), records.identity[*b]))) {
            out.expired_now.push_back(one.id);
            lapsed[pair] = std::move(one);
        } else {
            lapsed.erase(pair);
            out.active.push_back(std::move(one));
        }
    }
    for (auto& [pair, one] : lapsed) out.expired.push_back(std::move(one));
    SENDHUB_ASSIGN(out.followed, read_followed(store));
    for (const Followed& f : out.followed) {
        const auto a = records.find(f.feed_a, f.person_ref_a), b = records.find(f.feed_b, f.person_ref_b);
        if (!a || !b) continue;
        out.active.push_back(
            {f.decision, std::min(*a, *b), std::max(*a, *b), identity::Verdict::sealed, "", 0});
        out.touched.insert({*a, *b});
    }
    return out;
}

std::vector<identity::Decision> SpokenDecisions::for_engine() const {
    std::vector<identity::Decision> out;
    for (const SpokenDecision& d : expired)
        if (d.verdict == identity::Verdict::different)
            out.push_back({d.a, d.b, identity::Verdict::different});
    // the newest word on a pair first: the engine keeps the first one, but for a barrier
    for (auto d = active.rbegin(); d != active.rend(); ++d) out.push_back({d->a, d->b, d->verdict});
    return out;
}

Status write_followed(duck::Connection& store, const SpokenDecisions& decisions) {
    for (const Followed& f : decisions.followed)
        SENDHUB_TRY(store.run(
            "insert into match_decision by name select * replace (? as decision_id, "
            "? as feed_a, ? as person_ref_a, ? as feed_b, ? as person_ref_b, null as "
            "fingerprint_a, null as fingerprint_b, if(?, ?, follows) as follows, if(?, 'follows sealing ' || "
            "?, reason) as reason) from match_decision where decision_id = ? and verdict = 'sealed' "
            "limit 1",
            {f.decision, std::string_view(f.feed_a), std::string_view(f.person_ref_a),
             std::string_view(f.feed_b), std::string_view(f.person_ref_b), f.alike, f.origin, f.alike,
             f.origin, f.alike ? f.origin : f.decision}));
    return {};
}

Status write_expired(duck::Connection& store, const SpokenDecisions& decisions) {
    for (const std::int64_t id : decisions.expired_now)
        SENDHUB_TRY(store.run("update match_decision set state = 'expired' where decision_id = ?", {id}));
    return {};
}

}  // namespace sendhub::match
