#include "plugins/transports/folder/listing.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <sendhub/plugin.hpp>
#include <system_error>
#include <utility>

#include "schemas/rules/utf8.hpp"

namespace sendhub::folder {
namespace {

constexpr int deepest = 32;  // folders within folders

std::string message(int number) { return std::generic_category().message(number); }

bool is_in_the_making(std::string_view name) {
    return name.ends_with(".tmp") || name.ends_with(".part") || name.ends_with(".filepart") ||
           name.ends_with('~');
}

bool meets(const std::string& name, const std::vector<std::string>& patterns) {
    const std::string last = name.substr(name.rfind('/') + 1);
    return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
        const bool whole = pattern.find('/') != std::string::npos;
        return ::fnmatch(pattern.c_str(), (whole ? name : last).c_str(),
                         FNM_CASEFOLD | (whole ? FNM_PATHNAME : 0)) == 0;
    });
}

// The hub takes names as UTF-8 without control characters; others are shown with '?'.
bool is_plain(std::string_view name) {
    return rules::is_utf8(name) && std::none_of(name.begin(), name.end(), [](char c) {
               return static_cast<unsigned char>(c) < ' ' || c == 127;
           });
}
std::string plain(std::string name) {
    for (char& c : name)
        if (static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) >= 127) c = '?';
    return name;
}

class Walk {
  public:
    Walk(const ListRules& rules, const std::function<void(std::string_view, std::string_view)>& skipped,
         std::vector<Found>& out)
        : rules_(rules), skipped_(skipped), out_(out) {}

    // Takes over fd.
    void folder(int fd, const std::string& prefix, int depth) {
        const std::unique_ptr<DIR, int (*)(DIR*)> dir(::fdopendir(fd), ::closedir);
        if (!dir) {
            const int number = errno;
            ::close(fd);
            return failed(prefix, number);
        }
        for (;;) {
            errno = 0;
            const dirent* entry = ::readdir(dir.get());
            if (!entry) break;
            if (entry->d_name[0] != '.') item(::dirfd(dir.get()), entry->d_name, prefix, depth);
        }
        if (errno != 0) failed(prefix, errno);
    }

  private:
    void failed(const std::string& prefix, int number) {
        if (prefix.empty()) throw sdk::RunFailed("the folder cannot be listed: " + message(number));
        skipped_(plain(prefix), "the folder cannot be listed: " + message(number));
    }
    void item(int parent, const char* last, const std::string& prefix, int depth) {
        const std::string name = prefix + last;
        struct stat info{};
        if (::fstatat(parent, last, &info, AT_SYMLINK_NOFOLLOW) != 0) {
            if (errno != ENOENT && meets(name, rules_.patterns))
                skipped_(plain(name), "it cannot be looked at: " + message(errno));
            return;  // gone meanwhile
        }
        if (S_ISDIR(info.st_mode)) {
            if (!rules_.recurse) return;
            if (depth >= deepest) return skipped_(plain(name), "it lies more than 32 folders deep");
            const int fd = ::openat(parent, last, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            if (fd < 0) return skipped_(plain(name), "the folder cannot be opened: " + message(errno));
            return folder(fd, name + "/", depth + 1);
        }
        if (is_in_the_making(name) || (!rules_.marker.empty() && name.ends_with(rules_.marker))) return;
        if (!meets(name, rules_.patterns)) return;
        if (!is_plain(name)) return skipped_(plain(name), "its name is not plain UTF-8 text; rename it");
        if (S_ISLNK(info.st_mode)) return skipped_(name, "it is a symbolic link, and those are not followed");
        if (!S_ISREG(info.st_mode)) return skipped_(name, "it is not a regular file");
        out_.push_back({name, stamp_of(info)});
    }

    const ListRules& rules_;
    const std::function<void(std::string_view, std::string_view)>& skipped_;
    std::vector<Found>& out_;
};

std::int64_t micros(const timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000 + time.tv_nsec / 1000;
}

Descriptor open_beneath(const Descriptor& folder, std::string_view name, int flags) {
    Descriptor parent;
    int at = folder.get();
    for (auto slash = name.find('/'); slash != std::string_view::npos; slash = name.find('/')) {
        parent = Descriptor(::openat(at, std::string(name.substr(0, slash)).c_str(),
                                     O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
        if (!parent) return parent;
        at = parent.get();
        name.remove_prefix(slash + 1);
    }
    return Descriptor(::openat(at, std::string(name).c_str(), flags | O_NOFOLLOW | O_CLOEXEC));
}

}  // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
}
Descriptor::~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
}

Stamp stamp_of(const struct stat& info) {
    return {info.st_dev, info.st_ino, static_cast<std::uint64_t>(info.st_size), micros(info.st_mtim),
            micros(info.st_ctim)};
}

std::vector<Found> list(const Descriptor& folder, const ListRules& rules,
                        const std::function<void(std::string_view name, std::string_view reason)>& skipped) {
    std::vector<Found> out;
    // Opened anew: a directory stream has a position, and a second listing must start at the beginning.
    const int fd = ::openat(folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) throw sdk::RunFailed("the folder cannot be opened: " + message(errno));
    Walk(rules, skipped, out).folder(fd, "", 0);
    std::sort(out.begin(), out.end(), [](const Found& a, const Found& b) { return a.name < b.name; });
    return out;
}

std::optional<Stamp> stamp_beneath(const Descriptor& folder, std::string_view name) {
    // O_PATH needs no right to read the file itself.
    const Descriptor file = open_beneath(folder, name, O_PATH);
    struct stat info{};
    if (!file || ::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
    return stamp_of(info);
}

Descriptor open_beneath(const Descriptor& folder, std::string_view name) {
    // O_NONBLOCK: a pipe that took the file's place must not hold the run up.
    return open_beneath(folder, name, O_RDONLY | O_NONBLOCK);
}

}  // namespace sendhub::folder
