// What must agree before two records are joined without a person's word, in a file of three records as in one
// of a million. The prior says how seldom two records are one person here, and in a small file that is not
// seldom: so what is asked for does not depend on it. Depends on the two records and the model only.
#pragma once

#include "identity/engine/model.hpp"

namespace sendhub::identity {

enum class Evidence : std::uint8_t {
    enough,
    too_little,           // of what names one person
    number_on_two_people  // one number, and neither the names nor the birth dates are of one person
};

// In a file with families a forename must agree and, with it, so many bits, the prior not counted: brothers
// and sisters, husbands and wives share a surname, a home, a telephone and an e-mail address, twins the birth
// date as well, and a placeholder names nobody. A number needs a name or a birth date beside it; two numbers
// that agree need nothing.
inline constexpr double least_evidence = 20;
// In a file that has shown of itself that its pairs are of one person, and that families are not in it.
inline constexpr double least_evidence_without_families = 8;

// There are files of which it is not known whether families are in them: they are. Files of children have
// them.
bool may_hold_families(const Plan& plan, const Model& model, bool of_children);

// bits: what the values of the pair agree in (Parts::agreement).
Evidence evidence_of(const Plan& plan, std::uint64_t pattern, double bits, bool families);
// Of these a person is asked, whatever they weigh.
bool number_on_two_people(const Plan& plan, std::uint64_t pattern);

}  // namespace sendhub::identity
