#include "hub/store/store.hpp"

#include <sodium.h>
#include <sys/stat.h>

#include <array>

#include "base/time.hpp"
#include "hub/store/migrate.hpp"

namespace sendhub::store {
namespace {

Status ensure_secret(duck::Connection& connection) {
    SENDHUB_ASSIGN(const auto there,
                   connection.count("select count(*) from hub_secret where name = 'person_id'"));
    if (there > 0) return {};
    if (sodium_init() < 0) return fail(ErrorCode::bug, "libsodium could not start");
    std::array<unsigned char, 32> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    std::array<char, 65> hex{};
    sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
    return connection.run("insert into hub_secret values ('person_id', ?)",
                          {std::string_view(hex.data(), 64)});
}

}  // namespace

Result<Store> Store::open(const std::filesystem::path& path, const StoreOptions& options) {
    std::filesystem::path spill = path;
    spill += ".spill";
    std::map<std::string, std::string> settings{{"temp_directory", spill.string()}};
    if (!options.memory_limit.empty()) settings["memory_limit"] = options.memory_limit;
    if (options.threads > 0) settings["threads"] = std::to_string(options.threads);
    SENDHUB_ASSIGN(auto database, duck::Database::open(path, settings));
    // Children's data: nobody but the hub's user, whatever the umask was.
    if (::chmod(path.c_str(), 0600) != 0)
        return fail(ErrorCode::storage, "could not set the mode of " + path.string() +
                                            "; it must belong to the user that runs sendhub");
    SENDHUB_ASSIGN(auto connection, database.connect());
    const std::string where = path.string();
    SENDHUB_TRY(migrate(connection, migrations(), where, now_micros()));
    SENDHUB_TRY(fit_record_tables(connection, schema::records(), schema::version(), where));
    SENDHUB_TRY(ensure_secret(connection));
    return Store(path, std::move(database), std::move(connection));
}

Result<std::string> Store::secret(std::string_view name) {
    SENDHUB_ASSIGN(auto rows, connection_.query("select value from hub_secret where name = ?", {name}));
    if (!rows.next())
        return fail(ErrorCode::bug, "the store " + path_.string() + " has no secret " + std::string(name));
    return std::string(rows.text(0));
}

Result<std::int64_t> Store::take_numbers(std::string_view sequence, std::int64_t count) {
    SENDHUB_ASSIGN(auto rows, connection_.query("select next from sequence where name = ?", {sequence}));
    if (!rows.next()) {
        SENDHUB_TRY(connection_.run("insert into sequence values (?, ?)", {sequence, 1 + count}));
        return std::int64_t{1};
    }
    const std::int64_t first = rows.integer(0);
    SENDHUB_TRY(connection_.run("update sequence set next = ? where name = ?", {first + count, sequence}));
    return first;
}

}  // namespace sendhub::store
