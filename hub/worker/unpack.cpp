#include "hub/worker/unpack.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <system_error>

#include "base/descriptor.hpp"
#include "hub/handover/deliveries.hpp"

namespace sendhub::worker {
namespace {

std::string mebibytes(std::uint64_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

std::unexpected<Error> refuse(std::string why) { return fail(ErrorCode::input, std::move(why)); }

// What kind of packed file begins so; empty: none that we know.
std::string_view packed_kind(std::string_view head) {
    using namespace std::string_view_literals;
    if (head.starts_with("PK\x03\x04"sv) || head.starts_with("PK\x05\x06"sv) ||
        head.starts_with("PK\x07\x08"sv))
        return "zip";
    if (head.starts_with("\x1f\x8b"sv)) return "gzip";
    if (head.starts_with("7z\xBC\xAF\x27\x1C"sv)) return "7-Zip";
    if (head.starts_with("Rar!\x1A\x07"sv)) return "RAR";
    if (head.starts_with("\xFD"
                         "7zXZ"sv))
        return "xz";
    return {};
}

// How much came out of an archive, against how much went in.
struct Meter {
    UnpackLimits limits;
    std::uint64_t packed = 0;    // size of the whole archive, which bounds what can have been read of it
    std::uint64_t unpacked = 0;  // of all members so far
    std::string add(std::uint64_t file_so_far, std::uint64_t n) {
        unpacked += n;
        if (file_so_far > limits.largest_file)
            return "it unpacks to more than " + mebibytes(limits.largest_file) +
                   "; split it, or look whether it is damaged";
        if (unpacked > limits.ratio_from && unpacked / limits.ratio > packed)
            return "it unpacks to more than " + std::to_string(limits.ratio) +
                   " times its size, as archives made to do harm do; send it unpacked if it is honest";
        return {};
    }
};

class PlainSource : public ByteSource {
  public:
    explicit PlainSource(int fd) : fd_(fd) {}
    std::int64_t read(void* buffer, std::uint64_t capacity) override {
        for (;;) {
            const ssize_t n = ::read(fd_, buffer, std::min<std::uint64_t>(capacity, 1u << 30));
            if (n >= 0) return n;
            if (errno != EINTR)
                return wrong("it cannot be read from the landing folder: " +
                             std::generic_category().message(errno));
        }
    }

  private:
    int fd_;
};

// gzip: one or several members, one after the other (RFC 1952).
class GzipSource : public ByteSource {
  public:
    GzipSource(int fd, Meter meter) : fd_(fd), meter_(meter), input_(128 * 1024, '\0') {
        ready_ = ::inflateInit2(&stream_, 15 + 16) == Z_OK;
    }
    ~GzipSource() override { ::inflateEnd(&stream_); }
    std::int64_t read(void* buffer, std::uint64_t capacity) override {
        if (!why_.empty()) return -1;
        if (!ready_) return wrong("it cannot be unpacked: no memory");
        capacity = std::min<std::uint64_t>(capacity, 1u << 30);
        stream_.next_out = static_cast<Bytef*>(buffer);
        stream_.avail_out = static_cast<uInt>(capacity);
        while (stream_.avail_out == capacity && !ended_) {
            if (stream_.avail_in == 0 && !refill()) return -1;
            if (between_) {
                if (stream_.avail_in == 0) {
                    ended_ = true;
                    break;
                }
                if (*stream_.next_in != 0x1f)
                    return wrong("it holds something after the end of its gzip data; send it again");
                ::inflateReset(&stream_);
                between_ = false;
            }
            const int code = ::inflate(&stream_, Z_NO_FLUSH);
            if (code == Z_STREAM_END)
                between_ = true;
            else if (code == Z_BUF_ERROR && stream_.avail_in == 0 && !at_end_)
                continue;
            else if (code != Z_OK)
                return wrong(at_end_ && code == Z_BUF_ERROR ? "it is cut short; send it again"
                                                            : "its gzip data are damaged; send it again");
            else if (at_end_ && stream_.avail_in == 0 && stream_.avail_out == capacity)
                return wrong("it is cut short; send it again");
        }
        const auto n = static_cast<std::int64_t>(capacity - stream_.avail_out);
        total_ += static_cast<std::uint64_t>(n);
        if (std::string why = meter_.add(total_, static_cast<std::uint64_t>(n)); !why.empty())
            return wrong(std::move(why));
        return n;
    }

  private:
    bool refill() {
        if (at_end_) return true;
        for (;;) {
            const ssize_t n = ::read(fd_, input_.data(), input_.size());
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) {
                wrong("it cannot be read from the landing folder: " + std::generic_category().message(errno));
                return false;
            }
            at_end_ = n == 0;
            stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
            stream_.avail_in = static_cast<uInt>(n);
            return true;
        }
    }
    int fd_;
    Meter meter_;
    std::string input_;
    z_stream stream_{};
    std::uint64_t total_ = 0;
    bool ready_ = false, between_ = false, ended_ = false, at_end_ = false;
};

class ZipSource : public ByteSource {
  public:
    ZipSource(zip_file_t* file, Meter& meter) : file_(file), meter_(&meter) {}
    ~ZipSource() override { ::zip_fclose(file_); }
    std::int64_t read(void* buffer, std::uint64_t capacity) override {
        if (!why_.empty()) return -1;
        const zip_int64_t n = ::zip_fread(file_, buffer, std::min<std::uint64_t>(capacity, 1u << 30));
        if (n < 0)
            return wrong("it is damaged (" + std::string(::zip_file_strerror(file_)) + "); send it again");
        total_ += static_cast<std::uint64_t>(n);
        if (std::string why = meter_->add(total_, static_cast<std::uint64_t>(n)); !why.empty())
            return wrong(std::move(why));
        return n;
    }

  private:
    zip_file_t* file_;
    Meter* meter_;
    std::uint64_t total_ = 0;
};

// Looks at the first bytes of what came out of an archive, and gives them again.
class NotPacked : public ByteSource {
  public:
    explicit NotPacked(std::unique_ptr<ByteSource> inner) : inner_(std::move(inner)) {}
    std::int64_t read(void* buffer, std::uint64_t capacity) override {
        if (!looked_) {
            looked_ = true;
            while (have_ < sizeof head_) {
                const std::int64_t n = inner_->read(head_ + have_, sizeof head_ - have_);
                if (n < 0) return wrong(inner_->why());
                if (n == 0) break;
                have_ += static_cast<std::size_t>(n);
            }
            if (const auto kind = packed_kind({head_, have_}); !kind.empty())
                return wrong("it is a " + std::string(kind) +
                             " archive inside an archive; send its files unpacked, or in one archive");
        }
        if (!why_.empty()) return -1;
        if (given_ < have_) {
            const std::size_t n = std::min<std::size_t>(capacity, have_ - given_);
            std::memcpy(buffer, head_ + given_, n);
            given_ += n;
            return static_cast<std::int64_t>(n);
        }
        const std::int64_t n = inner_->read(buffer, capacity);
        return n < 0 ? wrong(inner_->why()) : n;
    }

  private:
    std::unique_ptr<ByteSource> inner_;
    char head_[8]{};
    std::size_t have_ = 0, given_ = 0;
    bool looked_ = false;
};

class PlainFile : public LandedFile {
  public:
    PlainFile(Descriptor fd, std::string name, std::uint64_t bytes) : fd_(std::move(fd)) {
        members_.push_back({std::move(name), bytes});
    }
    Result<std::unique_ptr<ByteSource>> member(std::size_t) override {
        return std::make_unique<PlainSource>(fd_.get());
    }

  private:
    Descriptor fd_;
};

class GzipFile : public LandedFile {
  public:
    GzipFile(Descriptor fd, std::string name, Meter meter) : fd_(std::move(fd)), meter_(meter) {
        members_.push_back({std::move(name), 0});
    }
    Result<std::unique_ptr<ByteSource>> member(std::size_t) override {
        return std::make_unique<NotPacked>(std::make_unique<GzipSource>(fd_.get(), meter_));
    }

  private:
    Descriptor fd_;
    Meter meter_;
};

class ZipArchive : public LandedFile {
  public:
    ~ZipArchive() override {
        if (zip_) ::zip_discard(zip_);
    }
    static Result<std::unique_ptr<LandedFile>> open(const std::filesystem::path& path,
                                                    const std::string& name, Meter meter) {
        int code = 0;
        auto archive = std::make_unique<ZipArchive>();
        archive->meter_ = meter;
        archive->zip_ = ::zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code);
        if (!archive->zip_) {
            zip_error_t error;
            ::zip_error_init_with_code(&error, code);
            const std::string text = ::zip_error_strerror(&error);
            ::zip_error_fini(&error);
            return refuse("it is a damaged zip archive (" + text + "); send it again");
        }
        SENDHUB_TRY(archive->list(name));
        return archive;
    }
    Result<std::unique_ptr<ByteSource>> member(std::size_t index) override {
        zip_file_t* file = ::zip_fopen_index(zip_, indexes_[index], 0);
        if (!file)
            return refuse("it cannot be unpacked (" + std::string(::zip_strerror(zip_)) +
                          "); send it again, packed as ordinary zip");
        return std::make_unique<NotPacked>(std::make_unique<ZipSource>(file, meter_));
    }

  private:
    Status list(const std::string& name) {
        const zip_int64_t count = ::zip_get_num_entries(zip_, 0);
        if (count > static_cast<zip_int64_t>(meter_.limits.most_members))
            return refuse("it has " + std::to_string(count) + " members, at most " +
                          std::to_string(meter_.limits.most_members) + " are taken; split it");
        std::set<std::string> seen;
        for (zip_int64_t i = 0; i < count; ++i) {
            const auto index = static_cast<zip_uint64_t>(i);
            zip_stat_t info;
            if (::zip_stat_index(zip_, index, 0, &info) != 0 || !(info.valid & ZIP_STAT_NAME))
                return refuse("member " + std::to_string(i + 1) +
                              " of the archive cannot be read; send it again");
            std::string member = info.name;
            if (member == "[Content_Types].xml")
                return refuse(
                    "it is an office document (a workbook or a letter), not an archive; save it as CSV and "
                    "send that");
            const bool folder = !member.empty() && member.back() == '/';
            if (folder) member.pop_back();
            if (const auto why = handover::why_name_is_refused(member); !why.empty())
                return refuse("of member " + std::to_string(i + 1) + " of the archive " + std::string(why) +
                              "; pack it again with plain names");
            if (folder) continue;
            if ((info.valid & ZIP_STAT_ENCRYPTION_METHOD) && info.encryption_method != ZIP_EM_NONE)
                return refuse("member " + std::to_string(i + 1) +
                              " of the archive is encrypted; send it without a password, over a safe way");
            if (!seen.insert(member).second)
                return refuse("member " + std::to_string(i + 1) +
                              " of the archive has the name of another member; pack it again");
            if ((info.valid & ZIP_STAT_SIZE) && info.size > meter_.limits.largest_file)
                return refuse("member " + std::to_string(i + 1) + " of the archive unpacks to more than " +
                              mebibytes(meter_.limits.largest_file) + "; split it");
            indexes_.push_back(index);
            members_.push_back({name + "/" + member, info.valid & ZIP_STAT_SIZE ? info.size : 0});
        }
        if (members_.empty()) return refuse("it is an archive with no files in it");
        return {};
    }
    zip_t* zip_ = nullptr;
    Meter meter_;
    std::vector<zip_uint64_t> indexes_;
};

}  // namespace

Result<std::unique_ptr<LandedFile>> LandedFile::open(const std::filesystem::path& path,
                                                     const std::string& delivered_name,
                                                     const UnpackLimits& limits) {
    Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    struct stat info{};
    if (fd.get() < 0 || ::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode))
        return fail(ErrorCode::storage, "the landed file " + path.string() + " cannot be opened (" +
                                            std::generic_category().message(errno) +
                                            "); somebody has moved it, fetch it again");
    const auto size = static_cast<std::uint64_t>(info.st_size);
    char head[8];
    const ssize_t have = ::pread(fd.get(), head, sizeof head, 0);
    if (have < 0)
        return fail(ErrorCode::storage, "the landed file " + path.string() +
                                            " cannot be read: " + std::generic_category().message(errno));
    const auto kind = packed_kind({head, static_cast<std::size_t>(have)});
    const Meter meter{limits, size, 0};
    if (kind == "zip") return ZipArchive::open(path, delivered_name, meter);
    if (kind == "gzip") return std::make_unique<GzipFile>(std::move(fd), delivered_name, meter);
    if (!kind.empty())
        return refuse("it is a " + std::string(kind) +
                      " archive, which the hub does not unpack; send it as zip or gzip");
    if (size > limits.largest_file)
        return refuse("it has more than " + mebibytes(limits.largest_file) + "; split it");
    return std::make_unique<PlainFile>(std::move(fd), delivered_name, size);
}

}  // namespace sendhub::worker
