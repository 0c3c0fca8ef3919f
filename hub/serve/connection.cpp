#include "hub/serve/connection.hpp"

#include <sodium.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <ctime>

#include "base/log.hpp"
#include "hub/serve/framing.hpp"

namespace sendhub::serve {

namespace net = boost::asio;
namespace http = boost::beast::http;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto kAwait = net::as_tuple(net::use_awaitable);

std::string new_request_id() {
    std::array<unsigned char, 8> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    std::string hex(bytes.size() * 2 + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
    hex.pop_back();
    return hex;
}

// IMF-fixdate, as RFC 9110 wants it.
std::string http_date() {
    static constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                  days.at(static_cast<std::size_t>(utc.tm_wday)), utc.tm_mday,
                  months.at(static_cast<std::size_t>(utc.tm_mon)), utc.tm_year + 1900, utc.tm_hour,
                  utc.tm_min, utc.tm_sec);
    return text.data();
}

std::string_view known_method(std::string_view method) {
    for (const std::string_view known : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
        if (method == known) return known;
    return "other";  // whatever it was, it is not for the log
}

void log_access(const Request& request, const Reply& reply, std::uint64_t bytes, Clock::duration time,
                bool whole) {
    const auto ms = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
    std::string duration = std::to_string(ms / 1000) + "." + std::to_string(ms % 1000 / 100);
    log::info("http.request", whole ? "answered" : "the client went away or was too slow",
              {{"method", known_method(request.method)},
               {"route", reply.route},
               {"status", std::to_string(reply.status)},
               {"bytes", std::to_string(bytes)},
               {"duration_ms", duration},
               {"key", reply.caller},
               {"request_id", request.id}});
}

std::string head_text(const Reply& reply, bool keep_alive) {
    std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " ";
    head.append(reason_phrase(reply.status)).append("\r\nDate: ").append(http_date()).append("\r\n");
    for (const auto& [name, value] : reply.headers)
        head.append(name).append(": ").append(value).append("\r\n");
    head.append(keep_alive ? "Connection: keep-alive\r\n" : "Connection: close\r\n");
    return head;
}

}  // namespace

net::awaitable<void> on_pool(net::thread_pool& pool, std::function<void()> work) {
    const auto begin = [&pool](auto handler, std::function<void()> job) {
        net::post(pool, [handler = std::move(handler), job = std::move(job)]() mutable {
            job();
            job = nullptr;
            auto executor = net::get_associated_executor(handler);
            net::post(executor, std::move(handler));
        });
    };
    return net::async_initiate<const net::use_awaitable_t<>, void()>(begin, net::use_awaitable,
                                                                     std::move(work));
}

Connection::Connection(net::ip::tcp::socket socket, std::string address, Site& site, net::thread_pool& pool)
    : stream_(std::move(socket)),
      site_(site),
      pool_(pool),
      step_timer_(stream_.get_executor()),
      address_(std::move(address)),
      waiting_since_(Clock::now().time_since_epoch()) {}

void Connection::start(std::function<void()> ended) {
    net::co_spawn(
        stream_.get_executor(), [self = shared_from_this()] { return self->run(); },
        [self = shared_from_this(), ended = std::move(ended)](const std::exception_ptr& error) {
            if (error) log::write(log::Level::error, "http.connection", "a connection ended in an exception");
            ended();
        });
}

void Connection::ask() {
    net::post(stream_.get_executor(), [self = shared_from_this()] {
        self->closing_ = true;
        if (self->idle_) self->stream_.cancel();
    });
}

void Connection::insist() {
    net::post(stream_.get_executor(), [self = shared_from_this()] {
        self->closing_ = true;
        if (self->cancel_) self->cancel_->cancel();
        self->stream_.close();
    });
}

bool Connection::drop_if_waiting() {
    Stage waiting = Stage::waiting;
    if (!stage_.compare_exchange_strong(waiting, Stage::dropped)) return false;
    insist();
    return true;
}

std::optional<Clock::time_point> Connection::waiting_since() const {
    if (stage_ != Stage::waiting) return std::nullopt;
    return Clock::time_point(waiting_since_.load());
}

net::awaitable<void> Connection::run() {
    for (;;) {
        const bool go_on = co_await one_request();
        if (!go_on || closing_) break;
    }
    boost::beast::error_code ignored;  // the client may be gone already
    stream_.socket().shutdown(net::ip::tcp::socket::shutdown_send, ignored);
    stream_.close();
}

std::string_view Connection::buffered() const {
    const auto bytes = buffer_.cdata();
    return {static_cast<const char*>(bytes.data()), bytes.size()};
}

net::awaitable<bool> Connection::read_head() {
    const ServeSettings& limits = site_.settings;
    if (buffer_.size() == 0) {
        stream_.expires_after(known_ ? limits.idle_deadline : limits.stranger_deadline);
        idle_ = true;
        const auto [error, size] = co_await stream_.async_read_some(buffer_.prepare(8192), kAwait);
        idle_ = false;
        if (error) co_return false;
        buffer_.commit(size);
    }
    stream_.expires_after(limits.header_deadline);
    std::size_t searched = 0;
    for (std::size_t end = 0; (end = buffered().find("\r\n\r\n", searched)) == std::string_view::npos;) {
        if (buffer_.size() > limits.header_limit) {
            co_await refuse(431, "HeaderTooLarge", "the header is larger than this server takes");
            co_return false;
        }
        searched = buffer_.size() > 3 ? buffer_.size() - 3 : 0;
        const auto [error, size] = co_await stream_.async_read_some(buffer_.prepare(8192), kAwait);
        if (error) co_return false;
        buffer_.commit(size);
    }
    const std::string_view head = buffered().substr(0, buffered().find("\r\n\r\n") + 4);
    if (const auto fault = framing_fault(head)) {
        co_await refuse(400, "BadRequest", *fault);
        co_return false;
    }
    co_return true;
}

net::awaitable<bool> Connection::one_request() {
    const ServeSettings& limits = site_.settings;
    if (!co_await read_head()) co_return false;
    http::request_parser<http::string_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(limits.header_limit));
    parser.body_limit(limits.body_limit);
    {
        const auto [error, size] = co_await http::async_read_header(stream_, buffer_, parser, kAwait);
        if (error == http::error::body_limit) {
            co_await refuse(413, "BodyTooLarge", "the body is larger than this server takes");
            co_return false;
        }
        if (error == http::error::header_limit) {
            co_await refuse(431, "HeaderTooLarge", "the header is larger than this server takes");
            co_return false;
        }
        if (error == boost::beast::error::timeout || error == http::error::end_of_stream ||
            error == http::error::partial_message)
            co_return false;
        if (error) {
            // What is left are connection errors, which nobody will read about, and bad syntax.
            co_await refuse(400, "BadRequest", "this is not a request that can be understood");
            co_return false;
        }
    }
    const auto& message = parser.get();
    if (message.target().size() > limits.url_limit) {
        co_await refuse(414, "UrlTooLong", "the address is longer than 16 KiB");
        co_return false;
    }
    Request request;
    request.method = std::string(message.method_string());
    request.target = std::string(message.target());
    request.id = new_request_id();
    request.address = address_;
    // Before the body: what comes behind the last chunk is no part of the header.
    for (const auto& field : message) {
        std::string name(field.name_string());
        for (char& c : name)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
        request.headers.emplace_back(std::move(name), std::string(field.value()));
    }
    bool keep_alive = message.keep_alive() && !closing_;
    if (!parser.is_done()) {
        stream_.expires_after(limits.body_deadline);
        const auto [error, size] = co_await http::async_read(stream_, buffer_, parser, kAwait);
        if (error == http::error::body_limit) {
            co_await refuse(413, "BodyTooLarge", "the body is larger than this server takes");
            co_return false;
        }
        if (error) co_return false;
    }
    request.body = message.body();
    Stage waiting = Stage::waiting;
    if (!stage_.compare_exchange_strong(waiting, Stage::at_work)) co_return false;
    co_await answer(std::move(request), message.version() < 11, keep_alive);
    waiting_since_ = Clock::now().time_since_epoch();
    stage_ = Stage::waiting;
    co_return keep_alive;
}

net::awaitable<void> Connection::step(const std::shared_ptr<Cancel>& cancel, std::function<void()> work) {
    step_timer_.expires_after(site_.settings.query_deadline);
    watch_step(++step_number_, cancel);
    co_await on_pool(pool_, std::move(work));
    ++step_number_;
    step_timer_.cancel();
}

void Connection::watch_step(std::uint64_t number, std::shared_ptr<Cancel> cancel) {
    step_timer_.async_wait([self = shared_from_this(), number,
                            cancel = std::move(cancel)](const boost::system::error_code& error) {
        if (error || self->step_number_ != number) return;
        cancel->cancel();
        // Again until the step ends: the engine forgets an interrupt that comes just before its query.
        self->step_timer_.expires_after(std::chrono::milliseconds(100));
        self->watch_step(number, cancel);
    });
}

net::awaitable<bool> Connection::write(std::string_view first, std::string_view second,
                                       std::string_view third) {
    stream_.expires_after(site_.settings.write_deadline);
    const std::array<net::const_buffer, 3> buffers{net::buffer(first), net::buffer(second),
                                                   net::buffer(third)};
    const auto [error, size] = co_await net::async_write(stream_, buffers, kAwait);
    co_return !error;
}

net::awaitable<void> Connection::refuse(unsigned status, std::string_view code, std::string_view message) {
    Request request;
    request.method = "other";
    request.id = new_request_id();
    Reply reply = json_error(request, status, code, message);
    reply.route = "refused";
    reply.set("Cache-Control", "no-store");
    std::string head = head_text(reply, false);
    head += "Content-Length: " + std::to_string(reply.text.size()) + "\r\n\r\n";
    const bool whole = co_await write(head, reply.text);
    site_.metrics.request(reply.route, status, 0, reply.text.size());
    log_access(request, reply, reply.text.size(), {}, whole);
    if (!whole) co_return;
    // What the client is still sending is read and thrown away for a moment: closing over unread bytes would
    // take the answer with it.
    boost::beast::error_code ignored;  // the client may be gone already
    stream_.socket().shutdown(net::ip::tcp::socket::shutdown_send, ignored);
    stream_.expires_after(std::chrono::seconds(2));
    for (;;) {
        buffer_.clear();
        const auto [error, size] = co_await stream_.async_read_some(buffer_.prepare(8192), kAwait);
        if (error) co_return;
    }
}

net::awaitable<void> Connection::answer(Request request, bool is_old, bool& keep_alive) {
    const auto begun = Clock::now();
    cancel_ = request.cancel;
    Reply reply;
    std::string piece;
    bool more = false;
    std::optional<Error> broken;
    const auto fill = [&] {
        piece.clear();
        try {
            // Packed pieces may be small: a few make one write.
            do {
                auto filled = reply.body->fill(piece);
                if (!filled) {
                    broken = std::move(filled).error();
                    return;
                }
                more = *filled;
            } while (more && piece.size() < kPieceBytes / 2);
        } catch (const std::exception&) {
            broken = Error(ErrorCode::bug, "making a reply ended in an exception");  // what() may hold values
        }
    };
    stream_.expires_never();  // the engine's step has its own deadline
    co_await step(request.cancel, [&] {
        reply = site_.handle(request);
        if (reply.body) fill();
    });
    if (broken) {
        log::error("http.reply", *broken, {{"request_id", request.id}});
        broken.reset();
        reply.body.reset();
        const std::string route = reply.route, caller = reply.caller;
        reply = json_error(request, 500, "InternalError",
                           "the reply could not be made; the log says more under this request id");
        reply.route = route;
        reply.caller = caller;
        if (route.starts_with("/odata")) reply.set("OData-Version", "4.0");
    }
    const bool streams = reply.body != nullptr;
    const std::string_view body = streams ? std::string_view(piece) : std::string_view(reply.text);
    const bool whole_in_hand = !more;
    const bool chunked = more && !reply.length && !is_old;
    if (more && !reply.length && is_old)
        keep_alive = false;  // the end of the connection is the end of the body
    if (closing_) keep_alive = false;

    std::string head = head_text(reply, keep_alive);
    const bool bodyless = request.is_head() || reply.status == 304 || reply.status == 204;
    if (chunked) {
        head += "Transfer-Encoding: chunked\r\n";
    } else if (request.is_head()) {
        if (reply.length)
            head += "Content-Length: " + std::to_string(*reply.length) + "\r\n";
        else if (!reply.text.empty())
            head += "Content-Length: " + std::to_string(reply.text.size()) + "\r\n";
    } else if (!bodyless) {
        if (whole_in_hand)
            head += "Content-Length: " + std::to_string(body.size()) + "\r\n";
        else if (reply.length)
            head += "Content-Length: " + std::to_string(*reply.length) + "\r\n";
    }
    head += "\r\n";

    std::uint64_t sent = 0;
    const auto framed = [&](std::string_view bytes) {
        std::array<char, 24> size{};
        std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
        return std::string(size.data());
    };
    bool whole = true;
    if (bodyless) {
        whole = co_await write(head);
    } else {
        if (chunked) head += framed(body);
        sent += body.size();
        whole = co_await write(head, body, chunked ? "\r\n" : "");
        while (whole && more) {
            stream_.expires_never();
            co_await step(request.cancel, fill);
            if (broken) {
                log::error("http.reply", *broken, {{"request_id", request.id}});
                whole = false;
                break;
            }
            if (piece.empty()) continue;
            sent += piece.size();
            if (chunked) {
                const std::string size = framed(piece);
                whole = co_await write(size, piece, "\r\n");
            } else {
                whole = co_await write(piece);
            }
        }
        if (whole && chunked) whole = co_await write("0\r\n\r\n");
    }
    if (!whole || (reply.length && !bodyless && sent != *reply.length)) {
        keep_alive = false;
        // Reset instead of a clean end: a body without length must not look whole.
        boost::beast::error_code ignored;  // the client may be gone already
        stream_.socket().set_option(net::socket_base::linger(true, 0), ignored);
        stream_.close();
    }
    if (!reply.caller.empty()) known_ = true;
    const auto time = Clock::now() - begun;
    site_.metrics.request(reply.route, reply.status, std::chrono::duration<double>(time).count(), sent);
    log_access(request, reply, sent, time, whole);
    // The end of an audited read is written to disk: not on this thread.
    if (reply.body) co_await on_pool(pool_, [&reply] { reply.body.reset(); });
    cancel_.reset();
}

}  // namespace sendhub::serve
