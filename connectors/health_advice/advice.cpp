#include "connectors/health_advice/advice.hpp"

#include <algorithm>

#include "plugins/sdk/tabular/table_reader.hpp"

namespace sendhub::health_advice {

using tabular::Rule;

bool AdviceRequest::any() const {
    return !request_ref.empty() || !requested.text.empty() || !received.text.empty() || !due.text.empty() ||
           !responded.text.empty();
}

std::string AdviceRequest::key(std::string_view person_ref) const {
    if (service.code.empty()) return {};
    if (!request_ref.empty()) return std::string(request_ref) + "|" + std::string(service.code);
    if (!requested.parsed.day()) return {};
    return std::string(person_ref) + "|" + std::string(service.code) + "|" +
           tabular::iso_text(requested.parsed.date);
}

std::vector<Finding> judge(AdviceRequest& r, sdk::Date received_day) {
    std::vector<Finding> out;
    auto find = [&](bool reject, auto rule, std::string_view field, std::string_view value,
                    const std::string& reason, const std::string& advice) {
        out.push_back({reject, static_cast<int>(rule), field, value, reason, advice});
    };
    const std::string dates_advice =
        "correct it at the source; dates are read as day/month/year or year-month-day";

    if (r.requested.parsed.unreadable())
        find(true, Rule::required_date, "requested_date", r.requested.text,
             "the date the council asked " + std::string(tabular::fault_of(r.requested.parsed.state)),
             dates_advice);
    else if (!r.requested.parsed.day())
        find(true, Rule::required_date, "requested_date", "", "the date the council asked is missing",
             "ask the trust to send the request date: the clock cannot be told without it");
    const struct {
        std::string_view field, words;
        DateFact* fact;
    } others[] = {{"received_date", "date the request was received", &r.received},
                  {"due_date", "date due", &r.due},
                  {"responded_date", "date of the advice", &r.responded}};
    for (const auto& other : others)
        if (other.fact->parsed.unreadable())
            find(false, Rule::date, other.field, other.fact->text,
                 "the " + std::string(other.words) + " " +
                     std::string(tabular::fault_of(other.fact->parsed.state)) + "; it was left empty",
                 dates_advice);

    const auto requested = r.requested.parsed.day(), received = r.received.parsed.day(),
               due = r.due.parsed.day(), responded = r.responded.parsed.day();
    if (requested && responded && *responded < *requested)
        find(true, Rule::order, "responded_date", "", "the advice is dated before the council asked for it",
             "correct one of the two dates at the source");
    if (requested && received && *received < *requested)
        find(false, Rule::order, "received_date", "", "the request was received before the council made it",
             "correct one of the two dates at the source: the six weeks run from the day of receipt");
    if (requested && due && *due < *requested)
        find(false, Rule::order, "due_date", "", "the advice was due before the council asked for it",
             "correct one of the two dates at the source");
    if (responded && *responded > received_day)
        find(false, rule_date_to_come, "responded_date", "",
             "the date of the advice is later than the day the data came",
             "check whether it is a planned date");

    if (r.service.code.empty())
        find(true, Rule::required_code, "service", r.service.text,
             r.service.text.empty() ? "the service is missing" : "the service is not one that is known",
             "add a line to settings.values, such as \"service.text of the extract\" = \"other_health\"");
    if (r.status.text.empty() && r.status.code.empty() && r.responded.parsed.unreadable())
        find(true, Rule::required_date, "responded_date", r.responded.text,
             "the date of the advice cannot be read and there is no status, so nobody can tell whether the "
             "request "
             "is open",
             dates_advice);
    else if (r.status.text.empty() && r.status.code.empty())
        r.status.code = responded ? "responded" : "open";
    if (r.status.code.empty())
        find(true, Rule::required_code, "status", r.status.text, "the status is not one that is known",
             "add a line to settings.values, such as \"status.text of the extract\" = \"open\"");
    if (!r.exception.text.empty() && r.exception.code.empty())
        find(false, Rule::code, "exception_code", r.exception.text,
             "the exception is none of regulation 8(2); it was left empty, so the request counts in full",
             "add a line to settings.values, such as \"exception.text of the extract\" = \"absence\"");

    const bool answer = r.status.code == "responded" || r.status.code == "not_known";
    if (answer && !responded && !r.responded.parsed.unreadable())
        find(false, rule_answer_without_date, "responded_date", "",
             "the request was answered, but the date of the answer is missing",
             "ask the trust for the date: without it the answer cannot count as on time");
    if (r.status.code == "open" && responded)
        find(false, rule_open_with_answer, "status", r.status.text,
             "the request is open but has a date of the advice", "ask the trust which of the two is right");

    std::stable_partition(out.begin(), out.end(), [](const Finding& finding) { return finding.reject; });
    return out;
}

}  // namespace sendhub::health_advice
