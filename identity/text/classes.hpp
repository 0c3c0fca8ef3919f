// Names that stand for the same name: nicknames (liz, elizabeth) and spellings of one name in Latin letters
// (mohammed, muhammad). The tables are data/nicknames.txt and data/transliterations.txt; their heads say how
// they are written. They become part of the binary and are read at the first call.
//
// A class is a relation, not an equivalence: alex ~ alexander and alex ~ alexandra, but alexander is not
// alexandra.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace sendhub::identity::text {

enum class Relation : std::uint8_t { none, nickname, transliteration };

// Where a plain form (Name::plain) stands in the tables; nullptr: in none, and then every relation is none.
// For ever the same.
struct Membership;
const Membership* membership(std::string_view plain);

// Of two plain forms. nickname: one is a short form of the other, or both of one name and begin alike (liz,
// lizzie); two short forms that do not (alfie, freddie) are the names of brothers, and none. Equal texts give
// none: a name is no nickname of itself.
Relation forename_relation(std::string_view plain_a, const Membership& a, std::string_view plain_b,
                           const Membership& b);
Relation surname_relation(std::string_view plain_a, const Membership& a, std::string_view plain_b,
                          const Membership& b);
Relation forename_relation(std::string_view plain_a, std::string_view plain_b);
Relation surname_relation(std::string_view plain_a, std::string_view plain_b);  // never nickname

// One text for the class of a forename, to block on; the text itself when it is in none. Of several classes
// the first in the table, a class whose long form it is before the others. The view is of the tables or of
// `plain`.
std::string_view forename_class(std::string_view plain);
std::string_view surname_class(std::string_view plain);

// The texts of all its classes, or the text itself: two related forenames have at least one in common.
void forename_classes(std::string_view plain, const std::function<void(std::string_view)>& fn);

}  // namespace sendhub::identity::text
