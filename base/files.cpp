#include "base/files.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/log.hpp"

namespace sendhub {
namespace {

std::unexpected<Error> failed(std::string_view what, const std::filesystem::path& path, int number = errno) {
    return fail(ErrorCode::storage,
                std::string(what) + " " + path.string() + ": " + std::generic_category().message(number));
}

struct Descriptor {
    int fd;
    explicit Descriptor(int f) : fd(f) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (fd >= 0) ::close(fd);
    }
};

Status write_all(int fd, std::string_view text, const std::filesystem::path& path) {
    while (!text.empty()) {
        const ssize_t n = ::write(fd, text.data(), text.size());
        if (n < 0) {
            if (errno == EINTR) continue;
            return failed("could not write", path);
        }
        text.remove_prefix(static_cast<std::size_t>(n));
    }
    return {};
}

// Closed to others now, or why it could not be.
enum class Closing { was_closed, closed, failed };
Closing close_to_others(const std::filesystem::path& path) {
    struct stat info{};
    if (::lstat(path.c_str(), &info) != 0 || S_ISLNK(info.st_mode)) return Closing::was_closed;
    if ((info.st_mode & 077) == 0) return Closing::was_closed;
    return ::chmod(path.c_str(), info.st_mode & 0700) == 0 ? Closing::closed : Closing::failed;
}

}  // namespace

void keep_files_private() { ::umask(0077); }

Status open_state_folder(const std::filesystem::path& folder) {
    SENDHUB_TRY(make_folder(folder));
    std::size_t closed = 0, failures = 0;
    std::filesystem::path open_still;
    const auto close = [&](const std::filesystem::path& path) {
        const Closing done = close_to_others(path);
        closed += done == Closing::closed;
        if (done == Closing::failed && failures++ == 0) open_still = path;
    };
    close(folder);
    // A run that is under way adds and removes entries meanwhile; what it adds is closed already.
    std::error_code error;
    constexpr auto skip = std::filesystem::directory_options::skip_permission_denied;
    std::filesystem::recursive_directory_iterator entry(folder, skip, error);
    for (; !error && entry != std::filesystem::recursive_directory_iterator(); entry.increment(error))
        close(entry->path());
    if (closed > 0)
        log::warn("state.closed",
                  "files or folders of the state folder could be read by other users of this machine; they "
                  "are closed to them now. Find out who could read them, and what widened their modes",
                  {{"folder", folder.string()}, {"entries", std::to_string(closed)}});
    if (failures > 0)
        log::warn("state.open",
                  "files or folders of the state folder can be read by other users of this machine, and "
                  "their modes could not be changed. Give them to the user that runs sendhub",
                  {{"folder", folder.string()},
                   {"entries", std::to_string(failures)},
                   {"first", open_still.string()}});
    return {};
}

Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.fd < 0) {
        if (errno == ENOENT) return fail(ErrorCode::not_found, "there is no file " + path.string());
        return failed("could not open", path);
    }
    std::string text;
    for (;;) {
        const std::size_t before = text.size();
        if (before > limit)
            return fail(ErrorCode::input,
                        path.string() + " is larger than " + std::to_string(limit) + " bytes");
        text.resize(before + 65536);
        const ssize_t n = ::read(file.fd, text.data() + before, 65536);
        if (n < 0 && errno == EINTR) {
            text.resize(before);
            continue;
        }
        if (n < 0) return failed("could not read", path);
        text.resize(before + static_cast<std::size_t>(n));
        if (n == 0) return text;
    }
}

Status write_file_atomically(const std::filesystem::path& path, std::string_view text, unsigned mode) {
    std::filesystem::path temporary = path;
    temporary += ".tmp" + std::to_string(::getpid());
    {
        const Descriptor file(
            ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, static_cast<mode_t>(mode)));
        if (file.fd < 0) return failed("could not create", temporary);
        SENDHUB_TRY(write_all(file.fd, text, temporary));
        if (::fsync(file.fd) != 0) return failed("could not sync", temporary);
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0) return failed("could not rename to", path);
    return sync_folder(path.parent_path());
}

Status append_line(const std::filesystem::path& path, std::string_view line, unsigned mode) {
    const Descriptor file(
        ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, static_cast<mode_t>(mode)));
    if (file.fd < 0) return failed("could not open", path);
    std::string text;
    struct stat info{};
    if (::fstat(file.fd, &info) != 0) return failed("could not read", path);
    char last = '\n';
    if (info.st_size > 0 && ::pread(file.fd, &last, 1, info.st_size - 1) != 1)
        return failed("could not read", path);
    if (last != '\n') text += '\n';
    text += line;
    text += '\n';
    SENDHUB_TRY(write_all(file.fd, text, path));
    if (::fsync(file.fd) != 0) return failed("could not sync", path);
    return {};
}

Status sync_file(const std::filesystem::path& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.fd < 0) return failed("could not open", path);
    if (::fsync(file.fd) != 0) return failed("could not sync", path);
    return {};
}

Status sync_folder(const std::filesystem::path& folder) {
    const auto path = folder.empty() ? std::filesystem::path(".") : folder;
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (file.fd < 0) return failed("could not open the folder", path);
    if (::fsync(file.fd) != 0) return failed("could not sync the folder", path);
    return {};
}

Status make_folder(const std::filesystem::path& folder, unsigned mode) {
    std::error_code error;
    if (std::filesystem::is_directory(folder, error)) return {};
    std::filesystem::create_directories(folder, error);
    if (error)
        return fail(ErrorCode::storage,
                    "could not make the folder " + folder.string() + ": " + error.message());
    if (::chmod(folder.c_str(), static_cast<mode_t>(mode)) != 0)
        return failed("could not set the mode of", folder);
    return {};
}

Result<FileLock> FileLock::acquire(const std::filesystem::path& path, int wait_ms) {
    Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (file.fd < 0) return failed("could not open", path);
    // A holder that was killed may take a moment to be gone from the system; one that works takes longer.
    int locked = ::flock(file.fd, LOCK_EX | LOCK_NB);
    for (int i = 0; locked != 0 && errno == EWOULDBLOCK && i < wait_ms / 50; ++i) {
        ::usleep(50'000);
        locked = ::flock(file.fd, LOCK_EX | LOCK_NB);
    }
    if (locked != 0) {
        if (errno != EWOULDBLOCK) return failed("could not lock", path);
        std::array<char, 32> text{};
        const ssize_t n = ::pread(file.fd, text.data(), text.size() - 1, 0);
        return fail(ErrorCode::busy,
                    "another sendhub" +
                        (n > 0 ? " (process " + std::string(text.data(), static_cast<std::size_t>(n)) + ")"
                               : std::string()) +
                        " is at work on this state folder; wait for it to end, or ask it");
    }
    const std::string pid = std::to_string(::getpid());
    if (::ftruncate(file.fd, 0) != 0 || ::pwrite(file.fd, pid.data(), pid.size(), 0) < 0)
        return failed("could not write", path);
    return FileLock(std::exchange(file.fd, -1));
}
FileLock::FileLock(FileLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
FileLock::~FileLock() {
    if (fd_ >= 0) {
        if (::ftruncate(fd_, 0) != 0) { /* the pid inside is only a hint for people */
        }
        ::close(fd_);
    }
}

struct Sha256::State {
    crypto_hash_sha256_state state;
};
Sha256::Sha256() : state_(std::make_unique<State>()) { crypto_hash_sha256_init(&state_->state); }
Sha256::~Sha256() = default;
void Sha256::add(const void* data, std::size_t size) {
    crypto_hash_sha256_update(&state_->state, static_cast<const unsigned char*>(data), size);
}
std::string Sha256::finish() {
    std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
    crypto_hash_sha256_final(&state_->state, digest.data());
    std::string hex(digest.size() * 2 + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
    hex.pop_back();
    return hex;
}
std::string sha256(std::string_view text) {
    Sha256 hash;
    hash.add(text.data(), text.size());
    return hash.finish();
}
Result<std::string> sha256_of_file(const std::filesystem::path& path) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.fd < 0) return failed("could not open", path);
    Sha256 hash;
    std::string buffer(1u << 20, '\0');
    for (;;) {
        const ssize_t n = ::read(file.fd, buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return failed("could not read", path);
        if (n == 0) return hash.finish();
        hash.add(buffer.data(), static_cast<std::size_t>(n));
    }
}

}  // namespace sendhub
