#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "identity/link/raw_table.hpp"
#include "plugins/sdk/tabular/header.hpp"

namespace sendhub::identity::link {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// The table as rows of text, header first.
std::vector<std::vector<std::string>> rows_of(const RawTable& table) {
    std::vector<std::vector<std::string>> out{table.names};
    for (std::size_t i = 0; i < table.rows; ++i) {
        out.emplace_back();
        for (const TextColumn& column : table.columns) out.back().emplace_back(column[i]);
    }
    return out;
}
RawTable read(std::string_view text) {
    auto table = read_csv(text, "t.csv");
    EXPECT_TRUE(table) << (table ? "" : table.error().sentence);
    return table ? std::move(*table) : RawTable{};
}
std::string refusal(std::string_view text) {
    const auto table = read_csv(text, "t.csv");
    return table ? "it was read" : table.error().sentence;
}

TEST(Csv, BlanksAroundNamesAndValuesGo) {
    EXPECT_THAT(
        rows_of(read("rec_id, given_name , surname\nr1,  Ana ,\tBell\n")),
        ElementsAre(ElementsAre("rec_id", "given_name", "surname"), ElementsAre("r1", "Ana", "Bell")));
}

TEST(Csv, DelimitersAndLineEndsAreFound) {
    const std::vector<std::vector<std::string>> wanted{
        {"id", "name", "town"}, {"1", "Ana", "Ely"}, {"2", "Ben", ""}};
    for (const char delimiter : {',', ';', '\t', '|', '~', '^'})
        for (const std::string end : {"\n", "\r\n", "\r"}) {
            std::string text;
            for (const char c : std::string_view("id,name,town!1,Ana,Ely!2,Ben,!"))
                if (c == '!')
                    text += end;
                else
                    text += c == ',' ? delimiter : c;
            EXPECT_EQ(rows_of(read(text)), wanted) << "delimiter " << delimiter;
            EXPECT_EQ(rows_of(read(text.substr(0, text.size() - end.size()))), wanted) << "no last line end";
        }
}

TEST(Csv, ACommaInValuesDoesNotHideTheSemicolon) {
    EXPECT_THAT(read("id;address\n1;1 High St, Ely\n2;2 Low St, Ely\n").names, ElementsAre("id", "address"));
    EXPECT_THAT(read("only\none\n").names, ElementsAre("only"));
    EXPECT_EQ(read("id,needs\n1,A;B;C;D\n2,A;B;C;D\n").names.size(), 2u) << "a list in a cell";
}

TEST(Csv, TheFirstLineOfExcelNamesTheDelimiter) {
    EXPECT_THAT(rows_of(read("sep=;\r\nid;name\r\n1;a,b\r\n")),
                ElementsAre(ElementsAre("id", "name"), ElementsAre("1", "a,b")));
}

TEST(Csv, QuotedValuesHoldDelimitersLineEndsAndQuotes) {
    EXPECT_THAT(
        rows_of(read("id,name\n1,\"Bell, \"\"Bo\"\"\"\n2,\"two\nlines\"\n3,\"\"\n4, \"after a blank\"\n"
                     "5,Bob\n")),
        ElementsAre(ElementsAre("id", "name"), ElementsAre("1", "Bell, \"Bo\""),
                    ElementsAre("2", "two\nlines"), ElementsAre("3", ""), ElementsAre("4", "after a blank"),
                    ElementsAre("5", "Bob")));
}

TEST(Csv, AStrayQuotationMarkCostsItsOwnRowOnly) {
    const auto good =
        testing::ElementsAre(testing::_, ElementsAre("2", "Ben", "Ely"), ElementsAre("3", "Cal", "Ely"));
    for (const std::string_view bad :
         {"1,\"Ana,Ely\n", "1,Ana,\"Ely\n", "1,\"Ana\" B,Ely\n", "1,\"Ana \"Bo\" Bell\",Ely\n"}) {
        const RawTable table = read("id,name,town\n" + std::string(bad) + "2,Ben,Ely\n3,Cal,\"Ely\"\n");
        EXPECT_THAT(rows_of(table), good) << bad;
        EXPECT_THAT(table.notes, ElementsAre(testing::AllOf(HasSubstr("line 2"), HasSubstr("left out"))))
            << bad;
    }
}

TEST(Csv, TwoStrayMarksDoNotSwallowTheRowsBetween) {
    const RawTable table =
        read("id,name,town,note\n1,Ana,Ely,\"call back\n2,Ben,Ely,\n3,Cal,Ely,later\"\n4,Dan,Ely,\n");
    EXPECT_THAT(table.columns[0][0], "2");
    EXPECT_EQ(table.rows, 3u);
    EXPECT_THAT(table.notes, ElementsAre(HasSubstr("would take in the rows below")));
}

TEST(Csv, ALongQuotedNoteIsOneValue) {
    std::string note;
    for (int i = 0; i < 4000; ++i) note += "visit " + std::to_string(i) + ", nobody there\n";
    const RawTable table = read("id,name,town,note\n1,Ana,Ely,\"" + note + "\"\n2,Ben,Ely,\n");
    EXPECT_EQ(table.rows, 2u);
    EXPECT_EQ(table.columns[3][0].size(), note.size() - 1);
    EXPECT_TRUE(table.notes.empty());
}

TEST(Csv, MarksThatAreEscapedWithABackslashAreRead) {
    const RawTable table =
        read("id,name,note\n1,Ana,\"said \\\"no\\\", left\"\n2,Ben,\"a \\\\ b\"\n3,Cal,\"x\"\n");
    EXPECT_EQ(table.columns[2][0], "said \"no\", left");
    EXPECT_EQ(table.columns[2][1], "a \\ b");
}

TEST(Csv, RowsOfAnotherWidthAreLeftOutWithTheirLine) {
    const RawTable table = read("id,name,town\n1,Ana\n2,Ben,Ely,more,\n3,Cal,Ely,\n,,\n\n4,Dan,Ely\n");
    EXPECT_THAT(rows_of(table), ElementsAre(testing::_, ElementsAre("4", "Dan", "Ely")));
    EXPECT_THAT(
        table.notes,
        ElementsAre(testing::AllOf(HasSubstr("2 rows (the first on line 3)"), HasSubstr("more cells")),
                    testing::AllOf(HasSubstr("1 row (line 2)"), HasSubstr("fewer cells")),
                    HasSubstr("1 row with nothing in them")));
}

TEST(Csv, EmptyCellsThatTheExporterLeavesOutAreEmpty) {
    const RawTable table = read(
        "id,name,town,street,note\n1,Ana,Ely,High St\n2,Ben,Ely,Low St\n3,Cal,Ely,New St\n4,Dan,Ely,Old "
        "St,x\n");
    EXPECT_EQ(table.rows, 4u);
    EXPECT_EQ(table.columns[4][0], "");
    EXPECT_THAT(table.notes, ElementsAre(HasSubstr("3 rows with fewer cells")));
}

TEST(Csv, ATornRowIsLeftOutOnBothLines) {
    const RawTable table = read(
        "id,name,town,note\n1,Ana,El\ny,x\n2,Ben,Ely,\n3,Cal,Ely,wor\nds\n4,Dan,Ely,\n5\n6,Eva,Ely,y\n7,Flo,"
        "Ely,z\n");
    EXPECT_THAT(table.columns[0][0], "2");
    EXPECT_EQ(table.rows, 2u) << "3 and 6 stand beside a line of one cell, and so does 4";
    EXPECT_EQ(table.columns[0][1], "7");
}

TEST(Csv, DelimitersAtTheEndOfEachLineAreNoColumns) {
    EXPECT_THAT(rows_of(read("id,name,\n1,Ana,\n2,Ben,\n")),
                ElementsAre(ElementsAre("id", "name"), ElementsAre("1", "Ana"), ElementsAre("2", "Ben")));
    EXPECT_THAT(rows_of(read("id,name\n1,Ana,\n2,Ben,\n3,Cal,\n")).size(), 4u);
}

TEST(Csv, FootersTotalsAndTheHeaderAgainAreNoRecords) {
    const RawTable table = read(
        "id,name,town\n---,----,----\n1,Sum,Ely\n2,Count,Ely\nid,name,town\n3,Total,Ely\nTotal,3,\n\n(3 rows "
        "affected)\nReport run today\n\x1A");
    EXPECT_EQ(table.rows, 3u);
    EXPECT_THAT(table.notes, testing::Contains(HasSubstr("repeated header")));
    EXPECT_THAT(table.notes, testing::Contains(HasSubstr("footer")));
}

TEST(Csv, DelimiterAndHeaderRowCanBeSettled) {
    const auto table =
        read_csv("Report\n1,2,3\nid!name\n1!a,b\n2!c,d\n", "t.csv", {.delimiter = '!', .header_row = 3});
    ASSERT_TRUE(table);
    EXPECT_THAT(rows_of(*table),
                ElementsAre(ElementsAre("id", "name"), ElementsAre("1", "a,b"), ElementsAre("2", "c,d")));
}

TEST(Csv, EncodingsAreFound) {
    const std::string wanted = "Zoë O’Brien";
    EXPECT_EQ(read("\xEF\xBB\xBFid,name\n1,Zoë O’Brien\n").columns[1][0], wanted);
    EXPECT_EQ(read("\xEF\xBB\xBFid,name\n1,x\n").names[0], "id");
    const RawTable windows = read(
        "id,name\n1,Zo\xEB O\x92"
        "Brien\n");
    EXPECT_EQ(windows.columns[1][0], wanted);
    EXPECT_THAT(windows.notes, ElementsAre(HasSubstr("Windows-1252")));
    std::string utf16 = "\xFF\xFE";
    for (const char c : std::string_view("id,name\n1,Zo")) utf16 += c, utf16 += '\0';
    utf16 += "\xEB";
    utf16 += '\0';
    EXPECT_EQ(read(utf16).columns[1][0], "Zoë");
}

TEST(Csv, MarksOfNoValueAreEmptyAndTold) {
    const RawTable table = read("id,name\n1,NULL\n2,\\N\n3,Null\n");
    EXPECT_THAT(rows_of(table), ElementsAre(testing::_, ElementsAre("1", "NULL"), ElementsAre("2", ""),
                                            ElementsAre("3", "Null")))
        << "a person may be called NULL: clean_values() decides";
    EXPECT_THAT(table.notes, ElementsAre(HasSubstr("1 cells")));
}

TEST(Csv, ColumnsWithoutOrWithTheSameNameGetOne) {
    const RawTable table = read("id,,name,name\n1,x,Ana,Anna\n");
    EXPECT_THAT(table.names, ElementsAre("id", "column 2", "name", "name (2)"));
    EXPECT_THAT(table.notes, ElementsAre(HasSubstr("name (2)")));
}

TEST(Csv, WhatIsNoTableIsRefusedWithoutAWordOfIt) {
    EXPECT_THAT(refusal(""), HasSubstr("empty"));
    EXPECT_THAT(refusal("\n\n"), HasSubstr("empty"));
    EXPECT_THAT(refusal("id,name\n"), HasSubstr("no row"));
    const std::string headless = refusal("17,Ana,2012-04-03\n18,Ben,2011-01-01\n");
    EXPECT_THAT(headless, HasSubstr("names"));
    EXPECT_THAT(headless, testing::Not(HasSubstr("Ana")));
}

// Rows of random pieces, well made and damaged.
std::string random_file(std::uint32_t& state) {
    const auto draw = [&](std::size_t n) {
        state = state * 1664525 + 1013904223;
        return (state >> 16) % n;
    };
    const std::vector<std::string_view> pieces = {
        ",",  ",", ",",    "x", "y z", "\"", "\"\"",           "\n",   "\n",   "\r\n", "\"q, r\"",
        "\t", "|", "\xEB", " ", "é",   ";",  "a,b,c\n1,2,3\n", "\\\"", "Total"};
    std::string text = "a,b,c\n";
    for (int i = 0; i < 60; ++i)
        text += draw(3) == 0 ? std::string_view("k,l,m\n") : pieces[draw(pieces.size())];
    return text;
}

TEST(Csv, AnyStretchOfAFileGivesTheSameRows) {
    std::uint32_t state = 1;
    std::size_t read_files = 0;
    for (int round = 0; round < 3000; ++round) {
        const std::string text = random_file(state);
        const auto whole = read_csv(text, "t.csv"),
                   in_parts = read_csv(text, "t.csv", {.threads = 3, .stretch = 1});
        ASSERT_EQ(whole.has_value(), in_parts.has_value());
        if (!whole) continue;
        ++read_files;
        EXPECT_EQ(rows_of(*whole), rows_of(*in_parts)) << text;
        EXPECT_EQ(whole->notes, in_parts->notes) << text;
    }
    EXPECT_GT(read_files, 1000u);
}

// The connectors' reader streams, this one reads from memory: both give the same rows.
TEST(Csv, BothReadersGiveTheSameRows) {
    std::uint32_t state = 7;
    std::size_t compared = 0;
    for (int round = 0; round < 2000; ++round) {
        const std::string text = random_file(state);
        const auto here = read_csv(text, "t.csv", {.delimiter = ','});
        if (!here) continue;
        tabular::StringSource bytes(text);
        tabular::Utf8Source utf8(bytes);
        tabular::CsvReader csv(utf8, {.delimiter = ','});
        const auto header = tabular::find_header(
            csv, [](const tabular::Header& row) -> std::size_t { return row.find("a") == 0 ? 1 : 0; });
        ASSERT_TRUE(header) << text;
        std::vector<std::vector<std::string>> rows{here->names};
        while (csv.next()) {
            if (csv.problem() != tabular::RowProblem::none || csv.kind() != tabular::RowKind::data) continue;
            rows.emplace_back();
            for (std::size_t i = 0; i < here->names.size(); ++i) {
                std::string_view cell = csv.field(i);
                while (!cell.empty() && std::string_view(" \t\r\n").contains(cell.front()))
                    cell.remove_prefix(1);
                while (!cell.empty() && std::string_view(" \t\r\n").contains(cell.back()))
                    cell.remove_suffix(1);
                rows.back().emplace_back(cell);
            }
        }
        EXPECT_TRUE(csv.took_every_line()) << text;
        ASSERT_EQ(rows, rows_of(*here)) << text;
        ++compared;
    }
    EXPECT_GT(compared, 1000u);
}

}  // namespace
}  // namespace sendhub::identity::link
