// Files into one table for the engine: columns matched by what they mean, records numbered in the order of
// the files and their rows.
#pragma once

#include <functional>

#include "identity/link/recognise.hpp"

namespace sendhub::identity::link {

struct LoadedFile {
    std::string path, name;
    std::size_t rows = 0;
    FileReading reading;
};

struct Loaded {
    Table table;  // its keys are the ids of the output; as long as all rows of all files, in their order
    std::vector<LoadedFile> files;
    std::vector<std::string> notes;
    bool qualified = false;  // ids are written SOURCE:ID, because sources have ids in common
};

struct LoadHints {
    std::vector<std::string> ids;  // none, one for all files, or one a file
    std::string source;            // of a single file
    std::vector<std::pair<std::string, Role>> roles;
    unsigned threads = 2;
    char delimiter = 0;            // 0: found
    std::uint64_t header_row = 0;  // 0: the first row
};

// Told after each file is read.
using FileRead = std::function<void(const LoadedFile&, double seconds)>;
Result<Loaded> load_files(const std::vector<std::string>& paths, const LoadHints& hints,
                          const FileRead& told);

}  // namespace sendhub::identity::link
