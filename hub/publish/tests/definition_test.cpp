#include <gmock/gmock.h>

#include <fstream>
#include <set>

#include "base/files.hpp"
#include "hub/publish/dataset.hpp"
#include "schemas/registry.hpp"

namespace sendhub::publish {
namespace {

const std::string good =
    R"({"name": "my_list", "title": "My list", "purpose": "A list.", "layer": "case", "grain": "one child",
  "key": ["person_key"], "sources": ["cme_case"],
  "fields": [{"name": "person_key", "type": "string", "form": "person_key", "nullable": false, "title": "Person key"}, {"name": "age", "type": "int32", "title": "Age"}]})";

std::string with(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

TEST(Definition, a_good_one_is_read_with_the_roles_of_its_layer) {
    const auto dataset = parse_dataset(good, "select 1;\n", "my_list.json");
    ASSERT_TRUE(dataset) << dataset.error().sentence;
    EXPECT_THAT(dataset->roles, testing::ElementsAre("analyst", "caseworker"));
    EXPECT_EQ(dataset->sql, "select 1");
    std::vector<std::string> names;
    for (const DatasetField& field : dataset->columns()) names.push_back(field.name);
    EXPECT_THAT(names,
                testing::ElementsAre("row_key", "person_key", "age", "as_at", "updated_at", "source_run_id"));
}

struct Mistake {
    const char *from, *to, *says;
};

TEST(Definition, a_mistake_is_named_with_file_and_key) {
    const Mistake mistakes[] = {
        {"\"title\": \"My list\", ", "", "my_list.json: title: is missing"},
        {"\"grain\"", "\"grian\"", "my_list.json: grain: is missing"},
        {"\"key\":", "\"colour\": 1, \"key\":", "my_list.json: colour: is no key of a dataset"},
        {"\"title\": \"Age\"", "\"title\": \"Age\", \"unit\": \"years\"",
         "my_list.json: fields[1].unit: is no key"},
        {"\"layer\": \"case\"", "\"layer\": \"secret\"", "my_list.json: layer: must be"},
        {"\"layer\": \"case\"", "\"layer\": \"case\", \"roles\": [\"viewer\"]",
         "my_list.json: roles: viewer may not read the layer case"},
        {"\"my_list\"", "\"My list\"", "my_list.json: name: 'My list' is not snake_case"},
        {"\"age\"", "\"Age\"", "my_list.json: fields[1].name: 'Age' is not snake_case"},
        {"\"age\"", "\"updated_at\"", "my_list.json: fields[1].name: updated_at is added by the hub"},
        {"\"age\"", "\"person_key\"", "my_list.json: fields: person_key stands twice"},
        {"\"age\"", "\"absence_percent\"",
         "my_list.json: fields[1].type: absence_percent must be decimal(9,4)"},
        {"\"int32\"", "\"integer\"", "my_list.json: fields[1].type: 'integer' is no type"},
        {"\"int32\"", "\"decimal\"", "my_list.json: fields[1].precision: a decimal has a precision"},
        {"\"title\": \"Age\"", "\"title\": \"Age\", \"codes\": \"sex\"",
         "my_list.json: fields[1].codes: 'sex' is no code set of schemas/codes for a string"},
        {"[\"person_key\"]", "[\"age\"]", "my_list.json: key: age must have \"nullable\": false"},
        {"[\"person_key\"]", "[\"upn\"]", "my_list.json: key: upn is no field"},
        {"[\"cme_case\"]", "[\"cme\"]", "my_list.json: sources: cme is no record type"},
        {"\"form\": \"person_key\", ", "",
         "my_list.json: fields: person_key is text of the layer case and does not say what it may hold"},
        {"\"form\": \"person_key\"", "\"form\": \"anything\"",
         "my_list.json: fields[0].form: 'anything' is not a form"},
        {"\"form\": \"person_key\"", "\"form\": \"hub_text\"",
         "my_list.json: fields[0].form: hub_text is only for the datasets of sendhub itself"},
        {"\"type\": \"int32\"", "\"type\": \"int32\", \"form\": \"urn\"",
         "my_list.json: fields[1].form: values and form are for a string field"},
        {"{\"name\": \"my_list\"", "[{\"name\": \"my_list\"", "my_list.json: is not JSON"},
    };
    for (const Mistake& mistake : mistakes) {
        const auto dataset = parse_dataset(with(good, mistake.from, mistake.to), "select 1", "my_list.json");
        ASSERT_FALSE(dataset) << mistake.says;
        EXPECT_EQ(dataset.error().code, ErrorCode::settings);
        EXPECT_THAT(dataset.error().sentence, testing::StartsWith(mistake.says));
    }
    EXPECT_FALSE(parse_dataset(good, " ;\n", "my_list.json"));
}

TEST(Definition, datasets_that_read_each_other_are_ordered_or_refused) {
    auto a = *parse_dataset(with(good, "my_list", "a_list"), "select 1", "a_list.json");
    auto b = *parse_dataset(with(good, "my_list", "b_list"), "select 1", "b_list.json");
    a.reads = {"b_list"};
    const auto ordered = in_build_order({a, b});
    ASSERT_TRUE(ordered);
    EXPECT_EQ(ordered->front().name, "b_list");
    b.reads = {"a_list"};
    EXPECT_FALSE(in_build_order({a, b}));
    a.reads = {"*"};
    b.reads = {};
    EXPECT_EQ(in_build_order({a, b})->back().name, "a_list") << "it reads all the others";
    a.reads = {"nowhere"};
    EXPECT_THAT(in_build_order({a}).error().sentence, testing::HasSubstr("there is no dataset nowhere"));
}

TEST(Definition, every_dataset_of_the_issue_is_shipped) {
    const auto datasets = load_datasets({});
    ASSERT_TRUE(datasets) << datasets.error().sentence;
    std::set<std::string> names;
    for (const Dataset& dataset : *datasets) names.insert(dataset.name);
    EXPECT_THAT(names, testing::IsSupersetOf({"dim_person",
                                              "person_identifier",
                                              "person_link",
                                              "dim_school",
                                              "cme_case",
                                              "cme_summary",
                                              "ehe_register",
                                              "ehe_summary",
                                              "off_roll_notification",
                                              "movers",
                                              "part_time_timetable",
                                              "missing_monday",
                                              "school_inclusion_profile",
                                              "attendance_summary",
                                              "exclusion_summary",
                                              "statutory_advice",
                                              "advice_timeliness",
                                              "yj_caseload",
                                              "yj_send_crossmatch",
                                              "feed_health",
                                              "match_quality",
                                              "match_figure",
                                              "data_quality_issue",
                                              "measure_catalogue"}));
}

// Fields that say who a child is; row keys and layers below "restricted" must be free of them.
const std::set<std::string> personal = {
    "surname",        "forename",          "middle_names",      "preferred_surname", "preferred_forename",
    "former_surname", "birth_date",        "ethnicity_code",    "home_postcode",     "home_uprn",
    "id_value",       "source_record_ref", "attribute_sources", "person_ref",        "source_key"};

TEST(Definition, no_key_and_no_open_layer_holds_a_personal_field) {
    const auto datasets = load_datasets({});
    for (const Dataset& dataset : *datasets) {
        for (const std::string& name : dataset.key)
            EXPECT_FALSE(personal.contains(name)) << dataset.name << "." << name;
        if (dataset.layer == "restricted") continue;
        for (const DatasetField& field : dataset.fields)
            EXPECT_FALSE(personal.contains(field.name)) << dataset.name << "." << field.name;
        for (const schema::Record& record : schema::records())
            for (const schema::Field& known : record.fields)
                if (known.personal && record.about_child) {
                    EXPECT_EQ(dataset.find(known.name), nullptr) << dataset.name << "." << known.name;
                }
        if (dataset.layer != "case") {
            EXPECT_EQ(dataset.find("person_key"), nullptr) << dataset.name;
        }
    }
}

TEST(Definition, the_reference_page_is_up_to_date) {
    const auto page = read_file(std::filesystem::path(SENDHUB_SOURCE_DIR) / "docs/reference/datasets.md");
    ASSERT_TRUE(page) << page.error().sentence;
    EXPECT_EQ(*page, reference_page(*load_datasets({})))
        << "run: bin/sendhub_datasets_page > docs/reference/datasets.md";
}

}  // namespace
}  // namespace sendhub::publish
