// What the engine is given: records as columns. It knows nothing of feeds, files or the store: a record is a
// source number, a key that is unique over all sources, the child's names, birth date, places and
// identifiers.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

namespace sendhub::match {

// Many short texts in one buffer.
class TextColumn {
  public:
    void push(std::string_view text) {
        bytes_.insert(bytes_.end(), text.begin(), text.end());
        ends_.push_back(bytes_.size());
    }
    std::string_view operator[](std::size_t i) const {
        const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
        return {bytes_.data() + begin, ends_[i] - begin};
    }
    [[nodiscard]] std::size_t size() const { return ends_.size(); }

  private:
    std::vector<char> bytes_;
    std::vector<std::size_t> ends_;
};

enum class IdKind : std::uint8_t { upn, former_upn, nhs_number, uln };

inline constexpr std::int32_t no_date = std::numeric_limits<std::int32_t>::min();

struct Records {
    std::vector<std::uint16_t> source;  // which source, by number
    TextColumn key;                     // unique; records are given in ascending order of key
    TextColumn surname, forename;       // legal, as the source gave them (any case, accents, punctuation)
    TextColumn known_surname, known_forename;  // known as; empty: none
    TextColumn former_surname;
    std::vector<std::int32_t> birth_date;  // days since 1970-01-01, or no_date
    TextColumn postcode;                   // normalised; empty: none

    // Identifiers that passed their check, in ascending order of record. Others never prove anything.
    struct Identifier {
        std::uint32_t record;
        IdKind kind;
    };
    std::vector<Identifier> identifiers;
    TextColumn identifier_values;  // of identifiers, same order

    [[nodiscard]] std::size_t size() const { return source.size(); }
};

}  // namespace sendhub::match
