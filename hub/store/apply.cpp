#include "hub/store/apply.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/crash_point.hpp"

// Everything is set-based SQL over the staged Parquet. Three temporary tables carry a step:
//   import_turn      the instances at work: scope_no, scope, closes (what it does not have), ord
//   import_rejected  the keys that were rejected, by record type: their last good rows stay open
//   import_rows      rows that are new or changed, with the rowid of the version they replace
//   import_gone      rowids of the rows that leave the current table
// The tables have no indexes: one row per (feed, source_key) is kept by these statements and shown by the
// tests.

namespace sendhub::store {
namespace {

using Record = schema::Record;

std::string columns(const Record& record, std::string_view prefix = "") {
    std::string out;
    for (const schema::Field& field : record.fields) {
        if (!out.empty()) out += ", ";
        out += prefix;
        out += duck::quoted_name(field.name);
    }
    return out;
}

class Importer {
  public:
    Importer(duck::Connection& connection, const StagedBatch& batch, Micros now, bool from_nothing)
        : con_(connection), batch_(batch), now_(now), from_nothing_(from_nothing) {}

    Result<Applied> run(const std::vector<Instance>& plan, std::optional<GuardSettings> guard) {
        SENDHUB_TRY(prepare());
        for (std::size_t begin = 0, end = 0; begin < plan.size(); begin = end) {
            while (end < plan.size() && plan[end].wave == plan[begin].wave) ++end;
            std::vector<Judged> wave;
            for (std::size_t i = begin; i < end; ++i) wave.push_back({.instance = plan[i]});
            SENDHUB_TRY(judge(wave, guard));
            for (std::size_t from = 0, to = 0; from < wave.size(); from = to) {
                while (to < wave.size() && wave[to].instance.turn == wave[from].instance.turn) ++to;
                SENDHUB_TRY(apply_turn(std::span(wave).subspan(from, to - from)));
            }
            out_.instances.insert(out_.instances.end(), wave.begin(), wave.end());
        }
        SENDHUB_TRY(con_.run("drop table import_turn; drop table import_rejected"));
        return std::move(out_);
    }

  private:
    using Scope = std::pair<const Record*, std::string>;

    Status prepare() {
        SENDHUB_TRY(
            con_.run("create or replace temp table import_turn (scope_no INTEGER, scope VARCHAR, closes "
                     "BOOLEAN, ord BIGINT)"));
        SENDHUB_TRY(con_.run(
            // without a record type the whole row was rejected: all that has its key stays
            "create or replace temp table import_rejected as select distinct coalesce(record, '') as record, "
            "source_key from " +
            parquet_sql(batch_.rejects()) + " where severity = 'reject' and source_key <> ''"));
        SENDHUB_TRY(keep_known_children());
        SENDHUB_TRY(find_unknown());
        if (from_nothing_) return {};
        SENDHUB_ASSIGN(
            auto rows,
            con_.query("select record, scope, as_of, seq from batch_scope where feed = ? and state in "
                       "('imported', 'approved') qualify row_number() over (partition by record, scope "
                       "order by as_of desc, seq desc) = 1",
                       {std::string_view(batch_.feed)}));
        while (rows.next())
            if (const Record* record = schema::find_record(rows.text(0)))
                stands_at_[{record, std::string(rows.text(1))}] = {rows.date(2).days, rows.integer(3)};
        return {};
    }

    // A row of a known child that was rejected, or that says no more than a reference, ends nothing of what
    // its feed says about who the child is. Batches that were staged before rejects named the child do not
    // have the column.
    Status keep_known_children() {
        for (const std::string table : {"person_record", "person_identifier", "address"})
            SENDHUB_TRY(
                con_.run("insert into import_rejected select '" + table + "', c.source_key from " + table +
                             " c where c.feed = ? and c.person_ref in (select person_ref from (from " +
                             parquet_sql(batch_.rejects()) +
                             " union all by name select null::VARCHAR as person_ref where false) "
                             "where person_ref <> '')",
                         {std::string_view(batch_.feed)}));
        return {};
    }

    Status find_unknown() {
        SENDHUB_ASSIGN(auto rows, con_.query("select distinct coalesce(file_no, -1) from " +
                                             parquet_sql(batch_.rejects()) +
                                             " where severity = 'reject' and coalesce(source_key, '') = ''"));
        while (rows.next()) unknown_.insert(rows.integer(0));
        return {};
    }
    // A snapshot ends what it does not have. Where a row of its file was rejected and nobody can tell whose
    // it was, each one that is missing may be that one, in every record type: nobody is ended until it is
    // mended.
    bool closes(const StagedScope& scope) const {
        return scope.snapshot && !unknown_.contains(-1) &&
               std::none_of(scope.files.begin(), scope.files.end(),
                            [&](std::int64_t file) { return unknown_.contains(file); });
    }

    // Which of two statements about a scope is the newer one: by the day, on one day by which came later.
    using Statement = std::pair<Days, std::int64_t>;  // as_of, seq of its delivery
    static Statement statement_of(const StagedScope& scope) { return {scope.as_of, scope.seq}; }

    bool older_than_current(const Instance& instance) const {
        const auto found = stands_at_.find({instance.scope->record, instance.scope->name});
        return found != stands_at_.end() && statement_of(*instance.scope) < found->second;
    }

    Result<bool> has_rows(const Record& record) {
        if (const auto found = has_rows_.find(&record); found != has_rows_.end()) return found->second;
        SENDHUB_ASSIGN(auto rows,
                       con_.query("select 1 from " + std::string(record.name) + " where feed = ? limit 1",
                                  {std::string_view(batch_.feed)}));
        return has_rows_[&record] = rows.next();
    }

    // The staged rows of a record type; an empty relation of the same shape when none were staged.
    std::string source(const Record& record) const {
        const auto file = batch_.rows_of(record);
        std::error_code ignored;
        if (std::filesystem::exists(file, ignored)) return parquet_sql(file);
        return "(select 0::INTEGER as scope_no, file_no, source_row, " + columns(record) + " from " +
               std::string(record.name) + " where false)";
    }

    Status fill_turn(std::span<const Judged* const> instances) {
        SENDHUB_TRY(con_.run("truncate import_turn"));
        SENDHUB_ASSIGN(auto rows, duck::Appender::open(con_, "import_turn"));
        for (const Judged* judged : instances) {
            const Instance& instance = judged->instance;
            rows.add(instance.scope->no)
                .add(std::string_view(instance.scope->name))
                .add(closes(*instance.scope));
            rows.add(static_cast<std::int64_t>(instance.order));
            SENDHUB_TRY(rows.end_row());
        }
        return rows.flush();
    }

    // What is older than what stands is superseded; what the guard stops is held, with its group.
    Status judge(std::vector<Judged>& wave, const std::optional<GuardSettings>& guard) {
        std::map<const Record*, std::vector<Judged*>> snapshots;
        for (Judged& judged : wave) {
            if (older_than_current(judged.instance))
                judged.verdict = Verdict::superseded;
            else if (judged.instance.scope->snapshot)
                snapshots[judged.instance.scope->record].push_back(&judged);
        }
        for (auto& [record, instances] : snapshots) SENDHUB_TRY(count_closings(*record, instances));
        if (!guard) return {};
        std::set<std::size_t> held;
        for (const Judged& judged : wave)
            if (judged.would_close * 100 > guard->percent * judged.current_rows &&
                judged.current_rows >= guard->min_rows)
                held.insert(judged.instance.group);
        for (Judged& judged : wave)
            if (judged.verdict == Verdict::imported && held.contains(judged.instance.group))
                judged.verdict = Verdict::held;
        return {};
    }

    Status count_closings(const Record& record, const std::vector<Judged*>& instances) {
        SENDHUB_ASSIGN(const bool filled, has_rows(record));
        if (!filled) return {};
        SENDHUB_TRY(fill_turn(instances));
        std::map<std::int64_t, Judged*> by_no;
        for (Judged* judged : instances) by_no[judged->instance.scope->no] = judged;
        const std::string current =
            "(select scope, source_key from " + std::string(record.name) + " where feed = ?) c";
        SENDHUB_ASSIGN(auto counts, con_.query("select t.scope_no, count(*) from " + current +
                                                   " join import_turn t on t.scope = c.scope group by all",
                                               {std::string_view(batch_.feed)}));
        while (counts.next()) by_no.at(counts.integer(0))->current_rows = counts.integer(1);
        SENDHUB_ASSIGN(
            auto closings,
            con_.query(
                "select t.scope_no, t.closes, count(*) from " + current +
                    " join import_turn t on t.scope = c.scope anti join " + source(record) +
                    " s on s.scope_no = t.scope_no and s.source_key = c.source_key" +
                    " anti join import_rejected r on r.record in (?, '') and r.source_key = c.source_key "
                    "group by all",
                {std::string_view(batch_.feed), record.name}));
        while (closings.next()) {
            Judged& judged = *by_no.at(closings.integer(0));
            (closings.boolean(1) ? judged.would_close : judged.kept_open) = closings.integer(2);
        }
        return {};
    }

    Status apply_turn(std::span<Judged> turn) {
        std::map<const Record*, std::vector<const Judged*>> by_record;
        for (Judged& judged : turn) {
            if (judged.verdict != Verdict::imported) continue;
            if (older_than_current(judged.instance)) {  // an earlier turn brought a newer day
                judged.verdict = Verdict::superseded;
                continue;
            }
            by_record[judged.instance.scope->record].push_back(&judged);
        }
        for (const auto& [record, instances] : by_record) {
            SENDHUB_TRY(apply_record(*record, instances));
            for (const Judged* judged : instances) {
                const StagedScope& scope = *judged->instance.scope;
                Statement& stands =
                    stands_at_.try_emplace({record, scope.name}, statement_of(scope)).first->second;
                stands = std::max(stands, statement_of(scope));
            }
        }
        return {};
    }

    Status apply_record(const Record& record, const std::vector<const Judged*>& instances) {
        const std::string table(record.name);
        const std::string_view feed = batch_.feed, batch = batch_.id;
        std::int64_t staged = 0, may_close = 0;
        for (const Judged* judged : instances) {
            staged += judged->instance.scope->rows;
            // A later turn sees what the earlier one made, so what was counted before no longer says that
            // nothing closes.
            may_close += judged->instance.turn > 0 ? 1 : judged->would_close;
        }
        SENDHUB_TRY(fill_turn(instances));
        std::string rows = "(select s.*, t.scope, t.ord from " + source(record) +
                           " s join import_turn t on t.scope_no = s.scope_no)";
        if (staged > 0) {
            SENDHUB_ASSIGN(const auto claimed_twice,
                           con_.count("select count(*) from (select source_key from " + rows +
                                      " group by all having count(*) > 1)"));
            if (claimed_twice > 0)
                rows = "(select * from " + rows +
                       " qualify row_number() over (partition by source_key order by ord desc, "
                       "file_no desc, source_row desc) = 1)";
        }
        const std::string into = "insert into " + table + " (feed, scope, " + columns(record) +
                                 ", batch_id, file_no, source_row, valid_from) ";
        SENDHUB_ASSIGN(const bool filled, has_rows(record));
        if (!filled) {  // the feed's first rows: nothing to compare with, nothing to close
            if (staged == 0) return {};
            SENDHUB_ASSIGN(auto inserted, con_.query(into + "select ?, scope, " + columns(record) +
                                                         ", ?, file_no, source_row, ? from " + rows,
                                                     {feed, batch, duck::Timestamp{now_}}));
            const std::int64_t added = inserted.rows_changed();
            out_.added += added;
            out_.unchanged += staged - added;
            has_rows_[&record] = added > 0;
            crash_point("import.after_record");
            return {};
        }

        std::string differs = "s.scope is distinct from c.scope";
        for (const schema::Field& field : record.fields.subspan(1)) {
            const std::string name = duck::quoted_name(field.name);
            differs += " or s." + name + " is distinct from c." + name;
        }
        SENDHUB_TRY(con_.run("create or replace temp table import_rows as select s.scope, " +
                                 columns(record, "s.") + ", s.file_no, s.source_row, c.old_row from " + rows +
                                 " s left join (select rowid as old_row, scope, " + columns(record) +
                                 " from " + table + " where feed = ?) c on c.source_key = s.source_key " +
                                 "where c.old_row is null or " + differs,
                             {feed}));
        SENDHUB_ASSIGN(const auto written, con_.count("select count(*) from import_rows"));
        SENDHUB_ASSIGN(const auto changed, con_.count("select count(old_row) from import_rows"));
        SENDHUB_TRY(
            con_.run("create or replace temp table import_gone as select old_row from import_rows where "
                     "old_row is not null"));
        std::int64_t closed = 0;
        if (may_close > 0) {
            SENDHUB_ASSIGN(
                auto gone,
                con_.query("insert into import_gone select c.old_row from (select rowid as old_row, scope, "
                           "source_key from " +
                               table +
                               " where feed = ?) c semi join (select scope from import_turn where closes) t "
                               "on t.scope = c.scope anti join " +
                               rows +
                               " s on s.source_key = c.source_key anti join "
                               "import_rejected r on r.record in (?, '') and r.source_key = c.source_key",
                           {feed, record.name}));
            closed = gone.rows_changed();
        }
        if (changed + closed > 0) {
            const std::string all =
                "feed, scope, " + columns(record) + ", batch_id, file_no, source_row, valid_from";
            const std::string leaving = " where rowid in (select old_row from import_gone)";
            SENDHUB_TRY(con_.run("insert into " + table + "_history (" + all +
                                     ", valid_to, closed_by) select " + all + ", ?, ? from " + table +
                                     leaving,
                                 {duck::Timestamp{now_}, batch}));
            crash_point("import.after_history");
            SENDHUB_TRY(con_.run("delete from " + table + leaving));
        }
        if (written > 0)
            SENDHUB_TRY(con_.run(
                into + "select ?, scope, " + columns(record) + ", ?, file_no, source_row, ? from import_rows",
                {feed, batch, duck::Timestamp{now_}}));
        SENDHUB_TRY(con_.run("drop table import_rows; drop table import_gone"));
        crash_point("import.after_record");
        out_.added += written - changed;
        out_.changed += changed;
        out_.unchanged += staged - written;
        out_.closed += closed;
        return {};
    }

    duck::Connection& con_;
    const StagedBatch& batch_;
    Micros now_;
    bool from_nothing_;
    Applied out_;
    std::map<Scope, Statement> stands_at_;  // the newest statement that each scope of the feed holds
    std::map<const Record*, bool> has_rows_;
    // Files with a rejected row that has no key; -1: one of them, not known which.
    std::set<std::int64_t> unknown_;
};

}  // namespace

Result<Applied> apply_waves(duck::Connection& connection, const StagedBatch& batch,
                            const std::vector<Instance>& plan, std::optional<GuardSettings> guard, Micros now,
                            bool from_nothing) {
    return Importer(connection, batch, now, from_nothing).run(plan, guard);
}

}  // namespace sendhub::store
