// status.json, as ledger.hpp tells its form.
#include <algorithm>
#include <map>

#include "hub/base/files.hpp"
#include "hub/base/json_writer.hpp"
#include "hub/store/ledger.hpp"
#include "hub/store/store.hpp"

namespace sendhub::store {
namespace {

void text_or_null(JsonWriter& json, std::string_view key, const duck::Rows& rows, std::size_t column) {
    json.key(key);
    if (rows.is_null(column))
        json.null();
    else
        json.value(rows.text(column));
}
void time_or_null(JsonWriter& json, std::string_view key, const duck::Rows& rows, std::size_t column) {
    json.key(key);
    if (rows.is_null(column))
        json.null();
    else
        json.value(format_time(rows.timestamp(column).micros));
}

constexpr std::string_view run_columns =
    "run_id, feed, kind, state, started_at, finished_at, batch_id, coalesce(received, 0), coalesce(accepted, "
    "0), coalesce(rejected, 0), "
    "coalesce(unchanged, 0), error_code, sentence";

void write_counts(JsonWriter& json, const duck::Rows& rows) {
    json.field("received", rows.integer(7)).field("accepted", rows.integer(8));
    json.field("rejected", rows.integer(9)).field("unchanged", rows.integer(10));
}

Status write_runs(JsonWriter& json, duck::Connection& con) {
    SENDHUB_ASSIGN(auto rows, con.query("select " + std::string(run_columns) +
                                        " from run order by started_at desc, run_id desc limit 200"));
    json.key("runs").begin_array();
    while (rows.next()) {
        json.begin_object().field("run_id", rows.text(0));
        text_or_null(json, "feed", rows, 1);
        json.field("kind", rows.text(2)).field("state", rows.text(3));
        time_or_null(json, "started_at", rows, 4);
        time_or_null(json, "finished_at", rows, 5);
        text_or_null(json, "batch_id", rows, 6);
        write_counts(json, rows);
        text_or_null(json, "error_code", rows, 11);
        text_or_null(json, "sentence", rows, 12);
        json.end_object();
    }
    json.end_array();
    return {};
}

// Current rows of each feed, over all record types.
Result<std::map<std::string, std::int64_t, std::less<>>> rows_by_feed(duck::Connection& con) {
    std::string sql;
    for (const schema::Record& record : schema::records()) {
        if (!sql.empty()) sql += " union all ";
        sql += "select feed from " + std::string(record.name);
    }
    SENDHUB_ASSIGN(auto rows, con.query("select feed, count(*) from (" + sql + ") group by all"));
    std::map<std::string, std::int64_t, std::less<>> counts;
    while (rows.next()) counts.emplace(rows.text(0), rows.integer(1));
    return counts;
}

Status write_feed(JsonWriter& json, duck::Connection& con, const std::string& feed, std::int64_t current_rows,
                  const std::vector<HeldBatch>& held, Micros now) {
    json.begin_object().field("feed", feed);
    SENDHUB_ASSIGN(
        const auto running,
        con.count("select count(*) from run where kind = 'feed' and feed = ? and state = 'running'",
                  {std::string_view(feed)}));
    SENDHUB_ASSIGN(auto last,
                   con.query("select " + std::string(run_columns) +
                                 " from run where kind = 'feed' and feed = ? and state not in "
                                 "('running', 'retrying') order by started_at desc, run_id desc limit 1",
                             {std::string_view(feed)}));
    const bool ran = last.next();
    json.field("state", ran ? last.text(3) : std::string_view("never_run")).field("running", running > 0);
    if (ran) {
        json.field("run_id", last.text(0));
        text_or_null(json, "sentence", last, 12);
        text_or_null(json, "error_code", last, 11);
        time_or_null(json, "started_at", last, 4);
        time_or_null(json, "finished_at", last, 5);
        write_counts(json, last);
    } else {
        json.key("run_id").null().field("sentence", "this feed has not run yet").key("error_code").null();
        json.key("started_at").null().key("finished_at").null();
        json.field("received", 0).field("accepted", 0).field("rejected", 0).field("unchanged", 0);
    }
    SENDHUB_ASSIGN(auto data, con.query("select (select max(b.imported_at) from batch b where b.feed = ? and "
                                        "exists (select 1 from batch_scope s "
                                        "where s.batch_id = b.batch_id and s.state in ('imported', "
                                        "'approved'))), (select max(as_of) from batch_scope "
                                        "where feed = ? and state in ('imported', 'approved'))",
                                        {std::string_view(feed), std::string_view(feed)}));
    data.next();
    time_or_null(json, "last_imported_at", data, 0);
    if (data.is_null(1))
        json.key("as_of").null().key("age_days").null();
    else
        json.field("as_of", format_date(data.date(1).days))
            .field("age_days", day_of(now) - data.date(1).days);
    json.field("rows", current_rows);
    SENDHUB_ASSIGN(auto issues, con.query("select count(*) filter (severity = 'reject'), count(*) filter "
                                          "(severity = 'warning') from row_issue where feed = ?",
                                          {std::string_view(feed)}));
    issues.next();
    json.field("reject_count", issues.integer(0)).field("warning_count", issues.integer(1));
    json.key("held").begin_array();
    for (const HeldBatch& batch : held)
        if (batch.feed == feed) json.value(batch.batch_id);
    json.end_array().end_object();
    return {};
}

void write_held(JsonWriter& json, const std::vector<HeldBatch>& held) {
    json.key("held").begin_array();
    for (const HeldBatch& batch : held) {
        std::int64_t would_close = 0, current = 0;
        for (const HeldScope& scope : batch.scopes)
            would_close += scope.would_close, current += scope.current_rows;
        json.begin_object()
            .field("batch_id", batch.batch_id)
            .field("feed", batch.feed)
            .field("held_at", format_time(batch.held_at));
        json.field("scopes", batch.scopes.size())
            .field("would_close", would_close)
            .field("current_rows", current);
        json.field("approve", "sendhub batch approve " + batch.batch_id).end_object();
    }
    json.end_array();
}

}  // namespace

Status export_status(Store& store, const std::filesystem::path& path, const StatusSettings& settings,
                     Micros now) {
    duck::Connection& con = store.connection();
    SENDHUB_ASSIGN(const auto held, held_batches(store));
    SENDHUB_ASSIGN(const auto current_rows, rows_by_feed(con));

    JsonWriter json;
    json.begin_object().field("written_at", format_time(now));
    json.key("hub")
        .begin_object()
        .field("name", settings.hub_name)
        .field("version", settings.hub_version)
        .end_object();
    json.field("schema_version", schema::version());
    json.key("publication");
    std::error_code none_yet;
    const auto current =
        std::filesystem::read_symlink(path.parent_path() / "published" / "current", none_yet);
    if (none_yet)
        json.null();
    else
        json.begin_object().field("version", current.filename().string()).end_object();
    json.key("feeds").begin_array();
    for (const std::string& feed : settings.feeds) {
        const auto rows = current_rows.find(feed);
        SENDHUB_TRY(write_feed(json, con, feed, rows == current_rows.end() ? 0 : rows->second, held, now));
    }
    json.end_array();
    write_held(json, held);
    SENDHUB_TRY(write_runs(json, con));
    json.end_object();
    return write_file_atomically(path, json.text() + "\n");
}

}  // namespace sendhub::store
