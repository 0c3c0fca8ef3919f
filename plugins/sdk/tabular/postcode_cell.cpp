#include "plugins/sdk/tabular/postcode_cell.hpp"

#include "plugins/sdk/tabular/text.hpp"
#include "schemas/rules/blanks.hpp"
#include "schemas/rules/identifiers.hpp"
#include "schemas/rules/postcode.hpp"

namespace sendhub::tabular {
namespace {

bool letter(char c) { return c >= 'A' && c <= 'Z'; }
bool digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

Postcode normalise_postcode(std::string_view text) {
    text = trim(text);
    std::string compact;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (letter(c) || digit(c))
            compact += c;
        else if (const rules::Gap gap = rules::gap_at(text.substr(i)); gap.kind != rules::Gap::none)
            i += gap.bytes - 1u;
        else if (c != '-' && c != '.')
            return {};
        if (compact.size() > 7) return {};
    }
    Postcode result;
    result.value = rules::uk_postcode(compact);
    if (result.value.empty()) return {};
    result.changed = result.value != text;
    result.no_fixed_abode = result.value.starts_with("ZZ99");
    return result;
}

std::string normalise_uprn(std::string_view text) {
    if (trim(text).starts_with('-')) return {};
    const std::string compact = rules::compact_identifier(text);
    const std::string_view digits = compact;
    if (digits.empty() || digits.size() > 12) return {};
    for (const char c : digits)
        if (!digit(c)) return {};
    const auto from = digits.find_first_not_of('0');
    if (from == std::string_view::npos) return {};
    const std::string_view value = digits.substr(from);
    return value == "1" ? std::string() : std::string(value);
}

}  // namespace sendhub::tabular
