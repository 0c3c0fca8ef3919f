#include "identity/engine/score.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace sendhub::identity {
namespace {

constexpr double most_common_bits = 8;  // the commonness of values moves a comparison by no more than this
constexpr std::int32_t first_day = -62091;

// Twins: how many pairs of records are of two children of one home and birth date, for each pair of one
// child. 14.6 of 1,000 maternities are multiple (England and Wales 2022), so 3 children of 100 have a twin;
// where families are seldom in the file (families.hpp), fewer.
constexpr double twin_pairs = 0.03;

// How the names of two siblings stand to each other: the chance of each level. Forenames are chosen to
// differ; what remains are records typed with the other one's name.
constexpr std::array<double, NameLevel::count> sibling_names = [] {
    std::array<double, NameLevel::count> p{};
    p[NameLevel::full] = 0.0002;
    p[NameLevel::both] = 0.0008;
    p[NameLevel::other_middle] = 0.0004;
    p[NameLevel::swapped] = 0.00002;
    p[NameLevel::hyphen] = 0.0002;
    p[NameLevel::nickname] = 0.003;
    p[NameLevel::alias] = 0.0002;
    p[NameLevel::surname_near] = 0.0002;
    p[NameLevel::forename_near] = 0.009;
    p[NameLevel::forename_close] = 0.012;
    p[NameLevel::both_near] = 0.0015;
    p[NameLevel::swapped_near] = 0.0001;
    p[NameLevel::shortened] = 0.012;
    p[NameLevel::initial] = 0.01;
    p[NameLevel::sound] = 0.0002;
    p[NameLevel::loosely] = 0.002;
    p[NameLevel::weak_forename] = 0.06;
    p[NameLevel::surname_only] = 0.8;
    p[NameLevel::near_surname_only] = 0.05;
    // one in six is known by two surnames in the course of the years
    p[NameLevel::near_surname_missing] = 0.0006;
    p[NameLevel::forename_only] = 0.0003;
    p[NameLevel::near_forename_only] = 0.004;
    p[NameLevel::other] = 0.15;
    return p;  // 0: siblings do not explain the level any better than chance does
}();

float share(const std::vector<float>& log2, std::uint32_t code, float rarest) {
    return code < log2.size() && log2[code] != 0 ? log2[code] : rarest;
}
double clamp_common(double bits) { return std::clamp(bits, -most_common_bits, most_common_bits); }

}  // namespace

double Parts::total() const { return prior + household + agreement(); }

double Parts::agreement() const {
    double sum = 0;
    for (std::size_t c = 0; c < bits.size(); ++c) sum += bits[c] + common[c];
    return sum;
}

Scorer::Scorer(const Features& features, const Plan& plan, const Model& model)
    : f_(features), plan_(plan), model_(model), comparer_(features, plan), bits_(plan.comparisons.size()) {
    for (std::size_t c = 0; c < bits_.size(); ++c)
        for (unsigned l = 0; l < plan.comparisons[c].levels.size(); ++l) bits_[c][l] = model.bits(c, l);
    name_ = plan.find(Kind::name);
    birth_ = plan.find(Kind::birth);
    sex_ = plan.find(Kind::sex);
    place_ = plan.find(Kind::place);
    upn_ = plan.find(Kind::upn);
    nhs_ = plan.find(Kind::nhs);
    uln_ = plan.find(Kind::uln);
    sibling_pairs_ = std::log2(std::min(model.siblings, usual_siblings));
    twin_pairs_ = std::log2(twin_pairs) + sibling_pairs_ - std::log2(usual_siblings);
    families_ = std::log2(std::max(model.siblings, usual_siblings) / usual_siblings);
    if (name_ >= 0)
        for (std::size_t n = 0; n < NameLevel::count; ++n)
            if (sibling_names[n] != 0)
                sibling_bits_[n] =
                    std::log2(sibling_names[n] / model.ladders[static_cast<std::size_t>(name_)].m[n]);
    if (sex_ >= 0)
        for (std::size_t s = 0; s < sibling_sex_.size(); ++s)
            sibling_sex_[s] = std::log2(0.5 / model.ladders[static_cast<std::size_t>(sex_)].m[s]);
}

double Scorer::upper_bound(std::uint64_t pattern) const {
    double sum = 0;
    for (std::size_t c = 0; c < bits_.size(); ++c) {
        const unsigned l = level_of(pattern, c);
        if (l == null_level) continue;
        sum += bits_[c][l];
        switch (plan_.comparisons[c].kind) {
            case Kind::name:
                if (l <= NameLevel::weak_forename) sum += most_common_bits;
                break;
            case Kind::birth:
                sum += l <= BirthLevel::equal_default ? 3 : 0;
                break;
            case Kind::place:
                sum += l <= PlaceLevel::earlier_unit ? most_common_bits : 0;
                break;
            case Kind::email:
            case Kind::text:
            case Kind::street:
            case Kind::category:
                sum += l == 0 ? most_common_bits : l == 1 ? most_common_bits / 2 : 0;
                break;
            default:
                break;
        }
    }
    return sum;
}

double Scorer::most_by_name() const {
    double most = 0;
    if (name_ < 0) return most;
    const std::size_t name = static_cast<std::size_t>(name_), levels = plan_.comparisons[name].levels.size();
    const std::uint64_t only_null = ~std::uint64_t{0};
    for (std::uint64_t l = 0; l < levels; ++l)
        most = std::max(most, upper_bound(only_null ^ (null_level ^ l) << (5 * name)));
    return most;
}

Parts Scorer::parts(std::uint32_t a, std::uint32_t b, std::uint64_t pattern) {
    const Row &x = f_.rows[a], &y = f_.rows[b];
    const Frequencies& q = model_.frequencies;
    Parts p;
    for (std::size_t c = 0; c < bits_.size(); ++c) {
        const unsigned l = level_of(pattern, c);
        if (l == null_level) continue;
        p.bits[c] = bits_[c][l];
        const Comparison& comparison = plan_.comparisons[c];
        switch (comparison.kind) {
            case Kind::name:
                p.common[c] = name_common(x, y, l);
                break;
            case Kind::birth:
                if (l <= BirthLevel::equal_default && x.birth >= first_day) {
                    const auto day = static_cast<std::uint32_t>(x.birth - first_day);
                    p.common[c] = std::clamp(q.birth_chance - share(q.birth, day, q.rarest_birth), -3.0, 3.0);
                }
                break;
            case Kind::place:
                if (l <= PlaceLevel::earlier_unit)
                    if (const std::uint32_t code = comparer_.common_postcode(x, y); code != 0)
                        p.common[c] = clamp_common(q.place_chance - share(q.place, code, q.rarest_place));
                break;
            case Kind::email:
            case Kind::text:
            case Kind::street:
            case Kind::category: {
                const std::size_t g = comparison.generic;
                const std::uint32_t v = f_.generics[g].code[a], w = f_.generics[g].code[b];
                const double common = std::max(share(q.generic[g], v, q.rarest_generic[g]),
                                               share(q.generic[g], w, q.rarest_generic[g]));
                if (l <= 1 && !(comparison.kind == Kind::category && l == 1))
                    p.common[c] = clamp_common(q.generic_chance[g] - common) * (l == 0 ? 1.0 : 0.5);
                break;
            }
            default:
                break;
        }
    }
    p.household = household(x, y, p, pattern);
    return p;
}

double Scorer::name_common(const Row& a, const Row& b, unsigned level) {
    using L = NameLevel;
    if (level == L::other || level == L::surname_only || level == L::near_surname_only ||
        level == L::near_forename_only || level == L::cross_missing)
        return 0;  // a rare surname is exactly what siblings share
    const Frequencies& q = model_.frequencies;
    const Comparer::NameMatch match =
        level <= L::both ? Comparer::NameMatch{level, a.fore[0], b.fore[0], a.sur[0], b.sur[0]}
                         : comparer_.name(a, b);
    auto forename = [&] {
        return q.forename_chance - std::max(share(q.forename, match.fore_a, q.rarest_forename),
                                            share(q.forename, match.fore_b, q.rarest_forename));
    };
    auto surname = [&] {
        return q.surname_chance - std::max(share(q.surname, match.sur_a, q.rarest_surname),
                                           share(q.surname, match.sur_b, q.rarest_surname));
    };
    switch (level) {
        case L::full:
        case L::both:
        case L::other_middle:
        case L::alias:
            return clamp_common(forename() + surname());
        case L::swapped: {  // the names of a; b holds them the other way round
            const double f = q.forename_chance - share(q.forename, match.fore_a, q.rarest_forename);
            const double s = q.surname_chance - share(q.surname, match.sur_a, q.rarest_surname);
            return clamp_common(f + s);
        }
        case L::hyphen:
        case L::sound:
            return clamp_common(forename() + 0.5 * surname());
        case L::nickname:
        case L::initial:
        case L::forename_near:
        case L::forename_close:
            return clamp_common(0.5 * forename() + surname());
        case L::both_near:
        case L::loosely:
        case L::swapped_near:
            return clamp_common(0.5 * (forename() + surname()));
        case L::surname_missing:
        case L::forename_only:
            return clamp_common(forename());
        case L::forename_missing:
        case L::weak_forename:
            return clamp_common(0.5 * surname());
        default:
            return 0;
    }
}

// Two hypotheses stand against "one child": two random children, and two children of one home. The weights so
// far know only the first; this is the part that the second takes away.
double Scorer::household(const Row& a, const Row& b, const Parts& parts, std::uint64_t pattern) {
    if (name_ < 0) return 0;
    const unsigned n = level_of(pattern, static_cast<std::size_t>(name_)),
                   d = level_of(plan_, pattern, Kind::birth);
    if (n == null_level || sibling_names[n] == 0 || (d == null_level && families_ == 0)) return 0;
    const bool same_day = d <= BirthLevel::partial;
    // log2 of (siblings / same child): what is as likely under both drops out
    double rival = same_day ? twin_pairs_ : sibling_pairs_;
    if (families_ > 0 && !elsewhere(parts)) rival += families_;
    rival += sibling_bits_[n];
    if (n == NameLevel::forename_near || n == NameLevel::forename_close || n == NameLevel::both_near ||
        n == NameLevel::near_forename_only) {
        // A slip of the pen makes a name that hardly anyone has; twins with like names both have real ones.
        const Frequencies& q = model_.frequencies;
        constexpr double slips_are_rare = 0.8;
        rival += rare_forename(a, b) ? std::log2(2 * q.rare_forenames / slips_are_rare)
                                     : std::log2((1 - q.rare_forenames) / (1 - slips_are_rare));
    }
    // siblings born on different days are about as far apart as any two children; a twin shares the day
    if (!same_day && d != null_level) rival -= parts.bits[static_cast<std::size_t>(birth_)];
    if (sex_ >= 0) {
        const unsigned s = level_of(pattern, static_cast<std::size_t>(sex_));
        if (s != null_level) rival += sibling_sex_[s];
    }
    // two children agree on identifiers as rarely as any two
    for (const int id : {upn_, nhs_, uln_})
        if (id >= 0) rival -= parts.bits[static_cast<std::size_t>(id)];
    for (std::size_t c = 0; c < plan_.comparisons.size(); ++c) {
        const Kind kind = plan_.comparisons[c].kind;
        if (kind == Kind::identifier || kind == Kind::email || kind == Kind::category || kind == Kind::number)
            rival -= parts.bits[c] + parts.common[c];
    }
    // and the place: a sibling's home is the child's home
    // With odds x of one child against two random ones, and siblings r times as likely as one child, the odds
    // of one child against either are x / (1 + r x).
    double x = model_.base_prior;
    for (std::size_t c = 0; c < plan_.comparisons.size(); ++c) x += parts.bits[c] + parts.common[c];
    const double against = x + rival;
    return against < -30 ? 0 : -std::log2(1 + std::exp2(std::min(against, 500.0)));
}

// A brother or sister lives in the same home.
bool Scorer::elsewhere(const Parts& parts) const {
    constexpr double another_place = -1.5;
    double place = 0;
    for (std::size_t c = 0; c < plan_.comparisons.size(); ++c) {
        const Comparison& x = plan_.comparisons[c];
        if (x.kind == Kind::place || x.kind == Kind::street ||
            (x.kind == Kind::text && f_.generics[x.generic].role == Role::locality))
            place += parts.bits[c];
    }
    return place < another_place;
}

bool Scorer::rare_forename(const Row& a, const Row& b) {
    const Comparer::NameMatch match = comparer_.name(a, b);
    const Frequencies& q = model_.frequencies;
    return share(q.forename, match.fore_a, q.rarest_forename) <= q.rarest_forename ||
           share(q.forename, match.fore_b, q.rarest_forename) <= q.rarest_forename;
}

std::string_view to_string(Veto veto) {
    switch (veto) {
        case Veto::none:
            return "none";
        case Veto::upn:
            return "V1 two different valid UPNs";
        case Veto::nhs:
            return "V2 two different verified NHS numbers";
        case Veto::uln:
            return "V3 two different valid ULNs";
        case Veto::twins:
            return "V4 twin or sibling pattern: same surname, different forenames";
        case Veto::person:
            return "V5 known to be two people";
        case Veto::sealed:
            return "V6 restricted";
        case Veto::birth:
            return "V7 birth dates more than a year apart, and no identifier agrees";
        case Veto::unnamed:
            return "V8 a newborn without a name yet";
        case Veto::deceased:
            return "V9 one died before the other was last seen";
    }
    return "";
}

std::string_view short_name(Veto veto) { return veto == Veto::none ? "" : to_string(veto).substr(0, 2); }

unsigned identifiers_that_agree(const Plan& plan, std::uint64_t pattern) {
    unsigned agree = 0;
    auto look = [&](std::uint32_t comparisons, unsigned worst) {
        for (; comparisons != 0; comparisons &= comparisons - 1)
            agree += level_of(pattern, static_cast<std::size_t>(std::countr_zero(comparisons))) <= worst;
    };
    look(plan.numbers, IdLevel::former);
    look(plan.identifiers, 0);
    return agree;
}

Doubt doubt_of_pair(const Features& f, const Plan& plan, const VetoRules& rules, std::uint32_t a,
                    std::uint32_t b, std::uint64_t pattern) {
    if (veto_of_pair(f, plan, rules, a, b, pattern) != Veto::none) return Doubt::veto;
    // of adults too, although it does not keep them apart: names that are only alike prove less
    return may_be_twins(plan, pattern) ? Doubt::twins : Doubt::none;
}

namespace {
// A birth date that one of them lacks keeps nobody apart, where the file has birth dates at all.
bool may_share_birth(const Plan& plan, std::uint64_t pattern) {
    const unsigned birth = level_of(plan, pattern, Kind::birth);
    return birth <= BirthLevel::partial || (birth == null_level && plan.find(Kind::birth) >= 0);
}
}  // namespace

bool may_be_twins(const Plan& plan, std::uint64_t pattern) {
    if (!may_share_birth(plan, pattern)) return false;
    if (identifiers_that_agree(plan, pattern) > 0) return false;
    switch (level_of(plan, pattern, Kind::name)) {
        case NameLevel::nickname:  // Theo and Theodore, Sofia and Sophia
        case NameLevel::forename_near:
        case NameLevel::forename_close:
        case NameLevel::both_near:
        case NameLevel::shortened:  // Luca and Lucas
        case NameLevel::initial:
        case NameLevel::loosely:
        case NameLevel::forename_missing:
        case NameLevel::near_forename_missing:
        case NameLevel::near_surname_missing:
        case NameLevel::cross_missing:  // no forename, and the surname in the other column
        case NameLevel::near_forename_only:
            return true;
        default:
            return false;
    }
}

Veto veto_of_pair(const Features& f, const Plan& plan, const VetoRules& rules, std::uint32_t a,
                  std::uint32_t b, std::uint64_t pattern) {
    const Row &x = f.rows[a], &y = f.rows[b];
    auto level = [&](Kind kind) { return level_of(plan, pattern, kind); };
    if (level(Kind::upn) == IdLevel::different) return Veto::upn;
    if (level(Kind::nhs) == IdLevel::different) return Veto::nhs;
    if (level(Kind::uln) == IdLevel::different) return Veto::uln;
    if (x.source == y.source && x.source < rules.one_record_each.size() && rules.one_record_each[x.source])
        return Veto::person;
    if (const More *m = f.more_of(x), *n = f.more_of(y); m != nullptr || n != nullptr) {
        auto died_before = [](const More* dead, const More* seen) {
            return dead != nullptr && seen != nullptr && dead->death != no_day && seen->active != no_day &&
                   dead->death < seen->active;
        };
        if (died_before(m, n) || died_before(n, m)) return Veto::deceased;
    }
    const unsigned agree = identifiers_that_agree(plan, pattern);
    const unsigned name = level(Kind::name), birth = level(Kind::birth), place = level(Kind::place);
    const bool forename_different = name == NameLevel::surname_only || name == NameLevel::near_surname_only ||
                                    name == NameLevel::weak_forename;
    if (agree == 0 && (x.flags | y.flags) & Flags::unnamed) return Veto::unnamed;
    if (!rules.children) return Veto::none;
    // One identifier typed on the record of the other twin is no proof; two would be. Partial dates cannot
    // tell siblings born within a month from twins, so they count as equal.
    if (agree < 2 && forename_different &&
        (agree == 1 || level(Kind::nhs) == IdLevel::unverified ||
         (may_share_birth(plan, pattern) && (place == null_level || place <= PlaceLevel::one_edit))))
        return Veto::twins;
    if (agree == 0 && birth != null_level && birth != BirthLevel::swapped &&
        std::abs(x.birth - y.birth) > 366)
        return Veto::birth;
    return Veto::none;
}

}  // namespace sendhub::identity
