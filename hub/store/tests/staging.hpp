// Hand-made staged batches for the tests: rows of a few fields a record, written as the worker writes them.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/duckdb.hpp"
#include "base/time.hpp"
#include "hub/store/store.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sendhub::store::fixtures {

// field → SQL literal; fields not named are null. source_key and person_ref are filled from key.
struct Row {
    std::string key;
    std::map<std::string, std::string> fields;
};

struct Reject {
    std::string record;
    int scope_no = 0;  // -1: none
    std::string source_key;
    std::string file_name = "a.csv";
    std::string severity = "reject";
    int file_no = 0;
    std::string person_ref = {};
};

struct Scope {
    std::string record = "cme_case";
    std::string name = "cme";
    std::string as_of = "2026-01-19";
    std::vector<Row> rows;
    std::string mode = "snapshot";
    std::vector<int> files = {0};
    bool refused = false;
};

struct Batch {
    std::string id;
    std::string feed = "cme";
    std::vector<Scope> scopes;
    std::vector<Reject> rejects;
    struct File {
        std::string name = "a.csv";
        std::int64_t seq = 1;
        bool refused = false;
    };
    std::vector<File> files = {File{}};
};

// Writes STATE/staging/<id>/ and returns it.
std::filesystem::path stage(const std::filesystem::path& state, const Batch& batch);

// One cme_case row whose content is told by a number.
Row cme_row(const std::string& key, int version = 1);
std::vector<Row> cme_rows(int from, int to, int version = 1);  // keys k<from>…k<to-1>

// Every row of every table of the store as sorted lines, times and folders left out: two stores with the same
// lines hold the same.
std::vector<std::string> content(Store& store);

// The text in the first column of the first row; "(no row)" when there is none. Throws when the statement fails.
std::string first_text(Store& store, const std::string& sql);

}  // namespace sendhub::store::fixtures
