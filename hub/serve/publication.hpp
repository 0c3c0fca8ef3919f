// What is published, as the server sees it: the versions of published/, the datasets that datapackage.json of
// each describes, and an engine of its own (an in-memory DuckDB, never hub.duckdb) into which a dataset is
// loaded when it is first asked for. `published/current` is looked at on poll(); readers of an older version
// keep it to their end, and a version can be asked for as long as its folder exists.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/duckdb.hpp"
#include "base/error.hpp"
#include "base/time.hpp"
#include "hub/govern/access.hpp"

namespace sendhub::serve {

enum class FieldType { string, boolean, int64, int32, decimal, date, timestamp };

struct Field {
    std::string name;
    std::string title;
    FieldType type = FieldType::string;
    std::uint8_t precision = 0, scale = 0;  // of decimal
    bool nullable = true;
};

struct Dataset {
    std::string name;
    std::string title;
    govern::Layer layer = govern::Layer::restricted;
    std::vector<govern::Role> roles;
    std::int64_t rows = 0;
    std::string schema_hash;
    std::vector<Field> fields;  // in the file's order, from row_key on; without row_number
    std::filesystem::path folder;

    [[nodiscard]] const Field* field(std::string_view field_name) const;
    [[nodiscard]] govern::DatasetPolicy policy() const { return {name, layer, roles}; }
};

struct Version {
    std::string name;
    std::filesystem::path folder;
    std::string package;  // the text of datapackage.json
    Micros published_at = 0;
    std::map<std::string, Dataset, std::less<>> datasets;

    [[nodiscard]] const Dataset* dataset(std::string_view dataset_name) const;
};

class Publication {
  public:
    // published need not exist yet. memory_limit: DuckDB's notation, such as "2GB".
    [[nodiscard]] static Result<std::unique_ptr<Publication>> open(std::filesystem::path published,
                                                                   const std::string& memory_limit);
    ~Publication();
    Publication(const Publication&) = delete;
    Publication& operator=(const Publication&) = delete;

    // What published/current points to; null while nothing has been published.
    [[nodiscard]] std::shared_ptr<const Version> current() const;
    // not_found: never was, or is gone.
    [[nodiscard]] Result<std::shared_ptr<const Version>> version(std::string_view name);

    // A dataset ready to be queried: a connection, and what to write after FROM. The columns are row_number
    // and the dataset's fields with exactly the declared types. Loads the dataset when it is not in memory.
    struct Reader {
        std::shared_ptr<const Version> version;
        const Dataset* dataset = nullptr;
        std::shared_ptr<const void> table;  // keeps it loaded
        std::string from;
        duck::Connection connection;
    };
    [[nodiscard]] Result<Reader> read(const std::shared_ptr<const Version>& version, const Dataset& dataset);

    // Looks whether `current` has moved, and lets go of tables of older versions that nobody asked for in a
    // while. True when current has changed.
    bool poll();

  private:
    struct State;
    explicit Publication(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// [0-9]{8}T[0-9]{6}Z with an optional -N: the only names that are ever looked for below published/.
bool is_version_name(std::string_view name);
// datapackage.json of a version's folder.
[[nodiscard]] Result<Version> read_version(const std::filesystem::path& folder, std::string name);
// The same package with only the resources of the datasets that may_see allows.
[[nodiscard]] Result<std::string> filtered_package(const Version& version, const govern::Caller& caller);

}  // namespace sendhub::serve
