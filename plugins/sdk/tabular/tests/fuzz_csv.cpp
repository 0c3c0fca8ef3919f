// Any bytes, through the encoding and the CSV reader: no crash, well-formed UTF-8 out, rows in rising lines.
#include <cstdlib>

#include "plugins/sdk/tabular/file_kind.hpp"
#include "plugins/sdk/tabular/header.hpp"
#include "schemas/rules/utf8.hpp"

namespace {

// As a table: every line is in a row, whatever is wrong with it.
void judge(std::string_view bytes) {
    using namespace sendhub::tabular;
    StringSource source(bytes);
    Utf8Source text(source);
    CsvReader csv(text, {.max_row_bytes = 4096, .max_fields = 64});
    const auto header = find_header(csv, [](const Header& row) { return row.size() > 1 ? row.size() : 0; });
    if (!header) return;
    std::uint64_t line = header->line();
    while (csv.next()) {
        if (csv.line() <= line) std::abort();
        line = csv.line();
        if (csv.problem() == RowProblem::none && csv.kind() == RowKind::data &&
            (csv.fields().size() < csv.shape().least || csv.fields().size() > csv.shape().full))
            std::abort();
    }
    if (!csv.took_every_line()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sendhub::tabular;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (not_a_table(bytes)) return 0;
    {
        StringSource source(bytes);
        Utf8Source text(source);
        std::string all;
        char buffer[64];
        while (const std::size_t n = text.read(buffer)) all.append(buffer, n);
        if (!sendhub::rules::is_utf8(all)) std::abort();
    }
    StringSource source(bytes);
    Utf8Source text(source);
    CsvReader csv(text, {.max_row_bytes = 4096, .max_fields = 64});
    std::uint64_t line = 0;
    while (csv.next()) {
        if (csv.line() <= line) std::abort();
        line = csv.line();
        if (csv.fields().size() > 64) std::abort();
        (void)csv.blank();
    }
    if (!csv.took_every_line()) std::abort();
    judge(bytes);
    return 0;
}
