// The rules without a store, and what people see of values and explanations.
#include "hub/review/decision_rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hub/review/differences.hpp"
#include "hub/review/stored_explanation.hpp"
#include "hub/review/tests/small_store.hpp"

namespace sendhub::review {
namespace {

using testing::kExplanation;

const RecordKey a{"census", "1"}, b{"health", "2"}, c{"cme", "3"}, d{"yj", "4"}, e{"ehe", "5"};

std::vector<std::int64_t> numbers(const std::vector<Standing>& chain) {
    std::vector<std::int64_t> out;
    for (const Standing& s : chain) out.push_back(s.decision);
    return out;
}

TEST(Rules, TwoThatAreOneChildThroughOthersCannotBeDifferent) {
    const Standing standing[] = {{7, a, b, "same"}, {9, c, b, "same"}, {11, d, e, "same"}};
    EXPECT_EQ(numbers(contradiction(standing, a, c, "different")), (std::vector<std::int64_t>{7, 9}));
    EXPECT_EQ(numbers(contradiction(standing, c, a, "different")), (std::vector<std::int64_t>{9, 7}));
    EXPECT_EQ(numbers(contradiction(standing, c, a, "sealed")), (std::vector<std::int64_t>{9, 7}));
    EXPECT_TRUE(contradiction(standing, a, d, "different").empty());
    EXPECT_TRUE(contradiction(standing, a, c, "same").empty());
    EXPECT_TRUE(contradiction(standing, a, c, "not_sure").empty());
}

TEST(Rules, TwoThatWereToldApartAnywhereBetweenCannotBeTheSame) {
    // a = b, b ≠ c, c = d: then a = d cannot be
    const Standing standing[] = {{1, a, b, "same"}, {2, c, b, "different"}, {3, c, d, "same"}};
    EXPECT_EQ(numbers(contradiction(standing, a, d, "same")), (std::vector<std::int64_t>{1, 2, 3}));
    EXPECT_EQ(numbers(contradiction(standing, d, a, "same")), (std::vector<std::int64_t>{3, 2, 1}));
    EXPECT_EQ(numbers(contradiction(standing, b, c, "same")), std::vector<std::int64_t>{2});
    EXPECT_TRUE(contradiction(standing, a, e, "same").empty());
    EXPECT_TRUE(contradiction(standing, a, d, "different").empty())
        << "two different children twice is no contradiction";
    EXPECT_EQ(chain_in_words(contradiction(standing, a, d, "same")),
              "decision 1 (the same child), decision 2 (different children), decision 3 (the same child)");
}

TEST(Rules, TwoPeopleAreNeededToOverrideAnIdentifierToSplitToPartAndToSeal) {
    EXPECT_TRUE(needs_second_person(Word::same, "V1 two different valid UPNs", false));
    EXPECT_TRUE(needs_second_person(Word::same, "V2 two different NHS numbers", false));
    EXPECT_TRUE(needs_second_person(Word::same, "V3 two different valid ULNs", false));
    EXPECT_FALSE(needs_second_person(Word::same, "V4 twin pattern", false));
    EXPECT_FALSE(needs_second_person(Word::same, "", false));
    EXPECT_FALSE(needs_second_person(Word::different, "V1 two different valid UPNs", false));
    EXPECT_TRUE(needs_second_person(Word::different, "", true));
    EXPECT_TRUE(needs_second_person(Word::twins, "", true));
    EXPECT_FALSE(needs_second_person(Word::twins, "", false));
    EXPECT_TRUE(needs_second_person(Word::split, "", true));
    EXPECT_TRUE(needs_second_person(Word::seal, "", false));
    EXPECT_FALSE(needs_second_person(Word::not_sure, "V1 two different valid UPNs", true));
}

TEST(Rules, OneOfficerStaysOneWhateverTheCaseAndTheBlanks) {
    EXPECT_TRUE(same_officer("Jo Bloggs", "  jo   BLOGGS "));
    EXPECT_FALSE(same_officer("Jo Bloggs", "Jo Blogg"));
    EXPECT_FALSE(check_officer(" \t"));
    EXPECT_FALSE(check_reason("  "));
    EXPECT_FALSE(check_reason(std::string(501, 'x')));
    EXPECT_TRUE(check_reason("seen the birth certificate"));
}

TEST(Rules, WordsAreReadAsStoredAndAsTyped) {
    EXPECT_EQ(parse_word("not-sure"), Word::not_sure);
    for (const Word word :
         {Word::same, Word::different, Word::not_sure, Word::split, Word::twins, Word::seal})
        EXPECT_EQ(parse_word(to_string(word)), word);
    EXPECT_EQ(parse_word("maybe"), std::nullopt);
    EXPECT_EQ(verdict_of(Word::twins), "different");
    EXPECT_EQ(verdict_of(Word::split), "different");
    EXPECT_EQ(verdict_of(Word::seal), "sealed");
    EXPECT_EQ(parse_record_key("health:a:b"), (RecordKey{"health", "a:b"}));
    EXPECT_EQ(parse_record_key("health"), std::nullopt);
    EXPECT_EQ(parse_record_key("health:"), std::nullopt);
}

TEST(Rules, AgreementIsMeasuredBeyondChance) {
    using Pairs = std::vector<std::pair<std::string, std::string>>;
    EXPECT_FALSE(agreement({}).kappa);
    Pairs pairs;  // Cohen 1960's own layout: 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no → 0.7 observed, 0.5 by
                  // chance
    for (int i = 0; i < 20; ++i) pairs.emplace_back("same", "same");
    for (int i = 0; i < 5; ++i) pairs.emplace_back("same", "different");
    for (int i = 0; i < 10; ++i) pairs.emplace_back("different", "same");
    for (int i = 0; i < 15; ++i) pairs.emplace_back("different", "different");
    const Agreement found = agreement(pairs);
    EXPECT_EQ(found.cases, 50u);
    EXPECT_EQ(found.agreed, 35u);
    ASSERT_TRUE(found.kappa);
    EXPECT_NEAR(*found.kappa, 0.4, 1e-12);
    EXPECT_NEAR(*agreement(Pairs{{"same", "same"}, {"different", "different"}}).kappa, 1.0, 1e-12);
    EXPECT_FALSE(agreement(Pairs{{"same", "same"}, {"same", "same"}}).kappa) << "chance alone explains it";
}

TEST(Rules, AboutOneCaseInTwentyIsLookedAtTwiceAndAlwaysTheSameOnes) {
    int twice = 0;
    for (int i = 0; i < 4000; ++i) twice += is_double_reviewed("C" + std::to_string(i));
    EXPECT_GT(twice, 140);
    EXPECT_LT(twice, 260);
    EXPECT_EQ(is_double_reviewed("C17"), is_double_reviewed("C17"));
}

TEST(Differences, LettersThatOnlyOneSideHasAreMarked) {
    struct Sample {
        const char *a, *b, *marked_a, *marked_b;
    };
    for (const Sample& s :
         {Sample{"Aisha", "Aysha", "A[i]sha", "A[y]sha"}, Sample{"Smith", "Smith", "Smith", "Smith"},
          Sample{"Khan", "Khan-Patel", "Khan", "Khan[-Patel]"},
          Sample{"2012-04-03", "2012-03-04", "2012-0[4]-0[3]", "2012-0[3]-0[4]"},
          Sample{"Zoë", "Zoe", "Zo[ë]", "Zo[e]"}, Sample{"", "x", "", "[x]"}}) {
        const Differences found = differences(s.a, s.b);
        EXPECT_EQ(marked(s.a, found.a), s.marked_a);
        EXPECT_EQ(marked(s.b, found.b), s.marked_b);
    }
    EXPECT_EQ(marked("\xff\xfe", differences("\xff\xfe", "\xff").a).size(), 4u)
        << "bytes that are no letters";
}

TEST(Explanation, ThePartsAddUpToTheTotal) {
    const auto e = read_explanation(kExplanation);
    ASSERT_TRUE(e) << e.error().sentence;
    EXPECT_NEAR(e->sum(), e->total, 1e-9);
    EXPECT_NEAR(e->sum(), -19.9 + 12.1 - 2.2 + 7.0 + 22.0 - 1.0, 1e-9);
    EXPECT_TRUE(e->adds_up());
    ASSERT_EQ(e->steps.size(), 3u);
    EXPECT_EQ(e->steps[0].note, "Khan is common: 1 in 110");
    EXPECT_EQ(e->missing, std::vector<std::string>{"UPN on health"});
}

TEST(Explanation, APartThatIsMissingIsNoticed) {
    std::string text = kExplanation;
    text.replace(text.find("\"household\":-1.0"), 16, "\"household\":-2.0");
    const auto e = read_explanation(text);
    ASSERT_TRUE(e);
    EXPECT_FALSE(e->adds_up());
    EXPECT_FALSE(read_explanation("{}"));
    EXPECT_FALSE(read_explanation("not json"));
    EXPECT_FALSE(read_explanation(R"({"steps":[],"prior":1})"));
}

TEST(Explanation, PlainEnglishNamesWhatSpeaksForAndAgainstAndNoValue) {
    const auto e = read_explanation(kExplanation);
    ASSERT_TRUE(e);
    EXPECT_EQ(in_words(*e),
              "Strong evidence for one child: name (forename and surname equal) and place (same unit). Some "
              "evidence "
              "for one child: date of birth (day and month swapped). Not known: UPN on health.");
    EXPECT_EQ(strength(8), "strong");
    EXPECT_EQ(strength(0), "none");
    EXPECT_EQ(strength(-4), "against");
    EXPECT_EQ(bar(3.4), "+++");
    EXPECT_EQ(bar(-2.6), "---");
    EXPECT_EQ(bar(900).size(), 40u);
}

}  // namespace
}  // namespace sendhub::review
