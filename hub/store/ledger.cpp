#include "hub/store/ledger.hpp"

#include <algorithm>
#include <set>

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
    static const std::set<std::string_view> states{"ok",     "nothing_received", "collapsed", "held",
                                                   "failed", "retrying",         "skipped"};
    if (!states.contains(end.state)) return fail(ErrorCode::bug, "a run cannot end as '" + end.state + "'");
    SENDHUB_ASSIGN(auto rows,
                   store.connection().query(
                       "update run set state = ?, finished_at = ?, batch_id = ?, received = ?, accepted = ?, "
                       "rejected = ?, unchanged = ?, "
                       "error_code = ?, sentence = ? where run_id = ? and state = 'running'",
                       {std::string_view(end.state), duck::Timestamp{now}, text_or_null(end.batch_id),
                        end.received, end.accepted, end.rejected, end.unchanged, text_or_null(end.error_code),
                        text_or_null(end.sentence), run_id}));
    if (rows.rows_changed() != 1)
        return fail(ErrorCode::bug,
                    "the run " + std::string(run_id) + " is not running, so it cannot end as " + end.state);
    return {};
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
    SENDHUB_ASSIGN(auto rows, store.connection().query(
                                  "select distinct seq, sha256 from batch_file where feed = ?", {feed}));
    while (rows.next()) read.emplace(rows.integer(0), rows.text(1));
    std::vector<std::int64_t> pending;
    for (const DeliveryKey& delivery : deliveries)
        if (!read.contains({delivery.seq, delivery.sha256})) pending.push_back(delivery.seq);
    return pending;
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
    }
    if (evidence.failure) {
        end.state = "failed";
        end.error_code = to_string(evidence.failure->code);
        end.sentence = evidence.failure->sentence;
        return end;
    }
    if (!evidence.outcome) {
        if (evidence.new_deliveries > 0)
            return fail(ErrorCode::bug,
                        "the run of " + name + " had new deliveries but neither a batch nor a failure");
        end.state = "nothing_received";
        end.sentence =
            evidence.duplicates > 0
                ? count_of(evidence.duplicates, "file was", "files were") + " on offer for " + name +
                      " with nothing new in them"
                : "no file was on offer for " + name +
                      "; check that the sender delivers and that the transport looks in the right place";
        return end;
    }
    const ImportOutcome& outcome = *evidence.outcome;
    if (outcome.state == "refused") {
        end.state = "failed";
        end.error_code = "file_refused";
        end.sentence = (outcome.files == 1
                            ? "the only file of " + name + " was refused"
                            : "all " + std::to_string(outcome.files) + " files of " + name + " were refused");
        SENDHUB_ASSIGN(auto reason,
                       store.connection().query("select name, reason from batch_file where batch_id = ? and "
                                                "state = 'refused' order by file_no limit 1",
                                                {std::string_view(outcome.batch_id)}));
        if (reason.next())
            end.sentence += ": " + std::string(reason.text(0)) + ": " + std::string(reason.text(1));
        return end;
    }
    if (outcome.scopes_held > 0) {
        end.state = "held";
        end.error_code = "held";
        end.sentence = count_of(outcome.scopes_held, "scope of ", "scopes of ") + name +
                       " would lose more rows than the guard allows, and " +
                       (outcome.scopes_held == 1 ? "waits" : "wait") +
                       "; if the rows are truly gone: sendhub batch approve " + outcome.batch_id;
        return end;
    }
    if (outcome.state == "empty") {
        end.state = "nothing_received";
        end.sentence = "the files of " + name + " held no row; ask the sender whether they are whole";
        return end;
    }
    SENDHUB_ASSIGN(const Yield yield, judge_yield(store, feed, outcome));
    if (yield.collapsed) {
        end.state = "collapsed";
        end.error_code = "collapsed";
        end.sentence = yield.sentence;
        return end;
    }
    end.state = "ok";
    end.sentence = name + ": " + count_of(outcome.received, "row", "rows") + " received, " +
                   std::to_string(outcome.accepted()) + " accepted, " + std::to_string(outcome.unchanged) +
                   " unchanged, " + std::to_string(outcome.rejected) + " rejected";
    if (outcome.superseded > 0)
        end.sentence += ", " + std::to_string(outcome.superseded) + " older than what stands";
    if (outcome.files_refused > 0) {
        end.error_code = "file_refused";
        end.sentence += "; " + std::to_string(outcome.files_refused) + " of " +
                        count_of(outcome.files, "file", "files") + " refused";
    }
    return end;
}

}  // namespace sendhub::store
