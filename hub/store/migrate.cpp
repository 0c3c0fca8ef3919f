#include "hub/store/migrate.hpp"

#include <map>
#include <string>

#include "base/crash_point.hpp"
#include "base/files.hpp"

namespace sendhub::store {

Status migrate(duck::Connection& connection, std::span<const Migration> migrations, std::string_view where,
               Micros now) {
    SENDHUB_TRY(connection.run(
        "create table if not exists migration (number INTEGER NOT NULL, name VARCHAR NOT NULL, "
        "applied_at TIMESTAMPTZ NOT NULL, sha256 VARCHAR NOT NULL)"));
    std::map<std::int64_t, std::string> applied;
    SENDHUB_ASSIGN(auto rows, connection.query("select number, sha256 from migration"));
    while (rows.next()) applied.emplace(rows.integer(0), std::string(rows.text(1)));

    const auto known = static_cast<std::int64_t>(migrations.size());
    if (!applied.empty() && applied.rbegin()->first > known)
        return fail(ErrorCode::storage,
                    "the store " + std::string(where) + " was written by a newer sendhub (it has migration " +
                        std::to_string(applied.rbegin()->first) + ", this one knows " +
                        std::to_string(known) + "); install that version again or restore a backup");
    for (const Migration& migration : migrations) {
        const std::string hash = sha256(migration.sql);
        const auto found = applied.find(migration.number);
        if (found == applied.end()) continue;
        if (found->second != hash)
            return fail(
                ErrorCode::storage,
                "the store " + std::string(where) + " had a migration " + std::to_string(migration.number) +
                    " (" + std::string(migration.name) +
                    ") that differs from this sendhub's; use the version of sendhub that made the store");
    }
    for (const Migration& migration : migrations) {
        if (applied.contains(migration.number)) continue;
        SENDHUB_ASSIGN(auto transaction, duck::Transaction::begin(connection));
        if (auto done = connection.run(migration.sql); !done)
            return fail(ErrorCode::storage, "migration " + std::to_string(migration.number) + " (" +
                                                std::string(migration.name) + ") of the store " +
                                                std::string(where) +
                                                " failed and was undone: " + done.error().sentence);
        const std::string hash = sha256(migration.sql);
        SENDHUB_TRY(connection.run(
            "insert into migration values (?, ?, ?, ?)",
            {std::int64_t{migration.number}, migration.name, duck::Timestamp{now}, std::string_view(hash)}));
        crash_point("migrate.before_commit");
        SENDHUB_TRY(transaction.commit());
    }
    return {};
}

}  // namespace sendhub::store
