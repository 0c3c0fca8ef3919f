// The row rules of the census: what is said of a row that breaks one. Ids SC-01 to SC-15 are those of the
// fact sheet (education-feeds 2.6); README.md says for each what happens to the row.
#pragma once

#include <string_view>

namespace sendhub::census::rule {

struct Rule {
    std::string_view id, reason, advice;
};

inline constexpr std::string_view correct_and_return =
    "Ask the school to correct it in its system and to return the census again.";

inline constexpr Rule upn_missing{
    "SC-01", "The pupil has no UPN.",
    "Ask the school to give the pupil a UPN; until then the pupil is known by name and birth date only."};
inline constexpr Rule upn_shape{"SC-01", "The UPN does not have 13 characters.", correct_and_return};
inline constexpr Rule upn_letter{"SC-01", "The check letter of the UPN does not fit its digits (1510).",
                                 correct_and_return};
inline constexpr Rule upn_repeated{
    "SC-01", "Two pupils of the return have the same UPN (1520); the second one's proves nothing.",
    correct_and_return};
inline constexpr Rule upn_la{"SC-01", "The UPN was issued by an authority that does not exist (1530).",
                             correct_and_return};
inline constexpr Rule upn_digits{
    "SC-01", "The UPN holds something other than digits between its letters (1540).", correct_and_return};
inline constexpr Rule pupil_repeated{
    "SC-01", "The pupil stands twice in the return, with the same UPN, name and birth date (1520).",
    "Ask the school to take one of the two out."};
inline constexpr Rule ambiguous{
    "SC-16", "A value of the pupil stands twice with different texts, or has other elements in it.",
    correct_and_return};
inline constexpr Rule uln_invalid{"SC-ULN", "The ULN does not pass its check; it is kept and proves nothing.",
                                  correct_and_return};

inline constexpr Rule damaged_name{
    "SC-CELL", "The name is an error word of a spreadsheet such as #REF!; it was left empty.",
    "Ask the school for the census as its system writes it, or correct the cell."};
inline constexpr Rule number_destroyed{
    "SC-CELL", "A spreadsheet destroyed the digits of the number (9.99E+09); it was not taken.",
    "Ask the school for the census as its system writes it."};

inline constexpr Rule birth_missing{"SC-02", "The date of birth is missing.", correct_and_return};
inline constexpr Rule birth_unreadable{"SC-02", "The date of birth is not a date.", correct_and_return};
inline constexpr Rule birth_future{"SC-02", "The date of birth is later than the census.",
                                   correct_and_return};
inline constexpr Rule birth_age{"SC-02", "The pupil would be younger than 0 or older than 25 on 31 August.",
                                correct_and_return};
inline constexpr Rule with_pupil{"SC-PUPIL", "The row was not taken because its pupil was refused.",
                                 "Correct the pupil first; see the other message of the same pupil."};

inline constexpr Rule entry_missing{"SC-03", "The date of entry is missing or is not a date.",
                                    correct_and_return};
inline constexpr Rule entry_before_birth{"SC-03", "The date of entry is before the date of birth.",
                                         correct_and_return};
inline constexpr Rule entry_after_census{
    "SC-03", "The pupil is on roll, and the date of entry is after the census.", correct_and_return};
inline constexpr Rule leaving_missing{
    "SC-04", "The pupil has left, and the date of leaving is missing or is not a date.", correct_and_return};
inline constexpr Rule leaving_before_entry{"SC-04", "The date of leaving is before the date of entry.",
                                           correct_and_return};
inline constexpr Rule leaving_after_census{
    "SC-04", "The pupil has left, and the date of leaving is after the census.", correct_and_return};

inline constexpr Rule needs_without_sen{
    "SC-05", "The pupil has types of need and no special educational needs provision.", correct_and_return};
inline constexpr Rule unit_without_sen{
    "SC-05",
    "The pupil is in a SEN unit or resourced provision and has no special educational needs provision.",
    correct_and_return};
inline constexpr Rule needs_missing{
    "SC-06", "The pupil has special educational needs provision and no type of need.", correct_and_return};
inline constexpr Rule need_rank{
    "SC-06", "The ranks of the needs must be 1, 2, 3 … without a gap or a repeat.", correct_and_return};
inline constexpr Rule need_nsa{
    "SC-07", "NSA (no specialist assessment) stands beside an education, health and care plan.",
    "Ask the school for the type of need that the plan names."};

inline constexpr Rule attendance_boarder{"SC-08", "Attendance is not collected for boarders.",
                                         correct_and_return};
inline constexpr Rule attendance_age{"SC-08", "Attendance is collected for ages 4 to 15 on 31 August only.",
                                     correct_and_return};
inline constexpr Rule attendance_no_possible{"SC-09", "There are absences, and no possible sessions.",
                                             correct_and_return};
inline constexpr Rule attendance_too_much{
    "SC-09", "There are more sessions of absence than possible sessions.", correct_and_return};
inline constexpr Rule attendance_number{"SC-09", "A number of sessions is not a whole number.",
                                        correct_and_return};
inline constexpr Rule mark_zero{"SC-10", "An absence mark is given with no sessions.", correct_and_return};
inline constexpr Rule mark_withdrawn{
    "SC-MARK", "The mark was withdrawn in August 2024; it was counted as the mark that replaced it.",
    "Ask the school to use the marks of today."};
inline constexpr Rule mark_unknown{
    "SC-MARK", "The mark is not an attendance mark; its sessions were not counted.", correct_and_return};

inline constexpr Rule exclusion_category{"SC-11", "The category is missing or is none of PERM, SUSP, LNCH.",
                                         correct_and_return};
inline constexpr Rule exclusion_start{"SC-11", "The first day is missing or is not a date.",
                                      correct_and_return};
inline constexpr Rule exclusion_reason{"SC-11", "The first reason is missing.", correct_and_return};
inline constexpr Rule exclusion_same_reasons{"SC-11", "A reason stands twice.", correct_and_return};
inline constexpr Rule exclusion_sessions{"SC-11", "The number of sessions is not a whole number.",
                                         correct_and_return};

inline constexpr Rule early_years_hours{
    "SC-12", "Funded hours or hours at setting are given for a pupil of five or older.", correct_and_return};
inline constexpr Rule postcode{"SC-15", "The postcode does not have the form of a UK postcode.",
                               correct_and_return};
inline constexpr Rule uprn{"SC-15", "The UPRN is not a number of 1 to 12 digits.", correct_and_return};

inline constexpr Rule unknown_code{"SC-CODE",
                                   "The code is not in the code set of the census; the field was left empty.",
                                   correct_and_return};
inline constexpr Rule required_code{"SC-CODE", "The code is missing or not in the code set of the census.",
                                    correct_and_return};

}  // namespace sendhub::census::rule
