// What lies in a folder and may be taken. Nothing is opened through a symbolic link below the folder itself.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sendhub::folder {

// An open descriptor that closes itself.
class Descriptor {
  public:
    explicit Descriptor(int fd = -1) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept;
    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor();
    [[nodiscard]] int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }

  private:
    int fd_;
};

// What must stay the same for a file to count as unchanged.
struct Stamp {
    std::uint64_t device = 0, inode = 0, bytes = 0;
    std::int64_t modified_at = 0;  // microseconds since 1970-01-01T00:00:00Z
    std::int64_t changed_at = 0;   // the same, of the inode: no program can set it back
    friend bool operator==(const Stamp&, const Stamp&) = default;
};
Stamp stamp_of(const struct stat& info);

struct Found {
    std::string name;  // from the folder on, with '/'
    Stamp stamp;
};

struct ListRules {
    std::vector<std::string>
        patterns;  // globs without case; one with '/' is for the whole name, else for its last part
    bool recurse = false;
    std::string marker;  // names that end so are markers, never files to take; empty: none
};

// Regular files that meet a pattern, sorted by name. Left out without a word: dot files and names of files
// that someone is still writing (.tmp .part .filepart ~). skipped is told of everything else that meets a
// pattern and cannot be taken. Throws RunFailed when the folder itself cannot be read.
std::vector<Found> list(const Descriptor& folder, const ListRules& rules,
                        const std::function<void(std::string_view name, std::string_view reason)>& skipped);

// What a name that list gave is now; empty when it is no regular file any more, or gone.
std::optional<Stamp> stamp_beneath(const Descriptor& folder, std::string_view name);

// Opens a name that list gave, following no symbolic link on the way; errno says why when it is not open.
Descriptor open_beneath(const Descriptor& folder, std::string_view name);

}  // namespace sendhub::folder
