// The five lists as data: which record each one fills, what a row must have, what makes its key, which dates
// come after which. The fields themselves, their types and code sets are those of the shared schema.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/sdk/tabular/column_map.hpp"

namespace sendhub::missing_education {

struct Order {
    std::string_view later, earlier;  // later must not be before earlier
    bool reject;                      // else a warning
};

struct ListKind {
    std::string_view name;  // of the setting `list`, and of the scope
    std::string_view record;
    std::string_view title;                  // for sentences: "the CME case"
    std::vector<std::string_view> required;  // beyond what the schema requires
    std::vector<std::string_view>
        key;  // fields behind person_ref that make the row's key; "school" is URN or LAESTAB
    std::vector<Order> orders;
};

// Null: no such list.
const ListKind* find_list(std::string_view name);
std::span<const ListKind> all_lists();

// The fields that a council may map for a list: case_ref, those of the child, those of the record.
std::vector<tabular::FieldSpec> fields_of(const ListKind& list);

}  // namespace sendhub::missing_education
