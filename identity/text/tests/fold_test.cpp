#include "identity/text/fold.hpp"

#include <gtest/gtest.h>

#include <random>

#include "schemas/rules/utf8.hpp"

namespace sendhub::identity::text {
namespace {

std::string folded(std::string_view raw) {
    std::string out = "left over";
    fold(raw, out);
    return out;
}

TEST(Fold, one_text_for_what_people_type_in_many_ways) {
    const std::pair<const char*, const char*> cases[] = {
        {"", ""},
        {"   ", ""},
        {"--'--", ""},
        {"Jane", "jane"},
        {"  JANE   Ann ", "jane ann"},
        {"Anne-Marie", "anne marie"},
        {"Smith / Jones", "smith jones"},
        {"O'Neil", "oneil"},
        {"O’Neil", "oneil"},
        {"O‘Neil", "oneil"},
        {"O´Neil", "oneil"},
        {"O`Neil", "oneil"},
        {"OʼNeil", "oneil"},
        {"O＇Neil", "oneil"},
        {"Zoë", "zoe"},
        {"Zoe\xCC\x88", "zoe"},  // e and a combining diaeresis
        {"Siân", "sian"},
        {"Łukasz", "lukasz"},
        {"Đorđe", "dorde"},
        {"Straße", "strasse"},
        {"Søren Æbelø", "soren aebelo"},
        {"Œuvre", "oeuvre"},
        {"Þóra", "thora"},
        {"İpek Işık", "ipek isik"},
        {"Nguyễn Thị Ánh", "nguyen thi anh"},
        {"ＪＡＮＥ", "jane"},
        {"ﬁona", "fiona"},
        {"Class 2B", "class 2b"},
        {"Ξένια", "ξενια"},
        {"ΟΔΥΣΣΕΥΣ", "οδυσσευσ"},
        {"Пётр", "петр"},
        {"ЮЛІЯ", "юлія"},
        {"مُحَمَّد", "محمد"},
        {"أحمد", "احمد"},
        {"가나다", "가나다"},
        {"李 小明", "李 小明"},
        {"कुमार", "कुमार"},  // the vowel sign is a letter's half, not an accent
        {"がく", "がく"},
        {"a\tb\nc", "a b c"},
        {"a\xE2\x80\x8B"
         "b",
         "ab"},  // zero-width space
        {"Jane😀Ann", "jane ann"},
        {"no\xC2\xA0"
         "break",
         "no break"}};
    for (const auto& [raw, wanted] : cases) EXPECT_EQ(folded(raw), wanted) << raw;
}

TEST(Fold, ukrainian_yi_and_i_are_one_letter_written_with_and_without_points) {
    EXPECT_EQ(folded("Їжак"), folded("Іжак"));
}

TEST(Fold, a_byte_that_is_not_utf8_is_read_as_windows_1252) {
    EXPECT_EQ(folded("Jos\xE9"), "jose");
    EXPECT_EQ(folded("O\x92Neil"), "oneil");
    EXPECT_EQ(folded("\x8Aimon"), "simon");
    EXPECT_EQ(folded("M\xFCller"), "muller");
    EXPECT_EQ(folded("Zo\xEB \xC5\x81ukasz"), "zoe lukasz");  // both in one text
    EXPECT_EQ(folded("\xED\xA0\x80"), "i");                   // a surrogate is no letter: í, blank, €
}

TEST(Fold, a_lost_letter_stays_one_letter) { EXPECT_EQ(folded("Zo\uFFFD"), "zo\uFFFD"); }

TEST(Fold, of_random_bytes_is_well_formed_trimmed_and_folds_to_itself) {
    std::mt19937 random(7);
    const std::string_view pieces[] = {"a",  "B",         " ",        "-",    "'",
                                       "é",  "e\xCC\x81", "ß",        "Ł",    "’",
                                       "ж",  "ё",         "\xE9",     "\x92", "中",
                                       "가", "ﬁ",         "\xCC\x88", "İ",    "क",
                                       "ु",   "が",        "ά",        "ς",    "\xF0\x9F\x98\x80",
                                       "2"};
    std::string out, again;
    for (int round = 0; round < 40'000; ++round) {
        std::string raw;
        for (std::size_t n = random() % 12; n > 0; --n) {
            if (random() % 8 == 0)
                raw += static_cast<char>(random() % 256);
            else
                raw += pieces[random() % std::size(pieces)];
        }
        fold(raw, out);
        ASSERT_TRUE(rules::is_utf8(out));
        ASSERT_TRUE(out.empty() || (out.front() != ' ' && out.back() != ' ')) << out;
        ASSERT_EQ(out.find("  "), std::string::npos) << out;
        fold(out, again);
        ASSERT_EQ(again, out);
    }
}

TEST(Fold, the_ascii_path_and_the_other_agree) {
    std::mt19937 random(11);
    for (int round = 0; round < 20'000; ++round) {
        std::string raw;
        for (std::size_t n = random() % 12; n > 0; --n) raw += static_cast<char>(random() % 128);
        const std::string by_ascii = folded(raw);
        const std::string by_unicode = folded(raw + " ж");
        ASSERT_EQ(by_unicode, by_ascii.empty() ? "ж" : by_ascii + " ж");
    }
}

}  // namespace
}  // namespace sendhub::identity::text
