// Any text is refused with a place inside it, or gives runs that only ever go forward.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "hub/schedule/cron.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto cron = sendhub::config::parse_cron(text);
    if (!cron) {
        if (cron.error().position < 1 || cron.error().position > size + 1 || cron.error().sentence.empty())
            std::abort();
        return 0;
    }
    sendhub::Micros time = 1'774'656'000'000'000;  // 2026-03-28: the clocks change the next night
    for (int i = 0; i < 3; ++i) {
        const auto next = sendhub::schedule::next_after(*cron, time);
        if (!next || *next <= time) std::abort();
        time = *next;
    }
    return 0;
}
