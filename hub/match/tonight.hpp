// What one run of matching knows, handed to those who write it into the store.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "hub/match/known_decisions.hpp"
#include "hub/match/person_ids.hpp"
#include "hub/match/person_records.hpp"
#include "identity/engine/engine.hpp"

namespace sendhub::match {

struct Tonight {
    std::string secret, run_id;
    Micros now = 0;
    PersonRecords records;
    SpokenDecisions decisions;
    std::unique_ptr<identity::Engine> engine;
    identity::Clusters clusters;         // by number of the engine
    std::vector<std::uint32_t> number;   // per record: its number in the engine
    std::vector<std::uint32_t> cluster;  // per record: the smallest record of its cluster
    std::vector<std::string> token;      // per record (record_hash.hpp)
    std::vector<std::string> fingerprint;
    Assignment assigned;

    [[nodiscard]] const std::string& model() const { return engine->model().version; }
    // Clusters on a side of a barrier. Their cases are there for nobody without the right, so no count holds
    // them.
    [[nodiscard]] std::set<std::uint32_t> sealed() const {
        std::set<std::uint32_t> out;
        for (const SpokenDecision& d : decisions.active)
            if (d.verdict == identity::Verdict::sealed) out.insert({cluster[d.a], cluster[d.b]});
        return out;
    }
    // The records of each cluster, by its smallest record; ascending.
    [[nodiscard]] std::vector<std::vector<std::uint32_t>> members() const {
        std::vector<std::vector<std::uint32_t>> out(cluster.size());
        for (std::uint32_t i = 0; i < cluster.size(); ++i) out[cluster[i]].push_back(i);
        return out;
    }
};

}  // namespace sendhub::match
