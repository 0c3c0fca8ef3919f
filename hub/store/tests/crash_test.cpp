// A process killed at each named place of an import or an approval: the next run must end as an undisturbed
// one does.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "base/crash_point.hpp"
#include "hub/store/approve.hpp"
#include "hub/store/import.hpp"
#include "hub/store/tests/staging.hpp"

using namespace sendhub;
using namespace sendhub::store;
using namespace sendhub::store::fixtures;

namespace {

constexpr Micros night = 1'768'872'600'000'000;

enum class End { finished, killed };

// Runs work in a child with the crash point set; says how the child ended.
template <class Work>
End in_child(const std::string& point, Work work) {
    const pid_t child = ::fork();
    if (child == 0) {
        if (!point.empty()) ::setenv("SENDHUB_CRASH_AT", point.c_str(), 1);
        ::_exit(work() ? 0 : 9);
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return End::killed;
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "the child failed at " << point;
    return End::finished;
}

// Three nights: a first load, a night of changes in two record types, a held one.
std::vector<Batch> nights() {
    const auto people = [](int from, int to) {
        std::vector<Row> rows;
        for (int i = from; i < to; ++i) rows.push_back({"k" + std::to_string(i), {}});
        return rows;
    };
    return {{.id = "b1",
             .scopes = {{.rows = cme_rows(0, 12)}, {.record = "person_record", .rows = people(0, 12)}},
             .rejects = {{.record = "cme_case", .source_key = "x"}}},
            {.id = "b2",
             .scopes = {{.as_of = "2026-01-20", .rows = cme_rows(1, 13, 2)},
                        {.record = "person_record", .as_of = "2026-01-20", .rows = people(1, 12)}},
             .rejects = {{.record = "cme_case", .source_key = "y"}},
             .files = {{"b.csv", 2}}},
            {.id = "b3",
             .scopes = {{.as_of = "2026-01-21", .rows = cme_rows(0, 5, 3)},
                        {.record = "person_record", .as_of = "2026-01-21", .rows = people(0, 12)}},
             .files = {{"c.csv", 3}}}};
}

bool import_all(const std::filesystem::path& state) {
    auto store = Store::open(state / "hub.duckdb", {.threads = 2});
    if (!store) return false;
    for (const Batch& batch : nights())
        if (!import_batch(*store, state / "staging" / batch.id, {}, night)) return false;
    return true;
}

bool approve_held(const std::filesystem::path& state) {
    auto store = Store::open(state / "hub.duckdb", {.threads = 2});
    if (!store) return false;
    auto done = approve_batch(*store, "b3", "officer-7", night);
    return done || done.error().code == ErrorCode::usage;  // the killed one may have got through
}

std::vector<std::string> content_of(const std::filesystem::path& state) {
    auto store = *Store::open(state / "hub.duckdb", {.threads = 2});
    return content(store);
}

// One test for all places, so that the undisturbed content is made once.
TEST(Killed, at_any_named_place_the_next_run_ends_as_an_undisturbed_one) {
    std::vector<std::string> imported, approved;
    {
        TemporaryFolder folder;
        for (const Batch& batch : nights()) stage(folder.path, batch);
        ASSERT_TRUE(import_all(folder.path));
        imported = content_of(folder.path);
        ASSERT_TRUE(approve_held(folder.path));
        approved = content_of(folder.path);
        ASSERT_NE(imported, approved);
    }
    for (const std::string point :
         {"migrate.before_commit#2", "import.begin", "import.after_record", "import.after_commit",
          "import.after_history", "import.after_history#2", "import.after_record#3", "import.before_commit#2",
          "import.before_commit#3", "approve.begin", "approve.before_commit", "approve.after_commit"}) {
        SCOPED_TRACE(point);
        TemporaryFolder folder;
        for (const Batch& batch : nights()) stage(folder.path, batch);
        const bool approving = point.starts_with("approve");
        const auto work = [&] { return approving ? approve_held(folder.path) : import_all(folder.path); };
        if (approving) {
            ASSERT_TRUE(import_all(folder.path));
        }
        EXPECT_EQ(in_child(point, work), End::killed) << "the place was not passed";
        ASSERT_TRUE(work());
        EXPECT_EQ(content_of(folder.path), approving ? approved : imported);
    }
}

TEST(CrashPoint, does_nothing_without_its_name) {
    EXPECT_EQ(in_child("", [] { return crash_point("a.b"), true; }), End::finished);
    EXPECT_EQ(in_child("a.c", [] { return crash_point("a.b"), true; }), End::finished);
    EXPECT_EQ(in_child("a.b", [] { return crash_point("a.b"), true; }), End::killed);
    EXPECT_EQ(in_child("a.b#2", [] { return crash_point("a.b"), true; }), End::finished);
    EXPECT_EQ(in_child("a.b#2", [] { return crash_point("a.b"), crash_point("a.b"), true; }), End::killed);
}

}  // namespace
