// The lists that names are drawn from, by origin: most frequent first, words parted by blanks, `_` stands for
// a blank inside a name. What stands here is the head of each pool; name_pools.cpp makes the long tail of it.
#pragma once

#include <cstdint>
#include <string_view>

namespace sendhub::identity::testing {

enum class Origin : std::uint8_t {
    british,
    welsh,
    scottish,
    irish,
    caribbean,
    south_asian_muslim,
    sikh,
    hindu,
    arabic,
    somali,
    turkish,
    polish,
    romanian,
    ukrainian,
    west_african,
    chinese,
    iberian,
    afghan,
    horn_of_africa
};
inline constexpr std::size_t origins = 19;

// Parts of which a rare name is made: one of starts, none to two of middles, one of ends.
struct Parts {
    std::string_view starts, middles, ends;
};

struct NameLists {
    std::string_view name;                   // of the origin, as truth.csv writes it
    int share;                               // of families, of 1,000
    std::string_view boys, girls;            // children of the 2020s
    std::string_view boys_2000, girls_2000;  // of the 2000s; empty: as above
    std::string_view surnames;               //
    Parts boy_parts, girl_parts, surname_parts;
    int british_forenames;  // percent of children with a forename of the british lists
    int british_surnames;   // percent of families
    bool transliterated;    // the spelling in Latin letters is a choice of who writes it
};

const NameLists& lists_of(Origin origin);

// "Alexander:Alex,Xander,Sandy;…": what a person of that name is also called.
extern const std::string_view familiar_forms;
// "Muhammad,Mohammed,Mohamed;…": spellings of one name.
extern const std::string_view spellings;
// "Ava,Eva;…": two different names that look alike, as twins are sometimes called. Boys first, then girls.
extern const std::string_view close_boys;
extern const std::string_view close_girls;

}  // namespace sendhub::identity::testing
