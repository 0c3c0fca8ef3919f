// /odata/v4/: which resource a path names, which options hold, and the reply. OData 4.0, read only.
#include <algorithm>
#include <charconv>

#include "base/json_writer.hpp"
#include "base/log.hpp"
#include "hub/serve/odata/expression.hpp"
#include "hub/serve/odata/lexer.hpp"
#include "hub/serve/odata/metadata_document.hpp"
#include "hub/serve/odata/negotiate.hpp"
#include "hub/serve/odata/read.hpp"
#include "hub/serve/site.hpp"

namespace sendhub::serve {

using namespace odata;

Reply odata_error(const Request& request, unsigned status, std::string_view code, std::string_view message,
                  std::string_view target) {
    JsonWriter json;
    json.begin_object().key("error").begin_object().field("code", code);
    json.field("message", std::string(message) + " (request " + request.id + ")");
    if (!target.empty()) json.field("target", target);
    json.key("details").begin_array().end_array().end_object().end_object();
    Reply reply;
    reply.status = status;
    reply.text = json.take();
    reply.set("Content-Type", "application/json;odata.metadata=minimal;charset=utf-8");
    return reply;
}

namespace {

Reply refused(const Request& request, const QueryError& error) {
    return odata_error(request, error.status, error.code, error.message, error.target);
}

Reply engine_error(const Call& call, const Error& error) {
    if (call.request.cancel->cancelled())
        return odata_error(
            call.request, 503, "TooSlow",
            "the query took longer than this server allows; ask for fewer rows or a simpler filter");
    log::write(log::Level::error, "odata.engine", "a query failed",
               {{"request_id", call.request.id}, {"code", to_string(error.code)}});
    switch (error.code) {
        case ErrorCode::not_found:
            return odata_error(call.request, 410, "VersionGone",
                               "this version of the data is no longer kept; start again from the first page");
        case ErrorCode::storage:
            return odata_error(call.request, 503, "DataUnavailable",
                               "the published data cannot be read at the moment");
        // The engine refused what the grammar let through, such as a number out of a column's range.
        default:
            return odata_error(call.request, 400, "CannotEvaluate",
                               "an expression of this query cannot be worked out over this data");
    }
}

std::vector<const Dataset*> readable(const Call& call, const Version& version) {
    std::vector<const Dataset*> datasets;
    for (const auto& [name, dataset] : version.datasets)
        if (call.may_read(dataset)) datasets.push_back(&dataset);
    return datasets;
}

// "name('key')" or "name(row_key='key')" → name and key.
struct Segment {
    std::string name;
    std::optional<std::string> key;
    bool bad = false;
};
Segment parse_segment(std::string_view text) {
    Segment segment;
    const std::size_t open = text.find('(');
    segment.name = text.substr(0, open);
    if (open == std::string_view::npos) return segment;
    std::string_view key = text.substr(open + 1);
    segment.bad = true;
    if (!key.ends_with(')')) return segment;
    key.remove_suffix(1);
    if (key.starts_with("row_key=")) key.remove_prefix(8);
    Lexer lexer(key);
    const Token token = lexer.take();
    if (token.kind != Token::Kind::string || lexer.peek().kind != Token::Kind::end) return segment;
    segment.key = unquote(token.text);
    segment.bad = false;
    return segment;
}

std::string etag_of(const Version& version) { return "W/\"" + version.name + "\""; }

Reply not_modified(const std::string& etag) {
    Reply reply;
    reply.status = 304;
    reply.set("ETag", etag);
    return reply;
}

Reply text_reply(std::string text, std::string type) {
    Reply reply;
    reply.text = std::move(text);
    reply.set("Content-Type", std::move(type));
    return reply;
}

Reply not_acceptable(const Call& call, std::string_view what) {
    return odata_error(call.request, 406, "NotAcceptable",
                       std::string(what) + "; change the Accept header or $format");
}

Reply unknown(const Call& call) {
    return odata_error(call.request, 404, "NotFound",
                       "there is nothing at this address, or this key may not read it");
}

// The collection and everything below one entity set.
Reply serve_set(const Call& call, const std::shared_ptr<const Version>& version, const Dataset& dataset,
                const Segment& set) {
    const auto& path = call.url.path;  // odata v4 set …
    const std::string service_url = call.site.settings.public_base_url + "/odata/v4/";
    const auto options = parse_options(call.url, dataset);
    if (!options) return refused(call.request, options.error());

    if (!set.key && path.size() == 4 && path[3] == "$count") {
        auto reply = count_rows(call, version, dataset, *options);
        if (!reply) return engine_error(call, reply.error());
        reply->route = "/odata/v4/{set}/$count";
        return std::move(*reply);
    }
    const bool raw = set.key && path.size() == 5 && path[4] == "$value";
    const std::string* const format = call.url.option("$format");
    std::optional<Representation> wanted;
    if (!raw) {
        wanted = negotiate_json(call.request.header("accept"), format);
        if (!wanted) return not_acceptable(call, "data comes as JSON");
    }
    if (!set.key) {
        if (path.size() != 3) return unknown(call);
        auto reply = read_page(call, version, dataset, *options, *wanted, service_url);
        if (!reply) {
            if (reply.error().error) return engine_error(call, *reply.error().error);
            return refused(call.request, reply.error().refused);
        }
        reply->route = "/odata/v4/{set}";
        return std::move(*reply);
    }
    if (const auto misplaced = options->collection_only())
        return odata_error(call.request, 400, "BadOption", "this option is only for collections", *misplaced);
    const Field* property = nullptr;
    if (path.size() > 3) {
        property = dataset.field(path[3]);
        if (!property || path.size() > (raw ? 5u : 4u)) return unknown(call);
    }
    auto reply = read_entity(call, version, dataset, *options, *set.key, property, raw,
                             wanted.value_or(Representation{}), service_url);
    if (!reply) return engine_error(call, reply.error());
    if (reply->status == 404) {
        reply = unknown(call);
    }
    reply->route =
        property ? (raw ? "/odata/v4/{set}({key})/{property}/$value" : "/odata/v4/{set}({key})/{property}")
                 : "/odata/v4/{set}({key})";
    return std::move(*reply);
}

}  // namespace

Reply serve_odata(const Call& call) {
    const Request& request = call.request;
    const auto& path = call.url.path;
    if (path.size() == 3 && path[2] == "$batch")
        return odata_error(request, 501, "NotImplemented", "$batch is not offered; send single requests");
    if (request.method != "GET" && request.method != "HEAD") {
        Reply reply = odata_error(request, 405, "MethodNotAllowed", "this service is only read");
        reply.set("Allow", "GET, HEAD");
        return reply;
    }
    if (const auto newest = request.header("odata-maxversion"); !newest.empty() && newest < "4")
        return odata_error(request, 400, "UnsupportedVersion",
                           "this service speaks OData 4.0; OData-MaxVersion must be 4.0 or later");
    const auto version = call.site.publication->current();
    if (!version) return odata_error(request, 503, "NothingPublished", "nothing has been published yet");
    const bool root = path.size() == 2 || (path.size() == 3 && path[2].empty());
    if (root || path[2] == "$metadata") {
        if (!root && path.size() != 3) return unknown(call);
        for (const auto& [name, value] : call.url.query)
            if (name.starts_with('$') && name != "$format")
                return odata_error(request, 400, "BadOption", "this option means nothing here", name);
        const std::string* const format = call.url.option("$format");
        const std::string etag = etag_of(*version);
        Reply reply;
        if (root) {
            const auto wanted = negotiate_json(request.header("accept"), format);
            if (!wanted) return not_acceptable(call, "the service document comes as JSON");
            if (matches_etag(request, etag)) return not_modified(etag);
            reply =
                text_reply(service_document(readable(call, *version),
                                            call.site.settings.public_base_url + "/odata/v4/", wanted->style),
                           wanted->content_type());
        } else {
            const auto xml = negotiate_metadata(request.header("accept"), format);
            if (!xml) return not_acceptable(call, "$metadata comes as XML or JSON");
            if (matches_etag(request, etag)) return not_modified(etag);
            const auto datasets = readable(call, *version);
            reply = *xml ? text_reply(metadata_xml(datasets), "application/xml;charset=utf-8")
                         : text_reply(metadata_json(datasets), "application/json;charset=utf-8");
        }
        reply.set("ETag", etag);
        reply.route = root ? "/odata/v4/" : "/odata/v4/$metadata";
        return reply;
    }
    const Segment set = parse_segment(path[2]);
    const Dataset* dataset = version->dataset(set.name);
    if (!dataset || !call.may_read(*dataset)) return unknown(call);
    if (set.bad)
        return odata_error(request, 400, "BadKey", "the key must be one text in single quotes, such as ('a')",
                           "row_key");
    return serve_set(call, version, *dataset, set);
}

}  // namespace sendhub::serve
