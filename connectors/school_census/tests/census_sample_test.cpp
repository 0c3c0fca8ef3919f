// The sample files of this folder are read, and say what README.md says of them.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "connectors/school_census/tests/returns.hpp"

namespace sendhub::census::testing {
namespace {

std::vector<FakeFile> files_of(const std::string& folder) {
    std::vector<FakeFile> files;
    for (const auto& entry : std::filesystem::directory_iterator(std::string(SENDHUB_SOURCE_DIR) +
                                                                 "/connectors/school_census/" + folder)) {
        if (!entry.is_regular_file()) continue;
        std::ifstream in(entry.path(), std::ios::binary);
        files.push_back(
            {entry.path().filename().string(), std::string(std::istreambuf_iterator<char>(in), {})});
    }
    return files;
}

TEST(CensusSample, TheXmlIsReadAndItsMistakeFound) {
    auto out = run(files_of("sample"));
    EXPECT_TRUE(out.refused.empty());
    EXPECT_EQ(out.rows["person_record"].size(), 3U);
    EXPECT_EQ(out.rows["sen_need"].size(), 2U);
    ASSERT_EQ(out.issues.size(), 1U);
    EXPECT_EQ(out.issues[0].rule, "SC-05");
}

TEST(CensusSample, TheTablesAreReadWithoutAComplaint) {
    auto out = run(files_of("sample/collect"));
    EXPECT_TRUE(out.refused.empty());
    EXPECT_TRUE(out.issues.empty());
    EXPECT_EQ(out.rows["person_record"].size(), 1U);
    EXPECT_EQ(out.rows["attendance_total"].size(), 1U);
    EXPECT_EQ(out.rows["exclusion"].size(), 1U);
}

}  // namespace
}  // namespace sendhub::census::testing
