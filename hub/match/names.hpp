// Names made comparable: lower case, accents and punctuation away ("O’Néil" = "oneil"). The source's form is
// kept elsewhere; these forms are only compared.
#pragma once

#include <string>
#include <string_view>

namespace sendhub::match {

// Letters only, lower case, Latin accents stripped; other scripts are kept as they are. Placeholders for a
// name that is not known (baby, twin 1, unknown …) become empty.
std::string plain_name(std::string_view name);

// 0 … 1; 1 only for equal texts.
double jaro_winkler(std::string_view a, std::string_view b);

enum class NameRelation { equal, close, different, unknown };

// Of two plain forenames. close: one begins the other (three letters or more), one is the other's initial, or
// they are nearly spelled alike (Jaro-Winkler 0.90). unknown: one is empty.
NameRelation relate_forenames(std::string_view a, std::string_view b);

}  // namespace sendhub::match
