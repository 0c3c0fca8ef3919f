// Takes an imported batch back: a person says that it was wrong (a mistyped date, the wrong file). Its scopes
// hold again what they held before it, and what was set aside because of it is read again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/time.hpp"

namespace sendhub::store {

class Store;

struct UndoOutcome {
    std::string feed;
    std::int64_t scopes = 0;
    std::int64_t removed = 0;     // records of the batch that are no longer current
    std::int64_t restored = 0;    // records that stand again as they did before
    std::int64_t read_again = 0;  // files that were set aside as older and are read again at the next run
};

// One transaction. scope: only the scopes of this name (one school of many); empty: all of the batch. Also
// dismisses what a held batch waits for. by: who decided. The versions of the batch stay in the history. Of
// the batch nothing is forgotten: its scopes become `withdrawn`.
// not_found: no such batch; usage: there is nothing to take back, or a later batch changed the same scopes
// (it is named: undo that one first), or the batch read all files again (replay them again instead).
[[nodiscard]] Result<UndoOutcome> undo_batch(Store& store, std::string_view batch_id, std::string_view scope,
                                             std::string_view by, Micros now);

}  // namespace sendhub::store
