// The hub says what it did: counts, states, files left, exit codes; and a person can have a file read again
// or take a batch back. Through the real binary, with one list of made-up children.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/e2e/hub.hpp"

using namespace sendhub::e2e;
namespace fs = std::filesystem;

namespace {

class Account : public ::testing::Test {
  protected:
    const Hub hub{100, 3};

    void SetUp() override {
        fs::remove_all(hub.dir() / "feeds");
        settings("Surname");
    }
    void settings(const std::string& surname) const {
        write(hub.dir() / "hub.toml", R"([hub]
name = "Field County"
la_code = "873"
state = "state"
[feed.cme]
connector = "missing_education"
transport = "folder"
[feed.cme.fetch]
folder = "in"
settle_seconds = 0
[feed.cme.settings]
list = "cme"
[feed.cme.settings.columns]
child_ref = "Child Ref"
surname = ")" + surname + R"("
forename = "Forename"
birth_date = "DOB"
opened_date = "Opened"
reason = "Reason"
closed_date = "Closed"
[feed.cme.settings.values]
"reason._" = "other"
)");
        fs::create_directories(hub.dir() / "in");
    }
    static std::string row(int n, const std::string& birth = "06/04/2012") {
        static const char* names[] = {"Becker", "Cowley",   "Dunmore", "Eastham", "Fulford", "Garside",
                                      "Hadley", "Ibbotson", "Jessop",  "Kershaw", "Lomax",   "Marsden"};
        return "C" + std::to_string(n) + "," + names[n % 12] + ",Forename" +
               std::string(1, char('a' + n % 26)) + "," + birth + ",02/11/2025,Awaiting place,\n";
    }
    static constexpr const char* head = "Child Ref,Surname,Forename,DOB,Opened,Reason,Closed\n";
    static std::string list(int from, int to) {
        std::string text = head;
        for (int n = from; n < to; ++n) text += row(n);
        return text;
    }
    void put(const std::string& name, const std::string& text) const { write(hub.dir() / "in" / name, text); }
    std::string cases() const { return hub.ask("select count(*) from {cme_case} where is_open"); }
    static bool has(const std::string& text, const std::string& part) {
        return text.find(part) != std::string::npos;
    }
    std::string batch_of(const std::string& text) const {
        const auto at = text.rfind("cme-2");
        return at == std::string::npos ? "" : text.substr(at, text.find_first_of(" \"\n,", at) - at);
    }
    std::string newest_batch() const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(hub.state() / "staging"))
            names.push_back(entry.path().filename().string());
        return *std::max_element(names.begin(), names.end());
    }
};

TEST_F(Account, nothing_run_nothing_received_and_nothing_new_are_three_states) {
    EXPECT_EQ(hub.run({"status"}).code, 3);
    put("cme_20251201.csv", list(0, 12));
    const Output first = hub.sync();
    EXPECT_EQ(first.code, 0) << first.out << first.err;
    const Output second = hub.sync();
    EXPECT_EQ(second.code, 0) << second.out;
    EXPECT_TRUE(has(second.out, "nothing_new"));
    EXPECT_EQ(hub.run({"status"}).code, 0);
    fs::remove(hub.dir() / "in" / "cme_20251201.csv");
    const Output nothing = hub.sync();
    EXPECT_EQ(nothing.code, 3) << nothing.out << nothing.err;
    EXPECT_TRUE(has(nothing.out, "nothing_received")) << nothing.out;
    EXPECT_EQ(hub.run({"status"}).code, 3);
}

TEST_F(Account, what_is_closed_is_counted_in_every_place) {
    put("cme_20251201.csv", list(0, 12));
    ASSERT_EQ(hub.sync().code, 0);
    put("cme_20251208.csv", list(0, 11));
    const Output night = hub.sync();
    EXPECT_TRUE(has(night.out, ", 2 closed")) << "a case and a person record\n" << night.out;
    EXPECT_TRUE(has(hub.run({"status"}).out, ", 2 closed"));
    EXPECT_TRUE(has(hub.run({"runs"}).out, ", 2 closed"));
    EXPECT_TRUE(has(hub.run({"status", "--json"}).out, "\"closed\":2"));
    EXPECT_EQ(cases(), "11");
}

TEST_F(Account, why_nothing_was_closed_is_said) {
    put("cme_20251201.csv", list(0, 12));
    ASSERT_EQ(hub.sync().code, 0);
    put("cme_20251208.csv", list(0, 11) + ",,Z,,,,\n");
    const Output night = hub.sync();
    EXPECT_TRUE(has(night.out, "kept open, because a row of the file was rejected without a key"))
        << night.out;
    EXPECT_TRUE(has(hub.run({"status"}).out, "kept open"));
    EXPECT_EQ(cases(), "12");
}

TEST_F(Account, a_list_that_goes_back_is_a_new_statement_and_the_same_list_is_as_of_the_newer_day) {
    put("cme_20251201.csv", list(0, 12));
    ASSERT_EQ(hub.sync().code, 0);
    put("cme_20251208.csv", list(0, 13));
    ASSERT_EQ(hub.sync().code, 0);
    put("cme_20251215.csv", list(0, 12));
    EXPECT_EQ(hub.sync().code, 0);
    EXPECT_EQ(cases(), "12");
    put("cme_20251222.csv", list(0, 12));
    const Output same = hub.sync();
    EXPECT_EQ(same.code, 0) << same.out;
    EXPECT_TRUE(has(same.out, "0 accepted, 24 unchanged")) << same.out;
    EXPECT_TRUE(has(hub.run({"status"}).out, "2025-12-22"));
}

TEST_F(Account, a_refused_file_among_good_ones_is_a_state_of_its_own_that_stays) {
    put("cme_20251201.csv", list(0, 12));
    put("cme_20251202.csv", "Something,Else\n1,2\n");
    const Output night = hub.sync();
    EXPECT_EQ(night.code, 3) << night.out;
    EXPECT_TRUE(has(night.out, "partly_refused")) << night.out;
    EXPECT_TRUE(has(night.out, "sendhub replay cme --file 'cme_20251202.csv'")) << night.out;
    EXPECT_EQ(hub.run({"status"}).code, 3);
    EXPECT_EQ(hub.sync().code, 3) << "a night without news does not hide it";
    // The name of the file is for the operator alone.
    EXPECT_FALSE(has(read(hub.state() / "status.json"), "cme_20251202"));
    const std::string runs = hub.run({"runs"}).out;
    std::string id;
    for (std::size_t at = 0; (at = runs.find("feed-", at)) != std::string::npos; ++at)
        if (has(runs.substr(at, runs.find('\n', at) - at), "partly_refused"))
            id = runs.substr(at, runs.find(' ', at) - at);
    EXPECT_TRUE(has(hub.run({"runs", id}).out, "cme_20251202.csv")) << id;
}

TEST_F(Account, far_too_many_rejects_are_not_ok) {
    std::string text = list(0, 12);
    for (int n = 0; n < 5; ++n) text += ",,Z,,,,\n";
    put("cme_20251201.csv", text);
    const Output night = hub.sync();
    EXPECT_EQ(night.code, 3) << night.out;
    EXPECT_TRUE(has(night.out, "many_rejected")) << night.out;
    EXPECT_TRUE(has(night.out, "5 of 29 records of cme were rejected")) << night.out;
}

TEST_F(Account, a_refused_file_is_read_again_with_corrected_settings) {
    put("cme_20251124.csv", list(0, 1));
    ASSERT_EQ(hub.sync().code, 0);
    settings("Family Name");
    put("cme_20251201.csv", list(0, 12));
    const Output refused = hub.sync();
    EXPECT_EQ(refused.code, 1) << refused.out;
    EXPECT_TRUE(has(refused.out, "sendhub replay cme")) << refused.out;
    settings("Surname");
    EXPECT_EQ(hub.sync().code, 1) << "the same file stays refused until it is read again";
    const Output again = hub.run({"replay", "cme", "--file", "cme_20251201.csv"});
    EXPECT_EQ(again.code, 0) << again.out << again.err;
    EXPECT_EQ(cases(), "12");
    EXPECT_EQ(hub.run({"status"}).code, 0);
    EXPECT_EQ(hub.run({"replay", "cme", "--file", "no such file"}).code, 2);
    EXPECT_EQ(hub.run({"replay", "no such feed"}).code, 2);
    EXPECT_EQ(hub.run({"audit", "verify"}).code, 0);
}

TEST_F(Account, reading_every_file_again_ends_where_a_clean_hub_would) {
    put("cme_20251201.csv", list(0, 12));
    ASSERT_EQ(hub.sync().code, 0);
    put("cme_20251208.csv", list(1, 14));
    ASSERT_EQ(hub.sync().code, 0);
    put("cme_20251215.csv", list(1, 13));
    ASSERT_EQ(hub.sync().code, 0);
    const auto before = hub.content("cme_case");
    const Output again = hub.run({"replay", "cme"});
    EXPECT_EQ(again.code, 0) << again.out << again.err;
    EXPECT_TRUE(has(again.out, " 0 accepted, ")) << again.out;
    EXPECT_EQ(hub.content("cme_case"), before);
    // With another setting every record changes, and those that stay are the newest list's.
    hub.edit(hub.dir() / "hub.toml", "forename = \"Forename\"", "middle_names = \"Forename\"");
    const Output changed = hub.run({"replay", "cme"});
    EXPECT_NE(changed.code, 1) << changed.out << changed.err;
    EXPECT_EQ(hub.ask("select count(*) from {dim_person} where forename is not null"), "0");
    EXPECT_EQ(cases(), "12");
}

TEST_F(Account, a_wrong_date_is_taken_back_and_the_corrected_list_applies) {
    put("cme_20251201.csv", list(0, 12));
    ASSERT_EQ(hub.sync().code, 0);
    put("cme_20261130.csv", list(0, 13));  // the year is mistyped: 2025 was meant
    ASSERT_EQ(hub.sync().code, 0);
    const std::string wrong = newest_batch();
    put("cme_20251208.csv", list(0, 11));
    const Output older = hub.sync();
    EXPECT_EQ(older.code, 3) << older.out;
    EXPECT_TRUE(has(older.out, "superseded")) << older.out;
    EXPECT_TRUE(has(older.out, "sendhub batch undo")) << older.out;
    EXPECT_EQ(hub.run({"status"}).code, 3);
    EXPECT_EQ(cases(), "13");
    EXPECT_EQ(hub.run({"batch", "undo", wrong}).code, 2) << "a reason is needed";
    const Output undone = hub.run({"batch", "undo", wrong, "--reason", "mistyped year", "--by", "officer"});
    EXPECT_EQ(undone.code, 0) << undone.out << undone.err;
    EXPECT_EQ(cases(), "11") << "the corrected list was read again";
    EXPECT_EQ(hub.run({"status"}).code, 0) << hub.run({"status"}).out;
    const std::string audit = read(hub.state() / "audit.log");
    EXPECT_LT(audit.find("\"result\":\"begun\""), audit.find("\"result\":\"ok\""));
    EXPECT_TRUE(has(audit, "mistyped year"));
    EXPECT_EQ(hub.run({"batch", "undo", "no such batch", "--reason", "x"}).code, 2);
    EXPECT_EQ(hub.run({"batch", "approve", "no such batch"}).code, 2);
}

TEST_F(Account, an_approval_carries_through_to_publishing) {
    put("cme_20251201.csv", list(0, 40));
    ASSERT_EQ(hub.sync().code, 0);
    put("cme_20251208.csv", list(0, 5));
    ASSERT_EQ(hub.sync().code, 3);
    const Output approved = hub.run({"batch", "approve", newest_batch()});
    EXPECT_EQ(approved.code, 0) << approved.out << approved.err;
    EXPECT_EQ(cases(), "5");
}

TEST_F(Account, a_night_that_died_is_visible_at_once) {
    put("cme_20251201.csv", list(0, 12));
    ASSERT_EQ(hub.sync().code, 0);
    put("cme_20251208.csv", list(0, 12));
    const Output killed = hub.sync({{"SENDHUB_CRASH_AT", "night.before_match"}});
    ASSERT_GT(killed.code, 128) << killed.out << killed.err;
    const Output status = hub.run({"status"});
    EXPECT_EQ(status.code, 1) << status.out;
    EXPECT_TRUE(has(status.out, "died before it ended")) << status.out;
    EXPECT_TRUE(has(hub.run({"status", "--json"}).out, "died before it ended"));
    EXPECT_EQ(hub.sync().code, 0);
    EXPECT_EQ(hub.run({"status"}).code, 0) << hub.run({"status"}).out;
}

}  // namespace
