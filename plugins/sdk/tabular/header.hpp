// The header row of a table: where it stands, and which column is which.
#pragma once

#include <initializer_list>

#include "plugins/sdk/tabular/csv.hpp"

namespace sendhub::tabular {

// Column names, compared without case, outer blanks, byte-order mark and repeated inner blanks.
class Header {
  public:
    Header() = default;
    Header(std::span<const std::string_view> fields, std::uint64_t line);

    // Position of the first column with that name; -1: there is none.
    [[nodiscard]] int find(std::string_view name) const;
    // The first of several names (newest first) that is there.
    [[nodiscard]] int find_any(std::initializer_list<std::string_view> names) const;
    [[nodiscard]] std::size_t size() const { return names_.size(); }
    [[nodiscard]] std::uint64_t line() const { return line_; }
    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }  // as written, trimmed
    // Names that stand on more than one column.
    [[nodiscard]] std::vector<std::string> repeated() const;
    // "Child Ref", "UPN", …: for sentences. Only for a row that is known to be a header, never for a row of
    // data.
    [[nodiscard]] std::string list() const;

  private:
    std::vector<std::string> names_, folded_;
    std::uint64_t line_ = 0;
};

// Finds the header, so title rows above it do no harm: the row that holds at least `at_least` of the wanted
// names, by whichever delimiter. The rows that csv gives next are those below it, judged by it. Empty when
// there is none in the first `max_rows` rows.
std::optional<Header> find_header(CsvReader& csv, std::span<const std::string> wanted, std::size_t at_least,
                                  std::size_t max_rows = 30);
// The same, with a score of one's own; 0: not the header.
std::optional<Header> find_header(CsvReader& csv, const std::function<std::size_t(const Header&)>& score,
                                  std::size_t max_rows = 30);

}  // namespace sendhub::tabular
