// Versions of the matching model: a new one runs in the shadow first, and is applied only when a person has
// looked at what it would change and approves.
#pragma once

#include <string>
#include <vector>

#include "base/duckdb.hpp"
#include "base/time.hpp"
#include "hub/review/barriers.hpp"

namespace sendhub::review {

struct ModelRow {
    std::string version, state, trained_at, decided_by, decided_at, note;  // note: what it would change
    std::int64_t records = 0;                                              // trained on
};
Result<std::vector<ModelRow>> list_models(duck::Connection& store);  // newest first
// shadow → current, and the current one retires. The next night uses it. In the caller's transaction.
Status approve_model(duck::Connection& store, const Viewer& viewer, std::string_view version, Micros now);
Status refuse_model(duck::Connection& store, const Viewer& viewer, std::string_view version, Micros now);

}  // namespace sendhub::review
