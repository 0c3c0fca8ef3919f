#include "identity/engine/evidence.hpp"

#include "identity/engine/score.hpp"

namespace sendhub::identity {
namespace {

bool forename_agrees(unsigned name) {
    return name <= NameLevel::surname_missing || name == NameLevel::near_surname_missing ||
           name == NameLevel::forename_only || name == NameLevel::near_forename_only;
}
bool known(unsigned level) { return level != null_level; }

unsigned numbers_that_agree(const Plan& plan, std::uint64_t pattern) {
    return identifiers_that_agree(plan, pattern) +
           (level_of(plan, pattern, Kind::nhs) == IdLevel::unverified ? 1 : 0);
}

// A number that is at least nearly the same, or an e-mail address or telephone number that is.
bool reached_in_one_way(const Plan& plan, std::uint64_t pattern) {
    for (std::size_t c = 0; c < plan.comparisons.size(); ++c) {
        const unsigned level = level_of(pattern, c);
        switch (plan.comparisons[c].kind) {
            case Kind::upn:
            case Kind::nhs:
            case Kind::uln:
                if (level <= IdLevel::one_edit) return true;
                break;
            case Kind::identifier:
            case Kind::phone:
                if (level <= 1) return true;
                break;
            case Kind::email:
                if (level <= EmailLevel::near) return true;
                break;
            default:
                break;
        }
    }
    return false;
}

}  // namespace

bool may_hold_families(const Plan& plan, const Model& model, bool of_children) {
    const int name = plan.find(Kind::name);
    return of_children || model.siblings > usual_siblings || name < 0 ||
           model.ladders[static_cast<std::size_t>(name)].source != Learnt::trained;
}

bool number_on_two_people(const Plan& plan, std::uint64_t pattern) {
    if (numbers_that_agree(plan, pattern) != 1) return false;
    const unsigned name = level_of(plan, pattern, Kind::name), birth = level_of(plan, pattern, Kind::birth);
    // a day that is typed for any child says nothing
    if (!known(birth) || birth == BirthLevel::equal_default)
        return known(name) && name > NameLevel::near_forename_only;
    return birth > BirthLevel::two_parts && name > NameLevel::loosely;
}

Evidence evidence_of(const Plan& plan, std::uint64_t pattern, double bits, bool families) {
    const bool two_people = number_on_two_people(plan, pattern);
    if (!two_people && numbers_that_agree(plan, pattern) > 0) return Evidence::enough;
    if (two_people && families) return Evidence::number_on_two_people;
    const unsigned name = level_of(plan, pattern, Kind::name);
    if (plan.find(Kind::name) >= 0) {
        if (families && !forename_agrees(name)) return Evidence::too_little;
        if (!known(name) && !reached_in_one_way(plan, pattern)) return Evidence::too_little;
    }
    return bits >= (families ? least_evidence : least_evidence_without_families) ? Evidence::enough
                                                                                 : Evidence::too_little;
}

}  // namespace sendhub::identity
