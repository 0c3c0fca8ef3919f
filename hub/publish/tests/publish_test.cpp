#include <gmock/gmock.h>
#include <simdjson.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "base/files.hpp"
#include "hub/publish/dataset.hpp"
#include "hub/publish/tests/store_fixture.hpp"

namespace sendhub::publish {
namespace {

namespace fs = std::filesystem;

class Publish : public StoreFixture {
  protected:
    void SetUp() override {
        StoreFixture::SetUp();
        run("insert into person(person_key, surname, forename, birth_date, sex, record_count) values ('p2', "
            "'Öre, \"Al\"', 'Bo\r\nJo', date '2012-02-29', 'M', 1), ('p1', 'Ashe', '', date '2015-09-01', "
            "'F', 2)");
        batch("census-1", "school_census", "person_record enrolment");
    }
    // A council's own dataset.
    void own(
        const std::string& name, const std::string& sql,
        const std::string& rest =
            R"("fields": [{"name": "person_key", "type": "string", "form": "person_key", "nullable": false, "title": "Person key"}, {"name": "n", "type": "int64", "title": "Number"}])") {
        fs::create_directories(folder / "datasets");
        std::ofstream(folder / "datasets" / (name + ".sql")) << sql;
        std::ofstream(folder / "datasets" / (name + ".json"))
            << "{\"name\": \"" << name
            << R"(", "title": "Own", "purpose": "Own.", "layer": "case", "grain": "one child", "key": ["person_key"], "sources": ["person_record"], )"
            << rest << "}";
    }
    std::string published(const Result<PublishOutcome>& outcome) {
        if (!outcome) return "error: " + outcome.error().sentence;
        std::string out = outcome->state == State::published   ? "published "
                          : outcome->state == State::unchanged ? "unchanged "
                                                               : "failed ";
        out += outcome->version;
        for (const CheckFailure& failure : outcome->failures) out += "\n" + failure.sentence;
        return out;
    }
    std::string current_link() {
        std::error_code error;
        return fs::read_symlink(folder / "published" / "current", error).string();
    }
    std::set<std::string> folders() {
        std::set<std::string> names;
        for (const auto& entry : fs::directory_iterator(folder / "published"))
            names.insert(entry.path().filename());
        return names;
    }
};

TEST_F(Publish, a_first_version_is_written_and_current) {
    EXPECT_EQ(published(publish_all("run-1", "2026-01-20T01:30:00Z")), "published 20260120T013000Z");
    EXPECT_EQ(current_link(), "20260120T013000Z");
    EXPECT_EQ(rows("select row_number, row_key, surname, age, as_at, updated_at, source_run_id from " +
                   current("dim_person")),
              "0|p1|Ashe|10|2026-01-19 02:00:00+00|2026-01-20 01:30:00+00|run-1\n"
              "1|p2|Öre, \"Al\"|13|2026-01-19 02:00:00+00|2026-01-20 01:30:00+00|run-1");
    EXPECT_EQ(text("select count(*) from duckdb_tables() where temporary"), "0")
        << "the connection keeps our tables";
    EXPECT_EQ(text("select count(*) from " + current("measure_value") +
                   " where measure_id not in (select measure_id from " + current("measure_catalogue") + ")"),
              "0");
}

TEST_F(Publish, nothing_new_makes_no_version) {
    publish_all("run-1", "2026-01-20T01:30:00Z");
    EXPECT_EQ(published(publish_all("run-2", "2026-01-20T02:30:00Z")), "unchanged 20260120T013000Z");
    EXPECT_EQ(folders(), (std::set<std::string>{"20260120T013000Z", "current"}));
}

TEST_F(Publish, only_a_row_that_changed_moves_its_updated_at) {
    publish_at("run-1", "2026-01-20T01:30:00Z");
    run("update person set forename = 'Cyd' where person_key = 'p1'");
    run("insert into person(person_key, surname) values ('p3', 'Elm')");
    const auto outcome = publish_at("run-2", "2026-01-21T01:30:00Z");
    EXPECT_EQ(published(outcome), "published 20260121T013000Z");
    EXPECT_EQ(rows("select row_key, forename, updated_at, source_run_id from " + current("dim_person")),
              "p1|Cyd|2026-01-21 01:30:00+00|run-2\np2|Bo\r\nJo|2026-01-20 "
              "01:30:00+00|run-1\np3|null|2026-01-21 01:30:00+00|run-2");
    const auto persons = std::ranges::find(outcome->datasets, "dim_person", &DatasetOutcome::dataset);
    EXPECT_EQ(persons->rows, 3);
    EXPECT_EQ(persons->changed, 2);
    EXPECT_EQ(persons->removed, 0);
    // a value that goes away, then a row: both are changes
    run("update person set forename = null where person_key = 'p1'");
    EXPECT_EQ(published(publish_at("run-3", "2026-01-22T01:30:00Z")), "published 20260122T013000Z");
    run("delete from person where person_key = 'p3'");
    EXPECT_EQ(published(publish_at("run-4", "2026-01-23T01:30:00Z")), "published 20260123T013000Z");
    EXPECT_EQ(rows("select row_key, updated_at from " + current("dim_person")),
              "p1|2026-01-22 01:30:00+00\np2|2026-01-20 01:30:00+00");
}

TEST_F(Publish, old_versions_go_and_the_current_one_never) {
    PublishSettings s = settings();
    s.keep_versions = 2;
    for (int day = 20; day <= 24; ++day) {
        run("update person set forename = 'F" + std::to_string(day) + "' where person_key = 'p1'");
        s.now = *parse_time("2026-01-" + std::to_string(day) + "T01:30:00Z");
        const auto outcome = publish_some(s);
        ASSERT_EQ(published(outcome), "published 202601" + std::to_string(day) + "T013000Z");
    }
    EXPECT_EQ(folders(), (std::set<std::string>{"20260123T013000Z", "20260124T013000Z", "current"}));
    // gone back by hand to the older one: it is current, so it stays
    fs::remove(folder / "published" / "current");
    fs::create_directory_symlink("20260123T013000Z", folder / "published" / "current");
    s.keep_versions = 1;
    own("broken", "select person_key, 'x' as n from person");
    s.now = *parse_time("2026-01-25T01:30:00Z");
    EXPECT_THAT(published(publish_some(s)), testing::StartsWith("failed 20260123T013000Z"));
    EXPECT_EQ(folders(), (std::set<std::string>{"20260123T013000Z", "20260124T013000Z",
                                                "20260125T013000Z.failed", "current"}));
}

TEST_F(Publish, versions_that_matching_has_withdrawn_go_at_once) {
    PublishSettings s = settings();
    s.keep_versions = 7;
    for (int day = 20; day <= 23; ++day) {
        run("update person set forename = 'F" + std::to_string(day) + "' where person_key = 'p1'");
        if (day == 22) run("insert into store_info values ('withdrawn_before', '20260122T013000Z')");
        s.now = *parse_time("2026-01-" + std::to_string(day) + "T01:30:00Z");
        ASSERT_THAT(published(publish_some(s)), testing::StartsWith("published"));
    }
    EXPECT_EQ(folders(), (std::set<std::string>{"20260122T013000Z", "20260123T013000Z", "current"}));
    // nothing new to publish: the current one shows no more than the store does, and stays
    run("update store_info set value = '20260125T013000Z' where name = 'withdrawn_before'");
    s.now = *parse_time("2026-01-25T01:30:00Z");
    ASSERT_THAT(published(publish_some(s)), testing::StartsWith("unchanged"));
    EXPECT_EQ(folders(), (std::set<std::string>{"20260123T013000Z", "current"}));
}

TEST_F(Publish, two_versions_of_one_second_have_two_names_and_a_killed_one_leaves_nothing) {
    publish_at("run-1", "2026-01-20T01:30:00Z");
    run("update person set forename = 'x'");
    fs::create_directories(folder / "published" / "20260119T013000Z.tmp" / "dim_person");
    EXPECT_EQ(published(publish_at("run-2", "2026-01-20T01:30:00Z")), "published 20260120T013000Z-2");
    EXPECT_EQ(folders(), (std::set<std::string>{"20260120T013000Z", "20260120T013000Z-2", "current"}));
}

TEST_F(Publish, a_councils_own_dataset_is_published_with_the_rest) {
    own("our_list", "select person_key, cast(length(surname) as bigint) as n from ds_dim_person",
        R"("reads": ["dim_person"], "fields": [{"name": "person_key", "type": "string", "form": "person_key", "nullable": false, "title": "Person key"}, {"name": "n", "type": "int64", "title": "Number"}])");
    EXPECT_EQ(published(publish_at("run-1", "2026-01-20T01:30:00Z")), "published 20260120T013000Z");
    EXPECT_EQ(rows("select row_key, n from " + current("our_list")), "p1|4\np2|9");
    own("dim_person", "select 1");
    EXPECT_THAT(published(publish_at("run-2", "2026-01-20T02:30:00Z")),
                testing::HasSubstr("datasets/dim_person.json: name: sendhub has a dataset of this name"));
    fs::remove(folder / "datasets" / "dim_person.json");
    EXPECT_THAT(published(publish_at("run-2", "2026-01-20T02:30:00Z")),
                testing::HasSubstr("dim_person.sql: there is no dim_person.json"));
}

TEST_F(Publish, a_text_that_does_not_fit_is_left_out_and_counted_and_stops_nothing) {
    own("our_list",
        "select person_key, case person_key when 'p1' then ' school' else 'Öre told us' end as told_by, "
        "case person_key when 'p1' then '900101' else 'Planted' end as urn, 'school_census' as source_system "
        "from "
        "ds_dim_person",
        R"("reads": ["dim_person"], "fields": [{"name": "person_key", "type": "string", "form": "person_key", "nullable": false, "title": "Person key"},
           {"name": "told_by", "type": "string", "values": ["School", "Health"], "title": "Told by"},
           {"name": "urn", "type": "string", "form": "urn", "title": "URN"},
           {"name": "source_system", "type": "string", "form": "feed", "title": "Feed"}])");
    EXPECT_EQ(published(publish_all("run-1", "2026-01-20T01:30:00Z")), "published 20260120T013000Z");
    EXPECT_EQ(rows("select row_key, told_by, urn from " + current("our_list")),
              "p1|School|900101\np2|null|null");
    EXPECT_EQ(rows("select dataset, field, rule_id, feed, severity from " + current("data_quality_issue") +
                   " order by field"),
              "our_list|told_by|HUB-FORM|school_census|warning\nour_list|urn|HUB-FORM|school_census|warning");
    EXPECT_THAT(rows("select reason from " + current("data_quality_issue") + " limit 1"),
                testing::StartsWith("1 values were left out"));
    // the same content is no new version, although something was left out again
    EXPECT_THAT(published(publish_all("run-2", "2026-01-20T02:30:00Z")), testing::StartsWith("unchanged"));
    own("our_list", "select surname as person_key from ds_dim_person",
        R"("reads": ["dim_person"], "fields": [{"name": "person_key", "type": "string", "form": "person_key", "nullable": false, "title": "Person key"}])");
    EXPECT_THAT(
        published(publish_all("run-3", "2026-01-20T03:30:00Z")),
        testing::HasSubstr("our_list has 2 rows where person_key is not what its JSON says it may hold"));
}

struct Fault {
    const char *what, *sql, *rest, *check, *says;
};

TEST_F(Publish, a_dataset_that_fails_a_check_stops_the_version) {
    const char* fields =
        R"("fields": [{"name": "person_key", "type": "string", "form": "person_key", "nullable": false, "title": "Person key"}, {"name": "n", "type": "int64", "title": "Number"}])";
    const char* coded =
        R"("fields": [{"name": "person_key", "type": "string", "form": "person_key", "nullable": false, "title": "Person key"}, {"name": "sex", "type": "string", "title": "Sex", "codes": "sex"}])";
    const char* tested =
        R"("fields": [{"name": "person_key", "type": "string", "form": "person_key", "nullable": false, "title": "Person key"}, {"name": "n", "type": "int64", "title": "Number"}], "tests": [{"name": "n_is_small", "sql": "select row_key from ds_faulty where n > 1", "sentence": "a number above one"}])";
    const char* untestable =
        R"("fields": [{"name": "person_key", "type": "string", "form": "person_key", "nullable": false, "title": "Person key"}, {"name": "n", "type": "int64", "title": "Number"}], "tests": [{"name": "no_such", "sql": "select m from ds_faulty", "sentence": "none"}])";
    const Fault faults[] = {
        {"wrong type", "select person_key, 1.5 as n from person", fields, "columns",
         "n is DECIMAL(2,1) and should be BIGINT"},
        {"missing column", "select person_key from person", fields, "columns", "its SQL does not yield n"},
        {"column too many", "select person_key, cast(1 as bigint) as n, surname from person", fields,
         "columns", "its SQL yields surname, which the JSON does not name"},
        {"key twice", "select 'p1' as person_key, cast(1 as bigint) as n from person", fields, "key",
         "has 1 rows more than it has keys (person_key)"},
        {"no key", "select nullif(person_key, 'p1') as person_key, cast(1 as bigint) as n from person",
         fields, "required", "has 1 rows without person_key"},
        {"no code", "select person_key, case person_key when 'p1' then 'Z' end as sex from person", coded,
         "codes", "has 1 rows where sex is no code of sex"},
        {"own assertion", "select person_key, record_count as n from person", tested, "n_is_small",
         "breaks its test n_is_small in 1 rows: a number above one"},
        {"assertion that cannot run", "select person_key, record_count as n from person", untestable,
         "no_such", "whose SQL cannot run: Binder Error"},
        {"SQL that cannot be read", "select from where", fields, "sql", "Parser Error"},
        {"two statements", "select person_key, cast(1 as bigint) as n from person; drop table person", fields,
         "sql", "could not be built"},
    };
    publish_at("run-1", "2026-01-20T01:30:00Z");
    run("update person set forename = 'new'");
    for (const Fault& fault : faults) {
        own("faulty", fault.sql, fault.rest);
        const auto outcome = publish_at("run-2", "2026-01-21T01:30:00Z");
        ASSERT_TRUE(outcome) << outcome.error().sentence;
        EXPECT_EQ(outcome->state, State::failed) << fault.what;
        ASSERT_EQ(outcome->failures.size(), 1u) << fault.what;
        EXPECT_EQ(outcome->failures[0].dataset, "faulty");
        EXPECT_EQ(outcome->failures[0].check, fault.check) << fault.what;
        EXPECT_THAT(outcome->failures[0].sentence, testing::HasSubstr(fault.says));
        EXPECT_EQ(outcome->version, "20260120T013000Z");
        EXPECT_EQ(current_link(), "20260120T013000Z") << fault.what;
        const auto kept = read_file(outcome->folder / "failures.json");
        ASSERT_TRUE(kept) << fault.what;
        EXPECT_THAT(*kept, testing::HasSubstr("\"dataset\":\"faulty\""));
        EXPECT_TRUE(fs::exists(outcome->folder / "dim_person" / "data.parquet"));
        EXPECT_FALSE(fs::exists(outcome->folder / "datapackage.json"));
        EXPECT_EQ(text("select count(*) from person"), "2");
    }
    EXPECT_LE(std::ranges::count_if(folders(), [](const auto& name) { return name.ends_with(".failed"); }),
              2);
    fs::remove_all(folder / "datasets");
    EXPECT_EQ(published(publish_at("run-3", "2026-01-22T01:30:00Z")), "published 20260122T013000Z");
}

// A conversion error of the engine quotes the value it stumbled over.
TEST_F(Publish, an_error_over_a_row_does_not_quote_it) {
    own("faulty", "select person_key, cast(surname as bigint) as n from person");
    const auto outcome = publish_at("run-1", "2026-01-20T01:30:00Z");
    ASSERT_EQ(outcome->failures.size(), 1u);
    EXPECT_THAT(outcome->failures[0].sentence, testing::AllOf(testing::HasSubstr("Conversion Error"),
                                                              testing::Not(testing::HasSubstr("Ashe")),
                                                              testing::Not(testing::HasSubstr("re, "))));
    EXPECT_EQ(outcome->version, "");
    EXPECT_EQ(current_link(), "");
}

TEST_F(Publish, a_dataset_that_collapses_stops_the_version_unless_the_setting_allows_it) {
    run("insert into person(person_key) select 'x' || i from range(8) t(i)");
    publish_at("run-1", "2026-01-20T01:30:00Z");
    run("delete from person where person_key like 'x%' and person_key >= 'x3'");  // 10 to 5: just half
    EXPECT_EQ(published(publish_at("run-2", "2026-01-21T01:30:00Z")), "published 20260121T013000Z");
    run("delete from person where person_key like 'x%'");  // 5 to 2
    EXPECT_THAT(published(publish_at("run-3", "2026-01-22T01:30:00Z")),
                testing::AllOf(
                    testing::StartsWith("failed 20260121T013000Z"),
                    testing::HasSubstr("dim_person would fall from 5 rows to 2, more than the 50 percent")));
    PublishSettings s = settings();
    s.now = *parse_time("2026-01-23T01:30:00Z");
    s.collapse_percent = 60;
    EXPECT_EQ(published(publish_some(s)), "published 20260123T013000Z");
    run("delete from person");  // 2 to 0: too small to be checked
    s.now = *parse_time("2026-01-24T01:30:00Z");
    EXPECT_EQ(published(publish_some(s)), "published 20260124T013000Z");
}

// --- the files
// -----------------------------------------------------------------------------------------------

// RFC 4180, strictly: CRLF between rows, quotes where they must be and only there.
std::vector<std::vector<std::string>> strict_csv(const std::string& text) {
    std::vector<std::vector<std::string>> rows;
    std::size_t at = 0;
    while (at < text.size()) {
        auto& row = rows.emplace_back();
        for (;;) {
            std::string cell;
            if (text[at] == '"') {
                for (++at; at < text.size(); ++at) {
                    if (text[at] == '"' && text[at + 1] != '"') break;
                    if (text[at] == '"') ++at;
                    cell += text[at];
                }
                ++at;
                EXPECT_TRUE(cell.empty() || cell.find_first_of(",\"\r\n") != std::string::npos)
                    << "needless quotes";
            } else {
                while (at < text.size() && text[at] != ',' && text[at] != '\r' && text[at] != '\n') {
                    EXPECT_NE(text[at], '"');
                    cell += text[at++];
                }
            }
            row.push_back(cell);
            if (at < text.size() && text[at] == ',') {
                ++at;
                continue;
            }
            EXPECT_EQ(text.substr(at, 2), "\r\n");
            at += 2;
            break;
        }
    }
    return rows;
}

TEST_F(Publish, the_csv_holds_cell_for_cell_what_the_parquet_holds) {
    fs::create_directories(folder / "datasets");
    std::ofstream(folder / "datasets" / "all_types.sql")
        << "select 'k' || i as k, case i when 0 then null when 1 then '' when 2 then 'a,b' when 3 then "
           "'q\"q' when 4 then 'l' || chr(10) || 'm' || chr(13) when 5 then '=1+1' else ' é😀 ' end as s, "
           "case when i <> 1 then i % 2 = 0 end as b, case when i <> 2 then cast(-9223372036854775807 + i as "
           "bigint) end as l, cast(i - 3 as integer) as n, "
           "cast(case i when 0 then '-0.0001' when 1 then '99999.9999' when 2 then '-12.5' when 3 then '0' "
           "when 4 then null else '1.05' end as decimal(9, 4)) as d, "
           "cast(case i when 0 then '-0.05' when 1 then '123456789012345.678' else '7' end as decimal(18, "
           "3)) as big, cast(i as decimal(4, 0)) as whole, "
           "date '1899-12-31' + cast(i * 20000 as integer) as day, case when i <> 3 then timestamptz "
           "'2026-03-29 00:59:59.999999+00' + to_seconds(i) end as at from range(7) t(i)";
    std::ofstream(folder / "datasets" / "all_types.json")
        << R"({"name": "all_types", "title": "All", "purpose": "All.", "layer": "restricted", "grain": "row", "key": ["k"], "sources": ["person_record"], "fields": [
 {"name": "k", "type": "string", "nullable": false, "title": "K"}, {"name": "s", "type": "string", "title": "S"}, {"name": "b", "type": "boolean", "title": "B"}, {"name": "l", "type": "int64", "title": "L"},
 {"name": "n", "type": "int32", "title": "N"}, {"name": "d", "type": "decimal", "precision": 9, "scale": 4, "title": "D"}, {"name": "big", "type": "decimal", "precision": 18, "scale": 3, "title": "Big"},
 {"name": "whole", "type": "decimal", "precision": 4, "scale": 0, "title": "Whole"}, {"name": "day", "type": "date", "title": "Day"}, {"name": "at", "type": "timestamp", "title": "At"}]})";
    ASSERT_EQ(published(publish_all("run-1", "2026-01-20T01:30:00Z")), "published 20260120T013000Z");
    const auto datasets = load_datasets(folder);
    for (const Dataset& dataset : *datasets) {
        const auto csv = read_file(folder / "published" / "current" / dataset.name / "data.csv");
        ASSERT_TRUE(csv) << csv.error().sentence;
        const auto cells = strict_csv(*csv);
        std::string columns;
        std::vector<std::string> header;
        for (const DatasetField& column : dataset.columns()) {
            header.push_back(column.name);
            const std::string name = duck::quoted_name(column.name);
            // written by the engine, in the form that the CSV promises
            columns += (columns.empty() ? "" : ", ") +
                       (column.type == "timestamp" ? "strftime(" + name + ", '%Y-%m-%dT%H:%M:%S.%gZ')"
                                                   : "cast(" + name + " as varchar)");
        }
        ASSERT_EQ(cells.at(0), header) << dataset.name;
        auto parquet =
            store->query("select " + columns + " from " + current(dataset.name) + " order by row_number");
        ASSERT_TRUE(parquet) << parquet.error().sentence;
        std::size_t row = 1;
        for (; parquet->next(); ++row) {
            ASSERT_LT(row, cells.size()) << dataset.name;
            ASSERT_EQ(cells[row].size(), header.size()) << dataset.name;
            for (std::size_t i = 0; i < header.size(); ++i)
                EXPECT_EQ(cells[row][i], std::string(parquet->text(i)))
                    << dataset.name << "." << header[i] << " row " << row;
        }
        EXPECT_EQ(row, cells.size()) << dataset.name;
    }
    const auto csv = read_file(folder / "published" / "current" / "all_types" / "data.csv");
    EXPECT_THAT(*csv,
                testing::StartsWith(
                    "row_key,k,s,b,l,n,d,big,whole,day,at,as_at,updated_at,source_run_id\r\nk0,k0,,true,-"
                    "9223372036854775807,-3,-0.0001,-0.050,0,1899-12-31,2026-03-29T00:59:59.999Z,"));
    EXPECT_THAT(*csv, testing::HasSubstr("\r\nk1,k1,\"\",,"));  // an empty text is not nothing
}

TEST_F(Publish, parquet_is_compressed_sorted_and_says_what_it_is) {
    run("insert into person(person_key) select 'x' || i from range(130000) t(i)");
    publish_at("run-1", "2026-01-20T01:30:00Z");
    const std::string path = "'" + (folder / "published/current/dim_person/data.parquet").string() + "'";
    EXPECT_EQ(rows("select distinct compression from parquet_metadata(" + path + ")"), "ZSTD");
    EXPECT_EQ(text("select count(distinct row_group_id) from parquet_metadata(" + path + ")"), "2");
    EXPECT_EQ(rows("select decode(key), decode(value) from parquet_kv_metadata(" + path +
                   ") where decode(key) <> 'schema_hash' order by 1"),
              "dataset|dim_person\nversion|20260120T013000Z");
    EXPECT_EQ(text("select count(*), min(row_number), max(row_number), bool_and(sorted) from (select "
                   "row_number, row_key > lag(row_key) over (order by file_row_number) or file_row_number = "
                   "0 as sorted, file_row_number = row_number as dense from read_parquet(" +
                   path + ", file_row_number = true)) where dense"),
              "130002|0|130001|true");
}

TEST_F(Publish, the_data_package_describes_every_file_truly) {
    publish_all("run-1", "2026-01-20T01:30:00Z");
    const fs::path current_folder = folder / "published" / "current";
    simdjson::dom::parser parser;
    simdjson::dom::element package;
    ASSERT_FALSE(parser.load((current_folder / "datapackage.json").string()).get(package));
    EXPECT_EQ(std::string_view(package["$schema"]), "https://datapackage.org/profiles/2.0/datapackage.json");
    for (const char* key : {"name", "id", "title", "description", "version", "created"})
        EXPECT_FALSE(std::string_view(package[key]).empty()) << key;
    EXPECT_EQ(std::string_view(package["created"]), "2026-01-20T01:30:00.000Z");
    EXPECT_EQ(std::string_view(package["sources"].at(0)["title"]), "school_census");
    EXPECT_EQ(std::string_view(package["contributors"].at(0)["title"]), "Demo County Council");
    const std::set<std::string_view> package_types = {"string",  "integer", "number",
                                                      "boolean", "date",    "datetime"};
    const std::set<std::string_view> hub_types = {"string",  "boolean", "int64",    "int32",
                                                  "decimal", "date",    "timestamp"};
    std::set<std::string> names, paths;
    for (const simdjson::dom::element resource : package["resources"].get_array()) {
        const std::string path{std::string_view(resource["path"])};
        EXPECT_TRUE(names.insert(std::string(std::string_view(resource["name"]))).second);
        EXPECT_TRUE(paths.insert(path).second);
        EXPECT_EQ(std::string_view(resource["type"]), "table");
        EXPECT_EQ(std::int64_t(resource["bytes"]),
                  static_cast<std::int64_t>(fs::file_size(current_folder / path)))
            << path;
        EXPECT_EQ(std::string_view(resource["hash"]), "sha256:" + *sha256_of_file(current_folder / path))
            << path;
        EXPECT_EQ(std::string_view(resource["schema"]["primaryKey"].at(0)), "row_key");
        EXPECT_EQ(std::string_view(resource["schema"]["missingValues"].at(0)), "");
        for (const simdjson::dom::element field : resource["schema"]["fields"].get_array()) {
            EXPECT_FALSE(std::string_view(field["name"]).empty());
            EXPECT_TRUE(package_types.contains(std::string_view(field["type"]))) << path;
        }
        const std::string dataset{std::string_view(resource["sendhub"]["dataset"])};
        EXPECT_EQ(std::to_string(std::int64_t(resource["sendhub"]["rows"])),
                  text("select count(*) from " + current(dataset)));
        EXPECT_GT(resource["sendhub"]["roles"].get_array().value().size(), 0u);
        // the columns as the Parquet file has them, row_number first and not among those that are served
        std::string columns = "row_number";
        for (const simdjson::dom::element field : resource["sendhub"]["fields"].get_array()) {
            columns += " " + std::string(std::string_view(field["name"]));
            EXPECT_TRUE(hub_types.contains(std::string_view(field["type"])));
            EXPECT_EQ(std::string_view(field["type"]) == "decimal", !field["precision"].error());
            EXPECT_FALSE(field["nullable"].error());
            EXPECT_FALSE(field["title"].error());
        }
        EXPECT_EQ(columns, text("select string_agg(column_name, ' ') from (describe select * from " +
                                current(dataset) + ")"));
    }
    EXPECT_EQ(names.size(), 2 * load_datasets({})->size());
    EXPECT_EQ(fs::exists(current_folder / "dim_person" / "data.csv"), true);
}

// Every identifier and name that a feed could hold, and no key that shows one.
TEST_F(Publish, no_row_key_holds_a_personal_value) {
    run("update person set surname = 'PLANTEDNAME', forename = 'PLANTEDNAME', postcode = 'PLANTEDPOST'");
    run("insert into person_link(feed, person_ref, person_key, match_method, link_state) values ('f', "
        "'PLANTEDREF', 'p1', 'exact', 'auto')");
    const std::string hub = "feed, scope, batch_id, file_no, source_row, valid_from, source_key, person_ref";
    const std::string values = "'f', 's', 'b', 0, 1, now(), 'PLANTEDKEY', 'PLANTEDREF'";
    run("insert into cme_case(" + hub + ", status, opened_date) values (" + values +
        ", 'open', date '2026-01-01')");
    run("insert into ehe_episode(" + hub + ", start_date) values (" + values + ", date '2026-01-01')");
    run("insert into off_roll_notice(" + hub + ", date_off_roll) values (" + values + ", date '2026-01-01')");
    run("insert into move(" + hub + ", direction, move_date) values (" + values +
        ", 'in', date '2026-01-01')");
    run("insert into part_time_timetable(" + hub + ", start_date, reported_nil) values (" + values +
        ", date '2026-01-01', false)");
    run("insert into advice_request(" + hub + ", service, requested_date, status) values (" + values +
        ", 'camhs', date '2026-01-01', 'open')");
    run("insert into yj_intervention(" + hub + ", programme_ref, start_date, regime) values (" + values +
        ", 'PLANTEDPROG', date '2026-01-01', 'GDPR')");
    run("insert into person_identifier(" + hub + ", id_type, id_value, id_state) values (" + values +
        ", 'UPN', 'PLANTEDUPN', 'valid')");
    run("insert into enrolment(" + hub + ", on_roll, laestab, academic_year, term) values (" + values +
        ", true, '8732001', '2025/26', 'SPR')");
    ASSERT_EQ(published(publish_all("run-1", "2026-01-20T01:30:00Z")), "published 20260120T013000Z");
    const auto datasets = load_datasets({});
    for (const Dataset& dataset : *datasets) {
        EXPECT_EQ(text("select count(*) from " + current(dataset.name) + " where row_key like '%PLANTED%'"),
                  "0")
            << dataset.name;
        if (dataset.layer == "restricted") continue;
        const auto csv = read_file(folder / "published" / "current" / dataset.name / "data.csv");
        EXPECT_THAT(*csv, testing::Not(testing::HasSubstr("PLANTED"))) << dataset.name;
    }
    EXPECT_THAT(*read_file(folder / "published/current/datapackage.json"),
                testing::Not(testing::HasSubstr("PLANTED")));
    EXPECT_EQ(text("select count(*) from " + current("person_identifier") + " where id_value = 'PLANTEDUPN'"),
              "1");
}

}  // namespace
}  // namespace sendhub::publish
