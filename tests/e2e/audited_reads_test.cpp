// What must be on record is on record before it is done; where the audit log cannot be written, it is not
// done.
#include <gtest/gtest.h>

#include "tests/e2e/http_client.hpp"
#include "tests/e2e/hub.hpp"

using namespace sendhub::e2e;
namespace fs = std::filesystem;

namespace {

// The largest census file without the later half of its pupils: the guard holds it.
void cut_a_census_in_half(const Hub& hub) {
    fs::path file;
    for (const auto& entry : fs::directory_iterator(hub.dir() / "feeds" / "school_census"))
        if (entry.path().extension() == ".xml" && (file.empty() || entry.file_size() > fs::file_size(file)))
            file = entry.path();
    const std::string text = read(file);
    std::vector<std::size_t> begins;
    for (std::size_t at = 0; (at = text.find("<PupilOnRoll>", at)) != std::string::npos; ++at)
        begins.push_back(at);
    const std::string end = "</PupilOnRoll>";
    ASSERT_GT(begins.size(), 20u);
    write(file, text.substr(0, begins[begins.size() / 2]) + text.substr(text.rfind(end) + end.size()));
}

std::string held_batch(const Hub& hub) {
    const std::string status = hub.run({"status"}).out;
    const auto at = status.find("sendhub batch approve ");
    if (at == std::string::npos) return "";
    const std::string rest = status.substr(at + 22);
    return rest.substr(0, rest.find_first_of(" \n"));
}

}  // namespace

TEST(Audit, an_act_that_cannot_be_put_on_record_does_not_happen) {
    const Hub hub;
    ASSERT_EQ(hub.sync().code, 0);
    const Output key = hub.run({"token", "create", "first", "--role", "caseworker"});
    ASSERT_EQ(key.code, 0) << key.err;
    cut_a_census_in_half(hub);
    ASSERT_EQ(hub.sync().code, 3);
    const std::string batch = held_batch(hub), version = hub.version();
    ASSERT_FALSE(batch.empty());
    const std::string person = hub.ask("select min(person_key) from {dim_person}");

    const fs::path log = hub.state() / "audit.log", aside = hub.state() / "audit.aside";
    fs::rename(log, aside);
    fs::create_directory(log);  // for root, too, nothing can be appended to it
    const std::string tokens = read(hub.state() / "tokens.json");
    const std::vector<std::vector<std::string>> acts = {
        {"token", "create", "second", "--role", "viewer"},
        {"token", "revoke", key.out.substr(4, 10)},
        {"batch", "approve", batch, "--by", "test officer"},
        {"person", person, "--reason", "a test of the audit log"},
        {"person", "--find", "--surname", "Smith", "--reason", "a test of the audit log"},
        {"review"}};
    for (const auto& act : acts) {
        const Output refused = hub.run(act);
        EXPECT_EQ(refused.code, 1) << act[0] << " " << refused.out << refused.err;
        EXPECT_NE(refused.err.find("audit log"), std::string::npos) << refused.err;
        EXPECT_EQ(refused.out, "") << act[0] << ": nothing is shown";
    }
    EXPECT_EQ(read(hub.state() / "tokens.json"), tokens);
    EXPECT_EQ(held_batch(hub), batch);
    EXPECT_EQ(hub.version(), version);
    {
        Daemon daemon(hub);
        const std::map<std::string, std::string> bearer = {
            {"Authorization", "Bearer " + key.out.substr(0, key.out.find('\n'))}};
        const std::string set = daemon.url() + "/odata/v4/dim_person";
        EXPECT_EQ(get(set, bearer).status, 503);
        EXPECT_EQ(get(set + "('" + person + "')", bearer).status, 503);
        EXPECT_EQ(get(daemon.url() + "/files/latest/dim_person/data.csv", bearer).status, 503);
        EXPECT_EQ(get(daemon.url() + "/odata/v4/cme_summary", bearer).status, 200);
    }

    fs::remove(log);
    fs::rename(aside, log);
    EXPECT_EQ(hub.run({"batch", "approve", batch, "--by", "test officer"}).code, 0);
    EXPECT_NE(hub.version(), version);
    const std::string entries = read(log);
    const auto begun =
        entries.find(R"("action":"batch.approve","dataset":"","version":"","rows":null,"query":")" + batch +
                     R"(","result":"begun")");
    const auto ended = entries.find(R"("query":")" + batch + R"(","result":"ok")");
    EXPECT_NE(begun, std::string::npos) << entries;
    EXPECT_NE(ended, std::string::npos) << entries;
    EXPECT_LT(begun, ended);
    EXPECT_EQ(hub.run({"audit", "verify"}).code, 0);
}

TEST(Audit, a_read_of_one_child_says_which_and_nothing_else_of_it) {
    const Hub hub;
    ASSERT_EQ(hub.sync().code, 0);
    const std::string person = hub.ask("select min(person_key) from {dim_person}"),
                      surname = hub.ask("select any_value(surname) from {dim_person} where person_key = '" +
                                        person + "'");
    const Output key = hub.run({"token", "create", "first", "--role", "caseworker"});
    {
        Daemon daemon(hub);
        const std::map<std::string, std::string> bearer = {
            {"Authorization", "Bearer " + key.out.substr(0, key.out.find('\n'))}};
        const std::string set = daemon.url() + "/odata/v4/dim_person";
        EXPECT_EQ(get(set + "('" + person + "')", bearer).status, 200);
        EXPECT_EQ(get(set + "?$filter=person_key%20eq%20'" + person + "'", bearer).status, 200);
        EXPECT_EQ(get(set + "('" + surname + "')", bearer).status, 404);
        EXPECT_EQ(daemon.stop(), 0);
    }
    EXPECT_EQ(hub.run({"person", person, "--reason", "a test of the audit log"}).code, 0);
    const std::string log = read(hub.state() / "audit.log");
    EXPECT_NE(log.find(R"("action":"read.entity")"), std::string::npos);
    EXPECT_NE(log.find(R"("query":"row_key eq ')" + person), std::string::npos);
    EXPECT_NE(log.find(R"("rows":1,"query":"$filter=person_key eq ?&row_key eq ')" + person),
              std::string::npos)
        << log;
    EXPECT_NE(log.find(R"("action":"person.read","dataset":"","version":"","rows":)"), std::string::npos);
    EXPECT_EQ(lower(log).find(lower(surname)), std::string::npos);
}

TEST(Audit, a_key_that_could_not_work_is_not_made) {
    const Hub hub(100);
    const auto refused = [&](std::vector<std::string> words) {
        words.insert(words.begin(), {"token", "create", "test"});
        const Output output = hub.run(words);
        EXPECT_EQ(output.code, 2) << output.out << output.err;
        EXPECT_EQ(output.out, "");
        return output.err;
    };
    EXPECT_NE(refused({"--role", "viewer", "--days", "9999999"}).find("at most 3650"), std::string::npos);
    EXPECT_NE(refused({"--role", "viewer", "--days", "3651"}).find("at most 3650"), std::string::npos);
    EXPECT_NE(refused({"--role", "king"}).find("no role king"), std::string::npos);
    EXPECT_NE(refused({"--role", "viewer", "--dataset", "dim_persn"}).find("dim_person"), std::string::npos);
    EXPECT_FALSE(fs::exists(hub.state() / "tokens.json"));
    EXPECT_EQ(hub.run({"token", "create", "test", "--role", "viewer", "--days", "3650"}).code, 0);
    EXPECT_EQ(hub.run({"token", "create", "test", "--role", "viewer", "--dataset", "cme_summary"}).code, 0);
    hub.edit(hub.state() / "tokens.json", R"("roles":["viewer"])", R"("roles":["king"])");
    const Output list = hub.run({"token", "list"});
    EXPECT_EQ(list.code, 3);
    EXPECT_NE(list.err.find("cannot be read"), std::string::npos) << list.err;
    EXPECT_NE(list.out.find("viewer"), std::string::npos) << "the other key is listed";
}
