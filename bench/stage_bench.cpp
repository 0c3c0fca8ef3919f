// Census XML from the landing folder to a counted batch, through the real worker process: megabytes a second,
// memory.
//   bench_stage WORKER_BINARY PLUGINS_FOLDER [MEGABYTES] [FOLDER]
// It is also the proof that memory stays bounded: 1,000 megabytes run under the default limit.
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/files.hpp"
#include "hub/supervisor/supervisor.hpp"
#include "schemas/rules/identifiers.hpp"

namespace {

using namespace sendhub;
namespace fs = std::filesystem;

// One invented pupil as school systems write them, numbered.
void append_pupil(std::string& out, unsigned long i) {
    static const char* const forenames[] = {"Alex", "Kim", "Sam", "Charlie", "Robin", "Ashley", "Morgan"};
    const std::string body = "873" + std::to_string(400000000 + i);
    const std::string upn = rules::upn_check_letter(body) + body;
    char text[4096];
    const int n = std::snprintf(
        text, sizeof text,
        "      <PupilOnRoll>\r\n        <PupilIdentifiers>\r\n          <UPN>%s</UPN>\r\n"
        "          <Surname>Example%lu</Surname>\r\n          <Forename>%s</Forename>\r\n"
        "          <MiddleNames>%s</MiddleNames>\r\n          <Sex>%c</Sex>\r\n          "
        "<DOB>20%02lu-%02lu-%02lu</DOB>\r\n"
        "        </PupilIdentifiers>\r\n        <PupilCharacteristics>\r\n          "
        "<Ethnicity>WBRI</Ethnicity>\r\n"
        "          <Language>ENG</Language>\r\n          <ServiceChild>N</ServiceChild>\r\n          "
        "<YoungCarer>N</YoungCarer>\r\n"
        "        </PupilCharacteristics>\r\n        <PupilStatus>\r\n          "
        "<EnrolStatus>C</EnrolStatus>\r\n"
        "          <ClassType>O</ClassType>\r\n          <EntryDate>2020-09-03</EntryDate>\r\n          "
        "<NCyearActual>%lu</NCyearActual>\r\n"
        "          <PartTime>0</PartTime>\r\n          <Boarder>N</Boarder>\r\n        </PupilStatus>\r\n"
        "        <SpecialEducationalNeeds>\r\n          <SENprovision>%s\r\n          "
        "<SENunitIndicator>0</SENunitIndicator>\r\n"
        "          <ResourcedProvisionIndicator>0</ResourcedProvisionIndicator>\r\n        "
        "</SpecialEducationalNeeds>\r\n"
        "        <HomeInformation>\r\n          <Address>\r\n            <PAON>%lu</PAON>\r\n            "
        "<Street>Synthetic Street %lu</Street>\r\n"
        "            <Town>Demotown</Town>\r\n            "
        "<AdministrativeArea>Demoshire</AdministrativeArea>\r\n"
        "            <UniquePropertyReferenceNumber>%lu</UniquePropertyReferenceNumber>\r\n            "
        "<PostCode>XD%lu %luAA</PostCode>\r\n"
        "          </Address>\r\n        </HomeInformation>\r\n        <Attendance>\r\n          "
        "<TermlyAttendance>\r\n"
        "            <SessionsPossible>140</SessionsPossible>\r\n            <SessionDetails>\r\n"
        "              <SessionDetail>\r\n                <AttendanceReason>I</AttendanceReason>\r\n         "
        "       <Sessions>%lu</Sessions>\r\n              </SessionDetail>\r\n"
        "              <SessionDetail>\r\n                <AttendanceReason>M</AttendanceReason>\r\n         "
        "       <Sessions>%lu</Sessions>\r\n              </SessionDetail>\r\n"
        "            </SessionDetails>\r\n          </TermlyAttendance>\r\n        </Attendance>\r\n      "
        "</PupilOnRoll>\r\n",
        upn.c_str(), i * 7919 % 100003, forenames[i % 7], forenames[i % 5], i % 2 ? 'F' : 'M', 10 + i % 9,
        1 + i % 12, 1 + i % 28, 1 + i % 11,
        i % 5 ? "N</SENprovision>"
              : "K</SENprovision>\r\n          <SENneeds>\r\n            <SENneed>\r\n              "
                "<SENtypeRank>1</SENtypeRank>\r\n"
                "              <SENtype>SLCN</SENtype>\r\n            </SENneed>\r\n          </SENneeds>",
        i % 200, i % 977, 100000000 + i, 1 + i % 40, 1 + i % 9, i % 7, i % 11);
    out.append(text, static_cast<std::size_t>(n));
}

// A return of so many bytes, written and hashed piece by piece.
handover::Delivery make_return(const fs::path& landing, std::uint64_t bytes, unsigned long& pupils) {
    const fs::path path = landing / "arriving";
    std::FILE* file = std::fopen(path.c_str(), "wb");
    Sha256 hash;
    std::uint64_t written = 0;
    const auto write = [&](const std::string& text) {
        std::fwrite(text.data(), 1, text.size(), file);
        hash.add(text.data(), text.size());
        written += text.size();
    };
    write(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<Message>\r\n  <Header>\r\n    "
        "<CollectionDetails>\r\n      <Collection>SC</Collection>\r\n"
        "      <Term>SPR</Term>\r\n      <Year>2026</Year>\r\n      "
        "<ReferenceDate>2026-01-15</ReferenceDate>\r\n    </CollectionDetails>\r\n"
        "    <Source>\r\n      <LEA>873</LEA>\r\n      <Estab>4001</Estab>\r\n    </Source>\r\n  "
        "</Header>\r\n  <Pupils>\r\n    <PupilsOnRoll>\r\n");
    std::string block;
    for (pupils = 0; written < bytes; ++pupils) {
        append_pupil(block, pupils);
        if (block.size() > 1u << 20 || written + block.size() >= bytes) {
            write(block);
            block.clear();
        }
    }
    write("    </PupilsOnRoll>\r\n  </Pupils>\r\n</Message>\r\n");
    std::fclose(file);
    handover::Delivery delivery{1, "census.xml", hash.finish(), written, 0, now_micros()};
    fs::rename(path, landing / delivery.sha256);
    return delivery;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3)
        return std::fputs("bench_stage WORKER_BINARY PLUGINS_FOLDER [MEGABYTES] [FOLDER]\n", stderr), 2;
    const std::uint64_t megabytes = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 100;
    std::string name = (argc > 4 ? fs::path(argv[4]) : fs::temp_directory_path()) / "sendhub-bench-XXXXXX";
    if (!::mkdtemp(name.data())) return std::perror("mkdtemp"), 1;
    const fs::path state = name;
    fs::create_directories(state / "landing");
    fs::create_directories(state / "staging");
    handover::StageJob job;
    job.limits = {
        {.memory_mb = 1024, .cpu_seconds = 600, .wall_seconds = 900, .open_files = 256, .output_mb = 8192}};
    job.feed = "school_census";
    job.plugin = fs::path(argv[2]) / "school_census.so";
    job.settings = {{"la_code", "873"}};
    job.landing = state / "landing";
    job.batch_id = "school_census-20260120T013000Z";
    job.staging = state / "staging";
    unsigned long pupils = 0;
    job.deliveries = {make_return(job.landing, megabytes * 1'000'000, pupils)};

    boost::asio::io_context io;
    supervisor::Supervisor supervisor(io, argv[1]);
    handover::Outcome outcome;
    supervisor.start(job, {}, [&](handover::Outcome o) { outcome = std::move(o); });
    io.run();
    std::uint64_t parquet = 0;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(outcome.batch, error)) parquet += entry.file_size();
    const double mb = static_cast<double>(outcome.counts.bytes) / 1e6;
    std::printf(
        "%s %s\n%.0f MB, %lu pupils, %llu rows staged, %llu rejected: %.2f s, %.2f s of processor\n"
        "%.0f MB/s, %.0f MB/s a core, %.0f pupils/s a core; peak memory %.0f MB; Parquet %.0f MB\n",
        std::string(to_string(outcome.state)).c_str(), outcome.sentence.c_str(), mb, pupils,
        static_cast<unsigned long long>(outcome.counts.rows_staged),
        static_cast<unsigned long long>(outcome.counts.rows_rejected), outcome.seconds, outcome.cpu_seconds,
        mb / outcome.seconds, mb / outcome.cpu_seconds, static_cast<double>(pupils) / outcome.cpu_seconds,
        static_cast<double>(outcome.peak_memory_kb) / 1024, static_cast<double>(parquet) / 1e6);
    if (const auto batch = read_file(outcome.batch / "batch.json", std::size_t{1} << 30))
        std::printf("%s\n", batch->substr(batch->find("\"records\"")).c_str());
    fs::remove_all(state);
    return outcome.ok() ? 0 : 1;
}
