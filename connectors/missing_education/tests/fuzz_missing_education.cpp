// Any bytes as each of the five lists: the plugin answers with a code and never with a crash, and no error
// text or log holds what stood in the file's rows.
#include <cstdlib>

#include <sendhub/testing.hpp>

extern "C" const shp_plugin* sendhub_plugin(void);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr const char* lists[] = {"cme", "ehe", "off_roll", "part_time", "moves"};
    if (size == 0) return 0;
    const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto out = sendhub::sdk::testing::run_connector(sendhub_plugin(), {{"list", lists[data[0] % 5]}},
                                                          {{"list_20260119.csv", bytes}});
    if (out.code != SHP_OK) std::abort();
    for (const auto& [record, rows] : out.rows)
        for (const auto& row : rows)
            if (!row.contains("source_key")) std::abort();
    return 0;
}
