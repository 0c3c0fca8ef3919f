// `sendhub review` and `sendhub person` from the command line to the file of the store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include "base/files.hpp"
#include "hub/cli/people_session.hpp"
#include "hub/govern/tokens.hpp"
#include "hub/match/person_ids.hpp"
#include "hub/review/tests/small_store.hpp"
#include "hub/store/store.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sendhub::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

struct Output {
    int code = 0;
    std::string out, err;
};

struct People : ::testing::Test {
    TemporaryFolder folder;
    const std::filesystem::path state = folder.path / "state";
    const std::string ada = match::make_person_id("secret", 1), max = match::make_person_id("secret", 2),
                      twin = match::make_person_id("secret", 3);

    void SetUp() override {
        ::unsetenv("SENDHUB_KEY");
        std::ofstream(folder.path / "hub.toml")
            << "[hub]\nname = \"Test\"\nla_code = \"873\"\nstate = \"state\"\n";
        ASSERT_TRUE(make_folder(state));
        {
            const auto made = store::Store::open(state / "hub.duckdb");
            ASSERT_TRUE(made) << made.error().sentence;
        }
        review::testing::SmallStore store(state / "hub.duckdb");
        store.child(
            {"census", "c1", ada, "Ada", "Secretname", "2012-04-03", "A950000178301", "", "LS1 1AA", "100"});
        store.child({"cme", "m1", ada, "Adah", "Secretname", "2012-04-03", "A950000178301"});
        store.child(
            {"health", "h1", max, "Ada", "Secretnome", "2012-03-04", "", "9434765919", "LS1 1AA", "100"});
        store.child(
            {"yj", "y1", twin, "Eve", "Secretname", "2012-04-03", "H243278544154", "", "LS1 1AA", "100"});
        store.edge({"census", "c1"}, {"cme", "m1"}, 25.5);
        store.edge({"census", "c1"}, {"health", "h1"}, 18);
        store.open_case("CAAA", {"census", "c1"}, {"health", "h1"}, 18, 0.9, "", true);
        store.open_case("CV1", {"census", "c1"}, {"yj", "y1"}, 3, 0.6, "V1 two different valid UPNs");
    }
    Output run(std::vector<std::string> arguments, const std::string& input = "") {
        CLI::App app;
        int code = 0;
        const std::string config = (folder.path / "hub.toml").string();
        add_review_commands(app, config, code);
        add_person_command(app, config, code);
        std::istringstream in(input);
        std::streambuf* const before = std::cin.rdbuf(in.rdbuf());
        ::testing::internal::CaptureStdout();
        ::testing::internal::CaptureStderr();
        std::ranges::reverse(arguments);
        try {
            app.parse(arguments);
        } catch (const CLI::ParseError& e) {
            code = e.get_exit_code() == 0 ? 0 : 2;
        }
        std::cin.rdbuf(before);
        return {code, ::testing::internal::GetCapturedStdout(), ::testing::internal::GetCapturedStderr()};
    }
    std::string key(std::vector<govern::Role> roles) {
        const auto made =
            govern::create_token(state / "tokens.json",
                                 {.name = "test", .roles = std::move(roles), .datasets = {}, .expires = {}});
        EXPECT_TRUE(made);
        return made ? made->key : "";
    }
    std::string audit() { return read_file(state / "audit.log").value_or(""); }
};

TEST_F(People, TheQueueIsListedAndACaseShown) {
    const Output list = run({"review"});
    EXPECT_EQ(list.code, 0) << list.err;
    EXPECT_THAT(list.out, HasSubstr("2 cases wait for a person, 1 with a safeguarding flag"));
    EXPECT_LT(list.out.find("CAAA"), list.out.find("CV1")) << "the flag first";
    EXPECT_THAT(list.out, Not(HasSubstr("Secretname"))) << "a list names nobody";

    const Output shown = run({"review", "show", "CAAA"});
    EXPECT_EQ(shown.code, 0) << shown.err;
    EXPECT_THAT(shown.out, HasSubstr("Secretn[a]me"));
    EXPECT_THAT(shown.out, HasSubstr("Secretn[o]me"));
    EXPECT_THAT(shown.out, HasSubstr("-19.9   --------------------"));
    EXPECT_THAT(shown.out, HasSubstr("+9.9    ++++++++++   Khan is common: 1 in 110"));
    EXPECT_THAT(shown.out, HasSubstr("+18.0"));
    EXPECT_THAT(shown.out, Not(HasSubstr("do not add up")));
    EXPECT_THAT(shown.out, HasSubstr("All records on the side of " + ada));
    EXPECT_THAT(shown.out, HasSubstr("same property"));
    const Output blind = run({"review", "show", "CAAA", "--blind", "--by", "Jo"});
    EXPECT_THAT(blind.out, HasSubstr("the score is hidden"));
    EXPECT_THAT(blind.out, Not(HasSubstr("bits")));
    EXPECT_EQ(run({"review", "show", "CNONE"}).code, 1);
    simdjson::dom::parser parser;
    EXPECT_EQ(std::int64_t(parser.parse(run({"review", "--json"}).out)["cases"]), 2);
}

TEST_F(People, ACaseIsDecidedApprovedAndUndone) {
    EXPECT_EQ(run({"review", "decide", "CAAA", "same"}).code, 2) << "no reason";
    EXPECT_EQ(run({"review", "decide", "CAAA", "maybe", "--reason", "x"}).code, 2);
    const Output proposed =
        run({"review", "decide", "CV1", "same", "--reason", "new UPN issued", "--by", "Jo"});
    EXPECT_EQ(proposed.code, 3) << proposed.err;
    EXPECT_THAT(proposed.out, HasSubstr("somebody else"));
    EXPECT_THAT(run({"review", "pending"}).out, HasSubstr("new UPN issued"));
    const Output own = run({"review", "approve", "1", "--by", "JO"});
    EXPECT_EQ(own.code, 1);
    EXPECT_THAT(own.err, HasSubstr("nobody approves their own proposal"));
    EXPECT_EQ(run({"review", "approve", "1", "--by", "Sam"}).code, 0);
    EXPECT_EQ(run({"review", "decide", "CAAA", "twins", "--reason", "two children", "--by", "Jo"}).code, 0);
    EXPECT_EQ(run({"review"}).out, "no case waits for a person\n");
    EXPECT_EQ(run({"review", "undo", "2", "--reason", "wrong", "--by", "Sam"}).code, 0);
    EXPECT_THAT(run({"review"}).out, HasSubstr("1 case waits"));
    EXPECT_THAT(run({"review", "decisions"}).out, HasSubstr("undone because: wrong"));
    EXPECT_THAT(run({"review", "quality"}).out, HasSubstr("1 hold, 0 wait, 1 undone"));
    EXPECT_THAT(run({"review", "model", "list"}).out, HasSubstr("no model"));
    EXPECT_EQ(run({"review", "model", "approve", "m9"}).code, 1);
    EXPECT_EQ(run({"review", "second"}).code, 0);
}

TEST_F(People, APersonIsShownWithReasonOnRecord) {
    EXPECT_EQ(run({"person", ada}).code, 2) << "why?";
    const Output page = run({"person", ada, "--reason", "placement check", "--by", "Jo Bloggs"});
    EXPECT_EQ(page.code, 0) << page.err;
    EXPECT_THAT(page.out, HasSubstr("census:c1 and cme:m1: 25.5 bits   <- the weakest"));
    EXPECT_THAT(page.out, HasSubstr("same: UPN, surname, date of birth; different: forename"));
    EXPECT_THAT(page.out, HasSubstr("from cme"));
    EXPECT_THAT(page.out, HasSubstr(max)) << "the nearest other";
    EXPECT_THAT(page.out, HasSubstr("case CAAA waits for a person"));
    EXPECT_THAT(audit(), HasSubstr("\"actor\":\"cli:Jo Bloggs"));
    EXPECT_THAT(audit(), HasSubstr("\"reason\":\"placement check\""));
    EXPECT_THAT(audit(), Not(HasSubstr("Secret")));
    std::string mistyped = ada;
    mistyped[5] = mistyped[5] == '7' ? '8' : '7';
    EXPECT_EQ(run({"person", mistyped, "--reason", "x"}).code, 2);
    EXPECT_EQ(run({"person", match::make_person_id("secret", 99), "--reason", "x"}).code, 1);
    EXPECT_EQ(run({"person", "--reason", "x"}).code, 2);
}

TEST_F(People, SomebodyIsFoundAlsoByAQuestionOnStandardInput) {
    const Output typed =
        run({"person", "--find", "--upn", "A950000178301", "--reason", "call from a parent"});
    EXPECT_EQ(typed.code, 0) << typed.err;
    EXPECT_THAT(typed.out, HasSubstr(ada));
    const Output piped = run({"person", "--find", "-", "--reason", "call from a parent", "--json"},
                             R"({"surname":"secretname","forename":"Eve","born":"2012-04-03"})");
    EXPECT_EQ(piped.code, 0) << piped.err;
    EXPECT_THAT(piped.out, HasSubstr(twin));
    EXPECT_THAT(piped.out, Not(HasSubstr(ada)));
    EXPECT_EQ(run({"person", "--find", "-", "--reason", "x"}, "{\"name\":\"x\"}").code, 2);
    EXPECT_EQ(run({"person", "--find", "--reason", "x"}).code, 2) << "nothing to look for";
    EXPECT_EQ(run({"person", "--find", "--upn", "A950000178301"}).code, 2) << "why?";
    EXPECT_THAT(audit(), Not(HasSubstr("A950000178301")));
    EXPECT_THAT(audit(), HasSubstr("by surname, forename, birth date: " + twin));
}

TEST_F(People, SealedRecordsNeedAKeyWithTheRight) {
    EXPECT_EQ(run({"review", "decide", "CAAA", "seal", "--reason", "court order", "--by", "Jo"}).code, 1);
    ::setenv("SENDHUB_KEY", key({govern::Role::review, govern::Role::sealed}).c_str(), 1);
    EXPECT_EQ(run({"review", "decide", "CAAA", "seal", "--reason", "court order", "--by", "Jo"}).code, 2)
        << "the key says who it is";
    EXPECT_EQ(run({"review", "seal", max, "nobody", "--reason", "court order"}).code, 1);
    EXPECT_EQ(run({"review", "decide", "CAAA", "seal", "--reason", "court order"}).code, 3);
    EXPECT_EQ(run({"review", "approve", "1"}).code, 1) << "the same key";
    ::setenv("SENDHUB_KEY", key({govern::Role::person}).c_str(), 1);
    EXPECT_EQ(run({"review"}).code, 1) << "a key without the role";
    ::setenv("SENDHUB_KEY", key({govern::Role::review, govern::Role::sealed}).c_str(), 1);
    EXPECT_EQ(run({"review", "approve", "1"}).code, 0);
    EXPECT_EQ(run({"review", "extend", "1", "--reason", "refuge", "--until", "soon"}).code, 2);
    EXPECT_EQ(run({"review", "extend", "1", "--reason", "refuge", "--until", "2099-01-31"}).code, 0);
    EXPECT_THAT(run({"review", "decisions"}).out, HasSubstr("until: 2099-01-31"));
    EXPECT_EQ(run({"review", "tasks"}).out, "no task waits for you\n");
    review::testing::SmallStore(state / "hub.duckdb")
        .run("insert into sealed_task values (1, '" + max +
             "', 'census', 'health', 'name', false, '2026-01-03', 'r1')");
    EXPECT_THAT(run({"review", "tasks"}).out, HasSubstr("sealing 1"));
    EXPECT_THAT(run({"review", "tasks"}).out, HasSubstr("One side: " + max));
    ::unsetenv("SENDHUB_KEY");
    EXPECT_EQ(run({"review", "tasks"}).out, "no task waits for you\n");
    EXPECT_THAT(run({"review"}).out, Not(HasSubstr("CAAA")));
    const Output hidden = run({"person", max, "--reason", "x"});
    EXPECT_EQ(hidden.code, 1);
    EXPECT_EQ(hidden.err, run({"person", match::make_person_id("secret", 99), "--reason", "x"}).err);
    EXPECT_EQ(run({"person", "--find", "--upn", "A950000178301", "--reason", "x"}).out, "nobody was found\n");
    EXPECT_THAT(audit(), Not(HasSubstr("seal")));
}

TEST_F(People, WhileSomebodyElseHoldsTheStoreNothingIsShown) {
    const auto lock = FileLock::acquire(state / "hub.lock");
    ASSERT_TRUE(lock);
    const Status refused = store_door(state, 0)([](duck::Connection&) -> Status { return {}; });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::busy);
}

TEST_F(People, BeforeTheFirstNightThereIsNobody) {
    std::filesystem::remove(state / "hub.duckdb");
    const Output list = run({"review"});
    EXPECT_EQ(list.code, 1);
    EXPECT_THAT(list.err, HasSubstr("sendhub sync"));
    EXPECT_FALSE(std::filesystem::exists(state / "hub.duckdb"));
}

TEST(PeopleText, AValueThatFillsItsColumnIsParted) {
    review::PersonPage page;
    page.person = "P";
    page.values.push_back(
        {"a_name_that_is_longer_than_its_column", "a value that is longer than its column", "cme"});
    EXPECT_THAT(in_text(page), HasSubstr("its_column a value that is longer than its column from cme\n"));
}

}  // namespace
}  // namespace sendhub::cli
