#include "hub/publish/tests/store_fixture.hpp"

#include "base/files.hpp"
#include "schemas/registry.hpp"

namespace sendhub::publish {

void StoreFixture::SetUp() {
    auto opened = duck::Database::open("", {{"threads", "2"}});
    ASSERT_TRUE(opened) << opened.error().sentence;
    database.emplace(std::move(*opened));
    auto connection = database->connect();
    ASSERT_TRUE(connection) << connection.error().sentence;
    store.emplace(std::move(*connection));
    run("set timezone = 'UTC'");
    for (const char* migration : {"0001_bookkeeping.sql", "0002_people.sql", "0003_matching.sql"}) {
        const auto sql =
            read_file(std::filesystem::path(SENDHUB_SOURCE_DIR) / "hub/store/migrations" / migration);
        ASSERT_TRUE(sql) << sql.error().sentence;
        run(*sql);
    }
    for (const schema::Record& record : schema::records()) run(std::string(record.ddl));
    run("insert into hub_secret values ('person_id', 'of a test')");
}

void StoreFixture::run(const std::string& sql) {
    const Status status = store->run(sql);
    ASSERT_TRUE(status) << status.error().sentence << "\n" << sql;
}

std::string StoreFixture::rows(const std::string& sql) {
    auto description = store->query("select column_name from (describe " + sql + ")");
    if (!description) {
        ADD_FAILURE() << description.error().sentence << "\n" << sql;
        return {};
    }
    std::string line;
    while (description->next())
        line += (line.empty() ? "" : " || '|' || ") +
                ("coalesce(cast(" + duck::quoted_name(description->text(0)) + " as varchar), 'null')");
    auto found = store->query("select " + line + " from (" + sql + ") as rows_of_test");
    if (!found) {
        ADD_FAILURE() << found.error().sentence << "\n" << sql;
        return {};
    }
    std::string out;
    while (found->next()) out += (out.empty() ? "" : "\n") + std::string(found->text(0));
    return out;
}

std::string StoreFixture::text(const std::string& sql) {
    const std::string all = rows(sql);
    return all.substr(0, all.find('\n'));
}

void StoreFixture::batch(const std::string& id, const std::string& feed, const std::string& records,
                         const std::string& at) {
    const auto insert = [&](std::string_view sql, std::initializer_list<duck::Value> values) {
        const Status status = store->run(sql, values);
        ASSERT_TRUE(status) << status.error().sentence;
    };
    const std::string_view b = id, f = feed, r = records, t = at;
    insert(
        "insert into batch values (?, ?, 'test', '1', 'imported', 10, 9, 1, 9, 0, 0, 0, ?::timestamptz, "
        "?::timestamptz, '')",
        {b, f, t, t});
    insert(
        "insert into batch_scope select ?, 0, ?, r, 'all', 'snapshot', date '2026-01-19', 9, 0, 0, "
        "'imported', null, null from unnest(string_split(?, ' ')) as x(r)",
        {b, f, r});
}

PublishSettings StoreFixture::settings() {
    PublishSettings s;
    s.published = folder / "published";
    s.config_folder = folder;
    s.as_at = parse_iso_date("2026-01-20");
    s.run_id = "run-1";
    s.now = *parse_time("2026-01-20T01:30:00Z");
    s.publisher = "Demo County Council";
    s.collapse_min_rows = 3;
    return s;
}

Result<PublishOutcome> StoreFixture::publish_some(const PublishSettings& s) {
    SENDHUB_ASSIGN(std::vector<Dataset> datasets, load_datasets(s.config_folder));
    std::erase_if(datasets,
                  [](const Dataset& d) { return d.name != "dim_person" && d.file.starts_with("schemas/"); });
    return publish(*store, s, datasets);
}

Result<PublishOutcome> StoreFixture::publish_at(const std::string& run_id, const std::string& time) {
    PublishSettings s = settings();
    s.run_id = run_id;
    s.now = *parse_time(time);
    return publish_some(s);
}

Result<PublishOutcome> StoreFixture::publish_all(const std::string& run_id, const std::string& time) {
    PublishSettings s = settings();
    s.run_id = run_id;
    s.now = *parse_time(time);
    return publish(*store, s);
}

std::string StoreFixture::current(const std::string& dataset) {
    return "read_parquet('" + (folder / "published" / "current" / dataset / "data.parquet").string() + "')";
}

}  // namespace sendhub::publish
