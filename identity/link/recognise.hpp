// What the columns of a file are: by their names, checked against their values, or as a person said.
#pragma once

#include "identity/link/raw_table.hpp"

namespace sendhub::identity::link {

// How a column is used.
enum class Use : std::uint8_t { compared, id, source, ignored };

struct ColumnReading {
    std::string name;
    Use use = Use::ignored;
    Role role = Role::ignore;  // of compared
    std::string why;           // of ignored, and of what was not taken by its name
    double filled = 0;         // share of rows
};

// What a person said; empty: found by itself.
struct Hints {
    std::string id, source;
    std::vector<std::pair<std::string, Role>> roles;  // by column; ignore: do not use it
    unsigned threads = 1;
};

struct FileReading {
    std::vector<ColumnReading> columns;  // as the table's
    int id = -1;                         // its column; -1: the number of the row
    int source = -1;
    // the id repeats, but not within one source
    bool id_within_source = false;
};

// Refuses an id column that a person named when a row has none or two rows have the same.
Result<FileReading> recognise(const RawTable& table, const Hints& hints);

// "given_name → forename", one line a column.
std::string to_words(const FileReading& reading);

}  // namespace sendhub::identity::link
