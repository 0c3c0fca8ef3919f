// Any bytes as a return, in blocks of two sizes: no crash, the same refusal, and the same rows and issues of
// what is taken.
#include "connectors/school_census/tests/fuzz_host.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sendhub::census::testing;
    const std::vector<FakeFile> files = {
        {"fuzz.xml", std::string(reinterpret_cast<const char*>(data), size)}};
    const ConnectorOutcome whole = run_or_abort(files, 256 * 1024);
    const ConnectorOutcome pieces = run_or_abort(files, 7);
    if (whole.refused.empty() != pieces.refused.empty()) std::abort();
    // How far a file that is refused was read before it was refused is of no account: none of it is imported.
    if (whole.refused.empty() && (whole.rows != pieces.rows || whole.issues.size() != pieces.issues.size()))
        std::abort();
    return 0;
}
