// Any bytes, through the encoding and the CSV reader: no crash, well-formed UTF-8 out, rows in rising lines.
#include <cstdlib>

#include "plugins/sdk/tabular/csv.hpp"
#include "schemas/rules/utf8.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sendhub::tabular;
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
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
    return 0;
}
