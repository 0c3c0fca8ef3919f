#include "hub/govern/audit.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <system_error>
#include <vector>

#include "base/descriptor.hpp"
#include "base/files.hpp"
#include "base/json_writer.hpp"
#include "base/time.hpp"

namespace sendhub::govern {
namespace {

const std::string kNoHash(64, '0');
constexpr std::string_view kHashKey = ",\"hash\":\"";
constexpr std::size_t kTail = kHashKey.size() + 64 + 2;  // ,"hash":"<64>"}
constexpr std::string_view kSeqKey = "{\"seq\":";
constexpr std::string_view kPrevKey = ",\"prev\":\"";
constexpr std::size_t kLongestLine = 1u << 20;

std::unexpected<Error> failed(std::string_view what, const std::filesystem::path& file) {
    return fail(ErrorCode::storage,
                std::string(what) + " the audit log " + file.string() + ": " +
                    std::generic_category().message(errno) +
                    "; nothing that must be on record is done or shown until it can be written");
}

struct Line {
    std::uint64_t seq = 0;
    std::string_view prev, hash;
};

// A line whose own hash is right, or nothing.
std::optional<Line> parse_line(std::string_view line) {
    if (line.size() < kTail + kSeqKey.size() || !line.starts_with(kSeqKey) || !line.ends_with("\"}"))
        return std::nullopt;
    const std::string_view body = line.substr(0, line.size() - kTail);
    const std::string_view tail = line.substr(line.size() - kTail);
    if (!tail.starts_with(kHashKey)) return std::nullopt;
    Line parsed;
    parsed.hash = tail.substr(kHashKey.size(), 64);
    if (sha256(body) != parsed.hash) return std::nullopt;
    const char* begin = line.data() + kSeqKey.size();
    if (std::from_chars(begin, line.data() + line.size(), parsed.seq).ec != std::errc{}) return std::nullopt;
    if (body.size() < kPrevKey.size() + 65) return std::nullopt;
    const std::string_view prev = body.substr(body.size() - kPrevKey.size() - 65);
    if (!prev.starts_with(kPrevKey) || prev.back() != '"') return std::nullopt;
    parsed.prev = prev.substr(kPrevKey.size(), 64);
    return parsed;
}

// The end of the chain: what the next entry follows.
struct Head {
    std::uint64_t seq = 0;
    std::string hash = kNoHash;
};

std::string finish_line(JsonWriter& json, Head& head) {
    json.field("prev", head.hash);
    std::string line = json.take();
    std::string hash = sha256(line);
    line.append(kHashKey).append(hash).append("\"}\n");
    head.hash = std::move(hash);
    return line;
}

std::string entry_line(const AuditEntry& entry, Head& head) {
    JsonWriter json;
    json.begin_object().field("seq", ++head.seq).field("ts", format_time(now_micros()));
    json.field("actor", entry.actor).field("action", entry.action).field("dataset", entry.dataset);
    json.field("version", entry.version).key("rows");
    if (entry.rows)
        json.value(*entry.rows);
    else
        json.null();
    json.field("query", entry.query).field("result", entry.result).field("request_id", entry.request_id);
    if (!entry.reason.empty()) json.field("reason", entry.reason);
    return finish_line(json, head);
}

std::string torn_facts(std::string_view torn) {
    return "\"torn_bytes\":" + std::to_string(torn.size()) + ",\"torn_hash\":\"" + sha256(torn) + "\"";
}

std::string healed_line(std::string_view torn, Head& head) {
    JsonWriter json;
    json.begin_object().field("seq", ++head.seq).field("ts", format_time(now_micros()));
    json.field("actor", "hub")
        .field("action", "audit.healed")
        .field("torn_bytes", torn.size())
        .field("torn_hash", sha256(torn));
    return finish_line(json, head);
}

// The last bytes of the file: enough for the last whole line and a torn one.
Result<std::string> read_end(int fd, std::int64_t size, const std::filesystem::path& file) {
    const auto wanted =
        static_cast<std::size_t>(std::min<std::int64_t>(size, 2 * static_cast<std::int64_t>(kLongestLine)));
    std::string text(wanted, '\0');
    std::size_t done = 0;
    while (done < wanted) {
        const ssize_t n =
            ::pread(fd, text.data() + done, wanted - done, size - static_cast<std::int64_t>(wanted - done));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return failed("could not read", file);
        done += static_cast<std::size_t>(n);
    }
    return text;
}

}  // namespace

struct AuditLog::State {
    struct Waiting {
        const AuditEntry* entry;
        bool done = false;
        Status status;
    };

    std::filesystem::path file;
    std::mutex mutex;
    std::condition_variable finished;
    std::vector<Waiting*> waiting;
    bool writing = false;  // one thread writes for all that wait

    // What this process knows of the end of the file; only the writing thread touches these.
    Head head;
    std::uint64_t known_inode = 0;
    std::int64_t known_size = -1;

    Status write(const std::vector<Waiting*>& batch);
    Status find_head(int fd, std::int64_t size, std::string& text);
};

Status AuditLog::State::find_head(int fd, std::int64_t size, std::string& text) {
    head = Head{};
    if (size == 0) return {};
    SENDHUB_ASSIGN(const std::string end, read_end(fd, size, file));
    const std::size_t last_newline = end.rfind('\n');
    const std::string_view torn =
        std::string_view(end).substr(last_newline == std::string::npos ? 0 : last_newline + 1);
    // The last line that is whole; lines before it may be torn ones that were healed.
    if (last_newline != std::string::npos) {
        const std::size_t before = last_newline == 0 ? std::string::npos : end.rfind('\n', last_newline - 1);
        const std::size_t start = before == std::string::npos ? 0 : before + 1;
        const auto line = parse_line(std::string_view(end).substr(start, last_newline - start));
        if (!line)
            return fail(ErrorCode::storage,
                        "the last line of the audit log " + file.string() +
                            " was changed; nothing is added to a broken chain: run `sendhub audit verify`, "
                            "keep the file as evidence and move it away");
        head = {line->seq, std::string(line->hash)};
    } else if (static_cast<std::size_t>(size) != end.size()) {
        return fail(ErrorCode::storage,
                    "the audit log " + file.string() +
                        " ends in a line that is far too long; keep the file as evidence and move it away");
    }
    if (!torn.empty()) {
        text += '\n';
        if (const auto line = parse_line(torn)) {  // only the end of the line was lost
            head = {line->seq, std::string(line->hash)};
            text += healed_line("", head);
        } else {
            text += healed_line(torn, head);
        }
    }
    return {};
}

Status AuditLog::State::write(const std::vector<Waiting*>& batch) {
    const Descriptor fd(::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (fd.get() < 0) return failed("could not open", file);
    while (::flock(fd.get(), LOCK_EX) != 0)
        if (errno != EINTR) return failed("could not lock", file);
    struct stat info{};
    if (::fstat(fd.get(), &info) != 0) return failed("could not look at", file);
    std::string text;
    if (info.st_ino != known_inode || info.st_size != known_size) {
        known_size = -1;
        SENDHUB_TRY(find_head(fd.get(), info.st_size, text));
    }
    const Head before = head;
    for (const Waiting* one : batch) text += entry_line(*one->entry, head);
    std::size_t done = 0;
    while (done < text.size()) {
        const ssize_t n = ::write(fd.get(), text.data() + done, text.size() - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) {
            auto error = failed("could not write", file);
            known_size = -1;  // the next append looks at what really is there, and heals it
            head = before;
            return error;
        }
        done += static_cast<std::size_t>(n);
    }
    if (::fsync(fd.get()) != 0) {
        known_size = -1;
        return failed("could not sync", file);
    }
    if (info.st_size == 0) SENDHUB_TRY(sync_folder(file.parent_path()));
    known_inode = info.st_ino;
    known_size = info.st_size + static_cast<std::int64_t>(text.size());
    return {};
}

AuditLog::AuditLog(std::filesystem::path file) : state_(std::make_unique<State>()) {
    state_->file = std::move(file);
}
AuditLog::~AuditLog() = default;

Status AuditLog::append(const AuditEntry& entry) {
    State& s = *state_;
    State::Waiting mine{&entry, false, {}};
    std::unique_lock lock(s.mutex);
    s.waiting.push_back(&mine);
    s.finished.wait(lock, [&] { return mine.done || !s.writing; });
    if (mine.done) return mine.status;
    // This thread writes for everybody who waits now.
    s.writing = true;
    std::vector<State::Waiting*> batch;
    batch.swap(s.waiting);
    lock.unlock();
    Status status;
    try {
        status = s.write(batch);
    } catch (const std::exception& e) {
        status = fail(ErrorCode::storage, std::string("could not write the audit log: ") + e.what());
    }
    lock.lock();
    for (State::Waiting* one : batch) {
        one->status = status;
        one->done = true;
    }
    s.writing = false;
    s.finished.notify_all();
    return status;
}

Result<Audited> verify_audit(const std::filesystem::path& file) {
    Audited found;
    found.head = kNoHash;
    const Descriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (fd.get() < 0) {
        if (errno == ENOENT) return found;
        return failed("could not open", file);
    }
    // A writer's line must not look torn because it was read half way.
    while (::flock(fd.get(), LOCK_SH) != 0)
        if (errno != EINTR) return failed("could not lock", file);
    std::uint64_t seq = 0, number = 0, torn_number = 0;
    std::string torn, buffer;
    const auto broken = [&](std::uint64_t line, std::string_view why) {
        found.broken_line = line;
        found.reason = why;
    };
    const auto take = [&](std::string_view text) {
        ++number;
        const auto line = parse_line(text);
        if (!line) {
            if (torn_number != 0) return broken(torn_number, "the line was changed"), false;
            torn_number = number;
            torn = text;
            return true;
        }
        if (line->seq != seq + 1 || line->prev != found.head)
            return broken(torn_number != 0 ? torn_number : number,
                          torn_number != 0 ? "the line was changed"
                                           : "lines before it are missing, added or in another order"),
                   false;
        if (torn_number != 0) {
            if (text.find("\"action\":\"audit.healed\"," + torn_facts(torn) + ",\"prev\"") ==
                std::string_view::npos)
                return broken(torn_number, "the line was changed"), false;
            torn_number = 0;
        }
        if (text.find("\"action\":\"audit.healed\",\"torn_bytes\":") != std::string_view::npos)
            ++found.healed;
        ++seq;
        ++found.entries;
        found.head = line->hash;
        return true;
    };
    std::string block(256u << 10, '\0');
    for (;;) {
        const ssize_t n = ::read(fd.get(), block.data(), block.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return failed("could not read", file);
        if (n == 0) break;
        buffer.append(block, 0, static_cast<std::size_t>(n));
        std::size_t start = 0;
        for (std::size_t end = buffer.find('\n'); end != std::string::npos; end = buffer.find('\n', start)) {
            if (!take(std::string_view(buffer).substr(start, end - start))) return found;
            start = end + 1;
        }
        buffer.erase(0, start);
        if (buffer.size() > kLongestLine) {
            broken(number + 1, "the line is far too long");
            return found;
        }
    }
    if (torn_number != 0)
        broken(torn_number, "the line was changed");
    else if (!buffer.empty())
        broken(number + 1,
               "the last line is torn (a crash while writing); the next entry will mend and mark it");
    return found;
}

}  // namespace sendhub::govern
