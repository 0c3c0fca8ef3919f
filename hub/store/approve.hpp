// Lets a held batch through: a person has looked and says that the rows it would close are truly gone.
#pragma once

#include <string_view>

#include "base/duckdb.hpp"
#include "base/error.hpp"
#include "base/time.hpp"
#include "hub/store/import.hpp"

namespace sendhub::store {

class Store;

// Imports the held scopes of the batch from its staging folder, without the guard, in one transaction; those
// that something newer has replaced meanwhile become `superseded`. by: who decided, as the audit log names
// them. usage when there is no such batch or it does not wait, storage when its staged files are
// gone (it then still waits).
[[nodiscard]] Result<ImportOutcome> approve_batch(Store& store, std::string_view batch_id,
                                                  std::string_view by, Micros now);

// A person has said that rows are truly gone: the next publication may shrink. Part of the transaction that
// closes them, and in force until a version was published after it.
[[nodiscard]] Status confirm_shrinking(duck::Connection& connection, Micros now);
// version: the current one, named by its time; empty: none.
[[nodiscard]] Result<bool> shrinking_is_confirmed(Store& store, std::string_view version);

}  // namespace sendhub::store
