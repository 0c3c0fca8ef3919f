// Schools, streets, households, children: the county before anything happens in it.
#pragma once

#include "demo/county_model.hpp"

namespace sendhub::demo {

void build_schools(County& county);
void build_population(County& county);

// What a sender writes down about a child: variants of names, swapped dates, old addresses, missing
// identifiers.
Face make_face(const County& county, Rng& rng, std::uint32_t child, Sender sender);

}  // namespace sendhub::demo
