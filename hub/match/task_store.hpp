// What matching tells nobody but whoever has the right to sealed records (sealed_task): that the data itself
// ties the two sides of a barrier, or that a barrier has gone over to a record that came with another key.
#pragma once

#include "hub/match/tonight.hpp"

namespace sendhub::match {

// Of each barrier the pairs at or above review, one for each two people on its sides; replaced each night.
// Kept are the decision, which fields agree, the feeds, and the person on one side: never both, and no value.
// A sealing that follows another one by likeness has a row of its own, without fields and the other feed.
Status write_tasks(duck::Connection& store, const Tonight& tonight);

}  // namespace sendhub::match
