// Any bytes as a file of the register: no crash, and every row that is taken has its keys.
#include <cstdint>
#include <cstdlib>

#include <sendhub/testing.hpp>

#include "connectors/schools/schools.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sendhub;
    const std::string text(reinterpret_cast<const char*>(data), size);
    for (const char* la_codes : {"", "873"}) {
        const auto out =
            sdk::testing::run_connector(sdk::detail::connector_table<gias::Schools>(),
                                        {{"la_codes", la_codes}}, {{"a.csv", text}, {"b.csv", text}});
        if (out.code != SHP_OK) std::abort();
        for (const auto& [record, rows] : out.rows)
            for (const auto& row : rows)
                if (!row.contains("source_key") || !row.contains("urn")) std::abort();
    }
    return 0;
}
