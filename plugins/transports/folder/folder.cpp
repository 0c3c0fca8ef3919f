// Transport `folder`: takes the files that others put into a folder. README.md says which, when, and why not.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <optional>
#include <sendhub/transport.hpp>
#include <system_error>
#include <thread>

#include "plugins/transports/folder/digest.hpp"
#include "plugins/transports/folder/listing.hpp"

namespace sendhub::folder {
namespace {

constexpr std::size_t chunk = 256 * 1024;
constexpr std::size_t largest_marker = 4096;
constexpr std::string_view changed_while_read = "it changed while it was read; it is taken in a later run";

std::string message(int number) { return std::generic_category().message(number); }

std::int64_t now_micros() {
    return std::chrono::duration_cast<std::chrono::microseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

class Folder : public sdk::Transport {
  public:
    static sdk::TransportInfo info() {
        return {"folder",
                "1.0.0",
                "Folder",
                "Takes files from a folder of this machine or a mounted share, once they are complete.",
                {{"folder", sdk::SettingType::folder, "", "Where the files are put.", "", true},
                 {.name = "patterns",
                  .type = sdk::SettingType::text,
                  .default_value = "*",
                  .meaning = "Which names are taken: globs, without regard to case. One with / is held "
                             "against the whole path, else against the file name.",
                  .list = true},
                 {"recurse", sdk::SettingType::boolean, "false", "Look into the folders within, too."},
                 {"settle_seconds", sdk::SettingType::integer, "2",
                  "A file is complete when it has not changed for this long (0 to 60).", "seconds"},
                 {"marker", sdk::SettingType::text, "",
                  "Take a file only when another of its name with this ending is there, such as .ok. With "
                  ".md5 or .sha256 the digest in it must be right."}}};
    }

    explicit Folder(sdk::TransportHost& host) : host_(host), marker_(host.setting("marker")) {
        rules_.patterns = host.setting_list("patterns");
        rules_.recurse = host.setting_boolean("recurse");
        rules_.marker = marker_;
        settle_ = host.setting_integer("settle_seconds");
        if (settle_ < 0 || settle_ > 60)
            throw sdk::BadSettings("the setting settle_seconds must be from 0 to 60");
        if (marker_.find('/') != std::string::npos)
            throw sdk::BadSettings("the setting marker must be the ending of a file name, such as .ok");
        const std::string path(host.setting("folder"));
        if (path.empty()) throw sdk::BadSettings("the setting folder is missing");
        folder_ = Descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (folder_) return;
        const int number = errno;
        const std::string text = "the folder " + path + " cannot be opened: " + message(number);
        // A share that does not answer may answer again; a wrong name or missing right will not mend itself.
        if (number == EIO || number == ESTALE || number == EHOSTDOWN || number == ETIMEDOUT ||
            number == ENOTCONN)
            throw sdk::TryLater(text);
        throw sdk::BadSettings(text + "; make it, or correct the setting folder");
    }

    void fetch() override {
        std::vector<Found> files =
            list(folder_, rules_, [&](auto name, auto reason) { host_.skipped(name, reason); });
        std::erase_if(files, [&](const Found& file) {
            return !host_.wants(file.name, file.stamp.bytes, file.stamp.modified_at) ||
                   !has_marker(file.name);
        });
        leave_out_unsettled(files);
        std::uint64_t total = 0, done = 0;
        for (const Found& file : files) total += file.stamp.bytes;
        for (const Found& file : files) {
            host_.stop_if_cancelled();
            take(file, done, total);
            done += file.stamp.bytes;
        }
    }

  private:
    bool has_marker(const std::string& name) {
        if (marker_.empty()) return true;
        struct stat info{};
        const Descriptor marker = open_beneath(folder_, name + marker_);
        if (marker && ::fstat(marker.get(), &info) == 0 && S_ISREG(info.st_mode)) return true;
        host_.skipped(name, "its marker " + name + marker_ + " is not there yet");
        return false;
    }

    // Waits once, no longer than settle_seconds, for the youngest of the files; who changed meanwhile stays
    // behind.
    void leave_out_unsettled(std::vector<Found>& files) {
        const std::int64_t settle = settle_ * 1'000'000, now = now_micros();
        std::int64_t wait = 0;
        for (const Found& file : files) {
            // A time in the future (another machine's clock) says nothing: wait in full.
            const std::int64_t age = now - std::max(file.stamp.modified_at, file.stamp.changed_at);
            if (age < settle) wait = std::max(wait, age < 0 ? settle : settle - age);
        }
        if (wait == 0) return;
        using Clock = std::chrono::steady_clock;
        for (const auto end = Clock::now() + std::chrono::microseconds(wait); Clock::now() < end;) {
            host_.stop_if_cancelled();
            std::this_thread::sleep_for(
                std::min<Clock::duration>(end - Clock::now(), std::chrono::milliseconds(100)));
        }
        std::erase_if(files, [&](const Found& file) {
            if (stamp_beneath(folder_, file.name) == file.stamp) return false;
            host_.skipped(file.name, "it is still being written; it is taken in a later run");
            return true;
        });
    }

    // The file as it was listed, open; or nothing when it is another one by now, or gone.
    Descriptor open_unchanged(const Found& file) {
        Descriptor open = open_beneath(folder_, file.name);
        struct stat info{};
        if (!open || ::fstat(open.get(), &info) != 0 || !S_ISREG(info.st_mode) ||
            stamp_of(info) != file.stamp)
            return Descriptor();
        return open;
    }

    void take(const Found& file, std::uint64_t done, std::uint64_t total) {
        errno = 0;
        const Descriptor open = open_unchanged(file);
        if (!open) {
            const bool refused = errno == EACCES || errno == EPERM;
            return host_.skipped(
                file.name,
                refused ? "it cannot be opened: " + message(EACCES) + "; give sendhub the right to read it"
                        : std::string("it changed or went away; it is taken in a later run"));
        }
        std::optional<Digest> digest;
        std::string wanted;
        if (const auto kind = kind_of_marker(marker_)) {
            wanted = digest_in(*kind, marker_text(file.name));
            if (!wanted.empty()) digest.emplace(*kind);
        }
        host_.begin_file(file.name, file.stamp.bytes, file.stamp.modified_at);
        Abandon unfinished{host_};
        if (const std::string why = copy(open, file, digest, done, total); !why.empty())
            return host_.skipped(file.name, why);
        if (digest && digest->finish() != wanted)
            return host_.skipped(file.name, "its content is not what the marker " + file.name + marker_ +
                                                " says; ask the sender to send it again");
        host_.commit_file();
        unfinished.done = true;
    }

    // Whatever ends a file early, the hub is told to forget its bytes.
    struct Abandon {
        sdk::TransportHost& host;
        bool done = false;
        ~Abandon() {
            if (!done) host.abandon_file();
        }
    };

    // Why the file is not taken; empty when all of it was read and it is still as it was.
    std::string copy(const Descriptor& open, const Found& file, std::optional<Digest>& digest,
                     std::uint64_t done, std::uint64_t total) {
        std::uint64_t read = 0;
        for (;;) {
            host_.stop_if_cancelled();
            const ssize_t n = ::read(open.get(), buffer_.data(), buffer_.size());
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) return "it cannot be read: " + message(errno);
            if (n == 0) break;
            read += static_cast<std::uint64_t>(n);
            if (read > file.stamp.bytes) return std::string(changed_while_read);
            if (digest) digest->add(buffer_.data(), static_cast<std::size_t>(n));
            host_.write(buffer_.data(), static_cast<std::uint64_t>(n));
            host_.progress(done + read, total);
        }
        struct stat info{};
        if (read != file.stamp.bytes || ::fstat(open.get(), &info) != 0 || stamp_of(info) != file.stamp)
            return std::string(changed_while_read);
        return "";
    }

    std::string marker_text(const std::string& name) {
        const Descriptor marker = open_beneath(folder_, name + marker_);
        std::string text(largest_marker, '\0');
        const ssize_t n = marker ? ::read(marker.get(), text.data(), text.size()) : -1;
        text.resize(n < 0 ? 0 : static_cast<std::size_t>(n));
        return text;
    }

    sdk::TransportHost& host_;
    std::string marker_;
    ListRules rules_;
    std::int64_t settle_ = 0;
    Descriptor folder_;
    std::vector<char> buffer_ = std::vector<char>(chunk);
};

}  // namespace
}  // namespace sendhub::folder

SENDHUB_TRANSPORT(sendhub::folder::Folder);
