// The reason somebody gives for looking at a child. It goes into the audit log, which holds no names and no
// identifiers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hub/review/person.hpp"

namespace sendhub::review {

// usage: there is none, it is too long, or it holds what looks like an identifier (ten digits or more, blanks
// and dashes between them left out).
Status check_access_reason(std::string_view reason);
// usage: the reason holds one of these names as a word of its own, however it is written.
Status check_no_name(std::string_view reason, const std::vector<std::string>& names);
std::vector<std::string> names_of(const PersonPage& page);

}  // namespace sendhub::review
