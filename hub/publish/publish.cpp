#include "hub/publish/publish.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>

#include "base/crash_point.hpp"
#include "base/files.hpp"
#include "base/json_writer.hpp"
#include "hub/publish/build.hpp"
#include "hub/publish/csv_file.hpp"
#include "hub/publish/data_package.hpp"
#include "hub/publish/dataset.hpp"
#include "hub/publish/versions.hpp"

namespace sendhub::publish {
namespace {

namespace fs = std::filesystem;
using duck::quoted_name;
using duck::quoted_text;

constexpr std::int64_t page_rows = 245'760;  // rows of the CSV in memory at a time: two row groups

double seconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::string column_list(const Dataset& dataset) {
    std::string out = "row_number";
    for (const DatasetField& column : dataset.columns()) out += ", " + quoted_name(column.name);
    return out;
}

Status write_parquet(duck::Connection& store, const Dataset& dataset, const std::string& version,
                     const fs::path& path, WrittenFile& written) {
    SENDHUB_TRY(
        store.run("copy (select " + column_list(dataset) + " from " + quoted_name("ds_" + dataset.name) +
                  ") to " + quoted_text(path.string()) +
                  " (format parquet, compression zstd, row_group_size 122880, kv_metadata {dataset: " +
                  quoted_text(dataset.name) + ", version: " + quoted_text(version) +
                  ", schema_hash: " + quoted_text(dataset.schema_hash()) + "})"));
    SENDHUB_TRY(sync_file(path));
    std::error_code error;
    written.bytes = static_cast<std::int64_t>(fs::file_size(path, error));
    if (error)
        return fail(ErrorCode::storage,
                    "could not read the size of " + path.string() + ": " + error.message());
    SENDHUB_ASSIGN(written.sha256, sha256_of_file(path));
    return {};
}

// The same rows in the same order; that the numbers are dense is checked on the way.
Status write_csv(duck::Connection& store, const Dataset& dataset, std::int64_t rows, const fs::path& path,
                 WrittenFile& written) {
    SENDHUB_ASSIGN(CsvFile csv, CsvFile::create(path));
    std::vector<std::string> names;
    for (const DatasetField& column : dataset.columns()) names.push_back(column.name);
    SENDHUB_TRY(csv.header(names));
    const std::string sql = "select " + column_list(dataset) + " from " + quoted_name("ds_" + dataset.name) +
                            " where row_number >= ? and row_number < ?";
    std::int64_t expected = 0;
    for (std::int64_t from = 0; from < rows; from += page_rows) {
        SENDHUB_ASSIGN(auto page, store.query(sql, {from, from + page_rows}));
        while (duckdb_data_chunk chunk = page.next_chunk()) {
            const auto* numbers = static_cast<const std::int64_t*>(
                duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0)));
            for (idx_t i = 0; i < duckdb_data_chunk_get_size(chunk); ++i)
                if (numbers[i] != expected++)
                    return fail(ErrorCode::bug,
                                "the rows of the dataset " + dataset.name + " came out of order");
            SENDHUB_TRY(csv.rows(chunk, 1));
        }
    }
    if (expected != rows)
        return fail(ErrorCode::bug,
                    "the dataset " + dataset.name + " lost rows on the way to " + path.string());
    SENDHUB_ASSIGN(const auto finished, csv.finish());
    written = {finished.bytes, finished.sha256};
    return {};
}

Result<WrittenDataset> write_dataset(duck::Connection& store, const Dataset& dataset, std::int64_t rows,
                                     const std::string& version, const fs::path& folder) {
    SENDHUB_TRY(make_folder(folder / dataset.name));
    WrittenDataset written;
    written.dataset = &dataset;
    written.rows = rows;
    SENDHUB_TRY(
        write_parquet(store, dataset, version, folder / dataset.name / "data.parquet", written.parquet));
    SENDHUB_TRY(write_csv(store, dataset, rows, folder / dataset.name / "data.csv", written.csv));
    SENDHUB_TRY(sync_folder(folder / dataset.name));
    return written;
}

std::string failures_json(const std::vector<CheckFailure>& failures, const std::string& run_id, Micros now) {
    JsonWriter json;
    json.begin_object().field("run_id", run_id).field("at", format_time(now)).key("failures").begin_array();
    for (const CheckFailure& failure : failures)
        json.begin_object()
            .field("dataset", failure.dataset)
            .field("check", failure.check)
            .field("rows", failure.rows)
            .field("sentence", failure.sentence)
            .end_object();
    return json.end_array().end_object().take();
}

Result<PackageFacts> package_facts(duck::Connection& store, const PublishSettings& settings,
                                   const std::string& version) {
    PackageFacts facts{version, settings.publisher, settings.run_id, {}, settings.now, {}};
    SENDHUB_ASSIGN(auto day, store.query("select as_at from hub_day"));
    if (day.next()) facts.as_at_day = format_date(day.date(0).days);
    SENDHUB_ASSIGN(
        auto feeds,
        store.query(
            "select distinct feed from batch_scope where state in ('imported', 'approved') order by 1"));
    while (feeds.next()) facts.feeds.emplace_back(feeds.text(0));
    return facts;
}

Status rename_folder(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::rename(from, to, error);
    if (error)
        return fail(ErrorCode::storage,
                    "could not rename " + from.string() + " to " + to.string() + ": " + error.message());
    return sync_folder(to.parent_path());
}

// A failed version: its Parquet files as far as they could be built, and why it failed.
Status keep_failed(duck::Connection& store, const std::vector<Dataset>& datasets,
                   const std::vector<Built>& built, const PublishSettings& settings,
                   const std::string& version, PublishOutcome& outcome) {
    const fs::path folder = settings.published / (version + ".tmp");
    SENDHUB_TRY(make_folder(folder));
    for (std::size_t i = 0; i < datasets.size(); ++i) {
        if (!built[i].exists) continue;
        SENDHUB_TRY(make_folder(folder / datasets[i].name));
        WrittenFile ignored;
        SENDHUB_TRY(
            write_parquet(store, datasets[i], version, folder / datasets[i].name / "data.parquet", ignored));
    }
    SENDHUB_TRY(write_file_atomically(folder / "failures.json",
                                      failures_json(outcome.failures, settings.run_id, settings.now)));
    outcome.folder = settings.published / (version + ".failed");
    return rename_folder(folder, outcome.folder);
}

Status write_version(duck::Connection& store, const std::vector<Dataset>& datasets,
                     const std::vector<Built>& built, const PublishSettings& settings,
                     const std::string& version, PublishOutcome& outcome) {
    const fs::path folder = settings.published / (version + ".tmp");
    SENDHUB_TRY(make_folder(folder));
    std::vector<WrittenDataset> written;
    for (std::size_t i = 0; i < datasets.size(); ++i) {
        SENDHUB_ASSIGN(WrittenDataset one,
                       write_dataset(store, datasets[i], built[i].counts.rows, version, folder));
        written.push_back(std::move(one));
    }
    SENDHUB_ASSIGN(const PackageFacts facts, package_facts(store, settings, version));
    SENDHUB_TRY(write_file_atomically(folder / "datapackage.json", data_package_json(facts, written)));
    crash_point("publish.after_write");
    outcome.folder = settings.published / version;
    SENDHUB_TRY(rename_folder(folder, outcome.folder));
    crash_point("publish.after_rename");
    SENDHUB_TRY(switch_current(settings.published, version));
    crash_point("publish.after_switch");
    return {};
}

// Versions before this time may not be read any more: matching has parted what they show as one person.
Result<std::string> withdrawn_before(duck::Connection& store) {
    SENDHUB_ASSIGN(duck::Rows rows,
                   store.query("select value from store_info where name = 'withdrawn_before'"));
    return rows.next() ? std::string(rows.text(0)) : std::string();
}

Status build_and_write(duck::Connection& store, const std::vector<Dataset>& datasets,
                       const PublishSettings& settings, PublishOutcome& outcome) {
    std::vector<CurrentDataset> current;
    if (!outcome.version.empty()) {
        SENDHUB_ASSIGN(current, read_data_package(settings.published / outcome.version));
    }
    const auto begin = std::chrono::steady_clock::now();
    SENDHUB_TRY(prepare_session(store, settings));
    std::vector<Built> built(datasets.size());
    bool unchanged = current.size() == datasets.size();
    for (std::size_t i = 0; i < datasets.size(); ++i) {
        const auto found = std::ranges::find(current, datasets[i].name, &CurrentDataset::name);
        SENDHUB_TRY(build_dataset(store, datasets[i], found == current.end() ? nullptr : &*found, settings,
                                  built[i], outcome.failures));
        const bool same = built[i].comparable && built[i].counts.changed == 0 && built[i].counts.removed == 0;
        unchanged = unchanged && (same || (datasets[i].tells_of_runs && built[i].comparable));
        outcome.datasets.push_back(built[i].counts);
    }
    outcome.build_seconds = seconds_since(begin);
    crash_point("publish.before_write");

    const auto write_begin = std::chrono::steady_clock::now();
    SENDHUB_ASSIGN(const std::string version, free_version(settings.published, settings.now));
    if (!outcome.failures.empty()) {
        outcome.state = State::failed;
        SENDHUB_TRY(keep_failed(store, datasets, built, settings, version, outcome));
    } else if (unchanged) {
        outcome.state = State::unchanged;
        outcome.folder = settings.published / outcome.version;
    } else {
        SENDHUB_TRY(write_version(store, datasets, built, settings, version, outcome));
        outcome.state = State::published;
        outcome.version = version;
    }
    SENDHUB_ASSIGN(const std::string withdrawn, withdrawn_before(store));
    SENDHUB_TRY(prune_versions(settings.published, settings.keep_versions, withdrawn));
    outcome.write_seconds = seconds_since(write_begin);
    return {};
}

}  // namespace

Result<PublishOutcome> publish(duck::Connection& store, const PublishSettings& settings) {
    SENDHUB_ASSIGN(const std::vector<Dataset> datasets, load_datasets(settings.config_folder));
    return publish(store, settings, datasets);
}

Result<PublishOutcome> publish(duck::Connection& store, const PublishSettings& settings,
                               const std::vector<Dataset>& datasets) {
    SENDHUB_TRY(make_folder(settings.published));
    SENDHUB_TRY(remove_unfinished(settings.published));
    PublishOutcome outcome;
    outcome.version = current_version(settings.published);
    SENDHUB_TRY(clear_session(store, datasets));
    const Status status = build_and_write(store, datasets, settings, outcome);
    const Status cleared = clear_session(store, datasets);
    if (!status) return std::unexpected(status.error());
    if (!cleared) return std::unexpected(cleared.error());
    return outcome;
}

}  // namespace sendhub::publish
