// Does a row keep what the shared schema demands of it? One object a record type that a connector fills.
//
//   HUB-TYPE      the value is not of the field's type, or outside what the type can hold
//   HUB-REQUIRED  a field that must have a value has none
//   HUB-CODE      the value is not in the field's code set
//   HUB-LENGTH    the text is longer than the field allows (in characters)
//   HUB-UTF8      the text is not UTF-8
//   HUB-CONTROL   a warning: the text held control or hidden characters, which were taken out
//   HUB-REPEAT    the source_key came before in this scope (found by the stage, which keeps the keys)
#pragma once

#include <sendhub/abi/connector.h>

#include <array>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/registry.hpp"

namespace sendhub::worker {

enum class RowRule : std::uint8_t { type, required, code, length, utf8, control, repeat };
std::string_view rule_id(RowRule rule);

struct RowFault {
    RowRule rule;
    const schema::Field* field;
    const shp_value* value;  // null: not declared by the connector
};
// For people: one sentence, and what to do. Nothing of the value is in it.
std::string reason_of(const RowFault& fault);
std::string advice_of(const RowFault& fault);

class RowCheck {
  public:
    // fields: those that the connector declared, in the order of its values; each is a field of the record.
    RowCheck(const schema::Record& record, std::span<const std::string> fields);

    // The faults of a row, none when it is good. Valid until the next call. Allocates nothing for a row
    // without control characters.
    std::span<const RowFault> check(const shp_value* values);
    // The row that was checked last as it is to be staged: the values given, or, where texts held control
    // characters, a copy without them. Valid until the next call of check, and no longer than the values.
    [[nodiscard]] const shp_value* row() const { return row_; }
    // The texts that characters were taken out of, as warnings.
    [[nodiscard]] std::span<const RowFault> cleaned() const { return cleaned_; }

    // Of each field of the schema, in order: where its value stands in a row; -1 when it is not declared.
    [[nodiscard]] std::span<const int> positions() const { return positions_; }

  private:
    struct Column {
        const schema::Field* field;
        const schema::Code* last_code;  // codes repeat: the one that fitted last is tried first
        double largest;  // number: from here on, DECIMAL(p,s) cannot hold what it is rounded to
    };
    std::string_view clean(std::size_t column, std::string_view text);

    std::vector<Column> columns_;  // in the order of the values
    std::vector<int> positions_;
    std::array<RowFault, 16> faults_{};
    const shp_value* row_ = nullptr;
    std::vector<RowFault> cleaned_;
    std::vector<shp_value> copy_;
    std::deque<std::string> texts_;  // of copy_; a deque, so that they stay where they are
};

// Nothing that a screen, a terminal or a spreadsheet obeys instead of showing it: C0 and C1 control
// characters (escape among them), delete, marks of the reading direction, line and paragraph separators, and
// the byte order mark. Tabs and line breaks become a blank, the rest goes.
[[nodiscard]] bool has_control_characters(std::string_view utf8);
[[nodiscard]] std::string without_control_characters(std::string_view utf8);

// Days and times that a date can hold: the years 1 to 9999.
inline constexpr std::int64_t kFirstDay = -719162, kLastDay = 2932896;
inline constexpr std::int64_t kMicrosADay = 86'400'000'000;

}  // namespace sendhub::worker
