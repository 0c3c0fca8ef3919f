// Files that must survive a power cut, and the hash that names them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace sendhub {

// What sendhub writes is about children: no other user of the machine may read it. Called first thing in
// main(), so that it holds for the daemon, every command, every worker, and the files that libraries create.
void keep_files_private();
// Makes the state folder when it is missing. Whatever an older version, a copy or a person left in it that
// others may read is closed to them; a warning says how much that was, and names what could not be closed.
[[nodiscard]] Status open_state_folder(const std::filesystem::path& folder);

// The whole of a file; refused beyond limit bytes.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit = 64u << 20);
// Temporary name beside it, fsync, rename, fsync of the folder: a reader sees the old text or the new one.
[[nodiscard]] Status write_file_atomically(const std::filesystem::path& path, std::string_view text,
                                           unsigned mode = 0600);
// Appends one line and fsyncs it. A torn last line of an earlier crash is ended first.
[[nodiscard]] Status append_line(const std::filesystem::path& path, std::string_view line,
                                 unsigned mode = 0600);
[[nodiscard]] Status sync_file(const std::filesystem::path& path);
[[nodiscard]] Status sync_folder(const std::filesystem::path& folder);
[[nodiscard]] Status make_folder(const std::filesystem::path& folder, unsigned mode = 0700);

// An advisory lock held while the object lives. busy when another process still holds it after wait_ms; the
// sentence names its pid.
class FileLock {
  public:
    [[nodiscard]] static Result<FileLock> acquire(const std::filesystem::path& path, int wait_ms = 3000);
    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&&) = delete;
    ~FileLock();

  private:
    explicit FileLock(int fd) : fd_(fd) {}
    int fd_;
};

class Sha256 {
  public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;
    void add(const void* data, std::size_t size);
    [[nodiscard]] std::string finish();  // 64 hexadecimal digits; once

  private:
    struct State;
    std::unique_ptr<State> state_;
};
std::string sha256(std::string_view text);
[[nodiscard]] Result<std::string> sha256_of_file(const std::filesystem::path& path);

}  // namespace sendhub
