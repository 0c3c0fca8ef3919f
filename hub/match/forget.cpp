#include "hub/match/forget.hpp"

#include "hub/match/best_row.hpp"
#include "hub/match/record_hash.hpp"

namespace sendhub::match {

Status forget_record(duck::Connection& store, const MatchSettings& settings, std::string_view feed,
                     std::string_view person_ref, std::string_view by, Micros now) {
    SENDHUB_ASSIGN(duck::Rows secret, store.query("select value from hub_secret where name = 'person_id'"));
    if (!secret.next())
        return fail(ErrorCode::bug, "the store has no secret for person ids; it was not opened by this hub");
    const std::string token = record_token(secret.text(0), feed, person_ref);
    SENDHUB_TRY(
        store.run("insert into person_event (event_id, happened_at, event_type, person_key, feed, "
                  "person_ref, reason, actor, "
                  "detail) select (select coalesce(max(event_id), 0) + 1 from (select event_id from "
                  "person_event union all "
                  "select event_id from sealed_event) every), ?, 'REMOVE', person_key, feed, person_ref, "
                  "'erased', ?, '{}' "
                  "from person_link where feed = ? and person_ref = ?",
                  {duck::Timestamp{now}, by, feed, person_ref}));
    for (const char* table : {"person_event", "sealed_event"})
        SENDHUB_TRY(store.run(
            "update " + std::string(table) + " set person_ref = ? where feed = ? and person_ref = ?",
            {std::string_view(token), feed, person_ref}));
    for (const char* table : {"person_link", "match_record", "person_pin"})
        SENDHUB_TRY(store.run("delete from " + std::string(table) + " where feed = ? and person_ref = ?",
                              {feed, person_ref}));
    for (const char* table : {"match_edge", "match_case", "match_sample"})
        SENDHUB_TRY(
            store.run("delete from " + std::string(table) +
                          " where (feed_a = ? and person_ref_a = ?) or (feed_b = ? and person_ref_b = ?)",
                      {feed, person_ref, feed, person_ref}));
    // what was decided stays decided, but says nothing of the child: reasons are free text
    for (const char* side : {"a", "b"}) {
        const std::string s(side);
        SENDHUB_TRY(store.run("update match_decision set person_ref_" + s + " = ?, fingerprint_" + s +
                                  " = null, reason = null, undo_reason = null where feed_" + s +
                                  " = ? and person_ref_" + s + " = ?",
                              {std::string_view(token), feed, person_ref}));
    }
    return write_best_rows(store, settings, "", now);
}

}  // namespace sendhub::match
