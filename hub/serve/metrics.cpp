#include "hub/serve/metrics.hpp"

#include <cstdio>

namespace sendhub::serve {
namespace {

constexpr std::array<double, 8> kBounds{0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 60.0};

std::string number(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.6g", value);
    return text;
}

}  // namespace

void Metrics::request(std::string_view route, unsigned status, double seconds, std::uint64_t bytes) {
    const std::scoped_lock lock(mutex_);
    Route& entry = routes_[{std::string(route), status}];
    ++entry.requests;
    entry.bytes += bytes;
    entry.seconds += seconds;
    for (std::size_t i = 0; i < kBounds.size(); ++i)
        if (seconds <= kBounds[i]) ++entry.buckets[i];
}

std::string Metrics::text(std::string_view version, double version_age_seconds) const {
    std::string requests =
        "# HELP sendhub_http_requests_total Requests answered.\n# TYPE sendhub_http_requests_total counter\n";
    std::string bytes =
        "# HELP sendhub_http_response_bytes_total Bytes of bodies sent.\n# TYPE "
        "sendhub_http_response_bytes_total counter\n";
    std::string times =
        "# HELP sendhub_http_request_seconds Time from the request to the end of its reply.\n# TYPE "
        "sendhub_http_request_seconds histogram\n";
    {
        const std::scoped_lock lock(mutex_);
        for (const auto& [key, entry] : routes_) {
            const std::string labels =
                "route=\"" + key.first + "\",status=\"" + std::to_string(key.second) + "\"";
            requests +=
                "sendhub_http_requests_total{" + labels + "} " + std::to_string(entry.requests) + "\n";
            bytes +=
                "sendhub_http_response_bytes_total{" + labels + "} " + std::to_string(entry.bytes) + "\n";
            for (std::size_t i = 0; i < kBounds.size(); ++i)
                times += "sendhub_http_request_seconds_bucket{" + labels + ",le=\"" + number(kBounds[i]) +
                         "\"} " + std::to_string(entry.buckets[i]) + "\n";
            times += "sendhub_http_request_seconds_bucket{" + labels + ",le=\"+Inf\"} " +
                     std::to_string(entry.requests) + "\n";
            times += "sendhub_http_request_seconds_sum{" + labels + "} " + number(entry.seconds) + "\n";
            times +=
                "sendhub_http_request_seconds_count{" + labels + "} " + std::to_string(entry.requests) + "\n";
        }
    }
    std::string out = requests + bytes + times;
    out +=
        "# HELP sendhub_http_connections Open connections.\n# TYPE sendhub_http_connections "
        "gauge\nsendhub_http_connections " +
        std::to_string(connections) + "\n";
    out +=
        "# HELP sendhub_http_connections_refused_total Connections refused because too many were open.\n# "
        "TYPE sendhub_http_connections_refused_total counter\n"
        "sendhub_http_connections_refused_total " +
        std::to_string(connections_refused) + "\n";
    out +=
        "# HELP sendhub_http_connections_dropped_total Waiting connections closed to make room for new "
        "ones.\n"
        "# TYPE sendhub_http_connections_dropped_total counter\n"
        "sendhub_http_connections_dropped_total " +
        std::to_string(connections_dropped) + "\n";
    out +=
        "# HELP sendhub_odata_rows_total Rows sent by OData.\n# TYPE sendhub_odata_rows_total "
        "counter\nsendhub_odata_rows_total " +
        std::to_string(rows) + "\n";
    if (!version.empty())
        out +=
            "# HELP sendhub_publication_age_seconds Age of the version that is served.\n# TYPE "
            "sendhub_publication_age_seconds gauge\n"
            "sendhub_publication_age_seconds " +
            number(version_age_seconds) + "\n";
    return out;
}

}  // namespace sendhub::serve
