// Any bytes as $filter and $orderby: no crash, no endless work, and what parses becomes SQL with as many
// parameters as it names.
#include <cstdint>
#include <cstdlib>

#include "hub/serve/odata/expression.hpp"

using namespace sendhub::serve;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::vector<Field> fields{
        {"s", "", FieldType::string, 0, 0, true},    {"d", "", FieldType::date, 0, 0, true},
        {"t", "", FieldType::timestamp, 0, 0, true}, {"i", "", FieldType::int64, 0, 0, false},
        {"m", "", FieldType::decimal, 9, 4, true},   {"b", "", FieldType::boolean, 0, 0, true}};
    static const std::map<std::string, std::string, std::less<>> aliases{{"@p", "'x'"}, {"@n", "5"}};
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const odata::ParseContext context{fields, &aliases, 0};
    if (const auto filter = odata::parse_filter(text, context)) {
        odata::Parameters parameters;
        const std::string sql = odata::condition_sql(*filter, fields, parameters);
        (void)odata::shape(*filter, fields);
        if (const std::size_t n = parameters.values().size();
            n > 0 && sql.find("$" + std::to_string(n)) == std::string::npos)
            std::abort();
        // Nothing that was sent gets into the text: quotes, comments and statement ends never occur in it.
        if (sql.find('\'') != std::string::npos || sql.find("--") != std::string::npos ||
            sql.find(';') != std::string::npos)
            std::abort();
    } else if (filter.error().position > text.size() || filter.error().message.empty()) {
        std::abort();
    }
    if (const auto order = odata::parse_orderby(text, context);
        !order && order.error().position > text.size())
        std::abort();
    return 0;
}
