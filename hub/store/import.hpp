// Takes a staged batch (docs/contracts.md, section 3) into the store, exactly once: its rows, their history,
// its issues and the note that it was imported are one transaction. A batch that is noted already changes
// nothing and gives the outcome it had.
//
// A batch holds scope instances: what one return said about one scope (record type and name) on one day
// (as_of).
//   - Order. Instances of one scope apply in the order of (as_of, number), so two returns of a school in one
//   batch end
//     as two batches would. An instance older than what the scope holds is `superseded`; one of the same day
//     that came later is a correction and applies.
//   - A snapshot closes the rows of its scope that it no longer has, save those whose source_key stands among
//   the
//     batch's rejects of that record type: a rejected row is not a vanished row. A delta closes nothing.
//   - A row equal in every field is not touched; its batch and time stay. Otherwise the old version goes to
//   history.
//   - A source_key that another scope of the feed holds moves: a change. Where two scopes of one wave claim
//   it, the
//     later one (as_of, number) has it.
//   - Truncated-file guard: a snapshot that would close more than `percent` of the rows of its scope, of
//   which there are
//     at least `min_rows`, is `held` until approve_batch (approve.hpp), and with it whatever came with it:
//     the scopes that share a file with it, and those of the same name and day. The rest of the batch
//     imports.
// An instance that applies settles older ones of its scope that were held: they become `superseded`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/error.hpp"
#include "base/time.hpp"

namespace sendhub::store {

class Store;

struct GuardSettings {
    int percent = 20;
    std::int64_t min_rows = 10;
};

// received = staged + rejected; staged = accepted() + unchanged + held + superseded + refused.
// So received = accepted + rejected + unchanged when nothing waits or was set aside.
struct ImportOutcome {
    std::string batch_id;
    std::string feed;
    std::string state;    // imported, held, refused, empty: as in the table batch
    bool replay = false;  // it was noted before; nothing was done now
    std::int64_t received = 0;
    std::int64_t staged = 0;
    std::int64_t rejected = 0;
    std::int64_t added = 0;      // rows new to the feed
    std::int64_t changed = 0;    // a new version of a row
    std::int64_t unchanged = 0;  // the same as what stands, or overtaken within the batch
    std::int64_t closed = 0;     // rows that a snapshot no longer had
    std::int64_t kept_open = 0;  // rows that a snapshot no longer had and did not close: a row that was
                                 // rejected without a key may be any of them
    std::int64_t held = 0;       // rows that wait for a person
    std::int64_t superseded = 0;
    std::int64_t refused = 0;
    std::int64_t files = 0;
    std::int64_t files_refused = 0;
    std::int64_t scopes_held = 0;
    std::int64_t scopes_superseded = 0;
    [[nodiscard]] std::int64_t accepted() const { return added + changed; }
};

// The staged files are checked against batch.json and the schema before anything is written.
[[nodiscard]] Result<ImportOutcome> import_batch(Store& store, const std::filesystem::path& staging_folder,
                                                 const GuardSettings& guard, Micros now);

// All files of a feed, read again and staged in the order in which they came, as one batch: afterwards the
// feed holds what it would hold had it read them with today's connector and settings from the beginning.
// Records that stay as they are are not touched; each that differs leaves one version in the history. What
// the batch does not cover goes, so the guard judges each scope: beyond it nothing is changed and the error
// is needs_person, unless a person has said `closing_is_right`. Exactly once, as import_batch.
[[nodiscard]] Result<ImportOutcome> import_all_again(Store& store,
                                                     const std::filesystem::path& staging_folder,
                                                     const GuardSettings& guard, bool closing_is_right,
                                                     Micros now);

}  // namespace sendhub::store
