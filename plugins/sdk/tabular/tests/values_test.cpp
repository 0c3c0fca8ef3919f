#include <gtest/gtest.h>

#include "plugins/sdk/tabular/identifier.hpp"
#include "plugins/sdk/tabular/numbers.hpp"
#include "plugins/sdk/tabular/postcode_cell.hpp"

namespace sendhub::tabular {
namespace {

TEST(Numbers, Integers) {
    const std::pair<const char*, std::optional<std::int64_t>> cases[] = {
        {"9", 9},    {" 9.0 ", 9}, {"-3", -3}, {"+3", 3},    {"1,234", 1234}, {"007", 7},
        {"9.5", {}}, {"", {}},     {"x", {}},  {"1,23", {}}, {"1e3", {}},     {"9999999999999999", {}}};
    for (const auto& [text, value] : cases) EXPECT_EQ(parse_integer(text), value) << text;
}

TEST(Numbers, Decimals) {
    const std::pair<const char*, std::optional<double>> cases[] = {
        {"12", 12},   {"12.5", 12.5}, {".5", 0.5}, {"5.", 5},   {"1,234.5", 1234.5}, {"-0.25", -0.25},
        {"12,5", {}}, {"1.2.3", {}},  {"nan", {}}, {"1e3", {}}, {".", {}},           {"-", {}}};
    for (const auto& [text, value] : cases) EXPECT_EQ(parse_decimal(text), value) << text;
}

TEST(Numbers, TruthValues) {
    for (const auto* yes : {"Y", "yes", "TRUE", "1", "1.0", "t"}) EXPECT_EQ(parse_boolean(yes), true) << yes;
    for (const auto* no : {"N", "No", "false", "0", "F"}) EXPECT_EQ(parse_boolean(no), false) << no;
    for (const auto* other : {"", "maybe", "2", "yes please"})
        EXPECT_EQ(parse_boolean(other), std::nullopt) << other;
}

TEST(Numbers, ExponentFormIsToldFromLocalNumbers) {
    for (const auto* text : {"9.43E+09", "9.43e9", "1E+12", "9.99E+09 "})
        EXPECT_TRUE(is_exponent_form(text)) << text;
    for (const auto* text :
         {"12E4", "E12", "EE+09", "9.4.3E+09", "9434765919", "1E+", "1E+1234", "A9.43E+09"})
        EXPECT_FALSE(is_exponent_form(text)) << text;
}

TEST(Numbers, LeadingZeros) {
    EXPECT_EQ(with_leading_zeros("5", 3), "005");
    EXPECT_EQ(with_leading_zeros("5.0", 3), "005");
    EXPECT_EQ(with_leading_zeros("8734", 3), "8734");
    EXPECT_EQ(with_leading_zeros("A5", 3), "A5");
    EXPECT_EQ(without_zero_fraction("133.0"), "133");
    EXPECT_EQ(without_zero_fraction("133.5"), "133.5");
}

TEST(Postcodes, BecomeOneForm) {
    const std::pair<const char*, const char*> cases[] = {
        {"LS8 3DR", "LS8 3DR"},
        {"ls83dr", "LS8 3DR"},
        {" LS8  3DR ", "LS8 3DR"},
        {"LS8\xC2\xA0"
         "3DR",
         "LS8 3DR"},
        {"XD1 2AB", "XD1 2AB"},
        {"M1 1AA", "M1 1AA"},
        {"EC1A1BB", "EC1A 1BB"},
        {"LSB 3DR", ""},
        {"L58 3DR", "L58 3DR"},
        {"LS8 301", ""},
        {"", ""},
        {"unknown", ""},
        {"LS8 3DRX", ""},
        {"LS8", ""},
        {"LS8 3DV", ""},
        {"ZZ99 3VZ", "ZZ99 3VZ"},
        {"XDI 2AB", "XD1 2AB"},
        {"XD1 ZAB", ""},
        {"LS8 O0R", ""},
        {"SWIA 2AA", "SW1A 2AA"},
        {"0X1 2AB", "OX1 2AB"},
        {"XD10 OAB", "XD10 0AB"},
    };
    for (const auto& [text, value] : cases) EXPECT_EQ(normalise_postcode(text).value, value) << text;
    EXPECT_FALSE(normalise_postcode("LS8 3DR").changed);
    EXPECT_TRUE(normalise_postcode("ls8 3dr").changed);
    EXPECT_TRUE(normalise_postcode("ZZ99 3VZ").no_fixed_abode);
}

TEST(Uprns, BelowTwoAreMissing) {
    EXPECT_EQ(normalise_uprn("100023336956.0"), "100023336956");
    EXPECT_EQ(normalise_uprn("000123"), "123");
    EXPECT_EQ(normalise_uprn("100,023,336,956"), "100023336956");
    EXPECT_EQ(normalise_uprn("'100 023 336 956"), "100023336956");
    EXPECT_EQ(normalise_uprn("-5"), "");
    for (const auto* text : {"", "-1", "0", "1", "1234567890123", "12a", "1.00E+11"})
        EXPECT_EQ(normalise_uprn(text), "") << text;
}

struct IdCase {
    IdKind kind;
    const char *text, *value;
    rules::IdState state;
    IdFault fault;
    bool changed;
};

TEST(Identifiers, AreClassified) {
    using enum IdKind;
    using enum rules::IdState;
    const IdCase cases[] = {
        {upn, "X873400125001", "X873400125001", valid, IdFault::none, false},
        {upn, " x873 4001 25001", "X873400125001", valid, IdFault::none, true},
        {upn, "H87340012500A", "H87340012500A", temporary, IdFault::none, false},
        {upn, "X873400125010", "X873400125010", invalid, IdFault::check_failed, false},
        {upn, "UN3", "", invalid, IdFault::placeholder, false},
        {upn, "9990000018", "9990000018", invalid, IdFault::wrong_column, false},
        {uln, "1000000043", "1000000043", valid, IdFault::none, false},
        {uln, "1000000043.0", "1000000043", valid, IdFault::none, true},
        {uln, "9999999999", "", invalid, IdFault::placeholder, false},
        {uln, "9990000018", "9990000018", invalid, IdFault::wrong_column, false},
        {nhs_number, "999 000 0018", "9990000018", valid, IdFault::none, true},
        {nhs_number, "999-000-0050", "9990000050", valid, IdFault::none, true},
        {nhs_number, "9990000019", "9990000019", invalid, IdFault::check_failed, false},
        {nhs_number, "9.99E+09", "", invalid, IdFault::exponent, false},
        {nhs_number, "0000000000", "", invalid, IdFault::placeholder, false},
        {nhs_number, "1000000043", "1000000043", invalid, IdFault::wrong_column, false},
        {nhs_number, "9990000018.0", "9990000018", valid, IdFault::none, true},
        {nhs_number, "9,990,000,018", "9990000018", valid, IdFault::none, true},
        {nhs_number, "999.000.0018", "9990000018", valid, IdFault::none, true},
        {nhs_number, "=\"9990000018\"", "9990000018", valid, IdFault::none, true},
        {nhs_number, "'9990000018", "9990000018", valid, IdFault::none, true},
        {nhs_number,
         "999\xE2\x80\xAF"
         "000\xE2\x80\x93"
         "0018",
         "9990000018", valid, IdFault::none, true},
        {nhs_number, "999OOO0018", "999OOO0018", invalid, IdFault::check_failed, false},
        {nhs_number, "999000001.8", "999000001.8", invalid, IdFault::check_failed, false},
        {nhs_number, "'9.990000018E9", "", invalid, IdFault::exponent, false},
        {nhs_number, "101010109", "101010109", invalid, IdFault::lost_zero, false},
        {nhs_number, "unknown", "UNKNOWN", invalid, IdFault::check_failed, true},
    };
    for (const IdCase& c : cases) {
        const Identifier got = classify_identifier(c.kind, c.text);
        EXPECT_EQ(got.value, c.value) << c.text;
        EXPECT_EQ(got.state, c.state) << c.text;
        EXPECT_EQ(got.fault, c.fault) << c.text;
        EXPECT_EQ(got.changed, c.changed) << c.text;
    }
}

}  // namespace
}  // namespace sendhub::tabular
