// What the name of a column says about it: English names of the usual kinds, in the spellings that exports of
// case systems, research files and spreadsheets use.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "identity/engine/table.hpp"

namespace sendhub::identity::link {

// "Given Name", "givenName", "GIVEN-NAME" → {"given", "name"}
std::vector<std::string> words_of(std::string_view column);

// The role by name alone. A role is no proof: recognise() looks at the values too. Leading words such as
// "child" or "current" and trailing ones such as "clean" are set aside.
std::optional<Role> role_by_name(std::string_view column);

// Is it the answer (cluster, true_person …) or book-keeping of whoever made the file (row number, loaded_at
// …)?
bool is_bookkeeping(std::string_view column);
// Of a parent, carer, doctor …, not of the person of the record.
bool is_of_another_person(std::string_view column);
// Place among the names that a record's own key usually has, 0 first; nothing when it is none of them.
std::optional<std::size_t> id_rank(std::string_view column);
bool is_source_name(std::string_view column);

}  // namespace sendhub::identity::link
