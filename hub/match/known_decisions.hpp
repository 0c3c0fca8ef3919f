// What people have said about pairs of records (match_decision), made ready for the engine.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "hub/match/person_records.hpp"
#include "identity/engine/table.hpp"

namespace sendhub::match {

struct SpokenDecision {
    std::int64_t id = 0;
    std::uint32_t a = 0, b = 0;  // places in the table
    identity::Verdict verdict = identity::Verdict::same;
    std::string by;  // who approved it, else who proposed it
    Micros at = 0;
};

// A barrier stays with the child when a record that it stands on goes: the records that take its place.
struct Followed {
    std::int64_t decision = 0;
    std::int64_t origin = 0;  // the sealing that the officers made
    bool alike = false;       // known by likeness alone: a new sealing, which can be undone by itself
    std::string feed_a, person_ref_a, feed_b, person_ref_b;
};

struct SpokenDecisions {
    std::vector<SpokenDecision> active;   // both records are there
    std::vector<SpokenDecision> expired;  // no longer hold, and nobody has spoken on the pair again
    std::vector<std::int64_t> expired_now;
    std::vector<Followed> followed;  // tonight; among the active ones already
    // Records whose pairs must be compared anew: a word that adds or hides a pair whatever its score stands
    // on them, or stood on them once.
    std::unordered_set<std::uint32_t> touched;

    // For the engine: the active ones; a pair whose "different" has expired stays apart until a person has
    // looked again. (An expired "same" binds nobody: the score decides.)
    [[nodiscard]] std::vector<identity::Decision> for_engine() const;
};

// A decision expires when an identifier or the birth date of one of its records has changed since it was
// made; a barrier never does.
Result<SpokenDecisions> read_decisions(duck::Connection& store, const PersonRecords& records);
Status write_expired(duck::Connection& store, const SpokenDecisions& decisions);
Status write_followed(duck::Connection& store, const SpokenDecisions& decisions);

// "<16 hex of all values>-<16 hex of identifiers and birth date>", as match_record and match_decision hold
// it.
std::string fingerprint_text(std::uint64_t values, std::uint64_t identity);

}  // namespace sendhub::match
