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

#include "plugins/sdk/tabular/decode.hpp"

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

// Well-formed UTF-8 out of UTF-8, Windows-1252 or UTF-16, without byte-order marks and without NUL: see
// decode.hpp. Throws sdk::FileRefused for what is no text of a table (a workbook, a PDF …), and when UTF-8
// was asked for and the bytes are not.
class Utf8Source : public ByteSource {
  public:
    explicit Utf8Source(ByteSource& bytes, Encoding encoding = Encoding::detect);
    std::size_t read(std::span<char> into) override;
    // What the text has turned out to be so far; detect: only ASCII.
    [[nodiscard]] Encoding encoding() const;
    // At the end of the file: what is to be said of it, one sentence each.
    [[nodiscard]] std::vector<std::string> remarks() const;
    // Throws sdk::FileRefused when Windows-1252 was asked for and every line is UTF-8.
    void check_asked() const;

  private:
    bool fill();  // more raw bytes behind those kept; false at the end
    void start();
    void decode();

    ByteSource& bytes_;
    Encoding asked_;
    Decoder decoder_{Encoding::detect};
    EncodingStart begin_with_;
    bool started_ = false, ended_ = false, end_mark_ = false;
    std::string raw_;  // bytes not yet decoded
    std::string text_;
    std::size_t given_ = 0;  // of text_
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
