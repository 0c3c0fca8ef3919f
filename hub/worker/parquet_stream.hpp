// Rows out to one Parquet file with little memory: the caller fills a chunk of 2,048 rows, column by column,
// in the engine's own vectors; full chunks go through a short queue to a thread that runs COPY over a table
// function which hands them to the engine without copying. Rows in flight: four chunks and one row group.
// Chunks and the texts in them are used again and again: a row costs no allocation.
#pragma once

#include <duckdb.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/duckdb.hpp"

namespace sendhub::worker {

struct ParquetColumn {
    std::string name;
    duckdb_type type = DUCKDB_TYPE_VARCHAR;  // VARCHAR BIGINT INTEGER DECIMAL BOOLEAN DATE TIMESTAMP_TZ
    std::uint8_t precision = 0;              // DECIMAL, at most 18
    std::uint8_t scale = 0;
};

class ParquetStream {
  public:
    // name: unique in the database; letters, digits and _.
    [[nodiscard]] static Result<std::unique_ptr<ParquetStream>> open(duck::Database& database,
                                                                     const std::string& name,
                                                                     std::vector<ParquetColumn> columns,
                                                                     const std::filesystem::path& file);
    ParquetStream(const ParquetStream&) = delete;
    ParquetStream& operator=(const ParquetStream&) = delete;
    ~ParquetStream();  // without finish(): the file is left unfinished

    // The row that end_row() will add. A column that is not set has no value.
    template <class T>
    void set(std::size_t column, T value) {  // T is the column's own type: int64, int32, bool, int16
        Cells& cells = cells_[column];
        cells.validity[row_ >> 6] |= std::uint64_t{1} << (row_ & 63);
        static_cast<T*>(cells.data)[row_] = value;
    }
    void set_text(std::size_t column, std::string_view text) {
        duckdb_string_t value{};
        value.value.inlined.length = static_cast<std::uint32_t>(text.size());
        if (text.size() <= 12) {
            copy_short(value.value.inlined.inlined, text.data(), text.size());
        } else {
            std::memcpy(value.value.pointer.prefix, text.data(), 4);
            value.value.pointer.ptr = keep(text);
        }
        set(column, value);
    }
    void set_decimal(std::size_t column, double value);  // rounded to the scale; must fit

    // False when the writer failed: finish() says why.
    [[nodiscard]] bool end_row() {
        ++rows_;
        return ++row_ < capacity_ || hand_over();
    }
    [[nodiscard]] std::uint64_t rows() const { return rows_; }
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }

    // Writes what is left, waits for the file to be complete, and syncs it.
    [[nodiscard]] Status finish();

  private:
    struct Shared;
    struct Chunk;
    struct Cells {
        void* data;
        std::uint64_t* validity;
        double factor;  // DECIMAL: ten to the power of the scale
    };
    ParquetStream() = default;
    // At most twelve bytes, without a call.
    static void copy_short(char* to, const char* from, std::size_t n) {
        if (n >= 8) {
            std::memcpy(to, from, 8);
            std::memcpy(to + n - 4, from + n - 4, 4);
        } else if (n >= 4) {
            std::memcpy(to, from, 4);
            std::memcpy(to + n - 4, from + n - 4, 4);
        } else if (n > 0) {
            to[0] = from[0];
            to[n / 2] = from[n / 2];
            to[n - 1] = from[n - 1];
        }
    }
    char* keep(std::string_view text);  // until the engine has taken the chunk
    void new_chunk();
    bool hand_over();
    std::vector<ParquetColumn> columns_;
    std::vector<Cells> cells_;
    std::filesystem::path file_;
    std::shared_ptr<Shared> shared_;
    std::unique_ptr<Chunk> chunk_;
    std::uint64_t row_ = 0, rows_ = 0, capacity_ = 0;
};

}  // namespace sendhub::worker
