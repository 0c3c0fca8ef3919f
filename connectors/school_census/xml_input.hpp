// The bytes of an XML file as UTF-8, block by block. UTF-8 (with or without byte-order mark) is checked and
// not copied; UTF-16, Windows-1252 and ISO-8859-1 are turned into UTF-8. Anything else is refused by name, as
// are NUL characters and bytes that are not of the encoding: a child's name must not be guessed. A file that
// is declared as Windows-1252 or ISO-8859-1 and is UTF-8 from its first odd byte on is read as UTF-8.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sendhub::census {

class XmlInput {
  public:
    // read: fills the buffer as far as it can and says how far; 0 at the end.
    using Read = std::function<std::size_t(std::span<char>)>;
    XmlInput(Read read, std::size_t block_bytes);

    // What is in hand, and can be changed in place by the reader. Valid until more().
    [[nodiscard]] char* data() { return buffer_.data() + begin_; }
    [[nodiscard]] std::size_t size() const { return end_ - begin_; }
    [[nodiscard]] std::string_view text() const { return {buffer_.data() + begin_, size()}; }
    // The first n bytes are done with.
    void drop(std::size_t n) { begin_ += n; }
    // Adds about a block behind what is in hand. False at the end of the file. Throws FileRefused.
    bool more();
    [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }

  private:
    enum class Encoding { unknown, utf8, single_byte, utf16_little, utf16_big };

    std::size_t read_block(char* to, std::size_t capacity);
    void detect();
    void accept_utf8();  // checks what was read and moves end_ behind the last whole character
    void transcode(bool at_end);

    Read read_;
    std::size_t block_;
    std::vector<char> buffer_;  // [begin_, end_): checked; [end_, filled_): read, not yet a whole character
    std::size_t begin_ = 0, end_ = 0, filled_ = 0;
    std::vector<char> raw_;  // of the other encodings: read, not yet turned into UTF-8
    Encoding encoding_ = Encoding::unknown;
    bool windows_1252_ = false, odd_seen_ = false;  // of single_byte: a byte above 0x7F was seen
    std::uint64_t bytes_read_ = 0;
    bool at_end_ = false;
};

}  // namespace sendhub::census
