// Health, files, REST and metrics over a real socket, and what gets into the log.
#include <gtest/gtest.h>
#include <simdjson.h>

#include "hub/serve/tests/client.hpp"
#include "hub/serve/tests/published_folder.hpp"
#include "hub/store/health.hpp"

namespace sendhub::serve {
namespace {

using govern::Role;
using testing::Answer;
using testing::children;
using testing::Headers;
using testing::RunningServer;
using testing::secrets;
using testing::StateFolder;
using testing::summary;

constexpr const char* kVersion = "20260120T013000Z";

struct Routes : ::testing::Test {
    StateFolder folder;
    std::unique_ptr<RunningServer> server;
    Headers analyst, caseworker, operator_;

    void SetUp() override {
        folder.publish(kVersion, {children(50), summary(), secrets()});
        analyst = {{"X-Api-Key", folder.key({Role::analyst})}};
        caseworker = {{"X-Api-Key", folder.key({Role::caseworker})}};
        operator_ = {{"X-Api-Key", folder.key({Role::operator_})}};
        ServeSettings settings;
        settings.state = folder.path;
        settings.public_base_url = "https://hub.example.gov.uk";
        settings.memory_limit = "256MB";
        server = std::make_unique<RunningServer>(settings);
    }
    [[nodiscard]] std::string published(const std::string& file) const {
        return folder.read(std::string("published/") + kVersion + "/" + file);
    }
};

TEST_F(Routes, OnlyHealthAnswersWithoutAKey) {
    EXPECT_EQ(server->get("/healthz/live").status, 200u);
    EXPECT_EQ(server->get("/healthz/ready").status, 200u);
    EXPECT_EQ(server->get("/healthz/feeds").status, 200u);
    EXPECT_EQ(server->get("/healthz/nothing").status, 404u);
    EXPECT_EQ(server->get("/healthz/live", {}, "POST").status, 405u);
    for (const char* path :
         {"/", "/metrics", "/api/v1/status", "/api/v1/datasets", "/files/latest/datapackage.json",
          "/files/latest/summary/data.csv", "/odata/v4/", "/nothing", "/odata/v4/../healthz/live"})
        EXPECT_EQ(server->get(path).status, 401u) << path;
    EXPECT_EQ(server->get("/nothing", analyst).status, 404u);
    EXPECT_EQ(server->get("/", analyst).header("content-type"), "application/json;charset=utf-8");
}

TEST_F(Routes, FeedHealthShowsAgesAndNothingElse) {
    folder.write(
        "status.json",
        R"({"feeds":[{"feed":"cme","state":"ok","running":false,"finished_at":"2026-01-20T01:31:00.000Z","as_of":"2026-01-19","age_days":1,"rows":417,"sentence":"Planted words"}],"runs":[{"run_id":"r-1","state":"ok"}],"held":[],"publication":{"version":"20260120T013000Z"}})");
    EXPECT_EQ(server->get("/healthz/feeds").status, 200u);
    const std::string body = server->get("/healthz/feeds").body;
    EXPECT_TRUE(body.starts_with(R"({"status":"ok","exit_code":0,"reasons":[],)")) << body;
    EXPECT_NE(
        body.find(
            R"({"feed":"cme","state":"ok","running":false,"finished_at":"2026-01-20T01:31:00.000Z","as_of":"2026-01-19","age_days":1})"),
        std::string::npos)
        << body;
    EXPECT_EQ(body.find("Planted"), std::string::npos);
    EXPECT_EQ(body.find("417"), std::string::npos);
    folder.write("status.json", "{");
    EXPECT_EQ(server->get("/healthz/feeds").status, 503u);
}

// The same judgement as that of `sendhub status`, whatever is wrong.
TEST_F(Routes, HealthAgreesWithTheExitCode) {
    const auto with = [&](const char* feed, const char* match, const char* publish, const char* publication,
                          const char* held) {
        folder.write("status.json", std::string(R"({"feeds":[{"feed":"cme","state":")") + feed +
                                        R"("}],"runs":[{"run_id":"p","kind":"publish","state":")" + publish +
                                        R"("},{"run_id":"m","kind":"match","state":")" + match +
                                        R"("}],"held":[)" + held + R"(],"publication":)" + publication + "}");
        const Answer answer = server->get("/healthz/feeds");
        const auto health = store::read_health(folder.path);
        EXPECT_TRUE(health.has_value());
        EXPECT_TRUE(answer.body.starts_with(R"({"status":")" + health->state + R"(","exit_code":)" +
                                            std::to_string(health->exit_code)))
            << answer.body;
        EXPECT_EQ(answer.status, health->exit_code == 1 ? 503u : 200u);
        return health->exit_code;
    };
    const char* const version = R"({"version":"20260120T013000Z"})";
    EXPECT_EQ(with("ok", "ok", "ok", version, ""), 0);
    EXPECT_EQ(with("failed", "ok", "ok", version, ""), 1);
    EXPECT_EQ(with("ok", "failed", "ok", version, ""), 1);
    EXPECT_EQ(with("ok", "ok", "failed", version, ""), 1);
    EXPECT_EQ(with("ok", "ok", "ok", "null", ""), 3);
    EXPECT_EQ(with("held", "ok", "ok", version, ""), 3);
    EXPECT_EQ(with("nothing_received", "ok", "ok", version, ""), 3);
    EXPECT_EQ(with("ok", "ok", "ok", version, R"({"batch_id":"x"})"), 3);
}

TEST_F(Routes, StatusAndRunsAreForThoseWhoRunTheHub) {
    EXPECT_EQ(server->get("/api/v1/status", operator_).status, 404u);
    folder.write(
        "status.json",
        R"({ "feeds" : [], "runs" : [ {"run_id":"r-1","state":"ok"}, {"run_id":"r-2","state":"failed"} ] })");
    EXPECT_EQ(server->get("/api/v1/status", operator_).body,
              R"({"feeds":[],"runs":[{"run_id":"r-1","state":"ok"},{"run_id":"r-2","state":"failed"}]})");
    EXPECT_EQ(server->get("/api/v1/runs", operator_).body,
              R"({"runs":[{"run_id":"r-1","state":"ok"},{"run_id":"r-2","state":"failed"}]})");
    EXPECT_EQ(server->get("/api/v1/runs/r-2", operator_).body, R"({"run_id":"r-2","state":"failed"})");
    EXPECT_EQ(server->get("/api/v1/runs/r-3", operator_).status, 404u);
    for (const char* path : {"/api/v1/status", "/api/v1/runs", "/api/v1/runs/r-2", "/metrics"})
        EXPECT_EQ(server->get(path, caseworker).status, 403u) << path;
}

TEST_F(Routes, DatasetsAreThoseOfTheCaller) {
    simdjson::dom::parser parser;
    const auto names = [&](const Headers& headers) {
        std::vector<std::string> out;
        const std::string body = server->get("/api/v1/datasets", headers).body;
        for (const auto dataset : parser.parse(body)["datasets"].get_array())
            out.emplace_back(std::string_view(dataset["name"]));
        return out;
    };
    EXPECT_EQ(names(analyst), (std::vector<std::string>{"children", "summary"}));
    EXPECT_EQ(names(caseworker), (std::vector<std::string>{"children", "secrets", "summary"}));
    EXPECT_EQ(names(operator_), std::vector<std::string>{});
    EXPECT_EQ(server->get("/api/v1/datasets/secrets", analyst).status, 404u);
    EXPECT_NE(server->get("/api/v1/datasets/summary", analyst)
                  .body.find(R"({"name":"amount_count","type":"int64","nullable":true)"),
              std::string::npos);
}

TEST_F(Routes, FilesAreTheBytesThatWerePublished) {
    for (const char* name : {"latest", "current", kVersion}) {
        const std::string base = std::string("/files/") + name + "/children/";
        const Answer parquet = server->get(base + "data.parquet", analyst);
        EXPECT_EQ(parquet.status, 200u);
        EXPECT_EQ(parquet.body, published("children/data.parquet"));
        EXPECT_EQ(parquet.header("content-length"), std::to_string(parquet.body.size()));
        EXPECT_EQ(server->get(base + "data.csv", analyst).body, published("children/data.csv"));
    }
    const Answer csv = server->get("/files/latest/children/data.csv", analyst);
    EXPECT_EQ(csv.header("content-type"), "text/csv; charset=utf-8; header=present");
    Headers cached = analyst;
    cached.emplace_back("If-None-Match", csv.header("etag"));
    EXPECT_EQ(server->get("/files/latest/children/data.csv", cached).status, 304u);
    Headers packed = analyst;
    packed.emplace_back("Accept-Encoding", "gzip");
    EXPECT_EQ(testing::unpack_gzip(server->get("/files/latest/children/data.csv", packed).body), csv.body);
    const Answer head = server->get("/files/latest/children/data.csv", analyst, "HEAD");
    EXPECT_EQ(head.header("content-length"), std::to_string(csv.body.size()));
}

TEST_F(Routes, TheSpreadsheetVariantIsSafeToOpen) {
    const std::string csv = published("summary/data.csv");
    ASSERT_NE(csv.find("s0,=label0"), std::string::npos) << csv;
    const std::string excel = server->get("/files/latest/summary/data.csv?variant=excel", analyst).body;
    EXPECT_TRUE(excel.starts_with("\xEF\xBB\xBFrow_key,"));
    EXPECT_NE(excel.find("s0,'=label0"), std::string::npos) << excel;
    EXPECT_EQ(server->get("/files/latest/summary/data.csv?variant=other", analyst).status, 400u);
}

TEST_F(Routes, FilesObeyRolesAndPathsLeadNowhereElse) {
    EXPECT_EQ(server->get("/files/latest/secrets/data.csv", analyst).status, 404u);
    EXPECT_EQ(server->get("/files/latest/secrets/data.csv", caseworker).status, 200u);
    EXPECT_EQ(server->get("/files/20250101T000000Z/children/data.csv", analyst).status, 410u);
    folder.write("published/outside.csv", "Planted");
    for (const char* path : {"/files/latest/../outside.csv",
                             "/files/latest/%2e%2e/outside.csv",
                             "/files/latest/..%2foutside.csv/data.csv",
                             "/files/..%2f..%2fetc/passwd",
                             "/files/latest/children/..%2f..%2f..%2ftokens.json",
                             "/files/latest/children/../../../tokens.json",
                             "/files/../tokens.json",
                             "/files/..",
                             "/files/",
                             "/files",
                             "/files/latest",
                             "/files/latest/",
                             "/files//children/data.csv",
                             "/files/latest//data.csv",
                             "/files/latest/children/",
                             "/files/latest/children/data.csv/",
                             "/files/latest/children/data.csv%00",
                             "/files/latest/children%2fdata.csv",
                             "/files/next/children/data.csv",
                             "/files/latest/children/datapackage.json"}) {
        const Answer answer = server->get(path, analyst);
        EXPECT_TRUE(answer.status == 404 || answer.status == 400) << path << " " << answer.status;
        EXPECT_EQ(answer.body.find("Planted"), std::string::npos);
    }
    // A link put into the published folder by someone else is not followed.
    const auto file = folder.path / "published" / kVersion / "summary" / "data.csv";
    std::filesystem::remove(file);
    std::filesystem::create_symlink(folder.path / "tokens.json", file);
    EXPECT_EQ(server->get("/files/latest/summary/data.csv", analyst).status, 410u);
}

TEST_F(Routes, ThePackageHoldsOnlyWhatTheCallerMayRead) {
    const std::string body = server->get("/files/latest/datapackage.json", analyst).body;
    simdjson::dom::parser parser;
    EXPECT_EQ(parser.parse(body)["resources"].get_array().size(), 4u);
    EXPECT_EQ(body.find("secrets"), std::string::npos);
    EXPECT_NE(server->get("/files/latest/datapackage.json", caseworker).body.find("secrets"),
              std::string::npos);
}

TEST_F(Routes, DownloadsOfRestrictedFilesAreAudited) {
    EXPECT_EQ(server->get("/files/latest/children/data.csv", caseworker).status, 200u);
    EXPECT_EQ(folder.read("audit.log"), "");
    EXPECT_EQ(server->get("/files/latest/secrets/data.parquet", caseworker).status, 200u);
    (void)server->drain();
    const std::string log = folder.read("audit.log");
    EXPECT_NE(
        log.find(
            R"("action":"read.parquet","dataset":"secrets","version":"20260120T013000Z","rows":null,"query":"","result":"begun")"),
        std::string::npos)
        << log;
    EXPECT_NE(log.find(R"("rows":5,"query":"","result":"ok")"), std::string::npos) << log;
}

TEST_F(Routes, MetricsCountByRouteAndNeverByValue) {
    (void)server->get("/odata/v4/children('k000001')", analyst);
    (void)server->get("/odata/v4/children?$filter=surname%20eq%20'Plantedvalue'&apikey=shk_plantedkey",
                      analyst);
    (void)server->get("/files/latest/Plantedpath/data.csv", analyst);
    const std::string text = server->get("/metrics", operator_).body;
    EXPECT_NE(text.find("sendhub_http_requests_total{route=\"/odata/v4/{set}({key})\",status=\"200\"} 1\n"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("sendhub_publication_age_seconds "), std::string::npos);
    EXPECT_EQ(text.find("lanted"), std::string::npos);
    EXPECT_EQ(text.find("k000001"), std::string::npos);
}

TEST_F(Routes, TheLogHoldsPatternsAndNeverValuesOrKeys) {
    ::testing::internal::CaptureStderr();
    (void)server->get("/odata/v4/children('Plantedkey')?apikey=shk_plantedsecret", {});
    (void)server->get("/odata/v4/children?$filter=surname%20eq%20'Plantedvalue'", analyst);
    (void)server->get("/odata/v4/children?$filter=Plantedbad%20eq", analyst);
    (void)server->get("/Plantedpath?x=Plantedquery", analyst);
    (void)server->get("/odata/v4/children",
                      {{"Authorization", "Bearer shk_planted"}, {"User-Agent", "Plantedagent"}});
    (void)server->get("/x", analyst, "PLANTED");
    (void)server->drain();
    const std::string log = ::testing::internal::GetCapturedStderr();
    EXPECT_NE(log.find("/odata/v4/{set}"), std::string::npos) << log;
    EXPECT_NE(log.find(analyst[0].second.substr(4, 10)), std::string::npos) << "the key's public id";
    EXPECT_EQ(log.find("lanted"), std::string::npos) << log;
    EXPECT_EQ(log.find("PLANTED"), std::string::npos) << log;
    EXPECT_EQ(log.find(analyst[0].second.substr(15)), std::string::npos) << "a secret";
}

}  // namespace
}  // namespace sendhub::serve
