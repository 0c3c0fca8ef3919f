// Brings scope instances of a staged batch into the record tables. The caller holds the transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hub/store/import.hpp"
#include "hub/store/waves.hpp"

namespace sendhub::store {

enum class Verdict { imported, held, superseded };

struct Judged {
    Instance instance;
    Verdict verdict = Verdict::imported;
    std::int64_t current_rows = 0;  // of the scope before; snapshots only
    std::int64_t would_close = 0;
    std::int64_t kept_open =
        0;  // it no longer has these, and a row that was rejected without a key may be one
};

struct Applied {
    std::vector<Judged> instances;  // in the order of the plan
    std::int64_t added = 0;
    std::int64_t changed = 0;
    std::int64_t unchanged = 0;
    std::int64_t closed = 0;
};

// guard: none when a person has decided already. from_nothing: what was imported before does not count, the
// caller has put empty tables in front of the feed's own.
[[nodiscard]] Result<Applied> apply_waves(duck::Connection& connection, const StagedBatch& batch,
                                          const std::vector<Instance>& plan,
                                          std::optional<GuardSettings> guard, Micros now,
                                          bool from_nothing = false);

}  // namespace sendhub::store
