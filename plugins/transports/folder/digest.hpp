// The digest in a marker file such as census.xml.md5, and that of a stream of bytes.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sendhub::folder {

enum class DigestKind { md5, sha256 };

// Which kind the ending of a marker stands for (.md5, .sha256); empty: its content means nothing to us.
std::optional<DigestKind> kind_of_marker(std::string_view marker);

// The hexadecimal digest in the text of a marker, in small letters: alone, or as md5sum and sha256sum write
// it, or in the BSD form. Empty when the text holds none.
std::string digest_in(DigestKind kind, std::string_view text);

class Digest {
  public:
    explicit Digest(DigestKind kind);
    ~Digest();
    void add(const void* data, std::size_t size);
    [[nodiscard]] std::string finish();  // in small letters; once

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sendhub::folder
