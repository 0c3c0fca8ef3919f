// Random nights against a model in memory: snapshots, deltas, corrections, late and repeated files, rejects,
// refused files, replays, approvals and processes killed in the middle. After every step the store must hold
// what the model holds. A failing sequence is shortened, printed and kept in the build folder as
// store_model_SEED.txt.
//
// SENDHUB_MODEL_SEEDS=N runs N seeds, from SENDHUB_MODEL_SEED on.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <random>
#include <set>
#include <sstream>
#include <tuple>

#include "hub/store/approve.hpp"
#include "hub/store/import.hpp"
#include "hub/store/tests/staging.hpp"

using namespace sendhub;
using namespace sendhub::store;
using namespace sendhub::store::fixtures;

namespace {

constexpr GuardSettings guard{.percent = 40, .min_rows = 4};
constexpr Micros first_night = 1'768'872'600'000'000;
constexpr const char* records[] = {"cme_case", "person_record"};
constexpr const char* text_field[] = {"next_action",
                                      "surname"};  // what tells one version of a row from another

int record_index(const std::string& record) { return record == records[0] ? 0 : 1; }
std::string version_of(const std::string& record, const Row& row) {
    const std::string literal = row.fields.at(text_field[record_index(record)]);
    return literal.substr(1, literal.size() - 2);
}

// ---- the model
// ------------------------------------------------------------------------------------------------------

class Model {
  public:
    void import(const Batch& batch, int step) {
        if (batches_.contains(batch.id)) return;
        Noted& noted = batches_[batch.id];
        noted.batch = &batch;
        noted.step = step;
        noted.states.assign(batch.scopes.size(), "refused");
        apply(noted, all_not_refused(batch), true, step);
        bool all_refused = !batch.files.empty();
        for (const auto& file : batch.files) all_refused = all_refused && file.refused;
        std::size_t received = 0;
        for (const Scope& scope : batch.scopes) received += scope.rows.size();
        for (const Reject& reject : batch.rejects) received += reject.severity == "reject" ? 1 : 0;
        if (!waits(noted))
            noted.state = all_refused ? "refused" : received == 0 && noted.closed == 0 ? "empty" : "imported";
        else
            noted.state = "held";
        for (std::size_t i = 0; i < batch.rejects.size(); ++i) {
            const Reject& reject = batch.rejects[i];
            if (reject.scope_no >= 0) {
                const auto no = static_cast<std::size_t>(reject.scope_no);
                if (noted.states[no] == "superseded" || replaced_within(noted, no)) continue;
            }
            issues_.push_back(
                {batch.id, batch.feed, reject.record,
                 reject.scope_no < 0 ? "" : batch.scopes[static_cast<std::size_t>(reject.scope_no)].name,
                 reject.file_name, step});
        }
    }

    bool approve(const std::string& id, int step) {
        const auto found = batches_.find(id);
        if (found == batches_.end() || found->second.state != "held") return false;
        Noted& noted = found->second;
        std::vector<std::size_t> held;
        for (std::size_t no = 0; no < noted.states.size(); ++no)
            if (noted.states[no] == "held") held.push_back(no);
        noted.state = "imported";
        apply(noted, held, false, step);
        return true;
    }

    std::vector<std::string> lines() const {
        std::vector<std::string> out;
        for (const auto& [key, row] : current_) {
            const auto& [feed, record, source_key] = key;
            out.push_back("row " + record + " " + feed + " " + source_key + " " + row.scope + " " +
                          row.version + " " + row.batch + " since " + std::to_string(row.from));
        }
        for (const std::string& line : history_) out.push_back(line);
        for (const auto& [id, noted] : batches_) {
            out.push_back("batch " + id + " " + noted.state + " imported " +
                          std::to_string(noted.added + noted.changed) + " changed " +
                          std::to_string(noted.changed) + " unchanged " + std::to_string(noted.unchanged) +
                          " closed " + std::to_string(noted.closed));
            for (std::size_t no = 0; no < noted.states.size(); ++no)
                out.push_back("scope " + id + " " + std::to_string(no) + " " + noted.states[no]);
        }
        for (const Issue& issue : issues_)
            out.push_back("issue " + issue.batch + " " + issue.record + " " + issue.scope + " " + issue.file);
        std::sort(out.begin(), out.end());
        return out;
    }

  private:
    struct Version {
        std::string scope, version, batch;
        int from = 0;
    };
    struct Noted {
        const Batch* batch = nullptr;
        int step = 0;
        std::string state;
        std::vector<std::string> states;  // of the scopes
        int added = 0, changed = 0, unchanged = 0, closed = 0;
        std::vector<std::size_t> applied;  // in order
    };
    struct Issue {
        std::string batch, feed, record, scope, file;
        int step = 0;
    };
    using Key = std::tuple<std::string, std::string, std::string>;  // feed, record, source_key or scope

    static std::vector<std::size_t> all_not_refused(const Batch& batch) {
        std::vector<std::size_t> out;
        for (std::size_t no = 0; no < batch.scopes.size(); ++no)
            if (!batch.scopes[no].refused) out.push_back(no);
        return out;
    }
    static bool waits(const Noted& noted) {
        return std::find(noted.states.begin(), noted.states.end(), "held") != noted.states.end();
    }

    // The sequences of this test put each file's scopes on one day, and no school and day in two files: a
    // file is a group.
    void apply(Noted& noted, const std::vector<std::size_t>& scopes, bool guarded, int step) {
        const Batch& batch = *noted.batch;
        std::map<int, std::vector<std::size_t>> by_file;
        for (const std::size_t no : scopes) by_file[batch.scopes[no].files[0]].push_back(no);
        std::vector<std::vector<std::size_t>> groups;
        for (auto& [file, list] : by_file) groups.push_back(list);
        std::sort(groups.begin(), groups.end(), [&](const auto& a, const auto& b) {
            return std::tie(batch.scopes[a[0]].as_of, a.back()) <
                   std::tie(batch.scopes[b[0]].as_of, b.back());
        });
        std::map<std::pair<std::string, std::string>, std::size_t> next;
        std::map<std::size_t, std::vector<std::vector<std::size_t>>> waves;
        for (const auto& group : groups) {
            std::size_t wave = 0;
            for (const std::size_t no : group)
                wave = std::max(wave, next[{batch.scopes[no].record, batch.scopes[no].name}]);
            for (const std::size_t no : group)
                next[{batch.scopes[no].record, batch.scopes[no].name}] = wave + 1;
            waves[wave].push_back(group);
        }
        noted.applied.clear();
        for (const auto& [wave, list] : waves) apply_wave(noted, list, guarded, step);
        settle(noted);
        replace_issues(noted, scopes);
    }

    void apply_wave(Noted& noted, const std::vector<std::vector<std::size_t>>& groups, bool guarded,
                    int step) {
        const Batch& batch = *noted.batch;
        std::vector<std::size_t> taken;
        for (const auto& group : groups) {
            bool held = false;
            for (const std::size_t no : group) {
                const Scope& scope = batch.scopes[no];
                const auto day = days_.find({batch.feed, scope.record, scope.name});
                noted.states[no] =
                    day != days_.end() && scope.as_of < day->second ? "superseded" : "imported";
                if (!guarded || !closes(batch, no) || noted.states[no] == "superseded") continue;
                int rows = 0, vanished = 0;
                for (const auto& [key, row] : current_) {
                    if (std::get<0>(key) != batch.feed || std::get<1>(key) != scope.record ||
                        row.scope != scope.name)
                        continue;
                    ++rows;
                    if (!has(scope, std::get<2>(key)) && !rejected(batch, scope.record, std::get<2>(key)))
                        ++vanished;
                }
                if (rows >= guard.min_rows && vanished * 100 > guard.percent * rows) held = true;
            }
            for (const std::size_t no : group) {
                if (noted.states[no] == "superseded") continue;
                noted.states[no] = held ? "held" : guarded ? "imported" : "approved";
                if (!held) taken.push_back(no);
            }
        }
        std::sort(taken.begin(), taken.end(), [&](std::size_t a, std::size_t b) {
            return std::tie(batch.scopes[a].as_of, a) < std::tie(batch.scopes[b].as_of, b);
        });
        std::map<Key, std::pair<const Scope*, const Row*>> claims;  // the last claim of a key stands
        for (const std::size_t no : taken)
            for (const Row& row : batch.scopes[no].rows) {
                auto& claim = claims[{batch.feed, batch.scopes[no].record, row.key}];
                if (claim.first) ++noted.unchanged;
                claim = {&batch.scopes[no], &row};
            }
        for (const std::size_t no : taken) {
            const Scope& scope = batch.scopes[no];
            if (!closes(batch, no)) continue;
            std::vector<Key> gone;
            for (const auto& [key, row] : current_)
                if (std::get<0>(key) == batch.feed && std::get<1>(key) == scope.record &&
                    row.scope == scope.name && !claims.contains(key) &&
                    !rejected(batch, scope.record, std::get<2>(key)))
                    gone.push_back(key);
            for (const Key& key : gone) close(key, batch.id, step), current_.erase(key), ++noted.closed;
        }
        for (const auto& [key, claim] : claims) {
            const std::string version = version_of(claim.first->record, *claim.second);
            const auto found = current_.find(key);
            if (found == current_.end())
                ++noted.added;
            else if (found->second.scope == claim.first->name && found->second.version == version) {
                ++noted.unchanged;
                continue;
            } else
                close(key, batch.id, step), ++noted.changed;
            current_[key] = {claim.first->name, version, batch.id, step};
        }
        for (const std::size_t no : taken) {
            std::string& day = days_[{batch.feed, batch.scopes[no].record, batch.scopes[no].name}];
            day = std::max(day, batch.scopes[no].as_of);
            noted.applied.push_back(no);
        }
    }

    void close(const Key& key, const std::string& by, int step) {
        const Version& row = current_.at(key);
        history_.insert("old " + std::get<1>(key) + " " + std::get<0>(key) + " " + std::get<2>(key) + " " +
                        row.scope + " " + row.version + " " + row.batch + " since " +
                        std::to_string(row.from) + " until " + std::to_string(step) + " by " + by);
    }

    void settle(const Noted& by) {
        for (auto& [id, noted] : batches_) {
            if (noted.batch->feed != by.batch->feed) continue;
            for (std::size_t no = 0; no < noted.states.size(); ++no) {
                if (noted.states[no] != "held") continue;
                const Scope& waiting = noted.batch->scopes[no];
                for (const std::size_t a : by.applied) {
                    const Scope& applied = by.batch->scopes[a];
                    if (applied.record != waiting.record || applied.name != waiting.name) continue;
                    if (applied.as_of > waiting.as_of ||
                        (applied.as_of == waiting.as_of && applied.mode == "snapshot" &&
                         (&noted != &by || a > no)))
                        noted.states[no] = "superseded";
                }
            }
            if (noted.state == "held" && !waits(noted)) noted.state = "imported";
        }
    }

    void replace_issues(const Noted& noted, const std::vector<std::size_t>& judged) {
        const Batch& batch = *noted.batch;
        std::set<std::pair<std::string, std::string>> scopes;
        for (const std::size_t no : noted.applied)
            if (batch.scopes[no].mode == "snapshot")
                scopes.emplace(batch.scopes[no].record, batch.scopes[no].name);
        std::set<int> not_taken;
        for (const std::size_t no : judged)
            if (std::find(noted.applied.begin(), noted.applied.end(), no) == noted.applied.end())
                not_taken.insert(batch.scopes[no].files[0]);
        std::set<std::string> whole, refused;
        for (std::size_t i = 0; i < batch.files.size(); ++i) {
            if (batch.files[i].refused)
                refused.insert(batch.files[i].name);
            else if (!not_taken.contains(static_cast<int>(i)))
                whole.insert(batch.files[i].name);
        }
        std::erase_if(issues_, [&](const Issue& issue) {
            if (issue.feed != batch.feed || issue.batch == batch.id || issue.step > noted.step) return false;
            return scopes.contains({issue.record, issue.scope}) || whole.contains(issue.file) ||
                   (issue.scope.empty() && refused.contains(issue.file));
        });
    }

    static bool replaced_within(const Noted& noted, std::size_t no) {
        const Scope& mine = noted.batch->scopes[no];
        const auto at = std::find(noted.applied.begin(), noted.applied.end(), no);
        if (at == noted.applied.end()) return false;
        return std::any_of(at + 1, noted.applied.end(), [&](std::size_t later) {
            const Scope& other = noted.batch->scopes[later];
            return other.record == mine.record && other.name == mine.name && other.mode == "snapshot";
        });
    }

    static bool has(const Scope& scope, const std::string& key) {
        return std::any_of(scope.rows.begin(), scope.rows.end(),
                           [&](const Row& row) { return row.key == key; });
    }
    static bool closes(const Batch& batch, std::size_t no) {
        const Scope& scope = batch.scopes[no];
        return scope.mode == "snapshot" &&
               std::none_of(batch.rejects.begin(), batch.rejects.end(), [&](const Reject& r) {
                   return r.severity == "reject" && r.source_key.empty() && r.file_no == scope.files[0];
               });
    }
    static bool rejected(const Batch& batch, const std::string& record, const std::string& key) {
        return std::any_of(batch.rejects.begin(), batch.rejects.end(), [&](const Reject& r) {
            return r.severity == "reject" && (r.record == record || r.record.empty()) && r.source_key == key;
        });
    }

    std::map<Key, Version> current_;
    std::multiset<std::string> history_;
    std::map<Key, std::string> days_;
    std::map<std::string, Noted> batches_;
    std::vector<Issue> issues_;
};

// ---- sequences
// ------------------------------------------------------------------------------------------------------

struct Step {
    enum Kind { import, replay, crash, approve } kind = import;
    Batch batch;           // import, crash
    std::string of;        // replay, approve: id of a batch that came before
    std::string crash_at;  // crash
};

class Random {
  public:
    explicit Random(unsigned seed) : engine_(seed) {}
    int below(int n) { return static_cast<int>(engine_() % static_cast<unsigned>(n)); }
    bool once_in(int n) { return below(n) == 0; }

  private:
    std::mt19937 engine_;
};

std::string day(int n) { return format_date(20470 + n); }

Batch random_batch(Random& random, int number) {
    Batch batch{.id = "b" + std::to_string(number), .feed = random.once_in(4) ? "other" : "cme"};
    batch.files.clear();
    std::set<std::pair<int, int>> told;  // school and day
    const int files = 1 + random.below(3);
    for (int f = 0; f < files; ++f) {
        Batch::File file{.name = random.once_in(2) ? "f" + std::to_string(random.below(4))
                                                   : batch.id + "." + std::to_string(f),
                         .seq = number * 10 + f,
                         .refused = random.once_in(10)};
        const int on = number / 2 + random.below(4) - (random.once_in(4) ? 3 : 0);
        for (int school = 0; school < 3; ++school) {
            if (!random.once_in(2) || !told.emplace(school, on).second) continue;
            for (const char* record : records) {
                if (random.once_in(5)) continue;
                Scope scope{.record = record,
                            .name = "s" + std::to_string(school),
                            .as_of = day(on),
                            .mode = random.once_in(5) ? "delta" : "snapshot",
                            .files = {f},
                            .refused = file.refused};
                const bool cut = random.once_in(5);
                for (int k = 0; k < 14; ++k) {
                    if (k % 3 != school && !random.once_in(8))
                        continue;  // now and then a child is at another school
                    if (random.once_in(cut ? 2 : 8)) continue;
                    const std::string key = "k" + std::to_string(k);
                    if (random.once_in(10))
                        batch.rejects.push_back({.record = record,
                                                 .scope_no = static_cast<int>(batch.scopes.size()),
                                                 .source_key = random.once_in(6) ? "" : key,
                                                 .file_name = file.name,
                                                 .severity = random.once_in(4) ? "warning" : "reject",
                                                 .file_no = f});
                    else
                        scope.rows.push_back({key,
                                              {{text_field[record_index(record)],
                                                "'v" + std::to_string(random.below(3)) + "'"}}});
                }
                batch.scopes.push_back(std::move(scope));
            }
        }
        if (random.once_in(6))
            batch.rejects.push_back(
                {.record = "",
                 .scope_no = -1,
                 .source_key = random.once_in(2) ? "k" + std::to_string(random.below(14)) : "",
                 .file_name = file.name,
                 .file_no = f});
        batch.files.push_back(file);
    }
    return batch;
}

std::vector<Step> random_sequence(unsigned seed, int length) {
    Random random(seed);
    std::vector<Step> steps;
    std::vector<std::string> ids;
    constexpr const char* points[] = {
        "import.begin",          "import.after_history", "import.after_history#2", "import.after_record",
        "import.after_record#2", "import.before_commit", "import.after_commit"};
    for (int i = 0; i < length; ++i) {
        Step step;
        const int dice = random.below(20);
        if (ids.empty() || dice < 11) {
            step.batch = random_batch(random, i);
        } else if (dice < 13) {
            step = {.kind = Step::crash,
                    .batch = random_batch(random, i),
                    .of = "",
                    .crash_at = points[random.below(std::size(points))]};
        } else if (dice < 15) {
            step = {.kind = Step::replay,
                    .batch = {},
                    .of = ids[static_cast<std::size_t>(random.below(static_cast<int>(ids.size())))],
                    .crash_at = ""};
        } else {
            step = {
                .kind = Step::approve,
                .batch = {},
                .of = ids[ids.size() - 1 -
                          static_cast<std::size_t>(random.below(std::min(4, static_cast<int>(ids.size()))))],
                .crash_at = ""};
        }
        if (step.kind == Step::import || step.kind == Step::crash) ids.push_back(step.batch.id);
        steps.push_back(std::move(step));
    }
    return steps;
}

std::string told(const Step& step) {
    std::ostringstream out;
    if (step.kind == Step::replay) return "replay " + step.of;
    if (step.kind == Step::approve) return "approve " + step.of;
    out << (step.kind == Step::crash ? "crash at " + step.crash_at + ", then import "
                                     : std::string("import "))
        << step.batch.id << " of " << step.batch.feed;
    for (std::size_t f = 0; f < step.batch.files.size(); ++f)
        out << "\n    file " << f << " " << step.batch.files[f].name
            << (step.batch.files[f].refused ? " refused" : "");
    for (std::size_t no = 0; no < step.batch.scopes.size(); ++no) {
        const Scope& scope = step.batch.scopes[no];
        out << "\n    scope " << no << " " << scope.record << " " << scope.name << " " << scope.mode << " "
            << scope.as_of << " file " << scope.files[0] << ":";
        for (const Row& row : scope.rows) out << " " << row.key << "=" << version_of(scope.record, row);
    }
    for (const Reject& reject : step.batch.rejects)
        out << "\n    " << reject.severity << " " << reject.record << " scope " << reject.scope_no << " "
            << reject.source_key << " in " << reject.file_name;
    return out.str();
}

// ---- running them
// ---------------------------------------------------------------------------------------------------

std::vector<std::string> lines_of(Store& store) {
    auto step_of = [](const std::string& column) {
        return "((epoch_us(" + column + ") - " + std::to_string(first_night) + ") // 1000000)";
    };
    std::string sql;
    for (int r = 0; r < 2; ++r) {
        const std::string record = records[r], text = text_field[r];
        const std::string row = record + " ' || feed || ' ' || source_key || ' ' || scope || ' ' || " + text +
                                " || ' ' || batch_id || ' since ' || " + step_of("valid_from");
        sql += "select 'row " + row + " as line from " + record + " union all select 'old " + row +
               " || ' until ' || " + step_of("valid_to") + " || ' by ' || closed_by from " + record +
               "_history union all ";
    }
    sql +=
        "select 'batch ' || batch_id || ' ' || state || ' imported ' || imported || ' changed ' || changed "
        "|| ' unchanged ' || unchanged || ' closed ' || closed from batch union all "
        "select 'scope ' || batch_id || ' ' || scope_no || ' ' || state from batch_scope union all "
        "select 'issue ' || batch_id || ' ' || record || ' ' || coalesce(scope, '') || ' ' || file_name from "
        "row_issue";
    auto rows = store.connection().query(sql);
    if (!rows) throw std::runtime_error(rows.error().sentence);
    std::vector<std::string> lines;
    while (rows->next()) lines.emplace_back(rows->text(0));
    std::sort(lines.begin(), lines.end());
    return lines;
}

// Imports in a child that dies at the point, if it gets there.
void import_and_die(const std::filesystem::path& state, const std::filesystem::path& staged,
                    const std::string& point, Micros now) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::setenv("SENDHUB_CRASH_AT", point.c_str(), 1);
        auto store = Store::open(state / "hub.duckdb", {.threads = 2});
        ::_exit(store && import_batch(*store, staged, guard, now) ? 0 : 9);
    }
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child) throw std::runtime_error("could not run a child");
    if (!(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) &&
        !(WIFEXITED(status) && WEXITSTATUS(status) == 0))
        throw std::runtime_error("the import in the child failed");
}

// Empty when the store agreed with the model after every step; else what differed, and after which step.
std::string run(const std::vector<Step>& steps, std::size_t& failed_after) {
    TemporaryFolder folder;
    const auto path = folder.path / "hub.duckdb";
    std::optional<Store> store;
    auto open = [&] {
        auto opened = Store::open(path, {.threads = 2});
        if (!opened) throw std::runtime_error(opened.error().sentence);
        store.emplace(std::move(*opened));
    };
    open();
    Model model;
    std::set<std::string> staged;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const Step& step = steps[i];
        failed_after = i;
        const int number = static_cast<int>(i);
        const Micros now = first_night + Micros{1'000'000} * number;
        if (step.kind == Step::approve) {
            const bool expected = model.approve(step.of, number);
            const auto done = approve_batch(*store, step.of, "tester", now);
            if (done.has_value() != expected)
                return "approval of " + step.of +
                       (expected ? " was refused: " + done.error().sentence : " was not refused");
        } else if (step.kind == Step::replay) {
            if (!staged.contains(step.of)) continue;  // shortened away
            const auto done = import_batch(*store, folder.path / "staging" / step.of, guard, now);
            if (!done) return "replay failed: " + done.error().sentence;
            if (!done->replay) return "a replay was taken for a new batch";
        } else {
            const auto staging = stage(folder.path, step.batch);
            staged.insert(step.batch.id);
            if (step.kind == Step::crash) {
                store.reset();
                import_and_die(folder.path, staging, step.crash_at, now);
                open();
            }
            const auto done = import_batch(*store, staging, guard, now);
            if (!done) return "import failed: " + done.error().sentence;
            model.import(step.batch, number);
        }
        const auto expected = model.lines(), found = lines_of(*store);
        if (expected == found) continue;
        std::vector<std::string> missing, extra;
        std::set_difference(expected.begin(), expected.end(), found.begin(), found.end(),
                            std::back_inserter(missing));
        std::set_difference(found.begin(), found.end(), expected.begin(), expected.end(),
                            std::back_inserter(extra));
        std::string difference;
        for (const auto& line : missing) difference += "  only in the model: " + line + "\n";
        for (const auto& line : extra) difference += "  only in the store: " + line + "\n";
        return difference;
    }
    return {};
}

// Leaves out every step that the failure does not need.
std::vector<Step> shortened(std::vector<Step> steps, std::size_t failed_after, std::string& difference) {
    steps.resize(failed_after + 1);
    for (std::size_t i = steps.size(); i-- > 0;) {
        std::vector<Step> fewer = steps;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
        std::size_t at = 0;
        const std::string still = run(fewer, at);
        if (still.empty()) continue;
        difference = still;
        fewer.resize(std::min(fewer.size(), at + 1));
        steps = std::move(fewer);
        i = std::min(i, steps.size());
    }
    return steps;
}

int setting(const char* name, int otherwise) {
    const char* text = std::getenv(name);
    return text ? std::atoi(text) : otherwise;
}

TEST(StoreModel, random_nights_leave_what_a_simple_model_says) {
    const int first = setting("SENDHUB_MODEL_SEED", 1), seeds = setting("SENDHUB_MODEL_SEEDS", 3);
    for (int seed = first; seed < first + seeds; ++seed) {
        auto steps = random_sequence(static_cast<unsigned>(seed), 25);
        std::size_t failed_after = 0;
        std::string difference = run(steps, failed_after);
        if (difference.empty()) continue;
        steps = shortened(std::move(steps), failed_after, difference);
        const std::string kept =
            std::string(SENDHUB_BINARY_DIR) + "/store_model_" + std::to_string(seed) + ".txt";
        std::ostringstream text;
        text << "seed " << seed << "\n";
        for (std::size_t i = 0; i < steps.size(); ++i) text << i << ". " << told(steps[i]) << "\n";
        text << "after step " << steps.size() - 1 << ":\n" << difference;
        std::ofstream(kept) << text.str();
        FAIL() << "store and model differ; kept in " << kept << "\n" << text.str();
    }
}

}  // namespace
