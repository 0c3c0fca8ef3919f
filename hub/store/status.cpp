// status.json, as ledger.hpp tells its form.
#include <algorithm>
#include <map>
#include <optional>

#include "base/files.hpp"
#include "base/json_writer.hpp"
#include "hub/store/health.hpp"
#include "hub/store/ledger.hpp"
#include "hub/store/store.hpp"

namespace sendhub::store {
namespace {

template <class T>
using ByFeed = std::map<std::string, T, std::less<>>;

void write(JsonWriter& json, std::string_view key, const std::optional<std::string>& text) {
    json.key(key);
    if (text)
        json.value(*text);
    else
        json.null();
}
void write(JsonWriter& json, std::string_view key, std::optional<Micros> time) {
    write(json, key, time ? std::optional(format_time(*time)) : std::nullopt);
}

struct Run {
    std::string run_id, kind, state;
    std::optional<std::string> feed, batch_id, error_code, sentence;
    std::optional<Micros> started_at, finished_at;
    std::int64_t received = 0, accepted = 0, rejected = 0, unchanged = 0;
    std::int64_t closed = 0, superseded = 0, kept_open = 0;
};

constexpr std::string_view run_columns =
    "run_id, feed, kind, state, started_at, finished_at, batch_id, coalesce(received, 0), coalesce(accepted, "
    "0), coalesce(rejected, 0), "
    "coalesce(unchanged, 0), error_code, sentence, coalesce(closed, 0), coalesce(superseded, 0), "
    "coalesce(kept_open, 0)";

Run run_of(const duck::Rows& rows) {
    auto text = [&](std::size_t column) {
        return rows.is_null(column) ? std::nullopt : std::optional(std::string(rows.text(column)));
    };
    auto time = [&](std::size_t column) {
        return rows.is_null(column) ? std::nullopt : std::optional(rows.timestamp(column).micros);
    };
    Run run;
    run.run_id = rows.text(0);
    run.feed = text(1);
    run.kind = rows.text(2);
    run.state = rows.text(3);
    run.started_at = time(4);
    run.finished_at = time(5);
    run.batch_id = text(6);
    run.received = rows.integer(7);
    run.accepted = rows.integer(8);
    run.rejected = rows.integer(9);
    run.unchanged = rows.integer(10);
    run.error_code = text(11);
    run.sentence = text(12);
    run.closed = rows.integer(13);
    run.superseded = rows.integer(14);
    run.kept_open = rows.integer(15);
    return run;
}

void write_counts(JsonWriter& json, const Run& run) {
    json.field("received", run.received).field("accepted", run.accepted);
    json.field("rejected", run.rejected).field("unchanged", run.unchanged);
    json.field("closed", run.closed).field("superseded", run.superseded).field("kept_open", run.kept_open);
}

Status write_runs(JsonWriter& json, duck::Connection& con) {
    SENDHUB_ASSIGN(auto rows, con.query("select " + std::string(run_columns) +
                                        " from run order by started_at desc, run_id desc limit 200"));
    json.key("runs").begin_array();
    while (rows.next()) {
        const Run run = run_of(rows);
        json.begin_object().field("run_id", run.run_id);
        write(json, "feed", run.feed);
        json.field("kind", run.kind).field("state", run.state);
        write(json, "started_at", run.started_at);
        write(json, "finished_at", run.finished_at);
        write(json, "batch_id", run.batch_id);
        write_counts(json, run);
        write(json, "error_code", run.error_code);
        write(json, "sentence", run.sentence);
        json.end_object();
    }
    json.end_array();
    return {};
}

// The files of the newest runs, in a file of its own: names may be personal, and status.json goes to
// monitors.
Status export_run_files(duck::Connection& con, const std::filesystem::path& path) {
    SENDHUB_ASSIGN(auto rows, con.query("select f.run_id, f.state, f.name, f.reason from run_file f "
                                        "join (select run_id from run order by started_at desc, run_id desc "
                                        "limit 200) r on r.run_id = f.run_id order by f.run_id, f.state "
                                        "desc, f.name"));
    JsonWriter json;
    json.begin_object();
    std::string run;
    while (rows.next()) {
        if (rows.text(0) != run) {
            if (!run.empty()) json.end_array();
            run = rows.text(0);
            json.key(run).begin_array();
        }
        json.begin_object()
            .field("state", rows.text(1))
            .field("name", rows.text(2))
            .field("reason", rows.text(3))
            .end_object();
    }
    if (!run.empty()) json.end_array();
    return write_file_atomically(path, json.end_object().take() + "\n", 0600);
}

// What the store knows of a feed.
struct Standing {
    bool running = false;
    std::optional<Run> last;  // that has ended
    std::optional<Micros> last_imported_at;
    std::optional<Days> as_of;
    std::int64_t rows = 0;  // current, over all record types
    std::int64_t rejects = 0, warnings = 0;
};

Result<ByFeed<Standing>> standings(duck::Connection& con) {
    ByFeed<Standing> out;
    SENDHUB_ASSIGN(auto running,
                   con.query("select distinct feed from run where kind = 'feed' and state = 'running'"));
    while (running.next()) out[std::string(running.text(0))].running = true;
    SENDHUB_ASSIGN(
        auto last,
        con.query("select " + std::string(run_columns) +
                  " from run where kind = 'feed' and state not in ('running', 'retrying') qualify "
                  "row_number() over (partition by feed order by started_at desc, run_id desc) = 1"));
    while (last.next()) out[std::string(last.text(1))].last = run_of(last);
    SENDHUB_ASSIGN(auto data, con.query("select s.feed, max(b.imported_at), max(s.as_of) from batch_scope s "
                                        "join batch b on b.batch_id = s.batch_id where s.state in "
                                        "('imported', 'approved') group by all"));
    while (data.next()) {
        Standing& one = out[std::string(data.text(0))];
        if (!data.is_null(1)) one.last_imported_at = data.timestamp(1).micros;
        if (!data.is_null(2)) one.as_of = data.date(2).days;
    }
    std::string current;
    for (const schema::Record& record : schema::records()) {
        if (!current.empty()) current += " union all ";
        current += "select feed from " + std::string(record.name);
    }
    SENDHUB_ASSIGN(auto rows, con.query("select feed, count(*) from (" + current + ") group by all"));
    while (rows.next()) out[std::string(rows.text(0))].rows = rows.integer(1);
    SENDHUB_ASSIGN(
        auto issues,
        con.query("select feed, count(*) filter (severity = 'reject'), count(*) filter (severity = "
                  "'warning') from row_issue group by all"));
    while (issues.next()) {
        Standing& one = out[std::string(issues.text(0))];
        one.rejects = issues.integer(1);
        one.warnings = issues.integer(2);
    }
    return out;
}

void write_feed(JsonWriter& json, const std::string& feed, const Standing& standing,
                const std::vector<HeldBatch>& held, Micros now) {
    json.begin_object().field("feed", feed);
    json.field("state", standing.last ? std::string_view(standing.last->state) : "never_run");
    json.field("running", standing.running);
    if (const auto& last = standing.last) {
        json.field("run_id", last->run_id);
        write(json, "sentence", last->sentence);
        write(json, "error_code", last->error_code);
        write(json, "started_at", last->started_at);
        write(json, "finished_at", last->finished_at);
        write_counts(json, *last);
    } else {
        json.key("run_id").null().field("sentence", "this feed has not run yet").key("error_code").null();
        json.key("started_at").null().key("finished_at").null();
        write_counts(json, Run());
    }
    write(json, "last_imported_at", standing.last_imported_at);
    if (standing.as_of)
        json.field("as_of", format_date(*standing.as_of)).field("age_days", day_of(now) - *standing.as_of);
    else
        json.key("as_of").null().key("age_days").null();
    json.field("rows", standing.rows);
    json.field("reject_count", standing.rejects).field("warning_count", standing.warnings);
    json.key("held").begin_array();
    for (const HeldBatch& batch : held)
        if (batch.feed == feed) json.value(batch.batch_id);
    json.end_array().end_object();
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
    SENDHUB_ASSIGN(const auto known, standings(con));

    JsonWriter json;
    json.begin_object().field("written_at", format_time(now));
    json.key("hub")
        .begin_object()
        .field("name", settings.hub_name)
        .field("version", settings.hub_version)
        .end_object();
    json.field("schema_version", schema::version());
    json.key("publication");
    HealthEvidence evidence;
    std::error_code none_yet;
    const auto current =
        std::filesystem::read_symlink(path.parent_path() / "published" / "current", none_yet);
    if (none_yet)
        json.null();
    else
        json.begin_object().field("version", current.filename().string()).end_object();
    evidence.published = !none_yet;
    evidence.held_batches = held.size();
    json.key("feeds").begin_array();
    for (const std::string& feed : settings.feeds) {
        const auto standing = known.find(feed);
        write_feed(json, feed, standing == known.end() ? Standing() : standing->second, held, now);
        evidence.feeds.emplace_back(feed, standing == known.end() || !standing->second.last
                                              ? "never_run"
                                              : standing->second.last->state);
    }
    json.end_array();
    SENDHUB_ASSIGN(auto kinds, con.query("select kind, state from run where kind <> 'feed' and state <> "
                                         "'running' qualify row_number() over (partition by kind order by "
                                         "started_at desc, run_id desc) = 1"));
    while (kinds.next()) {
        const std::string_view kind = kinds.text(0);
        (kind == "match"     ? evidence.match_state
         : kind == "publish" ? evidence.publish_state
                             : evidence.night_state) = kinds.text(1);
    }
    const Health health = judge_health(evidence);
    json.key("health").begin_object().field("state", health.state).field("exit_code", health.exit_code);
    json.key("reasons").begin_array();
    for (const std::string& reason : health.reasons) json.value(reason);
    json.end_array().end_object();
    write_held(json, held);
    SENDHUB_TRY(write_runs(json, con));
    json.end_object();
    SENDHUB_TRY(export_run_files(con, path.parent_path() / "run_files.json"));
    return write_file_atomically(path, json.text() + "\n");
}

}  // namespace sendhub::store
