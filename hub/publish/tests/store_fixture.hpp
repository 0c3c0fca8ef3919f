// A store with the tables of docs/contracts.md 4, in memory, and a folder to publish into.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "base/duckdb.hpp"
#include "hub/publish/publish.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sendhub::publish {

class StoreFixture : public testing::Test {
  protected:
    void SetUp() override;

    void run(const std::string& sql);          // a failing statement fails the test
    std::string text(const std::string& sql);  // the first value of the first row, as text; "null" for null
    // The rows as text: values joined by '|', null as 'null', rows by newline.
    std::string rows(const std::string& sql);
    // A batch that brought the record types, started at the given time.
    void batch(const std::string& id, const std::string& feed, const std::string& records,
               const std::string& at = "2026-01-19T02:00:00Z");
    PublishSettings settings();
    // dim_person and the council's own datasets: what is asked here is the way of publishing, not the
    // datasets.
    Result<PublishOutcome> publish_at(const std::string& run_id, const std::string& time);
    Result<PublishOutcome> publish_some(const PublishSettings& settings);
    Result<PublishOutcome> publish_all(const std::string& run_id, const std::string& time);
    // from_dataset("dim_person"): the Parquet file of the current version, for a FROM clause.
    std::string current(const std::string& dataset);

    TemporaryFolder temporary;
    const std::filesystem::path& folder = temporary.path;
    std::optional<duck::Database> database;
    std::optional<duck::Connection> store;
};

}  // namespace sendhub::publish
