#include "identity/text/name.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sendhub::identity::text {
namespace {

Name standard(std::string_view raw) {
    Name out{"left", "over", Placeholder::unknown};
    standard_name(raw, out);
    return out;
}

TEST(StandardName, words_parted_by_one_blank_and_particles_with_their_names) {
    const std::pair<const char*, const char*> cases[] = {{"Jane", "jane"},
                                                         {" JANE  Ann ", "jane ann"},
                                                         {"Anne-Marie", "anne marie"},
                                                         {"Mc Donald", "mcdonald"},
                                                         {"Mac Donald", "macdonald"},
                                                         {"MacDonald", "macdonald"},
                                                         {"O'Neil", "oneil"},
                                                         {"O Neil", "oneil"},
                                                         {"Al-Hassan", "alhassan"},
                                                         {"al Hassan", "alhassan"},
                                                         {"de la Cruz", "delacruz"},
                                                         {"van der Berg", "vanderberg"},
                                                         {"Zia-ul-Haq", "zia ulhaq"},
                                                         {"Zia ul Haq", "zia ulhaq"},
                                                         {"bin Laden", "binladen"},
                                                         {"Abdul Rahman", "abdulrahman"},
                                                         {"Khan-Patel", "khan patel"},
                                                         {"Miss Jane", "jane"},
                                                         {"Mr John Smith", "john smith"},
                                                         {"Twine", "twine"},
                                                         {"Boyd", "boyd"},
                                                         {"Baby Rani", "baby rani"},
                                                         {"Testa", "testa"},
                                                         {"J", "j"},
                                                         {"O", "o"},
                                                         {"Łukasz Żółć", "lukasz zolc"},
                                                         {"", ""},
                                                         {"-", ""}};
    for (const auto& [raw, wanted] : cases) {
        const Name name = standard(raw);
        EXPECT_EQ(name.spaced, wanted) << raw;
        EXPECT_EQ(name.placeholder, Placeholder::none) << raw;
        std::string plain;
        for (const char* c = wanted; *c != '\0'; ++c)
            if (*c != ' ') plain += *c;
        EXPECT_EQ(name.plain, plain) << raw;
    }
}

TEST(StandardName, the_plain_text_is_one_for_every_way_of_parting) {
    for (const auto& group :
         std::vector<std::vector<const char*>>{{"Mac Donald", "Macdonald", "mac-donald", "MACDONALD"},
                                               {"O'Neil", "O’Neil", "O Neil", "oneil", "O-Neil"},
                                               {"Zia ul Haq", "Zia-ul-Haq", "Ziaul Haq", "Ziaulhaq"},
                                               {"Mary Ann", "Mary-Ann", "Maryann"},
                                               {"De La Cruz", "Delacruz", "de la cruz"}})
        for (const char* raw : group) EXPECT_EQ(standard(raw).plain, standard(group[0]).plain) << raw;
}

TEST(StandardName, a_child_without_a_name_is_a_fact_and_no_text) {
    for (const char* raw : {"Baby",        "baby boy",       "Baby Girl", "TWIN",        "Twin one",
                            "Twin 2",      "twin2",          "Twin II",   "Triplet 3",   "Infant",
                            "Boy",         "girl",           "unborn",    "Unborn Baby", "Newborn",
                            "New Born",    "Baby Boy 1",     "2nd twin",  "Girl Twin",   "Baby of Jane Smith",
                            "Male Infant", "Baby - Unnamed", "Twin A"}) {
        const Name name = standard(raw);
        const bool several = std::string_view(raw).find_first_of("Tt") == 0 ||
                             std::string_view(raw).find("win") != std::string_view::npos;
        EXPECT_EQ(name.placeholder, several ? Placeholder::unnamed_of_several : Placeholder::unnamed_newborn)
            << raw;
        EXPECT_EQ(name.spaced + name.plain, "") << raw;
    }
}

TEST(StandardName, a_text_that_says_nothing_is_unknown) {
    for (const char* raw :
         {"Unknown", "not known", "NOT  KNOWN", "N/A", "n.a.",        "NA",           "Test",
          "Mr",      "Miss",      "12345",      "0",   "no name",     "Not given",    "None",
          "null",    "xxx",       "XX",         "TBC", "????unknown", "Miss Unknown", "zzz"}) {
        const Name name = standard(raw);
        EXPECT_EQ(name.placeholder, Placeholder::unknown) << raw;
        EXPECT_EQ(name.spaced + name.plain, "") << raw;
    }
}

TEST(StandardName, one_word_for_no_name_again_and_again_or_with_a_number_is_unknown) {
    for (const char* raw : {"Unknown unknown", "NULL null", "X X", "a a", "Pupil 12", "Child 1", "student007",
                            "Surname unknown", "FORENAMES", "No last name"})
        EXPECT_EQ(standard(raw).placeholder, Placeholder::unknown) << raw;
    for (const char* raw : {"Mary Mary", "Sum", "Total", "Count", "Child", "Pupilson", "Adam Ali"})
        EXPECT_EQ(standard(raw).placeholder, Placeholder::none) << raw;
}

TEST(AlsoKnownAs, takes_the_second_name_out) {
    struct Case {
        const char *raw, *main, *other;
    };
    for (const auto& [raw, main, other] :
         std::vector<Case>{{"Elizabeth", "Elizabeth", ""},
                           {"Elizabeth (Lizzie)", "Elizabeth", "Lizzie"},
                           {"Elizabeth (known as Lizzie)", "Elizabeth", "Lizzie"},
                           {"Elizabeth [Liz] Jane", "Elizabeth   Jane", "Liz"},
                           {"Robert \"Bob\"", "Robert", "Bob"},
                           {"Robert “Bob”", "Robert", "Bob"},
                           {"John aka Jonny", "John", "Jonny"},
                           {"John A.K.A. Jonny", "John", "Jonny"},
                           {"John also known as Jonny", "John", "Jonny"},
                           {"John, known as Jonny", "John", "Jonny"},
                           {"Smith née Jones", "Smith", "Jones"},
                           {"Smith (nee Jones)", "Smith", "Jones"},
                           {"Smith formerly Jones", "Smith", "Jones"},
                           {"known as Kit", "Kit", ""},
                           {"(Kit)", "Kit", ""},
                           {"Jane (deceased)", "Jane", ""},
                           {"Jane (twin 1)", "Jane", ""},
                           {"Jane (DO NOT USE)", "Jane", ""},
                           {"Jane (Jan", "Jane", "Jan"},
                           {"Renee Alias-Smith", "Renee Alias-Smith", ""},
                           {"Nakata", "Nakata", ""},
                           {"", "", ""}}) {
        std::string m = "left", o = "over";
        also_known_as(raw, m, o);
        Name found, wanted;
        standard_name(m, found);
        standard_name(main, wanted);
        EXPECT_EQ(found.spaced, wanted.spaced) << raw;
        EXPECT_EQ(o, other) << raw;
    }
}

TEST(AlsoKnownAs, tells_a_surname_by_the_words_before_it) {
    std::string main, other;
    for (const char* raw : {"Jane Smith née Jones", "Jane Smith (nee Jones)", "Jane Smith formerly Jones",
                            "Smith (prev. Jones)"})
        EXPECT_TRUE(also_known_as(raw, main, other)) << raw;
    for (const char* raw : {"Jane Smith", "Jane Smith known as Polly", "Jane Smith (Polly)", "née Jones",
                            "Jane (Polly) formerly Jones"})
        EXPECT_FALSE(also_known_as(raw, main, other)) << raw;
}

TEST(SplitFullName, forenames_and_surname) {
    struct Case {
        const char *raw, *forenames, *surname;
    };
    for (const auto& [raw, forenames, surname] :
         std::vector<Case>{{"Jane Smith", "Jane", "Smith"},
                           {"Smith, Jane Ann", "Jane Ann", "Smith"},
                           {"Miss Jane Ann Smith", "Jane Ann", "Smith"},
                           {"Ludwig van den Berg", "Ludwig", "van den Berg"},
                           {"Maria de la Cruz", "Maria", "de la Cruz"},
                           {"Bin Wang", "Bin", "Wang"},
                           {"Mac Davis", "Mac", "Davis"},
                           {"Aisha Khan-Patel", "Aisha", "Khan-Patel"},
                           {"  Jane   Smith ", "Jane", "Smith"},
                           {"Jane - Smith", "Jane", "Smith"},
                           {"Jane", "Jane", ""},
                           {", Jane Smith", "Jane", "Smith"},
                           {"", "", ""},
                           {" - ", "", ""}}) {
        std::string f = "left", s = "over";
        split_full_name(raw, f, s);
        EXPECT_EQ(f, forenames) << raw;
        EXPECT_EQ(s, surname) << raw;
    }
}

TEST(ForEachToken, gives_the_words) {
    std::vector<std::string> words;
    for_each_token("mary ann lou", [&](std::string_view w) { words.emplace_back(w); });
    EXPECT_EQ(words, (std::vector<std::string>{"mary", "ann", "lou"}));
    for_each_token("", [&](std::string_view) { ADD_FAILURE(); });
}

}  // namespace
}  // namespace sendhub::identity::text
