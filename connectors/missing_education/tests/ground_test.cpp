#include "connectors/missing_education/ground.hpp"

#include <gtest/gtest.h>

namespace sendhub::missing_education {
namespace {

const auto now = sdk::Date::from_civil(2025, 10, 1);
const auto before = sdk::Date::from_civil(2024, 8, 18);
const auto first_day = sdk::Date::from_civil(2024, 8, 19);

TEST(Grounds, Of2024AreReadHoweverTheyAreWritten) {
    for (const auto* text : {"F", "f", "(f)", "9(1)(f)", "9(1)f", "9.1.f", "Reg 9(1)(f)",
                             "Regulation 9(1) (F)", "Ground F", "reg. 9(1)(f)"}) {
        const Ground ground = read_ground(text, now);
        EXPECT_EQ(ground.code, "F") << text;
        EXPECT_EQ(ground.scheme, "2024") << text;
    }
    for (char letter = 'A'; letter <= 'O'; ++letter)
        EXPECT_EQ(read_ground(std::string(1, letter), now).code, std::string(1, letter));
}

TEST(Grounds, Of2006AreTranslated) {
    const std::pair<const char*, const char*> cases[] = {
        {"8(1)(b)", "A"}, {"8(1)(d)", "F"}, {"Reg 8(1)(e)", "G"}, {"8(1)(f)", "H"},
        {"8(1)(h)", "I"}, {"8(1)(j)", "K"}, {"8(1)(m)", "O"}};
    for (const auto& [text, code] : cases) {
        EXPECT_EQ(read_ground(text, before).code, code) << text;
        EXPECT_EQ(read_ground(text, before).scheme, "2006") << text;
        EXPECT_EQ(read_ground(text, now).scheme, "2006") << text << ": the text says so, whatever the day";
    }
    EXPECT_EQ(read_ground("8(1)(g)", before).fault, GroundFault::no_equivalent);
    EXPECT_EQ(read_ground("8(1)(o)", before).fault, GroundFault::unknown);
}

TEST(Grounds, ABareLetterBeforeTheChangeIsNotGuessed) {
    EXPECT_EQ(read_ground("F", before).fault, GroundFault::which_scheme);
    EXPECT_EQ(read_ground("F", first_day).code, "F");
    EXPECT_EQ(read_ground("F", std::nullopt).code, "F");
}

TEST(Grounds, OtherTextIsNone) {
    for (const auto* text : {"P", "9(1)(p)", "moved", "9(1)", "9(1)()", "10(1)(a)", "ff", ")"})
        EXPECT_EQ(read_ground(text, now).fault, GroundFault::unknown) << text;
}

}  // namespace
}  // namespace sendhub::missing_education
