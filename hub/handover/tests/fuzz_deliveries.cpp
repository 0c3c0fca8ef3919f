// Any bytes as deliveries.jsonl: what is read keeps the rules of a delivery, and comes back as it was
// written.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "hub/handover/deliveries.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace sendhub::worker;
    for (const handover::Delivery& delivery :
         handover::parse_deliveries({reinterpret_cast<const char*>(data), size})) {
        if (delivery.seq <= 0 || delivery.sha256.size() != 64 ||
            !handover::why_name_is_refused(delivery.name).empty())
            __builtin_trap();
        const auto again = handover::parse_deliveries(handover::delivery_line(delivery) + "\n");
        if (again.size() != 1 || again[0].name != delivery.name || again[0].bytes != delivery.bytes)
            __builtin_trap();
    }
    return 0;
}
