#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <mutex>

#include "base/files.hpp"
#include "hub/cli/people_session.hpp"
#include "hub/govern/tokens.hpp"
#include "hub/store/store.hpp"

namespace sendhub::cli {

std::string session_user() {
    const passwd* const entry = ::getpwuid(::getuid());
    return entry && entry->pw_name && *entry->pw_name ? entry->pw_name : "uid " + std::to_string(::getuid());
}

std::string cli_actor(const std::string& by) {
    const std::string user = session_user();
    return "cli:" + (by.empty() || by == user ? user : by + " (as " + user + ")");
}

review::StoreDoor store_door(const std::filesystem::path& state, int wait_ms) {
    // Requests of one process take turns; hub.lock is for other processes and for the night.
    return [state, wait_ms, turn = std::make_shared<std::mutex>()](const review::StoreWork& work) -> Status {
        const std::scoped_lock in_turn(*turn);
        std::error_code error;
        if (!std::filesystem::exists(state / "hub.duckdb", error))
            return fail(ErrorCode::not_found,
                        "nothing was run yet, so there is nobody to look at; `sendhub sync` runs "
                        "every feed now");
        SENDHUB_ASSIGN(const FileLock lock, FileLock::acquire(state / "hub.lock", wait_ms));
        SENDHUB_ASSIGN(store::Store store,
                       store::Store::open(state / "hub.duckdb", {.memory_limit = "1GiB", .threads = 2}));
        return work(store.connection());
    };
}

Result<Session> open_session(const config::Config& config, const std::string& by, govern::Right needed) {
    Session session;
    session.audit = std::make_unique<govern::AuditLog>(config.hub.state / "audit.log");
    session.desk = std::make_unique<review::PeopleDesk>(store_door(config.hub.state, 3000), *session.audit);
    const char* const key = std::getenv("SENDHUB_KEY");
    if (key && *key) {
        if (!by.empty())
            return fail(ErrorCode::usage, "the key in SENDHUB_KEY says who decides; leave --by out");
        govern::TokenStore tokens(config.hub.state / "tokens.json");
        SENDHUB_ASSIGN(const govern::Caller caller, tokens.check(key));
        if (!govern::has_right(caller, needed))
            return fail(ErrorCode::denied, std::string("the key in SENDHUB_KEY lacks the role ") +
                                               (needed == govern::Right::review_cases ? "review" : "person"));
        const std::string name = "key:" + caller.id;
        session.who = {name, {name, govern::has_right(caller, govern::Right::sealed_records)}, "", ""};
        return session;
    }
    const std::string user = session_user();
    const std::string officer = by.empty() ? user : by;
    SENDHUB_TRY(review::check_officer(officer));
    session.who = {cli_actor(officer), {officer, false}, "", ""};
    return session;
}

}  // namespace sendhub::cli
