// A CSV file as UK government asks for it (RFC 4180, UTF-8 without a byte-order mark, CRLF, quotes only where
// needed, ISO dates, true/false, null as nothing), written from DuckDB's column chunks, hashed as it is
// written.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/duckdb.hpp"
#include "base/error.hpp"
#include "base/files.hpp"

namespace sendhub::publish {

class CsvFile {
  public:
    [[nodiscard]] static Result<CsvFile> create(const std::filesystem::path& path);
    CsvFile(CsvFile&&) noexcept;
    CsvFile& operator=(CsvFile&&) = delete;
    ~CsvFile();

    [[nodiscard]] Status header(const std::vector<std::string>& names);
    // Every row of the chunk, from column `first` on. Types: VARCHAR BOOLEAN INTEGER BIGINT DECIMAL DATE
    // TIMESTAMPTZ.
    [[nodiscard]] Status rows(duckdb_data_chunk chunk, std::size_t first);
    struct Finished {
        std::int64_t bytes;
        std::string sha256;
    };
    [[nodiscard]] Result<Finished> finish();  // synced and closed

  private:
    CsvFile(int fd, std::filesystem::path path);
    [[nodiscard]] Status flush();
    int fd_;
    std::filesystem::path path_;
    std::string buffer_;
    std::int64_t bytes_ = 0;
    std::unique_ptr<Sha256> hash_;
};

}  // namespace sendhub::publish
