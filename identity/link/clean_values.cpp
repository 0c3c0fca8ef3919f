#include "identity/link/clean_values.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "identity/engine/parallel.hpp"
#include "identity/link/column_names.hpp"
#include "plugins/sdk/tabular/cell.hpp"
#include "plugins/sdk/tabular/dates.hpp"
#include "schemas/rules/identifiers.hpp"

namespace sendhub::identity::link {
namespace {

constexpr std::string_view null_mark = "NULL";

// Can the value need cleaning? Nearly all are done with eight bytes at a time.
bool suspicious(std::string_view text) {
    if (text.empty()) return false;
    if (std::string_view("='#N").find(text[0]) != std::string_view::npos) return true;
    if (text.front() == ' ' || text.back() == ' ') return true;
    std::size_t i = 0;
    for (; i + 8 <= text.size(); i += 8) {
        std::uint64_t word;
        std::memcpy(&word, text.data() + i, 8);
        const std::uint64_t control = (word - 0x2020202020202020ull) & ~word & 0x8080808080808080ull;
        if (control != 0 || (word & 0x8080808080808080ull) != 0) return true;
    }
    return std::any_of(text.begin() + static_cast<std::ptrdiff_t>(i), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) >= 0x7F;
    });
}

bool in_capitals(std::string_view text) {
    return !text.empty() && text != null_mark &&
           std::none_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

std::string counted(std::uint64_t n, const char* one, const char* many) {
    return std::to_string(n) + " " + (n == 1 ? one : many);
}

class Cleaner {
  public:
    explicit Cleaner(RawTable& table) : table_(table) {
        for (std::size_t c = 0; c < table.names.size(); ++c)
            if (const auto role = role_by_name(table.names[c]);
                role == Role::surname || role == Role::forename || role == Role::full_name)
                names_.push_back(c);
    }

    void run(unsigned threads) {
        std::vector<TextColumn> cleaned(table_.columns.size());
        std::vector<std::uint64_t> damaged(cleaned.size()), nulls(cleaned.size());
        std::vector<char> changed(cleaned.size());
        parallel_tasks(threads, cleaned.size(), [&](std::size_t c) {
            changed[c] = clean(c, cleaned[c], damaged[c], nulls[c]) ? 1 : 0;
        });
        std::uint64_t all_nulls = 0;
        for (std::size_t c = 0; c < cleaned.size(); ++c) {
            if (changed[c]) table_.columns[c] = std::move(cleaned[c]);
            all_nulls += nulls[c];
            if (damaged[c] > 0)
                table_.notes.push_back(table_.name + ": " + counted(damaged[c], "cell of ", "cells of ") +
                                       table_.names[c] +
                                       " hold an error word of a spreadsheet such as #REF!; they are empty");
        }
        if (all_nulls > 0)
            table_.notes.push_back(table_.name + ": " + counted(all_nulls, "cell holds", "cells hold") +
                                   " NULL; they are empty");
    }

  private:
    // False: nothing in the column changes.
    bool clean(std::size_t c, TextColumn& out, std::uint64_t& damaged, std::uint64_t& nulls) const {
        const TextColumn& values = table_.columns[c];
        std::size_t first = 0;
        std::string buffer;
        const auto cleaned = [&](std::size_t row) -> std::string_view {
            const std::string_view raw = values[row];
            if (!suspicious(raw)) return raw;
            const std::string_view text = tabular::clean_cell(raw, tabular::CellKind::name, buffer);
            if (tabular::is_damaged_cell(text)) {
                ++damaged;
                return {};
            }
            if (text == null_mark && !is_called_null(c, row)) {
                ++nulls;
                return {};
            }
            return text;
        };
        while (first < values.size() && cleaned(first) == values[first]) ++first;
        if (first == values.size()) return false;
        damaged = nulls = 0;
        out.reserve(values.size(), values.memory());
        for (std::size_t row = 0; row < values.size(); ++row) out.push(cleaned(row));
        return true;
    }
    // A person may be called NULL in a list that is written in capitals.
    [[nodiscard]] bool is_called_null(std::size_t c, std::size_t row) const {
        return std::find(names_.begin(), names_.end(), c) != names_.end() &&
               std::any_of(names_.begin(), names_.end(), [&](std::size_t other) {
                   return other != c && in_capitals(table_.columns[other][row]);
               });
    }

    RawTable& table_;
    std::vector<std::size_t> names_;
};

bool is_date(Role role) {
    return role == Role::birth_date || role == Role::death_date || role == Role::active_date;
}

// Dates in another order than the day first, or in both.
void tidy_dates(const TextColumn& values, TextColumn& out, std::string& note) {
    tabular::OrderEvidence evidence;
    for (std::size_t row = 0; row < values.size(); ++row)
        evidence.count(tabular::parse_date(values[row], {.first_year = 1800}));
    const tabular::DateOrder order = evidence.order();
    if (order == tabular::DateOrder::day_first) return;
    std::uint64_t ambiguous = 0;
    out.reserve(values.size(), values.memory());
    for (std::size_t row = 0; row < values.size(); ++row) {
        const auto date = tabular::parse_date(values[row], {.order = order, .first_year = 1800});
        ambiguous += date.state == tabular::DateState::ambiguous;
        if (date.day())
            out.push(tabular::iso_text(date.date));
        else
            out.push(date.state == tabular::DateState::ambiguous ? std::string_view() : values[row]);
    }
    note = order == tabular::DateOrder::month_first
               ? "has dates that can only have the month first, so all its dates were read so"
               : "mixes dates with the day first and with the month first; " +
                     counted(ambiguous, "date that", "dates that") +
                     " may mean two days were left empty; write the dates as 2012-04-03";
}

void check_numbers(const TextColumn& values, Role role, std::string& note) {
    std::uint64_t filled = 0, failed = 0, lost = 0;
    for (std::size_t row = 0; row < values.size(); ++row) {
        if (values[row].empty()) continue;
        ++filled;
        const std::string number = rules::compact_identifier(values[row]);
        lost += number.empty() && values[row].find_first_of("123456789") != std::string_view::npos;
        const rules::IdState state = role == Role::nhs_number ? rules::nhs_number_state(number)
                                     : role == Role::uln      ? rules::uln_state(number)
                                                              : rules::upn_state(number);
        failed += state == rules::IdState::invalid;
    }
    if (failed == 0) return;
    note = ": " + std::to_string(failed) + " of " + counted(filled, "value fails", "values fail") +
           " the check of a " +
           (role == Role::nhs_number ? "NHS number"
            : role == Role::uln      ? "ULN"
                                     : "UPN") +
           (failed == 1 ? "; it proves nothing" : "; they prove nothing");
    if (lost > 0)
        note += " (" + counted(lost, "was", "were") +
                " destroyed by a spreadsheet, such as 9.99E+09, and not taken)";
}

}  // namespace

void clean_values(RawTable& table, unsigned threads) { Cleaner(table).run(threads); }

void tidy_columns(RawTable& table, const FileReading& reading, unsigned threads) {
    std::vector<TextColumn> tidied(table.columns.size());
    std::vector<std::string> notes(table.columns.size());
    parallel_tasks(threads, table.columns.size(), [&](std::size_t c) {
        const ColumnReading& column = reading.columns[c];
        if (column.use != Use::compared) return;
        if (is_date(column.role)) tidy_dates(table.columns[c], tidied[c], notes[c]);
        if (column.role == Role::nhs_number || column.role == Role::uln || column.role == Role::upn ||
            column.role == Role::former_upn)
            check_numbers(table.columns[c], column.role, notes[c]);
    });
    for (std::size_t c = 0; c < notes.size(); ++c) {
        if (tidied[c].size() > 0) table.columns[c] = std::move(tidied[c]);
        if (notes[c].empty()) continue;
        table.notes.push_back(table.name + ": " + table.names[c] + (notes[c][0] == ':' ? "" : " ") +
                              notes[c]);
    }
}

}  // namespace sendhub::identity::link
