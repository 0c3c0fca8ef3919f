// Review and people over a real socket: who may, what is answered, and that nothing personal stands in an
// address, the log or the audit log.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <atomic>
#include <mutex>

#include "hub/govern/audit.hpp"
#include "hub/review/people_desk.hpp"
#include "hub/review/tests/small_store.hpp"
#include "hub/serve/tests/client.hpp"
#include "hub/serve/tests/published_folder.hpp"

namespace sendhub::serve {
namespace {

using govern::Role;
using review::RecordKey;
using testing::Answer;
using ::testing::HasSubstr;
using testing::Headers;
using ::testing::Not;
using testing::RunningServer;
using testing::StateFolder;

const RecordKey c1{"census", "c1"}, h1{"health", "h1"}, y1{"yj", "y1"};

struct ReviewRoutes : ::testing::Test {
    StateFolder folder;
    review::testing::SmallStore store;
    std::mutex turn;
    std::atomic<bool> night = false;
    std::unique_ptr<RunningServer> server;
    Headers reviewer, second, officer, sealed, analyst;

    void SetUp() override {
        folder.publish("20260120T013000Z", {testing::summary()});
        store.child(
            {"census", "c1", "PA", "Ada", "Secretname", "2012-04-03", "A950000178301", "", "LS1 1AA", "100"});
        store.child({"health", "h1", "PB", "Ada", "Secretnome", "2012-04-03", "", "9434765919"});
        store.child({"yj", "y1", "PC", "Max", "Sample", "2011-01-01"});
        store.open_case("CAAA", c1, h1, 18, 0.9);
        store.open_case("CV1", c1, y1, 3, 0.6, "V1 two different valid UPNs");
        const auto key = [&](std::vector<Role> roles) {
            return Headers{{"X-Api-Key", folder.key(std::move(roles))}};
        };
        reviewer = key({Role::review});
        second = key({Role::review});
        officer = key({Role::person});
        sealed = key({Role::review, Role::sealed});
        analyst = key({Role::analyst, Role::caseworker});
        start([this](const review::StoreWork& work) -> Status {
            if (night) return fail(ErrorCode::busy, "another sendhub (process 42) is at work");
            const std::scoped_lock lock(turn);
            return work(store.connection());
        });
    }
    void start(review::StoreDoor door) {
        ServeSettings settings;
        settings.state = folder.path;
        settings.memory_limit = "256MB";
        settings.store_door = std::move(door);
        server = std::make_unique<RunningServer>(settings);
    }
    Answer post(const std::string& path, Headers headers, const std::string& body,
                const std::string& type = "application/json") {
        testing::Client client(server->port());
        std::string request = "POST " + path + " HTTP/1.1\r\nHost: test\r\nContent-Type: " + type +
                              "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
        for (const auto& [name, value] : headers) request += name + ": " + value + "\r\n";
        client.send(request + "\r\n" + body);
        return client.receive().value_or(Answer{});
    }
    Answer get(const std::string& path, Headers headers, const std::string& reason = "") {
        if (!reason.empty()) headers.emplace_back("X-Access-Reason", reason);
        return server->get(path, headers);
    }
    std::string audit() { return folder.read("audit.log"); }
};

TEST_F(ReviewRoutes, OnlyKeysWithTheRoleGetIn) {
    for (const char* path : {"/api/v1/review", "/api/v1/review/CAAA", "/api/v1/review/decisions",
                             "/api/v1/review/quality", "/api/v1/review/models", "/api/v1/person/PA"}) {
        EXPECT_EQ(server->get(path).status, 401u) << path;
        EXPECT_EQ(get(path, analyst, "why").status, 403u) << path;
    }
    EXPECT_EQ(post("/api/v1/person/find", {}, "{}").status, 401u);
    EXPECT_EQ(post("/api/v1/person/find", reviewer, "{}").status, 403u) << "review is not person";
    EXPECT_EQ(get("/api/v1/review", officer).status, 403u) << "person is not review";
    EXPECT_EQ(post("/api/v1/review/CAAA/decision", analyst, R"({"word":"same","reason":"x"})").status, 403u);
    EXPECT_EQ(store.count("select count(*) from match_decision"), 0);
    EXPECT_EQ(get("/api/v1/review", reviewer).status, 200u);
    EXPECT_EQ(get("/api/v1/person/PA", officer, "placement check").status, 200u);
}

TEST_F(ReviewRoutes, TheQueueAndACaseAreAnsweredAsOnTheCommandLine) {
    simdjson::dom::parser parser;
    const std::string list = get("/api/v1/review?page=1", reviewer).body;
    EXPECT_EQ(std::int64_t(parser.parse(list)["cases"]), 2);
    EXPECT_EQ(std::string_view(parser.parse(list)["rows"].at(0)["case_id"]), "CV1");
    const std::string one = get("/api/v1/review/CAAA", reviewer).body;
    EXPECT_EQ(double(parser.parse(one)["explanation"]["sum"]),
              double(parser.parse(one)["explanation"]["total"]));
    EXPECT_THAT(get("/api/v1/review/CAAA?blind=true", reviewer).body, Not(HasSubstr("probability")));
    EXPECT_EQ(get("/api/v1/review/CNONE", reviewer).status, 404u);
    EXPECT_EQ(get("/api/v1/review?page=0", reviewer).status, 400u);
    EXPECT_EQ(get("/api/v1/review/CAAA/nothing", reviewer).status, 404u);
    EXPECT_EQ(post("/api/v1/review", reviewer, "{}").status, 405u);
    EXPECT_EQ(server->get("/api/v1/review/CAAA/decision", reviewer).status, 405u);
}

TEST_F(ReviewRoutes, ADecisionIsPostedAndASecondKeyApproves) {
    EXPECT_EQ(post("/api/v1/review/CAAA/decision", reviewer, R"({"word":"same"})").status, 400u)
        << "no reason";
    EXPECT_EQ(post("/api/v1/review/CAAA/decision", reviewer, R"({"word":"maybe","reason":"x"})").status,
              400u);
    EXPECT_EQ(post("/api/v1/review/CAAA/decision", reviewer, R"({"wort":"same","reason":"x"})").status, 400u);
    EXPECT_EQ(post("/api/v1/review/CAAA/decision", reviewer, "[]").status, 400u);
    EXPECT_EQ(post("/api/v1/review/CAAA/decision", reviewer, R"({"word":"same","reason":"x"})", "text/plain")
                  .status,
              400u);
    EXPECT_EQ(post("/api/v1/review/CAAA/opinion", reviewer, R"({"word":"same"})").status, 200u);
    EXPECT_EQ(
        post("/api/v1/review/CAAA/decision", reviewer, R"({"word":"same","reason":"papers seen"})").status,
        200u);
    EXPECT_EQ(get("/api/v1/review", reviewer).body.find("CAAA"), std::string::npos);

    EXPECT_THAT(
        post("/api/v1/review/CV1/decision", reviewer, R"({"word":"same","reason":"new UPN issued"})").body,
        HasSubstr("\"state\":\"proposed\""));
    EXPECT_THAT(get("/api/v1/review/decisions?waiting=true", second).body, HasSubstr("\"decision_id\":2"));
    EXPECT_EQ(post("/api/v1/review/decisions/2/approve", reviewer, "{}").status, 403u) << "one's own";
    EXPECT_EQ(post("/api/v1/review/decisions/2/approve", second, "{}").status, 200u);
    EXPECT_EQ(post("/api/v1/review/decisions/2/approve", second, "{}").status, 409u);
    EXPECT_EQ(post("/api/v1/review/decisions/99/approve", second, "{}").status, 404u);
    EXPECT_EQ(post("/api/v1/review/decisions/x/approve", second, "{}").status, 404u);
    EXPECT_EQ(post("/api/v1/review/decisions/1/undo", second, "{}").status, 400u) << "no reason";
    EXPECT_EQ(post("/api/v1/review/decisions/1/undo", second, R"({"reason":"wrong papers"})").status, 200u);
    EXPECT_EQ(store.text("select string_agg(state, ' ' order by decision_id) from match_decision"),
              "undone active");
    EXPECT_EQ(post("/api/v1/review/CAAA/decision", reviewer, R"({"word":"seal","reason":"order"})").status,
              403u);
    EXPECT_EQ(post("/api/v1/review/CAAA/decision", sealed, R"({"word":"seal","reason":"order"})").status,
              200u);
}

TEST_F(ReviewRoutes, TwoPeopleAreSealedByTheirIds) {
    const char* body = R"({"person_a":"PA","person_b":"PB","reason":"adoption order"})";
    EXPECT_EQ(post("/api/v1/review/seal", reviewer, body).status, 403u);
    EXPECT_EQ(
        post("/api/v1/review/seal", sealed, R"({"person_a":"PA","person_b":"PNO","reason":"x"})").status,
        404u);
    EXPECT_EQ(get("/api/v1/review/seal", sealed).status, 405u);
    EXPECT_EQ(post("/api/v1/review/seal", sealed,
                   R"({"person_a":"PA","person_b":"PB","reason":"refuge","until":"tomorrow"})")
                  .status,
              400u);
    EXPECT_THAT(post("/api/v1/review/seal", sealed, body).body, HasSubstr("\"state\":\"proposed\""));
    store.run("update match_decision set state = 'active'");
    const char* const later = R"({"reason":"still in refuge","until":"2099-01-31"})";
    EXPECT_EQ(post("/api/v1/review/decisions/1/extend", reviewer, later).status, 404u);
    EXPECT_EQ(post("/api/v1/review/decisions/1/undo", sealed, later).status, 400u) << "until is of extend";
    EXPECT_EQ(post("/api/v1/review/decisions/1/extend", sealed, later).status, 200u);
    EXPECT_THAT(get("/api/v1/review/decisions", sealed).body, HasSubstr("\"until\":\"2099-01-31\""));
    EXPECT_THAT(audit(), Not(HasSubstr("extend"))) << "only a sealing is extended";
    EXPECT_THAT(audit(), Not(HasSubstr("PB"))) << "no line holds both sides";
}

TEST_F(ReviewRoutes, AModelIsApprovedByAPost) {
    store.run(
        "insert into match_model (version, state, body, trained_at, records, note, plan, training) values "
        "('m1', 'current', '{}', '2026-01-01', 100, null, '', ''), ('m2', 'shadow', '{}', '2026-01-02', 120, "
        "'2 people would merge', '', '')");
    EXPECT_THAT(get("/api/v1/review/models", reviewer).body, HasSubstr("2 people would merge"));
    EXPECT_EQ(post("/api/v1/review/models/m2/approve", analyst, "{}").status, 403u);
    EXPECT_EQ(post("/api/v1/review/models/m1/approve", reviewer, "{}").status, 409u);
    EXPECT_EQ(post("/api/v1/review/models/m9/approve", reviewer, "{}").status, 404u);
    EXPECT_EQ(post("/api/v1/review/models/m2/approve", reviewer, "{}").status, 200u);
    EXPECT_EQ(store.text("select version from match_model where state = 'current'"), "m2");
    EXPECT_EQ(get("/api/v1/review/second", reviewer).body, R"({"cases":[]})");
    EXPECT_EQ(get("/api/v1/review/sample", reviewer).body, R"({"cases":[]})");
}

TEST_F(ReviewRoutes, APersonIsShownForAReasonAndLookedForInABody) {
    EXPECT_EQ(get("/api/v1/person/PA", officer).status, 400u) << "why?";
    EXPECT_THAT(get("/api/v1/person/PA", officer).body, HasSubstr("ReasonRequired"));
    EXPECT_EQ(get("/api/v1/person/PNONE", officer, "placement check").status, 404u);
    const Answer page = get("/api/v1/person/PA", officer, "placement check");
    EXPECT_EQ(page.status, 200u);
    EXPECT_THAT(page.body, HasSubstr("Secretname"));
    const Answer found =
        post("/api/v1/person/find", officer,
             R"({"surname":"secretname","born":"2012-04-03","reason":"call from a parent"})");
    EXPECT_EQ(found.status, 200u);
    EXPECT_THAT(found.body, HasSubstr("\"PA\""));
    EXPECT_EQ(post("/api/v1/person/find", officer, R"({"surname":"secretname"})").status, 400u) << "why?";
    EXPECT_EQ(post("/api/v1/person/find", officer, R"({"surname":"x","born":"3/4/12","reason":"y"})").status,
              400u);
    EXPECT_EQ(server->get("/api/v1/person/find?surname=Secretname", officer).status, 405u);
    EXPECT_EQ(server->get("/api/v1/person", officer).status, 404u);
}

TEST_F(ReviewRoutes, EveryReadAndActIsOnRecordWithoutNamesOrValues) {
    ::testing::internal::CaptureStderr();
    const Answer shown = get("/api/v1/person/PA", officer, "placement check");
    post("/api/v1/person/find", officer,
         R"({"surname":"Secretname","upn":"","reason":"call from a parent"})");
    post("/api/v1/person/find", officer, R"({"nhs_number":"9434765919","reason":"call from a parent"})");
    get("/api/v1/review/CAAA", reviewer);
    get("/api/v1/review/SECRETNAME", reviewer);
    get("/api/v1/person/Secretname", officer, "asked for Secretname");
    post("/api/v1/review/CAAA/decision", reviewer, R"({"word":"twins","reason":"Secretname has a sister"})");
    EXPECT_EQ(get("/api/v1/person/PA", officer, "the SECRETNAME family rang").status, 400u)
        << "a name in the reason";
    EXPECT_EQ(get("/api/v1/person/PA", officer, "number 943 476 5919").status, 400u) << "an identifier";
    EXPECT_EQ(
        post("/api/v1/person/find", officer, R"({"surname":"Secretname","reason":"Ms Secretname rang"})")
            .status,
        400u);
    server->drain();
    const std::string log = ::testing::internal::GetCapturedStderr(), entries = audit();
    for (const char* personal :
         {"Secretname", "SECRETNAME", "secretname", "9434765919", "943 476", "2012-04-03", "twins"}) {
        EXPECT_THAT(entries, Not(HasSubstr(personal)));
        EXPECT_THAT(log, Not(HasSubstr(personal)));
    }
    EXPECT_THAT(log, HasSubstr("/api/v1/person/{id}"));
    EXPECT_THAT(entries, HasSubstr(R"("action":"person.read")"));
    EXPECT_THAT(entries, HasSubstr(R"("query":"PA","result":"ok","request_id":")" +
                                   shown.header("x-request-id") + R"(","reason":"placement check")"));
    EXPECT_THAT(entries, HasSubstr(R"("query":"by surname: PA PB")"));
    EXPECT_THAT(entries, HasSubstr(R"("query":"by NHS number: PB")"));
    EXPECT_THAT(
        entries,
        HasSubstr(R"("action":"review.case","dataset":"","version":"","rows":2,"query":"CAAA PA PB")"));
    EXPECT_THAT(
        entries,
        HasSubstr(
            R"("action":"review.decide","dataset":"","version":"","rows":null,"query":"CAAA","result":"ok")"))
        << "whom it is about stands in the store; of a sealing no line may hold both";
    EXPECT_THAT(entries, HasSubstr(R"("result":"not_found")"));
    const auto chain = govern::verify_audit(folder.path / "audit.log");
    ASSERT_TRUE(chain);
    EXPECT_TRUE(chain->ok()) << chain->reason;
}

TEST_F(ReviewRoutes, WhatCannotBePutOnRecordIsNeitherShownNorDone) {
    std::filesystem::create_directory(folder.path / "audit.log");
    const Answer shown = get("/api/v1/person/PA", officer, "placement check");
    EXPECT_EQ(shown.status, 503u);
    EXPECT_THAT(shown.body, Not(HasSubstr("Secretname")));
    EXPECT_EQ(post("/api/v1/review/CAAA/decision", reviewer, R"({"word":"same","reason":"x"})").status, 503u);
    EXPECT_EQ(store.count("select count(*) from match_decision"), 0);
    EXPECT_EQ(store.count("select count(*) from review_opinion"), 0);
}

TEST_F(ReviewRoutes, WhileANightRunsTheAnswerIsLater) {
    night = true;
    for (const Answer& answer :
         {get("/api/v1/review", reviewer), get("/api/v1/person/PA", officer, "why"),
          post("/api/v1/review/CAAA/decision", reviewer, R"({"word":"same","reason":"x"})")}) {
        EXPECT_EQ(answer.status, 503u);
        EXPECT_EQ(answer.header("retry-after"), "120");
        EXPECT_THAT(answer.body, HasSubstr("a night is running"));
        EXPECT_THAT(answer.body, Not(HasSubstr("process")));
    }
    night = false;
    EXPECT_EQ(get("/api/v1/review", reviewer).status, 200u);
}

TEST_F(ReviewRoutes, AServerThatOnlyReadsHasNoDoor) {
    start({});
    const Answer answer = get("/api/v1/review", reviewer);
    EXPECT_EQ(answer.status, 404u);
    EXPECT_THAT(answer.body, HasSubstr("only reads publications"));
    EXPECT_EQ(post("/api/v1/person/find", officer, "{}").status, 404u);
    EXPECT_EQ(get("/api/v1/review", analyst).status, 403u) << "the right comes first";
}

TEST_F(ReviewRoutes, ASealedPairIsNotThereForAKeyWithoutTheRight) {
    store.run(
        "insert into match_decision (decision_id, case_id, feed_a, person_ref_a, feed_b, person_ref_b, "
        "verdict, "
        "word, state, proposed_by, approved_by) values (7, 'CAAA', 'census', 'c1', 'health', 'h1', 'sealed', "
        "'seal', 'active', 'x', 'y')");
    for (const Headers& key : {reviewer, sealed}) EXPECT_EQ(get("/api/v1/review/CAAA", key).status, 404u);
    EXPECT_EQ(get("/api/v1/person/PA", officer, "why").body.substr(0, 60),
              get("/api/v1/person/PNEVER", officer, "why").body.substr(0, 60));
    EXPECT_EQ(post("/api/v1/review/decisions/7/undo", reviewer, R"({"reason":"why"})").status, 404u);
    EXPECT_THAT(get("/api/v1/review/decisions", reviewer).body, Not(HasSubstr("seal")));
    EXPECT_THAT(get("/api/v1/review/decisions", sealed).body, HasSubstr("\"word\":\"seal\""));
    EXPECT_EQ(get("/api/v1/review/tasks", sealed).body, R"({"tasks":[]})");
    store.run(
        "insert into sealed_task values (7, 'PA', 'census', 'health', 'name', false, '2026-01-03', 'r1')");
    EXPECT_EQ(get("/api/v1/review/tasks", reviewer).body, R"({"tasks":[]})");
    EXPECT_EQ(get("/api/v1/review/tasks", officer).status, 403u);
    EXPECT_THAT(get("/api/v1/review/tasks", sealed).body, HasSubstr("\"decision_id\":7"));
    EXPECT_THAT(audit(), HasSubstr(R"("action":"review.tasks","dataset":"","version":"","rows":null)"));
    EXPECT_THAT(audit(), Not(HasSubstr(R"("action":"review.tasks","dataset":"","version":"","rows":1)")));
    EXPECT_THAT(audit(), Not(HasSubstr("seal")));
    const std::string metrics = server->get("/metrics", {{"X-Api-Key", folder.key({Role::operator_})}}).body;
    EXPECT_THAT(metrics, HasSubstr("/api/v1/review/decisions"));
    EXPECT_THAT(metrics, Not(HasSubstr("tasks"))) << "the bytes that were sent would tell";
}

}  // namespace
}  // namespace sendhub::serve
