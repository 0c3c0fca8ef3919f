// No other user of the machine can read what a hub writes: not at any moment of a run, whatever umask it was
// started under and whatever modes an older version left.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <set>
#include <thread>

#include "tests/e2e/http_client.hpp"
#include "tests/e2e/hub.hpp"

using namespace sendhub::e2e;
namespace fs = std::filesystem;

namespace {

// Looks at everything below a folder again and again until it is stopped.
class Watcher {
  public:
    explicit Watcher(fs::path folder) : folder_(std::move(folder)), thread_([this] { watch(); }) {}
    ~Watcher() { stop(); }
    void stop() {
        stop_ = true;
        if (thread_.joinable()) thread_.join();
    }
    [[nodiscard]] const std::set<std::string>& seen() const { return seen_; }
    [[nodiscard]] const std::set<std::string>& open() const { return open_; }

  private:
    void look(const fs::path& path) {
        struct stat info{};
        if (::lstat(path.c_str(), &info) != 0 || S_ISLNK(info.st_mode)) return;
        seen_.insert(path.filename());
        if ((info.st_mode & 077) != 0) open_.insert(path);
    }
    void watch() {
        while (!stop_) {
            look(folder_);
            std::error_code error;
            fs::recursive_directory_iterator entry(folder_, error);
            for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error))
                look(entry->path());
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }
    fs::path folder_;
    std::set<std::string> seen_, open_;
    std::atomic<bool> stop_ = false;
    std::thread thread_;
};

struct OpenUmask {
    mode_t before = ::umask(0);
    ~OpenUmask() { ::umask(before); }
};

unsigned mode_of(const fs::path& path) {
    struct stat info{};
    return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
}

}  // namespace

TEST(FileModes, nothing_in_the_state_folder_can_be_read_by_others_while_a_night_runs_or_after) {
    const Hub hub(1500);
    const OpenUmask umask;
    Watcher watcher(hub.state());
    EXPECT_EQ(hub.sync().code, 0);
    EXPECT_EQ(hub.run({"token", "create", "test", "--role", "viewer"}).code, 0);
    {
        Daemon daemon(hub);
        EXPECT_EQ(get(daemon.url() + "/healthz/ready").status, 200);
        EXPECT_EQ(daemon.stop(), 0);
    }
    watcher.stop();
    EXPECT_TRUE(watcher.open().empty()) << *watcher.open().begin();
    for (const char* file : {"hub.duckdb", "hub.duckdb.wal", "deliveries.jsonl", "batch.json", "data.parquet",
                             "data.csv", "tokens.json", "serve.key", "status.json", "hub.lock"})
        EXPECT_TRUE(watcher.seen().contains(file)) << file << " was not looked at";
    EXPECT_EQ(mode_of(hub.state()), 0700u);
    EXPECT_EQ(mode_of(hub.state() / "hub.duckdb"), 0600u);
    for (const auto& file : fs::directory_iterator(hub.state() / "landing" / "cme"))
        EXPECT_EQ(mode_of(file.path()), file.path().filename().string().size() == 64 ? 0400u : 0600u)
            << file.path();
}

TEST(FileModes, what_an_older_version_left_open_is_closed_and_a_warning_says_so) {
    const Hub hub;
    ASSERT_EQ(hub.sync().code, 0);
    for (const auto& entry : fs::recursive_directory_iterator(hub.state()))
        if (!entry.is_symlink())
            fs::permissions(entry.path(), fs::perms::group_read | fs::perms::others_read,
                            fs::perm_options::add);
    fs::permissions(hub.state(), fs::perms::others_exec, fs::perm_options::add);
    const Output night = hub.sync();
    EXPECT_NE(night.err.find("could be read by other users"), std::string::npos) << night.err;
    Watcher watcher(hub.state());
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    watcher.stop();
    EXPECT_FALSE(watcher.seen().empty());
    EXPECT_TRUE(watcher.open().empty()) << *watcher.open().begin();
    EXPECT_EQ(hub.sync().err.find("could be read by other users"), std::string::npos) << "once is enough";
}
