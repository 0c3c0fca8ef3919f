// How many people of one family are in the file, beside records of one person: in a list of customers hardly
// any, in a census of households nearly all of one surname and one home are two people.
#pragma once

#include "identity/engine/plan.hpp"

namespace sendhub::identity {

// Pairs of records of two people of one surname and one home (another forename, another birth date), for each
// pair of records of one person there (one forename, one birth date). Where there are too few pairs to tell,
// usual_siblings.
inline constexpr double usual_siblings = 1.2;
double siblings_for_each_pair(const Features& features, const Plan& plan);

}  // namespace sendhub::identity
