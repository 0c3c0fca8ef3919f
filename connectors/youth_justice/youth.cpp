#include "connectors/youth_justice/youth.hpp"

#include <algorithm>

#include "plugins/sdk/tabular/table_reader.hpp"

namespace sendhub::youth_justice {
namespace {

using tabular::Rule;

constexpr std::string_view dates_advice =
    "correct it at the source; dates are read as day/month/year or year-month-day";

void optional_date(std::vector<Finding>& out, std::string_view field, std::string_view words,
                   const DateFact& fact) {
    if (!fact.parsed.unreadable()) return;
    out.push_back({false, static_cast<int>(Rule::date), field, fact.text,
                   "the " + std::string(words) + " " + std::string(tabular::fault_of(fact.parsed.state)) +
                       "; it was left empty",
                   std::string(dates_advice)});
}

std::vector<Finding> rejects_first(std::vector<Finding> out) {
    std::stable_partition(out.begin(), out.end(), [](const Finding& finding) { return finding.reject; });
    return out;
}

}  // namespace

bool Programme::same_as(const Programme& other) const {
    return ref == other.ref && disposal == other.disposal && type == other.type &&
           start.parsed.day() == other.start.parsed.day() && end.parsed.day() == other.end.parsed.day() &&
           send_identified == other.send_identified && send_formal_plan == other.send_formal_plan &&
           completed == other.completed;
}

bool Ete::any() const {
    return !provision_text.empty() || !suitability_text.empty() || hours_offered || hours_attended ||
           !start.text.empty();
}

std::vector<Finding> judge(const Programme& p) {
    std::vector<Finding> out;
    if (p.ref.empty())
        out.push_back({true, rule_no_programme, "programme_ref", "",
                       "the row does not say which programme it is of",
                       "ask the service to export the key of the programme"});
    if (p.start.parsed.unreadable())
        out.push_back({true, static_cast<int>(Rule::required_date), "start_date", p.start.text,
                       "the start of the programme " + std::string(tabular::fault_of(p.start.parsed.state)),
                       std::string(dates_advice)});
    else if (!p.start.parsed.day())
        out.push_back({true, static_cast<int>(Rule::required_date), "start_date", "",
                       "the start of the programme is missing", "enter it at the source"});
    optional_date(out, "end_date", "end of the programme", p.end);
    if (p.start.parsed.day() && p.end.parsed.day() && p.end.parsed.date < p.start.parsed.date)
        out.push_back({true, static_cast<int>(Rule::order), "end_date", "",
                       "the programme ends before it starts", "correct one of the two dates at the source"});
    if (p.type.empty() && !p.disposal.empty())
        out.push_back({false, static_cast<int>(Rule::code), "programme_type", p.disposal,
                       "the disposal belongs to no group that is known; the type was left empty",
                       "add a line to settings.values, such as \"programme_type.text of the extract\" = "
                       "\"community\""});
    if (p.send_formal_plan == true && p.send_identified == false)
        out.push_back({false, rule_plan_without_need, "send_formal_plan", "",
                       "there is a formal SEND plan, but no SEND identified",
                       "correct one of the two flags at the source"});
    return rejects_first(std::move(out));
}

std::vector<Finding> judge(const Ete& e) {
    std::vector<Finding> out;
    optional_date(out, "start_date", "start of the placement", e.start);
    optional_date(out, "end_date", "end of the placement", e.end);
    if (e.start.parsed.day() && e.end.parsed.day() && e.end.parsed.date < e.start.parsed.date)
        out.push_back({true, static_cast<int>(Rule::order), "end_date", "",
                       "the placement ends before it starts", "correct one of the two dates at the source"});
    if (!e.provision_text.empty() && e.provision.empty())
        out.push_back(
            {false, static_cast<int>(Rule::code), "provision_type", e.provision_text,
             "the provision is not one that is known; it was left empty",
             "add a line to settings.values, such as \"ete_provision.text of the extract\" = \"COLLEGE\""});
    if (!e.suitability_text.empty() && e.suitability.empty())
        out.push_back(
            {false, static_cast<int>(Rule::code), "suitability", e.suitability_text,
             "the suitability is not one that is known; it was left empty",
             "add a line to settings.values, such as \"ete_suitability.text of the extract\" = \"UNKNOWN\""});
    if (e.hours_offered && e.hours_attended && *e.hours_attended > *e.hours_offered)
        out.push_back({false, rule_hours, "hours_attended", "",
                       "the hours attended are more than the hours offered",
                       "correct the hours at the source"});
    return rejects_first(std::move(out));
}

std::string_view programme_type_of(std::string_view disposal) {
    std::string text = tabular::fold(disposal);
    std::replace(text.begin(), text.end(), ' ', '_');
    std::replace(text.begin(), text.end(), '-', '_');
    // Longer beginnings first. Groups: Diversion, Pre-Court, First-tier, Community, Custody
    // (health-justice-feeds 4.2); the orders that the reference does not list are general knowledge, and
    // settings.values overrules all of them.
    struct Group {
        std::string_view begins, type;
    };
    constexpr Group groups[] = {{"prevention", "prevention"},
                                {"diversion", "prevention"},
                                {"turnaround", "prevention"},
                                {"voluntary", "prevention"},
                                {"community_resolution", "out_of_court"},
                                {"no_further_action", "out_of_court"},
                                {"youth_caution", "out_of_court"},
                                {"youth_conditional_caution", "out_of_court"},
                                {"deferred_prosecution", "out_of_court"},
                                {"referral_order", "first_tier"},
                                {"reparation_order", "first_tier"},
                                {"absolute_discharge", "first_tier"},
                                {"conditional_discharge", "first_tier"},
                                {"fine", "first_tier"},
                                {"compensation_order", "first_tier"},
                                {"bind_over", "first_tier"},
                                {"youth_rehabilitation_order", "community"},
                                {"yro", "community"},
                                {"detention_and_training_order", "custody"},
                                {"dto", "custody"},
                                {"section_90", "custody"},
                                {"section_91", "custody"},
                                {"section_226", "custody"},
                                {"section_250", "custody"},
                                {"section_254", "custody"},
                                {"section_259", "custody"},
                                {"custody", "custody"},
                                {"not_known", "other"},
                                {"other", "other"}};
    for (const Group& group : groups)
        if (std::string_view(text).starts_with(group.begins)) return group.type;
    return {};
}

PncId read_pnc_id(std::string_view text) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) return {};
    std::string_view year = text.substr(0, slash), rest = text.substr(slash + 1);
    if (rest.empty()) return {};
    char letter = rest.back();
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
    const std::string_view serial = rest.substr(0, rest.size() - 1);
    auto digits = [](std::string_view part) {
        return !part.empty() &&
               std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
    };
    if (!digits(year) || (year.size() != 2 && year.size() != 4) || !digits(serial) || serial.size() > 7 ||
        letter < 'A' || letter > 'Z')
        return {};
    if (year.size() == 4) year.remove_prefix(2);
    const std::string number = std::string(year) + std::string(7 - serial.size(), '0') + std::string(serial);
    const std::string_view alphabet = "ZABCDEFGHJKLMNPQRTUVWXY";
    PncId out;
    out.value = number.substr(0, 2) + "/" + number.substr(2) + letter;
    out.letter_fits = alphabet[static_cast<std::size_t>(std::stoll(number) % 23)] == letter;
    return out;
}

}  // namespace sendhub::youth_justice
