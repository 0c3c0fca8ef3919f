#include "hub/store/health.hpp"

#include <fcntl.h>
#include <simdjson.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/files.hpp"

namespace sendhub::store {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 6> well{"ok", "nothing_new", "skipped", "running", "retrying", ""};

int worth(int code) { return code == 1 ? 2 : code == 3 ? 1 : 0; }

std::string text(simdjson::dom::element object, std::string_view key) {
    std::string_view value;
    return object[key].get(value) ? std::string() : std::string(value);
}

// Does a process hold hub.lock? A night holds it from its first line to its last.
bool somebody_is_at_work(const fs::path& state_folder) {
    const int fd = ::open((state_folder / "hub.lock").c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    const bool held = ::flock(fd, LOCK_SH | LOCK_NB) != 0;
    ::close(fd);
    return held;
}

struct Standing {
    HealthEvidence evidence;
    std::string running_id, running_since;  // the oldest run that has not ended; empty: none
};

Result<std::optional<Standing>> read_standing(const fs::path& state_folder) {
    const auto json = read_file(state_folder / "status.json");
    if (!json && json.error().code == ErrorCode::not_found) return std::nullopt;
    if (!json) return fail(json.error());
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    simdjson::dom::array feeds, runs, held;
    if (parser.parse(*json).get(root) || root["feeds"].get(feeds) || root["runs"].get(runs) ||
        root["held"].get(held))
        return fail(ErrorCode::storage,
                    (state_folder / "status.json").string() + " is damaged; the next run writes it anew");
    Standing out;
    HealthEvidence& evidence = out.evidence;
    for (const auto feed : feeds) evidence.feeds.emplace_back(text(feed, "feed"), text(feed, "state"));
    evidence.held_batches = held.size();
    simdjson::dom::object publication;
    evidence.published = !root["publication"].get(publication);
    for (const auto run : runs) {  // newest first
        const std::string kind = text(run, "kind"), state = text(run, "state");
        if (state == "running") {
            out.running_id = text(run, "run_id");
            out.running_since = text(run, "started_at");
            continue;
        }
        for (const auto& [name, into] :
             {std::pair{"match", &evidence.match_state}, std::pair{"publish", &evidence.publish_state},
              std::pair{"night", &evidence.night_state}})
            if (kind == name && into->empty()) *into = state;
    }
    return out;
}

}  // namespace

int exit_code_of(std::string_view run_state) {
    if (run_state == "failed") return 1;
    return std::find(well.begin(), well.end(), run_state) != well.end() ? 0 : 3;
}

Health judge_health(const HealthEvidence& evidence) {
    std::vector<std::pair<int, std::string>> found;  // exit code, reason
    if (!evidence.died.empty()) found.emplace_back(1, evidence.died);
    for (const auto& [feed, state] : evidence.feeds)
        if (const int code = exit_code_of(state); code != 0)
            found.emplace_back(code, "feed " + feed + ": " + state);
    for (const auto& [what, state] :
         {std::pair{"matching", &evidence.match_state}, std::pair{"publication", &evidence.publish_state},
          std::pair{"night", &evidence.night_state}})
        // Why a night needs review is among the other reasons, as long as it holds.
        if (const int code = exit_code_of(*state); code != 0 && *state != "needs_review")
            found.emplace_back(code, std::string(what) + ": " + *state);
    if (evidence.held_batches > 0) found.emplace_back(3, "a held batch needs review");
    if (!evidence.published) found.emplace_back(3, "nothing is published yet");
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& a, const auto& b) { return worth(a.first) > worth(b.first); });
    Health out;
    if (found.empty()) return out;
    out.exit_code = found.front().first;
    out.state = out.exit_code == 1 ? "failed" : "needs_review";
    for (auto& [code, reason] : found) out.reasons.push_back(std::move(reason));
    return out;
}

Result<Health> read_health(const fs::path& state_folder) {
    SENDHUB_ASSIGN(auto standing, read_standing(state_folder));
    if (!standing) return Health{"needs_review", 3, {"nothing has run yet"}};
    // A run writes its end into status.json before it lets go of the lock. So when the lock is free and
    // status.json, read afterwards, still calls the same run running, its process has died.
    if (!standing->running_id.empty() && !somebody_is_at_work(state_folder)) {
        const std::string run = standing->running_id;
        SENDHUB_ASSIGN(standing, read_standing(state_folder));
        if (standing && standing->running_id == run)
            standing->evidence.died = "the run " + run + ", which began at " + standing->running_since +
                                      ", died before it ended; the next run takes up what it left";
        if (!standing) return Health{"needs_review", 3, {"nothing has run yet"}};
    }
    return judge_health(standing->evidence);
}

}  // namespace sendhub::store
