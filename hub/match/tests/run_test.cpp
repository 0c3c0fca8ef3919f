#include "hub/match/run.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "hub/match/person_ids.hpp"
#include "schemas/registry.hpp"

using namespace sendhub;
using namespace sendhub::match;

namespace {

class Matching : public testing::Test {
  protected:
    void SetUp() override {
        auto db = duck::Database::open("");
        ASSERT_TRUE(db);
        auto c = db->connect();
        ASSERT_TRUE(c);
        con = std::make_unique<duck::Connection>(std::move(*c));
        for (const auto& record : schema::records()) {
            const auto status = con->run(record.ddl);
            ASSERT_TRUE(status) << record.name << ": " << status.error().sentence;
        }
        for (const char* migration : {"0001_bookkeeping.sql", "0002_people.sql"}) {
            std::ifstream file(std::string(SENDHUB_SOURCE_DIR "/hub/store/migrations/") + migration);
            std::stringstream sql;
            sql << file.rdbuf();
            const auto made = con->run(sql.str());
            ASSERT_TRUE(made) << migration << ": " << made.error().sentence;
        }
        ASSERT_TRUE(
            con->run("insert into hub_secret values ('person_id', '00112233445566778899aabbccddeeff')"));
    }
    void child(const char* feed, const char* ref, const char* forename, const char* surname, const char* born,
               const char* upn, const char* postcode) {
        auto status = con->run(
            "insert into person_record (feed, scope, source_key, person_ref, forename, surname, birth_date, "
            "batch_id, file_no, source_row, valid_from) "
            "values (?, 's', ?, ?, ?, ?, ?::date, 'b', 0, 0, '2026-01-01 00:00:00Z')",
            {std::string_view(feed), std::string_view(ref), std::string_view(ref), std::string_view(forename),
             std::string_view(surname), std::string_view(born)});
        ASSERT_TRUE(status) << status.error().sentence;
        if (*upn) {
            ASSERT_TRUE(
                con->run("insert into person_identifier (feed, scope, source_key, person_ref, id_type, "
                         "id_value, id_state, batch_id, file_no, source_row, valid_from) "
                         "values (?, 's', ?, ?, 'UPN', ?, 'valid', 'b', 0, 0, '2026-01-01 00:00:00Z')",
                         {std::string_view(feed), std::string_view(ref), std::string_view(ref),
                          std::string_view(upn)}));
        }
        if (*postcode) {
            ASSERT_TRUE(con->run(
                "insert into address (feed, scope, source_key, person_ref, postcode, batch_id, file_no, "
                "source_row, valid_from) values (?, 's', ?, ?, ?, 'b', 0, 0, '2026-01-01 00:00:00Z')",
                {std::string_view(feed), std::string_view(ref), std::string_view(ref),
                 std::string_view(postcode)}));
        }
    }
    std::string text(std::string_view sql) {
        auto rows = con->query(sql, {});
        EXPECT_TRUE(rows) << rows.error().sentence;
        if (!rows || !rows->next()) return "(no row)";
        return std::string(rows->text(0));
    }
    std::unique_ptr<duck::Connection> con;
    MatchSettings settings{{"census", "cme"}, {{"postcode", {"cme", "census"}}}};
};

}  // namespace

TEST_F(Matching, every_record_gets_one_person_and_the_best_row_names_its_sources) {
    child("census", "c1", "Alexandra", "Example", "2014-03-09", "X873400125001", "LS1 1AA");
    child("cme", "m1", "Alex", "Example", "2014-03-09", "X873400125001", "LS2 2BB");
    child("cme", "m2", "Noah", "Other", "2013-01-01", "", "");
    auto out = run_matching(*con, settings, "run1", 1'700'000'000'000'000);
    ASSERT_TRUE(out) << out.error().sentence;
    EXPECT_EQ(out->records, 3u);
    EXPECT_EQ(out->people, 2u);
    EXPECT_EQ(out->linked, 2u);
    EXPECT_EQ(con->count("select count(*) from person_link"), 3);
    EXPECT_EQ(text("select forename from person where surname = 'Example'"), "Alexandra");
    EXPECT_EQ(text("select postcode from person where surname = 'Example'"), "LS2 2BB")
        << "the order for postcode is its own";
    const std::string sources = text("select attribute_sources from person where surname = 'Example'");
    EXPECT_NE(sources.find("\"surname\":\"census\""), std::string::npos) << sources;
    EXPECT_NE(sources.find("\"postcode\":\"cme\""), std::string::npos) << sources;
    EXPECT_TRUE(is_person_id(text("select person_key from person where surname = 'Other'")));
}

TEST_F(Matching, a_second_run_over_the_same_records_changes_nothing) {
    child("census", "c1", "Alex", "Example", "2014-03-09", "X873400125001", "LS1 1AA");
    child("cme", "m1", "Alex", "Example", "2014-03-09", "", "LS1 1AA");
    ASSERT_TRUE(run_matching(*con, settings, "run1", 1'700'000'000'000'000));
    const std::string links = text(
        "select string_agg(feed || person_key || run_id || linked_at::varchar, ',' order by feed) from "
        "person_link");
    const std::string people = text("select string_agg(person_key || updated_at::varchar, ',') from person");
    auto again = run_matching(*con, settings, "run2", 1'800'000'000'000'000);
    ASSERT_TRUE(again);
    EXPECT_FALSE(again->changed);
    EXPECT_EQ(text("select string_agg(feed || person_key || run_id || linked_at::varchar, ',' order by feed) "
                   "from person_link"),
              links);
    EXPECT_EQ(text("select string_agg(person_key || updated_at::varchar, ',') from person"), people);
}

TEST_F(Matching, a_record_that_is_gone_leaves_its_person) {
    child("census", "c1", "Alex", "Example", "2014-03-09", "X873400125001", "LS1 1AA");
    child("cme", "m1", "Alex", "Example", "2014-03-09", "", "LS1 1AA");
    ASSERT_TRUE(run_matching(*con, settings, "run1", 1'700'000'000'000'000));
    const std::string before = text("select person_key from person");
    ASSERT_TRUE(con->run("delete from person_record where feed = 'cme'"));
    ASSERT_TRUE(run_matching(*con, settings, "run2", 1'800'000'000'000'000));
    EXPECT_EQ(con->count("select count(*) from person_link"), 1);
    EXPECT_EQ(text("select person_key from person"), before);
    EXPECT_EQ(con->count("select record_count from person"), 1);
}
