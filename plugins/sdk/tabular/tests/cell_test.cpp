#include "plugins/sdk/tabular/cell.hpp"

#include <gtest/gtest.h>

#include "plugins/sdk/tabular/text.hpp"

namespace sendhub::tabular {
namespace {

std::string text_cell(std::string_view raw) {
    std::string buffer;
    return std::string(clean_cell(raw, CellKind::text, buffer));
}
std::string name_cell(std::string_view raw) {
    std::string buffer;
    return std::string(clean_cell(raw, CellKind::name, buffer));
}

TEST(Cells, TextMarksOfSpreadsheetsComeOff) {
    const std::pair<const char*, const char*> both[] = {{"=\"0012\"", "0012"},
                                                        {"'0014", "0014"},
                                                        {" =\"0012\" ", "0012"},
                                                        {"=\"\"", ""},
                                                        {"=\" 0012 \"", "0012"},
                                                        {"='x", "='x"},
                                                        {"=\"", "=\""},
                                                        {"'", "'"},
                                                        {"'-", "-"},
                                                        {"'+441130", "+441130"},
                                                        {"'=1", "=1"},
                                                        {"'12/03/2015", "12/03/2015"},
                                                        {"'X873400125001", "X873400125001"},
                                                        {"=\"a \"\"b\"\"\"", "a \"b\""}};
    for (const auto& [raw, wanted] : both) {
        EXPECT_EQ(text_cell(raw), wanted) << raw;
        EXPECT_EQ(name_cell(raw), wanted) << raw;
    }
}

TEST(Cells, AnApostropheOfANameStays) {
    for (const char* name : {"'Abd", "'t Hooft", "O'Neill", "O'", "D'Arcy'"})
        EXPECT_EQ(name_cell(name), name) << name;
    EXPECT_EQ(text_cell("'ABC"), "ABC");
    EXPECT_EQ(text_cell("'quoted'"), "'quoted'");
    EXPECT_EQ(text_cell("O'Neill"), "O'Neill");
}

TEST(Cells, BlanksAndInvisibleCharacters) {
    // each of Unicode's blanks, outside and inside
    for (const char* blank : {"\xC2\xA0", "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x8A", "\xE2\x80\xAF",
                              "\xE2\x81\x9F", "\xE3\x80\x80", "\xC2\x85", "\xE2\x80\xA8"}) {
        const std::string b(blank);
        EXPECT_EQ(text_cell(b + "Zo\xC3\xAB" + b + "May" + b), "Zo\xC3\xAB May");
        EXPECT_EQ(trim(b + "x" + b + b), "x");
        EXPECT_EQ(fold(b + "X" + b + b + "Y"), "x y");
    }
    for (const char* invisible : {"\xE2\x80\x8B", "\xC2\xAD", "\xEF\xBB\xBF", "\xE2\x80\x8E", "\xE2\x80\xAE",
                                  "\xE2\x81\xA0", "\xE2\x80\x8D", "\x01", "\x1B", "\x7F", "\xC2\x9B"}) {
        const std::string i(invisible);
        EXPECT_EQ(name_cell(i + "Zo\xC3\xAB" + i + "May" + i), "Zo\xC3\xABMay");
        EXPECT_EQ(trim(i + "x" + i), "x");
        EXPECT_EQ(fold("X" + i + "Y"), "xy");
    }
    EXPECT_EQ(name_cell("Anne\nMarie"), "Anne Marie");
    EXPECT_EQ(text_cell("line\nline\tx"), "line\nline\tx");
    EXPECT_EQ(text_cell("\xE2\x82\xAC 5 \xE2\x80\x93 6"), "\xE2\x82\xAC 5 \xE2\x80\x93 6");
    EXPECT_EQ(text_cell("\xE2\x80"), "\xE2\x80") << "half a character stays as it is";
}

TEST(Cells, ErrorWordsAreDamage) {
    for (const char* word : {"#REF!", "#NAME?", "#VALUE!", "#NUM!", "#DIV/0!", "#N/A", "#n/a", "#NULL!",
                             "#SPILL!", "#CALC!", "#GETTING_DATA", "##", "########"})
        EXPECT_TRUE(is_damaged_cell(word)) << word;
    for (const char* word : {"", "#", "#1", "#REF", "REF!", "#hashtag", "# REF!", "Ref"})
        EXPECT_FALSE(is_damaged_cell(word)) << word;
}

}  // namespace
}  // namespace sendhub::tabular
