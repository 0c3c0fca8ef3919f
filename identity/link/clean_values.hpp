// The values of a file as they were meant, by the rules of the connectors (plugins/sdk/tabular).
#pragma once

#include "identity/link/recognise.hpp"

namespace sendhub::identity::link {

// Before columns are recognised: marks of spreadsheets come off, blanks and invisible characters go, error
// words (#REF!) and NULL become empty, each with a note. A person may be called Null.
void clean_values(RawTable& table, unsigned threads);

// Once columns are recognised: dates of a column that does not have the day first become 2012-04-03, in the
// order of that column; those that can mean two days become empty. Notes say so, and how many numbers of a
// column fail their check.
void tidy_columns(RawTable& table, const FileReading& reading, unsigned threads);

}  // namespace sendhub::identity::link
