// The county in memory: what is true, and the rows its senders will write about it.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "demo/county.hpp"
#include "demo/shared_with_people.hpp"
#include "demo/words.hpp"

namespace sendhub::demo {

inline constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();
inline constexpr std::uint16_t no_school = std::numeric_limits<std::uint16_t>::max();

struct Address {
    std::uint32_t street = 0;
    std::uint32_t number = 0;
};

struct Street {
    std::string name;
    std::string town;
    std::string postcode;
    std::uint16_t primary;  // where its children go to school
};

enum class Phase : std::uint8_t { primary, secondary, special, pru };

struct School {
    std::string urn;
    std::string laestab;
    std::string name;
    Phase phase;
    int type_code;
    bool sixth_form = false;
    std::uint32_t weight = 1;  // share of the children near it
    std::uint16_t feeds = 0;   // secondary school of its leavers
    Day opened = no_day;
    std::string former_urn;  // before it became an academy
    Day converted = no_day;
    bool autumn_return = false;  // in the COLLECT set
    Day sent = day(2026, 1, 19);
    int serial = 1;
    std::uint32_t street = 0;
};

struct Household {
    Address address;
    Address former;  // street == nobody: never moved lately
};

// What has become of a child lately. Attendance, SEN, youth justice and advice come on top of it.
enum class Story : std::uint8_t {
    on_roll,
    changed_school,
    reported_twice,
    excluded,
    moved_in,
    ehe_returned,
    cme_closed_in_school,  // on a roll today
    ehe,
    ehe_after_cme,
    cme_lost,
    cme_lost_before,
    cme_new_here,
    cme_unsuitable_ehe,
    cme_closed_away,
    moved_out,
    waiting,
    college,
    preschool,
    outside  // on no roll
};
constexpr bool is_on_roll(Story story) { return story <= Story::cme_closed_in_school; }

struct Child {
    std::uint32_t household = 0;
    Day born = 0;
    bool male = false;
    bool twin = false;
    bool sibling = false;
    Story story = Story::on_roll;
    std::int8_t year = 0;  // national curriculum year: -2 too young, -1 nursery, 0 reception, 1 … 14
    char sen = 'N';
    char social = 0;  // 0 none, 'H' early help, 'N' child in need, 'P' protection plan, 'A' looked after
    std::array<std::uint8_t, 3> needs{};  // index in need_codes plus one; 0: none
    bool youth_justice = false;
    bool busy = false;  // something else is told about this child: no row error may fall on it
    std::uint16_t school = no_school;
    std::uint16_t former_school = no_school;
    std::string surname, forename, familiar, middle, preferred_surname, former_surname;
    std::string_view ethnicity, language;
    std::string upn, former_upn, uln, nhs;
    Origin origin = Origin::british;
};

inline constexpr std::array<std::string_view, 13> need_codes{
    "SLCN", "SEMH", "ASD", "SPLD", "MLD", "SLD", "PMLD", "HI", "VI", "PD", "OTH", "DS", "NSA"};

// What one sender believes about a child, fixed on the day it was written down.
struct Face {
    std::uint32_t child = nobody;
    std::string surname, forename, middle, preferred_surname, familiar, former_surname;
    std::string upn, uln, nhs;
    Day born = no_day;
    char sex = 'U';
    Address address;
    bool has_address = true;
};

// Errors that make a row wrong. Their rules are in README.md.
enum class Flaw : std::uint8_t {
    none,
    birth_in_future,
    entry_too_late,
    left_before_entry,
    need_without_sen,
    absent_too_long,
    no_reason,
    bad_date,
    wrong_order,
    too_wide  // more cells than the header, though the last ones are empty
};

inline constexpr std::array<std::string_view, 14> marks{"C", "C1", "C2", "E", "I", "J1", "M",
                                                        "R", "S",  "T",  "G", "N", "O",  "U"};
inline constexpr std::size_t authorised_marks = 10;  // the first ten; the rest are unauthorised

struct Attendance {
    bool given = false;
    int possible = 0;
    std::array<std::int16_t, 14> absent{};
    [[nodiscard]] int authorised() const {
        int sum = 0;
        for (std::size_t i = 0; i < authorised_marks; ++i) sum += absent[i];
        return sum;
    }
    [[nodiscard]] int unauthorised() const {
        int sum = 0;
        for (std::size_t i = authorised_marks; i < absent.size(); ++i) sum += absent[i];
        return sum;
    }
};

enum class Category : std::uint8_t { suspension, permanent, lunchtime };

struct Exclusion {
    Category category = Category::suspension;
    Day start = no_day;
    int sessions = 0;
    std::array<std::string_view, 3> reasons{};
    char sen = 'N';
    Flaw flaw = Flaw::none;
};

// One pupil element of one return.
struct Enrolment {
    std::uint32_t child = nobody;
    bool on_roll = true;
    char status = 'C';
    char sen = 'N';
    std::array<std::uint8_t, 3> needs{};
    Flaw flaw = Flaw::none;
    bool upn_mistyped = false;
    std::uint32_t upn_of = nobody;  // another child's UPN typed in
    Day entry = no_day;
    Day leaving = no_day;
    Address address;
    Attendance attendance;
    std::vector<Exclusion> exclusions;
};

struct CmeRow {
    std::string ref;
    Face face;
    bool open = true;
    Day opened = no_day, referred = no_day, last_attended = no_day, off_roll = no_day, closed = no_day;
    Day contact = no_day, visit = no_day, next_due = no_day;
    std::uint8_t reason = 0, outcome = 0;
    char ground = 0;
    std::uint16_t last_school = no_school;
    std::string_view previous_la;
    char sen = 0, social = 0;
    bool yj = false;
    std::string officer;
    Flaw flaw = Flaw::none;
};

struct EheRow {
    std::string ref;
    Face face;
    Day start = no_day, notified = no_day, contact = no_day, s437 = no_day, sao = no_day,
        sao_revoked = no_day, end = no_day, returned = no_day;
    std::uint16_t previous_school = no_school;
    std::uint8_t reason = 0, suitability = 0, end_reason = 0;
    char sen = 0, social = 0;
    bool challenged = false;
    Flaw flaw = Flaw::none;
};

struct OffRollRow {
    std::string ref;
    Face face;
    std::uint16_t school = no_school, destination_school = no_school;
    Day off_roll = no_day, notified = no_day, confirmed = no_day;
    char ground = 'A';
    std::string destination;
    Flaw flaw = Flaw::none;
};

struct PartTimeRow {
    std::string ref;
    Face face;  // no child: a nil return
    std::uint16_t school = no_school;
    Day start = no_day, planned_end = no_day, actual_end = no_day, review = no_day, last_review = no_day,
        notified = no_day;
    int half_hours = 0;  // of education a week
    std::uint8_t reason = 0;
    bool agreed = true;
    char sen = 0;
};

struct MoveRow {
    std::string ref;
    Face face;
    bool in = true;
    std::string_view from, to;
    Day moved = no_day, notified = no_day, placed = no_day;
    std::uint16_t school = no_school;
    std::uint8_t by = 0;
    char sen = 0, social = 0;
    Flaw flaw = Flaw::none;
};

enum class AdviceState : std::uint8_t { open, sent, not_known, declined, cancelled };
enum class Damage : std::uint8_t { none, exponent, wrong_digit };

struct AdviceRow {
    Face face;
    std::string hospital_no, request_ref;
    std::uint8_t service = 0;
    Day referral = no_day, first_seen = no_day, requested = no_day, received = no_day, due = no_day,
        sent = no_day;
    AdviceState state = AdviceState::open;
    std::uint8_t exception = 0;
    Damage nhs_damage = Damage::none;
    Flaw flaw = Flaw::none;
};

struct EtePlace {
    std::uint8_t provision = 0;
    int offered = 0, attended = 0;
    std::uint8_t suitable = 0;
};

struct Programme {
    std::uint32_t person = 0;  // index in young_people
    std::string ref;
    std::uint8_t disposal = 0;
    Day start = no_day, end = no_day, offence = no_day;
    std::uint8_t offence_kind = 0;
    std::vector<EtePlace> places;
    Flaw flaw = Flaw::none;
};

struct YoungPerson {
    Face face;
    std::string ref, pnc;
    bool send_known = false, send_plan = false;
};

struct County {
    Options options;
    Day as_at = first_reporting_day;
    std::vector<School> schools;
    std::vector<Street> streets;
    std::vector<Household> households;
    std::vector<Child> children;
    std::vector<std::vector<Enrolment>> spring;  // by school
    std::vector<std::vector<Enrolment>> autumn;  // by school; empty where it is not in the set
    std::vector<CmeRow> cme;
    std::vector<EheRow> ehe;
    std::vector<OffRollRow> off_roll;
    std::vector<PartTimeRow> part_time;
    std::vector<MoveRow> moves;
    std::vector<AdviceRow> advice;
    std::vector<YoungPerson> young_people;
    std::vector<Programme> programmes;
    std::uint16_t register_changed = no_school;  // the school whose entry the register last changed
};

// What the rng streams are for; a new purpose takes a new number, so that the others stay.
enum Purpose : std::uint64_t {
    for_school = 1,
    for_street,
    for_household,
    for_story,
    for_census,
    for_autumn,
    for_lists,
    for_advice,
    for_youth,
    for_flaws,
    for_night,
    for_register,
    for_part_time,
    for_slips
};

// The senders, as far as they differ in what they get wrong.
enum class Sender : std::uint8_t { council, health, youth };

// A day between the two (both in), moved to a weekday.
inline Day some_day(Rng& rng, Day first, Day last) {
    if (last <= first) return first;
    const Day d = on_weekday(rng.between(first, last));
    return d > last ? last : d;
}

// Twelve digits, one for each door.
inline std::string uprn(const Address& address) {
    return number(990'000'000'000ULL + address.street * 10'000ULL + address.number);
}

// N1 … 13, X where the child is too young for any.
inline std::string year_code(int year) {
    return year > 0 ? number(year) : year == 0 ? "R" : year == -1 ? "N2" : "";
}

}  // namespace sendhub::demo
