// The rules of programmes and placements, without any file.
#include "connectors/youth_justice/youth.hpp"

#include <gtest/gtest.h>

namespace sendhub::youth_justice {
namespace {

DateFact date(std::string_view text) {
    return {text, tabular::parse_date(text, {.nineteen_hundred_is_none = true})};
}

Programme programme() {
    return {.ref = "IP-1",
            .disposal = "REFERRAL_ORDER",
            .type = "first_tier",
            .start = date("2025-07-02"),
            .end = date("2025-12-31"),
            .send_identified = true,
            .send_formal_plan = false};
}
Ete ete() {
    return {.provision_text = "COLLEGE",
            .provision = "COLLEGE",
            .suitability_text = "SUITABLE",
            .suitability = "SUITABLE",
            .hours_offered = 16,
            .hours_attended = 12};
}

TEST(Programme, ASoundOneHasNoFindings) {
    EXPECT_TRUE(judge(programme()).empty());
    Programme open = programme();
    open.end = date("1900-01-01");
    EXPECT_TRUE(judge(open).empty()) << "1900-01-01 means: still open";
    EXPECT_FALSE(open.end.parsed.day());
}

struct Case {
    const char* name;
    void (*change)(Programme&);
    int rule;
    bool reject;
    const char* field;
};
class ProgrammeRules : public testing::TestWithParam<Case> {};
TEST_P(ProgrammeRules, FindWhatIsWrong) {
    Programme p = programme();
    GetParam().change(p);
    const auto found = judge(p);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].rule, GetParam().rule) << found[0].reason;
    EXPECT_EQ(found[0].reject, GetParam().reject);
    EXPECT_EQ(found[0].field, GetParam().field);
}
INSTANTIATE_TEST_SUITE_P(
    All, ProgrammeRules,
    testing::Values(
        Case{"NoRef", [](Programme& p) { p.ref = {}; }, 12, true, "programme_ref"},
        Case{"NoStart", [](Programme& p) { p.start = date("1900-01-01"); }, 5, true, "start_date"},
        Case{"StartUnreadable", [](Programme& p) { p.start = date("2025-07"); }, 5, true, "start_date"},
        Case{"EndUnreadable", [](Programme& p) { p.end = date("xmas"); }, 6, false, "end_date"},
        Case{"EndBeforeStart", [](Programme& p) { p.end = date("2025-07-01"); }, 7, true, "end_date"},
        Case{"DisposalUnknown", [](Programme& p) { p.type = {}; }, 9, false, "programme_type"},
        Case{"PlanWithoutNeed",
             [](Programme& p) {
                 p.send_identified = false;
                 p.send_formal_plan = true;
             },
             15, false, "send_formal_plan"}),
    [](const auto& info) { return info.param.name; });

struct EteCase {
    const char* name;
    void (*change)(Ete&);
    int rule;
    bool reject;
    const char* field;
};
class EteRules : public testing::TestWithParam<EteCase> {};
TEST_P(EteRules, FindWhatIsWrong) {
    Ete e = ete();
    EXPECT_TRUE(judge(e).empty());
    GetParam().change(e);
    const auto found = judge(e);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].rule, GetParam().rule) << found[0].reason;
    EXPECT_EQ(found[0].reject, GetParam().reject);
    EXPECT_EQ(found[0].field, GetParam().field);
}
INSTANTIATE_TEST_SUITE_P(
    All, EteRules,
    testing::Values(
        EteCase{"StartUnreadable", [](Ete& e) { e.start = date("soon"); }, 6, false, "start_date"},
        EteCase{"EndUnreadable", [](Ete& e) { e.end = date("soon"); }, 6, false, "end_date"},
        EteCase{"EndBeforeStart",
                [](Ete& e) {
                    e.start = date("2025-07-02");
                    e.end = date("2025-07-01");
                },
                7, true, "end_date"},
        EteCase{"ProvisionUnknown", [](Ete& e) { e.provision = {}; }, 9, false, "provision_type"},
        EteCase{"SuitabilityUnknown", [](Ete& e) { e.suitability = {}; }, 9, false, "suitability"},
        EteCase{"MoreAttendedThanOffered", [](Ete& e) { e.hours_attended = 17; }, 14, false,
                "hours_attended"}),
    [](const auto& info) { return info.param.name; });

TEST(Disposals, BelongToGroups) {
    const std::pair<const char*, const char*> cases[] = {
        {"COMMUNITY_RESOLUTION_WITH_YJS_INVOLVEMENT", "out_of_court"},
        {"NO_FURTHER_ACTION_OUTCOME_22_WITH_YJS_INVOLVEMENT", "out_of_court"},
        {"Youth Caution", "out_of_court"},
        {"YOUTH_CONDITIONAL_CAUTION", "out_of_court"},
        {"REFERRAL_ORDER", "first_tier"},
        {"Youth Rehabilitation Order", "community"},
        {"DETENTION_AND_TRAINING_ORDER", "custody"},
        {"DTO_LICENCE", "custody"},
        {"SECTION_90_91_DETENTION", "custody"},
        {"SECTION_226_B", "custody"},
        {"SECTION_250", "custody"},
        {"Turnaround", "prevention"},
        {"NOT_KNOWN", "other"},
        {"OTHER", "other"},
        {"SECTION_12", ""},
        {"", ""}};
    for (const auto& [text, type] : cases) EXPECT_EQ(programme_type_of(text), type) << text;
}

TEST(PncIds, CarryALetterThatFollowsFromTheNumber) {
    EXPECT_EQ(read_pnc_id("22/0451127P").value, "22/0451127P");
    EXPECT_TRUE(read_pnc_id("22/0451127P").letter_fits) << "worked in the reference";
    EXPECT_EQ(read_pnc_id("2022/451127p").value, "22/0451127P");
    EXPECT_TRUE(read_pnc_id("2022/451127p").letter_fits);
    EXPECT_EQ(read_pnc_id("22/0451127Q").value, "22/0451127Q");
    EXPECT_FALSE(read_pnc_id("22/0451127Q").letter_fits);
    for (const auto* text : {"", "22", "22/", "22/P", "022/1P", "22/12345678P", "22/04511277", "22/04x1127P"})
        EXPECT_EQ(read_pnc_id(text).value, "") << text;
}

}  // namespace
}  // namespace sendhub::youth_justice
