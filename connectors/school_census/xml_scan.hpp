// Finds where a piece of markup ends. It knows comments, CDATA,
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

// The text inside a CDATA section.
std::string_view cdata_text(std::string_view section);

std::string_view without_prefix(std::string_view name);

}  // namespace sendhub::census
