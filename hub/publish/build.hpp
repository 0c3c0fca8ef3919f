// Builds one dataset as the temporary table ds_NAME (all columns of its data.parquet, sorted by row_key) and
// checks it against its definition and the current version.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "hub/publish/dataset.hpp"
#include "hub/publish/publish.hpp"

namespace sendhub::publish {

// What the current version says of one dataset.
struct CurrentDataset {
    std::string name;
    std::filesystem::path parquet;
    std::string schema_hash;
    std::int64_t rows = 0;
};

struct Built {
    bool exists = false;      // the table was made; its content may still have failed a check
    bool comparable = false;  // the current version holds it with the same columns
    DatasetOutcome counts;
};

// Functions, shared tables, hub_day and hub_measure: all temporary.
[[nodiscard]] Status prepare_session(duck::Connection& store, const PublishSettings& settings);
// Drops every temporary table of ours; what the caller had stays.
[[nodiscard]] Status clear_session(duck::Connection& store, const std::vector<Dataset>& datasets);

// A broken check is appended to failures; the Status is for what no dataset can be blamed for.
[[nodiscard]] Status build_dataset(duck::Connection& store, const Dataset& dataset,
                                   const CurrentDataset* current, const PublishSettings& settings,
                                   Built& built, std::vector<CheckFailure>& failures);

}  // namespace sendhub::publish
