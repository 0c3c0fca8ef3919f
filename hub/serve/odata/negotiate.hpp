// Which representation a client wants: $format, else the Accept header by quality, never its last or only
// entry.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "hub/serve/odata/rows_json.hpp"

namespace sendhub::serve::odata {

struct Representation {
    JsonStyle style;
    bool streaming = false;
    bool echo_streaming = false;
    // application/json;odata.metadata=minimal;…
    [[nodiscard]] std::string content_type() const;
};

// The JSON that is wanted; nothing when the client takes no JSON at all.
std::optional<Representation> negotiate_json(std::string_view accept, const std::string* format);
// For $metadata: XML (true) unless JSON alone is asked for (false); nothing when neither is taken.
std::optional<bool> negotiate_metadata(std::string_view accept, const std::string* format);
// The page size a client prefers (Prefer: odata.maxpagesize=N or maxpagesize=N); nothing when it says nothing
// usable.
std::optional<std::size_t> preferred_page_size(std::string_view prefer);

}  // namespace sendhub::serve::odata
