// A generated people file as the engine's table, and what the engine made of it as the evaluation's numbers.
#pragma once

#include "demo/people/people.hpp"
#include "hub/match/engine/engine.hpp"
#include "tests/linkage/evaluate.hpp"

namespace sendhub::linkage {

match::Table table_of(const demo::people::PeopleFile& file);

// The barriers of the file as decisions.
match::Decisions sealed_decisions(const match::Engine& engine, const demo::people::PeopleFile& file);

Evaluation evaluate(const match::Engine& engine, const match::Clusters& clusters,
                    const demo::people::PeopleFile& file);

// Clusters that hold two different valid UPNs, none of them known as a former one, or two verified NHS
// numbers.
std::size_t veto_breaches(const match::Engine& engine, const match::Clusters& clusters);

}  // namespace sendhub::linkage
