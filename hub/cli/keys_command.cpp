// `sendhub token …` and `sendhub audit verify`.
#include <algorithm>
#include <cstdio>
#include <iostream>

#include "base/files.hpp"
#include "base/json_writer.hpp"
#include "hub/cli/audited_act.hpp"
#include "hub/cli/commands.hpp"
#include "hub/cli/people_session.hpp"
#include "hub/govern/audit.hpp"
#include "hub/govern/tokens.hpp"
#include "hub/publish/dataset.hpp"

namespace sendhub::cli {
namespace {

std::string role_list(const std::vector<govern::Role>& roles) {
    std::string out;
    for (const auto role : roles) out += (out.empty() ? "" : ", ") + std::string(govern::to_string(role));
    return out;
}

std::string listed(const std::vector<std::string>& names) {
    std::string out;
    for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
    return out;
}

// A key for a dataset that does not exist would read nothing, and whoever asked for it would not know why.
Status check_datasets(const std::filesystem::path& config, const std::vector<std::string>& names) {
    SENDHUB_ASSIGN(const auto datasets, publish::load_datasets(config.parent_path()));
    for (const auto& name : names)
        if (std::ranges::find(datasets, name, &publish::Dataset::name) == datasets.end()) {
            std::vector<std::string> known;
            for (const auto& dataset : datasets) known.push_back(dataset.name);
            std::ranges::sort(known);
            return fail(ErrorCode::usage,
                        "there is no dataset " + name + "; the datasets are " + listed(known));
        }
    return {};
}

}  // namespace

int token_create(const std::filesystem::path& path, const TokenOptions& options) {
    const auto config = load(path);
    if (!config) return config.error();
    govern::NewToken wanted;
    wanted.name = options.name;
    for (const auto& name : options.roles) {
        const auto role = govern::parse_role(name);
        if (!role)
            return failed(Error(ErrorCode::usage,
                                "there is no role " + name + "; the roles are " + govern::role_names()));
        wanted.roles.push_back(*role);
    }
    if (!options.datasets.empty()) {
        if (const auto known = check_datasets(path, options.datasets); !known) return failed(known.error());
        wanted.datasets = options.datasets;
    }
    if (options.days > govern::kLongestDays)
        return failed(Error(ErrorCode::usage, "--days may be at most " +
                                                  std::to_string(govern::kLongestDays) +
                                                  "; make a new key when this one expires"));
    if (options.days > 0) wanted.expires = now_micros() + options.days * 86'400'000'000;
    if (const auto opened = open_state_folder(config->hub.state); !opened) return failed(opened.error());
    AuditedAct act(config->hub.state, cli_actor(), "token.create");
    std::string may = " roles " + role_list(wanted.roles);
    if (wanted.datasets) may += ", datasets " + listed(*wanted.datasets);
    const auto created = govern::create_token(config->hub.state / "tokens.json", wanted,
                                              [&](const std::string& id) { return act.begin(id + may); });
    if (const auto noted = act.end(created.has_value()); !noted) return failed(noted.error());
    if (!created) return failed(created.error());
    std::fprintf(stderr, "key %s for %s (%s). It is shown once: keep it safe.\n", created->token.id.c_str(),
                 created->token.name.c_str(), role_list(created->token.roles).c_str());
    std::printf("%s\n", created->key.c_str());
    return 0;
}

int token_list(const std::filesystem::path& path, bool json) {
    const auto config = load(path);
    if (!config) return config.error();
    const auto list = govern::list_tokens(config->hub.state / "tokens.json");
    if (!list) return failed(list.error());
    for (const auto& entry : list->unreadable)
        std::cerr << "sendhub: the key " << (entry.id.empty() ? "without an id" : entry.id)
                  << " cannot be read (" << entry.reason
                  << "), so it works for nobody; revoke it and make a new one, or restore tokens.json\n";
    JsonWriter j;
    j.begin_array();
    for (const auto& token : list->tokens) {
        const std::string expires = token.expires ? format_time(*token.expires) : "",
                          revoked = token.revoked ? format_time(*token.revoked) : "";
        if (json)
            j.begin_object()
                .field("id", token.id)
                .field("name", token.name)
                .field("roles", role_list(token.roles))
                .field("created", format_time(token.created))
                .field("expires", expires)
                .field("revoked", revoked)
                .end_object();
        else
            std::printf("%-12s %-24s %-32s %s%s%s\n", token.id.c_str(), token.name.c_str(),
                        role_list(token.roles).c_str(), format_time(token.created).c_str(),
                        expires.empty() ? "" : (" expires " + expires).c_str(),
                        revoked.empty() ? "" : (" revoked " + revoked).c_str());
    }
    if (json) std::cout << j.end_array().take() << "\n";
    return list->unreadable.empty() ? 0 : 3;
}

int token_revoke(const std::filesystem::path& path, const std::string& id) {
    const auto config = load(path);
    if (!config) return config.error();
    AuditedAct act(config->hub.state, cli_actor(), "token.revoke");
    const auto revoked = govern::revoke_token(config->hub.state / "tokens.json", id,
                                              [&](const std::string& known) { return act.begin(known); });
    if (const auto noted = act.end(revoked.has_value()); !noted) return failed(noted.error());
    return revoked ? 0 : failed(revoked.error());
}

int audit_verify(const std::filesystem::path& path) {
    const auto config = load(path);
    if (!config) return config.error();
    const auto audited = govern::verify_audit(config->hub.state / "audit.log");
    if (!audited) return failed(audited.error());
    if (!audited->ok()) {
        std::cerr << "sendhub: the audit log is broken at line " << audited->broken_line << ": "
                  << audited->reason << "\n";
        return 1;
    }
    std::printf("%llu entries, the chain is whole; last hash %s\n",
                static_cast<unsigned long long>(audited->entries), audited->head.c_str());
    return 0;
}

}  // namespace sendhub::cli
