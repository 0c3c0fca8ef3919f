// Bytes of a delivered file as clean UTF-8, and small text helpers for the cells of tables.
//
//   tabular::HostSource bytes(host);                         // what the hub hands out
//   tabular::Utf8Source text(bytes, tabular::Encoding::detect);
//   tabular::CsvReader rows(text);
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sendhub::sdk {
class ConnectorHost;
}

namespace sendhub::tabular {

// Bytes in order. A short read does not mean the end; 0 does.
struct ByteSource {
    virtual ~ByteSource() = default;
    virtual std::size_t read(std::span<char> into) = 0;
};

class StringSource : public ByteSource {
  public:
    explicit StringSource(std::string_view text) : rest_(text) {}  // text must outlive the source
    std::size_t read(std::span<char> into) override;

  private:
    std::string_view rest_;
};

// The current file of the hub.
class HostSource : public ByteSource {
  public:
    explicit HostSource(sdk::ConnectorHost& host) : host_(host) {}
    std::size_t read(std::span<char> into) override;

  private:
    sdk::ConnectorHost& host_;
};

enum class Encoding { detect, utf8, windows1252, utf16le, utf16be };

// The values of the setting `encoding`: auto, utf-8, windows-1252, utf-16.
std::optional<Encoding> encoding_by_name(std::string_view name);

// Well-formed UTF-8 out of UTF-8, Windows-1252 or UTF-16, without byte-order mark and without NUL.
//
// Detection: a byte-order mark decides; else NULs in every second place mean UTF-16; else text is taken as
// ASCII until the first byte that is not, and the chunk around that byte decides between UTF-8 and
// Windows-1252. A byte that is no UTF-8 in a UTF-8 file is read as Windows-1252 and counted (`repaired`):
// such files come from pasting. When UTF-8 was asked for and the bytes are not, read throws sdk::FileRefused.
class Utf8Source : public ByteSource {
  public:
    explicit Utf8Source(ByteSource& bytes, Encoding encoding = Encoding::detect);
    std::size_t read(std::span<char> into) override;               // needs room for at least 16 bytes
    [[nodiscard]] Encoding encoding() const { return encoding_; }  // detect: only ASCII so far
    [[nodiscard]] std::uint64_t repaired() const { return repaired_; }

  private:
    bool fill();  // more raw bytes behind those kept; false at the end
    void decide();
    std::size_t convert(std::span<char> into);

    ByteSource& bytes_;
    Encoding encoding_;
    bool strict_;
    bool started_ = false, ended_ = false;
    std::string raw_;
    std::size_t begin_ = 0, end_ = 0;  // raw bytes not yet converted
    std::uint64_t offset_ = 0;         // of begin_ in the file
    std::uint64_t repaired_ = 0;
};

// Without outer blanks and invisible characters (schemas/rules/blanks.hpp).
std::string_view trim(std::string_view text);

// For comparing headers and coded texts: trimmed, ASCII lower case, every run of blanks one space,
// invisible characters left out.
std::string fold(std::string_view text);

bool equals_fold_ascii(std::string_view a, std::string_view b);

// The first `characters` characters of UTF-8 text.
std::string_view first_characters(std::string_view text, std::size_t characters);
std::size_t count_characters(std::string_view text);

// Words that stand for "no value". Compared without case. A child may be called Null or Na, so in names only
// the words with punctuation count.
class EmptyWords {
  public:
    EmptyWords();  // NULL, N/A, NA, -, --
    explicit EmptyWords(const std::vector<std::string>& words);
    [[nodiscard]] bool is_empty(std::string_view trimmed) const;
    [[nodiscard]] bool is_empty_name(std::string_view trimmed) const;

  private:
    std::vector<std::string> words_;
    std::size_t longest_ = 0;
};

}  // namespace sendhub::tabular
