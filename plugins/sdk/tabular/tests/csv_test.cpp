#include "plugins/sdk/tabular/csv.hpp"

#include <gtest/gtest.h>

#include "plugins/sdk/tabular/header.hpp"
#include "plugins/sdk/tabular/tests/slow_source.hpp"

namespace sendhub::tabular {
namespace {

struct Line {
    std::uint64_t line;
    std::vector<std::string> fields;
    RowProblem problem = RowProblem::none;
    bool operator==(const Line&) const = default;
};

void PrintTo(const Line& line, std::ostream* out) {
    *out << line.line << " problem " << static_cast<int>(line.problem) << ":";
    for (const auto& field : line.fields) *out << " [" << field << "]";
}

std::vector<Line> rows(std::string_view text, CsvOptions options = {}, std::size_t step = 1 << 20) {
    Slow source(text, step);
    CsvReader csv(source, options);
    std::vector<Line> out;
    while (csv.next()) {
        Line line{csv.line(), {}, csv.problem()};
        for (const auto field : csv.fields()) line.fields.emplace_back(field);
        out.push_back(line);
    }
    return out;
}

struct Case {
    std::string name, text;
    std::vector<Line> expected;
    CsvOptions options = {};
};

class Csv : public testing::TestWithParam<Case> {};
TEST_P(Csv, IsReadHoweverTheBytesAreCut) {
    for (const std::size_t step : {1u, 3u, 1u << 20})
        EXPECT_EQ(rows(GetParam().text, GetParam().options, step), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    All, Csv,
    testing::Values(
        Case{"Plain", "a,b\n1,2\n", {{1, {"a", "b"}}, {2, {"1", "2"}}}},
        Case{"NoLastLineEnd", "a,b\n1,2", {{1, {"a", "b"}}, {2, {"1", "2"}}}}, Case{"EmptyFile", "", {}},
        Case{"OnlyLineEnds", "\n\r\n\n", {}},
        Case{"Crlf", "a,b\r\n1,2\r\n", {{1, {"a", "b"}}, {2, {"1", "2"}}}},
        Case{"CrOnly", "a,b\r1,2\r", {{1, {"a", "b"}}, {2, {"1", "2"}}}},
        Case{"Quoted", "a,b\n\"1\",\"2\"\r\n", {{1, {"a", "b"}}, {2, {"1", "2"}}}},
        Case{"QuotedCrlf",
             "a,b\r\n\"1\",\"2\"\r\n3,4\r\n",
             {{1, {"a", "b"}}, {2, {"1", "2"}}, {3, {"3", "4"}}}},
        Case{"QuotedDelimiter", "a,b\n\"12, High St\",x\n", {{1, {"a", "b"}}, {2, {"12, High St", "x"}}}},
        Case{"DoubledQuote",
             "a,b\n\"say \"\"no\"\"\",\"\"\"\"\n",
             {{1, {"a", "b"}}, {2, {"say \"no\"", "\""}}}},
        Case{"QuotedEmpty", "a,b\n\"\",\"\"\n", {{1, {"a", "b"}}, {2, {"", ""}}}},
        Case{"QuotedLines",
             "a,b\n\"one\ntwo\n\",x\ny,z\n",
             {{1, {"a", "b"}}, {2, {"one\ntwo\n", "x"}}, {5, {"y", "z"}}}},
        Case{"QuotedLinesCrlf",
             "a,b\r\n\"one\r\ntwo\",x\r\ny,z\r\n",
             {{1, {"a", "b"}}, {2, {"one\r\ntwo", "x"}}, {4, {"y", "z"}}}},
        Case{"QuoteInsideText", "a,b\n5'6\" tall,x\n", {{1, {"a", "b"}}, {2, {"5'6\" tall", "x"}}}},
        Case{"TextAfterTheQuoteIsDamage",
             "a,b\n\"Jo\" Holt,x\ny,z\n",
             {{1, {"a", "b"}}, {2, {"\"Jo\" Holt", "x"}, RowProblem::text_beside_quote}, {3, {"y", "z"}}}},
        Case{"QuotedAfterABlank", "a,b\n1, \"x, y\" \n", {{1, {"a", "b"}}, {2, {"1", "x, y"}}}},
        Case{"Ragged",
             "a,b,c\n1\n1,2,3,4\n,,\n",
             {{1, {"a", "b", "c"}}, {2, {"1"}}, {3, {"1", "2", "3", "4"}}, {4, {"", "", ""}}}},
        Case{"EmptyLinesCount", "a,b\n\n\n1,2\n", {{1, {"a", "b"}}, {4, {"1", "2"}}}},
        Case{"Semicolons", "a;b;c\n1,5;2;3\n", {{1, {"a", "b", "c"}}, {2, {"1,5", "2", "3"}}}},
        Case{"Tabs", "a\tb\n1\t2\n", {{1, {"a", "b"}}, {2, {"1", "2"}}}},
        Case{"Pipes", "a|b\n1|2\n", {{1, {"a", "b"}}, {2, {"1", "2"}}}},
        Case{"SemicolonsUnderATitle",
             "Report, June, 2025\n\na;b;c\n1;2;3\n4;5;6\n7;8;9\n",
             {{1, {"Report, June, 2025"}},
              {3, {"a", "b", "c"}},
              {4, {"1", "2", "3"}},
              {5, {"4", "5", "6"}},
              {6, {"7", "8", "9"}}}},
        Case{"SepLine", "sep=;\r\na;b\r\n1;2\r\n", {{2, {"a", "b"}}, {3, {"1", "2"}}}},
        Case{"DelimiterTold", "a;b,c\n1;2,3\n", {{1, {"a;b", "c"}}, {2, {"1;2", "3"}}}, {.delimiter = ','}},
        Case{"UnclosedQuoteCostsItsLine",
             "a,b\n1,\"two\n3,4\n5,6\n",
             {{1, {"a", "b"}},
              {2, {"1", "\"two"}, RowProblem::unclosed_quote},
              {3, {"3", "4"}},
              {4, {"5", "6"}}}},
        Case{"UnclosedQuoteAtTheEnd",
             "a,b\n1,\"",
             {{1, {"a", "b"}}, {2, {"1", "\""}, RowProblem::unclosed_quote}}},
        Case{"TooLong",
             "a,b\n1,234567890123456789\n3,4\n",
             {{1, {"a", "b"}}, {2, {}, RowProblem::too_long}, {3, {"3", "4"}}},
             {.max_row_bytes = 12}},
        Case{"TooManyFields",
             "a,b,c,d\n1,2\n",
             {{1, {"a", "b", "c"}, RowProblem::too_many_fields}, {2, {"1", "2"}}},
             {.max_fields = 3}}),
    [](const auto& info) { return info.param.name; });

TEST(Csv, KeepsAFileThatIsLargerThanItsBuffer) {
    std::string text = "n,text\n";
    for (int i = 0; i < 50'000; ++i)
        text += std::to_string(i) + ",\"line " + std::to_string(i) + "\nsecond, \"\"half\"\"\"\n";
    StringSource source(text);
    CsvReader csv(source);
    ASSERT_TRUE(csv.next());
    for (int i = 0; i < 50'000; ++i) {
        ASSERT_TRUE(csv.next());
        ASSERT_EQ(csv.field(0), std::to_string(i));
        ASSERT_EQ(csv.field(1), "line " + std::to_string(i) + "\nsecond, \"half\"");
        ASSERT_EQ(csv.line(), 2u + 2u * static_cast<unsigned>(i));
    }
    EXPECT_FALSE(csv.next());
}

TEST(Csv, AnEndlessQuoteDoesNotEatMemoryOrTheRowsBehindIt) {
    std::string text = "a,b\n1,\"open\n";
    for (int i = 0; i < 300'000; ++i) text += "x,y\n";
    const auto all = rows(text, {.max_row_bytes = 64 * 1024});
    EXPECT_EQ(all.size(), 300'002u);
    EXPECT_EQ(all[1].problem, RowProblem::unclosed_quote);
    EXPECT_EQ(all[2].fields, (std::vector<std::string>{"x", "y"}));
    EXPECT_EQ(all.back().line, 300'002u);
}

TEST(Csv, FieldsBeyondTheRowAreEmpty) {
    StringSource source("a\n");
    CsvReader csv(source);
    ASSERT_TRUE(csv.next());
    EXPECT_EQ(csv.field(7), "");
    EXPECT_FALSE(csv.blank());
}

// ---- header
// --------------------------------------------------------------------------------------------------

TEST(Header, StandsBelowTitleRows) {
    StringSource source(
        "Secret report\n,,\nUPN only\n Child  ref ,\"Upn\",Date of\xC2\xA0"
        "Birth,\n1,2,3\n");
    CsvReader csv(source);
    const std::vector<std::string> wanted = {"child ref", "upn", "date of birth"};
    const auto header = find_header(csv, wanted, 2);
    ASSERT_TRUE(header);
    EXPECT_EQ(header->line(), 4u);
    EXPECT_EQ(header->size(), 3u);
    EXPECT_EQ(header->find("CHILD REF"), 0);
    EXPECT_EQ(header->find("date of birth"), 2);
    EXPECT_EQ(header->find("sex"), -1);
    EXPECT_EQ(header->find_any({"gender", "sex", "upn"}), 1);
    ASSERT_TRUE(csv.next());
    EXPECT_EQ(csv.field(0), "1");
}

TEST(Header, IsNotFoundInRowsOfData) {
    StringSource source("1,2,3\n4,5,6\n");
    CsvReader csv(source);
    const std::vector<std::string> wanted = {"upn", "surname"};
    EXPECT_FALSE(find_header(csv, wanted, 2));
}

TEST(Header, TellsRepeatedNames) {
    const std::vector<std::string_view> fields = {"a", "b", "A ", "b", "b", ""};
    EXPECT_EQ(Header(fields, 1).repeated(), (std::vector<std::string>{"A", "b"}));
}

TEST(Totals, AreToldFromRows) {
    const auto kind = [](std::vector<std::string_view> fields, std::size_t least_filled = 4) {
        return kind_of_row(fields, {"Surname", "Forename"}, least_filled);
    };
    for (const std::vector<std::string_view>& total :
         std::vector<std::vector<std::string_view>>{{"Total", "", "", "", "412"},
                                                    {"", "Grand total:", "412", "", "", ""},
                                                    {"Total 412"},
                                                    {"Sum", "1,204", "", "98%"}})
        EXPECT_EQ(kind(total), RowKind::total) << total[0];
    for (const std::string_view footer : {"End of report", "(4 rows affected)", "4 rows affected",
                                          "412 records", "Report run 20/01/2026 by Demo Officer"})
        EXPECT_EQ(kind({footer, ""}), RowKind::footer) << footer;
    for (const std::vector<std::string_view>& child : std::vector<std::vector<std::string_view>>{
             {"Total", "Amara", "2010-01-01", "F"},
             {"Sum", "Kei", "04/03/2014", "04/11/2025", "", "", "", ""},
             {"Count", "2014-03-05", "", ""},
             {"Count", "Dracula", "1", "2"},
             {"Totally", "", ""},
             {"Null", "5"},
             {"4 rows", "Ada"}})
        EXPECT_EQ(kind(child), RowKind::data) << child[0];
    EXPECT_EQ(kind({"Sum", "5"}, 2), RowKind::data) << "as many filled cells as every row";
    EXPECT_EQ(kind({"SURNAME", " Forename "}), RowKind::header_again);
    EXPECT_EQ(kind({"-------", "--------"}), RowKind::rule);
    EXPECT_EQ(kind({"-", "-"}), RowKind::data);
    EXPECT_EQ(kind({" ", ""}), RowKind::blank);
    EXPECT_EQ(kind({"\x1A"}), RowKind::blank) << "a control character is nothing";
}

}  // namespace
}  // namespace sendhub::tabular
