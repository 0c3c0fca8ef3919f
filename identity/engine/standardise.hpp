// From columns of text to comparable features (matching.md section 2).
#pragma once

#include "identity/engine/features.hpp"

namespace sendhub::identity {

struct StandardSettings {
    std::vector<std::string>
        institutional_postcodes;  // homes, hospitals, offices: they match but weigh nothing
    std::int32_t today = no_day;  // births after it are impossible; no_day: not checked
    unsigned threads = 2;
};

// All records of the table. The records of `out` stand in canonical order (by birth, then by the hash of
// their key): nothing that follows depends on the order of the input, and records that are worth comparing
// lie close together in memory. `position[i]` is the place in the table of record i.
void standardise(const Table& table, const StandardSettings& settings, Features& out,
                 std::vector<std::uint32_t>& position);

// Appends further records with the same columns to features that were standardised before (the dictionaries
// grow; default days and pollution are not worked out anew). Returns the number of the first.
std::uint32_t append(const Table& table, const StandardSettings& settings, Features& out);

// Marks the birth dates that fall on Features::default_days of their source; returns how many. The days
// themselves are learnt by standardise(), or taken from a model.
std::uint64_t mark_default_days(Features& features, std::size_t first = 0);

// How often each name, place and identifier occurs among the records that are not removed; marks identifiers
// that stand on more than three people (polluted.hpp) as polluted, and returns how many there are of each
// identifier that has any.
std::vector<PollutedCount> count_values(Features& features, unsigned threads);

}  // namespace sendhub::identity
