// The page that `sendhub link --report` writes: one HTML file without scripts or anything from elsewhere. It
// holds counts and weights; values of records only in the examples, and there masked unless asked for.
#pragma once

#include "identity/link/link.hpp"

namespace sendhub::identity::link {

struct ReportInput {
    const Engine& engine;
    const Table& table;
    const Clusters& clusters;
    const LinkOutcome& outcome;
    const std::vector<float>& copy_weights;  // of weight_of_a_copy()
    unsigned examples;
    bool show_values;
};
std::string report_page(const ReportInput& in);

// Waterfalls of up to `examples` pairs around the thresholds.
std::string examples_section(const ReportInput& in);
// "Ana-May 7b" → "Xxx-Xxx 9x": shows the form of a value and not the value.
std::string masked(std::string_view value);

}  // namespace sendhub::identity::link
