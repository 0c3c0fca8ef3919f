// datapackage.json: what a version holds, as a Data Package (v2). The server reads nothing else to describe
// the datasets, and the next publication compares itself with it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "hub/publish/build.hpp"
#include "hub/publish/dataset.hpp"

namespace sendhub::publish {

struct WrittenFile {
    std::int64_t bytes = 0;
    std::string sha256;
};

struct WrittenDataset {
    const Dataset* dataset = nullptr;
    std::int64_t rows = 0;
    WrittenFile parquet, csv;
};

struct PackageFacts {
    std::string version, publisher, run_id, as_at_day;
    Micros created = 0;
    std::vector<std::string> feeds;
};

std::string data_package_json(const PackageFacts& facts, const std::vector<WrittenDataset>& datasets);

// The datasets of a version folder; an unreadable datapackage.json is an error, not an empty list.
[[nodiscard]] Result<std::vector<CurrentDataset>> read_data_package(const std::filesystem::path& folder);

}  // namespace sendhub::publish
