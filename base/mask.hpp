// A personal value made fit to be shown beside a rejected row: its shape without its content, so that a
// person sees what kind of mistake it is ("a date in a name", "one digit short") and not whose row it is.
//
//   every letter, of any script → x      every digit → 9      space and - ' / . , : ( ) @ _ + → kept
//   anything else → ?                     more than 20 characters → the first 20 and …
//
// No character of the value but that punctuation is kept: not the first letter, not the case. A123456789012
// becomes x999999999999, O'Brien-Smith becomes x'xxxxx-xxxxx.
#pragma once

#include <string>
#include <string_view>

namespace sendhub {

[[nodiscard]] std::string masked(std::string_view value);

// The name of a file made fit to be shown to an operator, who must be able to find the file: runs of 9 or
// more digits (UPN, NHS number, ULN) become 9s, unless they are a time such as 20260120013000; shorter ones
// (dates, school numbers) and words stay. Not for logs, metrics or a publication.
[[nodiscard]] std::string masked_name(std::string_view name);

}  // namespace sendhub
