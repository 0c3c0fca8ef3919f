// The scored pairs of the last run (match_edge) and what its records were (match_record), so that tonight
// only pairs with a changed record are compared.
#pragma once

#include <optional>
#include <vector>

#include "hub/match/tonight.hpp"

namespace sendhub::match {

// Everything beside its two records that the weight of a pair hangs on. Pairs of the last run count only
// while this is what it was.
std::string score_basis(const identity::Engine& engine,
                        const std::vector<std::string>& institutional_postcodes);

// Fingerprints of all records: their values, and whether an identifier of theirs is taken for polluted
// tonight.
std::vector<std::string> fingerprints(const identity::Engine& engine, const PersonRecords& records);

struct Yesterday {
    identity::Engine::Before before;  // by number of the engine
    std::vector<bool> changed;        // per record: new, changed, or touched by a decision
    std::uint64_t changed_records = 0;
};
// None: there is nothing to build on, everything is compared.
Result<std::optional<Yesterday>> read_yesterday(duck::Connection& store, const Tonight& tonight,
                                                std::string_view basis);

// What truncated blocks lost. With another figure than last night the pairs of yesterday do not stand for a
// full run.
std::uint64_t truncation(const identity::Engine& engine);
Result<bool> same_truncation(duck::Connection& store, const identity::Engine& engine);

// `yesterday`: null after a full run. Leaves out what a barrier parts.
Status write_edges(duck::Connection& store, const Tonight& tonight, const Yesterday* yesterday,
                   std::string_view basis);

}  // namespace sendhub::match
