// The small parts: names, deliveries, masks, jobs on the wire, the check of a library's bytes, tables of
// other sizes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/mask.hpp"
#include "hub/handover/deliveries.hpp"
#include "hub/handover/wire.hpp"
#include "hub/worker/plugin_file.hpp"

namespace sendhub::worker {
namespace {

using ::testing::HasSubstr;

TEST(Mask, KeepsTheShapeAndNothingElse) {
    EXPECT_EQ(masked("A123456789012"), "x999999999999");
    EXPECT_EQ(masked("O'Brien-Smith"), "x'xxxxx-xxxxx");
    EXPECT_EQ(masked("2014-03-09"), "9999-99-99");
    EXPECT_EQ(masked("Zo\xC3\xAB \xE6\x9D\x8E"), "xxx x");
    EXPECT_EQ(masked("a@b.example"), "x@x.xxxxxxx");
    EXPECT_EQ(masked("x\xFF\n<b>"), "x???x?");
    EXPECT_EQ(masked(""), "");
    EXPECT_EQ(masked("12345678901234567890"), "99999999999999999999");
    EXPECT_EQ(masked("123456789012345678901"), "99999999999999999999…");
}
TEST(Mask, IsTheSameForAllValuesOfAShape) {
    EXPECT_EQ(masked("Smith"), masked("JONES"));
    EXPECT_EQ(masked("A1"), masked("z9"));
    EXPECT_EQ(masked(std::string(21, 'a')), masked(std::string(500, 'b')))
        << "nor does it tell how long a long one is";
}

TEST(Landing, DeliveriesComeBackAsTheyWereWritten) {
    const handover::Delivery d{7,   "a/\"b\".csv",         std::string(64, 'a'),
                               123, 1'768'867'200'123'000, 1'768'867'201'000'000};
    const auto all = handover::parse_deliveries(handover::delivery_line(d) + "\n");
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].seq, 7);
    EXPECT_EQ(all[0].name, d.name);
    EXPECT_EQ(all[0].sha256, d.sha256);
    EXPECT_EQ(all[0].bytes, 123u);
    EXPECT_EQ(all[0].modified_at, d.modified_at);
    EXPECT_EQ(all[0].received_at, d.received_at);
}
TEST(Landing, LinesThatAreNotDeliveriesArePassedOver) {
    const handover::Delivery d{1, "a", std::string(64, 'a'), 1, 0, 1'768'867'201'000'000};
    const std::string good = handover::delivery_line(d);
    auto with = [&](const std::string& from, const std::string& to) {
        std::string line = good;
        line.replace(line.find(from), from.size(), to);
        return handover::parse_deliveries(line + "\n").size();
    };
    EXPECT_EQ(handover::parse_deliveries(good).size(), 0u) << "no end of line: torn";
    EXPECT_EQ(handover::parse_deliveries("\n{}\nnull\n[1]\n{\"seq\":\n" + good + "\n").size(), 1u);
    EXPECT_EQ(with("\"a\"", "\"../a\""), 0u);
    EXPECT_EQ(with(std::string(64, 'a'), "../../etc/passwd"), 0u);
    EXPECT_EQ(with("\"seq\":1", "\"seq\":0"), 0u);
    EXPECT_EQ(with("2026", "year"), 0u);
    EXPECT_EQ(with("\"bytes\":1", "\"bytes\":-1"), 0u);
}
TEST(Landing, NoFileMeansNoDeliveries) {
    EXPECT_EQ(handover::read_deliveries("/nonexistent/folder").value().size(), 0u);
}
TEST(Landing, NamesThatStayInTheirFolderAreTaken) {
    for (const char* name : {"a", "a/b.csv", "a..b", "...", ".hidden", "Zo\xC3\xAB", "a b"})
        EXPECT_EQ(handover::why_name_is_refused(name), "") << name;
    for (const char* name :
         {"", "/a", "a/", "a//b", "..", "a/..", "../a", "./a", "a\\b", "a\tb", "a\x7f", "\xFF"})
        EXPECT_NE(handover::why_name_is_refused(name), "") << name;
}

TEST(Wire, AJobComesBackAsItWasSent) {
    handover::StageJob job;
    job.feed = "cme";
    job.plugin = "/p/a.so";
    job.settings = {{"columns.surname", "Last \"Name\""}, {"list", "a\nb"}};
    job.landing = "/l";
    job.batch_id = "cme-1";
    job.staging = "/s";
    job.limits.memory_mb = 77;
    job.limits.idle_seconds = 3;
    job.deliveries = {{1, "n", std::string(64, 'b'), 5, 6, 7}};
    const auto back = handover::parse_job(to_json(handover::Job(job)));
    ASSERT_TRUE(back) << back.error().sentence;
    const auto& stage = std::get<handover::StageJob>(*back);
    EXPECT_EQ(stage.settings, job.settings);
    EXPECT_EQ(stage.limits.memory_mb, 77);
    EXPECT_EQ(stage.limits.idle_seconds, 3);
    EXPECT_EQ(stage.batch_id, "cme-1");
    ASSERT_EQ(stage.deliveries.size(), 1u);
    EXPECT_EQ(stage.deliveries[0].received_at, 7);
    EXPECT_EQ(to_json(*back), to_json(handover::Job(job)));
    const handover::FetchJob fetch{"cme", "/p/b.so", {}, "/l", {}};
    EXPECT_EQ(to_json(handover::parse_job(to_json(handover::Job(fetch))).value()),
              to_json(handover::Job(fetch)));
    for (const char* bad : {"", "{}", "[]", "{\"kind\":\"stage\"}", "{\"kind\":\"fetch\",\"feed\":1}"})
        EXPECT_FALSE(handover::parse_job(bad)) << bad;
}
TEST(Wire, LinesComeBackAsTheyWereSaid) {
    handover::Counts counts;
    counts.rows_staged = 9;
    const auto end =
        handover::parse_line(handover::end_line(handover::OutcomeState::retry, "why\nnot", counts, 0, 1500));

    ASSERT_TRUE(end);
    EXPECT_EQ(end->state, handover::OutcomeState::retry);
    EXPECT_EQ(end->text, "why not");
    EXPECT_EQ(end->retry_after_ms, 1500);
    EXPECT_EQ(end->progress.counts.rows_staged, 9u);
    EXPECT_EQ(handover::parse_line(handover::progress_line({counts, 1, 2}))->progress.total, 2u);
    EXPECT_EQ(handover::parse_line(handover::log_line(9, "x"))->level, 2);
    for (const char* bad :
         {"", "{}", "x", "{\"say\":\"end\",\"state\":\"fine\",\"sentence\":\"\"}", "{\"say\":\"progress\"}"})
        EXPECT_FALSE(handover::parse_line(bad)) << bad;
}
TEST(Wire, TextOfAPluginIsOneShortLine) {
    EXPECT_EQ(handover::one_line("a\r\nb\x1b[31m\xFF"), "a  b [31m?");
    EXPECT_EQ(handover::one_line(std::string(700, 'a')).size(), 600u + 3);
}

std::vector<unsigned char> library() {
    std::ifstream in("/proc/self/exe",
                     std::ios::binary);  // an ET_DYN file with section headers, as a library is
    return {std::istreambuf_iterator<char>(in), {}};
}
TEST(Library, BytesThatAreCutAnywhereAreRefusedOrRead) {
    const auto bytes = library();
    ASSERT_GT(bytes.size(), 4096u);
    // No prefix is a library: its section headers stand at the end.
    for (std::size_t n = 0; n < bytes.size(); n += n < 256 ? 1 : bytes.size() / 97)
        EXPECT_NE(why_not_a_library({bytes.data(), n}, "sendhub_plugin"), "") << n;
    EXPECT_THAT(why_not_a_library(bytes, "sendhub_plugin"), HasSubstr("exports no function sendhub_plugin"));
}
TEST(Library, OtherPlatformsAreNamed) {
    auto bytes = library();
    auto other = bytes;
    other[18] = 0x28;  // e_machine: 32-bit ARM
    EXPECT_THAT(why_not_a_library(other, "x"),
                HasSubstr("built for another platform (ELF class 2, machine 40)"));
    other = bytes;
    other[4] = 1;  // EI_CLASS: 32 bit
    EXPECT_THAT(why_not_a_library(other, "x"), HasSubstr("another platform (ELF class 1"));
    other = bytes;
    other[16] = 1;  // e_type: object file
    EXPECT_THAT(why_not_a_library(other, "x"), HasSubstr("of type 1, not a shared library"));
}

// ---- growth of the tables: an older plugin's are shorter, a newer one's are longer ----

std::int32_t opens(const shp_host*, void**) { return SHP_OK; }
void closes(void*) {}
std::int32_t fetches(void*) { return SHP_OK; }

// What the plugin of the test in hand offers; set by each test.
const void* offered_transport = nullptr;
const void* offered_connector = nullptr;
const void* offers(shp_str id) {
    const std::string_view wanted(id.data, id.size);
    return wanted == SHP_TRANSPORT   ? offered_transport
           : wanted == SHP_CONNECTOR ? offered_connector
                                     : nullptr;
}

shp_plugin transport() {
    static const shp_transport whole{sizeof(shp_transport), 0, fetches};
    offered_transport = &whole;
    offered_connector = nullptr;
    shp_plugin p{};
    p.size = sizeof p;
    p.abi_version = SHP_ABI_VERSION;
    p.name = {"t", 1};
    p.version = {"1", 1};
    p.title = {"T", 1};
    p.open = opens;
    p.close = closes;
    p.get_interface = offers;
    return p;
}

TEST(Table, AShorterOneIsReadAsFarAsItGoes) {
    shp_plugin p = transport();
    const shp_transport shorter{offsetof(shp_transport, fetch), 0, fetches};  // the slot is beyond its size
    offered_transport = &shorter;
    EXPECT_THAT(read_table(&p, "p.so").error().sentence, HasSubstr("lacks the function fetch"));
    p.size = offsetof(shp_plugin, get_interface);
    EXPECT_THAT(read_table(&p, "p.so").error().sentence, HasSubstr("lacks the function get_interface"));
    p.size = 4;
    EXPECT_THAT(read_table(&p, "p.so").error().sentence, HasSubstr("its table says that it has 4 bytes"));
    p.size = 0;
    EXPECT_FALSE(read_table(&p, "p.so"));
}
TEST(Table, ALongerOneIsTaken) {
    struct {
        shp_plugin p;
        void* later[4];
    } newer{transport(), {}};
    newer.p.size = sizeof newer;
    const struct {
        shp_transport t;
        void* later[4];
    } newer_transport{{sizeof newer_transport, 0, fetches}, {}};
    offered_transport = &newer_transport;
    EXPECT_TRUE(read_table(&newer.p, "p.so"));
}
TEST(Table, SettingsAreWalkedWithTheirOwnStride) {
    struct Longer {
        shp_setting s;
        shp_str later;
    };
    Longer settings[2] = {};
    for (int i = 0; i < 2; ++i) {
        settings[i].s.size = sizeof(Longer);
        settings[i].s.name = i == 0 ? shp_str{"first", 5} : shp_str{"second", 6};
        settings[i].s.type = SHP_TYPE_TEXT;
        settings[i].later = {"x", 1};
    }
    shp_plugin p = transport();
    p.settings = &settings[0].s;
    p.setting_count = 2;
    auto loaded = read_table(&p, "p.so");
    ASSERT_TRUE(loaded) << loaded.error().sentence;
    EXPECT_EQ(loaded->description.settings[1].name, "second");
    settings[1].s.name = {"first", 5};
    EXPECT_THAT(read_table(&p, "p.so").error().sentence, HasSubstr("declared twice"));
    settings[1].s.name = {"Has Space", 9};
    EXPECT_THAT(read_table(&p, "p.so").error().sentence, HasSubstr("a name is of a-z"));
    settings[1].s.name = {"second", 6};
    settings[1].s.type = 99;
    EXPECT_THAT(read_table(&p, "p.so").error().sentence, HasSubstr("has the type 99"));
    settings[0].s.size = 1;
    EXPECT_FALSE(read_table(&p, "p.so"));
}
TEST(Table, DescriptionsThatAreNotSaneAreRefused) {
    const auto refused = [](auto change) {
        shp_plugin p = transport();
        change(p);
        const auto loaded = read_table(&p, "p.so");
        return loaded ? std::string("taken") : loaded.error().sentence;
    };
    EXPECT_THAT(refused([](shp_plugin& p) { p.name = {nullptr, 3}; }), HasSubstr("its name has 3 bytes"));
    EXPECT_THAT(refused([](shp_plugin& p) { p.name = {"x", std::uint64_t{1} << 40}; }),
                HasSubstr("its name has"));
    EXPECT_THAT(refused([](shp_plugin& p) { p.name = {"../x", 4}; }), HasSubstr("a name is of a-z"));
    EXPECT_THAT(refused([](shp_plugin& p) { p.title = {"\xFF", 1}; }), HasSubstr("its title is not UTF-8"));
    EXPECT_THAT(refused([](shp_plugin& p) { p.setting_count = 3; }),
                HasSubstr("list of settings is missing"));
    EXPECT_THAT(refused([](shp_plugin& p) { p.open = nullptr; }), HasSubstr("lacks the function open"));
    EXPECT_THAT(refused([](shp_plugin&) {
                    static const shp_connector hollow{sizeof(shp_connector), 0, nullptr, nullptr, nullptr};
                    offered_transport = nullptr;
                    offered_connector = &hollow;
                }),
                HasSubstr("lacks the function read_file"));
    EXPECT_THAT(refused([](shp_plugin&) { offered_connector = offered_transport; }),
                HasSubstr("a connector and a transport"));
    EXPECT_THAT(refused([](shp_plugin&) { offered_transport = nullptr; }),
                HasSubstr("offers neither sendhub.connector/1 nor sendhub.transport/1"));
    EXPECT_FALSE(read_table(nullptr, "p.so"));
}

}  // namespace
}  // namespace sendhub::worker
