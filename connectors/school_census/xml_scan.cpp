#include "connectors/school_census/xml_scan.hpp"

#include <cstring>

#include <sendhub/plugin.hpp>

namespace sendhub::census {
namespace {

using sdk::FileRefused;

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

// Offset behind closing in text from `from` on; 0 when it is not there.
std::size_t behind(std::string_view text, std::string_view closing, std::size_t from) {
    const auto at = text.find(closing, from);
    return at == std::string_view::npos ? 0 : at + closing.size();
}

// Offset behind the '>' of the tag at the beginning of text; quoted attribute values are stepped over. 0:
// incomplete.
std::size_t tag_size(std::string_view text) {
    const char* p = text.data() + 1;
    const char* const end = text.data() + text.size();
    for (; p < end; ++p) {
        if (*p == '>') return static_cast<std::size_t>(p - text.data()) + 1;
        if (*p == '"' || *p == '\'') {
            p = static_cast<const char*>(std::memchr(p + 1, *p, static_cast<std::size_t>(end - p - 1)));
            if (!p) return 0;
        } else if (*p == '<') {
            throw FileRefused(
                "the XML is not well formed: a tag is not closed before the next begins (XML-FORM)");
        }
    }
    return 0;
}

// Size of the comment or CDATA section that begins with "<!"; 0: incomplete.
std::size_t section_size(std::string_view text, Markup& kind) {
    constexpr std::string_view comment = "<!--", cdata = "<![CDATA[";
    if (text.starts_with(comment)) {
        kind = Markup::comment;
        return behind(text, "-->", comment.size());
    }
    if (text.starts_with(cdata)) {
        kind = Markup::cdata;
        return behind(text, "]]>", cdata.size());
    }
    if (comment.starts_with(text) || cdata.starts_with(text)) return 0;
    throw FileRefused(
        "the file has a document type declaration; sendhub does not take those, because they can name "
        "other files and blow up in memory. A census return has none: ask the school for the file its "
        "system wrote (XML-DTD)");
}

// Name in the tag: from the first character to a blank, '/' or '>'.
std::string_view tag_name(std::string_view text) {
    std::size_t end = 0;
    while (end < text.size() && !is_space(text[end]) && text[end] != '>' && text[end] != '/') ++end;
    return text.substr(0, end);
}

void check_name(std::string_view name) {
    const bool letter =
        !name.empty() && (static_cast<unsigned char>(name[0]) >= 0x80 || name[0] == '_' || name[0] == ':' ||
                          (name[0] >= 'A' && name[0] <= 'Z') || (name[0] >= 'a' && name[0] <= 'z'));
    if (!letter) throw FileRefused("the XML is not well formed: a tag has no name (XML-FORM)");
}

}  // namespace

std::string_view without_prefix(std::string_view name) {
    const auto colon = name.rfind(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::string_view cdata_text(std::string_view section) {
    constexpr std::size_t before = std::string_view("<![CDATA[").size(),
                          behind = std::string_view("]]>").size();
    return section.substr(before, section.size() - before - behind);
}

Scanned scan_markup(std::string_view text) {
    if (text.size() < 2) return {Markup::incomplete, 0, {}};
    if (text[1] == '!') {
        Markup kind = Markup::incomplete;
        const std::size_t size = section_size(text, kind);
        return {size ? kind : Markup::incomplete, size, {}};
    }
    if (text[1] == '?') {
        const std::size_t size = behind(text, "?>", 2);
        return {size ? Markup::instruction : Markup::incomplete, size, {}};
    }
    const std::size_t size = tag_size(text);
    if (size == 0) return {Markup::incomplete, 0, {}};
    const bool end = text[1] == '/';
    const std::string_view name = tag_name(text.substr(end ? 2 : 1, size - (end ? 2 : 1)));
    check_name(name);
    const Markup kind = end ? Markup::end : text[size - 2] == '/' ? Markup::empty : Markup::start;
    return {kind, size, without_prefix(name)};
}

}  // namespace sendhub::census
