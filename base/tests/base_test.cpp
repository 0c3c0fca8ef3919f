#include <gtest/gtest.h>

#include <filesystem>

#include "base/duckdb.hpp"
#include "base/files.hpp"
#include "base/json_writer.hpp"
#include "base/time.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace sendhub;

TEST(Time, a_time_reads_back_as_it_was_written) {
    for (const Micros t : {Micros{0}, Micros{1'768'872'600'123'000}, Micros{-86'400'000'000}})
        EXPECT_EQ(parse_time(format_time(t)), t) << format_time(t);
    EXPECT_EQ(parse_time("2026-06-01T01:00:00+01:00"), parse_time("2026-06-01T00:00:00Z"));
    for (const char* wrong :
         {"", "2026-06-01", "2026-06-01T01:00:00", "2026-13-01T01:00:00Z", "2026-06-01T25:00:00Z"})
        EXPECT_FALSE(parse_time(wrong)) << wrong;
}

TEST(Time, impossible_days_are_no_dates) {
    EXPECT_EQ(parse_iso_date("1970-01-02"), 1);
    for (const char* wrong : {"2025-02-29", "2025-00-10", "2025-1-1", "20250101", "2025-01-0a"})
        EXPECT_FALSE(parse_iso_date(wrong)) << wrong;
}

TEST(Json, text_is_escaped_and_broken_utf8_is_replaced) {
    JsonWriter j;
    j.begin_object()
        .field("a", "x\"\\\n\x01")
        .key("b")
        .begin_array()
        .value(1)
        .value(true)
        .null()
        .end_array()
        .field("c", "\xff")
        .end_object();
    EXPECT_EQ(j.text(), "{\"a\":\"x\\\"\\\\\\n\\u0001\",\"b\":[1,true,null],\"c\":\"\xEF\xBF\xBD\"}");
}

TEST(Duck, values_go_in_as_parameters_and_come_back) {
    auto db = duck::Database::open("");
    ASSERT_TRUE(db);
    auto con = db->connect();
    ASSERT_TRUE(con);
    auto rows = con->query(
        "select ?::varchar, ?::bigint, ?::date, ?::boolean, ?::timestamptz, null, 1.25::decimal(9,4)",
        {std::string_view("'; drop table x"), std::int64_t{7}, duck::Date{20000}, true,
         duck::Timestamp{1'768'872'600'123'000}});
    ASSERT_TRUE(rows) << rows.error().sentence;
    ASSERT_TRUE(rows->next());
    EXPECT_EQ(rows->text(0), "'; drop table x");
    EXPECT_EQ(rows->integer(1), 7);
    EXPECT_EQ(rows->date(2).days, 20000);
    EXPECT_TRUE(rows->boolean(3));
    EXPECT_EQ(rows->timestamp(4).micros, 1'768'872'600'123'000);
    EXPECT_TRUE(rows->is_null(5));
    EXPECT_EQ(rows->decimal_unscaled(6), 12500);
    EXPECT_FALSE(rows->next());
}

TEST(Duck, a_transaction_that_is_not_committed_leaves_nothing) {
    auto db = duck::Database::open("");
    auto con = db->connect();
    ASSERT_TRUE(con->run("create table t(i int)"));
    {
        auto transaction = duck::Transaction::begin(*con);
        ASSERT_TRUE(transaction);
        ASSERT_TRUE(con->run("insert into t values (1)"));
    }
    EXPECT_EQ(con->count("select count(*) from t"), 0);
}

TEST(Files, a_lock_is_held_by_one) {
    const TemporaryFolder folder;
    const auto path = folder.path / "lock";
    {
        auto first = FileLock::acquire(path);
        ASSERT_TRUE(first);
        auto second = FileLock::acquire(path);
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().code, ErrorCode::busy);
    }
    EXPECT_TRUE(FileLock::acquire(path));
}

TEST(Files, the_hash_is_sha256) {
    EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
