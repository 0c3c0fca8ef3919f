// Any bytes as a library: refused or taken, never read beyond their end.
#include <cstddef>
#include <cstdint>

#include "hub/worker/plugin_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string why = sendhub::worker::why_not_a_library({data, size}, "sendhub_plugin");
    if (size < 64 && why.empty()) __builtin_trap();  // shorter than the header of a library
    return 0;
}
