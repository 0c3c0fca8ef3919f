// How a name sounds: Double Metaphone after the rules that Lawrence Philips published in June 2000 (C/C++
// Users Journal 18(6)), at most four sounds. Names that an English ear confuses get one key: smith, smyth;
// stephen, steven. For blocking and for a low level of likeness only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sendhub::identity::text {

// Up to four code letters (A for a vowel in front, F H J K L M N P R S T X, and 0 for "th"), one a byte, the
// first in the lowest byte. alternate == primary when there is one pronunciation only.
struct Phonetic {
    std::uint32_t primary = 0, alternate = 0;
    bool operator==(const Phonetic&) const = default;
};

// plain: folded text; blanks are skipped. Without a Latin letter the key is a hash of the text with the
// highest bit set, which no code has. Only an empty text gives 0.
Phonetic phonetic(std::string_view plain);

// "SM0" and the like, for explanations and tests.
std::string to_string(std::uint32_t code);

}  // namespace sendhub::identity::text
