// What a worker process is asked to do. A job goes to it as JSON on its standard input, so no setting ever
// stands on a command line (wire.hpp writes and reads it).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "hub/config/config.hpp"
#include "hub/handover/deliveries.hpp"

namespace sendhub::handover {

// What one run may use: [feed.NAME.limits] of hub.toml, and what no setting changes.
struct Limits : config::WorkerLimits {
    std::int64_t idle_seconds = 120;  // without a byte read, a row taken or a byte written
};

// Runs a transport: what is new at the source goes to the landing folder.
struct FetchJob {
    std::string feed;
    std::filesystem::path plugin;  // the .so
    std::map<std::string, std::string>
        settings;                   // tables as NAME.KEY, lists joined by '\n', secrets resolved
    std::filesystem::path landing;  // landing/<feed>; made when missing
    Limits limits;
    bool check = false;  // only open the plugin with the settings and close it: nothing is read or written
};

// Runs a connector over deliveries, in their order: leaves staging/<batch_id> complete, or not at all.
struct StageJob {
    std::string feed;
    std::filesystem::path plugin;
    std::map<std::string, std::string> settings;
    std::filesystem::path landing;  // landing/<feed>
    std::string batch_id;
    std::filesystem::path staging;  // the root; the batch becomes staging/<batch_id>
    std::vector<Delivery> deliveries;
    Limits limits;
    bool check = false;  // as above
};

}  // namespace sendhub::handover
