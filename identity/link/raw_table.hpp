// A file as it was given: named columns of text, before anything is known of what they mean.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "identity/engine/table.hpp"

namespace sendhub::identity::link {

struct RawTable {
    std::string name;  // of the file, for people
    std::vector<std::string> names;
    std::vector<TextColumn> columns;  // trimmed values; each `rows` long
    std::size_t rows = 0;
    std::vector<std::string> notes;  // what was put up with, one sentence each; never a value
};

struct CsvReading {
    char delimiter = 0;             // 0: found
    std::uint64_t header_row = 0;   // line of the header; 0: the first row
    unsigned threads = 1;           // each reads a stretch …
    std::size_t stretch = 1 << 20;  // … of so many bytes or more
};

// CSV as the connectors read it (plugins/sdk/tabular): encoding, delimiter, quoting and line ends are found;
// damaged rows are left out, as are totals, footers and the header again, each with a note. NULL, \N, NaN and
// #N/A are empty.
Result<RawTable> read_csv(std::string_view bytes, std::string name, const CsvReading& how = {});

// Every column as text.
Result<RawTable> read_parquet(const std::filesystem::path& path, std::string name, unsigned threads);

// Either, by what the file holds and not by its ending.
Result<RawTable> read_table(const std::filesystem::path& path, const CsvReading& how);

}  // namespace sendhub::identity::link
