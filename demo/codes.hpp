// What the senders write for our codes. The first of a pair is what stands in the file, the second the shared
// schema's code; hub.toml carries the same pairs for the council's lists.
#pragma once

#include <array>
#include <string_view>

namespace sendhub::demo {

struct Word {
    std::string_view sent;
    std::string_view code;
};

inline constexpr std::array<Word, 7> cme_reasons{{{"Awaiting school place", "awaiting_place"},
                                                  {"Whereabouts unknown", "whereabouts_unknown"},
                                                  {"Moved into area", "moved_in"},
                                                  {"EHE found unsuitable", "unsuitable_ehe"},
                                                  {"Off roll - no destination", "off_roll_no_destination"},
                                                  {"Other (see notes)", "other"},
                                                  {"", ""}}};
inline constexpr std::array<Word, 7> cme_outcomes{{{"", ""},
                                                   {"On roll", "in_school"},
                                                   {"Suitable EHE", "ehe_suitable"},
                                                   {"Moved - confirmed", "moved_confirmed"},
                                                   {"Left UK - confirmed", "abroad_confirmed"},
                                                   {"Accepted by other LA", "other_la_accepted"},
                                                   {"Post 16 place", "post_16_place"}}};
inline constexpr std::array<Word, 12> ehe_reasons{
    {{"Mental health", "mental_health"},
     {"Physical health", "physical_health"},
     {"School dissatisfaction general", "school_dissatisfaction_general"},
     {"School dissatisfaction SEND", "school_dissatisfaction_send"},
     {"School dissatisfaction bullying", "school_dissatisfaction_bullying"},
     {"Lifestyle", "lifestyle"},
     {"Philosophical or preferential", "philosophical_or_preferential"},
     {"Religious", "religious"},
     {"Risk of school exclusion", "risk_of_school_exclusion"},
     {"Did not get school preference", "did_not_get_school_preference"},
     {"Difficulty accessing suitable school place", "difficulty_accessing_suitable_place"},
     {"No reason given", "no_reason_given"}}};
inline constexpr std::array<Word, 4> ehe_suitabilities{{{"Suitable", "suitable"},
                                                        {"Unsuitable", "unsuitable"},
                                                        {"Not yet assessed", "not_yet_known"},
                                                        {"No response", "no_response"}}};
inline constexpr std::array<Word, 5> ehe_ends{{{"", ""},
                                               {"Returned to school", "returned_to_school"},
                                               {"Moved away", "moved"},
                                               {"Over age", "over_age"},
                                               {"CME", "cme"}}};
inline constexpr std::array<Word, 7> part_time_reasons{{{"Medical", "medical"},
                                                        {"Reintegration", "reintegration"},
                                                        {"Behaviour", "behaviour"},
                                                        {"SEND", "send"},
                                                        {"Attendance", "attendance"},
                                                        {"Safeguarding", "safeguarding"},
                                                        {"Phased start agreed with parent", "other"}}};
inline constexpr std::array<std::string_view, 4> notifiers{"School", "Other LA", "Parent", "Health visitor"};
inline constexpr std::array<Word, 6> services{{{"SLT", "speech_language"},
                                               {"OT", "occupational"},
                                               {"Physio", "physiotherapy"},
                                               {"CAMHS", "camhs"},
                                               {"Comm Paeds", "community_paediatrics"},
                                               {"Audiology", "audiology"}}};
inline constexpr std::array<Word, 4> exceptions{{{"", ""},
                                                 {"Exceptional circumstances", "exceptional"},
                                                 {"Away from area", "absence"},
                                                 {"Missed appointment", "missed_appointment"}}};
inline constexpr std::array<Word, 6> disposals{{{"COMMUNITY_RESOLUTION_WITH_YJS_INVOLVEMENT", "out_of_court"},
                                                {"YOUTH_CAUTION", "out_of_court"},
                                                {"YOUTH_CONDITIONAL_CAUTION", "out_of_court"},
                                                {"REFERRAL_ORDER", "first_tier"},
                                                {"YOUTH_REHABILITATION_ORDER", "community"},
                                                {"DETENTION_AND_TRAINING_ORDER", "custody"}}};
inline constexpr std::array<std::string_view, 8> ete_provisions{"MAINSTREAM_SCHOOL",
                                                                "SCHOOL_PART_TIME",
                                                                "PUPIL_REFERRAL_UNIT",
                                                                "ALTERNATIVE_PROVISION_OTHER_PART_TIME",
                                                                "ELECTIVELY_HOME_EDUCATED",
                                                                "COLLEGE",
                                                                "NONE",
                                                                "TRAINING_COURSE_APPRENTICESHIP"};
inline constexpr std::array<std::string_view, 3> suitabilities{"SUITABLE", "UNSUITABLE", "UNKNOWN"};

}  // namespace sendhub::demo
