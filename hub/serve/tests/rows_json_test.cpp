#include "hub/serve/odata/rows_json.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include "base/duckdb.hpp"

namespace sendhub::serve::odata {
namespace {

struct RowsJsonTest : ::testing::Test {
    std::vector<Field> fields{
        {"s", "", FieldType::string, 0, 0, true},     {"b", "", FieldType::boolean, 0, 0, true},
        {"l", "", FieldType::int64, 0, 0, true},      {"i", "", FieldType::int32, 0, 0, true},
        {"d4", "", FieldType::decimal, 4, 2, true},   {"d9", "", FieldType::decimal, 9, 0, true},
        {"d18", "", FieldType::decimal, 18, 4, true}, {"d38", "", FieldType::decimal, 38, 10, true},
        {"d", "", FieldType::date, 0, 0, true},       {"t", "", FieldType::timestamp, 0, 0, true}};
    duck::Database database = *duck::Database::open({});
    duck::Connection connection = *database.connect();

    std::string row(const std::string& values, JsonStyle style = {}) {
        (void)connection.run("SET TimeZone='UTC'");
        auto rows = connection.query(
            "SELECT s::VARCHAR, b::BOOLEAN, l::BIGINT, i::INTEGER, d4::DECIMAL(4,2), d9::DECIMAL(9,0), "
            "d18::DECIMAL(18,4), d38::DECIMAL(38,10), d::DATE, t::TIMESTAMPTZ, "
            "'k''ey'::VARCHAR AS row_key FROM (VALUES (" +
            values + ")) v(s,b,l,i,d4,d9,d18,d38,d,t)");
        if (!rows) return rows.error().sentence;
        std::vector<const Field*> shown;
        for (const Field& field : fields) shown.push_back(&field);
        RowsJson json(shown, style, "things", shown.size());
        json.take(rows->next_chunk());
        std::string out;
        json.append_row(0, out);
        return out;
    }
};

TEST_F(RowsJsonTest, EveryTypeAsTheStandardWritesIt) {
    EXPECT_EQ(
        row("'x', true, 9223372036854775807, -2147483648, -0.05, 7, 12345.6789, "
            "1234567890123456789012345678.0123456789, '2026-09-01', '2026-09-01 08:30:00.1239+01:00'"),
        R"({"s":"x","b":true,"l":9223372036854775807,"i":-2147483648,"d4":-0.05,"d9":7,"d18":12345.6789,"d38":1234567890123456789012345678.0123456789,"d":"2026-09-01","t":"2026-09-01T07:30:00.123Z"})");
    EXPECT_EQ(
        row("'', false, -9223372036854775808, 0, 0, -999999999, -0.0001, -0.0000000001, '0001-01-01', "
            "'1969-12-31 23:59:59.999+00'"),
        R"({"s":"","b":false,"l":-9223372036854775808,"i":0,"d4":0.00,"d9":-999999999,"d18":-0.0001,"d38":-0.0000000001,"d":"0001-01-01","t":"1969-12-31T23:59:59.999Z"})");
    EXPECT_EQ(
        row("NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL"),
        R"({"s":null,"b":null,"l":null,"i":null,"d4":null,"d9":null,"d18":null,"d38":null,"d":null,"t":null})");
    EXPECT_NE(row("NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '2024-02-29', '2000-02-29 12:00:00+00'")
                  .find(R"("d":"2024-02-29","t":"2000-02-29T12:00:00.000Z")"),
              std::string::npos);
}

TEST_F(RowsJsonTest, CompatibleNumbersAreTexts) {
    EXPECT_EQ(
        row("'x', true, 5, 6, 0.5, 7, 8, 9, NULL, NULL", {Metadata::minimal, true}),
        R"({"s":"x","b":true,"l":"5","i":6,"d4":"0.50","d9":"7","d18":"8.0000","d38":"9.0000000000","d":null,"t":null})");
}

TEST_F(RowsJsonTest, FullMetadataNamesTypesAndIds) {
    const std::string text =
        row("'x', true, 5, 6, 0.5, 7, 8, 9, '2026-01-01', NULL", {Metadata::full, false});
    EXPECT_TRUE(
        text.starts_with(R"j({"@odata.type":"#sendhub.things","@odata.id":"things('k%27%27ey')","s":"x")j"))
        << text;
    EXPECT_NE(text.find(R"("l@odata.type":"#Int64","l":5)"), std::string::npos);
    EXPECT_NE(text.find(R"("d@odata.type":"#Date","d":"2026-01-01")"), std::string::npos);
}

// Every character at every place of a block of eight survives a reader of JSON.
TEST_F(RowsJsonTest, TextsSurviveAReader) {
    std::vector<const Field*> shown{&fields[0]};
    for (unsigned c = 1; c < 128; ++c)
        for (const std::size_t place : {0u, 3u, 7u, 8u, 11u, 16u}) {
            std::string text = "abcdefghijklmnopq";
            text[place] = static_cast<char>(c);
            auto rows = connection.query("SELECT $1::VARCHAR, 'k'", {std::string_view(text)});
            ASSERT_TRUE(rows.has_value());
            RowsJson json(shown, {}, "things", 1);
            json.take(rows->next_chunk());
            std::string out;
            json.append_row(0, out);
            simdjson::dom::parser parser;
            simdjson::dom::element root;
            ASSERT_EQ(parser.parse(out).get(root), simdjson::SUCCESS) << out;
            std::string_view back;
            ASSERT_EQ(root["s"].get(back), simdjson::SUCCESS);
            ASSERT_EQ(back, text) << c << " at " << place;
        }
}

}  // namespace
}  // namespace sendhub::serve::odata
