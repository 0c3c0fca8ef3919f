// OData over a real socket: what the clients of reference/datasets-and-kpis.md section 6 rely on.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>
#include <functional>
#include <set>
#include <thread>

#include "hub/govern/audit.hpp"
#include "hub/govern/tokens.hpp"
#include "hub/serve/tests/client.hpp"
#include "hub/serve/tests/published_folder.hpp"

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

constexpr const char* kFirst = "20260120T013000Z";
constexpr const char* kSecond = "20260121T013000Z";
constexpr const char* kPowerQueryAccept =
    "application/json;odata.metadata=minimal;q=1.0,application/json;odata=minimalmetadata;q=0.9,application/"
    "atomsvc+xml;q=0.8,"
    "application/atom+xml;q=0.8,application/xml;q=0.7,text/plain;q=0.7";

struct OData : ::testing::Test {
    StateFolder folder;
    std::unique_ptr<RunningServer> server;
    Headers analyst, viewer, caseworker, operator_;

    void SetUp() override {
        folder.publish(kFirst, {children(500), summary(), secrets()});
        analyst = {{"Authorization", "Bearer " + folder.key({Role::analyst})}};
        viewer = {{"Authorization", "Bearer " + folder.key({Role::viewer})}};
        caseworker = {{"Authorization", "Bearer " + folder.key({Role::caseworker})}};
        operator_ = {{"Authorization", "Bearer " + folder.key({Role::operator_})}};
        start();
    }
    void start(std::size_t page_size = 100) {
        server.reset();
        ServeSettings settings;
        settings.state = folder.path;
        settings.page_size = page_size;
        settings.max_page_size = 300;
        settings.poll_interval = std::chrono::milliseconds(20);
        settings.public_base_url = "https://hub.example.gov.uk/send/";
        settings.memory_limit = "256MB";
        server = std::make_unique<RunningServer>(settings);
    }
    Answer get(const std::string& path, const Headers& headers, std::string_view method = "GET") const {
        return server->get("/odata/v4/" + path, headers, method);
    }
    static Headers with(Headers headers, std::string name, std::string value) {
        headers.emplace_back(std::move(name), std::move(value));
        return headers;
    }

    // Every page of a read; also what stood in each.
    struct Walked {
        std::vector<std::string> keys;
        std::vector<std::string> surnames;
        int pages = 0;
        std::vector<std::int64_t> counts;
        std::string last_error;
    };
    Walked walk(std::string path, const Headers& headers,
                const std::function<void(int)>& between = nullptr) const {
        const std::string outside = "https://hub.example.gov.uk/send/odata/v4/";
        Walked walked;
        simdjson::dom::parser parser;
        for (;;) {
            const Answer answer = get(path, headers);
            if (answer.status != 200) {
                walked.last_error = std::to_string(answer.status) + " " + answer.body;
                return walked;
            }
            EXPECT_EQ(answer.count("odata-version"), 1);
            ++walked.pages;
            simdjson::dom::element root;
            EXPECT_EQ(parser.parse(answer.body).get(root), simdjson::SUCCESS) << answer.body.substr(0, 300);
            for (const auto row : root["value"].get_array()) {
                std::string_view text;
                walked.keys.emplace_back(row["row_key"].get(text) == simdjson::SUCCESS ? text : "");
                walked.surnames.emplace_back(row["surname"].get(text) == simdjson::SUCCESS ? text : "<null>");
            }
            std::int64_t count = 0;
            if (root["@odata.count"].get(count) == simdjson::SUCCESS) walked.counts.push_back(count);
            std::string_view next;
            if (root["@odata.nextLink"].get(next) != simdjson::SUCCESS) return walked;
            EXPECT_TRUE(next.starts_with(outside)) << next;
            EXPECT_EQ(next.find("shk_"), std::string::npos);
            path = std::string(next.substr(outside.size()));
            if (between) between(walked.pages);
        }
    }
};

TEST_F(OData, WithoutAKeyThereIsOnlyAChallenge) {
    for (const char* path : {"", "$metadata", "children", "secrets", "nothing"}) {
        const Answer answer = get(path, {});
        EXPECT_EQ(answer.status, 401u) << path;
        EXPECT_EQ(answer.count("www-authenticate"), 2);
        EXPECT_EQ(answer.count("odata-version"), 1);
        EXPECT_EQ(answer.header("odata-version"), "4.0");
        EXPECT_EQ(answer.body.find("children"), std::string::npos);
    }
    EXPECT_EQ(get("", {{"Authorization", "Bearer "}}).status, 401u);
    EXPECT_EQ(get("", {{"Authorization", "Basic !!"}}).status, 401u);
}

TEST_F(OData, AWrongKeyAndNoKeyAreToldApart) {
    const Answer none = get("children", {}), wrong = get("children", {{"X-Api-Key", "shk_nobody"}});
    EXPECT_EQ(none.status, 401u);
    EXPECT_EQ(wrong.status, 401u);
    EXPECT_NE(none.body.find("an API key is needed"), std::string::npos) << none.body;
    EXPECT_NE(wrong.body.find("this key is not known here"), std::string::npos) << wrong.body;
    EXPECT_EQ(wrong.body.find("nobody"), std::string::npos);
    EXPECT_EQ(wrong.count("www-authenticate"), 2);
    EXPECT_EQ(wrong.header("www-authenticate").find("Basic"), 0u);
}

TEST_F(OData, AnOptionWithoutItsDollarSignIsRefusedAndNeverIgnored) {
    for (const char* name : {"top", "Top", "skip", "filter", "select", "orderby", "count", "expand", "search",
                             "format", "skiptoken", "apply", "compute", "levels"}) {
        const Answer answer = get(std::string("children?") + name + "=1", analyst);
        EXPECT_EQ(answer.status, 400u) << name;
        std::string word = name;
        word[0] = static_cast<char>(word[0] | 0x20);
        EXPECT_NE(answer.body.find("$" + word), std::string::npos) << answer.body;
        EXPECT_EQ(get(std::string("?") + name + "=1", analyst).status, 400u) << name;
        EXPECT_EQ(get(std::string("$metadata?") + name + "=1", analyst).status, 400u) << name;
    }
    for (const char* option : {"$nothing", "$TOP", "$index", "$deltatoken", "$schemaversion"})
        EXPECT_EQ(get(std::string("children?") + option + "=1", analyst).status, 400u) << option;
    EXPECT_EQ(get("children?$top=1&x-custom=1", analyst).status, 200u);
    for (const char* path : {"/files/latest/children/data.csv", "/files/latest/datapackage.json",
                             "/api/v1/datasets", "/api/v1/datasets/children"})
        for (const char* option : {"$top", "top", "$filter", "%24select", "$nothing"})
            EXPECT_EQ(server->get(std::string(path) + "?" + option + "=1", analyst).status, 400u)
                << path << option;
}

TEST_F(OData, EveryWayOfGivingTheKeyWorks) {
    const std::string key = folder.key({Role::viewer});
    const auto base64 = [](const std::string& text) {
        static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        std::string out;
        for (std::size_t i = 0; i < text.size(); i += 3) {
            unsigned n = 0;
            for (std::size_t j = 0; j < 3; ++j)
                n = n << 8 | (i + j < text.size() ? static_cast<unsigned char>(text[i + j]) : 0u);
            for (std::size_t j = 0; j < 4; ++j)
                out += i + j <= text.size() ? digits[(n >> (18 - 6 * j)) & 63] : '=';
        }
        return out;
    };
    EXPECT_EQ(get("", {{"Authorization", "Bearer " + key}}).status, 200u);
    EXPECT_EQ(get("", {{"authorization", "bearer " + key}}).status, 200u);
    EXPECT_EQ(get("", {{"X-Api-Key", key}}).status, 200u);
    EXPECT_EQ(get("", {{"Authorization", "Basic " + base64("user:" + key)}}).status, 200u);
    EXPECT_EQ(get("", {{"Authorization", "Basic " + base64(":" + key)}}).status, 200u);
    EXPECT_EQ(get("?apikey=" + key, {}).status, 200u);
    EXPECT_EQ(get("?apikey=" + key + "x", {}).status, 401u);
}

TEST_F(OData, AKeyInTheAddressIsInNoLinkOfTheReply) {
    const std::string key = folder.key({Role::analyst});
    const Answer answer = get("children?$select=row_key&apikey=" + key, {});
    ASSERT_EQ(answer.status, 200u);
    EXPECT_NE(answer.body.find("@odata.nextLink"), std::string::npos);
    EXPECT_EQ(answer.body.find("shk_"), std::string::npos);
    EXPECT_EQ(answer.body.find("apikey"), std::string::npos);
    EXPECT_EQ(get("children?$filter=nope&apikey=" + key, {}).body.find("shk_"), std::string::npos);
}

TEST_F(OData, DocumentsShowOnlyWhatTheCallerMayRead) {
    const std::string for_viewer = get("", viewer).body, for_analyst = get("", analyst).body,
                      for_caseworker = get("", caseworker).body;
    EXPECT_EQ(
        for_viewer,
        R"({"@odata.context":"https://hub.example.gov.uk/send/odata/v4/$metadata","value":[{"name":"summary","kind":"EntitySet","url":"summary","title":"Title of summary"}]})");
    EXPECT_NE(for_analyst.find("children"), std::string::npos);
    EXPECT_EQ(for_analyst.find("secrets"), std::string::npos);
    EXPECT_NE(for_caseworker.find("secrets"), std::string::npos);
    EXPECT_EQ(get("$metadata", viewer).body.find("children"), std::string::npos);
    EXPECT_NE(get("$metadata", caseworker).body.find("EntitySet Name=\"secrets\""), std::string::npos);
    EXPECT_EQ(get("", operator_).body.find("summary"), std::string::npos);
    const Headers one = {{"X-Api-Key", folder.key({Role::analyst}, std::vector<std::string>{"summary"})}};
    EXPECT_EQ(get("", one).body, for_viewer);
}

TEST_F(OData, ASetThatMayNotBeReadAnswersAsIfUnknown) {
    for (const char* tail :
         {"", "('p1')", "('p1')/forename", "('p1')/forename/$value", "/$count", "?$top=0", "('", "(5)"}) {
        const Answer hidden = get(std::string("secrets") + tail, analyst),
                     unknown = get(std::string("nothing") + tail, analyst);
        EXPECT_EQ(hidden.status, 404u) << tail;
        EXPECT_EQ(unknown.status, 404u) << tail;
        EXPECT_EQ(hidden.body.size(), unknown.body.size()) << tail;
    }
}

TEST_F(OData, MetadataDescribesTypesAndIsWellFormed) {
    const Answer answer = get("$metadata", analyst);
    EXPECT_EQ(answer.status, 200u);
    EXPECT_EQ(answer.header("content-type"), "application/xml;charset=utf-8");
    for (const char* part :
         {"<Property Name=\"row_key\" Type=\"Edm.String\" Nullable=\"false\"",
          "Name=\"born\" Type=\"Edm.Date\" Nullable=\"true\"",
          "Name=\"seen_at\" Type=\"Edm.DateTimeOffset\" Nullable=\"true\" Precision=\"3\"",
          "Name=\"attendance_percent\" Type=\"Edm.Decimal\" Nullable=\"true\" Precision=\"9\" Scale=\"4\"",
          "Name=\"visits\" Type=\"Edm.Int64\"", "Name=\"year_group\" Type=\"Edm.Int32\"",
          "Name=\"sen\" Type=\"Edm.Boolean\"", "String=\"&lt;surname &amp; co&gt;\""})
        EXPECT_NE(answer.body.find(part), std::string::npos) << part;
    EXPECT_EQ(answer.body.find("row_number"), std::string::npos);
    EXPECT_EQ(get("$metadata", with(analyst, "Accept", kPowerQueryAccept)).header("content-type"),
              "application/xml;charset=utf-8");
    const Answer json = get("$metadata?$format=json", analyst);
    EXPECT_EQ(json.header("content-type"), "application/json;charset=utf-8");
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    ASSERT_EQ(parser.parse(json.body).get(root), simdjson::SUCCESS);
    std::string_view type;
    EXPECT_EQ(root["sendhub"]["children"]["born"]["$Type"].get(type), simdjson::SUCCESS);
    EXPECT_EQ(type, "Edm.Date");
}

TEST_F(OData, PowerQueryGetsJsonAndOneVersionHeaderEverywhere) {
    Headers headers = with(with(with(with(analyst, "Accept", kPowerQueryAccept), "OData-MaxVersion", "4.0"),
                                "MaxDataServiceVersion", "3.0"),
                           "Accept-Encoding", "gzip, deflate");
    for (const char* path : {"", "children", "summary", "children?$top=1000&$select=row_key,surname",
                             "children('k000001')", "nothing", "children?$filter=x"}) {
        const Answer answer = get(path, headers);
        EXPECT_EQ(answer.count("odata-version"), 1) << path;
        EXPECT_EQ(answer.header("odata-version"), "4.0");
        EXPECT_TRUE(answer.header("content-type").starts_with("application/json;odata.metadata=minimal"))
            << path << " " << answer.header("content-type");
        EXPECT_TRUE(answer.whole);
    }
    const Answer packed = get("children", headers);
    EXPECT_EQ(packed.header("content-encoding"), "gzip");
    EXPECT_EQ(testing::unpack_gzip(packed.body), get("children", analyst).body);
    EXPECT_NE(packed.header("vary").find("Accept-Encoding"), std::string::npos);
    EXPECT_EQ(packed.header("cache-control"), "private");
    EXPECT_EQ(get("children", with(analyst, "Accept-Encoding", "gzip;q=0")).header("content-encoding"), "");
}

TEST_F(OData, OtherTypesAreNotAcceptable) {
    EXPECT_EQ(get("children", with(analyst, "Accept", "application/atom+xml")).status, 406u);
    EXPECT_EQ(get("children?$format=atom", analyst).status, 406u);
    EXPECT_EQ(get("children?$format=json", with(analyst, "Accept", "application/atom+xml")).status, 200u);
    EXPECT_EQ(
        get("children?$top=1", with(analyst, "Accept", "text/html,application/xml;q=0.9,*/*;q=0.8")).status,
        200u);
    EXPECT_EQ(get("children", with(analyst, "OData-MaxVersion", "3.0")).status, 400u);
}

TEST_F(OData, MetadataLevelsAndCompatibleNumbers) {
    const std::string none = get("children?$top=1&$select=row_key,visits&$count=true",
                                 with(analyst, "Accept", "application/json;odata.metadata=none"))
                                 .body;
    EXPECT_EQ(none, R"({"@odata.count":500,"value":[{"row_key":"k000000","visits":-5000000}]})");
    const Answer full = get("children?$top=1&$select=row_key,visits",
                            with(analyst, "Accept", "application/json;metadata=full;IEEE754Compatible=true"));
    EXPECT_EQ(full.header("content-type"),
              "application/json;odata.metadata=full;IEEE754Compatible=true;charset=utf-8");
    EXPECT_EQ(
        full.body,
        R"j({"@odata.context":"https://hub.example.gov.uk/send/odata/v4/$metadata#children(row_key,visits)","value":[{"@odata.type":"#sendhub.children","@odata.id":"children('k000000')","row_key":"k000000","visits@odata.type":"#Int64","visits":"-5000000"}]})j");
}

TEST_F(OData, ARowIsExact) {
    EXPECT_EQ(
        get("children('k000006')", analyst).body,
        R"({"@odata.context":"https://hub.example.gov.uk/send/odata/v4/$metadata#children/$entity","row_key":"k000006","surname":"Namea6","school":"100006","born":"2010-01-07","seen_at":"2026-01-01T00:06:06.000Z","visits":1000018,"year_group":6,"attendance_percent":0.0600,"sen":false,"as_at":"2026-01-20T01:30:00.000Z","updated_at":"2026-01-20T01:30:00.000Z","source_run_id":"run-1"})");
    EXPECT_EQ(
        get("children(row_key='k000005')?$select=surname,school", analyst).body,
        R"({"@odata.context":"https://hub.example.gov.uk/send/odata/v4/$metadata#children(surname,school)/$entity","surname":"O'Neil \"x\" \\ 5","school":null})");
    EXPECT_EQ(get("children('k999999')", analyst).status, 404u);
    EXPECT_EQ(get("children(5)", analyst).status, 400u);
    EXPECT_EQ(get("children('k000001')?$top=1", analyst).status, 400u);
    EXPECT_EQ(get("children('k000001')/nothing", analyst).status, 404u);
    EXPECT_EQ(get("children('k000001')/surname/$value/x", analyst).status, 404u);
}

TEST_F(OData, PropertiesAndRawValues) {
    EXPECT_EQ(
        get("children('k000006')/visits", analyst).body,
        R"({"@odata.context":"https://hub.example.gov.uk/send/odata/v4/$metadata#children('k000006')/visits","value":1000018})");
    const Answer raw = get("children('k000006')/born/$value", analyst);
    EXPECT_EQ(raw.body, "2010-01-07");
    EXPECT_EQ(raw.header("content-type"), "text/plain;charset=utf-8");
    EXPECT_EQ(get("children('k000003')/surname", analyst).status, 204u);
    EXPECT_EQ(get("children('k000003')/surname/$value", analyst).status, 204u);
}

TEST_F(OData, PagingGivesEveryRowOnce) {
    const Walked walked = walk("children?$select=row_key,surname&$count=true", analyst);
    EXPECT_EQ(walked.last_error, "");
    EXPECT_EQ(walked.pages, 5);
    ASSERT_EQ(walked.keys.size(), 500u);
    EXPECT_TRUE(std::is_sorted(walked.keys.begin(), walked.keys.end()));
    EXPECT_EQ(std::set(walked.keys.begin(), walked.keys.end()).size(), 500u);
    EXPECT_EQ(walked.counts, std::vector<std::int64_t>(5, 500));
}

TEST_F(OData, PagingKeepsItsVersionWhileANewOneIsPublished) {
    const Walked walked = walk("children?$select=row_key,surname", analyst, [&](int page) {
        if (page != 2) return;
        folder.publish(kSecond, {children(900, "z"), summary()});
        for (int i = 0; i < 200; ++i) {
            if (get("children/$count", analyst).body == "900") return;
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        ADD_FAILURE() << "the new version was never served";
    });
    EXPECT_EQ(walked.last_error, "");
    EXPECT_EQ(std::set(walked.keys.begin(), walked.keys.end()).size(), 500u);
    for (const auto& surname : walked.surnames) EXPECT_FALSE(surname.starts_with("Namez"));
    EXPECT_EQ(walk("children?$select=row_key,surname", analyst).keys.size(), 900u);
    EXPECT_EQ(get("secrets", caseworker).status, 404u) << "the new version has no such set";
}

TEST_F(OData, ALinkIntoAVersionThatIsGoneAnswers410) {
    const Walked walked = walk("children?$select=row_key", analyst, [&](int page) {
        if (page != 1) return;
        folder.publish(kSecond, {children(10)});
        folder.remove_version(kFirst);
        for (int i = 0; i < 200 && get("children/$count", analyst).body != "10"; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
    });
    EXPECT_TRUE(walked.last_error.starts_with("410 {\"error\":{\"code\":\"VersionGone\""))
        << walked.last_error;
}

TEST_F(OData, SortedPagingGivesEveryRowOnceInOrder) {
    const struct {
        const char* order;
        bool nulls_first;
    } table[] = {{"surname", true},
                 {"surname%20desc", false},
                 {"sen%20desc,surname", false},
                 {"length(surname),visits%20desc", true},
                 {"born,sen,year_group%20desc", true}};
    for (const auto& row : table) {
        const Walked walked = walk(std::string("children?$count=true&$orderby=") + row.order, analyst);
        EXPECT_EQ(walked.last_error, "");
        EXPECT_EQ(walked.pages, 5);
        EXPECT_EQ(std::set(walked.keys.begin(), walked.keys.end()).size(), 500u) << row.order;
        // The same as one unpaged read.
        start(5000);
        const Walked whole = walk(std::string("children?$orderby=") + row.order, analyst);
        EXPECT_EQ(whole.pages, 1);
        EXPECT_EQ(walked.keys, whole.keys) << row.order;
        start(100);
    }
    const Walked ascending = walk("children?$orderby=surname", analyst),
                 descending = walk("children?$orderby=surname%20desc", analyst);
    EXPECT_EQ(ascending.surnames.front(), "<null>");
    EXPECT_EQ(descending.surnames.back(), "<null>");
    EXPECT_TRUE(
        std::is_sorted(std::upper_bound(ascending.surnames.begin(), ascending.surnames.end(), "<null>"),
                       ascending.surnames.end()));
}

TEST_F(OData, TopAndSkipCountOverAllPages) {
    EXPECT_EQ(walk("children?$top=250", analyst).keys.size(), 250u);
    EXPECT_EQ(walk("children?$top=250", analyst).pages, 3);
    EXPECT_EQ(walk("children?$top=200", analyst).pages, 2);
    const Walked skipped = walk("children?$skip=120&$top=250&$count=true", analyst);
    EXPECT_EQ(skipped.keys.size(), 250u);
    EXPECT_EQ(skipped.keys.front(), "k000120");
    EXPECT_EQ(skipped.keys.back(), "k000369");
    EXPECT_EQ(skipped.counts.front(), 500);
    EXPECT_EQ(walk("children?$skip=450", analyst).keys.size(), 50u);
    EXPECT_EQ(walk("children?$skip=9000000000000000000", analyst).keys.size(), 0u);
    EXPECT_EQ(walk("children?$skip=120&$orderby=row_key%20desc", analyst).keys.front(), "k000379");
    const Walked filtered = walk("children?$skip=120&$filter=year_group%20ge%200", analyst);
    EXPECT_EQ(filtered.keys.size(), 380u);
    EXPECT_EQ(filtered.keys.front(), "k000120");
    EXPECT_EQ(
        get("children?$top=0&$select=row_key", analyst).body,
        R"j({"@odata.context":"https://hub.example.gov.uk/send/odata/v4/$metadata#children(row_key)","value":[]})j");
}

TEST_F(OData, FilteredPagingAndCountsAgree) {
    const Walked walked = walk("children?$filter=sen%20eq%20true&$count=true", analyst);
    EXPECT_EQ(walked.keys.size(), 125u);
    EXPECT_EQ(walked.pages, 2);
    EXPECT_EQ(walked.counts, (std::vector<std::int64_t>{125, 125}));
    const Answer count = get("children/$count?$filter=sen%20eq%20true", analyst);
    EXPECT_EQ(count.body, "125");
    EXPECT_EQ(count.header("content-type"), "text/plain;charset=utf-8");
    EXPECT_EQ(get("children/$count", analyst).body, "500");
    EXPECT_EQ(get("children/$count?$filter=surname+eq+%40p&@p=%27Namea6%27", analyst).body,
              get("children/$count?$filter=surname%20eq%20'Namea6'", analyst).body);
    EXPECT_EQ(walk("children?$filter=surname%20eq%20%40p&@p='O''Neil%20%22x%22%20%5C%205'", analyst).keys,
              std::vector<std::string>{"k000005"});
}

TEST_F(OData, PreferredPageSizesAreHonouredUpToTheMaximum) {
    const Answer small = get("children", with(analyst, "Prefer", "odata.maxpagesize=7"));
    EXPECT_EQ(small.header("preference-applied"), "odata.maxpagesize=7");
    simdjson::dom::parser parser;
    EXPECT_EQ(parser.parse(small.body)["value"].get_array().size(), 7u);
    EXPECT_EQ(get("children", with(analyst, "Prefer", "return=minimal, maxpagesize=9999"))
                  .header("preference-applied"),
              "odata.maxpagesize=300");
    EXPECT_EQ(get("children", with(analyst, "Prefer", "odata.maxpagesize=x")).header("preference-applied"),
              "");
}

TEST_F(OData, BadOptionsSaySoWithAStatus) {
    const struct {
        const char* query;
        unsigned status;
        const char* code;
    } table[] = {{"$select=nothing", 400, "UnknownProperty"},
                 {"$select=row_number", 400, "UnknownProperty"},
                 {"$top=-1", 400, "BadOption"},
                 {"$top=x", 400, "BadOption"},
                 {"$skip=1.5", 400, "BadOption"},
                 {"$count=yes", 400, "BadOption"},
                 {"$top=1&$top=2", 400, "BadOption"},
                 {"$nothing=1", 400, "BadOption"},
                 {"$filter=surname%20eq", 400, "BadSyntax"},
                 {"$filter=nothing%20eq%201", 400, "UnknownProperty"},
                 {"$orderby=nothing", 400, "UnknownProperty"},
                 {"$expand=x", 501, "NotImplemented"},
                 {"$search=x", 501, "NotImplemented"},
                 {"$apply=x", 501, "NotImplemented"},
                 {"$filter=soundslike(surname,'x')", 501, "NotImplemented"},
                 {"$skiptoken=abc", 400, "BadSkipToken"},
                 {"$skiptoken=", 400, "BadSkipToken"}};
    for (const auto& row : table) {
        const Answer answer = get(std::string("children?") + row.query, analyst);
        EXPECT_EQ(answer.status, row.status) << row.query;
        EXPECT_NE(answer.body.find(std::string("\"code\":\"") + row.code), std::string::npos)
            << row.query << answer.body;
        EXPECT_EQ(answer.count("odata-version"), 1);
        EXPECT_NE(answer.body.find(answer.header("x-request-id")), std::string::npos);
    }
    EXPECT_NE(get("children?$filter=surname%20eq%20", analyst).body.find("at character 12"),
              std::string::npos);
    EXPECT_EQ(get("children?custom=1&$top=1", analyst).status, 200u);
    EXPECT_EQ(get("children?%24top=1", analyst).status, 200u);
    EXPECT_EQ(get("children?$filter=%zz", analyst).status, 400u);
    EXPECT_EQ(get("children?$filter=%00", analyst).status, 400u);
}

TEST_F(OData, ASkipTokenCannotBeMovedOrChanged) {
    const std::string body = get("children?$filter=year_group%20ge%200&$select=row_key", analyst).body;
    const std::size_t at = body.find("$skiptoken=");
    ASSERT_NE(at, std::string::npos);
    const std::string token = body.substr(at + 11, body.find('"', at) - at - 11);
    const std::string good = "children?$filter=year_group%20ge%200&$select=row_key&$skiptoken=";
    EXPECT_EQ(get(good + token, analyst).status, 200u);
    EXPECT_EQ(get("children?$filter=year_group%20ge%201&$skiptoken=" + token, analyst).status, 400u);
    EXPECT_EQ(get("children?$skiptoken=" + token, analyst).status, 400u);
    EXPECT_EQ(get("summary?$skiptoken=" + token, analyst).status, 400u);
    for (std::size_t i = 0; i + 1 < token.size(); ++i) {
        std::string changed = token;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        EXPECT_EQ(get(good + changed, analyst).status, 400u) << i;
    }
    start(100);  // another server over the same folder goes on with it
    EXPECT_EQ(get(good + token, analyst).status, 200u);
}

TEST_F(OData, WritesAndBatchesAreRefused) {
    for (const char* method : {"POST", "PUT", "PATCH", "DELETE"}) {
        const Answer answer = get("children", with(analyst, "Content-Length", "0"), method);
        EXPECT_EQ(answer.status, 405u) << method;
        EXPECT_EQ(answer.header("allow"), "GET, HEAD");
        EXPECT_EQ(answer.count("odata-version"), 1);
    }
    EXPECT_EQ(get("$batch", with(analyst, "Content-Length", "0"), "POST").status, 501u);
}

TEST_F(OData, HeadHasTheHeadersAndNoBody) {
    for (const char* path : {"", "$metadata", "children", "children('k000001')", "children/$count"}) {
        const Answer answer = get(path, analyst, "HEAD");
        EXPECT_EQ(answer.status, 200u) << path;
        EXPECT_EQ(answer.header("content-type"), get(path, analyst).header("content-type")) << path;
        EXPECT_EQ(answer.header("etag"), get(path, analyst).header("etag")) << path;
    }
    EXPECT_EQ(get("children('k999999')", analyst, "HEAD").status, 404u);
}

TEST_F(OData, AnUnchangedVersionAnswers304) {
    const Answer answer = get("children", analyst);
    const std::string tag = answer.header("etag");
    EXPECT_EQ(tag, std::string("W/\"") + kFirst + "\"");
    const Answer again = get("children", with(analyst, "If-None-Match", "\"x\", " + tag));
    EXPECT_EQ(again.status, 304u);
    EXPECT_EQ(again.count("odata-version"), 1);
    EXPECT_EQ(again.header("etag"), tag);
    EXPECT_EQ(get("children", with(analyst, "If-None-Match", "W/\"other\"")).status, 200u);
}

TEST_F(OData, EveryReadOfARestrictedSetIsAuditedWithoutValues) {
    (void)get("summary", caseworker);
    EXPECT_EQ(folder.read("audit.log"), "");
    const Answer page = get("secrets?$filter=forename%20ne%20'Plantedvalue'&$select=row_key", caseworker);
    EXPECT_EQ(page.status, 200u);
    EXPECT_EQ(get("secrets('p1')", caseworker).status, 200u);
    EXPECT_EQ(get("secrets('p99')", caseworker).status, 404u);
    EXPECT_EQ(get("secrets/$count", caseworker).body, "5");
    const auto lines = [&] {
        const std::string text = folder.read("audit.log");
        return std::count(text.begin(), text.end(), '\n');
    };
    for (int i = 0; i < 200 && lines() < 8; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    const std::string log = folder.read("audit.log");
    EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 8);
    EXPECT_EQ(log.find("Planted"), std::string::npos);
    EXPECT_NE(log.find(R"("query":"$select=row_key&$filter=forename ne ?","result":"begun","request_id":")" +
                       page.header("x-request-id")),
              std::string::npos)
        << log;
    EXPECT_NE(log.find(R"("rows":5,"query":"$select=row_key&$filter=forename ne ?","result":"ok")"),
              std::string::npos)
        << log;
    EXPECT_NE(
        log.find(R"("action":"read.entity","dataset":"secrets","version":"20260120T013000Z","rows":null,)"
                 R"("query":"row_key eq 'p1'","result":"begun")"),
        std::string::npos)
        << "which record: " << log;
    EXPECT_NE(log.find(R"("query":"row_key eq ?","result":"ok")"), std::string::npos) << "asked for in vain";
    EXPECT_EQ(log.find("p99"), std::string::npos);
    EXPECT_TRUE(govern::verify_audit(folder.path / "audit.log")->ok());
}

TEST_F(OData, APageOfOneRecordSaysWhich) {
    EXPECT_EQ(get("secrets?$filter=row_key%20eq%20'p2'", caseworker).status, 200u);
    EXPECT_EQ(get("secrets?$filter=row_key%20eq%20'Plantedvalue'", caseworker).status, 200u);
    EXPECT_EQ(get("secrets?$top=2", caseworker).status, 200u);
    (void)server->drain();
    const std::string log = folder.read("audit.log");
    EXPECT_NE(log.find(R"("rows":1,"query":"$filter=row_key eq ?&row_key eq 'p2'","result":"ok")"),
              std::string::npos)
        << log;
    EXPECT_NE(log.find(R"("rows":0,"query":"$filter=row_key eq ?","result":"ok")"), std::string::npos) << log;
    EXPECT_NE(log.find(R"("rows":2,"query":"$top=?","result":"ok")"), std::string::npos) << log;
    EXPECT_EQ(log.find("Planted"), std::string::npos);
}

TEST_F(OData, WithoutAnAuditLogNothingRestrictedIsRead) {
    std::filesystem::create_directory(folder.path / "audit.log");  // cannot be appended to
    const Answer answer = get("secrets", caseworker);
    EXPECT_EQ(answer.status, 503u);
    EXPECT_EQ(answer.body.find("Planted"), std::string::npos);
    for (const char* one :
         {"secrets('p1')", "secrets('p1')/forename", "secrets('p1')/forename/$value", "secrets/$count"})
        EXPECT_EQ(get(one, caseworker).status, 503u) << one;
    EXPECT_EQ(server->get("/files/latest/secrets/data.csv", caseworker).status, 503u);
    EXPECT_EQ(get("children?$top=1", caseworker).status, 200u);
}

TEST_F(OData, ARevokedKeyEndsAtOnce) {
    const std::string key = folder.key({Role::analyst});
    testing::Client client(server->port());
    EXPECT_EQ(client.get("/odata/v4/children?$top=1", {{"X-Api-Key", key}})->status, 200u);
    ASSERT_TRUE(govern::revoke_token(folder.path / "tokens.json", key.substr(4, 10)).has_value());
    EXPECT_EQ(client.get("/odata/v4/children?$top=1", {{"X-Api-Key", key}})->status, 401u);
}

TEST_F(OData, NothingPublishedYetSaysSo) {
    StateFolder empty;
    const Headers key = {{"X-Api-Key", empty.key({Role::analyst})}};
    ServeSettings settings;
    settings.state = empty.path;
    settings.poll_interval = std::chrono::milliseconds(20);
    const RunningServer bare(settings);
    EXPECT_EQ(bare.get("/healthz/live").status, 200u);
    EXPECT_EQ(bare.get("/healthz/ready").status, 503u);
    EXPECT_EQ(bare.get("/odata/v4/", key).status, 503u);
    empty.publish(kFirst, {summary()});
    for (int i = 0; i < 200 && bare.get("/healthz/ready").status != 200; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_EQ(bare.get("/healthz/ready").status, 200u);
    EXPECT_EQ(bare.get("/odata/v4/summary", key).status, 200u);
}

}  // namespace
}  // namespace sendhub::serve
