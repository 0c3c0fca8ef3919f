// Matching in the night: reads the current records of the store, asks the engine, gives ids that stay, and
// writes person_link, person, person_event and match_pending, all in one transaction (contracts.md section
// 4).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "hub/base/duckdb.hpp"
#include "hub/base/time.hpp"

namespace sendhub::match {

struct MatchSettings {
    std::vector<std::string> precedence;  // feeds, best first; others follow by name
    std::map<std::string, std::vector<std::string>>
        precedence_of;  // per field of person, where another order holds
};

struct MatchOutcome {
    std::uint64_t records = 0, people = 0,
                  linked = 0;  // linked: records that share their person with another
    std::uint64_t pending = 0, created = 0, merged = 0, split = 0, polluted = 0;
    bool changed = false;  // false: nothing differs from the last run
};

// The tables are those of hub/store/migrations; the secret for person ids is the store's.
Result<MatchOutcome> run_matching(duck::Connection& store, const MatchSettings& settings,
                                  std::string_view run_id, Micros now);

}  // namespace sendhub::match
