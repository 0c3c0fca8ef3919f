#include "hub/serve/tests/client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace sendhub::serve::testing {

std::string Answer::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (key == name) return value;
    return {};
}
int Answer::count(std::string_view name) const {
    int n = 0;
    for (const auto& [key, value] : headers) n += key == name ? 1 : 0;
    return n;
}

Client::Client(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error("no server");
    timeval limit{20, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}
Client::~Client() { ::close(fd_); }

void Client::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n <= 0) return;  // the server has closed: what it answered is what counts
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

std::size_t Client::read_some(std::size_t most) {
    std::string block(most, '\0');
    const ssize_t n = ::recv(fd_, block.data(), block.size(), 0);
    if (n <= 0) return 0;
    buffer_.append(block, 0, static_cast<std::size_t>(n));
    return static_cast<std::size_t>(n);
}

std::optional<Answer> Client::receive(bool head) {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
        if (read_some(65536) == 0) return std::nullopt;
    Answer answer;
    std::string_view text = std::string_view(buffer_).substr(0, end);
    answer.status = static_cast<unsigned>(std::stoi(std::string(text.substr(9, 3))));
    while (true) {
        const std::size_t line = text.find("\r\n");
        if (line == std::string_view::npos) break;
        text.remove_prefix(line + 2);
        const std::string_view field = text.substr(0, text.find("\r\n"));
        const std::size_t colon = field.find(':');
        std::string name(field.substr(0, colon));
        for (char& c : name)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
        answer.headers.emplace_back(std::move(name), std::string(field.substr(colon + 2)));
    }
    buffer_.erase(0, end + 4);
    const auto need = [&](std::size_t size) {
        while (buffer_.size() < size)
            if (read_some(65536) == 0) return false;
        return true;
    };
    if (head || answer.status == 304 || answer.status == 204) {
        answer.whole = true;
        return answer;
    }
    if (answer.header("transfer-encoding") == "chunked") {
        for (;;) {
            std::size_t line = 0;
            while ((line = buffer_.find("\r\n")) == std::string::npos)
                if (read_some(65536) == 0) return answer;
            const std::size_t size = std::stoul(buffer_.substr(0, line), nullptr, 16);
            if (!need(line + 2 + size + 2)) return answer;
            answer.body.append(buffer_, line + 2, size);
            buffer_.erase(0, line + 2 + size + 2);
            if (size == 0) break;
        }
        answer.whole = true;
        return answer;
    }
    if (const std::string length = answer.header("content-length"); !length.empty()) {
        answer.whole = need(std::stoul(length));
        answer.body = buffer_.substr(0, std::stoul(length));
        buffer_.erase(0, answer.body.size());
        return answer;
    }
    while (read_some(65536) > 0) {
    }
    answer.body = std::exchange(buffer_, {});
    answer.whole = true;
    return answer;
}

std::optional<Answer> Client::get(std::string_view target, const Headers& headers, std::string_view method) {
    std::string request(method);
    request.append(" ").append(target).append(" HTTP/1.1\r\nHost: test\r\n");
    for (const auto& [name, value] : headers) request.append(name).append(": ").append(value).append("\r\n");
    send(request + "\r\n");
    return receive(method == "HEAD");
}

bool Client::closed_within(int milliseconds) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
    for (;;) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now())
                .count();
        if (left <= 0) return false;
        pollfd wait{fd_, POLLIN, 0};
        if (::poll(&wait, 1, static_cast<int>(left)) <= 0) continue;
        std::array<char, 65536> block{};
        if (::recv(fd_, block.data(), block.size(), 0) <= 0) return true;
    }
}

struct RunningServer::Parts {
    boost::asio::io_context io;
    Server server;
    std::vector<std::jthread> threads;
    bool drained = false;
    explicit Parts(ServeSettings settings) : server(io, std::move(settings)) {}
};

RunningServer::RunningServer(ServeSettings settings) {
    settings.listen = "127.0.0.1:0";
    parts_ = std::make_unique<Parts>(std::move(settings));
    if (const auto started = parts_->server.start(); !started)
        throw std::runtime_error(started.error().sentence);
    for (int i = 0; i < 2; ++i) parts_->threads.emplace_back([this] { parts_->io.run(); });
}

RunningServer::~RunningServer() {
    if (!parts_->drained) (void)drain();
}

int RunningServer::drain() {
    const auto begun = std::chrono::steady_clock::now();
    std::mutex mutex;
    std::condition_variable ended;
    bool done = false;
    parts_->server.drain([&] {
        const std::scoped_lock lock(mutex);
        done = true;
        ended.notify_all();
    });
    {
        std::unique_lock lock(mutex);
        ended.wait(lock, [&] { return done; });
    }
    const auto took = std::chrono::steady_clock::now() - begun;
    parts_->io.stop();
    parts_->threads.clear();
    parts_->drained = true;
    return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
}

std::uint16_t RunningServer::port() const { return parts_->server.port(); }

Answer RunningServer::get(std::string_view target, const Headers& headers, std::string_view method) const {
    Client client(port());
    return client.get(target, headers, method).value_or(Answer{});
}

std::string unpack_gzip(std::string_view packed) {
    z_stream stream{};
    if (inflateInit2(&stream, 15 + 16) != Z_OK) throw std::runtime_error("zlib");
    std::string in(packed), out;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    std::array<char, 16384> block{};
    int state = Z_OK;
    while (state == Z_OK) {
        stream.next_out = reinterpret_cast<Bytef*>(block.data());
        stream.avail_out = block.size();
        state = inflate(&stream, Z_NO_FLUSH);
        out.append(block.data(), block.size() - stream.avail_out);
    }
    inflateEnd(&stream);
    if (state != Z_STREAM_END) throw std::runtime_error("the packed body is not whole");
    return out;
}

}  // namespace sendhub::serve::testing
