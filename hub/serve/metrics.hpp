// Counters of the server, as Prometheus text. Labels are route patterns and status codes: few, and never a
// value.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace sendhub::serve {

class Metrics {
  public:
    void request(std::string_view route, unsigned status, double seconds, std::uint64_t bytes);
    std::atomic<std::int64_t> connections = 0;
    std::atomic<std::uint64_t> connections_refused = 0;
    std::atomic<std::uint64_t> connections_dropped = 0;  // waiting ones, to make room
    std::atomic<std::uint64_t> rows = 0;
    // version empty: nothing is published yet.
    [[nodiscard]] std::string text(std::string_view version, double version_age_seconds) const;

  private:
    struct Route {
        std::uint64_t requests = 0;
        std::uint64_t bytes = 0;
        double seconds = 0;
        std::array<std::uint64_t, 8> buckets{};
    };
    mutable std::mutex mutex_;
    std::map<std::pair<std::string, unsigned>, Route> routes_;
};

}  // namespace sendhub::serve
