// Rows of a dataset as OData JSON, straight from the engine's column chunks: no allocation per row.
#pragma once

#include <duckdb.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hub/serve/publication.hpp"

namespace sendhub::serve::odata {

enum class Metadata { none, minimal, full };

struct JsonStyle {
    Metadata metadata = Metadata::minimal;
    bool ieee754_compatible = false;  // int64 and decimal as text
};

class RowsJson {
  public:
    // fields: of the first columns of the chunks, in order. set: name of the entity set, and key_column:
    // where the chunks have row_key; both are for full metadata.
    RowsJson(std::vector<const Field*> fields, JsonStyle style, std::string_view set, std::size_t key_column);

    // Points at a chunk; valid until it is destroyed.
    void take(duckdb_data_chunk chunk);
    // {"a":1,…} of one row of the chunk.
    void append_row(std::size_t row, std::string& out);
    // The bare value of one column.
    void append_value(std::size_t column, std::size_t row, std::string& out);

  private:
    struct Column {
        const Field* field = nullptr;
        std::string prefix;  // ,"name":
        const void* data = nullptr;
        std::uint64_t* validity = nullptr;
    };
    [[nodiscard]] bool is_null(const Column& column, std::size_t row) const;
    [[nodiscard]] std::size_t bound(const Column& column, std::size_t row) const;
    char* write_value(const Column& column, std::size_t row, char* out) const;

    std::vector<Column> columns_;
    JsonStyle style_;
    std::string set_;
    std::size_t key_column_;
    const void* keys_ = nullptr;
    std::size_t fixed_ = 0;
};

// A cell as plain text, for $value; empty for null.
std::string plain_text(const Field& field, duckdb_data_chunk chunk, std::size_t column, std::size_t row);

}  // namespace sendhub::serve::odata
