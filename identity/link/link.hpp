// `sendhub link`: the identity engine on any CSV or Parquet files. One file: which of its records are the
// same person. Several: also across them.
//
//   auto outcome = link_files({.files = {"a.csv", "b.csv"}, .out = "clusters.csv"}, told);
#pragma once

#include "identity/link/link_settings.hpp"
#include "identity/link/load.hpp"

namespace sendhub::identity::link {

struct LinkOptions {
    std::vector<std::string> files;
    std::string settings;  // link.toml
    std::vector<std::string> ids, maps;
    std::string source, purpose;
    std::string out;                              // clusters.csv
    std::string pairs, model, use_model, report;  // empty: not wanted
    unsigned examples = 0;                        // waterfalls in the report
    bool show_values = false;                     // in the examples, unmasked
};

struct LinkOutcome {
    std::vector<LoadedFile> files;
    Purpose purpose = Purpose::statistics;
    Thresholds thresholds;
    bool children = false;
    std::uint64_t records = 0, people = 0, pairs = 0, cases = 0, unlinkable = 0;
    bool every_pair = false;
    std::vector<std::pair<std::string, std::uint64_t>> cases_by_reason;
    std::vector<std::uint64_t> cluster_sizes;  // [n]: people with n records; the last: that many or more
    std::vector<std::string> notes;            // all that was truncated, rejected, fell back or was set aside
    std::vector<Stage> stages;
    std::vector<std::string> written;
};
inline constexpr std::size_t largest_size_told = 21;

// As things go on, for a terminal: a stage that ended, its seconds, and a count in words ("" when none).
using Told = std::function<void(std::string_view stage, double seconds, std::string_view count)>;
// After each file: how its columns were read.
using ColumnsTold = std::function<void(const LoadedFile&)>;

// Nothing is written when anything fails. Outputs are replaced in one rename each.
Result<LinkOutcome> link_files(const LinkOptions& options, const Told& told, const ColumnsTold& columns);

std::string to_words(const LinkOutcome& outcome);  // a few lines of plain English
std::string to_json(const LinkOutcome& outcome);

}  // namespace sendhub::identity::link
