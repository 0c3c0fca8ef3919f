#include "hub/store/ledger.hpp"

#include <algorithm>
#include <set>

#include "hub/store/health.hpp"
#include "hub/store/store.hpp"

namespace sendhub::store {
namespace {

std::string count_of(std::int64_t n, std::string_view one, std::string_view many) {
    return std::to_string(n) + " " + std::string(n == 1 ? one : many);
}

duck::Value text_or_null(std::string_view text) {
    return text.empty() ? duck::Value(duck::Null{}) : duck::Value(text);
}

// Shares of what came before, below which a yield counts as collapsed.
constexpr std::int64_t snapshot_share_percent = 50;
constexpr std::int64_t delta_share_percent = 10;
constexpr std::size_t deltas_to_judge_by = 5;

struct Yield {
    bool collapsed = false;
    std::string sentence;
};

Result<Yield> judge_yield(Store& store, std::string_view feed, const ImportOutcome& outcome) {
    SENDHUB_ASSIGN(auto scopes,
                   store.connection().query("select coalesce(sum(rows) filter (mode = 'snapshot'), 0), "
                                            "coalesce(sum(current_rows) filter (mode = 'snapshot'), 0), "
                                            "count(*) filter (mode = 'delta') from batch_scope where "
                                            "batch_id = ? and state in ('imported', 'approved')",
                                            {std::string_view(outcome.batch_id)}));
    scopes.next();
    const std::int64_t rows = scopes.integer(0), before = scopes.integer(1), deltas = scopes.integer(2);
    if (rows * 100 < before * snapshot_share_percent)
        return Yield{true, "the snapshots of " + std::string(feed) + " brought " + std::to_string(rows) +
                               " good rows for scopes that held " + std::to_string(before) +
                               "; look at what was rejected (sendhub rejects " + std::string(feed) +
                               ") and ask the sender whether the file is whole"};
    if (before > 0 || deltas == 0) return Yield{};
    SENDHUB_ASSIGN(auto history, feed_history(store, feed, outcome.batch_id));
    if (history.size() < deltas_to_judge_by) return Yield{};
    std::nth_element(history.begin(), history.begin() + static_cast<std::ptrdiff_t>(history.size() / 2),
                     history.end());
    const std::int64_t median = history[history.size() / 2];
    const std::int64_t good = outcome.staged;
    if (good * 100 >= median * delta_share_percent) return Yield{};
    return Yield{true, std::string(feed) + " brought " + std::to_string(good) +
                           " good rows where a batch of it commonly has " + std::to_string(median) +
                           "; ask the sender whether the file is whole"};
}

}  // namespace

Result<std::string> begin_run(Store& store, std::string_view kind, std::string_view feed, Micros now) {
    auto& con = store.connection();
    SENDHUB_ASSIGN(auto transaction, duck::Transaction::begin(con));
    SENDHUB_ASSIGN(const auto number, store.take_numbers("run"));
    std::string id = std::string(kind) + "-" + format_compact_time(now) + "-" + std::to_string(number);
    SENDHUB_TRY(
        con.run("insert into run (run_id, feed, kind, state, started_at) values (?, ?, ?, 'running', ?)",
                {std::string_view(id), text_or_null(feed), kind, duck::Timestamp{now}}));
    SENDHUB_TRY(transaction.commit());
    return id;
}

Status end_run(Store& store, std::string_view run_id, const RunEnd& end, Micros now) {
    static const std::set<std::string_view> states{
        "ok",        "nothing_new", "nothing_received", "partly_refused",
        "collapsed", "superseded",  "many_rejected",    "held",
        "failed",    "retrying",    "needs_review",     "skipped"};
    if (!states.contains(end.state)) return fail(ErrorCode::bug, "a run cannot end as '" + end.state + "'");
    SENDHUB_ASSIGN(auto rows,
                   store.connection().query(
                       "update run set state = ?, finished_at = ?, batch_id = ?, received = ?, accepted = ?, "
                       "rejected = ?, unchanged = ?, "
                       "closed = ?, superseded = ?, kept_open = ?, "
                       "error_code = ?, sentence = ? where run_id = ? and state = 'running'",
                       {std::string_view(end.state), duck::Timestamp{now}, text_or_null(end.batch_id),
                        end.received, end.accepted, end.rejected, end.unchanged, end.closed, end.superseded,
                        end.kept_open, text_or_null(end.error_code), text_or_null(end.sentence), run_id}));
    if (rows.rows_changed() != 1)
        return fail(ErrorCode::bug,
                    "the run " + std::string(run_id) + " is not running, so it cannot end as " + end.state);
    return {};
}

Status note_run_files(Store& store, std::string_view run_id, std::string_view feed,
                      std::span<const RunFile> files) {
    SENDHUB_ASSIGN(auto rows, duck::Appender::open(store.connection(), "run_file"));
    for (const RunFile& file : files) {
        rows.add(run_id).add(feed).add(std::string_view(file.state)).add(std::string_view(file.name));
        rows.add(std::string_view(file.reason));
        SENDHUB_TRY(rows.end_row());
    }
    SENDHUB_TRY(rows.flush());
    // names may be personal: kept no longer than `sendhub runs` lists their run
    return store.connection().run(
        "delete from run_file where run_id not in (select run_id from run order by started_at desc, run_id "
        "desc limit 200)");
}

Result<std::vector<RunFile>> run_files(Store& store, std::string_view run_id) {
    SENDHUB_ASSIGN(auto rows, store.connection().query("select state, name, reason from run_file where "
                                                       "run_id = ? order by state desc, name",
                                                       {run_id}));
    std::vector<RunFile> files;
    while (rows.next())
        files.push_back({std::string(rows.text(0)), std::string(rows.text(1)), std::string(rows.text(2))});
    return files;
}

Result<std::int64_t> end_abandoned_runs(Store& store, Micros now, std::string_view error_code,
                                        std::string_view sentence) {
    SENDHUB_ASSIGN(auto rows, store.connection().query("update run set state = 'failed', finished_at = ?, "
                                                       "error_code = ?, sentence = ? where state = 'running'",
                                                       {duck::Timestamp{now}, error_code, sentence}));
    return rows.rows_changed();
}

Result<std::vector<std::int64_t>> pending_deliveries(Store& store, std::string_view feed,
                                                     std::span<const DeliveryKey> deliveries) {
    std::set<std::pair<std::int64_t, std::string>> read;
    SENDHUB_ASSIGN(auto rows, store.connection().query("select distinct seq, sha256 from batch_file where "
                                                       "feed = ? and again is not true",
                                                       {feed}));
    while (rows.next()) read.emplace(rows.integer(0), rows.text(1));
    std::vector<std::int64_t> pending;
    for (const DeliveryKey& delivery : deliveries)
        if (!read.contains({delivery.seq, delivery.sha256})) pending.push_back(delivery.seq);
    return pending;
}

Result<std::vector<std::int64_t>> set_aside_deliveries(Store& store, std::string_view feed) {
    SENDHUB_ASSIGN(
        auto rows,
        store.connection().query(
            "with newest as (select f.seq, arg_max(f.batch_id, (b.imported_at, b.batch_id)) as batch_id from "
            "batch_file f join batch b on b.batch_id = f.batch_id where f.feed = ? group by f.seq) select "
            "distinct n.seq from newest n join batch_scope s on s.batch_id = n.batch_id and s.seq = n.seq "
            "and "
            "s.state in ('held', 'withdrawn')",
            {feed}));
    std::vector<std::int64_t> out;
    while (rows.next()) out.push_back(rows.integer(0));
    return out;
}

Result<std::vector<KnownFile>> known_files(Store& store, std::string_view feed) {
    SENDHUB_ASSIGN(auto rows, store.connection().query(
                                  "select f.name, f.seq, b.folder from batch_file f join batch b on "
                                  "b.batch_id = f.batch_id where f.feed = ? qualify row_number() over "
                                  "(partition by f.name, f.seq order by b.imported_at desc, b.batch_id desc) "
                                  "= 1 order by f.seq",
                                  {feed}));
    std::vector<KnownFile> out;
    while (rows.next())
        out.push_back({std::string(rows.text(0)), rows.integer(1), std::string(rows.text(2))});
    return out;
}

Result<std::vector<HeldBatch>> held_batches(Store& store, std::string_view feed) {
    SENDHUB_ASSIGN(auto rows,
                   store.connection().query("select b.batch_id, b.feed, b.imported_at, s.record, s.scope, "
                                            "s.as_of, s.rows, s.current_rows, s.would_close "
                                            "from batch b join batch_scope s on s.batch_id = b.batch_id and "
                                            "s.state = 'held' where b.state = 'held' and "
                                            "(? = '' or b.feed = ?) order by b.imported_at, b.batch_id, "
                                            "s.would_close desc, s.record, s.scope, s.scope_no",
                                            {feed, feed}));
    std::vector<HeldBatch> batches;
    while (rows.next()) {
        if (batches.empty() || batches.back().batch_id != rows.text(0))
            batches.push_back(
                {std::string(rows.text(0)), std::string(rows.text(1)), rows.timestamp(2).micros, {}});
        batches.back().scopes.push_back({std::string(rows.text(3)), std::string(rows.text(4)),
                                         rows.date(5).days, rows.integer(6), rows.integer(7),
                                         rows.integer(8)});
    }
    return batches;
}

Result<std::vector<std::int64_t>> feed_history(Store& store, std::string_view feed, std::string_view before,
                                               int limit) {
    SENDHUB_ASSIGN(auto rows,
                   store.connection().query("select received from batch where feed = ? and received > 0 and "
                                            "(? = '' or (imported_at <= (select min(imported_at) "
                                            "from batch where batch_id = ?) and batch_id <> ?)) order by "
                                            "imported_at desc, batch_id desc limit ?",
                                            {feed, before, before, before, std::int64_t{limit}}));
    std::vector<std::int64_t> received;
    while (rows.next()) received.push_back(rows.integer(0));
    return received;
}

namespace {

// More than this share of what was received, and at least so many, is too much to be an everyday matter.
constexpr std::int64_t rejected_percent = 10, rejected_least = 5;

// "13 cme_case and 13 person_record": of how many records of which type a batch is made.
Result<std::string> by_record(Store& store, std::string_view batch_id) {
    SENDHUB_ASSIGN(auto rows, store.connection().query(
                                  "select record, sum(rows) from batch_scope where batch_id = ? and state <> "
                                  "'refused' group by all having sum(rows) > 0 order by record",
                                  {batch_id}));
    std::vector<std::string> parts;
    while (rows.next()) parts.push_back(std::to_string(rows.integer(1)) + " " + std::string(rows.text(0)));
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i)
        text += (i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") + parts[i];
    return text;
}

// Files on offer, all read before. What the newest batch left for a person still stands.
Result<RunEnd> nothing_new(Store& store, std::string_view feed, std::int64_t files) {
    const std::string name(feed);
    RunEnd end;
    end.state = "nothing_new";
    end.sentence = count_of(files, "file was", "files were") + " on offer for " + name +
                   (files == 1 ? ", and it was" : ", and all were") + " read before";
    SENDHUB_ASSIGN(const auto waiting, held_batches(store, feed));
    if (!waiting.empty()) {
        end.state = end.error_code = "held";
        end.sentence += "; a batch still waits: sendhub batch approve " + waiting.front().batch_id +
                        " releases it, if the rows are truly gone";
        return end;
    }
    SENDHUB_ASSIGN(auto last, store.connection().query(
                                  "select state, error_code, sentence from run where feed = ? and kind = "
                                  "'feed' and batch_id is not null and state not in ('running', 'retrying') "
                                  "order by started_at desc, run_id desc limit 1",
                                  {feed}));
    if (!last.next() || exit_code_of(last.text(0)) == 0 || last.text(0) == "held") return end;
    end.state = last.text(0);
    end.error_code = last.is_null(1) ? std::string() : std::string(last.text(1));
    end.sentence += "; still so: " + (last.is_null(2) ? std::string() : std::string(last.text(2)));
    return end;
}

Result<RunEnd> refused(Store& store, std::string_view feed, const ImportOutcome& outcome, RunEnd end) {
    const std::string name(feed);
    end.state = "failed";
    end.error_code = "file_refused";
    end.sentence = outcome.files == 1
                       ? "the only file of " + name + " was refused"
                       : "all " + std::to_string(outcome.files) + " files of " + name + " were refused";
    SENDHUB_ASSIGN(auto reason,
                   store.connection().query("select reason from batch_file where batch_id = ? and "
                                            "state = 'refused' order by file_no limit 1",
                                            {std::string_view(outcome.batch_id)}));
    if (reason.next()) end.sentence += ": " + std::string(reason.text(0));
    end.sentence += read_again_advice(feed);
    return end;
}

// What an import left that is neither nothing nor failure: the parts of its sentence, worst first.
struct Finding {
    std::string_view state;
    std::string_view error_code;
    std::string sentence;
};

Result<std::vector<Finding>> findings(Store& store, std::string_view feed, const ImportOutcome& outcome) {
    const std::string name(feed);
    std::vector<Finding> found;
    if (outcome.scopes_held > 0)
        found.push_back({"held", "held",
                         count_of(outcome.scopes_held, "scope of ", "scopes of ") + name +
                             " would lose more rows than the guard allows, and " +
                             (outcome.scopes_held == 1 ? "waits" : "wait") + "; sendhub batch approve " +
                             outcome.batch_id + " releases it, if the rows are truly gone"});
    if (outcome.files_refused > 0)
        found.push_back({"partly_refused", "file_refused",
                         std::to_string(outcome.files_refused) + " of " +
                             count_of(outcome.files, "file", "files") + " of " + name +
                             (outcome.files_refused == 1 ? " was refused" : " were refused") +
                             " (sendhub rejects " + name + " names them)" + read_again_advice(feed)});
    if (outcome.state == "empty") {
        found.push_back({"nothing_received", "nothing_received",
                         "the files of " + name + " held no row; ask the sender whether they are whole"});
        return found;
    }
    SENDHUB_ASSIGN(Yield yield, judge_yield(store, feed, outcome));
    if (yield.collapsed) found.push_back({"collapsed", "collapsed", std::move(yield.sentence)});
    if (outcome.scopes_superseded > 0)
        found.push_back(
            {"superseded", "superseded",
             count_of(outcome.superseded, "record of ", "records of ") + name +
                 (outcome.superseded == 1 ? " is" : " are") +
                 " older than what stands and changed nothing; when a date in the newer file is "
                 "wrong: sendhub batch undo takes that batch back, and this one then applies; when "
                 "all dates are right, sendhub replay " +
                 name + " reads all files again in their order"});
    if (outcome.rejected >= rejected_least && outcome.rejected * 100 > outcome.received * rejected_percent)
        found.push_back({"many_rejected", "many_rejected",
                         std::to_string(outcome.rejected) + " of " +
                             count_of(outcome.received, "record", "records") + " of " + name +
                             " were rejected; sendhub rejects " + name + " shows why" +
                             read_again_advice(feed)});
    return found;
}

}  // namespace

std::string read_again_advice(std::string_view feed) {
    return "; have a corrected file sent, or correct the settings, and sendhub replay " + std::string(feed) +
           " reads it again";
}

Result<RunEnd> classify_feed_run(Store& store, std::string_view feed, const FeedEvidence& evidence) {
    RunEnd end;
    const std::string name(feed);
    if (evidence.outcome) {
        const ImportOutcome& outcome = *evidence.outcome;
        end.batch_id = outcome.batch_id;
        end.received = outcome.received;
        end.accepted = outcome.accepted();
        end.rejected = outcome.rejected;
        end.unchanged = outcome.unchanged;
        end.closed = outcome.closed;
        end.superseded = outcome.superseded;
        end.kept_open = outcome.kept_open;
    }
    if (evidence.failure) {
        end.state = evidence.failure->code == ErrorCode::needs_person ? "needs_review" : "failed";
        end.error_code = to_string(evidence.failure->code);
        end.sentence = evidence.failure->sentence;
        return end;
    }
    const std::string left_too =
        evidence.left == 0 ? ""
                           : "; " + count_of(evidence.left, "file was", "files were") +
                                 " left at the source (sendhub runs ID names them, with the reason)";
    if (!evidence.outcome) {
        if (evidence.new_deliveries > 0)
            return fail(ErrorCode::bug,
                        "the run of " + name + " had new deliveries but neither a batch nor a failure");
        if (evidence.duplicates > 0) {
            SENDHUB_ASSIGN(RunEnd nothing, nothing_new(store, feed, evidence.duplicates));
            nothing.sentence += left_too;
            return nothing;
        }
        end.state = "nothing_received";
        end.error_code = "nothing_received";
        end.sentence = evidence.left > 0
                           ? count_of(evidence.left, "file was", "files were") + " on offer for " + name +
                                 " and left at the source; sendhub runs ID names them, with the reason"
                           : "no file was on offer for " + name +
                                 "; check that the sender delivers and that the transport looks in the "
                                 "right place";
        return end;
    }
    const ImportOutcome& outcome = *evidence.outcome;
    if (outcome.state == "refused") return refused(store, feed, outcome, std::move(end));
    SENDHUB_ASSIGN(const auto found, findings(store, feed, outcome));
    end.state = found.empty() ? "ok" : found.front().state;
    if (!found.empty()) end.error_code = found.front().error_code;
    for (const Finding& one : found) end.sentence += one.sentence + ". ";
    SENDHUB_ASSIGN(const std::string records, by_record(store, outcome.batch_id));
    end.sentence += name + ": " + count_of(outcome.received, "record", "records") + " received" +
                    (records.empty() ? "" : " (" + records + ")") + ", " +
                    std::to_string(outcome.accepted()) + " accepted, " + std::to_string(outcome.unchanged) +
                    " unchanged, " + std::to_string(outcome.rejected) + " rejected, " +
                    std::to_string(outcome.closed) + " closed";
    if (outcome.held > 0) end.sentence += ", " + std::to_string(outcome.held) + " held";
    if (outcome.superseded > 0)
        end.sentence += ", " + std::to_string(outcome.superseded) + " older than what stands";
    if (outcome.kept_open > 0)
        end.sentence += "; " + std::to_string(outcome.kept_open) +
                        (outcome.kept_open == 1 ? " record that its list no longer has was kept open"
                                                : " records that their list no longer has were kept open") +
                        ", because a row of the file was rejected without a key and may be any of them "
                        "(sendhub rejects " +
                        name + ")";
    end.sentence += left_too;
    return end;
}

}  // namespace sendhub::store
