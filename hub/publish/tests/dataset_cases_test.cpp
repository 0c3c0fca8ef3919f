// Small tables in, expected rows out: one file of cases/ each.
//
//   # why this case
//   as_at 2026-01-20                      optional, as is: inclusive_day_rule false
//   table person_link                     rows of a table of the store; columns by header, empty is null
//   feed | person_ref | person_key
//   cme  | c1         | p1
//   expect cme_case                       the dataset's rows in row_key order, all of them, the columns
//   named;
//                                         "expect cme_case where …": those rows
//   row_key         | is_open
//   p1|2025-10-01|1 | true
//
// Cells stand between " | "; the columns of a table that the store requires and a case leaves out are filled
// in.
#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "hub/publish/build.hpp"
#include "hub/publish/dataset.hpp"
#include "hub/publish/tests/store_fixture.hpp"

namespace sendhub::publish {
namespace {

using Row = std::vector<std::string>;

Row cells(const std::string& line) {
    Row row;
    const std::string padded = " " + line + " ";
    for (std::size_t from = 0;;) {
        const std::size_t bar = padded.find(" | ", from);
        std::string cell = padded.substr(from, bar == std::string::npos ? std::string::npos : bar - from);
        cell.erase(0, cell.find_first_not_of(' '));
        cell.erase(cell.find_last_not_of(' ') + 1);
        row.push_back(std::move(cell));
        if (bar == std::string::npos) return row;
        from = bar + 2;  // the blank after a bar may begin the next one
    }
}

struct Section {
    std::string name;
    std::string where;      // of an expectation
    std::vector<Row> rows;  // the first is the header
};

struct Case {
    std::string as_at = "2026-01-20";
    bool inclusive = true;
    std::vector<Section> tables, expected;
};

Case read_case(const std::filesystem::path& path) {
    Case c;
    std::ifstream in(path);
    Section* section = nullptr;
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line[0] == '#') continue;
        std::istringstream words(line);
        std::string first, second;
        words >> first >> second;
        if (first == "as_at")
            c.as_at = second;
        else if (first == "inclusive_day_rule")
            c.inclusive = second == "true";
        else if (first == "table")
            section = &c.tables.emplace_back(Section{second, {}, {}});
        else if (first == "expect") {
            section = &c.expected.emplace_back(Section{second, {}, {}});
            std::getline(words, section->where);
        } else if (section)
            section->rows.push_back(cells(line));
    }
    return c;
}

class DatasetCase : public StoreFixture, public testing::WithParamInterface<std::string> {
  protected:
    // The types of the table's columns, and which must be filled.
    struct Column {
        std::string type;
        bool required;
    };
    std::map<std::string, Column> columns_of(const std::string& table) {
        std::map<std::string, Column> columns;
        auto found = store->query(
            "select column_name, data_type, not is_nullable from duckdb_columns() where table_name = ?",
            {std::string_view(table)});
        while (found && found->next())
            columns[std::string(found->text(0))] = {std::string(found->text(1)), found->boolean(2)};
        return columns;
    }
    void load(const Section& section) {
        const auto columns = columns_of(section.name);
        ASSERT_FALSE(columns.empty()) << "no table " << section.name;
        for (std::size_t i = 1; i < section.rows.size(); ++i) {
            const Row &header = section.rows[0], &row = section.rows[i];
            ASSERT_EQ(row.size(), header.size()) << section.name << " row " << i;
            std::string names, values;
            const auto add = [&](const std::string& name, const std::string& value) {
                names += (names.empty() ? "" : ", ") + duck::quoted_name(name);
                values += (values.empty() ? "" : ", ") +
                          (value.empty()
                               ? "null"
                               : "cast(" + duck::quoted_text(value) + " as " + columns.at(name).type + ")");
            };
            for (std::size_t k = 0; k < header.size(); ++k) {
                ASSERT_TRUE(columns.contains(header[k])) << section.name << " has no column " << header[k];
                add(header[k], row[k]);
            }
            for (const auto& [name, column] : columns) {
                if (!column.required || std::ranges::find(header, name) != header.end()) continue;
                const std::string number = std::to_string(i);
                add(name, column.type == "VARCHAR"               ? (name == "feed" ? "f" : name + number)
                          : column.type == "BOOLEAN"             ? "false"
                          : column.type == "DATE"                ? "2026-01-01"
                          : column.type.starts_with("TIMESTAMP") ? "2026-01-01 00:00:00+00"
                                                                 : number);
            }
            run("insert into " + section.name + "(" + names + ") values (" + values + ")");
        }
    }
};

TEST_P(DatasetCase, gives_the_expected_rows) {
    const Case c =
        read_case(std::filesystem::path(SENDHUB_SOURCE_DIR) / "hub/publish/tests/cases" / GetParam());
    ASSERT_FALSE(c.expected.empty());
    for (const Section& table : c.tables) load(table);
    if (HasFatalFailure()) return;

    PublishSettings s = settings();
    s.as_at = parse_iso_date(c.as_at);
    s.inclusive_day_rule = c.inclusive;
    auto datasets = load_datasets({});
    ASSERT_TRUE(datasets) << datasets.error().sentence;
    const Status prepared = prepare_session(*store, s);
    ASSERT_TRUE(prepared) << prepared.error().sentence;
    std::set<std::string> wanted;  // the expected ones and, before them, what they read
    for (const Section& section : c.expected) wanted.insert(section.name);
    for (auto d = datasets->rbegin(); d != datasets->rend(); ++d)
        if (wanted.contains(d->name)) wanted.insert(d->reads.begin(), d->reads.end());
    std::vector<CheckFailure> failures;
    for (const Dataset& dataset : *datasets) {
        if (!wanted.contains(dataset.name)) continue;
        Built built;
        const Status status = build_dataset(*store, dataset, nullptr, s, built, failures);
        ASSERT_TRUE(status) << status.error().sentence;
        for (const CheckFailure& failure : failures) ADD_FAILURE() << failure.sentence;
        ASSERT_TRUE(failures.empty());
    }
    for (const Section& section : c.expected) {
        std::string expected, columns;
        ASSERT_FALSE(section.rows.empty());
        for (const std::string& name : section.rows[0]) columns += (columns.empty() ? "" : ", ") + name;
        for (std::size_t i = 1; i < section.rows.size(); ++i) {
            std::string line;
            ASSERT_EQ(section.rows[i].size(), section.rows[0].size())
                << section.name << " expected row " << i;
            for (std::size_t k = 0; k < section.rows[i].size(); ++k)
                line += (k ? "|" : "") + (section.rows[i][k].empty() ? "null" : section.rows[i][k]);
            expected += (expected.empty() ? "" : "\n") + line;
        }
        EXPECT_EQ(
            rows("select " + columns + " from ds_" + section.name + section.where + " order by row_number"),
            expected)
            << section.name;
    }
}

std::vector<std::string> case_files() {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(SENDHUB_SOURCE_DIR) /
                                                                 "hub/publish/tests/cases"))
        names.push_back(entry.path().filename().string());
    std::ranges::sort(names);
    return names;
}

INSTANTIATE_TEST_SUITE_P(Cases, DatasetCase, testing::ValuesIn(case_files()), [](const auto& info) {
    std::string name = info.param.substr(0, info.param.find('.'));
    return name;
});

// A dataset without a case has never been seen to give a right row.
TEST(DatasetCases, every_shipped_dataset_has_one) {
    std::set<std::string> covered;
    for (const std::string& name : case_files())
        for (const Section& section :
             read_case(std::filesystem::path(SENDHUB_SOURCE_DIR) / "hub/publish/tests/cases" / name).expected)
            if (section.rows.size() > 1) covered.insert(section.name);
    const auto datasets = load_datasets({});
    ASSERT_TRUE(datasets) << datasets.error().sentence;
    for (const Dataset& dataset : *datasets)
        EXPECT_TRUE(covered.contains(dataset.name)) << dataset.name << " has no case with rows";
}

}  // namespace
}  // namespace sendhub::publish
