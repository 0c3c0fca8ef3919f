// The HTTP face of the hub: health, OData, REST status, files, metrics. It reads published/, status.json and
// tokens.json of the state folder and never opens hub.duckdb, so any number of servers may stand beside a
// daemon.
//
//   boost::asio::io_context io;
//   Server server(io, settings);
//   if (auto started = server.start(); !started) …   // says why: the address is taken, the folder is missing
//   … std::thread([&] { io.run(); }) …                 // any number of threads may run it on SIGTERM:
//   server.drain([&] { io.stop(); });
//
// Plain HTTP for now: listen on 127.0.0.1, or stand behind a proxy that ends TLS, with public_base_url naming
// what clients see. Every route but /healthz/* needs an API key (hub/govern/tokens.hpp).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "hub/review/store_door.hpp"

namespace boost::asio {
class io_context;
}

namespace sendhub::serve {

struct ServeSettings {
    std::string listen = "127.0.0.1:8080";  // port 0: any free port, see Server::port()
    std::string public_base_url;            // no slash at the end; empty: http:// and where it listens
    std::filesystem::path state;            // the state folder
    std::size_t page_size = 5000;           // rows of an OData page unless the client wants fewer
    std::size_t max_page_size = 50'000;     // the most a client may ask for (Prefer: maxpagesize)
    std::string memory_limit =
        "2GB";  // of the engine that holds the published tables; beyond it they are read from Parquet
    unsigned query_threads = 2;
    review::StoreDoor
        store_door;  // of the daemon only; without it /api/v1/review and /api/v1/person are not here

    // Limits that keep a bad client from costing more than its own connection.
    std::size_t max_connections = 512;
    std::size_t max_connections_per_address = 256;  // a proxy has one address for all who come through it
    std::size_t url_limit = 16u << 10;
    std::size_t header_limit = 32u << 10;
    std::size_t body_limit = 64u << 10;
    std::chrono::milliseconds idle_deadline{60'000};      // between requests of somebody with a key
    std::chrono::milliseconds stranger_deadline{10'000};  // the same before a key was shown
    std::chrono::milliseconds header_deadline{10'000};    // from the first byte to the end of the header
    std::chrono::milliseconds body_deadline{10'000};
    std::chrono::milliseconds write_deadline{30'000};  // for each piece of 64 KiB
    std::chrono::milliseconds query_deadline{60'000};  // for each step of the engine
    std::chrono::milliseconds drain_deadline{10'000};  // how long requests may finish after drain()
    unsigned guesses = 20;  // wrong keys of one address in a row, then one in each guess_refill
    std::chrono::milliseconds guess_refill{3'000};
    std::chrono::milliseconds poll_interval{1'000};  // how soon a new publication is seen
};

class Server {
  public:
    Server(boost::asio::io_context& io, ServeSettings settings);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    // Ends what is still running; call drain() first to end it well. No thread may be in io.run() any more.
    ~Server();

    // Opens the publication (there may be none yet: /healthz/ready says so), binds and listens.
    [[nodiscard]] Status start();
    [[nodiscard]] std::uint16_t port() const;
    // Asks every connection to end after its request, waits drain_deadline, then closes them. done is called
    // once, from io. Any thread.
    void drain(std::function<void()> done);

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace sendhub::serve
