// A run of the connector over fuzzed files: it ends, and every answer is one of those that a connector may
// give.
#pragma once

#include <cstdint>
#include <cstdlib>

#include "connectors/school_census/tests/returns.hpp"

namespace sendhub::census::testing {

inline ConnectorOutcome run_or_abort(const std::vector<FakeFile>& files, std::size_t block_bytes) {
    ConnectorOutcome out = sdk::testing::run_connector(
        plugin_with_blocks(block_bytes), {{"la_code", "873"}, {"reject_other_la", "false"}}, files);
    if (out.code != SHP_OK) std::abort();
    for (const auto& [file, reason] : out.refused)
        if (reason.empty()) std::abort();
    for (const FakeIssue& issue : out.issues)
        if (issue.rule.empty() || issue.reason.empty()) std::abort();
    return out;
}

}  // namespace sendhub::census::testing
