// Who is the same child. Records in, decisions out; nothing here reads a file or a table.
//
// First form of the engine: exact identifiers that passed their check, borne out by name or birth date; then
// one strict rule (forename, surname, birth date and postcode all equal); everything else stays unlinked. A
// veto is evaluated over whole clusters: joining A and B is refused when any record of A and any record of B
// raise one.
//   V1 two different valid UPNs, neither a former UPN of the other     V2 two different valid NHS numbers
//   V3 two different valid ULNs                                        V4 twin pattern: same birth date and
//      surname, different forenames
// Refused joins come back as pending, for a person to look at. Same records in → same decisions out, in any
// order.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hub/match/records.hpp"

namespace sendhub::match {

enum class Method : std::uint8_t { none, exact, deterministic };

struct Pending {
    std::uint32_t a, b;  // records
    const char* rule;    // what would have joined them
    const char* veto;    // what kept them apart
};

struct Resolution {
    std::vector<std::uint32_t> cluster;  // per record: the smallest record number of its cluster
    std::vector<Method> method;          // per record: how it is tied to its cluster; none: alone
    std::vector<const char*> rule;       // per record: the rule, such as "upn"
    std::vector<Pending> pending;
    std::uint64_t polluted_identifiers = 0;  // values typed on many children: they lost all weight
};

Resolution resolve(const Records& records);

}  // namespace sendhub::match
