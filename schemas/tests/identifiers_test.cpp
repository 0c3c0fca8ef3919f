#include "schemas/rules/identifiers.hpp"

#include <gtest/gtest.h>

using namespace sendhub::rules;

TEST(Upn, worked_values_of_the_fact_sheet_are_valid) {
    for (const char* upn :
         {"B801200005001", "X873400125001", "L873400125002", "G201361424017", "A950000178301"})
        EXPECT_NE(upn_check_letter(std::string_view(upn).substr(1)), 0) << upn;
    EXPECT_EQ(upn_state("B801200005001"), IdState::valid);
    EXPECT_EQ(upn_state("X873400125001"), IdState::valid);
    EXPECT_EQ(upn_state("L873400125002"), IdState::valid);
    EXPECT_EQ(upn_state("H87340012500A"), IdState::temporary);
}

TEST(Upn, a_wrong_letter_an_unknown_authority_and_a_wrong_length_are_invalid) {
    EXPECT_EQ(upn_state("R247962919251"), IdState::invalid);
    EXPECT_EQ(upn_state("X428558133462"), IdState::invalid);
    EXPECT_EQ(upn_state("X87340012500"), IdState::invalid);
    std::string unknown_la = "?999400125001";
    unknown_la[0] = upn_check_letter(std::string_view(unknown_la).substr(1));
    EXPECT_EQ(upn_state(unknown_la), IdState::invalid);
}

TEST(Upn, every_single_digit_error_is_caught) {
    const std::string upn = "X873400125001";
    for (std::size_t i = 1; i < upn.size(); ++i)
        for (char d = '0'; d <= '9'; ++d) {
            if (d == upn[i]) continue;
            std::string wrong = upn;
            wrong[i] = d;
            EXPECT_EQ(upn_state(wrong), IdState::invalid) << wrong;
        }
}

TEST(NhsNumber, vectors_of_the_fact_sheet) {
    for (const char* nhs : {"9990000018", "9990000026", "9990000034", "9990000050"})
        EXPECT_EQ(nhs_number_state(nhs), IdState::valid) << nhs;
    for (char d = '0'; d <= '9'; ++d)
        EXPECT_EQ(nhs_number_state(std::string("999000014") + d), IdState::invalid);
    EXPECT_EQ(nhs_number_state("9999999999"), IdState::invalid);
    EXPECT_EQ(nhs_number_state("999000001"), IdState::invalid);
}

TEST(Uln, vectors_of_the_fact_sheet) {
    for (const char* uln : {"1000000043", "1234567899", "5900000124", "7319045620", "9276308686"})
        EXPECT_EQ(uln_state(uln), IdState::valid) << uln;
    EXPECT_EQ(uln_state("9999999999"), IdState::invalid);
    EXPECT_EQ(uln_state("0000000042"), IdState::invalid);  // below the range in use
}

TEST(Identifiers, no_number_is_both_a_uln_and_an_nhs_number) {
    for (std::int64_t n = 1'000'000'000; n < 1'000'200'000; ++n) {
        const std::string text = std::to_string(n);
        EXPECT_FALSE(uln_state(text) == IdState::valid && nhs_number_state(text) == IdState::valid) << text;
    }
}

TEST(Identifiers, blanks_and_hyphens_go_and_letters_rise) {
    EXPECT_EQ(compact_identifier(" x873-4001 25001\t"), "X873400125001");
}
