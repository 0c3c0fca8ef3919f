#include "plugins/sdk/tabular/text.hpp"

#include <gtest/gtest.h>

#include <sendhub/plugin.hpp>

namespace sendhub::tabular {
namespace {

// Hands out `step` bytes at a time, so that every character is cut somewhere.
class Slow : public ByteSource {
  public:
    Slow(std::string_view text, std::size_t step) : text_(text), step_(step) {}
    std::size_t read(std::span<char> into) override {
        const std::size_t n = std::min({into.size(), step_, text_.size()});
        std::copy_n(text_.data(), n, into.data());
        text_.remove_prefix(n);
        return n;
    }

  private:
    std::string_view text_;
    std::size_t step_;
};

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
        Case{"Nul", "ab\0cd and more text"s,
             "ab\xEF\xBF\xBD"
             "cd and more text",
             Encoding::detect, Encoding::detect}),
    [](const auto& info) { return info.param.name; });

TEST(Encoding, OneWrongByteInUtf8IsRepairedAndCounted) {
    const std::string text = "Zoë, Zoë, Zoë, Ren\xE9";
    StringSource bytes(text);
    Utf8Source source(bytes);
    char buffer[100];
    std::string out;
    while (const std::size_t n = source.read(buffer)) out.append(buffer, n);
    EXPECT_EQ(out, "Zoë, Zoë, Zoë, René");
    EXPECT_EQ(source.repaired(), 1u);
}

TEST(Encoding, Utf8ThatWasAskedForAndIsNotIsRefusedWithTheByte) {
    try {
        all("abcd\xE9"
            "fg",
            Encoding::utf8, 100);
        FAIL() << "taken";
    } catch (const sdk::FileRefused& e) {
        EXPECT_NE(std::string(e.what()).find("byte 4"), std::string::npos) << e.what();
    }
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
