// Erasure of one record from what matching keeps (matching.md section 11): events stay, with ids and a keyed
// hash in place of the record's key, and no value.
#pragma once

#include "hub/match/run.hpp"

namespace sendhub::match {

// Part of the transaction that stands; the caller has erased the record's own rows in it before. Works out
// the best row of the person anew. Publications that were made before are not touched, nor what review keeps
// beside match_decision.
Status forget_record(duck::Connection& store, const MatchSettings& settings, std::string_view feed,
                     std::string_view person_ref, std::string_view by, Micros now);

}  // namespace sendhub::match
