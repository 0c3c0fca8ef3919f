// The known name that a mistyped one most likely means.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace sendhub {

// Changes of one letter (added, dropped, replaced, or two neighbours swapped) that turn a into b.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The nearest of known; empty when none is near enough to be meant.
std::string_view nearest(std::string_view name, std::span<const std::string_view> known);

// "; did you mean page_size?", or the known names when none is near and they are few, or nothing.
std::string nearest_hint(std::string_view name, std::span<const std::string_view> known);

}  // namespace sendhub
