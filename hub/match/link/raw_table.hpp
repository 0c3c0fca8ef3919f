// A file as it was given: named columns of text, before anything is known of what they mean.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "hub/base/error.hpp"
#include "hub/match/engine/table.hpp"

namespace sendhub::match::link {

struct RawTable {
    std::string name;  // of the file, for people
    std::vector<std::string> names;
    std::vector<TextColumn> columns;  // trimmed values; each `rows` long
    std::size_t rows = 0;
    std::vector<std::string> notes;  // what was put up with, one sentence each; never a value
};

// CSV in UTF-8 (with or without mark), UTF-16 with mark or Windows-1252; delimiter and line ends are found.
// Quoted values may hold delimiters, line ends and doubled quotes. Rows with too few or too many cells are
// kept (counted in a note), rows with nothing in them are not. \N and NaN are empty.
// Threads read a stretch each, of so many bytes or more.
Result<RawTable> read_csv(std::string_view bytes, std::string name, unsigned threads = 1,
                          std::size_t stretch = 1 << 20);

// Every column as text.
Result<RawTable> read_parquet(const std::filesystem::path& path, std::string name, unsigned threads);

// Either, by what the file holds and not by its ending.
Result<RawTable> read_table(const std::filesystem::path& path, unsigned threads);

}  // namespace sendhub::match::link
