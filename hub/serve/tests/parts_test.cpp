// The small parts: addresses, negotiation, tokens of pages, the spreadsheet's CSV, versions on disk.
#include <gtest/gtest.h>

#include <thread>

#include "hub/serve/csv_excel.hpp"
#include "hub/serve/odata/negotiate.hpp"
#include "hub/serve/odata/skip_token.hpp"
#include "hub/serve/publication.hpp"
#include "hub/serve/tests/published_folder.hpp"
#include "hub/serve/url.hpp"

namespace sendhub::serve {
namespace {

TEST(Url, IsSplitBeforeItIsDecoded) {
    const auto url = parse_url("/a%2Fb/c%27/?x=1%262&%24top=a+b&flag&&y=%C3%A9#part");
    ASSERT_TRUE(url.has_value());
    EXPECT_EQ(url->path, (std::vector<std::string>{"a/b", "c'", ""}));
    ASSERT_EQ(url->query.size(), 4u);
    EXPECT_EQ(*url->option("x"), "1&2");
    EXPECT_EQ(*url->option("$top"), "a b");
    EXPECT_EQ(*url->option("flag"), "");
    EXPECT_EQ(*url->option("y"), "é");
    EXPECT_EQ(url->option("z"), nullptr);
}

TEST(Url, BadOnesAreRefused) {
    for (const char* text :
         {"", "a", "http://x/", "/%", "/%4", "/%zz", "/%00", "/%ff", "/?x=%c3", "/%ed%a0%80", "*"})
        EXPECT_FALSE(parse_url(text).has_value()) << text;
}

TEST(Url, EncodingSurvivesDecoding) {
    std::string all;
    for (int c = 1; c < 128; ++c) all += static_cast<char>(c);
    all += "é€😀";
    EXPECT_EQ(percent_decode(percent_encode(all), true), all);
}

TEST(Negotiate, TheBestQualityWins) {
    using odata::negotiate_json;
    EXPECT_EQ(negotiate_json("", nullptr)->content_type(),
              "application/json;odata.metadata=minimal;charset=utf-8");
    EXPECT_EQ(negotiate_json(
                  "application/json;odata.metadata=full;q=0.5, application/json;odata.metadata=none", nullptr)
                  ->style.metadata,
              odata::Metadata::none);
    EXPECT_EQ(
        negotiate_json("application/json;odata=verbose,application/json;q=0.1", nullptr)->style.metadata,
        odata::Metadata::minimal);
    EXPECT_EQ(
        negotiate_json("application/json;odata.streaming=true;IEEE754Compatible=true", nullptr)
            ->content_type(),
        "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=true;charset=utf-8");
    EXPECT_FALSE(negotiate_json("application/atom+xml", nullptr).has_value());
    EXPECT_FALSE(negotiate_json("application/json;q=0", nullptr).has_value());
    EXPECT_FALSE(negotiate_json("application/json;odata=verbose", nullptr).has_value());
    EXPECT_EQ(odata::negotiate_metadata("application/json", nullptr), false);
    EXPECT_EQ(odata::negotiate_metadata("application/json,*/*;q=0.1", nullptr), true);
    EXPECT_EQ(odata::negotiate_metadata("image/png", nullptr), std::nullopt);
}

TEST(SkipToken, SaysWhatWasSignedAndOnlyForItsQuery) {
    const testing::StateFolder folder;
    const auto signer = odata::TokenSigner::open(folder.path / "serve.key"),
               same = odata::TokenSigner::open(folder.path / "serve.key");
    ASSERT_TRUE(signer.has_value() && same.has_value());
    const std::string text = signer->sign({"20260120T013000Z-2", 4999, 17, 120'000}, "query");
    const auto token = same->check(text, "query");
    ASSERT_TRUE(token.has_value());
    EXPECT_EQ(token->version, "20260120T013000Z-2");
    EXPECT_EQ(token->after_row, 4999);
    EXPECT_EQ(token->remaining, 17);
    EXPECT_EQ(token->count, 120'000);
    EXPECT_FALSE(signer->check(text, "other").has_value());
    EXPECT_FALSE(signer->check("", "query").has_value());
    EXPECT_FALSE(signer->check(std::string(10'000, 'A'), "query").has_value());
    const testing::StateFolder elsewhere;
    EXPECT_FALSE(odata::TokenSigner::open(elsewhere.path / "serve.key")->check(text, "query").has_value());
    folder.write("bad.key", "xyz");
    std::filesystem::permissions(folder.path / "bad.key",
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    EXPECT_EQ(odata::TokenSigner::open(folder.path / "bad.key").error().code, ErrorCode::settings);
}

TEST(ExcelCsv, NeutralisesTextsThatWouldRunAndNothingElse) {
    const std::string in =
        "row_key,name,amount\r\n1,=1+1,-5\r\n2,\"=HYPERLINK(\"\"x\"\")\",+5\r\n3,\"a\r\n=b\",1\r\n4,@x,\r\n5,"
        "\"\",2\r\n6,\"\tq\",3\r\n-7,\"x\"\"=y\",4\r\n8,\"\r=x\",4\r\n";
    const std::string expected =
        "\xEF\xBB\xBFrow_key,name,amount\r\n1,'=1+1,-5\r\n2,\"'=HYPERLINK(\"\"x\"\")\",+5\r\n3,\"a\r\n=b\","
        "1\r\n4,'@x,\r\n5,\"\",2\r\n6,\"'\tq\",3\r\n'-7,\"x\"\"=y\",4\r\n8,\"'\r=x\",4\r\n";
    for (std::size_t cut = 0; cut <= in.size(); ++cut) {
        ExcelCsv csv({true, true, false});
        std::string out;
        csv.add(std::string_view(in).substr(0, cut), out);
        csv.add(std::string_view(in).substr(cut), out);
        ASSERT_EQ(out, expected) << cut;
    }
}

TEST(Versions, OnlyVersionNamesAreLookedFor) {
    for (const char* name : {"20260120T013000Z", "20260120T013000Z-2", "20260120T013000Z-12"})
        EXPECT_TRUE(is_version_name(name)) << name;
    for (const char* name : {"", "current", "..", "20260120T013000Z-", "20260120T013000Z/..",
                             "20260120X013000Z", "20260120T013000Z-a", "20260120T013000", "2026012OT013000Z"})
        EXPECT_FALSE(is_version_name(name)) << name;
}

TEST(Publication, ABrokenVersionLeavesTheOneBeforeServed) {
    const testing::StateFolder folder;
    folder.publish("20260120T013000Z", {testing::summary()});
    auto publication = Publication::open(folder.path / "published", "256MB");
    ASSERT_TRUE(publication.has_value());
    folder.publish("20260121T013000Z", {testing::summary()});
    folder.write("published/20260121T013000Z/datapackage.json",
                 R"({"resources":[{"sendhub":{"dataset":"summary"}}]})");
    EXPECT_FALSE((*publication)->poll());
    EXPECT_EQ((*publication)->current()->name, "20260120T013000Z");
    folder.publish("20260122T013000Z", {testing::summary()});
    EXPECT_TRUE((*publication)->poll());
    EXPECT_EQ((*publication)->current()->name, "20260122T013000Z");
}

TEST(Publication, ADescriptionThatIsWrongIsASentence) {
    const testing::StateFolder folder;
    const auto read = [&](const std::string& hub) {
        folder.write("datapackage.json", R"({"resources":[{"sendhub":)" + hub + "}]}");
        return read_version(folder.path, "20260120T013000Z");
    };
    const std::string fields = R"("fields":[{"name":"row_key","type":"string","nullable":false}])";
    EXPECT_TRUE(read(R"({"dataset":"a","layer":"open","rows":1,)" + fields + "}").has_value());
    for (
        const std::string& hub :
        {R"({"layer":"open","rows":1,)" + fields + "}",
         R"({"dataset":"../a","layer":"open","rows":1,)" + fields + "}",
         R"({"dataset":"a","layer":"secret","rows":1,)" + fields + "}",
         R"({"dataset":"a","layer":"open",)" + fields + "}",
         R"({"dataset":"a","layer":"open","rows":1,"roles":["king"],)" + fields + "}",
         std::string(R"({"dataset":"a","layer":"open","rows":1,"fields":[{"name":"x","type":"string"}]})"),
         std::string(
             R"({"dataset":"a","layer":"open","rows":1,"fields":[{"name":"row_key","type":"string"},{"name":"d","type":"decimal"}]})"),
         std::string(
             R"({"dataset":"a","layer":"open","rows":1,"fields":[{"name":"row_key","type":"string"},{"name":"d\"x","type":"string"}]})")})
        EXPECT_EQ(read(hub).error().code, ErrorCode::input) << hub;
}

TEST(Publication, ATableTooLargeForTheEngineIsReadFromItsFile) {
    const testing::StateFolder folder;
    folder.publish("20260120T013000Z", {testing::children(60'000)});
    auto publication = Publication::open(folder.path / "published", "8MB");
    ASSERT_TRUE(publication.has_value());
    const auto version = (*publication)->current();
    auto reader = (*publication)->read(version, *version->dataset("children"));
    ASSERT_TRUE(reader.has_value()) << reader.error().sentence;
    EXPECT_NE(reader->from.find("read_parquet"), std::string::npos);
    EXPECT_EQ(*reader->connection.count("SELECT count(*) FROM " + reader->from +
                                        " WHERE row_number > 100 AND row_number <= 150"),
              50);
}

}  // namespace
}  // namespace sendhub::serve
