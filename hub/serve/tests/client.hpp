// A plain HTTP client for tests: one connection, bytes as they are, and the server under test beside it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hub/serve/server.hpp"

namespace sendhub::serve::testing {

struct Answer {
    unsigned status = 0;
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
    std::string body;                                          // without chunks, not unpacked
    bool whole = false;                                        // the end of the body was seen

    [[nodiscard]] std::string header(std::string_view name) const;
    [[nodiscard]] int count(std::string_view name) const;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

class Client {
  public:
    explicit Client(std::uint16_t port);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    void send(std::string_view bytes) const;
    // Nothing when the server closed the connection without an answer.
    std::optional<Answer> receive(bool head = false);
    std::optional<Answer> get(std::string_view target, const Headers& headers = {},
                              std::string_view method = "GET");
    // True when the server closes within the time.
    bool closed_within(int milliseconds);
    // Reads what has come, at most this many bytes, and keeps it.
    std::size_t read_some(std::size_t most);

  private:
    int fd_;
    std::string buffer_;
};

// A server on a free port with two threads, drained at the end.
class RunningServer {
  public:
    explicit RunningServer(ServeSettings settings);
    ~RunningServer();
    RunningServer(const RunningServer&) = delete;
    RunningServer& operator=(const RunningServer&) = delete;
    [[nodiscard]] std::uint16_t port() const;
    // Asks it to drain and waits; milliseconds it took.
    int drain();
    // One request on a connection of its own.
    Answer get(std::string_view target, const Headers& headers = {}, std::string_view method = "GET") const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

std::string unpack_gzip(std::string_view packed);

}  // namespace sendhub::serve::testing
