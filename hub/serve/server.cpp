#include "hub/serve/server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <mutex>
#include <optional>
#include <set>

#include "base/log.hpp"
#include "hub/serve/connection.hpp"

namespace sendhub::serve {

namespace net = boost::asio;

namespace {

constexpr auto kAwait = net::as_tuple(net::use_awaitable);
constexpr auto kSaveLastUsed = std::chrono::minutes(10);
constexpr std::string_view kTooMany =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json;charset=utf-8\r\nContent-Length: "
    "89\r\nRetry-After: 5\r\nConnection: close\r\n\r\n"
    R"({"error":{"code":"TooManyConnections","message":"the server is busy; try again shortly"}})";

// "127.0.0.1:8080" or "[::1]:8080".
std::optional<net::ip::tcp::endpoint> parse_listen(const std::string& listen) {
    const std::size_t colon = listen.rfind(':');
    if (colon == std::string::npos) return std::nullopt;
    std::string host = listen.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    std::uint16_t port = 0;
    const char* const end = listen.data() + listen.size();
    const auto [at, wrong] = std::from_chars(listen.data() + colon + 1, end, port);
    boost::system::error_code error;
    const auto address = net::ip::make_address(host, error);
    if (error || wrong != std::errc{} || at != end) return std::nullopt;
    return net::ip::tcp::endpoint(address, port);
}

// One customer of an IPv6 network has at least a /64 of addresses: they count as one.
std::string counted_address(const net::ip::address& address) {
    if (!address.is_v6() || address.to_v6().is_v4_mapped()) return address.to_string();
    auto bytes = address.to_v6().to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
    return net::ip::address_v6(bytes).to_string();
}

}  // namespace

struct Server::State : std::enable_shared_from_this<Server::State> {
    State(net::io_context& context, ServeSettings s)
        : io(context),
          settings(std::move(s)),
          strand(net::make_strand(context)),
          acceptor(strand),
          poll_timer(strand),
          drain_timer(strand),
          pool(std::max(1u, settings.query_threads)) {}

    net::io_context& io;
    ServeSettings settings;
    std::unique_ptr<Site> site;
    net::strand<net::io_context::executor_type> strand;  // of everything here but the connections
    net::ip::tcp::acceptor acceptor;
    net::steady_timer poll_timer;
    net::steady_timer drain_timer;
    net::thread_pool pool;
    std::uint16_t port = 0;
    bool draining = false;
    std::function<void()> drained;
    std::mutex mutex;
    std::set<std::shared_ptr<Connection>> connections;

    net::awaitable<void> accept() {
        while (!draining) {
            auto [error, socket] = co_await acceptor.async_accept(net::make_strand(io), kAwait);
            if (error == net::error::operation_aborted || draining) co_return;
            if (error) {
                // Out of file descriptors, most likely: wait for some to come back instead of spinning.
                log::write(log::Level::warn, "http.accept", "a connection could not be taken",
                           {{"reason", error.message()}});
                net::steady_timer pause(strand, std::chrono::milliseconds(200));
                co_await pause.async_wait(kAwait);
                continue;
            }
            take(net::ip::tcp::socket(std::move(socket)));
        }
    }

    // Room for one more connection of this address, if need be by closing the one that has waited longest for
    // a request: of the same address when that has its share, else of anybody, strangers first. False when
    // all of them are at work. The mutex is held.
    bool make_room(const std::string& address) {
        for (;;) {
            std::size_t of_address = 0;
            for (const auto& one : connections) of_address += one->address() == address;
            const bool share_taken = of_address >= settings.max_connections_per_address;
            if (!share_taken && connections.size() < settings.max_connections) return true;
            std::shared_ptr<Connection> longest;
            std::pair<bool, std::chrono::steady_clock::time_point> least;
            for (const auto& one : connections) {
                if (share_taken && one->address() != address) continue;
                const auto since = one->waiting_since();
                if (!since || (longest && std::pair(one->is_known(), *since) >= least)) continue;
                longest = one;
                least = {one->is_known(), *since};
            }
            if (!longest) return false;
            if (!longest->drop_if_waiting()) continue;  // its request has come meanwhile
            connections.erase(longest);
            ++site->metrics.connections_dropped;
        }
    }

    void take(net::ip::tcp::socket socket) {
        boost::system::error_code ignored;  // a socket that is gone already ends at its first read
        socket.set_option(net::ip::tcp::no_delay(true), ignored);
        const std::string address = counted_address(socket.remote_endpoint(ignored).address());
        std::shared_ptr<Connection> connection;
        {
            const std::scoped_lock lock(mutex);
            if (!make_room(address)) {
                ++site->metrics.connections_refused;
                socket.non_blocking(true, ignored);
                socket.write_some(net::buffer(kTooMany), ignored);
                return;
            }
            connection = std::make_shared<Connection>(std::move(socket), address, *site, pool);
            connections.insert(connection);
            site->metrics.connections = static_cast<std::int64_t>(connections.size());
        }
        connection->start(
            [self = shared_from_this(), weak = std::weak_ptr(connection)] { self->ended(weak.lock()); });
    }

    void ended(const std::shared_ptr<Connection>& connection) {
        bool last = false;
        {
            const std::scoped_lock lock(mutex);
            connections.erase(connection);
            site->metrics.connections = static_cast<std::int64_t>(connections.size());
            last = connections.empty();
        }
        if (last) net::post(strand, [self = shared_from_this()] { self->finish_if_drained(); });
    }

    net::awaitable<void> watch() {
        auto next_save = std::chrono::steady_clock::now() + kSaveLastUsed;
        while (!draining) {
            poll_timer.expires_after(settings.poll_interval);
            co_await poll_timer.async_wait(kAwait);
            if (draining) co_return;
            const bool save = std::chrono::steady_clock::now() >= next_save;
            if (save) next_save += kSaveLastUsed;
            co_await on_pool(pool, [this, save] {
                site->publication->poll();
                if (save) save_last_used();
            });
        }
    }

    void save_last_used() {
        if (const auto saved = site->tokens.save_last_used(); !saved) log::error("http.keys", saved.error());
    }

    void each_connection(void (Connection::*what)()) {
        const std::scoped_lock lock(mutex);
        for (const auto& connection : connections) (*connection.*what)();
    }

    void drain(std::function<void()> done) {
        if (draining) return;
        draining = true;
        drained = std::move(done);
        if (site) site->draining = true;
        boost::system::error_code ignored;  // closed is closed
        acceptor.close(ignored);
        poll_timer.cancel();
        each_connection(&Connection::ask);
        drain_timer.expires_after(settings.drain_deadline);
        drain_timer.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
            if (error) return;
            log::warn("http.drain", "requests are still running after the time to drain; they are ended");
            self->each_connection(&Connection::insist);
        });
        finish_if_drained();
    }

    void finish_if_drained() {
        if (!draining || !drained) return;
        {
            const std::scoped_lock lock(mutex);
            if (!connections.empty()) return;
        }
        drain_timer.cancel();
        if (site) save_last_used();
        const auto done = std::exchange(drained, nullptr);
        done();
    }
};

Server::Server(net::io_context& io, ServeSettings settings)
    : state_(std::make_shared<State>(io, std::move(settings))) {}

Server::~Server() {
    boost::system::error_code ignored;  // closed is closed
    state_->draining = true;
    state_->acceptor.close(ignored);
    state_->poll_timer.cancel();
    state_->drain_timer.cancel();
    state_->each_connection(&Connection::insist);
    state_->pool.stop();
    state_->pool.join();
}

Status Server::start() {
    State& s = *state_;
    const auto endpoint = parse_listen(s.settings.listen);
    if (!endpoint)
        return fail(ErrorCode::settings,
                    "serve.listen is \"" + s.settings.listen +
                        "\"; an IP address and a port are needed, such as 127.0.0.1:8080 or [::1]:8080");
    boost::system::error_code error;
    s.acceptor.open(endpoint->protocol(), error);
    if (!error) s.acceptor.set_option(net::socket_base::reuse_address(true), error);
    if (!error) s.acceptor.bind(*endpoint, error);
    if (!error) s.acceptor.listen(net::socket_base::max_listen_connections, error);
    if (error)
        return fail(error == net::error::address_in_use ? ErrorCode::busy : ErrorCode::settings,
                    "could not listen on " + s.settings.listen + ": " + error.message() +
                        "; choose another serve.listen or end what uses it");
    s.port = s.acceptor.local_endpoint().port();
    if (s.settings.public_base_url.empty()) {
        const std::string host = endpoint->address().is_v6() ? "[" + endpoint->address().to_string() + "]"
                                                             : endpoint->address().to_string();
        s.settings.public_base_url = "http://" + host + ":" + std::to_string(s.port);
    }
    while (s.settings.public_base_url.ends_with('/')) s.settings.public_base_url.pop_back();
    s.settings.max_page_size = std::max(s.settings.max_page_size, s.settings.page_size);
    SENDHUB_ASSIGN(s.site, Site::open(s.settings));
    if (!endpoint->address().is_loopback())
        log::warn("http.plain",
                  "listening beyond this machine without TLS: put a proxy that ends TLS in front, or listen "
                  "on 127.0.0.1",
                  {{"listen", s.settings.listen}});
    net::co_spawn(s.strand, [self = state_] { return self->accept(); }, net::detached);
    net::co_spawn(s.strand, [self = state_] { return self->watch(); }, net::detached);
    return {};
}

std::uint16_t Server::port() const { return state_->port; }

void Server::drain(std::function<void()> done) {
    net::post(state_->strand,
              [state = state_, done = std::move(done)]() mutable { state->drain(std::move(done)); });
}

}  // namespace sendhub::serve
