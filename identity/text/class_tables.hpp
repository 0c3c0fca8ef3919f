// The name tables of data/, as they are written there. Made part of the binary by embed_tables.cmake.
#pragma once

#include <string_view>

namespace sendhub::identity::text {

extern const std::string_view nicknames_table, transliterations_table;

}  // namespace sendhub::identity::text
