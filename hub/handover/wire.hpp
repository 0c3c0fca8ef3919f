// Between the supervisor and its worker: the job in, and lines out. Each line on descriptor 3 is one JSON
// object:
//   {"say":"hello"}                                                   the worker runs and has its limits
//   {"say":"progress","done":1,"total":2,"counts":{…}}
//   {"say":"log","level":1,"text":"…"}                                from the plugin
//   {"say":"end","state":"ok","sentence":"","peak_kb":1,"retry_after_ms":0,"counts":{…}}  the last word; the
//   process ends after it
// The plugin lives in the process that writes them, so nothing here is believed without counting again.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "hub/handover/job.hpp"
#include "hub/handover/outcome.hpp"

namespace sendhub::handover {

inline constexpr int kReportDescriptor = 3;
inline constexpr std::size_t kLongestLine = 64 * 1024;

using Job = std::variant<FetchJob, StageJob>;

[[nodiscard]] std::string to_json(const Job& job);
[[nodiscard]] Result<Job> parse_job(std::string_view json);

struct Said {
    enum class What { hello, progress, log, end } what = What::hello;
    Progress progress;  // progress, end (counts)
    int level = 0;      // log
    std::string text;   // log, and the sentence of end
    OutcomeState state = OutcomeState::failed;
    std::int64_t peak_kb = 0;         // end: the most memory it had resident; 0: not said
    std::int64_t retry_after_ms = 0;  // end, of a retry: as Ending
};
[[nodiscard]] std::string hello_line();
[[nodiscard]] std::string progress_line(const Progress& progress);
[[nodiscard]] std::string log_line(int level, std::string_view text);
[[nodiscard]] std::string end_line(OutcomeState state, std::string_view sentence, const Counts& counts,
                                   std::int64_t peak_kb = 0, std::int64_t retry_after_ms = 0);
[[nodiscard]] std::optional<Said> parse_line(std::string_view line);  // empty: not one of these

// Text of a plugin made fit for one line of a log or a report: valid UTF-8, no control characters, at most
// limit bytes.
[[nodiscard]] std::string one_line(std::string_view text, std::size_t limit = 600);

}  // namespace sendhub::handover
