// OData rows per second: 200,000 rows of 19 columns, read page by page over a real socket, as a client does.
//   bench_odata [--rows N] [--page N]
#include <sys/resource.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <string>

#include "base/log.hpp"
#include "hub/serve/tests/client.hpp"
#include "hub/serve/tests/published_folder.hpp"

using namespace sendhub;
using namespace sendhub::serve;

namespace {

serve::testing::TestDataset wide(std::int64_t rows) {
    serve::testing::TestDataset set{"wide", "case", {}, {}, "SELECT printf('k%09d', i) AS row_key"};
    const auto add = [&](std::string name, std::string type, const std::string& sql, int precision = 0,
                         int scale = 0) {
        set.select += ", " + sql + " AS " + name;
        set.fields.push_back({std::move(name), std::move(type), precision, scale});
    };
    for (int n = 0; n < 7; ++n)
        add("text_" + std::to_string(n), "string",
            "'value ' || ((i * " + std::to_string(n + 7) + ") % 5000)");
    for (int n = 0; n < 2; ++n)
        add("day_" + std::to_string(n), "date", "DATE '2010-01-01' + CAST(i % 5000 AS INTEGER)");
    for (int n = 0; n < 3; ++n) add("count_" + std::to_string(n), "int64", "i * " + std::to_string(n + 3));
    add("rate", "decimal", "CAST((i % 10001) / 100.0 AS DECIMAL(9,4))", 9, 4);
    add("flag", "boolean", "i % 3 = 0");
    add("seen_at", "timestamp", "TIMESTAMPTZ '2026-01-01 00:00:00Z' + INTERVAL (i) SECOND");
    set.select += " FROM range(" + std::to_string(rows) + ") r(i)";
    return set;
}

struct Read {
    std::int64_t pages = 0;
    std::uint64_t bytes = 0;
    double seconds = 0;
    double cpu_seconds = 0;  // of server and client together: what a busy machine does not spoil
};

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

Read read_all(std::uint16_t port, const std::string& key, std::string target, bool gzip) {
    serve::testing::Client client(port);
    serve::testing::Headers headers{{"X-Api-Key", key}};
    if (gzip) headers.emplace_back("Accept-Encoding", "gzip");
    Read read;
    const auto begun = std::chrono::steady_clock::now();
    const double cpu_begun = cpu_seconds();
    for (;;) {
        auto answer = client.get(target, headers);
        if (!answer || answer->status != 200 || !answer->whole) std::abort();
        ++read.pages;
        read.bytes += answer->body.size();
        const std::string body = gzip ? serve::testing::unpack_gzip(answer->body) : std::move(answer->body);
        const std::size_t at = body.rfind("\"@odata.nextLink\":\"");
        if (at == std::string::npos) break;
        const std::size_t path = body.find("/odata/v4/", at);
        target = body.substr(path, body.find('"', path) - path);
    }
    read.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    read.cpu_seconds = cpu_seconds() - cpu_begun;
    return read;
}

}  // namespace

int main(int argc, char** argv) {
    std::int64_t rows = 200'000, page = 5'000;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string name = argv[i], value = argv[i + 1];
        std::from_chars(value.data(), value.data() + value.size(), name == "--rows" ? rows : page);
    }
    log::configure(log::Format::text, log::Level::warn);
    const serve::testing::StateFolder folder;
    folder.publish("20260120T013000Z", {wide(rows)});
    const std::string key = folder.key({govern::Role::analyst});
    ServeSettings settings;
    settings.state = folder.path;
    settings.page_size = static_cast<std::size_t>(page);
    const serve::testing::RunningServer server(settings);
    const auto show = [&](const char* what, const Read& read, std::int64_t of) {
        std::printf("%-34s %9.0f rows/s %8.1f MB/s %6lld pages %8.2f ms/page %8.2f CPU ms/page\n", what,
                    static_cast<double>(of) / read.seconds,
                    static_cast<double>(read.bytes) / 1e6 / read.seconds, static_cast<long long>(read.pages),
                    read.seconds * 1000 / static_cast<double>(read.pages),
                    read.cpu_seconds * 1000 / static_cast<double>(read.pages));
    };
    std::printf("%lld rows, %lld a page, 19 columns, one client\n", static_cast<long long>(rows),
                static_cast<long long>(page));
    const auto begun = std::chrono::steady_clock::now();
    (void)read_all(server.port(), key, "/odata/v4/wide?$top=1", false);
    std::printf("first page, with loading: %.0f ms\n",
                std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count());
    show("all pages", read_all(server.port(), key, "/odata/v4/wide", false), rows);
    show("all pages, gzip", read_all(server.port(), key, "/odata/v4/wide", true), rows);
    show("filtered to a third",
         read_all(server.port(), key, "/odata/v4/wide?$filter=flag%20eq%20true", false), rows / 3);
    show("sorted by a text", read_all(server.port(), key, "/odata/v4/wide?$orderby=text_0", false), rows);
    const auto points = std::chrono::steady_clock::now();
    serve::testing::Client client(server.port());
    constexpr int kPoints = 500;
    for (int i = 0; i < kPoints; ++i) {
        char target[64];
        std::snprintf(target, sizeof target, "/odata/v4/wide('k%09lld')",
                      static_cast<long long>(i * 7919 % rows));
        if (client.get(target, {{"X-Api-Key", key}})->status != 200) std::abort();
    }
    std::printf("one entity by key: %.2f ms\n",
                std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - points).count() /
                    kPoints);
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("peak memory of server, client and generator together: %ld MiB\n", usage.ru_maxrss / 1024);
    return 0;
}
