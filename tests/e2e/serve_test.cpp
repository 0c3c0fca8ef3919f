// The daemon as its readers and its administrator meet it.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <csignal>
#include <functional>
#include <set>
#include <thread>

#include "tests/e2e/http_client.hpp"
#include "tests/e2e/hub.hpp"

using namespace sendhub::e2e;

namespace {

std::string key_of(const Hub& hub, const std::string& role) {
    const Output made = hub.run({"token", "create", "test", "--role", role});
    EXPECT_EQ(made.code, 0) << made.err;
    return made.out.substr(0, made.out.find('\n'));
}

bool wait_for(const std::function<bool()>& condition) {
    for (int i = 0; i < 500; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
}

}  // namespace

TEST(Serve, paging_through_all_of_dim_person_gives_every_row_once_and_nothing_without_a_key) {
    const Hub hub;
    ASSERT_EQ(hub.sync().code, 0);
    Daemon daemon(hub);
    EXPECT_EQ(get(daemon.url() + "/odata/v4/").status, 401);
    EXPECT_EQ(get(daemon.url() + "/odata/v4/dim_person").status, 401);
    EXPECT_EQ(get(daemon.url() + "/healthz/live").status, 200);
    const std::map<std::string, std::string> key = {{"Authorization", "Bearer " + key_of(hub, "caseworker")},
                                                    {"Prefer", "odata.maxpagesize=100"}};
    std::set<std::string> seen;
    std::size_t rows = 0, pages = 0;
    for (std::string url = daemon.url() + "/odata/v4/dim_person?$select=person_key"; !url.empty(); ++pages) {
        const Reply reply = get(url, key);
        ASSERT_EQ(reply.status, 200) << reply.body.substr(0, 300);
        simdjson::dom::parser parser;
        simdjson::dom::element root = parser.parse(reply.body);
        for (auto row : root["value"]) {
            ++rows;
            seen.insert(std::string(std::string_view(row["person_key"])));
        }
        std::string_view next;
        url = root["@odata.nextLink"].get(next) ? "" : std::string(next);
    }
    EXPECT_GT(pages, 3u);
    EXPECT_EQ(rows, seen.size());
    EXPECT_EQ(std::to_string(rows), hub.ask("select count(*) from {dim_person}"));
    // a viewer does not even learn that the dataset is there
    const std::map<std::string, std::string> viewer = {{"Authorization", "Bearer " + key_of(hub, "viewer")}};
    EXPECT_EQ(get(daemon.url() + "/odata/v4/dim_person", viewer).status, 404);
    EXPECT_EQ(get(daemon.url() + "/odata/v4/", viewer).body.find("dim_person"), std::string::npos);
    EXPECT_EQ(get(daemon.url() + "/odata/v4/cme_summary", viewer).status, 200);
    EXPECT_EQ(daemon.stop(), 0);
    EXPECT_EQ(hub.run({"audit", "verify"}).code, 0);
    EXPECT_NE(read(hub.state() / "audit.log").find("dim_person"), std::string::npos)
        << "reading a restricted dataset is audited";
}

TEST(Serve, a_new_version_is_served_without_a_restart) {
    const Hub hub;
    ASSERT_EQ(hub.sync().code, 0);
    Daemon daemon(hub);
    const std::map<std::string, std::string> key = {{"Authorization", "Bearer " + key_of(hub, "operator")}};
    auto served = [&] { return get(daemon.url() + "/api/v1/status", key).body; };
    const std::string first = hub.version();
    EXPECT_NE(served().find(first), std::string::npos);
    hub.next_night(2);
    ASSERT_EQ(hub.sync().code, 0);
    ASSERT_NE(hub.version(), first);
    EXPECT_TRUE(wait_for([&] { return served().find(hub.version()) != std::string::npos; }));
}

TEST(Serve, settings_are_read_again_on_sighup_all_of_them_or_none) {
    const Hub hub;
    Daemon daemon(hub);
    const std::string settings = read(hub.dir() / "hub.toml");
    write(hub.dir() / "hub.toml", settings + "\nnonsense = 1\n[schedul]\nnightly = \"x\"\n");
    daemon.signal(SIGHUP);
    EXPECT_TRUE(wait_for([&] {
        return daemon.log().find("hub.toml") != std::string::npos &&
               daemon.log().find("\"level\":\"error\"") != std::string::npos;
    })) << daemon.log();
    EXPECT_EQ(get(daemon.url() + "/healthz/live").status, 200) << "it goes on with the settings it had";
    write(hub.dir() / "hub.toml", settings);
    daemon.signal(SIGHUP);
    EXPECT_TRUE(wait_for([&] {
        return daemon.log().find("the settings were read again") != std::string::npos;
    })) << daemon.log();
    const std::string log = daemon.log();
    const auto planned = log.find("\"event\":\"night.planned\"");
    ASSERT_NE(planned, std::string::npos);
    EXPECT_NE(log.find("\"event\":\"night.planned\"", planned + 1), std::string::npos)
        << "the next times are reported at the start and after SIGHUP: " << log;
    EXPECT_EQ(daemon.stop(), 0);
}

TEST(Serve, the_nightly_schedule_runs_by_itself) {
    const Hub hub;
    std::string settings = read(hub.dir() / "hub.toml");
    const auto at = settings.find("nightly");
    ASSERT_NE(at, std::string::npos);
    settings.replace(at, settings.find('\n', at) - at, "nightly = \"* * * * *\"");
    write(hub.dir() / "hub.toml", settings);
    Daemon daemon(hub);
    bool published = false;
    // at most a minute to the next minute, and the night itself, which may take two on a busy machine
    for (int i = 0; i < 2000 && !published; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        published = !hub.version().empty();
    }
    EXPECT_TRUE(published) << daemon.log();
    EXPECT_EQ(daemon.stop(), 0) << daemon.log();
}
