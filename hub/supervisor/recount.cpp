#include "hub/supervisor/recount.hpp"

#include <simdjson.h>

#include <map>
#include <set>

#include "base/duckdb.hpp"
#include "base/files.hpp"
#include "schemas/registry.hpp"

namespace sendhub::supervisor {
namespace {

using simdjson::dom::array;
using simdjson::dom::element;
using simdjson::dom::object;

std::unexpected<Error> differs(std::string what) { return fail(ErrorCode::plugin, std::move(what)); }

struct ClaimedScope {
    std::string record;
    std::uint64_t rows = 0;
    bool staged = false;
};

struct Claimed {
    std::map<std::int64_t, ClaimedScope> scopes;
    std::map<std::string, std::uint64_t> staged, rejected;  // by record type
    std::uint64_t files = 0, files_refused = 0, bytes = 0, reject_issues = 0, warnings = 0;
};

// All of batch.json that the hub relies on; throws simdjson_error where something is not what it should be.
Result<Claimed> read_claims(const object& root, const handover::StageJob& job) {
    Claimed out;
    if (std::string_view(root["batch"]) != job.batch_id || std::string_view(root["feed"]) != job.feed)
        return differs("batch.json is that of another batch or feed");
    if (std::string_view(root["schema_version"]) != schema::version())
        return differs("batch.json is of another version of the schema");
    std::map<std::int64_t, const handover::Delivery*> deliveries;
    for (const handover::Delivery& delivery : job.deliveries) deliveries[delivery.seq] = &delivery;
    std::set<std::int64_t> seen, refused;
    for (const element item : array(root["files"])) {
        const object file = item;
        const auto seq = std::int64_t(file["seq"]);
        const auto delivery = deliveries.find(seq);
        if (std::uint64_t(file["no"]) != out.files)
            return differs("batch.json does not number its files from 0 on");
        if (delivery == deliveries.end() || std::string_view(file["sha256"]) != delivery->second->sha256)
            return differs("batch.json names a delivery that the run was not given");
        const std::string_view state = file["state"];
        if (state != "read" && state != "refused") return differs("batch.json has a file in no known state");
        if (state == "refused") refused.insert(static_cast<std::int64_t>(out.files));
        seen.insert(seq);
        out.bytes += std::uint64_t(file["bytes"]);
        ++out.files;
    }
    out.files_refused = refused.size();
    if (seen.size() != deliveries.size())
        return differs("batch.json leaves out a delivery that the run was given");
    for (const element item : array(root["scopes"])) {
        const object scope = item;
        const auto no = std::int64_t(scope["no"]);
        if (no != static_cast<std::int64_t>(out.scopes.size()))
            return differs("batch.json does not number its scopes from 0 on");
        ClaimedScope claimed{std::string{std::string_view(scope["record"])}, std::uint64_t(scope["rows"]),
                             std::string_view(scope["state"]) == "staged"};
        const std::string_view mode = scope["mode"];
        if ((mode != "snapshot" && mode != "delta") || !parse_iso_date(std::string_view(scope["as_of"])) ||
            !schema::find_record(claimed.record))
            return differs("batch.json has a scope that the hub does not understand");
        for (const element number : array(scope["files"])) {
            const auto file = std::int64_t(number);
            if (file < 0 || file >= static_cast<std::int64_t>(out.files))
                return differs("batch.json has a scope of a file that is not there");
            if (claimed.staged && refused.contains(file))
                return differs("batch.json counts rows of a file that it says was refused");
        }
        out.scopes.emplace(no, std::move(claimed));
    }
    for (const element item : array(root["records"])) {
        const object record = item;
        const auto name = std::string{std::string_view(record["record"])};
        const std::uint64_t received = record["received"], staged = record["staged"],
                            rejected = record["rejected"];
        if (received != staged + rejected)
            return differs("batch.json received " + std::to_string(received) + " rows of " + name +
                           ", which is not staged and rejected together");
        if (!schema::find_record(name) || !out.staged.emplace(name, staged).second)
            return differs("batch.json has a record type that is unknown or there twice");
        out.rejected[name] = rejected;
    }
    const object issues = root["issues"];
    out.reject_issues = issues["reject"];
    out.warnings = issues["warning"];
    return out;
}

bool is_type(std::string_view found, std::string_view wanted) {
    return found == wanted || (wanted == "TIMESTAMPTZ" && found == "TIMESTAMP WITH TIME ZONE");
}

// The columns that contracts.md section 3 demands, in order.
Status check_columns(duck::Connection& connection, const std::string& path, const schema::Record& record) {
    SENDHUB_ASSIGN(auto rows,
                   connection.query("describe select * from read_parquet(" + duck::quoted_text(path) + ")"));
    std::vector<std::pair<std::string_view, std::string_view>> wanted{
        {"scope_no", "INTEGER"}, {"file_no", "INTEGER"}, {"source_row", "BIGINT"}};
    for (const schema::Field& field : record.fields) wanted.emplace_back(field.name, field.sql_type);
    std::size_t i = 0;
    for (; rows.next(); ++i)
        if (i >= wanted.size() || rows.text(0) != wanted[i].first || !is_type(rows.text(1), wanted[i].second))
            return differs(std::string(record.name) + ".parquet has other columns than the schema");
    if (i != wanted.size())
        return differs(std::string(record.name) + ".parquet has fewer columns than the schema");
    return {};
}

Status count_record(duck::Connection& connection, const std::filesystem::path& folder,
                    const std::string& name, const Claimed& claimed) {
    const auto path = folder / (name + ".parquet");
    std::map<std::int64_t, std::uint64_t> there;
    if (std::filesystem::exists(std::filesystem::symlink_status(path))) {
        SENDHUB_TRY(check_columns(connection, path.string(), *schema::find_record(name)));
        SENDHUB_ASSIGN(
            auto rows,
            connection.query("select scope_no, count(*), max(file_no), min(file_no) from read_parquet(" +
                             duck::quoted_text(path.string()) + ") group by scope_no"));
        while (rows.next()) {
            if (rows.is_null(0) || rows.is_null(2) || rows.integer(3) < 0 ||
                rows.integer(2) >= static_cast<std::int64_t>(claimed.files))
                return differs(name + ".parquet has rows of no file or no scope");
            there[rows.integer(0)] = static_cast<std::uint64_t>(rows.integer(1));
        }
    }
    std::uint64_t staged = 0;
    for (const auto& [no, scope] : claimed.scopes) {
        if (scope.record != name) continue;
        const auto found = there.find(no);
        const std::uint64_t rows = found == there.end() ? 0 : found->second;
        if (rows != scope.rows)
            return differs("batch.json claims " + std::to_string(scope.rows) + " rows of " + name +
                           " in scope " + std::to_string(no) + " and " + std::to_string(rows) + " are there");
        if (found != there.end()) there.erase(found);
        if (scope.staged) staged += rows;
    }
    if (!there.empty()) return differs(name + ".parquet has rows of a scope that batch.json does not name");
    const auto said = claimed.staged.find(name);
    if ((said == claimed.staged.end() ? 0 : said->second) != staged)
        return differs("batch.json claims " +
                       std::to_string(said == claimed.staged.end() ? 0 : said->second) + " staged rows of " +
                       name + " and " + std::to_string(staged) + " are there");
    return {};
}

Result<handover::Counts> recount(const std::filesystem::path& folder, const handover::StageJob& job) {
    SENDHUB_ASSIGN(const std::string text, read_file(folder / "batch.json", 512u << 20));
    simdjson::dom::parser parser;
    const object root = parser.parse(simdjson::padded_string(text));
    SENDHUB_ASSIGN(const Claimed claimed, read_claims(root, job));

    SENDHUB_ASSIGN(
        const auto database,
        duck::Database::open({}, {{"threads", "1"}, {"memory_limit", "512MB"}, {"temp_directory", ""}}));
    SENDHUB_ASSIGN(auto connection, database.connect());
    std::set<std::string> types;
    for (const auto& [no, scope] : claimed.scopes) types.insert(scope.record);
    for (const auto& [name, staged] : claimed.staged) types.insert(name);
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (!std::filesystem::is_regular_file(entry.symlink_status()))
            return differs("the batch holds something that is not a file");
        if (name == "batch.json" || name == "rejects.parquet") continue;
        if (entry.path().extension() != ".parquet" || !types.contains(entry.path().stem().string()))
            return differs("the batch holds a file that batch.json does not know");
    }
    for (const std::string& name : types) SENDHUB_TRY(count_record(connection, folder, name, claimed));

    handover::Counts counts;
    SENDHUB_ASSIGN(
        auto rejects,
        connection.query(
            "select count(*) filter (severity = 'reject'), count(*) filter (severity = 'warning'), count(*), "
            "count(distinct (file_no, source_row, source_key)) filter (severity = 'reject' and record is "
            "null and source_row > 0) from read_parquet(" +
            duck::quoted_text((folder / "rejects.parquet").string()) + ")"));
    if (!rejects.next() || static_cast<std::uint64_t>(rejects.integer(0)) != claimed.reject_issues ||
        static_cast<std::uint64_t>(rejects.integer(1)) != claimed.warnings ||
        rejects.integer(0) + rejects.integer(1) != rejects.integer(2))
        return differs("batch.json claims other numbers of rejects and warnings than rejects.parquet holds");
    for (const auto& [name, staged] : claimed.staged) counts.rows_staged += staged;
    for (const auto& [name, rejected] : claimed.rejected) counts.rows_rejected += rejected;
    if (counts.rows_rejected > claimed.reject_issues)
        return differs("batch.json claims more rejected rows than rejects.parquet explains");
    counts.rows_rejected += static_cast<std::uint64_t>(rejects.integer(3));
    counts.rows_received = counts.rows_staged + counts.rows_rejected;
    counts.files = claimed.files;
    counts.files_refused = claimed.files_refused;
    counts.bytes = claimed.bytes;
    return counts;
}

}  // namespace

Result<handover::Counts> recount_batch(const std::filesystem::path& folder, const handover::StageJob& job) {
    try {
        return recount(folder, job);
    } catch (const simdjson::simdjson_error&) {
        return differs("batch.json is not complete");
    } catch (const std::filesystem::filesystem_error& e) {
        return fail(ErrorCode::storage, std::string("the batch cannot be looked at: ") + e.what());
    }
}

}  // namespace sendhub::supervisor
