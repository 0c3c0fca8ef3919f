// The commands of `sendhub`, one function each; main.cpp reads the command line and calls them. Each returns
// the exit code: 0 all well, 1 failed, 2 wrong use, 3 done but a person must look.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "hub/config/config.hpp"

namespace sendhub::cli {

struct DemoOptions {
    std::uint64_t pupils = 12000, seed = 1;
    std::filesystem::path dir;
    int night = 1;
};
struct RejectsOptions {
    std::string feed, batch;
    std::int64_t limit = 50;
    bool warnings = false, json = false;
};
struct LinkOptions {
    std::vector<std::string> files, ids, maps;
    std::string settings, source, purpose, out, pairs, model, use_model, report;
    unsigned examples = 0;
    bool show_values = false, json = false;
};
struct TokenOptions {
    std::string name;
    std::vector<std::string> roles, datasets;
    std::int64_t days = 0;
};

struct NightArguments {
    int parent = 0;             // the daemon's process; 0: started by the run that it replaces
    std::string died, stopped;  // only note that the run ended so: the sentence
    std::vector<std::string> feeds;
};

int demo(const DemoOptions& options);
int link(const LinkOptions& options);
int sync(const std::filesystem::path& config, const std::vector<std::string>& feeds, bool json);
// log_options: of the command line, for the processes of the nightly runs.
int serve(const std::filesystem::path& config, const std::vector<std::string>& log_options);
int night(const std::filesystem::path& config, const NightArguments& arguments);
int status(const std::filesystem::path& config, bool json);
int runs(const std::filesystem::path& config, const std::string& id, bool json);
int rejects(const std::filesystem::path& config, const RejectsOptions& options);
int datasets(const std::filesystem::path& config, bool json);
int config_check(const std::filesystem::path& config);
int token_create(const std::filesystem::path& config, const TokenOptions& options);
int token_list(const std::filesystem::path& config, bool json);
int token_revoke(const std::filesystem::path& config, const std::string& id);
int audit_verify(const std::filesystem::path& config);

// Shared: settings or the sentences why not (exit code 2 to the caller), and how an Error ends a command.
std::expected<config::Config, int> load(const std::filesystem::path& path);
int failed(const Error& error);
int exit_code(const Error& error);
// For a run that has not stopped in time: becomes a process that notes so. Does not return.
[[noreturn]] void note_stopped_run(const std::filesystem::path& config);

}  // namespace sendhub::cli
