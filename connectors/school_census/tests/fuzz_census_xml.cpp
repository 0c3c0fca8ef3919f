// Any bytes as a return, in blocks of two sizes: no crash, and the same rows, issues and refusal from both.
#include "connectors/school_census/tests/fuzz_host.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sendhub::census::testing;
    const std::vector<FakeFile> files = {
        {"fuzz.xml", std::string(reinterpret_cast<const char*>(data), size)}};
    const ConnectorOutcome whole = run_or_abort(files, 256 * 1024);
    const ConnectorOutcome pieces = run_or_abort(files, 7);
    if (whole.refused.empty() != pieces.refused.empty() || whole.rows != pieces.rows ||
        whole.issues.size() != pieces.issues.size())
        std::abort();
    return 0;
}
