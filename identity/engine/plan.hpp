// What is compared and how: the comparisons with their ladders of levels, and the keys that propose pairs.
// The plan follows from the evidence that the records have; it is the same for every run over the same
// columns.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "identity/engine/features.hpp"

namespace sendhub::identity {

enum class Kind : std::uint8_t {
    name,
    birth,
    sex,
    place,
    upn,
    nhs,
    uln,
    school,  // of a Row
    identifier,
    email,
    phone,
    street,
    text,
    category,
    number,  // of a Generic
};

// The levels of each ladder, best first (matching.md section 4). `null`: a side has no value; weight 0.
inline constexpr unsigned null_level = 31;

struct NameLevel {
    enum : unsigned {
        full,
        both,
        other_middle,
        swapped,
        hyphen,
        nickname,
        alias,
        surname_near,
        forename_near,
        forename_close,
        both_near,
        swapped_near,
        shortened,
        initial,
        sound,
        loosely,
        surname_missing,
        forename_missing,
        near_surname_missing,
        near_forename_missing,
        cross_missing,
        forename_only,
        near_forename_only,
        weak_forename,
        surname_only,
        near_surname_only,
        other,
        count
    };
};
struct BirthLevel {
    enum : unsigned {
        equal,
        equal_default,
        partial,
        swapped,
        digit,
        year_near,
        two_parts,
        month_near,
        within_year,
        other,
        count
    };
};
struct SexLevel {
    enum : unsigned { equal, different, count };
};
struct PlaceLevel {
    enum : unsigned { household, unit, earlier_unit, one_edit, sector, district, other, count };
};
struct IdLevel {
    enum : unsigned {
        equal,
        former,
        unverified,
        one_edit,
        temporary,
        different,
        valid_different,
        unproven_different,
        count
    };
};
struct SchoolLevel {
    enum : unsigned { equal, different, count };
};
struct TextLevel {
    enum : unsigned { equal, near, similar, other, count };
};
struct EmailLevel {
    enum : unsigned { equal, local_part, near, other, count };
};
struct StreetLevel {
    enum : unsigned { equal, street_only, near, other, count };
};

struct Level {
    std::string_view label;  // in plain English
    double m, bits;          // before training: share among same-person pairs, and log2(m/u)
};

struct Comparison {
    std::string name;  // shown; for a Generic the name of its column
    Kind kind;
    std::size_t generic = 0;  // of Features::generics
    std::span<const Level> levels;
};

inline constexpr std::size_t max_comparisons = 12;  // 5 bits each in one 64-bit pattern

// Which comparisons a key is made of: they are not trained on the pairs it proposes.
struct Key {
    std::string_view label;
    enum class Recipe : std::uint8_t {
        upn,
        nhs,
        uln,
        birth_forename,
        birth_surname,
        birth_place,
        place_initial_year,
        surname_class_year,
        birth_initials,
        swapped_birth_surname,
        names_district,
        uprn_forename,
        year_month,
        year_day,
        month_day,
        names,
        generic_value,
        email_local,
        generic_names,
        street_initial,
    } recipe;
    std::size_t generic = 0;
    std::uint32_t uses = 0;  // bit per comparison
};
inline constexpr std::size_t max_keys = 24;

struct Plan {
    std::vector<Comparison> comparisons;
    // Of them, a bit each: UPN, NHS number and ULN; any other identifier.
    std::uint32_t numbers = 0, identifiers = 0;
    std::vector<Key> keys;
    std::size_t keys_left_out = 0;  // beyond max_keys

    // The first comparison of each kind; -1: none.
    std::array<std::int8_t, static_cast<std::size_t>(Kind::number) + 1> first_of = [] {
        decltype(first_of) none{};
        none.fill(-1);
        return none;
    }();

    [[nodiscard]] int find(Kind kind) const { return first_of[static_cast<std::size_t>(kind)]; }
};

Plan make_plan(const Features& features);

inline unsigned level_of(std::uint64_t pattern, std::size_t comparison) {
    return static_cast<unsigned>(pattern >> (5 * comparison)) & 31u;
}
// null_level also where the plan has no such comparison.
inline unsigned level_of(const Plan& plan, std::uint64_t pattern, Kind kind) {
    const int comparison = plan.find(kind);
    return comparison < 0 ? null_level : level_of(pattern, static_cast<std::size_t>(comparison));
}

}  // namespace sendhub::identity
