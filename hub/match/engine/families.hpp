// Whether people of one family are in the file: in a register of households they are, in a list of customers
// hardly ever. Two records of one surname and one home are the less likely to be of a brother and a sister.
#pragma once

#include "hub/match/engine/plan.hpp"

namespace sendhub::match {

// Pairs of records of two people of one surname and one home (another forename, another birth date), for each
// pair of records of one person there (one forename, one birth date). Where there are too few pairs to tell,
// and at the most, most_siblings.
inline constexpr double most_siblings = 1.2;
double siblings_for_each_pair(const Features& features, const Plan& plan);

}  // namespace sendhub::match
