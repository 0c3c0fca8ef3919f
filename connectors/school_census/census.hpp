// A school's census return and its pupils as the file has them: text, not yet checked. Both ways in (the
// school's XML, the tables of COLLECT) fill these, and PupilRows makes rows of them, so every rule is written
// once. All text is borrowed: it lives until the call that hands it over returns.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace sendhub::census {

struct HeaderText {
    std::string_view collection, term, reference_date, lea, estab, urn;
    // Which parts the delivery has: a part that did not come says nothing, so no scope of it is declared.
    struct Carries {
        bool addresses = true, needs = true, attendance = true, exclusions = true;
    } carries;
};

struct NeedText {
    std::string_view rank, type;
};

struct AddressText {
    std::string_view saon, paon, street, locality, town, administrative_area, post_town, uprn, postcode;
    std::array<std::string_view, 5> line;
};

struct ExclusionText {
    std::string_view category, start_date, sessions, sen_provision;
    std::array<std::string_view, 3> reason;
};

struct MarkText {
    std::string_view mark, sessions;
};

enum class Period : std::uint8_t { term, half_term_2, annual };
inline constexpr std::size_t period_count = 3;

struct AttendanceText {
    std::string_view possible, authorised, unauthorised;
    std::vector<MarkText> marks;
    [[nodiscard]] bool present() const {
        return !possible.empty() || !authorised.empty() || !unauthorised.empty() || !marks.empty();
    }
};

struct PupilText {
    bool on_roll = true;
    std::uint64_t row = 0;   // ordinal of the element (XML) or line (CSV), from 1
    bool ambiguous = false;  // a value stands twice with different texts, or elements stand in it
    std::string_view upn, former_upn, uln;
    std::string_view surname, forename, middle_names, preferred_surname, former_surname, sex, birth_date;
    std::string_view ethnicity, language;
    std::string_view enrol_status, class_type, entry_date, leaving_date, nc_year, part_time, boarder;
    std::string_view sen_provision, sen_unit, resourced_provision;
    std::string_view funded_hours, hours_at_setting;
    std::vector<NeedText> needs;
    std::vector<AddressText> addresses;
    std::vector<ExclusionText> exclusions;
    std::array<AttendanceText, period_count> attendance;

    void clear() {  // keeps the memory of the lists
        on_roll = true;
        row = 0;
        ambiguous = false;
        for (auto* text : {&upn,
                           &former_upn,
                           &uln,
                           &surname,
                           &forename,
                           &middle_names,
                           &preferred_surname,
                           &former_surname,
                           &sex,
                           &birth_date,
                           &ethnicity,
                           &language,
                           &enrol_status,
                           &class_type,
                           &entry_date,
                           &leaving_date,
                           &nc_year,
                           &part_time,
                           &boarder,
                           &sen_provision,
                           &sen_unit,
                           &resourced_provision,
                           &funded_hours,
                           &hours_at_setting})
            *text = {};
        needs.clear();
        addresses.clear();
        exclusions.clear();
        for (AttendanceText& totals : attendance) {
            totals.possible = totals.authorised = totals.unauthorised = {};
            totals.marks.clear();
        }
    }
};

// Who takes what was read. header comes before every pupil of its return.
class ReturnSink {
  public:
    virtual ~ReturnSink() = default;
    virtual void header(const HeaderText& header) = 0;
    virtual void pupil(const PupilText& pupil) = 0;
};

}  // namespace sendhub::census
