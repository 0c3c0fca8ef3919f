#include "hub/review/differences.hpp"

#include <algorithm>
#include <cstdint>

namespace sendhub::review {
namespace {

std::vector<std::string_view> letters(std::string_view text) {
    std::vector<std::string_view> out;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t wanted = lead < 0x80    ? 1
                                   : lead >= 0xF0 ? 4
                                   : lead >= 0xE0 ? 3
                                   : lead >= 0xC0 ? 2
                                                  : 1;
        std::size_t size = 1;
        while (size < wanted && i + size < text.size() &&
               (static_cast<unsigned char>(text[i + size]) & 0xC0) == 0x80)
            ++size;
        if (size != wanted) size = 1;
        out.push_back(text.substr(i, size));
        i += size;
    }
    return out;
}

void add(std::vector<Span>& spans, std::size_t place) {
    if (!spans.empty() && spans.back().begin + spans.back().size == place)
        ++spans.back().size;
    else
        spans.push_back({place, 1});
}

}  // namespace

Differences differences(std::string_view a, std::string_view b) {
    const auto x = letters(a), y = letters(b);
    Differences out;
    if (a == b) return out;
    constexpr std::size_t limit = 500;
    if (x.size() > limit || y.size() > limit) {
        if (!x.empty()) out.a.push_back({0, x.size()});
        if (!y.empty()) out.b.push_back({0, y.size()});
        return out;
    }
    // common[i][j]: how many letters x[i…] and y[j…] have in common, in order
    const std::size_t width = y.size() + 1;
    std::vector<std::uint16_t> common((x.size() + 1) * width, 0);
    for (std::size_t i = x.size(); i-- > 0;)
        for (std::size_t j = y.size(); j-- > 0;)
            common[i * width + j] = x[i] == y[j]
                                        ? static_cast<std::uint16_t>(common[(i + 1) * width + j + 1] + 1)
                                        : std::max(common[(i + 1) * width + j], common[i * width + j + 1]);
    std::size_t i = 0, j = 0;
    while (i < x.size() || j < y.size()) {
        if (i < x.size() && j < y.size() && x[i] == y[j]) {
            ++i;
            ++j;
        } else if (j == y.size() ||
                   (i < x.size() && common[(i + 1) * width + j] >= common[i * width + j + 1])) {
            add(out.a, i++);
        } else {
            add(out.b, j++);
        }
    }
    return out;
}

std::string marked(std::string_view value, const std::vector<Span>& spans) {
    std::string out;
    auto span = spans.begin();
    std::size_t place = 0;
    for (const std::string_view letter : letters(value)) {
        if (span != spans.end() && place == span->begin) out += '[';
        out += letter;
        ++place;
        if (span != spans.end() && place == span->begin + span->size) {
            out += ']';
            ++span;
        }
    }
    return out;
}

}  // namespace sendhub::review
