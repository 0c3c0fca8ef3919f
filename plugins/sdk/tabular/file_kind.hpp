// What a file is that is not the text of a table, by its first bytes and never by its name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sendhub::tabular {

// "the file is an Excel workbook, not CSV; in Excel, save the sheet as …". Nothing for what may be a table.
// head: the first bytes, 4 KB of them do.
std::optional<std::string> not_a_table(std::string_view head);

// The first element of an XML text; empty when it begins otherwise.
std::string xml_root(std::string_view head);

}  // namespace sendhub::tabular
