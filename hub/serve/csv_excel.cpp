#include "hub/serve/csv_excel.hpp"

namespace sendhub::serve {

void ExcelCsv::add(std::string_view bytes, std::string& out) {
    if (!begun_) out += "\xEF\xBB\xBF";
    begun_ = true;
    for (const char c : bytes) {
        // Only inside quotes can a cell begin with CR or LF.
        if (cell_start_ || after_opening_quote_) {
            const bool runs = c == '=' || c == '+' || c == '-' || c == '@' || c == '\t' ||
                              (c == '\r' && after_opening_quote_);
            if (runs && (column_ >= is_text_.size() || is_text_[column_])) out += '\'';
            after_opening_quote_ = false;
        }
        out += c;
        if (quoted_) {
            // A doubled quote leaves and enters again at once, which is the same.
            if (c == '"') quoted_ = false;
            cell_start_ = false;
        } else if (c == '"') {
            after_opening_quote_ = cell_start_;
            quoted_ = true;
            cell_start_ = false;
        } else if (c == ',') {
            ++column_;
            cell_start_ = true;
        } else if (c == '\n') {
            column_ = 0;
            cell_start_ = true;
        } else if (c != '\r') {
            cell_start_ = false;
        }
    }
}

}  // namespace sendhub::serve
