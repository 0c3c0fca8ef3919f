#include "hub/store/undo.hpp"

#include "base/crash_point.hpp"
#include "hub/store/approve.hpp"
#include "hub/store/store.hpp"
#include "schemas/registry.hpp"

namespace sendhub::store {
namespace {

std::string columns(const schema::Record& record) {
    std::string out = "feed, scope";
    for (const schema::Field& field : record.fields) out += ", " + duck::quoted_name(field.name);
    return out + ", batch_id, file_no, source_row";
}

// undo_scope(record, scope): what is taken back.
Status find_scopes(duck::Connection& con, std::string_view batch_id, std::string_view scope) {
    return con.run(
        "create or replace temp table undo_scope as select distinct record, scope from batch_scope where "
        "batch_id = ? and state in ('imported', 'approved', 'held') and (? = '' or scope = ?)",
        {batch_id, scope, scope});
}

Status refuse_when_overtaken(duck::Connection& con, std::string_view batch_id) {
    SENDHUB_ASSIGN(
        auto later,
        con.query("with told as (select s.batch_id, s.feed, s.record, s.scope, s.state, case when s.state = "
                  "'approved' then s.decided_at else b.imported_at end as at from batch_scope s join batch b "
                  "on b.batch_id = s.batch_id where s.state in ('imported', 'approved')) "
                  "select l.batch_id, l.scope from told l join undo_scope u on u.record = l.record and "
                  "u.scope = l.scope join told mine on mine.batch_id = ? and mine.feed = l.feed and "
                  "mine.record = l.record and mine.scope = l.scope where l.batch_id <> mine.batch_id and "
                  "l.at > mine.at order by l.at desc limit 1",
                  {batch_id}));
    if (!later.next()) return {};
    const std::string other(later.text(0));
    return fail(ErrorCode::usage, "the batch " + other + " came after " + std::string(batch_id) +
                                      " and changed the scope " + std::string(later.text(1)) +
                                      " again; undo that one first: sendhub batch undo " + other);
}

struct Moved {
    std::int64_t removed = 0, restored = 0;
};

Result<Moved> restore_record(duck::Connection& con, const schema::Record& record, std::string_view feed,
                             std::string_view batch_id, Micros now) {
    const std::string table(record.name), all = columns(record);
    Moved moved;
    SENDHUB_TRY(con.run(
        "create or replace temp table undo_gone as select rowid as old_row, source_key from " + table +
            " where feed = ? and batch_id = ? and scope in (select scope from "
            "undo_scope where record = ?)",
        {feed, batch_id, record.name}));
    // What the batch closed or replaced; a key that it moved here from another scope goes back, too.
    SENDHUB_TRY(con.run(
        "create or replace temp table undo_back as select " + all + " from " + table +
            "_history where feed = ? and closed_by = ? and batch_id <> ? and (scope in (select scope from "
            "undo_scope where record = ?) or source_key in (select source_key from undo_gone)) qualify "
            "row_number() over (partition by source_key order by valid_from desc) = 1",
        {feed, batch_id, batch_id, record.name}));
    SENDHUB_ASSIGN(moved.removed, con.count("select count(*) from undo_gone"));
    if (moved.removed > 0) {
        SENDHUB_TRY(con.run(
            "insert into " + table + "_history (" + all + ", valid_from, valid_to, closed_by) select " + all +
                ", valid_from, ?, ? from " + table + " where rowid in (select old_row from undo_gone)",
            {duck::Timestamp{now}, batch_id}));
        SENDHUB_TRY(con.run("delete from " + table + " where rowid in (select old_row from undo_gone)"));
    }
    SENDHUB_ASSIGN(auto back,
                   con.query("insert into " + table + " (" + all + ", valid_from) select " + all +
                                 ", ? from undo_back where source_key not in (select source_key from " +
                                 table + " where feed = ?)",
                             {duck::Timestamp{now}, feed}));
    moved.restored = back.rows_changed();
    SENDHUB_TRY(con.run("drop table undo_gone; drop table undo_back"));
    return moved;
}

Status note_undo(duck::Connection& con, std::string_view feed, std::string_view batch_id, std::string_view by,
                 Micros now) {
    SENDHUB_TRY(
        con.run("delete from row_issue where batch_id = ? and (scope in (select scope from "
                "undo_scope) or scope is null and not exists (select 1 from batch_scope s where "
                "s.batch_id = ? and s.state in ('imported', 'approved', 'held') and s.scope not in "
                "(select scope from undo_scope)))",
                {batch_id, batch_id}));
    SENDHUB_TRY(
        con.run("update batch_scope set state = 'withdrawn', decided_by = ?, decided_at = ? where "
                "batch_id = ? and state in ('imported', 'approved', 'held') and exists (select 1 "
                "from undo_scope u where u.record = batch_scope.record and u.scope = "
                "batch_scope.scope)",
                {by, duck::Timestamp{now}, batch_id}));
    SENDHUB_TRY(
        con.run("update batch set state = case when exists (select 1 from batch_scope s where "
                "s.batch_id = batch.batch_id and s.state = 'held') then 'held' when exists (select 1 "
                "from batch_scope s where s.batch_id = batch.batch_id and s.state in ('imported', "
                "'approved')) then 'imported' else 'withdrawn' end where batch_id = ?",
                {batch_id}));
    // What was set aside because this batch stood: those batches are read again, in their order.
    return con.run(
        "update batch_file set again = true where feed = ? and state = 'read' and batch_id in "
        "(select s.batch_id from batch_scope s join undo_scope u on u.record = s.record and "
        "u.scope = s.scope join batch b on b.batch_id = s.batch_id where s.feed = ? and s.state = "
        "'superseded' and b.imported_at >= (select imported_at from batch where batch_id = ?))",
        {feed, feed, batch_id});
}

Result<UndoOutcome> undo(Store& store, std::string_view batch_id, std::string_view scope, std::string_view by,
                         Micros now) {
    duck::Connection& con = store.connection();
    SENDHUB_ASSIGN(
        auto found,
        con.query("select feed, coalesce(read_again, false) from batch where batch_id = ?", {batch_id}));
    if (!found.next())
        return fail(ErrorCode::usage,
                    "there is no batch " + std::string(batch_id) + "; `sendhub runs` lists them");
    UndoOutcome out;
    out.feed = found.text(0);
    if (found.boolean(1))
        return fail(ErrorCode::usage,
                    "the batch " + std::string(batch_id) +
                        " read all files of its feed again, so there is no state before it to go back to; "
                        "correct the settings and run: sendhub replay " +
                        out.feed);
    SENDHUB_TRY(find_scopes(con, batch_id, scope));
    SENDHUB_ASSIGN(out.scopes, con.count("select count(*) from undo_scope"));
    if (out.scopes == 0)
        return fail(ErrorCode::usage,
                    "the batch " + std::string(batch_id) + " holds nothing to take back" +
                        (scope.empty() ? std::string() : " in the scope " + std::string(scope)) +
                        ": it was not imported, or it was taken back before");
    SENDHUB_TRY(refuse_when_overtaken(con, batch_id));
    for (const schema::Record& record : schema::records()) {
        SENDHUB_ASSIGN(const auto touched,
                       con.count("select count(*) from undo_scope where record = ?", {record.name}));
        if (touched == 0) continue;
        SENDHUB_ASSIGN(const Moved moved, restore_record(con, record, out.feed, batch_id, now));
        out.removed += moved.removed;
        out.restored += moved.restored;
    }
    SENDHUB_TRY(note_undo(con, out.feed, batch_id, by, now));
    SENDHUB_TRY(confirm_shrinking(con, now));
    SENDHUB_ASSIGN(out.read_again, con.count("select count(distinct seq) from batch_file where feed = ? and "
                                             "again",
                                             {std::string_view(out.feed)}));
    SENDHUB_TRY(con.run("drop table undo_scope"));
    return out;
}

}  // namespace

Result<UndoOutcome> undo_batch(Store& store, std::string_view batch_id, std::string_view scope,
                               std::string_view by, Micros now) {
    SENDHUB_ASSIGN(auto transaction, duck::Transaction::begin(store.connection()));
    SENDHUB_ASSIGN(const UndoOutcome out, undo(store, batch_id, scope, by, now));
    crash_point("undo.before_commit");
    SENDHUB_TRY(transaction.commit());
    return out;
}

}  // namespace sendhub::store
