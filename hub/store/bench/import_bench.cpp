// Rows a second of the import: the first night of a county, the same again, and a night with one row in a
// hundred changed. Use: bench_import [PUPILS] [MEMORY_LIMIT]; default 120000 pupils (about 1.3 million rows),
// 1GiB.
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/duckdb.hpp"
#include "base/files.hpp"
#include "base/json_writer.hpp"
#include "hub/store/import.hpp"
#include "hub/store/store.hpp"

namespace {

using namespace sendhub;
namespace fs = std::filesystem;

constexpr int pupils_a_school = 300;

struct Share {
    const char* record;
    double rows_a_pupil;
};
constexpr Share shares[] = {{"person_record", 1},    {"person_identifier", 1.3}, {"address", 1},
                            {"enrolment", 1.1},      {"sen_provision", 1},       {"sen_need", 0.3},
                            {"attendance_total", 5}, {"exclusion", 0.1}};

double cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void must(const Status& status) {
    if (!status) throw std::runtime_error(status.error().sentence);
}

// A value of about the right kind and length for a field; n is the row.
std::string value_sql(const schema::Field& field) {
    if (field.name == "source_key") return "'" + std::string(field.name) + "-' || n";
    if (field.name == "person_ref") return "'A8734001' || lpad((n % 100000)::varchar, 5, '0')";
    switch (field.type) {
        case schema::FieldType::string:
            return "case when n % 3 = 0 then null else 'value ' || (n * 7919 % 5000) end";
        case schema::FieldType::integer:
            return "n % 190";
        case schema::FieldType::number:
            return "(n % 99)::" + std::string(field.sql_type);
        case schema::FieldType::boolean:
            return "n % 2 = 0";
        case schema::FieldType::date:
            return "date '2010-01-01' + (n % 5000)::integer";
        case schema::FieldType::datetime:
            return "timestamptz '2025-01-01 00:00:00+00'";
    }
    return "null";
}

// changed: of every hundred rows the first gets another value in its last field but the keys.
fs::path stage(const fs::path& state, const std::string& id, const char* as_of, std::int64_t pupils,
               bool changed) {
    const fs::path folder = state / "staging" / id;
    fs::create_directories(folder);
    auto database = *duck::Database::open("", {{"threads", "2"}});
    auto con = *database.connect();
    const std::int64_t schools = (pupils + pupils_a_school - 1) / pupils_a_school;
    JsonWriter scopes, records;
    scopes.begin_array();
    records.begin_array();
    std::int64_t no = 0;
    for (const Share& share : shares) {
        const schema::Record& record = *schema::find_record(share.record);
        const auto rows = static_cast<std::int64_t>(static_cast<double>(pupils) * share.rows_a_pupil);
        const std::string count = std::to_string(rows), all = std::to_string(schools);
        std::string fields;
        for (std::size_t i = 0; i < record.fields.size(); ++i) {
            const schema::Field& field = record.fields[i];
            std::string value = value_sql(field);
            if (changed && i + 1 == record.fields.size())
                value = "case when n % 100 = 0 then " +
                        (field.type == schema::FieldType::string ? std::string("'changed'") : "null") +
                        " else " + value + " end";
            // a required field is never null
            if (field.required && field.type == schema::FieldType::string && i > 1)
                value = "coalesce(" + value + ", 'x')";
            if (field.required && field.type != schema::FieldType::string && changed &&
                i + 1 == record.fields.size())
                value = value_sql(field);
            fields += ", (" + value + ")::" + std::string(field.sql_type) + " as " + std::string(field.name);
        }
        const std::string school =
            "n * " + all + " // " + count;  // rows of a school stand together, as they are read
        must(con.run("copy (select (" + std::to_string(no) + " + " + school + ")::integer as scope_no, (" +
                     school + ")::integer as file_no, n as source_row" + fields + " from range(" + count +
                     ") r(n)) to " +
                     duck::quoted_text((folder / (std::string(record.name) + ".parquet")).string()) +
                     " (format parquet)"));
        auto counts = con.query("select " + school + " as school, count(*) from range(" + count +
                                ") r(n) group by all order by all");
        while (counts->next()) {
            scopes.begin_object()
                .field("no", no + counts->integer(0))
                .field("record", record.name)
                .field("name", "school " + std::to_string(counts->integer(0)));
            scopes.field("mode", "snapshot")
                .field("as_of", as_of)
                .field("rows", counts->integer(1))
                .key("files")
                .begin_array()
                .value(counts->integer(0))
                .end_array();
            scopes.field("state", "staged").end_object();
        }
        records.begin_object()
            .field("record", record.name)
            .field("received", rows)
            .field("staged", rows)
            .field("rejected", 0)
            .end_object();
        no += schools;
    }
    scopes.end_array();
    records.end_array();
    must(
        con.run("copy (select 'reject' as severity, ''::varchar as record, 0::integer as scope_no, "
                "0::integer as file_no, '' as file_name, 0::bigint as source_row, "
                "'' as field, '' as value_masked, '' as rule, '' as reason, '' as advice, '' as source_key "
                "where false) to " +
                duck::quoted_text((folder / "rejects.parquet").string()) + " (format parquet)"));
    JsonWriter j;
    j.begin_object().field("batch", id).field("feed", "school_census");
    j.key("connector").begin_object().field("name", "bench").field("version", "1").end_object();
    j.field("schema_version", "bench")
        .field("started_at", "2026-01-20T01:30:00Z")
        .field("finished_at", "2026-01-20T01:30:00Z")
        .key("files")
        .begin_array();
    for (std::int64_t i = 0; i < schools; ++i)
        j.begin_object()
            .field("no", i)
            .field("seq", i + 1)
            .field("name", std::to_string(i) + ".xml")
            .field("sha256", id)
            .field("bytes", 1)
            .field("state", "read")
            .field("reason", "")
            .end_object();
    j.end_array().key("scopes").raw(scopes.text()).key("records").raw(records.text()).end_object();
    must(write_file_atomically(folder / "batch.json", j.text()));
    return folder;
}

}  // namespace

int main(int argc, char** argv) try {
    const std::int64_t pupils = argc > 1 ? std::atoll(argv[1]) : 120'000;
    const std::string memory = argc > 2 ? argv[2] : "1GiB";
    const fs::path state = fs::temp_directory_path() / ("sendhub_bench_import_" + std::to_string(::getpid()));
    fs::create_directories(state);
    {
        auto store = store::Store::open(state / "hub.duckdb", {.memory_limit = memory, .threads = 2});
        if (!store) throw std::runtime_error(store.error().sentence);
        struct Night {
            const char* name;
            const char* id;
            const char* as_of;
            bool changed;
        };
        for (const Night& night :
             {Night{"first night", "b1", "2026-01-19", false}, Night{"unchanged", "b2", "2026-01-20", false},
              Night{"1 % changed", "b3", "2026-01-21", true}}) {
            const fs::path folder = stage(state, night.id, night.as_of, pupils, night.changed);
            const double cpu = cpu_seconds();
            const auto start = std::chrono::steady_clock::now();
            const auto outcome = store::import_batch(*store, folder, {}, now_micros());
            const double seconds =
                std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            if (!outcome) throw std::runtime_error(outcome.error().sentence);
            std::printf(
                "%-12s %9lld rows  %6.2f s (%.2f of CPU)  %9.0f rows/s   added %lld changed %lld unchanged "
                "%lld closed "
                "%lld held %lld\n",
                night.name, static_cast<long long>(outcome->staged), seconds, cpu_seconds() - cpu,
                static_cast<double>(outcome->staged) / seconds, static_cast<long long>(outcome->added),
                static_cast<long long>(outcome->changed), static_cast<long long>(outcome->unchanged),
                static_cast<long long>(outcome->closed), static_cast<long long>(outcome->held));
            std::fflush(stdout);
        }
    }
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    std::printf(
        "store %.0f MB on disk; peak %.0f MB in memory (with the staging of this program); 2 threads, "
        "memory_limit %s\n",
        static_cast<double>(fs::file_size(state / "hub.duckdb")) / 1e6,
        static_cast<double>(usage.ru_maxrss) / 1e3, memory.c_str());
    fs::remove_all(state);
    return 0;
} catch (const std::exception& e) {
    std::fprintf(stderr, "bench_import: %s\n", e.what());
    return 1;
}
