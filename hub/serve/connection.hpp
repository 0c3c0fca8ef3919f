// One client's connection: a coroutine on a strand of its own, with a deadline on every wait. Only for the
// two sources that speak to sockets.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <functional>
#include <memory>
#include <string>

#include "hub/serve/site.hpp"

namespace sendhub::serve {

// Runs work on a query thread; the coroutine goes on, on its own strand, when it is done.
boost::asio::awaitable<void> on_pool(boost::asio::thread_pool& pool, std::function<void()> work);

class Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(boost::asio::ip::tcp::socket socket, Site& site, boost::asio::thread_pool& pool);
    // ended: called once, when the connection is closed.
    void start(std::function<void()> ended);
    // End after the request that is under way; at once when there is none. Any thread.
    void ask();
    // Close now. Any thread.
    void insist();

  private:
    struct Sent;
    boost::asio::awaitable<void> run();
    boost::asio::awaitable<bool> one_request();
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
    bool idle_ = false;
    bool closing_ = false;
};

}  // namespace sendhub::serve
