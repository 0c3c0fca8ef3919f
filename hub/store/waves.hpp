// In what order the scope instances of a batch apply, and which stand or fall together. Knows no database.
//
// A *group* is what came together: instances that share a file, and those of one scope name and day. When one
// of a group is held, all are: a file that was cut must not import half a child. A *wave* is the groups that
// can be judged and applied at the same time, because no scope occurs in two of them; waves follow each other
// in the order of the days the sources stood so. A scope that occurs twice inside one group takes *turns*
// within its wave.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "hub/store/staged_batch.hpp"

namespace sendhub::store {

struct Instance {
    const StagedScope* scope = nullptr;
    std::size_t group = 0;
    std::size_t wave = 0;
    std::size_t turn = 0;
    std::size_t order =
        0;  // by (as_of, no) in the whole batch; the later one wins a source_key that two claim
};

// Every instance that is not refused, sorted by (wave, turn, order).
std::vector<Instance> plan_waves(std::span<const StagedScope> scopes);

}  // namespace sendhub::store
