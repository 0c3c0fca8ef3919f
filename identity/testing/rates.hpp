// How complete and how wrong each sender's records are. identity/testing/README.md says from where each figure is.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sendhub::identity::testing {

enum class Source : std::uint8_t {
    census,
    health,
    ehc_casework,
    social_care,
    youth_justice,
    missing_education,
    home_education,
    post16
};
inline constexpr std::size_t sources = 8;
inline constexpr std::array<std::string_view, sources> source_names{
    "census",         "health", "ehc_casework", "social_care", "youth_justice", "missing_education",
    "home_education", "post16"};

// Shares of the records of one source, 0 to 1.
struct SourceRates {
    // of a person who has one
    double upn_missing, nhs_present, uln_present;
    // of all records
    double postcode_missing, address_present, uprn_present, birth_date_missing, forename_missing, sex_missing;
    double postcode_typo, institutional;
    double birth_date_wrong;  // beside default dates
    // names: the child's other name in place of the legal one, if there is another; and spelling by the
    // writer
    double known_name_used, name_variant;
    double name_is_old;        // the surname of a former time is still there
    double years_out_of_date;  // mean age of what the record says
    double middle_present;
};

// Shares of all records or, where so named, of people.
struct Rates {
    std::array<SourceRates, sources> of;
    double names_swapped, names_swapped_chinese, names_swapped_unaccompanied;
    double default_birth_date, default_birth_date_unaccompanied;
    double identifier_shared;       // typed on a brother's or sister's record, or from a template
    double identifier_mistyped;     // UPN or NHS number with one slip
    double identifier_misplaced;    // NHS number in the ULN column
    double upn_temporary;           // of census records with a UPN, about
    double upn_changed;             // of people: a new one after a move; the census says what the former was
    double upn_changed_unsaid;      // of people: as above, and nobody says so
    double multiple_birth;          // of births
    double twins_with_close_names;  // of multiple births
    double move_a_year;             // of households
    double second_home;             // of children: the other parent's address stands in some records
    double surname_changed;         // of people, in their life so far
    double forename_changed;        // of people over 12, sex marker too
    double looked_after, unaccompanied, adopted;  // of people
    double namesake;  // of people: another child elsewhere has the same names and birth date
    // Records of each person, from the first number to the second; both 0: as many as each source makes.
    int fewest_records = 0, most_records = 0;
};

// "standard", "clean", "dirty", "long" or "twins"; nothing for any other name.
std::optional<Rates> rates_of(std::string_view mix);

}  // namespace sendhub::identity::testing
