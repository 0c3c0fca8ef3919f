#include "identity/text/phonetic.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace sendhub::identity::text {
namespace {

// The names that the published rules give as their examples, and the codes the rules lead to.
TEST(Phonetic, codes_of_the_rules_own_examples) {
    struct Case {
        const char *name, *primary, *alternate;
    };
    for (const auto& [name, primary, alternate] : std::vector<Case>{{"smith", "SM0", "XMT"},
                                                                    {"schmidt", "XMT", "SMT"},
                                                                    {"snider", "SNTR", "XNTR"},
                                                                    {"schneider", "XNTR", "SNTR"},
                                                                    {"arnow", "ARN", "ARNF"},
                                                                    {"arnoff", "ARNF", "ARNF"},
                                                                    {"filipowicz", "FLPT", "FLPF"},
                                                                    {"jose", "HS", "HS"},
                                                                    {"cabrillo", "KPRL", "KPR"},
                                                                    {"gallegos", "KLKS", "KKS"},
                                                                    {"xavier", "SF", "SFR"},
                                                                    {"rogier", "RJ", "RJR"},
                                                                    {"artois", "ART", "ARTS"},
                                                                    {"resnais", "RSN", "RSNS"},
                                                                    {"breaux", "PR", "PR"},
                                                                    {"wasserman", "ASRM", "FSRM"},
                                                                    {"vasserman", "FSRM", "FSRM"},
                                                                    {"jankelowicz", "JNKL", "ANKL"},
                                                                    {"bajador", "PJTR", "PHTR"},
                                                                    {"michael", "MKL", "MXL"},
                                                                    {"catherine", "K0RN", "KTRN"},
                                                                    {"katherine", "K0RN", "KTRN"},
                                                                    {"thomas", "TMS", "TMS"},
                                                                    {"thumb", "0M", "TM"},
                                                                    {"campbell", "KMPL", "KMPL"},
                                                                    {"caesar", "SSR", "SSR"},
                                                                    {"czerny", "SRN", "XRN"},
                                                                    {"bacchus", "PKS", "PKS"},
                                                                    {"bellocchio", "PLX", "PLX"},
                                                                    {"edge", "AJ", "AJ"},
                                                                    {"edgar", "ATKR", "ATKR"},
                                                                    {"tagliaro", "TKLR", "TLR"},
                                                                    {"ghislane", "JLN", "JLN"},
                                                                    {"laugh", "LF", "LF"},
                                                                    {"tough", "TF", "TF"},
                                                                    {"cagney", "KKN", "KKN"},
                                                                    {"island", "ALNT", "ALNT"},
                                                                    {"carlisle", "KRLL", "KRLL"},
                                                                    {"sugar", "XKR", "SKR"},
                                                                    {"school", "SKL", "SKL"},
                                                                    {"schermerhorn", "XRMR", "SKRM"},
                                                                    {"zhao", "J", "J"},
                                                                    {"hochmeier", "HKMR", "HKMR"},
                                                                    {"wright", "RT", "RT"},
                                                                    {"knight", "NT", "NT"},
                                                                    {"accident", "AKST", "AKST"},
                                                                    {"accede", "AKST", "AKST"},
                                                                    {"bertucci", "PRTX", "PRTX"},
                                                                    {"orchestra", "ARKS", "ARKS"},
                                                                    {"wachtler", "AKTL", "FKTL"},
                                                                    {"mcclellan", "MKLL", "MKLL"},
                                                                    {"mchugh", "MK", "MK"},
                                                                    {"uomo", "AM", "AM"},
                                                                    {"womo", "AM", "FM"},
                                                                    {"rough", "RF", "RF"},
                                                                    {"gough", "KF", "KF"},
                                                                    {"hugh", "H", "H"},
                                                                    {"bough", "P", "P"},
                                                                    {"ranger", "RNJR", "RNKR"},
                                                                    {"biaggi", "PJ", "PK"}}) {
        const Phonetic code = phonetic(name);
        EXPECT_EQ(to_string(code.primary), primary) << name;
        EXPECT_EQ(to_string(code.alternate), alternate) << name;
    }
}

TEST(Phonetic, names_that_are_confused_share_a_key) {
    const std::pair<const char*, const char*> alike[] = {
        {"smith", "smyth"},  {"stephen", "steven"},     {"katherine", "kathryn"},  {"philip", "filip"},
        {"reid", "reed"},    {"mcdonald", "macdonald"}, {"hussain", "hussein"},    {"mohammed", "muhammad"},
        {"clark", "clarke"}, {"nguyen", "nguyan"},      {"choudhury", "choudhry"}, {"jeffery", "jeffrey"}};
    for (const auto& [a, b] : alike) EXPECT_EQ(phonetic(a).primary, phonetic(b).primary) << a << ' ' << b;
    EXPECT_NE(phonetic("smith").primary, phonetic("jones").primary);
}

TEST(Phonetic, every_text_but_an_empty_one_has_a_key) {
    EXPECT_EQ(phonetic(""), Phonetic{});
    for (const char* text : {"h", "w", "hw", "12", "петр", "李", "a", "gh", "wh"}) {
        EXPECT_NE(phonetic(text).primary, 0u) << text;
        EXPECT_NE(phonetic(text).alternate, 0u) << text;
    }
    EXPECT_NE(phonetic("петр"), phonetic("иван"));
    EXPECT_TRUE(phonetic("петр").primary >> 31);
    EXPECT_EQ(phonetic("mary ann"), phonetic("maryann"));
}

TEST(Phonetic, random_texts_have_up_to_four_of_the_codes_letters) {
    std::mt19937 random(3);
    for (int round = 0; round < 100'000; ++round) {
        std::string text;
        for (std::size_t n = 1 + random() % 70; n > 0; --n) text += static_cast<char>('a' + random() % 26);
        const Phonetic code = phonetic(text);
        for (const std::uint32_t key : {code.primary, code.alternate}) {
            const std::string letters = to_string(key);
            ASSERT_TRUE(letters.size() >= 1 && letters.size() <= 4) << text;
            if (text.find_first_not_of("hwgj") != std::string::npos) {
                ASSERT_EQ(letters.find_first_not_of("AFHJKLMNPRSTX0G"), std::string::npos)
                    << text << ' ' << letters;
            }
        }
    }
}

}  // namespace
}  // namespace sendhub::identity::text
