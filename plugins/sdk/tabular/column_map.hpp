// A council's own headers and words: `[settings.columns]` says which column holds a field,
// `[settings.values]` which of our codes a text of the source stands for. Checked when the plugin opens,
// applied to each file.
//
//   [feed.cme.settings.columns]          [feed.cme.settings.values]
//   child_ref = "Child Ref"              "reason.Awaiting school place" = "awaiting_place"
//   reason = "Reason"                    "reason._" = "other"          # anything else
#pragma once

#include <sendhub/plugin.hpp>
#include <unordered_map>

#include "plugins/sdk/tabular/header.hpp"
#include "schemas/registry.hpp"

namespace sendhub::tabular {

struct Synonym {
    std::string_view text;  // folded
    std::string_view code;
};

// A field that a connector can fill from a column.
struct FieldSpec {
    std::string name;                        // `reason_code`; `reason` is taken as the same name
    std::vector<std::string> headers;        // where it stands when the settings do not say
    const schema::CodeSet* codes = nullptr;  // null: any text
    std::span<const Synonym> synonyms =
        {};  // built-in texts for the codes, beside the codes and their labels
};

enum class Defaults {
    beside_map,  // the default headers hold for every field that the map does not name
    without_map  // with a map, only the fields it names are taken
};

class ColumnMap {
  public:
    // Reads the settings `columns` and `values`. Throws BadSettings for a field or code that is not known,
    // with the nearest one that is. A field mapped to "" is not taken.
    ColumnMap(const sdk::Host& host, std::vector<FieldSpec> fields, Defaults defaults);

    [[nodiscard]] std::size_t size() const { return fields_.size(); }
    [[nodiscard]] const FieldSpec& spec(std::size_t field) const { return fields_[field]; }
    // By name, with or without `_code`; -1: no such field.
    [[nodiscard]] int find(std::string_view name) const;

    // Reads on to the header row and says the column of each field (-1: none). Throws FileRefused when there
    // is no header or a mapped header is missing, with the headers that were found.
    struct Bound {
        Header header;
        std::vector<int> columns;
        std::vector<std::string>
            repeated;  // headers of taken columns that stand more than once: the first counts
    };
    Bound bind(CsvReader& csv) const;

    // The code of a text: the map first, then the codes themselves and their labels, then the synonyms, then
    // the map's `_`. Empty when none says. text: trimmed, not empty.
    [[nodiscard]] std::optional<std::string_view> code(std::size_t field, std::string_view text) const;
    // Only what the map says (without `_`).
    [[nodiscard]] std::optional<std::string_view> mapped(std::size_t field, std::string_view text) const;
    [[nodiscard]] std::optional<std::string_view> fallback(std::size_t field) const;

  private:
    void read_columns(const sdk::Host& host, Defaults defaults);
    void read_values(const sdk::Host& host);
    [[noreturn]] void unknown_field(std::string_view setting, std::string_view name) const;

    struct Told {
        bool given = false;
        std::string header;  // empty: the field is not to be taken
        [[nodiscard]] bool wanted() const { return given && !header.empty(); }
    };
    std::vector<FieldSpec> fields_;
    std::vector<Told> told_;                                            // header by the settings
    std::vector<std::vector<std::string>> headers_;                     // to look for
    std::vector<std::unordered_map<std::string, std::string>> values_;  // folded text → code
    std::vector<std::optional<std::string>> fallback_;
};

// The one of `names` that a person most likely meant; empty when none is near.
std::string_view nearest(std::string_view name, std::span<const std::string_view> names);

}  // namespace sendhub::tabular
