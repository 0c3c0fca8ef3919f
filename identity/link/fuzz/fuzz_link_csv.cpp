// Any bytes are a table or are refused, and threads that read a stretch each find the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "identity/link/raw_table.hpp"

namespace {
void must(bool holds) {
    if (!holds) std::abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto whole = sendhub::identity::link::read_csv(bytes, "t.csv");
    const auto in_parts = sendhub::identity::link::read_csv(bytes, "t.csv", {.threads = 3, .stretch = 1});
    must(whole.has_value() == in_parts.has_value());
    if (!whole) return 0;
    must(whole->notes == in_parts->notes && whole->names == in_parts->names);
    must(whole->rows == in_parts->rows && whole->columns.size() == whole->names.size());
    for (std::size_t c = 0; c < whole->columns.size(); ++c) {
        must(whole->columns[c].size() == whole->rows && in_parts->columns[c].size() == whole->rows);
        for (std::size_t row = 0; row < whole->rows; ++row)
            must(whole->columns[c][row] == in_parts->columns[c][row]);
    }
    return 0;
}
