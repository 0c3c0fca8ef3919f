// Finds where markup and elements end in a piece of XML, without building anything. It knows comments, CDATA,
// processing instructions and quoted attributes, so a tag that stands inside one of them is never taken for a
// tag. Declarations (<!DOCTYPE …>) are refused: no entity is ever expanded.
#pragma once

#include <cstddef>
#include <string_view>

namespace sendhub::census {

enum class Markup { incomplete, start, empty, end, comment, cdata, instruction };

struct Scanned {
    Markup kind;
    std::size_t size = 0;   // of the whole markup
    std::string_view name;  // of start, empty and end, without its namespace prefix
};

// The markup at the beginning of text, which begins with '<'. Throws FileRefused.
Scanned scan_markup(std::string_view text);

// Bytes from the start tag at the beginning of text up to its end tag, that included; 0 when text ends
// before. The element must not hold another of its name. Throws FileRefused.
std::size_t element_size(std::string_view text);

}  // namespace sendhub::census
