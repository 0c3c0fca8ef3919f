#include "hub/serve/site.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/json_writer.hpp"
#include "base/log.hpp"

namespace sendhub::serve {
namespace {

bool starts_with_insensitive(std::string_view text, std::string_view prefix) {
    if (text.size() < prefix.size()) return false;
    for (std::size_t i = 0; i < prefix.size(); ++i)
        if ((text[i] | 0x20) != (prefix[i] | 0x20)) return false;
    return true;
}

// The key of a request, wherever clients put it; empty when there is none.
std::string presented_key(const Request& request, const Url& url) {
    const std::string_view authorization = request.header("authorization");
    if (starts_with_insensitive(authorization, "bearer ")) return std::string(authorization.substr(7));
    if (starts_with_insensitive(authorization, "basic ")) {
        std::string_view encoded = authorization.substr(6);
        std::string pair(encoded.size(), '\0');
        std::size_t length = 0;
        if (sodium_base642bin(reinterpret_cast<unsigned char*>(pair.data()), pair.size(), encoded.data(),
                              encoded.size(), " ", &length, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0)
            return {};
        pair.resize(length);
        const std::size_t colon = pair.find(':');
        return colon == std::string::npos ? std::string() : pair.substr(colon + 1);
    }
    if (const auto header = request.header("x-api-key"); !header.empty()) return std::string(header);
    if (const std::string* option = url.option("apikey")) return *option;
    return {};
}

bool is_odata(const Url& url) {
    return url.path.size() >= 2 && url.path[0] == "odata" && url.path[1] == "v4";
}

// A query option that reads like one of OData where it is none: without its $, or at another address. With
// its $ sign, in lower case; empty when there is none. The name is one of ours, so it may be repeated.
std::string misplaced_option(const Url& url) {
    static constexpr std::array<std::string_view, 16> system{
        "filter", "select",  "orderby", "top",    "skip",      "count",      "expand", "search",
        "apply",  "compute", "format",  "levels", "skiptoken", "deltatoken", "index",  "schemaversion"};
    for (const auto& [name, value] : url.query) {
        const bool dollar = name.starts_with('$');
        if (dollar && is_odata(url)) continue;  // its own options say what they know
        std::string word = dollar ? name.substr(1) : name;
        for (char& c : word)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
        if (std::ranges::find(system, word) != system.end()) return "$" + word;
        if (dollar) return "an option with a $ sign";
    }
    return {};
}

Reply error_for(const Url& url, const Request& request, unsigned status, std::string_view code,
                std::string_view message) {
    return is_odata(url) ? odata_error(request, status, code, message)
                         : json_error(request, status, code, message);
}

}  // namespace

Site::Site(ServeSettings s, std::unique_ptr<Publication> p, odata::TokenSigner k)
    : settings(std::move(s)),
      publication(std::move(p)),
      tokens(settings.state / "tokens.json"),
      audit(settings.state / "audit.log"),
      signer(std::move(k)),
      guesses(settings.guesses, settings.guess_refill) {}

Result<std::unique_ptr<Site>> Site::open(ServeSettings settings) {
    SENDHUB_ASSIGN(auto publication, Publication::open(settings.state / "published", settings.memory_limit));
    SENDHUB_ASSIGN(auto signer, odata::TokenSigner::open(settings.state / "serve.key"));
    return std::unique_ptr<Site>(new Site(std::move(settings), std::move(publication), std::move(signer)));
}

Reply Site::handle(const Request& request) {
    const auto url = parse_url(request.target);
    Reply reply;
    if (!url) {
        reply = json_error(request, 400, "BadUrl",
                           "the address has an escape that is not one, or bytes that are not UTF-8");
        reply.route = "bad url";
    } else {
        try {
            reply = route(request, *url);
        } catch (const std::exception&) {
            // what() may hold values of rows; the request id leads from the reply to this line.
            log::write(log::Level::error, "http.exception", "a request ended in an exception",
                       {{"request_id", request.id}});
            reply = error_for(*url, request, 500, "InternalError",
                              "the server could not answer; the log says more under this request id");
        }
        if (is_odata(*url)) {
            reply.set("OData-Version", "4.0");
            reply.set("Vary", "Accept, Accept-Encoding, Authorization, X-Api-Key, Prefer");
        } else {
            reply.set("Vary", "Accept-Encoding, Authorization, X-Api-Key");
        }
    }
    reply.set("Cache-Control", reply.status == 200 || reply.status == 304 ? "private" : "no-store");
    reply.set("X-Content-Type-Options", "nosniff");
    reply.set("Referrer-Policy", "no-referrer");
    reply.set("X-Request-Id", request.id);
    if (request.is_head() || reply.status == 304) reply.body.reset();
    if (!request.is_head()) compress(reply, request.header("accept-encoding"));
    return reply;
}

// The caller, or why not; wait: how long no key like this one is looked at, after too many wrong ones.
//
// Wrong keys are counted by address, and by address and key where the key's id is one of ours. The first
// count only chooses between 401 and 429 for a wrong key, so nobody who sends wrong keys through a proxy
// locks out those who send good ones through it. The second stops even the right secret: guessing at a key is
// slow, and its owner's other addresses are not affected.
Result<govern::Caller> Site::identify(const Request& request, const std::string& key,
                                      std::chrono::seconds& wait) {
    const auto id = tokens.known_id(key);
    const std::string of_key = id ? request.address + " " + *id : std::string();
    if (id) wait = guesses.wait(of_key);
    if (wait.count() > 0)
        return fail(ErrorCode::denied, "too many wrong secrets for this key came from this address");
    auto caller = tokens.check(key);
    if (caller || caller.error().code != ErrorCode::denied || key.empty()) return caller;
    if (id) guesses.failed(of_key);
    if (guesses.failed(request.address)) wait = guesses.wait(request.address);
    return caller;
}

Reply Site::route(const Request& request, const Url& url) {
    const std::string& first = url.path[0];
    const bool reads = request.method == "GET" || request.method == "HEAD";
    if (first == "healthz") {
        Reply reply = reads ? serve_health(*this, request, url)
                            : json_error(request, 405, "MethodNotAllowed", "health is only read");
        if (reply.route.empty()) reply.route = "/healthz";
        return reply;
    }
    const std::string key = presented_key(request, url);
    std::chrono::seconds wait{};
    auto caller = identify(request, key, wait);
    if (!caller) {
        Reply reply;
        if (wait.count() > 0) {
            reply = error_for(url, request, 429, "TooManyWrongKeys",
                              "too many wrong API keys came from this address; wait " +
                                  std::to_string(wait.count()) + " seconds, then send the right key");
            reply.set("Retry-After", std::to_string(wait.count()));
        } else if (caller.error().code == ErrorCode::denied) {
            reply = error_for(
                url, request, 401, "Unauthorized",
                key.empty()
                    ? std::string("an API key is needed: send it as Bearer token, as X-Api-Key, or as "
                                  "the password of Basic")
                    : caller.error().sentence);
            reply.set("WWW-Authenticate", "Basic realm=\"sendhub\", charset=\"UTF-8\"");
            reply.set("WWW-Authenticate", std::string("Bearer realm=\"sendhub\"") +
                                              (key.empty() ? "" : ", error=\"invalid_token\""));
        } else {
            log::error("http.keys", caller.error(), {{"request_id", request.id}});
            reply = error_for(
                url, request, 503, "KeysUnavailable",
                "API keys cannot be checked at the moment; the administrator finds the reason in the log");
        }
        reply.route = key.empty() ? "no key" : "wrong key";
        return reply;
    }
    Call call{*this, request, url, std::move(*caller)};
    Reply reply;
    if (const auto option = misplaced_option(url); !option.empty()) {
        // Ignored, it would answer with other rows than were asked for.
        reply = error_for(url, request, 400, "BadOption",
                          is_odata(url)
                              ? "write " + option + " with its $ sign; without it, it is no option of OData"
                              : option + " is an option of OData; this address does not know it");
        reply.route = "bad option";
    } else if (is_odata(url)) {
        reply = serve_odata(call);
        if (reply.route.empty()) reply.route = "/odata/v4";
    } else if (first == "api" && url.path.size() > 2 && url.path[1] == "v1" &&
               (url.path[2] == "review" || url.path[2] == "person")) {
        reply = serve_people(call);
    } else if (!reads) {
        reply = json_error(request, 405, "MethodNotAllowed", "everything here is only read");
        reply.set("Allow", "GET, HEAD");
        reply.route = "other method";
    } else if (first == "files") {
        reply = serve_files(call);
        if (reply.route.empty()) reply.route = "/files";
    } else if (first == "api" && url.path.size() > 1 && url.path[1] == "v1") {
        reply = serve_api(call);
        if (reply.route.empty()) reply.route = "/api/v1";
    } else if (first == "metrics" && url.path.size() == 1) {
        reply = serve_metrics(call);
        reply.route = "/metrics";
    } else {
        reply = json_error(request, 404, "NotFound", "there is nothing at this address");
        reply.route = "unknown";
    }
    reply.caller = call.caller.id;
    return reply;
}

Result<std::unique_ptr<AuditedRead>> AuditedRead::begin(const Call& call, const Version& version,
                                                        const Dataset& dataset, std::string action,
                                                        std::string query) {
    std::unique_ptr<AuditedRead> read(
        new AuditedRead(call.site.audit, dataset.layer == govern::Layer::restricted));
    if (!read->wanted_) return read;
    read->entry_ = {.actor = "key:" + call.caller.id,
                    .action = std::move(action),
                    .dataset = dataset.name,
                    .version = version.name,
                    .rows = std::nullopt,
                    .query = std::move(query),
                    .result = "begun",
                    .request_id = call.request.id};
    if (auto written = read->log_.append(read->entry_); !written) {
        read->wanted_ = false;
        log::error("audit.write", written.error(), {{"request_id", call.request.id}});
        return fail(std::move(written).error());
    }
    return read;
}

AuditedRead::~AuditedRead() {
    if (!wanted_) return;
    entry_.rows = rows_;
    entry_.result = finished_ ? "ok" : "aborted";
    // The read itself is on record already; without this line its end is not, which the log has to say.
    if (const auto written = log_.append(entry_); !written)
        log::error("audit.write", written.error(), {{"request_id", entry_.request_id}});
}

Reply json_error(const Request& request, unsigned status, std::string_view code, std::string_view message) {
    JsonWriter json;
    json.begin_object()
        .key("error")
        .begin_object()
        .field("code", code)
        .field("message", message)
        .field("request_id", request.id)
        .end_object()
        .end_object();
    Reply reply;
    reply.status = status;
    reply.text = json.take();
    reply.set("Content-Type", "application/json;charset=utf-8");
    return reply;
}

unsigned status_of(const Error& error) {
    switch (error.code) {
        case ErrorCode::usage:
        case ErrorCode::input:
            return 400;
        case ErrorCode::denied:
            return 403;
        case ErrorCode::not_found:
            return 404;
        case ErrorCode::busy:
        case ErrorCode::storage:
        case ErrorCode::retry:
            return 503;
        default:
            return 500;
    }
}

bool matches_etag(const Request& request, std::string_view etag) {
    std::string_view wanted = request.header("if-none-match");
    if (wanted == "*") return true;
    const auto bare = [](std::string_view tag) { return tag.starts_with("W/") ? tag.substr(2) : tag; };
    while (!wanted.empty()) {
        const std::size_t comma = wanted.find(',');
        std::string_view tag = wanted.substr(0, comma);
        while (!tag.empty() && tag.front() == ' ') tag.remove_prefix(1);
        while (!tag.empty() && tag.back() == ' ') tag.remove_suffix(1);
        if (!tag.empty() && bare(tag) == bare(etag)) return true;
        wanted = comma == std::string_view::npos ? std::string_view{} : wanted.substr(comma + 1);
    }
    return false;
}

}  // namespace sendhub::serve
