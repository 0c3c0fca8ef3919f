#include "hub/store/staged_batch.hpp"

#include <simdjson.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/files.hpp"

namespace sendhub::store {
namespace {

// Reads batch.json field by field; the first fault is kept and told once, at the end.
class Reader {
  public:
    explicit Reader(const std::filesystem::path& path) : path_(path) {}

    std::string text(simdjson::dom::object object, std::string_view key) {
        std::string_view value;
        if (object[key].get(value)) fault(key, "text");
        return std::string(value);
    }
    std::int64_t number(simdjson::dom::object object, std::string_view key) {
        std::int64_t value = 0;
        if (object[key].get(value) || value < 0) fault(key, "a whole number, 0 or more");
        return value;
    }
    simdjson::dom::array list(simdjson::dom::object object, std::string_view key) {
        simdjson::dom::array value;
        if (object[key].get(value)) fault(key, "a list");
        return value;
    }
    simdjson::dom::object item(simdjson::dom::element element, std::string_view key) {
        simdjson::dom::object value;
        if (element.get(value)) fault(key, "a list of objects");
        return value;
    }
    std::optional<std::string> choice(simdjson::dom::object object, std::string_view key,
                                      std::initializer_list<std::string_view> words) {
        std::string value = text(object, key);
        for (const std::string_view word : words)
            if (value == word) return value;
        fault(key, "one of its known words");
        return std::nullopt;
    }
    void fault(std::string_view key, std::string_view wanted) {
        if (fault_.empty()) fault_ = "'" + std::string(key) + "' must be " + std::string(wanted);
    }
    [[nodiscard]] Status status() const {
        if (fault_.empty()) return {};
        return fail(ErrorCode::plugin, path_.string() + ": " + fault_ + "; stage the batch again");
    }

  private:
    std::filesystem::path path_;
    std::string fault_;
};

std::vector<StagedFile> read_files(Reader& reader, simdjson::dom::object object) {
    std::vector<StagedFile> files;
    std::set<std::int64_t> numbers;
    for (const simdjson::dom::element element : reader.list(object, "files")) {
        const auto item = reader.item(element, "files");
        StagedFile file;
        file.no = reader.number(item, "no");
        file.seq = reader.number(item, "seq");
        file.name = reader.text(item, "name");
        file.sha256 = reader.text(item, "sha256");
        file.bytes = reader.number(item, "bytes");
        file.refused = reader.choice(item, "state", {"read", "refused"}) == "refused";
        if (file.refused) file.reason = reader.text(item, "reason");
        if (!numbers.insert(file.no).second) reader.fault("files", "numbered once each");
        files.push_back(std::move(file));
    }
    return files;
}

std::vector<StagedScope> read_scopes(Reader& reader, simdjson::dom::object object) {
    std::vector<StagedScope> scopes;
    std::set<std::int64_t> numbers;
    for (const simdjson::dom::element element : reader.list(object, "scopes")) {
        const auto item = reader.item(element, "scopes");
        StagedScope scope;
        scope.no = reader.number(item, "no");
        scope.record = schema::find_record(reader.text(item, "record"));
        if (!scope.record) reader.fault("record", "a record type of the schema");
        scope.name = reader.text(item, "name");
        scope.snapshot = reader.choice(item, "mode", {"snapshot", "delta"}) == "snapshot";
        const auto as_of = parse_iso_date(reader.text(item, "as_of"));
        if (!as_of) reader.fault("as_of", "a date");
        scope.as_of = as_of.value_or(0);
        scope.rows = reader.number(item, "rows");
        scope.refused = reader.choice(item, "state", {"staged", "refused"}) == "refused";
        for (const simdjson::dom::element file : reader.list(item, "files")) {
            std::int64_t no = 0;
            if (file.get(no)) reader.fault("files", "a list of file numbers");
            scope.files.push_back(no);
        }
        if (!numbers.insert(scope.no).second) reader.fault("scopes", "numbered once each");
        scopes.push_back(std::move(scope));
    }
    return scopes;
}

}  // namespace

std::filesystem::path StagedBatch::rows_of(const schema::Record& record) const {
    return folder / (std::string(record.name) + ".parquet");
}

std::string parquet_sql(const std::filesystem::path& file) {
    return "read_parquet(" + duck::quoted_text(file.string()) + ")";
}

Result<StagedBatch> read_staged_batch(const std::filesystem::path& folder) {
    const auto path = folder / "batch.json";
    SENDHUB_ASSIGN(const std::string text, read_file(path, std::size_t{256} << 20));
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    if (parser.parse(text).get(object))
        return fail(ErrorCode::plugin, path.string() + " is not a JSON object; stage the batch again");

    Reader reader(path);
    StagedBatch batch;
    batch.folder = std::filesystem::absolute(folder);
    batch.id = reader.text(object, "batch");
    batch.feed = reader.text(object, "feed");
    if (batch.id.empty() || batch.feed.empty()) reader.fault("batch and feed", "filled");
    simdjson::dom::object connector;
    if (object["connector"].get(connector))
        reader.fault("connector", "an object");
    else {
        batch.connector = reader.text(connector, "name");
        batch.connector_version = reader.text(connector, "version");
    }
    const auto started = parse_time(reader.text(object, "started_at"));
    if (!started) reader.fault("started_at", "a time");
    batch.started_at = started.value_or(0);
    batch.files = read_files(reader, object);
    batch.scopes = read_scopes(reader, object);
    for (const simdjson::dom::element element : reader.list(object, "records")) {
        const auto item = reader.item(element, "records");
        const std::int64_t received = reader.number(item, "received");
        const std::int64_t staged = reader.number(item, "staged");
        const std::int64_t rejected = reader.number(item, "rejected");
        if (received != staged + rejected) reader.fault("received", "staged + rejected of each record type");
        batch.received += received;
        batch.staged += staged;
        batch.rejected += rejected;
    }
    std::int64_t of_no_record = 0;  // batches that an older sendhub staged do not say
    if (object["rejected_of_no_record"].error() == simdjson::SUCCESS)
        of_no_record = reader.number(object, "rejected_of_no_record");
    batch.received += of_no_record;
    batch.rejected += of_no_record;
    SENDHUB_TRY(reader.status());
    std::map<std::int64_t, std::int64_t> seq_of;
    for (const StagedFile& file : batch.files) seq_of[file.no] = file.seq;
    for (StagedScope& scope : batch.scopes)
        for (const std::int64_t file : scope.files) scope.seq = std::max(scope.seq, seq_of[file]);
    return batch;
}

namespace {

Status check_columns(duck::Connection& connection, const schema::Record& record,
                     const std::filesystem::path& file) {
    auto described = connection.query("describe select * from " + parquet_sql(file));
    if (!described)
        return fail(ErrorCode::storage,
                    "could not read the staged " + file.string() + ": " + described.error().sentence);
    std::vector<std::pair<std::string, std::string>> wanted{
        {"scope_no", "INTEGER"}, {"file_no", "INTEGER"}, {"source_row", "BIGINT"}};
    for (const schema::Field& field : record.fields)
        wanted.emplace_back(field.name,
                            field.sql_type == "TIMESTAMPTZ" ? "TIMESTAMP WITH TIME ZONE" : field.sql_type);
    std::size_t i = 0;
    for (; described->next(); ++i)
        if (i >= wanted.size() || described->text(0) != wanted[i].first ||
            described->text(1) != wanted[i].second)
            return fail(
                ErrorCode::plugin,
                file.string() + ": column " + std::to_string(i + 1) + " is " +
                    std::string(described->text(0)) + " " + std::string(described->text(1)) + " where " +
                    (i < wanted.size() ? wanted[i].first + " " + wanted[i].second : "no further column") +
                    " belongs; it was staged for another schema, stage the batch again");
    if (i != wanted.size())
        return fail(ErrorCode::plugin, file.string() + " lacks the column " + wanted[i].first +
                                           "; it was staged for another schema, stage the batch again");
    return {};
}

}  // namespace

Status check_staged_files(duck::Connection& connection, const StagedBatch& batch) {
    std::map<const schema::Record*, std::map<std::int64_t, std::int64_t>> told;  // rows by scope
    for (const StagedScope& scope : batch.scopes)
        if (!scope.refused) told[scope.record][scope.no] = scope.rows;
    std::error_code ignored;
    for (const auto& [record, by_scope] : told) {
        const auto file = batch.rows_of(*record);
        std::map<std::int64_t, std::int64_t> found;
        if (std::filesystem::exists(file, ignored)) {
            SENDHUB_TRY(check_columns(connection, *record, file));
            SENDHUB_ASSIGN(auto rows, connection.query("select scope_no, count(*) from " + parquet_sql(file) +
                                                       " group by all"));
            while (rows.next()) found[rows.integer(0)] = rows.integer(1);
        }
        for (const auto& [scope, rows] : found)
            if (std::none_of(batch.scopes.begin(), batch.scopes.end(), [&, no = scope](const StagedScope& s) {
                    return s.no == no && s.record == record;
                }))
                return fail(ErrorCode::plugin, file.string() + " has rows of scope " + std::to_string(scope) +
                                                   ", of which batch " + batch.id +
                                                   " does not tell; stage the batch again");
        for (const auto& [scope, rows] : by_scope)
            if (found[scope] != rows)
                return fail(ErrorCode::plugin, "batch " + batch.id + " tells of " + std::to_string(rows) +
                                                   " rows of " + std::string(record->name) + " in scope " +
                                                   std::to_string(scope) + " but its file has " +
                                                   std::to_string(found[scope]) + "; stage the batch again");
    }
    if (!std::filesystem::exists(batch.rejects(), ignored))
        return fail(ErrorCode::plugin,
                    "batch " + batch.id + " has no rejects.parquet; stage the batch again");
    return {};
}

}  // namespace sendhub::store
