// Matching in the night: reads the current records of the store, asks the engine, gives ids that stay, and
// writes people, links, events, review cases, scored pairs and models, all in one transaction (contracts.md
// section 4).
//
// The first night trains a model. From then on it is frozen, and only changed records are compared again; the
// result is that of a full run. When the model has become old, a new one is trained beside it as a shadow:
// what it would change is noted, and a person lets it in. Without asking, a new model takes over only where
// the old one cannot be used: the columns are others, or it had learnt from a pilot of fewer than 1,000
// records that has since doubled.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/duckdb.hpp"
#include "base/time.hpp"

namespace sendhub::match {

struct MatchSettings {
    std::vector<std::string> precedence;  // feeds, best first; others follow by name
    std::map<std::string, std::vector<std::string>>
        precedence_of;                                 // per field of person, where another order holds
    std::vector<std::string> institutional_postcodes;  // homes, hospitals, offices: no weight
    std::vector<std::string> one_record_each;          // feeds that hold each child once
    std::int64_t retrain_days = 90;
};

struct MatchOutcome {
    std::uint64_t records = 0, people = 0,
                  linked = 0;  // linked: records that share their person with another
    std::uint64_t cases = 0, created = 0, merged = 0, split = 0, polluted = 0;
    std::uint64_t compared = 0;      // records whose pairs were compared tonight
    std::string model;               // version
    std::vector<std::string> notes;  // for people: a new model, weights that could not be trained, a shadow
    bool changed = false;            // false: nobody's person differs from the last run
};

// The tables are those of hub/store/migrations; the secret for person ids is the store's.
Result<MatchOutcome> run_matching(duck::Connection& store, const MatchSettings& settings,
                                  std::string_view run_id, Micros now);

}  // namespace sendhub::match
