// Who is on which roll, attendance and exclusions: the pupil elements of the census returns.
#pragma once

#include "demo/county_model.hpp"

namespace sendhub::demo {

// Puts the child on (or lately off) the roll of a school in the spring return.
Enrolment& add_enrolment(County& county, Rng& rng, std::uint16_t school, std::uint32_t child, Day entry,
                         Day leaving, char status = 'C');
// The usual first day of a child of this age at this school.
Day usual_entry(const County& county, Rng& rng, const Child& child, std::uint16_t school);
void build_autumn_return(County& county);

// Row errors and wrong UPNs, on children about whom nothing else is told. Last, when all else stands.
void add_census_flaws(County& county);

}  // namespace sendhub::demo
