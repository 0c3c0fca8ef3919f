#include "hub/worker/mask.hpp"

#include "schemas/rules/utf8.hpp"

namespace sendhub::worker {

std::string masked(std::string_view value) {
    constexpr std::string_view kept = " -'/.,:()@_+";
    std::string out;
    std::size_t characters = 0;
    while (!value.empty()) {
        if (characters++ == 20) return out + "…";
        std::size_t n = rules::utf8_sequence_length(value);
        const char c = value[0];
        if (n == 0) {
            out += '?';
            n = 1;
        } else if (n > 1) {
            out += 'x';  // whatever it is, nothing of it is shown
        } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
            out += 'x';
        } else if (c >= '0' && c <= '9') {
            out += '9';
        } else {
            out += kept.find(c) != std::string_view::npos ? c : '?';
        }
        value.remove_prefix(n);
    }
    return out;
}

}  // namespace sendhub::worker
