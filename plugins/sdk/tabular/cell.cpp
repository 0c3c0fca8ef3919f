#include "plugins/sdk/tabular/cell.hpp"

#include <algorithm>
#include <array>

#include "plugins/sdk/tabular/text.hpp"
#include "schemas/rules/blanks.hpp"

namespace sendhub::tabular {
namespace {

using rules::Gap;

bool stays(char c, CellKind kind) {
    return c == ' ' || (kind == CellKind::text && (c == '\n' || c == '\r' || c == '\t'));
}

// First byte of a gap that must change; text.size() if there is none.
std::size_t first_gap(std::string_view text, CellKind kind) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c > ' ' && c < 0x7F) continue;
        if (stays(text[i], kind)) continue;
        if (rules::gap_at(text.substr(i)).kind != Gap::none) return i;
    }
    return text.size();
}

void without_gaps(std::string_view text, std::size_t from, CellKind kind, std::string& out) {
    out.assign(text.substr(0, from));
    for (std::size_t i = from; i < text.size();) {
        const Gap gap = stays(text[i], kind) ? Gap{} : rules::gap_at(text.substr(i));
        if (gap.kind == Gap::none) {
            out += text[i++];
            continue;
        }
        if (gap.kind == Gap::blank && !out.ends_with(' ')) out += ' ';
        i += gap.bytes;
    }
}

bool apostrophe_is_a_mark(std::string_view text, CellKind kind) {
    if (text.size() < 2) return false;
    if (std::string_view("=+-@").find(text[1]) != std::string_view::npos) return true;
    const std::string_view rest = text.substr(1);
    if (rest.find('\'') != std::string_view::npos) return false;
    return kind == CellKind::text ||
           std::any_of(rest.begin(), rest.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string_view clean_cell(std::string_view raw, CellKind kind, std::string& buffer) {
    std::string_view text = rules::trim_gaps(raw);
    if (const std::size_t from = first_gap(text, kind); from < text.size()) {
        without_gaps(text, from, kind, buffer);
        text = rules::trim_gaps(buffer);
    }
    if (text.size() >= 3 && text.starts_with("=\"") && text.ends_with('"')) {
        text = text.substr(2, text.size() - 3);
        if (text.find("\"\"") != std::string_view::npos) {
            std::string plain;
            for (std::size_t i = 0; i < text.size(); ++i) {
                plain += text[i];
                if (text[i] == '"' && i + 1 < text.size() && text[i + 1] == '"') ++i;
            }
            buffer = std::move(plain);
            text = buffer;
        }
        return rules::trim_gaps(text);
    }
    if (text.starts_with('\'') && apostrophe_is_a_mark(text, kind)) return rules::trim_gaps(text.substr(1));
    return text;
}

bool is_damaged_cell(std::string_view text) {
    if (!text.starts_with('#') || text.size() < 2) return false;
    constexpr std::array<std::string_view, 15> words = {
        "#REF!",  "#NAME?",  "#VALUE!",   "#NUM!",         "#DIV/0!", "#N/A",      "#NULL!",   "#SPILL!",
        "#CALC!", "#FIELD!", "#BLOCKED!", "#GETTING_DATA", "#BUSY!",  "#UNKNOWN!", "#CONNECT!"};
    if (std::all_of(text.begin(), text.end(), [](char c) { return c == '#'; })) return true;
    return std::any_of(words.begin(), words.end(),
                       [&](std::string_view word) { return equals_fold_ascii(text, word); });
}

}  // namespace sendhub::tabular
