// What is refused before, or as, a plugin is loaded; and what `sendhub plugin` prints of the rest.
#include <sys/stat.h>

#include <sstream>

#include "hub/supervisor/describe_plugin.hpp"
#include "hub/supervisor/plugin_commands.hpp"
#include "tests/misbehaving/harness.hpp"

namespace sendhub::worker {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::WorkerTest;
namespace fs = std::filesystem;

class Loading : public WorkerTest {
  protected:
    std::string refusal(const fs::path& path) {
        const auto described = describe_plugin(path, WORKER_FIXTURE);
        if (described) return "described as " + described->name;
        EXPECT_EQ(described.error().code, ErrorCode::plugin);
        EXPECT_THAT(described.error().sentence, HasSubstr("the plugin " + path.string() + " was refused: "));
        // A run says the same.
        auto job = stage_job({land("a.csv", "K1,R1,Smith,F\n")});
        job.plugin = path;
        if (path.filename() != "hang_on_load.so") {
            const auto outcome = run(job);
            EXPECT_NE(outcome.state, OutcomeState::ok);
            expect_no_batch();
        }
        return described.error().sentence;
    }
    fs::path copy_of(const std::string& fixture_name, const std::string& name) {
        const auto path = state / name;
        fs::copy_file(fixture(fixture_name), path);
        return path;
    }
};

// A plugin with its debug information has many megabytes; what it may write is another matter.
TEST_F(Loading, APluginMayBeLargerThanWhatItMayWrite) {
    const auto large = copy_of("misbehaving", "large.so");
    fs::resize_file(large, fs::file_size(large) + (3u << 20));
    const auto described = describe_plugin(large, WORKER_FIXTURE);
    ASSERT_TRUE(described) << described.error().sentence;
    EXPECT_EQ(described->name, "misbehaving");
    limits.output_mb = 1;
    auto job = stage_job({land("a.csv", "K1,R1,Smith,F\n")});
    job.plugin = large;
    const auto outcome = run(job);
    EXPECT_EQ(outcome.state, OutcomeState::ok) << outcome.sentence;
}

TEST_F(Loading, AbiVersionTooNew) {
    EXPECT_THAT(
        refusal(fixture("abi_too_new")),
        HasSubstr("version 99 of the plugin boundary, this hub loads versions 1 to 1; update the hub"));
}
TEST_F(Loading, AbiVersionTooOld) {
    EXPECT_THAT(
        refusal(fixture("abi_too_old")),
        HasSubstr("version 0 of the plugin boundary, this hub loads versions 1 to 1; build the plugin"));
}
TEST_F(Loading, UnknownField) {
    EXPECT_THAT(refusal(fixture("unknown_field")),
                HasSubstr("the field shoe_size of person_record, which this hub's schema does not have"));
}
TEST_F(Loading, UnknownRecord) {
    EXPECT_THAT(refusal(fixture("unknown_record")),
                HasSubstr("the record type shoe_record, which this hub's schema does not have"));
}
TEST_F(Loading, RequiredFieldNotDeclared) {
    EXPECT_THAT(refusal(fixture("no_person_ref")), HasSubstr("person_record without person_ref"));
}
TEST_F(Loading, SlotNotFilled) {
    EXPECT_THAT(refusal(fixture("no_finish")), HasSubstr("lacks the function finish"));
}
TEST_F(Loading, SymbolNotExported) {
    EXPECT_THAT(refusal(fixture("no_entry")), HasSubstr("exports no function sendhub_plugin"));
}
TEST_F(Loading, NoTable) { EXPECT_THAT(refusal(fixture("no_table")), HasSubstr("returned nothing")); }
TEST_F(Loading, UnknownKind) {
    EXPECT_THAT(refusal(fixture("unknown_kind")),
                HasSubstr("offers neither sendhub.connector/1 nor sendhub.transport/1"));
}
TEST_F(Loading, Sink) { EXPECT_THAT(refusal(fixture("sink")), HasSubstr("calls no sinks yet")); }
TEST_F(Loading, CrashWhenLoaded) {
    EXPECT_THAT(refusal(fixture("crash_on_load")), HasSubstr("crashed when it was loaded (Aborted)"));
}
TEST_F(Loading, ExitWhenLoaded) {
    EXPECT_THAT(refusal(fixture("exit_on_load")), HasSubstr("ended the process before it described itself"));
}
TEST_F(Loading, HangWhenLoaded) {
    EXPECT_THAT(refusal(fixture("hang_on_load")), HasSubstr("did not describe itself within 10 s"));
}
TEST_F(Loading, NoSuchFile) { EXPECT_THAT(refusal(state / "none.so"), HasSubstr("there is no such file")); }
TEST_F(Loading, AFolder) { EXPECT_THAT(refusal(staging), HasSubstr("not a regular file")); }
TEST_F(Loading, Empty) {
    std::ofstream(state / "empty.so");
    EXPECT_THAT(refusal(state / "empty.so"), HasSubstr("it is empty"));
}
TEST_F(Loading, AText) {
    std::ofstream(state / "text.so") << "#!/bin/sh\necho hello\n";
    EXPECT_THAT(refusal(state / "text.so"), HasSubstr("not a shared library (no ELF header)"));
}
TEST_F(Loading, CutShort) {
    const auto path = copy_of("misbehaving", "cut.so");
    fs::resize_file(path, fs::file_size(path) / 2);
    EXPECT_THAT(refusal(path), HasSubstr("cut short"));
}
TEST_F(Loading, AProgram) { EXPECT_THAT(refusal("/bin/true"), HasSubstr("was refused")); }
TEST_F(Loading, AFileThatEverybodyMayWrite) {
    const auto path = copy_of("misbehaving", "open.so");
    ::chmod(path.c_str(), 0666);
    EXPECT_THAT(refusal(path), AllOf(HasSubstr("the file has mode 0666"), HasSubstr("chmod o-w")));
}
TEST_F(Loading, AFolderThatEverybodyMayWrite) {
    fs::create_directory(state / "open");
    ::chmod((state / "open").c_str(), 0777);
    const auto path = copy_of("misbehaving", "open/a.so");
    EXPECT_THAT(refusal(path), AllOf(HasSubstr("its folder"), HasSubstr("has mode 0777")));
}
TEST_F(Loading, AFileOfSomebodyElse) {
    const auto path = copy_of("misbehaving", "theirs.so");
    if (::chown(path.c_str(), 12345, 12345) != 0) GTEST_SKIP() << "only root can give a file away";
    EXPECT_THAT(refusal(path), HasSubstr("belongs to user 12345"));
}

TEST_F(Loading, AConnectorIsNoTransport) {
    auto job = fetch_job({{"files", "a=b"}});
    job.plugin = fixture("misbehaving");
    const auto outcome = run(job);
    EXPECT_EQ(outcome.state, OutcomeState::refused);
    EXPECT_THAT(outcome.sentence, HasSubstr("is a connector, a transport was wanted"));
}

TEST_F(Loading, ADescriptionComesBackWhole) {
    const auto d = describe_plugin(fixture("misfetching"), WORKER_FIXTURE);
    ASSERT_TRUE(d) << d.error().sentence;
    EXPECT_EQ(d->name, "misfetching");
    EXPECT_EQ(d->kind, PluginKind::transport);
    EXPECT_EQ(d->abi_version, 1u);
    ASSERT_EQ(d->settings.size(), 4u);
    EXPECT_TRUE(d->settings[0].required);
    EXPECT_EQ(d->settings[1].default_value, "well");
    const auto again = parse_description(to_json(*d));
    ASSERT_TRUE(again);
    EXPECT_EQ(to_json(*again), to_json(*d));

    const auto connector = describe_plugin(fixture("misbehaving"), WORKER_FIXTURE);
    ASSERT_TRUE(connector) << connector.error().sentence;
    ASSERT_EQ(connector->records.size(), 1u);
    EXPECT_EQ(connector->records[0].fields,
              (std::vector<std::string>{"source_key", "person_ref", "surname", "sex"}));
    EXPECT_FALSE(parse_description("{\"name\":1}"));
}

TEST_F(Loading, TheCommandsPrintPluginsAndRefusals) {
    fs::create_directory(state / "plugins");
    copy_of("misbehaving", "plugins/misbehaving.so");
    copy_of("misfetching", "plugins/misfetching.so");
    std::ostringstream list;
    EXPECT_EQ(plugin_list(state / "plugins", false, list, WORKER_FIXTURE), 0);
    EXPECT_THAT(list.str(), AllOf(HasSubstr("misbehaving  connector  1.0.0  Misbehaving connector"),
                                  HasSubstr("misfetching  transport")));

    copy_of("unknown_field", "plugins/other.so");
    copy_of("misbehaving", "plugins/twin.so");
    std::ostringstream json;
    EXPECT_EQ(plugin_list(state / "plugins", true, json, WORKER_FIXTURE), 1);
    EXPECT_THAT(json.str(),
                AllOf(HasSubstr("shoe_size"), HasSubstr("2 plugins of the folder are named misbehaving"),
                      HasSubstr("\"name\":\"misfetching\"")));
    EXPECT_EQ(plugin_list(state / "nowhere", false, json, WORKER_FIXTURE), 1);

    std::ostringstream one;
    EXPECT_EQ(plugin_describe("misfetching", state / "plugins", false, one, WORKER_FIXTURE), 0);
    EXPECT_THAT(one.str(), AllOf(HasSubstr("files (text, required)"), HasSubstr("do (text, default well)")));
    EXPECT_EQ(plugin_describe("nobody", state / "plugins", false, one, WORKER_FIXTURE), 1);
    EXPECT_THAT(one.str(), HasSubstr("no plugin named nobody"));

    std::ostringstream check;
    EXPECT_EQ(plugin_check(fixture("misbehaving"), false, check, WORKER_FIXTURE), 0);
    EXPECT_EQ(plugin_check(fixture("no_entry"), false, check, WORKER_FIXTURE), 1);
    EXPECT_THAT(check.str(), AllOf(HasSubstr("connector misbehaving 1.0.0 loads in this hub"),
                                   HasSubstr("exports no function")));
}

}  // namespace
}  // namespace sendhub::worker
