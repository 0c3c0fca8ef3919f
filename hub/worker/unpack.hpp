// A landed file as the files in it: itself, the content of a gzip file, or the members of a zip archive. What
// a file is shows in its first bytes, never in its name. Everything is read as a stream, under limits that an
// honest file does not come near; an archive in an archive, an encrypted member and a name that leads
// elsewhere are refused.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace sendhub::worker {

struct UnpackLimits {
    std::uint64_t largest_file = 4ull << 30;  // unpacked, each
    std::uint64_t ratio = 200;                // unpacked to packed, of the whole archive …
    std::uint64_t ratio_from = 16ull << 20;   // … once this much came out of it
    std::size_t most_members = 10'000;
};

// The bytes of one file, in order.
class ByteSource {
  public:
    ByteSource() = default;
    ByteSource(const ByteSource&) = delete;
    ByteSource& operator=(const ByteSource&) = delete;
    virtual ~ByteSource() = default;
    // How many bytes were put into buffer; 0 at the end; -1: why() says what is wrong with the file.
    virtual std::int64_t read(void* buffer, std::uint64_t capacity) = 0;
    [[nodiscard]] const std::string& why() const { return why_; }

  protected:
    std::int64_t wrong(std::string why) {
        why_ = std::move(why);
        return -1;
    }
    std::string why_;
};

class LandedFile {
  public:
    struct Member {
        std::string name;         // as delivered, or ARCHIVE/MEMBER
        std::uint64_t bytes = 0;  // unpacked, as the file says; 0: not known
    };
    // An Error (code input) refuses the whole file: its sentence is the reason.
    [[nodiscard]] static Result<std::unique_ptr<LandedFile>> open(const std::filesystem::path& path,
                                                                  const std::string& delivered_name,
                                                                  const UnpackLimits& limits = {});
    LandedFile(const LandedFile&) = delete;
    LandedFile& operator=(const LandedFile&) = delete;
    virtual ~LandedFile() = default;
    [[nodiscard]] const std::vector<Member>& members() const { return members_; }
    // One at a time: the earlier one ends with the call.
    [[nodiscard]] virtual Result<std::unique_ptr<ByteSource>> member(std::size_t index) = 0;

  protected:
    LandedFile() = default;
    std::vector<Member> members_;
};

}  // namespace sendhub::worker
