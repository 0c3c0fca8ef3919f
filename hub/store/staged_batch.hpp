// A staged batch as its batch.json tells it (docs/contracts.md, section 3), and the checks that its files
// keep the contract before a row of them is looked at.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/duckdb.hpp"
#include "base/time.hpp"
#include "schemas/registry.hpp"

namespace sendhub::store {

struct StagedFile {
    std::int64_t no = 0;
    std::int64_t seq = 0;
    std::string name;
    std::string sha256;
    std::int64_t bytes = 0;
    bool refused = false;
    std::string reason;
};

struct StagedScope {
    std::int64_t no = 0;
    const schema::Record* record = nullptr;
    std::string name;
    bool snapshot = true;
    Days as_of = 0;
    std::int64_t rows = 0;
    std::vector<std::int64_t> files;
    std::int64_t seq = 0;  // the newest delivery among those files
    bool refused = false;
};

struct StagedBatch {
    std::filesystem::path folder;
    std::string id;
    std::string feed;
    std::string connector;
    std::string connector_version;
    Micros started_at = 0;
    std::vector<StagedFile> files;
    std::vector<StagedScope> scopes;
    std::int64_t received = 0;
    std::int64_t staged = 0;
    std::int64_t rejected = 0;

    [[nodiscard]] std::filesystem::path rows_of(const schema::Record& record) const;
    [[nodiscard]] std::filesystem::path rejects() const { return folder / "rejects.parquet"; }
};

// Whole and sound: known record types, unique numbers, counts that add up.
[[nodiscard]] Result<StagedBatch> read_staged_batch(const std::filesystem::path& folder);

// The Parquet files have the columns of the schema and, in each scope that is not refused, the rows that are
// told.
[[nodiscard]] Status check_staged_files(duck::Connection& connection, const StagedBatch& batch);

// read_parquet('…') of one staged file.
std::string parquet_sql(const std::filesystem::path& file);

}  // namespace sendhub::store
