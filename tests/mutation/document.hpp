// A delivered file before it is written: rows whose true values are known, and what a mutation did to them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "identity/testing/rng.hpp"

namespace sendhub::mutation {

using identity::testing::Rng;

// What a column holds: it decides how its cells are written and which mutations apply.
enum class Kind {
    child_ref,
    row_key,
    upn,
    nhs_number,
    surname,
    forename,
    birth_date,
    needed_date,  // a row without it must be rejected
    date,
    sex,
    code,
    school_number,
    postcode,
    number,
    flag,
    text,
    fixed,    // never changed by itself
    not_read  // a column that no field takes
};

bool is_key(Kind kind);
bool is_date(Kind kind);
bool is_name(Kind kind);
bool is_text(Kind kind);  // any text is a value of it

// A value that a cell may rightly be read as. Dates are yyyy-mm-dd, codes are the hub's; empty: no value.
struct Meaning {
    std::string value;
    bool warn = false;  // right only with a warning on the row's line
};
inline const std::string anything = "\x02";    // as a value: whatever is read is right
inline const std::string unreadable = "\x03";  // as a value: empty, because it could not be read

struct Cell {
    std::string text;       // as a person would type it
    bool quoted = false;    // write it in quotation marks though it needs none
    bool verbatim = false;  // text is written as it is, without quoting
    std::vector<Meaning> meanings;
};

struct Column {
    std::string header;
    Kind kind;
    std::string record;  // "person", "upn", "nhs_number", "address", "fact", or a connector's own word
    std::string field;
};

struct Row {
    std::vector<Cell> cells;
    bool touched = false;     // a mutation changed it, so that it may be rejected
    bool unreadable = false;  // no reading of it is right: it must be rejected
    bool may_be_absent = false;
    bool shares_line = false;    // with the row before it
    char delimiter = 0;          // 0: that of the file
    int joined_after = -1;       // no delimiter behind this cell
    std::size_t left_out = 0;    // cells at the end that are not written
    std::string before, behind;  // written around the cells
    std::string line_end;        // empty: that of the file
};

// Either a row or a line that holds none.
struct Line {
    int row = -1;
    std::string text, line_end;
};

enum class Encoding {
    utf8,
    utf8_mark,
    utf8_two_marks,
    windows_1252,
    utf16le_mark,
    utf16be_mark,
    utf16le,
    utf16be
};

struct Feed;

struct Document {
    const Feed* feed = nullptr;
    std::vector<Column> columns;
    std::vector<Row> rows;
    std::vector<Line> lines;  // in their order in the file, without the header
    std::vector<std::string> above_header;
    std::vector<std::string> header;
    std::string header_behind;
    char delimiter = ',';
    std::string line_end = "\n";
    Encoding encoding = Encoding::utf8;
    double cut_at = 1;  // share of the bytes that are kept
    bool may_be_refused = false;
    bool whole_file_changed = false;  // one such mutation a file
    bool bytes_changed = false;       // cells hold bytes that are not UTF-8
    bool any_row_may_be_rejected = false;
    bool has_line_twice = false;
    std::string at_begin = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";  // of XML
    std::string at_end;
    std::vector<std::string> story;  // what was done, for people
};

// Lines of the file that a row takes up, counted from 1; of XML its number among the pupils.
class Extent {
  public:
    void add(std::uint64_t first, std::uint64_t last) { lines_.emplace_back(first, last); }
    [[nodiscard]] bool holds(std::uint64_t line) const;
    [[nodiscard]] std::uint64_t first() const { return lines_.empty() ? 0 : lines_.front().first; }

  private:
    std::vector<std::pair<std::uint64_t, std::uint64_t>> lines_;
};

struct Written {
    std::string bytes;
    std::vector<Extent> extents;  // by row
};

// Also settles what a cut at the end means for the rows behind it.
Written write(Document& document);

// A feed whose good files can be made, and whose true records follow from the cells' meanings.
struct Record {
    std::string record, key;
    std::map<std::string, std::string> fields;  // without empty ones
};
using Records = std::vector<Record>;
using Value = std::function<std::string(std::string_view)>;  // a column's meaning, by its field
struct OtherFile {
    std::string name, content;
};
struct Feed {
    std::string name, plugin, file_name;
    std::map<std::string, std::string> settings;
    std::vector<Column> columns;
    std::string fact_record;
    bool has_children = true;
    bool xml = false;
    // What keys begin with that the reader makes of names and birth date; always, or where there is no UPN.
    std::string made_ref = "~";
    bool ref_is_made = false;
    std::string ref_before_upn;  // the key of a child is this and its UPN
    // The fact's key, from the child's and the row's; without it the row's key.
    std::function<std::string(const std::string& ref, const Value& value)> fact_key;
    // What follows from other fields; called last. The fact is the last record.
    std::function<void(Records&, const std::string& ref, const Value& value)> derive;
    std::vector<OtherFile> other_files;
};
const std::vector<Feed>& feeds();

std::string xml_element(const std::string& header);

Document good_document(const Feed& feed, Rng& rng);

// The key of a row's child as its cells tell it; empty: the reader makes one.
std::string told_ref(const Feed& feed, const std::vector<Column>& columns,
                     const std::vector<std::string>& meanings);
// The records of a row, if its cells mean this.
Records true_records(const Feed& feed, const std::vector<Column>& columns,
                     const std::vector<std::string>& meanings, const std::string& ref);

}  // namespace sendhub::mutation
