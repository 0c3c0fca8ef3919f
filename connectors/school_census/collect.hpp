// The table set that a council fetches from COLLECT: one CSV file a table, joined by ids that COLLECT makes
// up. A set is the members of one archive, or the files of one folder that have the same text around the
// table's name (2025_aut_pupilonroll.csv, 2025_aut_addressesonroll.csv). The tables come in any order, so a
// set is held in memory (a little more than its bytes) until the run has read all files.
//
// Columns are bound by name, without case, in any order; 2015 names are taken too. Tables without anything of
// ours (classes, learning aims, free school meals …) are passed over.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <sendhub/connector.hpp>

#include "connectors/school_census/census.hpp"
#include "plugins/sdk/tabular/text.hpp"

namespace sendhub::census {

// A table as it was read: the columns that are of use, in the order that was asked for.
class Table {
  public:
    std::string name;    // pupilonroll
    std::string parent;  // name of the table that its rows belong to; empty: none
    std::uint32_t file = 0;
    std::vector<bool> bound;  // which of the columns asked for the file has

    [[nodiscard]] std::size_t rows() const { return lines_.size(); }
    [[nodiscard]] std::uint64_t line(std::size_t row) const { return lines_[row]; }
    [[nodiscard]] std::string_view id(std::size_t row) const { return cell(row, 0); }
    [[nodiscard]] std::string_view parent_id(std::size_t row) const { return cell(row, 1); }
    [[nodiscard]] std::string_view value(std::size_t row, std::size_t column) const {
        return cell(row, column + 2);
    }

    void begin_row(std::uint64_t line) { lines_.push_back(line); }
    void add(std::string_view text);

  private:
    struct Cell {
        std::uint32_t at, size;
    };
    [[nodiscard]] std::string_view cell(std::size_t row, std::size_t column) const {
        const Cell c = cells_[row * (bound.size() + 2) + column];
        return std::string_view(text_).substr(c.at, c.size);
    }
    std::string text_;
    std::vector<Cell> cells_;
    std::vector<std::uint64_t> lines_;
};

class CollectSets {
  public:
    CollectSets(sdk::ConnectorHost& host, ReturnSink& sink) : host_(host), sink_(sink) {}
    // Takes a table into its set. Throws FileRefused when it is no table of COLLECT.
    void read(const sdk::File& file, tabular::ByteSource& bytes);
    // Hands every return of every set to the sink, newest set first; a return that came twice is taken once.
    void finish();

  private:
    using Set = std::map<std::string, Table>;  // by name of the table

    void finish_set(const Set& set);
    bool complete(const Set& set);
    void tell(std::uint32_t file, std::uint32_t severity, std::uint64_t line, std::string_view rule,
              std::string_view reason, std::string_view advice);

    sdk::ConnectorHost& host_;
    ReturnSink& sink_;
    std::map<std::string, Set> sets_;
    std::set<std::string> taken_;  // school and reference day of the returns handed over
};

}  // namespace sendhub::census
