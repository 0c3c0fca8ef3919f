// What a youth justice extract means to this hub, whatever it was read from: programmes, and the education,
// training or employment (ETE) of the children in them. The minimum only: what is not a field here is not
// taken (README.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/sdk/tabular/dates.hpp"

namespace sendhub::youth_justice {

struct DateFact {
    std::string_view text;
    tabular::ParsedDate parsed;  // 1900-01-01 read as "no date"
};

struct Programme {
    std::string_view ref;       // the service's key of the programme
    std::string_view disposal;  // as the service records it
    std::string_view type;      // code of yj_programme_type; empty: nothing says which
    DateFact start, end;
    std::optional<bool> send_identified, send_formal_plan, completed;

    [[nodiscard]] std::string key(std::string_view person_ref) const {
        return std::string(person_ref) + "|" + std::string(ref);
    }
    bool same_as(const Programme& other) const;
};

struct Ete {
    std::string_view provision_text, provision;      // code of ete_provision
    std::string_view suitability_text, suitability;  // code of ete_suitability
    DateFact start, end;                             // own dates; without them those of the programme hold
    std::optional<double> hours_offered, hours_attended;
    std::optional<bool> school_age;

    [[nodiscard]] bool any() const;
};

// Rules of their own, beside those of all tables. Written YJ-NN.
inline constexpr int rule_no_programme = 12, rule_rows_differ = 13, rule_hours = 14,
                     rule_plan_without_need = 15, rule_pnc_letter = 16;

struct Finding {
    bool reject;
    int rule;
    std::string_view field, value;
    std::string reason, advice;
};

// Rejecting findings come first.
std::vector<Finding> judge(const Programme& programme);
std::vector<Finding> judge(const Ete& ete);

// The group of a disposal (MoJ code values); empty when the text is none that is known.
std::string_view programme_type_of(std::string_view disposal);

// PNC id, `YY/NNNNNNNC`. The letter follows from the year and the serial; that it is wrong is a question, no
// error.
struct PncId {
    std::string value;  // two-digit year, seven digits; empty: not of the form
    bool letter_fits = false;
};
PncId read_pnc_id(std::string_view text);

}  // namespace sendhub::youth_justice
