// Keyed hashes of records: they stand for a record where its own key must not (events, case numbers), and
// stay true when the record itself is erased. The key is the store's secret, so that nobody can find a
// record by guessing.
#pragma once

#include <string>
#include <string_view>

namespace sendhub::match {

// "<feed>:<16 hexadecimal digits>"
std::string record_token(std::string_view secret, std::string_view feed, std::string_view person_ref);

// "C" and eight characters of Crockford's base 32; the same for (a, b) and (b, a). a, b: tokens.
std::string case_id(std::string_view secret, std::string_view token_a, std::string_view token_b);

}  // namespace sendhub::match
