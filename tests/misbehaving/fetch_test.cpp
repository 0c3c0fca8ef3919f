// A transport, from what is on offer to the landing folder.
#include <sys/stat.h>

#include "tests/misbehaving/harness.hpp"

namespace sendhub::worker {
namespace {

using ::testing::HasSubstr;
using testing::WorkerTest;
namespace fs = std::filesystem;

class Fetch : public WorkerTest {
  protected:
    std::vector<Delivery> deliveries() { return read_deliveries(landing).value(); }
    std::size_t files_landed() {
        std::size_t n = 0;
        for (const auto& entry : fs::directory_iterator(landing))
            n += entry.path().filename().string().size() == 64;
        return n;
    }
};

TEST_F(Fetch, FilesLandUnderTheirHashReadOnly) {
    fs::remove_all(landing);  // it makes its own
    const auto outcome =
        run(fetch_job({{"files", "a/b.csv=one\nc.csv=two"}, {"modified_at", "1768867200000000"}}));
    ASSERT_EQ(outcome.state, OutcomeState::ok) << outcome.sentence;
    EXPECT_EQ(outcome.counts.taken, 2u);
    EXPECT_EQ(outcome.counts.bytes, 6u);
    const auto all = deliveries();
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].name, "a/b.csv");
    EXPECT_EQ(all[0].seq, 1);
    EXPECT_EQ(all[1].seq, 2);
    EXPECT_EQ(all[0].sha256, sha256("one"));
    EXPECT_EQ(all[0].modified_at, 1'768'867'200'000'000);
    EXPECT_EQ(read_file(landing / sha256("one")).value(), "one");
    struct stat info{};
    ASSERT_EQ(::stat((landing / sha256("one")).c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777, 0400u);
    EXPECT_FALSE(fs::exists(landing / ".arriving"));
}

TEST_F(Fetch, WhatIsKnownIsNotSentAgain) {
    ASSERT_TRUE(run(fetch_job({{"files", "a=one"}, {"modified_at", "1768867200123456"}})).ok());
    const auto again = run(fetch_job({{"files", "a=one"}, {"modified_at", "1768867200123456"}}));
    EXPECT_EQ(again.counts.known, 1u);
    EXPECT_EQ(again.counts.taken, 0u);
    EXPECT_EQ(again.counts.duplicates, 0u);
    EXPECT_EQ(deliveries().size(), 1u);
}

TEST_F(Fetch, ADuplicateIsCountedAndNotLanded) {
    ASSERT_TRUE(run(fetch_job({{"files", "a=one"}})).ok());
    // Same name and content; a new name with content that is here; one name back to what it was two
    // deliveries ago.
    const auto second = run(fetch_job({{"files", "a=one\nb=one\na=two"}}));
    EXPECT_EQ(second.counts.duplicates, 2u);
    EXPECT_EQ(second.counts.taken, 1u);
    const auto third = run(fetch_job({{"files", "a=one"}}));
    EXPECT_EQ(third.counts.taken, 1u) << "a correction that was taken back is a delivery";
    EXPECT_EQ(deliveries().size(), 3u);
    EXPECT_EQ(files_landed(), 2u);
    EXPECT_EQ(deliveries().back().seq, 3);
}

TEST_F(Fetch, AListThatGoesBackToAnEarlierStateUnderANewNameIsANewStatement) {
    ASSERT_TRUE(run(fetch_job({{"files", "cme_20251201.csv=one"}})).ok());
    ASSERT_TRUE(run(fetch_job({{"files", "cme_20251208.csv=two"}})).ok());
    const auto third = run(fetch_job({{"files", "cme_20251215.csv=one"}}));
    EXPECT_EQ(third.counts.taken, 1u);
    EXPECT_EQ(third.counts.duplicates, 0u);
    ASSERT_EQ(deliveries().size(), 3u);
    EXPECT_EQ(deliveries().back().sha256, sha256("one"));
    EXPECT_EQ(files_landed(), 2u) << "the bytes are kept once";
}

TEST_F(Fetch, AListThatGoesBackWithinOneFetchIsANewStatement) {
    EXPECT_EQ(run(fetch_job({{"files", "a1.csv=one\na2.csv=two\na3.csv=one"}})).counts.taken, 3u);
}

TEST_F(Fetch, TheNewestContentUnderAnotherDateIsANewStatementAndUnderAnotherNameIsNot) {
    ASSERT_TRUE(run(fetch_job({{"files", "cme_2025-12-01.csv=one"}})).ok());
    EXPECT_EQ(run(fetch_job({{"files", "cme_2025-12-08.csv=one"}})).counts.taken, 1u);
    EXPECT_EQ(run(fetch_job({{"files", "copy of cme_2025-12-08.csv=one"}})).counts.duplicates, 1u);
    const auto left = read_left(landing).value();
    ASSERT_EQ(left.files.size(), 1u);
    EXPECT_EQ(left.files[0].name, "copy of cme_2025-12-08.csv");
    EXPECT_EQ(left.files[0].what, Left::What::duplicate);
}

TEST_F(Fetch, AFileWrittenAgainWithItsOldContentIsANewStatementUnlessTheWholeFolderWas) {
    const auto at = [](int minute) { return std::to_string(now_micros() + minute * 60'000'000ll); };
    ASSERT_TRUE(run(fetch_job({{"files", "monday.csv=one"}, {"modified_at", at(-60)}})).ok());
    ASSERT_TRUE(run(fetch_job({{"files", "tuesday.csv=two"}, {"modified_at", at(-50)}})).ok());
    const auto folder_copied =
        run(fetch_job({{"files", "monday.csv=one\ntuesday.csv=two"}, {"modified_at", at(10)}}));
    EXPECT_EQ(folder_copied.counts.duplicates, 2u);
    EXPECT_EQ(folder_copied.counts.taken, 0u);
    const auto again = run(fetch_job({{"files", "monday.csv=one"}, {"modified_at", at(20)}}));
    EXPECT_EQ(again.counts.taken, 1u);
    EXPECT_EQ(deliveries().back().name, "monday.csv");
    EXPECT_EQ(deliveries().back().seq, 3);
    const auto earlier = run(fetch_job({{"files", "tuesday.csv=two"}, {"modified_at", at(-40)}}));
    EXPECT_EQ(earlier.counts.duplicates, 1u) << "written before the newest file came";
}

TEST_F(Fetch, FilesThatAreLeftAreNamedWithTheReason) {
    const auto outcome = run(fetch_job({{"files", "../a=x\ngood=x"}}));
    ASSERT_TRUE(outcome.ok()) << outcome.sentence;
    const auto left = read_left(landing).value();
    ASSERT_EQ(left.files.size(), 1u);
    EXPECT_EQ(left.files[0].name, "../a");
    EXPECT_EQ(left.files[0].reason, "the name leads out of its folder");
    EXPECT_EQ(left.more, 0u);
    ASSERT_TRUE(run(fetch_job({{"files", "good=x"}})).ok());
    EXPECT_EQ(read_left(landing).value().files.size(), 1u) << "a duplicate";
    EXPECT_EQ(read_left(landing).value().files[0].what, Left::What::duplicate);
}

TEST_F(Fetch, NamesThatLeadElsewhereAreLeftAtTheSource) {
    const auto outcome = run(fetch_job({{"files", "../a=x\n/etc/b=x\nc\\d=x\ngood=x"}}));
    ASSERT_EQ(outcome.state, OutcomeState::ok) << outcome.sentence;
    EXPECT_EQ(outcome.counts.skipped, 3u);
    EXPECT_EQ(outcome.counts.offered, 4u);
    EXPECT_EQ(outcome.counts.taken, 1u);
    EXPECT_EQ(deliveries().size(), 1u);
    const auto forced = run(fetch_job({{"files", ""}, {"do", "force a name"}}));
    EXPECT_EQ(forced.state, OutcomeState::failed);
    EXPECT_THAT(forced.sentence, HasSubstr("leads out of its folder"));
}

TEST_F(Fetch, ACrashInAFileKeepsWhatWasCommitted) {
    ASSERT_TRUE(run(fetch_job({{"files", "a=one"}})).ok());
    const auto outcome = run(fetch_job({{"files", "b=a longer text"}, {"do", "crash in a file"}}));
    EXPECT_EQ(outcome.state, OutcomeState::crashed) << outcome.sentence;
    EXPECT_THAT(outcome.sentence, HasSubstr("files that it had landed before are kept"));
    EXPECT_EQ(deliveries().size(), 1u);
    const auto next = run(fetch_job({{"files", "b=a longer text"}}));
    EXPECT_EQ(next.counts.taken, 1u);
    EXPECT_FALSE(fs::exists(landing / ".arriving"));
}

TEST_F(Fetch, ATornLastLineIsPassedOver) {
    ASSERT_TRUE(run(fetch_job({{"files", "a=one"}})).ok());
    std::ofstream(landing / "deliveries.jsonl", std::ios::app) << R"({"seq":2,"name":"b","sha)";
    EXPECT_EQ(deliveries().size(), 1u);
    const auto outcome = run(fetch_job({{"files", "b=two"}}));
    ASSERT_EQ(outcome.state, OutcomeState::ok) << outcome.sentence;
    ASSERT_EQ(deliveries().size(), 2u);
    EXPECT_EQ(deliveries()[1].name, "b");
    EXPECT_EQ(deliveries()[1].seq, 2);
}

TEST_F(Fetch, AnEndlessFileMeetsTheLimit) {
    limits.output_mb = 2;
    const auto outcome = run(fetch_job({{"files", "a=" + std::string(60000, 'x')}, {"do", "endless file"}}));
    EXPECT_EQ(outcome.state, OutcomeState::output_limit) << outcome.sentence;
    EXPECT_EQ(deliveries().size(), 0u);
}

TEST_F(Fetch, WhatIsAbandonedOrLeftOpenIsNotLanded) {
    const auto abandoned = run(fetch_job({{"files", "a=one"}, {"do", "abandon"}}));
    EXPECT_EQ(abandoned.state, OutcomeState::ok) << abandoned.sentence;
    EXPECT_EQ(abandoned.counts.skipped, 1u);
    const auto open = run(fetch_job({{"files", ""}, {"do", "begin and return"}}));
    EXPECT_EQ(open.counts.taken, 0u);
    EXPECT_FALSE(fs::exists(landing / ".arriving"));
    EXPECT_EQ(deliveries().size(), 0u);
}

TEST_F(Fetch, UnknownAndMissingSettingsAreNamedTogether) {
    const auto outcome = run(fetch_job({{"fils", "a=one"}, {"did", "x"}}));
    EXPECT_EQ(outcome.state, OutcomeState::bad_settings);
    EXPECT_THAT(outcome.sentence, HasSubstr("it knows no did, fils; it needs files"));
}

}  // namespace
}  // namespace sendhub::worker
