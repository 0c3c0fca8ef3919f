// The thresholds and rules that `sendhub link` starts from, by what the result is for. The one place to tune
// them.
#pragma once

#include "identity/engine/engine.hpp"

namespace sendhub::identity::link {

enum class Purpose : std::uint8_t {
    statistics,  // counts and trends: recall matters, a wrong join is a small error in a figure
    operational  // a person's page or decision hangs on it: hardly ever a wrong join
};
std::string_view to_string(Purpose purpose);
std::optional<Purpose> purpose_named(std::string_view name);

// What the loaded records say about the kind of file.
struct FileFacts {
    bool child_numbers = false;     // there is a UPN, NHS number or ULN column
    double births_as_children = 0;  // share of birth dates within 27 years before the newest
    std::uint64_t births = 0;
    // The rules for files of children (twins; no error of a birth date beyond a year) hold.
    [[nodiscard]] bool children() const { return child_numbers || births_as_children >= 0.98; }
};
FileFacts facts_of(const Features& features);

Settings settings_for(Purpose purpose, const FileFacts& facts);

// Sources that hold each person once: of whose records the clusters join fewer than 0.2 % with another of the
// same source. Only when there are several sources.
std::vector<std::uint8_t> one_record_sources(const Features& features, const Clusters& clusters);

}  // namespace sendhub::identity::link
