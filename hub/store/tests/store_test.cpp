#include "hub/store/store.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "hub/store/migrate.hpp"
#include "hub/store/tests/staging.hpp"

using namespace sendhub;
using namespace sendhub::store;

namespace {

const schema::Field key{
    "source_key", schema::FieldType::string, 0, 0, true, true, 200, nullptr, "VARCHAR", ""};
const schema::Field level{"level", schema::FieldType::integer, 0, 0, true, false, 0, nullptr, "BIGINT", ""};
const schema::Field level_optional{
    "level", schema::FieldType::integer, 0, 0, false, false, 0, nullptr, "BIGINT", ""};
const schema::Field level_text{"level", schema::FieldType::string, 0, 0, true, false, 9, nullptr, "VARCHAR",
                               ""};
const schema::Field seen{"seen", schema::FieldType::datetime, 0, 0, true, false, 0, nullptr, "TIMESTAMPTZ",
                         ""};
const schema::Field share{"share", schema::FieldType::number, 5, 2, false, false, 0, nullptr, "DECIMAL(5,2)",
                          ""};

constexpr std::string_view ddl =
    "create table if not exists thing (feed VARCHAR, source_key VARCHAR NOT NULL, level BIGINT NOT NULL, "
    "batch_id VARCHAR);"
    "create table if not exists thing_history (feed VARCHAR, source_key VARCHAR NOT NULL, level BIGINT NOT "
    "NULL, batch_id VARCHAR, valid_to TIMESTAMPTZ);";

Status fit(duck::Connection& con, std::initializer_list<schema::Field> fields, std::string_view version) {
    const std::vector<schema::Field> list(fields);
    const schema::Record record{"thing", "Thing", list, false, ddl};
    return fit_record_tables(con, {&record, 1}, version, "/state/hub.duckdb");
}

struct Migrating : ::testing::Test {
    duck::Database database = *duck::Database::open("");
    duck::Connection con = *database.connect();
    void SetUp() override { ASSERT_TRUE(con.run("create table store_info (name VARCHAR, value VARCHAR)")); }
};

TEST(StoreOpens, with_every_table_of_the_contract_and_a_secret_that_stays) {
    TemporaryFolder folder;
    std::string secret;
    {
        auto store = Store::open(folder.path / "hub.duckdb", {.memory_limit = "256MB", .threads = 1});
        ASSERT_TRUE(store) << store.error().sentence;
        for (const char* table :
             {"batch", "batch_file", "batch_scope", "row_issue", "run", "person", "person_link",
              "person_event", "match_case", "enrolment", "enrolment_history"})
            EXPECT_TRUE(store->connection().run(std::string("select * from ") + table)) << table;
        secret = *store->secret("person_id");
        EXPECT_EQ(secret.size(), 64u);
        EXPECT_EQ(*store->take_numbers("things", 3), 1);
        EXPECT_EQ(*store->take_numbers("things"), 4);
        EXPECT_EQ(*store->take_numbers("others"), 1);
    }
    auto again = Store::open(folder.path / "hub.duckdb");
    ASSERT_TRUE(again) << again.error().sentence;
    EXPECT_EQ(*again->secret("person_id"), secret);
    EXPECT_EQ(*again->take_numbers("things"), 5);
    EXPECT_EQ(*again->connection().count("select count(*) from migration"),
              static_cast<std::int64_t>(migrations().size()));
    TemporaryFolder other;
    EXPECT_NE(*Store::open(other.path / "hub.duckdb")->secret("person_id"), secret);
}

TEST(StoreOpens, not_when_a_newer_sendhub_wrote_it) {
    TemporaryFolder folder;
    ASSERT_TRUE(Store::open(folder.path / "hub.duckdb")
                    ->connection()
                    .run("insert into migration values (9999, 'later', now(), 'x')"));
    const auto store = Store::open(folder.path / "hub.duckdb");
    ASSERT_FALSE(store);
    EXPECT_NE(store.error().sentence.find("written by a newer sendhub (it has migration 9999"),
              std::string::npos)
        << store.error().sentence;
}

TEST(StoreOpens, not_when_the_file_is_something_else) {
    TemporaryFolder folder;
    ASSERT_TRUE(write_file_atomically(folder.path / "hub.duckdb", std::string(8192, 'x')));
    EXPECT_FALSE(Store::open(folder.path / "hub.duckdb"));
}

TEST_F(Migrating, applies_each_once_and_in_order) {
    const Migration first[] = {{1, "one", "create table one (i INT); insert into one values (1)"}};
    ASSERT_TRUE(migrate(con, first, "here", 5));
    const Migration both[] = {first[0], {2, "two", "create table two as select i + 1 as i from one"}};
    ASSERT_TRUE(migrate(con, both, "here", 6));
    ASSERT_TRUE(migrate(con, both, "here", 7));
    EXPECT_EQ(*con.count("select i from two"), 2);
    EXPECT_EQ(*con.count("select count(*) from one"), 1);
    EXPECT_EQ(*con.count("select sum(epoch_us(applied_at)) from migration"), 11);
}

TEST_F(Migrating, refuses_a_migration_that_was_changed_after_it_was_applied) {
    const Migration before[] = {{1, "one", "create table one (i INT)"}};
    ASSERT_TRUE(migrate(con, before, "here", 5));
    const Migration after[] = {{1, "one", "create table one (i BIGINT)"},
                               {2, "two", "create table two (i INT)"}};
    const auto refused = migrate(con, after, "here", 6);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().sentence.find("migration 1 (one) that differs"), std::string::npos);
    EXPECT_FALSE(con.run("select * from two")) << "nothing later was applied";
}

TEST_F(Migrating, a_migration_that_fails_leaves_nothing_of_itself) {
    const Migration broken[] = {{1, "one", "create table one (i INT)"},
                                {2, "two", "create table two (i INT); insert into nowhere values (1)"}};
    const auto refused = migrate(con, broken, "here", 5);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().sentence.find("migration 2 (two)"), std::string::npos);
    EXPECT_FALSE(con.run("select * from two"));
    EXPECT_EQ(*con.count("select count(*) from migration"), 1);
    EXPECT_TRUE(con.run("select * from one"));
}

TEST_F(Migrating, a_gained_field_becomes_a_column_that_is_null_in_the_rows_that_stand) {
    ASSERT_TRUE(fit(con, {key, level}, "v1"));
    ASSERT_TRUE(
        con.run("insert into thing values ('f', 'k', 1, 'b'); insert into thing_history values ('f', 'k', 0, "
                "'a', now())"));
    const auto done = fit(con, {key, level, seen, share}, "v2");
    ASSERT_TRUE(done) << done.error().sentence;
    EXPECT_EQ(*con.count("select count(*) from thing where seen is null and share is null and level = 1"), 1);
    EXPECT_EQ(
        *con.count("select count(*) from thing_history where seen is null and share is null and level = 0"),
        1);
    ASSERT_TRUE(fit(con, {key, level, seen, share}, "v3")) << "and fits again";
    EXPECT_EQ(*con.count("select count(*) from store_info where value = 'v3'"), 1);
    EXPECT_EQ(*con.count("select count(*) from store_info"), 1);
}

TEST_F(Migrating, a_field_that_is_no_longer_required_may_be_null) {
    ASSERT_TRUE(fit(con, {key, level}, "v1"));
    EXPECT_FALSE(con.run("insert into thing values ('f', 'k', null, 'b')"));
    ASSERT_TRUE(fit(con, {key, level_optional}, "v2"));
    EXPECT_TRUE(con.run("insert into thing values ('f', 'k', null, 'b')"));
}

TEST_F(Migrating, a_lost_or_retyped_field_refuses_and_changes_nothing) {
    ASSERT_TRUE(fit(con, {key, level}, "v1"));
    const auto lost = fit(con, {key, seen}, "v2");
    ASSERT_FALSE(lost);
    EXPECT_NE(
        lost.error().sentence.find(
            "/state/hub.duckdb holds thing.level, a field that the schema of this sendhub does not have"),
        std::string::npos)
        << lost.error().sentence;
    EXPECT_FALSE(con.run("select seen from thing"));
    const auto retyped = fit(con, {key, level_text}, "v2");
    ASSERT_FALSE(retyped);
    EXPECT_NE(
        retyped.error().sentence.find("thing.level as BIGINT but the schema of this sendhub says VARCHAR"),
        std::string::npos)
        << retyped.error().sentence;
    EXPECT_EQ(*con.count("select count(*) from store_info where value = 'v1'"), 1);
}

}  // namespace
