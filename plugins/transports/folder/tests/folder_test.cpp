#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <array>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sendhub/testing.hpp>
#include <sendhub/values.hpp>
#include <thread>

#include "plugins/transports/folder/digest.hpp"
#include "tests/support/temporary_folder.hpp"

extern "C" const shp_plugin* sendhub_plugin(void);

using namespace sendhub;
using sdk::testing::run_transport;
using sdk::testing::TransportOutcome;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
namespace fs = std::filesystem;

namespace {

class Folder : public ::testing::Test {
  protected:
    void write(const std::string& name, std::string_view text) {
        fs::create_directories((folder_ / name).parent_path());
        std::ofstream(folder_ / name, std::ios::binary) << text;
    }
    // Files are brand new in these tests, so settling is off unless it is what is tested.
    TransportOutcome run(std::map<std::string, std::string> settings = {},
                         const std::vector<std::string>& known = {}) {
        settings.emplace("folder", folder_.string());
        settings.emplace("settle_seconds", "0");
        return run_transport(sendhub_plugin(), settings, known);
    }
    static std::vector<std::string> names(const TransportOutcome& out) {
        std::vector<std::string> list;
        for (const auto& file : out.taken) list.push_back(file.name);
        return list;
    }
    TemporaryFolder temporary_;
    const fs::path& folder_ = temporary_.path;
};

// A host of our own where the test must do something in the middle of a run.
struct Host {
    shp_host table{};
    shp_host_transport files{};
    std::map<std::string, std::string> settings;
    std::function<void()> on_write = [] {};
    std::function<bool()> cancelled = [] { return false; };
    std::string error;
    std::map<std::string, std::string> skipped;
    int begun = 0, committed = 0, abandoned = 0;

    explicit Host(std::map<std::string, std::string> s) : settings(std::move(s)) {
        table.size = sizeof(shp_host);
        table.abi_version = SHP_ABI_VERSION;
        table.ctx = this;
        table.setting = [](void* ctx, shp_str name) {
            const auto it = self(ctx).settings.find(std::string(sdk::from_c(name)));
            return it == self(ctx).settings.end() ? shp_str{} : sdk::to_c(it->second);
        };
        table.cancelled = [](void* ctx) { return self(ctx).cancelled() ? 1 : 0; };
        table.set_error = [](void* ctx, const shp_error* e) { self(ctx).error = sdk::from_c(e->sentence); };
        table.get_interface = [](void* ctx, shp_str) -> const void* { return &self(ctx).files; };
        files.size = sizeof files;
        table.progress = [](void*, std::uint64_t, std::uint64_t) {};
        files.offer = [](void*, shp_str, std::uint64_t, std::int64_t) { return SHP_OFFER_TAKE; };
        files.begin_file = [](void* ctx, shp_str, std::uint64_t, std::int64_t) {
            return ++self(ctx).begun, SHP_OK;
        };
        files.write = [](void* ctx, const void*, std::uint64_t) { return self(ctx).on_write(), SHP_OK; };
        files.commit_file = [](void* ctx) { return ++self(ctx).committed, SHP_OK; };
        files.abandon_file = [](void* ctx) { ++self(ctx).abandoned; };
        files.skipped = [](void* ctx, shp_str name, shp_str reason) {
            self(ctx).skipped[std::string(sdk::from_c(name))] = sdk::from_c(reason);
        };
    }
    static Host& self(void* ctx) { return *static_cast<Host*>(ctx); }
    std::int32_t run() {
        void* instance = nullptr;
        std::int32_t code = sendhub_plugin()->open(&table, &instance);
        if (code != SHP_OK) return code;
        code = sdk::testing::transport_of(sendhub_plugin())->fetch(instance);
        sendhub_plugin()->close(instance);
        return code;
    }
};

}  // namespace

TEST_F(Folder, takes_what_meets_a_pattern_in_the_order_of_names) {
    write("b.XML", "bb");
    write("a.xml", "a");
    write("empty.csv", "");
    write("c.txt", "c");
    write("sub/d.xml", "d");
    const auto out = run({{"patterns", "*.xml\n*.csv"}});
    EXPECT_EQ(out.code, SHP_OK) << out.error;
    EXPECT_THAT(names(out), ElementsAre("a.xml", "b.XML", "empty.csv"));
    EXPECT_EQ(out.taken[1].content, "bb");
    EXPECT_TRUE(out.skipped.empty()) << "what meets no pattern is not ours to speak of";
}

TEST_F(Folder, looks_into_folders_within_when_asked) {
    write("a.xml", "a");
    write("2025/autumn/b.xml", "b");
    write("2026/c.xml", "c");
    write(".hidden/d.xml", "d");
    EXPECT_THAT(names(run({{"recurse", "true"}})), ElementsAre("2025/autumn/b.xml", "2026/c.xml", "a.xml"));
    EXPECT_THAT(names(run({{"recurse", "true"}, {"patterns", "2026/*.xml"}})), ElementsAre("2026/c.xml"));
    EXPECT_THAT(names(run({{"recurse", "true"}, {"patterns", "*/b.xml"}})), ElementsAre())
        << "* does not cross a folder";
}

TEST_F(Folder, never_takes_dot_files_or_files_in_the_making) {
    for (const char* name : {".a.xml", "a.xml.tmp", "a.xml.part", "a.xml.filepart", "a.xml~"})
        write(name, "x");
    const auto out = run();
    EXPECT_TRUE(out.taken.empty());
    EXPECT_TRUE(out.skipped.empty());
}

TEST_F(Folder, takes_regular_files_only_and_follows_no_link) {
    write("outside/secret.xml", "secret");
    fs::create_symlink(folder_ / "outside/secret.xml", folder_ / "link.xml");
    fs::create_directory_symlink(folder_ / "outside", folder_ / "linked_folder");
    ASSERT_EQ(::mkfifo((folder_ / "pipe.xml").c_str(), 0600), 0);
    const auto out = run({{"recurse", "true"}, {"patterns", "*.xml"}});
    EXPECT_THAT(names(out), ElementsAre("outside/secret.xml"));
    EXPECT_THAT(out.skipped.at("link.xml"), HasSubstr("symbolic link"));
    EXPECT_THAT(out.skipped.at("pipe.xml"), HasSubstr("not a regular file"));
}

TEST_F(Folder, what_the_hub_already_has_is_not_read_again) {
    write("a.xml", "a");
    write("b.xml", "b");
    const auto out = run({}, {"a.xml"});
    EXPECT_THAT(names(out), ElementsAre("b.xml"));
    EXPECT_TRUE(out.skipped.empty());
}

TEST_F(Folder, a_name_that_is_not_utf8_is_left_with_a_reason) {
    write("caf\xe9.xml", "x");
    write("caf\xc3\xa9.xml", "y");
    const auto out = run();
    EXPECT_THAT(names(out), ElementsAre("caf\xc3\xa9.xml"));
    EXPECT_THAT(out.skipped.at("caf?.xml"), HasSubstr("not plain UTF-8"));
}

TEST_F(Folder, waits_for_a_young_file_to_settle_and_takes_it_in_the_same_run) {
    write("a.xml", "a");
    const auto start = std::chrono::steady_clock::now();
    const auto out = run({{"settle_seconds", "1"}});
    EXPECT_THAT(names(out), ElementsAre("a.xml"));
    EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(900));
    // Settled now: no further wait.
    const auto again = std::chrono::steady_clock::now();
    EXPECT_THAT(names(run({{"settle_seconds", "1"}})), ElementsAre("a.xml"));
    EXPECT_LT(std::chrono::steady_clock::now() - again, std::chrono::milliseconds(900));
}

TEST_F(Folder, a_file_that_still_grows_is_left_and_the_others_are_taken) {
    write("growing.xml", "a");
    write("ready.xml", "r");
    std::thread writer([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(400));
        std::ofstream(folder_ / "growing.xml", std::ios::app) << "more";
    });
    const auto out = run({{"settle_seconds", "1"}});
    writer.join();
    EXPECT_THAT(names(out), ElementsAre("ready.xml"));
    EXPECT_THAT(out.skipped.at("growing.xml"), HasSubstr("still being written"));
}

TEST_F(Folder, an_old_time_on_a_file_just_written_does_not_deceive) {
    write("a.xml", "a");
    fs::last_write_time(folder_ / "a.xml", fs::file_time_type::clock::now() - std::chrono::hours(24));
    const auto start = std::chrono::steady_clock::now();
    EXPECT_THAT(names(run({{"settle_seconds", "1"}})), ElementsAre("a.xml"));
    EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(800));
}

TEST_F(Folder, a_file_that_changes_while_it_is_read_is_thrown_away) {
    write("a.xml", std::string(1'000'000, 'a'));
    write("b.xml", "b");
    Host host({{"folder", folder_.string()}, {"patterns", "*"}, {"settle_seconds", "0"}});
    bool once = false;
    host.on_write = [&] {
        if (!std::exchange(once, true)) std::ofstream(folder_ / "a.xml", std::ios::app) << "more";
    };
    EXPECT_EQ(host.run(), SHP_OK) << host.error;
    EXPECT_EQ(host.begun, 2);
    EXPECT_EQ(host.abandoned, 1);
    EXPECT_EQ(host.committed, 1);
    EXPECT_THAT(host.skipped.at("a.xml"), HasSubstr("changed while it was read"));
}

TEST_F(Folder, stops_when_asked_and_leaves_no_file_half_taken) {
    write("a.xml", std::string(1'000'000, 'a'));
    Host host({{"folder", folder_.string()}, {"patterns", "*"}, {"settle_seconds", "0"}});
    bool stop = false;
    host.on_write = [&] { stop = true; };
    host.cancelled = [&] { return stop; };
    EXPECT_EQ(host.run(), SHP_CANCELLED);
    EXPECT_EQ(host.abandoned, 1);
    EXPECT_EQ(host.committed, 0);

    Host waiting({{"folder", folder_.string()}, {"patterns", "*"}, {"settle_seconds", "60"}});
    waiting.cancelled = [] { return true; };
    EXPECT_EQ(waiting.run(), SHP_CANCELLED) << "also while it waits";
}

TEST_F(Folder, a_large_file_arrives_whole) {
    std::string content(3'000'001, '\0');
    for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>(i * 31 + i / 256);
    write("large.xml", content);
    const auto out = run();
    ASSERT_EQ(out.taken.size(), 1u);
    EXPECT_TRUE(out.taken[0].content == content);
}

TEST_F(Folder, with_a_marker_only_marked_files_are_taken) {
    write("a.csv", "a");
    write("a.csv.ok", "");
    write("b.csv", "b");
    const auto out = run({{"marker", ".ok"}});
    EXPECT_THAT(names(out), ElementsAre("a.csv")) << "and no marker is taken as a file";
    EXPECT_THAT(out.skipped.at("b.csv"), HasSubstr("its marker b.csv.ok is not there yet"));
}

TEST_F(Folder, a_digest_in_the_marker_must_be_that_of_the_content) {
    write("good.csv", "abc");
    write("good.csv.md5", "900150983CD24FB0D6963F7D28E17F72 *good.csv\n");
    write("bad.csv", "abd");
    write("bad.csv.md5", "900150983cd24fb0d6963f7d28e17f72\n");
    write("plain.csv", "x");
    write("plain.csv.md5", "done\n");
    const auto out = run({{"marker", ".md5"}});
    EXPECT_THAT(names(out), ElementsAre("good.csv", "plain.csv"));
    EXPECT_THAT(out.skipped.at("bad.csv"), HasSubstr("not what the marker bad.csv.md5 says"));

    write("s.csv", "abc");
    write("s.csv.sha256",
          "SHA256 (s.csv) = ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_THAT(names(run({{"marker", ".sha256"}})), ElementsAre("s.csv"));
    write("s.csv", "abC");
    EXPECT_THAT(names(run({{"marker", ".sha256"}})), ElementsAre());
}

TEST(Digest, is_found_in_the_common_forms_and_nowhere_else) {
    using namespace sendhub::folder;
    const std::string md5 = "900150983cd24fb0d6963f7d28e17f72";
    for (const std::string& text : {md5, md5 + "  a.csv", "MD5 (a.csv) = " + md5, "\n " + md5 + "\r\n"})
        EXPECT_EQ(digest_in(DigestKind::md5, text), md5) << text;
    for (const std::string& text : {std::string(), md5 + "0", "x" + md5, md5.substr(1), md5 + md5})
        EXPECT_EQ(digest_in(DigestKind::md5, text), "") << text;
    EXPECT_FALSE(kind_of_marker(".ok"));
}

TEST_F(Folder, a_folder_that_is_not_there_fails_with_a_sentence) {
    const auto out = run({{"folder", (folder_ / "nowhere").string()}});
    EXPECT_EQ(out.code, SHP_BAD_SETTINGS);
    EXPECT_THAT(
        out.error,
        HasSubstr(
            "nowhere cannot be opened: No such file or directory; make it, or correct the setting folder"));
    write("file", "");
    EXPECT_EQ(run({{"folder", (folder_ / "file").string()}}).code, SHP_BAD_SETTINGS);
}

TEST_F(Folder, wrong_settings_are_told) {
    EXPECT_EQ(run({{"settle_seconds", "61"}}).code, SHP_BAD_SETTINGS);
    EXPECT_EQ(run({{"settle_seconds", "soon"}}).code, SHP_BAD_SETTINGS);
    EXPECT_EQ(run({{"recurse", "yes"}}).code, SHP_BAD_SETTINGS);
    EXPECT_EQ(run({{"marker", "../x"}}).code, SHP_BAD_SETTINGS);
    EXPECT_EQ(run({{"folder", ""}}).code, SHP_BAD_SETTINGS);
}

TEST_F(Folder, a_file_that_may_not_be_read_is_left_with_a_reason) {
    if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
    write("a.xml", "a");
    ::chmod((folder_ / "a.xml").c_str(), 0);
    const auto out = run();
    EXPECT_EQ(out.code, SHP_OK);
    EXPECT_THAT(out.skipped.at("a.xml"), HasSubstr("Permission denied"));
}

// The README is what people read: its table must be what the plugin declares.
TEST(FolderReadme, lists_every_setting_with_its_meaning) {
    std::ifstream in(SENDHUB_SOURCE_DIR "/plugins/transports/folder/README.md");
    const std::string page{std::istreambuf_iterator<char>(in), {}};
    const shp_plugin* plugin = sendhub_plugin();
    constexpr std::array<std::string_view, 8> types{"",        "text", "integer", "number",
                                                    "boolean", "date", "folder",  "file"};
    for (std::uint32_t i = 0; i < plugin->setting_count; ++i) {
        const shp_setting& s = plugin->settings[i];
        std::string type((s.flags & SHP_SETTING_LIST) ? "list of " : "");
        ASSERT_LT(s.type, types.size());
        type += types[s.type];
        if (s.unit.size > 0) type += ", " + std::string(sdk::from_c(s.unit));
        std::string shown;
        if (s.flags & SHP_SETTING_REQUIRED)
            shown = "**required**";
        else if (s.default_value.size > 0)
            shown = "`" + std::string(sdk::from_c(s.default_value)) + "`";
        const std::string row = "| `" + std::string(sdk::from_c(s.name)) + "` | " + type + " | " + shown +
                                " | " + std::string(sdk::from_c(s.meaning)) + " |";
        EXPECT_THAT(page, HasSubstr(row));
    }
}
