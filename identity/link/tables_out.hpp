// The files that `sendhub link` writes for machines.
#pragma once

#include <string>

#include "identity/engine/engine.hpp"

namespace sendhub::identity::link {

// "id,cluster", every record once in the order of the table. A cluster is named by the smallest id (byte by
// byte) of its records.
std::string clusters_csv(const Engine& engine, const Table& table, const Clusters& clusters);

// id_a,id_b,weight,probability,decision,reason: every pair at or above the `keep` threshold.
std::string pairs_csv(const Engine& engine, const Table& table, const Clusters& clusters);

// Quoted where CSV asks for it.
void append_csv(std::string& out, std::string_view value);

}  // namespace sendhub::identity::link
