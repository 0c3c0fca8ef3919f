// The rows of an Arrow batch as the values that a connector would have given one by one, so that both ways go
// through the same checks. What is accepted: sendhub/abi/connector.h, add_batch.
//
//   auto rows = ArrowRows::bind(schema, batch, declared_fields);      // once per batch
//   for (i …) check(rows->values(i), rows->field_count());
//
// Borrows the schema, the batch and their buffers; allocates nothing per row.
#pragma once

#include <sendhub/abi/connector.h>

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <vector>

namespace sendhub::worker {

class ArrowRows {
  public:
    // fields: those declared for the record, in the order of the values. On failure a sentence part such as
    // "the child surname has the format z".
    [[nodiscard]] static std::expected<ArrowRows, std::string> bind(const ArrowSchema* schema,
                                                                    const ArrowArray* batch,
                                                                    std::span<const std::string> fields);

    [[nodiscard]] std::int64_t size() const { return length_; }
    [[nodiscard]] std::uint32_t field_count() const { return static_cast<std::uint32_t>(values_.size()); }
    // Valid until the next call.
    [[nodiscard]] const shp_value* values(std::int64_t row);
    [[nodiscard]] std::uint64_t source_row(std::int64_t row, std::uint64_t first_row) const;

  private:
    enum class Kind : std::uint8_t {
        null,
        boolean,
        signed_integer,
        unsigned_integer,
        real,
        text,
        large_text,
        date,
        time,
        dictionary
    };
    struct Column {
        Kind kind = Kind::null;
        std::uint8_t width = 0;  // bytes of a number or an index
        bool is_signed = true;   // of an index
        const ArrowArray* array = nullptr;
        const ArrowArray* words = nullptr;  // of a dictionary
        bool large_words = false;
        std::int64_t offset = 0;  // of row 0 in the child's buffers
        std::size_t slot = 0;     // in values_
    };
    [[nodiscard]] static std::expected<Column, std::string> column_of(const ArrowSchema& schema,
                                                                      const ArrowArray& array);
    [[nodiscard]] static bool is_null(const ArrowArray& array, std::int64_t at);
    [[nodiscard]] static std::int64_t integer_at(const ArrowArray& array, std::int64_t at, unsigned width,
                                                 bool is_signed);
    [[nodiscard]] static shp_str text_at(const ArrowArray& array, std::int64_t at, bool large);
    static void read(const Column& column, std::int64_t row, shp_value& out);

    std::int64_t length_ = 0;
    const ArrowArray* batch_ = nullptr;
    std::vector<Column> columns_;
    Column source_rows_;  // array null: none
    std::vector<shp_value> values_;
};

}  // namespace sendhub::worker
