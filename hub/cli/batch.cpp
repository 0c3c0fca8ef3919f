// What a person decides about batches and files: `sendhub batch approve`, `sendhub batch undo` and
// `sendhub replay`. The audit log has each before it is done, and how it ended.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <functional>

#include "hub/cli/commands.hpp"
#include "hub/cli/night_output.hpp"
#include "hub/govern/audit.hpp"

namespace sendhub::cli {
namespace {

struct Decision {
    std::string action, subject, by, reason;
    bool json = false;
};

using Act = std::function<Result<schedule::NightOutcome>(const config::Config&, const std::string& who)>;

int decide(const std::string& path, const Decision& decision, const Act& act) {
    const auto config = load(path);
    if (!config) return config.error();
    std::string who = decision.by;
    if (who.empty()) {
        const char* user = std::getenv("USER");
        who = user && *user ? user : "uid " + std::to_string(::getuid());
    }
    govern::AuditLog audit(config->hub.state / "audit.log");
    const auto note = [&](std::string result) {
        return audit.append({.actor = "cli:" + who,
                             .action = decision.action,
                             .query = decision.subject,
                             .result = std::move(result),
                             .reason = decision.reason});
    };
    if (const auto noted = note("begun"); !noted) return failed(noted.error());
    const auto outcome = act(*config, who);
    if (const auto noted = note(outcome ? "ok" : "failed"); !noted) return failed(noted.error());
    return tell_outcome(outcome, decision.json);
}

}  // namespace

void add_batch_commands(CLI::App& app, const std::string& config, int& code) {
    static Decision decision;
    static std::string batch_id, scope;
    static schedule::ReplayOptions replay_options;
    const auto common = [](CLI::App* command) {
        command->add_option("--by", decision.by, "who decided (default: the user of this session)");
        command->add_flag("--json", decision.json, "as JSON");
        return command;
    };
    auto* batch = app.add_subcommand("batch", "Decide about batches");
    batch->require_subcommand(1);
    auto* approve = common(batch->add_subcommand(
        "approve", "Release a held batch: confirm that the missing rows really have been removed"));
    approve->add_option("ID", batch_id, "the batch")->required();
    approve->callback([&config, &code] {
        decision.action = "batch.approve";
        decision.subject = batch_id;
        code = decide(config, decision, [](const config::Config& c, const std::string& who) {
            return schedule::approve_and_publish(c, batch_id, who, Teller(decision.json));
        });
    });
    auto* undo = common(
        batch->add_subcommand("undo", "Take a batch back: its scopes hold again what they held before it"));
    undo->add_option("ID", batch_id, "the batch")->required();
    undo->add_option("--scope", scope, "only this scope of it, such as one school");
    undo->add_option("--reason", decision.reason, "why; the audit log keeps it")->required();
    undo->callback([&config, &code] {
        decision.action = "batch.undo";
        decision.subject = scope.empty() ? batch_id : batch_id + " scope " + scope;
        code = decide(config, decision, [](const config::Config& c, const std::string& who) {
            return schedule::undo_and_publish(c, batch_id, scope, who, Teller(decision.json));
        });
    });
    auto* replay = common(app.add_subcommand(
        "replay", "Read files that have landed again, with today's connector and settings"));
    replay->add_option("FEED", replay_options.feed, "the feed")->required();
    replay->add_option("--file", replay_options.file, "only this file (default: every file of the feed)");
    replay->add_flag("--closing-is-right", replay_options.closing_is_right,
                     "Confirm that the records which every file together no longer has really are gone");
    replay->callback([&config, &code] {
        decision.action = "feed.replay";
        decision.subject = replay_options.feed;
        code = decide(config, decision, [](const config::Config& c, const std::string&) {
            return schedule::replay_and_publish(c, replay_options, Teller(decision.json));
        });
    });
}

}  // namespace sendhub::cli
