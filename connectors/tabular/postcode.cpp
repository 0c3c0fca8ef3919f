#include "connectors/tabular/postcode.hpp"

#include "connectors/tabular/numbers.hpp"
#include "connectors/tabular/text.hpp"

namespace sendhub::tabular {
namespace {

bool letter(char c) { return c >= 'A' && c <= 'Z'; }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool to_digit(char& c) {
    if (c == 'O') c = '0';
    if (c == 'I') c = '1';
    return digit(c);
}
bool to_letter(char& c) {
    if (c == '0') c = 'O';
    if (c == '1') c = 'I';
    return letter(c);
}

// A9, A99, A9A, AA9, AA99, AA9A. As written if that is a form; else with the mistakes of a position put
// right.
bool outward(std::string& out) {
    auto form = [&](std::string_view pattern) {
        if (out.size() != pattern.size()) return false;
        for (std::size_t i = 0; i < pattern.size(); ++i)
            if (pattern[i] == 'A' ? !letter(out[i]) : !digit(out[i])) return false;
        return true;
    };
    constexpr std::string_view forms[] = {"A9", "A99", "AA9", "AA99", "A9A", "AA9A"};
    for (const auto pattern : forms)
        if (form(pattern)) return true;
    for (const auto pattern : forms) {
        if (out.size() != pattern.size()) continue;
        std::string mended = out;
        bool fits = true;
        for (std::size_t i = 0; i < pattern.size() && fits; ++i)
            fits = pattern[i] == 'A' ? to_letter(mended[i]) : to_digit(mended[i]);
        if (fits) {
            out = mended;
            return true;
        }
    }
    return false;
}

}  // namespace

Postcode normalise_postcode(std::string_view text) {
    text = trim(text);
    std::string compact;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (letter(c) || digit(c))
            compact += c;
        else if (c == '\xC2' && i + 1 < text.size() && text[i + 1] == '\xA0')
            ++i;
        else if (c != ' ' && c != '\t' && c != '-' && c != '.')
            return {};
        if (compact.size() > 7) return {};
    }
    if (compact.size() < 5) return {};
    std::string out = compact.substr(0, compact.size() - 3), in = compact.substr(compact.size() - 3);
    if (!outward(out) || !to_digit(in[0]) || !to_letter(in[1]) || !to_letter(in[2])) return {};
    for (const char c : in.substr(1))
        if (std::string_view("CIKMOV").find(c) != std::string_view::npos && out != "ZZ99")
            return {};  // never used there
    Postcode result;
    result.value = out + " " + in;
    result.changed = result.value != text;
    result.no_fixed_abode = out == "ZZ99";
    return result;
}

std::string normalise_uprn(std::string_view text) {
    const std::string_view digits = without_zero_fraction(trim(text));
    if (digits.empty() || digits.size() > 12) return {};
    for (const char c : digits)
        if (!digit(c)) return {};
    const auto from = digits.find_first_not_of('0');
    if (from == std::string_view::npos) return {};
    const std::string_view value = digits.substr(from);
    return value == "1" ? std::string() : std::string(value);
}

}  // namespace sendhub::tabular
