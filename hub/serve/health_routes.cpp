// /healthz/live: the process answers. /healthz/ready: there is a publication to serve. /healthz/feeds: how
// the hub is, in the words and the exit code of `sendhub status` (hub/store/health.hpp), and how old each
// feed's data is, for monitors; 503 when something failed. The only routes without a key: nothing personal,
// no counts of children.
#include <simdjson.h>

#include "base/files.hpp"
#include "base/json_writer.hpp"
#include "base/time.hpp"
#include "hub/serve/site.hpp"
#include "hub/store/health.hpp"

namespace sendhub::serve {
namespace {

Reply json_reply(unsigned status, std::string text) {
    Reply reply;
    reply.status = status;
    reply.text = std::move(text);
    reply.set("Content-Type", "application/json;charset=utf-8");
    return reply;
}

void write_publication(JsonWriter& json, const Site& site) {
    json.key("publication");
    if (const auto version = site.publication->current())
        json.begin_object()
            .field("version", version->name)
            .field("published_at", format_time(version->published_at))
            .field("age_seconds", (now_micros() - version->published_at) / 1'000'000)
            .end_object();
    else
        json.null();
}

Reply feeds(const Site& site, const Request& request) {
    const auto health = store::read_health(site.settings.state);
    if (!health)
        return json_error(request, 503, "StatusUnavailable", "the status cannot be read at the moment");
    JsonWriter json;
    json.begin_object().field("status", health->state).field("exit_code", health->exit_code);
    json.key("reasons").begin_array();
    for (const auto& reason : health->reasons) json.value(reason);
    json.end_array();
    write_publication(json, site);
    json.key("feeds").begin_array();
    const auto text = read_file(site.settings.state / "status.json", 64u << 20);
    if (!text && text.error().code != ErrorCode::not_found)
        return json_error(request, 503, "StatusUnavailable", "the status cannot be read at the moment");
    if (text) {
        simdjson::dom::parser parser;
        simdjson::dom::element root;
        simdjson::dom::array list;
        if (parser.parse(*text).get(root) != simdjson::SUCCESS ||
            root["feeds"].get(list) != simdjson::SUCCESS)
            return json_error(request, 503, "StatusUnavailable", "the status cannot be read at the moment");
        for (const auto feed : list) {
            json.begin_object();
            // Only these: a sentence or a count may say more than a stranger should know.
            for (const char* key : {"feed", "state", "running", "finished_at", "as_of", "age_days"}) {
                simdjson::dom::element value;
                if (feed[key].get(value) == simdjson::SUCCESS) json.key(key).raw(simdjson::minify(value));
            }
            json.end_object();
        }
    }
    json.end_array().end_object();
    return json_reply(health->exit_code == 1 ? 503 : 200, json.take());
}

}  // namespace

Reply serve_health(Site& site, const Request& request, const Url& url) {
    const std::string name = url.path.size() == 2 ? url.path[1] : std::string();
    Reply reply;
    if (name == "live") {
        reply = json_reply(200, R"({"status":"live"})");
    } else if (name == "ready") {
        const bool published = site.publication->current() != nullptr;
        if (site.draining)
            reply = json_reply(503, R"({"status":"stopping"})");
        else if (!published)
            reply = json_reply(503, R"({"status":"nothing_published"})");
        else
            reply = json_reply(200, R"({"status":"ready"})");
    } else if (name == "feeds") {
        reply = feeds(site, request);
    } else {
        reply = json_error(request, 404, "NotFound", "there is nothing at this address");
        reply.route = "unknown";
        return reply;
    }
    reply.route = "/healthz/" + name;
    return reply;
}

}  // namespace sendhub::serve
