// Tables of a set out of one input: parts are divided by a line of `=`. No crash, no row without its table
// set.
#include "connectors/school_census/tests/fuzz_host.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sendhub::census::testing;
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    std::vector<FakeFile> files;
    while (files.size() < 12) {
        const auto end = rest.find("\n=\n");
        files.push_back(
            {"set.zip/" + std::to_string(files.size()) + ".csv", std::string(rest.substr(0, end))});
        if (end == std::string_view::npos) break;
        rest.remove_prefix(end + 3);
    }
    const ConnectorOutcome out = run_or_abort(files, 4096);
    if (!out.rows.empty() && files.size() < 2 && files[0].content.find('<') == std::string::npos)
        std::abort();
    return 0;
}
