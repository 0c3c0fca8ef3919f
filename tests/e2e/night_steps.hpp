// The named steps of a night at which it can be killed (SENDHUB_CRASH_AT), in the order of a night.
#pragma once

namespace sendhub::e2e {

inline constexpr const char* night_steps[] = {
    "night.after_fetch",    "night.after_stage",    "import.begin",        "import.after_history",
    "import.after_record",  "import.before_commit", "import.after_commit", "night.before_match",
    "night.before_publish", "publish.before_write", "publish.after_write", "publish.after_rename",
    "publish.after_switch", "night.before_end"};

}  // namespace sendhub::e2e
