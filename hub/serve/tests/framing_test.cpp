// Where a request ends is never a matter of opinion.
#include "hub/serve/framing.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "hub/serve/guess_limit.hpp"
#include "hub/serve/tests/client.hpp"
#include "hub/serve/tests/published_folder.hpp"

namespace sendhub::serve {
namespace {

using testing::Client;
using testing::RunningServer;
using testing::StateFolder;

// Header lines behind "POST /healthz/live HTTP/1.1", and what they are.
struct Case {
    const char* lines;
    bool sound;
};
const Case kCases[] = {
    {"Host: t\r\nContent-Length: 3\r\n", true},
    {"Host: t\r\nTransfer-Encoding: chunked\r\n", true},
    {"Host: t\r\nTransfer-Encoding: Chunked\r\n", true},
    {"Host: [::1]:8080\r\nContent-Length: 3\r\n", true},
    {"Host: t\r\nTransfer-Encoding: chunked, identity\r\n", false},
    {"Host: t\r\nTransfer-Encoding: identity, chunked\r\n", false},
    {"Host: t\r\nTransfer-Encoding: gzip, chunked\r\n", false},
    {"Host: t\r\nTransfer-Encoding: xchunked\r\n", false},
    {"Host: t\r\nTransfer-Encoding: identity\r\n", false},
    {"Host: t\r\nTransfer-Encoding: \r\n", false},
    {"Host: t\r\nTransfer-Encoding: chunked;x=1\r\n", false},
    {"Host: t\r\nTransfer-Encoding: \"chunked\"\r\n", false},
    {"Host: t\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", false},
    {"Host: t\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", false},
    {"Host: t\r\nTransfer-Encoding : chunked\r\n", false},
    {"Host: t\r\nTransfer-Encoding:\x0b"
     "chunked\r\n",
     false},
    {"Host: t\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n", false},
    {"Host: t\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n", false},
    {"Host: t\r\nContent-Length: 3\r\nContent-Length: 3\r\n", false},
    {"Host: t\r\nContent-Length: 3\r\nContent-Length: 30\r\n", false},
    {"Host: t\r\nContent-Length: 3, 3\r\n", false},
    {"Host: t\r\nContent-Length: +3\r\n", false},
    {"Host: t\r\nContent-Length: 0x3\r\n", false},
    {"Host: t\r\nContent-Length: -3\r\n", false},
    {"Host: t\r\nContent-Length: \r\n", false},
    {"Host: t\r\nContent-Length: 99999999999999999999\r\n", false},
    {"Content-Length: 3\r\n", false},
    {"Host: t\r\nHost: t\r\nContent-Length: 3\r\n", false},
    {"Host: t\r\nHost: other\r\nContent-Length: 3\r\n", false},
    {"Host: t, other\r\nContent-Length: 3\r\n", false},
    {"Host: t\r\n\tfolded\r\nContent-Length: 3\r\n", false},
    {"Host: t\r\nX-Long: a\r\n b\r\nContent-Length: 3\r\n", false},
    {"Host: t\r\nContent-Length: 3\r\n 0\r\n", false},
    {"Host: t\r\nContent-Length : 3\r\n", false},
    {"Host: t\r\nno colon here\r\nContent-Length: 3\r\n", false},
    {"Host: t\r\n: no name\r\nContent-Length: 3\r\n", false},
    {"Host: t\nContent-Length: 3\r\n", false},
    {"Host: t\r\nX-Bare: a\rb\r\nContent-Length: 3\r\n", false},
};

TEST(Framing, each_header_is_sound_or_refused) {
    for (const Case& one : kCases) {
        const std::string head = std::string("POST /healthz/live HTTP/1.1\r\n") + one.lines + "\r\n";
        EXPECT_EQ(!framing_fault(head).has_value(), one.sound) << one.lines;
    }
    EXPECT_FALSE(framing_fault("GET / HTTP/1.0\r\n\r\n")) << "HTTP/1.0 needs no Host";
    EXPECT_TRUE(framing_fault("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"));
    EXPECT_TRUE(framing_fault("GET / HTTP/2.0\r\nHost: t\r\n\r\n"));
    EXPECT_TRUE(framing_fault("GET /\r\nHost: t\r\n\r\n"));
    EXPECT_TRUE(framing_fault("\r\nGET / HTTP/1.1\r\nHost: t\r\n\r\n"));
    EXPECT_TRUE(framing_fault(std::string_view("GET / HTTP/1.1\r\nHost: t\r\nX: a\0b\r\n\r\n", 39)));
}

// What stands behind a refused header is never taken for a request: one answer, then the end.
TEST(Framing, a_refused_request_ends_the_connection_and_nothing_behind_it_is_answered) {
    const StateFolder folder;
    ServeSettings settings;
    settings.state = folder.path;
    const RunningServer server(settings);
    for (const Case& one : kCases) {
        if (one.sound) continue;
        Client client(server.port());
        client.send(std::string("POST /healthz/live HTTP/1.1\r\n") + one.lines +
                    "\r\n0\r\n\r\nGET /healthz/ready HTTP/1.1\r\nHost: t\r\n\r\n");
        const auto answer = client.receive();
        ASSERT_TRUE(answer.has_value()) << one.lines;
        EXPECT_EQ(answer->status, 400u) << one.lines;
        EXPECT_EQ(answer->header("connection"), "close") << one.lines;
        EXPECT_FALSE(client.receive().has_value()) << "a second answer to " << one.lines;
    }
    Client client(server.port());
    client.send(
        "POST /healthz/live HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
        "GET /healthz/live HTTP/1.1\r\nHost: t\r\n\r\n");
    EXPECT_EQ(client.receive()->status, 405u);
    EXPECT_EQ(client.receive()->status, 200u) << "after a sound body the connection goes on";
}

TEST(Framing, a_header_behind_the_last_chunk_is_no_header) {
    const StateFolder folder;
    const std::string key = folder.key({govern::Role::operator_});
    ServeSettings settings;
    settings.state = folder.path;
    const RunningServer server(settings);
    Client client(server.port());
    client.send("GET /metrics HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Api-Key: " +
                key + "\r\n\r\n");
    EXPECT_EQ(client.receive()->status, 401u);
}

TEST(GuessLimit, failures_are_counted_by_name_and_forgotten_with_time) {
    using std::chrono::seconds;
    GuessLimit limit(3, seconds(10));
    const auto begun = GuessLimit::Clock::now();
    EXPECT_EQ(limit.wait("a", begun), seconds(0));
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(limit.failed("a", begun)) << i;
    EXPECT_TRUE(limit.failed("a", begun));
    EXPECT_EQ(limit.wait("a", begun), seconds(10));
    EXPECT_EQ(limit.wait("b", begun), seconds(0)) << "another name is not affected";
    for (int i = 0; i < 1000; ++i) EXPECT_TRUE(limit.failed("a", begun));
    EXPECT_EQ(limit.wait("a", begun), seconds(10)) << "however many are sent, the wait has an end";
    EXPECT_EQ(limit.wait("a", begun + seconds(10)), seconds(0));
    EXPECT_FALSE(limit.failed("a", begun + seconds(10)));
    EXPECT_TRUE(limit.failed("a", begun + seconds(10)));
    EXPECT_FALSE(limit.failed("a", begun + seconds(1000)));
}

TEST(GuessLimit, memory_is_bounded) {
    GuessLimit limit(3, std::chrono::seconds(10));
    for (std::size_t i = 0; i < 2 * GuessLimit::kMostNames; ++i) limit.failed("name " + std::to_string(i));
    EXPECT_EQ(limit.size(), GuessLimit::kMostNames);
}

}  // namespace
}  // namespace sendhub::serve
