#include "hub/publish/versions.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include "base/files.hpp"

namespace sendhub::publish {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t failed_kept =
    2;  // enough to compare two nights; they hold personal data like any version

std::unexpected<Error> failed(const std::string& what, const std::error_code& error) {
    return fail(ErrorCode::storage, what + ": " + error.message());
}

// 20260120T013000Z, and after it nothing or -N.
bool is_version(const std::string& name) {
    if (name.size() < 16 || name[8] != 'T' || name[15] != 'Z') return false;
    for (std::size_t i = 0; i < 15; ++i)
        if (i != 8 && (name[i] < '0' || name[i] > '9')) return false;
    return name.size() == 16 || (name[16] == '-' && name.size() > 17 &&
                                 name.find_first_not_of("0123456789", 17) == std::string::npos);
}

struct Folders {
    std::vector<std::string> versions, failed, unfinished;
};

Result<Folders> list(const fs::path& published) {
    Folders folders;
    std::error_code error;
    for (fs::directory_iterator entry(published, error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        const std::string stem = entry->path().stem().string(),
                          extension = entry->path().extension().string();
        if (is_version(name))
            folders.versions.push_back(name);
        else if (extension == ".failed" && is_version(stem))
            folders.failed.push_back(name);
        else if (extension == ".tmp" && (is_version(stem) || stem == "current"))
            folders.unfinished.push_back(name);
    }
    if (error) return failed("could not list " + published.string(), error);
    // -2 … -10 of one second: by their number, not as text
    const auto order = [](const std::string& a, const std::string& b) {
        const int by_time = a.compare(0, 16, b, 0, 16);
        if (by_time != 0) return by_time < 0;
        return a.size() != b.size() ? a.size() < b.size() : a < b;
    };
    std::ranges::sort(folders.versions, order);
    std::ranges::sort(folders.failed, order);
    return folders;
}

Status remove_folder(const fs::path& path) {
    std::error_code error;
    fs::remove_all(path, error);
    if (error) return failed("could not remove " + path.string(), error);
    return {};
}

}  // namespace

std::string current_version(const fs::path& published) {
    std::error_code error;
    const fs::path target = fs::read_symlink(published / "current", error);
    if (error || !fs::is_directory(published / target, error)) return {};
    return target.filename().string();
}

Result<std::string> free_version(const fs::path& published, Micros now) {
    const std::string base = format_compact_time(now);
    SENDHUB_ASSIGN(const Folders folders, list(published));
    // After the highest number of this second: a number is not given twice, also when its folder has gone.
    std::size_t highest = 0;
    const auto note = [&](const std::string& name) {
        if (!name.starts_with(base)) return;
        highest = std::max(
            highest, name.size() > 17 && name[16] == '-' ? std::stoul(name.substr(17)) : std::size_t{1});
    };
    std::ranges::for_each(folders.versions, note);
    std::ranges::for_each(folders.failed, note);
    return highest == 0 ? base : base + "-" + std::to_string(highest + 1);
}

Status switch_current(const fs::path& published, const std::string& version) {
    const fs::path link = published / "current.tmp";
    std::error_code error;
    fs::remove(link, error);
    fs::create_directory_symlink(version, link, error);
    if (error) return failed("could not make the link " + link.string(), error);
    fs::rename(link, published / "current", error);
    if (error) return failed("could not switch " + (published / "current").string(), error);
    return sync_folder(published);
}

Status remove_unfinished(const fs::path& published) {
    SENDHUB_ASSIGN(const Folders folders, list(published));
    for (const std::string& name : folders.unfinished) SENDHUB_TRY(remove_folder(published / name));
    return {};
}

Status prune_versions(const fs::path& published, int keep, std::string_view withdrawn_before) {
    SENDHUB_ASSIGN(const Folders folders, list(published));
    const std::string current = current_version(published);
    const auto kept = static_cast<std::size_t>(std::max(keep, 1));
    const auto prune = [&](const std::vector<std::string>& names, std::size_t newest) -> Status {
        for (std::size_t i = 0; i < names.size(); ++i)
            if ((i + newest < names.size() || names[i].compare(0, 16, withdrawn_before) < 0) &&
                names[i] != current)
                SENDHUB_TRY(remove_folder(published / names[i]));
        return {};
    };
    SENDHUB_TRY(prune(folders.versions, kept));
    SENDHUB_TRY(prune(folders.failed, failed_kept));
    return {};
}

}  // namespace sendhub::publish
