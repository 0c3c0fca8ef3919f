// The SDK seen from both sides: what a connector class becomes as a C table, and what the host is told.
#undef NDEBUG  // the check of undeclared fields is tested whatever the build

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <new>
#include <sendhub/connector.hpp>
#include <sendhub/records.hpp>
#include <sendhub/testing.hpp>
#include <sendhub/transport.hpp>

using namespace sendhub;
using namespace sendhub::sdk;
using sdk::testing::run_connector;
using sdk::testing::run_transport;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

using Person = records::PersonRecord;
using PersonField = Person::Field;

int alive = 0;  // connectors that were made and not yet ended

void throw_as(std::string_view what) {
    if (what == "file_refused") throw FileRefused("refused so");
    if (what == "bad_settings") throw BadSettings("wrong so");
    if (what == "try_later") throw TryLater("later so");
    if (what == "run_failed") throw RunFailed("failed so");
    if (what == "cancelled") throw Cancelled();
    if (what == "memory") throw std::bad_alloc();
    if (what == "standard") throw std::out_of_range("standard so");
    if (what == "a number") throw 7;
}

class Probe : public Connector {
  public:
    static ConnectorInfo info() {
        return {"probe",
                "1.2.3",
                "Probe",
                "Does what its settings say.",
                {{"throw_in_open", SettingType::text, "", "What to throw."},
                 {"throw_in_read", SettingType::text, "", "What to throw."},
                 {"do", SettingType::text, "", "What to do in read_file."},
                 {"count", SettingType::integer, "3", "A number.", "rows"},
                 {"strict", SettingType::boolean, "", "A truth.", "", true},
                 {"token", SettingType::text, "", "A secret.", "", false, true},
                 {.name = "columns",
                  .type = SettingType::text,
                  .default_value = "",
                  .meaning = "A table.",
                  .table = true},
                 {.name = "words",
                  .type = SettingType::text,
                  .default_value = "a\nb",
                  .meaning = "A list.",
                  .list = true}},
                {fills<Person>({PersonField::surname, PersonField::person_ref, PersonField::source_key,
                                PersonField::birth_date}),
                 fills<records::Address>()}};
    }
    explicit Probe(ConnectorHost& host) : host_(host), people_(host) {
        throw_as(host.setting("throw_in_open"));
        ++alive;
    }
    ~Probe() override { --alive; }

    void read_file(const File& file) override {
        throw_as(host_.setting("throw_in_read"));
        const std::string_view what = host_.setting("do");
        const Scope scope = people_.scope("all", ScopeMode::snapshot, file.received_day());
        if (what == "subset")
            people_.add(scope, 5,
                        Person().source_key("k").person_ref("r").surname("Hill").birth_date(
                            Date::from_civil(2014, 8, 31)));
        if (what == "undeclared")
            people_.add(scope, 5, Person().source_key("k").person_ref("r").forename("Tom"));
        if (what == "no_writer") RecordWriter<records::Move> moves(host_);
        if (what == "read") host_.info(host_.read_all(10));
        if (what == "issues") {
            people_.reject(scope, 3,
                           {"P-1", "birth_date", "31/02/2014", "No such day.", "Mend it.", true, "k"});
            people_.warn(scope, 4, {"P-2", "", "", "Odd.", "Look."});
            host_.reject(0, {"P-3", "", "", "The file is odd.", "Look."});
        }
        if (what == "settings") {
            host_.info(std::to_string(host_.setting_integer("count")));
            host_.info(host_.setting_boolean("strict") ? "strict" : "not strict");
            for (const auto& word : host_.setting_list("words")) host_.info("word " + word);
            for (const auto& [key, value] : host_.setting_table("columns")) host_.info(key + " is " + value);
            host_.info("not set: " + std::string(host_.setting("nothing")));
        }
    }
    void finish() override { host_.info("finished"); }

  private:
    ConnectorHost& host_;
    RecordWriter<Person> people_;
};

const shp_plugin* probe() { return detail::connector_table<Probe>(); }

class Carrier : public Transport {
  public:
    static TransportInfo info() { return {"carrier", "1.0.0", "Carrier", "Brings two files.", {}}; }
    explicit Carrier(TransportHost& host) : host_(host) {}
    void fetch() override {
        for (const char* name : {"a", "b"}) {
            if (!host_.wants(name, 1, 0)) continue;
            host_.begin_file(name, 1, 0);
            host_.write("x", 1);
            host_.commit_file();
        }
        host_.skipped("c", "not yet");
        host_.begin_file("d", 1, 0);
        host_.begin_file("e", 1, 0);  // one file at a time: the host says no
    }

  private:
    TransportHost& host_;
};

}  // namespace

TEST(SdkErrors, every_exception_ends_as_a_code_and_a_sentence) {
    const std::tuple<const char*, std::int32_t, const char*> cases[] = {
        {"bad_settings", SHP_BAD_SETTINGS, "wrong so"}, {"try_later", SHP_RETRY, "later so"},
        {"run_failed", SHP_FAILED, "failed so"},        {"cancelled", SHP_CANCELLED, "stopped by the hub"},
        {"memory", SHP_FAILED, "ran out of memory"},    {"standard", SHP_FAILED, "standard so"},
        {"a number", SHP_FAILED, "not an exception"},
    };
    for (const auto& [what, code, sentence] : cases)
        for (const char* where : {"throw_in_open", "throw_in_read"}) {
            const auto out = run_connector(probe(), {{where, what}}, {{"a", ""}});
            EXPECT_EQ(out.code, code) << what << " " << where;
            EXPECT_THAT(out.error, HasSubstr(sentence)) << what << " " << where;
            EXPECT_EQ(alive, 0) << what << " " << where;
        }
}

TEST(SdkErrors, a_refused_file_costs_only_itself) {
    const auto out = run_connector(probe(), {{"throw_in_read", "file_refused"}}, {{"a", ""}, {"b", ""}});
    EXPECT_EQ(out.code, SHP_OK);
    EXPECT_EQ(out.refused.size(), 2u);
    EXPECT_EQ(out.refused.at("a"), "refused so");
    EXPECT_THAT(out.log, ElementsAre("finished"));
}

TEST(SdkErrors, the_hub_can_stop_a_run) {
    shp_host host{};
    host.size = sizeof host;
    int stop = 0;
    host.ctx = &stop;
    host.cancelled = [](void* ctx) -> std::int32_t { return *static_cast<int*>(ctx); };
    EXPECT_NO_THROW(Host(&host).stop_if_cancelled());
    stop = 1;
    EXPECT_THROW(Host(&host).stop_if_cancelled(), Cancelled);
}

TEST(SdkErrors, a_hub_that_says_no_ends_the_run) {
    ConnectorInfo info = Probe::info();
    static shp_host_connector rows{};
    rows.size = sizeof rows;
    shp_host table{};
    table.size = sizeof table;
    table.get_interface = [](void*, shp_str) -> const void* { return &rows; };
    rows.scope = [](void*, std::uint32_t, shp_str, std::uint32_t, std::int32_t) -> std::uint32_t {
        return SHP_NONE;
    };
    rows.add_row = [](void*, std::uint32_t, std::uint32_t, std::uint64_t, const shp_value*,
                      std::uint32_t) -> std::int32_t { return SHP_FAILED; };
    rows.add_issue = [](void*, const shp_issue*) -> std::int32_t { return SHP_FAILED; };
    rows.read = [](void*, void*, std::uint64_t) -> std::int64_t { return -1; };
    ConnectorHost host(&table, info);
    RecordWriter<Person> people(host);
    EXPECT_THROW(people.scope("all", ScopeMode::delta, Date{}), RunFailed);
    EXPECT_THROW(people.add(Scope{0}, 1, Person().source_key("k")), RunFailed);
    EXPECT_THROW(host.reject(1, {}), RunFailed);
    char buffer[8];
    EXPECT_THROW(host.read(buffer), FileRefused);
}

TEST(SdkRecords, a_subset_of_fields_is_declared_with_source_key_first) {
    const shp_connector* connector = sdk::testing::connector_of(probe());
    ASSERT_EQ(connector->record_count, 2u);
    const shp_record& person = connector->records[0];
    EXPECT_EQ(person.size, sizeof(shp_record));
    EXPECT_EQ(from_c(person.name), "person_record");
    std::vector<std::string_view> names;
    for (std::uint32_t i = 0; i < person.field_count; ++i) names.push_back(from_c(person.fields[i]));
    EXPECT_THAT(names, ElementsAre("source_key", "surname", "person_ref", "birth_date"));
    EXPECT_EQ(connector->records[1].field_count, records::Address::field_count)
        << "all of them, when none is named";
}

TEST(SdkRecords, values_arrive_under_the_names_that_were_declared) {
    auto out = run_connector(probe(), {{"do", "subset"}}, {{"a", ""}});
    ASSERT_EQ(out.code, SHP_OK) << out.error;
    const sdk::testing::TextRow want{
        {"source_key", "k"}, {"person_ref", "r"}, {"surname", "Hill"}, {"birth_date", "2014-08-31"},
        {"@scope", "all"},   {"@row", "5"},       {"@file", "a"}};
    EXPECT_THAT(out.rows["person_record"], ElementsAre(want));
}

TEST(SdkRecords, a_field_that_is_set_and_not_declared_is_found) {
    const auto out = run_connector(probe(), {{"do", "undeclared"}}, {{"a", ""}});
    EXPECT_EQ(out.code, SHP_FAILED);
    EXPECT_THAT(out.error, HasSubstr("sets person_record.forename but does not declare it"));
}

TEST(SdkRecords, a_record_that_is_written_and_not_declared_is_found) {
    const auto out = run_connector(probe(), {{"do", "no_writer"}}, {{"a", ""}});
    EXPECT_EQ(out.code, SHP_FAILED);
    EXPECT_THAT(out.error, HasSubstr("writes move but does not declare it"));
}

TEST(SdkRecords, empty_text_and_empty_optionals_are_no_value) {
    Person row;
    row.surname("Hill").surname("").birth_date(Date{5}).birth_date(std::nullopt);
    for (std::size_t i = 0; i < Person::field_count; ++i) EXPECT_EQ(row.value(i).kind, SHP_NULL);
    row.surname("Hill");
    row.clear();
    EXPECT_EQ(row.value(static_cast<std::size_t>(PersonField::surname)).kind, SHP_NULL);
}

TEST(SdkIssues, reach_the_host_in_full) {
    const auto out = run_connector(probe(), {{"do", "issues"}}, {{"a", ""}});
    ASSERT_EQ(out.issues.size(), 3u);
    EXPECT_EQ(out.rejects(), 2u);
    EXPECT_EQ(out.rejects("P-1"), 1u);
    EXPECT_EQ(out.warnings("P-2"), 1u);
    const auto& first = out.issues[0];
    EXPECT_EQ(std::tie(first.record, first.file, first.field, first.value, first.reason, first.advice,
                       first.source_key, first.row),
              std::make_tuple("person_record", "a", "birth_date", "31/02/2014", "No such day.", "Mend it.",
                              "k", 3u));
    EXPECT_EQ(out.issues[2].record, "") << "of the file as a whole";
}

TEST(SdkSettings, lists_tables_defaults_and_types) {
    const auto out = run_connector(
        probe(), {{"do", "settings"}, {"strict", "true"}, {"columns.Child Ref", "x"}, {"columns.a.b", "y"}},
        {{"a", ""}});
    ASSERT_EQ(out.code, SHP_OK) << out.error;
    EXPECT_THAT(out.log, ElementsAre("3", "strict", "word a", "word b", "Child Ref is x", "a.b is y",
                                     "not set: ", "finished"));
    EXPECT_THAT(
        run_connector(probe(), {{"do", "settings"}, {"words", ""}, {"count", "-12"}}, {{"a", ""}}).log,
        ElementsAre("-12", "not strict", "not set: ", "finished"));
    for (const char* wrong : {"", "x", "1x", "1.5", "99999999999999999999"})
        EXPECT_EQ(run_connector(probe(), {{"do", "settings"}, {"count", wrong}}, {{"a", ""}}).code,
                  SHP_BAD_SETTINGS)
            << wrong;
    EXPECT_EQ(run_connector(probe(), {{"do", "settings"}, {"strict", "yes"}}, {{"a", ""}}).code,
              SHP_BAD_SETTINGS);
}

TEST(SdkSettings, are_declared_to_the_hub_with_their_marks) {
    const shp_plugin* plugin = probe();
    EXPECT_EQ(plugin->size, sizeof(shp_plugin));
    EXPECT_EQ(plugin->abi_version, SHP_ABI_VERSION);
    EXPECT_NE(sdk::testing::connector_of(plugin), nullptr);
    EXPECT_EQ(sdk::testing::transport_of(plugin), nullptr);
    EXPECT_EQ(from_c(plugin->name), "probe");
    EXPECT_EQ(from_c(plugin->version), "1.2.3");
    std::map<std::string_view, const shp_setting*> by_name;
    for (std::uint32_t i = 0; i < plugin->setting_count; ++i)
        by_name[from_c(plugin->settings[i].name)] = &plugin->settings[i];
    EXPECT_EQ(by_name.at("count")->flags, 0u);
    EXPECT_EQ(by_name.at("count")->type, SHP_TYPE_INTEGER);
    EXPECT_EQ(from_c(by_name.at("count")->unit), "rows");
    EXPECT_EQ(from_c(by_name.at("count")->default_value), "3");
    EXPECT_EQ(by_name.at("strict")->flags, SHP_SETTING_REQUIRED);
    EXPECT_EQ(by_name.at("token")->flags, SHP_SETTING_SECRET);
    EXPECT_EQ(by_name.at("columns")->flags, SHP_SETTING_TABLE);
    EXPECT_EQ(by_name.at("words")->flags, SHP_SETTING_LIST);
    EXPECT_EQ(probe(), plugin) << "one table for the life of the process";
}

TEST(SdkFiles, are_read_whole_up_to_a_limit) {
    EXPECT_THAT(run_connector(probe(), {{"do", "read"}}, {{"a", "0123456789"}}).log,
                ElementsAre("0123456789", "finished"));
    const auto out = run_connector(probe(), {{"do", "read"}}, {{"a", "0123456789X"}});
    EXPECT_THAT(out.refused.at("a"), HasSubstr("larger than this connector takes"));
}

TEST(SdkTransport, offers_brings_and_is_told_no) {
    const auto out = run_transport(detail::transport_table<Carrier>(), {}, {"a"});
    ASSERT_EQ(out.taken.size(), 1u);
    EXPECT_EQ(out.taken[0].name, "b");
    EXPECT_EQ(out.taken[0].content, "x");
    EXPECT_EQ(out.skipped.at("c"), "not yet");
    EXPECT_EQ(out.code, SHP_FAILED);
    EXPECT_THAT(out.error, HasSubstr("could not take the file"));
    EXPECT_EQ(sdk::testing::connector_of(detail::transport_table<Carrier>()), nullptr);
}

TEST(SdkDates, are_days_of_the_calendar) {
    EXPECT_EQ(Date::from_civil(1970, 1, 1)->days, 0);
    EXPECT_EQ(Date::from_civil(2024, 2, 29)->days, 19782);
    EXPECT_FALSE(Date::from_civil(2025, 2, 29));
    EXPECT_FALSE(Date::from_civil(2025, 0, 1));
    const Date leap = *Date::from_civil(2012, 2, 29);
    EXPECT_EQ(age_on(leap, *Date::from_civil(2026, 2, 28)), 13);
    EXPECT_EQ(age_on(leap, *Date::from_civil(2026, 3, 1)), 14);
    EXPECT_EQ((File{0, "", 0, -1}.received_day().days), -1)
        << "before 1970 the day is still the one it lies in";
}
