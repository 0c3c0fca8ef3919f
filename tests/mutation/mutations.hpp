// The small damages that files suffer on their way, each with what may rightly be read after it.
#pragma once

#include "tests/mutation/document.hpp"

namespace sendhub::mutation {

struct Mutation {
    std::string kind;  // the line of the report it counts under
    std::string name;
    // Changes the document and says what is right; false: it does not fit this file.
    std::function<bool(Document&, Rng&)> apply;
};
const std::vector<Mutation>& mutations_of(const Feed& feed);

// Shared by the files of mutations.
std::vector<Mutation> quote_mutations();
std::vector<Mutation> separator_mutations();
std::vector<Mutation> line_mutations();
std::vector<Mutation> encoding_mutations();
std::vector<Mutation> value_mutations();
std::vector<Mutation> xml_mutations();

struct At {
    std::size_t row, column;
};
// A cell of a row that nothing changed yet; `fits` says of which columns. False: there is none.
bool pick_cell(const Document& document, Rng& rng,
               const std::function<bool(const Column&, const Cell&)>& fits, At& at);
bool pick_row(const Document& document, Rng& rng, std::size_t& row);
Cell& cell_at(Document& document, At at);
Cell& touch(Document& document, At at, const std::string& story);
Row& touch_row(Document& document, std::size_t row, const std::string& story);

// What a cell may be read as when odd characters stand in it: the value itself, or the text as it stands
// where any text is a value, or nothing with a warning. A key is never changed.
std::vector<Meaning> itself_or(Kind kind, const std::string& truth, const std::string& as_it_stands);
// The value, or nothing with a warning.
std::vector<Meaning> itself_or_nothing(Kind kind, const std::string& truth);

}  // namespace sendhub::mutation
