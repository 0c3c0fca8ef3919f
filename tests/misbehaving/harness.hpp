// What the tests of the worker share: a state folder, landed files, a run to its end.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/duckdb.hpp"
#include "base/files.hpp"
#include "hub/handover/deliveries.hpp"
#include "hub/supervisor/supervisor.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sendhub::worker {
using namespace handover;  // the tests look at both sides of the trust line
using namespace supervisor;
}  // namespace sendhub::worker

namespace sendhub::worker::testing {

namespace fs = std::filesystem;

class WorkerTest : public ::testing::Test {
  protected:
    TemporaryFolder temporary;
    const fs::path& state = temporary.path;
    const fs::path landing = state / "landing" / "cme", staging = state / "staging";
    static constexpr Limits usual_limits{512, 20, 30, 256, 64, 10};
    Limits limits = usual_limits;
    Deadlines deadlines{std::chrono::seconds(20), std::chrono::milliseconds(500),
                        std::chrono::milliseconds(300)};

    void SetUp() override {
        fs::create_directories(landing);
        fs::create_directories(staging);
    }

    static fs::path fixture(const std::string& name) { return fs::path(FIXTURES) / (name + ".so"); }

    // A delivery as a fetch would have left it.
    Delivery land(const std::string& name, const std::string& content) {
        Delivery d;
        d.seq = ++last_seq_;
        d.name = name;
        d.sha256 = sha256(content);
        d.bytes = content.size();
        d.received_at = 1'768'867'200'000'000;  // 2026-01-20
        std::ofstream(landing / d.sha256, std::ios::binary) << content;
        return d;
    }

    StageJob stage_job(std::vector<Delivery> deliveries,
                       std::map<std::string, std::string> settings = {}) const {
        StageJob job;
        job.feed = "cme";
        job.plugin = fixture("misbehaving");
        job.settings = std::move(settings);
        job.landing = landing;
        job.batch_id = "cme-20260120T013000Z";
        job.staging = staging;
        job.deliveries = std::move(deliveries);
        job.limits = limits;
        return job;
    }
    FetchJob fetch_job(std::map<std::string, std::string> settings) const {
        return {"cme", fixture("misfetching"), std::move(settings), landing, limits};
    }

    template <class Job>
    Outcome run(Job job) {
        boost::asio::io_context io;
        Supervisor supervisor(io, WORKER_FIXTURE, deadlines);
        std::vector<Outcome> outcomes;
        supervisor.start(std::move(job), {}, [&](Outcome o) { outcomes.push_back(std::move(o)); });
        io.run_for(std::chrono::seconds(50));
        EXPECT_EQ(outcomes.size(), 1u) << "on_done must be called once";
        EXPECT_EQ(supervisor.running(), 0u);
        return outcomes.empty() ? Outcome{} : outcomes.front();
    }

    // The first column of the only row of a query over the batch, as text; {} in the query is the folder.
    std::string ask(std::string sql, const fs::path& folder) {
        for (auto at = sql.find("{}"); at != std::string::npos; at = sql.find("{}"))
            sql.replace(at, 2, folder.string());
        auto database = duck::Database::open({});
        auto connection = database->connect();
        auto rows = connection->query("select cast((" + sql + ") as varchar)");
        if (!rows) return rows.error().sentence;
        return rows->next() ? std::string(rows->text(0)) : "no row";
    }
    // Nothing may look like a batch.
    void expect_no_batch() const {
        EXPECT_FALSE(fs::exists(staging / "cme-20260120T013000Z"));
        EXPECT_FALSE(fs::exists(staging / "cme-20260120T013000Z.tmp"));
    }

  private:
    std::int64_t last_seq_ = 0;
};

}  // namespace sendhub::worker::testing
