#include "identity/engine/polluted.hpp"

#include <algorithm>
#include <tuple>

namespace sendhub::identity {

std::uint32_t combination_of(const Features& f, const Row& r) {
    return key_hash(0, f.names[r.fore[0]].sound, f.names[r.sur[0]].sound, r.birth);
}

PeopleOfValues::PeopleOfValues(const Features& features)
    : f_(features),
      plan_{
          .comparisons = {{.name = "name", .kind = Kind::name}, {.name = "birth date", .kind = Kind::birth}},
          .keys = {}},
      comparer_(features, plan_) {}

bool PeopleOfValues::too_many(std::span<const std::uint32_t> records) {
    constexpr std::size_t enough = 256;  // to know a template that is on a million
    return (records.size() > enough && too_many_among(records.first(enough))) || too_many_among(records);
}

// One combination after another is taken for a person, with all that may be a misspelling of it. Only of it:
// what is like a misspelling is not followed, or children who chain would hide a template. The fullest and
// most frequent goes first: nearly everything is like a record that says little.
bool PeopleOfValues::too_many_among(std::span<const std::uint32_t> records) {
    std::vector<Combination> left = combinations(records);
    std::sort(left.begin(), left.end(), [](const Combination& x, const Combination& y) {
        return std::tuple(-x.known, y.records, x.hash) < std::tuple(-y.known, x.records, y.hash);
    });
    for (std::size_t people = 0; !left.empty(); ++people) {
        if (people == most_people_of_a_value) return true;
        const std::uint32_t person = left.front().record;
        left.erase(left.begin());
        std::erase_if(left, [&](const Combination& c) { return plausibly_one(person, c.record); });
    }
    return false;
}

std::vector<PeopleOfValues::Combination> PeopleOfValues::combinations(
    std::span<const std::uint32_t> records) const {
    std::vector<Combination> out;
    for (const std::uint32_t record : records) {
        const Row& r = f_.rows[record];
        out.push_back({.hash = combination_of(f_, r),
                       .record = record,
                       .known = (r.fore[0] != 0) + (r.sur[0] != 0) + (r.birth != no_day)});
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const Combination& x, const Combination& y) { return x.hash < y.hash; });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < out.size(); ++i)
        if (kept > 0 && out[kept - 1].hash == out[i].hash)
            ++out[kept - 1].records;
        else
            out[kept++] = out[i];
    out.resize(kept);
    return out;
}

// The less the birth dates agree the more the names have to: brothers and sisters share the surname, twins
// the birth date too, and namesakes both names.
bool PeopleOfValues::plausibly_one(std::uint32_t a, std::uint32_t b) {
    const std::uint64_t pattern = comparer_.pattern(a, b);
    const unsigned name = level_of(pattern, 0), birth = level_of(pattern, 1);
    const bool no_birth = birth == null_level;
    if (name == null_level) return no_birth || birth <= BirthLevel::two_parts;
    if (birth == BirthLevel::equal) return name <= NameLevel::near_forename_only;
    if (no_birth || birth <= BirthLevel::two_parts) return name <= NameLevel::cross_missing;
    return birth <= BirthLevel::within_year && name <= NameLevel::alias;
}

}  // namespace sendhub::identity
