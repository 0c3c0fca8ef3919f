// The rules of advice requests, without any file.
#include "connectors/health_advice/advice.hpp"

#include <gtest/gtest.h>

namespace sendhub::health_advice {
namespace {

DateFact date(std::string_view text) { return {text, tabular::parse_date(text)}; }
const sdk::Date today = *sdk::Date::from_civil(2026, 1, 20);

AdviceRequest sound() {
    return {.request_ref = "EHC-1",
            .service = {"SLT", "speech_language"},
            .status = {"Advice sent", "responded"},
            .requested = date("01/10/2025"),
            .received = date("03/10/2025"),
            .due = date("14/11/2025"),
            .responded = date("10/11/2025")};
}

TEST(Advice, ASoundRequestHasNoFindings) {
    AdviceRequest request = sound();
    EXPECT_TRUE(judge(request, today).empty());
    EXPECT_EQ(request.key("H1"), "EHC-1|speech_language");
}

TEST(Advice, IsKeyedByTheChildAndTheDayWhereTheCouncilGaveNoReference) {
    AdviceRequest request = sound();
    request.request_ref = {};
    EXPECT_EQ(request.key("H1"), "H1|speech_language|2025-10-01");
    request.requested = date("tbc");
    EXPECT_EQ(request.key("H1"), "");
    request = sound();
    request.service.code = {};
    EXPECT_EQ(request.key("H1"), "");
}

struct Case {
    const char* name;
    void (*change)(AdviceRequest&);
    int rule;
    bool reject;
    const char* field;
};
class Judgement : public testing::TestWithParam<Case> {};
TEST_P(Judgement, FindsWhatIsWrong) {
    AdviceRequest request = sound();
    GetParam().change(request);
    const auto found = judge(request, today);
    ASSERT_EQ(found.size(), 1u) << (found.empty() ? "" : found.back().reason);
    EXPECT_EQ(found[0].rule, GetParam().rule) << found[0].reason;
    EXPECT_EQ(found[0].reject, GetParam().reject);
    EXPECT_EQ(found[0].field, GetParam().field);
    EXPECT_FALSE(found[0].advice.empty());
}
INSTANTIATE_TEST_SUITE_P(
    All, Judgement,
    testing::Values(
        Case{"NoRequestDate", [](AdviceRequest& r) { r.requested = date(""); }, 5, true, "requested_date"},
        Case{"RequestDateUnreadable", [](AdviceRequest& r) { r.requested = date("10/2025"); }, 5, true,
             "requested_date"},
        Case{"ReceivedUnreadable", [](AdviceRequest& r) { r.received = date("soon"); }, 6, false,
             "received_date"},
        Case{"DueUnreadable", [](AdviceRequest& r) { r.due = date("2025"); }, 6, false, "due_date"},
        Case{"RespondedUnreadable", [](AdviceRequest& r) { r.responded = date("11/30/2025"); }, 6, false,
             "responded_date"},
        Case{"AnsweredBeforeAsked", [](AdviceRequest& r) { r.responded = date("30/09/2025"); }, 7, true,
             "responded_date"},
        Case{"ReceivedBeforeAsked", [](AdviceRequest& r) { r.received = date("30/09/2025"); }, 7, false,
             "received_date"},
        Case{"DueBeforeAsked", [](AdviceRequest& r) { r.due = date("30/09/2025"); }, 7, false, "due_date"},
        Case{"ServiceMissing", [](AdviceRequest& r) { r.service = {}; }, 8, true, "service"},
        Case{"ServiceUnknown", [](AdviceRequest& r) { r.service = {"Podiatry", ""}; }, 8, true, "service"},
        Case{"StatusUnknown", [](AdviceRequest& r) { r.status = {"Parked", ""}; }, 8, true, "status"},
        Case{"ExceptionUnknown", [](AdviceRequest& r) { r.exception = {"Waiting list", ""}; }, 9, false,
             "exception_code"},
        Case{"AnswerWithoutDate", [](AdviceRequest& r) { r.responded = {}; }, 12, false, "responded_date"},
        Case{"NotKnownWithoutDate",
             [](AdviceRequest& r) {
                 r.status = {"Not known", "not_known"};
                 r.responded = {};
             },
             12, false, "responded_date"},
        Case{"OpenWithAnswer", [](AdviceRequest& r) { r.status = {"Open", "open"}; }, 13, false, "status"},
        Case{"AnswerToCome", [](AdviceRequest& r) { r.responded = date("21/01/2026"); }, 14, false,
             "responded_date"}),
    [](const auto& info) { return info.param.name; });

TEST(Advice, RejectsComeFirst) {
    AdviceRequest request = sound();
    request.received = date("soon");
    request.responded = date("30/09/2025");
    const auto found = judge(request, today);
    ASSERT_EQ(found.size(), 2u);
    EXPECT_TRUE(found[0].reject);
    EXPECT_FALSE(found[1].reject);
}

TEST(Advice, TheDatesTellTheStatusWhereTheSourceTellsNone) {
    AdviceRequest request = sound();
    request.status = {};
    EXPECT_TRUE(judge(request, today).empty());
    EXPECT_EQ(request.status.code, "responded");
    request.status = {};
    request.responded = {};
    EXPECT_TRUE(judge(request, today).empty());
    EXPECT_EQ(request.status.code, "open");
}

TEST(Advice, NotKnownAndDeclinedNeedNothingMore) {
    AdviceRequest request = sound();
    request.status = {"Not known to service", "not_known"};
    EXPECT_TRUE(judge(request, today).empty()) << "it is an answer, with its date";
    request.status = {"Declined", "declined"};
    request.responded = {};
    EXPECT_TRUE(judge(request, today).empty());
}

}  // namespace
}  // namespace sendhub::health_advice
