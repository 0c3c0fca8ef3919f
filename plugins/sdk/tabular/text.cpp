#include "plugins/sdk/tabular/text.hpp"

#include <algorithm>
#include <sendhub/connector.hpp>

#include "plugins/sdk/tabular/file_kind.hpp"
#include "schemas/rules/blanks.hpp"

namespace sendhub::tabular {
namespace {

constexpr std::size_t chunk_size = std::size_t{128} * 1024;
constexpr std::size_t longest_line = std::size_t{1024} * 1024;  // of a longer one the parts are lines

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::size_t StringSource::read(std::span<char> into) {
    const std::size_t n = std::min(into.size(), rest_.size());
    std::copy_n(rest_.data(), n, into.data());
    rest_.remove_prefix(n);
    return n;
}

std::size_t HostSource::read(std::span<char> into) { return host_.read(into); }

Utf8Source::Utf8Source(ByteSource& bytes, Encoding encoding) : bytes_(bytes), asked_(encoding) {}

bool Utf8Source::fill() {
    if (ended_) return false;
    const std::size_t have = raw_.size();
    raw_.resize(have + chunk_size);
    const std::size_t n = bytes_.read({raw_.data() + have, chunk_size});
    raw_.resize(have + n);
    ended_ = n == 0;
    return n > 0;
}

void Utf8Source::start() {
    started_ = true;
    while (raw_.size() < 4096 && fill()) {
    }
    if (const auto why = not_a_table(raw_)) throw sdk::FileRefused(*why);
    begin_with_ = find_encoding(raw_, asked_);
    if (begin_with_.contradicts_setting)
        throw sdk::FileRefused(
            "the setting encoding says UTF-16 and the file is not; set encoding = \"auto\" for this feed");
    raw_.erase(0, begin_with_.marks);
    const bool cr = raw_.find('\n') == std::string::npos && raw_.find('\r') != std::string::npos;
    decoder_ = Decoder(begin_with_.encoding, cr ? '\r' : '\n');
}

// Turns what is there into text, up to the last line end; all of it at the end of the file.
void Utf8Source::decode() {
    if (ended_ && begin_with_.encoding != Encoding::utf16le && begin_with_.encoding != Encoding::utf16be)
        while (raw_.ends_with('\x1A')) {
            raw_.pop_back();
            end_mark_ = true;
        }
    std::size_t n = raw_.size();
    if (begin_with_.encoding == Encoding::utf16le || begin_with_.encoding == Encoding::utf16be) {
        if (!ended_) {
            n &= ~std::size_t{1};
            // a first half of a pair waits for the second
            const auto high = static_cast<unsigned char>(
                n < 2 ? 0 : raw_[n - (begin_with_.encoding == Encoding::utf16le ? 1 : 2)]);
            if (high >= 0xD8 && high < 0xDC) n -= 2;
        }
        decoder_.units(std::string_view(raw_).substr(0, n), text_);
        if (ended_)
            while (text_.ends_with('\x1A')) {
                text_.pop_back();
                end_mark_ = true;
            }
    } else {
        if (!ended_) {
            const std::size_t lf = raw_.rfind('\n');
            const std::size_t last = lf == std::string::npos ? raw_.rfind('\r') : lf;
            if (last != std::string::npos && last + 1 < raw_.size())
                n = last + 1;
            else if (lf != std::string::npos)
                n = lf + 1;
            else if (n < longest_line)
                return;
            else  // no line end in sight: cut it, but not inside a character
                for (int i = 0; i < 4 && (raw_[n - 1] & 0x80) != 0; ++i) --n;
        }
        decoder_.lines(std::string_view(raw_).substr(0, n), text_);
        if (asked_ == Encoding::utf8 && decoder_.other_lines().count > 0)
            throw sdk::FileRefused("the file is not UTF-8 (" + decoder_.other_lines().text() +
                                   "); set encoding = \"auto\" or \"windows-1252\" for this feed, or ask "
                                   "the sender for UTF-8");
    }
    raw_.erase(0, n);
}

std::size_t Utf8Source::read(std::span<char> into) {
    if (!started_) start();
    while (given_ == text_.size()) {
        text_.clear();
        given_ = 0;
        if (!raw_.empty()) decode();
        if (text_.empty() && !fill() && raw_.empty()) return 0;
    }
    const std::size_t n = text_.copy(into.data(), into.size(), given_);
    given_ += n;
    return n;
}

Encoding Utf8Source::encoding() const {
    if (begin_with_.encoding != Encoding::detect) return begin_with_.encoding;
    const std::uint64_t utf8 = decoder_.utf8_lines().count, other = decoder_.other_lines().count;
    if (utf8 == 0 && other == 0) return begin_with_.marks > 0 ? Encoding::utf8 : Encoding::detect;
    return utf8 >= other ? Encoding::utf8 : Encoding::windows1252;
}

std::vector<std::string> Utf8Source::remarks() const {
    std::vector<std::string> out;
    if (!begin_with_.odd.empty()) out.push_back(begin_with_.odd);
    if (asked_ != Encoding::windows1252)
        if (const std::string mixture = decoder_.mixture(); !mixture.empty()) out.push_back(mixture);
    for (std::string& sentence : decoder_.damage()) out.push_back(std::move(sentence));
    return out;
}

void Utf8Source::check_asked() const {
    if (begin_with_.encoding == Encoding::windows1252 && decoder_.utf8_lines().count > 0 &&
        decoder_.other_lines().count == 0)
        throw sdk::FileRefused("the setting encoding says Windows-1252 and the file is UTF-8 (" +
                               decoder_.utf8_lines().text() + "); set encoding = \"auto\" for this feed");
}

std::string_view trim(std::string_view text) { return rules::trim_gaps(text); }

std::string fold(std::string_view text) {
    text = trim(text);
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const rules::Gap gap = rules::gap_at(text.substr(i));
        if (gap.kind == rules::Gap::none) {
            out += lower(text[i++]);
            continue;
        }
        if (gap.kind == rules::Gap::blank && !out.ends_with(' ')) out += ' ';
        i += gap.bytes;
    }
    return out;
}

bool equals_fold_ascii(std::string_view a, std::string_view b) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view first_characters(std::string_view text, std::size_t characters) {
    std::size_t seen = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
        if ((text[i] & 0xC0) != 0x80 && seen++ == characters) return text.substr(0, i);
    return text;
}

std::size_t count_characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

EmptyWords::EmptyWords() : EmptyWords({"NULL", "N/A", "NA", "-", "--"}) {}

EmptyWords::EmptyWords(const std::vector<std::string>& words) {
    for (const std::string& word : words) {
        words_.emplace_back(trim(word));
        longest_ = std::max(longest_, words_.back().size());
    }
}

bool EmptyWords::is_empty(std::string_view text) const {
    if (text.empty()) return true;
    if (text.size() > longest_) return false;
    return std::any_of(words_.begin(), words_.end(),
                       [&](const std::string& word) { return equals_fold_ascii(text, word); });
}

bool EmptyWords::is_empty_name(std::string_view text) const {
    if (!is_empty(text)) return false;
    const bool letters_only =
        std::all_of(text.begin(), text.end(), [](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; });
    return text.empty() || !letters_only;
}

}  // namespace sendhub::tabular
