// What a dataset is: NAME.json (title, layer, grain, key, typed fields, roles, tests) beside NAME.sql (one
// SELECT). The shipped pairs stand in schemas/datasets and are part of the binary; a council adds its own
// pairs in
// `<folder of hub.toml>/datasets/`, with the same checks and without compiling.
//
// The SQL sees the tables of the store (docs/contracts.md 4), the functions and shared tables of
// functions.sql and shared.sql (docs/reference/datasets.md), and each dataset named in "reads" as ds_NAME.
// It yields exactly the fields of the JSON; the hub adds row_number, row_key, as_at, updated_at,
// source_run_id.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace sendhub::publish {

struct DatasetField {
    std::string name;
    std::string type;   // string boolean int64 int32 decimal date timestamp
    int precision = 0;  // decimal only, at most 18
    int scale = 0;
    bool nullable = true;
    std::string title;
    std::string description;
    std::string codes;  // name of a code set of schemas/codes; every value must be of it
    // What else a text may hold that leaves the restricted layer (hub/publish/text_form.hpp): one of these
    // words, or a text of this form.
    std::vector<std::string> values;
    std::string form;

    [[nodiscard]] std::string sql_type() const;
};

// An assertion about the finished dataset: the SQL yields the rows that break it.
struct DatasetTest {
    std::string name;
    std::string sql;
    std::string sentence;  // what it means that there are such rows; no personal data
};

struct Dataset {
    std::string name;
    std::string title;
    std::string purpose;
    std::string layer;  // restricted case aggregate open
    std::string grain;
    std::string profile = "none";      // disclosure profile when it leaves the authority
    std::vector<std::string> key;      // natural key; joined by '|' they are row_key, so none may be personal
    std::vector<std::string> sources;  // record types it is made from: their newest batch gives as_at
    std::vector<std::string> reads;    // datasets built before it; "*": all that do not say so, too
    std::vector<std::string> roles;    // who may read
    bool may_shrink = false;           // a list that may rightly lose most of its rows in a night
    bool tells_of_runs = false;        // about the hub's own runs: new every night, alone it makes no version
    std::vector<DatasetField> fields;  // what the SQL yields
    std::vector<DatasetTest> tests;
    std::string sql;
    std::string file;  // where the definition came from, for errors

    // All columns of the publication but row_number, in order: row_key, the fields, the hub's own, and
    // source_system and quality_flags last where the SQL yields them.
    [[nodiscard]] std::vector<DatasetField> columns() const;
    [[nodiscard]] std::string schema_hash()
        const;  // of columns(): two equal hashes can be compared cell by cell
    [[nodiscard]] const DatasetField* find(std::string_view field) const;
};

// One definition from its two texts; `file` is named in the errors.
[[nodiscard]] Result<Dataset> parse_dataset(std::string_view json, std::string_view sql,
                                            const std::string& file);

// The shipped definitions and those of config_folder/datasets (empty: shipped only), each after those it
// reads.
[[nodiscard]] Result<std::vector<Dataset>> load_datasets(const std::filesystem::path& config_folder);

// In build order; a circle or an unknown name is an error.
[[nodiscard]] Result<std::vector<Dataset>> in_build_order(std::vector<Dataset> datasets);

// A file of schemas/datasets or of this folder, as the build embedded it.
struct ShippedFile {
    std::string_view name;
    std::string_view text;
};
std::span<const ShippedFile> shipped_files();
std::string_view shipped_text(std::string_view name);  // empty when there is none

// docs/reference/datasets.md.
std::string reference_page(std::span<const Dataset> datasets);

}  // namespace sendhub::publish
