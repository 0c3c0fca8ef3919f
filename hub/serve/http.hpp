// A request and its reply as the routes see them: no sockets, no HTTP library. Routes run on the query
// threads and may block; the connection (connection.cpp) reads and writes.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace sendhub::serve {

// Lets the deadline of a step stop the engine from another thread.
class Cancel {
  public:
    // While it lives, each cancel() calls stop. Look at cancelled() once it stands: that may have come
    // before.
    class Armed {
      public:
        Armed(Cancel& cancel, std::function<void()> stop);
        Armed(const Armed&) = delete;
        Armed& operator=(const Armed&) = delete;
        ~Armed();

      private:
        Cancel& cancel_;
    };
    void cancel();
    [[nodiscard]] bool cancelled() const { return cancelled_; }

  private:
    std::mutex mutex_;
    std::function<void()> stop_;
    std::atomic<bool> cancelled_ = false;
};

struct Request {
    std::string method;
    std::string target;                                        // as sent: path and query
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
    std::string id;
    std::string address;  // of the client, without its port
    std::string body;     // may be personal: never logged
    std::shared_ptr<Cancel> cancel = std::make_shared<Cancel>();

    // The first header of this name (lower case), or empty.
    [[nodiscard]] std::string_view header(std::string_view name) const;
    [[nodiscard]] bool is_head() const { return method == "HEAD"; }
};

// A body made piece by piece, so that memory stays bounded and nothing is made that nobody takes.
class Body {
  public:
    virtual ~Body() = default;
    // Appends the next piece to out; false when that was the last. An error ends the connection without the
    // end of the body, so that the client sees it is not whole.
    [[nodiscard]] virtual Result<bool> fill(std::string& out) = 0;
};

constexpr std::size_t kPieceBytes = 64u << 10;

struct Reply {
    unsigned status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string text;                     // the body, when there is no stream
    std::unique_ptr<Body> body;           // or its stream
    std::optional<std::uint64_t> length;  // of the stream, when known
    // For the access log and the metrics: the route's pattern (never the target), and who asked.
    std::string route;
    std::string caller;

    void set(std::string name, std::string value) { headers.emplace_back(std::move(name), std::move(value)); }
};

std::string_view reason_phrase(unsigned status);

// Packs the body with gzip when the client takes it and it is worth it.
void compress(Reply& reply, std::string_view accept_encoding);

}  // namespace sendhub::serve
