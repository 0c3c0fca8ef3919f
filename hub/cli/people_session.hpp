// `sendhub review …` and `sendhub person …`: what they share.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "hub/config/config.hpp"
#include "hub/govern/access.hpp"
#include "hub/review/people_desk.hpp"

namespace CLI {
class App;
}

namespace sendhub::cli {

// Adds the commands; each sets code. config: the path of the settings, read when a command runs.
void add_review_commands(CLI::App& app, const std::string& config, int& code);
void add_person_command(CLI::App& app, const std::string& config, int& code);
void add_batch_commands(CLI::App& app, const std::string& config, int& code);

// The store behind hub.lock, opened for one piece of work. wait_ms: how long to wait for somebody else's.
review::StoreDoor store_door(const std::filesystem::path& state, int wait_ms);

// The login name of whoever runs this command, from the system and not from the environment.
std::string session_user();
// "cli:NAME", for the audit log; by, where somebody else is named: "cli:BY (as NAME)".
std::string cli_actor(const std::string& by = {});

// A desk for the person at this terminal.
struct Session {
    std::unique_ptr<govern::AuditLog> audit;
    std::unique_ptr<review::PeopleDesk> desk;
    review::Officer who;
};
// by: the officer's name; empty: the user of this session. At a terminal there is no right to sealed records
// but with an API key that has the role `sealed`, in SENDHUB_KEY; then the key says who it is. needed: what
// the key must allow.
Result<Session> open_session(const config::Config& config, const std::string& by, govern::Right needed);

// What is printed; plain text that stays in columns whatever the alphabet.
std::string in_text(const review::Queue& queue);
std::string in_text(const review::CaseView& view);
std::string in_text(const std::vector<review::DecisionRow>& decisions);
std::string in_text(const std::vector<review::Task>& tasks);
std::string in_text(const review::Quality& quality);
std::string in_text(const std::vector<review::ModelRow>& models);
std::string in_text(const review::PersonPage& page);
std::string in_text(const review::Hits& hits);

}  // namespace sendhub::cli
