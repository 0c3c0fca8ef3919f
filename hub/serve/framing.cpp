#include "hub/serve/framing.hpp"

#include <algorithm>

namespace sendhub::serve {
namespace {

bool is_token_char(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

bool same_word(std::string_view a, std::string_view lower) {
    return std::ranges::equal(
        a, lower, [](char x, char y) { return (x >= 'A' && x <= 'Z' ? static_cast<char>(x + 32) : x) == y; });
}

}  // namespace

std::optional<std::string_view> framing_fault(std::string_view head) {
    int hosts = 0, lengths = 0, codings = 0;
    bool first = true, version_1_0 = false;
    while (!head.empty()) {
        const std::size_t end = head.find("\r\n");
        if (end == std::string_view::npos) return "the header does not end in an empty line";
        const std::string_view line = head.substr(0, end);
        head.remove_prefix(end + 2);
        if (line.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)
            return "the header holds a bare line break or a zero byte";
        if (first) {
            first = false;
            if (line.ends_with(" HTTP/1.0"))
                version_1_0 = true;
            else if (!line.ends_with(" HTTP/1.1"))
                return "this is not an HTTP/1.1 request";
            continue;
        }
        if (line.empty()) break;
        const std::size_t colon = line.find(':');
        if (line.front() == ' ' || line.front() == '\t') return "a header line is folded";
        if (colon == 0 || colon == std::string_view::npos ||
            !std::ranges::all_of(line.substr(0, colon), is_token_char))
            return "a header line has no valid name";
        const std::string_view name = line.substr(0, colon), value = trimmed(line.substr(colon + 1));
        if (same_word(name, "host")) {
            ++hosts;
            if (value.find_first_of(" \t,/@") != std::string_view::npos)
                return "the Host header is not a host name";
        } else if (same_word(name, "content-length")) {
            ++lengths;
            if (value.empty() || value.size() > 18 ||
                !std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; }))
                return "Content-Length must be one number";
        } else if (same_word(name, "transfer-encoding")) {
            ++codings;
            if (!same_word(value, "chunked")) return "the only transfer coding that is accepted is chunked";
        }
    }
    if (hosts > 1 || (hosts == 0 && !version_1_0)) return "there must be exactly one Host header";
    if (lengths > 1) return "Content-Length is given more than once";
    if (codings > 1) return "Transfer-Encoding is given more than once";
    if (codings > 0 && (lengths > 0 || version_1_0))
        return "Transfer-Encoding does not go with Content-Length or HTTP/1.0";
    return std::nullopt;
}

}  // namespace sendhub::serve
