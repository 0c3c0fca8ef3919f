// Archives: what comes out of them, and what is refused.
#include "hub/worker/unpack.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zip.h>
#include <zlib.h>

#include <fstream>

namespace sendhub::worker {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

struct Entry {
    std::string name, content;
    const char* password = nullptr;
};

std::string gzip(const std::string& text) {
    z_stream stream{};
    EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    std::string out(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

class Unpack : public ::testing::Test {
  protected:
    TemporaryFolder temporary;
    const fs::path& folder = temporary.path;
    UnpackLimits limits;

    fs::path file(const std::string& content) {
        const auto path = folder / "landed";
        std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
        return path;
    }
    std::string zip(const std::vector<Entry>& entries) {
        const auto path = folder / "made.zip";
        fs::remove(path);
        int code = 0;
        zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
        EXPECT_NE(archive, nullptr);
        for (const Entry& entry : entries) {
            if (entry.name.ends_with("/")) {
                EXPECT_GE(zip_dir_add(archive, entry.name.c_str(), 0), 0);
                continue;
            }
            const auto index = zip_file_add(
                archive, entry.name.c_str(),
                zip_source_buffer(archive, entry.content.data(), entry.content.size(), 0), ZIP_FL_ENC_UTF_8);
            EXPECT_GE(index, 0) << zip_strerror(archive);
            if (entry.password) {
                EXPECT_EQ(zip_file_set_encryption(archive, static_cast<zip_uint64_t>(index), ZIP_EM_AES_256,
                                                  entry.password),
                          0);
            }
        }
        EXPECT_EQ(zip_close(archive), 0) << zip_strerror(archive);
        std::ifstream in(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    // Everything in a file: NAME=CONTENT or NAME!why, in order; or !why for the whole.
    std::vector<std::string> contents(const std::string& bytes, const std::string& name = "in") {
        auto landed = LandedFile::open(file(bytes), name, limits);
        if (!landed) return {"!" + landed.error().sentence};
        std::vector<std::string> out;
        for (std::size_t i = 0; i < (*landed)->members().size(); ++i) {
            std::string line = (*landed)->members()[i].name;
            auto source = (*landed)->member(i);
            if (!source) {
                out.push_back(line + "!" + source.error().sentence);
                continue;
            }
            std::string content(7, '\0'), all;
            std::int64_t n = 0;
            while ((n = (*source)->read(content.data(), content.size())) > 0)
                all.append(content, 0, static_cast<std::size_t>(n));
            out.push_back(n < 0 ? line + "!" + (*source)->why() : line + "=" + all);
        }
        return out;
    }
    std::string only(const std::string& bytes) {
        const auto all = contents(bytes);
        return all.size() == 1 ? all[0] : "not one: " + std::to_string(all.size());
    }
};

TEST_F(Unpack, APlainFileIsItself) {
    EXPECT_EQ(only("some plain text"), "in=some plain text");
    EXPECT_EQ(only(""), "in=");
    EXPECT_EQ(only("P"), "in=P");
}
TEST_F(Unpack, WhatAFileIsShowsInItsBytesNotInItsName) {
    EXPECT_EQ(contents("plain", "a.zip"), std::vector<std::string>{"a.zip=plain"});
    EXPECT_EQ(contents(gzip("packed"), "a.csv"), std::vector<std::string>{"a.csv=packed"});
}
TEST_F(Unpack, GzipOfOneAndOfSeveralMembers) {
    const std::string text(300'000, 'y');
    EXPECT_EQ(only(gzip("one")), "in=one");
    EXPECT_EQ(only(gzip("")), "in=");
    EXPECT_EQ(only(gzip("one ") + gzip("") + gzip("two")), "in=one two");
    limits.ratio = 100'000;
    EXPECT_EQ(only(gzip(text)), "in=" + text);
}
TEST_F(Unpack, DamagedGzipIsRefused) {
    const std::string good = gzip("some text that is long enough to be cut in two");
    EXPECT_THAT(only(good.substr(0, good.size() - 12)), HasSubstr("!it is cut short"));
    EXPECT_THAT(only(good.substr(0, 5)), HasSubstr("!it is cut short"));
    std::string bad = good;
    bad[good.size() - 6] ^= 1;  // its check sum
    EXPECT_THAT(only(bad), HasSubstr("damaged"));
    EXPECT_THAT(only(good + "rubbish"), HasSubstr("after the end"));
}
TEST_F(Unpack, ABombOfEitherKindIsRefusedLongBeforeItIsUnpacked) {
    const std::string zeros(4 << 20, '\0');
    limits.ratio_from = 1 << 20;
    EXPECT_THAT(only(gzip(zeros)), HasSubstr("more than 200 times its size"));
    EXPECT_THAT(only(zip({{"zeros", zeros}})), HasSubstr("in/zeros!it unpacks to more than 200 times"));
    limits.ratio_from = 16 << 20;
    EXPECT_EQ(only(gzip(zeros)).size(), zeros.size() + 3) << "small ones are let be";
}
TEST_F(Unpack, TheMembersOfAnArchiveAreMeasuredTogether) {
    const std::string zeros(700'000, '\0');
    limits.ratio_from = 1 << 20;
    const auto all = contents(zip({{"a", zeros}, {"b", zeros}, {"c", "text"}}));
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[0].size(), zeros.size() + 5);
    EXPECT_THAT(all[1], HasSubstr("more than 200 times"));
}
TEST_F(Unpack, AFileThatIsTooLargeIsRefused) {
    limits.largest_file = 1000;
    limits.ratio = 1'000'000;
    const std::string large(1001, 'z');
    EXPECT_THAT(only(large), HasSubstr("split it"));
    EXPECT_THAT(only(gzip(large)), HasSubstr("split it"));
    EXPECT_THAT(only(zip({{"a", large}})), HasSubstr("member 1 of the archive unpacks to more"));
}
TEST_F(Unpack, MembersAreFilesOfTheirOwn) {
    EXPECT_EQ(contents(zip({{"a.csv", "A"}, {"sub/", ""}, {"sub/b.csv", ""}, {"Zoë.csv", "C"}}), "x/in.zip"),
              (std::vector<std::string>{"x/in.zip/a.csv=A", "x/in.zip/sub/b.csv=", "x/in.zip/Zoë.csv=C"}));
}
TEST_F(Unpack, TooManyMembersAreRefused) {
    limits.most_members = 2;
    EXPECT_THAT(only(zip({{"a", ""}, {"b", ""}, {"c", ""}})), HasSubstr("!it has 3 members, at most 2"));
}
TEST_F(Unpack, NamesThatLeadElsewhereRefuseTheWholeArchive) {
    for (const char* name : {"../a", "a/../../b", "/etc/passwd", "a\\b", "a//b", "./a", "a\nb", ".."})
        EXPECT_THAT(only(zip({{"good", "x"}, {name, "x"}})), HasSubstr("!of member 2 of the archive"))
            << name;
    EXPECT_THAT(only(zip({{std::string(600, 'a'), "x"}})), HasSubstr("longer than 500 bytes"));
}
TEST_F(Unpack, AnEncryptedMemberRefusesTheArchive) {
    EXPECT_THAT(only(zip({{"a", "x", "secret"}})),
                HasSubstr("!member 1 of the archive is encrypted; send it without a password"));
}
TEST_F(Unpack, AnArchiveInAnArchiveIsRefusedAndTheRestTaken) {
    const auto all =
        contents(zip({{"inner.zip", zip({{"a", "x"}})}, {"inner.gz", gzip("x")}, {"c", "text"}}));
    ASSERT_EQ(all.size(), 3u);
    EXPECT_THAT(all[0], HasSubstr("in/inner.zip!it is a zip archive inside an archive"));
    EXPECT_THAT(all[1], HasSubstr("in/inner.gz!it is a gzip archive inside an archive"));
    EXPECT_EQ(all[2], "in/c=text");
    EXPECT_THAT(only(gzip(gzip("x"))), HasSubstr("gzip archive inside"));
}
TEST_F(Unpack, OtherArchivesAndOfficeDocumentsAreNamed) {
    EXPECT_THAT(only("7z\xBC\xAF\x27\x1C rest"), HasSubstr("7-Zip"));
    EXPECT_THAT(only(std::string("Rar!\x1A\x07\x00", 7)), HasSubstr("RAR"));
    EXPECT_THAT(only(zip({{"[Content_Types].xml", "<x/>"}, {"xl/workbook.xml", "<x/>"}})),
                HasSubstr("save it as CSV"));
}
TEST_F(Unpack, DamagedArchivesAreRefused) {
    const std::string good = zip({{"a", std::string(5000, 'q') + "end"}});
    EXPECT_THAT(only(good.substr(0, good.size() / 2)), HasSubstr("damaged zip"));
    EXPECT_THAT(only("PK\x03\x04"), HasSubstr("damaged zip"));
    EXPECT_THAT(only(std::string("PK\x05\x06") + std::string(18, '\0')), HasSubstr("no files in it"));
    std::string bad = good;
    bad[40] ^= 0x55;  // in the packed data
    EXPECT_THAT(only(bad), HasSubstr("in/a!"));
}
TEST_F(Unpack, ALinkIsNotFollowed) {
    file("secret");
    fs::create_symlink(folder / "landed", folder / "link");
    EXPECT_FALSE(LandedFile::open(folder / "link", "in"));
}

}  // namespace
}  // namespace sendhub::worker
