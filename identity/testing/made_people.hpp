// A file of person records of many senders, made from children whose truth is known. The identity engine is
// judged by it: nothing here is fitted to the engine, and everything that is drawn has its rate in rates.hpp.
//   auto file = make_people({.records = 1'000'000, .seed = 7});
//   file.column(Column::surname)[12], file.person[12]
// Same records, seed and mix: the same file, on any machine.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "identity/testing/name_lists.hpp"
#include "identity/testing/rates.hpp"
#include "identity/testing/text_column.hpp"

namespace sendhub::identity::testing {

enum class Column : std::uint8_t {
    source,
    id,  // eight characters that say nothing about the person
    surname,
    forename,
    middle_names,
    known_surname,
    known_forename,
    former_surname,
    birth_date,  // 2012-04-03
    sex,         // M, F, or empty
    postcode,
    house,
    street,
    uprn,
    previous_postcode,
    upn,
    former_upn,
    nhs_number,
    nhs_status,  // verified, traced, unverified
    uln,
    school,     // LAESTAB
    valid_from  // the day of which the record tells
};
inline constexpr std::size_t columns = 22;
inline constexpr std::array<std::string_view, columns> column_names{"source",
                                                                    "id",
                                                                    "surname",
                                                                    "forename",
                                                                    "middle_names",
                                                                    "known_surname",
                                                                    "known_forename",
                                                                    "former_surname",
                                                                    "birth_date",
                                                                    "sex",
                                                                    "postcode",
                                                                    "house",
                                                                    "street",
                                                                    "uprn",
                                                                    "previous_postcode",
                                                                    "upn",
                                                                    "former_upn",
                                                                    "nhs_number",
                                                                    "nhs_status",
                                                                    "uln",
                                                                    "school",
                                                                    "valid_from"};

// What is special about a person, as far as the file shows it.
enum Slice : std::uint32_t {
    twin = 1U << 0,             // of a multiple birth
    close_name = 1U << 1,       // a twin whose name is nearly the other's
    sibling = 1U << 2,          // the household has another child in the file
    surname_changed = 1U << 3,  // has had two surnames
    hyphenated = 1U << 4,       // a surname of two names
    transliterated = 1U << 5,   // of an origin whose names are spelt in Latin letters by the writer's ear
    ehe_cme = 1U << 6,          // has a record of home education or of missing education
    looked_after = 1U << 7,
    no_upn = 1U << 8,       // no record holds a UPN
    default_dob = 1U << 9,  // some record has a birth date that stands for "not known"
    moved = 1U << 10,       // the records give two addresses or more
    unaccompanied = 1U << 11,
    sealed = 1U << 12,    // one side of an adoption
    namesake = 1U << 13,  // another child elsewhere has the same names and birth date
    forename_changed = 1U << 14,
    many_records = 1U << 15,  // ten or more
};
inline constexpr std::array<std::string_view, 16> slice_names{
    "twin",    "close_name",   "sibling",          "surname_changed", "hyphenated", "transliterated",
    "ehe_cme", "looked_after", "no_upn",           "default_dob",     "moved",      "unaccompanied",
    "sealed",  "namesake",     "forename_changed", "many_records"};

struct Person {
    std::uint32_t slices = 0;
    std::uint32_t household = 0;
    std::uint32_t birth = 0;  // the same for twins and triplets; 0 for a single birth
    Origin origin{};
    std::uint16_t records = 0;
};

struct PeopleSettings {
    std::uint64_t records = 1'000'000;
    std::uint64_t seed = 1;
    std::string mix = "standard";      // see rates.hpp
    bool without_identifiers = false;  // the same records without UPN, NHS number and ULN
};

struct PeopleFile {
    std::array<TextColumn, columns> texts;
    std::vector<std::uint32_t> person;  // of each record: index in people
    std::vector<Person> people;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> sealed_pairs;  // of records

    [[nodiscard]] const TextColumn& column(Column c) const { return texts[static_cast<std::size_t>(c)]; }
    [[nodiscard]] std::size_t records() const { return person.size(); }
};

// The error is a sentence for the person who asked.
std::expected<PeopleFile, std::string> make_people(const PeopleSettings& settings);

// people.csv, truth.csv and sealed_pairs.csv in an existing or new folder. See demo/README.md.
std::expected<void, std::string> write_people(const PeopleFile& file, const std::filesystem::path& dir);

// The slices of a person by name, its name origin last: "twin;sibling;origin:welsh".
std::string slices_text(const Person& person);

}  // namespace sendhub::identity::testing
