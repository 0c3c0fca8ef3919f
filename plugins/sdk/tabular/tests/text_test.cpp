#include "plugins/sdk/tabular/text.hpp"

#include <gtest/gtest.h>

#include <sendhub/plugin.hpp>

#include "plugins/sdk/tabular/file_kind.hpp"
#include "plugins/sdk/tabular/tests/slow_source.hpp"

namespace sendhub::tabular {
namespace {

std::string all(std::string_view bytes, Encoding encoding = Encoding::detect, std::size_t step = 1,
                Encoding* found = nullptr) {
    Slow slow(bytes, step);
    Utf8Source source(slow, encoding);
    std::string out;
    char buffer[16];
    while (const std::size_t n = source.read(buffer)) out.append(buffer, n);
    if (found) *found = source.encoding();
    return out;
}

struct Case {
    std::string name, bytes, text;
    Encoding asked, found;
};

class Encodings : public testing::TestWithParam<Case> {};
TEST_P(Encodings, BecomeUtf8HoweverTheBytesAreCut) {
    for (const std::size_t step : {1u, 2u, 3u, 7u, 100'000u}) {
        Encoding found{};
        EXPECT_EQ(all(GetParam().bytes, GetParam().asked, step, &found), GetParam().text) << "step " << step;
        EXPECT_EQ(found, GetParam().found) << "step " << step;
    }
}

using namespace std::string_literals;
INSTANTIATE_TEST_SUITE_P(
    All, Encodings,
    testing::Values(
        Case{"Ascii", "Holt,Amara\n", "Holt,Amara\n", Encoding::detect, Encoding::detect},
        Case{"Empty", "", "", Encoding::detect, Encoding::detect},
        Case{"Utf8", "Zoë O\xE2\x80\x99Neil", "Zoë O\xE2\x80\x99Neil", Encoding::detect, Encoding::utf8},
        Case{"Utf8WithMark",
             "\xEF\xBB\xBF"
             "Zoë",
             "Zoë", Encoding::detect, Encoding::utf8},
        Case{"OnlyAMark", "\xEF\xBB\xBF", "", Encoding::detect, Encoding::utf8},
        Case{"Windows1252", "Zo\xEB O\x92Neil \x80", "Zoë O\xE2\x80\x99Neil €", Encoding::detect,
             Encoding::windows1252},
        Case{"Windows1252AtTheEnd", "Zo\xEB", "Zoë", Encoding::detect, Encoding::windows1252},
        Case{"Windows1252Asked", "\xC3\xAB", "Ã«", Encoding::windows1252, Encoding::windows1252},
        Case{"Windows1252Undefined", "a\x81z", "a\xEF\xBF\xBDz", Encoding::windows1252,
             Encoding::windows1252},
        Case{"Utf16Le", "\xFF\xFEZ\0o\0\xEB\0"s, "Zoë", Encoding::detect, Encoding::utf16le},
        Case{"Utf16Be", "\xFE\xFF\0Z\0o\0\xEB"s, "Zoë", Encoding::detect, Encoding::utf16be},
        Case{"Utf16Pair", "\xFF\xFE\x3D\xD8\x00\xDE"s, "\xF0\x9F\x98\x80", Encoding::detect,
             Encoding::utf16le},
        Case{"Utf16LonePair", "\xFF\xFE\x3D\xD8\x41\x00"s,
             "\xEF\xBF\xBD"
             "A",
             Encoding::detect, Encoding::utf16le},
        Case{"Utf16HalfUnit", "\xFF\xFE\x41\x00\x42"s, "A\xEF\xBF\xBD", Encoding::detect, Encoding::utf16le},
        Case{"Nul", "ab\0cd and more text"s, "abcd and more text", Encoding::detect, Encoding::detect}),
    [](const auto& info) { return info.param.name; });

std::vector<std::string> remarks(std::string_view bytes, std::string* text = nullptr,
                                 Encoding encoding = Encoding::detect) {
    StringSource all_bytes(bytes);
    Utf8Source source(all_bytes, encoding);
    std::string out;
    char buffer[100];
    while (const std::size_t n = source.read(buffer)) out.append(buffer, n);
    if (text) *text = out;
    return source.remarks();
}

TEST(Encoding, OneWrongByteInALineOfUtf8IsRepairedAndReported) {
    std::string text;
    const auto said = remarks("Zoë, Ren\xE9, Zoë, \xE9\n", &text);
    EXPECT_EQ(text, "Zoë, René, Zoë, é\n");
    ASSERT_EQ(said.size(), 1u);
    EXPECT_NE(said[0].find("line 1"), std::string::npos) << said[0];
}

TEST(Encoding, InALineOfWindows1252TheCharactersOfUtf8AreReadAndTheLineReported) {
    std::string text;
    const auto said = remarks("Ren\xE9\nZo\xEB, Zo\xC3\xAB\nAna\xEFs\n", &text);
    EXPECT_EQ(text, "René\nZoë, Zoë\nAnaïs\n");
    ASSERT_EQ(said.size(), 1u);
    EXPECT_NE(said[0].find("line 2"), std::string::npos) << said[0];
    EXPECT_TRUE(remarks("CAF\xC9\x92S\n", &text).empty());
    EXPECT_EQ(text, "CAFÉ’S\n") << "well-formed UTF-8 by chance";
}

TEST(Encoding, NulsAreTakenOutAndATextThatEndsWithinACharacterIsReported) {
    std::string text;
    auto said = remarks(std::string("a\nHolt\0\0,b\n", 11), &text);
    EXPECT_EQ(text, "a\nHolt,b\n");
    ASSERT_EQ(said.size(), 1u);
    EXPECT_NE(said[0].find("line 2 holds NUL"), std::string::npos) << said[0];
    for (const std::string cut : {"Zo\xC3", "Zo\xE2\x80", "Zoë\nZo\xC3"}) {
        bool named = false;
        for (const std::string& sentence : remarks(cut))
            named = named || sentence.find("ends within a character") != std::string::npos;
        EXPECT_TRUE(named) << cut;
    }
    EXPECT_TRUE(remarks("Ren\xE9\nZo\xEB").empty()) << "Windows-1252, whole";
}

TEST(Encoding, OfAMixedFileOnlyTheRareLinesAreReported) {
    std::string text;
    auto said = remarks("a\nZoë\nRen\xE9\nAnaïs\n", &text);
    EXPECT_EQ(text, "a\nZoë\nRené\nAnaïs\n");
    ASSERT_EQ(said.size(), 1u);
    EXPECT_NE(said[0].find("line 3 is not UTF-8"), std::string::npos) << said[0];
    said = remarks("Zo\xEB\nRen\xE9\nAna\xEFs\nZoë\n", &text);
    EXPECT_EQ(text, "Zoë\nRené\nAnaïs\nZoë\n");
    ASSERT_EQ(said.size(), 1u);
    EXPECT_NE(said[0].find("line 4 is UTF-8"), std::string::npos) << said[0];
}

TEST(Encoding, IsDecidedOnEveryLineAndNotOnTheFirstOddByte) {
    // the first line beyond ASCII is Windows-1252 and far from the others
    std::string bytes = "Ren\xE9\n", wanted = "René\n", text;
    for (int i = 0; i < 40'000; ++i) bytes += "plain line\n", wanted += "plain line\n";
    for (int i = 0; i < 10; ++i) bytes += "Zoë\n", wanted += "Zoë\n";
    EXPECT_EQ(remarks(bytes, &text).size(), 1u);
    EXPECT_EQ(text, wanted);
}

TEST(Encoding, AWholeFileOfWindows1252IsNothingToReport) {
    std::string text;
    EXPECT_TRUE(remarks("Zo\xEB\nRen\xE9\n", &text).empty());
    EXPECT_EQ(text, "Zoë\nRené\n");
}

TEST(Encoding, MarksAreTakenOffAndContradictionsAreReported) {
    std::string text;
    const auto utf16 = [](std::string_view ascii, bool big) {
        std::string out;
        for (const char c : ascii) {
            if (big) out += '\0';
            out += c;
            if (!big) out += '\0';
        }
        return out;
    };
    EXPECT_TRUE(remarks("\xEF\xBB\xBF\xEF\xBB\xBFid,name\n", &text).empty());
    EXPECT_EQ(text, "id,name\n") << "doubled mark";
    EXPECT_TRUE(remarks("\xFF\xFE\xFF\xFE" + utf16("id,name\n", false), &text).empty());
    EXPECT_EQ(text, "id,name\n") << "doubled mark of UTF-16";
    for (const bool big : {false, true}) {
        EXPECT_TRUE(remarks(utf16("id,name\n", big), &text).empty());
        EXPECT_EQ(text, "id,name\n") << "no mark";
        EXPECT_EQ(remarks((big ? "\xFF\xFE" : "\xFE\xFF") + utf16("id,name\n", big), &text).size(), 1u);
        EXPECT_EQ(text, "id,name\n") << "the mark of the other byte order";
        EXPECT_EQ(remarks("\xEF\xBB\xBF" + utf16("id,name\n", big), &text).size(), 1u);
        EXPECT_EQ(text, "id,name\n") << "the mark of UTF-8";
    }
    EXPECT_EQ(remarks("\xFF\xFEid,name\nZoë,x\n", &text).size(), 1u);
    EXPECT_EQ(text, "id,name\nZoë,x\n") << "the mark of UTF-16 before UTF-8";
    EXPECT_EQ(remarks("\xEF\xBB\xBFZoë\n", &text, Encoding::windows1252).size(), 1u);
    EXPECT_EQ(text, "Zoë\n") << "the setting against the mark";
    EXPECT_THROW(remarks("id,name\n", nullptr, Encoding::utf16le), sdk::FileRefused);
}

TEST(Encoding, Utf8ThatIsSaidToBeWindows1252IsRefusedAtTheEnd) {
    StringSource bytes("Zoë\n");
    Utf8Source source(bytes, Encoding::windows1252);
    char buffer[100];
    while (source.read(buffer) > 0) {
    }
    EXPECT_THROW(source.check_asked(), sdk::FileRefused);
}

TEST(Encoding, AnEndOfFileMarkIsNoText) {
    std::string text;
    remarks("a,b\n1,2\n\x1A", &text);
    EXPECT_EQ(text, "a,b\n1,2\n");
    remarks("a,b\n1,2\x1A\x1A", &text);
    EXPECT_EQ(text, "a,b\n1,2");
}

TEST(Encoding, Utf8ThatWasAskedForAndIsNotIsRefusedWithTheLine) {
    try {
        all("ab\ncd\xE9"
            "fg",
            Encoding::utf8, 100);
        FAIL() << "taken";
    } catch (const sdk::FileRefused& e) {
        EXPECT_NE(std::string(e.what()).find("line 2"), std::string::npos) << e.what();
    }
}

TEST(FileKind, IsNamedWithWhatToDo) {
    using namespace std::string_view_literals;
    const std::vector<std::pair<std::string_view, std::string_view>> kinds = {
        {"\xD0\xCF\x11\xE0\xA1\xB1"sv, ".xls"},
        {"PK\x03\x04"sv, ".xlsx"},
        {"%PDF-1.7\n"sv, "PDF"},
        {"{\\rtf1 a"sv, "RTF"},
        {"\x1F\x8B\x08"sv, "gzip"},
        {"\x89PNG\r\n"sv, "picture"},
        {"\xFF\xD8\xFF\xE0"sv, "picture"},
        {"\xEF\xBB\xBF <!DOCTYPE html><html>"sv, "HTML"},
        {"<table><tr><td>UPN"sv, "HTML"},
        {"\xFF\xFE<\0h\0t\0m\0l\0>\0"sv, "HTML"},
        {"<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?><Workbook>"sv, "Excel workbook"},
        {"<?xml version=\"1.0\"?>\n<!-- x <y> --><Message xmlns=\"a\">"sv, "<Message>"},
        {"[{\"upn\": 1}]"sv, "JSON"},
        {"{ \"children\": []}"sv, "JSON"}};
    for (const auto& [bytes, word] : kinds) {
        const auto why = not_a_table(bytes);
        ASSERT_TRUE(why) << word;
        EXPECT_NE(why->find(word), std::string::npos) << *why;
    }
    for (const std::string_view table :
         {"id,name\n"sv, "[Child Ref],[UPN]\n"sv, ""sv, "\n"sv, "<5 sessions,x\n"sv})
        EXPECT_EQ(not_a_table(table), std::nullopt) << table;
    StringSource source("%PDF-1.7 x");
    Utf8Source text(source);
    char buffer[100];
    EXPECT_THROW(text.read(buffer), sdk::FileRefused);
}

TEST(Encoding, IsNamedInTheSettings) {
    EXPECT_EQ(encoding_by_name("auto"), Encoding::detect);
    EXPECT_EQ(encoding_by_name("UTF-8"), Encoding::utf8);
    EXPECT_EQ(encoding_by_name("windows-1252"), Encoding::windows1252);
    EXPECT_EQ(encoding_by_name("latin9"), std::nullopt);
}

TEST(Text, IsTrimmedOfAllBlanksThatPeoplePaste) {
    EXPECT_EQ(trim(" \t\xC2\xA0 Holt \xC2\xA0\r\n"), "Holt");
    EXPECT_EQ(trim("\xEF\xBB\xBF"
                   "UPN"),
              "UPN");
    EXPECT_EQ(trim(" \xC2\xA0 "), "");
    EXPECT_EQ(trim("Zoë"), "Zoë");
}

TEST(Text, FoldsForComparison) {
    EXPECT_EQ(fold("  Date \r\n Off\xC2\xA0Roll "), "date off roll");
    EXPECT_EQ(fold(""), "");
}

TEST(Text, IsCutAtCharacters) {
    EXPECT_EQ(first_characters("Zoë!", 3), "Zoë");
    EXPECT_EQ(first_characters("Zoë", 3), "Zoë");
    EXPECT_EQ(first_characters("Zoë", 0), "");
    EXPECT_EQ(count_characters("Zoë"), 3u);
}

TEST(EmptyWords, AreNoValueButANameMayBeOne) {
    const EmptyWords words;
    for (const auto* text : {"", "NULL", "null", "N/A", "na", "-", "--"})
        EXPECT_TRUE(words.is_empty(text)) << text;
    for (const auto* text : {"0", "N", "None", "nullify", "---"}) EXPECT_FALSE(words.is_empty(text)) << text;
    for (const auto* text : {"", "N/A", "-", "--"}) EXPECT_TRUE(words.is_empty_name(text)) << text;
    for (const auto* text : {"Null", "NULL", "Na", "NA", "Holt"})
        EXPECT_FALSE(words.is_empty_name(text)) << text;
    const EmptyWords own({"unknown"});
    EXPECT_TRUE(own.is_empty("Unknown"));
    EXPECT_FALSE(own.is_empty("NULL"));
}

}  // namespace
}  // namespace sendhub::tabular
