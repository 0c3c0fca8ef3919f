#include "connectors/missing_education/ground.hpp"

#include <array>
#include <string>

#include "plugins/sdk/tabular/text.hpp"

namespace sendhub::missing_education {
namespace {

constexpr std::string_view letters = "ABCDEFGHIJKLMNO";

// Regulation 8(1)(a) to (n) of the 2006 Regulations in the letters of 2024; '-' where 2024 has none. (b),
// (d), (e) and (f) are confirmed in education-feeds 4.3; the others are general knowledge: settings.values
// overrules them.
constexpr std::string_view of_2006 = "DACFGH-IJKLNOB";

}  // namespace

Ground read_ground(std::string_view text, std::optional<sdk::Date> day) {
    std::string compact;
    for (const char c : tabular::fold(text))
        if (c != ' ' && c != '.' && c != ':') compact += c;
    for (const std::string_view word : {"regulation", "ground", "reg"})
        if (compact.starts_with(word)) compact.erase(0, word.size());

    std::string_view scheme;
    std::string_view rest = compact;
    for (const auto& [regulation, of] :
         {std::pair{"9(1)", "2024"}, {"9.1", "2024"}, {"91", "2024"}, {"8(1)", "2006"}, {"81", "2006"}})
        if (scheme.empty() && rest.starts_with(regulation)) {
            scheme = of;
            rest.remove_prefix(std::string_view(regulation).size());
        }
    if (rest.starts_with('(')) rest.remove_prefix(1);
    if (rest.ends_with(')')) rest.remove_suffix(1);
    if (rest.size() != 1 || rest[0] < 'a' || rest[0] > 'o') return {{}, {}, GroundFault::unknown};

    const auto place = static_cast<std::size_t>(rest[0] - 'a');
    if (scheme.empty()) {
        const sdk::Date in_force = sdk::Date::from_civil(2024, 8, 19).value_or(sdk::Date{});
        if (day && *day < in_force) return {{}, {}, GroundFault::which_scheme};
        scheme = "2024";
    }
    if (scheme == "2024") return {letters.substr(place, 1), scheme, GroundFault::none};
    if (place >= of_2006.size()) return {{}, scheme, GroundFault::unknown};
    if (of_2006[place] == '-') return {{}, scheme, GroundFault::no_equivalent};
    return {letters.substr(letters.find(of_2006[place]), 1), scheme, GroundFault::none};
}

}  // namespace sendhub::missing_education
