// A cell as spreadsheets and exports leave it, made into the text that was meant.
//
//   ="0012"  '0012        0012     marks that keep a spreadsheet from taking the text for a number
//   blanks of every kind           trimmed outside, one plain space inside
//   invisible characters           taken out (zero-width, soft hyphen, marks of direction, control
//   characters) #REF!  #NAME?  #####           a damaged cell: what stood there is gone
#pragma once

#include <string>
#include <string_view>

namespace sendhub::tabular {

// What a leading apostrophe may be: in a name it can belong to it ('Abd, 't Hooft).
enum class CellKind { text, name };

// The text of a cell, without its marks. Where nothing inside changes it is a view of `raw`, else of
// `buffer`.
//
// A leading apostrophe is a text mark when = + - or @ follows; when it is the only one in the cell and a
// digit stands behind it; and, in a cell that is not a name, whenever it is the only one in the cell. Line
// ends and tabs inside stay in a text; in a name they are blanks.
std::string_view clean_cell(std::string_view raw, CellKind kind, std::string& buffer);

// The error words of spreadsheets, in any case, and the ##### of a column that was too narrow. text: cleaned.
bool is_damaged_cell(std::string_view text);

}  // namespace sendhub::tabular
