#include "identity/engine/pair_facts.hpp"

#include <algorithm>
#include <cmath>

#include "identity/engine/twin_names.hpp"
#include "identity/text/similarity.hpp"

namespace sendhub::identity {

bool PairFacts::tied_by_number(std::uint64_t pattern) const {
    return identifier_agrees(in_.plan, pattern) ||
           level_of(in_.plan, pattern, Kind::nhs) == IdLevel::unverified;
}

bool PairFacts::valid_numbers_differ(std::uint64_t pattern) const {
    return level_of(in_.plan, pattern, Kind::nhs) == IdLevel::valid_different;
}

bool PairFacts::one_child_by_name(const Edge& edge) {
    auto level = [&](Kind kind) { return level_of(in_.plan, edge.pattern, kind); };
    const unsigned name = level(Kind::name), birth = level(Kind::birth);
    if (birth != BirthLevel::equal)  // no two children of one home have one name
        return birth <= BirthLevel::within_year && name <= NameLevel::both &&
               level(Kind::place) <= PlaceLevel::unit;
    // whose the number is, is the question
    if (name == NameLevel::surname_only || name == NameLevel::near_surname_only) return false;
    if (tied_by_number(edge.pattern)) return true;
    switch (name) {
        case NameLevel::other_middle:  // twins who are both called Mohammed
        case NameLevel::initial:
            return false;
        case NameLevel::forename_near:
        case NameLevel::forename_close:
        case NameLevel::both_near:
            return slip_of_the_pen(edge);
        case NameLevel::shortened:
            return level(Kind::place) <= PlaceLevel::earlier_unit && one_is_part_of_the_other(edge);
        default:
            return name <= NameLevel::sound;
    }
}

// Of those born in years that few sources know, nobody would know a twin. Names of twins that are like a slip
// of the pen nothing else tells from one child's.
double PairFacts::telling_silence(const Edge& edge) const {
    constexpr double usual = 2, of_slips = 4;
    if (tied_by_number(edge.pattern)) return usual;
    switch (level_of(in_.plan, edge.pattern, Kind::name)) {
        case NameLevel::forename_near:
        case NameLevel::forename_close:
        case NameLevel::both_near:
            return of_slips;
        default:
            return usual;
    }
}

bool PairFacts::middle_names_differ(const Edge& edge) {
    const Row &x = in_.features.rows[edge.a], &y = in_.features.rows[edge.b];
    return comparer_.forenames(x.middle, y.middle) == NameTie::different;
}

bool PairFacts::names_of_twins(const Edge& edge) {
    if (middle_names_differ(edge)) return true;
    const Row &x = in_.features.rows[edge.a], &y = in_.features.rows[edge.b];
    const Comparer::NameMatch match = names_of(edge);
    const auto& names = in_.features.names;
    auto of_twins = [&](std::uint32_t p, std::uint32_t q) {
        return p != 0 && q != 0 &&
               std::binary_search(in_.model.twin_names.begin(), in_.model.twin_names.end(),
                                  name_pair(names[p], names[q]));
    };
    return of_twins(match.fore_a, match.fore_b) || of_twins(x.fore[0], y.fore[0]);
}

bool PairFacts::one_forename_in_one_home(const Edge& edge) const {
    const unsigned name = level_of(in_.plan, edge.pattern, Kind::name);
    return in_.rules.children && (name <= NameLevel::both || name == NameLevel::forename_only) &&
           level_of(in_.plan, edge.pattern, Kind::birth) == BirthLevel::equal &&
           level_of(in_.plan, edge.pattern, Kind::place) <= PlaceLevel::unit;
}

bool PairFacts::two_names_in_one_source(const Edge& edge) const {
    if (in_.features.rows[edge.a].source != in_.features.rows[edge.b].source) return false;
    switch (level_of(in_.plan, edge.pattern, Kind::name)) {
        case NameLevel::swapped_near:
        case NameLevel::weak_forename:
        case NameLevel::surname_only:
        case NameLevel::near_surname_only:
        case NameLevel::other:
            return true;
        case NameLevel::alias:  // twins of like names are called by each other's
            return in_.features.rows[edge.a].fore[0] != in_.features.rows[edge.b].fore[0];
        default:
            return false;
    }
}

bool PairFacts::one_surname_swapped(const Edge& edge) {
    if (level_of(in_.plan, edge.pattern, Kind::name) != NameLevel::forename_only ||
        identifiers_that_agree(in_.plan, edge.pattern) > 0)
        return false;
    const Comparer::NameMatch match = names_of(edge);
    return as_forename(match.fore_a) < 0 || as_forename(match.fore_b) < 0;
}

bool PairFacts::no_forename_in_common(const Edge& edge) {
    if (level_of(in_.plan, edge.pattern, Kind::name) != NameLevel::other) return false;
    const Row &x = in_.features.rows[edge.a], &y = in_.features.rows[edge.b];
    if (x.fore[0] == 0 || y.fore[0] == 0) return false;
    if (comparer_.forenames(x.fore[0], y.fore[0]) <= NameTie::weak) return false;
    auto tied = [&](std::uint32_t p, std::uint32_t q) {
        return comparer_.surnames(p, q) <= NameTie::weak && as_forename(p) + as_forename(q) > 0;
    };
    return !tied(x.fore[0], y.sur[0]) && !tied(x.sur[0], y.fore[0]);
}

bool PairFacts::one_of_several_by_a_later_number(const Edge& edge) const {
    const auto& rows = in_.features.rows;
    return ((rows[edge.a].flags | rows[edge.b].flags) & Flags::of_several) != 0 &&
           identifiers_that_agree(in_.plan, edge.pattern) == 1 &&
           level_of(in_.plan, edge.pattern, Kind::nhs) != IdLevel::equal;
}

bool PairFacts::like_forenames_swapped(const Edge& edge) {
    if (level_of(in_.plan, edge.pattern, Kind::name) != NameLevel::swapped_near) return false;
    const Comparer::NameMatch match = names_of(edge);
    const double first = as_forename(match.fore_a) + as_forename(match.fore_b),
                 second = as_forename(match.sur_a) + as_forename(match.sur_b);
    return (first >= second && match.fore_a != match.fore_b) ||
           (second >= first && match.sur_a != match.sur_b);
}

bool PairFacts::only_forename_and_day(const Edge& edge) const {
    const unsigned name = level_of(in_.plan, edge.pattern, Kind::name);
    return (name == NameLevel::forename_only || name == NameLevel::near_forename_only) &&
           level_of(in_.plan, edge.pattern, Kind::place) > PlaceLevel::one_edit;
}

// Hope of Hope-Belle; not Luca of Lucas, nor Ada of Adaher-Belle.
bool PairFacts::one_is_part_of_the_other(const Edge& edge) const {
    const Features& f = in_.features;
    const auto &x = f.names[f.rows[edge.a].fore[0]].tokens, &y = f.names[f.rows[edge.b].fore[0]].tokens;
    const auto &shorter = x.size() < y.size() ? x : y, &longer = x.size() < y.size() ? y : x;
    return shorter.size() < longer.size() &&
           std::all_of(
               shorter.begin(), shorter.end(),
               [&](std::uint32_t token) {
                   return std::find(longer.begin(), longer.end(), token) != longer.end();
               });
}

// Two letters have changed places; or of a long name one letter is another, and one of the two hardly anybody
// bears. Like names that parents choose for twins are short, or both in use, or more letters apart.
bool PairFacts::slip_of_the_pen(const Edge& edge) {
    constexpr std::size_t long_name = 6;
    const Comparer::NameMatch match = names_of(edge);
    const std::string &x = in_.features.names[match.fore_a].plain,
                      &y = in_.features.names[match.fore_b].plain;
    if (x == y || !text::one_edit(x, y)) return false;
    if (x.size() == y.size() && std::is_permutation(x.begin(), x.end(), y.begin())) return true;
    return std::min(x.size(), y.size()) >= long_name &&
           (hardly_anybody(match.fore_a) || hardly_anybody(match.fore_b));
}

// About five records at the most bear it as a forename: of the model, so that records that come later do not
// change it.
bool PairFacts::hardly_anybody(std::uint32_t name) const {
    const Frequencies& q = in_.model.frequencies;
    return name >= q.forename.size() || q.forename[name] == 0 || q.forename[name] <= q.rarest_forename + 1;
}

// The share of records that bear the name as a forename, less that of those who bear it as a surname, of the
// model. A name as rare as the rarest counts as 0.
double PairFacts::as_forename(std::uint32_t name) const {
    auto share = [&](const std::vector<float>& log2, float rarest) {
        return name < log2.size() && log2[name] != 0 && log2[name] > rarest
                   ? std::exp2(static_cast<double>(log2[name]))
                   : 0.0;
    };
    const Frequencies& q = in_.model.frequencies;
    return share(q.forename, q.rarest_forename) - share(q.surname, q.rarest_surname);
}

}  // namespace sendhub::identity
