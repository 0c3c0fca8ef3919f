// /api/v1/review and /api/v1/person: the review queue and the page of one child, through the daemon's door to
// the store. Deny by default: only for keys with the roles `review` and `person`; sealed records only with
// `sealed` as well. The form of what is sent and answered is in docs/review.md.
//
// Nothing personal stands in an address: a search and every decision are bodies, and a reason is a header.
#include <simdjson.h>

#include <algorithm>
#include <charconv>

#include "base/json_writer.hpp"
#include "base/log.hpp"
#include "hub/review/json.hpp"
#include "hub/review/people_desk.hpp"
#include "hub/serve/site.hpp"

namespace sendhub::serve {
namespace {

using simdjson::dom::element;

Reply json_reply(std::string text) {
    Reply reply;
    reply.text = std::move(text);
    reply.set("Content-Type", "application/json;charset=utf-8");
    return reply;
}

Reply refused(const Call& call, const Error& error) {
    if (error.code == ErrorCode::busy) {
        Reply reply = json_error(call.request, 503, "Busy",
                                 "a night is running and holds the store; try again in a few minutes");
        reply.set("Retry-After", "120");
        return reply;
    }
    switch (error.code) {
        case ErrorCode::usage:
            return json_error(call.request, 400, "BadRequest", error.sentence);
        case ErrorCode::denied:
            return json_error(call.request, 403, "Forbidden", error.sentence);
        case ErrorCode::not_found:
            return json_error(call.request, 404, "NotFound", error.sentence);
        case ErrorCode::input:
        case ErrorCode::needs_person:
            return json_error(call.request, 409, "Conflict", error.sentence);
        default:
            break;
    }
    // What else went wrong may name paths and internals: for the log.
    log::error("http.review", error, {{"request_id", call.request.id}});
    return json_error(call.request, status_of(error), "StoreUnavailable",
                      "the store could not answer; the log says more under this request id");
}

template <class T>
Reply answer(const Call& call, const Result<T>& result) {
    return result ? json_reply(review::to_json(*result)) : refused(call, result.error());
}

Reply not_found(const Call& call) {
    return json_error(call.request, 404, "NotFound", "there is nothing at this address");
}
Reply wrong_method(const Call& call, std::string_view allow) {
    Reply reply =
        json_error(call.request, 405, "MethodNotAllowed", "this address takes " + std::string(allow));
    reply.set("Allow", std::string(allow));
    return reply;
}

std::optional<std::int64_t> number_in(std::string_view text) {
    std::int64_t value = 0;
    const auto [at, wrong] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (wrong != std::errc{} || at != text.data() + text.size() || value < 1) return std::nullopt;
    return value;
}

// The fields of a JSON body, all text, each one known.
class Fields {
  public:
    static Result<Fields> read(const Request& request, std::span<const std::string_view> known) {
        // Also keeps a page of another site from sending one: a form cannot have this type.
        if (!request.header("content-type").starts_with("application/json"))
            return fail(ErrorCode::usage, "the body must be JSON, with Content-Type: application/json");
        Fields out;
        if (request.body.empty()) return out;
        simdjson::dom::parser parser;
        const simdjson::padded_string padded(request.body);
        simdjson::dom::object object;
        if (parser.parse(padded).get(object)) return fail(ErrorCode::usage, "the body is not a JSON object");
        for (const auto [key, value] : object) {
            std::string_view text;
            // The name is not repeated: it could be anything.
            if (std::ranges::find(known, key) == known.end())
                return fail(ErrorCode::usage,
                            "the body has a field that is not known here; known are: " + joined(known));
            if (value.get(text))
                return fail(ErrorCode::usage, "the field " + std::string(key) + " must be text");
            out.values_.emplace_back(key, text);
        }
        return out;
    }
    [[nodiscard]] std::string operator[](std::string_view name) const {
        for (const auto& [key, value] : values_)
            if (key == name) return value;
        return {};
    }

  private:
    static std::string joined(std::span<const std::string_view> names) {
        std::string out;
        for (const std::string_view name : names) out.append(out.empty() ? "" : ", ").append(name);
        return out;
    }
    std::vector<std::pair<std::string, std::string>> values_;
};

Result<review::Word> word_of(const Fields& fields) {
    const auto word = review::parse_word(fields["word"]);
    if (!word)
        return fail(ErrorCode::usage, "word must be one of same, different, not_sure, split, twins, seal");
    return *word;
}

Result<std::optional<Days>> until_in(const Fields& fields) {
    const std::string text = fields["until"];
    if (text.empty()) return std::optional<Days>();
    const std::optional<Days> day = parse_iso_date(text);
    if (!day) return fail(ErrorCode::usage, "until must be a date such as 2027-01-31");
    return day;
}

Result<review::Outcome> decide(review::PeopleDesk& desk, const review::Officer& who, const Call& call) {
    static constexpr std::string_view known[] = {"word", "reason", "record", "until"};
    SENDHUB_ASSIGN(const Fields fields, Fields::read(call.request, known));
    review::Opinion opinion;
    opinion.case_id = call.url.path[3];
    SENDHUB_ASSIGN(opinion.word, word_of(fields));
    opinion.reason = fields["reason"];
    SENDHUB_ASSIGN(opinion.until, until_in(fields));
    if (const std::string record = fields["record"]; !record.empty()) {
        opinion.record = review::parse_record_key(record);
        if (!opinion.record) return fail(ErrorCode::usage, "record must be FEED:REF, as the case lists it");
    }
    return desk.decide(who, opinion);
}

Result<review::Outcome> seal_people(review::PeopleDesk& desk, const review::Officer& who, const Call& call) {
    static constexpr std::string_view known[] = {"person_a", "person_b", "reason", "until"};
    SENDHUB_ASSIGN(const Fields fields, Fields::read(call.request, known));
    SENDHUB_ASSIGN(const auto until, until_in(fields));
    return desk.seal_people(who, fields["person_a"], fields["person_b"], fields["reason"], until);
}

Result<review::Outcome> give_opinion(review::PeopleDesk& desk, const review::Officer& who, const Call& call) {
    static constexpr std::string_view known[] = {"word"};
    SENDHUB_ASSIGN(const Fields fields, Fields::read(call.request, known));
    SENDHUB_ASSIGN(const review::Word word, word_of(fields));
    return desk.give_opinion(who, call.url.path[3], word);
}

Result<review::Outcome> act_on(review::PeopleDesk& desk, const review::Officer& who, const Call& call,
                               std::int64_t decision, std::string_view act) {
    static constexpr std::string_view known[] = {"reason", "until"};
    SENDHUB_ASSIGN(const Fields fields,
                   Fields::read(call.request, std::span(known).first(act == "extend" ? 2 : 1)));
    if (act == "extend") {
        SENDHUB_ASSIGN(const auto until, until_in(fields));
        return desk.extend(who, decision, fields["reason"], until);
    }
    if (act == "approve") return desk.approve(who, decision);
    if (act == "refuse") return desk.refuse(who, decision);
    return desk.undo(who, decision, fields["reason"]);
}

Reply judge_model(review::PeopleDesk& desk, const review::Officer& who, const Call& call) {
    const auto read = Fields::read(call.request, {});
    if (!read) return refused(call, read.error());
    const Status done = desk.judge_model(who, call.url.path[4], call.url.path[5] == "approve");
    return done ? answer(call, desk.models(who)) : refused(call, done.error());
}

Reply ids(const Call& call, const Result<std::vector<std::string>>& found) {
    if (!found) return refused(call, found.error());
    JsonWriter json;
    json.begin_object().key("cases").begin_array();
    for (const std::string& id : *found) json.value(id);
    return json_reply(json.end_array().end_object().take());
}

Result<review::Hits> find(review::PeopleDesk& desk, review::Officer who, const Call& call) {
    static constexpr std::string_view known[] = {"upn",      "nhs_number", "uln",      "surname",
                                                 "forename", "born",       "postcode", "reason"};
    SENDHUB_ASSIGN(const Fields fields, Fields::read(call.request, known));
    review::Query query{fields["upn"],
                        fields["nhs_number"],
                        fields["uln"],
                        fields["surname"],
                        fields["forename"],
                        fields["postcode"],
                        {}};
    if (const std::string born = fields["born"]; !born.empty()) {
        query.born = parse_iso_date(born);
        if (!query.born) return fail(ErrorCode::usage, "born must be a date such as 2012-04-03");
    }
    who.reason = fields["reason"];
    return desk.find(who, query);
}

Reply with_route(Reply reply, const char* route) {
    reply.route = route;
    return reply;
}

// [api][v1][review][CASE][decision] and the like.
Reply review_routes(const Call& call, review::PeopleDesk& desk, const review::Officer& who) {
    const auto& path = call.url.path;
    const bool reads = call.request.method == "GET" || call.request.is_head();
    const bool posts = call.request.method == "POST";
    if (path.size() == 3) {
        if (!reads) return with_route(wrong_method(call, "GET, HEAD"), "/api/v1/review");
        const std::string* page = call.url.option("page");
        const auto number = page ? number_in(*page) : std::optional<std::int64_t>(1);
        if (!number || *number > 100'000)
            return with_route(json_error(call.request, 400, "BadRequest", "page must be a number from 1"),
                              "/api/v1/review");
        return with_route(answer(call, desk.cases(who, static_cast<int>(*number))), "/api/v1/review");
    }
    const std::string& what = path[3];
    if (what == "decisions") {
        if (path.size() == 4) {
            if (!reads) return with_route(wrong_method(call, "GET, HEAD"), "/api/v1/review/decisions");
            const std::string* waiting = call.url.option("waiting");
            const auto which = waiting && *waiting == "true" ? review::Which::waiting : review::Which::all;
            return with_route(answer(call, desk.decisions(who, which)), "/api/v1/review/decisions");
        }
        const auto number = path.size() == 6 ? number_in(path[4]) : std::nullopt;
        if (!number ||
            (path[5] != "approve" && path[5] != "refuse" && path[5] != "undo" && path[5] != "extend"))
            return with_route(not_found(call), "/api/v1/review");
        if (!posts) return with_route(wrong_method(call, "POST"), "/api/v1/review/decisions/{id}/{act}");
        return with_route(answer(call, act_on(desk, who, call, *number, path[5])),
                          "/api/v1/review/decisions/{id}/{act}");
    }
    if (what == "seal" &&
        path.size() == 4)  // counted with the other decisions, so that no metric tells of it
        return with_route(posts ? answer(call, seal_people(desk, who, call)) : wrong_method(call, "POST"),
                          "/api/v1/review/{case}/decision");
    if (what == "tasks" && path.size() == 4)  // counted with the queue: the bytes sent tell of no task
        return with_route(reads ? answer(call, desk.tasks(who)) : wrong_method(call, "GET, HEAD"),
                          "/api/v1/review");
    if (what == "quality" && path.size() == 4)
        return with_route(reads ? answer(call, desk.quality(who)) : wrong_method(call, "GET, HEAD"),
                          "/api/v1/review/quality");
    if ((what == "second" || what == "sample") && path.size() == 4)
        return with_route(reads ? ids(call, what == "second" ? desk.second_looks(who) : desk.sample(who))
                                : wrong_method(call, "GET, HEAD"),
                          what == "second" ? "/api/v1/review/second" : "/api/v1/review/sample");
    if (what == "models" && path.size() == 6 && (path[5] == "approve" || path[5] == "refuse"))
        return with_route(posts ? judge_model(desk, who, call) : wrong_method(call, "POST"),
                          "/api/v1/review/models/{version}/{act}");
    if (what == "models" && path.size() == 4)
        return with_route(reads ? answer(call, desk.models(who)) : wrong_method(call, "GET, HEAD"),
                          "/api/v1/review/models");
    if (path.size() == 4) {
        if (!reads) return with_route(wrong_method(call, "GET, HEAD"), "/api/v1/review/{case}");
        const std::string* blind = call.url.option("blind");
        return with_route(answer(call, desk.one_case(who, what, blind && *blind == "true")),
                          "/api/v1/review/{case}");
    }
    if (path.size() == 5 && (path[4] == "decision" || path[4] == "opinion")) {
        const char* route =
            path[4] == "decision" ? "/api/v1/review/{case}/decision" : "/api/v1/review/{case}/opinion";
        if (!posts) return with_route(wrong_method(call, "POST"), route);
        return with_route(
            answer(call, path[4] == "decision" ? decide(desk, who, call) : give_opinion(desk, who, call)),
            route);
    }
    return with_route(not_found(call), "/api/v1/review");
}

}  // namespace

Reply serve_people(const Call& call) {
    const auto& path = call.url.path;
    const bool review = path[2] == "review";
    const char* const area = review ? "/api/v1/review" : "/api/v1/person";
    if (!govern::has_right(call.caller, review ? govern::Right::review_cases : govern::Right::read_people))
        return with_route(
            json_error(call.request, 403, "Forbidden",
                       std::string("this needs a key with the role ") + (review ? "review" : "person")),
            area);
    if (!call.site.settings.store_door)
        return with_route(json_error(call.request, 404, "NotHere",
                                     "this server only reads publications; ask the hub that runs the nights"),
                          area);
    review::PeopleDesk desk(call.site.settings.store_door, call.site.audit);
    review::Officer who{
        "key:" + call.caller.id,
        {"key:" + call.caller.id, govern::has_right(call.caller, govern::Right::sealed_records)},
        "",
        call.request.id};
    if (review) return review_routes(call, desk, who);

    const bool reads = call.request.method == "GET" || call.request.is_head();
    if (path.size() != 4) return with_route(not_found(call), area);
    if (path[3] == "find") {
        if (call.request.method != "POST")
            return with_route(wrong_method(call, "POST"), "/api/v1/person/find");
        return with_route(answer(call, find(desk, who, call)), "/api/v1/person/find");
    }
    if (!reads) return with_route(wrong_method(call, "GET, HEAD"), "/api/v1/person/{id}");
    who.reason = call.request.header("x-access-reason");
    if (who.reason.empty())
        return with_route(
            json_error(call.request, 400, "ReasonRequired",
                       "say why in the header X-Access-Reason, without the child's name: it goes into "
                       "the audit log"),
            "/api/v1/person/{id}");
    return with_route(answer(call, desk.person(who, path[3])), "/api/v1/person/{id}");
}

}  // namespace sendhub::serve
