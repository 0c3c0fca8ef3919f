// What happens to the children: the council's lists, health advice, youth justice. Night by night.
#pragma once

#include "demo/county_model.hpp"

namespace sendhub::demo {

// Tells every child's story: enrolments and the rows of the council's lists that belong to it.
void tell_stories(County& county);
void build_part_time(County& county);
void build_advice(County& county);
void build_youth_justice(County& county);
void add_list_flaws(County& county);

// Single events, also of later nights.
CmeRow& add_cme(County& county, Rng& rng, std::uint32_t child, std::uint8_t reason, Day opened);
void close_cme(Rng& rng, CmeRow& row, Day closed, std::uint8_t outcome);
EheRow& add_ehe(County& county, Rng& rng, std::uint32_t child, Day start);
OffRollRow& add_off_roll(County& county, Rng& rng, std::uint32_t child, std::uint16_t school, Day off_roll,
                         char ground);
MoveRow& add_move(County& county, Rng& rng, std::uint32_t child, bool in, Day moved);
PartTimeRow& add_part_time(County& county, Rng& rng, std::uint32_t child, Day start);
void add_advice_request(County& county, Rng& rng, std::uint32_t child, Day requested);
void add_young_person(County& county, Rng& rng, std::uint32_t child, Day latest_start);

}  // namespace sendhub::demo
