// The one binary. `sendhub worker …` is the child process that runs plugins; it takes its own way before any
// command line is read.
#include <CLI/CLI.hpp>
#include <iostream>

#include "base/files.hpp"
#include "base/log.hpp"
#include "base/version.hpp"
#include "hub/cli/commands.hpp"
#include "hub/cli/people_session.hpp"
#include "hub/supervisor/plugin_commands.hpp"
#include "hub/worker/worker_main.hpp"

namespace {

// Where plugins are: the folder of the settings, when there are any, else the one beside the binary.
std::filesystem::path plugin_folder(const std::string& config, const std::string& folder) {
    if (!folder.empty()) return folder;
    std::error_code error;
    if (std::filesystem::exists(config, error))
        if (const auto loaded = sendhub::config::load_config(config))
            return sendhub::config::plugins_folder(*loaded, std::filesystem::canonical("/proc/self/exe"));
    return std::filesystem::canonical("/proc/self/exe").parent_path().parent_path() / "plugins";
}

}  // namespace

int main(int argc, char** argv) try {
    sendhub::keep_files_private();
    if (argc > 1 && std::string_view(argv[1]) == "worker")
        return sendhub::worker::worker_main({argv + 2, argv + argc});

    namespace cli = sendhub::cli;
    CLI::App app{
        "sendhub: the data-integration hub between a council, its health trusts, its schools and its youth "
        "justice service"};
    app.require_subcommand(1);
    app.set_version_flag("--version", std::string(sendhub::hub_version));
    std::string config = "hub.toml";
    std::string log_format = "text", log_level = "info";
    app.add_option("--config", config, "settings")->capture_default_str()->envname("SENDHUB_CONFIG");
    app.add_option("--log-format", log_format, "text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    app.add_option("--log-level", log_level, "debug, info, warn or error")
        ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
        ->capture_default_str();
    bool json = false;
    int code = 0;
    auto with_json = [&](CLI::App* command) {
        command->add_flag("--json", json, "as JSON");
        return command;
    };
    auto begin = [&] {
        using namespace sendhub::log;
        configure(log_format == "json" ? Format::json : Format::text, log_level == "debug"  ? Level::debug
                                                                      : log_level == "info" ? Level::info
                                                                      : log_level == "warn" ? Level::warn
                                                                                            : Level::error);
    };
    app.parse_complete_callback(begin);

    auto* serve = app.add_subcommand("serve", "the daemon: the nightly schedule and HTTP");
    serve->callback(
        [&] { code = cli::serve(config, {"--log-format", log_format, "--log-level", log_level}); });

    cli::NightArguments night_arguments;
    auto* night = app.add_subcommand("night", "one nightly run, started by serve")->group("");
    night->add_option("--parent", night_arguments.parent);
    night->add_option("--died", night_arguments.died);
    night->add_option("--stopped", night_arguments.stopped);
    night->add_option("FEED", night_arguments.feeds);
    night->callback([&] { code = cli::night(config, night_arguments); });

    std::vector<std::string> feeds;
    auto* sync = with_json(app.add_subcommand("sync", "run feeds now, then match and publish"));
    sync->add_option("FEED", feeds, "only these feeds");
    sync->callback([&] { code = cli::sync(config, feeds, json); });

    auto* status = with_json(app.add_subcommand("status", "how things stand"));
    status->callback([&] { code = cli::status(config, json); });

    std::string run_id;
    auto* runs = with_json(app.add_subcommand("runs", "what was run, and how it ended"));
    runs->add_option("ID", run_id, "one run");
    runs->callback([&] { code = cli::runs(config, run_id, json); });

    cli::RejectsOptions rejects_options;
    auto* rejects = with_json(app.add_subcommand("rejects", "rows that were refused, and why"));
    rejects->add_option("FEED", rejects_options.feed, "the feed")->required();
    rejects->add_option("--batch", rejects_options.batch, "a batch other than the newest");
    rejects->add_option("--limit", rejects_options.limit, "how many rows to show")
        ->capture_default_str()
        ->check(CLI::NonNegativeNumber);
    rejects->add_flag("--warnings", rejects_options.warnings, "rows that were taken with a warning, too");
    rejects->callback([&] {
        rejects_options.json = json;
        code = cli::rejects(config, rejects_options);
    });

    auto* datasets =
        with_json(app.add_subcommand("datasets", "the published versions and what is in the current one"));
    datasets->callback([&] { code = cli::datasets(config, json); });

    cli::add_batch_commands(app, config, code);
    cli::add_review_commands(app, config, code);
    cli::add_person_command(app, config, code);

    auto* plugin = app.add_subcommand("plugin", "connectors and transports");
    plugin->require_subcommand(1);
    std::string folder, which;
    plugin->add_option("--folder", folder, "where the plugins are");
    auto* list = with_json(plugin->add_subcommand("list", "the plugins that are there"));
    list->callback(
        [&] { code = sendhub::supervisor::plugin_list(plugin_folder(config, folder), json, std::cout); });
    auto* describe = with_json(plugin->add_subcommand("describe", "what a plugin takes and fills"));
    describe->add_option("PLUGIN", which, "name or path")->required();
    describe->callback([&] {
        code = sendhub::supervisor::plugin_describe(which, plugin_folder(config, folder), json, std::cout);
    });
    auto* check = with_json(plugin->add_subcommand("check", "would this hub load it?"));
    check->add_option("PATH", which, "the shared library")->required();
    check->callback([&] { code = sendhub::supervisor::plugin_check(which, json, std::cout); });

    auto* config_command = app.add_subcommand("config", "settings");
    config_command->require_subcommand(1);
    config_command->add_subcommand("check", "is everything in the settings right?")->callback([&] {
        code = cli::config_check(config);
    });

    auto* token = app.add_subcommand("token", "API keys");
    token->require_subcommand(1);
    cli::TokenOptions token_options;
    auto* create = token->add_subcommand("create", "make a key; it is shown once");
    create->add_option("NAME", token_options.name, "what it is for")->required();
    create
        ->add_option(
            "--role", token_options.roles,
            "viewer, analyst, caseworker, data_steward, operator, engineer, admin, auditor, review, person, "
            "sealed")
        ->required();
    create->add_option("--dataset", token_options.datasets, "only these datasets");
    create->add_option("--days", token_options.days, "days until it expires, at most 3650 (0: never)")
        ->check(CLI::NonNegativeNumber);
    create->callback([&] { code = cli::token_create(config, token_options); });
    auto* tokens = with_json(token->add_subcommand("list", "the keys there are"));
    tokens->callback([&] { code = cli::token_list(config, json); });
    std::string token_id;
    auto* revoke = token->add_subcommand("revoke", "end a key");
    revoke->add_option("ID", token_id, "the key's id")->required();
    revoke->callback([&] { code = cli::token_revoke(config, token_id); });

    auto* audit = app.add_subcommand("audit", "the audit log");
    audit->require_subcommand(1);
    audit->add_subcommand("verify", "is the chain of hashes whole?")->callback([&] {
        code = cli::audit_verify(config);
    });

    cli::LinkOptions link_options;
    auto* link = with_json(
        app.add_subcommand("link", "which records of any CSV or Parquet files are the same person"));
    link->add_option("FILES", link_options.files, "one file: within it; several: also across them")
        ->required();
    link->add_option("--out", link_options.out, "where to write id,cluster")->required();
    link->add_option("--id", link_options.ids, "column of the record's id (default: found)")
        ->allow_extra_args(false);
    link->add_option("--source", link_options.source, "column that says which source a record is from");
    link->add_option("--map", link_options.maps, "what a column is")
        ->type_name("COLUMN=ROLE")
        ->allow_extra_args(false);
    link->add_option("--settings", link_options.settings, "link.toml");
    link->add_option("--purpose", link_options.purpose, "statistics (default) or operational");
    link->add_option("--pairs", link_options.pairs, "write the weighed pairs here (CSV)");
    link->add_option("--model", link_options.model, "write what was learnt here (JSON)");
    link->add_option("--use-model", link_options.use_model, "use this model instead of training one");
    link->add_option("--report", link_options.report, "write a report page here (HTML)");
    link->add_option("--examples", link_options.examples, "so many single pairs explained in the report");
    link->add_flag("--show-values", link_options.show_values, "with the values of the records, not masked");
    link->callback([&] {
        link_options.json = json;
        code = cli::link(link_options);
    });

    cli::DemoOptions demo_options;
    std::string demo_dir;
    auto* demo = app.add_subcommand("demo", "make a synthetic county");
    demo->add_option("--pupils", demo_options.pupils, "children on the roll of its schools")
        ->capture_default_str();
    demo->add_option("--seed", demo_options.seed, "another seed, another county")->capture_default_str();
    demo->add_option("--dir", demo_dir, "where to put it")->required();
    demo->add_option("--night", demo_options.night, "2: the next day, about 1 % of the children changed")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    demo->callback([&] {
        demo_options.dir = demo_dir;
        code = cli::demo(demo_options);
    });

    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& e) {
        return app.exit(e);
    } catch (const CLI::ParseError& e) {
        app.exit(e);
        return 2;
    }
    return code;
} catch (const std::exception& e) {
    std::cerr << "sendhub: " << e.what() << "\n";
    return 1;
}
