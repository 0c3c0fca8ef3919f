#include "hub/config/secrets.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <system_error>

namespace sendhub::config {
namespace {

constexpr std::size_t largest_secret = 64 * 1024;  // a private key fits; a file named by mistake does not

bool is_name(std::string_view text, bool dots) {
    if (text.empty() || text == "." || text == "..") return false;
    for (const char c : text)
        if (!(c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
              (dots && (c == '.' || c == '-' || c == '@'))))
            return false;
    return true;
}

struct Reference {
    enum Kind { env, file, credential } kind;
    std::string_view name;
};

std::optional<Reference> parse(std::string_view text) {
    const auto after = [&](std::string_view prefix) { return text.substr(prefix.size()); };
    if (text.starts_with("env:") && is_name(after("env:"), false))
        return Reference{Reference::env, after("env:")};
    if (text.starts_with("file:") && text.size() > 5 &&
        text.find_first_of("\n\r") == std::string_view::npos && text.find('\0') == std::string_view::npos)
        return Reference{Reference::file, after("file:")};
    if (text.starts_with("credential:") && is_name(after("credential:"), true))
        return Reference{Reference::credential, after("credential:")};
    return std::nullopt;
}

std::string without_line_end(std::string text) {
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
    return text;
}

// Checks the file behind the descriptor it then reads: nobody can put another one there in between.
Result<std::string> read_secret_file(const std::filesystem::path& path) {
    const auto failed = [&](const std::string& why) {
        return fail(ErrorCode::settings,
                    "the secret in the file " + path.string() + " cannot be used: " + why);
    };
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return failed(std::generic_category().message(errno));
    struct Closer {
        int fd;
        ~Closer() { ::close(fd); }
    } const closer{fd};
    struct stat info{};
    if (::fstat(fd, &info) != 0) return failed(std::generic_category().message(errno));
    if (!S_ISREG(info.st_mode)) return failed("it is not a regular file");
    if ((info.st_mode & 077) != 0) {
        std::array<char, 8> mode{};
        std::snprintf(mode.data(), mode.size(), "%04o", static_cast<unsigned>(info.st_mode & 07777));
        return failed("its mode is " + std::string(mode.data()) +
                      ", so others than its owner can read or change it; chmod 0600 it");
    }
    if (info.st_uid != ::geteuid() && info.st_uid != 0)
        return failed("it belongs to another user than the one sendhub runs as");
    std::string text(largest_secret + 1, '\0');
    std::size_t size = 0;
    for (;;) {
        const ssize_t n = ::read(fd, text.data() + size, text.size() - size);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return failed(std::generic_category().message(errno));
        if (n == 0) break;
        size += static_cast<std::size_t>(n);
        if (size > largest_secret) return failed("it is larger than 64 KiB");
    }
    text.resize(size);
    text = without_line_end(std::move(text));
    if (text.empty()) return failed("it is empty");
    return text;
}

}  // namespace

bool is_secret_reference(std::string_view text) { return parse(text).has_value(); }

Result<std::string> resolve_secret(std::string_view reference, const std::filesystem::path& folder) {
    const auto parsed = parse(reference);
    if (!parsed)
        return fail(ErrorCode::settings,
                    "a secret must be given as env:NAME, file:PATH or credential:NAME, never as itself");
    const std::string name(parsed->name);
    switch (parsed->kind) {
        case Reference::env: {
            const char* value = std::getenv(name.c_str());
            if (!value || !*value)
                return fail(ErrorCode::settings, "the environment variable " + name +
                                                     ", which a secret setting names, is not set");
            return std::string(value);
        }
        case Reference::file:
            return read_secret_file(folder / name);
        case Reference::credential: {
            const char* credentials = std::getenv("CREDENTIALS_DIRECTORY");
            if (!credentials || !*credentials)
                return fail(ErrorCode::settings,
                            "the credential " + name +
                                " cannot be read: the service was given none; add LoadCredential=" + name +
                                ":… to its systemd unit");
            return read_secret_file(std::filesystem::path(credentials) / name);
        }
    }
    return fail(ErrorCode::bug, "an unknown kind of secret reference");
}

}  // namespace sendhub::config
