#include "identity/testing/slips.hpp"

#include <algorithm>
#include <array>

namespace sendhub::identity::testing {
namespace {

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool lower(char c) { return c >= 'a' && c <= 'z'; }

constexpr std::array<std::string_view, 26> beside{
    "qwsz",   "vghn",  "xdfv", "serfcx", "wsdr", "drtgvc", "ftyhbv", "gyujnb", "ujko",
    "huikmn", "jiolm", "kop",  "njk",    "bhjm", "iklp",   "ol",     "wa",     "edft",
    "awedxz", "rfgy",  "yhji", "cfgb",   "qase", "zsdc",   "tghu",   "asx"};

struct Accent {
    std::string_view utf8, plain, upper;
};
constexpr std::array<Accent, 24> accents{
    {{"á", "a", "Á"}, {"à", "a", "À"}, {"ã", "a", "Ã"}, {"ä", "a", "Ä"}, {"ç", "c", "Ç"}, {"é", "e", "É"},
     {"è", "e", "È"}, {"ê", "e", "Ê"}, {"ë", "e", "Ë"}, {"í", "i", "Í"}, {"ñ", "n", "Ñ"}, {"ó", "o", "Ó"},
     {"ô", "o", "Ô"}, {"õ", "o", "Õ"}, {"ö", "o", "Ö"}, {"ú", "u", "Ú"}, {"ü", "u", "Ü"}, {"ł", "l", "Ł"},
     {"Ł", "L", "Ł"}, {"ż", "z", "Ż"}, {"ś", "s", "Ś"}, {"ń", "n", "Ń"}, {"ą", "a", "Ą"}, {"ę", "e", "Ę"}}};

const Accent* accent_at(std::string_view text) {
    const auto found =
        std::ranges::find_if(accents, [&](const Accent& a) { return text.starts_with(a.utf8); });
    return found == accents.end() ? nullptr : &*found;
}

std::string capitalised(std::string name) {
    for (std::size_t i = 0; i < name.size(); ++i)
        if (lower(name[i]) && (i == 0 || name[i - 1] == ' ' || name[i - 1] == '-'))
            name[i] = static_cast<char>(name[i] - 32);
    return name;
}

// What writers of any language confuse, first that fits after a random start.
std::string by_ear(Rng& rng, std::string name) {
    static constexpr std::array<std::array<std::string_view, 2>, 40> swaps{
        {{"ph", "f"}, {"ey", "y"}, {"ie", "y"}, {"y", "i"},  {"ck", "k"},  {"ks", "x"},  {"ou", "u"},
         {"ee", "i"}, {"aa", "a"}, {"oo", "u"}, {"kh", "k"}, {"gh", "g"},  {"sh", "s"},  {"dh", "d"},
         {"th", "t"}, {"z", "s"},  {"s", "z"},  {"v", "w"},  {"w", "v"},   {"q", "k"},   {"c", "k"},
         {"k", "c"},  {"j", "g"},  {"ll", "l"}, {"tt", "t"}, {"nn", "n"},  {"ss", "s"},  {"mm", "m"},
         {"rr", "r"}, {"l", "ll"}, {"n", "nn"}, {"t", "tt"}, {"ai", "ay"}, {"ei", "ai"}, {"a", "e"},
         {"e", "a"},  {"u", "o"},  {"o", "u"},  {"i", "ee"}, {"h", ""}}};
    const std::uint32_t start = rng.below(swaps.size());
    for (std::uint32_t k = 0; k < swaps.size(); ++k) {
        const auto& [from, to] = swaps[(start + k) % swaps.size()];
        const std::size_t at = name.find(from, 1);
        if (at == std::string::npos) continue;
        name.replace(at, from.size(), to);
        return name;
    }
    return typo(rng, std::move(name));
}

// One half of "Khan-Patel" or "Mohammed Umar".
std::string one_half(Rng& rng, const std::string& name) {
    const std::size_t at = name.find_first_of("- ");
    if (at == std::string::npos) return name;
    return rng.percent(62) ? name.substr(0, at) : name.substr(at + 1);
}

std::string other_joint(Rng& rng, std::string name) {
    const std::size_t at = name.find_first_of("- ");
    if (at == std::string::npos) return name;
    if (rng.percent(30)) return name.erase(at, 1);
    name[at] = name[at] == '-' ? ' ' : '-';
    return name;
}

// O'Neil, Oneil, O Neil; McDonald, Mc Donald, Mcdonald; Al-Masri, Al Masri, Almasri.
std::string other_particle(Rng& rng, std::string name) {
    if (const std::size_t quote = name.find('\''); quote != std::string::npos) {
        switch (rng.below(3)) {
            case 0:
                return name.replace(quote, 1, " ");
            case 1:
                return name.replace(quote, 1, "\xE2\x80\x99");
            default:
                return name.erase(quote, 1);
        }
    }
    for (const std::string_view particle : {"Mc", "Mac"})
        if (name.size() > particle.size() + 2 && name.starts_with(particle) && !lower(name[particle.size()]))
            return rng.percent(50) ? name.insert(particle.size(), " ")
                                   : (name[particle.size()] |= 0x20, name);
    for (const std::string_view particle : {"Al-", "El-", "Ul-", "Ur-"})
        if (name.starts_with(particle)) {
            if (rng.percent(30)) return name.substr(3);
            if (rng.percent(50)) return name.replace(2, 1, " ");
            name.erase(2, 1);
            name[2] = static_cast<char>(name[2] | 0x20);
            return name;
        }
    return name;
}

std::string other_part_spelling(Rng& rng, const NamePools& pools, const std::string& name) {
    if (const auto whole = pools.other_spelling(rng, name); !whole.empty()) return std::string(whole);
    const std::size_t at = name.find_first_of("- ");
    if (at == std::string::npos) return name;
    if (const auto first = pools.other_spelling(rng, name.substr(0, at)); !first.empty())
        return std::string(first) + name.substr(at);
    if (const auto second = pools.other_spelling(rng, name.substr(at + 1)); !second.empty())
        return name.substr(0, at + 1) + std::string(second);
    return name;
}

}  // namespace

std::string beginning(std::string_view utf8, std::size_t bytes) {
    std::size_t end = std::min(bytes, utf8.size());
    const auto inside = [&] { return end < utf8.size() && (utf8[end] & '\xC0') == '\x80'; };
    while (end > 1 && inside()) --end;
    while (inside()) ++end;
    return std::string(utf8.substr(0, end));
}

bool is_double(std::string_view name) {
    const std::size_t at = name.find_first_of("- ");
    return at != std::string_view::npos && at > 2;
}

std::string typo(Rng& rng, std::string name) {
    if (name.size() < 3) return name;
    const std::size_t low = rng.percent(6) ? 0 : 1;
    for (int tries = 0; tries < 8; ++tries) {
        const std::size_t at = low + rng.below(static_cast<std::uint32_t>(name.size() - low));
        if (!letter(name[at])) continue;
        const bool small = lower(name[at]);
        const std::uint32_t kind = rng.below(100);
        if (kind < 30) {
            const std::string_view keys = beside[static_cast<std::size_t>((name[at] | 0x20) - 'a')];
            const char hit = keys[rng.below(static_cast<std::uint32_t>(keys.size()))];
            name[at] = small ? hit : static_cast<char>(hit - 32);
        } else if (kind < 55) {
            name.erase(at, 1);
            return capitalised(name);
        } else if (kind < 75) {
            name.insert(at + 1, 1, static_cast<char>(name[at] | 0x20));
        } else {
            if (at + 1 >= name.size() || !letter(name[at + 1]) || name[at] == name[at + 1] || at == 0)
                continue;
            std::swap(name[at], name[at + 1]);
        }
        return name;
    }
    return name;
}

std::string surname_variant(Rng& rng, const NamePools& pools, const std::string& name) {
    std::string out = name;
    const std::uint32_t kind = rng.below(100);
    if (is_double(name) && kind < 65) out = kind < 40 ? one_half(rng, name) : other_joint(rng, name);
    if (out == name && kind < 75) out = other_particle(rng, name);
    if (out == name && kind < 80) out = other_part_spelling(rng, pools, name);
    if (out == name && kind < 50) out = by_ear(rng, name);
    if (out == name) out = typo(rng, name);
    return out;
}

std::string forename_variant(Rng& rng, const NamePools& pools, const std::string& name) {
    const std::uint32_t kind = rng.below(100);
    std::string out = name;
    if (is_double(name) && kind < 55) out = kind < 35 ? one_half(rng, name) : other_joint(rng, name);
    if (out == name && kind < 30)
        if (const auto form = pools.familiar(rng, name.substr(0, name.find_first_of("- "))); !form.empty())
            out = form;
    if (out == name && kind < 60) out = other_part_spelling(rng, pools, name);
    if (out == name && kind >= 60 && kind < 66) return beginning(name, 1);
    if (out == name && kind >= 66 && kind < 70 && name.size() > 6) return beginning(name, 3 + rng.below(4));
    if (out == name && kind < 75) out = by_ear(rng, name);
    if (out == name) out = typo(rng, name);
    return out;
}

Day birth_date_slip(Rng& rng, Day born) {
    const Civil c = civil(born);
    const auto valid = [](int year, unsigned month, unsigned date) {
        return std::chrono::year_month_day{std::chrono::year{year}, std::chrono::month{month},
                                           std::chrono::day{date}}
            .ok();
    };
    for (int tries = 0; tries < 20; ++tries) {
        const std::uint32_t kind = rng.below(100);
        if (kind < 25) {
            if (c.date <= 12 && c.date != c.month) return day(c.year, c.date, c.month);
        } else if (kind < 65) {  // a digit of the day, of the month or the last of the year
            const std::uint32_t place = rng.below(5);
            const auto digit = rng.below(10);
            const unsigned date = place == 0   ? c.date / 10 * 10 + digit
                                  : place == 1 ? digit % 4 * 10 + c.date % 10
                                               : c.date;
            const unsigned month = place == 2 ? c.month / 10 * 10 + digit : c.month;
            const int year = place >= 3 ? c.year / 10 * 10 + static_cast<int>(digit) : c.year;
            if (valid(year, month, date) && day(year, month, date) != born) return day(year, month, date);
        } else if (kind < 80) {  // 13 and 31, 2012 and 2021
            const unsigned date = c.date % 10 * 10 + c.date / 10;
            if (date != c.date && valid(c.year, c.month, date)) return day(c.year, c.month, date);
            const int year = c.year / 100 * 100 + c.year % 10 * 10 + c.year % 100 / 10;
            if (year != c.year && year <= 2025 && valid(year, c.month, c.date))
                return day(year, c.month, c.date);
        } else if (kind < 90) {
            const int year = c.year + (rng.percent(50) ? 1 : -1);
            if (valid(year, c.month, c.date)) return day(year, c.month, c.date);
        } else {
            return born + (rng.percent(50) ? 1 : -1);
        }
    }
    return born - 1;
}

std::string number_slip(Rng& rng, std::string number, std::size_t fixed) {
    for (int tries = 0; tries < 20; ++tries) {
        const std::size_t at = fixed + rng.below(static_cast<std::uint32_t>(number.size() - fixed));
        if (number[at] < '0' || number[at] > '9') continue;
        if (rng.percent(60)) {
            number[at] =
                static_cast<char>('0' + (number[at] - '0' + 1 + static_cast<int>(rng.below(9))) % 10);
            return number;
        }
        if (at + 1 >= number.size() || number[at] == number[at + 1]) continue;
        std::swap(number[at], number[at + 1]);
        return number;
    }
    return number;
}

std::string postcode_slip(Rng& rng, std::string postcode) {
    const std::size_t blank = postcode.find(' ');
    switch (rng.below(5)) {
        case 0:  // a letter for a letter
            postcode.back() =
                static_cast<char>('A' + (postcode.back() - 'A' + 1 + static_cast<int>(rng.below(24))) % 26);
            return postcode;
        case 1:
            std::swap(postcode[postcode.size() - 1], postcode[postcode.size() - 2]);
            return postcode;
        case 2:  // O for 0
            if (const auto zero = postcode.find('0'); zero != std::string::npos)
                postcode[zero] = 'O';
            else
                postcode[blank + 1] = static_cast<char>('0' + (postcode[blank + 1] - '0' + 1) % 10);
            return postcode;
        case 3:
            postcode[blank + 1] = static_cast<char>(
                '0' + (postcode[blank + 1] - '0' + 1 + static_cast<int>(rng.below(9))) % 10);
            return postcode;
        default:
            postcode[blank - 1] = static_cast<char>(
                '0' + (postcode[blank - 1] - '0' + 1 + static_cast<int>(rng.below(9))) % 10);
            return postcode;
    }
}

std::string without_accents(std::string_view utf8) {
    std::string out;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        if (static_cast<unsigned char>(utf8[i]) < 0x80) {
            out += utf8[i];
        } else if (const Accent* a = accent_at(utf8.substr(i))) {
            out += a->plain;
            i += a->utf8.size() - 1;
        } else {
            out += utf8[i];
        }
    }
    return out;
}

std::string upper_case(std::string_view utf8) {
    std::string out;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        if (lower(utf8[i])) {
            out += static_cast<char>(utf8[i] - 32);
        } else if (const Accent* a =
                       static_cast<unsigned char>(utf8[i]) < 0x80 ? nullptr : accent_at(utf8.substr(i))) {
            out += a->upper;
            i += a->utf8.size() - 1;
        } else {
            out += utf8[i];
        }
    }
    return out;
}

}  // namespace sendhub::identity::testing
