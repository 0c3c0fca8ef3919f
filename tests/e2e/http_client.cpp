#include "tests/e2e/http_client.hpp"

#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace sendhub::e2e {

namespace beast = boost::beast;
namespace http = beast::http;
using tcp = boost::asio::ip::tcp;

namespace {

Reply ask(http::verb method, const std::string& url, const std::string& json,
          const std::map<std::string, std::string>& headers) {
    const std::string rest = url.substr(std::string("http://").size());
    const auto slash = rest.find('/');
    const std::string authority = rest.substr(0, slash);
    const auto colon = authority.find(':');
    boost::asio::io_context io;
    tcp::socket socket(io);
    socket.connect({boost::asio::ip::make_address(authority.substr(0, colon)),
                    static_cast<std::uint16_t>(std::stoi(authority.substr(colon + 1)))});
    http::request<http::string_body> request{method, slash == std::string::npos ? "/" : rest.substr(slash),
                                             11};
    request.set(http::field::host, authority);
    request.set(http::field::connection, "close");
    for (const auto& [name, value] : headers) request.set(name, value);
    if (method == http::verb::post) {
        request.set(http::field::content_type, "application/json");
        request.body() = json;
        request.prepare_payload();
    }
    http::write(socket, request);
    beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(1u << 30);
    http::read(socket, buffer, parser);
    Reply reply;
    reply.status = static_cast<int>(parser.get().result_int());
    for (const auto& field : parser.get()) {
        std::string name(field.name_string());
        for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        reply.headers[name] = std::string(field.value());
    }
    reply.body = std::move(parser.get().body());
    return reply;
}

}  // namespace

Reply get(const std::string& url, const std::map<std::string, std::string>& headers) {
    return ask(http::verb::get, url, "", headers);
}
Reply post(const std::string& url, const std::string& json,
           const std::map<std::string, std::string>& headers) {
    return ask(http::verb::post, url, json, headers);
}

}  // namespace sendhub::e2e
