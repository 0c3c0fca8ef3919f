// Census XML from bytes to rows at the plugin boundary, with a host that only counts: what the connector
// itself costs.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstring>
#include <string>

#include <sendhub/connector.hpp>

#include "connectors/school_census/school_census.hpp"
#include "schemas/rules/identifiers.hpp"

namespace {

using namespace sendhub;

// A return of `pupils` invented pupils, laid out as school systems write them.
std::string make_return(int pupils) {
    std::string out =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<Message>\r\n  <Header>\r\n    "
        "<CollectionDetails>\r\n      <Collection>SC</Collection>\r\n"
        "      <Term>SPR</Term>\r\n      <Year>2026</Year>\r\n      "
        "<ReferenceDate>2026-01-15</ReferenceDate>\r\n    </CollectionDetails>\r\n"
        "    <Source>\r\n      <LEA>873</LEA>\r\n      <Estab>4001</Estab>\r\n    </Source>\r\n  "
        "</Header>\r\n  <Pupils>\r\n    <PupilsOnRoll>\r\n";
    const auto leaf = [&](int depth, const char* name, const std::string& text) {
        out.append(static_cast<std::size_t>(depth) * 2, ' ')
            .append("<")
            .append(name)
            .append(">")
            .append(text)
            .append("</")
            .append(name)
            .append(">\r\n");
    };
    const auto tag = [&](int depth, const char* text) {
        out.append(static_cast<std::size_t>(depth) * 2, ' ').append(text).append("\r\n");
    };
    for (int i = 0; i < pupils; ++i) {
        const std::string body = "873" + std::to_string(400000000 + i);  // twelve digits
        tag(3, "<PupilOnRoll>");
        tag(4, "<PupilIdentifiers>");
        leaf(5, "UPN", rules::upn_check_letter(body) + body);
        leaf(5, "Surname", "Example" + std::to_string(i));
        leaf(5, "Forename", "Alex");
        leaf(5, "MiddleNames", "Kim");
        leaf(5, "Sex", i % 2 ? "F" : "M");
        leaf(5, "DOB", "201" + std::to_string(1 + i % 8) + "-03-09");
        tag(4, "</PupilIdentifiers>");
        tag(4, "<PupilCharacteristics>");
        leaf(5, "Ethnicity", "WBRI");
        leaf(5, "Language", "ENG");
        leaf(5, "ServiceChild", "N");
        leaf(5, "YoungCarer", "N");
        tag(4, "</PupilCharacteristics>");
        tag(4, "<PupilStatus>");
        leaf(5, "EnrolStatus", "C");
        leaf(5, "ClassType", "O");
        leaf(5, "EntryDate", "2020-09-03");
        leaf(5, "NCyearActual", "6");
        leaf(5, "PartTime", "0");
        leaf(5, "Boarder", "N");
        tag(4, "</PupilStatus>");
        tag(4, "<SpecialEducationalNeeds>");
        leaf(5, "SENprovision", i % 5 ? "N" : "K");
        if (i % 5 == 0) {
            tag(5, "<SENneeds>");
            tag(6, "<SENneed>");
            leaf(7, "SENtypeRank", "1");
            leaf(7, "SENtype", "SLCN");
            tag(6, "</SENneed>");
            tag(5, "</SENneeds>");
        }
        leaf(5, "SENunitIndicator", "0");
        leaf(5, "ResourcedProvisionIndicator", "0");
        tag(4, "</SpecialEducationalNeeds>");
        tag(4, "<HomeInformation>");
        tag(5, "<Address>");
        leaf(6, "PAON", std::to_string(i % 200));
        leaf(6, "Street", "Synthetic Street");
        leaf(6, "Town", "Demotown");
        leaf(6, "AdministrativeArea", "Demoshire");
        leaf(6, "UniquePropertyReferenceNumber", std::to_string(100000000 + i));
        leaf(6, "PostCode", "XD1 1AA");
        tag(5, "</Address>");
        tag(4, "</HomeInformation>");
        tag(4, "<Attendance>");
        tag(5, "<TermlyAttendance>");
        leaf(6, "SessionsPossible", "140");
        tag(6, "<SessionDetails>");
        for (const char* mark : {"I", "M", "U"}) {
            tag(7, "<SessionDetail>");
            leaf(8, "AttendanceReason", mark);
            leaf(8, "Sessions", "3");
            tag(7, "</SessionDetail>");
        }
        tag(6, "</SessionDetails>");
        tag(5, "</TermlyAttendance>");
        tag(4, "</Attendance>");
        tag(3, "</PupilOnRoll>");
    }
    return out + "    </PupilsOnRoll>\r\n  </Pupils>\r\n</Message>\r\n";
}

struct CountingHost {
    const std::string& content;
    std::size_t position = 0;
    std::uint64_t rows = 0, issues = 0;

    shp_host table() {
        shp_host host{};
        host.size = sizeof(shp_host);
        host.abi_version = SHP_ABI_VERSION;
        host.ctx = this;
        host.setting = [](void*, shp_str name) -> shp_str {
            return sdk::to_c(sdk::from_c(name) == "la_code" ? "873" : "true");
        };
        host.cancelled = [](void*) { return 0; };
        host.set_error = [](void*, const shp_error*) {};
        host.progress = [](void*, std::uint64_t, std::uint64_t) {};
        host.get_interface = [](void*, shp_str) -> const void* {
            static const shp_host_connector rows = rows_table();
            return &rows;
        };
        return host;
    }
    static shp_host_connector rows_table() {
        shp_host_connector host{};
        host.size = sizeof(shp_host_connector);
        host.read = [](void* ctx, void* buffer, std::uint64_t capacity) -> std::int64_t {
            auto& self = *static_cast<CountingHost*>(ctx);
            const std::size_t n = std::min<std::size_t>(capacity, self.content.size() - self.position);
            std::memcpy(buffer, self.content.data() + self.position, n);
            self.position += n;
            return static_cast<std::int64_t>(n);
        };
        host.scope = [](void*, std::uint32_t record, shp_str, std::uint32_t, std::int32_t) { return record; };
        host.add_row = [](void* ctx, std::uint32_t, std::uint32_t, std::uint64_t, const shp_value* values,
                          std::uint32_t) -> std::int32_t {
            benchmark::DoNotOptimize(values);
            ++static_cast<CountingHost*>(ctx)->rows;
            return SHP_OK;
        };
        host.add_issue = [](void* ctx, const shp_issue*) -> std::int32_t {
            ++static_cast<CountingHost*>(ctx)->issues;
            return SHP_OK;
        };
        return host;
    }
};

void census_xml(benchmark::State& state) {
    const int pupils = static_cast<int>(state.range(0));
    const std::string content = make_return(pupils);
    const shp_plugin* plugin = sdk::detail::connector_table<census::SchoolCensus>();
    const auto* connector =
        static_cast<const shp_connector*>(plugin->get_interface(sdk::to_c(SHP_CONNECTOR)));
    std::uint64_t rows = 0;
    for (auto _ : state) {
        CountingHost counting{content};
        const shp_host host = counting.table();
        void* instance = nullptr;
        if (plugin->open(&host, &instance) != SHP_OK) return state.SkipWithError("open failed");
        const shp_file file{sizeof(shp_file), 0, sdk::to_c("bench.xml"), content.size(), 0};
        if (connector->read_file(instance, &file) != SHP_OK || counting.issues > 0)
            state.SkipWithError("the return was not taken as it is");
        plugin->close(instance);
        rows += counting.rows;
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(content.size()));
    state.counters["pupils/s"] =
        benchmark::Counter(static_cast<double>(state.iterations()) * pupils, benchmark::Counter::kIsRate);
    state.counters["rows/s"] = benchmark::Counter(static_cast<double>(rows), benchmark::Counter::kIsRate);
    state.counters["bytes/pupil"] = static_cast<double>(content.size()) / pupils;
}
BENCHMARK(census_xml)->Arg(1'000)->Arg(20'000)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
