#include "hub/publish/tests/store_fixture.hpp"

#include <unistd.h>

#include <cstdlib>

#include "schemas/registry.hpp"

namespace sendhub::publish {

// As migration 0001 of the store and the migration of matching make them.
constexpr const char* bookkeeping = R"(
create table batch(batch_id varchar, feed varchar, connector varchar, connector_version varchar, state varchar, received bigint, staged bigint, rejected bigint,
    imported bigint, unchanged bigint, changed bigint, closed bigint, started_at timestamptz, imported_at timestamptz, folder varchar);
create table batch_file(batch_id varchar, feed varchar, file_no integer, seq bigint, name varchar, sha256 varchar, bytes bigint, state varchar, reason varchar);
create table batch_scope(batch_id varchar, scope_no integer, feed varchar, record varchar, scope varchar, mode varchar, as_of date, rows bigint, would_close bigint,
    current_rows bigint, state varchar, decided_by varchar, decided_at timestamptz);
create table row_issue(batch_id varchar, feed varchar, severity varchar, record varchar, scope varchar, file_no integer, file_name varchar, source_row bigint,
    field varchar, value_masked varchar, rule varchar, reason varchar, advice varchar, "at" timestamptz);
create table run(run_id varchar, feed varchar, kind varchar, state varchar, started_at timestamptz, finished_at timestamptz, batch_id varchar, received bigint,
    accepted bigint, rejected bigint, unchanged bigint, error_code varchar, sentence varchar);
create table person(person_key varchar, surname varchar, forename varchar, middle_names varchar, preferred_surname varchar, preferred_forename varchar,
    former_surname varchar, birth_date date, sex varchar, ethnicity_code varchar, first_language varchar, postcode varchar, uprn varchar, attribute_sources varchar,
    record_count bigint, created_at timestamptz, updated_at timestamptz);
create table person_link(feed varchar, person_ref varchar, person_key varchar, match_method varchar, match_rule varchar, match_score decimal(6,4), link_state varchar,
    reviewed_by varchar, reviewed_at timestamptz, linked_at timestamptz, run_id varchar);
create table person_event(event_id bigint, "at" timestamptz, event_type varchar, person_key varchar, other_key varchar, feed varchar, person_ref varchar, reason varchar, run_id varchar);
create table match_pending(feed_a varchar, person_ref_a varchar, feed_b varchar, person_ref_b varchar, rule varchar, veto varchar, found_at timestamptz, run_id varchar);
)";

void StoreFixture::SetUp() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sendhub-publish-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder = pattern;
    auto opened = duck::Database::open("", {{"threads", "2"}});
    ASSERT_TRUE(opened) << opened.error().sentence;
    database.emplace(std::move(*opened));
    auto connection = database->connect();
    ASSERT_TRUE(connection) << connection.error().sentence;
    store.emplace(std::move(*connection));
    run("set timezone = 'UTC'");
    run(bookkeeping);
    for (const schema::Record& record : schema::records()) run(std::string(record.ddl));
}

void StoreFixture::TearDown() {
    store.reset();
    database.reset();
    std::error_code error;
    std::filesystem::remove_all(folder, error);
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
    run("insert into batch(batch_id, feed, state, started_at, imported_at) values ('" + id + "', '" + feed +
        "', 'imported', '" + at + "', '" + at + "')");
    run("insert into batch_scope(batch_id, scope_no, feed, record, scope, mode, state) select '" + id +
        "', 0, '" + feed + "', r, 'all', 'snapshot', 'imported' from unnest(string_split('" + records +
        "', ' ')) as t(r)");
}

PublishSettings StoreFixture::settings() {
    PublishSettings s;
    s.published = folder / "published";
    s.config_folder = folder;
    s.as_at = parse_iso_date("2026-01-20");
    s.run_id = "run-1";
    s.now = *parse_time("2026-01-20T01:30:00Z");
    s.publisher = "Demo County Council";
    return s;
}

Result<PublishOutcome> StoreFixture::publish_at(const std::string& run_id, const std::string& time) {
    PublishSettings s = settings();
    s.run_id = run_id;
    s.now = *parse_time(time);
    return publish(*store, s);
}

std::string StoreFixture::current(const std::string& dataset) {
    return "read_parquet('" + (folder / "published" / "current" / dataset / "data.parquet").string() + "')";
}

}  // namespace sendhub::publish
