// Bytes of any encoding as UTF-8. Both readers of tables decide encodings here.
//
// Marks and NULs tell UTF-16 from text of single bytes. That is decided line by line, which is exact however
// the bytes arrive: a line that is well-formed UTF-8 is taken as it is, another is read as Windows-1252, but
// for the characters in it that can only be UTF-8. When a file has lines of both kinds, the rarer kind is
// reported with its lines; nothing else changes. NULs are taken out, and reported.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sendhub::tabular {

enum class Encoding { detect, utf8, windows1252, utf16le, utf16be };

// The values of the setting `encoding`: auto, utf-8, windows-1252, utf-16.
std::optional<Encoding> encoding_by_name(std::string_view name);

struct EncodingStart {
    Encoding encoding = Encoding::detect;  // detect: single bytes, to be decided line by line
    std::size_t marks = 0;                 // bytes of byte-order marks
    std::string odd;                       // what contradicts itself, as a sentence; else empty
    bool contradicts_setting = false;      // what was asked for cannot be
};
// head: the first bytes, 4 KB of them do.
EncodingStart find_encoding(std::string_view head, Encoding asked);

class Decoder {
  public:
    explicit Decoder(Encoding encoding, char line_end = '\n') : encoding_(encoding), line_end_(line_end) {}

    // Text of single bytes: whole lines, and the last one whole or not. Appends UTF-8.
    void lines(std::string_view bytes, std::string& out);
    // UTF-16: an even number of bytes and no half of a pair at their end, unless it is the end of the file.
    void units(std::string_view bytes, std::string& out);

    // Some lines by number, and how many there are.
    struct Lines {
        std::uint64_t count = 0;
        std::vector<std::uint64_t> first;
        void add(std::uint64_t line) {
            if (first.size() < 5) first.push_back(line);
            ++count;
        }
        [[nodiscard]] std::string text() const;  // "line 4", "lines 4, 9 and 12 more"
    };
    [[nodiscard]] const Lines& utf8_lines() const { return utf8_; }  // with characters beyond ASCII
    [[nodiscard]] const Lines& other_lines() const { return other_; }
    // Lines with halves of a pair or bytes without a meaning: U+FFFD stands there.
    [[nodiscard]] const Lines& lost() const { return lost_; }
    [[nodiscard]] const Lines& nuls() const { return nuls_; }
    // The line on which the text ends within a character; 0: it does not.
    [[nodiscard]] std::uint64_t cut_line() const { return cut_line_; }
    // What to say of lost(), nuls() and cut_line().
    [[nodiscard]] std::vector<std::string> damage() const;
    // Are there lines of two encodings? Then what to say of the rarer kind.
    [[nodiscard]] std::string mixture() const;
    void line_end(char c) { line_end_ = c; }

  private:
    void line(std::string_view bytes, std::string& out);

    Encoding encoding_;
    char line_end_;
    std::uint64_t line_ = 1;
    std::uint64_t cut_line_ = 0;
    Lines utf8_, other_, lost_, nuls_;
};

}  // namespace sendhub::tabular
