// The target of a request, taken apart: path segments and query options, percent-decoded, checked to be UTF-8
// without NUL. Splitting comes before decoding, so an encoded slash stays inside its segment.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sendhub::serve {

struct Url {
    std::vector<std::string> path;                           // "/a/b" → {"a","b"}; "/a/" → {"a",""}
    std::vector<std::pair<std::string, std::string>> query;  // in the order given

    [[nodiscard]] const std::string* option(std::string_view name) const;
};

// Nothing for a target that is not an absolute path, or that has a bad escape, a NUL or bytes that are not
// UTF-8.
std::optional<Url> parse_url(std::string_view target);
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank);
// Everything but RFC 3986's unreserved characters is escaped.
std::string percent_encode(std::string_view text);

}  // namespace sendhub::serve
