// What a person decides about batches and files: `sendhub batch approve`, `sendhub batch undo` and
// `sendhub replay`. The audit log has each before it is done, and how it ended.
#include <CLI/CLI.hpp>
#include <functional>
#include <regex>

#include "hub/cli/audited_act.hpp"
#include "hub/cli/commands.hpp"
#include "hub/cli/night_output.hpp"
#include "hub/cli/people_session.hpp"
#include "hub/schedule/stop_signal.hpp"

namespace sendhub::cli {
namespace {

struct Decision {
    std::string action, on, scope, by, reason;
    bool json = false;
};

using Act = std::function<Result<schedule::NightOutcome>(const config::Config&, const std::string& who)>;

// What was typed goes into the audit log only when it can be nothing but the id of a batch or a feed.
std::string subject_of(const Decision& decision) {
    static const std::regex form("[a-z][a-z0-9_]{0,39}(-[0-9]{8}T[0-9]{6}Z(-[0-9]{1,6})?)?");
    if (!std::regex_match(decision.on, form)) return "(not an id)";
    static const std::regex scope_form("[A-Za-z0-9_ /-]{1,60}");
    if (decision.scope.empty()) return decision.on;
    return decision.on + " scope " +
           (std::regex_match(decision.scope, scope_form) ? decision.scope : "(not a scope)");
}

int decide(const std::string& path, const Decision& decision, const Act& act) {
    const auto config = load(path);
    if (!config) return config.error();
    AuditedAct audited(config->hub.state, cli_actor(decision.by), decision.action, decision.reason);
    if (const auto noted = audited.begin(subject_of(decision)); !noted) return failed(noted.error());
    const schedule::StopSignal stop([&] { note_stopped_run(path); });
    const auto outcome = act(*config, decision.by.empty() ? session_user() : decision.by);
    const auto noted = audited.end(outcome.has_value());
    const int code = tell_outcome(outcome, decision.json);
    return noted ? code : failed(noted.error());
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
        decision.on = batch_id;
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
        decision.on = batch_id;
        decision.scope = scope;
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
        decision.on = replay_options.feed;
        code = decide(config, decision, [](const config::Config& c, const std::string&) {
            return schedule::replay_and_publish(c, replay_options, Teller(decision.json));
        });
    });
}

}  // namespace sendhub::cli
