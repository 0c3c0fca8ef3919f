#include "connectors/missing_education/lists.hpp"

#include <algorithm>

#include "plugins/sdk/tabular/child.hpp"

namespace sendhub::missing_education {
namespace {

using tabular::Synonym;

// Texts that councils use for our codes, beside the codes themselves and their labels. What is not here goes
// into settings.values. There is no national list of CME reasons (education-feeds 12.2).
struct SynonymsOf {
    std::string_view code_set;
    std::vector<Synonym> synonyms;
};
const std::vector<SynonymsOf>& synonyms() {
    static const std::vector<SynonymsOf> all = {
        {"case_status",
         {{"o", "open"},
          {"c", "closed"},
          {"active", "open"},
          {"current", "open"},
          {"ongoing", "open"},
          {"inactive", "closed"},
          {"ended", "closed"}}},
        {"move_direction",
         {{"into area", "in"},
          {"moved in", "in"},
          {"move in", "in"},
          {"incoming", "in"},
          {"arrived", "in"},
          {"inward", "in"},
          {"out of area", "out"},
          {"moved out", "out"},
          {"move out", "out"},
          {"outgoing", "out"},
          {"left", "out"},
          {"outward", "out"}}},
        {"sen_provision",
         {{"ehcp", "E"},
          {"ehc plan", "E"},
          {"education, health and care plan", "E"},
          {"statement", "E"},
          {"s", "E"},
          {"sens", "K"},
          {"sen support", "K"},
          {"support", "K"},
          {"none", "N"},
          {"no sen", "N"},
          {"no send", "N"},
          {"no", "N"}}},
        {"social_care_status",
         {{"early help", "EH"},
          {"child in need", "CIN"},
          {"child protection", "CP"},
          {"cpp", "CP"},
          {"child protection plan", "CP"},
          {"lac", "CLA"},
          {"looked after", "CLA"},
          {"child looked after", "CLA"},
          {"care leaver", "CL"}}},
        {"cme_reason",
         {{"awaiting place", "awaiting_place"},
          {"awaiting school place", "awaiting_place"},
          {"waiting for a school place", "awaiting_place"},
          {"whereabouts not known", "whereabouts_unknown"},
          {"missing", "whereabouts_unknown"},
          {"moved in", "moved_in"},
          {"new to area", "moved_in"},
          {"unsuitable ehe", "unsuitable_ehe"},
          {"ehe unsuitable", "unsuitable_ehe"},
          {"off roll", "off_roll_no_destination"}}},
        {"cme_outcome",
         {{"on roll", "in_school"},
          {"in school", "in_school"},
          {"placed", "in_school"},
          {"ehe", "ehe_suitable"},
          {"moved la", "moved_confirmed"},
          {"moved area", "moved_confirmed"},
          {"left country", "abroad_confirmed"},
          {"left uk", "abroad_confirmed"},
          {"moved abroad", "abroad_confirmed"},
          {"post 16", "post_16_place"},
          {"deceased", "deceased"}}},
        // The published labels of the DfE return are longer than the code set's in three places.
        {"ehe_reason",
         {{"difficulty accessing suitable school place", "difficulty_accessing_suitable_place"},
          {"offered school place but not yet accepted", "offered_place_not_yet_accepted"},
          {"did not apply for school place at compulsory school age", "did_not_apply_for_school_place"},
          {"health concerns related to covid-19", "health_concerns_related_to_covid19"},
          {"health concerns related to covid 19", "health_concerns_related_to_covid19"},
          {"not known", "unknown"},
          {"philosophical", "philosophical_or_preferential"}}},
        {"ehe_suitability",
         {{"not yet assessed", "not_yet_known"},
          {"not assessed", "not_yet_known"},
          {"awaiting assessment", "not_yet_known"},
          {"no reply", "no_response"},
          {"yes", "suitable"},
          {"no", "unsuitable"}}},
        {"ehe_end_reason",
         {{"returned", "returned_to_school"},
          {"school", "returned_to_school"},
          {"moved", "moved"},
          {"moved la", "moved"},
          {"over age", "over_age"},
          {"over compulsory school age", "over_age"},
          {"missing education", "cme"}}},
        {"part_time_reason",
         {{"health", "medical"},
          {"medical needs", "medical"},
          {"phased return", "reintegration"},
          {"re-integration", "reintegration"},
          {"behavioural", "behaviour"},
          {"sen", "send"},
          {"sen need", "send"}}},
    };
    return all;
}

const std::vector<ListKind>& lists() {
    static const std::vector<ListKind> all = {
        {.name = "cme",
         .record = "cme_case",
         .title = "the CME case",
         .required = {},
         .key = {"opened_date"},
         .orders = {{"closed_date", "opened_date", true}, {"opened_date", "referral_date", false}}},
        {.name = "ehe",
         .record = "ehe_episode",
         .title = "the EHE episode",
         .required = {},
         .key = {"start_date"},
         .orders = {{"end_date", "start_date", true}, {"sao_revoked_date", "sao_issued_date", false}}},
        {.name = "off_roll",
         .record = "off_roll_notice",
         .title = "the off-roll notice",
         .required = {},
         .key = {"school", "date_off_roll"},
         .orders = {}},
        {.name = "part_time",
         .record = "part_time_timetable",
         .title = "the part-time timetable",
         .required = {"start_date"},
         .key = {"school", "start_date"},
         .orders = {{"actual_end_date", "start_date", true}, {"planned_end_date", "start_date", true}}},
        {.name = "moves",
         .record = "move",
         .title = "the move",
         .required = {},
         .key = {"direction", "move_date"},
         .orders = {}},
    };
    return all;
}

bool made_by_the_connector(std::string_view field) {
    return field == "source_key" || field == "person_ref" || field == "ground_scheme" ||
           field.ends_with("_raw");
}

}  // namespace

std::span<const ListKind> all_lists() { return lists(); }

const ListKind* find_list(std::string_view name) {
    const auto& all = lists();
    const auto at =
        std::find_if(all.begin(), all.end(), [&](const ListKind& list) { return list.name == name; });
    return at == all.end() ? nullptr : &*at;
}

std::vector<tabular::FieldSpec> fields_of(const ListKind& list) {
    std::vector<tabular::FieldSpec> out = {{.name = "case_ref", .headers = {"case_ref"}}};
    for (auto& field : tabular::ChildColumns::fields()) out.push_back(std::move(field));
    for (const schema::Field& field : schema::find_record(list.record)->fields) {
        if (made_by_the_connector(field.name)) continue;
        tabular::FieldSpec spec{
            .name = std::string(field.name), .headers = {std::string(field.name)}, .codes = field.code_set};
        if (field.name.ends_with("_code"))
            spec.headers.emplace_back(field.name.substr(0, field.name.size() - 5));
        if (field.code_set)
            for (const SynonymsOf& of : synonyms())
                if (of.code_set == field.code_set->name) spec.synonyms = of.synonyms;
        out.push_back(std::move(spec));
    }
    return out;
}

}  // namespace sendhub::missing_education
