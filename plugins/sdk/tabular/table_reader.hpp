// A delivered table, row by row, by the fields of a column map. What is wrong with the file as such (damaged
// rows, short rows, odd bytes, repeated headers) is told to the hub here, so that connectors only say what
// the rows mean.
//
//   TableReader rows(host, map, settings, issues);
//   while (rows.next()) { … rows.text(field) … }
//   rows.finish();
#pragma once

#include <map>
#include <sendhub/connector.hpp>

#include "plugins/sdk/tabular/cell.hpp"
#include "plugins/sdk/tabular/column_map.hpp"
#include "plugins/sdk/tabular/dates.hpp"

namespace sendhub::tabular {

// What every connector that reads a council's own CSV takes (docs/contracts.md section 2). Declare them all.
struct TableSettings {
    Encoding encoding = Encoding::detect;
    EmptyWords empty;
    sdk::ScopeMode mode = sdk::ScopeMode::snapshot;
    char delimiter = 0;                   // 0: found
    std::uint64_t header_row = 0;         // 0: found
    std::optional<DateOrder> date_order;  // none: the day first, and a column that contradicts is refused

    static std::vector<sdk::Setting> declare();
    static TableSettings read(const sdk::Host& host);  // throws BadSettings
};

// The rules that all tables share; a connector's own begin at 12. Written as PREFIX-NN in its README.
enum class Rule : int {
    child_key = 1,    // nothing says which child
    damaged_row = 2,  // cells too many or too few, stray quotation marks, too long
    short_rows = 3,   // of an exporter that leaves out empty cells
    odd_file = 4,     // bytes that are not of the encoding, repeated headers
    required_date = 5,
    date = 6,
    order = 7,
    required_code = 8,
    code = 9,
    value = 10,  // a number, flag or number of a school that is none
    text_cut = 11,
    birth_date = 21,
    sex = 22,
    upn = 23,
    uln = 24,
    nhs_number = 25,
    exponent = 26,
    wrong_column = 27,
    postcode = 28,
    uprn = 29,
    ethnicity = 30,
    language = 31,
    child_differs = 32,
    damaged_cell = 33,   // an error word of a spreadsheet
    shared_number = 34,  // on two children who differ in name and birth date
    bare_reference = 35,
    skipped_rows = 36  // totals, footers, headers again
};

// Rejects and warnings of one connector, with the id of the rule made from its prefix.
class Issues {
  public:
    struct About {
        std::uint32_t record = SHP_NONE;  // index in info().records
        sdk::Scope scope{};
        std::uint64_t line = 0;
    };
    struct What {
        std::string_view field, value, reason, advice;
        bool personal = true;
        std::string_view source_key;
        std::string_view person_ref = {};  // the child whose row it was, where the row makes none
    };
    Issues(sdk::ConnectorHost& host, std::string_view prefix) : host_(host), prefix_(prefix) {}
    void reject(const About& about, int rule, const What& what) { tell(SHP_ISSUE_REJECT, about, rule, what); }
    void warn(const About& about, int rule, const What& what) { tell(SHP_ISSUE_WARNING, about, rule, what); }
    void reject(const About& about, Rule rule, const What& what) {
        reject(about, static_cast<int>(rule), what);
    }
    void warn(const About& about, Rule rule, const What& what) { warn(about, static_cast<int>(rule), what); }
    // Where rejects of damaged rows belong.
    std::uint32_t record = SHP_NONE;
    sdk::Scope scope{};

  private:
    void tell(std::uint32_t severity, const About& about, int rule, const What& what);

    sdk::ConnectorHost& host_;
    std::string_view prefix_;
};

class TableReader {
  public:
    // Reads up to the header. Throws FileRefused when there is none that fits.
    TableReader(sdk::ConnectorHost& host, ByteSource& bytes, const ColumnMap& map,
                const TableSettings& settings, Issues& issues);

    // On to the next row that holds data. Damaged rows are rejected here; blank rows, totals, footers and the
    // header again are skipped and counted.
    bool next();
    [[nodiscard]] std::uint64_t line() const { return csv_.line(); }

    [[nodiscard]] bool has(int field) const {
        return field >= 0 && bound_.columns[static_cast<std::size_t>(field)] >= 0;
    }
    // Cleaned (cell.hpp); empty where the cell is missing, damaged or says that there is no value. Valid
    // until the next row.
    [[nodiscard]] std::string_view text(int field) const;
    // Of a key: 873.0 is 873. None where nobody can tell what the key was: an error word, a number in
    // exponent form, a quotation mark, a line end or a byte without a meaning in it.
    [[nodiscard]] std::optional<std::string_view> key(int field) const;
    [[nodiscard]] std::string_view name(int field) const;  // of a person: see EmptyWords
    // The date of a cell, read in the order of the feed's dates.
    [[nodiscard]] ParsedDate date(int field) const;
    [[nodiscard]] bool is_empty_word(std::string_view text) const { return settings_.empty.is_empty(text); }
    [[nodiscard]] const ColumnMap& map() const { return map_; }
    // Columns of the file that no field takes.
    [[nodiscard]] std::vector<std::string> columns_not_taken() const;

    // After the last row: what is wrong with the file as a whole. Throws FileRefused when the rows given,
    // rejected and skipped are not all that the file holds, and when a column of dates shows that the day
    // does not come first in it and no setting says which does.
    void finish();

  private:
    [[nodiscard]] std::string_view cell(int field, CellKind kind) const;
    void warn_damaged_cells(const Issues::About& about);
    void check_date_order() const;

    sdk::ConnectorHost& host_;
    const ColumnMap& map_;
    const TableSettings& settings_;
    Issues& issues_;
    Utf8Source text_;
    CsvReader csv_;
    ColumnMap::Bound bound_;
    std::uint64_t short_rows_ = 0, rows_ = 0, given_ = 0, rejected_ = 0, blank_ = 0;
    std::map<RowKind, Decoder::Lines> skipped_;
    mutable std::vector<std::string> cleaned_;  // by field: of the row at hand
    mutable std::vector<std::pair<OrderEvidence, std::uint64_t>>
        orders_;  // by field, with the first line that
                  // can only have the month first
};

// The day a file stood so: the day in its name, unless that is after the day it came; else the day it came.
sdk::Date as_of(const sdk::File& file);

}  // namespace sendhub::tabular
