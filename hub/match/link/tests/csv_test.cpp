#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hub/match/link/csv_rows.hpp"
#include "hub/match/link/raw_table.hpp"

namespace sendhub::match::link {
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
    EXPECT_EQ(find_delimiter("id;address\n1;1 High St, Ely\n2;2 Low St, Ely\n"), ';');
    EXPECT_EQ(find_delimiter("only\none\n"), ',');
}

TEST(Csv, TheFirstLineOfExcelNamesTheDelimiter) {
    EXPECT_THAT(rows_of(read("sep=;\r\nid;name\r\n1;a,b\r\n")),
                ElementsAre(ElementsAre("id", "name"), ElementsAre("1", "a,b")));
}

TEST(Csv, QuotedValuesHoldDelimitersLineEndsAndQuotes) {
    EXPECT_THAT(
        rows_of(read("id,name\n1,\"Bell, \"\"Bo\"\"\"\n2,\"two\nlines\"\n3,\"\"\n4, \"after a blank\"\n"
                     "5,\"Bob\" Hall\n")),
        ElementsAre(ElementsAre("id", "name"), ElementsAre("1", "Bell, \"Bo\""),
                    ElementsAre("2", "two\nlines"), ElementsAre("3", ""), ElementsAre("4", "after a blank"),
                    ElementsAre("5", "Bob Hall")));
}

TEST(Csv, AQuoteThatIsNeverClosedCostsOneValueAndIsTold) {
    const RawTable table = read("id,name,town\n1,\"Ana,Ely\n2,Ben,Ely\n3,Cal,Ely\n");
    EXPECT_THAT(rows_of(table), ElementsAre(testing::_, ElementsAre("1", "\"Ana", "Ely"),
                                            ElementsAre("2", "Ben", "Ely"), ElementsAre("3", "Cal", "Ely")));
    EXPECT_THAT(table.notes, ElementsAre(HasSubstr("not closed")));
}

TEST(Csv, RaggedRowsAreKeptAndCounted) {
    const RawTable table = read("id,name,town\n1,Ana\n2,Ben,Ely,more,\n3,Cal,Ely,,\n,,\n\n4,Dan,Ely\n");
    EXPECT_THAT(rows_of(table),
                ElementsAre(testing::_, ElementsAre("1", "Ana", ""), ElementsAre("2", "Ben", "Ely"),
                            ElementsAre("3", "Cal", "Ely"), ElementsAre("4", "Dan", "Ely")));
    EXPECT_THAT(table.notes,
                ElementsAre(HasSubstr("1 row with fewer cells than the 3 columns (the first on line 2)"),
                            HasSubstr("1 row with more cells than the 3 columns (the first on line 3)"),
                            HasSubstr("1 row with nothing in them")));
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

TEST(Csv, AnyBytesAreReadOrRefused) {  // nothing hangs or reads beyond the end, and threads
                                       // that read a stretch each find the same
    const std::string_view alphabet = ",,;\"\"\n\r\t|xy\xEB \xC3";
    std::uint32_t state = 1;
    for (int round = 0; round < 3000; ++round) {
        std::string text = "a,b\n";
        for (int i = 0; i < 40; ++i) {
            state = state * 1664525 + 1013904223;
            text += alphabet[(state >> 16) % alphabet.size()];
        }
        std::size_t cells = 0;
        CsvRows rows(text, ',');
        while (rows.next()) cells += rows.cells().size();
        EXPECT_GE(cells, 2u);
        const auto whole = read_csv(text, "t.csv"), in_parts = read_csv(text, "t.csv", 3, 1);
        ASSERT_EQ(whole.has_value(), in_parts.has_value());
        if (!whole) continue;
        EXPECT_EQ(rows_of(*whole), rows_of(*in_parts)) << text;
        EXPECT_EQ(whole->notes, in_parts->notes) << text;
    }
}

}  // namespace
}  // namespace sendhub::match::link
