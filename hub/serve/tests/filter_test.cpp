// The filter's grammar: what is taken, what is refused, where and how.
#include <gtest/gtest.h>

#include "hub/serve/odata/expression.hpp"

namespace sendhub::serve::odata {
namespace {

const std::vector<Field> kFields{
    {"row_key", "", FieldType::string, 0, 0, false}, {"surname", "", FieldType::string, 0, 0, true},
    {"born", "", FieldType::date, 0, 0, true},       {"seen_at", "", FieldType::timestamp, 0, 0, true},
    {"visits", "", FieldType::int64, 0, 0, true},    {"percent", "", FieldType::decimal, 9, 4, true},
    {"sen", "", FieldType::boolean, 0, 0, true}};

std::expected<Expression, ParseError> parse(
    std::string_view text, const std::map<std::string, std::string, std::less<>>& aliases = {}) {
    return parse_filter(text, {kFields, &aliases, 0});
}

TEST(Filter, WellFormedFiltersAreTaken) {
    for (const char* text : {"surname eq 'Smith'",
                             "surname eq 'O''Neil'",
                             "surname ne null",
                             "null eq surname",
                             "sen",
                             "not sen",
                             "sen eq true",
                             "visits gt 5 and visits lt -3 or not (visits eq 7)",
                             "visits in (1,2,3)",
                             "surname in ('a', null)",
                             "percent ge 12.5",
                             "percent lt -0.0001",
                             "percent eq 5",
                             "percent eq 1e3",
                             "born ge 2020-01-31",
                             "born lt 2020-01-31T00:00:00Z",
                             "seen_at ge 2026-01-01T00:00:00Z and seen_at lt 2026-02-01T00:00:00.000+01:00",
                             "seen_at gt 2026-01-01T10:30Z",
                             "seen_at le now()",
                             "contains(surname,'a')",
                             "startswith(surname,'a') and endswith(surname , 'b')",
                             "length(surname) eq 3",
                             "indexof(surname,'a') gt 0",
                             "substring(surname,1) eq 'b'",
                             "substring(surname,1,2) eq 'bc'",
                             "tolower(surname) eq 'a'",
                             "toupper(trim(surname)) eq 'A'",
                             "concat(concat(surname,', '),row_key) ne 'x'",
                             "year(born) eq 2010",
                             "month(seen_at) ge 2",
                             "day(born) lt 3",
                             "hour(seen_at) eq 1",
                             "minute(seen_at) eq 1",
                             "second(seen_at) eq 1",
                             "date(seen_at) eq 2026-01-01",
                             "round(percent) eq 50",
                             "floor(percent) eq 50",
                             "ceiling(percent) eq 50",
                             "contains(surname,'a') eq false",
                             "(((sen)))",
                             "visits gt 1 eq true",
                             "surname eq @p",
                             "null",
                             "true"})
        EXPECT_TRUE(parse(text).has_value())
            << text << ": " << parse(text).error().message << " at " << parse(text).error().position;
}

TEST(Filter, OthersAreRefusedWithStatusCodeAndPosition) {
    const struct {
        const char* text;
        unsigned status;
        const char* code;
        std::size_t position;
    } table[] = {
        {"", 400, "BadSyntax", 0},
        {"surname eq", 400, "BadSyntax", 10},
        {"surname eq 'x", 400, "BadSyntax", 11},
        {"surname = 'x'", 400, "BadSyntax", 8},
        {"(sen", 400, "BadSyntax", 4},
        {"sen)", 400, "BadSyntax", 3},
        {"sen sen", 400, "BadSyntax", 4},
        {"nothing eq 1", 400, "UnknownProperty", 0},
        {"surname eq Smith", 400, "UnknownProperty", 11},
        {"row_number eq 1", 400, "UnknownProperty", 0},
        {"surname eq 5", 400, "TypeMismatch", 8},
        {"born eq 'x'", 400, "TypeMismatch", 5},
        {"born eq 5", 400, "TypeMismatch", 5},
        {"sen gt true", 400, "TypeMismatch", 4},
        {"surname", 400, "TypeMismatch", 0},
        {"surname and sen", 400, "TypeMismatch", 0},
        {"sen and visits", 400, "TypeMismatch", 8},
        {"not visits", 400, "TypeMismatch", 4},
        {"length(visits) eq 1", 400, "TypeMismatch", 7},
        {"visits in (1,'a')", 400, "TypeMismatch", 13},
        {"visits in ()", 400, "BadSyntax", 11},
        {"visits in 5", 400, "BadSyntax", 10},
        {"contains(surname)", 400, "BadSyntax", 0},
        {"contains(surname,'a','b')", 400, "BadSyntax", 21},
        {"born eq 2020-02-30", 400, "BadSyntax", 8},
        {"visits eq 99999999999999999999", 400, "BadSyntax", 10},
        {"percent eq 1.2.3", 400, "BadSyntax", 11},
        {"visits add 1 eq 2", 501, "NotImplemented", 7},
        {"visits mod 2 eq 0", 501, "NotImplemented", 7},
        {"(visits mul 2) gt 1", 501, "NotImplemented", 8},
        {"surname has 'x'", 501, "NotImplemented", 8},
        {"matchesPattern(surname,'a')", 501, "NotImplemented", 0},
        {"soundslike(surname,'a')", 501, "NotImplemented", 0},
        {"cast(visits,Edm.String) eq '1'", 501, "NotImplemented", 0},
        {"surname/any(x:x eq 1)", 501, "NotImplemented", 7},
        {"surname eq duration'P1D'", 501, "NotImplemented", 11},
        {"surname in @p", 501, "NotImplemented", 11},
        {"surname eq 'a'; drop table t", 400, "BadSyntax", 14},
        {"surname eq \"a\"", 400, "BadSyntax", 11},
    };
    for (const auto& row : table) {
        const auto parsed = parse(row.text);
        ASSERT_FALSE(parsed.has_value()) << row.text;
        EXPECT_EQ(parsed.error().status, row.status) << row.text;
        EXPECT_EQ(parsed.error().code, row.code) << row.text;
        EXPECT_EQ(parsed.error().position, row.position) << row.text;
    }
}

TEST(Filter, MessagesNeverRepeatWhatWasSent) {
    for (const char* text : {"surname eq Plantedname", "Plantedname", "Plantedname(1)",
                             "surname eq 'Plantedname", "visits eq 12Plantedname"}) {
        const auto parsed = parse(text);
        ASSERT_FALSE(parsed.has_value());
        EXPECT_EQ(parsed.error().message.find("Planted"), std::string::npos) << text;
    }
}

TEST(Filter, DepthAndSizeAreLimited) {
    EXPECT_TRUE(parse(std::string(30, '(') + "sen" + std::string(30, ')')).has_value());
    const auto deep = parse(std::string(10'000, '(') + "sen" + std::string(10'000, ')'));
    ASSERT_FALSE(deep.has_value());
    EXPECT_EQ(deep.error().code, "TooComplex");
    std::string nots;
    for (int i = 0; i < 5000; ++i) nots += "not ";
    EXPECT_EQ(parse(nots + "sen").error().code, "TooComplex");
    std::string chain = "sen";
    for (int i = 0; i < 900; ++i) chain += " or sen";
    EXPECT_TRUE(parse(chain).has_value());
    for (int i = 0; i < 3000; ++i) chain += " or sen";
    EXPECT_EQ(parse(chain).error().code, "TooComplex");
    std::string list = "visits in (0";
    for (int i = 0; i < 3000; ++i) list += ",1";
    EXPECT_EQ(parse(list + ")").error().code, "TooComplex");
    std::string comparisons = "sen eq true";
    for (int i = 0; i < 500; ++i) comparisons += " eq true";
    EXPECT_EQ(parse(comparisons).error().code, "TooComplex");
}

TEST(Filter, AliasesHoldValuesOnly) {
    EXPECT_TRUE(parse("surname eq @p", {{"@p", "'x'"}}).has_value());
    EXPECT_EQ(parse("surname eq @p", {{"@p", "5"}}).error().code, "TypeMismatch");
    EXPECT_EQ(parse("surname eq @p", {{"@p", "row_key"}}).error().position, 11u);
    EXPECT_FALSE(parse("surname eq @p", {{"@p", "@p"}}).has_value());
    EXPECT_FALSE(parse("surname eq @p", {{"@p", "'x' or true"}}).has_value());
}

TEST(Filter, ValuesBecomeParametersAndNeverText) {
    const auto filter = parse(
        "surname eq 'Planted; drop' and born ge 2010-02-03 or visits in (417,418) and "
        "contains(surname,'Planted')");
    ASSERT_TRUE(filter.has_value());
    Parameters parameters;
    const std::string sql = condition_sql(*filter, kFields, parameters);
    for (const char* value : {"Planted", "drop", "2010", "417", "418"})
        EXPECT_EQ(sql.find(value), std::string::npos) << sql;
    EXPECT_EQ(parameters.values().size(), 5u);
    EXPECT_EQ(shape(*filter, kFields),
              "((surname eq ? and born ge ?) or (visits in (?) and contains(surname,?)))");
}

TEST(Filter, SortsAreParsed) {
    const std::map<std::string, std::string, std::less<>> none;
    const ParseContext context{kFields, &none, 0};
    const auto order = parse_orderby("surname desc, born asc,length(surname),visits", context);
    ASSERT_TRUE(order.has_value());
    ASSERT_EQ(order->size(), 4u);
    EXPECT_TRUE((*order)[0].descending);
    EXPECT_FALSE((*order)[1].descending);
    EXPECT_EQ(parse_orderby("", context).error().code, "BadSyntax");
    EXPECT_EQ(parse_orderby("surname up", context).error().position, 8u);
    EXPECT_EQ(parse_orderby("surname,", context).error().code, "BadSyntax");
    EXPECT_EQ(parse_orderby("nothing", context).error().code, "UnknownProperty");
}

}  // namespace
}  // namespace sendhub::serve::odata
