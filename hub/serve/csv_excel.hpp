// The CSV for spreadsheets: a byte-order mark in front, and cells of text that a spreadsheet would run as a
// formula (first character = + - @, tab, CR) get an apostrophe. The canonical file is never altered.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sendhub::serve {

class ExcelCsv {
  public:
    // is_text: for each column, whether its cells are text; numbers and dates are left alone.
    explicit ExcelCsv(std::vector<bool> is_text) : is_text_(std::move(is_text)) {}
    // The next bytes of the canonical file, cut anywhere.
    void add(std::string_view bytes, std::string& out);

  private:
    std::vector<bool> is_text_;
    std::size_t column_ = 0;
    bool begun_ = false, cell_start_ = true, after_opening_quote_ = false, quoted_ = false;
};

}  // namespace sendhub::serve
