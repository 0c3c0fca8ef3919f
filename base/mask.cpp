#include "base/mask.hpp"

#include <algorithm>

#include "schemas/rules/utf8.hpp"

namespace sendhub {

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

std::string masked_name(std::string_view name) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    std::string out(name);
    for (std::size_t begin = 0, end = 0; begin < out.size(); begin = end + 1) {
        end = begin;
        while (end < out.size() && is_digit(out[end])) ++end;
        const bool time =
            (end - begin == 12 || end - begin == 14) && out[begin] == '2' && out[begin + 1] == '0' &&
            (begin == 0 || out[begin - 1] == '_' || out[begin - 1] == '-' || out[begin - 1] == ' ');
        if (end - begin >= 9 && !time)
            std::fill(out.begin() + static_cast<std::ptrdiff_t>(begin),
                      out.begin() + static_cast<std::ptrdiff_t>(end), '9');
    }
    return out;
}

}  // namespace sendhub
