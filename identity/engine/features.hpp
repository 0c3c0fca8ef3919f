// Records made comparable: every value is a 32-bit code of a dictionary, so that equality is one integer
// compare and the work on texts is done once per distinct value. Code 0 is "no value".
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "identity/engine/table.hpp"
#include "identity/engine/text_index.hpp"

namespace sendhub::identity {

namespace text {
struct Membership;
}

inline constexpr std::int32_t no_day = INT32_MIN;

struct Flags {
    static constexpr std::uint16_t sex_mask = 3;            // 0 unknown, 1 male, 2 female, 3 another
    static constexpr std::uint16_t birth_default = 1 << 2;  // a day typed when the real one was not known
    static constexpr std::uint16_t birth_day_missing = 1 << 3;
    static constexpr std::uint16_t birth_year_only = 1 << 4;
    static constexpr std::uint16_t unnamed = 1 << 5;  // "Baby Khan", "Twin 1": V8
    static constexpr std::uint16_t nhs_verified = 1 << 6;
    static constexpr std::uint16_t place_institutional = 1 << 7;  // matches, but carries no weight
    static constexpr std::uint16_t removed = 1 << 8;              // no longer part of the index
    static constexpr std::uint16_t of_several = 1 << 9;  // unnamed, and of a multiple birth: "Twin 1"
};

// One cache line a record.
struct alignas(64) Row {
    std::array<std::uint32_t, 2> fore{};  // of Features::names: current, known as
    std::array<std::uint32_t, 3> sur{};   // current, known as, former
    std::uint32_t middle = 0;
    std::int32_t birth = no_day;  // days since 1970-01-01; missing parts are 1
    std::uint32_t postcode = 0;   // of Features::places
    std::uint32_t house = 0;      // house number or name
    std::uint32_t uprn = 0;
    std::uint32_t upn = 0, nhs = 0, uln = 0;  // of the table of each
    std::uint32_t more = 0;                   // 1 + position in Features::more; 0: nothing more
    std::uint16_t flags = 0, source = 0;
    std::uint32_t school = 0;
};
static_assert(sizeof(Row) == 64);

// The values beyond those of a Row: most records have none.
struct More {
    std::vector<std::uint32_t> postcodes;    // earlier ones
    std::vector<std::uint32_t> former_upns;  // codes of the UPN table
    std::vector<std::uint32_t> fore, sur;    // further names
    std::int32_t death = no_day, active = no_day;
};

struct NameEntry {                              // its text: folded tokens, one blank between
    std::uint32_t hash = 0;                     // of the text: codes differ from load to load, this does not
    std::string plain;                          // the text without blanks
    std::uint32_t sound = 0, other_sound = 0;   // phonetic keys
    const text::Membership* listed = nullptr;   // in the tables of nicknames and spellings
    std::uint32_t classes = 0;                  // hash of the nickname or spelling class, for blocking
    std::uint32_t letters = 0;                  // which of a–z occur
    std::vector<std::uint32_t> tokens;          // hash of each token
    std::vector<std::uint32_t> token_sounds;    // of several tokens: the phonetic key of each
    std::uint32_t forenames = 0, surnames = 0;  // how many records carry it as a current name
};

// What settles most comparisons of two names at one look, packed so that many fit in a cache.
struct NameSign {
    std::uint32_t letters = 0;  // as in NameEntry
    std::uint32_t sound = 0, other_sound = 0;
    char first = 0;
    std::uint8_t length = 0;
    bool listed = false, plain_word = false;  // one token of Latin letters, four or more
};

struct PlaceEntry {
    std::uint64_t characters = 0;            // which of 0–9 and A–Z occur, a bit each
    std::uint32_t hash = 0;                  // of the text
    std::uint32_t sector = 0, district = 0;  // hashes; 0 when the text is not a United Kingdom postcode
    bool institutional = false;
    std::uint32_t count = 0;
};

enum class IdQuality : std::uint8_t { valid, temporary, invalid };

struct IdEntry {
    std::uint32_t hash = 0;  // of the text
    IdQuality quality = IdQuality::invalid;
    bool polluted = false;  // stands on many people: no weight, no veto, no proof
    std::uint32_t count = 0;
};

// A dictionary of texts with something known of each. Code 0 is "no value". The texts lie beside: nearly all
// comparisons need but the entries.
template <class Entry>
class ValueTable {
  public:
    ValueTable() { add(""); }
    // The code of the text, and whether it is new.
    std::pair<std::uint32_t, bool> intern(std::string_view text) {
        const auto next = static_cast<std::uint32_t>(entries_.size());
        const std::uint32_t code = index_.find_or_add(text, next, text_of());
        if (code == next) add(text).hash = static_cast<std::uint32_t>(hash_text(text));
        return {code, code == next};
    }
    [[nodiscard]] std::uint32_t find(std::string_view text) const { return index_.find(text, text_of()); }
    const Entry& operator[](std::uint32_t code) const { return entries_[code]; }
    Entry& operator[](std::uint32_t code) { return entries_[code]; }
    // Until the next new text.
    [[nodiscard]] std::string_view text(std::uint32_t code) const { return texts_[code]; }
    [[nodiscard]] std::size_t size() const { return entries_.size(); }

  private:
    Entry& add(std::string_view text) {
        texts_.push(text);
        return entries_.emplace_back();
    }
    [[nodiscard]] auto text_of() const {
        return [this](std::uint32_t code) { return texts_[code]; };
    }
    std::vector<Entry> entries_;
    TextColumn texts_;
    TextIndex index_;
};

struct TextEntry {            // its text: folded
    std::uint32_t hash = 0;   // of the text
    std::string local;        // of an e-mail address: the part before the @
    std::uint32_t sound = 0;  // phonetic key of the whole, for blocking
    double number = 0;        // Role::number
    bool polluted = false;    // Role::identifier: as of an IdEntry
    std::uint32_t count = 0;
};

// A column that has a comparison of its own.
struct Generic {
    std::string name;
    Role role;
    std::size_t column;  // of the table
    ValueTable<TextEntry> values;
    std::vector<std::uint32_t> code;  // per record
    bool some_polluted = false;       // a look at this spares a look at the entry

    [[nodiscard]] bool polluted(std::uint32_t value) const { return some_polluted && values[value].polluted; }
};

struct CalendarDay {
    std::int16_t year;
    std::int8_t month, day;
};
CalendarDay calendar_day(std::int32_t days);

// Of an identifier: how many of its values stand on more than three people, and on how many records.
struct PollutedCount {
    std::string identifier;
    std::uint64_t values = 0, records = 0;
};

// What a standardiser changed or could not use, counted by column; never a value.
struct StandardCount {
    std::string column;
    std::uint64_t given = 0, unusable = 0, placeholders = 0, moved = 0, institutional = 0, default_days = 0;
    std::uint64_t second = 0;  // numbers of records that hold another one of the kind in an earlier column
};

struct Features {
    std::vector<Row> rows;
    std::vector<std::uint64_t> order;  // hash of the record's key: ties are broken by it
    std::vector<More> more;
    std::vector<Generic> generics;
    ValueTable<NameEntry> names;
    std::vector<NameSign> name_signs = {NameSign{}};  // by code of names
    ValueTable<PlaceEntry> places;
    ValueTable<TextEntry> houses, schools;
    ValueTable<IdEntry> uprns, upns, nhs, ulns;
    std::vector<StandardCount> counts;
    // per source: the days of the year (month * 32 + day) that are typed when the real one is not known
    std::vector<std::vector<std::uint16_t>> default_days;
    std::uint16_t sources = 1;
    // which kinds of evidence the records have at all
    bool has_names = false, has_birth = false, has_sex = false, has_place = false, has_upn = false,
         has_nhs = false, has_uln = false, uk_postcodes = false;

    [[nodiscard]] std::size_t size() const { return rows.size(); }
    // Of the first 64 sources a bit each; 0 for the others.
    [[nodiscard]] std::uint64_t source_bit(std::uint32_t record) const {
        const std::uint16_t source = rows[record].source;
        return source < 64 ? std::uint64_t{1} << source : 0;
    }
    [[nodiscard]] const More* more_of(const Row& row) const {
        return row.more == 0 ? nullptr : &more[row.more - 1];
    }
};

}  // namespace sendhub::identity
