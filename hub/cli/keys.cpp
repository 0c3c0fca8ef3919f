// `sendhub token …` and `sendhub audit verify`.
#include <cstdio>
#include <iostream>

#include "hub/base/files.hpp"
#include "hub/base/json_writer.hpp"
#include "hub/cli/commands.hpp"
#include "hub/govern/audit.hpp"
#include "hub/govern/tokens.hpp"

namespace sendhub::cli {
namespace {

std::string role_list(const govern::Token& token) {
    std::string out;
    for (const auto role : token.roles)
        out += (out.empty() ? "" : ", ") + std::string(govern::to_string(role));
    return out;
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
    if (!options.datasets.empty()) wanted.datasets = options.datasets;
    if (options.days > 0) wanted.expires = now_micros() + options.days * 86'400'000'000;
    if (const auto opened = open_state_folder(config->hub.state); !opened) return failed(opened.error());
    const auto created = govern::create_token(config->hub.state / "tokens.json", wanted);
    if (!created) return failed(created.error());
    const auto noted =
        govern::AuditLog(config->hub.state / "audit.log")
            .append({.actor = "cli", .action = "token.create", .query = created->token.id, .result = "ok"});
    if (!noted) return failed(noted.error());
    std::fprintf(stderr, "key %s for %s (%s). It is shown once: keep it safe.\n", created->token.id.c_str(),
                 created->token.name.c_str(), role_list(created->token).c_str());
    std::printf("%s\n", created->key.c_str());
    return 0;
}

int token_list(const std::filesystem::path& path, bool json) {
    const auto config = load(path);
    if (!config) return config.error();
    const auto tokens = govern::list_tokens(config->hub.state / "tokens.json");
    if (!tokens) return failed(tokens.error());
    JsonWriter j;
    j.begin_array();
    for (const auto& token : *tokens) {
        const std::string expires = token.expires ? format_time(*token.expires) : "",
                          revoked = token.revoked ? format_time(*token.revoked) : "";
        if (json)
            j.begin_object()
                .field("id", token.id)
                .field("name", token.name)
                .field("roles", role_list(token))
                .field("created", format_time(token.created))
                .field("expires", expires)
                .field("revoked", revoked)
                .end_object();
        else
            std::printf("%-12s %-24s %-32s %s%s%s\n", token.id.c_str(), token.name.c_str(),
                        role_list(token).c_str(), format_time(token.created).c_str(),
                        expires.empty() ? "" : (" expires " + expires).c_str(),
                        revoked.empty() ? "" : (" revoked " + revoked).c_str());
    }
    if (json) std::cout << j.end_array().take() << "\n";
    return 0;
}

int token_revoke(const std::filesystem::path& path, const std::string& id) {
    const auto config = load(path);
    if (!config) return config.error();
    const auto revoked = govern::revoke_token(config->hub.state / "tokens.json", id);
    if (!revoked) return failed(revoked.error());
    const auto noted = govern::AuditLog(config->hub.state / "audit.log")
                           .append({.actor = "cli", .action = "token.revoke", .query = id, .result = "ok"});
    return noted ? 0 : failed(noted.error());
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
