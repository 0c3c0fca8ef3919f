#include "identity/text/address_postcode.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sendhub::identity::text {
namespace {

TEST(StandardPostcode, one_form_and_what_it_is) {
    struct Case {
        const char *raw, *text;
        bool valid, pseudo;
    };
    Postcode out{"left over", true, true};
    for (const auto& [raw, text, valid, pseudo] :
         std::vector<Case>{{"LS8 3DR", "LS8 3DR", true, false},
                           {"ls83dr", "LS8 3DR", true, false},
                           {" LS8-3DR. ", "LS8 3DR", true, false},
                           {"LS8\xC2\xA0"
                            "3DR",
                            "LS8 3DR", true, false},
                           {"L S 8 3 D R", "LS8 3DR", true, false},
                           {"SW1A 1AA", "SW1A 1AA", true, false},
                           {"M1 1AE", "M1 1AE", true, false},
                           {"LSO 3DR", "LS0 3DR", true, false},  // letter O
                           {"0X1 2JD", "OX1 2JD", true, false},  // digit 0
                           {"1P1 3DR", "IP1 3DR", true, false},
                           {"LS8 ODR", "LS8 0DR", true, false},
                           {"LSI 3DR", "LS1 3DR", true, false},
                           {"ZZ99 3VZ", "ZZ99 3VZ", true, true},
                           {"zz993cz", "ZZ99 3CZ", true, true},
                           {"LS8 3CR", "LS8 3CR", false, false},  // no C there
                           {"LS8", "LS8", false, false},
                           {"4011", "4011", false, false},
                           {"k1a-0b1", "K1A 0B1", false, false},
                           {"LS8 3DR Leeds", "LS8 3DR LEEDS", false, false},
                           {"unknown", "", false, false},
                           {"n/a", "", false, false},
                           {"", "", false, false}}) {
        standard_postcode(raw, out);
        EXPECT_EQ(out.text, text) << raw;
        EXPECT_EQ(out.valid, valid) << raw;
        EXPECT_EQ(out.pseudo, pseudo) << raw;
    }
}

TEST(PostcodeParts, sector_district_area) {
    EXPECT_EQ(sector("LS8 3DR"), "LS8 3");
    EXPECT_EQ(district("LS8 3DR"), "LS8");
    EXPECT_EQ(area("LS8 3DR"), "LS");
    EXPECT_EQ(sector("SW1A 1AA"), "SW1A 1");
    EXPECT_EQ(district("SW1A 1AA"), "SW1A");
    EXPECT_EQ(area("M1 1AE"), "M");
    EXPECT_EQ(sector(""), "");
    EXPECT_EQ(area(""), "");
}

}  // namespace
}  // namespace sendhub::identity::text
