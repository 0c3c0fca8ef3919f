// Worked by hand, so that the figures that judge the engine are themselves judged.
#include <gtest/gtest.h>

#include <unistd.h>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "tests/linkage/agreement.hpp"
#include "tests/linkage/evaluation_files.hpp"

namespace sendhub::linkage {
namespace {

using Numbers = std::vector<std::uint32_t>;

// Persons: 0 0 0 | 1 1 | 2 2 | 3. Clusters: {0,0} {0,1,1} {2} {2} {3}.
const Numbers persons{0, 0, 0, 1, 1, 2, 2, 3};
const Numbers clusters{7, 7, 9, 9, 9, 4, 5, 1};

TEST(Agreement, countsThePairsOfBothAndListsTheOthers) {
    const std::vector<std::uint32_t> first{0, 0, 0, 3, 4}, second{7, 7, 1, 2, 2};
    const Agreement agreed = agreement(first, second);
    EXPECT_EQ(agreed.both, 1u);
    EXPECT_EQ(agreed.only_first, (std::vector<RecordPair>{{0, 2}, {1, 2}}));
    EXPECT_EQ(agreed.only_second, (std::vector<RecordPair>{{3, 4}}));
    EXPECT_DOUBLE_EQ(agreed.share(), 0.25);
    EXPECT_DOUBLE_EQ(agreement(second, second).share(), 1);
    EXPECT_DOUBLE_EQ(agreement(std::vector<std::uint32_t>{1, 2}, std::vector<std::uint32_t>{3, 4}).share(),
                     1);
}

TEST(Evaluate, countsPairsOfClosedClusters) {
    const auto e = evaluate(clusters, {.person = persons});
    EXPECT_EQ(e.records, 8U);
    EXPECT_EQ(e.persons, 4U);
    EXPECT_EQ(e.clusters, 5U);
    EXPECT_EQ(e.true_pairs, 5U);     // 3 + 1 + 1
    EXPECT_EQ(e.linked_pairs, 4U);   // {0,0}: 1, {0,1,1}: 3
    EXPECT_EQ(e.correct_pairs, 2U);  // one of person 0, one of person 1
    EXPECT_DOUBLE_EQ(e.precision(), .5);
    EXPECT_DOUBLE_EQ(e.recall(), .4);
    EXPECT_DOUBLE_EQ(e.f1(), 2 * .5 * .4 / .9);
}

TEST(Evaluate, bcubedIsTheMeanOverRecords) {
    const auto e = evaluate(clusters, {.person = persons});
    // precision by record: 1 1 1/3 2/3 2/3 1 1 1; recall: 2/3 2/3 1/3 1 1 1/2 1/2 1
    EXPECT_NEAR(e.bcubed_precision, (1 + 1 + 1. / 3 + 2. / 3 + 2. / 3 + 1 + 1 + 1) / 8, 1e-12);
    EXPECT_NEAR(e.bcubed_recall, (2. / 3 + 2. / 3 + 1. / 3 + 1 + 1 + .5 + .5 + 1) / 8, 1e-12);
    EXPECT_NEAR(e.bcubed_f1(),
                2 * e.bcubed_precision * e.bcubed_recall / (e.bcubed_precision + e.bcubed_recall), 1e-12);
}

TEST(Evaluate, countsPersonsThatAreWholeSplitAndMerged) {
    const auto e = evaluate(clusters, {.person = persons});
    EXPECT_EQ(e.exact_persons, 1U);  // only person 3; person 1 is whole, but not alone
    EXPECT_DOUBLE_EQ(e.exact_rate(), .25);
    EXPECT_EQ(e.split_persons, 2U);         // 0 and 2
    EXPECT_EQ(e.over_merged_clusters, 1U);  // 9
    EXPECT_EQ(e.over_merged_persons, 2U);   // 0 and 1
    EXPECT_DOUBLE_EQ(e.over_merged_per_100k(), 25'000);
    EXPECT_DOUBLE_EQ(e.over_merged_persons_per_100k(), 50'000);
}

TEST(Evaluate, aPerfectAndAnEmptyResultAndNoRecords) {
    const auto perfect = evaluate(persons, {.person = persons});
    EXPECT_DOUBLE_EQ(perfect.f1(), 1);
    EXPECT_DOUBLE_EQ(perfect.bcubed_f1(), 1);
    EXPECT_DOUBLE_EQ(perfect.exact_rate(), 1);
    EXPECT_EQ(perfect.over_merged_persons + perfect.split_persons, 0U);

    const auto nothing = evaluate(Numbers{0, 1, 2, 3, 4, 5, 6, 7}, {.person = persons});
    EXPECT_DOUBLE_EQ(nothing.precision(), 1);
    EXPECT_DOUBLE_EQ(nothing.recall(), 0);
    EXPECT_DOUBLE_EQ(nothing.f1(), 0);
    EXPECT_DOUBLE_EQ(nothing.bcubed_precision, 1);

    const auto none = evaluate(Numbers{}, {});
    EXPECT_EQ(none.records, 0U);
    EXPECT_DOUBLE_EQ(none.recall(), 1);
    EXPECT_THROW(evaluate(Numbers{1, 2}, {.person = persons}), std::invalid_argument);
}

TEST(Evaluate, theNumbersOfClustersAndPersonsDoNotMatter) {
    const Numbers big_clusters{4'000'000'000, 4'000'000'000, 0, 0, 0, 17, 18, 19};
    const Numbers far_persons{50, 50, 50, 2, 2, 9, 9, 31};
    const auto a = evaluate(clusters, {.person = persons}),
               b = evaluate(big_clusters, {.person = far_persons});
    EXPECT_EQ(a.persons, b.persons);
    EXPECT_EQ(a.correct_pairs, b.correct_pairs);
    EXPECT_EQ(a.split_persons, b.split_persons);
    EXPECT_DOUBLE_EQ(a.bcubed_recall, b.bcubed_recall);
}

TEST(Evaluate, aReviewPairCountsForItselfAndForWhatItsAcceptanceJoins) {
    // person 0: records 0,1 in cluster 7, record 2 in cluster 9; person 2: records 5 and 6
    const std::vector<RecordPair> review{{2, 0}, {0, 2}, {5, 6}, {1, 5}, {0, 1}, {3, 3}};
    const auto e = evaluate(clusters, {.person = persons}, {.in_review = review});
    EXPECT_EQ(e.review_pairs, 4U);       // 0-2, 5-6, 1-5, 0-1
    EXPECT_EQ(e.review_true_pairs, 3U);  // not 1-5
    EXPECT_EQ(e.found_with_listed, 4U);  // 2 automatic, 0-2, 5-6; 0-1 was linked before
    EXPECT_EQ(e.found_with_review, 5U);  // 0-2 brings 1-2 along
    EXPECT_DOUBLE_EQ(e.recall_with_review(), 1);
    EXPECT_DOUBLE_EQ(e.recall_with_listed(), .8);
    EXPECT_DOUBLE_EQ(e.review_per_1000_records(), 500);
}

TEST(Evaluate, twinsInOneClusterAreCountedOncePerPair) {
    // persons 0, 1 and 2 are triplets, 3 and 4 twins, 5 was born alone
    const Numbers person{0, 0, 1, 1, 2, 3, 4, 5};
    const Numbers birth{8, 8, 8, 9, 9, 0};
    const Numbers merged{1, 2, 1, 2, 3, 4, 4, 4};  // 0 and 1 share two clusters; 3 and 4 share one with 5
    const std::vector<RecordPair> review{{0, 4}, {5, 7}};
    const auto e = evaluate(merged, {.person = person, .birth = birth}, {.in_review = review});
    EXPECT_EQ(e.twin_pairs, 4U);  // three of the triplets, one of the twins
    ASSERT_EQ(e.twin_merges.size(), 2U);
    EXPECT_EQ(e.twin_merges[0].record_a, 0U);
    EXPECT_EQ(e.twin_merges[0].record_b, 2U);
    EXPECT_EQ(e.twin_merges[1].record_a, 5U);
    EXPECT_EQ(e.twin_merges[1].record_b, 6U);
    EXPECT_EQ(e.review_twin_pairs, 1U);  // 0-4; record 7 has no twin
}

TEST(Evaluate, sealedPairsAreFoundInClustersAndInReview) {
    const std::vector<RecordPair> sealed{{4, 2}, {0, 5}, {6, 7}};  // 2 and 4 are in cluster 9
    const std::vector<RecordPair> review{{5, 0}};
    const auto e = evaluate(clusters, {.person = persons}, {.in_review = review, .sealed = sealed});
    EXPECT_EQ(e.sealed_pairs, 3U);
    EXPECT_EQ(e.sealed_pairs_merged, 1U);
    EXPECT_EQ(e.sealed_pairs_in_review, 1U);
    EXPECT_THROW(evaluate(clusters, {.person = persons}, {.sealed = std::vector<RecordPair>{{0, 8}}}),
                 std::out_of_range);
}

TEST(Evaluate, aSliceTwoPointsBelowTheOthersIsBias) {
    // 100 persons of two records each, 50 of them in slice "late"; 48 of the others and 47 (then 46) of late
    // are found
    for (const std::uint32_t found_of_late : {47U, 46U}) {
        Numbers person, cluster;
        std::vector<std::uint64_t> slices;
        for (std::uint32_t p = 0; p < 100; ++p) {
            const bool late = p >= 50;
            slices.push_back(late ? 2 : 1);
            const bool found = late ? p - 50 < found_of_late : p < 48;
            for (std::uint32_t k = 0; k < 2; ++k) {
                person.push_back(p);
                cluster.push_back(found ? p : 1000 + p * 2 + k);
            }
        }
        const std::vector<std::string> names{"early", "late"};
        const auto e = evaluate(cluster, {.person = person, .slices = slices, .slice_names = names});
        ASSERT_EQ(e.slices.size(), 2U);
        EXPECT_EQ(e.slices[1].persons, 50U);
        EXPECT_EQ(e.slices[1].true_pairs, 50U);
        EXPECT_EQ(e.slices[1].found_pairs, found_of_late);
        EXPECT_NEAR(e.slices[1].gap, 2.0 * (48 - found_of_late), 1e-9);
        EXPECT_EQ(e.slices[1].bias, found_of_late == 46);
        EXPECT_FALSE(e.slices[0].bias);
    }
}

class EvaluateFiles : public ::testing::Test {
  protected:
    std::filesystem::path dir =
        std::filesystem::path(::testing::TempDir()) / ("evaluate_" + std::to_string(::getpid()));
    void SetUp() override { std::filesystem::create_directories(dir); }
    void TearDown() override { std::filesystem::remove_all(dir); }
    std::filesystem::path write(const std::string& name, const std::string& text) {
        std::ofstream(dir / name, std::ios::binary) << text;
        return dir / name;
    }
};

TEST_F(EvaluateFiles, areJoinedById) {
    const auto result =
        evaluate_files({.clusters = write("c.csv",
                                          "\xEF\xBB\xBF"
                                          "cluster,id\r\nx,a1\r\nx,\"a,2\"\r\ny,b1\r\nx,zz\r\n"),
                        .truth = write("t.csv",
                                       "id,person,slices,household,birth\na1,1,sibling;origin:welsh,5,3\n\"a,"
                                       "2\",1,sibling;origin:welsh,5,3\n"
                                       "b1,2,origin:irish,5,3\nb2,2,origin:irish,5,3\n"),
                        .pairs_in_review = write("r.csv", "id_a,id_b,weight\nb1,b2,3.1\nb1,zz,1\n"),
                        .sealed_pairs = write("s.csv", "id_a,id_b\na1,b2\n")});
    ASSERT_TRUE(result) << result.error();
    const Evaluation& e = result->evaluation;
    EXPECT_EQ(e.records, 4U);
    EXPECT_EQ(e.persons, 2U);
    EXPECT_EQ(result->without_cluster, 1U);  // b2
    EXPECT_EQ(result->without_truth, 1U);    // zz
    EXPECT_EQ(result->unknown_review_pairs, 1U);
    EXPECT_EQ(e.correct_pairs, 1U);
    EXPECT_DOUBLE_EQ(e.recall(), .5);
    EXPECT_DOUBLE_EQ(e.recall_with_review(), 1);
    EXPECT_EQ(e.twin_pairs, 1U);
    EXPECT_EQ(e.twin_merges.size(), 0U);
    EXPECT_EQ(e.sealed_pairs, 1U);
    ASSERT_EQ(e.slices.size(), 3U);
    EXPECT_EQ(e.slices[0].name, "sibling");
    EXPECT_EQ(e.slices[2].name, "origin:irish");
    EXPECT_TRUE(e.slices[2].bias);
    EXPECT_NE(as_text(*result).find("origin:irish"), std::string::npos);
    EXPECT_NE(as_json(*result).find("\"recall\":0.5"), std::string::npos);
    EXPECT_EQ(as_text(*result).find("a1"), std::string::npos);  // no record is named
}

TEST_F(EvaluateFiles, otherColumnNamesAndNoSlices) {
    const auto result = evaluate_files({.clusters = write("c.csv", "unique_id,person\n1,7\n2,7\n"),
                                        .truth = write("t.csv", "rec_id, cluster\n1, a\n2, a\n"),
                                        .id_column = "unique_id",
                                        .cluster_column = "person",
                                        .truth_id_column = "rec_id",
                                        .truth_column = "cluster"});
    ASSERT_TRUE(result) << result.error();
    EXPECT_DOUBLE_EQ(result->evaluation.f1(), 1);
    EXPECT_TRUE(result->evaluation.slices.empty());
}

TEST_F(EvaluateFiles, aFileThatDoesNotFitIsRefusedWithItsName) {
    const auto good = write("t.csv", "id,person\na,1\n");
    const auto error = [&](const std::string& clusters, const std::filesystem::path& truth) {
        const auto result = evaluate_files({.clusters = write("c.csv", clusters), .truth = truth});
        return result ? std::string() : result.error();
    };
    EXPECT_NE(error("id,person\na,1\n", good).find("c.csv has no column “cluster”"), std::string::npos);
    EXPECT_NE(error("id,cluster\na,1\na,2\n", good).find("c.csv, line"), std::string::npos);
    EXPECT_NE(error("id,cluster\na\n", good).find("a field is missing"), std::string::npos);
    EXPECT_NE(error("id,cluster\na,1\n", dir / "absent.csv").find("absent.csv"), std::string::npos);
    EXPECT_NE(error("", good).find("is empty"), std::string::npos);
}

}  // namespace
}  // namespace sendhub::linkage
