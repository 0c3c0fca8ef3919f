// The connection itself: limits, deadlines, keep-alive and the end of a server.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "hub/serve/tests/client.hpp"
#include "hub/serve/tests/published_folder.hpp"

namespace sendhub::serve {
namespace {

using govern::Role;
using testing::Answer;
using testing::children;
using testing::Client;
using testing::Headers;
using testing::RunningServer;
using testing::StateFolder;

struct ConnectionTest : ::testing::Test {
    StateFolder folder;
    Headers analyst;

    void SetUp() override {
        folder.publish("20260120T013000Z", {children(30'000)});
        analyst = {{"X-Api-Key", folder.key({Role::analyst})}};
    }
    [[nodiscard]] ServeSettings settings() const {
        ServeSettings s;
        s.state = folder.path;
        s.memory_limit = "256MB";
        s.page_size = 30'000;
        return s;
    }
};

TEST_F(ConnectionTest, ManyRequestsGoOverOneConnection) {
    const RunningServer server(settings());
    Client client(server.port());
    for (int i = 0; i < 20; ++i) {
        const auto answer = client.get("/odata/v4/children?$top=" + std::to_string(i), analyst);
        ASSERT_TRUE(answer.has_value());
        EXPECT_EQ(answer->status, 200u);
        EXPECT_EQ(answer->header("connection"), "keep-alive");
    }
    client.send(
        "GET /healthz/live HTTP/1.1\r\nHost: t\r\n\r\nGET /healthz/ready HTTP/1.1\r\nHost: t\r\nConnection: "
        "close\r\n\r\n");
    EXPECT_EQ(client.receive()->status, 200u);
    const auto second = client.receive();
    EXPECT_EQ(second->body, R"({"status":"ready"})");
    EXPECT_EQ(second->header("connection"), "close");
    EXPECT_TRUE(client.closed_within(1000));
}

TEST_F(ConnectionTest, AnOldClientGetsABodyWithoutChunks) {
    const RunningServer server(settings());
    Client client(server.port());
    client.send("GET /odata/v4/children HTTP/1.0\r\nX-Api-Key: " + analyst[0].second + "\r\n\r\n");
    const auto answer = client.receive();
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->header("transfer-encoding"), "");
    EXPECT_EQ(answer->body, server.get("/odata/v4/children", analyst).body);
}

TEST_F(ConnectionTest, TooMuchIsRefusedWithAReason) {
    const RunningServer server(settings());
    EXPECT_EQ(server.get("/healthz/live?x=" + std::string(16'300, 'a')).status, 200u);
    EXPECT_EQ(server.get("/healthz/live?x=" + std::string(17'000, 'a')).status, 414u);
    EXPECT_EQ(server.get("/healthz/live", {{"X-Long", std::string(40'000, 'a')}}).status, 431u);
    Client client(server.port());
    client.send("POST /odata/v4/children HTTP/1.1\r\nHost: t\r\nContent-Length: 100000\r\n\r\n" +
                std::string(100'000, 'x'));
    const auto large = client.receive();
    ASSERT_TRUE(large.has_value());
    EXPECT_EQ(large->status, 413u);
    Client nonsense(server.port());
    nonsense.send("this is no request\r\n\r\n");
    EXPECT_EQ(nonsense.receive()->status, 400u);
    EXPECT_EQ(server.get("/healthz/live").status, 200u);
}

TEST_F(ConnectionTest, ASlowSenderIsCutOff) {
    ServeSettings s = settings();
    s.header_deadline = std::chrono::milliseconds(200);
    s.body_deadline = std::chrono::milliseconds(200);
    s.stranger_deadline = std::chrono::milliseconds(400);
    const RunningServer server(s);
    Client silent(server.port()), half_header(server.port()), half_body(server.port()),
        dripping(server.port());
    half_header.send("GET /healthz/live HTTP/1.1\r\nHost:");
    half_body.send("POST /healthz/live HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\nabc");
    const auto begun = std::chrono::steady_clock::now();
    // A byte now and then does not buy more time.
    std::jthread drip([&] {
        for (const char c :
             std::string("GET /healthz/live HTTP/1.1\r\nHost: a-name-that-takes-for-ever\r\n\r\n")) {
            dripping.send(std::string_view(&c, 1));
            std::this_thread::sleep_for(std::chrono::milliseconds(30));
        }
    });
    EXPECT_TRUE(half_header.closed_within(8000));
    EXPECT_TRUE(half_body.closed_within(8000));
    EXPECT_TRUE(dripping.closed_within(8000));
    EXPECT_TRUE(silent.closed_within(8000));
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(9))
        << "the deadlines as they are by default";
    EXPECT_EQ(server.get("/healthz/live").status, 200u);
}

TEST_F(ConnectionTest, ASlowReaderIsCutOffAndStopsNobodyElse) {
    ServeSettings s = settings();
    s.write_deadline = std::chrono::milliseconds(500);
    const RunningServer server(s);
    std::vector<std::unique_ptr<Client>> slow;
    for (int i = 0; i < 3; ++i) {
        slow.push_back(std::make_unique<Client>(server.port()));
        // Several pages of megabytes each, more than the sockets hold.
        for (int n = 0; n < 3; ++n)
            slow.back()->send(
                "GET /odata/v4/children HTTP/1.1\r\nHost: t\r\nX-Api-Key: " + analyst[0].second + "\r\n\r\n");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    EXPECT_EQ(server.get("/odata/v4/children?$top=1", analyst).status, 200u);
    std::this_thread::sleep_for(std::chrono::milliseconds(2000));
    // Whoever reads on after the deadline never sees the end of all three.
    int whole = 0;
    for (int n = 0; n < 3; ++n) {
        const auto answer = slow.front()->receive();
        whole += answer && answer->whole ? 1 : 0;
    }
    EXPECT_LT(whole, 3);
}

TEST_F(ConnectionTest, WhoeverWaitsLongestMakesRoomForANewConnection) {
    ServeSettings s = settings();
    s.max_connections = 3;
    const RunningServer server(s);
    Client first(server.port()), known(server.port()), third(server.port());
    EXPECT_EQ(known.get("/odata/v4/children?$top=1", analyst)->status, 200u);
    Client fourth(server.port());
    EXPECT_EQ(fourth.get("/healthz/live")->status, 200u);
    EXPECT_TRUE(first.closed_within(5000)) << "the stranger that has waited longest";
    EXPECT_EQ(third.get("/healthz/live")->status, 200u);
    EXPECT_EQ(known.get("/odata/v4/children?$top=1", analyst)->status, 200u) << "a key was shown here";
    EXPECT_NE(server.get("/metrics", {{"X-Api-Key", folder.key({Role::operator_})}})
                  .body.find("sendhub_http_connections_dropped_total 2"),
              std::string::npos);
}

TEST_F(ConnectionTest, IdleAndSlowConnectionsLockNobodyOut) {
    ServeSettings s = settings();
    const RunningServer server(s);
    std::vector<std::unique_ptr<Client>> held;
    for (std::size_t i = 0; i < s.max_connections + 100; ++i) {
        held.push_back(std::make_unique<Client>(server.port()));
        if (i % 3 == 1) held.back()->send("GET /healthz/live HTTP/1.1\r\nHost:");
        if (i % 3 == 2) held.back()->send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n\r\na");
    }
    const auto begun = std::chrono::steady_clock::now();
    for (int i = 0; i < 20; ++i)
        EXPECT_EQ(server.get("/odata/v4/children?$top=1", analyst).status, 200u) << i;
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5));
    const std::string metrics = server.get("/metrics", {{"X-Api-Key", folder.key({Role::operator_})}}).body;
    const std::size_t at = metrics.find("\nsendhub_http_connections ");
    ASSERT_NE(at, std::string::npos);
    EXPECT_LE(std::stoul(metrics.substr(at + 26)), s.max_connections_per_address) << "one address, one share";
}

TEST_F(ConnectionTest, WhenAllAreAtWorkTheNextIsTurnedAwayAndComesBack) {
    ServeSettings s = settings();
    s.max_connections = 2;
    s.write_deadline = std::chrono::milliseconds(1500);
    const RunningServer server(s);
    const std::string ask =
        "GET /odata/v4/children HTTP/1.1\r\nHost: t\r\nX-Api-Key: " + analyst[0].second + "\r\n\r\n";
    std::vector<std::unique_ptr<Client>> busy;
    for (int i = 0; i < 2; ++i) {
        busy.push_back(std::make_unique<Client>(server.port()));
        for (int n = 0; n < 4; ++n) busy.back()->send(ask);  // more than the sockets hold, and nobody reads
        EXPECT_GT(busy.back()->read_some(1000), 0u);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    Client third(server.port());
    const auto answer = third.receive();
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->status, 503u);
    EXPECT_TRUE(answer->whole);
    busy.clear();
    unsigned status = 0;
    for (int i = 0; i < 500 && status != 200; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        status = server.get("/healthz/live").status;
    }
    EXPECT_EQ(status, 200u);
}

TEST_F(ConnectionTest, GuessingKeysIsSlowAndLocksNobodyElseOut) {
    ServeSettings s = settings();
    s.guesses = 5;
    s.guess_refill = std::chrono::seconds(5);
    const RunningServer server(s);
    const std::string other = folder.key({Role::analyst}), good = analyst[0].second;
    std::string wrong = good;
    wrong.back() = wrong.back() == 'a' ? 'b' : 'a';
    const auto status_of_key = [&](const std::string& key) {
        return server.get("/odata/v4/children?$top=1", {{"X-Api-Key", key}}).status;
    };
    EXPECT_EQ(status_of_key(good), 200u);
    const auto begun = std::chrono::steady_clock::now();
    int looked_at = 0;
    for (int i = 0; i < 50; ++i) looked_at += status_of_key(wrong) == 401u;
    EXPECT_GE(looked_at, 5);
    EXPECT_LE(looked_at, 6 + (std::chrono::steady_clock::now() - begun) / s.guess_refill);
    const Answer turned_away = server.get("/odata/v4/", {{"X-Api-Key", wrong}});
    EXPECT_EQ(turned_away.status, 429u);
    EXPECT_GE(std::stoi("0" + turned_away.header("retry-after")), 1);
    EXPECT_LE(std::stoi("0" + turned_away.header("retry-after")), 5);
    EXPECT_EQ(status_of_key(good), 429u)
        << "or the right secret could be told from a wrong one at full speed";
    EXPECT_EQ(status_of_key(other), 200u) << "somebody else behind the same proxy";
    EXPECT_EQ(status_of_key("shk_nobody"), 429u) << "keys of nobody are counted by address";
    EXPECT_EQ(server.get("/odata/v4/").status, 401u) << "no key is no guess";
    std::this_thread::sleep_for(std::chrono::milliseconds(5200));
    EXPECT_EQ(status_of_key(good), 200u) << "after the wait";
    for (int i = 0; i < 50; ++i) (void)status_of_key("shk_nobody" + std::to_string(i));
    EXPECT_EQ(status_of_key("shk_nobody"), 429u);
    EXPECT_EQ(status_of_key(good), 200u) << "wrong keys of nobody lock no owner of a good one out";
}

TEST_F(ConnectionTest, DrainEndsIdleConnectionsAtOnceAndLetsAReadFinish) {
    RunningServer server(settings());
    Client idle(server.port()), reading(server.port());
    EXPECT_EQ(idle.get("/healthz/live")->status, 200u);
    reading.send("GET /odata/v4/children HTTP/1.1\r\nHost: t\r\nX-Api-Key: " + analyst[0].second +
                 "\r\n\r\n");
    EXPECT_GT(reading.read_some(1000), 0u);
    int took = 0;
    std::jthread drain([&] { took = server.drain(); });
    EXPECT_TRUE(idle.closed_within(8000));
    const auto answer = reading.receive();
    ASSERT_TRUE(answer.has_value());
    EXPECT_TRUE(answer->whole);
    EXPECT_TRUE(answer->body.ends_with("}]}"));
    drain.join();
    EXPECT_LT(took, 9000) << "it waited for the idle one";
    EXPECT_THROW(Client late(server.port()), std::runtime_error);
}

TEST_F(ConnectionTest, DrainInsistsAfterItsTime) {
    ServeSettings s = settings();
    s.drain_deadline = std::chrono::milliseconds(300);
    RunningServer server(s);
    Client stuck(server.port());
    for (int n = 0; n < 4; ++n)
        stuck.send("GET /odata/v4/children HTTP/1.1\r\nHost: t\r\nX-Api-Key: " + analyst[0].second +
                   "\r\n\r\n");
    EXPECT_GT(stuck.read_some(1000), 0u);
    const int took = server.drain();
    EXPECT_GE(took, 250);
    EXPECT_LT(took, 9000);
}

TEST_F(ConnectionTest, AQueryThatTakesTooLongIsStopped) {
    ServeSettings s = settings();
    const RunningServer warm(s);
    EXPECT_EQ(warm.get("/odata/v4/children?$top=1", analyst).status, 200u);
    s.query_deadline = std::chrono::milliseconds(1);
    const RunningServer server(s);
    // A sort over everything, from a table that first has to be loaded.
    const Answer answer = server.get(
        "/odata/v4/"
        "children?$orderby=concat(surname,concat(surname,surname)),length(concat(surname,surname))&$filter="
        "contains(concat(surname,row_key),'9')",
        analyst);
    EXPECT_EQ(answer.status, 503u);
    EXPECT_NE(answer.body.find("TooSlow"), std::string::npos) << answer.body;
}

}  // namespace
}  // namespace sendhub::serve
