#include "identity/engine/compare.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>

#include "identity/text/classes.hpp"
#include "identity/text/similarity.hpp"

namespace sendhub::identity {
namespace {

constexpr std::uint64_t memory_slots = std::uint64_t{1} << 18;

constexpr std::int32_t calendar_start = -62091;  // 1800-01-01
constexpr std::int32_t calendar_end = 47847;     // 2101-01-01

const std::vector<CalendarDay>& calendar() {
    static const std::vector<CalendarDay> days = [] {
        std::vector<CalendarDay> out;
        out.reserve(calendar_end - calendar_start);
        for (std::int32_t d = calendar_start; d < calendar_end; ++d) out.push_back(calendar_day(d));
        return out;
    }();
    return days;
}

constexpr bool two_and_more(std::uint64_t bits) { return (bits & (bits - 1)) != 0; }

bool subset(const std::vector<std::uint32_t>& few, const std::vector<std::uint32_t>& many) {
    return std::all_of(few.begin(), few.end(),
                       [&](std::uint32_t t) { return std::find(many.begin(), many.end(), t) != many.end(); });
}
bool share_a_part(const std::vector<std::uint32_t>& x, const std::vector<std::uint32_t>& y) {
    return std::any_of(x.begin(), x.end(),
                       [&](std::uint32_t t) { return std::find(y.begin(), y.end(), t) != y.end(); });
}

// Likeness of spelling alone.
NameTie spelling(const NameEntry& a, const NameEntry& b, bool sounds_alike) {
    const std::string &x = a.plain, &y = b.plain;
    // no letter in common
    if ((a.letters & b.letters) == 0 && a.letters != 0 && b.letters != 0)
        return sounds_alike ? NameTie::weak : NameTie::different;
    const std::size_t shorter = std::min(x.size(), y.size()), longer = std::max(x.size(), y.size());
    if (longer <= 2 * shorter + 2) {
        const double likeness = text::jaro_winkler(x, y);
        if (likeness >= 0.92) return NameTie::near;
        if (likeness >= 0.88) return NameTie::close;
        if (longer - shorter <= 1 && text::one_edit(x, y))
            return shorter >= 5 ? NameTie::close : NameTie::weak;
        if (likeness >= 0.80) return NameTie::weak;
    }
    return sounds_alike ? NameTie::weak : NameTie::different;
}

bool sounds_alike(const NameEntry& x, const NameEntry& y) {
    if (x.sound == 0 || y.sound == 0) return false;
    return x.sound == y.sound || (x.other_sound != 0 && x.other_sound == y.sound) ||
           (y.other_sound != 0 && x.sound == y.other_sound);
}

// Surely NameTie::different: other first letters, other sounds, no table knows both, and so few letters in
// common that Jaro-Winkler stays below 0.80 (no common start: m/|x| + m/|y| + 1 < 2.4 for m matching letters)
// and more than one edit is needed.
bool surely_different(const NameSign& x, const NameSign& y) {
    if (!x.plain_word || !y.plain_word || x.first == y.first || (x.listed && y.listed)) return false;
    if (x.sound == y.sound || x.sound == y.other_sound || x.other_sound == y.sound) return false;
    const int only_x = std::popcount(x.letters & ~y.letters), only_y = std::popcount(y.letters & ~x.letters);
    const int m = std::min(x.length - only_x, y.length - only_y);
    return 10 * m * (x.length + y.length) < 14 * x.length * y.length && std::max(only_x, only_y) > 1;
}

// Level by how forenames and surnames stand to each other; the rows are ties of the forename.
constexpr unsigned name_level(NameTie f, NameTie s) {
    using T = NameTie;
    using L = NameLevel;
    if (s == T::none) {
        if (f == T::none) return null_level;
        if (f == T::equal) return L::surname_missing;
        return f <= T::close ? L::near_surname_missing : L::other;
    }
    if (f == T::none) {
        if (s == T::equal || s == T::other_form) return L::forename_missing;
        return s <= T::close ? L::near_forename_missing : L::other;
    }
    const bool far = s == T::different;
    const bool same_surname = s == T::equal || s == T::other_form;
    switch (f) {
        case T::equal:
            switch (s) {
                case T::equal:
                    return L::both;
                case T::other_form:
                    return L::nickname;
                case T::part:
                    return L::hyphen;
                case T::near:
                case T::close:
                    return L::surname_near;
                case T::different:
                    return L::forename_only;
                default:
                    return L::sound;
            }
        case T::other_form:
            if (same_surname) return L::nickname;
            return far ? L::near_forename_only : L::loosely;
        case T::part:
            if (same_surname || s == T::near) return L::shortened;
            return far ? L::near_forename_only : L::loosely;
        case T::initial:
            if (same_surname || s == T::near) return L::initial;
            return far || s == T::weak ? L::other : L::loosely;
        case T::near:
            if (same_surname) return L::forename_near;
            if (s == T::near || s == T::close) return L::both_near;
            return far ? L::near_forename_only : L::loosely;
        case T::close:
            if (same_surname) return L::forename_close;
            if (s == T::near || s == T::close) return L::both_near;
            return far ? L::near_forename_only : L::loosely;
        case T::weak:
            if (same_surname) return L::weak_forename;
            return far ? L::other : L::near_surname_only;
        default:
            if (same_surname) return L::surname_only;
            return far || s == T::weak ? L::other : L::near_surname_only;
    }
}

int place_of_name(const Plan& plan) {
    const auto at = std::find_if(plan.comparisons.begin(), plan.comparisons.end(),
                                 [](const Comparison& c) { return c.kind == Kind::name; });
    return at == plan.comparisons.end() ? -1 : static_cast<int>(at - plan.comparisons.begin());
}

}  // namespace

Comparer::Comparer(const Features& features, const Plan& plan)
    : f_(features), plan_(plan), name_(place_of_name(plan)), calendar_(calendar()), memory_(memory_slots) {}

template <class Compare>
unsigned Comparer::remembered(std::uint64_t key, Compare&& compare) {
    const std::uint64_t mixed = mix(key), tag = mixed & ~(memory_slots - 1);
    std::uint64_t& slot = memory_[mixed & (memory_slots - 1)];
    // an empty slot has outcome 0, no outcome is
    if ((slot & ~(memory_slots - 1)) != tag || slot == 0) slot = tag | (compare() + 1);
    return static_cast<unsigned>(slot & (memory_slots - 1)) - 1;
}

void Comparer::prefetch_values(std::uint32_t a, std::uint32_t b) const {
    for (const std::uint32_t record : {a, b}) {
        const Row& r = f_.rows[record];
        __builtin_prefetch(&f_.name_signs[r.fore[0]]);
        __builtin_prefetch(&f_.name_signs[r.sur[0]]);
        __builtin_prefetch(&f_.upns[r.upn]);
        __builtin_prefetch(&f_.nhs[r.nhs]);
        __builtin_prefetch(&f_.ulns[r.uln]);
        __builtin_prefetch(&f_.places[r.postcode]);
    }
}

std::uint64_t Comparer::pattern_but_name(std::uint32_t a, std::uint32_t b) {
    const Row& x = f_.rows[a];
    const Row& y = f_.rows[b];
    std::uint64_t out = 0;
    for (std::size_t c = 0; c < plan_.comparisons.size(); ++c) {
        const Comparison& comparison = plan_.comparisons[c];
        unsigned level = null_level;
        switch (comparison.kind) {
            case Kind::name:
                break;
            case Kind::birth:
                level = birth(x, y);
                break;
            case Kind::sex: {
                const unsigned p = x.flags & Flags::sex_mask, q = y.flags & Flags::sex_mask;
                if (p != 0 && q != 0) level = p == q ? SexLevel::equal : SexLevel::different;
                break;
            }
            case Kind::place:
                level = place(x, y);
                break;
            case Kind::upn:
            case Kind::nhs:
            case Kind::uln:
                level = identifier(x, y, comparison.kind);
                break;
            case Kind::school:
                if (x.school != 0 && y.school != 0)
                    level = x.school == y.school ? SchoolLevel::equal : SchoolLevel::different;
                break;
            default: {
                const Generic& g = f_.generics[comparison.generic];
                const std::uint32_t p = g.code[a], q = g.code[b];
                if (p != 0 && q != 0 && !g.polluted(p) && !g.polluted(q)) {
                    level = generic(g, comparison.kind, p, q);
                    if (comparison.kind == Kind::street && level <= StreetLevel::near) {
                        const bool house = x.house != 0 && y.house != 0;
                        const bool one_house = house && x.house == y.house;
                        if (one_house == (level == StreetLevel::near)) level = StreetLevel::street_only;
                    }
                }
            }
        }
        out |= std::uint64_t{level} << (5 * c);
    }
    return out;
}

Comparer::NameMatch Comparer::name(const Row& a, const Row& b) {
    NameMatch best{null_level, a.fore[0], b.fore[0], a.sur[0], b.sur[0]};
    NameTie f = forenames(a.fore[0], b.fore[0]);
    NameTie s = surnames(a.sur[0], b.sur[0]);
    if (f == NameTie::equal && s == NameTie::equal) {
        best.level = NameLevel::both;
        if (a.middle != 0 && b.middle != 0) {
            const NameTie middle = forenames(a.middle, b.middle);
            best.level = middle == NameTie::equal  ? NameLevel::full
                         : middle >= NameTie::weak ? NameLevel::other_middle
                                                   : NameLevel::both;
        }
        return best;
    }
    bool by_alias = false;
    const More *ma = f_.more_of(a), *mb = f_.more_of(b);
    // the best tie over all pairs of names; a current name goes first
    auto improve = [&](NameTie& tie_so_far, std::uint32_t& code_a, std::uint32_t& code_b, std::uint32_t p,
                       std::uint32_t q, bool forename) {
        if (p == 0 || q == 0) return;
        const NameTie found = tie(p, q, forename);
        if (found >= tie_so_far) return;
        tie_so_far = found;
        code_a = p;
        code_b = q;
        by_alias = true;
    };
    auto over = [&](auto&& names_of_row, auto&& more_names, NameTie& t, std::uint32_t& ca, std::uint32_t& cb,
                    bool forename) {
        std::array<std::uint32_t, most_names> pa, pb;
        auto collect = [&](const Row& r, const More* m, std::array<std::uint32_t, most_names>& out) {
            std::size_t n = 0;
            for (const std::uint32_t code : names_of_row(r))
                if (code != 0) out[n++] = code;
            if (m != nullptr)
                for (const std::uint32_t code : more_names(*m))
                    if (n < out.size()) out[n++] = code;
            return n;
        };
        const std::size_t na = collect(a, ma, pa), nb = collect(b, mb, pb);
        if (na <= 1 && nb <= 1) return;
        for (std::size_t i = 0; i < na; ++i)
            for (std::size_t j = 0; j < nb; ++j) improve(t, ca, cb, pa[i], pb[j], forename);
    };
    if (f != NameTie::equal)
        over([](const Row& r) -> const auto& { return r.fore; },
             [](const More& m) -> const auto& { return m.fore; }, f, best.fore_a, best.fore_b, true);
    if (s != NameTie::equal)
        over([](const Row& r) -> const auto& { return r.sur; },
             [](const More& m) -> const auto& { return m.sur; }, s, best.sur_a, best.sur_b, false);
    best.level = name_level(f, s);
    if (best.level == NameLevel::both && by_alias) best.level = NameLevel::alias;
    if (best.level <= NameLevel::alias) return best;
    // typed into each other's fields
    if (a.fore[0] == 0 || b.fore[0] == 0 || a.sur[0] == 0 || b.sur[0] == 0) {
        if (best.level != NameLevel::other && best.level != null_level) return best;
        if (surnames(a.fore[0], b.sur[0]) <= NameTie::close && (a.sur[0] == 0 || b.fore[0] == 0))
            return {NameLevel::cross_missing, a.fore[0], b.sur[0], 0, 0};
        if (surnames(a.sur[0], b.fore[0]) <= NameTie::close && (a.fore[0] == 0 || b.sur[0] == 0))
            return {NameLevel::cross_missing, 0, 0, a.sur[0], b.fore[0]};
        return best;
    }
    // one of the two is a forename: "Mohammed Ali" and "Mohammed Umar" are two brothers here as well
    auto cross = [&](std::uint32_t x, std::uint32_t y) {
        const NameTie tied = surnames(x, y);
        if (tied > NameTie::close || f_.names[x].tokens.size() < 2 || f_.names[y].tokens.size() < 2)
            return tied;
        return std::max(tied, forenames(x, y));
    };
    const NameTie across = cross(a.fore[0], b.sur[0]);
    if (across > NameTie::close) return best;
    const NameTie back = cross(a.sur[0], b.fore[0]);
    if (back > NameTie::close) return best;
    const unsigned swapped =
        across == NameTie::equal && back == NameTie::equal ? NameLevel::swapped : NameLevel::swapped_near;
    if (swapped < best.level) best = {swapped, a.fore[0], b.sur[0], a.sur[0], b.fore[0]};
    return best;
}

NameTie Comparer::tie(std::uint32_t x, std::uint32_t y, bool forename) {
    if (x == 0 || y == 0) return NameTie::none;
    if (x == y) {  // "E" and "E" are Emma and Emily, or Evans and Ellis
        if (f_.name_signs[x].length != 1) return NameTie::equal;
        return forename ? NameTie::initial : NameTie::weak;
    }
    if (surely_different(f_.name_signs[x], f_.name_signs[y])) return NameTie::different;
    if (x > y) std::swap(x, y);
    const std::uint64_t key = (std::uint64_t{x} << 32 | y) ^ (forename ? std::uint64_t{1} << 63 : 0);
    return static_cast<NameTie>(remembered(key, [&] {
        // by text, not by code: Jaro's greedy matching is not quite symmetric, and codes differ from run to
        // run
        const bool ordered = f_.names.text(x) <= f_.names.text(y);
        const NameEntry &p = f_.names[ordered ? x : y], &q = f_.names[ordered ? y : x];
        return static_cast<unsigned>(forename ? compare_forenames(p, q) : compare_surnames(p, q));
    }));
}

NameTie Comparer::compare_forenames(const NameEntry& x, const NameEntry& y) const {
    if (x.plain == y.plain) return NameTie::equal;  // "Mary Ann" and "Maryann"
    const NameEntry& shorter = x.plain.size() <= y.plain.size() ? x : y;
    const NameEntry& longer = &shorter == &x ? y : x;
    if (x.listed != nullptr && y.listed != nullptr &&
        text::forename_relation(x.plain, *x.listed, y.plain, *y.listed) != text::Relation::none)
        return NameTie::other_form;
    if (longer.plain.starts_with(shorter.plain)) {
        if (shorter.plain.size() == 1) return NameTie::initial;
        if (shorter.plain.size() >= 3) return NameTie::part;
    }
    if (x.tokens.size() != y.tokens.size() || x.tokens.size() > 1) {
        const bool x_few = x.tokens.size() <= y.tokens.size();
        if (subset(x_few ? x.tokens : y.tokens, x_few ? y.tokens : x.tokens)) return NameTie::part;
        // "Mohammed Ali" and "Mohammed Umar" are two brothers, however alike the whole texts look
        if (x.tokens.size() > 1 && y.tokens.size() > 1 && x.tokens.front() == y.tokens.front())
            return NameTie::weak;
    }
    return spelling(x, y, sounds_alike(x, y));
}

NameTie Comparer::compare_surnames(const NameEntry& x, const NameEntry& y) const {
    if (x.plain == y.plain) return NameTie::equal;
    if (x.listed != nullptr && y.listed != nullptr &&
        text::surname_relation(x.plain, *x.listed, y.plain, *y.listed) != text::Relation::none)
        return NameTie::other_form;
    if ((x.tokens.size() > 1 || y.tokens.size() > 1) && share_a_part(x.tokens, y.tokens))
        return NameTie::part;
    return spelling(x, y, sounds_alike(x, y));
}

unsigned Comparer::birth(const Row& a, const Row& b) const {
    if (a.birth == no_day || b.birth == no_day) return null_level;
    constexpr std::uint16_t partly = Flags::birth_day_missing | Flags::birth_year_only;
    if (a.birth < calendar_start || b.birth < calendar_start || a.birth >= calendar_end ||
        b.birth >= calendar_end)
        return a.birth == b.birth ? BirthLevel::equal : BirthLevel::other;
    const CalendarDay x = calendar_[static_cast<std::size_t>(a.birth - calendar_start)];
    const CalendarDay y = calendar_[static_cast<std::size_t>(b.birth - calendar_start)];
    if ((a.flags | b.flags) & partly) {
        const bool year_only = (a.flags | b.flags) & Flags::birth_year_only;
        if (x.year == y.year && (year_only || x.month == y.month)) return BirthLevel::partial;
        return std::abs(x.year - y.year) <= 1 ? BirthLevel::within_year : BirthLevel::other;
    }
    if (a.birth == b.birth)
        return (a.flags | b.flags) & Flags::birth_default ? BirthLevel::equal_default : BirthLevel::equal;
    const bool year = x.year == y.year, month = x.month == y.month, day = x.day == y.day;
    if (year && x.day == y.month && x.month == y.day) return BirthLevel::swapped;
    // one digit of day, month or year; never the decade's: a parent and a child differ there
    const bool decade = x.year / 10 == y.year / 10;
    auto digit = [](int p, int q) {  // one of two digits differs, or the two are swapped
        return p / 10 == q / 10 || p % 10 == q % 10 || (p / 10 == q % 10 && p % 10 == q / 10);
    };
    if (decade && ((year && month && digit(x.day, y.day)) || (year && day && digit(x.month, y.month)) ||
                   (month && day && std::abs(x.year - y.year) != 1)))
        return BirthLevel::digit;
    if (month && day && std::abs(x.year - y.year) == 1) return BirthLevel::year_near;
    if (static_cast<int>(year) + static_cast<int>(month) + static_cast<int>(day) == 2)
        return BirthLevel::two_parts;
    const std::int32_t apart = std::abs(a.birth - b.birth);
    return apart <= 31 ? BirthLevel::month_near : apart <= 366 ? BirthLevel::within_year : BirthLevel::other;
}

std::uint32_t Comparer::common_postcode(const Row& a, const Row& b) const {
    if (a.postcode != 0 && a.postcode == b.postcode) return a.postcode;
    const More *ma = f_.more_of(a), *mb = f_.more_of(b);
    auto in = [](const More* m, std::uint32_t code) {
        return m != nullptr &&
               std::find(m->postcodes.begin(), m->postcodes.end(), code) != m->postcodes.end();
    };
    if (a.postcode != 0 && in(mb, a.postcode)) return a.postcode;
    if (b.postcode != 0 && in(ma, b.postcode)) return b.postcode;
    if (ma != nullptr)
        for (const std::uint32_t code : ma->postcodes)
            if (in(mb, code)) return code;
    return 0;
}

unsigned Comparer::place(const Row& a, const Row& b) const {
    if (a.uprn != 0 && a.uprn == b.uprn) return PlaceLevel::household;
    if (a.postcode == 0 || b.postcode == 0 || (a.flags | b.flags) & Flags::place_institutional)
        return null_level;
    if (a.postcode == b.postcode)
        return a.house != 0 && a.house == b.house ? PlaceLevel::household : PlaceLevel::unit;
    if ((a.more | b.more) != 0)
        if (const std::uint32_t code = common_postcode(a, b); code != 0 && !f_.places[code].institutional)
            return PlaceLevel::earlier_unit;
    const PlaceEntry &x = f_.places[a.postcode], &y = f_.places[b.postcode];
    // an edit changes one character at the most
    if (!two_and_more(x.characters & ~y.characters) && !two_and_more(y.characters & ~x.characters) &&
        text::one_edit(f_.places.text(a.postcode), f_.places.text(b.postcode)))
        return PlaceLevel::one_edit;
    if (x.sector != 0 && x.sector == y.sector) return PlaceLevel::sector;
    return x.district != 0 && x.district == y.district ? PlaceLevel::district : PlaceLevel::other;
}

unsigned Comparer::identifier(const Row& a, const Row& b, Kind kind) const {
    const ValueTable<IdEntry>& table = kind == Kind::upn ? f_.upns : kind == Kind::nhs ? f_.nhs : f_.ulns;
    const std::uint32_t p = kind == Kind::upn ? a.upn : kind == Kind::nhs ? a.nhs : a.uln;
    const std::uint32_t q = kind == Kind::upn ? b.upn : kind == Kind::nhs ? b.nhs : b.uln;
    if (kind == Kind::upn && p != q && (a.more | b.more) != 0) {
        auto was = [&](const More* m, std::uint32_t code) {
            return m != nullptr && code != 0 && table[code].quality == IdQuality::valid &&
                   !table[code].polluted &&
                   std::find(m->former_upns.begin(), m->former_upns.end(), code) != m->former_upns.end();
        };
        if (was(f_.more_of(a), q) || was(f_.more_of(b), p)) return IdLevel::former;
    }
    if (p == 0 || q == 0) return null_level;
    const IdEntry &x = table[p], &y = table[q];
    if (x.polluted || y.polluted) return null_level;
    const bool both_valid = x.quality == IdQuality::valid && y.quality == IdQuality::valid;
    const bool verified = kind != Kind::nhs || (a.flags & b.flags & Flags::nhs_verified);
    if (p == q) {
        if (both_valid) return verified ? IdLevel::equal : IdLevel::unverified;
        return x.quality == IdQuality::temporary ? IdLevel::temporary : IdLevel::unverified;
    }
    if (both_valid) return verified ? IdLevel::different : IdLevel::valid_different;
    return text::one_edit(table.text(p), table.text(q)) ? IdLevel::one_edit : IdLevel::unproven_different;
}

unsigned Comparer::generic(const Generic& g, Kind kind, std::uint32_t x, std::uint32_t y) {
    if (x == y) return 0;
    if (x > y) std::swap(x, y);
    const auto which = static_cast<std::uint64_t>(&g - f_.generics.data()) + 1;
    const std::uint64_t key = (std::uint64_t{x} << 32 | y) ^ (which << 56);
    return remembered(key, [&] { return compare_generic(g, kind, x, y); });
}

unsigned Comparer::compare_generic(const Generic& g, Kind kind, std::uint32_t x, std::uint32_t y) const {
    if (g.values.text(x) > g.values.text(y)) std::swap(x, y);
    const std::string_view s = g.values.text(x), t = g.values.text(y);
    const TextEntry &p = g.values[x], &q = g.values[y];
    switch (kind) {
        case Kind::identifier:
        case Kind::phone: {
            const unsigned apart = text::damerau(s, t, 2);
            return apart <= 1 ? 1 : apart == 2 && std::min(s.size(), t.size()) >= 6 ? 2 : 3;
        }
        case Kind::email:
            if (!p.local.empty() && p.local == q.local) return EmailLevel::local_part;
            return text::jaro_winkler(p.local, q.local) >= 0.9 || text::jaro_winkler(s, t) >= 0.92
                       ? EmailLevel::near
                       : EmailLevel::other;
        case Kind::street:
            return text::jaro_winkler(s, t) >= 0.9 ? StreetLevel::near : StreetLevel::other;
        case Kind::category:
            return 1;
        case Kind::number:
            return std::abs(p.number - q.number) <= 1 ? 1 : 2;
        default: {
            const double likeness = text::jaro_winkler(s, t);
            if (likeness >= 0.92 || (std::min(s.size(), t.size()) >= 5 && text::one_edit(s, t)))
                return TextLevel::near;
            return likeness >= 0.8 || (p.sound != 0 && p.sound == q.sound) ? TextLevel::similar
                                                                           : TextLevel::other;
        }
    }
}

}  // namespace sendhub::identity
