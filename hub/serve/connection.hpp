// One client's connection: a coroutine on a strand of its own, with a deadline on every wait. Only for the
// two sources that speak to sockets.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "hub/serve/site.hpp"

namespace sendhub::serve {

// Runs work on a query thread; the coroutine goes on, on its own strand, when it is done.
boost::asio::awaitable<void> on_pool(boost::asio::thread_pool& pool, std::function<void()> work);

class Connection : public std::enable_shared_from_this<Connection> {
  public:
    // address: of the client, as it is counted and limited.
    Connection(boost::asio::ip::tcp::socket socket, std::string address, Site& site,
               boost::asio::thread_pool& pool);
    // ended: called once, when the connection is closed.
    void start(std::function<void()> ended);
    // End after the request that is under way; at once when there is none. Any thread.
    void ask();
    // Close now. Any thread.
    void insist();
    // Closes it if it waits for a request or for the rest of one; false when it is at work. Any thread.
    bool drop_if_waiting();
    // When it began to wait, for choosing whom to drop; nothing when it is at work. Any thread.
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> waiting_since() const;
    // Somebody who has shown a good key on this connection. Any thread.
    [[nodiscard]] bool is_known() const { return known_; }
    [[nodiscard]] const std::string& address() const { return address_; }

  private:
    struct Sent;
    boost::asio::awaitable<void> run();
    boost::asio::awaitable<bool> one_request();
    // The bytes of the header, up to and with the empty line, are in the buffer; false when the connection is
    // at its end.
    boost::asio::awaitable<bool> read_head();
    [[nodiscard]] std::string_view buffered() const;
    boost::asio::awaitable<void> answer(Request request, bool is_old, bool& keep_alive);
    boost::asio::awaitable<void> refuse(unsigned status, std::string_view code, std::string_view message);
    // On a query thread, with the deadline of a step.
    boost::asio::awaitable<void> step(const std::shared_ptr<Cancel>& cancel, std::function<void()> work);
    void watch_step(std::uint64_t number, std::shared_ptr<Cancel> cancel);
    // False when the client is gone or too slow.
    boost::asio::awaitable<bool> write(std::string_view first, std::string_view second = {},
                                       std::string_view third = {});

    boost::beast::tcp_stream stream_;
    boost::beast::flat_buffer buffer_;
    Site& site_;
    boost::asio::thread_pool& pool_;
    boost::asio::steady_timer step_timer_;
    std::shared_ptr<Cancel> cancel_;
    std::uint64_t step_number_ = 0;  // odd while a step runs
    enum class Stage { waiting, at_work, dropped };
    std::string address_;
    std::atomic<Stage> stage_ = Stage::waiting;
    std::atomic<std::chrono::steady_clock::duration> waiting_since_;
    std::atomic<bool> known_ = false;
    bool idle_ = false;
    bool closing_ = false;
};

}  // namespace sendhub::serve
