#include "hub/serve/publication.hpp"

#include <atomic>
#include <chrono>

#include "base/log.hpp"

namespace sendhub::serve {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kKeepIdle = std::chrono::minutes(5);  // a table of an older version, after its last reader

std::string sql_type(const Field& field) {
    switch (field.type) {
        case FieldType::string:
            return "VARCHAR";
        case FieldType::boolean:
            return "BOOLEAN";
        case FieldType::int64:
            return "BIGINT";
        case FieldType::int32:
            return "INTEGER";
        case FieldType::decimal:
            return "DECIMAL(" + std::to_string(field.precision) + "," + std::to_string(field.scale) + ")";
        case FieldType::date:
            return "DATE";
        case FieldType::timestamp:
            return "TIMESTAMPTZ";
    }
    return "VARCHAR";
}

// A SELECT over the Parquet file whose columns have exactly the declared types.
std::string typed_select(const Dataset& dataset) {
    std::string sql = "SELECT CAST(row_number AS BIGINT) AS row_number";
    for (const Field& field : dataset.fields) {
        const std::string name = duck::quoted_name(field.name);
        sql.append(", CAST(")
            .append(name)
            .append(" AS ")
            .append(sql_type(field))
            .append(") AS ")
            .append(name);
    }
    return sql + " FROM read_parquet(" + duck::quoted_text((dataset.folder / "data.parquet").string()) + ")";
}

// A dataset of one version in the engine; gone from it with the last reader.
struct Table {
    std::mutex mutex;  // while it is loaded
    bool ready = false;
    bool loaded = false;  // as a table; otherwise read from its Parquet file
    std::string name;     // of the table
    std::string from;
    duck::Database engine;
    std::atomic<Clock::rep> used = Clock::now().time_since_epoch().count();

    ~Table() {
        if (!loaded) return;
        auto connection = engine.connect();
        const Status dropped = connection ? connection->run("DROP TABLE IF EXISTS " + duck::quoted_name(name))
                                          : Status(std::unexpected(connection.error()));
        if (!dropped) log::error("serve.drop", dropped.error());
    }
};

}  // namespace

struct Publication::State {
    std::filesystem::path published;
    duck::Database engine;
    mutable std::mutex mutex;
    std::shared_ptr<const Version> current;
    std::string broken;  // a version that current pointed to and that could not be read: said once
    std::map<std::string, std::shared_ptr<const Version>, std::less<>> versions;
    std::map<std::pair<std::string, std::string>, std::shared_ptr<Table>> tables;  // version, dataset
    std::uint64_t next_table = 0;
};

Publication::Publication(std::unique_ptr<State> state) : state_(std::move(state)) {}
Publication::~Publication() = default;

Result<std::unique_ptr<Publication>> Publication::open(std::filesystem::path published,
                                                       const std::string& memory_limit) {
    auto state = std::make_unique<State>();
    state->published = std::move(published);
    // One thread: requests are what runs side by side. No spilling: rows never reach a temporary file.
    SENDHUB_ASSIGN(
        state->engine,
        duck::Database::open({}, {{"memory_limit", memory_limit}, {"threads", "1"}, {"temp_directory", ""}}));
    SENDHUB_ASSIGN(duck::Connection connection, state->engine.connect());
    // Days, hours and dates of a timestamp are those of UTC, wherever the server stands.
    SENDHUB_TRY(connection.run("SET GLOBAL TimeZone = 'UTC'"));
    std::unique_ptr<Publication> publication(new Publication(std::move(state)));
    publication->poll();
    return publication;
}

std::shared_ptr<const Version> Publication::current() const {
    const std::scoped_lock lock(state_->mutex);
    return state_->current;
}

Result<std::shared_ptr<const Version>> Publication::version(std::string_view name) {
    if (!is_version_name(name)) return fail(ErrorCode::not_found, "this is not the name of a version");
    const std::scoped_lock lock(state_->mutex);
    const std::filesystem::path folder = state_->published / std::string(name);
    std::error_code error;
    const bool there = std::filesystem::exists(folder / "datapackage.json", error);
    if (const auto found = state_->versions.find(name); found != state_->versions.end()) {
        if (there) return found->second;
        state_->versions.erase(found);
    }
    if (!there)
        return fail(ErrorCode::not_found, "this version is no longer kept; start again with the current one");
    SENDHUB_ASSIGN(Version version, read_version(folder, std::string(name)));
    auto shared = std::make_shared<const Version>(std::move(version));
    state_->versions.emplace(name, shared);
    return shared;
}

Result<Publication::Reader> Publication::read(const std::shared_ptr<const Version>& version,
                                              const Dataset& dataset) {
    std::shared_ptr<Table> table;
    {
        const std::scoped_lock lock(state_->mutex);
        auto& slot = state_->tables[{version->name, dataset.name}];
        if (!slot) {
            slot = std::make_shared<Table>();
            slot->engine = state_->engine;
            slot->name = "t" + std::to_string(state_->next_table++);
        }
        table = slot;
    }
    table->used = Clock::now().time_since_epoch().count();
    SENDHUB_ASSIGN(duck::Connection connection, state_->engine.connect());
    {
        const std::scoped_lock lock(table->mutex);
        if (!table->ready) {
            const std::string select = typed_select(dataset);
            const std::string name = duck::quoted_name(table->name);
            const Status loaded =
                connection.run("CREATE TABLE " + name + " AS " + select + " ORDER BY row_number");
            if (loaded) {
                table->loaded = true;
                table->from = name;
            } else {
                std::error_code error;
                if (!std::filesystem::exists(dataset.folder / "data.parquet", error))
                    return fail(ErrorCode::not_found,
                                "this version is no longer kept; start again with the current one");
                if (loaded.error().code != ErrorCode::storage)
                    return fail(ErrorCode::storage,
                                "the published file of " + dataset.name +
                                    " does not hold what its description says: " + loaded.error().sentence);
                // Too large for the memory given to the engine: slower, but served.
                log::warn("serve.from_parquet",
                          "a dataset is too large for the engine's memory and is read from its file",
                          {{"dataset", dataset.name}, {"version", version->name}});
                table->from = "(" + select + ")";
            }
            table->ready = true;
        }
    }
    std::string from = table->from;
    return Reader{version, &dataset, std::move(table), std::move(from), std::move(connection)};
}

bool Publication::poll() {
    State& s = *state_;
    std::error_code error;
    const std::string target =
        std::filesystem::read_symlink(s.published / "current", error).filename().string();
    std::vector<std::shared_ptr<Table>> released;  // dropped after the lock is let go
    bool changed = false;
    {
        const std::scoped_lock lock(s.mutex);
        if (!error && is_version_name(target) && (!s.current || s.current->name != target)) {
            auto version = read_version(s.published / target, target);
            if (version) {
                s.current = std::make_shared<const Version>(std::move(*version));
                s.versions[target] = s.current;
                s.broken.clear();
                changed = true;
            } else {
                // The version before stays served. Tried again on each poll, told once.
                if (s.broken != target) log::error("serve.version", version.error(), {{"version", target}});
                s.broken = target;
            }
        }
        const auto old = (Clock::now() - kKeepIdle).time_since_epoch().count();
        for (auto entry = s.tables.begin(); entry != s.tables.end();) {
            const bool is_current = s.current && entry->first.first == s.current->name;
            if (!is_current && entry->second->used < old) {
                released.push_back(std::move(entry->second));
                entry = s.tables.erase(entry);
            } else {
                ++entry;
            }
        }
        for (auto entry = s.versions.begin(); entry != s.versions.end();) {
            const bool gone =
                entry->second != s.current &&
                !std::filesystem::exists(s.published / entry->first / "datapackage.json", error);
            entry = gone ? s.versions.erase(entry) : std::next(entry);
        }
    }
    if (changed) log::info("serve.version", "a new version is served", {{"version", target}});
    return changed;
}

}  // namespace sendhub::serve
