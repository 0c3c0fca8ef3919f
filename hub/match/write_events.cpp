#include <algorithm>
#include <set>
#include <unordered_map>

#include "base/json_writer.hpp"
#include "hub/match/people_store.hpp"
#include "hub/match/record_hash.hpp"

namespace sendhub::match {
namespace {

class EventWriter {
  public:
    EventWriter(duck::Connection& store, const Tonight& tonight)
        : store_(store), tonight_(tonight), members_(tonight.members()) {
        for (std::uint32_t i = 0; i < tonight_.records.size(); ++i) {
            if (!tonight_.records.person[i].empty()) before_[tonight_.records.person[i]].push_back(i);
            cluster_of_.emplace(tonight_.assigned.person[i], tonight_.cluster[i]);
        }
        for (const auto& [a, b] : tonight_.clusters.joined) {
            const std::uint32_t x = tonight_.engine->position(a), y = tonight_.engine->position(b);
            joined_[tonight_.cluster[x]].push_back({x, y, weight(a, b)});
        }
    }

    Status write() {
        SENDHUB_ASSIGN(next_, store_.count("select greatest((select coalesce(max(event_id), 0) from "
                                           "person_event), (select coalesce(max(event_id), 0) from "
                                           "sealed_event))"));
        SENDHUB_TRY(records_that_are_gone());
        {
            SENDHUB_ASSIGN(duck::Appender appender, duck::Appender::open(store_, "person_event"));
            for (const Event& event : tonight_.assigned.events)
                SENDHUB_TRY(append(appender, event, detail(event), cause(event)));
            SENDHUB_TRY(appender.flush());
        }
        SENDHUB_TRY(reviews());
        SENDHUB_TRY(aliases());
        return hide_what_a_barrier_parts();
    }

  private:
    struct Joined {
        std::uint32_t a, b;
        double bits;
    };
    struct Cause {
        std::string actor, reason;
    };
    using Parts = std::vector<std::uint32_t>;

    [[nodiscard]] double weight(std::uint32_t a, std::uint32_t b) const {
        const auto& edges = tonight_.engine->edges();
        const auto low = std::minmax(a, b);
        const auto it =
            std::lower_bound(edges.begin(), edges.end(), low, [](const identity::Edge& e, const auto& pair) {
                return std::pair(e.a, e.b) < std::pair<std::uint32_t, std::uint32_t>(pair);
            });
        return it != edges.end() && it->a == low.first && it->b == low.second ? it->weight : 0;
    }
    [[nodiscard]] const Parts& before(const std::string& id) const {
        static const Parts none;
        const auto it = before_.find(id);
        return it == before_.end() ? none : it->second;
    }
    [[nodiscard]] const Parts& after(const std::string& id) const {
        static const Parts none;
        const auto it = cluster_of_.find(id);
        return it == cluster_of_.end() ? none : members_[it->second];
    }
    [[nodiscard]] const std::vector<Joined>& joined(const std::string& id) const {
        static const std::vector<Joined> none;
        const auto cluster = cluster_of_.find(id);
        if (cluster == cluster_of_.end()) return none;
        const auto it = joined_.find(cluster->second);
        return it == joined_.end() ? none : it->second;
    }

    void list(JsonWriter& j, std::string_view name, const Parts& records) const {
        j.key(name).begin_array();
        for (const std::uint32_t i : records) j.value(tonight_.token[i]);
        j.end_array();
    }
    [[nodiscard]] std::string detail(const Event& event) const {
        JsonWriter j;
        j.begin_object();
        if (event.type == EventType::merge || event.type == EventType::split || event.type == EventType::add)
            list(j, "before", before(event.person));
        if (event.type != EventType::remove) list(j, "after", after(event.person));
        if (event.type == EventType::merge) list(j, "other_before", before(event.other));
        if (event.type == EventType::split) list(j, "other_after", after(event.other));
        if (event.type == EventType::create || event.type == EventType::merge ||
            event.type == EventType::add) {
            j.key("joined").begin_array();
            for (const Joined& pair : joined(event.person)) {
                if (event.type == EventType::add && pair.a != event.record && pair.b != event.record)
                    continue;
                if (event.type == EventType::merge && was(pair.a, event.other) == was(pair.b, event.other))
                    continue;
                j.begin_object()
                    .field("a", tonight_.token[pair.a])
                    .field("b", tonight_.token[pair.b])
                    .field("bits", pair.bits)
                    .end_object();
            }
            j.end_array();
        }
        j.end_object();
        return j.take();
    }
    [[nodiscard]] bool was(std::uint32_t record, std::string_view id) const {
        return tonight_.records.person[record] == id;
    }

    // A person's word that brought the event about, else the model.
    [[nodiscard]] Cause cause(const Event& event) const {
        auto is = [&](std::uint32_t i, const std::string& id) { return tonight_.assigned.person[i] == id; };
        for (const SpokenDecision& d : tonight_.decisions.active) {
            const bool one_merge = event.type == EventType::merge && d.verdict == identity::Verdict::same &&
                                   is(d.a, event.person) && is(d.b, event.person) &&
                                   was(d.a, event.other) != was(d.b, event.other);
            const bool one_split = event.type == EventType::split && d.verdict != identity::Verdict::same &&
                                   ((is(d.a, event.person) && is(d.b, event.other)) ||
                                    (is(d.b, event.person) && is(d.a, event.other)));
            if (one_merge || one_split) return {d.by, "decision " + std::to_string(d.id)};
        }
        return {"model " + tonight_.model(), "matching"};
    }

    Status append(duck::Appender& appender, const Event& event, const std::string& detail,
                  const Cause& cause) {
        appender.add(++next_)
            .add(duck::Timestamp{tonight_.now})
            .add(to_string(event.type))
            .add(std::string_view(event.person));
        if (event.other.empty())
            appender.add(duck::Null{});
        else
            appender.add(std::string_view(event.other));
        if (event.record == no_record)
            appender.add(duck::Null{}).add(duck::Null{});
        else
            appender.add(std::string_view(tonight_.records.feed[event.record]))
                .add(std::string_view(tonight_.records.person_ref[event.record]));
        appender.add(std::string_view(cause.reason))
            .add(std::string_view(tonight_.run_id))
            .add(std::string_view(cause.actor))
            .add(std::string_view(detail));
        return appender.end_row();
    }
    Status insert(std::string_view table, std::string_view type, std::string_view person,
                  std::string_view other, const std::string& feed, const std::string& ref,
                  const Cause& cause) {
        const std::string actor = cause.actor, reason = cause.reason;
        return store_.run("insert into " + std::string(table) +
                              " (event_id, happened_at, event_type, person_key, other_key, feed, person_ref, "
                              "reason, run_id, actor, detail) values (?, ?, ?, ?, nullif(?::varchar, ''), "
                              "nullif(?::varchar, ''), nullif(?::varchar, ''), ?, ?, ?, '{}')",
                          {++next_, duck::Timestamp{tonight_.now}, type, person, other,
                           std::string_view(feed), std::string_view(ref), std::string_view(reason),
                           std::string_view(tonight_.run_id), std::string_view(actor)});
    }

    Status records_that_are_gone() {
        SENDHUB_ASSIGN(duck::Rows rows,
                       store_.query("select l.feed, l.person_ref, l.person_key from person_link l where not "
                                    "exists (select 1 from person_record p where p.feed = l.feed and "
                                    "p.person_ref = l.person_ref) order by l.feed, l.person_ref"));
        const Cause cause{"the feed", "no longer in the feed"};
        while (rows.next())
            SENDHUB_TRY(insert("person_event", "REMOVE", std::string(rows.text(2)), "",
                               std::string(rows.text(0)), std::string(rows.text(1)), cause));
        return {};
    }

    // A decision is told once when it is first heeded, and once when it has expired.
    Status reviews() {
        bool sealed_now = false;
        std::set<std::string, std::less<>> told;
        SENDHUB_ASSIGN(duck::Rows rows, store_.query("select reason from person_event where event_type = "
                                                     "'REVIEW' union all select reason from sealed_event "
                                                     "where event_type = 'SEAL'"));
        while (rows.next()) told.emplace(rows.text(0));
        auto tell = [&](const SpokenDecision& d, const std::string& reason, std::string actor) -> Status {
            if (told.contains(reason)) return {};
            const bool sealed = d.verdict == identity::Verdict::sealed;
            sealed_now |= sealed;
            const std::string &a = tonight_.assigned.person[d.a], &b = tonight_.assigned.person[d.b];
            return insert(sealed ? "sealed_event" : "person_event", sealed ? "SEAL" : "REVIEW", a,
                          a == b ? "" : b, "", "", {std::move(actor), reason});
        };
        for (const SpokenDecision& d : tonight_.decisions.active)
            SENDHUB_TRY(tell(d,
                             "decision " + std::to_string(d.id) + ": " +
                                 (d.verdict == identity::Verdict::same        ? "same"
                                  : d.verdict == identity::Verdict::different ? "different"
                                                                              : "sealed"),
                             d.by));
        for (const SpokenDecision& d : tonight_.decisions.expired)
            SENDHUB_TRY(tell(d, "decision " + std::to_string(d.id) + ": expired", "the feed"));
        return sealed_now ? withdraw_publications() : Status();
    }
    // What was published until now may show the two sides as one person.
    Status withdraw_publications() {
        SENDHUB_TRY(store_.run("delete from store_info where name = 'withdrawn_before'"));
        return store_.run("insert into store_info values ('withdrawn_before', ?)",
                          {std::string_view(format_compact_time(tonight_.now))});
    }

    Status aliases() {
        const Assignment& assigned = tonight_.assigned;
        for (const std::string& id : assigned.revived)
            SENDHUB_TRY(store_.run("delete from person_alias where person_key = ?", {std::string_view(id)}));
        for (const auto& [id, survivor] : assigned.ended) {
            SENDHUB_TRY(store_.run("update person_alias set survivor_key = ? where survivor_key = ?",
                                   {std::string_view(survivor), std::string_view(id)}));
            SENDHUB_TRY(store_.run("insert into person_alias values (?, ?)",
                                   {std::string_view(id), std::string_view(survivor)}));
        }
        return {};
    }

    // Whatever names both sides of a barrier, tonight or in the past, is kept for role `sealed` alone: an
    // event of one person about a record of the other, or about both ids.
    Status hide_what_a_barrier_parts() {
        std::set<std::pair<std::string, std::string>> sides;
        for (const SpokenDecision& d : tonight_.decisions.active)
            if (d.verdict == identity::Verdict::sealed) {
                const std::string &a = tonight_.assigned.person[d.a], &b = tonight_.assigned.person[d.b];
                sides.insert({{a, b}, {b, a}});
            }
        for (const auto& [own, other] : sides) {
            SENDHUB_TRY(part_aliases(own, other));
            SENDHUB_TRY(move("person_key = ? and other_key = ?", own, other));
            for (const std::uint32_t i : after(other)) {
                SENDHUB_TRY(
                    move("person_key = ? and contains(coalesce(detail, ''), ?)", own, tonight_.token[i]));
                SENDHUB_TRY(move("person_key = ? and feed || ':' || person_ref = ?", own,
                                 tonight_.records.feed[i] + ":" + tonight_.records.person_ref[i]));
            }
        }
        return {};
    }
    // An id that a merge ended leads to who holds its records now, not to the other side.
    Status part_aliases(std::string_view own, std::string_view other) {
        SENDHUB_ASSIGN(const std::int64_t aliases,
                       store_.count("select count(*) from person_alias where survivor_key = ?", {own}));
        if (aliases == 0) return {};
        for (const std::uint32_t i : after(std::string(other)))
            SENDHUB_TRY(store_.run(
                "update person_alias set survivor_key = ? where survivor_key = ? and person_key in (select "
                "other_key from person_event where event_type = 'MERGE' and "
                "contains(coalesce(cast(json_extract(detail, '$.other_before') as varchar), ''), ?))",
                {other, own, std::string_view(tonight_.token[i])}));
        return {};
    }
    Status move(const std::string& condition, std::string_view first, std::string_view second) {
        SENDHUB_TRY(
            store_.run("insert into sealed_event by name select * from person_event where " + condition,
                       {first, second}));
        return store_.run("delete from person_event where " + condition, {first, second});
    }

    duck::Connection& store_;
    const Tonight& tonight_;
    std::vector<Parts> members_;
    std::unordered_map<std::string, Parts> before_;
    std::unordered_map<std::string, std::uint32_t> cluster_of_;
    std::unordered_map<std::uint32_t, std::vector<Joined>> joined_;
    std::int64_t next_ = 0;
};

}  // namespace

Status write_events(duck::Connection& store, const Tonight& tonight) {
    return EventWriter(store, tonight).write();
}

}  // namespace sendhub::match
