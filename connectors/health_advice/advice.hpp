// What a request for health advice in an EHC needs assessment means, whatever it was read from.
//
// The law (SEND Regulations 2014): the council asks (reg 6(1)); the body answers within six weeks of
// RECEIVING the request (reg 8(1)); there are three excuses (reg 8(2)), and a waiting list is none. So the
// dates of asking, receiving, falling due and answering are kept apart, and "not known to the service" is an
// answer. On time or late is worked out by the datasets, not here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugins/sdk/tabular/dates.hpp"

namespace sendhub::health_advice {

struct DateFact {
    std::string_view text;  // as the source gave it
    tabular::ParsedDate parsed;
};

// A text of the source and the code it stands for; no code: nothing says which.
struct CodeFact {
    std::string_view text;
    std::string_view code;
};

struct AdviceRequest {
    std::string_view request_ref;    // the council's reference
    std::string_view provider_code;  // ODS
    CodeFact service, status, exception;
    DateFact requested, received, due, responded;

    // Is there any trace of an EHC request? Extracts of a whole service also hold referrals that are none.
    [[nodiscard]] bool any() const;
    // request_ref|service, else person_ref|service|day asked; empty when neither can be made.
    [[nodiscard]] std::string key(std::string_view person_ref) const;
};

// Rules of their own, beside those of all tables (README.md). Written HA-NN.
inline constexpr int rule_answer_without_date = 12, rule_open_with_answer = 13, rule_date_to_come = 14;

struct Finding {
    bool reject;
    int rule;
    std::string_view field;
    std::string_view value;
    std::string reason, advice;
};

// Fills in the status that the dates tell when the source tells none, and says what is wrong. Rejecting
// findings come first. received_day: the day the data came; nothing can have happened after it.
std::vector<Finding> judge(AdviceRequest& request, sdk::Date received_day);

}  // namespace sendhub::health_advice
