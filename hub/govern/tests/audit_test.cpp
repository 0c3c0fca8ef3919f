#include "hub/govern/audit.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>
#include <vector>

#include "base/files.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sendhub::govern {
namespace {

struct Audit : ::testing::Test {
    TemporaryFolder folder;
    std::filesystem::path file = folder.path / "audit.log";

    static AuditEntry entry(std::int64_t rows) {
        return {"key:abcdefghij",       "read", "dim_person", "20260120T013000Z", rows,
                "$filter=surname eq ?", "ok",   "r-1"};
    }
    void append(int count) {
        AuditLog log(file);
        for (int i = 0; i < count; ++i) {
            const auto status = log.append(entry(i));
            ASSERT_TRUE(status.has_value()) << status.error().sentence;
        }
    }
    [[nodiscard]] std::string text() const { return *read_file(file); }
    void replace(const std::string& content) const {
        std::ofstream(file, std::ios::trunc | std::ios::binary) << content;
    }
    [[nodiscard]] Audited verify() const { return *verify_audit(file); }
};

TEST_F(Audit, NoFileHoldsNoEntries) {
    EXPECT_TRUE(verify().ok());
    EXPECT_EQ(verify().entries, 0u);
}

TEST_F(Audit, AWrittenChainHolds) {
    append(3);
    append(2);  // another process, later
    const auto found = verify();
    EXPECT_TRUE(found.ok()) << found.reason;
    EXPECT_EQ(found.entries, 5u);
    EXPECT_NE(found.head, std::string(64, '0'));
}

TEST_F(Audit, AChangeOfAnyByteIsFound) {
    append(3);
    const std::string whole = text();
    for (std::size_t i = 0; i < whole.size(); ++i) {
        std::string changed = whole;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        replace(changed);
        ASSERT_FALSE(verify().ok()) << "byte " << i;
    }
    replace(whole);
    EXPECT_TRUE(verify().ok());
}

TEST_F(Audit, ARemovedDoubledOrSwappedLineIsFoundAtItsPlace) {
    append(4);
    std::vector<std::string> lines;
    std::istringstream in(text());
    for (std::string line; std::getline(in, line);) lines.push_back(line + "\n");
    ASSERT_EQ(lines.size(), 4u);
    replace(lines[0] + lines[2] + lines[3]);
    EXPECT_EQ(verify().broken_line, 2u);
    replace(lines[0] + lines[1] + lines[1] + lines[2]);
    EXPECT_EQ(verify().broken_line, 3u);
    replace(lines[1] + lines[0]);
    EXPECT_EQ(verify().broken_line, 1u);
    replace("\n" + text());
    EXPECT_EQ(verify().broken_line, 1u);
}

TEST_F(Audit, CutLinesShowInTheHead) {
    append(3);
    const std::string head = verify().head;
    const std::string whole = text();
    replace(whole.substr(0, whole.rfind('\n', whole.size() - 2) + 1));
    EXPECT_TRUE(verify().ok());
    EXPECT_NE(verify().head, head);
}

TEST_F(Audit, ATornLastLineIsReportedThenMendedAndMarked) {
    append(2);
    const std::string whole = text();
    const std::size_t second = whole.find('\n') + 1;
    for (std::size_t cut : {second + 1, second + 40, whole.size() - 1}) {
        replace(whole.substr(0, cut));
        const auto torn = verify();
        EXPECT_EQ(torn.broken_line, 2u);
        EXPECT_NE(torn.reason.find("torn"), std::string::npos);
        append(1);
        const auto mended = verify();
        EXPECT_TRUE(mended.ok()) << mended.reason << " line " << mended.broken_line;
        EXPECT_EQ(mended.healed, 1u);
        // The first, the marker and the new one; the second too when only its end was lost.
        EXPECT_EQ(mended.entries, cut == whole.size() - 1 ? 4u : 3u);
    }
    // A file that is nothing but a torn line.
    replace(whole.substr(0, 30));
    append(1);
    EXPECT_TRUE(verify().ok());
    EXPECT_EQ(verify().entries, 2u);
}

TEST_F(Audit, ATornLineIsNotAcceptedWithoutItsMarkerOrWithAnother) {
    append(2);
    std::string whole = text();
    replace(whole.substr(0, whole.size() - 20));
    append(1);
    whole = text();
    const std::size_t second = whole.find('\n') + 1;
    std::string changed = whole;
    changed[second + 5] = static_cast<char>(changed[second + 5] ^ 1);
    replace(changed);
    EXPECT_EQ(verify().broken_line, 2u);
}

TEST_F(Audit, NothingIsAddedToABrokenEnd) {
    append(2);
    std::string whole = text();
    whole[whole.size() - 30] = static_cast<char>(whole[whole.size() - 30] ^ 1);
    replace(whole);
    AuditLog log(file);
    const auto status = log.append(entry(1));
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(text(), whole);
}

TEST_F(Audit, ManyThreadsAndProcessesMakeOneChain) {
    std::vector<pid_t> children;
    for (int p = 0; p < 3; ++p) {
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            AuditLog log(file);
            for (int i = 0; i < 20; ++i)
                if (!log.append(entry(i)).has_value()) ::_exit(1);
            ::_exit(0);
        }
        children.push_back(child);
    }
    {
        AuditLog log(file);
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (int i = 0; i < 20; ++i) EXPECT_TRUE(log.append(entry(i)).has_value());
            });
    }
    for (const pid_t child : children) {
        int state = 0;
        ASSERT_EQ(::waitpid(child, &state, 0), child);
        EXPECT_EQ(state, 0);
    }
    const auto found = verify();
    EXPECT_TRUE(found.ok()) << found.reason;
    EXPECT_EQ(found.entries, 140u);
}

TEST_F(Audit, AFolderThatCannotBeWrittenIsAnErrorAndNotSilence) {
    AuditLog log(folder.path / "missing" / "audit.log");
    const auto status = log.append(entry(1));
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().code, ErrorCode::storage);
}

}  // namespace
}  // namespace sendhub::govern
