#include "hub/store/import.hpp"

#include <map>
#include <set>

#include "base/crash_point.hpp"
#include "hub/store/apply.hpp"
#include "hub/store/approve.hpp"
#include "hub/store/store.hpp"

namespace sendhub::store {
namespace {

std::string_view to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::imported:
            return "imported";
        case Verdict::held:
            return "held";
        case Verdict::superseded:
            return "superseded";
    }
    return "";
}

Status note_files(duck::Connection& con, const StagedBatch& batch) {
    SENDHUB_ASSIGN(auto rows, duck::Appender::open(con, "batch_file"));
    for (const StagedFile& file : batch.files) {
        rows.add(std::string_view(batch.id)).add(std::string_view(batch.feed)).add(file.no).add(file.seq);
        rows.add(std::string_view(file.name)).add(std::string_view(file.sha256)).add(file.bytes);
        rows.add(std::string_view(file.refused ? "refused" : "read"));
        if (file.refused)
            rows.add(std::string_view(file.reason));
        else
            rows.add(duck::Null{});
        rows.add(false);
        SENDHUB_TRY(rows.end_row());
    }
    return rows.flush();
}

Status note_scopes(duck::Connection& con, const StagedBatch& batch, const Applied& applied) {
    std::map<std::int64_t, const Judged*> judged;
    for (const Judged& one : applied.instances) judged[one.instance.scope->no] = &one;
    SENDHUB_ASSIGN(auto rows, duck::Appender::open(con, "batch_scope"));
    for (const StagedScope& scope : batch.scopes) {
        const auto found = judged.find(scope.no);
        const Judged* one = found == judged.end() ? nullptr : found->second;
        rows.add(std::string_view(batch.id))
            .add(scope.no)
            .add(std::string_view(batch.feed))
            .add(scope.record->name);
        rows.add(std::string_view(scope.name)).add(std::string_view(scope.snapshot ? "snapshot" : "delta"));
        rows.add(duck::Date{scope.as_of})
            .add(scope.rows)
            .add(one ? one->would_close : 0)
            .add(one ? one->current_rows : 0);
        rows.add(one ? to_string(one->verdict) : std::string_view("refused"))
            .add(duck::Null{})
            .add(duck::Null{})
            .add(scope.seq);
        SENDHUB_TRY(rows.end_row());
    }
    return rows.flush();
}

// What applied, as a table for the statements below: import_applied(scope_no, record, scope, snapshot, as_of,
// seq, ord).
Status list_applied(duck::Connection& con, const Applied& applied) {
    SENDHUB_TRY(con.run(
        "create or replace temp table import_applied (scope_no INTEGER, record VARCHAR, scope VARCHAR, "
        "snapshot BOOLEAN, as_of DATE, seq BIGINT, ord BIGINT)"));
    SENDHUB_ASSIGN(auto rows, duck::Appender::open(con, "import_applied"));
    for (const Judged& one : applied.instances) {
        if (one.verdict != Verdict::imported) continue;
        const StagedScope& scope = *one.instance.scope;
        rows.add(scope.no).add(scope.record->name).add(std::string_view(scope.name)).add(scope.snapshot);
        rows.add(duck::Date{scope.as_of}).add(scope.seq).add(static_cast<std::int64_t>(one.instance.order));
        SENDHUB_TRY(rows.end_row());
    }
    return rows.flush();
}

// Held instances that something applied now has overtaken: nobody needs to decide about them any more. A
// delta of the same day does not stand for the snapshot that waits.
Status settle_held(duck::Connection& con, const StagedBatch& batch, Micros now) {
    SENDHUB_ASSIGN(const auto waiting,
                   con.count("select count(*) from batch_scope where feed = ? and state = 'held'",
                             {std::string_view(batch.feed)}));
    if (waiting == 0) return {};
    SENDHUB_TRY(
        con.run("update batch_scope set state = 'superseded', decided_at = ? where feed = ? and state = "
                "'held' and exists "
                "(select 1 from import_applied a where a.record = batch_scope.record and a.scope = "
                "batch_scope.scope and "
                "(a.as_of > batch_scope.as_of or a.as_of = batch_scope.as_of and a.seq >= batch_scope.seq "
                "and a.snapshot and "
                "(batch_scope.batch_id <> ? or a.scope_no > batch_scope.scope_no)))",
                {duck::Timestamp{now}, std::string_view(batch.feed), std::string_view(batch.id)}));
    return con.run(
        "update batch set state = 'imported' where feed = ? and state = 'held' and batch_id not in "
        "(select batch_id from batch_scope where state = 'held')",
        {std::string_view(batch.feed)});
}

// Issues of earlier batches go when what they speak of was replaced: a snapshot of their scope, or their file
// by one of the same name. While some scope of a file waits, its older issues still speak of the rows that
// stand; a refused file replaces only what was said about the file as a whole. upto: issues noted later stay
// (a batch let through late).
Status replace_issues(duck::Connection& con, const StagedBatch& batch, const Applied& applied, Micros upto) {
    SENDHUB_ASSIGN(const auto standing,
                   con.count("select count(*) from row_issue where feed = ? and batch_id <> ?",
                             {std::string_view(batch.feed), std::string_view(batch.id)}));
    if (standing == 0) return {};
    SENDHUB_TRY(con.run(
        "delete from row_issue where feed = ? and batch_id <> ? and found_at <= ? and exists (select 1 "
        "from import_applied a "
        "where a.snapshot and a.record = row_issue.record and a.scope = row_issue.scope)",
        {std::string_view(batch.feed), std::string_view(batch.id), duck::Timestamp{upto}}));
    std::set<std::int64_t> not_taken;
    for (const Judged& one : applied.instances)
        if (one.verdict != Verdict::imported)
            not_taken.insert(one.instance.scope->files.begin(), one.instance.scope->files.end());
    SENDHUB_TRY(con.run("create or replace temp table import_file (name VARCHAR, refused BOOLEAN)"));
    SENDHUB_ASSIGN(auto rows, duck::Appender::open(con, "import_file"));
    for (const StagedFile& file : batch.files) {
        if (!file.refused && not_taken.contains(file.no)) continue;
        rows.add(std::string_view(file.name)).add(file.refused);
        SENDHUB_TRY(rows.end_row());
    }
    SENDHUB_TRY(rows.flush());
    SENDHUB_TRY(con.run(
        "delete from row_issue where feed = ? and batch_id <> ? and found_at <= ? and exists (select 1 "
        "from import_file f "
        "where f.name = row_issue.file_name and (not f.refused or row_issue.scope is null))",
        {std::string_view(batch.feed), std::string_view(batch.id), duck::Timestamp{upto}}));
    return con.run("drop table import_file");
}

// The batch's own issues, save those of instances that are superseded or that a later one of the batch
// replaced.
Status note_issues(duck::Connection& con, const StagedBatch& batch, Micros now) {
    return con.run(
        "insert into row_issue select ?, ?, i.severity, i.record, b.scope, i.file_no, i.file_name, "
        "i.source_row, i.field, "
        "i.value_masked, i.rule, i.reason, i.advice, ? from " +
            parquet_sql(batch.rejects()) +
            " i left join (select scope_no, record, scope, state from batch_scope where batch_id = ?) b on "
            "b.scope_no = i.scope_no "
            "where b.scope_no is null or (b.state <> 'superseded' and not exists (select 1 from "
            "import_applied mine join "
            "import_applied later on later.record = mine.record and later.scope = mine.scope and "
            "later.snapshot "
            "and later.ord > mine.ord where mine.scope_no = b.scope_no))",
        {std::string_view(batch.id), std::string_view(batch.feed), duck::Timestamp{now},
         std::string_view(batch.id)});
}

std::string state_of(const StagedBatch& batch, const Applied& applied) {
    bool all_refused = !batch.files.empty();
    for (const StagedFile& file : batch.files) all_refused = all_refused && file.refused;
    if (all_refused) return "refused";
    if (batch.received == 0 && applied.closed == 0) return "empty";
    return "imported";
}

// The outcome as the tables tell it: the same now and at every replay.
Result<ImportOutcome> noted_outcome(duck::Connection& con, std::string_view batch_id) {
    SENDHUB_ASSIGN(
        auto rows,
        con.query(
            "select feed, state, received, staged, rejected, imported, changed, unchanged, closed, "
            "(select count(*) from batch_file f where f.batch_id = b.batch_id), "
            "(select count(*) from batch_file f where f.batch_id = b.batch_id and f.state = 'refused'), "
            "coalesce(kept_open, 0) "
            "from batch b where batch_id = ?",
            {batch_id}));
    if (!rows.next())
        return fail(ErrorCode::not_found,
                    "there is no batch " + std::string(batch_id) + "; `sendhub runs` lists them");
    ImportOutcome out;
    out.batch_id = batch_id;
    out.feed = rows.text(0);
    out.state = rows.text(1);
    out.received = rows.integer(2);
    out.staged = rows.integer(3);
    out.rejected = rows.integer(4);
    out.added = rows.integer(5) - rows.integer(6);
    out.changed = rows.integer(6);
    out.unchanged = rows.integer(7);
    out.closed = rows.integer(8);
    out.files = rows.integer(9);
    out.files_refused = rows.integer(10);
    out.kept_open = rows.integer(11);
    SENDHUB_ASSIGN(
        auto scopes,
        con.query("select state, sum(rows), count(*) from batch_scope where batch_id = ? group by all",
                  {batch_id}));
    while (scopes.next()) {
        const std::string_view state = scopes.text(0);
        if (state == "held") out.held = scopes.integer(1), out.scopes_held = scopes.integer(2);
        if (state == "superseded")
            out.superseded = scopes.integer(1), out.scopes_superseded = scopes.integer(2);
        if (state == "refused") out.refused = scopes.integer(1);
    }
    return out;
}

// All that an import writes; the caller begins and commits.
Status write_import(duck::Connection& con, const StagedBatch& batch, const GuardSettings& guard, Micros now) {
    SENDHUB_ASSIGN(const Applied applied, apply_waves(con, batch, plan_waves(batch.scopes), guard, now));
    bool held = false;
    std::int64_t kept_open = 0;
    for (const Judged& one : applied.instances) {
        held = held || one.verdict == Verdict::held;
        if (one.verdict == Verdict::imported) kept_open += one.kept_open;
    }
    SENDHUB_TRY(con.run("insert into batch values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, false)",
                        {std::string_view(batch.id), std::string_view(batch.feed),
                         std::string_view(batch.connector), std::string_view(batch.connector_version),
                         std::string_view(held ? "held" : state_of(batch, applied)), batch.received,
                         batch.staged, batch.rejected, applied.added + applied.changed, applied.unchanged,
                         applied.changed, applied.closed, duck::Timestamp{batch.started_at},
                         duck::Timestamp{now}, std::string_view(batch.folder.native()), kept_open}));
    SENDHUB_TRY(note_files(con, batch));
    SENDHUB_TRY(note_scopes(con, batch, applied));
    SENDHUB_TRY(list_applied(con, applied));
    SENDHUB_TRY(settle_held(con, batch, now));
    SENDHUB_TRY(replace_issues(con, batch, applied, now));
    SENDHUB_TRY(note_issues(con, batch, now));
    return con.run("drop table import_applied");
}

// All that an approval writes; batch holds the scopes that wait and no others.
Status write_approval(duck::Connection& con, const StagedBatch& batch, std::string_view by,
                      Micros imported_at, Micros now) {
    SENDHUB_ASSIGN(const Applied applied,
                   apply_waves(con, batch, plan_waves(batch.scopes), std::nullopt, now));
    for (const Verdict verdict : {Verdict::imported, Verdict::superseded}) {
        SENDHUB_TRY(con.run("create or replace temp table import_decided (scope_no INTEGER)"));
        SENDHUB_ASSIGN(auto rows, duck::Appender::open(con, "import_decided"));
        for (const Judged& one : applied.instances) {
            if (one.verdict != verdict) continue;
            rows.add(one.instance.scope->no);
            SENDHUB_TRY(rows.end_row());
        }
        SENDHUB_TRY(rows.flush());
        SENDHUB_TRY(
            con.run("update batch_scope set state = ?, decided_by = ?, decided_at = ? where batch_id = ? and "
                    "scope_no in "
                    "(select scope_no from import_decided)",
                    {std::string_view(verdict == Verdict::imported ? "approved" : "superseded"), by,
                     duck::Timestamp{now}, std::string_view(batch.id)}));
    }
    std::int64_t kept_open = 0;
    for (const Judged& one : applied.instances)
        if (one.verdict == Verdict::imported) kept_open += one.kept_open;
    SENDHUB_TRY(
        con.run("update batch set state = 'imported', imported = imported + ?, changed = changed + ?, "
                "unchanged = unchanged + ?, "
                "closed = closed + ?, kept_open = coalesce(kept_open, 0) + ? where batch_id = ?",
                {applied.added + applied.changed, applied.changed, applied.unchanged, applied.closed,
                 kept_open, std::string_view(batch.id)}));
    SENDHUB_TRY(list_applied(con, applied));
    SENDHUB_TRY(settle_held(con, batch, now));
    SENDHUB_TRY(replace_issues(con, batch, applied, imported_at));
    SENDHUB_TRY(confirm_shrinking(con, now));
    return con.run("drop table import_applied; drop table import_decided");
}

std::string columns_of(const schema::Record& record, std::string_view prefix) {
    std::string out = std::string(prefix) + "scope";
    for (const schema::Field& field : record.fields)
        out += ", " + std::string(prefix) + duck::quoted_name(field.name);
    return out;
}

// The feed's rows are worked out in empty tables of the same names, which stand in front of the real ones
// (a temporary table hides a lasting one); then the real ones take over what differs.
class AllAgain {
  public:
    AllAgain(duck::Connection& con, const StagedBatch& batch, Micros now)
        : con_(con), batch_(batch), now_(now) {}

    Result<Applied> run(const std::optional<GuardSettings>& guard) {
        SENDHUB_ASSIGN(auto database, con_.query("select current_database()"));
        database.next();
        main_ = duck::quoted_name(database.text(0)) + ".main.";
        for (const schema::Record& record : schema::records())
            for (const std::string& table : {std::string(record.name), std::string(record.name) + "_history"})
                SENDHUB_TRY(
                    con_.run("create temp table " + table + " as from " + main_ + table + " limit 0"));
        SENDHUB_ASSIGN(Applied applied,
                       apply_waves(con_, batch_, plan_waves(batch_.scopes), std::nullopt, now_, true));
        std::int64_t taken = 0;
        for (const Judged& one : applied.instances)
            if (one.verdict == Verdict::imported) taken += one.instance.scope->rows;
        applied.added = applied.changed = applied.closed = 0;
        if (guard) SENDHUB_TRY(judge(*guard));
        for (const schema::Record& record : schema::records()) SENDHUB_TRY(take_over(record, applied));
        applied.unchanged = taken - applied.added - applied.changed;
        for (const schema::Record& record : schema::records())
            for (const std::string& table : {std::string(record.name), std::string(record.name) + "_history"})
                SENDHUB_TRY(con_.run("drop table temp.main." + table));
        return applied;
    }

  private:
    Status judge(const GuardSettings& guard) {
        for (const schema::Record& record : schema::records()) {
            const std::string table(record.name);
            SENDHUB_ASSIGN(
                auto scopes,
                con_.query("select c.scope, count(*), count(*) filter (s.source_key is null) from " + main_ +
                               table + " c left join temp.main." + table +
                               " s on s.source_key = c.source_key where c.feed = ? group by all "
                               "order by 3 desc",
                           {std::string_view(batch_.feed)}));
            while (scopes.next())
                if (scopes.integer(1) >= guard.min_rows &&
                    scopes.integer(2) * 100 > guard.percent * scopes.integer(1))
                    return fail(ErrorCode::needs_person,
                                "reading the files of " + batch_.feed + " again would close " +
                                    std::to_string(scopes.integer(2)) + " of " +
                                    std::to_string(scopes.integer(1)) + " records of " + table +
                                    " in the scope " + std::string(scopes.text(0)) +
                                    ", so nothing was changed; if that is right, run the command again with "
                                    "--closing-is-right");
        }
        return {};
    }

    Status take_over(const schema::Record& record, Applied& applied) {
        const std::string table(record.name), lasting = main_ + table, fresh = "temp.main." + table;
        const std::string_view feed = batch_.feed;
        std::string differs = "s.scope is distinct from c.scope";
        for (const schema::Field& field : record.fields.subspan(1)) {
            const std::string name = duck::quoted_name(field.name);
            differs += " or s." + name + " is distinct from c." + name;
        }
        SENDHUB_TRY(
            con_.run("create or replace temp table again_gone as select c.rowid as old_row, s.source_key "
                     "is not null as changed from " +
                         lasting + " c left join " + fresh +
                         " s on s.source_key = c.source_key where c.feed = ? and (s.source_key is "
                         "null or " +
                         differs + ")",
                     {feed}));
        SENDHUB_ASSIGN(const auto gone, con_.count("select count(*) from again_gone"));
        SENDHUB_ASSIGN(const auto changed, con_.count("select count(*) from again_gone where changed"));
        const std::string all =
            "feed, " + columns_of(record, "") + ", batch_id, file_no, source_row, valid_from";
        const std::string leaving = " where rowid in (select old_row from again_gone)";
        if (gone > 0) {
            SENDHUB_TRY(con_.run("insert into " + lasting + "_history (" + all +
                                     ", valid_to, closed_by) select " + all + ", ?, ? from " + lasting +
                                     leaving,
                                 {duck::Timestamp{now_}, std::string_view(batch_.id)}));
            SENDHUB_TRY(con_.run("delete from " + lasting + leaving));
        }
        SENDHUB_ASSIGN(
            auto written,
            con_.query("insert into " + lasting + " (" + all + ") select " + all + " from " + fresh +
                           " where source_key not in (select source_key from " + lasting + " where feed = ?)",
                       {feed}));
        applied.added += written.rows_changed() - changed;
        applied.changed += changed;
        applied.closed += gone - changed;
        return con_.run("drop table again_gone");
    }

    duck::Connection& con_;
    const StagedBatch& batch_;
    Micros now_;
    std::string main_;
};

Status write_all_again(duck::Connection& con, const StagedBatch& batch,
                       const std::optional<GuardSettings>& guard, Micros now) {
    SENDHUB_ASSIGN(const Applied applied, AllAgain(con, batch, now).run(guard));
    std::int64_t kept_open = 0;
    for (const Judged& one : applied.instances)
        if (one.verdict == Verdict::imported) kept_open += one.kept_open;
    SENDHUB_TRY(
        con.run("insert into batch values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, true)",
                {std::string_view(batch.id), std::string_view(batch.feed), std::string_view(batch.connector),
                 std::string_view(batch.connector_version), std::string_view(state_of(batch, applied)),
                 batch.received, batch.staged, batch.rejected, applied.added + applied.changed,
                 applied.unchanged, applied.changed, applied.closed, duck::Timestamp{batch.started_at},
                 duck::Timestamp{now}, std::string_view(batch.folder.native()), kept_open}));
    SENDHUB_TRY(
        con.run("update batch_scope set state = 'replayed' where feed = ? and state in ('imported', "
                "'approved', 'superseded')",
                {std::string_view(batch.feed)}));
    SENDHUB_TRY(
        con.run("delete from row_issue where feed = ? and batch_id not in (select batch_id from "
                "batch_scope where state = 'held')",
                {std::string_view(batch.feed)}));
    SENDHUB_TRY(note_files(con, batch));
    SENDHUB_TRY(note_scopes(con, batch, applied));
    SENDHUB_TRY(list_applied(con, applied));
    SENDHUB_TRY(settle_held(con, batch, now));
    SENDHUB_TRY(note_issues(con, batch, now));
    if (!guard) SENDHUB_TRY(confirm_shrinking(con, now));
    return con.run("drop table import_applied");
}

std::unexpected<Error> not_stored(const StagedBatch& batch, Error error) {
    error.sentence = "batch " + batch.id + " could not be stored, and nothing of it was: " + error.sentence;
    return fail(std::move(error));
}

}  // namespace

Status confirm_shrinking(duck::Connection& con, Micros now) {
    SENDHUB_TRY(con.run("delete from store_info where name = 'shrinking_confirmed'"));
    return con.run("insert into store_info values ('shrinking_confirmed', ?)",
                   {std::string_view(format_compact_time(now))});
}

Result<bool> shrinking_is_confirmed(Store& store, std::string_view version) {
    SENDHUB_ASSIGN(const auto later, store.connection().count("select count(*) from store_info where name = "
                                                              "'shrinking_confirmed' and value >= ?",
                                                              {version.substr(0, 16)}));
    return later > 0;
}

namespace {

// write(connection, batch) is all that changes the store.
template <class Write>
Result<ImportOutcome> import_once(Store& store, const std::filesystem::path& staging_folder, Write write) {
    SENDHUB_ASSIGN(const StagedBatch batch, read_staged_batch(staging_folder));
    duck::Connection& con = store.connection();
    crash_point("import.begin");
    SENDHUB_ASSIGN(const auto noted,
                   con.count("select count(*) from batch where batch_id = ?", {std::string_view(batch.id)}));
    if (noted > 0) {
        SENDHUB_ASSIGN(auto outcome, noted_outcome(con, batch.id));
        outcome.replay = true;
        return outcome;
    }
    SENDHUB_TRY(check_staged_files(con, batch));

    SENDHUB_ASSIGN(auto transaction, duck::Transaction::begin(con));
    if (auto written = write(con, batch); !written) return not_stored(batch, std::move(written).error());
    crash_point("import.before_commit");
    if (auto done = transaction.commit(); !done) return not_stored(batch, std::move(done).error());
    crash_point("import.after_commit");
    return noted_outcome(con, batch.id);
}

}  // namespace

Result<ImportOutcome> import_batch(Store& store, const std::filesystem::path& staging_folder,
                                   const GuardSettings& guard, Micros now) {
    return import_once(store, staging_folder, [&](duck::Connection& con, const StagedBatch& batch) {
        return write_import(con, batch, guard, now);
    });
}

Result<ImportOutcome> import_all_again(Store& store, const std::filesystem::path& staging_folder,
                                       const GuardSettings& guard, bool closing_is_right, Micros now) {
    return import_once(store, staging_folder, [&](duck::Connection& con, const StagedBatch& batch) {
        return write_all_again(con, batch, closing_is_right ? std::nullopt : std::optional(guard), now);
    });
}

Result<ImportOutcome> approve_batch(Store& store, std::string_view batch_id, std::string_view by,
                                    Micros now) {
    duck::Connection& con = store.connection();
    SENDHUB_ASSIGN(auto found,
                   con.query("select state, folder, imported_at from batch where batch_id = ?", {batch_id}));
    if (!found.next())
        return fail(ErrorCode::usage, "there is no batch " + std::string(batch_id) +
                                          "; `sendhub status` lists those that wait");
    const std::string state(found.text(0));
    const std::filesystem::path folder(found.text(1));
    const Micros imported_at = found.timestamp(2).micros;
    if (state != "held")
        return fail(ErrorCode::usage, "the batch " + std::string(batch_id) +
                                          " does not wait for anyone: its state is " + state);
    std::error_code ignored;
    if (!std::filesystem::exists(folder / "batch.json", ignored))
        return fail(ErrorCode::storage,
                    "the staged files of batch " + std::string(batch_id) + " are gone from " +
                        folder.string() +
                        "; ask for the delivery again, its next batch will stand in its place");
    SENDHUB_ASSIGN(StagedBatch batch, read_staged_batch(folder));
    if (batch.id != batch_id)
        return fail(ErrorCode::storage, folder.string() + " holds batch " + batch.id + " where " +
                                            std::string(batch_id) + " belongs");
    crash_point("approve.begin");
    SENDHUB_TRY(check_staged_files(con, batch));

    std::set<std::int64_t> held;
    SENDHUB_ASSIGN(
        auto scopes,
        con.query("select scope_no from batch_scope where batch_id = ? and state = 'held'", {batch_id}));
    while (scopes.next()) held.insert(scopes.integer(0));
    std::erase_if(batch.scopes, [&](const StagedScope& scope) { return !held.contains(scope.no); });

    SENDHUB_ASSIGN(auto transaction, duck::Transaction::begin(con));
    if (auto written = write_approval(con, batch, by, imported_at, now); !written)
        return not_stored(batch, std::move(written).error());
    crash_point("approve.before_commit");
    if (auto done = transaction.commit(); !done) return not_stored(batch, std::move(done).error());
    crash_point("approve.after_commit");
    return noted_outcome(con, batch_id);
}

}  // namespace sendhub::store
